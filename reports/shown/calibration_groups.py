"""Calibration groups: a run cut into parts, each holding nobody else's data."""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from engine.session import session_terms
from engine.words import Recommendation
from inputs import InputError, Issue, Roster
from inputs.words import ERROR_TEXTS
from reports.shown.content import NO_DEPARTMENT, NotAssessable, Run, specialisation_of
from reports.shown.grouped import grouped
from reports.shown.session import GroupColumn


@dataclass(frozen=True)
class Group:
    """One part of a run."""

    by: str
    """A key of `GROUPINGS`, or the header of a column of the file."""
    value: str


@dataclass(frozen=True)
class _Grouping:
    of_recommendation: Callable[[Recommendation], str]
    of_not_assessable: Callable[[NotAssessable], str]


NO_LEVEL = "No level given"
NOT_IN_A_PROMOTION = "Not assessable"

MANAGER = "manager"
_GROUPINGS: dict[str, _Grouping] = {
    "department": _Grouping(
        lambda one: one.department or NO_DEPARTMENT, lambda person: person.department or NO_DEPARTMENT
    ),
    "level": _Grouping(lambda one: one.level_title, lambda person: person.level or NO_LEVEL),
    "specialisation": _Grouping(specialisation_of, lambda _: NOT_IN_A_PROMOTION),
    "promotion": _Grouping(lambda one: one.promotion_title, lambda _: NOT_IN_A_PROMOTION),
}
GROUPINGS = ("department", MANAGER, "level", "specialisation", "promotion")
"""What every run can be grouped by, whatever its file calls it."""

_ROLES = {
    "department": "department",
    "manager_name": "manager",
    "manager_id": "manager",
    "level": "level",
    "specialisation": "specialisation",
    "specialisation_as_written": "specialisation",
}
"""The columns of the roster behind each grouping."""


def choose_groups(by: str, roster: Roster) -> tuple[str, GroupColumn | None]:
    """What people are grouped by, and the column of the file when it is not one of `GROUPINGS`.

    `by` is a key of `GROUPINGS` or a header, upper or lower case. Raises `InputError` when the file has no
    such column, or when it holds an attribute that the law protects.
    """
    wanted = " ".join(by.split())
    _refuse_protected(wanted)
    folded = wanted.casefold()
    if folded in _known(roster):
        return folded, None
    for source in roster.columns:
        if _ROLES.get(source.name) in _known(roster) and source.header.casefold() == folded:
            return _ROLES[source.name], None
    for header in _free_headers(roster):
        if header.casefold() == folded:
            return header, _column(header, roster)
    raise InputError(
        f"There is no column '{wanted}' to group by. There are: {', '.join(_offered(roster))}. "
        "Give one of them as the file has it"
    )


def _refuse_protected(header: str) -> None:
    words = set(re.findall(r"[^\W\d_]+", header.casefold()))
    found = words & set(session_terms().protected)
    if found:
        raise InputError(
            f"'{header}' cannot be a calibration group: the law protects people from being judged by it, and "
            "a session that sees them grouped by it would hold each group to a bar of its own. Group by "
            f"{', '.join(GROUPINGS)}, or another column about the work"
        )


def _known(roster: Roster) -> list[str]:
    """The groupings of ours that the file says something for."""
    said = {name for role, name in _ROLES.items() if roster.people[role].drop_nulls().len()}
    return [name for name in GROUPINGS if name in said or name not in _ROLES.values()]


def _column(header: str, roster: Roster) -> GroupColumn:
    texts: dict[tuple[int, str | None], str] = {}
    by_row: defaultdict[int, set[str]] = defaultdict(set)
    own = roster.unused["row"], roster.unused["employee_id"], roster.unused[header]
    for row, employee, cell in zip(*own, strict=True):
        if (text := _text(cell)) is not None:
            texts.setdefault((row, employee), text)
            by_row[row].add(text)
    people = enumerate(zip(roster.people["row"], roster.people["employee_id"], strict=True))
    return GroupColumn(
        header=header,
        of_people={n: texts[key] for n, key in people if key in texts},
        # In a list of several sheets a row number can stand for several rows: then it says nothing.
        of_others={row: said.pop() for row, said in by_row.items() if len(said) == 1},
    )


