"""Which columns of a wide table speak of levels: those of its headings, and of headings that come back."""

from collections.abc import Iterator, Sequence

from rules.ladders.cells import number_in
from rules.ladders.grid import Text
from rules.ladders.headings import means, role_of
from rules.ladders.ladder import LadderLevel
from rules.ladders.level_names import are_names, bare_titles, is_version_or_language
from rules.ladders.matrix import Matrix, require_one_column
from rules.ladders.table import Table
from rules.pack import PackError
from rules.spelling import name_key


def columns_of_levels(matrix: Matrix) -> dict[int, str]:
    """The columns of a wide table that speak of levels, with the keys of these."""
    table = matrix.table
    _require_one_column_each(table)
    _require_one_scale(table)
    columns = {column: name_key(title) for column, (title, part) in table.parts.items() if part != "unread"}
    for column, (title, part) in table.parts.items():
        matrix.levels.setdefault(name_key(title), LadderLevel(title, table.heading(column).cell))
        if part == "unread":
            below = table.grid.at(table.head + 1, column)
            matrix.undecided.append(f"The column “{below.text}” ({below.cell}) is in no rule.")
    matrix.problems += _without_heading(table)
    texts = [] if table.parts else table.of_levels(table.head)
    titles = _bare(texts)
    for one, title in zip(texts, titles, strict=True):
        key, others = name_key(title), {name_key(other) for other in titles if other != title}
        said = {*map(name_key, table.said(one.column))}
        if number_in(title) is None and said and said <= others:
            # It names the level from which on something is required, and is none itself.
            matrix.undecided.append(f"The column “{title}” ({one.cell}) is in no rule.")
        elif key in matrix.levels:
            matrix.problems.append(_level_again(one, title, matrix.levels[key]))
        else:
            columns[one.column] = key
            matrix.levels[key] = LadderLevel(title, one.cell)
    if len(matrix.levels) < 2:
        found = ", ".join(f"“{level.title}”" for level in matrix.levels.values()) or "none"
        where = table.grid.place(table.head, 0)
        raise PackError(
            f"{where}: a ladder needs at least two levels, one column each; found {found}. Give each a "
            "column, or write in a column Level which level each row is of: colours are not read"
        )
    return columns


def _level_again(here: Text, title: str, also: LadderLevel) -> str:
    same = "" if also.title == title else f", as “{also.title}”: signs alone tell no levels apart"
    return (
        f"{here.place}: the level “{here.text}” is also at {also.cell}{same}; if they are two, "
        "such as on two tracks, give each a name of its own and say with --levels which leads where"
    )


def _without_heading(table: Table) -> Iterator[str]:
    """That beside or between the levels a column is filled and has no heading: it may be a level."""
    rows = [row for row in table.below if table.text(row, "competency") and len(table.grid.texts_in(row)) > 2]
    for heading in map(table.heading, range(len(table.grid.rows[table.head]))):
        if heading.text or heading.column in {**table.roles, **table.parts}:
            continue
        filled = [cell for row in rows if (cell := table.grid.at(row, heading.column)).text]
        if 2 * len(filled) > len(rows):
            yield (
                f"{heading.place}: the column has no heading, and “{filled[0].text}” stands in it "
                f"({filled[0].cell}); write which level it is of, or empty it"
            )


def _require_one_column_each(table: Table) -> None:
    """Raises `PackError` where a level has two columns that are not alike, such as a minimum and a target."""
    for title in dict.fromkeys(title for title, _ in table.parts.values()):
        rated = [column for column, part in table.parts.items() if part == (title, "required")]
        require_one_column(table, "required", rated, f"“{title}”")
    heads = [] if table.parts else table.of_levels(table.head)
    for one in heads:
        level = _without_part(one.text)
        other = (also for also in heads if also != one and level == (_without_part(also.text) or also.text))
        if level and (also := next(other, None)):
            raise PackError(
                f"{one.place}: “{one.text}” and “{also.text}” ({also.cell}) are two columns of “{level}”; "
                "leave one for each level, called after it, with the rating that it requires; weights have "
                "one column for all levels"
            )


def _require_one_scale(table: Table) -> None:
    """Raises `PackError` where a column gives competencies different scales."""
    for heading in map(table.heading, table.columns("scale")):
        said = dict.fromkeys(table.said(heading.column))
        if len(said) > 1:
            raise PackError(
                f"{heading.place}: “{heading.text}” gives the competencies different scales "
                f"({', '.join(said)}); write all on one, such as percentages of what is possible, and take "
                "the column out"
            )


def _without_part(heading: str) -> str:
    """The level of a heading such as `Junior target` or `Junior (weight)`; empty for any other."""
    begun, _, last = heading.strip(" )").replace("(", " ").rpartition(" ")
    part = role_of(last) in ("required", "weight", "text") or means("at_least", last)
    part = part or is_version_or_language(last)
    return " ".join(begun.split()) if part else ""


def columns_again(matrix: Matrix, row: int) -> dict[int, str]:
    """The columns of the levels from a row on that has headings once more, perhaps in another order; none
    where a row has something else. Numbers are headings only below a title that is one.

    Raises `PackError` where the headings come back with other levels than the first ones.
    """
    table, texts = matrix.table, matrix.table.of_levels(row)
    title, titles = table.text(row, "competency"), _bare(texts)
    found = {one.column: name_key(bare) for one, bare in zip(texts, titles, strict=True)}
    numbers = [one for one in texts if number_in(one.text) is not None]
    if len(found) > 1 and {*found.values()} <= {*matrix.levels}:
        return found if len(numbers) < len(texts) or title == table.corner else {}
    names = are_names([one.text for one in texts]) and not numbers
    if names and title == table.corner and role_of(title) == "competency":
        others = ", ".join(one.text for one in texts)
        raise PackError(
            f"{table.name(row).place}: a second table begins here, with other levels ({others}); write both "
            "as one, with all levels beside each other, and say with --levels which leads where"
        )
    return {}


def _bare(texts: Sequence[Text]) -> list[str]:
    return bare_titles([one.text for one in texts])
