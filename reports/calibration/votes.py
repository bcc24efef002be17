"""Pre-votes: several copies of a workbook filled in before the meeting, read side by side."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from engine.words import Explanation
from reports.calibration.review import Review
from reports.shown.content import Run
from reports.workbook.topics import agenda_of
from rules.pack import BANDS, Band


@dataclass(frozen=True)
class VoteResult:
    """How the votes on one recommendation came out, and whether the session has to discuss it."""

    words: str
    discuss: bool


VOTE_RESULTS: dict[str, VoteResult] = {
    "split": VoteResult("Votes differ", discuss=True),
    "against": VoteResult("All against the recommendation", discuss=True),
    "agreed": VoteResult("All with the recommendation", discuss=False),
    "none": VoteResult("No vote", discuss=False),
}


@dataclass(frozen=True)
class Ballot:
    """What the voters would decide for one person and promotion."""

    explanation: Explanation
    votes: tuple[tuple[str, Band], ...]
    """Voter (the copy's file name) and band; voters who left the row empty are not there."""

    @property
    def counts(self) -> dict[Band, int]:
        """Votes by band, bands without a vote left out, in the order of the bands."""
        counted = Counter(band for _, band in self.votes)
        return {band: counted[band] for band in BANDS if counted[band]}

    @property
    def agreement(self) -> Fraction | None:
        """Share of the votes that the most frequent band has; None without a vote."""
        return Fraction(max(self.counts.values()), len(self.votes)) if self.votes else None

    @property
    def against(self) -> int:
        """Votes that differ from the recommendation."""
        return sum(band != self.explanation.recommendation for _, band in self.votes)

    @property
    def result(self) -> str:
        """A key of `VOTE_RESULTS`."""
        if not self.votes:
            return "none"
        if len(self.counts) > 1:
            return "split"
        return "against" if self.against else "agreed"


def count_votes(run: Run, reviews: Sequence[Review]) -> tuple[Ballot, ...]:
    """Everybody's ballot, where the votes differ most first, then where they differ from the recommendation,
    then in the order of the agenda."""
    voters = _voters(reviews)
    order = {item.index: place for place, item in enumerate(agenda_of(run))}
    ballots = [
        (
            index,
            Ballot(
                one,
                tuple(
                    (voter, band)
                    for voter, review in zip(voters, reviews, strict=True)
                    if (band := review.votes.get(one.key)) is not None
                ),
            ),
        )
        for index, one in enumerate(run.explanations)
    ]
    ranked = sorted(
        ballots,
        key=lambda pair: (
            pair[1].agreement is None,
            pair[1].agreement or 1,
            -pair[1].against,
            order.get(pair[0], len(order)),
            pair[0],
        ),
    )
    return tuple(ballot for _, ballot in ranked)


def _voters(reviews: Sequence[Review]) -> list[str]:
    """A name for each copy: its file's, numbered where several files have the same."""
    seen: Counter[str] = Counter()
    names = []
    for review in reviews:
        file = review.workbook.file
        seen[file] += 1
        names.append(file if seen[file] == 1 else f"{file} ({seen[file]})")
    return names


def twins(reviews: Sequence[Review]) -> list[tuple[str, str]]:
    """Copies with votes that are the same byte for byte: either a file given twice, or a copy of a copy."""
    first: dict[str, str] = {}
    found = []
    for voter, review in zip(_voters(reviews), reviews, strict=True):
        if review.votes and review.workbook.sha256 in first:
            found.append((first[review.workbook.sha256], voter))
        first.setdefault(review.workbook.sha256, voter)
    return found
