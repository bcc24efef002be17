"""The upload page for tests, served by a thread or by a process of its own, and a plain client of it."""

import asyncio
import http.client
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from urllib.parse import urlencode

import uvicorn

from readiness.web.gate import Gate
from readiness.web.serving import configured
from readiness.web.shelf import Shelf
from readiness.web.sites import Site

TODAY = date(2026, 7, 1)
HOUSE = Path(__file__).parents[1]


@dataclass
class Answer:
    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode("utf-8", "replace")


@dataclass
class Client:
    """Somebody with the cookie, unless they are told to send something else."""

    port: int
    cookie: str = ""
    form_token: str = ""
    sent: dict[str, str] = field(default_factory=dict)
    """Headers that go along with everything."""
    patience: float = 60
    """Seconds until an answer will not come."""

    def ask(self, method: str, path: str, body: bytes | None = None, **headers: str) -> Answer:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=self.patience)
        cookie = {"Cookie": self.cookie} if self.cookie else {}
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        try:
            connection.request(method, path, body, {**cookie, **self.sent, **given})
            answer = connection.getresponse()
            told = {name.lower(): value for name, value in answer.getheaders()}
            return Answer(answer.status, told, answer.read())
        finally:
            connection.close()

    def get(self, path: str, **headers: str) -> Answer:
        return self.ask("GET", path, **headers)

    def enter(self, token: str) -> "Client":
        answer = self.get(f"/?token={token}")
        assert answer.status == 303, answer.text
        self.cookie = answer.headers["set-cookie"].partition(";")[0]
        found = re.search(r'name="form_token" value="(\w+)"', self.get("/").text)
        assert found is not None
        self.form_token = found.group(1)
        return self

    def post(self, path: str, fields: Mapping[str, str] | None = None, **headers: str) -> Answer:
        body = urlencode({"form_token": self.form_token, **(fields or {})}).encode()
        return self.ask(
            "POST", path, body, **{"Content_Type": "application/x-www-form-urlencoded", **headers}
        )

    def upload(
        self, *files: tuple[str, bytes], path: str = "/files", name: str = "files", **more: str
    ) -> Answer:
        """Send files as a form does."""
        mark = "mark-of-the-tests"
        parts = [
            f'--{mark}\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n'.encode()
            for key, value in {"form_token": self.form_token, **more}.items()
        ]
        for file, content in files:
            head = f'--{mark}\r\nContent-Disposition: form-data; name="{name}"; filename="{file}"\r\n\r\n'
            parts.append(head.encode() + content + b"\r\n")
        body = b"".join([*parts, f"--{mark}--\r\n".encode()])
        return self.ask("POST", path, body, Content_Type=f"multipart/form-data; boundary={mark}")

    def run(self, answer: Answer) -> str:
        """The address of an upload, run to its end."""
        address = answer.headers["location"]
        assert self.post(f"{address}/start").status == 303
        while self.get(f"{address}/progress").text.startswith('{"running":true'):
            time.sleep(0.05)
        return address


@dataclass
class Served:
    site: Site
    port: int

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}/?token={self.site.gate.token}"

    def client(self) -> Client:
        return Client(self.port).enter(self.site.gate.token)


@contextmanager
def served(data: Path, password: str | None = None) -> Iterator[Served]:
    """A server in a thread."""
    listening = socket.create_server(("127.0.0.1", 0))
    port = listening.getsockname()[1]
    site = Site(Shelf(data), Gate(frozenset({f"127.0.0.1:{port}"}), password), lambda: TODAY)
    config = configured(site)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=lambda: asyncio.run(server.serve([listening])))
    thread.start()
    while not server.started:
        time.sleep(0.01)
    try:
        yield Served(site, port)
    finally:
        server.should_exit = True
        thread.join()


@dataclass
class Process:
    process: "subprocess.Popen[str]"
    address: str

    @property
    def port(self) -> int:
        return int(self.address.split(":")[2].partition("/")[0])

    def client(self) -> Client:
        return Client(self.port).enter(self.address.partition("token=")[2])

    def interrupt(self) -> str:
        """Ctrl-C; what it says in the end."""
        self.process.send_signal(signal.SIGINT)
        return self.process.communicate(timeout=60)[1]


@contextmanager
def served_apart(data: Path, *options: str) -> Iterator[Process]:
    """`readiness serve` as people start it."""
    command = [sys.executable, "-m", "readiness", "serve", "--no-browser", "--data", str(data), *options]
    process = subprocess.Popen(
        [*command, "--today", TODAY.isoformat()], stderr=subprocess.PIPE, text=True, cwd=HOUSE
    )
    try:
        assert process.stderr is not None
        said = ""
        while not (found := re.search(r"http://\S+", said)):
            line = process.stderr.readline()  # first what a server that was killed has left
            assert line, f"the server ended with {process.wait()}: {said}"
            said += line
        process.stderr.readline()
        yield Process(process, found.group(0))
    finally:
        process.kill()
        process.wait()
