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
]
