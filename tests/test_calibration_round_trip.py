import json
import shutil
import zipfile
from datetime import date
from pathlib import Path

import openpyxl
import polars as pl
import pytest
from openpyxl.utils import get_column_letter

from engine import assess
from reports.shown import read_guidelines
from reports.writing import Wanted, write_run
from rules.pack import Level, Promotion
from tests.calibration_rows import COLUMNS, FIRST, row_of
from tests.command_line import call
from tests.folders import contents
from tests.libreoffice import saved_by_libreoffice
from tests.small import CITE, DAY, pack, roster, signal

BANDS = ("ready now", "ready soon", "developing", "insufficient evidence")


def forking_pack(**told):
    """From junior to senior or to expert, so that a person can have two promotions at once."""
    small = pack(**told)
    level = Level(id="expert", title="Expert", track="ic", summary="expert", cite=CITE)
    fork = Promotion(
        id="across",
        from_level="junior",
        to_level="expert",
        title="Across",
        signals=(signal("drive"),),
        cite=CITE,
    )
    return small.model_copy(
        update={"levels": (*small.levels, level), "promotions": (*small.promotions, fork)}
    )


PEOPLE = tuple(
    {
        "drive:manager": (5, 3.5, 2, None)[n % 4],
        "drive:self": (4, 5, 4.5)[n % 3],
        "care:manager": (4, 3)[n % 2],
        "department": ("Core", "=1+1", "R&D *", "00012", "core", None)[n % 6],
        "manager_name": ("Ada ~ B", "<5", "Zoë \x07 Ünal")[n % 3],
        "employee_id": f"{n:05d}",
        "employee_name": ("=HYPERLINK(1)", "Ann _x0041_", "Bo\nLine", "O'Neil & <Co>")[n % 4] + f" {n}",
    }
    for n in range(24)
)


@pytest.fixture(scope="module")
def fresh_run(tmp_path_factory):
    folder = tmp_path_factory.mktemp("calibration") / "run"
    write_run(assess(roster(PEOPLE), forking_pack(), DAY), folder, wanted=Wanted(group_by="department"))
    return folder


@pytest.fixture
def run(fresh_run, tmp_path):
    return Path(shutil.copytree(fresh_run, tmp_path / "run"))


def fill(source, target, edits, sheet="Calibration"):
    """Copy a workbook through openpyxl with edits: (row number in the table, column key) to value."""
    book = openpyxl.load_workbook(source)
    for (row, key), value in edits.items():
        cell = book[sheet].cell(row_of(book[sheet], row), COLUMNS[key])
        cell.value = value
        if isinstance(value, str):
            cell.data_type = "s"
    book.save(target)
    return target


def decide(row, decision, **more):
    made = {"decision": decision, "decided_by": "Panel", "decided_on": date(2026, 7, 1), **more}
    return {(row, key): value for key, value in made.items()}


def changed(row, decision):
    return decide(row, decision, reason_code="Other, see the reason", reason="=Seen in the room")


def calibrate(*arguments):
    return call("calibrate", *arguments, "--today", "2026-07-02")


def recommendation(run, row):
    sheet = openpyxl.load_workbook(run / "calibration.xlsx")["Calibration"]
    return sheet.cell(row_of(sheet, row), COLUMNS["recommendation"]).value


def edits_for_thirty(run):
    """Agree on every second row and change the others; promotions of forks are kept apart."""
    sheet = openpyxl.load_workbook(run / "calibration.xlsx")["Calibration"]
    edits = {}
    for row in range(30):
        band = sheet.cell(row_of(sheet, row), COLUMNS["recommendation"]).value
        if row % 2 and band == "ready now":
            edits |= changed(row, "ready soon")
        elif row % 2:
            edits |= changed(row, "developing" if band != "developing" else "ready soon")
        else:
            edits |= decide(row, band)
    return edits


