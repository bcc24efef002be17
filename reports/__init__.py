"""What people see of an assessment: workbook, pages and data files."""

from reports.run.writing import Stopwatch, Wanted, about_run, write_run
from reports.shown.content import Summary, summarise

__all__ = ["Stopwatch", "Summary", "Wanted", "about_run", "summarise", "write_run"]
