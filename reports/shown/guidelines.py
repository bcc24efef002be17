"""Guidelines: the shares that bands are expected to have, and those that they have. They move nobody."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from rules.pack import BANDS, Band

_GUIDELINE = re.compile(r"(\w+)=(?=.*%)(?:(\d+(?:\.\d{1,2})?)%?)?\.\.(?:(\d+(?:\.\d{1,2})?)%?|%)?")


@dataclass(frozen=True)
class Guideline:
    """A share of the people that somebody expects a band to have: information, never a quota."""

    band: Band
    low: Decimal | None
    """Percent of all people, at most two decimals; None: no lower end."""
    high: Decimal | None

    @property
    def words(self) -> str:
        """The range as people write it: `10 to 20%`, `at most 20%`."""
        if self.low is None:
            return f"at most {self.high}%"
        return f"at least {self.low}%" if self.high is None else f"{self.low} to {self.high}%"

    def place(self, part: int, whole: int) -> str:
        """Whether a share is `within`, `below` or `above` the range; empty of an empty whole."""
        if not whole:
            return ""
        if self.low is not None and 100 * part < self.low * whole:
            return "below"
        return "above" if self.high is not None and 100 * part > self.high * whole else "within"


def read_guideline(text: str) -> Guideline:
    """`ready_now=10..20%`, with one end left out at will. Raises `ValueError` with what would be right."""
    found = _GUIDELINE.fullmatch(text.replace(" ", ""))
    band, low, high = found.groups() if found else ("", None, None)
    if band not in BANDS or (low is None and high is None):
        raise ValueError(
            f"'{text}' is not a guideline; write a band ({', '.join(BANDS)}) and a share of all "
            f"people, such as {BANDS[0]}=10..20% or {BANDS[0]}=..20%"
        )
    ends = [Decimal(end) if end is not None else None for end in (low, high)]
    if any(end is not None and end > 100 for end in ends) or (None not in ends and ends[0] > ends[1]):  # type: ignore[operator]
        raise ValueError(
            f"'{text}' is not a range of shares; write the smaller one first, and none above 100"
        )
    return Guideline(band, *ends)


def read_guidelines(texts: Sequence[str]) -> tuple[Guideline, ...]:
    """Several of them, in the order of the bands. Raises `ValueError` also when a band has two."""
    read = sorted((read_guideline(text) for text in texts), key=lambda one: BANDS.index(one.band))
    twice = [one.band for one, other in pairwise(read) if one.band == other.band]
    if twice:
        raise ValueError(f"{twice[0]} has two guidelines; give one")
    return tuple(read)


@dataclass(frozen=True)
class GuidelineShare:
    """A guideline with the people that its band holds before and after the session."""

    guideline: Guideline
    before: int
    after: int
    whole: int
    """All people with a recommendation."""

    @property
    def place(self) -> str:
        """Where the share after the session is, as `Guideline.place`."""
        return self.guideline.place(self.after, self.whole)


def guideline_shares(
    guidelines: Sequence[Guideline], before: Collection[Band], after: Collection[Band]
) -> tuple[GuidelineShare, ...]:
    """The guidelines with the shares of a run's people, before and after the session: a band for each."""
    return tuple(
        GuidelineShare(
            one, sum(band == one.band for band in before), sum(band == one.band for band in after), len(after)
        )
        for one in guidelines
    )
