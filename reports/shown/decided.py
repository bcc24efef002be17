"""A decision of the session as every report says it, in the same words."""

from dataclasses import dataclass

from engine.session import Decision, session_terms
from rules.pack import RulePack


@dataclass(frozen=True)
class Decided:
    """What was decided on one recommendation, in words."""

    decision: Decision
    label: str
    """The band that was decided."""
    means: str
    """What follows from it, such as `no promotion in this cycle`."""
    reason: str | None
    """What it rests on, and what the room wrote; None where neither was given."""
    recommended: str
    """The band that the rules recommended."""

    @classmethod
    def of(cls, decision: Decision, pack: RulePack) -> "Decided":
        """The words of a decision."""
        terms = session_terms()
        codes = {one.id: one.label for one in terms.reasons if one.tells or not decision.reason}
        told = [part for part in (codes.get(decision.reason_code or ""), decision.reason) if part]
        return cls(
            decision,
            pack.bands[decision.decision].label,
            terms.decisions[decision.decision],
            ": ".join(told) or None,
            pack.bands[decision.recommendation].label,
        )

    @property
    def changed(self) -> bool:
        """Whether it differs from what the rules recommended."""
        return self.decision.decision != self.decision.recommendation