def test_a_dry_run_tells_what_the_decisions_mean_for_the_guidelines_of_the_run(tmp_path):
    told = Wanted(guidelines=read_guidelines(["ready_now=10..20%"]))
    write_run(assess(roster(PEOPLE), pack(), DAY), tmp_path / "run", wanted=told)
    edited = fill(tmp_path / "run" / "calibration.xlsx", tmp_path / "e.xlsx", changed(0, "ready soon"))
    answer = calibrate(tmp_path / "run", edited)
    assert answer.exit_code == 0, answer.output
    said = "Guideline, not a quota: ready now 10 to 20%; 25% before, 20.8% after (above)"
    assert said in answer.output


def test_an_untouched_workbook_changes_nothing(run):
    before = contents(run)
    answer = calibrate(run, run / "calibration.xlsx", "--apply")
    assert answer.exit_code == 0, answer.output
    assert "no new decision" in answer.output
    assert contents(run) == before


def test_a_dry_run_tells_what_would_change_and_changes_nothing(run, tmp_path):
    edited = fill(run / "calibration.xlsx", tmp_path / "edited.xlsx", edits_for_thirty(run))
    before = contents(run)
    answer = calibrate(run, edited)
    assert answer.exit_code == 0, answer.output
    assert "30 new" in answer.output
    assert contents(run) == before


def test_applying_makes_decisions_final_once(run, tmp_path):
    edited = fill(run / "calibration.xlsx", tmp_path / "edited.xlsx", edits_for_thirty(run))
    assert calibrate(run, edited, "--apply").exit_code == 0
    table = pl.read_parquet(run / "decisions.parquet")
    assert table.height == 30
    assert set(table["decided_by"]) == {"Panel"}
    assert table.filter(pl.col("decision") != pl.col("recommendation"))["reason"].unique().to_list() == [
        "=Seen in the room"
    ]
    log = (run / "decisions-log.jsonl").read_text().splitlines()
    assert [json.loads(line)["number"] for line in log] == list(range(1, 31))
    assert "30 of 48 recommendations have a decision" in (run / "calibration-final.html").read_text("utf-8")
    after = contents(run)
    again = calibrate(run, edited, "--apply")
    assert again.exit_code == 0
    assert "30 known" in again.output
    assert contents(run) == after


def test_a_second_workbook_adds_its_decisions_to_the_first(run, tmp_path):
    one = fill(run / "calibration.xlsx", tmp_path / "one.xlsx", decide(0, recommendation(run, 0)))
    two = fill(run / "calibration.xlsx", tmp_path / "two.xlsx", decide(5, recommendation(run, 5)))
    assert calibrate(run, one, "--apply").exit_code == 0
    first_line = (run / "decisions-log.jsonl").read_text()
    assert calibrate(run, two, "--apply").exit_code == 0
    assert (run / "decisions-log.jsonl").read_text().startswith(first_line)
    assert pl.read_parquet(run / "decisions.parquet").height == 2


def test_a_different_decision_is_a_conflict_until_it_may_replace(run, tmp_path):
    agreed = fill(run / "calibration.xlsx", tmp_path / "one.xlsx", decide(4, recommendation(run, 4)))
    other = fill(run / "calibration.xlsx", tmp_path / "two.xlsx", changed(4, "insufficient evidence"))
    assert calibrate(run, agreed, "--apply").exit_code == 0
    before = contents(run)
    answer = calibrate(run, other, "--apply")
    assert answer.exit_code == 1
    assert "differs in decision" in answer.output
    assert contents(run) == before
    assert calibrate(run, other, "--apply", "--replace").exit_code == 0
    last = json.loads((run / "decisions-log.jsonl").read_text().splitlines()[-1])
    assert last["before"] is not None
    assert last["decision"]["decision"] == "insufficient_evidence"


