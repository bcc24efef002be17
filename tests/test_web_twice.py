"""Two windows, a second click, and a page from before: none changes an upload or its decisions in silence."""

import asyncio
import errno
import io
import os
import re
import shutil
import zipfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import openpyxl
import pytest

from readiness.web import drafts, results, uploading
from readiness.web.sites import Job
from reports.run import read_log, read_run
from tests.calibration_rows import COLUMNS
from tests.web_server import Answer, Client, Served, served

HEADS = "Employee ID,Name,Job Level,Manager,Communication (self),Communication (manager)\n"
ROWS = "1,Ada,PM,Max,4,4\n2,Bo,PM,Kim,4,4\n3,Cy,PM,Max,4,4\n"
LADDER = "Employee ID,Job Level,Insight (self),Insight (manager)\n1,Low,3,2\n2,High,4,3\n3,Low,4,4\n"
DAY = "2026-06-30"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with served(tmp_path_factory.mktemp("twice") / "data") as running:
        yield running


@pytest.fixture(scope="module")
def client(server: Served) -> Client:
    return server.client()


def dropped(client: Client, text: str = HEADS + ROWS, name: str = "three.csv") -> str:
    return client.upload((name, text.encode()), day=DAY).headers["location"]


def made(client: Client) -> str:
    return client.run(client.upload(("three.csv", (HEADS + ROWS).encode()), day=DAY))


def about_of(server: Served, address: str):
    return server.site.shelf.entry(address.rpartition("/")[2]).about


def folder_of(server: Served, address: str) -> Path:
    return server.site.shelf.entry(address.rpartition("/")[2]).folder


def field(text: str, name: str) -> str:
    return re.search(rf'name="{name}" value="(\w*)"', text).group(1)


def decision(client: Client, seat: str) -> dict[str, str]:
    """As recommended, on the page as it is now."""
    text = client.get(seat).text
    recommended = re.search(r'data-recommended="(\w+)"', text).group(1)
    return {"decision": recommended, "decided_by": "Panel", "version": field(text, "version")}


def asked(*names: str) -> list[dict[str, str]]:
    return [{"kind": "columns", "title": f"What is {name}?", f"given:{name}": ""} for name in names]


def test_a_second_click_on_undo_undoes_no_other_answer(server, client):
    address = dropped(client, "Employee ID,Place,Step,Communication (manager)\nW1,Bern,PM,4\nW2,Bonn,PM,2\n")
    for answer in asked("Place", "Step"):
        assert client.post(f"{address}/answer", answer).status == 303
    first = {"step": field(client.get(address).text, "step")}
    assert [client.post(f"{address}/undo", first).status for _ in range(2)] == [303, 303]
    assert [one.title for one in about_of(server, address).steps] == ["What is Step?"]


def test_what_one_window_says_while_another_still_looks_stays(server, client, monkeypatch):
    address, look = dropped(client), drafts._look
    said = {"day": "2025-12-31", "pack": "product_management", "guideline": "ready_now=10..20%"}

    async def slow(site, entry):
        looked = await look(site, entry)
        if not about_of(server, address).guideline:  # the other window
            site.shelf.change(entry, guideline=said["guideline"], steps=(drafts.Step(**STEP),))
        return looked

    monkeypatch.setattr(drafts, "_look", slow)
    text = client.get(address).text
    about = about_of(server, address)
    assert (about.guideline, [one.title for one in about.steps]) == (said["guideline"], [STEP["title"]])
    assert about.layout
    assert STEP["title"] in text


STEP = {"title": "Who is Kim?", "answer": "nobody", "kind": "columns", "given": {"Manager": ""}}


def test_answers_about_an_earlier_file_do_not_take_the_place_of_those_about_this_one(server, client):
    text = HEADS.replace("Job Level", "Step") + ROWS.replace("PM", "Wizard")
    levels = {"kind": "levels", "title": "Which level?", "given:Wizard": "senior_pm"}
    column = {"kind": "columns", "title": "What is in it?", "given:Step": "level"}
    earlier = dropped(client, text, "earlier.csv")
    client.get(earlier)
    for answer in (column, levels):
        client.post(f"{earlier}/answer", answer)
    own = {"kind": "columns", "title": "Whose?", "given:Manager": ""}
    later = dropped(client, text, "later.csv")
    assert client.post(f"{later}/answer", own).status == 303
    client.get(later)
    assert [one.title for one in about_of(server, later).steps] == [
        "What is in it?",
        "Which level?",
        "Whose?",
    ]


