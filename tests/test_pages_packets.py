import re
from collections import Counter
from dataclasses import replace
from html import unescape
from pathlib import Path

import pytest
from openpyxl import load_workbook

from engine import assess, explain
from engine.words import WrittenComment
from reports.pages import write_person_pages, write_report
from reports.pages.packets import WORDS, comments_of, render_packet
from reports.pages.rows import Rows
from reports.workbook import write_workbook
from reports.writing import Wanted, run_of, write_run
from tests.command_line import call, succeeded
from tests.sample_run import one_whom_a_missing_rating_decides, sample
from tests.small import DAY, pack, roster, signal

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
def run(tmp_path):
    write_run(assess(roster(PEOPLE), pack(), DAY), tmp_path / "run")
    return tmp_path / "run"


def test_packet_writes_a_file_for_each_person_and_prints_the_paths(run):
    done = succeeded("packet", run, "E1", "E2", "E1")
    assert done.stdout.split() == [str(run / "packets" / "E1.html"), str(run / "packets" / "E2.html")]
    text = (run / "packets" / "E1.html").read_text(encoding="utf-8")
    assert "Ada One" in text
    assert "Bo Two" not in text
    for part in ("For", "Against, or open", "Missing", "Rules applied", "Decision", "signature"):
        assert part in text


def test_packet_refuses_an_id_that_the_run_does_not_have_and_writes_nothing(run):
    done = call("packet", run, "E1", "E99")
    assert done.exit_code == 1
    assert "nobody in this run has the id or the name “E99”; ids look like E1, E2" in done.stderr
    assert not (run / "packets").exists()


def test_packet_refuses_a_pack_that_the_run_was_not_made_with(run, monkeypatch):
    monkeypatch.setattr(
        "readiness.commands.packet.load_pack", lambda _: pack().model_copy(update={"sha256": "f" * 64})
    )
    done = call("packet", run, "E1", "--pack", "other")
    assert done.exit_code == 1
    assert "was made with the rule pack small 1" in done.stderr
    assert "not with small 1 (ffffffffffff); leave --pack out" in done.stderr
    assert not (run / "packets").exists()


def test_packet_says_that_the_installed_pack_has_changed_and_shows_the_rules_of_the_run(run, monkeypatch):
    changed = pack().model_copy(update={"sha256": "f" * 64, "title": "Changed since"})
    monkeypatch.setattr("readiness.commands.packet.load_pack", lambda _: changed)
    monkeypatch.setattr("readiness.commands.packet.pack_names", lambda: ("small",))
    done = succeeded("packet", run, "E1")
    assert "the installed one is small 1 (ffffffffffff)" in done.stderr
    text = (run / "packets" / "E1.html").read_text(encoding="utf-8")
    assert "Changed since" not in text
    assert pack().title in text


def test_packet_of_a_run_with_an_earlier_one_shows_what_was_said_and_what_lasted(tmp_path):
    for name, day, rating, previous in (
        ("then", DAY.replace(year=2025), 2, None),
        ("now", DAY, 5, tmp_path / "then"),
    ):
        people = ({"employee_name": "Ada One", "drive:manager": rating, "care:manager": 4},)
        write_run(assess(roster(people), pack(), day), tmp_path / name, wanted=Wanted(previous=previous))
    succeeded("packet", tmp_path / "now", "E1")
    text = (tmp_path / "now" / "packets" / "E1.html").read_text(encoding="utf-8")
    section = re.search(r'<section class="history">.*?</section>', text, re.S)[0]
    assert re.findall(r"badge band-([a-z_]+)", section) == ["developing", "ready_now"]
    assert "30 June 2025" in section
    assert "Nothing was decided" in section
    assert "not yet on 30 June 2025: “Drive”" in section


def test_packet_never_says_that_nothing_is_open_where_something_is():
    run = sample()
    met = [one for one in run.explanations if all(signal.status == "met" for signal in one.evidence)]
    asked = next(one for one in met if one.questions)
    text = render_packet([asked], run, Rows(run.pack))
    assert "Every signal is at its bar; the open questions are below." in text
    silent = replace(asked, questions=())
    assert "Nothing: every signal is at its bar." in render_packet([silent], run, Rows(run.pack))


