import base64
import hashlib
import json
import re
from dataclasses import replace
from decimal import Decimal
from html.parser import HTMLParser

import polars as pl
import pytest

from engine import assess, explain
from inputs import Issue, Severity
from reports.pages import write_packet, write_person_pages, write_report
from reports.pages.rendering import anchor, file_name, percent, person_file, placeholders, points, stylesheet
from reports.shown import NotAssessable
from reports.shown.content import run_of
from tests.sample_run import sample, with_earlier, write_manager_pages
from tests.small import DAY, pack, roster

VOID = {"meta", "br", "input", "link", "img", "hr"}
HOSTILE = (
    "<script>alert(1)</script>",
    "</noscript><img src=x onerror=alert(1)>",
    '"><svg onload=alert(1)>',
    "' onmouseover='alert(1)",
    "</style><style>*{display:none}</style>",
    "{{ 7 * 7 }}{% raw %}",
    "&lt;b&gt;",
    "-->]]>",
    "‮abc",
)


ENDED_BY = {
    "td": {"td", "th", "tr", "tbody"},
    "th": {"td", "th", "tr", "tbody"},
    "tr": {"tr", "tbody"},
    "thead": {"tbody"},
    "p": {"p"},
}
"""Elements whose end tag may be left out, and the start tags that end them; a parent's end does too."""


class Outline(HTMLParser):
    """Elements, ids and links of a page; fails on tags that do not match."""

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.open, self.ids, self.links, self.tags, self.attributes = [], [], [], [], set()

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        found = dict(attrs)
        self.attributes |= set(found)
        if "id" in found:
            self.ids.append(found["id"])
        if tag == "a":
            self.links.append(found["href"])
        while self.open and tag in ENDED_BY.get(self.open[-1], ()):
            self.open.pop()
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag):
        while self.open[-1] != tag and self.open[-1] in (*ENDED_BY, "tbody"):
            self.open.pop()
        assert self.open.pop() == tag


def outline(text):
    parser = Outline()
    parser.feed(text)
    assert parser.open == []
    return parser


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    """Every kind of page of the sample, by kind."""
    folder = tmp_path_factory.mktemp("pages")
    run = sample()
    write_report(run, folder / "report.html")
    manager = write_manager_pages(run, folder / "managers")[0]
    person = write_person_pages(run, folder / "people")[0]
    own = [one for one in run.explanations if one.person == 1]
    packet = write_packet(own, run, folder / "packets")
    files = {"report": folder / "report.html", "manager": manager, "person": person, "packet": packet}
    return {kind: path.read_text(encoding="utf-8") for kind, path in files.items()}


KINDS = ("report", "manager", "person", "packet")


@pytest.mark.parametrize("kind", KINDS)
def test_a_page_is_well_formed_and_every_link_on_it_leads_somewhere(pages, kind):
    page = outline(pages[kind])
    assert len(page.ids) == len(set(page.ids))
    assert {link.removeprefix("#") for link in page.links if link.startswith("#")} <= set(page.ids)


@pytest.mark.parametrize("kind", KINDS)
def test_a_page_fetches_nothing_and_styles_nothing_inline(pages, kind):
    page = outline(pages[kind])
    assert page.attributes & {"src", "style", "srcset", "onclick", "action"} == set()
    assert set(page.tags) & {"link", "img", "iframe", "object", "embed"} == set()
    assert re.findall(r"https?://|url\(|@import", pages[kind]) == []


@pytest.mark.parametrize("kind", KINDS)
def test_the_policy_names_exactly_the_style_and_the_script_of_the_page(pages, kind):
    text = pages[kind]
    (policy,) = re.findall(r'Content-Security-Policy" content="([^"]+)"', text)
    for name in ("style", "script"):
        body = "".join(re.findall(rf"<{name}>(.*?)</{name}>", text, re.S))
        digest = base64.b64encode(hashlib.sha256(body.encode()).digest()).decode()
        assert f"{name}-src &#39;sha256-{digest}&#39;" in policy
    assert policy.startswith("default-src &#39;none&#39;")
    assert "unsafe" not in policy


@pytest.mark.parametrize("kind", KINDS)
def test_a_page_carries_every_rule_of_style_for_what_is_on_it(pages, kind):
    def rules(sheet):
        flat = re.sub(r"@media[^{]*\{|/\*.*?\*/", "", sheet, flags=re.S)
        return {
            (selector.strip(), body.strip())
            for selectors, body in re.findall(r"([^{}]+)\{([^}]*)\}", flat)
            for selector in selectors.split(",")
        }

    (sheet,) = re.findall(r"<style>(.*?)</style>", pages[kind], re.S)
    body = pages[kind].partition("<script>")[0]
    used = {name for names in re.findall(r'class="([^"]*)"', body) for name in names.split()}
    left_out = rules(stylesheet()) - rules(sheet)
    for selector, _ in left_out:
        assert not set(re.findall(r"\.([a-z][\w-]*)", selector)) <= used, selector


