"""The sample: believable people, the same for the same seed, and the dirt of a real export."""

from datetime import date
from functools import cache
from importlib.resources import as_file, files
from itertools import pairwise
from pathlib import Path

import openpyxl
import polars as pl
import pytest

from engine import vocabulary_of
from inputs import PEOPLE_SCHEMA, UNITS_PER_POINT, Vocabulary
from inputs.samples import SAMPLE_DAY
from rules import load_pack
from tests.company import SAMPLE_PEOPLE, Organisation, generate_people
from tests.company_files import (
    BLEMISHES,
    HEADERS,
    write_sample_csv,
    write_sample_parquet,
    write_sample_workbook,
)

Cells = list[tuple[object, ...]]


@cache
def vocabulary() -> Vocabulary:
    return vocabulary_of(load_pack("product_management"))


@cache
def many() -> Organisation:
    return generate_people(vocabulary(), n=20_000)


def cells(path: Path) -> Cells:
    workbook = openpyxl.load_workbook(path, read_only=True)
    return list(workbook.worksheets[0].iter_rows(values_only=True))


def test_the_shipped_sample_is_what_the_generator_writes(tmp_path: Path) -> None:
    write_sample_workbook(tmp_path / "again.xlsx", vocabulary())
    with as_file(files("inputs").joinpath("samples/product_organisation.xlsx")) as shipped:
        assert cells(shipped) == cells(tmp_path / "again.xlsx"), "write it again: python -m tests.ship_sample"


def test_the_same_seed_writes_the_same_bytes(tmp_path: Path) -> None:
    for name in ("one.xlsx", "two.xlsx"):
        write_sample_workbook(tmp_path / name, vocabulary(), seed=7)
    assert (tmp_path / "one.xlsx").read_bytes() == (tmp_path / "two.xlsx").read_bytes()


def test_another_seed_gives_other_people() -> None:
    ours, others = generate_people(vocabulary(), seed=1), generate_people(vocabulary(), seed=2)
    assert not ours.people.equals(others.people)
    assert not ours.ratings.equals(others.ratings)


def test_people_have_the_rosters_schema_and_no_gap_where_a_roster_has_none() -> None:
    people = generate_people(vocabulary()).people
    assert dict(people.schema) == PEOPLE_SCHEMA
    assert people.height == SAMPLE_PEOPLE
    assert people.select("row", "employee_id", "level").null_count().row(0) == (0, 0, 0)
    assert people["employee_id"].n_unique() == people["employee_name"].n_unique() == SAMPLE_PEOPLE


def test_every_level_has_people_and_most_are_in_the_lower_middle() -> None:
    people = generate_people(vocabulary()).people
    assert set(people["level"]) == {level.id for level in vocabulary().levels}
    middle = people["level"].is_in(["associate_pm", "product_manager", "senior_pm"]).mean()
    assert middle is not None
    assert 0.7 < float(middle) < 0.85


def test_twenty_people_manage_and_nobody_manages_a_higher_level() -> None:
    people = generate_people(vocabulary()).people
    rank = {level.id: place for place, level in enumerate(vocabulary().levels)}
    bosses = people.select(pl.col("employee_id").alias("manager_id"), pl.col("level").alias("above"))
    pairs = people.join(bosses, on="manager_id").select("level", "above").rows()
    assert 18 <= people["manager_id"].n_unique() <= 22
    assert len(pairs) == SAMPLE_PEOPLE - 1, "one person reports to somebody outside the file"
    assert all(rank[above] > rank[level] for level, above in pairs)


def test_dates_are_in_the_order_of_a_career() -> None:
    people = many().people
    assert people.filter(pl.col("level_since") > SAMPLE_DAY).is_empty()
    assert people.filter(pl.col("product_since") > pl.col("level_since")).is_empty()
    assert people.filter(pl.col("hire_date") > pl.col("level_since")).is_empty()
    new = people.filter(pl.col("level_since") > date(2025, 12, 31)).height / people.height
    assert 0.05 < new < 0.12


