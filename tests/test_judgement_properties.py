"""What has to hold of every recommendation under the shipped packs, on thousands of random people.

By hand, with 20,000 people for each pack and property:  READINESS_PEOPLE=10000 pytest <this file>
"""

import csv
import os
import random
from collections.abc import Callable, Iterator
from dataclasses import replace
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
import polars as pl
import pytest

from engine import assess, explain, vocabulary_of
from inputs import UNITS_PER_POINT, Roster
from inputs.loading import load_roster
from inputs.mapping import FileMapping
from inputs.samples import SAMPLE_DAY
from rules import RulePack, Signal, load_pack
from rules.pack import BANDS, CONFIDENCES, Promotion
from tests.company import generate_people
from tests.random_packs import random_roster

PACKS = ("product_management", "software_engineering")
PEOPLE = int(os.environ.get("READINESS_PEOPLE", "1500"))
"""Of each kind, for each pack and property."""
WRITTEN = 150
"""People in a file of each way to write ratings."""
STEP, HIGHEST = UNITS_PER_POINT // 2, 5 * UNITS_PER_POINT
UNTOLD = BANDS.index("insufficient_evidence")


class Answer(NamedTuple):
    """Places in `BANDS` and `CONFIDENCES`: the lower the better."""

    band: int
    confidence: int
    worst: int
    best: int


Answers = dict[tuple[int, str], Answer]
"""By person and promotion."""


@cache
def shipped(name: str) -> RulePack:
    return load_pack(name)


@cache
def everybody(name: str) -> Roster:
    """People far from any company, and people as a company has them."""
    drawn = random_roster(7, shipped(name), SAMPLE_DAY, PEOPLE)
    company = generate_people(vocabulary_of(shipped(name)), n=PEOPLE, seed=7)
    people = pl.concat([drawn.people, company.people.select(drawn.people.columns)])
    ratings = pl.concat([drawn.ratings, company.ratings], how="diagonal")
    return Roster.without_file(people, ratings)


def some_of(people: Roster, rows: range) -> Roster:
    return Roster.without_file(people.people[rows], people.ratings[rows])


def answers(people: Roster, pack: RulePack) -> Answers:
    found = assess(people, pack, SAMPLE_DAY).recommendations
    columns = ("recommendation", "confidence", "worst_band", "best_band")
    return {
        (person, promotion): Answer(
            BANDS.index(band), CONFIDENCES.index(confidence), BANDS.index(worst), BANDS.index(best)
        )
        for person, promotion, band, confidence, worst, best in found.select(
            "person", "promotion", *columns
        ).iter_rows()
    }


def reach(answer: Answer) -> tuple[int, int]:
    """The worst and the best band that it leaves possible: insufficient evidence leaves all of them."""
    if answer.worst == answer.best == UNTOLD:
        return BANDS.index("developing"), BANDS.index("ready_now")
    return answer.worst, answer.best


@cache
def as_they_are(name: str) -> Answers:
    return answers(everybody(name), shipped(name))


def changed(people: Roster, rater: str, new: Callable[[pl.Series], pl.Series]) -> Roster:
    """The same people with other ratings by one rater."""
    columns = [
        new(column) if column.name.endswith(f":{rater}") else column
        for column in people.ratings.get_columns()
    ]
    return replace(people, ratings=pl.DataFrame(columns))


def with_dice(
    share: float, new: Callable[[np.random.Generator, pl.Series], pl.Series]
) -> Callable[..., pl.Series]:
    """A change of this share of the ratings."""
    dice = np.random.default_rng(3)

    def change(column: pl.Series) -> pl.Series:
        chosen = pl.Series(dice.random(len(column)) < share)
        return new(dice, column).zip_with(chosen, column).alias(column.name)

    return change


def higher(dice: np.random.Generator, column: pl.Series) -> pl.Series:
    return (column + pl.Series(dice.integers(1, 6, len(column))) * STEP).clip(upper_bound=HIGHEST)


def blank(_: np.random.Generator, column: pl.Series) -> pl.Series:
    return pl.Series([None] * len(column), dtype=pl.Int64)


def any_rating(dice: np.random.Generator, column: pl.Series) -> pl.Series:
    return pl.Series(dice.integers(2, 11, len(column))) * STEP


