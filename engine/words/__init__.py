"""The values and phrases in which recommendations are told."""

from engine.words.explanation import (
    DevelopmentAction,
    Explanation,
    FiredRule,
    LensPartResult,
    LensResult,
    RatingUsed,
    SignalEvidence,
)

__all__ = [
    "DevelopmentAction",
    "Explanation",
    "FiredRule",
    "LensPartResult",
    "LensResult",
    "RatingUsed",
    "SignalEvidence",
]
