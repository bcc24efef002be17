"""An upload before its run: what was understood, what is asked, how it is judged, and the run being made."""

import shutil
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from engine.phrases import few
from inputs import InputError
from inputs.answering import all_answers, answers_text, merged
from inputs.fields import BY_HEADER
from inputs.issues import KINDS
from inputs.mapping import FileMapping, read_mapping
from inputs.roster import MappingError
from readiness.web.shelf import Entry, Step, fingerprint, now
from readiness.web.sites import (
    STAGES,
    Site,
    changeable,
    day_of,
    entry_of,
    page,
    posted,
    sent_in,
    site_of,
    text_of,
)
from readiness.web.uploading import download, pack_of, packs_of
from readiness.web.work import Looked, UnreadableFileError
from readiness.web.workers import WorkError
from reports.shown import GROUPINGS

GIVEN = "given:"
"""How fields begin that are a part of an answer."""


async def _entry(request: Request) -> Response:
    """Where an upload is: in work, done, or still to be looked at."""
    entry = entry_of(request)
    if entry.id in site_of(request).jobs:
        return _progress_page(request, entry)
    if entry.done:
        return RedirectResponse(f"/runs/{entry.id}/results", 303)
    return await _understood(request, entry)


async def _understood(
    request: Request, entry: Entry, problem: str | None = None, sent: FormData | None = None
) -> Response:
    """What the files hold, and what is asked. `problem` is why the form that was `sent` is refused."""
    site = site_of(request)
    shared: dict[str, Any] = {
        "entry": entry,
        "packs": packs_of(site.shelf),
        "groupings": GROUPINGS,
        "kinds": KINDS,
        "problem": problem or entry.about.trouble,
        "sent": sent or {},
        "settings": {
            "day": sent_in(sent, "day", entry.about.day.isoformat()),
            "pack": sent_in(sent, "pack", entry.about.pack),
            "group_by": sent_in(sent, "group_by", entry.about.group_by or ""),
            "guideline": sent_in(sent, "guideline", entry.about.guideline),
        },
    }
    try:
        entry, looked = await _looked(site, entry)
    except WorkError as error:
        of_file, of_mapping = (issubclass(error.cause, one) for one in (UnreadableFileError, MappingError))
        told = {"problem": str(error), "of_file": of_file, "of_mapping": of_mapping}
        return page(request, "unreadable.html", {**shared, **told}, 422)
    questions = looked.understood.questions
    context = {
        **shared,
        "entry": entry,
        "looked": looked,
        "answered": [_answer_shown(step, looked.names) for step in entry.about.steps],
        "marks": {one.id: fingerprint(f"{one.id} {one.text}") for one in questions},
        "asked_before": {step.asked for step in entry.about.steps},
        "understood": looked.understood,
        "inspection": looked.understood.inspection,
        "needed": [one for one in questions if one.needed],
        "optional": [one for one in questions if not one.needed],
        "ready": not any(one.needed for one in questions) and looked.understood.consequence.assessable,
    }
    return page(request, "understood.html", context, 422 if problem else 200)


async def _looked(site: Site, entry: Entry) -> tuple[Entry, Looked]:
    """What the files hold; the first time, answers to the same questions about an earlier file are taken."""
    looked = await _look(site, entry)
    if entry.about.layout:
        return entry, looked
    layout = fingerprint(looked.understood.layout)
    earlier = next((one for one in site.shelf.entries() if _answers(one, entry, layout)), None)
    chosen = entry
    if earlier is not None and looked.understood.questions:
        with suppress(WorkError):
            again = await _with_answers_of(site, entry, earlier.about.steps)
            with_answers = await _look(site, again)
            if _asked(with_answers) < _asked(looked):  # else the same headers, over something else
                chosen, looked = again, with_answers
    now_is = site.shelf.entry(entry.id)
    if now_is.about != entry.about:  # somebody answered meanwhile, in another window
        return await _looked(site, now_is)
    return site.shelf.change(entry, layout=layout, steps=chosen.about.steps), looked


