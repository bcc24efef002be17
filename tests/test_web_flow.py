"""The upload page in a real browser: from a dropped file to results, and a session of decisions.

By hand, with more decisions:  READINESS_DECISIONS=30 pytest <this file>; many kills are in
`benchmarks/upload_page.py`.
"""

import itertools
import json
import os
import re
import shutil
import signal
import sys
import time
import zipfile
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import expect

from engine.session import decisions_in
from engine.simulation import Trial, simulate, with_settings
from engine.stored import read_assessment
from readiness.web.sites import STAGES, Job
from readiness.web.work import assess
from reports.calibration import apply_workbooks
from reports.run import read_log
from tests.calibration_rows import COLUMNS, FIRST, SESSION
from tests.chromium import COLOURS, EVERY_RULE, chromium, overflow, violations
from tests.sample_run import write_few
from tests.test_pages_browser import LETTERS, PHONE
from tests.web_server import TODAY, served, served_apart

CASES = Path(__file__).parent / "cases" / "inputs"
LETTERED = """css => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(css);
    document.adoptedStyleSheets = [sheet];
}"""
"""Letters of another width on a page that allows no style but its own."""
DECISIONS = int(os.environ.get("READINESS_DECISIONS", "4"))
PEOPLE = max(12, DECISIONS)
PATIENCE = 180_000
"""Milliseconds for a page on a machine that is busy with other work."""


@pytest.fixture(scope="module")
def browser():
    with chromium() as started:
        yield started


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    with served(tmp_path_factory.mktemp("flow") / "data") as running:
        yield running


@pytest.fixture(scope="module")
def few(tmp_path_factory):
    return write_few(tmp_path_factory.mktemp("sample") / "ratings.xlsx", PEOPLE)


@pytest.fixture(scope="module")
def ladder(tmp_path_factory):
    """People on a ladder that no shipped pack knows."""
    levels = ["Senior Analyst", "Analyst", "Principal"]
    rows = [f"{n},{levels[n % 3]},{3 + n % 2},{2 + n % 3},4,{3 + n % 2}" for n in range(12)]
    header = "Employee ID,Job Level,Insight (self),Insight (manager),Team work (self),Team work (manager)"
    path = tmp_path_factory.mktemp("ladder") / "analysts.csv"
    path.write_text("\n".join([header, *rows]), encoding="utf-8")
    return path


@pytest.fixture
def opened(browser, server):
    """A page that was let in; in the end, nothing on it failed, was refused, or came from elsewhere."""
    contexts, trouble = [], []

    def open_page(**options):
        context = browser.new_context(**options)
        contexts.append(context)
        context.set_default_timeout(PATIENCE)
        page = context.new_page()
        page.on("pageerror", lambda error: trouble.append(str(error)))
        page.on("console", lambda said: trouble.append(said.text) if said.type == "error" else None)
        here = f"http://127.0.0.1:{server.port}/"
        page.on("request", lambda sent: None if sent.url.startswith(here) else trouble.append(sent.url))
        page.goto(server.address)
        assert "token" not in page.url
        return page

    yield open_page
    for context in contexts:
        context.close()
    # Refusals of this server are meant, and so is a network that a test cuts.
    meant = ("status of 4", "ERR_INTERNET_DISCONNECTED")
    assert [one for one in trouble if not any(words in one for words in meant)] == []


def drop(page, path, day="2026-06-30"):
    page.set_input_files("#files", path)
    page.fill("#day", day)
    page.get_by_role("button", name="Look at it").click()
    page.wait_for_url("**/runs/*")


@pytest.fixture(scope="module")
def run(server, few):
    """A run of a good file, made without a browser and in this process."""
    client = server.client()
    address = client.upload((few.name, few.read_bytes()), day="2026-06-30").headers["location"]
    entry = server.site.shelf.entry(address.rpartition("/")[2])
    assess(entry.files, None, (), entry.about.pack, entry.about.day, None, "", entry.run, lambda _: None)
    assert client.get(address).headers["location"] == f"{address}/results"
    return address


def test_three_questions_are_answered_with_a_click_undone_and_remembered(opened, server):
    page = opened()
    drop(page, CASES / "named-calibrators.csv")
    assert page.locator("h2").first.inner_text() == "3 questions that only you can answer"
    assert "60 manager ratings" in page.locator(".choice-counts").first.inner_text()

    def answer(label, left):
        page.locator(".question").nth(0).get_by_role("button", name=label).click()
        expect(page.locator(".question")).to_have_count(left, timeout=PATIENCE)

    answer("Somebody else's", 2)
    answer("Somebody else's", 1)
    page.get_by_role("button", name=re.compile("Undo.*Omar P")).click()
    expect(page.locator(".question")).to_have_count(2, timeout=PATIENCE)
    answer("Somebody else's", 1)
    answer("The manager's", 0)
    with page.expect_download() as kept:
        page.get_by_role("link", name="Download these answers as a mapping").click()
    text = Path(kept.value.path()).read_text(encoding="utf-8")
    assert "Manager average: manager" in text
    # A second file of the same layout asks nothing, with the mapping or by memory.
    client, again = server.client(), ("next-year.csv", CASES.joinpath("named-calibrators.csv").read_bytes())
    for files in ([again], [again, ("mapping.yaml", text.encode())]):
        looked = client.get(client.upload(*files, day="2026-06-30").headers["location"]).text
        assert "Assess 6 people" in looked
        assert 'class="question"' not in looked


