"""`readiness pack new --from-ratings`: from an export nobody wrote a pack for to a first explained report."""

from pathlib import Path

import polars as pl
import pytest

from inputs.discovery import discover
from inputs.samples import shipped_sample
from rules import load_pack
from tests.command_line import call, succeeded

LEVELS = "Analyst, Senior Analyst, Principal"
WIDE = """Employee ID,Name,Job Level,Manager,Communication - Self Rating,Communication - Manager Rating,\
Team work - Self Rating,Team work - Manager Rating,Comments
1,A,Analyst,M,4,3,4,3,good one
2,B,Analyst,M,4,4,4,4,nice work
3,C,Analyst,M,4,2,4,3,ok now
4,D,Senior Analyst,M,4,4,4,3,fine all
5,E,Senior Analyst,M,4,5,4,5,top notch
6,F,Senior Analyst,M,4,4,4,4,quite solid
7,G,Principal,M,4,5,4,4,very able
8,H,Principal,M,4,4,4,5,
"""
LONG = """Employee ID;Level;Competency;Rater;Rating
1;L1;Coding;self;Good
1;L1;Coding;manager;Fair
1;L1;Testing;manager;Good
2;L2;Coding;manager;Excellent
2;L2;Testing;manager;Good
"""
OVERALL = """Employee ID,Level,Self Rating,Manager Rating
1,L1,3,3
2,L1,4,4
3,L2,4,3
4,L2,5,5
"""


def test_two_commands_and_one_question_lead_from_an_export_to_a_first_report(tmp_path: Path) -> None:
    export, pack, out = _file(tmp_path, WIDE), tmp_path / "start", tmp_path / "results"
    begin = ("pack", "new", "start", "--from-ratings", str(export), "--out", str(pack))
    asked = call(*begin)
    assert asked.exit_code == 1
    assert (
        f'in which order are these levels, the lowest first? Say it with --levels "{LEVELS}"' in asked.stderr
    )
    assert not pack.exists()
    made = succeeded(*begin, "--levels", LEVELS)
    assert "nobody has decided these bars" in made.stderr
    succeeded("assess", export, "--pack", pack, "--out", out, "--as-of", "2026-06-30")
    found = pl.read_parquet(out / "recommendations.parquet")
    assert found.height == 6
    assert found["reasons"].null_count() == 0
    assert "starting point: nobody has decided these bars" in (out / "report.html").read_text(
        encoding="utf-8"
    )


def test_the_bars_are_a_step_above_the_level_below_or_the_number_that_was_given(tmp_path: Path) -> None:
    people = "\n".join(f"{n},L{1 + n // 6},M,{3 + n // 6}" for n in range(12))
    export = _file(tmp_path, f"Employee ID,Level,Manager,Coding (manager)\n{people}\n")
    for bar, expected in ((None, 4), ("3.5", 3.5)):
        folder = tmp_path / f"pack{bar}"
        more = () if bar is None else ("--bar", bar)
        begin = ("pack", "new", "start", "--from-ratings", str(export), "--out", str(folder))
        succeeded(*begin, "--levels", "L1, L2", *more)
        pack = load_pack(folder)
        (promotion,) = pack.promotions
        assert pack.bar_of(promotion, promotion.signals[0]) == expected
        assert [one.rating for one in pack.level("l1").expects] == [2]


@pytest.mark.parametrize(
    ("text", "answer", "told"),
    [
        (WIDE, ("--scale", "1..4", "--levels", LEVELS), "4 of 16 ratings are not on the scale"),
        (LONG, ("--words", "Fair, Good", "--levels", "L1, L2"), "1 of 4 ratings are not on the scale"),
    ],
)
def test_ratings_that_are_not_on_the_scale_are_told(
    text: str, answer: tuple[str, ...], told: str, tmp_path: Path
) -> None:
    begin = ("pack", "new", "start", "--from-ratings", _file(tmp_path, text), "--out", tmp_path / "start")
    assert told in succeeded(*begin, *answer).stderr
    assert any(told in line for line in load_pack(tmp_path / "start").undecided)


def test_only_ratings_are_taken_for_competencies_in_a_file_full_of_other_columns() -> None:
    found = discover([shipped_sample()])
    pack = load_pack("product_management")
    assert list(found.competencies) == [one.title for one in pack.competencies]
    assert "SENIOR PM" not in found.levels


