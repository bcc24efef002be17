"""A run that is made: its summary and files, edited workbooks dropped in, two runs compared."""

import html
import json
import re
import secrets
import shutil
from pathlib import Path
from typing import Any

from starlette.background import BackgroundTask
from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from readiness.web.shelf import Entry, now, private
from readiness.web.sites import SEAL, page, posted, run_of, scratch_path, site_of, text_of
from readiness.web.uploading import home_page, store
from readiness.web.workers import WorkError

_POLICY = re.compile(rb'http-equiv="Content-Security-Policy" content="([^"]*)"')
_NUMBER = re.compile(r"[0-9a-f]{16}")
SHOWN = (".html",)
"""Files that are shown, not kept."""
CLOSED = "default-src 'none'; sandbox"
"""The policy of a file that declares none of its own."""


async def _results(request: Request) -> Response:
    entry, site = run_of(request), site_of(request)
    site.begin_to_settle(entry)
    site.quick.wake()  # the session and the sliders are one click away
    about = json.loads((entry.run / "run.json").read_text(encoding="utf-8"))
    entries = [one for one in site.shelf.entries() if one.done]
    at = [one.id for one in entries].index(entry.id)
    looked = {
        "entry": entry,
        "about": about,
        "bands": _labels(entry),
        "managers": len(list((entry.run / "managers").glob("*.html"))),
        "grouped": (entry.run / "groups").is_dir(),
        "decided": (entry.run / SEAL).is_file(),
        "others": entries[:at] + entries[at + 1 :],
        "decided_before": [
            one for one in entries[at + 1 :] if (one.run / SEAL).is_file() and _alike(one, entry)
        ],
    }
    return page(request, "results.html", looked)


def _alike(one: Entry, entry: Entry) -> bool:
    """Whether one may be the corrected file of the other."""
    ours, theirs = entry.about, one.about
    return bool(ours.layout and ours.layout == theirs.layout) or ours.files == theirs.files


def _labels(entry: Entry) -> dict[str, str]:
    pack = json.loads((entry.run / "columns" / "pack.json").read_text(encoding="utf-8"))
    return {band: text["label"] for band, text in pack["bands"].items()}


async def _file(request: Request) -> Response:
    """A file of a run, as it was written."""
    entry, site = run_of(request), site_of(request)
    path = _inside(entry.run, request.path_params["path"])
    if path.suffix == ".html" or path.suffix == ".xlsx" or path.name.startswith(("decisions", "hr-")):
        await site.settle(entry)
    if path.suffix not in SHOWN:
        return FileResponse(path, filename=path.name, media_type="application/octet-stream")
    return _as_declared(path.read_bytes())


def _as_declared(content: bytes) -> Response:
    """A page under the policy that it declares itself."""
    declared = _POLICY.search(content[:4096])
    policy = html.unescape(declared.group(1).decode()) if declared else CLOSED
    return HTMLResponse(content, headers={"content-security-policy": f"{policy}; frame-ancestors 'none'"})


def _inside(folder: Path, name: str) -> Path:
    """A file of a folder. Raises HTTPException for any other path."""
    strange = not name.isprintable() or any(part.startswith(".") for part in Path(name).parts)
    whole = folder if strange else (folder / name).resolve()
    if strange or not whole.is_relative_to(folder.resolve()) or not whole.is_file():
        raise HTTPException(404, "There is no such file in this run.")
    return whole


async def _archive(request: Request) -> Response:
    entry, site = run_of(request), site_of(request)
    part = request.path_params["part"]
    if part not in ("everything", "managers", "groups"):
        raise HTTPException(404, "There is no such archive.")
    await site.settle(entry)
    below = "" if part == "everything" else part
    path = scratch_path(".zip")
    try:
        await site.desk.ask("archive", entry.run, below, path)
    except WorkError:
        path.unlink(missing_ok=True)
        raise
    gone = BackgroundTask(path.unlink)
    return FileResponse(path, filename=f"{part}.zip", media_type="application/zip", background=gone)