@pytest.mark.parametrize("kind", KINDS)
def test_a_page_says_that_people_wrote_the_rules_and_a_human_decides(pages, kind):
    text = " ".join(pages[kind].split())
    assert "the opinion of rules that people wrote about ratings that people gave" in text
    assert "A human decides" in text


def test_the_counts_are_on_the_page_and_add_up(pages):
    run = sample()
    said = re.sub(r"<[^>]+>", "", pages["report"])
    assert f"{run.people_in_file} in the file" in said
    assert f"{run.people_recommended} with a recommendation" in said
    assert f"{len(run.not_assessable)} not assessed" in said
    for person in run.not_assessable:
        assert person.reason.split(":")[-1].strip()[:30] in said.replace("&#39;", "'").replace("&#34;", '"')


def test_every_recommendation_has_a_card_with_its_rules_sources_and_cells(pages):
    text = pages["report"]
    ids = set(outline(text).ids)
    cards = text.split("<li data-band=")[1:]
    assert len(cards) == len(sample().explanations)
    for explanation, card in zip(sample().explanations, cards, strict=True):
        assert f"person-{anchor(explanation.employee_id)}" in ids
        for rule in explanation.rules:
            assert f"<code>{rule.code}</code>" in card
        said = card.replace("&#39;", "'").replace("&#34;", '"')
        assert all(f"{one.sentence} {one.reason}" in said for one in explanation.signal_overrides)
        cells = {r.manager_cell for signal in explanation.evidence for r in signal.ratings if r.manager_cell}
        assert all(f"<td>{cell.place}\n" in card or f"<td>{cell.place}<td>" in card for cell in cells)


def test_a_time_is_years_and_months_everywhere_on_a_page(pages):
    assert re.search(r"\d years? and \d+ months? of experience\.", pages["report"])
    assert not any(re.search(r"\d\.\d years?", page) for page in pages.values())


def test_the_same_summary_gives_the_same_bytes(pages, tmp_path):
    write_report(sample(), tmp_path / "report.html")
    assert (tmp_path / "report.html").read_text(encoding="utf-8") == pages["report"]


def hostile_run(text):
    people = (
        {
            "employee_id": f"1{text}",
            "employee_name": text,
            "manager_name": text,
            "department": text,
            "drive:manager": 4,
            "drive:self": 2,
        },
        {"employee_id": f"2{text}", "employee_name": text, "manager_name": text, "drive:manager": None},
    )
    issue = Issue("unknown_level", Severity.ERROR, text, text, text, 3, "A", text, text, text)
    comments = pl.DataFrame({f"drive:{rater}:comment": [text] * 2 for rater in ("manager", "self")})
    assessment = assess(replace(roster(people, (issue,)), comments=comments), pack(), DAY)
    missing = NotAssessable(4, text, text, text, text, text, text)
    return replace(run_of(assessment, explain(assessment), "f"), not_assessable=(missing,), people_in_file=3)


@pytest.mark.parametrize("text", HOSTILE)
def test_text_from_the_input_never_becomes_markup(text, tmp_path):
    plain = hostile_run("plain")
    run = hostile_run(text)
    for kind, write in {
        "report": lambda made, to: write_report(made, to / "report.html"),
        "managers": lambda made, to: write_manager_pages(made, to),
        "people": lambda made, to: write_person_pages(made, to),
        "packets": lambda made, to: write_packet(made.explanations[:1], made, to),
    }.items():
        tags = []
        for name, made in (("plain", plain), ("hostile", run)):
            folder = tmp_path / name / kind
            folder.mkdir(parents=True)
            write(made, folder)
            pages = sorted(folder.iterdir())
            assert all(page.parent == folder and page.suffix == ".html" for page in pages)
            tags.append([outline(page.read_text(encoding="utf-8")).tags for page in pages])
        assert tags[0] == tags[1]


@pytest.mark.parametrize(
    ("name", "file"),
    [
        ("Omar Nasser", "omar-nasser"),
        ("Zofia Jasińska", "zofia-jasinska"),
        ("Deniz Özkan", "deniz-ozkan"),
        ("../../etc/passwd", "etc-passwd"),
        ("O'Neill, J. R.", "o-neill-j-r"),
    ],
)
def test_a_manager_gives_the_file_a_readable_name(name, file):
    assert file_name(name) == file


def test_names_that_latin_letters_cannot_tell_are_kept_apart():
    names = ["王伟", "李娜", "…", "", "王伟 Wang", "CON/"]
    files = [file_name(name) for name in names]
    assert len(set(files)) == len(files)
    assert all(re.fullmatch(r"[a-z0-9-]+", file) for file in files)


