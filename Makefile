# One command for each job; each sets up what it needs by itself and is quick the second time.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

# On Python 3.13 durable-rules builds only with this flag; without it the import fails.
FLAGS_313 := -DPyEval_CallObject=PyObject_CallObject

.PHONY: help demo test check format bench pictures schema clean

help:
	@echo "make demo    assess the shipped sample into demo/ (open demo/report.html and demo/calibration.xlsx)"
	@echo "make test    run the tests"
	@echo "make check   formatting, lint, types and import contracts"
	@echo "make format  let the formatter change the files"
	@echo "make bench   run the benchmarks"
	@echo "make pictures take the README's pictures anew"
	@echo "make schema  write the published JSON Schema anew"
	@echo "make clean   remove the virtual environment and everything that was made"

$(READY): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; ok = (3, 11) <= sys.version_info < (3, 14); \
	  sys.exit(0 if ok else "Python 3.11, 3.12 or 3.13 is needed, this is %d.%d; say which with: make PYTHON=python3.12" % sys.version_info[:2])'
	@echo "Setting up $(VENV) (once; about a minute)"
	@$(PYTHON) -m venv --clear $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --upgrade "pip>=25.1"
	@flags="$$CPPFLAGS"; cache=""; \
	  if $(BIN)/python -c 'import sys; sys.exit(sys.version_info < (3, 13))'; then \
	    flags="$$flags $(FLAGS_313)"; cache="--no-cache-dir"; fi; \
	  CPPFLAGS="$$flags" $(BIN)/python -m pip install --quiet --disable-pip-version-check $$cache \
	    --constraint constraints.txt durable-rules
	@$(BIN)/python -c 'import durable.engine'
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --group dev --editable .
	@touch $@

demo: $(READY)
	@$(BIN)/readiness demo --out demo

test: $(READY)
	@$(BIN)/python -m pytest -q -n auto --dist worksteal

check: $(READY)
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

format: $(READY)
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

bench: $(READY)
	@for file in benchmarks/*.py; do echo "== $$file"; $(BIN)/python "$$file" || exit 1; done

pictures: $(READY)
	@$(BIN)/python docs/take_pictures.py

schema: $(READY)
	@$(BIN)/python docs/write_schema.py

clean:
	rm -rf $(VENV) demo .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
