"""A file on a scale of its own is explained in its own numbers and words, beside its cells."""

import copy
import pickle
import re
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from engine import Explanation, assess, explain, vocabulary_of
from engine.phrases import Rating, number
from inputs import UNITS_PER_POINT, OwnScale, RatingScale
from inputs.loading import load_roster
from inputs.mapping import FileMapping, read_mapping
from rules.pack import RulePack
from rules.writer import write_pack
from tests.command_line import call, succeeded
from tests.small import DAY, pack, signal

PACK = pack((signal("drive"), signal("care", "supporting")))
WORDS = "{words: [Weak, Fair, Good, Great]}"
SCALES = {"ten": "{worst: 1, best: 10}", "marks": "{worst: 6, best: 1}", "words": WORDS, "percent": ""}
POINT = UNITS_PER_POINT


def mapping(folder: Path, scale: str) -> Path:
    path = folder / "map.yaml"
    path.write_text(f"scales: {{both: {SCALES[scale]}}}\n", encoding="utf-8")
    return path


def sheet(folder: Path, *people: tuple[object, object]) -> Path:
    """One row a person: what self and manager gave `drive`; `care` is the manager's as well."""
    path = folder / "ratings.csv"
    heads = "Employee ID,Name,Level,In Level Since,Drive (self),Drive (manager),Care (self),Care (manager)"
    rows = [
        f"E{n},Ann,Junior,2024-01-01,{own},{given},{own},{given}" for n, (own, given) in enumerate(people)
    ]
    path.write_text("\n".join([heads, *rows]) + "\n", encoding="utf-8")
    return path


def explained(
    folder: Path, scale: str, *people: tuple[object, object], of: RulePack = PACK
) -> tuple[Explanation, ...]:
    declared = read_mapping(mapping(folder, scale)) if SCALES[scale] else FileMapping()
    roster = load_roster((sheet(folder, *people),), vocabulary_of(of), DAY, declared)
    return tuple(explain(assess(roster, of, DAY)))


@pytest.mark.parametrize(
    ("scale", "given", "shown"),
    [
        ("ten", 7, "7 (= 3.67)"),
        ("marks", 2, "2 (= 4.2)"),
        ("words", "Good", "Good (= 3.67)"),
        ("percent", "70%", "70% (= 3.8)"),
    ],
)
def test_a_rating_is_told_as_its_cell_has_it(tmp_path: Path, scale: str, given: object, shown: str) -> None:
    (one,) = explained(tmp_path, scale, (given, given))
    used = one.evidence[0].ratings[0]
    assert used.manager_rating is not None
    assert number(used.manager_rating) == number(used.self_rating or 0) == shown
    assert str(used.manager_cell) == "F2"
    assert used.manager_rating < 5
    assert "rule pack's scale from 1 to 5" in one.scale_note


def test_no_rating_of_the_file_leads_to_a_band_sooner_than_is_said(tmp_path: Path) -> None:
    """5 and 6 of 10 are 2.78 and 3.22: between the steps of the pack, and at bars between these."""
    own = pack((signal("drive", bar=Decimal("3.2")), signal("care", "supporting")))
    unrated, low = explained(tmp_path, "ten", ("", ""), (4, 4), of=own)
    assert unrated.outlook.to_rate[0].sentence == (
        "Rate Drive. With 6 (= 3.22) or better: ready now; with 5 (= 2.78) or better: ready soon; "
        "otherwise: developing."
    )
    assert low.outlook.changes[0].sentence == (
        "ready soon if Drive were rated 5 (= 2.78) instead of 4 (= 2.33)."
    )
    written = explained(tmp_path, "ten", *((given, given) for given in (6, 5, 4)), of=own)
    assert [one.recommendation for one in written] == ["ready_now", "ready_soon", "developing"]


def test_a_file_on_the_packs_scale_is_told_as_before(tmp_path: Path) -> None:
    roster = load_roster((sheet(tmp_path, (3, 3.5)),), vocabulary_of(PACK), DAY)
    (one,) = explain(assess(roster, PACK, DAY))
    assert roster.scales == {}
    assert one.scale_note == ""
    assert number(one.evidence[0].ratings[0].manager_rating or 0) == "3.5"


