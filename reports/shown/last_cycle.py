"""Cycles: what an earlier run said and decided, what became of it, and which evidence lasted."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from engine.phrases import day, join
from engine.session import Decision, DecisionStatus, movement, session_terms
from engine.words import Explanation, Key, SignalEvidence
from reports.shown.content import Run
from reports.shown.session import LastCycle, PastCycle, Streak
from rules.pack import BANDS, TOO_EARLY, Level


@dataclass(frozen=True)
class Previous:
    """An earlier run with the decisions that were made on it."""

    run: Run
    decisions: Mapping[Key, Decision] | None
    """None where nobody can tell what was decided: the cycle stands in the same file as this one."""
    name: str | None = None
    """What that file calls it."""
    others: int = 0
    """People of it whose ids are now somebody else's, and who are left out of `run` and `decisions`."""

    def knows_level_of(self, now: Explanation) -> bool:
        """Whether its rules have the level too, so that somebody can have moved there; other rules may call
        other levels by other names."""
        return any(level.id == now.level for level in self.run.pack.levels)


def last_cycle(run: Run, previous: Previous) -> LastCycle:
    """What a run shows of the earlier one; it travels with the run, whatever becomes of the other folder."""
    now = {one.employee_id for one in run.recommendations}
    then = {one.employee_id: one.employee_name for one in previous.run.recommendations}
    gone = [who for who in then if who not in now]
    return LastCycle(
        fingerprint=previous.run.fingerprint,
        day=previous.run.day,
        rules=_other_rules(run, previous.run),
        same_ratings=_same_ratings(run, previous.run),
        gone=len(gone) + previous.others,
        promised=tuple(
            f"{then[who]} ({who})" if then[who] else who for who in gone if _promoted(who, previous)
        ),
        name=previous.name,
        rows=_rows(run, previous),
    )


def _other_rules(now: Run, then: Run) -> str | None:
    if now.pack.sha256 == then.pack.sha256:
        return None
    before, after = (f"{pack.name} {pack.version}" for pack in (then.pack, now.pack))
    return f"{before}, changed since" if before == after else f"{before} then, {after} now"


def _same_ratings(now: Run, then: Run) -> bool:
    """Whether everybody who is in both runs has the same ratings in both, whatever file they came from."""
    before = {one.key: _ratings(one) for one in then.explanations}
    pairs = [(_ratings(one), before[one.key]) for one in now.explanations if one.key in before]
    return bool(pairs) and all(ours == theirs for ours, theirs in pairs)


def _ratings(explanation: Explanation) -> set[tuple[str, object, object]]:
    return {
        (used.competency, used.manager_rating, used.self_rating)
        for signal in explanation.evidence
        for used in signal.ratings
    } | {(expected.competency, expected.rating, None) for expected in explanation.present_level}


def _rows(run: Run, previous: Previous) -> tuple[PastCycle, ...]:
    earlier = {one.key: one for one in previous.run.explanations}
    levels = {one.employee_id: one for one in previous.run.explanations}
    begins = dict(run.explanations.people.select("employee_id", "level_since").iter_rows())
    cycle = previous.run.session.cycle
    streaks = {row.key: row.streaks for row in (cycle.rows if cycle else ())}
    fresh = not _same_ratings(run, previous.run)

    def row(one: Explanation) -> PastCycle:
        same, anything = earlier.get(one.key), levels.get(one.employee_id)
        another = fresh and not _of_one_review(one, anything)
        lasting = _streaks(one, same, streaks.get(one.key, ()), run, previous, fresh=another)
        since = begins[one.employee_id]
        ahead = since if since is not None and since > run.day else None
        return _row(one, same, anything, previous, lasting, ahead, fresh=another)

    return tuple(row(one) for one in run.explanations)


def _of_one_review(now: Explanation, then: Explanation | None) -> bool:
    """Whether the review of a person is of the same day in both runs."""
    return then is not None and now.review_date is not None and now.review_date == then.review_date


def _row(
    now: Explanation,
    same: Explanation | None,
    anything: Explanation | None,
    previous: Previous,
    streaks: tuple[Streak, ...],
    ahead: date | None,
    *,
    fresh: bool,
) -> PastCycle:
    """`ahead`: the day on which the level of now begins, where that is after the run."""
    decision = (previous.decisions or {}).get(now.key)
    core = _core(now)
    finding, sentence = _finding(now, same, streaks, previous) if fresh and same else (None, "")
    if finding and same and _ratings(now) == _ratings(same):
        sentence = f"{sentence} {session_terms().same_review}"
    if now.review_date is not None and _of_one_review(now, anything):
        sentence = session_terms().same_day.format(review=day(now.review_date))
    stayed = anything is not None and anything.level == now.level
    return PastCycle(
        employee_id=now.employee_id,
        promotion=now.promotion,
        before=same.recommendation if same else None,
        decided=decision.decision if decision else None,
        change=_change(now, same, anything, previous),
        became=_became(now, anything, decision, previous, ahead),
        open=_is_open(decision, previous, now, ahead, stayed=stayed),
        core=len(core),
        streaks=streaks,
        finding=finding,
        sentence=sentence,
    )


