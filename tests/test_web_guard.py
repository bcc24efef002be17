"""The upload page under attack: refused or harmless, and it goes on answering."""

import errno
import http.client
import json
import socket
import time
from pathlib import Path

import pytest

from readiness.web import gate, shelf, workers
from readiness.web.shelf import Shelf, safe_name
from reports.pages.rendering import without_commands
from tests.command_line import call
from tests.web_server import Client, served

CASES = Path(__file__).parent / "cases"
GOOD = CASES / "inputs" / "manager-by-address.csv"
SCRIPT = "<script>alert(1)</script>"


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    with served(tmp_path_factory.mktemp("guard") / "data") as running:
        yield running


@pytest.fixture
def client(server):
    yield server.client()
    assert server.client().get("/").status == 200


@pytest.fixture(scope="module")
def run(server):
    client = server.client()
    return client.run(client.upload((GOOD.name, GOOD.read_bytes()), day="2026-06-30"))


def test_nobody_comes_in_without_the_token(server):
    stranger = Client(server.port)
    for path in (
        "/",
        "/?token=",
        "/?token=wrong",
        f"/?token={server.site.gate.token[:-1]}",
        "/runs/x",
        "/files",
    ):
        assert stranger.get(path).status == 401, path
    wrong = Client(server.port, cookie=f"{server.site.gate.cookie}=wrong")
    assert wrong.get("/").status == 401
    assert wrong.post("/sample").status == 401
    assert stranger.get("/static/style.css").status == 200


def test_a_window_that_was_open_before_a_restart_says_what_was_not_saved_and_where_to_go_on(server):
    before = Client(server.port, cookie=f"{server.site.gate.cookie}=of-the-last-start")
    looked = before.get("/runs/x", accept="text/html")
    sent = before.post("/runs/x/decide", {"note": "She led the launch."}, accept="text/html")
    assert (looked.status, sent.status) == (401, 401)
    assert "readiness serve</code> printed" in looked.text
    assert "not saved" not in looked.text
    assert "What you just sent was not saved." in sent.text
    assert server.site.gate.form_token not in looked.text + sent.text


def test_the_token_leads_to_a_cookie_that_scripts_and_other_sites_never_have(server):
    answer = Client(server.port).get(f"/?token={server.site.gate.token}")
    cookie = answer.headers["set-cookie"].lower()
    assert answer.headers["location"] == "/"
    assert {"httponly", "samesite=strict", "path=/"} <= {part.strip() for part in cookie.split(";")}


def test_another_name_for_this_machine_is_not_served(client):
    for host in ("evil.example", "127.0.0.1", "127.0.0.1:1", "localhost.evil.example:80", ""):
        assert client.get("/", Host=host).status == 421, host


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Sec_Fetch_Site": "cross-site"},
        {"Sec_Fetch_Site": "same-site"},
        {"Origin": "http://127.0.0.1:1"},
    ],
)
def test_what_another_page_sends_does_nothing(server, client, headers):
    before = len(server.site.shelf.entries())
    assert client.post("/sample", **headers).status == 403
    assert len(server.site.shelf.entries()) == before


def test_a_form_without_its_token_does_nothing(server, client):
    before = len(server.site.shelf.entries())
    for token in ("", "0" * 64, client.form_token[:-1]):
        assert client.post("/sample", {"form_token": token}).status == 403
        client.form_token, kept = token, client.form_token
        assert client.upload((GOOD.name, GOOD.read_bytes())).status == 403
        client.form_token = kept
    assert len(server.site.shelf.entries()) == before


@pytest.mark.parametrize(
    "path",
    [
        "/runs/../../etc/passwd",
        "/runs/..%2f..%2fetc%2fpasswd",
        "/runs/{id}/files/../about.json",
        "/runs/{id}/files/..%2fabout.json",
        "/runs/{id}/files/%2e%2e/about.json",
        "/runs/{id}/files//etc/passwd",
        "/runs/{id}/files/columns/../../about.json",
        "/runs/{id}/files/.lock",
        "/runs/{id}/files/report.html%00.txt",
        "/runs/{id}/files/C:%5cwindows%5cwin.ini",
        "/runs/{id}/files/columns",
        "/runs/{id}/workbooks/..%2fabout.json",
        "/runs/{id}/workbooks/nothing.xlsx",
        "/runs/{id}/workbooks/0123456789abcdef",
        "/runs/{id}/workbooks/%2e%2e",
        "/runs/{id}/elsewhere.zip",
        "/runs/" + "0" * 32 + "/results",
        "/runs/" + "Z" * 32,
        "/static/..%2fpage.css",
        "/static/page.js",
        "/compare?before=../..&after=..",
    ],
)
def test_no_path_leads_out_of_a_run(client, run, path):
    answer = client.get(path.replace("{id}", run.rpartition("/")[2]))
    assert answer.status in (400, 404), answer.text
    assert "root:" not in answer.text


