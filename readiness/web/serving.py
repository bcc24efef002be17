"""The server: an address on this machine, opened in the browser, ended by Ctrl-C."""

import asyncio
import signal
import socket
import sys
import webbrowser
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from types import FrameType

import uvicorn

from inputs import InputError
from readiness.web.application import application
from readiness.web.gate import Gate
from readiness.web.shelf import Shelf, Taken, usual_root
from readiness.web.sites import Site

LOOPBACK = ("127.0.0.1", "localhost", "::1")


@dataclass(frozen=True)
class Place:
    """Where to serve, and from what."""

    host: str = "127.0.0.1"
    port: int = 0
    """0: one that is free."""
    data: Path | None = None
    password: str | None = None
    browser: bool = True
    today: date | None = None


class ServeError(InputError):
    """Why nothing is served, in words."""


def serve(place: Place, say: Callable[[str], None]) -> None:
    """Serve until somebody presses Ctrl-C. `say` hears the address. Raises ServeError."""
    root = place.data or usual_root()
    try:
        shelf = Shelf(root.expanduser())
    except Taken as error:
        raise ServeError(
            f"{root} is already being served, perhaps in another window. Use that one, or give another --data"
        ) from error
    listening = _listening(place)
    port = listening.getsockname()[1]
    named = f"[{place.host}]" if ":" in place.host else place.host
    names = ("127.0.0.1", "localhost", "[::1]") if place.host in LOOPBACK else (named.lower(),)
    gate = Gate(frozenset(f"{name}:{port}" for name in names), place.password)
    site = Site(shelf, gate, (lambda: fixed) if (fixed := place.today) else date.today)
    address = f"http://{named}:{port}/" + ("" if place.password else f"?token={gate.token}")
    say(address)
    if place.browser:
        webbrowser.open(address)
    asyncio.run(_Server(configured(site)).serve([listening]))


def configured(site: Site) -> uvicorn.Config:
    """The settings of the server: it says nothing of itself, logs nothing, and waits for nobody for long."""
    return uvicorn.Config(
        application(site),
        lifespan="on",
        log_level="critical",
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_keep_alive=30,
        timeout_graceful_shutdown=5,
        h11_max_incomplete_event_size=64 * 1024,
        limit_concurrency=500,
        ws="none",
        http="h11",
        loop="asyncio",
    )


class _Server(uvicorn.Server):
    """Ends at the first interrupt, when what was decided is written; at once at the second."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Hear interrupts, and do not raise them again in the end."""

        def stop(_number: int, _frame: FrameType | None) -> None:
            self.force_exit, self.should_exit = self.should_exit, True

        before = {one: signal.signal(one, stop) for one in (signal.SIGINT, signal.SIGTERM)}
        try:
            yield
        finally:
            for one, handler in before.items():
                signal.signal(one, handler)


def _listening(place: Place) -> socket.socket:
    """The socket, before anything else begins. Raises ServeError when the port is taken."""
    family = socket.AF_INET6 if ":" in place.host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    if sys.platform != "win32":  # there it would share the port; here it only forgets who had it before
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((place.host, place.port))
    except OSError as error:
        raise ServeError(
            f"Nothing can be served on {place.host}, port {place.port}: {error.strerror}. Leave out --port "
            "to use a free one"
        ) from error
    listening.listen(128)
    return listening
