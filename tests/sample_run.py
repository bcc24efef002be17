"""The shipped sample as a summary, made once for all tests of pages in a process."""

from functools import cache

from engine import assess, explain, vocabulary_of
from inputs import load_roster
from inputs.samples import SAMPLE_DAY, shipped_sample
from reports.shown import Summary
from reports.shown.content import summarise
from rules import load_pack


@cache
def sample() -> Summary:
    pack = load_pack("product_management")
    roster = load_roster((shipped_sample(),), vocabulary_of(pack), SAMPLE_DAY)
    assessment = assess(roster, pack, SAMPLE_DAY)
    return summarise(assessment, explain(assessment), "0123456789ab")
