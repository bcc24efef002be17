"""One command for each job, on every system: `python make.py demo`; `make demo` is the same.

Each sets up what it needs by itself, in the folder `.venv`, and is quick the second time. It uses nothing but
Python's standard library.
"""

import sys

if __name__ == "__main__":
    if sys.version_info < (3, 11):  # noqa: UP036
        sys.exit("Python 3.11 or newer is needed; this is %d.%d." % sys.version_info[:2])  # noqa: UP031
    from building.jobs import main

    main(sys.argv[1:])
