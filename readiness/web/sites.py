"""What all routes share: the shelf, the workers, who may come in, and what goes on at the moment."""

import asyncio
import secrets
import tempfile
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from inputs import InputError
from readiness.days import likely
from readiness.web.gate import Gate
from readiness.web.shelf import Entry, Shelf
from readiness.web.workers import STOPPED, Desk, Worker, WorkError
from reports.calibration import Sitting
from reports.pages import render_served

STAGES = (
    "reading the rules",
    "reading the spreadsheet",
    "assessing",
    "writing the columns",
    "explaining, and searching what would change it",
    "writing data files",
    "marking the issues",
    "writing the workbook",
    "writing the groups' workbooks",
    "writing the pages",
)
"""Of a run, in order."""
MOST_FIELDS = 5_000
MOST_FILES = 30
SEAL = "decisions-seal.json"
"""Is there when anything was ever decided."""
AT_ONCE = 2
"""Runs that are made at the same time; others wait."""


@dataclass
class Job:
    """A run in the making."""

    stages: list[str] = field(default_factory=list)
    """Those that have begun."""
    worker: Worker | None = None
    """None while it waits for others."""
    task: "asyncio.Task[None] | None" = None

    def cancel(self) -> None:
        """Stop it; nothing of it stays."""
        if self.worker is not None:
            self.worker.cancel()
        elif self.task is not None:
            self.task.cancel()


@dataclass
class Session:
    """A session that is going on in a browser."""

    sitting: Sitting
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    """One decision at a time, in the order in which they come."""


@dataclass
class Site:
    """One server."""

    shelf: Shelf
    gate: Gate
    today: Callable[[], date] = date.today
    desk: Desk = field(default_factory=Desk)
    """For files: looked at, reviewed, compared, packed."""
    quick: Desk = field(default_factory=lambda: Desk(at_once=False))
    """For what follows each movement of a hand, which must not wait for files: persons of a session, and
    sliders."""
    jobs: dict[str, Job] = field(default_factory=dict)
    """By the id of the entry."""
    sessions: dict[str, Session] = field(default_factory=dict)
    """By the id of the entry."""
    naming: asyncio.Lock = field(default_factory=asyncio.Lock)
    """Held until a new pack has the name that was free."""
    _settling: dict[str, "asyncio.Task[None]"] = field(default_factory=dict)
    _room: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(AT_ONCE))

    def start(self, entry: Entry) -> None:
        """Begin to make the run of an entry, unless that is going on."""
        if entry.id not in self.jobs:
            job = self.jobs[entry.id] = Job()
            job.task = asyncio.create_task(self._make(entry, job))

    async def _make(self, entry: Entry, job: Job) -> None:
        about, trouble = entry.about, None
        try:
            async with self._room:
                job.worker = Worker()
                steps = [(one.kind, dict(one.given)) for one in about.steps]
                pack = self.shelf.pack(about.pack)
                given = (entry.files, entry.mapping, steps, pack, about.day, about.group_by, about.guideline)
                await asyncio.to_thread(job.worker.ask, "assess", *given, entry.run, told=job.stages.append)
        except WorkError as error:
            trouble = str(error)
        except asyncio.CancelledError:  # while it waited
            trouble = STOPPED
        finally:
            if job.worker is not None:
                job.worker.cancel()
            del self.jobs[entry.id]
        if entry.folder.is_dir():
            self.shelf.change(self.shelf.entry(entry.id), trouble=trouble)

    async def session(self, entry: Entry) -> Session:
        """The session of a run, opened where it is not open yet."""
        if entry.id not in self.sessions:
            sitting = await self.quick.ask("sit", entry.run)
            self.sessions.setdefault(entry.id, Session(sitting))
        return self.sessions[entry.id]

    async def settle(self, entry: Entry) -> None:
        """Have all files of a run say what was decided in its session, also where a server was killed in
        it."""
        if (entry.run / SEAL).is_file():
            await self.desk.ask("follow_log", entry.run)

    def begin_to_settle(self, entry: Entry) -> None:
        """The same while a page is read that needs none of these files."""
        if entry.id not in self._settling:
            task = self._settling[entry.id] = asyncio.create_task(self.settle(entry))
            task.add_done_callback(lambda done: self._settled(entry, done))

    def _settled(self, entry: Entry, done: "asyncio.Task[None]") -> None:
        self._settling.pop(entry.id, None)
        if not done.cancelled():
            done.exception()  # whoever asks for a file is told then

    async def close(self) -> None:
        """Stop what is going on, and write what was decided."""
        for job in list(self.jobs.values()):
            job.cancel()
        await asyncio.gather(*(job.task for job in list(self.jobs.values()) if job.task))
        await asyncio.gather(*list(self._settling.values()), return_exceptions=True)
        for name in self.sessions:
            try:
                await self.settle(self.shelf.entry(name))
            except (HTTPException, WorkError):
                continue  # the log has every decision; files follow the next time
        self.desk.close()
        self.quick.close()
        self.shelf.close()


