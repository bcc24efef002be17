"""What edited workbooks change, and what votes say: as lines for a terminal, and as values for programs."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from engine.phrases import count, day, percent
from engine.session import Again, Conflict, Decision, DecisionStatus, decisions_in, session_terms
from reports.calibration.keeping import Kept
from reports.calibration.outcome import Outcome
from reports.calibration.review import Review
from reports.calibration.votes import Ballot, twins
from reports.shown.content import Run
from reports.shown.guidelines import guideline_shares


def outcome_lines(run: Run, outcome: Outcome, *, replace: bool) -> Iterator[str]:
    """Workbook by workbook: decisions, conflicts, problems and notes; then the counts."""
    names = run.names
    for checked, merged in zip(outcome.reviews, outcome.merges, strict=True):
        group = checked.workbook.group
        part = f" ({group.by} {group.value})" if group else ""
        differ = len(merged.conflicts) + len(merged.contradictions) + len(merged.again)
        yield (
            f"{checked.workbook.file}{part}: {len(merged.fresh):,} new, {len(merged.same):,} known, "
            f"{differ:,} in conflict, {checked.undecided:,} undecided"
        )
        yield from (f"  + {_decision(decision, run, names)}" for decision in merged.fresh)
        mark = "~" if replace else "!"
        yield from (f"  {mark} {_conflict(one, run, names, 'is final')}" for one in merged.conflicts)
        yield from (f"  {mark} {_again(one, run, names)}" for one in merged.again)
        beside = "another workbook says"
        yield from (f"  ! {_conflict(one, run, names, beside)}" for one in merged.contradictions)
        yield from (f"  ✗ {problem}" for problem in checked.problems)
        yield from (f"  i {note}" for note in checked.notes)
    counts = Counter(str(decision.status) for decision in outcome.fresh)
    unclear = run.pack.bands["insufficient_evidence"].label.casefold()
    words = {str(DecisionStatus.ASIDE): f"changed from or to {unclear}"}
    decided = [f"{found:,} {words.get(status, status.casefold())}" for status, found in counts.items()]
    if replace and outcome.conflicts:
        moved = sum(one.current.decision != one.proposed.decision for one in outcome.conflicts)
        decided.append(f"{len(outcome.conflicts):,} replaced, {moved:,} of them with another band")
    if replace and outcome.again:
        decided.append(f"{len(outcome.again):,} taken back before and made again")
    yield f"In all: {', '.join(decided) or 'no new decision'}"
    yield from _guidelines(run, outcome)


def _guidelines(run: Run, outcome: Outcome) -> Iterator[str]:
    """The run's guidelines, with the shares that these decisions and those before them leave."""
    before, after = run.people_bands(), run.people_bands(run.bands(decisions_in(outcome.log)))
    for share in guideline_shares(run.session.guidelines, before, after):
        if share.whole:
            yield (
                f"Guideline, not a quota: {run.pack.bands[share.guideline.band].label} "
                f"{share.guideline.words}; {percent(share.before, share.whole, 1)} before, "
                f"{percent(share.after, share.whole, 1)} after ({share.place})"
            )


def _decision(decision: Decision, run: Run, names: Mapping[str, str]) -> str:
    bands = {band: text.label for band, text in run.pack.bands.items()}
    codes = {reason.id: reason.label for reason in session_terms().reasons}
    titles = {promotion.id: promotion.title for promotion in run.pack.promotions}
    who = f"{decision.employee_id} {names.get(decision.employee_id, '')}".strip()
    move = f"{bands[decision.decision]}, agreed"
    if decision.decision != decision.recommendation:
        before, after = bands[decision.recommendation], bands[decision.decision]
        why = " ".join((decision.reason or "").split())
        move = f"{before} → {after} ({codes.get(decision.reason_code or '', '')}: {why})"
    return (
        f"{who}, "
        f"{titles.get(decision.promotion, decision.promotion)}: {move}; "
        f"{decision.decided_by}, {day(decision.decided_on)}"
    )


def differing(conflict: Conflict, run: Run) -> tuple[tuple[str, str, str], ...]:
    """What differs between two decisions: what it is, then as it is proposed and as it is now, in words."""
    proposed, now = vars(conflict.proposed), vars(conflict.current)
    return tuple(
        (name.replace("_", " "), _in_words(proposed[name], run), _in_words(now[name], run))
        for name in conflict.differs
    )


def _in_words(value: str | date | None, run: Run) -> str:
    if isinstance(value, date):
        return day(value)
    labels = {str(band): text.label for band, text in run.pack.bands.items()}
    labels |= {reason.id: reason.label for reason in session_terms().reasons}
    return labels.get(value, value) if value else "nothing"


def _conflict(conflict: Conflict, run: Run, names: Mapping[str, str], other: str) -> str:
    differs = ", ".join(
        what + (f" (“{proposed}”, not “{current}”)" if what in _UNTOLD else "")
        for what, proposed, current in differing(conflict, run)
    )
    return (
        f"{_decision(conflict.proposed, run, names)}; differs in {differs} from what {other}: "
        f"{_decision(conflict.current, run, names)}"
    )


