"""Pre-votes: several copies of a workbook filled in before the meeting, read side by side."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from pathlib import Path

from engine.words import Explanation
from reports.calibration.review import Review
from reports.run.replacing import locked, whole_file
from reports.run.vote_counts import write_votes
from reports.shown.content import Run
from reports.shown.votes import Votes
from reports.workbook import write_workbook
from reports.workbook.topics import agenda_of
from rules.pack import Band


@dataclass(frozen=True)
class Ballot:
    """What the voters would decide for one person and promotion."""

    explanation: Explanation
    votes: tuple[tuple[str, Band], ...]
    """Voter (the copy's file name) and band; voters who left the row empty are not there."""

    @cached_property
    def tally(self) -> Votes:
        """How many for which band."""
        return Votes(self.explanation.recommendation, Counter(band for _, band in self.votes))


def write_voted(run: Run, ballots: Sequence[Ballot], folder: Path, path: Path) -> None:
    """Write the calibration workbook with the votes in it, and keep their counts in the run's folder."""
    votes = {ballot.explanation.key: ballot.tally for ballot in ballots if ballot.votes}
    with locked(folder):
        write_votes(votes, folder)
    entries = {key: decision.entry for key, decision in run.decisions.items()}
    with whole_file(path) as fresh:
        write_workbook(replace(run, votes=votes), fresh, entries=entries)


def count_votes(run: Run, reviews: Sequence[Review]) -> tuple[Ballot, ...]:
    """Everybody's ballot, where the votes differ most first, then where they differ from the recommendation,
    then in the order of the agenda."""
    voters = _voters(reviews)
    order = {item.index: place for place, item in enumerate(agenda_of(run))}
    ballots = [
        Ballot(
            one,
            tuple(
                (voter, review.votes[one.key])
                for voter, review in zip(voters, reviews, strict=True)
                if one.key in review.votes
            ),
        )
        for one in run.explanations
    ]

    def rank(place: int) -> tuple[bool, Fraction, int, int]:
        votes = ballots[place].tally
        agreement = votes.agreement
        return agreement is None, agreement or Fraction(1), -votes.against, order.get(place, len(order))

    return tuple(ballots[place] for place in sorted(range(len(ballots)), key=rank))


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
