import openpyxl
import pytest

from engine import assess, explain
from engine.session import is_own_decision
from reports.run import read_run
from reports.shown import group_sizes, read_guidelines
from reports.shown.guidelines import read_guideline
from reports.workbook.topics import agenda_of
from reports.writing import Wanted, run_of, write_run
from tests.command_line import call, succeeded
from tests.small import DAY, pack, roster, signal
from tests.test_calibration_round_trip import forking_pack

HEADER = "Employee ID,Name,Level,Team,Office Site,Gender,Communication (self),Communication (manager)\n"
ROWS = (
    "1,Ann,Product Manager,Core,Oslo,f,4,4\n"
    "2,Bo,Product Manager,Core, oslo ,m,4,4\n"
    "3,Cy,Senior PM,Core,Oslo,f,4,4\n"
    "4,Di,Product Manager,Growth,,m,4,4\n"
    "5,Ed,Wizard,Growth,Rome,f,4,4\n"
)


@pytest.fixture
def assess_file(tmp_path):
    path = tmp_path / "ratings.csv"
    path.write_text(HEADER + "".join(ROWS))

    def run(*options):
        arguments = ["assess", path, "--out", tmp_path / "run", "--as-of", "2026-06-30", *options]
        return call(*arguments), tmp_path / "run"

    return run


@pytest.mark.parametrize(
    ("text", "low", "high", "words"),
    [
        ("ready_now=10..20%", "10", "20", "10 to 20%"),
        ("ready_now = 12.5 .. 20 %", "12.5", "20", "12.5 to 20%"),
        ("ready_now=..20%", "None", "20", "at most 20%"),
        ("ready_now=5..%", "5", "None", "at least 5%"),
        ("ready_now=5%..", "5", "None", "at least 5%"),
    ],
)
def test_a_guideline_is_a_band_and_a_range_of_shares(text, low, high, words):
    read = read_guideline(text)
    assert (read.band, str(read.low), str(read.high), read.words) == ("ready_now", low, high, words)


@pytest.mark.parametrize(
    "text", ["", "ready=10..20%", "ready_now=10", "ready_now=..%", "ready_now=20..10%", "ready_now=1..101%"]
)
def test_anything_else_is_told_what_would_be_right(text):
    with pytest.raises(ValueError, match="write"):
        read_guideline(text)


def test_a_band_has_one_guideline():
    with pytest.raises(ValueError, match="two guidelines"):
        read_guidelines(["ready_now=1..2%", "ready_soon=1..2%", "ready_now=3..4%"])


@pytest.mark.parametrize(
    ("part", "place"), [(0, "below"), (9, "below"), (10, "within"), (20, "within"), (21, "above")]
)
def test_both_ends_of_the_range_are_within_it(part, place):
    assert read_guideline("ready_now=10..20%").place(part, 100) == place


def test_a_run_keeps_its_guidelines_and_groups(assess_file):
    answer, run = assess_file("--guideline", "ready_now=10..20%", "--agenda", 5, "--group-by", "office site")
    assert answer.exit_code == 0, answer.output
    session = read_run(run).session
    assert session.guidelines == (read_guideline("ready_now=10..20%"),)
    assert session.places == 5
    assert session.column is not None
    assert session.column.header == "Office Site"


def test_a_wrong_guideline_is_wrong_usage(assess_file):
    answer, run = assess_file("--guideline", "ready=10..20%")
    assert answer.exit_code == 2
    assert "insufficient_evidence" in answer.output
    assert not run.exists()


def test_people_are_grouped_by_any_column_and_those_without_a_value_are_said(assess_file):
    answer, run = assess_file("--group-by", "office site")
    assert answer.exit_code == 0, answer.output
    assert "3 groups by Office Site: No Office Site given 1, Oslo 3, oslo 1" in answer.output
    sheet = openpyxl.load_workbook(run / "groups" / "overview.xlsx", data_only=True)["Groups"]
    rows = {row[0].value: (row[1].value, row[2].value) for row in sheet.iter_rows(min_row=6)}
    assert rows == {
        "No Office Site given": (1, 0),
        "Oslo": (2, 0),
        "oslo": (1, 0),
        "Rome": (1, 1),
        "All": (5, 1),
    }


def test_a_header_that_stands_for_a_grouping_of_ours_is_that_grouping(assess_file):
    answer, run = assess_file("--group-by", "TEAM")
    assert answer.exit_code == 0, answer.output
    assert sorted(path.name for path in (run / "groups").iterdir()) == [
        "core.xlsx",
        "growth.xlsx",
        "overview.xlsx",
    ]


def test_a_column_that_is_not_there_is_answered_with_those_that_are(assess_file):
    answer, run = assess_file("--group-by", "Location")
    assert answer.exit_code == 1
    assert "no column 'Location'" in answer.output
    assert "department, level, promotion, 'Team', 'Level', 'Office Site'" in answer.output
    assert "Gender" not in answer.output
    assert not run.exists()


def test_nobody_is_grouped_by_what_the_law_protects(assess_file):
    answer, run = assess_file("--group-by", "Gender")
    assert answer.exit_code == 1
    assert "the law protects" in answer.output
    assert not run.exists()


def test_a_workbook_of_a_group_by_a_column_comes_back(assess_file):
    _, run = assess_file("--group-by", "Office Site")
    succeeded("calibrate", run, run / "groups" / "rome.xlsx")
    answer = succeeded("calibrate", run, run / "groups" / "oslo.xlsx")
    assert "(Office Site Oslo): 0 new" in answer.output