def test_an_answer_that_nobody_had_to_give_is_told_in_words_and_remembered_too(server):
    rows = "Employee ID,Name,Job Level,Communication (manager)\nW1,Ada,Wizard,4\nW2,Bo,PM,4\n"
    client = server.client()
    address = client.upload(("wizards.csv", rows.encode()), day="2026-06-30").headers["location"]
    assert "Assess 1 person" in client.get(address).text
    answer = {"kind": "levels", "title": "Which level is meant?", "given:Wizard": "senior_pm"}
    assert client.post(f"{address}/answer", answer).status == 303
    text = client.get(address).text
    assert "Wizard: Senior PM" in text
    assert "Assess 2 people" in text
    again = client.upload(("wizards.csv", rows.replace("Ada", "Eve").encode()), day="2026-06-30")
    text = client.get(again.headers["location"]).text
    assert "Wizard: Senior PM" in text
    assert "Assess 2 people" in text


def looked_at(client, name, text):
    """The address of a file that was dropped, and its page."""
    address = client.upload((name, text.encode()), day="2026-06-30").headers["location"]
    return address, client.get(address).text


def test_a_scale_that_was_guessed_wrong_is_corrected_on_the_page(server):
    client = server.client()
    rows = "Employee ID,Job Level,Communication (manager)\nW1,PM,1\nW2,PM,5\nW3,PM,2\n"
    address, text = looked_at(client, "turned.csv", rows)
    assert "Is one wrong? The ratings by" in text
    answer = {
        "kind": "scale",
        "title": "Which scale?",
        "given:whose": "both",
        "given:worst": "5",
        "given:best": "1",
    }
    assert client.post(f"{address}/answer", answer).status == 303
    assert "read as numbers from 5 (worst) to 1 (best)" in client.get(address).text


def test_a_column_that_says_who_rated_is_one_question_with_two_answers_and_no_is_one(server):
    client = server.client()
    pairs = [(at, who) for at in range(4) for who in ("Self", "Manager")]
    rows = "".join(f"W{at},PM,{who},{2 + at % 3}\n" for at, who in pairs)
    address, text = looked_at(client, "voice.csv", f"Employee ID,Level,Voice,Communication\n{rows}")
    assert "Yes, “Voice” says who rated" in text
    assert "mapping" not in text.partition('class="question"')[2].partition("</article>")[0]
    yes, no = ({"kind": "columns", "title": "Voice?", "given:Voice": one} for one in ("rater", ""))
    assert client.post(f"{address}/answer", no).status == 303
    assert "Whose ratings does “voice” hold?" in client.get(address).text
    undo = {"step": re.search(r'name="step" value="(\w+)"', client.get(address).text).group(1)}
    assert client.post(f"{address}/undo", undo).status == 303
    assert client.post(f"{address}/answer", yes).status == 303
    assert "Assess 4 people" in client.get(address).text


def test_an_answer_that_chooses_nothing_is_none_and_one_that_settles_nothing_is_said_to(server):
    client = server.client()
    rows = "Employee ID,Place,Step,Communication (manager)\nW1,Bern,PM,4\nW2,Bonn,PM,2\n"
    address, text = looked_at(client, "step.csv", rows)
    mark = re.search(r'name="asked" value="(\w+)"', text).group(1)
    unchanged = {"kind": "columns", "title": "What?", "asked": mark, "given:Step": "as its header says"}
    answer = client.post(f"{address}/answer", unchanged)
    assert (answer.status, "Nothing was chosen" in answer.text) == (422, True)
    assert "Still open" not in answer.text
    assert client.post(f"{address}/answer", unchanged | {"given:Place": "department"}).status == 303
    assert "Still open" in client.get(address).text


def test_a_broken_file_gets_a_sentence_and_the_next_step(opened, server, tmp_path):
    (tmp_path / "letter.csv").write_text("Dear all,\nplease find nothing attached.\n", encoding="utf-8")
    (tmp_path / "broken.xlsx").write_bytes(b"PK\x03\x04 this is no workbook")
    page = opened()
    for name in ("letter.csv", "broken.xlsx"):
        page.goto(f"http://127.0.0.1:{server.port}/")
        drop(page, tmp_path / name)
        assert "Next step" in page.inner_text("main")
        assert "`readiness" not in page.inner_text("main")  # nobody here has a terminal
    never = "manager-ratings-never-calculated.xlsx"
    client = server.client()
    told = client.get(client.upload((never, (CASES / never).read_bytes())).headers["location"]).text
    assert "Change this in the file first" in told
    assert "question that only you can answer" not in told


def held(server, name):
    """The worker of a run, once it works; it is held, so that it is not done before somebody ends it."""
    end = time.monotonic() + PATIENCE / 1000
    while not ((job := server.site.jobs.get(name)) and job.worker and job.stages):
        assert time.monotonic() < end
        time.sleep(0.02)
    if sys.platform != "win32":
        os.kill(job.worker._process.pid, signal.SIGSTOP)
    return job.worker._process