def test_what_would_be_replaced_is_said_also_where_only_words_differ(run, tmp_path):
    for name, words in (("one", "A mentor until May"), ("two", "Nothing to do")):
        said = {**decide(4, recommendation(run, 4)), (4, "follow_up"): words}
        fill(run / "calibration.xlsx", tmp_path / f"{name}.xlsx", said)
    assert calibrate(run, tmp_path / "one.xlsx", "--apply").exit_code == 0
    answer = calibrate(run, tmp_path / "two.xlsx")
    assert "differs in follow up (“Nothing to do”, not “A mentor until May”)" in " ".join(
        answer.output.split()
    )


@pytest.mark.parametrize(
    ("edits", "words"),
    [
        ({(0, "decision"): "insufficient evidence"}, "differs from the recommendation without a reason"),
        ({(0, "decision"): "promote!"}, "is not a decision"),
        ({(0, "reason"): "because"}, "but no decision"),
        ({(6, "decision"): "insufficient evidence"}, "does not say who decided"),
        ({(0, "reason_code"): "Mood"}, "is not a reason code"),
        (changed(0, "developing") | {(0, "decided_on"): date(2030, 1, 1)}, "in the future"),
        (changed(0, "developing") | {(0, "decided_on"): date(1999, 1, 1)}, "over a year before"),
        (changed(0, "developing") | {(0, "decided_on"): "soon"}, "soon"),
        (decide(0, "ready now") | decide(1, "ready now"), "two levels at once"),
    ],
)
def test_an_incomplete_decision_is_named_with_its_cell_and_nothing_is_applied(run, tmp_path, edits, words):
    edited = fill(run / "calibration.xlsx", tmp_path / "edited.xlsx", edits)
    before = contents(run)
    answer = calibrate(run, edited, "--apply")
    assert answer.exit_code == 1
    assert words in answer.output
    assert "edited.xlsx, Calibration!" in answer.output
    assert contents(run) == before


def test_rows_may_be_sorted_columns_moved_and_notes_added(run, tmp_path):
    book = openpyxl.load_workbook(
        fill(run / "calibration.xlsx", tmp_path / "edited.xlsx", edits_for_thirty(run))
    )
    sheet = book["Calibration"]
    width, last = len(COLUMNS), sheet.max_row
    rows = [[sheet.cell(r, c).value for c in range(1, width + 1)] for r in range(FIRST - 1, last + 1)]
    head, body = rows[0], sorted(rows[1:], key=lambda row: str(row[2]), reverse=True)
    order = [*range(9, width), *range(9)]
    for r, row in enumerate([head, *body], start=FIRST - 1):
        for c, source in enumerate(order, start=1):
            value = None if str(row[source]).startswith(("=IF(", '=HYPERLINK("')) else row[source]
            sheet.cell(r, c).value = value
            if isinstance(value, str):
                sheet.cell(r, c).data_type = "s"
    beside = order.index(COLUMNS["evidence"] - 1) + 1
    sheet.cell(last + 3, beside).value = "A note under the table"
    sheet.column_dimensions["B"].hidden = True
    book.save(tmp_path / "moved.xlsx")
    answer = calibrate(run, tmp_path / "moved.xlsx", "--apply")
    assert answer.exit_code == 0, answer.output
    assert "30 new" in answer.output
    assert pl.read_parquet(run / "decisions.parquet").height == 30


@pytest.mark.parametrize(
    ("edits", "words"),
    [
        ({(2, "employee_id"): "99999"}, "is not a row of this run"),
        ({(2, "employee_id"): "00000", (2, "promotion"): "Up"}, "appears twice"),
        ({(2, "promotion"): "Sideways"}, "is not a row of this run"),
    ],
)
def test_a_workbook_with_changed_ids_is_refused_with_the_cell(run, tmp_path, edits, words):
    edited = fill(run / "calibration.xlsx", tmp_path / "edited.xlsx", edits)
    answer = calibrate(run, edited, "--apply")
    assert answer.exit_code == 1
    assert words in answer.output
    assert "missing" in answer.output