def test_names_of_files_are_made_harmless(server, client):
    taken = set()
    names = [
        "../../evil.csv",
        "C:\\evil.csv",
        "evil.csv",
        "EVIL.csv",
        "..",
        ".htaccess",
        "con.xlsx",
        "a\x00b\n.csv",
        "x" * 500 + ".xlsx",
        f"{SCRIPT}.csv",
    ]
    safe = [
        safe_name(name, taken)
        for name in [*names, "a\x00b\n.csv", "x" * 500 + ".xlsx", "", None, f"{SCRIPT}.csv"]
    ]
    assert len({name.casefold() for name in safe}) == len(safe)
    for name in safe:
        assert Path(name).name == name
        assert not name.startswith(".")
        assert len(name) <= 120
        assert not set(name) & set('<>:"/\\|?*\0\n')
    address = client.upload(("../../evil.csv", GOOD.read_bytes())).headers["location"]
    entry = server.site.shelf.entry(address.rpartition("/")[2])
    assert [path.name for path in (entry.folder / "files").iterdir()] == ["evil.csv"]
    assert not list(server.site.shelf.root.parent.glob("evil*"))
    assert client.post(f"{address}/delete").status == 303
    assert not entry.folder.exists()


@pytest.mark.usefixtures("run")
@pytest.mark.parametrize(
    ("system", "variable", "place"),
    [
        ("linux", None, ".local/share/promotion-readiness"),
        ("linux", "XDG_DATA_HOME", "elsewhere/promotion-readiness"),
        ("darwin", None, "Library/Application Support/promotion-readiness"),
        ("win32", None, "AppData/Local/promotion-readiness"),
        ("win32", "LOCALAPPDATA", "elsewhere/promotion-readiness"),
    ],
)
def test_uploads_are_kept_where_the_system_keeps_such_data(tmp_path, monkeypatch, system, variable, place):
    for name in ("XDG_DATA_HOME", "LOCALAPPDATA"):
        monkeypatch.delenv(name, raising=False)
    if variable is not None:
        monkeypatch.setenv(variable, str(tmp_path / "elsewhere"))
    monkeypatch.setattr(shelf.sys, "platform", system)
    monkeypatch.setattr(Path, "home", lambda: tmp_path)
    assert shelf.usual_root() == tmp_path / place


def test_an_upload_of_several_files_is_listed_by_the_first(client):
    client.upload(("first.csv", b"a,b\n"), ("second.csv", b"a,b\n"))
    assert "first.csv and 1 more" in client.get("/").text


def test_what_a_killed_server_was_receiving_or_deleting_is_gone_when_the_next_one_begins(tmp_path):
    left, kept = tmp_path / "runs" / f".{'a' * 32}", tmp_path / "runs" / ("b" * 32)
    for folder in (left / "files", kept):
        folder.mkdir(parents=True)
    Shelf(tmp_path).close()
    assert (left.exists(), kept.exists()) == (False, True)


def test_what_takes_too_long_is_given_up_and_the_next_question_is_answered(client, monkeypatch):
    address = client.upload((GOOD.name, GOOD.read_bytes())).headers["location"]
    monkeypatch.setattr(workers, "PATIENCE", 0.001)
    answer = client.get(address)
    assert (answer.status, "That takes too long here" in answer.text) == (422, True)
    monkeypatch.undo()
    assert client.get(address).status == 200


def test_a_script_is_answered_in_its_own_words(client):
    answer = client.get(f"/runs/{'0' * 32}/progress", Accept="application/json")
    assert (answer.status, list(json.loads(answer.text))) == (404, ["problem"])


def test_a_workbook_that_was_not_chosen_is_asked_for(client, run):
    answer = client.upload(path=f"{run}/workbooks")
    assert (answer.status, "No workbook was chosen" in answer.text) == (400, True)


def test_the_data_is_private(server):
    folder = server.site.shelf.root
    paths = [folder, *folder.rglob("*")]
    assert [path for path in paths if path.name != ".lock" and path.stat().st_mode & 0o077] == []


