"""The values and phrases in which recommendations are written."""

from engine.words.explanation import (
    Change,
    DevelopmentAction,
    Expectation,
    Explanation,
    FiredRule,
    Key,
    LensPartResult,
    LensResult,
    RatingMove,
    RatingsNeeded,
    RatingUsed,
    Recommendation,
    SignalEvidence,
    WrittenComment,
)
from engine.words.ratings import outcomes_said, scale_note, shown_rating

__all__ = [
    "Change",
    "DevelopmentAction",
    "Expectation",
    "Explanation",
    "FiredRule",
    "Key",
    "LensPartResult",
    "LensResult",
    "RatingMove",
    "RatingUsed",
    "RatingsNeeded",
    "Recommendation",
    "SignalEvidence",
    "WrittenComment",
    "outcomes_said",
    "scale_note",
    "shown_rating",
]
