"""What the other processes of `test_calibration_together` do."""

from datetime import UTC, date, datetime
from pathlib import Path

from reports.calibration import apply_workbooks


def apply(folder: Path, workbook: Path) -> int:
    """Make the decisions of a workbook final; how many files were written."""
    now = datetime.now(UTC)
    return len(apply_workbooks(folder, [workbook], date(2026, 7, 2), now, final=True).written)


def apply_when_told(folder: Path, workbook: Path, told) -> None:
    """The same, once the parent says so; it may kill this process at any moment."""
    told.send("ready")
    told.recv()
    apply(folder, workbook)
    told.send("final")
