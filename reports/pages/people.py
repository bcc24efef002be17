"""The list of people as pages show it: an entry per recommendation, with its place on the page."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from engine.words import Explanation, RatingUsed, Recommendation
from reports.pages.rendering import anchor
from reports.shown.cells import CellNames
from reports.shown.content import Run
from reports.shown.grouped import grouped
from rules.pack import BANDS


@dataclass(frozen=True)
class RatingLine:
    """A rating that a score is made of, with its cells as shown."""

    rating: RatingUsed
    manager_cell: str | None
    self_cell: str | None


@dataclass(frozen=True)
class Other:
    """The same person's recommendation for another promotion."""

    anchor: str
    explanation: Explanation


@dataclass(frozen=True)
class Entry:
    """One recommendation in the list of people."""

    anchor: str
    """`person-` and the employee id; the promotion follows for a person's second one."""
    explanation: Explanation
    manager: str
    band_rank: int
    level_rank: int
    share_met: str
    """Of the signals, from `0.00` to `1.00`."""
    sheet: str | None
    """The sheet that every cell of the ratings is on; None when there are several or none."""
    ratings: tuple[RatingLine, ...]
    others: tuple[Other, ...]


def entries_of(explanations: Sequence[Explanation], run: Run) -> tuple[Entry, ...]:
    """An entry for each recommendation, in the order given, linked to the same person's others."""
    level_ranks = {level.id: rank for rank, level in enumerate(run.pack.levels)}
    band_ranks = {str(band): rank for rank, band in enumerate(BANDS)}
    places = [Other(name, one) for name, one in zip(anchors_of(explanations), explanations, strict=True)]
    of_person = grouped(places, lambda place: place.explanation.person)
    entries = []
    for place in places:
        this = place.explanation
        names = CellNames.of(this)
        met = sum(signal.status == "met" for signal in this.evidence)
        entries.append(
            Entry(
                anchor=place.anchor,
                explanation=this,
                manager=run.manager_label(this),
                band_rank=band_ranks[this.recommendation],
                level_rank=level_ranks[this.level],
                share_met=f"{met / len(this.evidence) if this.evidence else 0:.2f}",
                sheet=names.sheet,
                ratings=ratings_behind(this, names),
                others=tuple(other for other in of_person[this.person] if other is not place),
            )
        )
    return tuple(entries)


def anchors_of(recommendations: Iterable[Recommendation]) -> list[str]:
    """The place of each recommendation on a page, in the order given; no two are the same."""
    seen: set[int] = set()
    anchors = []
    for one in recommendations:
        name = f"person-{anchor(one.employee_id)}"
        anchors.append(f"{name}_-_{anchor(one.promotion)}" if one.person in seen else name)
        seen.add(one.person)
    return anchors


def ratings_behind(explanation: Explanation, names: CellNames) -> tuple[RatingLine, ...]:
    """Every rating that a score is made of, once, in the order of the signals."""
    ratings: dict[str, RatingUsed] = {}
    for signal in explanation.evidence:
        for rating in signal.ratings:
            ratings.setdefault(rating.competency, rating)
    return tuple(
        RatingLine(rating, names.text(rating.manager_cell), names.text(rating.self_cell))
        for rating in ratings.values()
    )
