"""From ratings and rules to recommendations: facts, distinct cases, the rule engine asked once for each."""

from engine.decide.assessment import Assessment
from engine.decide.joining import joined

__all__ = ["Assessment", "joined"]
