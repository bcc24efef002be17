"""Vignettes: severities equal to an independent library's or refused, and a workbook that comes back as it
went."""

import json
from datetime import date
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import openpyxl
import polars as pl
import pytest

from engine.raters import vignettes_of
from engine.raters.facets import severities_of
from reports.raters.vignette_book import read_answers, write_vignettes
from rules import load_pack
from rules.pack import RulePack
from tests.command_line import call, succeeded

INDEPENDENT = json.loads(
    (Path(__file__).parent / "cases" / "independent_figures.json").read_text(encoding="utf-8")
)
"""Made by tests/independent_figures.py."""


@pytest.fixture(scope="module")
def product() -> RulePack:
    return load_pack("product_management")


@pytest.mark.parametrize("case", INDEPENDENT["facets"])
def test_severities_are_those_of_raschpy(case: dict[str, Any]) -> None:
    found = severities_of(np.array(case["ratings"]))
    assert found.refused is None
    told = [one.severity for one in found.raters if one is not None]
    assert told == pytest.approx(case["severities"], abs=0.05)
    assert sum(told) == pytest.approx(0)


def simulated(seed: int, severities: list[float], things: int) -> np.ndarray[Any, Any]:
    dice = np.random.default_rng(seed)
    reached = dice.normal(0, 1.2, things)[:, None, None] - np.array(severities)[None, :, None]
    scores = np.cumsum(
        np.concatenate([np.zeros_like(reached), reached - np.array([-1.5, 0, 1.5])], axis=2), 2
    )
    chances = np.exp(scores) / np.exp(scores).sum(2, keepdims=True)
    return np.asarray((dice.random(chances.shape[:2])[:, :, None] > chances.cumsum(2)).sum(2), dtype=np.int64)


def test_intervals_of_simulated_severities_hold_the_truth() -> None:
    truth = [-0.5, 0.0, 0.2, 0.3]
    held = [
        one.low <= severity <= one.high
        for seed in range(60)
        for one, severity in zip(severities_of(simulated(seed, truth, 40)).raters, truth, strict=True)
        if one is not None
    ]
    assert len(held) == 240
    assert 0.93 <= sum(held) / len(held) <= 0.985


@pytest.mark.parametrize(
    ("ratings", "words"),
    [
        ([[2, -1], [3, -1], [-1, 2], [-1, 3]], "rated nothing that the others have"),
        ([[2, -1], [3, -1]], "Fewer than two raters"),
        ([[4, 4], [4, 4], [4, 4]], "Fewer than two raters"),
        ([[1, 2], [2, 3]], "too few or too much alike"),
    ],
    ids=["no links", "one rater", "no differences", "nothing to estimate from"],
)
def test_severities_that_cannot_be_told_are_refused_in_words(ratings: list[list[int]], words: str) -> None:
    found = severities_of(np.array(ratings))
    assert found.raters == (None, None)
    assert words in str(found.refused)


def test_who_gives_only_the_highest_rating_has_no_severity_and_the_others_have() -> None:
    ratings = np.column_stack([simulated(0, [0, 0.5], 40), np.full(40, 3)])
    found = severities_of(ratings)
    assert [one is None for one in found.raters] == [False, False, True]


@pytest.mark.parametrize("name", ["product_management", "software_engineering", "general_competencies"])
def test_each_level_has_people_with_different_answers_and_no_answer_is_named(name: str) -> None:
    pack = load_pack(name)
    vignettes = vignettes_of(pack)
    assert len({one.name for one in vignettes}) == len(vignettes)
    for level in {one.level for one in vignettes}:
        own = [one for one in vignettes if one.level == level]
        assert len(own) <= 4
        assert len({one.answer for one in own}) >= min(2, len(own) - 1)
    for one in vignettes:
        told = " ".join([one.about, one.rest, *(part.seen for part in one.statements)])
        assert not any(pack.bands[band].label in told for band in pack.bands)
        by_answer = sorted(one.statements, key=lambda part: part.answer)
        assert [_alone(part.seen) for part in by_answer] == sorted(
            _alone(part.seen) for part in one.statements
        )


