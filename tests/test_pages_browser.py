"""Pages in a real browser; skipped without, unless CI=true."""

import re
from dataclasses import replace
from functools import cache

import pytest
from playwright.sync_api import expect

from engine import assess, explain
from engine.simulation import marked, parse_settings, simulate, with_settings
from reports.comparison import write_simulation
from reports.pages import write_packet, write_person_pages, write_report
from reports.shown.content import Pages, run_of
from reports.shown.last_cycle import Previous, last_cycle
from reports.shown.session import Session
from tests.chromium import COLOURS, EVERY_RULE, chromium, overflow, violations
from tests.made_explanations import MadeExplanations
from tests.sample_run import sample, with_earlier, write_manager_pages
from tests.small import DAY, pack, roster, signal

KINDS = ("report", "manager", "person", "packet", "simulation")
AXED = {**dict.fromkeys(KINDS), "large": "#people", "sheet": None}
"""Kind to the part of the page that no other kind has; None: all of it."""
PHONE = {"width": 390, "height": 844}
LETTERS = {
    "as they are": "* {}",
    "wide": "* { font-family: 'DejaVu Sans', Verdana, sans-serif !important; "
    "letter-spacing: .05em !important }",
    "narrow": "* { font-family: 'Liberation Sans Narrow', 'Arial Narrow', sans-serif !important; "
    "letter-spacing: -.04em !important }",
}
"""Styles that make letters wide or narrow on any machine, whatever fonts it has."""
PEOPLE = 16


@pytest.fixture(scope="module")
def browser():
    with chromium() as started:
        yield started


@cache
def few():
    """The first people of the sample and all that belongs to them: enough to try a page on."""
    explanations = MadeExplanations(one for one in sample().explanations if one.person < PEOPLE)
    return replace(sample(), explanations=explanations, people_recommended=PEOPLE, issues=sample().issues[:5])


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    folder = tmp_path_factory.mktemp("pages")
    first, *others = few().explanations
    then = MadeExplanations((replace(first, recommendation="insufficient_evidence"), *others))
    run = with_earlier(few(), replace(few(), explanations=then, day=few().day.replace(year=2025)))
    write_report(run, folder / "report.html")
    managers = write_manager_pages(replace(run, pages=Pages(packets=True)), folder / "managers")
    own = [one for one in run.explanations if one.person == run.explanations[0].person]
    settings = parse_settings(("bar.core=3.75",))
    people = [{"employee_name": "Ada", "drive:manager": rating} for rating in ("3.75", 2)]
    found = simulate(roster(people), pack(), marked(with_settings(pack(), settings)), DAY, settings)
    write_simulation(found, folder / "what_if")
    return {
        "report": folder / "report.html",
        "manager": min(managers, key=lambda path: path.stat().st_size),
        "person": write_person_pages(run, folder / "people")[0],
        "packet": write_packet(own, run, folder / "packets"),
        "simulation": folder / "what_if" / "simulation.html",
    }


@pytest.fixture(scope="module")
def pages_for_axe(files, tmp_path_factory):
    """Every kind of page, few people on each; the report tells what moved, and its large form has sheets."""
    folder = tmp_path_factory.mktemp("axe")
    explanations = MadeExplanations(one for one in sample().explanations if one.person < 4)
    other = replace(explanations[0], recommendation="ready_now")
    run = replace(few(), explanations=explanations, people_recommended=4)
    earlier = replace(
        run, explanations=MadeExplanations((other, *explanations[2:])), day=run.day.replace(year=2025)
    )
    write_report(with_earlier(run, earlier), folder / "report.html")
    assert 'id="moved"' in (folder / "report.html").read_text(encoding="utf-8")
    with pytest.MonkeyPatch.context() as small:
        small.setattr("reports.pages.report.WHOLE", 1)
        write_report(run, folder / "large.html")
    sheet = min((folder / "large").iterdir())
    kinds = {**files, "report": folder / "report.html", "large": folder / "large.html", "sheet": sheet}
    assert set(kinds) == set(AXED)
    return kinds


@pytest.fixture
def open_page(browser, files):
    """Open a kind of page; at the end: it fetched nothing, and nothing on it failed or was refused."""
    contexts, trouble = [], []

    def opened(kind, fragment="", **options):
        context = browser.new_context(offline=True, **options)
        contexts.append(context)
        context.set_default_timeout(10_000)
        page = context.new_page()
        page.on("pageerror", lambda error: trouble.append(str(error)))
        page.on("console", lambda said: trouble.append(said.text) if said.type == "error" else None)
        page.on(
            "request",
            lambda sent: None if sent.url.startswith("file:") else trouble.append(f"fetched {sent.url}"),
        )
        page.goto(files[kind].as_uri() + fragment)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert trouble == []


def shown(page):
    """The lines that are not filtered out; read them by text_content: what is off the screen is not laid out
    (content-visibility) and has no inner text until it is drawn."""
    return page.locator(".people > li:visible")


