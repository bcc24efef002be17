"""Explanations that are made when they are asked for."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, overload

import numpy as np
import polars as pl
from numpy.typing import NDArray

from engine.decide.assessment import Assessment
from engine.decide.evidence import agreement_of, status_of
from engine.decide.variants import variants_of
from engine.explain.explaining import explain_people, recommendation_of
from engine.explain.notable import NOTABLE_SCHEMA, notable_of
from engine.explain.questions import Asker, rating_habits
from engine.explain.signal_overrides import signal_overrides
from engine.explain.table import table_of
from engine.outlook import search_outlooks, searched_of
from engine.words.explanation import Explanation, Recommendation
from inputs import OwnScale, Rater
from rules.pack import AGREEMENTS, BANDS, STATUSES, Agreement, Band, Status

AT_ONCE = 1_000
"""So many are made together: what their promotions share is looked up once for all of them."""
MOST_KEPT = 4_000
"""So many of a run are kept at hand, some 30 KB each, whatever the size of the run."""

SignalCase = tuple[str, str, Status, Agreement]
"""Promotion id, signal id, and how the signal stands."""


def explain(assessment: Assessment, searched: pl.DataFrame | None = None) -> "Explanations":
    """Every recommendation explained, in the order of `Assessment.recommendations`.

    `searched` is what `engine.outlook.search_outlooks` found, as a table in the same order; without it, what
    would change a recommendation is searched when its explanation is asked for.
    """
    return Explanations(_Source(assessment, searched), np.arange(assessment.recommendations.height))


@dataclass(frozen=True)
class _Source:
    """Where explanations come from, and those that are at hand."""

    assessment: Assessment
    searched: pl.DataFrame | None
    kept: dict[int, Explanation] = field(default_factory=dict)
    """By the place in `Assessment.recommendations`."""
    seen: dict[int, tuple[object, ...]] = field(default_factory=dict)
    """Rows of `NOTABLE_SCHEMA`, by the place as well."""

    def of(self, places: Sequence[int]) -> list[Explanation]:
        """The explanations of these recommendations, made together where they are not at hand."""
        new = [place for place in dict.fromkeys(places) if place not in self.kept]
        made = self._made(new) if new else {}
        explanations = [self.kept[place] if place in self.kept else made[place] for place in places]
        if len(self.kept) + len(made) > MOST_KEPT:
            self.kept.clear()
        self.kept.update(made)
        return explanations

    def _made(self, places: Sequence[int]) -> dict[int, Explanation]:
        some = self.assessment.some(places)
        if self.searched is None:
            found = search_outlooks(some)
        else:
            found = tuple(searched_of(self.searched[list(places)]))
        made = explain_people(some, found, self.asker(some))
        keys = some.recommendations.select("person", "promotion").iter_rows()
        return {place: made[key] for place, key in zip(places, keys, strict=True)}

    def notable(self, places: Sequence[int]) -> pl.DataFrame:
        """The table of `NOTABLE_SCHEMA` for these recommendations, looked up where it is not at hand."""
        new = [place for place in places if place not in self.seen]
        if new:
            some = self.assessment.some(new)
            self.seen.update(zip(new, notable_of(some, self.asker(some).habits).iter_rows(), strict=True))
        return pl.DataFrame([self.seen[place] for place in places], NOTABLE_SCHEMA, orient="row")

    def asker(self, some: Assessment) -> Asker:
        """Who asks the open questions about some of the recommendations."""
        roster, pack = self.assessment.roster, self.assessment.pack
        habits = rating_habits(roster, pack, some.recommendations["person"])
        return Asker(pack, habits, has_comments=bool(roster.comments.width))

    def __getstate__(self) -> dict[str, Any]:
        """Without what is at hand: it is made anew sooner than it is copied."""
        return {"assessment": self.assessment, "searched": self.searched, "kept": {}, "seen": {}}


@dataclass(frozen=True, eq=False)
class Explanations(Sequence[Explanation]):
    """Some of the explanations of an assessment, in an order of their own.

    An explanation is made when it is asked for, in a loop together with those that follow it. Only so many
    are kept that memory does not grow with them.
    """

    _source: _Source
    _places: NDArray[np.int64]

    @property
    def assessment(self) -> Assessment:
        """What they are made from, everybody's."""
        return self._source.assessment

    @property
    def scales(self) -> Mapping[Rater, OwnScale]:
        """How the file writes ratings, where that is not on the pack's scale."""
        return self._source.assessment.roster.scales

    @cached_property
    def columns(self) -> frozenset[str]:
        """The ratings and comments for which the file has a column, as `rating_column` and `comment_column`
        name them."""
        roster = self._source.assessment.roster
        return frozenset((*roster.ratings.columns, *roster.comments.columns))

    def __len__(self) -> int:
        return len(self._places)

    @overload
    def __getitem__(self, index: int) -> Explanation: ...
    @overload
    def __getitem__(self, index: slice) -> "Explanations": ...
    def __getitem__(self, index: int | slice) -> "Explanation | Explanations":
        if isinstance(index, slice):
            return Explanations(self._source, self._places[index])
        return self._source.of([int(self._places[index])])[0]

    def __iter__(self) -> Iterator[Explanation]:
        for start in range(0, len(self), AT_ONCE):
            yield from self._source.of(self._places[start : start + AT_ONCE].tolist())

    def __eq__(self, other: object) -> bool:
        """Whether the other sequence holds the same explanations in the same order."""
        return isinstance(other, Sequence) and tuple(self) == tuple(other)

    __hash__ = None  # type: ignore[assignment]

    def at(self, places: Sequence[int]) -> "Explanations":
        """Those at some places, in their order."""
        return Explanations(self._source, self._places[np.array(places, dtype=np.int64)])

    def joined(self, parts: Sequence["Explanations"]) -> "Explanations":
        """Some parts of these, one after the other."""
        return Explanations(self._source, np.concatenate([part._places for part in parts]))

    def make(self) -> None:
        """Make these together, which is sooner than one part after the other, and keep them at hand; where
        they are more than are kept, they wait until they are asked for."""
        if len(self) <= MOST_KEPT:
            self._source.of(self._places.tolist())

    def keep(self, made: Mapping[int, Explanation]) -> None:
        """Have explanations at hand that were made elsewhere, by their places in
        `Assessment.recommendations`."""
        self._source.kept.update(made)

    def chosen(self, wanted: pl.Series) -> "Explanations":
        """Those for which a series of truth values, one for each, says so."""
        return Explanations(self._source, self._places[wanted.to_numpy()])

    @cached_property
    def recommendations(self) -> tuple[Recommendation, ...]:
        """What is recommended, without explaining it."""
        pack = self._source.assessment.pack
        overridden = {
            (variant.base.id, variant.specialisation.id)
            for promotion in self._source.assessment.promotions
            for variant in variants_of(pack, promotion)
            if variant.specialisation is not None and signal_overrides(pack, variant)
        }
        return tuple(
            recommendation_of(pack, row, overridden=(row["promotion"], row["specialisation"]) in overridden)
            for row in self.people.iter_rows(named=True)
        )

    def table(self) -> pl.DataFrame:
        """`TABLE_SCHEMA`: what is known of each without a sentence."""
        return table_of(self._source.assessment.some(self._places.tolist()))

    def notable(self) -> pl.DataFrame:
        """`NOTABLE_SCHEMA`: what makes each worth talking about, without explaining anybody."""
        return self._source.notable(self._places.tolist())

    def bands(self) -> dict[Band, int]:
        """How many are of each band, the best first; every band is there."""
        known = self._source.assessment.recommendations["recommendation"][self._places.tolist()]
        counts = dict(known.cast(pl.String).value_counts().iter_rows())
        return {band: counts.get(band, 0) for band in BANDS}

    def signal_counts(self) -> Counter[SignalCase]:
        """How often each signal of a promotion has each status and agreement, without explaining anybody."""
        counts: Counter[SignalCase] = Counter()
        some = self._source.assessment.some(self._places.tolist())
        for promotion in some.promotions:
            evidence = some.of(promotion).evidence
            for signal in promotion.signals:
                kinds = evidence.group_by(status_of(signal.id), agreement_of(signal.id)).len()
                for status, agreement, people in kinds.iter_rows():
                    counts[promotion.id, signal.id, STATUSES[status], AGREEMENTS[agreement]] = people
        return counts

    @cached_property
    def people(self) -> pl.DataFrame:
        """`person`, `promotion`, and who that is, without explaining anybody: the columns of `Roster.people`,
        one row for each explanation."""
        known = self._source.assessment
        about: pl.DataFrame = known.recommendations[self._places.tolist()]
        return about.hstack(known.roster.people[about["person"]])