def test_a_run_that_was_stopped_and_one_whose_worker_died_are_made_again_from_the_drop_to_the_report(
    opened, server, few
):
    page = opened()
    drop(page, few)
    page.get_by_role("button", name=re.compile(r"Assess \d+ people")).click()
    name = page.url.rpartition("/")[2]
    held(server, name)
    page.get_by_role("button", name="Stop").click()
    expect(page.locator(".alert")).to_contain_text("It was stopped", timeout=PATIENCE)
    entry = server.site.shelf.entry(name)
    assert sorted(path.name for path in entry.folder.iterdir()) == ["about.json", "files"]
    page.get_by_role("button", name=re.compile("Assess")).click()
    held(server, name).kill()
    alert = page.locator(".alert")
    expect(alert).to_contain_text("Either all of it was written or nothing was", timeout=PATIENCE)
    assert not (entry.folder / "run").exists()
    server.site.desk._worker._process.kill()  # the one that pages wait for, too
    page.get_by_role("button", name=re.compile("Assess")).click()
    page.wait_for_url("**/results")
    assert "assessed" in page.inner_text(".sum")
    with page.expect_download() as kept:
        page.get_by_role("link", name="Managers' pages").click()
    names = zipfile.ZipFile(kept.value.path()).namelist()
    assert names
    assert all(re.fullmatch(r"managers/[\w-]+\.html", name) for name in names)
    timed = json.loads((entry.run / "timings.json").read_text(encoding="utf-8"))
    assert set(timed) == set(STAGES) - {"writing the groups' workbooks"}
    page.get_by_role("link", name="Open the report").click()
    page.wait_for_url("**/files/report.html")
    assert page.locator(".people > li").count() >= PEOPLE / 2
    page.locator("input[type=search]").first.fill("zzz")  # its own script runs under its own policy
    assert page.locator(".people > li:not([hidden])").count() == 0


def test_an_edited_workbook_is_read_first_and_made_final_then(opened, server, run, tmp_path):
    page = opened()
    entry = server.site.shelf.entry(run.rpartition("/")[2])
    copied = f"/runs/{'a' * 32}"
    shutil.copytree(entry.folder, entry.folder.with_name("a" * 32))
    book = openpyxl.load_workbook(entry.run / "calibration.xlsx")
    sheet = book["Calibration"]
    row = next(r for r in range(FIRST, sheet.max_row) if sheet.cell(r, COLUMNS["recommendation"]).value)
    sheet.cell(row, COLUMNS["decision"]).value = sheet.cell(row, COLUMNS["recommendation"]).value
    book.save(tmp_path / "edited.xlsx")
    page.goto(f"http://127.0.0.1:{server.port}{copied}/results")
    page.set_input_files("#workbook", tmp_path / "edited.xlsx")
    page.get_by_role("button", name="See what it changes").click()
    assert "does not say who decided" in page.inner_text(".troubles")
    sheet.cell(row, COLUMNS["decided_by"]).value = "Panel"
    sheet.cell(row, COLUMNS["decided_on"]).value = TODAY
    book.save(tmp_path / "edited.xlsx")
    page.get_by_role("link", name="Back to the results").click()
    page.set_input_files("#workbook", tmp_path / "edited.xlsx")
    page.get_by_role("button", name="See what it changes").click()
    assert "1 new decision" in page.inner_text(".lead")
    page.get_by_role("button", name="Make it final").click()
    expect(page.locator("h1")).to_have_text("Made final", timeout=PATIENCE)
    page.get_by_role("link", name="Back to the results").click()
    expect(page.get_by_role("link", name="Decisions", exact=True)).to_be_visible(timeout=PATIENCE)
    # Another run beside it: compared, and refused where the workbook is of another one.
    page.get_by_role("button", name="Compare").click()
    page.wait_for_url("**/compare?*")
    title = entry.about.title
    assert page.inner_text(".eyebrow").count(f"{title}, ") == 2
    assert str(entry.folder.parent) not in page.content()
    assert "decision" in page.inner_text("body").lower()
    page.goto(f"http://127.0.0.1:{server.port}{run}/results")
    (tmp_path / "other.xlsx").write_bytes(CASES.joinpath("one-to-four.xlsx").read_bytes())
    page.set_input_files("#workbook", tmp_path / "other.xlsx")
    page.get_by_role("button", name="See what it changes").click()
    assert "not a calibration workbook" in page.inner_text(".alert")
    assert read_log(entry.run) == ()


def test_a_calibration_workbook_among_the_spreadsheets_is_shown_the_way_to_its_run(server, run):
    content = (server.site.shelf.entry(run.rpartition("/")[2]).run / "calibration.xlsx").read_bytes()
    client = server.client()
    answer = client.get(client.upload(("cal.xlsx", content)).headers["location"])
    assert answer.status == 422
    assert (
        "is the calibration workbook of a run. Bring it back on the results page of that run" in answer.text
    )


def test_of_two_workbooks_that_are_dropped_at_once_none_is_taken_in_silence(server, run):
    content = (server.site.shelf.entry(run.rpartition("/")[2]).run / "calibration.xlsx").read_bytes()
    two = [(name, content) for name in ("one.xlsx", "two.xlsx")]
    answer = server.client().upload(*two, path=f"{run}/workbooks", name="workbook")
    assert (answer.status, "one after the other" in answer.text) == (400, True)


def decide(page, band, by, reason):
    """One decision by keyboard alone."""
    page.keyboard.press(str(band))
    if page.locator("#reason_code").is_visible():
        page.select_option("#reason_code", "new_evidence")
        page.fill("#reason", reason)
    if not page.input_value("#decided_by"):
        page.fill("#decided_by", by)
    before = page.url
    page.get_by_role("button", name=re.compile("Record the decision|Change the decision")).click()
    expect(page).not_to_have_url(before, timeout=PATIENCE)
    page.wait_for_selector("html.scripted #person-h")  # keys are heard from now on


