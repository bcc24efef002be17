"""The first page: files are dropped, or one of the earlier runs is opened."""

import shutil
from collections.abc import Sequence
from pathlib import Path

from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from engine.phrases import few
from inputs import InputError
from inputs.samples import SAMPLE_DAY, shipped_sample
from readiness.web.shelf import DEFAULT_PACK, MAPPINGS, About, Entry, Shelf, now, safe_name
from readiness.web.sites import Site, day_of, page, posted, scratch_path, sent_in, site_of, text_of
from rules import pack_names

CHUNK = 1024 * 1024
MOST_NAMED = 3
"""Folders that cannot be read, which the first page names."""


async def _home(request: Request) -> Response:
    return home_page(request)


def home_page(
    request: Request, problem: str | None = None, sent: FormData | None = None, compared: Sequence[str] = ()
) -> Response:
    """The first page. `problem` is why a form of it was refused: `sent`, or two runs that were to be
    compared."""
    site = site_of(request)
    entries = site.shelf.entries()
    context = {
        "entries": [(one, _state(site, one)) for one in entries],
        "unreadable": few([str(one) for one in site.shelf.unreadable()], MOST_NAMED),
        "done": (done := [one for one in entries if one.done]),
        "compared": compared or [one.id for one in done[1::-1]],
        "problem": problem,
        "packs": packs_of(site.shelf),
        "pack": sent_in(sent, "pack", DEFAULT_PACK),
        "day": sent_in(sent, "day", site.today().isoformat()),
    }
    return page(request, "home.html", context, 400 if problem else 200)


def _state(site: Site, entry: Entry) -> str:
    if entry.id in site.jobs:
        return "running"
    return "done" if entry.done else "open"


def packs_of(shelf: Shelf) -> list[tuple[str, str]]:
    """Every pack to choose from: its name, and what the list calls it."""
    shipped = [(name, name.replace("_", " ").capitalize()) for name in pack_names()]
    return shipped + [
        (f"own:{name}", f"{name.replace('_', ' ').capitalize()} (made here)") for name in shelf.packs()
    ]


async def _receive(request: Request, form: FormData) -> Response:
    """Files that were dropped: spreadsheets, and perhaps a mapping, become an entry."""
    try:
        entry = await _received(request, form)
    except InputError as error:
        return home_page(request, str(error), form)
    return RedirectResponse(f"/runs/{entry.id}", 303)


async def _received(request: Request, form: FormData) -> Entry:
    sent = [one for one in form.getlist("files") if isinstance(one, UploadFile) and one.filename]
    if not sent:
        raise InputError("No file was chosen. Choose a spreadsheet, or drop it on the page.")
    shelf = site_of(request).shelf
    day, pack = day_of(form, "day", site_of(request).today()), pack_of(form, shelf)
    with shelf.receiving() as folder:
        names = await store(sent, folder / "files")
        mappings = [name for name in names if Path(name).suffix.lower() in MAPPINGS]
        tables = tuple(name for name in names if name not in mappings)
        if not tables:
            raise InputError("Drop the spreadsheet along with its mapping.")
        if len(mappings) > 1:
            raise InputError("More than one mapping was given; give one.")
        mapping = mappings[0] if mappings else None
        return shelf.keep(folder, About(created=now(), files=tables, mapping=mapping, day=day, pack=pack))


async def store(sent: Sequence[UploadFile], folder: Path) -> list[str]:
    """Write files under safe names, and return these."""
    taken: set[str] = set()
    names = []
    for one in sent:
        name = safe_name(one.filename, taken)
        with (folder / name).open("xb") as file:
            (folder / name).chmod(0o600)
            while chunk := await one.read(CHUNK):
                file.write(chunk)
        names.append(name)
    return names


def pack_of(form: FormData, shelf: Shelf) -> str:
    """The pack that a form says. Raises InputError when there is none of this name."""
    name = text_of(form, "pack", 200) or DEFAULT_PACK
    if name not in {known for known, _ in packs_of(shelf)}:
        raise InputError("There is no such rule pack here.")
    return name


async def _sample(request: Request, _form: FormData) -> Response:
    """The invented company that ships with the product, as if somebody had dropped it."""
    shelf, shipped = site_of(request).shelf, shipped_sample()
    with shelf.receiving() as folder:
        shutil.copyfile(shipped, folder / "files" / shipped.name)
        entry = shelf.keep(folder, About(created=now(), files=(shipped.name,), day=SAMPLE_DAY))
    return RedirectResponse(f"/runs/{entry.id}", 303)


async def _template(request: Request) -> Response:
    site = site_of(request)
    name = request.query_params.get("pack", DEFAULT_PACK)
    if name not in {known for known, _ in packs_of(site.shelf)}:
        raise HTTPException(404, "There is no such rule pack here.")
    path = scratch_path(".xlsx")
    try:
        await site.desk.ask("template", site.shelf.pack(name), path)
        return download(path.read_bytes(), "ratings-template.xlsx")
    finally:
        path.unlink(missing_ok=True)


def download(content: bytes, name: str) -> Response:
    """Something to keep, under a name of ours."""
    return Response(
        content,
        media_type="application/octet-stream",
        headers={"content-disposition": f'attachment; filename="{name}"'},
    )


ROUTES = [
    Route("/", _home),
    posted("/files", _receive),
    posted("/sample", _sample),
    Route("/template.xlsx", _template),
]