def test_percentages_are_the_numbers_of_a_pack_that_goes_to_a_hundred(tmp_path: Path) -> None:
    words = replace(vocabulary_of(PACK), scale=RatingScale(Decimal(0), Decimal(100)))
    roster = load_roster((sheet(tmp_path, ("60%", "70%")),), words, DAY)
    assert roster.ratings["drive:manager"].to_list() == [70 * UNITS_PER_POINT]
    assert roster.scales == {}


def test_nobody_is_told_half_a_word(tmp_path: Path) -> None:
    """From Fair (2.33) the pack's own steps would lead to 3.5, which no word of the file is."""
    (one,) = explained(tmp_path, "words", ("Good", "Fair"))
    assert one.recommendation == "developing"
    sentences = " ".join(change.sentence for change in one.outlook.changes)
    assert "Good (= 3.67) instead of Fair (= 2.33)" in sentences
    assert set(re.findall(r"\(= ([\d.]+)\)", sentences)) <= {"1", "2.33", "3.67", "5"}


@pytest.mark.parametrize(
    ("scale", "given"), [("ten", 4), ("marks", 4), ("words", "Fair"), ("percent", "40%")]
)
def test_what_is_said_to_lead_to_a_band_does_when_it_is_written_into_the_file(
    tmp_path: Path, scale: str, given: object
) -> None:
    (one,) = explained(tmp_path, scale, (given, given))
    change = one.outlook.changes[0]
    move = next(move for move in change.ratings if move.competency == "drive")
    assert isinstance(move.after, Rating)
    (again,) = explained(tmp_path, scale, (move.after.own, move.after.own))
    assert again.evidence[0].manager_score == move.after
    assert again.recommendation == change.recommendation


def test_a_mean_between_two_words_is_the_lower_with_a_plus_and_one_between_numbers_is_a_number() -> None:
    words = OwnScale(
        1 * POINT, 5 * POINT, words=((1 * POINT, "Low"), (3 * POINT, "Mid"), (5 * POINT, "High"))
    )
    assert [words.written(place * POINT) for place in (1, 2, 3, 5)] == ["Low", "Low+", "Mid", "High"]
    letters = OwnScale(1 * POINT, 5 * POINT, words=((1 * POINT, "B"), (3 * POINT, "A"), (5 * POINT, "A+")))
    assert letters.written(4 * POINT) == "A…"
    ten = OwnScale(1 * POINT, 5 * POINT, worst=Decimal(1), best=Decimal(10))
    assert [ten.written(place * POINT) for place in (1, 4, 5)] == ["1", "7.75", "10"]
    assert str(ten) == "numbers from 1 to 10"


def test_the_nearest_step_is_one_in_which_the_file_is_written() -> None:
    marks = OwnScale(1 * POINT, 5 * POINT, worst=Decimal(6), best=Decimal(1), step=Decimal("0.5"))
    reached = [
        marks.written(marks.reaching(int(place * POINT), up=up)) for place in (2.5, 3) for up in (True, False)
    ]
    assert reached == ["4", "4.5", "3.5", "3.5"]
    assert marks.reaching(5 * POINT, up=True) == 5 * POINT


def test_a_rating_calculates_as_a_number_and_survives_a_copy() -> None:
    rating = Rating(Decimal("3.67"), "7")
    assert rating - 1 == Decimal("2.67")
    assert float(rating) == 3.67
    for other in (copy.deepcopy(rating), pickle.loads(pickle.dumps(rating))):
        assert number(other) == "7 (= 3.67)"


def test_terminal_pages_and_workbook_tell_the_files_own_numbers(tmp_path: Path) -> None:
    write_pack(PACK, tmp_path / "small", None)
    files = [sheet(tmp_path, (8, 6), (7, 9)), "--mapping", mapping(tmp_path, "ten")]
    out = tmp_path / "out"
    made = ["--pack", tmp_path / "small", "--as-of", DAY, "--packets", "--people", "--out", out]
    succeeded("assess", *files, *made)
    said = call("explain", out, "E0").output
    assert "manager 6 (= 3.22) (F2), self 8 (= 4.11) (E2)" in said
    assert "The ratings of the file are numbers from 1 to 10" in said
    for page in (*(out / "managers").iterdir(), out / "packets" / "E0.html", out / "report.html"):
        assert "6 (= 3.22)" in page.read_text(encoding="utf-8"), page
    book = openpyxl.load_workbook(out / "calibration.xlsx", read_only=True)
    cells = [cell for page in book for row in page.iter_rows(values_only=True) for cell in row]
    assert any("6 (= 3.22) | 8 (= 4.11)" in str(cell) for cell in cells)