async def _with_answers_of(site: Site, entry: Entry, steps: tuple[Step, ...]) -> Entry:
    """The files with earlier answers, before their own. What a scale was says nothing of ratings of which it
    is not asked, and which cycle was read, or which row of a person, nothing of the next file's."""
    own = entry.about.steps
    steps = tuple(one for one in steps if one.kind not in ("cycle", "rows"))
    named = tuple(one for one in steps if one.kind not in _OF_SCALES)
    again = entry.supposing((*named, *own))
    if named == steps:
        return again
    questions = (await _look(site, again)).understood.questions
    asked = {one.id.partition(":")[2] for one in questions if one.kind in _OF_SCALES}
    kept = (one for one in steps if one in named or one.given.get("whose") in asked)
    return entry.supposing((*kept, *own))


_OF_SCALES = ("scale", "points")


def _asked(looked: Looked) -> tuple[int, int]:
    """How many questions have to be answered, and how many there are."""
    questions = looked.understood.questions
    return sum(one.needed for one in questions), len(questions)


def _answers(one: Entry, entry: Entry, layout: str) -> bool:
    return one.id != entry.id and one.about.layout == layout and bool(one.about.steps)


async def _look(site: Site, entry: Entry) -> Looked:
    about = entry.about
    steps = [(one.kind, dict(one.given)) for one in about.steps]
    looked = await site.desk.ask(
        "look", entry.files, entry.mapping, steps, site.shelf.pack(about.pack), about.day
    )
    assert isinstance(looked, Looked)
    return looked


async def _answer(request: Request, form: FormData) -> Response:
    """One answer more; it settles every column or cell of its kind."""
    entry, site = changeable(request), site_of(request)
    try:
        step = _step_of(form)
    except InputError as error:
        return await _understood(request, entry, str(error), form)
    others = (one for one in entry.about.steps if not _takes_the_place_of(step, one))
    site.shelf.change(entry, steps=(*others, step), trouble=None)
    return RedirectResponse(f"/runs/{entry.id}", 303)


def _step_of(form: FormData) -> Step:
    """The answer that a form gives. Raises InputError where it is none."""
    given = {
        name.removeprefix(GIVEN): value
        for name, value in form.multi_items()
        if name.startswith(GIVEN) and isinstance(value, str) and value != BY_HEADER
    }
    if "column" in form:
        given = {text_of(form, "column", 1000): text_of(form, "is", 200)}
    step = Step(
        title=text_of(form, "title", 500),
        answer=text_of(form, "answer", 500) or _in_words(given),
        kind=text_of(form, "kind", 40),
        given=given,
        asked=text_of(form, "asked", 100),
    )
    if not given:
        raise InputError("Nothing was chosen. Choose an answer.")
    all_answers(FileMapping(), [(step.kind, step.given)])  # type: ignore[list-item]
    return step


def _takes_the_place_of(step: Step, earlier: Step) -> bool:
    """Whether a question was answered once more, as in another window, and nothing of before stays."""
    same = (step.kind, step.title, step.asked) == (earlier.kind, earlier.title, earlier.asked)
    return same and earlier.given.keys() <= step.given.keys()


def _in_words(given: Mapping[str, str]) -> str:
    told = [f"{name}: {value or 'not used'}" for name, value in given.items() if name != "whose"]
    return few(told, 6, "; ")


def _answer_shown(step: Step, names: Mapping[str, str]) -> str:
    if step.answer != _in_words(step.given):
        return step.answer
    return _in_words({name: names.get(value, value) for name, value in step.given.items()})


async def _undo(request: Request, form: FormData) -> Response:
    entry, mark = changeable(request), text_of(form, "step", 100)
    kept = [one for one in entry.about.steps if one.mark != mark]
    site_of(request).shelf.change(entry, steps=tuple(kept), trouble=None)
    return RedirectResponse(f"/runs/{entry.id}", 303)


async def _without_mapping(request: Request, _form: FormData) -> Response:
    """The files without the mapping that came with them."""
    entry = changeable(request)
    site_of(request).shelf.change(entry, mapping=None, layout="", trouble=None)
    return RedirectResponse(f"/runs/{entry.id}", 303)


async def _settings(request: Request, form: FormData) -> Response:
    entry = changeable(request)
    try:
        settings = _settings_of(request, form, entry)
    except InputError as error:
        return await _understood(request, entry, str(error), form)
    site_of(request).shelf.change(entry, **settings, trouble=None)
    return RedirectResponse(f"/runs/{entry.id}", 303)