def test_packet_names_the_rating_that_is_needed_where_every_signal_is_at_its_bar():
    run = sample()
    open_ = one_whom_a_missing_rating_decides(run)
    text = render_packet([open_], run, Rows(run.pack))
    assert "Nothing: every signal" not in text
    assert f"Not rated, and needed: {open_.missing[0]}" in text


def test_packet_holds_no_rating_against_somebody_who_was_rated_too_early():
    run = sample()
    early = next(one for one in run.explanations if one.kind == "too_new")
    text = render_packet([early], run, Rows(run.pack))
    assert "<h2>For</h2>" not in text
    assert "Against" not in text
    assert f"they count neither for nor against {early.employee_name}." in text


def test_packet_names_what_the_present_level_expects_and_the_ratings_do_not_show():
    run = sample()
    below = next(
        (one, it)
        for one in run.explanations
        for it in one.present_level
        if one.recommendation == "developing" and it.rating is not None and it.rating < it.expected - 1
    )
    text = render_packet([below[0]], run, Rows(run.pack))
    told = rf"{below[1].competency_title} <[^>]*>present level</span>: rated [\d.]+, expected [\d.]+"
    assert re.search(told, text)


def test_packet_of_a_first_run_has_no_history(run):
    succeeded("packet", run, "E1")
    assert 'class="history"' not in (run / "packets" / "E1.html").read_text(encoding="utf-8")


def with_comments(explanation, text):
    rated = {used.competency for signal in explanation.evidence for used in signal.ratings}
    comments = (
        WrittenComment(name.title(), name, "manager", f"{text}{name}", None) for name in sorted(rated)
    )
    return replace(explanation, comments=tuple(comments) if text else ())


def test_comments_are_shown_whole_or_counted_never_cut():
    explanation = sample().explanations[0]
    ratings = {r.competency for signal in explanation.evidence for r in signal.ratings}
    long = "word " * 60
    comments = comments_of(with_comments(explanation, long))
    assert all(comment.text.startswith(long) for comment in comments.shown)
    assert len(comments.shown) == WORDS // 66
    assert len(comments.shown) + comments.more == len(ratings)
    assert comments_of(with_comments(explanation, None)).more == 0


def test_a_comment_that_is_too_long_for_the_page_does_not_hide_the_others():
    run = sample()
    explanation = run.explanations[0]
    long = WrittenComment("Drive", "drive", "manager", "word " * (WORDS + 1), None)
    short = WrittenComment("Care", "care", "manager", "Led two launches.", None)
    both = comments_of(replace(explanation, comments=(long, short)))
    assert ([one.about for one in both.shown], both.more) == (["Care"], 1)
    text = render_packet([replace(explanation, comments=(long,))], run, Rows(run.pack))
    assert "The file has no comments about this person" not in text
    assert "1 comment in the report, too long for this page." in text


@pytest.mark.parametrize(
    ("drive", "level", "said"),
    [
        (5, "junior", ["The ratings are the same as then"]),
        (4, "junior", ["1 of 2 core signals were met in both"]),
        (4, "senior", []),
    ],
)
def test_packet_counts_signals_over_two_cycles_only_where_there_is_something_to_count(
    tmp_path, drive, level, said
):
    rules = pack((signal("drive"), signal("heart")), levels=("junior", "senior", "expert"))
    up = rules.promotions[0]
    on = up.model_copy(update={"id": "on", "from_level": "senior", "to_level": "expert"})
    rules = rules.model_copy(update={"promotions": (up, on)})

    def cycle(name, day, previous=None, **person):
        people = ({"employee_name": "Ada One", "heart:manager": 2, **person},)
        return write_run(
            assess(roster(people), rules, day), tmp_path / name, wanted=Wanted(previous=previous)
        )

    cycle("then", DAY.replace(year=2025), **{"drive:manager": 5, "level": "junior"})
    run = cycle("now", DAY, tmp_path / "then", **{"drive:manager": drive, "level": level})
    text = render_packet([run.explanations[0]], run, Rows(rules))
    assert (
        re.findall(r"The ratings are the same as then|\d of \d core signals were met in both", text) == said
    )


