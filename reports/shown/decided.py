"""A decision of the session as every report says it, in the same words."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from engine.session import Decision, LogLine, session_terms
from engine.words import Key
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


@dataclass(frozen=True)
class Revised:
    """A decision that did not stay: what it said, what came instead, by whom, when and why."""

    key: Key
    before: str
    after: str
    by: str
    on: date
    reason: str | None


def revised_in(log: Iterable[LogLine], pack: RulePack) -> list[Revised]:
    """Every decision that was made again or taken back, in the order of the log."""
    found = []
    for line in log:
        if line.before is None:
            continue
        made, before = line.decision, pack.bands[line.before].label
        if isinstance(made, Decision):
            words = Decided.of(made, pack)
            found.append(
                Revised(made.key, before, words.label, made.decided_by, made.decided_on, words.reason)
            )
        else:
            on = line.applied_at.date()
            found.append(Revised(made.key, before, "taken back", made.withdrawn_by, on, made.reason))
    return found
