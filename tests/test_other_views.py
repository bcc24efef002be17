"""Ratings by peers and others: no part of any band; an open question where they see somebody otherwise."""

from pathlib import Path

import pytest

from engine import assess, explain
from inputs import UNITS_PER_POINT, Roster
from inputs.loading import load_roster
from reports.run import read_run
from rules import load_pack
from tests.command_line import succeeded
from tests.inputs_vocabulary import DAY, VOCABULARY
from tests.read_rosters import WORDS


def csv(path: Path, *rows: str) -> Path:
    path.write_text("".join(f"{row}\n" for row in rows), encoding="utf-8")
    return path


def seen(roster: Roster) -> dict[tuple[str, str], tuple[float, int]]:
    """By person and competency the mean and the number of other ratings."""
    rows = roster.others.iter_rows()
    return {(who, what): (units / UNITS_PER_POINT, ratings) for who, what, units, ratings in rows}


LONG = "Employee ID,Name,Level,Rater,Communication,Delegation"
RATED = (
    "K1,Runa Falk,Senior PM,Self,4,4",
    "K1,Runa Falk,Senior PM,Manager,5,4",
    "K1,Runa Falk,Senior PM,Peer,2,",
    "K1,Runa Falk,Senior PM,Peer,3,4",
    "K2,Timo Abel,Senior PM,Manager,3,3",
)


def test_rows_of_other_raters_are_kept_as_means(tmp_path: Path) -> None:
    average = "K1,Runa Falk,Senior PM,Average,1,1"
    roster = load_roster([csv(tmp_path / "rows.csv", LONG, *RATED, average)], VOCABULARY, DAY)
    assert seen(roster) == {("K1", "communication"): (2.5, 2), ("K1", "delegation"): (4, 1)}


def test_columns_of_other_raters_are_kept_as_means_and_averages_are_not(tmp_path: Path) -> None:
    raters = ("self", "manager", "peer", "stakeholder", "average")
    header = ",".join(("Employee ID,Name,Level", *(f"Communication ({rater})" for rater in raters)))
    path = csv(tmp_path / "columns.csv", header, "K1,Runa Falk,Senior PM,4,5,2,n/a,3.6")
    assert seen(load_roster([path], VOCABULARY, DAY)) == {("K1", "communication"): (2, 1)}


def test_ratings_of_others_on_a_sheet_of_their_own_go_with_the_people(tmp_path: Path) -> None:
    people = csv(
        tmp_path / "people.csv", "Employee ID,Email,Name,Level", "K1,runa@example.test,Runa Falk,Senior PM"
    )
    rows = ("RUNA@example.test,Manager,5", "RUNA@example.test,Peer,2")
    ratings = csv(tmp_path / "ratings.csv", "Email,Rater,Communication", *rows)
    assert seen(load_roster([people, ratings], VOCABULARY, DAY)) == {("K1", "communication"): (2, 1)}


def test_others_of_an_earlier_cycle_say_nothing_of_this_one(tmp_path: Path) -> None:
    header = "Employee ID,Name,Level,Cycle,Rater,Communication"
    rows = (
        "K1,Runa Falk,Senior PM,2025,Manager,3",
        "K1,Runa Falk,Senior PM,2025,Peer,1",
        "K1,Runa Falk,Senior PM,2026,Manager,4",
        "K1,Runa Falk,Senior PM,2026,Peer,3",
    )
    roster = load_roster([csv(tmp_path / "cycles.csv", header, *rows)], VOCABULARY, DAY)
    assert seen(roster) == {("K1", "communication"): (3, 1)}


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """Everything rated 4 by person and manager; peers see some of it otherwise."""
    folder = tmp_path_factory.mktemp("others")
    names = [term.title for term in WORDS.competencies]
    rows = [
        f"K{who},{name},Product Manager,2024-01-01,2026-05-01,{rater},{what},{value}"
        for who, name in ((1, "Runa Falk"), (2, "Timo Abel"))
        for what in names
        for rater, value in (("Self", 4), ("Manager", 4))
    ]
    for what, value in (("Communication", 2), ("Team Leadership", 5), ("Delivering Results", "3.5")):
        rows += [
            f"K1,Runa Falk,Product Manager,2024-01-01,2026-05-01,{rater},{what},{value}"
            for rater in ("Peer", "Stakeholder")
        ]
    header = "Employee ID,Name,Level,Level Since,Review Date,Rater,Competency,Rating"
    path = csv(folder / "reviews.csv", header, *rows)
    succeeded("assess", path, "--out", folder / "run", "--as-of", "2026-06-30")
    for number in (1, 2):
        part = folder / f"part-{number}"
        succeeded("assess", path, "--out", part, "--as-of", "2026-06-30", "--shard", f"{number}/2")
    succeeded("merge", folder / "part-1", folder / "part-2", "--out", folder / "merged")
    return folder


def test_what_other_raters_see_otherwise_is_an_open_question_and_moves_no_band(run: Path) -> None:
    one, other = read_run(run / "run").explanations
    assert (one.recommendation, one.confidence) == (other.recommendation, other.confidence)
    asked = {question.kind: question.subjects for question in one.questions}
    assert asked["others_lower"] == ("Communication",)
    assert asked["others_higher"] == ("Team Leadership",)
    assert not {"others_lower", "others_higher"} & {question.kind for question in other.questions}


def test_other_raters_views_are_not_held_against_whoever_was_rated_too_early(tmp_path: Path) -> None:
    header = "Employee ID,Name,Level,Level Since,Review Date,Communication (manager),Communication (peer)"
    rows = [f"K{day[-2:]},Runa Falk,Senior PM,{day},2026-05-15,4,2" for day in ("2024-01-01", "2026-05-10")]
    roster = load_roster([csv(tmp_path / "rated.csv", header, *rows)], WORDS, DAY)
    explained = explain(assess(roster, load_pack("product_management"), DAY))
    asked = {(one.kind, "others_lower" in {asked.kind for asked in one.questions}) for one in explained}
    assert asked == {("cannot_be_told", True), ("too_new", False)}


def test_what_other_raters_see_is_said_without_names_and_numbers(run: Path) -> None:
    one = next(iter(read_run(run / "run").explanations))
    said = [question.sentence for question in one.questions if question.kind == "others_lower"]
    assert said == [
        "Other raters see this clearly lower than the manager: Communication. Ask what they have seen."
    ]


def test_parts_put_together_hold_what_other_raters_gave(run: Path) -> None:
    for name in ("columns/others.parquet", "report.html"):
        assert (run / "merged" / name).read_bytes() == (run / "run" / name).read_bytes()


def test_the_record_says_that_columns_of_other_raters_are_read(tmp_path: Path) -> None:
    header = "Employee ID,Name,Level,Communication (manager),Communication (peer)"
    path = csv(tmp_path / "columns.csv", header, "K1,Runa Falk,Senior PM,4,2")
    succeeded("record", path, "--out", tmp_path / "record.html")
    text = (tmp_path / "record.html").read_text(encoding="utf-8")
    read = text[text.index("Ratings by other raters") :][:600]
    assert "Communication (peer) (E)" in read
    assert "without numbers or names" in read
