"""Decisions of a calibration session: what it may decide, and the status of each decision."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from importlib.resources import files

import yaml
from pydantic import Field, TypeAdapter

from rules.pack import BANDS, Band
from rules.values import Identifier, Part, Text


class DecisionReason(Part):
    """What a decision that differs from the recommendation may rest on."""

    id: Identifier
    label: Text
    tells: bool = True
    """Whether the label says something to whoever reads the written reason beside it."""
    meaning: Text


class AgendaTopic(Part):
    """Why somebody is discussed early, and the question to discuss."""

    id: Identifier
    weight: int = Field(ge=0)
    """How much a discussion can change, compared with the other topics; 0 where it is agreed unless somebody
    objects."""
    title: Text
    question: Text


class SessionTime(Part):
    """How long a session is."""

    minutes: int = Field(ge=1)
    minutes_per_item: int = Field(ge=1)

    @property
    def places(self) -> int:
        """How many recommendations it has time for."""
        return self.minutes // self.minutes_per_item


class CycleFinding(Part):
    """What the evidence of two cycles together shows."""

    id: Identifier
    title: Text
    meaning: Text
    sentence: Text
    """With `{cycles}`, `{since}`, `{before}` and `{signals}` to fill in."""


class LetterTexts(Part):
    """What a letter says to everybody who is not promoted now, whatever was decided and why."""

    role: Text
    """What the program had to do with the decision."""
    correct: Text
    """How to have a rating or a record corrected."""
    review: Text
    """Who looks at it again, with `{days}` and `{deadline}` to fill in."""


@dataclass(frozen=True)
class SessionTerms:
    """The words of the session, from `engine/calibration.yaml`."""

    reasons: tuple[DecisionReason, ...]
    decisions: Mapping[Band, str]
    """What follows from deciding a band."""
    letter: LetterTexts
    agenda: tuple[AgendaTopic, ...]
    time: SessionTime
    split: str
    """The question where votes differ."""
    rest: str
    """The reason of what was agreed to with the rest."""
    cycles: tuple[CycleFinding, ...]
    same_review: str
    """Added to a finding when every rating of the person is the same as before."""
    same_day: str
    """Said where the review is of the same day as before."""
    protected: tuple[str, ...]
    """Words of headers that nobody is grouped by."""

    def cycle(self, finding: str) -> CycleFinding:
        """A finding about two cycles by its id."""
        return next(one for one in self.cycles if one.id == finding)


@cache
def session_terms() -> SessionTerms:
    """The vocabulary that ships with the product."""
    raw = yaml.safe_load(files("engine.session").joinpath("calibration.yaml").read_text(encoding="utf-8"))
    return TypeAdapter(SessionTerms).validate_python(raw)


@dataclass(frozen=True)
class Entry:
    """What the session filled in for one person and promotion; nothing yet, by default."""

    decision: Band | None = None
    reason_code: str | None = None
    """An id of `SessionTerms.reasons`."""
    reason: str | None = None
    decided_by: str | None = None
    decided_on: date | None = None
    follow_up: str | None = None

    @property
    def empty(self) -> bool:
        """Nothing was filled in; a follow-up note alone decides nothing."""
        return not any((self.decision, self.reason_code, self.reason, self.decided_by, self.decided_on))


def is_own_decision(decided_by: str | None, name: str | None) -> bool:
    """Whether a decision is by somebody of the name of whom it is about: `Marlow, Ines`, `ines marlow`."""
    spoken = [sorted((text or "").casefold().replace(",", " ").split()) for text in (decided_by, name)]
    return bool(spoken[0]) and spoken[0] == spoken[1]


class DecisionStatus(StrEnum):
    """The status of one row in the session; the workbook's formulas give the same words."""

    UNDECIDED = "Undecided"
    AGREED = "Agreed"
    UP = "Changed up"
    DOWN = "Changed down"
    ASIDE = "Neither up nor down"
    """From or to insufficient evidence, which has no place in the order of bands."""
    DECISION_MISSING = "Decision missing"
    REASON_MISSING = "Reason missing"
    DECIDER_MISSING = "Decider or date missing"
    TWO_PROMOTIONS = "Two promotions"
    """Ready now decided for two promotions of the same person."""
    UNKNOWN_DECISION = "Not in the list"


SETTLED = (DecisionStatus.AGREED, DecisionStatus.UP, DecisionStatus.DOWN, DecisionStatus.ASIDE)
"""Complete decisions."""
FAULTY = (
    DecisionStatus.DECISION_MISSING,
    DecisionStatus.REASON_MISSING,
    DecisionStatus.DECIDER_MISSING,
    DecisionStatus.TWO_PROMOTIONS,
    DecisionStatus.UNKNOWN_DECISION,
)
"""What still has to be fixed before a decision counts."""


def decision_status(entry: Entry, recommendation: Band, *, promoted_elsewhere: bool) -> DecisionStatus:
    """The status of a row; `promoted_elsewhere`: another promotion of the person is decided ready now."""
    if entry.decision is None:
        return DecisionStatus.UNDECIDED if entry.empty else DecisionStatus.DECISION_MISSING
    if entry.decision == BANDS[0] and promoted_elsewhere:
        return DecisionStatus.TWO_PROMOTIONS
    if entry.decision != recommendation and not (entry.reason_code and entry.reason):
        return DecisionStatus.REASON_MISSING
    if not (entry.decided_by and entry.decided_on):
        return DecisionStatus.DECIDER_MISSING
    return movement(recommendation, entry.decision)


def movement(before: Band, after: Band) -> DecisionStatus:
    """What a complete decision did to a band: agreed, up, down, or aside of the order."""
    if before == after:
        return DecisionStatus.AGREED
    if "insufficient_evidence" in (before, after):
        return DecisionStatus.ASIDE
    return DecisionStatus.UP if BANDS.index(after) < BANDS.index(before) else DecisionStatus.DOWN
