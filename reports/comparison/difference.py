"""Two runs compared: who has another recommendation, and whether data, time, rules or a decision did it."""

import json
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

from pydantic import TypeAdapter

from engine.phrases import count, day, join, number, span
from engine.session import session_terms
from engine.words import Explanation, Key, Recommendation
from inputs import InputError, Rater
from inputs.met_again import MetAgain, issues_met_again, met_again
from reports.pages.rendering import render
from reports.run.saved import read_run
from reports.shown.content import NotAssessable, Run
from reports.shown.grouped import grouped

Cause = Literal["data", "time", "rules", "program", "decision", "several", "appeared", "gone"]
CAUSES: Mapping[Cause, str] = {
    "data": "the data",
    "time": "the time that has passed",
    "rules": "the rules",
    "program": "a different version of the program",
    "decision": "a decision",
    "several": "more than one of these",
    "appeared": "only in the second run",
    "gone": "only in the first run",
}


@dataclass(frozen=True)
class ComparedRun:
    """A run as it was read back."""

    folder: Path
    pack_name: str
    pack_sha256: str
    day: date
    inputs: tuple[str, ...]
    """SHA-256 of each file that was read."""
    versions: Mapping[str, str]
    simulated: str | None
    """What was simulated, when the folder is not of a run in force."""
    recommendations: Mapping[Key, Recommendation]
    labels: Mapping[str, str]
    """What its pack calls the bands."""
    whole: Run = field(repr=False)

    @cached_property
    def of_people(self) -> Mapping[str, Sequence[Recommendation]]:
        """By employee id."""
        return grouped(self.recommendations.values(), lambda one: one.employee_id)

    @cached_property
    def unassessed(self) -> Mapping[str | None, Sequence[NotAssessable]]:
        """By employee id: who is in the file and has no recommendation."""
        return grouped(self.whole.not_assessable, lambda one: one.employee_id)

    def in_force(self, key: Key) -> tuple[str | None, str | None]:
        """The band that is recommended and the one that counts; neither where there is no recommendation."""
        one = self.recommendations.get(key)
        decided = _decision(self, key, one)
        band = None if one is None else one.recommendation
        return band, decided.band if decided else band

    def explained(self, keys: Collection[Key]) -> dict[Key, Explanation]:
        """The explanations of some recommendations, and of no others."""
        people = self.whole.only({employee_id for employee_id, _ in keys})
        return {one.key: one for one in people}


@dataclass(frozen=True)
class Decided:
    """A decision that counts in a run, whatever its rules recommend."""

    band: str
    by: str
    on: date
    reason_code: str | None
    reason: str | None


@dataclass(frozen=True)
class Changed:
    """One recommendation that differs between two runs, by the rules or by what was decided about it."""

    employee_id: str
    employee_name: str | None
    promotion: str
    promotion_title: str
    before: str | None
    """The band that was recommended."""
    after: str | None
    decided_before: Decided | None
    decided_after: Decided | None
    cause: Cause
    causes: tuple[Cause, ...]
    """All that may have had a part in it; more than one where `cause` is `several`."""
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
    """Recommendations that both runs hold and agree on, as recommended and as decided."""
    changed: tuple[Changed, ...]
    """An id that is somebody else's in the second run is there twice: gone, and appeared."""
    remarks: tuple[str, ...]
    """What differs between the runs as a whole."""


Rerun = Mapping[Key, tuple[str | None, str | None]]
"""The band of the first run's data under the second run's rules, and the other way round."""


