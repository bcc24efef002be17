"""Where people's rows stand on the Calibration sheet, which is in the order of the session."""

from openpyxl.worksheet.worksheet import Worksheet

from reports.workbook.layout import CALIBRATION_COLUMNS, SESSION_CELLS

COLUMNS = {column.key: index for index, column in enumerate(CALIBRATION_COLUMNS, start=1)}
FIRST = 6
SESSION = {cell.key: cell.place for cell in SESSION_CELLS}
"""The cells that count for all rows, by key."""


def row_of(sheet: Worksheet, place: int) -> int:
    """The row of the recommendation at a place of the run, from 0 on, whose ids are in alphabetical order;
    below the last of them, where it would be."""
    rows = [row for row in range(FIRST, sheet.max_row + 1) if sheet.cell(row, COLUMNS["number"]).value]
    ordered = sorted(rows, key=lambda row: (str(sheet.cell(row, COLUMNS["mark"]).value).split()[0], row))
    return ordered[place] if place < len(ordered) else FIRST + place