def test_a_row_taken_out_is_missed(run, tmp_path):
    book = openpyxl.load_workbook(run / "calibration.xlsx")
    book["Calibration"].delete_rows(row_of(book["Calibration"], 3))
    book.save(tmp_path / "short.xlsx")
    answer = calibrate(run, tmp_path / "short.xlsx")
    assert answer.exit_code == 1
    assert "the row of 00001" in answer.output


def test_a_changed_locked_cell_is_named_and_the_value_of_the_run_counts(run, tmp_path):
    edits = {(0, "recommendation"): "developing", **decide(0, "developing")}
    edited = fill(run / "calibration.xlsx", tmp_path / "edited.xlsx", edits)
    answer = calibrate(run, edited)
    assert "the run says “ready now”" in answer.output
    assert "without a reason" in answer.output
    assert answer.exit_code == 1


def test_whoever_decides_about_themselves_is_named_and_nobody_else(run, tmp_path):
    sheet = openpyxl.load_workbook(run / "calibration.xlsx")["Calibration"]
    first, last = sheet.cell(row_of(sheet, 0), COLUMNS["employee_name"]).value.split()
    own = decide(0, recommendation(run, 0), decided_by=f"{last.upper()}, {first}")
    edits = {**own, **decide(3, recommendation(run, 3), decided_by=f"{first} {last}")}
    answer = calibrate(run, fill(run / "calibration.xlsx", tmp_path / "edited.xlsx", edits))
    cell = f"Calibration!{get_column_letter(COLUMNS['decision'])}{row_of(sheet, 0)}"
    assert f"{cell}: decided by {last.upper()}, {first}, whom it is about" in answer.output
    assert answer.output.count("whom it is about") == 1
    assert answer.exit_code == 0


def test_a_workbook_of_another_run_is_refused(run, tmp_path):
    write_run(assess(roster(PEOPLE[:9]), forking_pack(), date(2026, 6, 29)), tmp_path / "other")
    answer = calibrate(run, tmp_path / "other" / "calibration.xlsx")
    assert answer.exit_code == 1
    assert "belongs to run" in answer.output


def test_a_file_that_is_no_calibration_workbook_is_refused(run, tmp_path):
    openpyxl.Workbook().save(tmp_path / "empty.xlsx")
    answer = calibrate(run, tmp_path / "empty.xlsx")
    assert answer.exit_code == 1
    assert "empty.xlsx" in answer.output


def test_a_log_changed_by_hand_is_noticed(run, tmp_path):
    edited = fill(run / "calibration.xlsx", tmp_path / "edited.xlsx", edits_for_thirty(run))
    assert calibrate(run, edited, "--apply").exit_code == 0
    log = run / "decisions-log.jsonl"
    log.write_text(log.read_text().replace("Panel", "Other", 1))
    answer = calibrate(run, edited)
    assert answer.exit_code == 1
    assert "changed by hand" in answer.output


def test_the_hr_file_has_one_row_per_person_and_no_ratings(run, tmp_path):
    edits = decide(0, "ready now") | changed(1, "developing")
    edited = fill(run / "calibration.xlsx", tmp_path / "edited.xlsx", edits)
    assert calibrate(run, edited, "--apply").exit_code == 0
    table = pl.read_csv(run / "hr-decisions.csv", schema_overrides={"employee_id": pl.String})
    assert table.columns == [
        "employee_id",
        "decision",
        "effective_level",
        "effective_on",
        "decided_by",
        "decided_on",
        "reason",
    ]
    assert table.row(0)[:3] == ("00000", "promote", "Senior")
    assert table.height == len(PEOPLE)
    assert table["decision"].value_counts().sort("decision").rows() == [("open", 23), ("promote", 1)]


def test_nobody_is_told_as_settled_in_the_hr_file_with_one_of_two_promotions_decided(run, tmp_path):
    edits = changed(2, "developing") | decide(4, "developing") | decide(5, "developing")
    edited = fill(run / "calibration.xlsx", tmp_path / "edited.xlsx", edits)
    answer = calibrate(run, edited, "--apply", "--effective-on", "2026-10-01")
    assert answer.exit_code == 0, answer.output
    table = pl.read_csv(run / "hr-decisions.csv", schema_overrides={"employee_id": pl.String})
    made = {row["employee_id"]: row for row in table.iter_rows(named=True)}
    assert made["00001"]["decision"] == "open"
    assert made["00002"]["decision"] == "no_change"
    assert made["00002"]["effective_on"] is None


