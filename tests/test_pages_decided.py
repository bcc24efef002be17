"""After a session: pages, packets, letters and `explain` say what was decided, above what the rules said."""

from datetime import UTC, date, datetime
from html.parser import HTMLParser

import pytest

from engine import assess
from engine.session import Decision, Origin, append
from inputs import InputError
from reports.calibration import write_decisions
from reports.calibration.applying import withdraw
from reports.run import read_run
from reports.run.decision_log import read_log
from reports.run.replacing import locked
from reports.writing import Wanted, write_run
from tests.command_line import call
from tests.small import DAY, RULES, pack, roster, rule, signal

PEOPLE = (
    {"employee_name": "Ada Ames", "drive:manager": 5, "manager_name": "Mo One", "manager_id": "M1"},
    {"employee_name": "Bo Best", "drive:manager": "3.5", "manager_name": "Mo One", "manager_id": "M1"},
    {"employee_name": "Cy Cole", "drive:manager": 2, "manager_name": "Mel Two", "manager_id": "M2"},
)
TOO_SOON = rule(
    "T-R1",
    'observation == "too_short"',
    recommendation="insufficient_evidence",
    overrides=("T-R2", "T-R3", "T-R4"),
)
NOW = datetime(2026, 7, 2, 9, tzinfo=UTC)


@pytest.fixture
def folder(tmp_path):
    out = tmp_path / "run"
    write_run(assess(roster(PEOPLE), pack(), DAY), out, wanted=Wanted(people=True, packets=True))
    return out


def decide(folder, employee_id, band, **more):
    run = read_run(folder)
    (one,) = (one for one in run.explanations if one.employee_id == employee_id)
    given = {"reason_code": None, "reason": None, "follow_up": None, **more}
    made = Decision(
        employee_id,
        one.promotion,
        one.recommendation,
        band,
        decided_by="The panel",
        decided_on=date(2026, 7, 1),
        **given,
    )
    with locked(folder):
        write_decisions(run, append(read_log(folder), [made], Origin(), NOW), folder)


class _Text(HTMLParser):
    def __init__(self):
        super().__init__()
        self.words, self._skipped = [], 0

    def handle_starttag(self, tag, _attrs):
        self._skipped += tag in ("style", "script", "title")

    def handle_endtag(self, tag):
        self._skipped -= tag in ("style", "script", "title")

    def handle_data(self, data):
        if not self._skipped:
            self.words.append(data)


def text(path):
    parser = _Text()
    parser.feed(path.read_text(encoding="utf-8"))
    return " ".join(" ".join(parser.words).split())


def test_the_pages_of_whoever_was_decided_on_say_so_and_the_others_stay(folder):
    before = {path.name: path.read_bytes() for path in (folder / "managers").iterdir()}
    decide(
        folder,
        "E2",
        "ready_now",
        reason_code="outcomes",
        reason="Led it",
        follow_up="Start in August",
    )
    for page in ("report.html", "managers/mo-one.html", "people/E2.html", "packets/E2.html"):
        said = text(folder / page)
        assert "Decided: ready now for Senior" in said, page
        assert (
            "Promotion. Decided by The panel on 1 July 2026. Reason: Results not in the ratings: Led it."
            in said
        )
        assert "Follow-up: Start in August" in said
        rules = "what is above" if page.startswith("packets") else "what follows"  # there it comes last
        assert f"The rules had recommended ready soon; {rules} is what they say" in said
    assert (folder / "managers" / "mel-two.html").read_bytes() == before["mel-two.html"]
    assert "Decided" not in text(folder / "people" / "E1.html")


def test_a_manager_is_not_told_what_the_rules_say_where_it_was_decided_otherwise(folder):
    decide(folder, "E1", "developing", reason_code="other", reason="Two examples were the team's")
    decide(folder, "E2", "ready_soon")
    said = text(folder / "managers" / "mo-one.html")
    otherwise = "Decided: no promotion in this cycle. Say why the room decided otherwise than the rules."
    assert said.count(otherwise) == 2  # in the overview and in the row
    assert "All of it is there" not in said
    assert (
        "Decided: no promotion yet; promotion once what is missing has been shown. Still to show: Drive"
        in said
    )
    assert "Senior · decided; the rules said ready now" in said
    assert "high confidence" not in said  # of the rules, not of the room
    assert "Reason: Two examples were the team's." in said
    assert "What would change it, by the rules:" not in text(folder / "letters" / "E2.html")
    assert "see the reason" not in said + text(folder / "letters" / "E1.html")


def test_the_row_of_the_report_says_the_decision_beside_the_recommendation(folder):
    decide(folder, "E1", "developing", reason_code="other", reason="Two examples were the team's")
    report = (folder / "report.html").read_text("utf-8")
    rows = [row.partition("</summary>")[0] for row in report.split("<summary>")]
    assert ["Decided: developing" in row for row in rows if "E1</span>" in row] == [True]
    assert sum("Decided: " in row for row in rows) == 1


