"""The calibration workbook: a summary goes in, an Excel file that a session works in comes out."""

from reports.workbook.writing import write_workbook

__all__ = ["write_workbook"]