def test_a_promotion_has_the_day_on_which_it_takes_effect(run, tmp_path):
    edited = fill(run / "calibration.xlsx", tmp_path / "edited.xlsx", decide(0, "ready now"))
    assert calibrate(run, edited, "--apply", "--effective-on", "2026-10-01").exit_code == 0
    later = fill(run / "calibration.xlsx", tmp_path / "later.xlsx", decide(5, recommendation(run, 5)))
    assert calibrate(run, later, "--apply").exit_code == 0
    table = pl.read_csv(run / "hr-decisions.csv", schema_overrides={"employee_id": pl.String})
    assert table.row(0)[:4] == ("00000", "promote", "Senior", "2026-10-01")
    assert calibrate(run, edited, "--apply", "--effective-on", "2026-11-01").exit_code == 0
    table = pl.read_csv(run / "hr-decisions.csv", schema_overrides={"employee_id": pl.String})
    assert table.row(0)[:4] == ("00000", "promote", "Senior", "2026-11-01")
    assert pl.read_parquet(run / "decisions.parquet").height == 2
    assert call("withdraw", run, "00000", "--reason", "Wrong row", "--by", "HR").exit_code == 0
    assert calibrate(run, edited, "--apply", "--replace").exit_code == 0
    table = pl.read_csv(run / "hr-decisions.csv", schema_overrides={"employee_id": pl.String})
    assert table.row(0)[:4] == ("00000", "promote", "Senior", None)


def test_assessing_again_does_not_destroy_decisions(run, tmp_path):
    edited = fill(run / "calibration.xlsx", tmp_path / "edited.xlsx", decide(0, "ready now"))
    assert calibrate(run, edited, "--apply").exit_code == 0
    with pytest.raises(Exception, match="holds decisions"):
        write_run(assess(roster(PEOPLE), forking_pack(), DAY), run)


def test_votes_are_counted_and_the_split_ones_come_first(run, tmp_path):
    copies = [
        fill(
            run / "calibration.xlsx",
            tmp_path / f"{name}.xlsx",
            {(8, "decision"): band, (2, "decision"): "ready soon"},
        )
        for name, band in (("a", "ready now"), ("b", "developing"), ("c", "ready now"))
    ]
    before = contents(run)
    answer = calibrate(run, *copies, "--preview", "--json")
    assert answer.exit_code == 0, answer.output
    ballots = json.loads(answer.stdout)
    assert ballots[0]["votes"] == {"a.xlsx": "ready_now", "b.xlsx": "developing", "c.xlsx": "ready_now"}
    assert ballots[0]["agreement"] == pytest.approx(2 / 3)
    assert ballots[1]["agreement"] == 1.0
    assert ballots[2]["agreement"] is None
    after = contents(run)
    assert after.pop("calibration-voted.xlsx")
    kept = json.loads(after.pop("votes.json"))
    assert kept == [["00004", "up", {"ready_now": 2, "developing": 1}], ["00001", "up", {"ready_soon": 3}]]
    assert after == before


