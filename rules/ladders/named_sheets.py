"""A ladder with a sheet for each level or for each competency, as one table with a row for each of both."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

from rules.ladders.grid import Grid, Text, joined
from rules.ladders.headings import keys, means, role_of
from rules.ladders.level_names import are_professions, without_version
from rules.ladders.level_tables import is_another_table
from rules.ladders.table import Table, heading_above
from rules.ladders.tables_around import without_other_tables
from rules.pack import PackError
from rules.spelling import name_key

_SAID = ("required", "text", "definition")
_KEPT = ("competency", "level", "category", "required", "text", "weight", "importance", "definition")
_ABOVE = ("years", "total", "aliases")


@dataclass(frozen=True)
class _Sheet:
    """A sheet that is named after a level and has a row for each competency, or the other way round."""

    grid: Grid
    head: int
    roles: Mapping[str, int]
    """By role its column; that of the names of the rows comes first."""

    @property
    def of_rows(self) -> str:
        """What its rows are called after: `competency` or `level`."""
        return next(iter(self.roles))

    def cell(self, row: int, role: str) -> Text:
        """What a row has in a column; where there is none, nothing, at the name of the row."""
        name = self.grid.at(row, self.roles[self.of_rows])
        return self.grid.at(row, self.roles[role]) if role in self.roles else replace(name, text="")

    @property
    def rows(self) -> list[int]:
        """The rows below the headings that hold something."""
        return [row for row in range(self.head + 1, len(self.grid.rows)) if self.grid.texts_in(row)]

    @property
    def names(self) -> list[str]:
        """The keys of the rows' names; a competency that stands alone may be an area."""
        least = 1 if self.of_rows == "level" else 2
        rows = (row for row in self.rows if len(self.grid.texts_in(row)) >= least)
        named = dict.fromkeys(name_key(self.cell(row, self.of_rows).text) for row in rows)
        return [name for name in named if name]

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
        what rows are called after."""
        table = Table(self.grid, self.head, {column: role for role, column in self.roles.items()}, {})
        area = heading_above(table) or ""
        said = [column for role, column in self.roles.items() if role in _SAID]
        for row in self.rows:
            texts, is_heading = self.grid.said_in(row), self.grid.rows[row] == self.grid.rows[self.head]
            goes_on = any(self.grid.rows[row][column] for column in said)
            if len(texts) == 1 and not goes_on and name_key(texts[0]) not in known:
                area = texts[0] if "category" not in self.roles else ""
            elif not is_heading and not means("summary", self.cell(row, self.of_rows).text):
                yield row, area


def table_of_named_sheets(grids: Sequence[Grid]) -> Grid | None:
    """The sheets of a file as one table, where each is named after a level and lists what it requires, or
    after a competency and lists the levels.

    None where they have other headings than each other or a table beside them, where the levels require
    different things, as professions do, and where the competencies have different levels.
    """
    return _table(grids, "competency") or _table(grids, "level")


def _table(grids: Sequence[Grid], of_rows: str) -> Grid | None:
    of_sheets = "level" if of_rows == "competency" else "competency"
    sheets = [sheet for grid in grids if grid.sheet and (sheet := _sheet(grid, of_rows))]
    beside = [grid for grid in grids if grid not in [sheet.grid for sheet in sheets]]
    if len(sheets) < 2 or any(map(is_another_table, beside)):
        return None
    if any(sheet.roles.keys() != sheets[0].roles.keys() for sheet in sheets):
        return None
    titles = [str(sheet.grid.sheet) for sheet in sheets]
    for title, other in combinations(titles, 2):
        if without_version(title) and without_version(title) == without_version(other):
            raise PackError(
                f"{sheets[0].grid.file}: the sheets {title} and {other} are called as versions of one "
                f"{of_sheets} are; hide the one that does not hold, or take it out"
            )
    if of_rows == "level":
        if any(sheet.names != sheets[0].names for sheet in sheets) or are_professions(titles):
            return None
        note = f"The sheets {', '.join(titles)} are read as competencies, with a row for each level."
        found = _joined(sheets, beside, of_sheets)
        return replace(found, remarks=(note, *found.remarks))
    for sheet in sheets:
        elsewhere = {name for other in sheets if other is not sheet for name in other.names}
        if 2 * len(elsewhere.intersection(sheet.names)) < len(sheet.names):
            return None
    return _joined(sheets, beside, of_sheets)


def _sheet(grid: Grid, of_rows: str) -> _Sheet | None:
    """A sheet whose headings name the rows and what is said of each."""
    for row in range(len(grid.rows)):
        texts = grid.texts_in(row)
        is_text = {one.text: of_rows == "level" and name_key(one.text) in keys("text") for one in texts}
        roles = {"text" if is_text[one.text] else role_of(one.text): one.column for one in reversed(texts)}
        if len(texts) < 2 or of_rows not in roles:
            continue
        found = {role: roles[role] for role in (of_rows, *_KEPT) if role in roles}
        if of_rows == "competency":
            # `Level` beside competencies, or one heading that is nothing else, is the level that they need.
            open_ones = [one.column for one in texts if role_of(one.text) in (None, "level")]
            if len(open_ones) > 1 or (open_ones and "required" in roles):
                return None
            found.pop("level", None)
            if open_ones:
                found["required"] = open_ones[0]
        elif len(found) < len(texts) or "competency" in found:
            return None
        if not {"required", "text"} & {*found} and "definition" in found:
            found["text"] = found.pop("definition")
        sheet = _Sheet(without_other_tables(grid, row), row, found)
        return sheet if {*_SAID} & {*found} and (of_rows == "competency" or len(sheet.names) > 1) else None
    return None


def _joined(sheets: Sequence[_Sheet], beside: Sequence[Grid], of_sheets: str) -> Grid:
    of_rows, known = sheets[0].of_rows, {name for sheet in sheets for name in sheet.names}
    kept = dict.fromkeys((*sheets[0].roles, "category"))
    above = [role for role in _ABOVE if any(role in sheet.above for sheet in sheets)]
    called = {role: sheet.above[role][0] for sheet in sheets for role in above if role in sheet.above}
    headings = [of_sheets, *((called | {"aliases": "also called"})[role] for role in above), *kept]
    first = sheets[-1].grid.at(sheets[-1].head, 0)
    rows = [[replace(first, text=heading) for heading in headings]]
    for sheet in sheets:
        more = [sheet.above.get(role, ("", ""))[1] for role in above]
        name = sheet.cell(sheet.head, of_rows)
        for row, area in sheet.rows_with_areas(known):
            # A row that names nothing goes on with the one above.
            said = {role: sheet.cell(row, role) for role in kept}
            name = said[of_rows] if said[of_rows].text else name
            category = said["category"].text or area
            said |= {of_rows: name, "category": replace(said["category"], text=category)}
            rows.append(
                [*(replace(name, text=text) for text in (str(sheet.grid.sheet), *more)), *said.values()]
            )
    lines = [row for sheet in sheets for row in sheet.grid.rows[: sheet.head]]
    return joined([sheet.grid for sheet in sheets], rows, lines, beside)