def test_the_counts_above_a_managers_rows_are_those_of_the_rows(folder):
    def counted():
        return (
            text(folder / "managers" / "mo-one.html").partition("conversation.")[2].partition("Overview")[0]
        )

    assert counted().split() == ["ready", "now", "1", "ready", "soon", "1"]
    decide(folder, "E1", "developing", reason_code="other", reason="Two examples were the team's")
    assert counted().split() == ["ready", "soon", "1", "developing", "1"]


def test_whoever_is_not_promoted_gets_a_letter_and_whoever_is_or_is_undecided_gets_none(folder):
    decide(folder, "E1", "ready_now")
    decide(folder, "E2", "ready_soon", follow_up="Lead the next launch")
    assert [path.name for path in (folder / "letters").iterdir()] == ["E2.html"]
    said = text(folder / "letters" / "E2.html")
    assert "ready soon : no promotion yet; promotion once what is missing has been shown" in said
    assert "What was agreed: Lead the next launch." in said
    assert "Drive. It shows. your manager’s score is 3.5, the bar is 4" in said
    assert "What would change it: ready now is 1 rating step away. ready now if Drive were rated 4" in said
    assert "within 30 days of this letter, until 31 July 2026" in said
    assert "It decided nothing" in said
    assert not any(name in said for name in ("Ada", "Cy Cole"))


def test_nothing_is_held_against_somebody_whose_review_came_too_soon(tmp_path):
    asking = pack(rules=(TOO_SOON, *RULES), expects={"drive": "4"})
    soon = {"drive:manager": 2, "level_since": date(2025, 12, 1), "review_date": date(2026, 1, 1)}
    people = [soon, {"drive:manager": 2}]
    write_run(assess(roster(people), asking, DAY), tmp_path / "run")
    decide(tmp_path / "run", "E1", "insufficient_evidence")
    decide(tmp_path / "run", "E2", "developing")
    would = "What would change it: The review came too early; a new one would be enough to judge."
    assert would in text(tmp_path / "run" / "letters" / "E1.html")
    expected = "What Junior expects and the ratings do not show yet: Drive (2, expected 4)"
    assert expected not in text(tmp_path / "run" / "letters" / "E1.html")
    assert expected in text(tmp_path / "run" / "letters" / "E2.html")


def test_a_letter_sends_nobody_to_a_page_that_is_not_written(tmp_path):
    names = [f"part_{n}" for n in range(7)]
    people = [{f"{name}:manager": 2 for name in names}]
    write_run(assess(roster(people), pack([signal(name) for name in names]), DAY), tmp_path / "run")
    decide(tmp_path / "run", "E1", "developing")
    assert "And 2 more signals: ask your manager to show you." in text(
        tmp_path / "run" / "letters" / "E1.html"
    )


def test_a_letter_names_the_rating_that_is_missing(tmp_path):
    write_run(assess(roster([{"drive:self": 3}, {"drive:manager": 2}]), pack(), DAY), tmp_path / "run")
    decide(tmp_path / "run", "E1", "insufficient_evidence")
    assert "One rating would settle it. Still to be rated: Drive." in text(
        tmp_path / "run" / "letters" / "E1.html"
    )


def test_a_decision_taken_back_takes_its_letter_and_its_words_with_it(folder):
    decide(folder, "E2", "developing", reason_code="timing", reason="On leave")
    assert (folder / "letters" / "E2.html").is_file()
    withdraw(folder, "E2", None, "Decided by mistake", "The panel", NOW)
    assert not (folder / "letters" / "E2.html").exists()
    assert "Decided" not in text(folder / "people" / "E2.html")


def test_a_page_that_somebody_wrote_into_stops_the_decision(folder):
    page = folder / "managers" / "mo-one.html"
    page.write_text(page.read_text(encoding="utf-8") + "<!-- a note -->", encoding="utf-8")
    with pytest.raises(InputError, match=r"managers/mo-one\.html would be replaced"):
        decide(folder, "E2", "ready_soon")
    assert read_log(folder) == ()


def test_explain_says_the_decision_first(folder):
    decide(folder, "E3", "ready_soon", reason_code="scope", reason="Holds the scope")
    shown = call("explain", folder, "E3").output
    lines = shown.splitlines()
    assert lines[1].startswith("Decided: ready soon, no promotion yet")
    assert lines[2].strip() == "Reason: Already working at the next level: Holds the scope"
    aloud = call("explain", folder, "E3", "--aloud").output
    assert aloud.startswith("The decision\n")


def test_a_letter_says_whose_words_they_are_where_it_was_decided_otherwise(folder):
    decide(folder, "E3", "ready_soon", reason_code="other", reason="Since May")
    said = text(folder / "letters" / "E3.html")
    assert "The rules had recommended developing . Cy Cole: Drive." in said
    assert "What would change it, by the rules:" in said
    decide(folder, "E2", "ready_soon")
    assert "The rules had recommended" not in text(folder / "letters" / "E2.html")