def test_an_answer_from_another_window_that_says_less_keeps_what_it_leaves_out(server, client):
    address = dropped(client)
    levels = {"kind": "levels", "title": "Which level?", "asked": "once"}
    client.post(f"{address}/answer", {**levels, "given:Wizard": "senior_pm", "given:Sage": "senior_pm"})
    client.post(f"{address}/answer", {**levels, "given:Sage": "associate_pm"})
    given = [dict(one.given) for one in about_of(server, address).steps]
    assert given == [{"Wizard": "senior_pm", "Sage": "senior_pm"}, {"Sage": "associate_pm"}]


def test_a_second_click_on_assess_leads_to_the_run_and_other_settings_are_refused(
    server, client, monkeypatch
):
    address = dropped(client)
    text = client.get(address).text
    sent = {"day": DAY, "pack": "product_management", "seen": field(text, "seen")}
    monkeypatch.setitem(server.site.jobs, address.rpartition("/")[2], Job())
    again = client.post(f"{address}/start", sent)
    assert (again.status, again.headers["location"]) == (303, address)
    other = client.post(f"{address}/start", {**sent, "day": "2026-05-31"})
    assert (other.status, "already finished or in progress" in other.text) == (409, True)
    assert about_of(server, address).day.isoformat() == DAY


def test_a_page_from_before_an_answer_starts_no_run_with_it(server, client):
    address = dropped(client)
    sent = {"day": DAY, "pack": "product_management", "seen": field(client.get(address).text, "seen")}
    client.post(f"{address}/answer", asked("Manager")[0])
    late = client.post(f"{address}/start", sent)
    assert (late.status, "The answers were changed meanwhile" in late.text) == (422, True)
    assert address.rpartition("/")[2] not in server.site.jobs
    seen = {**sent, "seen": field(late.text, "seen")}
    assert client.post(f"{address}/start", seen).status == 303


def test_a_run_from_before_the_clock_was_put_back_is_an_earlier_one(server, client, monkeypatch):
    earlier = made(client)
    seat = f"{earlier}/session/1"
    client.post(f"{seat}/decide", decision(client, seat))
    before = about_of(server, earlier).created - timedelta(days=2)
    monkeypatch.setattr(uploading, "now", lambda: before)
    later = made(client)
    assert about_of(server, later).created < about_of(server, earlier).created
    listed = client.get("/").text
    assert listed.index(later) < listed.index(earlier)
    chosen = listed[listed.index('action="/compare"') :]
    assert f'<option value="{later.rpartition("/")[2]}" selected' in chosen.partition('id="after"')[2]
    assert f'<option value="{earlier.rpartition("/")[2]}">' in earlier_runs(client, later)
    assert earlier_runs(client, earlier) == ""


def earlier_runs(client: Client, address: str) -> str:
    return (
        client.get(f"{address}/results")
        .text.partition("Decided in an earlier run")[2]
        .partition("</select>")[0]
    )


def test_whoever_deletes_an_upload_does_not_delete_the_decisions_that_came_since(server, client):
    address = made(client)
    seat = f"{address}/session/1"
    assert client.post(f"{seat}/decide", decision(client, seat)).status == 303
    answer = client.post(f"{address}/discard")
    assert (answer.status, "already finished" in answer.text) == (409, True)
    assert len(read_log(folder_of(server, address) / "run")) == 1
    assert client.post(f"{address}/delete").status == 303
    assert client.get(address).status == 404


def test_a_copy_has_the_files_and_answers_and_neither_the_run_nor_its_decisions(server, client):
    address = dropped(client)
    client.post(f"{address}/answer", asked("Manager")[0])
    client.run(Answer(303, {"location": address}, b""))
    seat = f"{address}/session/1"
    client.post(f"{seat}/decide", decision(client, seat))
    copied = client.post(f"{address}/copy").headers["location"]
    assert copied != address
    assert about_of(server, copied).steps == about_of(server, address).steps
    assert sorted(path.name for path in folder_of(server, copied).iterdir()) == ["about.json", "files"]
    assert "Assess 3 people" in client.get(copied).text
    assert client.post(f"{copied}/discard").status == 303
    assert len(read_log(folder_of(server, address) / "run")) == 1