def test_decisions_in_the_browser_are_those_of_the_workbook_byte_for_byte(opened, server, run, tmp_path):
    page = opened()
    entry = server.site.shelf.entry(run.rpartition("/")[2])
    other = tmp_path / "by_workbook"
    shutil.copytree(entry.run, other)
    book = openpyxl.load_workbook(other / "calibration.xlsx")
    sheet = book["Calibration"]
    labels = [sheet.cell(r, COLUMNS["recommendation"]).value for r in range(FIRST, FIRST + DECISIONS)]
    bands = ["Ready now", "Ready soon", "Developing", "Insufficient evidence"]
    page.goto(f"http://127.0.0.1:{server.port}{run}/session")
    for at, label in enumerate(labels):
        wanted = "Developing" if at % 3 == 1 else label
        reason = f"Led the “June” launch,\nno. {at}; =1+1"
        decide(page, bands.index(wanted) + 1, "Panel", reason)
        row = FIRST + at
        sheet.cell(row, COLUMNS["decision"]).value = wanted
        sheet.cell(row, COLUMNS["decided_by"]).value, sheet.cell(row, COLUMNS["decided_on"]).value = (
            "Panel",
            TODAY,
        )
        if wanted != label:
            sheet.cell(row, COLUMNS["reason_code"]).value = "New evidence brought to the room"
            sheet.cell(row, COLUMNS["reason"]).value = reason
            sheet.cell(row, COLUMNS["reason"]).data_type = "s"
    assert page.inner_text("[data-count]") == str(DECISIONS)
    assert len(read_log(entry.run)) == DECISIONS
    with page.expect_download() as kept:
        page.get_by_role("link", name="Workbook").click()
    content = Path(kept.value.path()).read_bytes()
    book.save(tmp_path / "edited.xlsx")
    made = apply_workbooks(other, [tmp_path / "edited.xlsx"], TODAY, datetime.now(UTC), final=True)
    assert made.refusal is None, [str(one) for one in made.outcome.problems]
    assert (entry.run / "decisions.csv").read_bytes() == (other / "decisions.csv").read_bytes()
    # The workbook has the same state, and may come back with more decisions.
    final = openpyxl.load_workbook(BytesIO(content))
    rows = [
        final["Calibration"].cell(r, COLUMNS["decision"]).value for r in range(FIRST, FIRST + DECISIONS + 1)
    ]
    assert sum(value is not None for value in rows) == DECISIONS
    again = server.client().upload(("final.xlsx", content), path=f"{run}/workbooks", name="workbook")
    said = server.client().get(again.headers["location"]).text
    assert f"Everything that it decides is already final: {DECISIONS} known" in said


def test_a_decision_is_refused_taken_back_and_found_again(opened, server, run):
    page = opened()
    place = f"http://127.0.0.1:{server.port}{run}/session/9"
    page.goto(place)
    recommended = page.get_attribute("[data-session]", "data-recommended")
    page.keyboard.press("1" if recommended != "ready_now" else "3")
    page.fill("#decided_by", "Panel")
    page.get_by_role("button", name="Record the decision").click()
    expect(page.locator("[data-problem]")).to_contain_text("without a reason code", timeout=PATIENCE)
    page.select_option("#reason_code", "timing")
    page.fill("#reason", "Since the reorganisation")
    page.get_by_role("button", name="Record the decision").click()
    page.wait_for_url(re.compile(r"session/(?!9$)\d+"))
    page.goto(place)
    assert page.locator("[data-decided]").is_visible()
    stale = page.input_value("[data-decide] [name=version]")
    page.locator("body").press("u")
    page.fill("#why", "The wrong row")
    with page.expect_navigation():  # with its script, which the keys below need
        page.get_by_role("button", name="Take it back").click()
    assert not page.locator("[data-decided]").count()
    client, fields = server.client(), {"decision": recommended, "decided_by": "P", "version": stale}
    assert "changed meanwhile" in client.post(f"{run}/session/9/decide", fields).text
    name = page.inner_text("#person-h")
    page.locator("body").press("1")
    page.keyboard.press("Escape")  # where the reason code is asked for at once
    page.locator("body").press("ArrowLeft")
    expect(page.locator("[data-saved]")).to_contain_text("Not recorded yet")
    assert page.url == place
    page.locator("body").press("ArrowLeft")
    page.wait_for_url("**/session/8")
    page.goto(f"http://127.0.0.1:{server.port}{run}/session/1")
    page.keyboard.press("/")
    page.keyboard.type(name[:8])
    page.keyboard.press("Enter")
    expect(page.locator("#person-h")).to_have_text(name, timeout=PATIENCE)
    log = read_log(server.site.shelf.entry(run.rpartition("/")[2]).run)
    assert len(log) >= 2
    assert "The wrong row" in json.dumps(vars(log[-1].decision))


def test_two_browsers_at_one_person_lose_nothing_and_neither_decides_in_the_name_of_the_other(
    opened, server, run
):
    ada, ben = opened(), opened()
    place = f"http://127.0.0.1:{server.port}{run}/session/8"
    for page, name in ((ada, "Ada"), (ben, "Ben")):
        page.goto(place)
        page.check("[name=decision][value=developing]", force=True)
        if page.locator("#reason_code").is_visible():
            page.select_option("#reason_code", "timing")
        page.fill("#reason", f"What {name} has seen")
        page.fill("#decided_by", name)
    ada.click("[data-save]")
    ada.wait_for_url(re.compile(r"session/(?!8$)\d+"))
    ben.click("[data-save]")
    expect(ben.locator("[data-decided]")).to_contain_text("Ada", timeout=PATIENCE)
    typed = "You had chosen: Developing; What Ben has seen"  # which the page's script says
    expect(ben.locator("[data-problem]")).to_contain_text(typed, timeout=PATIENCE)
    assert ben.input_value("#reason") == "What Ada has seen"
    assert [ben.input_value(field) for field in ("#decided_by", "#taken_by")] == ["Ben", "Ben"]
    ada.reload()
    assert ada.input_value("#decided_by") == "Ada"
    ben.goto(ada.url)
    expect(ben.locator("[data-problem]")).to_be_hidden()
    assert ben.input_value("#decided_by") == "Ben"


