"""Every formula computed by a second program beside LibreOffice, before and after sixty decisions."""

from dataclasses import replace
from datetime import date

import pytest
from betteroffice_xlsx import Workbook

from engine import assess, explain
from engine.session import Entry, session_terms
from reports.shown import read_guidelines
from reports.shown.content import run_of
from reports.shown.session import Session
from reports.shown.votes import Votes
from reports.workbook import write_workbook
from reports.workbook.agenda_items import running_order
from reports.workbook.layout import CALIBRATION_COLUMNS, SESSION_CELLS
from rules.pack import BANDS
from tests.small import DAY, roster
from tests.test_calibration_round_trip import forking_pack
from tests.test_workbook_formulas import PEOPLE
from tests.test_workbook_two_thousand import held, same, without_values

DECISIONS = 60
REASONS = {reason.id: reason.label for reason in session_terms().reasons}


@pytest.fixture(scope="module")
def run():
    """Sixty people with two promotions each, guidelines, and votes on some."""
    assessment = assess(roster(PEOPLE), forking_pack(), DAY)
    made = run_of(assessment, explain(assessment), "0123456789ab")
    votes = {
        one.key: Votes(one.recommendation, {"ready_now": 2, "developing": 1})
        for one in made.explanations[::9]
    }
    told = Session(guidelines=read_guidelines(["ready_now=10..20%"]), places=7)
    return replace(made, session=told, votes=votes)


@pytest.fixture(scope="module")
def entries(run):
    """Agreed, changed up and down and aside, without a reason, without a decision, and twice promoted."""
    made = {}
    for number, one in enumerate(run.explanations[:DECISIONS]):
        decided = BANDS[number % 4]
        made[one.key] = (
            Entry(one.recommendation, decided_by="Panel", decided_on=date(2026, 7, 1)),
            Entry(decided, "outcomes", "Seen", "Panel", date(2026, 7, 1), "Talk"),
            Entry("ready_now", "scope", "Seen", "Panel", date(2026, 7, 1)),
            Entry(decision=decided),
            Entry(reason="No decision"),
        )[number % 5]
    return made


def calculated(path, folder):
    """The workbook as the second program computes it, without the values that the file holds."""
    without_values(path, folder / "bare.xlsx")
    return Workbook.open_recalculated((folder / "bare.xlsx").read_bytes())


def differences(book, said):
    return {
        (sheet, cell): (value, book[sheet][cell])
        for (sheet, cell), value in said.items()
        if not same(value, "" if book[sheet][cell] is None else book[sheet][cell])
    }


@pytest.mark.parametrize("decided", [False, True], ids=["before", "after"])
def test_a_second_program_computes_what_the_file_holds(run, entries, tmp_path, decided):
    path = tmp_path / "calibration.xlsx"
    write_workbook(run, path, entries=entries if decided else {})
    said = held(path)
    assert len(said) > 900
    assert differences(calculated(path, tmp_path), said) == {}


def test_sixty_decisions_typed_into_the_sheet_compute_as_the_program_says(run, entries, tmp_path):
    write_workbook(run, tmp_path / "before.xlsx")
    write_workbook(run, tmp_path / "after.xlsx", entries=entries)
    book = calculated(tmp_path / "before.xlsx", tmp_path)
    letters = {column.key: chr(64 + n) for n, column in enumerate(CALIBRATION_COLUMNS, start=1)}
    typed = {}
    for row, item in enumerate(running_order(run), start=6):
        entry = entries.get(item.known.key, Entry())
        cells = {
            "decision": run.pack.bands[entry.decision].label if entry.decision else None,
            "reason_code": REASONS.get(entry.reason_code or ""),
            "reason": entry.reason,
            "decided_by": entry.decided_by,
            "decided_on": entry.decided_on.isoformat() if entry.decided_on else None,
        }
        typed |= {f"{letters[key]}{row}": value for key, value in cells.items() if value is not None}
    book.set_many("Calibration", typed)
    book.recalculate()
    assert differences(book, held(tmp_path / "after.xlsx")) == {}


def show(book, value):
    book["Session"]["B3"] = value
    book.recalculate()
    return [book["Session"][cell] for cell in ("A4", "B4", "E4")]


def test_the_session_sheet_shows_whoever_is_typed_or_picked(run, tmp_path):
    write_workbook(run, tmp_path / "calibration.xlsx")
    book = calculated(tmp_path / "calibration.xlsx", tmp_path)
    order = [item.known for item in running_order(run)]
    for number in (1, 2, 57, len(order)):
        one = order[number - 1]
        band = run.pack.bands[one.recommendation].label
        assert show(book, number) == [number, book["Details"][f"B{4 + number}"], band]
        assert book["Details"][f"C{4 + number}"] == one.employee_id
    label = next(row for row in range(2, 200) if str(book["Lists"][f"F{row}"]).startswith("41 "))
    assert show(book, book["Lists"][f"F{label}"])[0] == 41
    for nobody in (0, len(order) + 1, "Nobody", None):
        assert show(book, nobody) == [0, f"Nobody has this number: 1 to {len(order)}", ""]


def test_signals_of_two_people_stand_side_by_side_where_their_step_is_the_same(run, tmp_path):
    write_workbook(run, tmp_path / "calibration.xlsx")
    book = calculated(tmp_path / "calibration.xlsx", tmp_path)
    order = [item.known for item in running_order(run)]
    pick = next(row for row in range(1, 40) if book["Session"][f"D{row}"] == "Compare with")
    steps = {one.promotion: number for number, one in reversed(list(enumerate(order, start=1)))}
    first = order[0].promotion
    other = next(number for number, one in enumerate(order, start=1) if number > 1 and one.promotion == first)
    book["Session"][f"E{pick}"] = other
    book.recalculate()
    assert "|" in book["Session"][f"E{pick + 2}"]
    book["Session"][f"E{pick}"] = next(number for step, number in steps.items() if step != first)
    book.recalculate()
    assert book["Session"][f"E{pick + 2}"] == "another step"


def test_the_rest_as_recommended_turns_what_is_empty_into_agreement(run, tmp_path):
    write_workbook(run, tmp_path / "calibration.xlsx")
    book = calculated(tmp_path / "calibration.xlsx", tmp_path)
    cells = {cell.key: cell.place for cell in SESSION_CELLS}
    statuses = [f"I{row}" for row in range(6, 6 + len(run.explanations))]
    book.set_many("Calibration", {cells["rest"]: "yes"})
    book.recalculate()
    assert {book["Calibration"][cell] for cell in statuses} == {"Decider or date missing", "Two promotions"}
    book.set_many("Calibration", {cells["decided_by"]: "Panel", cells["decided_on"]: "2026-07-01"})
    book.recalculate()
    assert {book["Calibration"][cell] for cell in statuses} == {"Agreed", "Two promotions"}


def test_a_workbook_without_anybody_computes_too(run, tmp_path):
    nobody = replace(run, explanations=run.at(()), votes={}, people_in_file=0, people_recommended=0)
    write_workbook(nobody, tmp_path / "calibration.xlsx")
    said = held(tmp_path / "calibration.xlsx")
    assert differences(calculated(tmp_path / "calibration.xlsx", tmp_path), said) == {}
    assert said["Session", "B4"] == "Nobody to show"