def test_what_is_too_large_is_refused_before_it_has_arrived(client):
    answer = client.ask("POST", "/files", None, Content_Length=str(10**12))
    assert answer.status == 413
    assert "200 MB" in answer.text
    assert client.ask("POST", "/sample", None, Content_Length="-5").status in (400, 413)
    connection = http.client.HTTPConnection("127.0.0.1", client.port)
    connection.putrequest("POST", "/sample")
    for name, value in {
        "Cookie": client.cookie,
        "Transfer-Encoding": "chunked",
        "Content-Type": "application/x-www-form-urlencoded",
    }.items():
        connection.putheader(name, value)
    connection.endheaders()
    try:
        for _ in range(40):
            connection.send(b"10000\r\n" + b"a" * 0x10000 + b"\r\n")
        status = connection.getresponse().status
    except (BrokenPipeError, ConnectionResetError):
        status = 413  # it did not even listen to the end
    assert status in (400, 413)  # as a field that is too long, or as a request that is


@pytest.mark.parametrize("chunked", [False, True])
def test_a_request_of_exactly_the_most_is_taken_and_one_byte_more_is_not(client, monkeypatch, chunked):
    body = f"form_token={client.form_token}&q=x".encode()

    def sent() -> int:
        connection = http.client.HTTPConnection("127.0.0.1", client.port)
        headers = {"Cookie": client.cookie, "Content-Type": "application/x-www-form-urlencoded"}
        content = iter([body[:5], body[5:]]) if chunked else body
        connection.request("POST", "/sample", content, headers, encode_chunked=chunked)
        return connection.getresponse().status

    for most, status in ((len(body), 303), (len(body) - 1, 413)):
        monkeypatch.setattr(gate, "LARGEST_FORM", most)
        assert sent() == status


def test_what_arrives_slowly_but_in_time_is_taken(client):
    body = f"form_token={client.form_token}".encode()
    with socket.create_connection(("127.0.0.1", client.port)) as slow:
        head = f"POST /sample HTTP/1.1\r\nHost: 127.0.0.1:{client.port}\r\nCookie: {client.cookie}\r\n"
        kind = f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n\r\n"
        for piece in ((head + kind).encode(), body[:5], body[5:]):
            slow.sendall(piece)
            time.sleep(0.3)
        assert b" 303 " in slow.recv(4096)


def test_what_is_too_slow_is_given_up(client, monkeypatch):
    monkeypatch.setattr(gate, "PATIENCE", 0.5)
    with socket.create_connection(("127.0.0.1", client.port)) as slow:
        head = f"POST /files HTTP/1.1\r\nHost: 127.0.0.1:{client.port}\r\nCookie: {client.cookie}\r\n"
        kind = "Content-Type: multipart/form-data; boundary=b\r\nContent-Length: 1000\r\n\r\n--b"
        slow.sendall((head + kind).encode())
        begun = time.monotonic()
        assert b" 408 " in slow.recv(4096)
        assert time.monotonic() - begun < 10


def test_what_is_compressed_on_the_way_is_refused(client):
    assert client.post("/sample", Content_Encoding="gzip").status == 415


def test_too_many_fields_and_broken_forms_are_refused(client):
    many = "&".join(f"f{n}=1" for n in range(10_000)).encode()
    kind = "application/x-www-form-urlencoded"
    assert client.ask("POST", "/sample", many, Content_Type=kind).status in (400, 403)
    assert client.ask("POST", "/files", b"--b", Content_Type="multipart/form-data").status in (400, 403)


def test_a_disk_that_cannot_be_written_to_is_said(client, monkeypatch):
    def read_only(_):
        raise OSError(errno.EROFS, "Read-only file system")

    monkeypatch.setattr(Shelf, "receiving", read_only)
    answer = client.upload((GOOD.name, GOOD.read_bytes()))
    assert "The disk could not be used (Read-only file system)." in answer.text


def test_files_that_only_look_like_spreadsheets_get_a_sentence(client):
    for name in ("fuzz-1.xlsx", "re_row.xlsx", "rel_traversal.xlsx"):
        answer = client.upload((name, (CASES / "hostile" / name).read_bytes()))
        page = client.get(answer.headers["location"])
        assert page.status in (200, 422)
        assert "Next step" in page.text or "Run it" in page.text
        client.post(f"{answer.headers['location']}/delete")


def test_scripts_in_every_text_stay_text(client, run):
    header = GOOD.read_text(encoding="utf-8").splitlines()
    lines = [f"{header[0]},{SCRIPT}", *(f"{line},{SCRIPT}" for line in header[1:])]
    answer = client.upload((f"{SCRIPT}.csv", "\n".join(lines).encode()), day="2026-06-30")
    address = answer.headers["location"]
    texts = [client.get(address).text]
    fields = {"kind": "rater", "title": SCRIPT, "answer": SCRIPT, f"given:{SCRIPT}": "manager"}
    client.post(f"{address}/answer", fields)
    texts.append(client.get(address).text)
    texts.append(client.post(f"{address}/answer", {**fields, "kind": SCRIPT}).text)
    texts.append(client.post(f"{address}/settings", {"day": SCRIPT}).text)
    texts.append(client.get("/").text)
    seat = client.get(f"{run}/session")
    assert seat.status == 303, seat.text
    place = seat.headers["location"]
    for name in ("decision", "reason", "reason_code", "follow_up", "decided_by"):
        told = {"decision": "ready_now", "reason": SCRIPT, "decided_by": SCRIPT, name: SCRIPT}
        client.post(f"{place}/decide", told)
        texts.append(client.get(place).text)
    texts.append(client.post(f"{run}/session/find", {"q": SCRIPT}).text)
    for text in texts:
        assert SCRIPT not in text
    assert any("&lt;script&gt;" in text for text in texts)