def test_a_workbook_of_a_group_that_the_run_does_not_know_is_refused(assess_file, tmp_path):
    _, run = assess_file("--group-by", "Office Site")
    workbook = tmp_path / "oslo.xlsx"
    workbook.write_bytes((run / "groups" / "oslo.xlsx").read_bytes())
    _, run = assess_file()
    answer = call("calibrate", run, workbook)
    assert answer.exit_code == 1
    assert "no such groups" in answer.output


def test_the_agenda_is_in_the_order_of_the_weights_of_the_topics():
    people = [{"drive:manager": score, "drive:self": own} for score in (2, 3.5, 4, None) for own in (1, 4, 5)]
    assessment = assess(roster(people), pack(), DAY)
    items = agenda_of(run_of(assessment, explain(assessment), "0"))
    weights = [item.weight for item in items]
    assert weights == sorted(weights, reverse=True)
    assert len(set(weights)) > 2
    assert all(list(item.topics) == sorted(item.topics, key=lambda t: -t.weight) for item in items)


def test_people_are_grouped_by_specialisation_under_the_title_that_the_pack_gives_it(assess_file, tmp_path):
    path = tmp_path / "ratings.csv"
    path.write_text(
        path.read_text().replace("Office Site", "PM type").replace("Oslo", "growth").replace("oslo", "Growth")
    )
    answer, _ = assess_file("--group-by", "pm type")
    assert answer.exit_code == 0, answer.output
    assert "2 groups by specialisation: Growth PM 4, No specialisation given 1" in answer.output


def test_two_managers_of_one_name_never_share_a_workbook(tmp_path):
    people = (
        {"manager_id": "M1", "manager_name": "Ada", "drive:manager": 4},
        {"manager_id": "M2", "manager_name": "Ada", "drive:manager": 4},
        {"manager_name": "Ada", "drive:manager": 4},
        {"manager_id": "M3", "manager_name": "Bo", "drive:manager": 4},
        {"manager_id": "M3", "manager_name": "Bo, Dr.", "drive:manager": 4},
        {"drive:manager": 4},
    )
    run = write_run(assess(roster(people), pack(), DAY), tmp_path / "run", wanted=Wanted(group_by="manager"))
    assert group_sizes(run, "manager") == {
        "Ada (M1)": 1,
        "Ada (M2)": 1,
        "Ada (no id)": 1,
        "Bo": 2,
        "No manager given": 1,
    }
    sheet = openpyxl.load_workbook(tmp_path / "run" / "calibration.xlsx", data_only=True)["Summary"]
    counts = {row[0].value: row[1].value for row in sheet.iter_rows()}
    assert (counts["Ada (M1)"], counts["Ada (M2)"], counts["Ada (no id)"], counts["Bo"]) == (1, 1, 1, 2)
    for stem, own in (("ada-m1", {"E1"}), ("ada-m2", {"E2"}), ("bo", {"E4", "E5"})):
        path = tmp_path / "run" / "groups" / f"{stem}.xlsx"
        sheet = openpyxl.load_workbook(path)["Calibration"]
        assert {row[1].value for row in sheet.iter_rows(min_row=6)} == own
        succeeded("calibrate", tmp_path / "run", path)


def test_guidelines_and_overviews_count_a_person_once_with_the_best_of_their_promotions(tmp_path):
    people = tuple({"drive:manager": (5, 2)[n % 2], "care:manager": 2} for n in range(4))
    wanted = Wanted(group_by="level", guidelines=read_guidelines(["ready_now=40..60%"]))
    assessment = assess(roster(people), forking_pack(signals=(signal("drive"), signal("care"))), DAY)
    run = write_run(assessment, tmp_path / "run", wanted=wanted)
    assert [one.recommendation for one in run.explanations[:2]] == ["developing", "ready_now"]
    assert run.people_bands() == ("ready_now", "developing", "ready_now", "developing")
    sheet = openpyxl.load_workbook(tmp_path / "run" / "groups" / "overview.xlsx", data_only=True)["Groups"]
    assert [cell.value for cell in sheet[6]][:7] == ["Junior", 4, 0, 2, 0, 2, 0]
    summary = openpyxl.load_workbook(tmp_path / "run" / "calibration.xlsx", data_only=True)["Summary"]
    (share,) = [row for row in summary.iter_rows(values_only=True) if str(row[0]).startswith("ready now: 40")]
    assert share[1:4] == (0.5, 0.5, "within")


def test_who_is_assessed_is_not_on_the_other_list_because_of_a_repeated_row(tmp_path):
    path = tmp_path / "ratings.csv"
    path.write_text(HEADER + ROWS + ROWS.splitlines(keepends=True)[0], encoding="utf-8")
    told = ["assess", str(path), "--out", str(tmp_path / "run"), "--as-of", "2026-06-30"]
    answer = succeeded(*told)
    assert "5 people in the file = 4 assessed + 1 not assessable" in answer.output
    run = read_run(tmp_path / "run")
    assert [person.employee_id for person in run.not_assessable] == ["5"]
    assert "exact_repeat" in {issue.kind for issue in run.issues}


@pytest.mark.parametrize(
    ("decided_by", "is_own"),
    [
        ("Ines Marlow", True),
        ("Marlow, Ines", True),
        ("  ines  MARLOW ", True),
        ("Ines", False),
        ("Ines Marlow-Kent", False),
        ("", False),
        (None, False),
    ],
)
def test_a_decision_is_ones_own_by_the_whole_name_in_any_order(decided_by: str | None, is_own: bool) -> None:
    assert is_own_decision(decided_by, "Ines Marlow") == is_own
    assert not is_own_decision(decided_by, None)