def _alone(seen: str) -> int:
    return int(seen.split("without help in ")[1].split()[0].rstrip(".,")) if "without help in" in seen else 0


LEVELS = ["--level", "product_manager", "--level", "associate_pm", "--level", "Senior PM"]


def fill(empty: Path, to: Path, manager: str, shift: float, pack: RulePack, seed: int) -> Path:
    """What a manager does in the workbook: the pack's answers, moved, with some noise."""
    answers = {one.id: one for one in vignettes_of(pack)}
    book = openpyxl.load_workbook(empty)
    sheet, dice = book["Vignettes"], Random(seed)
    for row in sheet.iter_rows():
        for cell in row:
            if cell.value == "Your name or id":
                sheet.cell(cell.row, cell.column + 1).value = manager
        if (key := row[0].value) is None or ":" not in str(key):
            continue
        vignette, _, competency = str(key).partition(":")
        if competency == "band":
            row[4].value = pack.bands[answers[vignette].answer].label
            continue
        (right,) = (one.answer for one in answers[vignette].statements if one.competency == competency)
        given = float(right) + shift + dice.choice([-0.5, 0, 0, 0.5])
        row[4].value = min(5, max(1, round(given * 2) / 2))
    book.save(to)
    return to


@pytest.fixture(scope="module")
def filled(product: RulePack, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty workbook, and those of four managers, of whom Zoe is strict and Ada lenient."""
    folder = tmp_path_factory.mktemp("vignettes")
    empty = folder / "vignettes.xlsx"
    succeeded("vignettes", "--out", empty, *LEVELS)
    for seed, (name, shift) in enumerate([("Ada", 0.5), ("Ben", 0), ("Cleo", 0), ("Zoe", -1)]):
        fill(empty, folder / f"{name}.xlsx", name, shift, product, seed)
    return folder


def test_a_strict_manager_is_told_from_the_workbooks_that_came_back(filled: Path, tmp_path: Path) -> None:
    files = [str(filled / f"{name}.xlsx") for name in ("Ada", "Ben", "Cleo", "Zoe")]
    after = [flag for name in ("Ben", "Cleo") for flag in ("--after", str(filled / f"{name}.xlsx"))]
    done = succeeded("vignettes", *files, *after, "--out", tmp_path, *LEVELS)
    table = pl.read_csv(tmp_path / "vignettes.csv")
    before = table.filter(pl.col("time") == "before")
    assert before["manager"][0] == "Zoe"
    assert before["manager"][-1] == "Ada"
    assert before["severity"][0] - 2 * before["severity_error"][0] > 0
    assert before["same_band"].to_list() == before["bands"].to_list()
    assert table.filter(pl.col("time") == "after").height == 2
    assert "100% of recommendations equal the pack's" in done.stdout
    page = (tmp_path / "vignettes.html").read_text(encoding="utf-8")
    assert "For HR alone" in page
    assert "Nothing here changes a recommendation" in page.replace("\n", " ")


def test_of_a_copy_that_came_back_empty_it_is_said_that_nothing_was_rated(
    filled: Path, tmp_path: Path
) -> None:
    book = openpyxl.load_workbook(filled / "vignettes.xlsx")
    for row in book["Vignettes"].iter_rows():
        for cell in row:
            if cell.value == "Your name or id":
                book["Vignettes"].cell(cell.row, cell.column + 1).value = "Eve"
    book.save(tmp_path / "eve.xlsx")
    files = [str(filled / "Ada.xlsx"), str(tmp_path / "eve.xlsx")]
    done = call("vignettes", *files, *LEVELS)
    assert "Eve: nothing was rated\n" in done.stdout


def test_everything_that_cannot_be_read_is_told_at_once(filled: Path, tmp_path: Path) -> None:
    book = openpyxl.load_workbook(filled / "Ben.xlsx")
    sheet = book["Vignettes"]
    rows = [row[0].row for row in sheet.iter_rows() if ":" in str(row[0].value)]
    sheet.cell(rows[0], 5).value, sheet.cell(rows[1], 5).value = "good", 7
    band = next(row for row in rows if str(sheet.cell(row, 1).value).endswith(":band"))
    sheet.cell(band, 5).value = "Maybe"
    book.save(tmp_path / "ben.xlsx")
    done = call("vignettes", tmp_path / "ben.xlsx", *LEVELS)
    assert done.exit_code == 1
    assert f"ben.xlsx, row {rows[0]}: “good” is not a rating; write one from 1 to 5" in done.stderr
    assert f"row {rows[1]}: “7” is not a rating" in done.stderr
    assert f"row {band}: “Maybe” is not a recommendation; choose one of Ready now" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["{ada}", "{ada}"], "two files say that they are theirs"),
        (["{sample}"], "is not a workbook of vignettes"),
    ],
)
def test_files_that_cannot_be_told_apart_or_are_none_of_ours_are_refused(
    arguments: list[str], words: str, filled: Path
) -> None:
    sample = Path(__file__).parents[1] / "inputs" / "samples" / "product_organisation.xlsx"
    paths = [one.format(ada=filled / "Ada.xlsx", sample=sample) for one in arguments]
    done = call("vignettes", *paths, *LEVELS)
    assert done.exit_code == 1
    assert words in done.stderr


def test_a_level_that_is_none_is_told_with_those_that_are(tmp_path: Path) -> None:
    done = call("vignettes", "--out", tmp_path / "v.xlsx", "--level", "boss")
    assert done.exit_code == 2
    assert "'boss' is not a level of the rule pack" in done.stderr
    assert "product_manager" in done.stderr


def test_answers_are_on_the_scale_of_the_worked_examples(product: RulePack) -> None:
    answers = [part.answer for one in vignettes_of(product) for part in one.statements]
    assert all(Decimal(1) <= answer <= Decimal(5) for answer in answers)
    assert len(set(answers)) >= 5


@pytest.mark.parametrize(
    ("scale", "words"),
    [
        ({"lowest_is_best": True}, "on the scale from 1 (best) to 5 (worst), then say"),
        (
            {"words": ("Poor", "Fair", "Good", "Strong", "Superb"), "step": Decimal(1)},
            "with a word of the list, from Poor (lowest) to Superb (highest), then say",
        ),
    ],
)
def test_managers_rate_as_their_company_writes_ratings(
    product: RulePack, scale: dict[str, Any], words: str, tmp_path: Path
) -> None:
    """The answers of the pack itself, written as the company would, are the pack's."""
    pack = product.model_copy(update={"scale": product.scale.model_copy(update=scale)})
    vignettes = vignettes_of(pack)
    write_vignettes(vignettes, pack, date(2026, 6, 30), tmp_path / "v.xlsx")
    book = openpyxl.load_workbook(tmp_path / "v.xlsx")
    assert words in " ".join(str(row[1]) for row in book["Vignettes"].iter_rows(max_row=5, values_only=True))
    right = {
        f"{one.id}:{part.competency}": part.answer.to_integral_value()
        for one in vignettes
        for part in one.statements
    }
    for row in book["Vignettes"].iter_rows():
        if row[0].value in right:
            point = right[row[0].value]
            named = pack.scale.words[int(point) - 1] if pack.scale.words else 6 - point
            row[4].value = named
    book.save(tmp_path / "v.xlsx")
    (answers,) = read_answers([tmp_path / "v.xlsx"], vignettes, pack)
    assert {f"{vignette}:{part}": rating for (vignette, part), rating in answers.ratings.items()} == right