def open_some(page):
    """Open the first people and everything folded in them."""
    page.evaluate("""() => {
      [...document.querySelectorAll('.people > li > details')].slice(0, 2).forEach((d) => { d.open = true; });
    }""")
    page.wait_for_timeout(100)
    page.evaluate("() => document.querySelectorAll('details.fold').forEach((d) => { d.open = true; })")


@pytest.mark.parametrize("kind", AXED)
def test_axe_finds_nothing_in_light_and_in_dark(open_page, pages_for_axe, files, monkeypatch, kind):
    monkeypatch.setitem(files, kind, pages_for_axe[kind])
    page = open_page(kind)
    open_some(page)
    for scheme, rules in (("light", EVERY_RULE), ("dark", COLOURS)):
        page.emulate_media(color_scheme=scheme)
        assert violations(page, rules, AXED[kind]) == []


@pytest.mark.parametrize("letters", LETTERS)
@pytest.mark.parametrize("kind", KINDS)
def test_a_page_fits_a_phone_whatever_the_font(open_page, kind, letters):
    page = open_page(kind, viewport=PHONE, bypass_csp=True)
    page.add_style_tag(content=LETTERS[letters])
    open_some(page)
    assert overflow(page) <= 0


def test_a_phone_fits_long_words_of_levels_and_signals(tmp_path, browser):
    """Compounds as German has them."""
    level, asked = (
        "Führungskräfteentwicklungsverantwortliche",
        "Kraftfahrzeughaftpflichtversicherungsbewertung",
    )
    rules = pack([signal("drive")])
    promotion = rules.promotions[0]
    one = promotion.signals[0].model_copy(update={"title": asked, "looks_like": f"{asked} gelingt."})
    junior, senior = (
        part.model_copy(update={"title": level + end}) for part, end in zip(rules.levels, "ab", strict=True)
    )
    promotions = (promotion.model_copy(update={"signals": (one,)}),)
    rules = rules.model_copy(update={"levels": (junior, senior), "promotions": promotions})
    found = assess(roster([{"drive:manager": 3, "manager_name": "Ada"}]), rules, DAY)
    run = run_of(found, explain(found), "0123456789ab")
    write_report(run, tmp_path / "report.html")
    write_person_pages(run, tmp_path)
    write_manager_pages(run, tmp_path)
    page = browser.new_page(viewport=PHONE)
    pages = sorted(tmp_path.rglob("*.html"))
    assert len(pages) == 3
    for path in pages:
        page.goto(path.as_uri())
        page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true })")
        assert overflow(page) <= 0, path.name
    page.close()


@pytest.mark.parametrize("kind", KINDS)
def test_a_page_has_a_dark_mode_with_dark_paper_and_light_ink(open_page, kind):
    page = open_page(kind, color_scheme="dark")
    ground, ink = page.evaluate(
        "() => { const s = getComputedStyle(document.body); return [s.backgroundColor, s.color]; }"
    )
    assert sum(map(int, re.findall(r"\d+", ground))) < 150 < 600 < sum(map(int, re.findall(r"\d+", ink)))


def test_search_keeps_the_people_whose_line_says_all_the_words(open_page):
    page = open_page("report")
    first = few().explanations[0]
    page.locator("[name=text]").fill(f"{first.employee_id.lower()} {first.next_level_title.upper()}")
    assert shown(page).count() == 1
    assert first.employee_name in shown(page).first.text_content()
    assert page.locator(".finder output").inner_text() == f"1 of {len(few().explanations)} shown"
    page.locator("[name=text]").fill("nobody is called like this")
    assert shown(page).count() == 0
    page.get_by_role("button", name="Show everybody").click()
    assert shown(page).count() == len(few().explanations)


@pytest.mark.parametrize(
    ("name", "choice", "fits"),
    [
        ("band", "Developing", lambda one: one.recommendation == "developing"),
        ("department", "Logistics", lambda one: one.department == "Logistics"),
        ("specialisation", "Growth PM", lambda one: one.specialisation == "Growth PM"),
        ("promotion", "Product Manager to Senior PM", lambda one: one.next_level == "senior_pm"),
        ("borderline", "Yes: the band stays in few re-ratings", lambda one: one.borderline),
    ],
)
def test_a_filter_keeps_exactly_those_who_fit(open_page, name, choice, fits):
    page = open_page("report")
    page.locator(f"[name={name}]").select_option(label=choice)
    fitting = sum(fits(one) for one in few().explanations)
    assert fitting < len(few().explanations)
    assert shown(page).count() == fitting


def test_sorting_puts_names_in_order_and_back_in_that_of_the_file(open_page):
    page = open_page("report")
    names = "[...document.querySelectorAll('.people > li')].map((row) => row.dataset.name)"
    in_file = page.evaluate(names)
    page.locator("[name=sort]").select_option(label="Name")
    assert page.evaluate(names) == page.evaluate(f"{names}.sort(new Intl.Collator('en').compare)")
    page.locator("[name=sort]").select_option(label="Recommendation")
    ranks = page.evaluate("[...document.querySelectorAll('.people > li')].map((r) => +r.dataset.bandRank)")
    assert ranks == sorted(ranks)
    page.locator("[name=sort]").select_option(label="File order")
    assert page.evaluate(names) == in_file


