"""What ratings say about those who rated: shown to HR beside the recommendations, never applied to one."""

from engine.raters.agreement import Agreement, Gap, SelfAndManager
from engine.raters.facets import RaterSeverity
from engine.raters.linking import Links
from engine.raters.manager_ratings import Habit
from engine.raters.raters import Rater, Raters, raters_of
from engine.raters.severity import Difference, Severity
from engine.raters.vignettes import (
    Answers,
    ManagerOnVignettes,
    RoomOnVignettes,
    Vignette,
    room_of,
    vignettes_of,
)

__all__ = [
    "Agreement",
    "Answers",
    "Difference",
    "Gap",
    "Habit",
    "Links",
    "ManagerOnVignettes",
    "Rater",
    "RaterSeverity",
    "Raters",
    "RoomOnVignettes",
    "SelfAndManager",
    "Severity",
    "Vignette",
    "raters_of",
    "room_of",
    "vignettes_of",
]