@pytest.mark.parametrize("name", PACKS)
@pytest.mark.parametrize("share", [0.02, 0.3])
def test_raising_a_managers_rating_never_lowers_a_band(name: str, share: float) -> None:
    before = as_they_are(name)
    after = answers(changed(everybody(name), "manager", with_dice(share, higher)), shipped(name))
    assert {BANDS[one.band] for one in before.values()} == set(BANDS)
    lower = [
        key
        for key in before
        if after[key].worst > before[key].worst
        or after[key].best > before[key].best
        or (UNTOLD not in (before[key].band, after[key].band) and after[key].band > before[key].band)
    ]
    assert lower == []
    assert sum(after[key].band < before[key].band for key in before) > 4


@pytest.mark.parametrize("name", PACKS)
@pytest.mark.parametrize("share", [0.02, 0.3])
def test_blanking_a_rating_never_raises_band_or_confidence(name: str, share: float) -> None:
    before = as_they_are(name)
    after = answers(changed(everybody(name), "manager", with_dice(share, blank)), shipped(name))
    moved = [key for key in before if after[key].band not in (before[key].band, UNTOLD)]
    surer = [key for key in before if after[key].confidence < before[key].confidence]
    ends = {key: (reach(before[key]), reach(after[key])) for key in before}
    narrower = [key for key, (was, now) in ends.items() if now[0] < was[0] or now[1] > was[1]]
    assert (moved, surer, narrower) == ([], [], [])
    assert sum(after[key].band == UNTOLD != before[key].band for key in before) > 4


@pytest.mark.parametrize("name", PACKS)
@pytest.mark.parametrize("new", [blank, any_rating])
def test_a_self_rating_moves_neither_band_nor_confidence(name: str, new: Callable[..., pl.Series]) -> None:
    after = answers(changed(everybody(name), "self", with_dice(0.7, new)), shipped(name))
    assert after == as_they_are(name)


_REST = {"product_management": ("bar", "4", "4.5", "5"), "software_engineering": ("bar", "4.5", "5")}
"""Ratings with which everybody is ready now: a staff engineer is held to more than fours."""


@pytest.mark.parametrize(("name", "rest"), [(name, rest) for name in PACKS for rest in _REST[name]])
def test_a_lowest_rating_is_never_ready_now_with_high_confidence(name: str, rest: str) -> None:
    pack = shipped(name)
    people, ratings = [], []
    for promotion in pack.promotions:
        bars = [pack.bar_of(promotion, signal) for signal in promotion.signals]
        expected = [one.rating for one in pack.level(promotion.from_level).expects]
        points = max(*bars, *expected) if rest == "bar" else Decimal(rest)
        for lowest in (None, *(competency.id for competency in pack.competencies)):
            people.append({"level": promotion.from_level, "target_level": promotion.to_level})
            ratings.append({f"{c.id}:manager": int(points * UNITS_PER_POINT) for c in pack.competencies})
            if lowest is not None:
                ratings[-1][f"{lowest}:manager"] = int(pack.scale.lowest * UNITS_PER_POINT)
    given = answers(_people(people, ratings), pack)
    sure, each = (BANDS.index("ready_now"), CONFIDENCES.index("high")), len(pack.competencies) + 1
    without = [answer.band for (person, _), answer in given.items() if person % each == 0]
    assert set(without) == {BANDS.index("ready_now")}
    assert [
        (promotion, pack.competencies[person % each - 1].id)
        for (person, promotion), answer in given.items()
        if person % each != 0 and answer[:2] == sure
    ] == []


def _people(people: list[dict[str, str]], ratings: list[dict[str, int]]) -> Roster:
    frame = pl.DataFrame(
        [
            {
                "row": number + 2,
                "employee_id": f"E{number}",
                "level_since": SAMPLE_DAY.replace(year=2019),
                "product_since": SAMPLE_DAY.replace(year=2005),
                "review_date": SAMPLE_DAY.replace(day=1),
                **person,
            }
            for number, person in enumerate(people)
        ]
    )
    empty = random_roster(0, shipped(PACKS[0]), SAMPLE_DAY, 1).people.clear()
    return Roster.without_file(
        pl.concat([empty, frame.cast({"row": pl.UInt32})], how="diagonal_relaxed"), pl.DataFrame(ratings)
    )


