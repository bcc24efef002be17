"""Ratings and rules to explained recommendations: `Roster` and `RulePack` in, `Assessment` out."""

from engine.decide.assessing import assess
from engine.decide.assessment import RECOMMENDATIONS_SCHEMA, Assessment, Outcome
from engine.decide.inference import InferenceError
from engine.decide.program import Program, Programs
from engine.explain.explanations import Explanations, explain
from engine.vocabulary import vocabulary_of
from engine.words.explanation import Explanation, FiredRule, RatingUsed, SignalEvidence

__all__ = [
    "RECOMMENDATIONS_SCHEMA",
    "Assessment",
    "Explanation",
    "Explanations",
    "FiredRule",
    "InferenceError",
    "Outcome",
    "Program",
    "Programs",
    "RatingUsed",
    "SignalEvidence",
    "assess",
    "explain",
    "vocabulary_of",
]