def _text(cell: object) -> str | None:
    text = " ".join(str(cell).split()) if cell is not None else ""
    return None if not text or text in ERROR_TEXTS else text


def _free_headers(roster: Roster) -> list[str]:
    return [name for name in roster.unused.columns if name not in ("row", "employee_id")]


def _offered(roster: Roster) -> list[str]:
    """What the file can be grouped by, protected attributes left out."""
    protected = set(session_terms().protected)
    headers = [source.header for source in roster.columns if _ROLES.get(source.name) in _known(roster)]
    headers += [
        header
        for header in _free_headers(roster)
        if not protected & set(re.findall(r"[^\W\d_]+", header.casefold()))
    ]
    named = [f"'{header}'" for header in dict.fromkeys(headers)]
    return [
        *_known(roster),
        *named[:OFFERED],
        *([f"and {len(named) - OFFERED} more"] * (len(named) > OFFERED)),
    ]


OFFERED = 30
"""Headers that a message lists."""


def group_of(run: Run, by: str) -> Callable[[Recommendation], str]:
    """What tells the group of a recommendation. Raises `InputError` when the run knows no such groups."""
    return _grouping(run, by).of_recommendation


def _grouping(run: Run, by: str) -> _Grouping:
    column = run.session.column
    if column is not None and column.header == by:
        nothing = f"No {by} given"
        return _Grouping(
            lambda one: column.of_people.get(one.person, nothing),
            lambda person: column.of_others.get(person.row, nothing),
        )
    if by == MANAGER:
        return _Grouping(run.manager_label, run.manager_label)
    if by not in GROUPINGS:
        raise InputError(
            f"The workbook is for a group by '{by}', but run {run.fingerprint} has no such groups; "
            "give the workbook of this run"
        )
    return _GROUPINGS[by]


def group_sizes(run: Run, by: str) -> dict[str, int]:
    """How many recommendations each group has, in alphabetical order."""
    counts = Counter(map(group_of(run, by), run.recommendations))
    return {name: counts[name] for name in sorted(counts, key=lambda name: (name.casefold(), name))}


def split(run: Run, by: str) -> tuple[tuple[Group, Run], ...]:
    """A run for each group that has a recommendation, in alphabetical order.

    People who cannot be assessed go with the group that their row names; where no group of that name has a
    recommendation, they get one of their own, so that the parts add up to the whole.
    """
    grouping = _grouping(run, by)
    known = run.recommendations
    members = grouped(range(len(known)), lambda place: grouping.of_recommendation(known[place]))
    others = grouped(run.not_assessable, grouping.of_not_assessable)
    names = sorted({*members, *others}, key=lambda name: (name.casefold(), name))
    return tuple((Group(by, n), _part(run, members.get(n, ()), others.get(n, ()))) for n in names)


def _part(run: Run, places: Sequence[int], listed: Sequence[NotAssessable]) -> Run:
    members = [run.recommendations[place] for place in places]
    people = {one.person for one in members}
    ids = {one.employee_id for one in members} | {p.employee_id for p in listed if p.employee_id}
    rows = {person.row for person in listed}
    told_by_row = set() if _is_a_list_of_several(run.issues) else rows
    issues = tuple(issue for issue in run.issues if _belongs(issue, ids, told_by_row))
    return replace(
        run,
        people_in_file=len(people) + len(listed),
        people_recommended=len(people),
        explanations=run.at(places),
        not_assessable=tuple(listed),
        issues=issues,
        session=run.session.of(people, rows, [one.key for one in members]),
        votes={one.key: run.votes[one.key] for one in members if one.key in run.votes},
    )


def _is_a_list_of_several(issues: Sequence[Issue]) -> bool:
    """Whether issues are of rows of several sheets or files: then a row number does not say whose it is."""
    return len({(issue.file, issue.sheet) for issue in issues if issue.row is not None}) > 1


def _belongs(issue: Issue, ids: set[str], rows: set[int]) -> bool:
    """Whether an issue is about one of these people, or about the file alone."""
    if issue.employee_id is not None:
        return issue.employee_id in ids
    if issue.row is not None:
        return issue.row in rows
    return issue.value is None