def test_nothing_is_replaced_that_nobody_has_seen_on_the_page_before(server, run, tmp_path):
    entry = server.site.shelf.entry(run.rpartition("/")[2])
    copied = f"/runs/{'b' * 32}"
    shutil.copytree(entry.folder, entry.folder.with_name("b" * 32))
    client, decided = server.client(), {"decided_by": "Panel", "decided_on": TODAY.isoformat()}
    decided |= {"reason_code": "timing", "reason": "In the room"}
    book = openpyxl.load_workbook(entry.run / "calibration.xlsx")
    sheet = book["Calibration"]
    sheet[SESSION["decided_by"]], sheet[SESSION["decided_on"]] = "Book", TODAY
    for row in (FIRST + 9, FIRST + 10):
        for key, value in (
            ("decision", "Developing"),
            ("reason_code", "Other, see the reason"),
            ("reason", "x"),
        ):
            sheet.cell(row, COLUMNS[key]).value = value
    book.save(tmp_path / "edited.xlsx")

    def version(number):
        text = client.get(f"{copied}/session/{number}").text
        return re.search(r'name="version" value="(\d+)"', text).group(1)

    def decide_on(number):
        sent = {**decided, "decision": "ready_soon", "version": version(number)}
        assert client.post(f"{copied}/session/{number}/decide", sent).status == 303

    def button(answer):
        return re.search(r'name="seen" value="(\d+)"', answer.text).group(1)

    decide_on(10)
    read = client.upload(
        ("edited.xlsx", (tmp_path / "edited.xlsx").read_bytes()), path=f"{copied}/workbooks", name="workbook"
    ).headers["location"]
    answer = client.get(read)
    assert "1 new decision" in answer.text
    decide_on(11)
    whose = read_log(server.site.shelf.entry("b" * 32).run)[-1].decision.key
    late = client.post(f"{read}/apply", {"seen": button(answer)})
    assert "something was decided in the meantime" in late.text
    assert decisions_in(read_log(server.site.shelf.entry("b" * 32).run))[whose].decision == "ready_soon"
    made = client.post(f"{read}/apply", {"seen": button(late)})
    assert "Made final" in made.text
    assert "Final before" in made.text
    taken = {"why": "The wrong row", "decided_by": "Panel", "version": version(11)}
    assert client.post(f"{copied}/session/11/withdraw", taken).status == 303
    back = client.get(read)
    assert "Taken back since" in back.text
    assert "The wrong row" in back.text
    assert "Made final" in client.post(f"{read}/apply", {"seen": button(back)}).text


def test_without_scripts_a_ladder_that_no_pack_knows_gets_rules_results_and_a_decision_in_the_log(
    opened, server, ladder
):
    page = opened(java_script_enabled=False)
    drop(page, ladder)
    page.get_by_role("link", name="Have rules made from this file").click()
    expect(page.locator("main")).to_contain_text("2 competencies: Insight, Team work", timeout=PATIENCE)
    page.get_by_label("Name of the rules").fill("Analysts of ours")
    page.get_by_label("The levels, one per line").fill("Analyst\nBoss\nPrincipal")
    make = page.get_by_role("button", name="Make the rules")
    make.click()
    assert "“Boss” is not a level of the file" in page.inner_text(".alert")
    page.get_by_label("The levels, one per line").fill("Analyst\nSenior Analyst\nPrincipal")
    page.get_by_label("The scale begins at").fill("1")
    page.get_by_label("and ends at").fill("5")
    make.click()
    page.get_by_role("button", name="Assess 12 people").click()
    page.wait_for_url("**/results")
    assert "Analysts of ours" in page.inner_text(".eyebrow")
    name = page.url.split("/")[-2]
    page.get_by_role("link", name="Start the session").click()
    decision = page.locator("[name=decision]:not(.band-choice:has-text('recommended') [name=decision])").first
    decision.check()
    page.select_option("#reason_code", "timing")
    page.fill("#reason", "Not this time")
    page.fill("#decided_by", "Panel")
    page.get_by_role("button", name="Record the decision").click()
    expect(page).to_have_url(re.compile("/session/2$"), timeout=PATIENCE)
    assert len(decisions_in(read_log(server.site.shelf.entry(name).run))) == 1


def test_sliders_say_at_once_who_would_stand_elsewhere_and_change_nothing(opened, server, run):
    page = opened()
    entry = server.site.shelf.entry(run.rpartition("/")[2])
    before = {path: path.read_bytes() for path in entry.run.rglob("*") if path.is_file()}
    page.goto(f"http://127.0.0.1:{server.port}{run}/what-if")
    assert "0 of" in page.inner_text("[data-moves] .lead")
    assert "Nobody's recommendation would change" in page.inner_text("[data-moves]")
    page.get_by_label("Bar of core signals").fill("3")
    expect(page.locator(".moves tbody tr").first).to_be_visible(timeout=PATIENCE)
    moved = page.locator(".moves tbody tr").count()
    assert page.inner_text("[data-moves] .lead").startswith(f"{moved} of")
    present = read_assessment(entry.run / "columns")
    simulated = simulate(
        present.roster, present.pack, with_settings(present.pack, [("bar.core", "3")]), present.day
    )
    assert simulated.moved.height == moved
    assert simulated.movements.equals(Trial.of(present).movements([("bar.core", "3")]))
    refused = server.client().post(f"{run}/what-if", {"set:bar.core": "99"})
    assert (refused.status, "a bar is on the rating scale" in refused.text) == (422, True)
    assert {path: path.read_bytes() for path in before} == before


