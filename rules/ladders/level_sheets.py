"""A ladder with a sheet for each level, as one table with a row for each level and competency."""

from collections.abc import Sequence
from dataclasses import dataclass

from rules.ladders.grid import Grid, remarks_of
from rules.ladders.headings import means, role_of
from rules.ladders.level_lists import level_list
from rules.ladders.level_times import times_of
from rules.ladders.table import Table, heading_above
from rules.spelling import name_key

_KEPT = ("competency", "category", "required", "text", "weight", "importance", "definition")
_ABOVE = ("years", "total", "aliases")


@dataclass(frozen=True)
class _LevelSheet:
    """What one level requires."""

    grid: Grid
    head: int
    roles: dict[str, int]
    """By role its column."""

    @property
    def title(self) -> str:
        return str(self.grid.sheet)

    @property
    def rows(self) -> list[int]:
        """The rows below the headings that hold something."""
        return [row for row in range(self.head + 1, len(self.grid.rows)) if self.grid.texts_in(row)]

    def text(self, row: int, role: str) -> str:
        column = self.roles.get(role)
        return "" if column is None else self.grid.rows[row][column]

    @property
    def competencies(self) -> set[str]:
        """The keys of what stands beside something else."""
        rows = (row for row in self.rows if len(self.grid.texts_in(row)) > 1)
        return {name_key(self.text(row, "competency")) for row in rows} - {""}

    @property
    def above(self) -> dict[str, tuple[str, str]]:
        """What lines above the headings say of the level, such as its minimum years: heading and text."""
        found: dict[str, tuple[str, str]] = {}
        for row in range(self.head):
            heading, _, text = ": ".join(one.text.strip(" :") for one in self.grid.texts_in(row)).partition(
                ": "
            )
            role = role_of(heading)
            role = "aliases" if role == "level" else role
            if role in _ABOVE and text:
                before = found.get(role, (heading, ""))[1] if role == "aliases" else ""
                found[role] = heading, "; ".join(one for one in (before, text) if one)
        return found

    @property
    def area_above(self) -> str:
        """The area that stands above the headings."""
        table = Table(self.grid, self.head, {column: role for role, column in self.roles.items()}, {})
        return heading_above(table) or ""


def table_of_levels(grids: Sequence[Grid]) -> Grid | None:
    """The sheets of a file as one table, where each is named after a level and lists what it requires.

    None where they have other headings than each other or a table beside them, or require different things:
    they may be professions instead.
    """
    sheets = [sheet for grid in grids if grid.sheet and (sheet := _level_sheet(grid))]
    beside = [grid for grid in grids if grid not in [sheet.grid for sheet in sheets]]
    lists = [grid for grid in beside if times_of(grid) or level_list(grid)]
    if len(sheets) < 2 or any(_is_table(grid) and grid not in lists for grid in beside):
        return None
    if any(sheet.roles.keys() != sheets[0].roles.keys() for sheet in sheets):
        return None
    for sheet in sheets:
        elsewhere = set().union(*(other.competencies for other in sheets if other is not sheet))
        if 2 * len(sheet.competencies & elsewhere) < len(sheet.competencies):
            return None
    return _joined(sheets, beside)


def _is_table(grid: Grid) -> bool:
    return sum(len(grid.texts_in(row)) > 2 for row in range(len(grid.rows))) > 2


def _level_sheet(grid: Grid) -> _LevelSheet | None:
    for row in range(len(grid.rows)):
        texts = grid.texts_in(row)
        roles = {role_of(one.text): one.column for one in reversed(texts)}
        if len(texts) < 2 or "competency" not in roles:
            continue
        # `Level` beside competencies, or one heading that is nothing else, is the level that they need.
        open_ones = [one.column for one in texts if role_of(one.text) in (None, "level")]
        if len(open_ones) > 1 or (open_ones and "required" in roles):
            return None
        kept: dict[str, int] = {role: roles[role] for role in _KEPT if role in roles}
        if open_ones:
            kept["required"] = open_ones[0]
        return _LevelSheet(grid, row, kept) if {"required", "text", "definition"} & kept.keys() else None
    return None


def _joined(sheets: Sequence[_LevelSheet], beside: Sequence[Grid]) -> Grid:
    known = set().union(*(sheet.competencies for sheet in sheets))
    kept = [role for role in _KEPT if role in sheets[0].roles or role == "category"]
    if "required" not in kept and "text" not in kept:
        kept = ["text" if role == "definition" else role for role in kept]
    above = [role for role in _ABOVE if any(role in sheet.above for sheet in sheets)]
    called = {role: sheet.above[role][0] for sheet in sheets for role in above if role in sheet.above}
    called["aliases"] = "also called"
    rows = [["level", *(called[role] for role in above), *kept]]
    cells: dict[tuple[int, int], str] = {}
    for sheet in sheets:
        heading, grid = sheet.area_above, sheet.grid
        cells |= {(0, column): f"{sheet.title}!{grid.cell(sheet.head, 0)}" for column in range(len(rows[0]))}
        for row in sheet.rows:
            title, texts = sheet.text(row, "competency"), grid.texts_in(row)
            if len(texts) == 1 and name_key(texts[0].text) not in known:
                heading = texts[0].text if "category" not in sheet.roles else ""
                continue
            if means("summary", title) or grid.rows[row] == grid.rows[sheet.head]:
                continue
            said = {role: sheet.text(row, role) for role in _KEPT} | {"text": sheet.text(row, _prose(sheet))}
            said["category"] = said["category"] or heading
            more = [sheet.above.get(role, ("", ""))[1] for role in above]
            for column, role in enumerate(["competency", *above, *kept]):
                at = sheet.roles.get(_prose(sheet) if role == "text" else role, sheet.roles["competency"])
                cells[len(rows), column] = f"{sheet.title}!{grid.cell(row, at)}"
            rows.append([sheet.title, *more, *(said[role] for role in kept)])
    lines = [row for sheet in sheets for row in sheet.grid.rows[: sheet.head]]
    return Grid(
        sheets[0].grid.file,
        ", ".join(sheet.title for sheet in sheets),
        rows,
        beside=[*lines, *(row for grid in beside for row in grid.rows)],
        others=beside,
        cells=cells,
        uncalculated=[f"{sheet.title}!{cell}" for sheet in sheets for cell in sheet.grid.uncalculated],
        remarks=remarks_of([sheet.grid for sheet in sheets]),
    )


def _prose(sheet: _LevelSheet) -> str:
    return "text" if "text" in sheet.roles or "required" in sheet.roles else "definition"
