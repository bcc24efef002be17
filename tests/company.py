"""An invented product organisation: people, managers of differing leniency, correlated ratings.

Every number comes from a counter-based generator over (seed, stream, person) in whole-number
arithmetic, so the same seed gives the same people on every machine, and a million take seconds.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import accumulate
from pathlib import Path
from typing import Any

import polars as pl
import yaml

from inputs.fields import rating_column
from inputs.roster import PEOPLE_SCHEMA, UNITS_PER_POINT, Roster, Vocabulary
from inputs.samples import SAMPLE_DAY
from inputs.words.names import pack_names

SAMPLE_SEED = 2021
SAMPLE_PEOPLE = 240

LEVEL_SHARES = (6, 21, 35, 23, 7, 6, 1.6, 0.4)
"""Percent of people on each step of an eight-step ladder, lowest first."""
MANAGING_STEPS = 3
"""How many of the eight steps lead people: 20 managers among 240 people."""
YEARS_BEFORE_LEVEL = (0, 0, 2, 5, 8, 9, 13, 17)
"""Years in product that people bring to each step of an eight-step ladder."""
MONTHS_IN_LEVEL = ((8, 1, 5), (14, 6, 11), (30, 12, 23), (33, 24, 47), (15, 48, 90))
"""(percent of people, from months, to months)"""

NAME_STRIDE = 997
"""Prime, so that a walk through the names in such steps repeats none before all are used."""

# Thousandths of a point on a scale with four points between its ends.
AVERAGE = 3_660
PERSON_SPREAD = 500
LENIENCY_SPREAD = 280
COMPETENCY_SPREAD = 80
NOISE_SPREAD = 330
SELF_BIAS = 290
"""About a third of the spread of the managers' ratings, as the research on self ratings expects."""
SELF_INSIGHT = 540
"""Thousandths of the person factor that self ratings share with the manager's: gives r of about .3."""
REACH = 900
"""How much lower a competency far above the person's step is rated, at the end of the ladder."""
GROWTH_PER_MONTH = 9
"""What a month in the level adds, up to three years."""

_GOLDEN = 0x9E3779B97F4A7C15
_MIX_1 = 0xBF58476D1CE4E5B9
_MIX_2 = 0x94D049BB133111EB
_MASK = (1 << 64) - 1
_STREAMS = (
    "level", "slot", "head", "specialisation", "ability", "self_image", "leniency", "habit", "months",
    "day_of_month", "experience", "hired", "thorough", "reviewed", "asked", "answers",
)  # fmt: skip
_RATING_STREAMS = 100
"""The first stream of the ratings, two for each competency."""


@dataclass(frozen=True)
class Organisation:
    """Invented people and their ratings, as clean typed frames of the same height and order."""

    people: pl.DataFrame
    """`inputs.roster.PEOPLE_SCHEMA`."""
    ratings: pl.DataFrame
    """As `Roster.ratings`: Int64 in `UNITS_PER_POINT`, half points on a scale of 1 to 5."""

    @property
    def roster(self) -> Roster:
        """All of them."""
        return Roster.without_file(self.people, self.ratings)


def load_company() -> dict[str, Any]:
    """The names, departments and comments that people are put together from."""
    text = Path(__file__).with_name("company.yaml").read_text(encoding="utf-8")
    company: dict[str, Any] = yaml.safe_load(text)
    return company


def generate_people(
    vocabulary: Vocabulary, n: int = SAMPLE_PEOPLE, seed: int = SAMPLE_SEED, day: date = SAMPLE_DAY
) -> Organisation:
    """`n` people on all levels of the vocabulary, as they stand on `day`."""
    if n < 1:
        raise ValueError("an organisation has at least one person")
    frame = _draw_people(vocabulary, n, seed)
    frame = _draw_managers(frame)
    frame = _draw_dates(frame, len(vocabulary.levels), day)
    return Organisation(_name_people(frame, vocabulary, day), _rate_people(frame, vocabulary, seed))


