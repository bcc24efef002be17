"""Earlier cycles that stand in the file itself: each assessed as a run of its own, before this one."""

from dataclasses import replace

from engine import assess, explain
from engine.decide import Assessment
from inputs import EarlierCycle
from reports.shown.content import Run, run_of
from reports.shown.last_cycle import Previous, last_cycle
from reports.shown.session import LastCycle, Session
from rules.pack import RulePack


def cycle_in_file(assessment: Assessment, run: Run) -> LastCycle | None:
    """What a run shows of the earlier cycles of its own file; None where it has none.

    Evidence lasts over all of them. Whose level began after an earlier cycle is not in it: its ratings are
    about another job.
    """
    before: Previous | None = None
    for one in assessment.roster.earlier:
        then = _run_of(one, assessment.pack, run.fingerprint)
        session = Session(cycle=None if before is None else last_cycle(then, before))
        before = Previous(replace(then, session=session), None, one.name)
    return None if before is None else last_cycle(run, before)


def _run_of(cycle: EarlierCycle, pack: RulePack, fingerprint: str) -> Run:
    assessed = assess(cycle.roster, pack, cycle.end)
    about_then = tuple(one for one in explain(assessed) if one.kind != "earlier_level")
    return run_of(assessed, about_then, fingerprint)
