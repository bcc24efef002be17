"""What ratings say about those who rated: shown to HR beside the recommendations, never applied to one."""

from engine.raters.agreement import Agreement, SelfAndManager
from engine.raters.linking import Links
from engine.raters.raters import Rater, Raters, raters_of
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
    "Links",
    "ManagerOnVignettes",
    "Rater",
    "Raters",
    "RoomOnVignettes",
    "SelfAndManager",
    "Vignette",
    "raters_of",
    "room_of",
    "vignettes_of",
]
