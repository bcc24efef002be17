"""A ladder with a sheet for each competency, as one table with a row for each level and competency."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from rules.ladders.grid import Grid, Text, joined
from rules.ladders.headings import keys, role_of
from rules.ladders.level_lists import is_another_table
from rules.ladders.level_names import are_professions
from rules.spelling import name_key

_SAID = ("required", "text", "definition")
_KEPT = (*_SAID, "weight", "importance", "category")


@dataclass(frozen=True)
class _CompetencySheet:
    """What the levels require of one competency."""

    grid: Grid
    head: int
    roles: dict[str, int]
    """By role its column."""

    @property
    def rows(self) -> list[list[Text]]:
        """The cells of each row, the level first: where a row names none, that of the row above."""
        found: list[list[Text]] = []
        for row in range(self.head + 1, len(self.grid.rows)):
            level, *said = (self.grid.at(row, column) for column in self.roles.values())
            if level.text:
                found.append([level, *said])
            elif found and any(one.text for one in said):
                found.append([found[-1][0], *said])
        return found

    @property
    def levels(self) -> list[str]:
        """The keys of the levels."""
        return [*dict.fromkeys(name_key(cells[0].text) for cells in self.rows)]


def table_of_competencies(grids: Sequence[Grid]) -> Grid | None:
    """The sheets of a file as one table, where each is named after a competency and has a row for each level.

    None where they have different levels or headings or a table beside them, or are called after professions.
    """
    sheets = [sheet for grid in grids if grid.sheet and (sheet := _competency_sheet(grid))]
    beside = [grid for grid in grids if grid not in [sheet.grid for sheet in sheets]]
    if len(sheets) < 2 or any(map(is_another_table, beside)):
        return None
    if any(
        sheet.roles.keys() != sheets[0].roles.keys() or sheet.levels != sheets[0].levels for sheet in sheets
    ):
        return None
    names = [str(sheet.grid.sheet) for sheet in sheets]
    if are_professions(names):
        return None
    roles = [*sheets[0].roles]
    if not {"required", "text"} & {*roles}:
        roles = ["text" if role == "definition" else role for role in roles]
    first = sheets[0].grid.at(sheets[0].head, 0)
    rows = [[replace(first, text=heading) for heading in ("competency", *roles)]]
    for sheet in sheets:
        rows += [[replace(cells[0], text=str(sheet.grid.sheet)), *cells] for cells in sheet.rows]
    lines = [row for sheet in sheets for row in sheet.grid.rows[: sheet.head]]
    found = joined([sheet.grid for sheet in sheets], rows, lines, beside)
    note = f"The sheets {', '.join(names)} are read as competencies, with a row for each level."
    return replace(found, remarks=(note, *found.remarks))


def _competency_sheet(grid: Grid) -> _CompetencySheet | None:
    """A sheet with a column of levels, one of what they require, and none of competencies."""
    for row in range(len(grid.rows)):
        texts = grid.texts_in(row)
        if len(texts) < 2:
            continue
        found = ["text" if name_key(one.text) in keys("text") else role_of(one.text) for one in texts]
        roles = {
            role: one.column for role, one in zip(found, texts, strict=True) if role in ("level", *_KEPT)
        }
        whole = len(roles) == len(found) and "level" in roles and {*_SAID} & {*roles}
        sheet = _CompetencySheet(grid, row, dict(sorted(roles.items(), key=lambda one: one[0] != "level")))
        return sheet if whole and len(sheet.levels) > 1 else None
    return None