def read_compared(folder: Path) -> ComparedRun:
    """Read a run's folder. Raises `InputError` when it is none of this version."""
    run = read_run(folder, simulated=True)
    path = folder / "run.json"
    try:
        about: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        pack, simulated = about["pack"], about.get("simulation")
        return ComparedRun(
            folder=folder,
            pack_name=pack["name"],
            pack_sha256=pack["sha256"],
            day=date.fromisoformat(about["day"]),
            inputs=tuple(source["sha256"] for source in about["inputs"]),
            versions=about["versions"],
            simulated=None if simulated is None else simulated["mark"],
            recommendations={one.key: one for one in run.recommendations},
            labels={str(band): text.label for band, text in run.pack.bands.items()},
            whole=run,
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise InputError(
            f"{path} cannot be read as the description of a run ({error}); run `readiness assess` again"
        ) from error


def compare_runs(before: ComparedRun, after: ComparedRun, rerun: Rerun | None = None) -> Difference:
    """Who has another recommendation, in the order of the second run, those who are gone last.

    Without `rerun` the cause is judged by what both runs recorded: it is certain where only one of data,
    time, rules and program differs for a person, because a recommendation depends on nothing else.
    """
    met = met_again(before.whole.explanations.people, after.whole.explanations.people)
    others = met.ids_of_others
    apart = {key for pair in ((before, after), (after, before)) for key in _of_other_rules(*pair)}
    apart = {key for key in apart if key[0] not in others}
    keys = [
        key for key in dict.fromkeys((*after.recommendations, *before.recommendations)) if key not in apart
    ]
    moved = [key for key in keys if key[0] in others or before.in_force(key) != after.in_force(key)]
    then, now = before.explained(moved), after.explained(moved)
    pairs = [
        (key, *pair) for key in moved for pair in _pairs(then.get(key), now.get(key), apart=key[0] in others)
    ]
    compared = _Compared(before, after, met, rerun)
    changed = tuple(compared.changed(key, old, new) for key, old, new in pairs)
    remarks = (*_remarks(before, after), *_about_people(met), *_about_other_rules(before, after, apart))
    return Difference(str(before.folder), str(after.folder), len(keys) - len(moved), changed, remarks)


def _pairs(
    old: Explanation | None, new: Explanation | None, *, apart: bool
) -> Iterator[tuple[Explanation | None, Explanation | None]]:
    """What is compared: both ends, or each with nothing where they are about two people."""
    if not apart:
        yield old, new
        return
    if new is not None:
        yield None, new
    if old is not None:
        yield old, None


def _of_other_rules(run: ComparedRun, other: ComparedRun) -> Iterator[Key]:
    """A run's recommendations of people whom the other has, for promotions that its rules do not have."""
    theirs = {promotion.id for promotion in other.whole.pack.promotions}
    for employee_id, promotion in run.recommendations:
        known = employee_id in other.of_people or employee_id in other.unassessed
        if known and promotion not in theirs:
            yield employee_id, promotion


def _about_other_rules(before: ComparedRun, after: ComparedRun, apart: Collection[Key]) -> Iterator[str]:
    """What is not compared, by promotion: everybody would be listed twice, as gone and as new."""
    for which, run in (("first", before), ("second", after)):
        found = Counter(key[1] for key in apart if key in run.recommendations)
        named = [
            f"{promotion.title} ({count(found[promotion.id], 'recommendation')})"
            for promotion in run.whole.pack.promotions
            if promotion.id in found
        ]
        if named:
            these = "this promotion, so it is" if len(named) == 1 else "these promotions, so they are"
            yield f"Only the {which} run's rules have {these} not compared: {join(named)}."


def _about_people(met: MetAgain) -> Iterator[str]:
    for issue in issues_met_again(met, "the first run", "in the second"):
        yield f"{issue.problem} {issue.remedy}"


def difference_lines(difference: Difference, labels: Mapping[str, str]) -> Iterator[str]:
    """The comparison for the terminal."""
    yield f"{difference.before} -> {difference.after}"
    yield from (f"  {remark}" for remark in difference.remarks)
    yield f"{len(difference.changed)} changed, {difference.same} the same"
    for cause, members in by_cause(difference).items():
        yield ""
        yield heading_of(cause)
        for one in members:
            name = f"{one.employee_name} ({one.employee_id})" if one.employee_name else one.employee_id
            doubt = "" if one.exact else " (not certain: give both spreadsheets to run them again)"
            yield f"  {name}, {one.promotion_title}: {in_words(one, labels)}{doubt}"
            yield from (f"      {' '.join(detail.split())}" for detail in one.details)


def by_cause(difference: Difference) -> dict[Cause, tuple[Changed, ...]]:
    """Who changed, by what did it, in the order of `CAUSES`; only causes that occur."""
    found = {cause: tuple(one for one in difference.changed if one.cause == cause) for cause in CAUSES}
    return {cause: members for cause, members in found.items() if members}


def heading_of(cause: Cause) -> str:
    """What a group of people who changed is called."""
    words = CAUSES[cause]
    return words.capitalize() if cause in ("appeared", "gone") else f"Because of {words}"


def in_words(one: Changed, labels: Mapping[str, str]) -> str:
    """`Developing -> Ready now`; with the recommendation where the decision differs from it."""
    ends = ((one.before, one.decided_before), (one.after, one.decided_after))
    shown = []
    for band, decided in ends:
        if decided is not None and decided.band != band:
            recommended = f", recommended {labels.get(band, band)}" if band else ""
            shown.append(f"{labels.get(decided.band, decided.band)} (decided{recommended})")
        elif band is not None:
            shown.append(labels.get(band, band))
    return " -> ".join(shown)


def render_difference(difference: Difference, labels: Mapping[str, str]) -> str:
    """The comparison as a page of its own."""
    groups = [(heading_of(cause), members) for cause, members in by_cause(difference).items()]
    causes = {str(cause): words for cause, words in CAUSES.items()}
    return render(
        "difference.html",
        {"difference": difference, "groups": groups, "labels": labels, "causes": causes},
    )


def difference_json(difference: Difference) -> dict[str, object]:
    """The comparison for programs."""
    plain: dict[str, object] = TypeAdapter(Difference).dump_python(difference, mode="json")
    return plain


def _remarks(before: ComparedRun, after: ComparedRun) -> Iterator[str]:
    for name, run in (("first", before), ("second", after)):
        if run.simulated is not None:
            yield f"The {name} folder is a simulation."
    if before.pack_name != after.pack_name:
        yield f"Different rule packs: {before.pack_name}, then {after.pack_name}."
    elif before.pack_sha256 != after.pack_sha256:
        yield f"The rule pack {before.pack_name} was changed."
    held = [len(run.whole.decisions) for run in (before, after)]
    if any(held):
        counts = [count(decisions, "decision") if decisions else "no decision" for decisions in held]
        yield f"The first run has {counts[0]}, the second {counts[1]}."
    if before.day != after.day:
        yield f"Different days: {day(before.day)}, then {day(after.day)}."
    for name, version in after.versions.items():
        if before.versions.get(name) != version:
            yield f"Different versions of {name}: {before.versions.get(name)}, then {version}."


@dataclass(frozen=True)
class _Compared:
    """Two runs, who in them is the same person, and what running both again came to."""

    before: ComparedRun
    after: ComparedRun
    met: MetAgain
    rerun: Rerun | None

    def changed(self, key: Key, old: Explanation | None, new: Explanation | None) -> Changed:
        """Somebody whose result is another one, or who is only in one of the runs."""
        one = new or old
        assert one is not None
        decided = [_decision(run, key, found) for run, found in ((self.before, old), (self.after, new))]
        causes, exact, details = self._causes(key, old, new)
        if old is not None and new is not None:
            causes, exact = _with_decisions(causes, exact, (old, new), decided)
            labels = {**self.before.labels, **self.after.labels}
            words = tuple(_decision_words((old, new), decided, labels))
            # What differs besides made no difference where the rules say the same in both runs.
            details = words if causes == ("decision",) else (*details, *words)
        return Changed(
            employee_id=one.employee_id,
            employee_name=one.employee_name,
            promotion=one.promotion,
            promotion_title=one.promotion_title,
            before=old.recommendation if old else None,
            after=new.recommendation if new else None,
            decided_before=decided[0],
            decided_after=decided[1],
            cause=causes[0] if len(causes) == 1 else "several",
            causes=causes,
            exact=exact,
            details=details,
        )

    def _causes(
        self, key: Key, old: Explanation | None, new: Explanation | None
    ) -> tuple[tuple[Cause, ...], bool, tuple[str, ...]]:
        """What may have changed a recommendation, whether that is certain, and what differs for them."""
        before, after = self.before, self.after
        if old is None or new is None:
            cause: Cause = "appeared" if old is None else "gone"
            return (cause,), True, tuple(_elsewhere(key, before if old is None else after, self.met))
        data, time, rules = list(_data(old, new)), list(_time(old, new)), list(_rules(old, new))
        passed = 12 * (after.day.year - before.day.year) + after.day.month - before.day.month
        possible: Mapping[Cause, bool] = {
            "data": bool(data) or _other_dates(old, new, passed) or (bool(time) and before.day == after.day),
            "time": bool(time) and before.day != after.day,
            "rules": before.pack_sha256 != after.pack_sha256,
            "program": before.versions != after.versions,
        }
        differs = tuple(cause for cause, found in possible.items() if found)
        details = (*data, *_manager(old, new), *time, *rules)
        if len(differs) == 1:
            return differs, True, details
        causes: tuple[Cause, ...] = differs or ("several",)
        if self.rerun is None or key not in self.rerun:
            return causes, False, details
        decided = _decided(self.rerun[key], old.recommendation, new.recommendation)
        return causes if decided == "several" else (decided,), True, details


def _decision(run: ComparedRun, key: Key, recommendation: Recommendation | None) -> Decided | None:
    """The decision of a run about somebody whom it has a recommendation for."""
    made = run.whole.decisions.get(key)
    if made is None or recommendation is None:
        return None
    return Decided(made.decision, made.decided_by, made.decided_on, made.reason_code, made.reason)


def _with_decisions(
    causes: tuple[Cause, ...],
    exact: bool,
    ends: tuple[Explanation, Explanation],
    decided: Sequence[Decided | None],
) -> tuple[tuple[Cause, ...], bool]:
    """The causes of what counts: a decision has a part in it where it says something else than the rules."""
    recommended = [end.recommendation for end in ends]
    overridden = [
        one is not None and one.band != band for one, band in zip(decided, recommended, strict=True)
    ]
    if not any(overridden):
        return causes, exact
    if recommended[0] == recommended[1]:
        return ("decision",), True
    return (*causes, "decision"), exact


def _decision_words(
    ends: Sequence[Explanation], decided: Sequence[Decided | None], labels: Mapping[str, str]
) -> Iterator[str]:
    """Who decided what, when and why, where a decision says something else than the rules in either run."""
    bands = [str(end.recommendation) for end in ends]
    if all(one is None or one.band == band for one, band in zip(decided, bands, strict=True)):
        return
    for which, one, band in zip(("first", "second"), decided, bands, strict=True):
        if one is None:
            yield f"{which} run: nothing was decided"
            continue
        against = "as recommended" if one.band == band else f"the recommendation was {labels.get(band, band)}"
        why = ": ".join(
            words for words in (one.reason_code and _reason(one.reason_code), one.reason) if words
        )
        yield (
            f"{which} run: {one.by} decided {labels.get(one.band, one.band)} on {day(one.on)}; {against}"
            + (f"; {why}" if why else "")
        )


def _reason(code: str) -> str:
    """What a reason code is called."""
    return next((reason.label for reason in session_terms().reasons if reason.id == code), code)


def _decided(bands: tuple[str | None, str | None], old: str, new: str) -> Cause:
    """From the band of the old data under the new rules, and of the new data under the old rules."""
    new_rules, new_data = bands
    if (new_rules, new_data) == (old, new):
        return "data"
    return "rules" if (new_rules, new_data) == (new, old) else "several"


def _elsewhere(key: Key, run: ComparedRun, met: MetAgain) -> Iterator[str]:
    """What the other run says of the same person, or of one who may be the same."""
    employee_id = key[0]
    others = run.of_people.get(employee_id, ())
    if employee_id in met.ids_of_others:
        yield f"in the other run the id is that of {others[0].employee_name}" if others else _NOBODY
        return
    for one in others:
        yield f"the other run has {one.promotion_title} for this person"
    reasons = [one.reason for one in run.unassessed.get(employee_id, ())]
    for reason in reasons:
        yield f"could not be assessed in the other run: {reason}"
    if not others and not reasons:
        alike = met.rewritten_as(employee_id)
        yield f"the other run has the id {alike}" if alike else _NOBODY


_NOBODY = "the other run does not have this person"


def _data(old: Explanation, new: Explanation) -> Iterator[str]:
    """Ratings that differ, of what both runs looked at, and the kind of the role."""
    if old.specialisation != new.specialisation:
        yield f"specialisation: {old.specialisation or 'none'}, then {new.specialisation or 'none'}"
    before, after = _ratings(old), _ratings(new)
    told = (one for one in new.issues if one not in old.issues)
    yield from (f"{one.place}: {one.problem}" for one in told if one.about.endswith(("manager", "self")))
    for (name, rater), (title, now) in after.items():
        was = before.get((name, rater), (title, now))[1]
        if was != now:
            ends = (
                "not used" if end is None and one.is_not_used(name, rater) else _shown(end)
                for one, end in ((old, was), (new, now))
            )
            yield f"{title}, {rater}: {', then '.join(ends)}"


def _manager(old: Explanation, new: Explanation) -> Iterator[str]:
    """Who rated then and who does now: no cause by itself, and what two managers mean by a 4 may differ."""
    was, now = ((one.manager_id, one.manager_name) for one in (old, new))
    if (was[0] != now[0]) if was[0] and now[0] else was[1] != now[1]:
        yield f"manager: {', then '.join(name or who or 'none' for who, name in (was, now))}"


def _ratings(explanation: Explanation) -> dict[tuple[str, Rater], tuple[str, Decimal | None]]:
    """The ratings of the signals, and the manager's of what only the present level expects."""
    found: dict[tuple[str, Rater], tuple[str, Decimal | None]] = {}
    for used in (used for signal in explanation.evidence for used in signal.ratings):
        found[used.competency, "self"] = used.competency_title, used.self_rating
        found[used.competency, "manager"] = used.competency_title, used.manager_rating
    for part in explanation.present_level:
        found.setdefault((part.competency, "manager"), (part.competency_title, part.rating))
    return found


def _lengths(one: Explanation) -> tuple[tuple[str, int | None], ...]:
    return ("time in the level", one.months_in_level), ("experience", one.experience_months)


def _other_dates(old: Explanation, new: Explanation, passed: int) -> bool:
    """Whether the dates from which time counts differ: it grew by other months than have `passed`."""
    ends = [(was, now) for (_, was), (_, now) in zip(_lengths(old), _lengths(new), strict=True)]
    return any(was != now if was is None or now is None else abs(now - was - passed) > 1 for was, now in ends)


def _time(old: Explanation, new: Explanation) -> Iterator[str]:
    for (words, was), (_, now) in zip(_lengths(old), _lengths(new), strict=True):
        if was != now:
            yield f"{words}: {_span(was)}, then {_span(now)}"
    if old.review_date != new.review_date:
        days = ("not known" if one.review_date is None else day(one.review_date) for one in (old, new))
        yield f"review: {', then '.join(days)}"


def _span(months: int | None) -> str:
    return "not known" if months is None else span(months)


def _rules(old: Explanation, new: Explanation) -> Iterator[str]:
    """What only one run looks at, bars that differ, and which rule decided."""
    for which, ours, theirs in (("first", old, new), ("second", new, old)):
        seen = {one.signal for one in theirs.evidence}
        rated = _ratings(theirs)
        signals = [one.title for one in ours.evidence if one.signal not in seen]
        others = dict.fromkeys(title for name, (title, _) in _ratings(ours).items() if name not in rated)
        for what, titles in (("signals", signals), ("ratings", list(others))):
            if titles:
                yield f"only the {which} run looks at these {what}: {join(titles)}"
    bars = {signal.signal: signal.bar for signal in old.evidence}
    for signal in new.evidence:
        if signal.signal in bars and bars[signal.signal] != signal.bar:
            yield f"bar of {signal.title}: {_shown(bars[signal.signal])}, then {_shown(signal.bar)}"
    deciding = [_deciding(one) for one in (old, new)]
    if deciding[0] != deciding[1]:
        yield f"deciding rule: {deciding[0]}, then {deciding[1]}"


def _deciding(explanation: Explanation) -> str:
    return next(
        f"{rule.code} ({rule.title})"
        for rule in explanation.rules
        if rule.topic == "recommendation" and rule.decisive
    )


def _shown(value: Decimal | int | None) -> str:
    return "none" if value is None else number(value)