def test_what_is_deleted_twice_while_it_runs_is_said_to_be_gone(client):
    address = dropped(
        client, HEADS + "".join(f"{n},N{n},PM,Max,{1 + n % 5},{1 + n % 4}\n" for n in range(9000))
    )
    client.post(f"{address}/start")
    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(lambda _: client.post(f"{address}/delete"), range(2)))
    assert sorted(one.status for one in answers) == [303, 404]


@pytest.mark.parametrize("how", ["cancel", "delete"])
def test_a_run_that_waits_for_others_is_stopped_at_once(server, client, monkeypatch, how):
    address = dropped(client)
    monkeypatch.setattr(server.site, "_room", asyncio.Semaphore(0))
    client.post(f"{address}/start")
    assert "Waiting until another run is done" in client.get(address).text
    monkeypatch.setattr(client, "patience", 20)
    assert client.post(f"{address}/{how}").status == 303
    assert ("It was stopped" in client.get(address).text) == (how == "cancel")
    assert server.site.jobs == {}


def test_nothing_stays_of_an_upload_that_is_refused(server, client):
    before = set((server.site.shelf.root / "runs").iterdir())
    files = ("x.csv", b"a,b\n")
    assert client.upload(files, day="soon").status == 400
    assert client.upload(files, pack="nobodys").status == 400
    assert client.upload(("only.yaml", b"a: 1\n")).status == 400
    assert client.upload(files, ("one.yaml", b"a: 1\n"), ("two.yaml", b"a: 1\n")).status == 400
    assert set((server.site.shelf.root / "runs").iterdir()) == before


def test_nothing_stays_half_written_where_the_disk_is_full(server, client, monkeypatch):
    address = made(client)
    draft = dropped(client)
    before = {path for path in server.site.shelf.root.rglob("*") if path.is_file()}

    def full(*_):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    async def full_within(_, folder):
        (folder / "half.xlsx").write_bytes(b"PK")
        full()

    monkeypatch.setattr(results, "store", full_within)
    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", full)
        said = client.post(f"{draft}/settings", {"day": DAY, "guideline": "ready_now=1..2%"})
    dropped_in = client.upload(("w.xlsx", b"PK"), path=f"{address}/workbooks", name="workbook")
    for answer in (said, dropped_in):
        assert (answer.status, "No space left on device" in answer.text) == (500, True)
    assert {path for path in server.site.shelf.root.rglob("*") if path.is_file()} == before
    assert about_of(server, draft).guideline == ""


@pytest.mark.parametrize("content", [b"", b"{}", None])
def test_a_run_that_cannot_be_read_is_named_on_the_first_page(server, client, content):
    address = dropped(client, name="lost.csv")
    about = folder_of(server, address) / "about.json"
    whole = about.read_bytes()
    about.unlink() if content is None else about.write_bytes(content)
    home = client.get("/").text
    assert client.get(address).status == 404
    assert "lost.csv" not in home
    assert re.search(rf"cannot be read by this version of the program: \S*{about.parent.name}", home)
    about.write_bytes(whole)
    home = client.get("/").text
    assert ("lost.csv" in home, "cannot be read" in home) == (True, False)
    client.post(f"{address}/delete")


def test_rules_that_are_made_after_the_run_has_begun_are_refused_and_it_keeps_its_own(server, client):
    address = made(client)
    told = {"title": "Late", "levels": "Low\nHigh", "lowest": "1", "highest": "5"}
    assert client.post(f"{address}/rules", told).status == 409
    assert about_of(server, address).pack == "product_management"


def test_rules_of_one_name_that_are_made_at_once_are_two_packs(server, client):
    told = {"title": "Twin", "levels": "Low\nHigh", "lowest": "1", "highest": "5"}
    addresses = [dropped(client, LADDER, f"{n}.csv") for n in range(2)]
    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(lambda one: client.post(f"{one}/rules", told).status, addresses))
    assert answers == [303, 303]
    assert {about_of(server, one).pack for one in addresses} == {"own:twin", "own:twin_2"}


