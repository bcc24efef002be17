"""How groups of people fare: for HR alone, from a file of its own; no rule and no recommendation sees a
group."""

from engine.fairness.comparing import FOUR_FIFTHS, Comparison
from engine.fairness.groups import SMALLEST_GROUP, SOURCE, Fairness, GroupRatio, GroupShares, compare_groups
from engine.fairness.local_law import LawTable, local_law_tables
from engine.fairness.outcomes import MEASURES

__all__ = [
    "FOUR_FIFTHS",
    "MEASURES",
    "SMALLEST_GROUP",
    "SOURCE",
    "Comparison",
    "Fairness",
    "GroupRatio",
    "GroupShares",
    "LawTable",
    "compare_groups",
    "local_law_tables",
]
