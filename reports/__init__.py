"""What people see of an assessment: workbook, pages and data files."""

from reports.run.writing import Stopwatch, Wanted, about_run, write_run
from reports.shown.content import Run, run_of

__all__ = ["Run", "Stopwatch", "Wanted", "about_run", "run_of", "write_run"]