def test_ratings_are_half_points_inside_the_scale() -> None:
    values = pl.concat([series.drop_nulls() for series in many().ratings])
    assert set(values) == {half * UNITS_PER_POINT // 2 for half in range(2, 11)}


def test_self_ratings_lie_a_third_of_a_deviation_above_the_managers_and_follow_them_loosely() -> None:
    for competency in vocabulary().competencies:
        pair = (
            many().ratings.select(own=f"{competency.id}:self", boss=f"{competency.id}:manager").drop_nulls()
        )
        lift, spread, r = pair.select(
            (pl.col("own").mean() - pl.col("boss").mean()).alias("lift"),
            pl.col("boss").std().alias("spread"),
            pl.corr("own", "boss").alias("r"),
        ).row(0)
        assert 0.2 < lift / spread < 0.45, competency.id
        assert 0.2 < r < 0.36, competency.id


def test_managers_differ_in_leniency() -> None:
    rated = pl.concat([many().people, many().ratings], how="horizontal")
    means = (
        rated.group_by("manager_id")
        .agg(pl.mean_horizontal(pl.col("^.*:manager$")).mean().alias("mean"), pl.len().alias("team"))
        .filter(pl.col("team") >= 8)["mean"]
    )
    spread = means.std()
    assert isinstance(spread, float)
    assert 0.2 < spread / UNITS_PER_POINT < 0.45


def test_not_everyone_is_rated_on_everything() -> None:
    shares = many().ratings.select(pl.col("^.*:manager$").null_count() / pl.len()).row(0)
    assert all(0.03 < share < 0.4 for share in shares)


def test_the_export_holds_the_usual_dirt(tmp_path: Path) -> None:
    write_sample_workbook(tmp_path / "export.xlsx", vocabulary())
    header, *rows = cells(tmp_path / "export.xlsx")
    column = {str(head): [row[place] for row in rows] for place, head in enumerate(header)}
    text = {str(value) for row in rows for value in row}
    ids = column["Employee ID"]

    assert header[: len(HEADERS)] == tuple(HEADERS.values())
    assert len(rows) == SAMPLE_PEOPLE + 1
    assert ids.count(None) == 1
    assert {"Senoir PM", "Chapter Wizard", "4,5", "n/a", "Exceeds", "spring 2024", " 4 ", "7"} <= text
    repeated = sorted({str(id_) for id_ in ids if ids.count(id_) > 1})
    assert len(repeated) == 2
    same = [[row for row in rows if row[0] == id_] for id_ in repeated]
    assert sorted(pair[0] == pair[1] for pair in same) == [False, True]
    assert any(isinstance(value, str) and "/" in value for value in column["Hire Date"])
    assert any("manager comment" in str(head) for head in header)


def test_blemishes_touch_a_small_part_of_the_people() -> None:
    touched = {blemish.person for blemish in BLEMISHES}
    assert max(touched) < SAMPLE_PEOPLE
    assert len(touched) < SAMPLE_PEOPLE / 5


def test_clean_files_hold_the_same_typed_table(tmp_path: Path) -> None:
    write_sample_parquet(tmp_path / "people.parquet", vocabulary(), n=500)
    write_sample_csv(tmp_path / "people.csv", vocabulary(), n=500)
    parquet = pl.read_parquet(tmp_path / "people.parquet")
    csv = pl.read_csv(tmp_path / "people.csv", try_parse_dates=True)
    assert parquet.schema["In Level Since"] == pl.Date
    assert parquet.schema["Communication (manager)"] == pl.Float64
    assert csv.equals(parquet)


@pytest.mark.parametrize("n", [1, 2, 9, 40])
def test_even_a_small_organisation_is_whole(n: int) -> None:
    organisation = generate_people(vocabulary(), n=n)
    assert organisation.people.height == organisation.ratings.height == n
    assert [second - first for first, second in pairwise(organisation.people["row"])] == [1] * (n - 1)
