"""Writes an awkward file and says what reading it gave."""

from decimal import Decimal
from pathlib import Path
from typing import Any

from openpyxl import Workbook

from inputs import UNITS_PER_POINT, InputError, Roster
from inputs.loading import load_roster
from inputs.mapping import FileMapping
from tests.inputs_vocabulary import DAY, VOCABULARY
from tests.made_files import write_workbook

LACKING = ("missing_column", "no_comments")
"""What nearly every small file lacks; `test_inputs_gaps` looks at these."""


def write_case(case: dict[str, Any], folder: Path) -> Path:
    for kind in ("csv", "tsv"):
        if kind in case:
            path = folder / f"export.{kind}"
            path.write_bytes(case[kind].encode(case.get("encoding", "utf-8")))
            return path

    def merge_and_hide(book: Workbook) -> None:
        for name in case["sheets"]:
            sheet = book[name]
            for place in case.get("merge", {}).get(name, ()):
                sheet.merge_cells(place)
            for row in case.get("hide_rows", {}).get(name, ()):
                sheet.row_dimensions[row].hidden = True
            for column in case.get("hide_columns", {}).get(name, ()):
                sheet.column_dimensions[column].hidden = True
            if name in case.get("hide", ()):
                sheet.sheet_state = "hidden"
        book.active = next(at for at, sheet in enumerate(book.worksheets) if sheet.sheet_state == "visible")

    return write_workbook(folder / "export.xlsx", case["sheets"], merge_and_hide)


def outcome(case: dict[str, Any], folder: Path) -> dict[str, Any]:
    mapping = FileMapping.model_validate(case["mapping"]) if "mapping" in case else None
    try:
        roster = load_roster([write_case(case, folder)], VOCABULARY, DAY, mapping)
    except InputError as error:
        return {"stops": str(error).partition("\n`readiness inspect")[0]}
    ids = roster.people["employee_id"].to_list()
    said: dict[str, Any] = {"people": dict(zip(ids, roster.people["level"].to_list(), strict=True))}
    said["ratings"] = {
        f"{ids[at]} {column}": _points(roster.ratings[column][at]) + _cell(roster, at, column)
        for column in roster.ratings.columns
        for at in range(len(ids))
        if roster.ratings[column][at] is not None
    }
    for name in ("employee_name", "target_level", "manager_id", "manager_name", "department", "hire_date"):
        known = {
            key: str(value) for key, value in zip(ids, roster.people[name], strict=True) if value is not None
        }
        if known:
            said[name] = known
    comments = {
        f"{ids[at]} {column} from {roster.cell(at, column)}": value
        for column in roster.comments.columns
        for at, value in enumerate(roster.comments[column])
        if value is not None
    }
    if comments:
        said["comments"] = comments
    if roster.not_assessable.height:
        said["out"] = [
            f"{row} {kind}" for row, kind in roster.not_assessable.select("row", "kind").iter_rows()
        ]
    issues = [issue for issue in roster.issues if issue.kind not in LACKING]
    if issues:
        said["issues"] = [f"{issue.severity} {issue.kind} {issue.cell or ''}".strip() for issue in issues]
    assert roster.people_in_file == roster.people.height + roster.not_assessable.height
    return said


def _points(units: int) -> str:
    points = Decimal(units) / UNITS_PER_POINT
    return format(points.quantize(Decimal("0.0001")).normalize(), "f")


def _cell(roster: Roster, at: int, column: str) -> str:
    return f" from {roster.cell(at, column)}"