def test_a_count_in_the_overview_leads_to_its_people(open_page):
    page = open_page("report")
    page.locator(".tile a").first.click()
    ready = sum(one.recommendation == "ready_now" for one in few().explanations)
    assert shown(page).count() == ready


@pytest.mark.parametrize("kind", ["report", "manager"])
def test_a_link_to_a_person_opens_their_card(open_page, files, kind):
    ids = re.findall(r'<details id="(person-[^"]+)"', files[kind].read_text(encoding="utf-8"))
    page = open_page(kind, f"#{ids[-1]}")
    card = page.locator(f"[id='{ids[-1]}'] .card-body")
    card.wait_for(state="visible")
    assert "Evidence by signal" in card.text_content()
    assert page.locator(".people > li > details[open]").count() == 1
    assert page.evaluate(f"document.getElementById({ids[-1]!r}).getBoundingClientRect().top") < 300


def test_a_link_between_a_person_s_two_paths_opens_the_other_one(open_page):
    page = open_page("report")
    fork = next(one for one in few().explanations if one.level == "senior_pm")
    page.locator("[name=text]").fill(fork.employee_id)
    shown(page).first.locator("summary").first.click()
    page.locator(".also a").first.click()
    expect(page.locator(".people > li > details[open]")).to_have_count(2)


def test_the_keyboard_alone_finds_and_opens_a_person(open_page):
    page = open_page("report")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the content"
    page.locator("[name=text]").focus()
    page.keyboard.type(few().explanations[0].employee_id)
    for _ in range(12):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.matches('.people summary')"):
            break
    page.keyboard.press("Enter")
    page.locator(".card-body").first.wait_for(state="visible")
    outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert outline == "solid"


def test_the_report_can_be_read_with_scripts_off(open_page):
    page = open_page("report", java_script_enabled=False)
    last = few().explanations[-1]
    assert not page.locator(".finder").is_visible()
    row = page.locator(".people > li").last
    row.locator("summary").first.click()
    card = row.locator(".card-body")
    assert card.is_visible()
    assert last.reasons[0] in card.text_content()
    assert last.evidence[0].title in card.text_content()


def test_a_deep_link_shows_the_card_with_scripts_off(open_page):
    one = few().explanations[5]
    page = open_page("report", f"#person-{one.employee_id}", java_script_enabled=False)
    assert page.locator(f"#person-{one.employee_id} .card-body").is_visible()


def pages_of(pdf):
    return len(re.findall(rb"/Type\s*/Page\b(?!s)", pdf))


def test_a_packet_prints_on_two_pages_for_each_path_its_history_included(tmp_path, browser):
    earlier = Previous(replace(sample(), day=sample().day.replace(year=2025)), {})
    run = replace(sample(), session=Session(cycle=last_cycle(sample(), earlier)))
    longest = max(run.explanations, key=lambda one: len(one.evidence) + len(one.rules) + len(one.missing))
    for person in {0, 1, longest.person}:
        own = [one for one in run.explanations if one.person == person]
        path = write_packet(own, run, tmp_path)
        page = browser.new_page()
        page.goto(path.as_uri())
        assert pages_of(page.pdf(prefer_css_page_size=True)) == 2 * len(own)
        page.close()


def test_a_manager_s_page_prints_every_person_on_paper_of_their_own(open_page):
    page = open_page("manager")
    people = page.locator(".people > li").count()
    printed = page.pdf(prefer_css_page_size=True)
    assert people <= pages_of(printed) <= 2 * people + 2
    page.emulate_media(media="print")
    assert page.locator(".card-body:visible").count() == people
    assert not page.locator(".people > li > details > summary").first.is_visible()


def test_the_report_prints_without_its_controls(open_page):
    page = open_page("report")
    page.emulate_media(media="print")
    assert not page.locator(".finder").is_visible()
    assert not page.locator(".contents").is_visible()
    assert page.locator(".tile").first.is_visible()


def test_a_large_report_finds_people_and_leads_to_their_cards(open_page, files, tmp_path, monkeypatch):
    monkeypatch.setattr("reports.pages.report.WHOLE", 10)
    write_report(few(), tmp_path / "report.html")
    monkeypatch.setitem(files, "large", tmp_path / "report.html")
    page = open_page("large")
    assert page.locator(".sheet-list a").count() > 0
    one = few().explanations[-1]
    page.locator("[name=text]").fill(one.employee_id)
    page.locator("[name=promotion]").select_option(value=one.promotion)
    assert page.locator(".found-row").count() == 1
    page.locator(".found-row").click()
    page.locator("details[open] .card-body").wait_for(state="visible")
    assert one.reasons[0] in page.locator("details[open] .card-body").text_content()
