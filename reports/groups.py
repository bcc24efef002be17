"""Calibration groups: a run cut into parts, each holding nobody else's data."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from engine.explanation import Explanation
from inputs.roster import Issue
from reports.summary import NO_DEPARTMENT, NO_MANAGER, NotAssessable, Summary, manager_of


@dataclass(frozen=True)
class Group:
    """One part of a run."""

    by: str
    """A key of `GROUPINGS`."""
    value: str


@dataclass(frozen=True)
class _Grouping:
    of_explanation: Callable[[Explanation], str]
    of_not_assessable: Callable[[NotAssessable], str]


NO_LEVEL = "No level given"
NOT_IN_A_PROMOTION = "Not assessable"

GROUPINGS: dict[str, _Grouping] = {
    "department": _Grouping(
        lambda one: one.department or NO_DEPARTMENT, lambda person: person.department or NO_DEPARTMENT
    ),
    "manager": _Grouping(manager_of, lambda person: person.manager_name or NO_MANAGER),
    "level": _Grouping(lambda one: one.level_title, lambda person: person.level or NO_LEVEL),
    "promotion": _Grouping(lambda one: one.transition_title, lambda _: NOT_IN_A_PROMOTION),
}
"""What a run can be grouped by."""


def group_of(explanation: Explanation, by: str) -> str:
    """The group of a recommendation."""
    return GROUPINGS[by].of_explanation(explanation)


def split(summary: Summary, by: str) -> tuple[tuple[Group, Summary], ...]:
    """A summary for each group that has a recommendation, in alphabetical order.

    People who cannot be assessed go with the group that their row names; where no group of that name has a
    recommendation, they get one of their own, so that the parts add up to the whole.
    """
    grouping = GROUPINGS[by]
    names = {grouping.of_explanation(one) for one in summary.explanations}
    names |= {grouping.of_not_assessable(person) for person in summary.not_assessable}
    return tuple(
        (Group(by, name), _part(summary, grouping, name)) for name in sorted(names, key=str.casefold)
    )


def _part(summary: Summary, grouping: _Grouping, name: str) -> Summary:
    explanations = tuple(one for one in summary.explanations if grouping.of_explanation(one) == name)
    listed = tuple(p for p in summary.not_assessable if grouping.of_not_assessable(p) == name)
    people = {one.person for one in explanations}
    ids = {one.employee_id for one in explanations} | {p.employee_id for p in listed if p.employee_id}
    rows = {person.row for person in listed}
    issues = tuple(issue for issue in summary.issues if _belongs(issue, ids, rows))
    return replace(
        summary,
        people_in_file=len(people) + len(listed),
        people_recommended=len(people),
        explanations=explanations,
        not_assessable=listed,
        issues=issues,
    )


def _belongs(issue: Issue, ids: set[str], rows: set[int]) -> bool:
    """Whether an issue is about one of these people, or about the file alone."""
    if issue.employee_id is not None:
        return issue.employee_id in ids
    if issue.row is not None:
        return issue.row in rows
    return issue.value is None
