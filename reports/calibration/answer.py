"""What edited workbooks change, and what votes say: as lines for a terminal, and as values for programs."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from engine.phrases import count, day, percent
from engine.session import Conflict, Decision, decisions_in, session_terms
from reports.calibration.review import Outcome
from reports.calibration.votes import VOTE_RESULTS, Ballot
from reports.shown.content import Run
from reports.shown.guidelines import guideline_shares


def outcome_lines(run: Run, outcome: Outcome, *, replace: bool) -> Iterator[str]:
    """Workbook by workbook: decisions, conflicts, problems and notes; then the counts."""
    names = {one.employee_id: " ".join((one.employee_name or "").split()) for one in run.explanations}
    for checked, merged in zip(outcome.reviews, outcome.merges, strict=True):
        group = checked.workbook.group
        part = f" ({group.by} {group.value})" if group else ""
        yield (
            f"{checked.workbook.file}{part}: {len(merged.fresh):,} new, {len(merged.same):,} known, "
            f"{len(merged.conflicts):,} in conflict, {checked.undecided:,} undecided"
        )
        yield from (f"  + {_decision(decision, run, names)}" for decision in merged.fresh)
        mark = "~" if replace else "!"
        yield from (f"  {mark} {_conflict(conflict, run, names)}" for conflict in merged.conflicts)
        yield from (f"  ✗ {problem}" for problem in checked.problems)
        yield from (f"  i {note}" for note in checked.notes)
    counts = Counter(str(decision.status) for decision in outcome.fresh)
    decided = ", ".join(f"{found:,} {status.casefold()}" for status, found in counts.items())
    yield f"In all: {decided or 'no new decision'}"
    yield from _guidelines(run, outcome)


def _guidelines(run: Run, outcome: Outcome) -> Iterator[str]:
    """The run's guidelines, with the shares that these decisions and those before them leave."""
    before, after = run.bands(), run.bands(decisions_in(outcome.log))
    for share in guideline_shares(run.session.guidelines, before.values(), after.values()):
        if share.whole:
            yield (
                f"Guideline, not a quota: {run.pack.bands[share.guideline.band].label} "
                f"{share.guideline.words}; {percent(share.before, share.whole, 1)} before, "
                f"{percent(share.after, share.whole, 1)} after ({share.place})"
            )


def _decision(decision: Decision, run: Run, names: Mapping[str, str]) -> str:
    bands = {band: text.label for band, text in run.pack.bands.items()}
    codes = {reason.id: reason.label for reason in session_terms().reasons}
    move = f"{bands[decision.decision]}, agreed"
    if decision.decision != decision.recommendation:
        before, after = bands[decision.recommendation], bands[decision.decision]
        move = f"{before} → {after} ({codes.get(decision.reason_code or '', '')}: {decision.reason})"
    return (
        f"{decision.employee_id} {names[decision.employee_id]}, "
        f"{run.pack.promotion(decision.promotion).title}: {move}; "
        f"{decision.decided_by}, {day(decision.decided_on)}"
    )


def _conflict(conflict: Conflict, run: Run, names: Mapping[str, str]) -> str:
    differs = ", ".join(name.replace("_", " ") for name in conflict.differs)
    return (
        f"{_decision(conflict.proposed, run, names)}; differs in {differs} from what counts: "
        f"{_decision(conflict.current, run, names)}"
    )


def outcome_json(outcome: Outcome) -> dict[str, object]:
    """The same for programs."""
    return {
        "new": [_plain(decision) for decision in outcome.fresh],
        "known": sum(len(merged.same) for merged in outcome.merges),
        "conflicts": [
            {"counts": _plain(c.current), "proposed": _plain(c.proposed), "differs": list(c.differs)}
            for c in outcome.conflicts
        ],
        "problems": [
            {"place": p.place, "employee_id": p.employee_id, "problem": p.problem, "remedy": p.remedy}
            for p in outcome.problems
        ],
        "notes": [note for checked in outcome.reviews for note in checked.notes],
        "undecided": [checked.undecided for checked in outcome.reviews],
    }


def _plain(decision: Decision) -> dict[str, object]:
    return {
        **vars(decision),
        "decided_on": decision.decided_on.isoformat(),
        "change": str(decision.status).casefold(),
    }


def vote_lines(run: Run, ballots: Sequence[Ballot], copies: int) -> Iterator[str]:
    """How the votes came out, and each recommendation that they differ on or are against."""
    results = Counter(ballot.result for ballot in ballots)
    voted = len(ballots) - results["none"]
    yield (
        f"{count(copies, 'copy', 'copies')}, {voted:,} of {count(len(ballots), 'recommendation')} voted on: "
        f"{results['split']:,} split, {results['against']:,} agreed against the recommendation, "
        f"{results['agreed']:,} agreed with it"
    )
    yield from (f"  {_ballot(ballot, run)}" for ballot in ballots if VOTE_RESULTS[ballot.result].discuss)


def _ballot(ballot: Ballot, run: Run) -> str:
    one, bands = ballot.explanation, run.pack.bands
    votes = ", ".join(f"{found} {bands[band].label}" for band, found in ballot.counts.items())
    return (
        f"{one.employee_id} {one.employee_name or ''}, {one.promotion_title}: {votes}; "
        f"recommendation {bands[one.recommendation].label}; agreement {percent(ballot.agreement or 0)}"
    )


def votes_json(ballots: Sequence[Ballot]) -> list[dict[str, object]]:
    """The same for programs; votes are listed by the copies' file names."""
    return [
        {
            "employee_id": ballot.explanation.employee_id,
            "promotion": ballot.explanation.promotion,
            "recommendation": ballot.explanation.recommendation,
            "votes": dict(ballot.votes),
            "agreement": None if ballot.agreement is None else float(ballot.agreement),
        }
        for ballot in ballots
    ]
