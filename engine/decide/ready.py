"""The bands alone, under one set of values after another: what no value moves is made ready once.

The bands are those of supposed people (`engine.decide.supposed`) whose ratings are the ones that were given.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TypeVar

import numpy as np
import polars as pl

from engine.decide.assessing import Given
from engine.decide.assessment import RECOMMENDATIONS_SCHEMA, bands_of
from engine.decide.meaning import PromotionMeaning
from engine.decide.program import Program, Programs
from engine.decide.recommending import Recommender
from engine.decide.supposed import INSUFFICIENT, NO_BAND, Bander, Ints, People, managers_ratings
from engine.decide.variants import by_variant
from inputs import Roster
from rules.pack import Promotion, RulePack

_T = TypeVar("_T")
COLUMNS = ("person", "promotion", "recommendation")


@dataclass(frozen=True)
class ReadyPeople:
    """The people of a roster, ready to be judged by a pack with other and other values."""

    day: date
    promotions: Mapping[str, "_Candidates"]

    @classmethod
    def of(
        cls, roster: Roster, pack: RulePack, day: date, earlier: pl.DataFrame | None = None
    ) -> "ReadyPeople":
        """Those for whom a promotion of the pack is open."""
        given = Given(roster, pack, day, earlier)
        return cls(day, {one.id: _Candidates(given, given.candidates(one)) for one in pack.promotions})

    def bands(self, pack: RulePack) -> pl.DataFrame:
        """`COLUMNS` as `assess` finds them with `gaps_allowed`, null where the rules come to none. The pack
        is the same with some values set: its levels and promotions are those that everybody is ready for."""
        pack = pack.on(self.day)
        nobody = pl.DataFrame(schema={name: RECOMMENDATIONS_SCHEMA[name] for name in COLUMNS})
        found = (self.promotions[one.id].bands(pack, one) for one in pack.promotions)
        return pl.concat([nobody, *found]).sort("person", maintain_order=True)


@dataclass(frozen=True)
class _Candidates:
    """The people to whom one promotion is open."""

    given: Given
    people: pl.DataFrame
    _ratings: dict[tuple[str, ...], Ints] = field(default_factory=dict)
    """By the competencies that a specialisation looks at."""
    _programs: dict[object, Program] = field(default_factory=dict)
    _unrated: dict[object, pl.DataFrame] = field(default_factory=dict)
    """What no rating moves; as the programs, of the last values."""

    def bands(self, pack: RulePack, promotion: Promotion) -> pl.DataFrame:
        """`COLUMNS` of these people."""
        found = bands_of(self._codes(pack, promotion)).alias("recommendation")
        return self.people.select("person", pl.lit(promotion.id).alias("promotion"), found)

    def _codes(self, pack: RulePack, promotion: Promotion) -> Ints:
        program = self._program(pack, promotion)
        recommender, unrated = Recommender.of(program), self._not_rated(pack, promotion)
        specialisations = self.given.roster.people["specialisation"].gather(self.people["person"])
        codes = np.full(self.people.height, NO_BAND)
        for variant, places in by_variant(pack, promotion, specialisations):
            bander = Bander.of(pack, PromotionMeaning.of(pack, variant.promotion), program, recommender)
            own = places.to_numpy()
            ratings = self._ratings_of(bander.competencies)[:, own]
            people = People(bander, ratings, bander.times(unrated[places]))
            worst, best = people.range_of(people.ratings)
            told = np.where(worst == best, best, INSUFFICIENT)
            codes[own] = np.where((worst == NO_BAND) | (best == NO_BAND), NO_BAND, told)
        return codes

    def _ratings_of(self, competencies: tuple[str, ...]) -> Ints:
        if competencies not in self._ratings:
            ratings = self.given.roster.ratings[self.people["person"]]
            self._ratings[competencies] = managers_ratings(ratings, competencies)
        return self._ratings[competencies]

    def _program(self, pack: RulePack, promotion: Promotion) -> Program:
        return _last(self._programs, pack.rules_of(promotion), lambda: Programs.of(pack, promotion).band)

    def _not_rated(self, pack: RulePack, promotion: Promotion) -> pl.DataFrame:
        """What no rating moves; of what can be set, only what this is kept by moves it."""

        def found() -> pl.DataFrame:
            unrated = replace(self.given, pack=pack).unrated(promotion, self.people)
            return unrated.with_columns(self.people["person"])

        key = (pack.standard.observation_months, pack.standard.stale_months, promotion.tenure)
        return _last(self._unrated, key, found)


def _last(known: dict[object, _T], key: object, make: Callable[[], _T]) -> _T:
    """What was made for a key, where it is the one of the last time."""
    if key not in known:
        found = make()
        known.clear()
        known[key] = found
    return known[key]
