"""What people see of an assessment: workbook, pages and data files."""

from reports.run import Stopwatch, Wanted, about_run, write_run
from reports.summary import Summary, summarise

__all__ = ["Stopwatch", "Summary", "Wanted", "about_run", "summarise", "write_run"]
