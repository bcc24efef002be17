"""Explanations that are made when they are asked for."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, overload

import numpy as np
import polars as pl
from numpy.typing import NDArray

from engine.decide.assessment import Assessment
from engine.explain.explaining import explain_people
from engine.explain.questions import Asker, rating_habits
from engine.outlook import search_outlooks, searched_of
from engine.words.explanation import Explanation

AT_ONCE = 1_000
"""So many are made together: what their promotions share is looked up once for all of them."""
MOST_KEPT = 16_000
"""So many of a run are kept at hand, 30 KB each, whatever the size of the run."""


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

    def of(self, places: Sequence[int]) -> list[Explanation]:
        """The explanations of these recommendations, made together where they are not at hand."""
        new = [place for place in places if place not in self.kept]
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
        made = explain_people(some, found, self.asker)
        keys = some.recommendations.select("person", "promotion").iter_rows()
        return {place: made[key] for place, key in zip(places, keys, strict=True)}

    @cached_property
    def asker(self) -> Asker:
        """Who asks the open questions: it knows how all managers rate."""
        roster, pack = self.assessment.roster, self.assessment.pack
        return Asker(pack, rating_habits(roster, pack), has_comments=bool(roster.comments.width))

    def __getstate__(self) -> dict[str, Any]:
        """Without what is at hand: it is made anew sooner than it is copied."""
        return {"assessment": self.assessment, "searched": self.searched, "kept": {}}


@dataclass(frozen=True, eq=False)
class Explanations(Sequence[Explanation]):
    """Some of the explanations of an assessment, in an order of their own.

    An explanation is made when it is asked for, in a loop together with those that follow it. Only so many
    are kept that memory does not grow with them.
    """

    _source: _Source
    _places: NDArray[np.int64]

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

    def chosen(self, wanted: pl.Series) -> "Explanations":
        """Those for which a series of truth values, one for each, says so."""
        return Explanations(self._source, self._places[wanted.to_numpy()])

    @cached_property
    def people(self) -> pl.DataFrame:
        """`person`, `promotion`, and who that is, without explaining anybody: the columns of `Roster.people`,
        one row for each explanation."""
        known = self._source.assessment
        about = known.recommendations[self._places]
        return about.hstack(known.roster.people[about["person"]])
