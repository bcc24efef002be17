"""A ladder with a sheet for each level, as one table with a row for each level and competency."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace

from rules.ladders.grid import Grid, Text, joined
from rules.ladders.headings import means, role_of
from rules.ladders.level_lists import is_another_table
from rules.ladders.table import Table, heading_above
from rules.spelling import name_key

_KEPT = ("competency", "category", "required", "text", "weight", "importance", "definition")
_SAID = ("required", "text", "definition")
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

    def cell(self, row: int, role: str) -> Text:
        """What a row has in a column; where there is none, nothing, at the competency."""
        described = role == "text" and not {"text", "required"} & self.roles.keys()
        column = self.roles.get("definition" if described else role)
        name = self.grid.at(row, self.roles["competency"])
        return replace(name, text="") if column is None else self.grid.at(row, column)

    @property
    def competencies(self) -> set[str]:
        """The keys of what stands beside something else."""
        rows = (row for row in self.rows if len(self.grid.texts_in(row)) > 1)
        return {name_key(self.cell(row, "competency").text) for row in rows} - {""}

    @property
    def above(self) -> dict[str, tuple[str, str]]:
        """What lines above the headings say of the level, such as its minimum years: heading and text."""
        found: dict[str, tuple[str, str]] = {}
        for row in range(self.head):
            line = ": ".join(text.strip(" :") for text in self.grid.said_in(row))
            heading, _, text = line.partition(": ")
            role = role_of(heading)
            role = "aliases" if role == "level" else role
            if role in _ABOVE and text:
                before = found.get(role, (heading, ""))[1] if role == "aliases" else ""
                found[role] = heading, "; ".join(one for one in (before, text) if one)
        return found

    def rows_with_areas(self, known: Collection[str]) -> Iterator[tuple[int, str]]:
        """The rows that are no headings and no sums, with the area that stands above; `known` are the keys of
        competencies."""
        table = Table(self.grid, self.head, {column: role for role, column in self.roles.items()}, {})
        area = heading_above(table) or ""
        said = [column for role, column in self.roles.items() if role in _SAID]
        for row in self.rows:
            texts, is_heading = self.grid.said_in(row), self.grid.rows[row] == self.grid.rows[self.head]
            goes_on = any(self.grid.rows[row][column] for column in said)
            if len(texts) == 1 and not goes_on and name_key(texts[0]) not in known:
                area = texts[0] if "category" not in self.roles else ""
            elif not is_heading and not means("summary", self.cell(row, "competency").text):
                yield row, area


def table_of_levels(grids: Sequence[Grid]) -> Grid | None:
    """The sheets of a file as one table, where each is named after a level and lists what it requires.

    None where they have other headings than each other or a table beside them, or require different things:
    they may be professions instead.
    """
    sheets = [sheet for grid in grids if grid.sheet and (sheet := _level_sheet(grid))]
    beside = [grid for grid in grids if grid not in [sheet.grid for sheet in sheets]]
    if len(sheets) < 2 or any(map(is_another_table, beside)):
        return None
    if any(sheet.roles.keys() != sheets[0].roles.keys() for sheet in sheets):
        return None
    for sheet in sheets:
        elsewhere = set().union(*(other.competencies for other in sheets if other is not sheet))
        if 2 * len(sheet.competencies & elsewhere) < len(sheet.competencies):
            return None
    return _joined(sheets, beside)


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
    kept = [role for role in _KEPT if role in sheets[0].roles or role == "category"]
    if "required" not in kept and "text" not in kept:
        kept = ["text" if role == "definition" else role for role in kept]
    above = [role for role in _ABOVE if any(role in sheet.above for sheet in sheets)]
    called = {role: sheet.above[role][0] for sheet in sheets for role in above if role in sheet.above}
    headings = ["level", *((called | {"aliases": "also called"})[role] for role in above), *kept]
    first = sheets[-1].grid.at(sheets[-1].head, 0)
    rows = [[replace(first, text=heading) for heading in headings]]
    known = set().union(*(sheet.competencies for sheet in sheets))
    for sheet in sheets:
        more = [sheet.above.get(role, ("", ""))[1] for role in above]
        name = sheet.cell(sheet.head, "competency")
        for row, area in sheet.rows_with_areas(known):
            own, said = sheet.cell(row, "competency"), {role: sheet.cell(row, role) for role in kept}
            # A row that names no competency goes on with the one above.
            name = own if own.text else name
            said["competency"] = name
            said["category"] = replace(said["category"], text=said["category"].text or area)
            rows.append([*(replace(name, text=text) for text in (sheet.title, *more)), *said.values()])
    lines = [row for sheet in sheets for row in sheet.grid.rows[: sheet.head]]
    return joined([sheet.grid for sheet in sheets], rows, lines, beside)
