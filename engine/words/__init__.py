"""The values and phrases in which recommendations are told."""

from engine.words.explanation import (
    DevelopmentAction,
    Expectation,
    Explanation,
    FiredRule,
    Key,
    LensPartResult,
    LensResult,
    RatingUsed,
    Recommendation,
    SignalEvidence,
)

__all__ = [
    "DevelopmentAction",
    "Expectation",
    "Explanation",
    "FiredRule",
    "Key",
    "LensPartResult",
    "LensResult",
    "RatingUsed",
    "Recommendation",
    "SignalEvidence",
]
