"""People made up to try rules on: ratings and months, and the roster that the engine is asked about."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

import polars as pl

from engine.decide.assessing import assess
from engine.decide.assessment import Assessment
from engine.decide.cycles import CYCLES_SCHEMA
from engine.phrases import count, number
from inputs import PEOPLE_SCHEMA, RATERS, UNITS_PER_POINT, Roster, rating_column
from rules.pack import Promotion, RulePack
from rules.values import DECIMALS

DAY = date(2026, 6, 28)
"""The day that months are counted back from; before the 29th, so that every month has it."""
HALF_A_MONTH = timedelta(days=14)
Given = Mapping[str, Decimal | None]
"""Competency to rating; None, or no entry, where there is none."""


@dataclass(frozen=True)
class Person:
    """Somebody for one promotion."""

    id: str
    promotion: Promotion
    manager: Given
    own: Given
    """The self ratings."""
    months_in_level: int | None
    """Before the day of the run, as all months here; None where unknown."""
    review_months: int | None
    """None for a review without a date."""
    experience_months: int | None
    """In the profession."""
    specialisation: str | None = None
    """The id of one of the pack's."""
    answers: Mapping[str, bool] = field(default_factory=dict)
    """What the sheet says to yes/no facts, by their ids."""
    cycles_met_before: int | None = None
    """None where no earlier cycle is given."""
    half_a_month_earlier: bool = False
    """Whether the review was half a month earlier still: whole months add up only to a month less then."""

    def __str__(self) -> str:
        """Everything in one line, the most frequent rating told once."""
        parts = [
            _ratings_in_words(who, ratings)
            for who, ratings in (("manager", self.manager), ("self", self.own))
            if any(rating is not None for rating in ratings.values())
        ]
        parts.append(_time_in_words("in the level", self.months_in_level))
        guidance = self.promotion.tenure
        if guidance is not None and guidance.measure == "product_experience":
            parts.append(_time_in_words("of experience", self.experience_months))
        if self.review_months is not None:
            half = " and a half" if self.half_a_month_earlier else ""
            parts.append(f"review {_months(self.review_months, half)} ago")
        if self.cycles_met_before is not None:
            parts.append(f"earlier cycles in a row that met every core signal: {self.cycles_met_before}")
        parts += [f"{fact}: {'yes' if answer else 'no'}" for fact, answer in self.answers.items()]
        return "; ".join(parts) or "nothing rated"


def assess_people(pack: RulePack, people: Sequence[Person], *, gaps_allowed: bool = False) -> Assessment:
    """The people as the engine sees them on `DAY`. Raises `PackError` as `assess` does."""
    known = (one for one in people if one.cycles_met_before is not None)
    told = dict.fromkeys((one.id, one.promotion.id, one.cycles_met_before) for one in known)
    earlier = pl.DataFrame(list(told), schema=dict(CYCLES_SCHEMA), orient="row")
    return assess(roster_of(pack, people), pack, DAY, gaps_allowed=gaps_allowed, earlier=earlier)


def roster_of(pack: RulePack, people: Iterable[Person]) -> Roster:
    """The people as a roster, one row each, in order. Their review is of `DAY` or before."""
    everybody = tuple(people)
    names = [competency.id for competency in pack.competencies]
    ratings = {
        rating_column(name, rater): [
            _units((one.own if rater == "self" else one.manager).get(name)) for one in everybody
        ]
        for name in names
        for rater in RATERS
    }
    rows = [_row(n, one) for n, one in enumerate(everybody)]
    return Roster.without_file(
        pl.DataFrame(rows, schema=PEOPLE_SCHEMA),
        pl.DataFrame(ratings, schema=dict.fromkeys(ratings, pl.Int64)),
    )


def _row(number: int, one: Person) -> dict[str, object]:
    reviewed = _months_before(one.review_months)
    if reviewed is not None and one.half_a_month_earlier:
        reviewed -= HALF_A_MONTH
    return {
        **dict.fromkeys(PEOPLE_SCHEMA),
        **one.answers,
        "row": number,
        "employee_id": one.id,
        "level": one.promotion.from_level,
        "target_level": one.promotion.to_level,
        "specialisation": one.specialisation,
        "level_since": _months_before(one.months_in_level),
        "product_since": _months_before(one.experience_months),
        "review_date": reviewed,
    }


def _units(rating: Decimal | None) -> int | None:
    return None if rating is None else round(rating * UNITS_PER_POINT)


def _months_before(months: int | None) -> date | None:
    if months is None:
        return None
    year, month = divmod(DAY.year * 12 + DAY.month - 1 - months, 12)
    return date(year, month + 1, DAY.day)


def _ratings_in_words(who: str, ratings: Given) -> str:
    values: Sequence[Decimal | None] = list(ratings.values())
    usual = max(dict.fromkeys(values), key=values.count)
    others = [f"{name} {_shown(rating)}" for name, rating in ratings.items() if rating != usual]
    return f"{who} {_shown(usual)} on everything" + (f" but {', '.join(others)}" if others else "")


def _shown(rating: Decimal | None) -> str:
    return "nothing" if rating is None else number(rating, DECIMALS)


def _time_in_words(what: str, months: int | None) -> str:
    return f"time {what} unknown" if months is None else f"{_months(months)} {what}"


def _months(months: int, half: str = "") -> str:
    return f"{months}{half} months" if half else count(months, "month")
