"""What was found for one recommendation, as a value and as columns."""

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import date

import polars as pl
from pydantic import TypeAdapter

from rules.pack import BANDS, Band


@dataclass(frozen=True)
class NewRating:
    """A rating that the manager did not give, or not yet."""

    competency: str
    rating: int
    """In `inputs.UNITS_PER_POINT`."""


@dataclass(frozen=True)
class Way:
    """Other ratings of the manager that lead to another band."""

    ratings: tuple[NewRating, ...]
    """Only those that would be others."""
    band: Band


@dataclass(frozen=True)
class Distance:
    """The fewest rating steps to another band."""

    steps: int | None
    """None where no steps lead there, or none were found."""
    certain: bool
    """Whether fewer steps, or any at all, are ruled out."""
    ways: tuple[Way, ...] = ()
    """With so few steps, the most human first."""
    ways_in_all: int | None = None
    """None where they were not counted."""


@dataclass(frozen=True)
class BandFrom:
    """The band that a rating, or a higher one, leads to."""

    rating: int
    """In `inputs.UNITS_PER_POINT`."""
    band: Band


@dataclass(frozen=True)
class Needed:
    """Missing ratings that settle the band, whatever they turn out to be."""

    competencies: tuple[str, ...]
    outcomes: tuple[BandFrom, ...]
    """By a rating given to all of them, the lowest first."""


@dataclass(frozen=True)
class Step:
    """One rating step that alone changes the band."""

    competency: str
    rating: int
    """That it leads to, in `inputs.UNITS_PER_POINT`."""
    band: Band | None
    """None where missing ratings would leave it open."""


@dataclass(frozen=True)
class Searched:
    """What was found for one recommendation; nothing yet, by default."""

    next_band: Distance | None = None
    """To the next better band; None for the best and for insufficient evidence."""
    ready_now: Distance | None = None
    """To the best band, where that is another one."""
    lost: Distance | None = None
    """To the loss of the band, for who has one."""
    needed: tuple[Needed, ...] = ()
    """Where missing ratings leave the band open."""
    from_day: date | None = None
    """For who is too new: from when there would be enough evidence; for whom a minimum time holds back
    whatever the ratings are: from when it is over."""
    from_day_band: Band | None = None
    """The band then, with the same ratings; None where missing ones leave it open."""
    single_steps: int = 0
    """How many single steps of one rating are possible."""
    turning: tuple[Step, ...] = ()
    """Those that change the band."""


_BAND = pl.Enum(BANDS)
_RATING = {"competency": pl.String, "rating": pl.Int64}
_WAYS = pl.List(pl.Struct({"ratings": pl.List(pl.Struct(_RATING)), "band": _BAND}))
_DISTANCE = pl.Struct({"steps": pl.Int32, "certain": pl.Boolean, "ways": _WAYS, "ways_in_all": pl.Int32})
_OUTCOMES = pl.List(pl.Struct({"rating": pl.Int64, "band": _BAND}))
SEARCHED_SCHEMA: dict[str, pl.DataType] = {
    "next_band": _DISTANCE,
    "ready_now": _DISTANCE,
    "lost": _DISTANCE,
    "needed": pl.List(pl.Struct({"competencies": pl.List(pl.String), "outcomes": _OUTCOMES})),
    "from_day": pl.Date(),
    "from_day_band": _BAND,
    "single_steps": pl.Int32(),
    "turning": pl.List(pl.Struct({**_RATING, "band": _BAND})),
}
"""The fields of `Searched` as columns, one row per recommendation; ratings in `inputs.UNITS_PER_POINT`."""


def searched_frame(found: Iterable[Searched]) -> pl.DataFrame:
    """A table of `SEARCHED_SCHEMA`, in the order given."""
    return pl.DataFrame([asdict(one) for one in found], schema=SEARCHED_SCHEMA)


def searched_of(frame: pl.DataFrame) -> Iterator[Searched]:
    """The opposite of `searched_frame`."""
    return map(_SEARCHED.validate_python, frame.iter_rows(named=True))


_SEARCHED = TypeAdapter(Searched)