def test_every_answer_forbids_what_no_page_needs(client, run):
    for path in ("/", run + "/results", "/static/served.js", "/nothing", run + "/files/report.html"):
        answer = client.get(path)
        headers = answer.headers
        assert answer.status == (404 if path == "/nothing" else 200), path
        assert headers["cache-control"] == "no-store"
        assert headers["x-content-type-options"] == "nosniff"
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert "default-src 'none'" in headers["content-security-policy"]
        assert "unsafe" not in headers["content-security-policy"]
        assert "server" not in headers or "uvicorn" not in headers["server"]


@pytest.mark.parametrize(
    ("message", "shown"),
    [
        ("Name a column. `readiness template` writes a workbook with all of them.", "Name a column."),
        ("Say it in a mapping (`readiness inspect --write-mapping`).", "Say it below."),
        (
            'If so, say so in a mapping: `columns: {"Box.": level}`. Else not.',
            "If so, say so below. Else not.",
        ),
        ("Name it, or say in a mapping what it is (`scales: {}`).", "Name it, or say below what it is."),
        ("Read as one list with `--all-sheets` (in a mapping: `sheets: all`).", "Read as one list."),
        ("See a.b.\n`readiness inspect FILE --write-mapping map.yaml` writes it; correct it.", "See a.b."),
        ("Use `readiness merge`.", "Use `readiness merge`."),  # better than nothing
        ("'Care' is `empty`. Fill it in.", "'Care' is `empty`. Fill it in."),
    ],
)
def test_a_message_on_a_page_sends_nobody_to_a_terminal(message, shown):
    assert without_commands(message) == shown


def test_other_ways_of_asking_are_refused(client):
    for method in ("PUT", "DELETE", "TRACE", "CONNECT", "PATCH"):
        assert client.ask(method, "/").status in (400, 405), method


def test_with_a_password_the_token_opens_nothing_and_guessing_is_slow(tmp_path, monkeypatch):
    monkeypatch.setattr(gate, "PAUSE", 1.0)
    with served(tmp_path / "data", "correct horse battery") as running:
        stranger = Client(running.port)
        assert stranger.get(f"/?token={running.site.gate.token}").headers["location"] == "/enter"
        tries = [stranger.post("/enter", {"password": f"guess {n}"}).status for n in range(7)]
        assert tries == [401] * 5 + [429] * 2
        assert stranger.post("/enter", {"password": "correct horse battery"}).status == 429
        time.sleep(1.1)
        let_in = stranger.post("/enter", {"password": "correct horse battery"})
        assert let_in.status == 303
        stranger.cookie = let_in.headers["set-cookie"].partition(";")[0]
        assert stranger.get("/").status == 200


def test_other_machines_are_let_in_only_with_a_password_and_one_address(tmp_path):
    short, long = tmp_path / "short.txt", tmp_path / "long.txt"
    short.write_text("secret\n", encoding="utf-8")
    long.write_text("correct horse battery\n", encoding="utf-8")
    for options, said in (
        (["--host", "192.168.1.20"], "lets other machines in the network reach the page"),
        (["--host", "192.168.1.20", "--password-file", short], "needs 12 characters or more"),
        (["--host", "0.0.0.0", "--password-file", long], "needs the one address that others type"),
    ):
        ran = call("serve", "--no-browser", *map(str, options))
        assert (ran.exit_code, said in " ".join(ran.stderr.split())) == (2, True), ran.stderr


def test_one_folder_has_one_server(server):
    ran = call("serve", "--no-browser", "--data", server.site.shelf.root)
    assert (ran.exit_code, "Stopped: " in ran.stderr, "is already being served" in ran.stderr) == (
        1,
        True,
        True,
    )


@pytest.mark.parametrize("day", ["0001-01-01", "0026-06-30", "9999-12-31"])
def test_a_day_that_nobody_can_mean_is_refused_in_a_sentence(client, day):
    answer = client.upload(("a.csv", b"Employee ID,Level\n"), day=day)
    assert (answer.status, "write the year in full" in answer.text) == (400, True)
