"""Two runs compared: who has another recommendation, and whether data, time, rules or a decision did it."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal

from engine.explanation import Explanation
from inputs.roster import InputError
from reports.data import read_recommendations

Cause = Literal["data", "time", "rules", "program", "several", "appeared", "gone"]
CAUSES: Mapping[Cause, str] = {
    "data": "the data",
    "time": "time that has passed",
    "rules": "the rules",
    "program": "another version of the program",
    "several": "more than one of these",
    "appeared": "only in the second run",
    "gone": "only in the first run",
}
Key = tuple[str, str]
"""Employee id and transition."""


@dataclass(frozen=True)
class RunRead:
    """A run as it was read back."""

    folder: Path
    pack_name: str
    pack_sha256: str
    day: str
    inputs: tuple[str, ...]
    """SHA-256 of each file that was read."""
    versions: Mapping[str, str]
    simulated: str | None
    """What was simulated, when the folder is not of a run in force."""
    explanations: Mapping[Key, Explanation]


@dataclass(frozen=True)
class Changed:
    """One recommendation that differs between two runs."""

    employee_id: str
    employee_name: str | None
    transition: str
    transition_title: str
    before: str | None
    after: str | None
    cause: Cause
    exact: bool
    """Whether the cause is certain: only one thing differs, or everything was run again to find out."""
    details: tuple[str, ...]
    """What differs for this person, in words."""


@dataclass(frozen=True)
class Difference:
    """What is different between two runs."""

    before: str
    after: str
    same: int
    """Recommendations that both runs hold and agree on."""
    changed: tuple[Changed, ...]
    remarks: tuple[str, ...]
    """What differs between the runs as a whole."""


Rerun = Mapping[Key, tuple[str | None, str | None]]
"""The band of the first run's data under the second run's rules, and the other way round."""


def read_run(folder: Path) -> RunRead:
    """Read a run's folder. Raises `InputError` when it is none of this version."""
    read = read_recommendations(folder)
    path = folder / "run.json"
    try:
        about: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        pack, simulated = about["pack"], about.get("simulation")
        return RunRead(
            folder=folder,
            pack_name=pack["name"],
            pack_sha256=pack["sha256"],
            day=about["day"],
            inputs=tuple(source["sha256"] for source in about["inputs"]),
            versions=about["versions"],
            simulated=None if simulated is None else simulated["mark"],
            explanations={(one.employee_id, one.transition): one for one in read.recommendations},
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise InputError(
            f"{path} cannot be read as what a run says of itself ({error}); "
            "run `readiness assess` again to write it anew"
        ) from error


def compare_runs(before: RunRead, after: RunRead, rerun: Rerun | None = None) -> Difference:
    """Who has another recommendation, in the order of the second run, those who are gone last.

    Without `rerun` the cause is told from what both runs recorded: it is certain where only one of data,
    time, rules and program differs for a person, because a recommendation depends on nothing else.
    """
    changed = []
    same = 0
    for key in dict.fromkeys((*after.explanations, *before.explanations)):
        old, new = before.explanations.get(key), after.explanations.get(key)
        if old is not None and new is not None and old.recommendation == new.recommendation:
            same += 1
        else:
            changed.append(_changed(key, old, new, before, after, rerun))
    remarks = tuple(_remarks(before, after))
    return Difference(str(before.folder), str(after.folder), same, tuple(changed), remarks)


def difference_lines(difference: Difference, labels: Mapping[str, str]) -> Iterator[str]:
    """The comparison for the terminal."""
    yield f"{difference.before} -> {difference.after}"
    yield from (f"  {remark}" for remark in difference.remarks)
    yield f"{len(difference.changed)} changed, {difference.same} the same"
    for cause, words in CAUSES.items():
        members = [one for one in difference.changed if one.cause == cause]
        if not members:
            continue
        yield ""
        yield f"Because of {words}" if cause not in ("appeared", "gone") else words.capitalize()
        for one in members:
            name = f"{one.employee_name} ({one.employee_id})" if one.employee_name else one.employee_id
            bands = " -> ".join(labels.get(band, band) for band in (one.before, one.after) if band)
            doubt = "" if one.exact else " (not certain: give both spreadsheets to run them again)"
            yield f"  {name}, {one.transition_title}: {bands}{doubt}"
            yield from (f"      {detail}" for detail in one.details)


def difference_json(difference: Difference) -> dict[str, object]:
    """The comparison for programs."""
    return asdict(difference)


def _remarks(before: RunRead, after: RunRead) -> Iterator[str]:
    for name, run in (("first", before), ("second", after)):
        if run.simulated is not None:
            yield f"The {name} folder is a simulation."
    if before.pack_name != after.pack_name:
        yield f"Another rule pack: {before.pack_name}, then {after.pack_name}."
    elif before.pack_sha256 != after.pack_sha256:
        yield f"The rule pack {before.pack_name} was changed."
    if before.day != after.day:
        yield f"Another day: {before.day}, then {after.day}."
    for name, version in after.versions.items():
        if before.versions.get(name) != version:
            yield f"Another version of {name}: {before.versions.get(name)}, then {version}."


def _changed(
    key: Key,
    old: Explanation | None,
    new: Explanation | None,
    before: RunRead,
    after: RunRead,
    rerun: Rerun | None,
) -> Changed:
    one = new or old
    assert one is not None
    cause, exact, details = _cause(key, old, new, before, after, rerun)
    return Changed(
        employee_id=one.employee_id,
        employee_name=one.employee_name,
        transition=one.transition,
        transition_title=one.transition_title,
        before=old.recommendation if old else None,
        after=new.recommendation if new else None,
        cause=cause,
        exact=exact,
        details=details,
    )


def _cause(
    key: Key,
    old: Explanation | None,
    new: Explanation | None,
    before: RunRead,
    after: RunRead,
    rerun: Rerun | None,
) -> tuple[Cause, bool, tuple[str, ...]]:
    if old is None or new is None:
        cause: Cause = "appeared" if old is None else "gone"
        return cause, True, tuple(_elsewhere(key, before if old is None else after))
    data, time, rules = list(_data(old, new)), list(_time(old, new)), list(_rules(old, new))
    differs: list[Cause] = []
    if data:
        differs.append("data")
    if time:
        differs.append("time")
    if before.pack_sha256 != after.pack_sha256:
        differs.append("rules")
    if before.versions != after.versions:
        differs.append("program")
    details = (*data, *time, *rules)
    if len(differs) == 1:
        return differs[0], True, details
    if rerun is not None and key in rerun:
        return _decided(rerun[key], old.recommendation, new.recommendation), True, details
    return "several", False, details


def _decided(bands: tuple[str | None, str | None], old: str, new: str) -> Cause:
    """From the band of the old data under the new rules, and of the new data under the old rules."""
    new_rules, new_data = bands
    if (new_rules, new_data) == (old, new):
        return "data"
    return "rules" if (new_rules, new_data) == (new, old) else "several"


def _elsewhere(key: Key, run: RunRead) -> Iterator[str]:
    """What the other run says of the same person."""
    others = [one for (employee, _), one in run.explanations.items() if employee == key[0]]
    for one in others:
        yield f"the other run has {one.transition_title} for this person"
    if not others:
        yield "the other run has no recommendation for this person"


def _data(old: Explanation, new: Explanation) -> Iterator[str]:
    """Ratings that differ, of what both runs looked at."""
    before, after = _ratings(old), _ratings(new)
    for name, (title, *ratings) in after.items():
        if name in before:
            for rater, was, now in zip(("self", "manager"), before[name][1:], ratings, strict=True):
                if was != now:
                    yield f"{title}, {rater}: {_shown(was)}, then {_shown(now)}"


def _ratings(explanation: Explanation) -> dict[str, tuple[str, Decimal | None, Decimal | None]]:
    return {
        used.competency: (used.competency_title, used.self_rating, used.manager_rating)
        for sign in explanation.evidence
        for used in sign.ratings
    }


def _time(old: Explanation, new: Explanation) -> Iterator[str]:
    for words, was, now in (
        ("months in the level", old.months_in_level, new.months_in_level),
        ("years of experience", old.experience_years, new.experience_years),
    ):
        if was != now:
            yield f"{words}: {_shown(was)}, then {_shown(now)}"


def _rules(old: Explanation, new: Explanation) -> Iterator[str]:
    """Bars that differ, and which rule decided."""
    bars = {sign.signal: sign.bar for sign in old.evidence}
    for sign in new.evidence:
        if sign.signal in bars and bars[sign.signal] != sign.bar:
            yield f"bar of {sign.title}: {_shown(bars[sign.signal])}, then {_shown(sign.bar)}"
    deciding = [_deciding(one) for one in (old, new)]
    if deciding[0] != deciding[1]:
        yield f"decided by {deciding[0]}, then by {deciding[1]}"


def _deciding(explanation: Explanation) -> str:
    return next(
        f"{rule.code} ({rule.title})"
        for rule in explanation.rules
        if rule.topic == "recommendation" and rule.decisive
    )


def _shown(value: Decimal | int | None) -> str:
    return "none" if value is None else f"{Decimal(value).normalize():f}"