def site_of(request: Request) -> Site:
    """The server that a request came to."""
    site = request.app.state.site
    assert isinstance(site, Site)
    return site


def entry_of(request: Request) -> Entry:
    """The entry that the path names. Raises HTTPException when there is none."""
    return site_of(request).shelf.entry(request.path_params["id"])


def changeable(request: Request) -> Entry:
    """An entry without a run. Raises HTTPException when there is one, which nothing takes the place of."""
    entry = entry_of(request)
    if entry.done or entry.id in site_of(request).jobs:
        raise HTTPException(
            409, "This run is already finished or in progress. Go back to its page and start from there."
        )
    return entry


def run_of(request: Request) -> Entry:
    """The same, where it has a run."""
    entry = entry_of(request)
    if not entry.done:
        raise HTTPException(404, "There is no finished run here yet.")
    return entry


def page(request: Request, template: str, context: Mapping[str, object], status: int = 200) -> Response:
    """A page, with what every page needs."""
    gate = site_of(request).gate
    shared = {"form_token": gate.form_token, "path": request.url.path}
    return HTMLResponse(render_served(template, {**shared, **context}), status)


Handler = Callable[[Request, FormData], Awaitable[Response]]


def posted(path: str, handler: Handler) -> Route:
    """A route for forms of ours, which are read whole, and only when one of our pages sent them."""

    async def endpoint(request: Request) -> Response:
        async with request.form(max_files=MOST_FILES, max_fields=MOST_FIELDS) as form:
            site_of(request).gate.require_form(form.get("form_token"))
            return await handler(request, form)

    return Route(path, endpoint, methods=["POST"])


def text_of(form: FormData, name: str, longest: int = 10_000) -> str:
    """What a field says. Raises InputError when it is longer than a person writes."""
    value = form.get(name, "")
    text = value.strip() if isinstance(value, str) else ""
    if len(text) > longest:
        raise InputError(f"That text is too long; it can have up to {longest:,} characters.")
    return text


def day_of(form: FormData, name: str, otherwise: date) -> date:
    """The day that a field says. Raises InputError when it is none."""
    text = text_of(form, name, 40)
    try:
        day = date.fromisoformat(text) if text else otherwise
    except ValueError as error:
        raise InputError(f"“{text}” is not a day; write it like 2026-06-30.") from error
    try:
        return likely(day)
    except ValueError as error:
        raise InputError(f"{error}.") from error


def sent_in(form: FormData | None, name: str, otherwise: str) -> str:
    """What stands in a field when its form is shown once more: what was sent, where it was refused."""
    value = otherwise if form is None else form.get(name, otherwise)
    return value if isinstance(value, str) else otherwise


def scratch_path(ending: str) -> Path:
    """A path for a file that is gone soon, in the private folder of this process."""
    return Path(tempfile.gettempdir()) / f"{secrets.token_hex(8)}{ending}"
