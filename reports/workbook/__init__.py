"""The calibration workbook: a run goes in, an Excel file that a session works in comes out."""

from reports.workbook.issues import Marking, issues_workbook, mark_issues
from reports.workbook.reading import is_calibration_workbook, read_workbook
from reports.workbook.topics import Turn, turns_of
from reports.workbook.writing import write_workbook

__all__ = [
    "Marking",
    "Turn",
    "is_calibration_workbook",
    "issues_workbook",
    "mark_issues",
    "read_workbook",
    "turns_of",
    "write_workbook",
]
