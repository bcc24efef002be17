"""Earlier cycles that stand in the file itself: each assessed as a run of its own, before this one."""

from dataclasses import replace

import polars as pl

from engine import assess, explain
from engine.decide import Assessment, cycles_through
from engine.outlook import Searched, searched_frame
from reports.shown.content import Run, run_of
from reports.shown.last_cycle import Previous, last_cycle
from reports.shown.session import LastCycle, Session


def cycle_in_file(assessment: Assessment, run: Run) -> LastCycle | None:
    """What a run shows of the earlier cycles of its own file; None where it has none.

    Evidence lasts over all of them. Whose level began after an earlier cycle is not in it: its ratings are
    about another job.
    """
    before: Previous | None = None
    met: pl.DataFrame | None = None
    rosters = [*(one.roster for one in assessment.roster.earlier), assessment.roster]
    for one, after in zip(assessment.roster.earlier, rosters[1:], strict=True):
        assessed = assess(one.roster, assessment.pack, one.end, gaps_allowed=True, earlier=met)
        met = cycles_through(assessed, after)
        then = _run_of(assessed, run.fingerprint)
        session = Session(cycle=None if before is None else last_cycle(then, before))
        before = Previous(replace(then, session=session), None, one.name)
    return None if before is None else last_cycle(run, before)


def _run_of(assessed: Assessment, fingerprint: str) -> Run:
    """Bands and statuses of then; what would have changed them nobody asks any more."""
    unsearched = searched_frame([Searched()] * assessed.recommendations.height)
    everybody = explain(assessed, unsearched)
    about_then = everybody.chosen(everybody.table()["kind"].ne_missing("earlier_level"))
    return run_of(assessed, about_then, fingerprint)