async def _drop(request: Request, form: FormData) -> Response:
    """An edited workbook: kept, and read without changing anything."""
    entry, sent = run_of(request), form.get("workbook")
    if not isinstance(sent, UploadFile) or not sent.filename:
        raise HTTPException(400, "No workbook was chosen. Choose the edited calibration.xlsx of this run.")
    if len(form.getlist("workbook")) > 1:
        raise HTTPException(400, "Several workbooks were sent. Bring them back one after the other.")
    number = secrets.token_hex(8)  # names of files may be names of people, and stay out of addresses
    folder = entry.folder / "workbooks" / number
    private(folder.parent)
    private(folder)
    try:
        await store([sent], folder)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    return RedirectResponse(f"/runs/{entry.id}/workbooks/{number}", 303)


async def _review(request: Request) -> Response:
    return await _reviewed(request, final=False)


async def _apply(request: Request, form: FormData) -> Response:
    seen = text_of(form, "seen", 20)
    return await _reviewed(request, final=True, seen=int(seen) if seen.isdecimal() else None)


async def _reviewed(request: Request, *, final: bool, seen: int | None = None) -> Response:
    """`seen` is how many lines the log had when somebody agreed to replace what was final then."""
    entry, site = run_of(request), site_of(request)
    number = request.path_params["number"]
    found = list((entry.folder / "workbooks" / number).glob("*")) if _NUMBER.fullmatch(number) else []
    if not found:
        raise HTTPException(404, "There is no such workbook here.")
    (path,) = found
    context: dict[str, Any] = {
        "entry": entry,
        "workbook": path.name,
        "number": number,
        "final": final,
        "replace": seen is not None,
    }
    await site.settle(entry)
    try:
        context["reviewed"] = await site.desk.ask(
            "review_workbook", entry.run, path, site.today(), now(), final, seen is not None, seen
        )
    except WorkError as error:
        return page(request, "workbook.html", {**context, "problem": str(error), "reviewed": None}, 422)
    return page(request, "workbook.html", {**context, "problem": None})


async def _holding(request: Request) -> Response:
    """What was decided in an earlier run and still holds in this one."""
    return await _kept(request, request.query_params.get("before", ""), final=False)


async def _keep(request: Request, form: FormData) -> Response:
    """The same, made final here."""
    return await _kept(request, text_of(form, "before", 40), final=True)


async def _kept(request: Request, name: str, *, final: bool) -> Response:
    entry, site = run_of(request), site_of(request)
    before = site.shelf.entry(name)
    if not before.done or before.id == entry.id:
        raise HTTPException(400, "Choose another run that is finished.")
    for one in (before, entry):
        await site.settle(one)
    carried = await site.desk.ask("keep_earlier", entry.run, before.run, now(), final)
    context = {"entry": entry, "before": before, "carried": carried, "final": final}
    return page(request, "keep.html", context)


async def _compare(request: Request) -> Response:
    """Two runs beside each other, on the page that `readiness diff --out` writes."""
    shelf = site_of(request).shelf
    chosen = [request.query_params.get(name, "") for name in ("before", "after")]
    before, after = map(shelf.entry, chosen)
    if not (before.done and after.done) or before.id == after.id:
        return home_page(request, "Choose two different runs that are finished.", compared=chosen)
    called = tuple(f"{one.about.title}, {one.about.arrived}" for one in (before, after))
    return _as_declared((await site_of(request).desk.ask("compare", before.run, after.run, called)).encode())


ROUTES = [
    Route("/runs/{id}/results", _results),
    Route("/runs/{id}/files/{path:path}", _file),
    Route("/runs/{id}/{part}.zip", _archive),
    posted("/runs/{id}/workbooks", _drop),
    Route("/runs/{id}/workbooks/{number}", _review),
    posted("/runs/{id}/workbooks/{number}/apply", _apply),
    Route("/runs/{id}/keep", _holding),
    posted("/runs/{id}/keep", _keep),
    Route("/compare", _compare),
]