WORDS = ("far below", "below", "meets", "exceeds", "far exceeds")
FORMS: dict[str, tuple[Callable[[int], str], str | None]] = {
    "numbers from 1 to 5": (lambda rating: f"{rating}", None),
    "words": (lambda rating: WORDS[rating - 1], None),
    "percentages": (lambda rating: f"{25 * (rating - 1)}%", None),
    "numbers from 1 to 10": (lambda rating: f"{1 + 2.25 * (rating - 1)}", "10"),
}


@pytest.mark.parametrize("name", PACKS)
def test_all_ways_to_write_a_rating_give_the_same_recommendation(name: str, tmp_path: Path) -> None:
    pack = shipped(name)
    given = {}
    for form, (write, best) in FORMS.items():
        path = tmp_path / "ratings.csv"
        _write_people(path, pack, write)
        scale = {"worst": "1", "best": best}
        mapping = FileMapping.model_validate({"scales": {"manager": scale, "self": scale}} if best else {})
        people = load_roster([path], vocabulary_of(pack), SAMPLE_DAY, mapping)
        assert people.people.height == WRITTEN
        given[form] = answers(people, pack)
    first = given["numbers from 1 to 5"]
    assert len({one.band for one in first.values()}) == len(BANDS)
    assert all(answer == first for answer in given.values())


def _write_people(path: Path, pack: RulePack, write: Callable[[int], str]) -> None:
    dice = random.Random(5)
    starts = [pack.level(promotion.from_level).title for promotion in pack.promotions]
    raters = [(c.title, rater) for c in pack.competencies for rater in ("self", "manager")]
    with path.open("w", encoding="utf-8", newline="") as file:
        sheet = csv.writer(file)
        dates = ("In Level Since", "In Product Since", "Review Date")
        sheet.writerow(["Employee ID", "Level", *dates, *(f"{title} ({rater})" for title, rater in raters)])
        for number in range(WRITTEN):
            palette = dice.choice([(1, 2, 3, 4, 5), (3, 4, 4, 5), (4, 5), (4, 4, 4, 5, 3)])
            gap = dice.choice([0, 0, 0.01, 0.1])
            months = dice.choice(["2021-03-01", "2026-03-01"])
            row = [f"E{number}", dice.choice(starts), months, "2010-05-01", "2026-06-01"]
            ratings = [dice.choice(palette) for _ in raters]
            missing = [dice.random() < gap for _ in raters]
            sheet.writerow(
                [*row, *("" if gone else write(one) for gone, one in zip(missing, ratings, strict=True))]
            )


@pytest.mark.parametrize("name", PACKS)
@pytest.mark.parametrize("by", ["0.1", "-0.1"])
def test_moving_a_bar_by_a_tenth_moves_nobody_two_bands(name: str, by: str) -> None:
    people = some_of(everybody(name), range(PEOPLE - 150, PEOPLE + 150))
    before = answers(people, shipped(name))
    for moved in _with_moved_bars(shipped(name), Decimal(by)):
        after = answers(people, moved)
        ends = [(before[key].worst - after[key].worst, before[key].best - after[key].best) for key in before]
        assert max(abs(moved) for pair in ends for moved in pair) <= 1


def _with_moved_bars(pack: RulePack, by: Decimal) -> Iterator[RulePack]:
    """The pack with the bars of core signals moved, with all of them, and with one of each promotion."""
    chosen: list[Callable[[Promotion, Signal], bool]] = [
        lambda _, signal: signal.importance == "core",
        lambda *_: True,
        lambda promotion, signal: promotion.signals[0] == signal,
        lambda promotion, signal: promotion.signals[-1] == signal,
    ]
    for is_moved in chosen:
        promotions = tuple(
            promotion.model_copy(
                update={
                    "signals": tuple(
                        signal.model_copy(update={"bar": pack.bar_of(promotion, signal) + by})
                        if is_moved(promotion, signal)
                        else signal
                        for signal in promotion.signals
                    )
                }
            )
            for promotion in pack.promotions
        )
        yield pack.model_copy(update={"promotions": promotions})


@pytest.mark.parametrize("name", PACKS)
def test_what_is_explained_is_what_was_decided(name: str) -> None:
    some = some_of(everybody(name), range(PEOPLE - 40, PEOPLE + 40))
    explained = {
        (one.person, one.promotion): (
            BANDS.index(one.recommendation),
            CONFIDENCES.index(one.confidence),
            BANDS.index(one.worst_band),
            BANDS.index(one.best_band),
        )
        for one in explain(assess(some, shipped(name), SAMPLE_DAY))
    }
    assert explained == answers(some, shipped(name))
