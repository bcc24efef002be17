"""The shipped sample as a run, made once for all tests of pages in a process."""

from dataclasses import replace
from functools import cache

from engine import assess, explain, vocabulary_of
from inputs import load_roster
from inputs.samples import SAMPLE_DAY, shipped_sample
from reports.shown import Run
from reports.shown.content import run_of
from reports.shown.last_cycle import Previous, last_cycle
from rules import load_pack


@cache
def sample() -> Run:
    pack = load_pack("product_management")
    roster = load_roster((shipped_sample(),), vocabulary_of(pack), SAMPLE_DAY)
    assessment = assess(roster, pack, SAMPLE_DAY)
    return run_of(assessment, explain(assessment), "0123456789ab")


def with_earlier(run: Run, earlier: Run) -> Run:
    """A run with an earlier one beside it, in which nothing was decided."""
    return replace(run, session=replace(run.session, cycle=last_cycle(run, Previous(earlier, {}))))
