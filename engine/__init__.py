"""Ratings and rules to explained recommendations: `Roster` and `RulePack` in, `Assessment` out."""

from engine.decide.assessing import assess
from engine.decide.assessment import RECOMMENDATIONS_SCHEMA, Assessment
from engine.decide.inference import InferenceError
from engine.explain.explanations import MOST_KEPT, Explanations, explain
from engine.vocabulary import vocabulary_of
from engine.words.explanation import Explanation

__all__ = [
    "MOST_KEPT",
    "RECOMMENDATIONS_SCHEMA",
    "Assessment",
    "Explanation",
    "Explanations",
    "InferenceError",
    "assess",
    "explain",
    "vocabulary_of",
]