def test_ids_that_differ_only_in_case_get_files_that_differ_without_case():
    files = [person_file(name).casefold() for name in ("e1", "E1", "E 1", "../E1", "é", "É")]
    assert len(set(files)) == len(files)
    assert person_file("E10042") == "E10042"


@pytest.mark.parametrize("text", ["E 1", "e_1", "ä", "a/b", '"'])
def test_an_anchor_is_one_word_and_one_to_one(text):
    assert re.fullmatch(r"[A-Za-z0-9_-]+", anchor(text))
    assert anchor(text) != anchor(text + "_")


def test_numbers_are_shown_as_people_write_them():
    assert [points(value) for value in (Decimal("3.50"), Decimal("4"), Decimal("2.6667"), None)] == [
        "3.5",
        "4",
        "2.67",
        "–",
    ]
    assert [percent(1, 3), percent(0, 0)] == ["33%", "–"]
    assert placeholders("<b>{core_gap} of {core_total}") == (
        "&lt;b&gt;<var>core gap</var> of <var>core total</var>"
    )


def test_a_large_population_is_on_sheets_by_department_each_person_whole_and_once(tmp_path, monkeypatch):
    monkeypatch.setattr("reports.pages.report.WHOLE", 100)
    monkeypatch.setattr("reports.pages.report.SHEET", 20)
    path = tmp_path / "report.html"
    write_report(sample(), path)
    sheets = {
        file.name: outline(file.read_text(encoding="utf-8")) for file in (tmp_path / "report").iterdir()
    }
    placed = [(name, id_) for name, sheet in sheets.items() for id_ in sheet.ids if id_.startswith("person-")]
    assert len(placed) == len({id_ for _, id_ in placed}) == len(sample().explanations)
    for name, sheet in sheets.items():
        inside = {link.removeprefix("#") for link in sheet.links if link.startswith("#")}
        assert inside <= set(sheet.ids), name
    front = path.read_text(encoding="utf-8")
    ids = set(outline(front).ids)
    rules = {link for sheet in sheets.values() for link in sheet.links if link.startswith("../report.html#")}
    assert {link.partition("#")[2] for link in rules} <= ids
    assert {f"report/{name}" for name in sheets} <= set(outline(front).links)
    index = json.loads(re.search(r'id="index"[^>]*>(.*?)</script>', front, re.S)[1])
    assert {(f"{index['sheets'][row[3]]}.html", row[0]) for row in index["people"]} == set(placed)


def test_a_grouping_of_one_group_is_left_out_and_nobody_borderline_is_said_in_words(tmp_path):
    assessment = assess(roster([{"drive:manager": 5}, {"drive:manager": 5}]), pack(), DAY)
    write_report(sample(), tmp_path / "sample.html")
    write_report(run_of(assessment, explain(assessment), "f"), tmp_path / "small.html")
    whole, small = ((tmp_path / f"{name}.html").read_text(encoding="utf-8") for name in ("sample", "small"))
    assert {"By department", "By manager"} <= set(re.findall(r"<caption>(By \w+)", whole))
    assert not {"By department", "By manager"} & set(re.findall(r"<caption>(By \w+)", small))
    assert "No recommendation is borderline." in small
    assert "No recommendation is borderline." not in whole


def test_a_smaller_report_leaves_no_sheet_of_a_larger_one_behind(tmp_path, monkeypatch):
    with monkeypatch.context() as few:
        few.setattr("reports.pages.report.WHOLE", 1)
        write_report(sample(), tmp_path / "report.html")
    assert (tmp_path / "report").is_dir()
    write_report(sample(), tmp_path / "report.html")
    assert not (tmp_path / "report").exists()


def test_the_index_of_a_large_report_cannot_end_its_element(tmp_path, monkeypatch):
    monkeypatch.setattr("reports.pages.report.WHOLE", 0)
    write_report(hostile_run("</script><script>alert(1)</script>"), tmp_path / "report.html")
    text = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert len(re.findall("<script", text)) == 2
    assert "alert(1)</script>" not in text


def test_the_report_shows_who_moved_since_an_earlier_run_with_links(tmp_path):
    def run_with(rating, day):
        people = ({"drive:manager": rating, "care:manager": 4}, {"drive:manager": 2, "care:manager": 4})
        assessment = assess(roster(people), pack(), day)
        return run_of(assessment, explain(assessment), "f")

    before, now = run_with(2, DAY.replace(year=2025)), run_with(5, DAY)
    write_report(with_earlier(now, before), tmp_path / "report.html")
    text = (tmp_path / "report.html").read_text(encoding="utf-8")
    section = re.search(r'<section id="moved".*?</section>', text, re.S)[0]
    assert "Since 30 June 2025" in section
    assert outline(section).links == ["#person-E1"]
    assert re.findall(r"badge band-([a-z_]+)", section) == ["developing", "ready_now"]
    assert {link.removeprefix("#") for link in outline(text).links} <= set(outline(text).ids)
