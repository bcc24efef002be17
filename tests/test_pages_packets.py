import re
from collections import Counter
from dataclasses import replace

import pytest
from click.testing import CliRunner
from openpyxl import load_workbook

from engine import assess, explain
from readiness.cli import main
from reports import write_run
from reports.pages import write_person_pages, write_report
from reports.pages.packets import WORDS, comments_of
from reports.summary import summarise
from reports.workbook import write_workbook
from tests.sample_summary import sample
from tests.small import DAY, pack, roster

PEOPLE = (
    {
        "employee_name": "Ada One",
        "drive:manager": 4.37,
        "drive:self": 3,
        "care:manager": 2.11,
        "care:self": 5,
    },
    {"employee_name": "Bo Two", "drive:manager": 2, "drive:self": 3},
)


@pytest.fixture
def run(tmp_path, monkeypatch):
    monkeypatch.setattr("readiness.commands.packet.load_pack", lambda _: pack())
    write_run(assess(roster(PEOPLE), pack(), DAY), tmp_path / "run")
    return tmp_path / "run"


def readiness(*arguments):
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


def test_packet_writes_a_file_for_each_person_and_prints_the_paths(run):
    done = readiness("packet", run, "E1", "E2", "E1")
    assert done.exit_code == 0, done.output
    assert done.stdout.split() == [str(run / "packets" / "E1.html"), str(run / "packets" / "E2.html")]
    text = (run / "packets" / "E1.html").read_text(encoding="utf-8")
    assert "Ada One" in text
    assert "Bo Two" not in text
    for part in ("For", "Against, or open", "Missing", "Rules that led here", "Decision", "signature"):
        assert part in text


def test_packet_refuses_an_id_that_the_run_does_not_have_and_writes_nothing(run):
    done = readiness("packet", run, "E1", "E99")
    assert done.exit_code == 1
    assert "has no recommendation for employee id E99; no packet was written" in done.stderr
    assert not (run / "packets").exists()


def test_packet_refuses_another_pack(run, monkeypatch):
    monkeypatch.setattr(
        "readiness.commands.packet.load_pack", lambda _: pack().model_copy(update={"name": "other"})
    )
    done = readiness("packet", run, "E1", "--pack", "other")
    assert done.exit_code == 1
    assert "was made with the rule pack small, not with other; give that one with --pack" in done.stderr


def with_comments(explanation, text):
    signs = tuple(
        replace(
            sign, ratings=tuple(replace(r, manager_comment=text, self_comment=None) for r in sign.ratings)
        )
        for sign in explanation.evidence
    )
    return replace(explanation, evidence=signs)


def test_comments_are_shown_whole_or_counted_never_cut():
    explanation = sample().explanations[0]
    ratings = {r.competency for sign in explanation.evidence for r in sign.ratings}
    long = "word " * 60
    comments = comments_of(with_comments(explanation, long))
    assert all(comment.text == long for comment in comments.shown)
    assert len(comments.shown) == WORDS // 66
    assert len(comments.shown) + comments.more == len(ratings)
    assert comments_of(with_comments(explanation, None)).more == 0


def test_a_person_reads_their_own_numbers_and_not_the_manager_s(tmp_path):
    assessment = assess(roster(PEOPLE), pack(), DAY)
    summary = summarise(assessment, explain(assessment), "f")
    first, second = write_person_pages(summary, tmp_path)
    text = first.read_text(encoding="utf-8")
    said = re.sub(r"<style>.*?</style>|<script>.*?</script>|<[^>]+>", " ", text, flags=re.S)
    assert "4.37" not in said
    assert "2.11" not in said
    assert "Ada One" in said
    assert "Bo Two" not in said
    assert "Ada One" not in second.read_text(encoding="utf-8")
    for part in ("A human decides", "How it was made", "How to question it"):
        assert part in said


def test_the_report_and_the_workbook_show_the_same_numbers(tmp_path):
    summary = sample()
    write_report(summary, tmp_path / "report.html")
    write_workbook(summary, tmp_path / "calibration.xlsx")
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    tiles = re.findall(r'<li class="tile band-([a-z_]+)">.*?<b>([0-9,]+)</b>', page, re.S)
    on_page = {summary.pack.bands[band].label: int(n.replace(",", "")) for band, n in tiles}
    sheet = load_workbook(tmp_path / "calibration.xlsx", read_only=True)["Calibration"]
    cells = Counter(value for row in sheet.iter_rows(values_only=True) for value in set(row) if value)
    rows = Counter({label: cells[label] for label in on_page})
    assert rows == Counter(on_page)
    assert sum(on_page.values()) == len(re.findall("<li data-band=", page))
