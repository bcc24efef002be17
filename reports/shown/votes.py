"""Votes that were cast before the session: how many for which band, never whose."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from rules.pack import BANDS, Band, RulePack


@dataclass(frozen=True)
class VoteResult:
    """How the votes on one recommendation came out, and whether the session has to discuss it."""

    words: str
    discuss: bool


VOTE_RESULTS: Mapping[str, VoteResult] = {
    "split": VoteResult("Votes differ", discuss=True),
    "against": VoteResult("All against the recommendation", discuss=True),
    "agreed": VoteResult("All with the recommendation", discuss=False),
    "none": VoteResult("No vote", discuss=False),
}


@dataclass(frozen=True)
class Votes:
    """The votes on one recommendation."""

    recommendation: Band
    cast: Mapping[Band, int]
    """Band to votes; bands without one may be left out."""

    @property
    def counts(self) -> dict[Band, int]:
        """Votes by band, bands without a vote left out, in the order of the bands."""
        return {band: self.cast[band] for band in BANDS if self.cast.get(band)}

    @property
    def total(self) -> int:
        """All of them."""
        return sum(self.cast.values())

    @property
    def agreement(self) -> Fraction | None:
        """Share of the votes that the most frequent band has; None without a vote."""
        return Fraction(max(self.counts.values()), self.total) if self.total else None

    @property
    def against(self) -> int:
        """Votes that differ from the recommendation."""
        return self.total - self.cast.get(self.recommendation, 0)

    @property
    def result(self) -> str:
        """A key of `VOTE_RESULTS`."""
        if not self.total:
            return "none"
        if len(self.counts) > 1:
            return "split"
        return "against" if self.against else "agreed"

    @property
    def discuss(self) -> bool:
        """Whether the session has to talk about it."""
        return VOTE_RESULTS[self.result].discuss

    def words(self, pack: RulePack) -> str:
        """Such as `2 Ready now, 1 Developing`."""
        return ", ".join(f"{n} {pack.bands[band].label}" for band, n in self.counts.items())