def test_a_corrected_file_names_what_was_decided_before_and_keeps_what_still_holds(opened, server):
    header = "Employee ID,Name,Job Level,Manager,Communication (self),Communication (manager)\n"

    def made(rating):
        rows = f"K1,Ada Roe,PM,Max,4,4\nK2,Bo Roe,PM,Max,4,{rating}\n"
        return client.run(client.upload(("roe.csv", (header + rows).encode()), day="2026-06-30"))

    client = server.client()
    first = made(4)
    for number in (1, 2):
        text = client.get(f"{first}/session/{number}").text
        recommended = re.search(r'data-recommended="(\w+)"', text).group(1)
        told = {"decision": recommended, "decided_by": "Panel", "version": "0"}
        assert client.post(f"{first}/session/{number}/decide", told).status == 303
    assert "Decided in an earlier run" not in client.get(f"{first}/results").text
    second = made(3)
    page = opened(viewport=PHONE)
    page.goto(f"http://127.0.0.1:{server.port}{second}/results")
    page.get_by_role("button", name="See what still holds").click()
    expect(page.locator("#kept-h")).to_have_text("Can be kept 1", timeout=PATIENCE)
    expect(page.locator("main")).to_contain_text("Other evidence: ")
    assert violations(page) == []
    assert overflow(page) <= 0
    assert not (server.site.shelf.entry(second.rpartition("/")[2]).run / "decisions-seal.json").exists()
    page.get_by_role("button", name="Keep 1 decision").click()
    expect(page.locator("h1")).to_have_text("Kept in this run", timeout=PATIENCE)
    log = read_log(server.site.shelf.entry(second.rpartition("/")[2]).run)
    assert [key[0] for key in decisions_in(log)] == ["K1"]


def test_a_search_that_means_several_people_asks_which(opened, server):
    rows = "2,Ada Fox,PM,Max,4,4\n3,Ada Fox,Senior PM,Kim,4,4\n4,Bo Fox,PM,Max,4,4\n"
    header = "Employee ID,Name,Job Level,Manager,Communication (self),Communication (manager)\n"
    client = server.client()
    address = client.run(client.upload(("fox.csv", (header + rows).encode()), day="2026-06-30"))
    find = f"{address}/session/find"
    asked = client.get(client.post(find, {"q": " ada  fox "}).headers["location"])
    assert (asked.status, "Who is meant?" in asked.text, "Bo Fox" in asked.text) == (200, True, False)
    assert all(f"· {number}" in asked.text for number in (2, 3))
    both = client.post(find, {"q": "2"}).headers["location"]  # the second row of the session, and an id
    assert "session/found?rows=" in both
    assert "found" not in client.post(find, {"q": "Bo"}).headers["location"]
    listed = client.get(f"{address}/session/1").text.partition('<datalist id="people">')[2]
    offered = re.findall(r'<option value="([^"]+)"', listed.partition("</datalist>")[0])
    assert len(offered) > len(rows.splitlines())
    assert not any("found" in client.post(find, {"q": one}).headers["location"] for one in offered)
    page = opened()
    page.goto(f"http://127.0.0.1:{server.port}{address}/session/1")
    page.fill("#find", "Ada Fox")
    page.press("#find", "Enter")
    expect(page.locator("h1")).to_have_text("Who is meant?", timeout=PATIENCE)
    page.get_by_role("link", name="Ada Fox").last.click()
    page.wait_for_url(re.compile(r"session/\d+$"))
    page.go_back()
    expect(page.locator("h1")).to_have_text("Who is meant?", timeout=PATIENCE)
    assert overflow(page) <= 0


@pytest.mark.parametrize("reason", [".", "-", "…", "👍"])
def test_a_changed_decision_needs_a_reason_in_words(server, run, reason):
    client = server.client()
    text = client.get(f"{run}/session/7").text
    recommended = re.search(r'data-recommended="(\w+)"', text).group(1)
    version = re.search(r'name="version" value="(\d+)"', text).group(1)
    other = "developing" if recommended != "developing" else "ready_soon"
    told = {
        "decision": other,
        "reason_code": "timing",
        "reason": reason,
        "decided_by": "P",
        "version": version,
    }
    answer = client.post(f"{run}/session/7/decide", told)
    assert (answer.status, "is not a word; the reason belongs here" in answer.text) == (422, True)


def test_axe_finds_nothing_on_any_page_and_nothing_is_wider_than_a_phone(
    opened, server, run, ladder, monkeypatch
):
    page, client = opened(viewport=PHONE), server.client()

    def sent(name, content):
        return client.upload((name, content), day="2026-06-30").headers["location"]

    asks = sent("a.csv", CASES.joinpath("meets-and-meets-plus.csv").read_bytes())
    own, going = sent("b.csv", ladder.read_bytes()), sent("c.csv", b"a,b\n1,2\n")
    monkeypatch.setitem(server.site.jobs, going.rpartition("/")[2], Job([*STAGES[:3]]))
    monkeypatch.setattr(server.site.gate, "password", "correct horse battery")
    edited = server.site.shelf.entry(run.rpartition("/")[2]).run / "calibration.xlsx"
    review = client.upload((edited.name, edited.read_bytes()), path=f"{run}/workbooks", name="workbook")
    seen = {"home": "/", "questions": asks, "broken": sent("d.csv", b"Dear all\n"), "rules": f"{own}/rules"}
    seen |= {"progress": going, "password": "/enter", "problem": "/nothing-here", "what if": f"{run}/what-if"}
    seen |= {
        "results": f"{run}/results",
        "session": f"{run}/session/3",
        "rest": f"{run}/session/rest",
        "workbook": review.headers["location"],
    }
    for name, path in seen.items():
        page.goto(f"http://127.0.0.1:{server.port}{path}")
        page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
        for scheme, rules in (("light", EVERY_RULE), ("dark", COLOURS)):
            page.emulate_media(color_scheme=scheme)
            assert violations(page, rules) == [], (name, scheme)
        for width, letters in itertools.product((PHONE["width"], 320), LETTERS):
            page.set_viewport_size({**PHONE, "width": width})
            page.evaluate(LETTERED, LETTERS[letters])
            assert overflow(page) <= 0, (name, width, letters)
        page.set_viewport_size(PHONE)


