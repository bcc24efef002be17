"""From ratings and rules to recommendations: facts, distinct cases, the rule engine asked once for each."""

from engine.decide.assessment import Assessment

__all__ = ["Assessment"]
