"""Ratings and rules to explained recommendations: `Roster` and `RulePack` in, `Assessment` out."""

from engine.assessing import assess
from engine.assessment import RECOMMENDATIONS_SCHEMA, Assessment, Outcome
from engine.explaining import explain
from engine.explanation import Explanation, FiredRule, RatingUsed, SignalEvidence
from engine.inference import InferenceError
from engine.program import Program, compile_program
from engine.vocabulary import vocabulary_of

__all__ = [
    "RECOMMENDATIONS_SCHEMA",
    "Assessment",
    "Explanation",
    "FiredRule",
    "InferenceError",
    "Outcome",
    "Program",
    "RatingUsed",
    "SignalEvidence",
    "assess",
    "compile_program",
    "explain",
    "vocabulary_of",
]