_UNTOLD = ("reason code", "reason", "follow up")
"""What a line about a decision leaves out, at least of one that agrees."""


def _again(again: Again, run: Run, names: Mapping[str, str]) -> str:
    made, taken = _decision(again.proposed, run, names), again.withdrawal
    return f"{made}; this was taken back by {taken.withdrawn_by}: {taken.reason}"


def kept_lines(run: Run, kept: Kept) -> Iterator[str]:
    """The decisions of an earlier run that hold in this one, then the others with the reason."""
    names = kept.names
    decisions = [line.decision for line in kept.lines if isinstance(line.decision, Decision)]
    yield from (f"  + {_decision(decision, run, names)}" for decision in decisions)
    yield from (f"  ✗ {_decision(one.decision, run, names)}: {one.why}" for one in kept.left)
    yield (
        f"{count(len(decisions), 'decision')} kept, {kept.known:,} known, {len(kept.left):,} to be made again"
    )


def kept_json(kept: Kept) -> dict[str, object]:
    """The same for programs."""
    return {
        "kept": [_plain(one.decision) for one in kept.lines if isinstance(one.decision, Decision)],
        "known": kept.known,
        "left": [{**_plain(one.decision), "why": one.why} for one in kept.left],
    }


def withdrawn_line(run: Run, decision: Decision) -> str:
    """The decision that was taken back."""
    return f"Withdrawn: {_decision(decision, run, run.names)}"


def outcome_json(outcome: Outcome) -> dict[str, object]:
    """The same for programs."""
    return {
        "new": [_plain(decision) for decision in outcome.fresh],
        "known": sum(len(merged.same) for merged in outcome.merges),
        "conflicts": [_both(conflict) for conflict in outcome.conflicts],
        "contradictions": [_both(conflict) for conflict in outcome.contradictions],
        "again": [{**_plain(one.proposed), "taken_back": one.withdrawal.reason} for one in outcome.again],
        "problems": [vars(problem) for problem in outcome.problems],
        "notes": [note for checked in outcome.reviews for note in checked.notes],
        "undecided": [checked.undecided for checked in outcome.reviews],
    }


def _both(conflict: Conflict) -> dict[str, object]:
    return {
        "counts": _plain(conflict.current),
        "proposed": _plain(conflict.proposed),
        "differs": list(conflict.differs),
    }


def _plain(decision: Decision) -> dict[str, object]:
    return {
        **vars(decision),
        "decided_on": decision.decided_on.isoformat(),
        "change": str(decision.status).casefold(),
    }


def vote_lines(run: Run, ballots: Sequence[Ballot], copies: int) -> Iterator[str]:
    """How the votes came out, and each recommendation that they differ on or are against."""
    results = Counter(ballot.tally.result for ballot in ballots)
    voted = len(ballots) - results["none"]
    yield (
        f"{count(copies, 'copy', 'copies')}, {voted:,} of {count(len(ballots), 'recommendation')} voted on: "
        f"{results['split']:,} split, {results['against']:,} agreed against the recommendation, "
        f"{results['agreed']:,} agreed with it"
    )
    yield from (f"  {_ballot(ballot, run)}" for ballot in ballots if ballot.tally.discuss)


def _ballot(ballot: Ballot, run: Run) -> str:
    one, votes = ballot.explanation, ballot.tally
    recommended, agreement = run.pack.bands[one.recommendation].label, percent(votes.agreement or 0)
    return (
        f"{one.employee_id} {one.employee_name or ''}, {one.promotion_title}: {votes.words(run.pack)}; "
        f"recommendation {recommended}; agreement {agreement}"
    )


def vote_notes(reviews: Sequence[Review]) -> Iterator[str]:
    """What is in the copies and in no vote."""
    for one, other in twins(reviews):
        yield f"{one} and {other} are identical; is one a copy of the other?"
    for checked in reviews:
        yield from (f"Not counted as a vote: {problem}" for problem in checked.uncounted)
        yield from checked.notes
        if checked.remarks:
            said = count(checked.remarks, "reason or follow-up", "reasons and follow-ups")
            yield (
                f"{checked.workbook.file}: {said} next to the votes; the workbook says nobody's, so read "
                f"{'it' if checked.remarks == 1 else 'them'} in the copy"
            )


def votes_json(ballots: Sequence[Ballot]) -> list[dict[str, object]]:
    """The same for programs; votes are listed by the copies' file names."""
    return [
        {
            "employee_id": ballot.explanation.employee_id,
            "promotion": ballot.explanation.promotion,
            "recommendation": ballot.explanation.recommendation,
            "votes": dict(ballot.votes),
            "agreement": None if ballot.tally.agreement is None else float(ballot.tally.agreement),
        }
        for ballot in ballots
    ]
