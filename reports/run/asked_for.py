"""Who is meant by an id or a name that somebody typed."""

from collections.abc import Iterable, Sequence

from rapidfuzz import process

from engine import phrases
from inputs import InputError
from reports.shown.content import NotAssessable, Run
from rules import name_key

_MOST = 5
"""People who are suggested."""
_ALIKE = 75
"""Of 100: less alike ids and names are not suggested."""


def person_asked_for(run: Run, asked: str) -> str:
    """The employee id of the only person with a recommendation whom an id or a name means, in any spelling.

    Raises `InputError` with who may be meant, or why this person has no recommendation.
    """
    people = run.explanations.people.select("employee_id", "employee_name")
    if (people["employee_id"] == asked).any():
        return asked
    key = name_key(asked)
    known: list[tuple[str, str | None]] = people.unique(maintain_order=True).rows()
    meant = [one for one in known if key in _keys(one)]
    others = [one for one in run.not_assessable if key in _keys((one.employee_id, one.employee_name))]
    if len(meant) == 1 and not others:
        return meant[0][0]
    if others and not meant:
        raise InputError("\n".join(f"{_who(one)} has no recommendation. {one.reason}" for one in others))
    if meant:
        some = [*(_shown(one) for one in meant), *map(_who, others)]
        raise InputError(f"“{asked}” may be {phrases.join(some, 'or', _MOST)}; give the employee id")
    raise InputError(f"nobody in this run has the id or the name “{asked}”; {_may_be(asked, known)}")


def _may_be(asked: str, known: Sequence[tuple[str, str | None]]) -> str:
    """Those whose names hold all the words, else those that are written most alike."""
    words = [name_key(word) for word in asked.split()]
    found = [one for one in known if all(any(word in key for key in _keys(one)) for word in words)]
    if not found:
        keys = {key: one for one in known for key in _keys(one)}
        alike = process.extract(name_key(asked), list(keys), limit=_MOST, score_cutoff=_ALIKE)
        found = list(dict.fromkeys(keys[key] for key, _, _ in alike))
    if not found:
        return f"ids look like {', '.join(employee_id for employee_id, _ in known[:_MOST])}"
    return f"did you mean {phrases.join([_shown(one) for one in found], 'or', _MOST)}?"


def _keys(one: tuple[str | None, str | None]) -> Iterable[str]:
    return [name_key(text) for text in one if text]


def _shown(one: tuple[str, str | None]) -> str:
    return f"{one[0]} ({one[1]})" if one[1] else one[0]


def _who(one: NotAssessable) -> str:
    return f"{one.employee_name or one.employee_id} (row {one.row})"
