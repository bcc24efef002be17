"""What ratings say about those who rated: shown to HR beside the recommendations, never applied to one."""

from engine.raters.agreement import Agreement, Gap, SelfAndManager
from engine.raters.linking import Links
from engine.raters.manager_ratings import Habit
from engine.raters.raters import Rater, Raters, raters_of
from engine.raters.severity import Difference, Severity

__all__ = [
    "Agreement",
    "Difference",
    "Gap",
    "Habit",
    "Links",
    "Rater",
    "Raters",
    "SelfAndManager",
    "Severity",
    "raters_of",
]