def test_a_decision_that_is_sent_twice_is_recorded_once_and_nobody_is_told_that_it_was_not(server, client):
    address = made(client)
    seat = f"{address}/session/1"
    sent = decision(client, seat)
    answers = [client.post(f"{seat}/decide", sent) for _ in range(2)]
    assert [one.status for one in answers] == [303, 303]
    other = client.post(f"{seat}/decide", {**sent, "decided_by": "Somebody else"})
    assert (other.status, "changed meanwhile" in other.text) == (422, True)
    assert len(read_log(folder_of(server, address) / "run")) == 1


def test_what_a_workbook_would_replace_is_shown_beside_what_it_says(client, tmp_path):
    address = made(client)
    seat = f"{address}/session/1"
    sent = {**decision(client, seat), "follow_up": "A mentor until May"}
    assert client.post(f"{seat}/decide", sent).status == 303
    edited = tmp_path / "edited.xlsx"
    assert client.get(f"{address}/session/workbook.xlsx").status == 303
    edited.write_bytes(client.get(f"{address}/files/calibration-final.xlsx").body)
    book = openpyxl.load_workbook(edited)
    sheet = book["Calibration"]
    (row,) = (one for one in range(6, sheet.max_row + 1) if sheet.cell(one, COLUMNS["follow_up"]).value)
    sheet.cell(row, COLUMNS["follow_up"]).value = "Nothing to do"
    book.save(edited)
    number = client.upload(("edited.xlsx", edited.read_bytes()), path=f"{address}/workbooks", name="workbook")
    told = client.get(number.headers["location"]).text
    assert re.search(r"follow up</td>\s*<td>Nothing to do</td>\s*<td>A mentor until May</td>", told)
    made_final = client.post(f"{number.headers['location']}/apply", {"seen": "1"}).text
    assert re.search(r"follow up</td>\s*<td>Nothing to do</td>\s*<td>A mentor until May</td>", made_final)


def test_whoever_has_two_promotions_open_has_each_named_on_the_page_of_the_other(client):
    rows = "1,Ada,Senior PM,Max,4,4\n2,Bo,PM,Kim,4,4\n"
    address = client.run(client.upload(("fork.csv", (HEADS + rows).encode()), day=DAY))
    pages = {number: client.get(f"{address}/session/{number}").text for number in (1, 2, 3)}
    one, other = (number for number, text in pages.items() if ">Ada</h1>" in text)
    assert [text.count("Other promotion:") for text in pages.values()].count(0) == 1
    also = pages[one].partition("Other promotion:")[2].partition("</p>")[0]
    assert f'href="{address}/session/{other}"' in also
    assert "Recommended" in also
    client.post(f"{address}/session/{other}/decide", decision(client, f"{address}/session/{other}"))
    decided = (
        client.get(f"{address}/session/{one}").text.partition("Other promotion:")[2].partition("</p>")[0]
    )
    assert "Decided" in decided


def test_an_archive_that_is_made_while_somebody_decides_is_a_whole_run(server, client, tmp_path):
    address = made(client)
    left = folder_of(server, address) / "run" / ".readiness.0a1b2c3d"  # by a server that was killed
    left.mkdir()
    (left / "decisions-log.jsonl").write_text("{}", encoding="utf-8")
    seat = f"{address}/session/1"

    def decide_again() -> None:
        for number in range(40):
            sent = {**decision(client, seat), "decided_by": f"Panel {number}"}
            assert client.post(f"{seat}/decide", sent).status == 303

    with ThreadPoolExecutor(1) as pool:
        deciding = pool.submit(decide_again)
        for number in range(8):
            packed = zipfile.ZipFile(io.BytesIO(client.get(f"{address}/everything.zip").body))
            assert [name for name in packed.namelist() if "/." in f"/{name}"] == []
            packed.extractall(tmp_path / str(number))
            assert read_run(tmp_path / str(number)).fingerprint
            shutil.rmtree(tmp_path / str(number))
        deciding.result()