def test_the_workbook_with_the_votes_begins_where_they_differ_and_says_nobodys(run, tmp_path):
    copies = [
        fill(
            run / "calibration.xlsx",
            tmp_path / f"voter-{name}.xlsx",
            {(8, "decision"): band, (4, "decision"): recommendation(run, 4)},
        )
        for name, band in (("ada", "ready now"), ("bo", "developing"), ("cy", "ready now"))
    ]
    answer = calibrate(run, *copies, "--preview", "--out", tmp_path / "project.xlsx")
    assert answer.exit_code == 0, answer.output
    assert not (run / "calibration-voted.xlsx").exists()
    book = openpyxl.load_workbook(tmp_path / "project.xlsx", data_only=True)
    heads, first, *others = (
        dict(enumerate(cell.value for cell in row)) for row in book["Agenda"].iter_rows(min_row=5)
    )
    place = {text: column for column, text in heads.items()}
    assert first[place["Votes"]] == "2 ready now, 1 developing"
    assert first[place["Why on the agenda"]].startswith("Votes differ")
    assert [row[place["Votes"]] for row in others if row[place["Votes"]]] in (
        [],
        [f"3 {recommendation(run, 4)}"],
    )
    assert "2 ready now, 1 developing" in [cell.value for row in book["Session"].iter_rows() for cell in row]
    with zipfile.ZipFile(tmp_path / "project.xlsx") as parts:
        text = b"".join(parts.read(name) for name in parts.namelist()).decode()
    assert "voter-" not in text
    assert "voter-" not in (run / "votes.json").read_text()
    decided = fill(tmp_path / "project.xlsx", tmp_path / "decided.xlsx", changed(8, "developing"))
    assert calibrate(run, decided, "--apply").exit_code == 0


def test_a_copy_given_twice_and_a_vote_that_is_no_band_are_not_counted_in_silence(run, tmp_path):
    copy = fill(run / "calibration.xlsx", tmp_path / "a.xlsx", {(8, "decision"): "Maybe"})
    answer = calibrate(run, copy, run / "calibration.xlsx", "--preview")
    assert answer.exit_code == 0, answer.output
    assert "Not counted as a vote" in answer.output
    assert "“Maybe” is not a decision" in answer.output
    answer = calibrate(run, copy, copy, "--preview")
    assert answer.exit_code == 2
    assert "nobody votes twice" in answer.output


def test_a_copy_of_a_copy_is_counted_and_said(run, tmp_path):
    copy = fill(run / "calibration.xlsx", tmp_path / "a.xlsx", {(8, "decision"): "ready now"})
    twin = Path(shutil.copy(copy, tmp_path / "b.xlsx"))
    blank = [Path(shutil.copy(run / "calibration.xlsx", tmp_path / f"{name}.xlsx")) for name in "cd"]
    answer = calibrate(run, copy, twin, *blank, "--preview")
    assert answer.exit_code == 0, answer.output
    assert "a.xlsx and b.xlsx are identical" in answer.output
    assert "c.xlsx and d.xlsx" not in answer.output


def test_copies_of_the_same_name_stay_apart(run, tmp_path):
    copies = []
    for voter, band in (("one", "ready now"), ("two", "developing")):
        (tmp_path / voter).mkdir()
        copies.append(fill(run / "calibration.xlsx", tmp_path / voter / "copy.xlsx", {(8, "decision"): band}))
    answer = calibrate(run, *copies, "--preview", "--json")
    assert json.loads(answer.stdout)[0]["votes"] == {
        "copy.xlsx": "ready_now",
        "copy.xlsx (2)": "developing",
    }


def test_a_group_workbook_is_read_back_and_needs_its_own_rows_alone(run, tmp_path):
    edited = fill(run / "groups" / "r-d.xlsx", tmp_path / "rd.xlsx", {(0, "follow_up"): "Talk again"})
    answer = calibrate(run, edited)
    assert answer.exit_code == 0, answer.output
    assert "department R&D *" in answer.output


def test_a_workbook_saved_by_libreoffice_comes_back_unharmed(run, tmp_path):
    edited = fill(run / "calibration.xlsx", tmp_path / "edited.xlsx", edits_for_thirty(run))
    saved = saved_by_libreoffice(edited, tmp_path / "office")
    answer = calibrate(run, saved, "--apply")
    assert answer.exit_code == 0, answer.output
    assert "30 new" in answer.output
    assert "the run says" not in answer.output
    assert pl.read_parquet(run / "decisions.parquet")["decided_on"].unique().to_list() == [date(2026, 7, 1)]
