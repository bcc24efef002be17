"""From ratings and rules to recommendations: facts, distinct cases, the rule engine asked once for each."""

from engine.decide.assessing import cycles_in_file
from engine.decide.assessment import Assessment
from engine.decide.cycles import cycles_known, cycles_through
from engine.decide.joining import joined

__all__ = ["Assessment", "cycles_in_file", "cycles_known", "cycles_through", "joined"]