def test_the_rest_is_decided_and_taken_back_with_the_keyboard_alone(opened, server, run):
    page = opened(viewport=PHONE)
    entry = server.site.shelf.entry(run.rpartition("/")[2])
    copied = f"/runs/{'c' * 32}"
    shutil.copytree(entry.folder, entry.folder.with_name("c" * 32))
    folder = server.site.shelf.entry("c" * 32).run
    before = decisions_in(read_log(folder))
    page.goto(f"http://127.0.0.1:{server.port}{copied}/session/rest")

    def reach(what):
        for _ in range(200):
            page.keyboard.press("Tab")
            if page.evaluate("what => document.activeElement.matches(what)", what):
                return
        raise AssertionError(f"{what} cannot be reached")

    reach("[name=groups]:not(:checked)")
    page.keyboard.press("Space")
    reach("#decided_by")
    page.keyboard.type("Panel")
    reach("form.rest button")
    page.keyboard.press("Enter")
    page.wait_for_selector("details.sure")
    page.wait_for_load_state()
    made = {key: one.decided_by for key, one in decisions_in(read_log(folder)).items() if key not in before}
    assert set(made.values()) == {"Panel"}
    reach("details.sure > summary")
    page.keyboard.press("Enter")
    reach("#why")
    page.keyboard.type("Too early")
    reach("#taken_by")
    page.keyboard.type("Panel")
    page.keyboard.press("Enter")
    page.wait_for_selector("details.sure", state="detached")
    assert decisions_in(read_log(folder)) == before


def test_many_uploads_at_once_are_all_kept(server):
    client = server.client()
    content = CASES.joinpath("manager-by-address.csv").read_bytes()

    def send(number):
        return client.upload((f"many-{number}.csv", content)).headers["location"]

    with ThreadPoolExecutor(12) as pool:
        addresses = list(pool.map(send, range(12)))
        pages = list(pool.map(lambda address: client.get(address).status, addresses))
    assert pages == [200] * 12
    kept = {entry.about.files for entry in server.site.shelf.entries()}
    assert {(f"many-{number}.csv",) for number in range(12)} <= kept


def test_a_confirmed_decision_outlives_a_kill_and_ctrl_c_leaves_nothing_half_written(server, run, tmp_path):
    data, address = tmp_path / "data", f"/runs/{'c' * 32}"
    entry = server.site.shelf.entry(run.rpartition("/")[2])
    shutil.copytree(entry.folder, data / address[1:])
    made = len(read_log(data / address[1:] / "run"))
    with served_apart(data) as running:
        client = running.client()
        seat = client.get(f"{address}/session").headers["location"]
        told = {"decision": "insufficient_evidence", "reason_code": "timing", "reason": "Before the kill"}
        answer = client.post(f"{seat}/decide", {**told, "decided_by": "Panel", "scripted": "yes"})
        assert answer.status == 200, answer.text
        running.process.kill()
        running.process.wait()
    folder = data / address[1:] / "run"
    assert len(read_log(folder)) == made + 1
    with served_apart(data) as running:
        running.client().get(f"{address}/results")
        assert "Stopped. All decisions have been saved." in running.interrupt()
        assert running.process.returncode == 0
    rows = (folder / "decisions.csv").read_text("utf-8-sig").splitlines()
    assert len(rows) == 1 + len(decisions_in(read_log(folder)))
    left = [path for path in (data / "runs").rglob("*") if path.name.startswith(".")]
    assert left == []


ROWS = "1,Ada,PM,Max,4,4\n2,Bo,PM,Kim,4,4\n3,Cy,PM,Max,4,4\n"
HEADS = "Employee ID,Name,Job Level,Manager,Communication (self),Communication (manager)\n"


def test_who_was_passed_over_is_listed_and_comes_after_the_last(opened, server):
    client = server.client()
    address = client.run(client.upload(("three.csv", (HEADS + ROWS).encode()), day="2026-06-30"))

    def decide_on(number):
        text = client.get(f"{address}/session/{number}").text
        recommended = re.search(r'data-recommended="(\w+)"', text).group(1)
        told = {"decision": recommended, "decided_by": "Panel", "version": "0", "scripted": "yes"}
        return json.loads(client.post(f"{address}/session/{number}/decide", told).text)["next"]

    assert decide_on(1) == 2
    assert decide_on(3) == 2
    page = opened(viewport=PHONE)
    page.goto(f"http://127.0.0.1:{server.port}{address}/session/3")
    page.get_by_role("link", name="2 of 3 decided").click()
    expect(page.locator(".lead")).to_have_text("1 of 3 recommendations is undecided.", timeout=PATIENCE)
    assert overflow(page) <= 0
    assert violations(page) == []
    page.locator("tbody a").click()
    page.wait_for_url("**/session/2")
    assert decide_on(2) is None
    page.reload()
    expect(page.locator("[data-saved]")).to_contain_text("Everybody is decided", timeout=PATIENCE)


