"""What the columns of a list hold, a row for each level and competency, where its headings do not say so."""

from rules.ladders.cells import is_sentence
from rules.ladders.grid import Grid
from rules.ladders.heading_roles import are_ratings, are_sentences
from rules.ladders.headings import keys
from rules.ladders.ladder import OpenQuestionError
from rules.ladders.table import is_long
from rules.spelling import name_key


def roles_of_list(grid: Grid, head: int, roles: dict[int, str]) -> dict[int, str]:
    """The roles of the columns, with that of the competencies' names and that of what is required."""
    if "level" in roles.values() and "competency" not in roles.values():
        names = _names_below_levels(grid, head, roles)
        roles = roles | ({} if names is None else {names: "competency"})
        if names is None:
            _require_no_tracks(grid, head, roles)
    if not is_long(roles) or not {"required", "text", "total"}.isdisjoint(roles.values()):
        return roles
    free = [one.column for one in grid.texts_in(head) if one.column not in roles]
    named = [column for column, role in sorted(roles.items()) if role == "competency"]
    if (
        not free
        and len(named) > 1
        and not any(name_key(grid.rows[head][one]) in keys("text") for one in named)
    ):
        # `Indicator` beside `Competency` says what is required.
        free = [max(named, key=lambda column: len({*grid.texts_below(head, column)}))]
    titles = {name_key(text) for text in grid.texts_below(head, named[0])}
    free = free or [
        column
        for column, role in roles.items()
        if role == "definition" and len({*grid.texts_below(head, column)}) > len(titles)
    ]
    if len(free) != 1:
        return roles
    said = grid.texts_below(head, free[0])
    return roles | {free[0]: "text" if 2 * sum(map(is_sentence, said)) > len(said) else "required"}


def _names_below_levels(grid: Grid, head: int, roles: dict[int, str]) -> int | None:
    """The column whose names come back below each level, which has several rows."""
    level = next(column for column, role in roles.items() if role == "level")
    columns = [one.column for one in grid.texts_in(head) if roles.get(one.column) in (None, "category")]
    below: dict[int, dict[str, list[str]]] = {column: {} for column in columns}
    here = ""
    for texts in grid.rows[head + 1 :]:
        here = texts[level] or here
        for column in columns:
            names, name = below[column].setdefault(here, []), name_key(texts[column])
            # A merged cell is said once.
            names += [name] if name and names[-1:] != [name] else []
    found = [
        column
        for column, by_level in below.items()
        if _come_back(list(by_level.values()))
        and not are_sentences(grid, head, column)
        and not are_ratings(grid, head, column)
    ]
    return max(found, key=lambda column: len({*grid.texts_below(head, column)}), default=None)


def _require_no_tracks(grid: Grid, head: int, roles: dict[int, str]) -> None:
    """Asks whether tracks are competencies where nothing else is and each of them lists levels of the same
    names."""
    level = next(column for column, role in roles.items() if role == "level")
    for heading in (grid.at(head, column) for column, role in roles.items() if role == "family"):
        rows = [(row[heading.column], row[level]) for row in grid.rows[head + 1 :]]
        pairs = [(track, level) for track, level in rows if track and level]
        tracks = dict.fromkeys(track for track, _ in pairs)
        if len(tracks) > 1 and len({level for _, level in pairs}) < len(pairs) == len({*pairs}):
            raise OpenQuestionError(
                f"{heading.place}: are {', '.join(tracks)} what somebody at a level is asked for, or ladders "
                "of their own?",
                f"If they are what is asked for, call the column “{heading.text}” Competency; if not, leave "
                "only the rows of one of them in the file",
            )


def _come_back(groups: list[list[str]]) -> bool:
    """Whether most of several names of a level are also names of another one, and none is there twice."""
    every = [name for group in groups for name in group]
    again = [name for name in {*every} if every.count(name) > 1]
    once = all(len({*group}) == len(group) for group in groups)
    return once and len(every) > len(groups) > 1 and 2 * len(again) > len({*every})
