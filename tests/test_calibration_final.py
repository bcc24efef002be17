"""The final page of a calibration: what it says, and how it stands in a real browser."""

from dataclasses import replace
from datetime import UTC, date, datetime
from html.parser import HTMLParser

import openpyxl
import pytest

from engine import assess, explain
from engine.session import Decision, Origin, Withdrawal, append
from reports.calibration.final_page import render_final
from reports.shown import read_guidelines
from reports.shown.content import run_of
from reports.shown.session import Session
from reports.shown.votes import Votes
from reports.workbook import write_workbook
from tests.calibration_rows import COLUMNS, row_of
from tests.chromium import chromium, overflow, violations
from tests.small import DAY, pack, roster

PEOPLE = tuple(
    {
        "drive:manager": (5, 3.5, 2, None)[n % 4],
        "department": ("Core", "<b>Growth</b>")[n % 2],
        "manager_name": ("Ada", "Bo")[n // 6],
    }
    for n in range(12)
)


def made(number, recommendation, decision, **more):
    told = {"reason_code": None, "reason": None, "decided_by": "Panel", "follow_up": None, **more}
    return Decision(f"E{number}", "up", recommendation, decision, decided_on=date(2026, 7, 1), **told)


DECISIONS = (
    made(1, "ready_now", "ready_soon", reason_code="timing", reason="<script>On leave</script>"),
    made(2, "ready_soon", "ready_now", reason_code="outcomes", reason="Launch", decided_by="VP"),
    made(3, "developing", "developing", follow_up="Mentor"),
    made(4, "insufficient_evidence", "ready_soon", reason_code="evidence", reason="Seen"),
)


@pytest.fixture(scope="module")
def run():
    assessment = assess(roster(PEOPLE), pack(), DAY)
    whole = run_of(assessment, explain(assessment), "0123456789ab")
    return replace(whole, session=Session(guidelines=read_guidelines(["ready_now=10..20%"])))


@pytest.fixture(scope="module")
def decided(run):
    return replace(run, decisions={one.key: one for one in DECISIONS})


@pytest.fixture(scope="module")
def text(decided):
    return render_final(decided)


class Tables(HTMLParser):
    """Every table by its caption: rows of cells as text."""

    def __init__(self, text):
        super().__init__()
        self.tables, self.rows, self.cell, self.caption = {}, [], None, None
        self.feed(text)

    def handle_starttag(self, tag, _attrs):
        if tag == "table":
            self.rows = []
        elif tag == "tr":
            self.rows.append([])
        elif tag in ("td", "th", "caption"):
            self.cell = []

    def handle_endtag(self, tag):
        if tag == "caption":
            self.caption = " ".join("".join(self.cell).split())
            self.tables[self.caption] = self.rows
        elif tag in ("td", "th"):
            self.rows[-1].append(" ".join(" ".join(self.cell).split()))

    def handle_data(self, data):
        if self.cell is not None:
            self.cell.append(data)


def test_who_moved_is_told_with_by_whom_and_why(text):
    tables = Tables(text).tables
    assert tables["Changed up 1"][1] == [
        "Person 2 E2, Ada",
        "Up",
        "ready soon",
        "ready now",
        "VP 1 July 2026",
        "Results not in the ratings Launch",
    ]
    assert tables["Changed down 1"][1][-1] == "Timing or change of role <script>On leave</script>"
    assert tables["Neither up nor down 1"][1][0] == "Person 4 E4, Ada"


def test_what_was_decided_again_or_taken_back_is_told_with_by_whom_and_why(decided, text):
    log = append((), DECISIONS[:2], Origin(), datetime(2026, 7, 1, tzinfo=UTC))
    changed = [made(1, "ready_now", "ready_now"), Withdrawal("E2", "up", "Wrong row", "HR")]
    log = append(log, changed, Origin(), datetime(2026, 7, 3, tzinfo=UTC))
    tables = Tables(render_final(decided, log)).tables
    assert tables["Decided again or taken back"][1:] == [
        ["Person 1 E1, Ada", "Up", "ready soon", "ready now", "Panel 1 July 2026", "–"],
        ["Person 2 E2, Ada", "Up", "ready now", "taken back", "HR 3 July 2026", "Wrong row"],
    ]
    assert "taken back" not in text


def test_counts_before_and_after_add_up(text):
    tables = Tables(text).tables
    assert tables["Recommended (rows) and decided (columns)"][1:] == [
        ["ready now", "2", "1", "0", "0", "3"],
        ["ready soon", "1", "2", "0", "0", "3"],
        ["developing", "0", "0", "3", "0", "3"],
        ["insufficient evidence", "0", "1", "0", "2", "3"],
        ["After", "3", "4", "3", "2", "12"],
    ]
    assert tables["By manager"][1] == ["Ada", "2", "2 → 3", "1", "1 → 0", "3", "2"]
    assert tables["By department"][1][0] == "<b>Growth</b>"
    assert tables["Guidelines: information, never quotas"][1] == [
        "ready now: 10 to 20%",
        "25%",
        "25%",
        "above",
    ]


def test_agreements_follow_ups_deciders_and_the_undecided_are_listed(text):
    tables = Tables(text).tables
    assert tables["Decisions that agree with the recommendation"][1][0] == "Person 3 E3, Ada"
    assert tables["Agreed follow-ups"][1][-1] == "Mentor"
    assert tables["Decisions by who made them"][1] == ["Panel", "1", "0", "1", "1", "3"]
    assert len(tables["Recommendations without a decision"]) == 1 + 8


def test_without_a_decision_the_page_says_so(run):
    text = render_final(run)
    assert "Nobody: every decision agrees with the recommendation." in text
    assert "0 of 12 recommendations have a decision" in text


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_passes_axe_fetches_nothing_and_fits_a_phone(text, tmp_path, scheme):
    path = tmp_path / "calibration-final.html"
    path.write_text(text, encoding="utf-8")
    trouble = []
    with chromium() as browser:
        phone = {"width": 390, "height": 844}
        page = browser.new_context(offline=True, color_scheme=scheme, viewport=phone).new_page()
        page.on("console", lambda said: trouble.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: trouble.append(str(error)))
        page.goto(path.as_uri())
        assert violations(page) == []
        assert overflow(page) <= 0
    assert trouble == []


def test_the_final_workbook_says_in_each_row_what_was_done_to_the_band(decided, tmp_path):
    entries = {one.key: one.entry for one in DECISIONS}
    write_workbook(decided, tmp_path / "final.xlsx", entries=entries)
    sheet = openpyxl.load_workbook(tmp_path / "final.xlsx", data_only=True)["Calibration"]
    said = [sheet.cell(row_of(sheet, place), COLUMNS["status"]).value for place in (0, 4, 5, 6, 1)]
    assert said == ["Changed down", "Changed up", "Agreed", "Neither up nor down", "Undecided"]


def test_the_page_and_the_workbook_say_whether_the_room_is_calibrated_without_names(run, text, tmp_path):
    """Four decisions: one agreed, one up, one down, one from insufficient evidence; all of Ada's people."""
    tables = Tables(text).tables
    heads = ["Recommendations", "Decided", "Agreed", "Changed up", "Changed down", "Neither up nor down"]
    assert tables["By what the rules recommended"] == [
        heads,
        ["ready now", "1", "0", "0", "1", "0"],
        ["ready soon", "1", "0", "1", "0", "0"],
        ["developing", "1", "1", "0", "0", "0"],
        ["insufficient evidence", "1", "0", "0", "0", "1"],
        ["All", "4", "1", "1", "1", "1"],
    ]
    assert tables["By manager, without names"] == [heads, ["Manager 1", "4", "1", "1", "1", "1"]]
    cases = tables["Rules that were overruled"][1:]
    assert sorted(row[1:4] for row in cases) == [
        ["E1", "ready now", "ready soon"],
        ["E2", "ready soon", "ready now"],
        ["E4", "insufficient evidence", "ready soon"],
    ]
    decided = replace(run, decisions={one.key: one for one in DECISIONS})
    write_workbook(decided, tmp_path / "final.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "final.xlsx")["Room"]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert ["All", 4, 1, 1, 1, 1, None] in rows
    assert ["Manager 1", 4, 1, 1, 1, 1, None] in rows
    assert not [value for row in rows for value in row if value in ("Ada", "Bo") or "Person" in str(value)]


def test_the_record_says_what_the_votes_agreed_with_before_and_after(decided):
    votes = {
        ("E1", "up"): Votes("ready_now", {"ready_now": 1, "ready_soon": 3}),
        ("E3", "up"): Votes("developing", {"developing": 2}),
        ("E9", "up"): Votes("ready_now", {"ready_now": 5}),
    }
    page = render_final(replace(decided, votes=votes))
    before = "6 votes on 2 recommendations that are decided now, 50% for the recommended band"
    assert f"Before the session: {before}; all for one band on 1 of the 2 with several votes." in page
    assert "After it: 83% of them are for the band that was decided." in page
    assert "Before the session" not in render_final(decided)