def _core(explanation: Explanation) -> tuple[SignalEvidence, ...]:
    return tuple(signal for signal in explanation.evidence if signal.importance == "core")


def _met(signals: Sequence[SignalEvidence]) -> set[str]:
    return {signal.signal for signal in signals if signal.status == "met"}


def _streaks(
    now: Explanation,
    same: Explanation | None,
    known: Sequence[Streak],
    run: Run,
    previous: Previous,
    *,
    fresh: bool,
) -> tuple[Streak, ...]:
    """The core signals that are met now, with the cycles in which they were met before without a break.

    Ratings that are not `fresh` are the earlier cycle's over again, and make no cycle of their own.
    """
    then = _met(same.evidence) if same and same.kind != "earlier_level" else set()
    before = {streak.signal: streak for streak in known}
    streaks = []
    for signal in _core(now):
        if signal.status != "met":
            continue
        since, cycles = run.day, 1
        if signal.signal in then:
            last = before.get(signal.signal)
            since = last.since if last else previous.run.day
            cycles = (last.cycles if last else 1) + fresh
        streaks.append(Streak(signal.signal, signal.title, since, cycles))
    return tuple(streaks)


def _finding(
    now: Explanation, same: Explanation, streaks: Sequence[Streak], previous: Previous
) -> tuple[str | None, str]:
    """The finding about the two cycles, if there is one, and its sentence. What one of them cannot tell was
    neither there nor missing, and nothing is said of ratings that came too early."""
    core, then = _core(now), _core(same)
    facts: dict[str, object] = {"before": day(previous.run.day)}
    if core and len(streaks) == len(core) and all(streak.cycles > 1 for streak in streaks):
        finding = "sustained"
        facts["cycles"] = min(streak.cycles for streak in streaks)
        facts["since"] = day(max(streak.since for streak in streaks))
    elif not then or {now.kind, same.kind} & {*TOO_EARLY}:
        return None, ""
    elif len(streaks) == len(core) and (short := _short(then)):
        finding, facts["signals"] = "new", _quoted(short)
    elif len(_met(then)) == len(then) and (short := _short(core)):
        finding, facts["signals"] = "lost", _quoted(short)
    else:
        return None, ""
    words = session_terms().cycle(finding)
    return finding, words.sentence.format(**{"signals": "", "cycles": "", "since": "", **facts})


def _short(signals: Sequence[SignalEvidence]) -> list[str]:
    return [signal.title for signal in signals if signal.status in ("near", "gap")]


def _quoted(titles: Sequence[str]) -> str:
    return join([f"“{title}”" for title in titles]) if titles else ""


_CHANGES = {
    DecisionStatus.AGREED: "unchanged",
    DecisionStatus.UP: "up",
    DecisionStatus.DOWN: "down",
}
"""Without what has no direction: to and from insufficient evidence."""


def _change(
    now: Explanation, same: Explanation | None, anything: Explanation | None, previous: Previous
) -> str:
    if same is not None:
        judged = "no longer" if now.recommendation == "insufficient_evidence" else "newly"
        return _CHANGES.get(movement(same.recommendation, now.recommendation), f"{judged} judged")
    if anything is None:
        return "not in the earlier run"
    if anything.level == now.level:
        return "new promotion"
    return "new level" if previous.knows_level_of(now) else "other levels"


def _promoted(employee_id: str, previous: Previous) -> Level | None:
    """The level to which the room promoted somebody, if it did."""
    pack = previous.run.pack
    for (who, promotion), made in (previous.decisions or {}).items():
        if who == employee_id and made.decision == BANDS[0]:
            return pack.level(pack.promotion(promotion).to_level)
    return None


def _is_open(
    decision: Decision | None, previous: Previous, now: Explanation, ahead: date | None, *, stayed: bool
) -> bool:
    if not stayed:
        promoted = _promoted(now.employee_id, previous)
        unknown = not previous.knows_level_of(now)
        return promoted is not None and (unknown or (ahead is not None and promoted.id == now.level))
    return decision is not None and (decision.decision == BANDS[0] or decision.follow_up is not None)


def _became(
    now: Explanation,
    anything: Explanation | None,
    decision: Decision | None,
    previous: Previous,
    ahead: date | None,
) -> str:
    if previous.decisions is None:
        return ""
    if anything is not None and anything.level != now.level:
        promoted = _promoted(now.employee_id, previous)
        starts = "now" if ahead is None else f"from {day(ahead)} on"
        moved = f"{anything.level_title} then, {now.level_title} {starts}"
        if not previous.knows_level_of(now):
            decided = f"; promotion to {promoted.title} was decided" if promoted else ""
            return f"The rules have other levels now: {moved}{decided}"
        if promoted is None:
            return f"Level changed without a decision: {moved}"
        if promoted.id == now.level:
            return f"Promotion {'carried out' if ahead is None else 'to be carried out'}: {moved}"
        return f"Level changed otherwise than decided ({promoted.title}): {moved}"
    if decision is None:
        return "Nothing was decided" if anything is not None else ""
    if decision.decision == BANDS[0]:
        return f"Promotion decided on {day(decision.decided_on)}, not carried out"
    return f"Decided on {day(decision.decided_on)}" + (
        f"; follow-up: {decision.follow_up}" if decision.follow_up else ""
    )