def test_what_was_written_word_for_word_to_several_ratings_stands_once():
    explanation = sample().explanations[0]
    given = (
        ("Drive", "Good work."),
        ("Care", "Led two launches."),
        ("Talk", "Good  work."),
        ("Plan", "Good work."),
    )
    made = [WrittenComment(about, about.lower(), "manager", text, None) for about, text in given]
    made.append(WrittenComment("Drive", "drive", "self", "Good work.", None))
    shown = comments_of(replace(explanation, comments=tuple(made))).shown
    assert [(one.about, one.rater, one.text) for one in shown] == [
        ("Drive, Talk and Plan, word for word the same", "manager", "Good work."),
        ("Care", "manager", "Led two launches."),
        ("Drive", "self", "Good work."),
    ]


def test_a_person_reads_their_own_numbers_and_not_the_manager_s(tmp_path):
    assessment = assess(roster(PEOPLE), pack(), DAY)
    run = run_of(assessment, explain(assessment), "f")
    first, second = write_person_pages(run, tmp_path)
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
    run = sample()
    write_report(run, tmp_path / "report.html")
    write_workbook(run, tmp_path / "calibration.xlsx")
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    tiles = re.findall(r'<li class="tile band-([a-z_]+)">.*?<b>([0-9,]+)</b>', page, re.S)
    on_page = {run.pack.bands[band].label: int(n.replace(",", "")) for band, n in tiles}
    sheet = load_workbook(tmp_path / "calibration.xlsx", read_only=True)["Calibration"]
    cells = Counter(value for row in sheet.iter_rows(values_only=True) for value in set(row) if value)
    rows = Counter({label: cells[label] for label in on_page})
    assert rows == Counter(on_page)
    assert sum(on_page.values()) == len(re.findall("<li data-band=", page))


def test_every_count_of_the_report_s_groups_is_in_the_workbook_s_summary(tmp_path):
    run = sample()
    write_report(run, tmp_path / "report.html")
    write_workbook(run, tmp_path / "calibration.xlsx")
    on_pages = groups_of_report((tmp_path / "report.html").read_text(encoding="utf-8"))
    in_book = groups_of_workbook(tmp_path / "calibration.xlsx", run)
    pairs = {"By promotion": "By promotion"}
    for title in ("By level", "By promotion", "By department", "By manager"):
        assert on_pages[title] == in_book[pairs.get(title, title)], title
        assert sum(row[-1] for row in on_pages[title].values()) == len(run.explanations)
    assert on_pages["By specialisation"] == {
        group.name: (*group.counts.values(), group.total) for group in run.by_specialisation()
    }


def groups_of_report(text):
    """Caption of each table of groups to its rows: name to the counts by band, and all."""
    tables = {}
    for table in re.findall(r'<table class="distribution"><caption>(By .*?)</table>', text, re.S):
        rows = re.findall(r'<tr><th scope="row">(.*?)</th>(.*?)</tr>', table, re.S)
        tables[table.split("<")[0]] = {
            unescape(name): tuple(
                int(n) for n in re.findall(r'<td class="number[^>]*>(?:<b>)?([0-9]+)<', cells)
            )
            for name, cells in rows
        }
    return tables


def groups_of_workbook(path, run):
    """The same of the sheet Summary, as it stands before the session: its columns `..., before` and `All`."""
    heads = [f"{run.pack.bands[band].label}, before" for band in run.pack.bands]
    tables, title, columns = {}, None, []
    for row in load_workbook(path, data_only=True, read_only=True)["Summary"].iter_rows(values_only=True):
        first = row[0]
        if isinstance(first, str) and first.startswith("By "):
            title = first
            tables[title] = {}
        elif title and "All" in row[1:]:
            columns = [row.index(head) for head in heads] + [row.index("All")]
        elif title and first and first != "All" and columns:
            tables[title][first] = tuple(row[column] for column in columns)
        elif first == "All":
            title = None
    return tables


def test_what_the_present_level_lacks_and_lowest_ratings_are_against_somebody(tmp_path):
    sheet = Path(__file__).parent / "cases" / "judgement" / "present_level.csv"
    succeeded("assess", sheet, "--out", tmp_path / "run", "--packets", "--as-of", "2026-06-30")
    (page,) = (tmp_path / "run" / "packets").glob("aspass-used4-other1*.html")
    text = page.read_text("utf-8")
    assert 'Prioritization <span class="tag">present level</span>: rated 1, expected 2' in text
    assert "Lowest rating: Prioritization, Decision Making, Market and Competition, " in text
    assert "Every signal is at its bar" not in text
