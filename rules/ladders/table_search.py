"""Where the table of a matrix lies in a sheet: its line of headings, and what these say of the columns."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from rules.ladders.cells import number_in, rating_in
from rules.ladders.grid import Grid, Text
from rules.ladders.heading_roles import are_sentences, roles_in
from rules.ladders.headings import keys, role_of
from rules.ladders.legend_lines import headings_follow, without_legend_above
from rules.ladders.legends import explains_a_sign, points_in, words_of_line
from rules.ladders.level_names import are_names
from rules.ladders.list_headings import roles_of_list
from rules.ladders.table import Table, is_long
from rules.ladders.tables_around import with_the_matrix_first, without_other_tables
from rules.pack import PackError
from rules.spelling import name_key


def table_of(grid: Grid) -> Table:
    """Where the table of a sheet lies. Raises `PackError` where there is none."""
    grid = with_the_matrix_first(without_legend_above(grid))
    for row in range(len(grid.rows)):
        if not _may_be_headings(grid, row):
            continue
        if headings_follow(grid, row):
            where = f"{grid.texts_in(row)[0].cell}: {', '.join(grid.said_in(row))}"
            remark = f"A line above the headings was not read ({where})."
            grid = replace(grid, remarks=[*grid.remarks, remark])
            continue
        grid = _with_groups_over_their_levels(without_other_tables(grid, row), row)
        roles = roles_in(grid, row)
        if not roles:
            break
        head, roles = _with_next_line(grid, row, roles)
        _require_no_promotions(grid, head)
        roles = roles_of_list(grid, head, roles)
        roles = _with_areas_before(grid, head, _with_one_competency(grid, head, roles))
        roles = _with_names_beside_areas(grid, head, roles)
        several = _parts_of_levels(grid, head, roles)
        return Table(grid, head, dict(sorted(roles.items())), several)
    raise PackError(
        f"{grid.file}: no matrix was found on {grid.name}; give a sheet with a row of headings: competencies "
        "down and levels across, or the columns Level, Competency and Required level"
    )


def _may_be_headings(grid: Grid, row: int) -> bool:
    """Whether a row is no line of the scale, of its points or signs or of numbers, and none such as `Owner:`
    and a name."""
    texts, said = grid.texts_in(row), grid.said_in(row)
    if len(said) < 2 or words_of_line(said) or _are_numbers(texts) or all(map(explains_a_sign, said)):
        return False
    if len(points_in(said)) == len(said) and not _has_texts_left_of(texts[0].column, grid, row + 1):
        return False
    wider = any(len(grid.said_in(below)) > 2 for below in range(row + 1, len(grid.rows)))
    line = len(said) == 2 and texts[0].column == 0 and role_of(said[0]) in (None, "ignored")
    return not (line and wider)


def _with_groups_over_their_levels(grid: Grid, row: int) -> Grid:
    """Groups stand over all columns up to the next group, as if cells were merged: a text file has each once.

    In the line below are the levels, beside the heading of the competencies or beside nothing.
    """
    headings = grid.texts_in(row + 1) if row + 1 < len(grid.rows) else []
    groups = [one.column for one in grid.texts_in(row) if grid.rows[row + 1][one.column]] if headings else []
    levels = [one for one in headings if groups and one.column >= groups[0]]
    named = [role_of(one.text) for one in headings if one not in levels]
    parts = {role_of(one.text) for one in levels} <= {"required", "text", "definition"}
    if (
        not 1 < len(groups) < len(levels)
        or (len({name_key(one.text) for one in levels}) < len(levels) and not (parts or named))
        or _are_numbers(levels)
        or (named and not {"competency", "level"} & {*named})
        or {"category", "competency"} & {role_of(one.text) for one in levels}
        or not _has_texts_left_of(groups[0], grid, row + 2)
    ):
        return grid
    above = list(grid.rows[row])
    for column in range(groups[0], levels[-1].column + 1):
        above[column] = above[column] or above[column - 1]
    return replace(grid, rows=[*grid.rows[:row], above, *grid.rows[row + 1 :]])


def _has_texts_left_of(column: int, grid: Grid, first: int) -> bool:
    """Whether rows, from the first of them on, have something left of a column: the competencies."""
    return any(text for row in grid.rows[first:] for text in row[:column])


def _with_areas_before(grid: Grid, head: int, roles: dict[int, str]) -> dict[int, str]:
    """A column before that of the competencies is no level: it is the areas, where nothing else is."""
    named = [column for column, role in roles.items() if role == "competency"]
    before = [
        one.column
        for one in grid.texts_in(head)
        if one.column not in roles and one.column < min(named, default=0)
    ]
    if not before:
        return roles
    if len(before) > 2 and grid.texts_in(head)[-1].column == named[0]:
        # What stands behind all levels, such as `Behaviour`, does not name the competencies.
        return roles | {named[0]: "definition", before[0]: "competency"}
    others = dict.fromkeys(before, "other")
    return roles | others | ({} if "category" in roles.values() else {before[-1]: "category"})


def _with_names_beside_areas(grid: Grid, head: int, roles: dict[int, str]) -> dict[int, str]:
    """`Competency` over two columns, the areas and the names: the second has no heading of its own and more
    different texts, all of them short."""
    first = next((column for column, role in roles.items() if role == "competency"), 0)
    names = first + 1
    if (
        is_long(roles)
        or names >= len(grid.rows[head])
        or "category" in roles.values()
        or grid.rows[head][names]
    ):
        return roles
    areas, own = ({*grid.texts_below(head, column)} for column in (first, names))
    written = grid.texts_below(head, names)
    if not len(areas) < len(own) == len(written) or any(rating_in(one) is not None for one in own):
        return roles
    return roles if are_sentences(grid, head, names) else roles | {first: "category", names: "competency"}


def _require_no_promotions(grid: Grid, head: int) -> None:
    """Raises `PackError` where the headings are `From` and `To`, but not above times."""
    named = {
        what: next((one for one in grid.texts_in(head) if name_key(one.text) in keys(what)), None)
        for what in ("from_level", "to_level")
    }
    lower, higher = named["from_level"], named["to_level"]
    if lower and higher and not any(role_of(one.text) == "years" for one in grid.texts_in(head)):
        raise PackError(
            f"{lower.place}: “{lower.text}” and “{higher.text}” ({higher.cell}) say promotions, and a ladder "
            "has levels. Write a row for each level and competency, with the columns Level, Competency and "
            f"Required level: what a promotion asks for stands beside the level of “{higher.text}”. The "
            "lowest level needs rows of its own"
        )


def _with_next_line(grid: Grid, row: int, roles: dict[int, str]) -> tuple[int, dict[int, str]]:
    """The line of headings; where it names no two levels, as in `Levels` above `L1`, `L2`, that below it."""
    if is_long(roles) or row + 1 == len(grid.rows):
        return row, roles
    above, below = ([one for one in grid.texts_in(at) if one.column not in roles] for at in (row, row + 1))
    titles, names = {one.text for one in above}, {one.text for one in below}
    corner = next((column for column, role in roles.items() if role == "competency"), 0)
    # Where the corner is merged, both lines have its text.
    corners = grid.rows[row][corner], grid.rows[row + 1][corner]
    beside = role_of(corners[1]) if corners[0] in ("", corners[1]) else None
    # Groups or tracks stand above several levels each.
    grouped = len(titles) < len(above) <= len(below) == len({*map(name_key, names)})
    if beside == "competency":
        # The headings are those beside `Competency`, also where two tracks have a level of one name.
        grouped = grouped or (len(titles) < len(above) and not any(map(role_of, names)))
    elif beside == "level":
        # Areas stand above competencies, perhaps one above each.
        grouped = len(above) <= len(below)
    if not titles or (len(titles) > 1 and not grouped) or len(names) < 2 or _are_numbers(below):
        return row, roles
    if beside == "level" and corner in roles:
        roles = roles | {corner: "level"}
    named = {one.column: role for one in below if (role := role_of(one.text))}
    return row + 1, roles | {column: role for column, role in named.items() if role != "level"}


def _with_one_competency(grid: Grid, head: int, roles: dict[int, str]) -> dict[int, str]:
    """Of several columns that may name the competencies that of the most names: beside one of few, as `Skill`
    beside `Competency`, these are areas. A second one of as many names them in another language, as
    `Kompetenz` beside `Competency`, or says more about them."""
    columns = [column for column, role in sorted(roles.items()) if role == "competency"]
    if len(columns) < 2:
        return roles
    levels = [one.column for one in grid.texts_in(head) if one.column not in roles]
    if any(columns[0] < one < columns[-1] for one in levels) and levels[-1] > columns[-1]:
        raise PackError(
            f"{grid.place(head, columns[0])} and {grid.cell(head, columns[-1])}: two tables stand side by "
            "side; give each a sheet of its own, or leave only one here"
        )
    rows = range(head + 1, len(grid.rows))
    different = {column: len({grid.rows[row][column] for row in rows} - {""}) for column in columns}
    said = {one.column: one.text for one in grid.texts_in(head) if name_key(one.text) in keys("text")}
    chosen = max(columns, key=lambda column: different[column])
    also_called = {
        column: "aliases"
        for column in columns
        if column > chosen
        and different[column] == different[chosen]
        and are_names(grid.texts_below(head, column))
    }
    if is_long(roles) and len(said) < len(columns):
        return roles | {column: "text" for column in columns if column in said} | also_called
    others = {
        column: "category" if column < chosen and "category" not in roles.values() else "definition"
        for column in columns
        if column != chosen
    }
    return roles | others | also_called


def _parts_of_levels(grid: Grid, row: int, roles: Mapping[int, str]) -> dict[int, tuple[str, str]]:
    """What the columns below each level hold, where a second line of headings says so."""
    found: dict[int, tuple[str, str]] = {}
    title = ""
    for column, above in enumerate(grid.rows[row] if row + 1 < len(grid.rows) else ()):
        if column in roles:
            continue
        title, below = above or title, grid.rows[row + 1][column]
        if below and title and (part := _part_in(below)):
            found[column] = title, part
    several = len(found) > len({title for title, _ in found.values()}) >= 2
    return found if several else {}


def _part_in(heading: str) -> str | None:
    """What a column below a level holds: what is required, a text about it, or something in no rule."""
    role = role_of(heading)
    if role in ("text", "definition") or name_key(heading) in keys("text"):
        return "text"
    return {"required": "required", "level": "required", "other": "unread", "ignored": "unread"}.get(
        role or ""
    )


def _are_numbers(texts: Sequence[Text]) -> bool:
    return all(number_in(one.text) is not None for one in texts)