def _settings_of(request: Request, form: FormData, entry: Entry) -> dict[str, object]:
    return {
        "day": day_of(form, "day", entry.about.day),
        "pack": pack_of(form, site_of(request).shelf),
        "group_by": text_of(form, "group_by", 200) or None,
        "guideline": text_of(form, "guideline", 200),
    }


async def _start(request: Request, form: FormData) -> Response:
    """Make the run, with no answer that the page did not show; a second click shows it."""
    entry, site = entry_of(request), site_of(request)
    try:
        settings = _settings_of(request, form, entry) if "day" in form else {}
    except InputError as error:
        return await _understood(request, changeable(request), str(error), form)
    wanted = entry.about.model_copy(update=settings)
    shown = text_of(form, "seen", 100) in ("", entry.about.answered)
    if not (shown and wanted == entry.about and (entry.done or entry.id in site.jobs)):
        entry = changeable(request)
        if not shown:
            changed = (
                "The answers were changed meanwhile, perhaps in another window. Look at them as they are now."
            )
            return await _understood(request, entry, changed, form)
        site.start(site.shelf.change(entry, **settings, trouble=None))
    return RedirectResponse(f"/runs/{entry.id}", 303)


def _progress_page(request: Request, entry: Entry) -> Response:
    job = site_of(request).jobs[entry.id]
    context = {
        "entry": entry,
        "stages": _stages(entry),
        "begun": list(job.stages),
        "waiting": job.worker is None,
    }
    return page(request, "progress.html", context)


def _stages(entry: Entry) -> list[str]:
    left_out = () if entry.about.group_by else ("writing the groups' workbooks",)
    return [stage for stage in STAGES if stage not in left_out]


async def _progress(request: Request) -> Response:
    entry = entry_of(request)
    job = site_of(request).jobs.get(entry.id)
    stages = _stages(entry)
    begun = [] if job is None else [stages.index(stage) for stage in job.stages if stage in stages]
    return JSONResponse({"running": job is not None, "begun": begun})


async def _cancel(request: Request, _form: FormData) -> Response:
    entry = entry_of(request)
    job = site_of(request).jobs.get(entry.id)
    if job is not None:
        job.cancel()
        if job.task is not None:
            await job.task
    return RedirectResponse(f"/runs/{entry.id}", 303)


async def _mapping(request: Request) -> Response:
    entry = entry_of(request)
    given = read_mapping(entry.mapping) if entry.mapping else FileMapping()
    answered = all_answers(FileMapping(), [(one.kind, one.given) for one in entry.about.steps])  # type: ignore[misc]
    return download(answers_text(merged(given, answered)).encode(), "mapping.yaml")


async def _copy(request: Request, _form: FormData) -> Response:
    """The same files and answers once more, to be read or judged in another way."""
    entry, shelf = entry_of(request), site_of(request).shelf
    with shelf.receiving() as folder:
        shutil.copytree(entry.folder / "files", folder / "files", dirs_exist_ok=True)
        copied = shelf.keep(folder, entry.about.model_copy(update={"created": now(), "trouble": None}))
    return RedirectResponse(f"/runs/{copied.id}", 303)


async def _discard(request: Request, form: FormData) -> Response:
    """An upload without a run; whoever asked for that has not thought of decisions."""
    changeable(request)
    return await _delete(request, form)


async def _delete(request: Request, form: FormData) -> Response:
    """An upload with its run, if there is one, and every decision."""
    await _cancel(request, form)
    entry, site = entry_of(request), site_of(request)
    site.sessions.pop(entry.id, None)
    site.shelf.delete(entry)
    return RedirectResponse("/", 303)


ROUTES = [
    Route("/runs/{id}", _entry),
    Route("/runs/{id}/progress", _progress),
    Route("/runs/{id}/mapping.yaml", _mapping),
    posted("/runs/{id}/answer", _answer),
    posted("/runs/{id}/undo", _undo),
    posted("/runs/{id}/without-mapping", _without_mapping),
    posted("/runs/{id}/settings", _settings),
    posted("/runs/{id}/start", _start),
    posted("/runs/{id}/cancel", _cancel),
    posted("/runs/{id}/copy", _copy),
    posted("/runs/{id}/discard", _discard),
    posted("/runs/{id}/delete", _delete),
]