def _bits(person: pl.Expr, seed: int, stream: int) -> pl.Expr:
    """64 random bits for each person: the finaliser of SplitMix64 over a counter."""
    start = (((seed * 1_000_003 + stream) * _MIX_2) + _GOLDEN) & _MASK
    z = person * pl.lit(_GOLDEN, dtype=pl.UInt64) + pl.lit(start, dtype=pl.UInt64)
    z = (z ^ (z // (1 << 30))) * pl.lit(_MIX_1, dtype=pl.UInt64)
    z = (z ^ (z // (1 << 27))) * pl.lit(_MIX_2, dtype=pl.UInt64)
    return z ^ (z // (1 << 31))


def _bell(bits: pl.Expr) -> pl.Expr:
    """Thousandths of a standard deviation: the sum of four uniform numbers, within 3.4 deviations."""
    parts = [(bits // (1 << shift) % 65_536).cast(pl.Int64) for shift in (0, 16, 32, 48)]
    return (parts[0] + parts[1] + parts[2] + parts[3] - 131_070) * 1000 // 37_837


def _low_bell(bits: pl.Expr, shift: int) -> pl.Expr:
    """The same from 32 of the bits: the sum of two uniform numbers."""
    parts = [(bits // (1 << (shift + step)) % 65_536).cast(pl.Int64) for step in (0, 16)]
    return (parts[0] + parts[1] - 65_535) * 1000 // 26_755


def _pick(table: Sequence[Any], index: pl.Expr) -> pl.Expr:
    """The entries of a short table at each index."""
    return pl.lit(pl.Series(table)).gather(index)


def _resample(table: Sequence[float], steps: int) -> list[float]:
    """A table made for eight steps, for a ladder of another length."""
    return [table[round(step * (len(table) - 1) / max(1, steps - 1))] for step in range(steps)]


def _draw_people(vocabulary: Vocabulary, n: int, seed: int) -> pl.DataFrame:
    """Who is on which step, with what ability, image of themselves and habits of rating."""
    steps = len(vocabulary.levels)
    shares = list(accumulate(_resample(LEVEL_SHARES, steps)))
    ends = [round(n * share / shares[-1]) for share in shares]
    person = pl.col("person")
    draws = pl.DataFrame({"person": pl.int_range(n, dtype=pl.UInt64, eager=True)}).with_columns(
        _bits(person, seed, stream).alias(name) for stream, name in enumerate(_STREAMS)
    )
    place = pl.col("level").rank("ordinal").cast(pl.Int64) - 1
    step = pl.sum_horizontal([(place >= end).cast(pl.Int64) for end in ends[:-1]] or [pl.lit(0, pl.Int64)])
    return draws.with_columns(
        step.alias("step"),
        _bell(pl.col("ability")).alias("ability"),
        _bell(pl.col("self_image")).alias("self_image"),
        _bell(pl.col("leniency")).alias("leniency"),
    )


def _draw_managers(frame: pl.DataFrame) -> pl.DataFrame:
    """Add `manager`, the row of everyone's manager (null at the top), and what depends on the manager."""
    steps = frame["step"].max()
    assert isinstance(steps, int)
    lowest = max(1, steps - MANAGING_STEPS + 1)
    parts = []
    for step in range(steps + 1):
        here = frame.filter(pl.col("step") == step)
        above = frame.filter(pl.col("step") == max(step + 1, lowest))["person"]
        if above.is_empty():
            parts.append(here.with_columns(manager=pl.lit(None, pl.UInt64)))
            continue
        slot = (pl.col("slot") % above.len()).cast(pl.Int64)
        parts.append(here.with_columns(manager=pl.lit(above).gather(slot)))
    frame = pl.concat(parts).sort("person")
    managers = frame.select(
        manager="person",
        manager_leniency="leniency",
        whole_points=pl.col("habit") % 10 < 3,
        manager_head="head",
    )
    leads = pl.col("step") >= lowest
    return frame.join(managers, on="manager", how="left", maintain_order="left").with_columns(
        pl.col("manager_leniency").fill_null(0),
        pl.col("whole_points").fill_null(False),
        head=pl.when(pl.col("step") == lowest).then("head").when(leads).then(None).otherwise("manager_head"),
    )


def _draw_dates(frame: pl.DataFrame, steps: int, day: date) -> pl.DataFrame:
    """Add when everybody entered the level, product work and the company."""
    table = [
        start + place * (end - start) // max(1, percent * 10 - 1)
        for percent, start, end in MONTHS_IN_LEVEL
        for place in range(percent * 10)
    ]
    months = _pick(table, (pl.col("months") % len(table)).cast(pl.Int64))
    before = _pick([int(12 * years) for years in _resample(YEARS_BEFORE_LEVEL, steps)], pl.col("step"))
    jitter = _low_bell(pl.col("experience"), 0) * before // 4000
    first_of_month = pl.col("day_of_month") % 5 < 3
    date_in_month = pl.when(first_of_month).then(1).otherwise(pl.col("day_of_month") // 8 % 28 + 1)
    return frame.with_columns(months_in_level=months).with_columns(
        date_in_month=date_in_month,
        months_in_product=pl.col("months_in_level") + (before + jitter).clip(0, 480),
    ).with_columns(
        months_in_company=pl.col("months_in_level")
        + (pl.col("hired") % 100).cast(pl.Int64) * (pl.col("months_in_product") + 18) // 140,
    ).with_columns(
        _months_before(day, months).alias(name)
        for name, months in (
            ("level_since", "months_in_level"),
            ("product_since", "months_in_product"),
            ("hire_date", "months_in_company"),
        )
    )  # fmt: skip


def _months_before(day: date, months: str) -> pl.Expr:
    """The date so many calendar months before the month of `day`, on everybody's day of the month."""
    month = pl.lit(day.year * 12 + day.month - 1, dtype=pl.Int64) - pl.col(months)
    drawn = pl.date(month // 12, month % 12 + 1, pl.col("date_in_month"))
    return pl.min_horizontal(drawn, pl.lit(day))


def _name_people(frame: pl.DataFrame, vocabulary: Vocabulary, day: date) -> pl.DataFrame:
    """The people as a roster holds them."""
    company = load_company()
    names = [
        f"{given} {family}"
        for culture in company["names"]
        for shift in range(len(culture["family"]))
        for given, family in zip(
            culture["given"], culture["family"][shift:] + culture["family"][:shift], strict=True
        )
    ]
    chief = company["chief_executive"]
    person = pl.col("person").cast(pl.Int64)
    departments, specialisations = company["departments"], company["specialisations"]
    known = pack_names(vocabulary).specialisations
    drawn = (pl.col("specialisation") % len(specialisations)).cast(pl.Int64)
    ids = pl.concat_str(pl.lit("E"), person + 10_001)
    named = frame.with_columns(
        row=(person + 2).cast(pl.UInt32),
        employee_id=ids,
        employee_name=_pick(names, (person + 1) * NAME_STRIDE % len(names)),
    )
    managers = named.select(manager="person", manager_id="employee_id", manager_name="employee_name")
    head = pl.col("head") % len(departments)
    people = named.join(managers, on="manager", how="left", maintain_order="left").with_columns(
        pl.col("manager_id").fill_null(chief["id"]),
        pl.col("manager_name").fill_null(chief["name"]),
        level=_pick([level.id for level in vocabulary.levels], pl.col("step")),
        department=_pick(departments, head.cast(pl.Int64)).fill_null(company["leadership_department"]),
        specialisation=_pick([known.id_of(name) for name in specialisations], drawn),
        specialisation_as_written=_pick(specialisations, drawn),
        product_since=pl.when(pl.col("step") > 0).then("product_since"),
        **_answers(vocabulary),
        review_date=pl.lit(day) - pl.duration(days=(pl.col("reviewed") % 25 + 1).cast(pl.Int64)),
    )
    return people.select(
        (pl.col(name) if name in people.columns else pl.lit(None)).cast(dtype).alias(name)
        for name, dtype in PEOPLE_SCHEMA.items()
    )


def _answers(vocabulary: Vocabulary) -> dict[str, pl.Expr]:
    """What those on the first level answered to the yes/no facts; one in three was asked none of them."""
    asked = (pl.col("step") == 0) & (pl.col("asked") % 3 > 0)
    return {
        fact: pl.when(asked).then(pl.col("answers") // (1 << 4 * place) % 16 < 9)
        for place, fact in enumerate(vocabulary.facts)
    }


def _rate_people(frame: pl.DataFrame, vocabulary: Vocabulary, seed: int) -> pl.DataFrame:
    """Everybody's ratings by manager and self, half points; some managers give whole points only."""
    scale, steps, height = vocabulary.scale, len(vocabulary.levels), len(vocabulary.competencies)
    lowest = int(scale.lowest * UNITS_PER_POINT)
    half_point = int((scale.highest - scale.lowest) * UNITS_PER_POINT) // 8
    growth = (pl.col("months_in_level").clip(0, 36) - 18) * GROWTH_PER_MONTH
    self_person = (
        pl.col("ability") * SELF_INSIGHT + pl.col("self_image") * (1000 - SELF_INSIGHT * 3 // 10)
    ) // 1000
    frame = frame.with_columns(
        by_manager=AVERAGE
        + growth
        + pl.col("ability") * PERSON_SPREAD // 1000
        + pl.col("manager_leniency") * LENIENCY_SPREAD // 1000,
        by_self=AVERAGE + SELF_BIAS + self_person * PERSON_SPREAD // 1000,
        # One review in fourteen is thin; one person in sixteen wrote none of their own.
        manager_gaps=pl.when(pl.col("thorough") % 14 == 0).then(520).otherwise(15),
        self_gaps=pl.when(pl.col("thorough") // 16 % 16 == 0).then(1000).otherwise(40),
    )
    columns = []
    for place, competency in enumerate(vocabulary.competencies):
        stream = _RATING_STREAMS + 2 * place
        noise, gaps = (_bits(pl.col("person"), seed, stream + step) for step in (0, 1))
        taste = place * 7919 % 13 - 6
        above = [max(0.0, place / height - step / steps - 0.25) for step in range(steps)]
        effect = _pick([taste * COMPETENCY_SPREAD // 4 - int(REACH * far) for far in above], pl.col("step"))
        # What a person's step does not show yet is often left out of the review.
        unseen = _pick([140 if far > 0.3 else 0 for far in above], pl.col("step"))
        by_manager = (pl.col("by_manager") + effect + _low_bell(noise, 0) * NOISE_SPREAD // 1000 - 1000) * 2
        by_self = (pl.col("by_self") + effect + _low_bell(noise, 32) * NOISE_SPREAD // 1000 - 1000) * 2
        halves = pl.when("whole_points").then((by_manager + 1000) // 2000 * 2).otherwise(_round(by_manager))
        missing = (gaps % 1000).cast(pl.Int64) < pl.col("manager_gaps") + unseen
        self_missing = (gaps // (1 << 32) % 1000).cast(pl.Int64) < pl.col("self_gaps")
        columns += [
            pl.when(~self_missing)
            .then(lowest + _round(by_self).clip(0, 8) * half_point)
            .alias(rating_column(competency.id, "self")),
            pl.when(~missing)
            .then(lowest + halves.clip(0, 8) * half_point)
            .alias(rating_column(competency.id, "manager")),
        ]
    return frame.select(columns)


def _round(thousandths: pl.Expr) -> pl.Expr:
    return (thousandths + 500) // 1000