def test_ratings_in_rows_and_in_words_are_found(tmp_path: Path) -> None:
    found = discover([_file(tmp_path, LONG)])
    assert list(found.levels) == ["L1", "L2"]
    assert list(found.competencies) == ["Coding", "Testing"]
    assert len(found.ratings) == 4
    assert set(found.words) == {"Fair", "Good", "Excellent"}


@pytest.mark.parametrize(
    ("own", "managers"),
    [
        ("Zusammenarbeit (Selbsteinschätzung)", "Zusammenarbeit (Führungskraft)"),
        ("Own Zusammenarbeit", "Manager's Zusammenarbeit"),
        ("self_Zusammenarbeit", "manager_Zusammenarbeit"),
    ],
)
def test_a_competency_is_called_without_the_rater_however_that_is_written(
    own: str, managers: str, tmp_path: Path
) -> None:
    found = discover([_file(tmp_path, f"Employee ID;Level;{own};{managers}\n1;L1;2;4\n2;L2;3;5\n")])
    assert found.competencies == {"Zusammenarbeit": ()}
    assert [one.number for one in found.ratings] == [4, 5]


@pytest.mark.parametrize("title", ["Leading People", "Developing Self and Others", "Self Awareness"])
@pytest.mark.parametrize("rated", ["{} (manager)", "{} - Manager", "Manager: {}", "{} - Manager Rating"])
def test_a_competency_keeps_words_that_could_be_a_rater_where_another_stands_apart(
    title: str, rated: str, tmp_path: Path
) -> None:
    found = discover([_file(tmp_path, f"Employee ID;Level;{rated.format(title)}\n1;L1;4\n2;L2;5\n")])
    assert found.competencies == {title: ()}
    assert [one.number for one in found.ratings] == [4, 5]


def test_one_overall_rating_makes_a_pack_that_says_what_it_cannot_tell(tmp_path: Path) -> None:
    export, folder, out = _file(tmp_path, OVERALL), tmp_path / "start", tmp_path / "results"
    begin = ("pack", "new", "start", "--from-ratings", str(export), "--out", str(folder))
    succeeded(*begin, "--levels", "L1, L2")
    pack = load_pack(folder)
    assert [one.title for one in pack.competencies] == ["Overall rating"]
    assert any("cannot tell what is missing" in line for line in pack.undecided)
    succeeded("assess", export, "--pack", folder, "--out", out, "--as-of", "2026-06-30")
    bands = pl.read_parquet(out / "recommendations.parquet")
    assert dict(zip(bands["employee_id"], bands["recommendation"], strict=True)) == {
        "1": "ready_soon",
        "2": "ready_now",
    }


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Employee ID,Name,Coding (manager)\n1,A,3\n", "no column says which level people are at"),
        ("Employee ID,Level,Manager\n1,L1,M\n", "no ratings were found"),
        (
            "Employee ID,Level,Coding (manager)\n"
            + "\n".join(f"{n},L{n % 2},{1 + n % 4}" for n in range(40)),
            "the ratings run from 1 to 4; on which scale are they? Say it with --scale 1..5",
        ),
        (
            "Employee ID,Level,Coding (manager) (1 = best; 6 = worst)\n1,L1,3\n2,L2,1\n",
            "is the best rating: the heading 'Coding (manager) (1 = best; 6 = worst)' says so",
        ),
        (
            "Scale: 1 = very good, 6 = insufficient\n\nEmployee ID,Level,Coding (manager)\n1,L1,3\n2,L2,1\n",
            "The lowest number is the best rating: A1 says 1 = very good, 6 = insufficient. Rules made from",
        ),
        (
            "Employee ID,Level,Coding (manager)\n1,L1,3\n",
            "a ladder needs at least two levels; the file has L1",
        ),
    ],
)
def test_what_an_export_leaves_open_is_asked(text: str, words: str, tmp_path: Path) -> None:
    asked = call("pack", "new", "start", "--from-ratings", _file(tmp_path, text), "--out", tmp_path / "p")
    assert asked.exit_code == 1
    assert words in asked.stderr


def _file(folder: Path, text: str) -> Path:
    path = folder / "export.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_numbers_that_no_rating_is_are_no_competency(tmp_path: Path) -> None:
    rows = "\n".join(f"{at};L{1 + at % 2};{3 + at % 2};{52_000 + at}" for at in range(6))
    found = discover([_file(tmp_path, f"Employee ID;Level;Communication;Salary\n{rows}\n")])
    assert [*found.competencies] == ["Communication"]