def test_names_of_any_length_and_writing_fit_every_page_and_one_person_is_no_people(opened, server):
    client = server.client()
    names = "Wolfeschlegelstein" * 10, "maximiliane.von-der-hohen-eiche@holding.of-a-very-long-name.example"
    (person, manager), other = names, "محمد علي 😀"
    rows = f"1,{person},PM,{manager},4,4\n"
    address = client.run(client.upload(("one.csv", (HEADS + rows).encode()), day="2026-06-30"))
    assert "</b> person in the file" in client.get(f"{address}/results").text
    rows += f"2,{other},PM,{person},4,4\n3,Cy,PM,{other},4,4\n"
    address = client.run(client.upload(("three.csv", (HEADS + rows).encode()), day="2026-06-30"))
    session = f"{address}/session"
    for size in (PHONE, {"width": 1366, "height": 768}):
        page = opened(viewport=size)
        for path in (
            f"{session}/1",
            f"{session}/undecided",
            f"{session}/rest",
            f"{address}/files/report.html",
        ):
            page.goto(f"http://127.0.0.1:{server.port}{path}")
            page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
            assert overflow(page) <= 0, (path, size)


def test_whoever_is_at_the_top_of_the_ladder_is_counted_before_the_run(server):
    rows = "1,Ada,PM,Max,4,4\n2,Bo,CPO,Kim,4,4\n3,Cy,CPO,Kim,4,4\n"
    client = server.client()
    address = client.upload(("top.csv", (HEADS + rows).encode()), day="2026-06-30").headers["location"]
    said = "2 people are at Chief Product Officer, from which these rules have no promotion"
    assert said in client.get(address).text
    # To the second: a file that was mended may come under the same name within a minute.
    assert re.search(r"\d\d:\d\d:\d\d · as of 30 June 2026", client.get("/").text)


def test_the_clocks_of_a_session_go_on_when_the_page_is_loaded_again(opened, server):
    client = server.client()
    address = client.run(client.upload(("three.csv", (HEADS + ROWS).encode()), day="2026-06-30"))
    page = opened()
    page.goto(f"http://127.0.0.1:{server.port}{address}/session/1")
    earlier = "const one = JSON.parse(sessionStorage[base]); one.began -= 41 * 60000; one.started -= 75000;"
    page.evaluate(f"{earlier} sessionStorage[base] = JSON.stringify(one)")
    page.reload()
    expect(page.locator("[data-whole]")).to_have_text("Session: 41 of 9 min", timeout=PATIENCE)
    expect(page.locator("[data-person]")).to_have_text(re.compile(r"1:[1-5]\d"))
    page.keyboard.press("ArrowRight")
    page.wait_for_url("**/session/2")
    expect(page.locator("[data-person]")).to_have_text(re.compile(r"0:[0-5]\d"), timeout=PATIENCE)
    expect(page.locator("[data-whole]")).to_have_text("Session: 41 of 9 min")


def test_a_decision_that_is_changed_has_the_day_of_the_change_and_one_left_as_it_is_keeps_its_own(
    opened, server
):
    client = server.client()
    address = client.run(client.upload(("three.csv", (HEADS + ROWS).encode()), day="2026-06-30"))
    entry = server.site.shelf.entry(address.rpartition("/")[2])
    page = opened()
    place = f"http://127.0.0.1:{server.port}{address}/session/1"
    page.goto(place)
    page.check(
        f"[name=decision][value={page.get_attribute('[data-session]', 'data-recommended')}]", force=True
    )
    page.fill("#reason", "Seen\nby all")
    page.fill("#decided_by", "Ada")
    page.fill("#decided_on", "2026-06-30")
    page.click("[data-save]")
    page.wait_for_url("**/session/2")
    page.goto(place)
    assert page.input_value("#decided_on") == TODAY.isoformat()
    page.click("[data-save]")
    page.wait_for_url("**/session/2")
    (made,) = read_log(entry.run)
    assert made.decision.decided_on.isoformat() == "2026-06-30"
    page.goto(place)
    page.fill("#follow_up", "Talk in spring")
    page.click("[data-save]")
    page.wait_for_url("**/session/2")
    assert [line.decision.decided_on for line in read_log(entry.run)][1:] == [TODAY]


def test_a_server_that_was_started_anew_is_told_and_what_was_typed_stays(opened, server, monkeypatch):
    client = server.client()
    address = client.run(client.upload(("three.csv", (HEADS + ROWS).encode()), day="2026-06-30"))
    page = opened()
    page.goto(f"http://127.0.0.1:{server.port}{address}/session/1")
    page.check("[name=decision][value=insufficient_evidence]", force=True)
    page.fill("#reason", "Seen by all")
    page.fill("#decided_by", "Ada")
    monkeypatch.setattr(server.site.gate, "session", "of the server after it")
    page.click("[data-save]")
    told = "Not recorded.The server was started anew"
    expect(page.locator("[data-problem]")).to_contain_text(told, timeout=PATIENCE)
    assert page.input_value("#reason") == "Seen by all"


def test_without_an_answer_of_the_server_nobody_is_told_that_a_decision_was_or_was_not_recorded(
    opened, server
):
    client = server.client()
    address = client.run(client.upload(("three.csv", (HEADS + ROWS).encode()), day="2026-06-30"))
    page = opened()
    page.goto(f"http://127.0.0.1:{server.port}{address}/session/1")
    page.check("[name=decision][value=developing]", force=True)
    if page.locator("#reason_code").is_visible():
        page.select_option("#reason_code", "timing")
    page.fill("#reason", "Seen")
    page.fill("#decided_by", "Ada")
    page.context.set_offline(True)
    page.click("[data-save]")
    told = page.locator("[data-problem]")
    expect(told).to_contain_text("it is not known whether this was recorded", timeout=PATIENCE)
    expect(told).not_to_contain_text("Not recorded.")
    page.context.set_offline(False)
    page.click("[data-save]")
    page.wait_for_url("**/session/2")
    assert len(read_log(server.site.shelf.entry(address.rpartition("/")[2]).run)) == 1
