# One command for each job; `python make.py JOB` does the same where there is no make. See building/jobs.py.

PYTHON ?= python3
JOBS := demo setup test check format bench torture pictures schema pins wheels clean

.PHONY: help $(JOBS)
.NOTPARALLEL:

help:
	@$(PYTHON) make.py help

$(JOBS):
	@$(PYTHON) make.py $@
