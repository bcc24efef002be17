"""Pages that people read in a browser: made from a summary, whole in one file, with nothing fetched."""

from reports.pages.rendering import stylesheet
from reports.pages.report import write_report

__all__ = ["stylesheet", "write_report"]
