"""The session in the browser, for one facilitator: one person at a time, each decision in the log at once."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from typing import Any
from urllib.parse import quote, unquote

from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from engine.session import Decision, Entry, LogLine, decisions_in, is_own_decision, session_terms
from inputs import InputError
from readiness.web.shelf import Entry as Kept
from readiness.web.shelf import now
from readiness.web.sites import Session, day_of, page, posted, run_of, sent_in, site_of, text_of
from reports.calibration import (
    UNASKED,
    MeanwhileError,
    Seat,
    agree_to_rest,
    decide,
    minutes,
    progress_of,
    rest_of,
    said_of_rest,
    take_back,
    take_back_rest,
    versions_in,
)
from reports.run import read_log
from rules import BANDS

DECIDER = "decided_by"
"""The cookie with which a browser begins its next form: of two that are open, each may be somebody else's."""
Change = Callable[[], tuple[LogLine, ...]]
"""Something that is written down; returns the log with it."""
MOST_FOUND = 50
"""Rows that are listed where a search means several."""
MOST_LISTED = 2_000
"""People whom the search offers while somebody types; it finds all others too."""


async def _open(request: Request) -> Response:
    """The first of the agenda who is undecided."""
    entry = run_of(request)
    session = await site_of(request).session(entry)
    if not session.sitting.seats:
        raise HTTPException(404, "Nobody in this run has a recommendation, so there is nothing to decide.")
    made = decisions_in(await _log(entry))
    first = next((one for one in session.sitting.seats if one.key not in made), session.sitting.seats[0])
    return RedirectResponse(f"/runs/{entry.id}/session/{first.number}", 303)


async def _log(entry: Kept) -> tuple[LogLine, ...]:
    try:
        return await asyncio.to_thread(read_log, entry.run)
    except InputError as error:
        raise HTTPException(409, str(error)) from error


async def _seat(request: Request) -> Response:
    entry = run_of(request)
    session = await site_of(request).session(entry)
    return await _seat_page(request, entry, session, _chosen(request, session))


def _chosen(request: Request, session: Session) -> Seat:
    number, seats = int(request.path_params["number"]), session.sitting.seats
    if not 1 <= number <= len(seats):
        raise HTTPException(
            404, f"Nobody has this number. Numbers go from 1 to {len(seats)}." if seats else "Nobody to show."
        )
    return seats[number - 1]


async def _seat_page(
    request: Request,
    entry: Kept,
    session: Session,
    seat: Seat,
    problem: str | None = None,
    sent: FormData | None = None,
) -> Response:
    """One person. `problem` is what keeps the form that was `sent` from being written."""
    log, details = await _log(entry), await site_of(request).quick.ask("details", entry.run, seat.number)
    whole, each = minutes(session.sitting)
    made = decisions_in(log)
    decision = made.get(seat.key)
    by = unquote(request.cookies.get(DECIDER, ""))
    context: dict[str, Any] = {
        "entry": entry,
        "sitting": session.sitting,
        "seat": seat,
        "details": details,
        "version": versions_in(log).get(seat.key, 0),
        "decision": decision,
        "also": [
            (one, made[one.key].decision if one.key in made else "")
            for one in session.sitting.seats
            if one.person == seat.person and one.key != seat.key
        ],
        "given": _given(None if _takes_back(sent) else sent, decision, by, site_of(request).today()),
        "taking_back": _taking_back(sent, by),
        "progress": progress_of(session.sitting, log),
        "reasons": session_terms().reasons,
        "means": session_terms().decisions,
        "by": by,
        "today": site_of(request).today().isoformat(),
        "minutes": each,
        "whole": whole,
        "people": _people(session, log),
        "problem": problem,
        "made": _last(session, log),
    }
    return page(request, "session.html", context, 422 if problem else 200)


def _given(sent: FormData | None, decision: Decision | None, by: str, today: date) -> dict[str, str]:
    """What stands in the form: what was sent and not taken, or what is decided; `by`, who changes that, is
    whoever decided last in this browser, and changes it today."""
    names = ("decision", "reason_code", "reason", "follow_up", "decided_by", "decided_on")
    if sent is not None:
        return {name: sent_in(sent, name, "") for name in names}
    if decision is None:
        return dict.fromkeys(names, "")
    begun = _begun(decision, by, today)
    return {name: str(getattr(begun, name) or "") for name in names}


def _takes_back(sent: FormData | None) -> bool:
    """Whether a form is one that takes something back."""
    return sent is not None and "why" in sent


def _taking_back(sent: FormData | None, by: str) -> dict[str, object]:
    """What stands in the form that takes something back, and whether it was sent and refused."""
    own = sent if _takes_back(sent) else None
    return {"again": own is not None, "why": sent_in(own, "why", ""), "by": sent_in(own, "decided_by", by)}


def _begun(decision: Decision, by: str, today: date) -> Entry:
    """What the form of a decision says before anybody touches it."""
    return replace(decision.entry, decided_by=by or None, decided_on=today)


def _people(session: Session, log: tuple[LogLine, ...]) -> list[dict[str, object]]:
    made, labels = decisions_in(log), session.sitting.bands
    return [
        {
            "number": one.number,
            "name": one.name,
            "promotion": one.promotion,
            "decided": labels[made[one.key].decision] if one.key in made else "",
        }
        for one in session.sitting.seats[:MOST_LISTED]
    ]


def _last(session: Session, log: tuple[LogLine, ...]) -> str:
    """What the log says last, in words."""
    if not log:
        return ""
    line = log[-1]
    names = {one.key: one.name for one in session.sitting.seats}
    name = names.get(line.decision.key, line.decision.employee_id)
    if isinstance(line.decision, Decision):
        of_self = ", decided by the person it is about" * is_own_decision(line.decision.decided_by, name)
        return f"{name}: {session.sitting.bands[line.decision.decision]}{of_self}"
    return f"{name}: taken back"


async def _decide(request: Request, form: FormData) -> Response:
    entry, site = run_of(request), site_of(request)
    session = await site.session(entry)
    seat, today = _chosen(request, session), site.today()

    def change() -> tuple[LogLine, ...]:
        given = _entry_in(form, today)
        known = decisions_in(read_log(entry.run)).get(seat.key)
        if known and given == _begun(known, unquote(request.cookies.get(DECIDER, "")), today):
            given = known.entry  # nobody touched the form: it keeps who decided it, and when
        return decide(entry.run, seat, given, _version(form), session.sitting.day, today, now())

    following = min(seat.number + 1, len(session.sitting.seats))
    answer = await _written(request, form, entry, session, seat, change, following)
    _remember(answer, entry, sent_in(form, "decided_by", ""))
    return answer


def _entry_in(form: FormData, today: date) -> Entry:
    """The decision that a form holds. Raises InputError where a field cannot be read."""
    chosen = text_of(form, "decision", 40)
    return Entry(
        decision=chosen if chosen in BANDS else None,
        reason_code=text_of(form, "reason_code", 100) or None,
        reason=text_of(form, "reason").replace("\r\n", "\n") or None,
        decided_by=text_of(form, "decided_by", 200) or None,
        decided_on=day_of(form, "decided_on", today),
        follow_up=text_of(form, "follow_up") or None,
    )


def _remember(answer: Response, entry: Kept, by: str) -> None:
    here = f"/runs/{entry.id}/session"
    answer.set_cookie(DECIDER, quote(by), httponly=True, samesite="strict", path=here)


async def _withdraw(request: Request, form: FormData) -> Response:
    entry = run_of(request)
    session = await site_of(request).session(entry)
    seat = _chosen(request, session)

    def change() -> tuple[LogLine, ...]:
        reason = text_of(form, "why") or "Taken back in the session"
        return take_back(entry.run, seat, reason, text_of(form, "decided_by", 200), _version(form), now())

    return await _written(request, form, entry, session, seat, change, seat.number)


async def _written(
    request: Request, form: FormData, entry: Kept, session: Session, seat: Seat, change: Change, then: int
) -> Response:
    """The answer once something is in the log; it is said only then. `then` is who is shown next."""
    scripted = text_of(form, "scripted") == "yes"
    try:
        async with session.turn:
            log = await asyncio.to_thread(change)
    except (InputError, OSError) as error:
        problem = _on_disk(error) if isinstance(error, OSError) else str(error)
        if scripted:
            meanwhile = isinstance(error, MeanwhileError)
            return JSONResponse({"problem": problem, "meanwhile": meanwhile}, 409 if meanwhile else 422)
        return await _seat_page(request, entry, session, seat, problem, form)
    if scripted:
        return JSONResponse(_state(session, seat, log))
    return RedirectResponse(f"/runs/{entry.id}/session/{then}", 303)


def _on_disk(error: OSError) -> str:
    return (
        f"The disk could not be written to ({error.strerror or 'it does not say why'}). Load this page again "
        "to see what has been decided, before you decide again."
    )


def _state(session: Session, seat: Seat, log: tuple[LogLine, ...]) -> dict[str, object]:
    made = decisions_in(log)
    undecided = [one.number for one in session.sitting.seats if one.key not in made]
    following = (number for number in undecided if number > seat.number)
    # Behind the last one come those that were passed over.
    return {
        "version": versions_in(log).get(seat.key, 0),
        "next": next(following, undecided[0] if undecided else None),
    }


def _version(form: FormData) -> int:
    text = sent_in(form, "version", "")[:20]
    return int(text) if text.isdecimal() else 0


async def _find(request: Request, form: FormData) -> Response:
    """Whoever a number, an id, a name or a part of one means; where that is several, they are listed. Names
    stay out of addresses."""
    entry = run_of(request)
    seats = (await site_of(request).session(entry)).sitting.seats
    wanted = text_of(form, "q", 300)
    found = _meant(seats, wanted)
    if not found:
        context = {"entry": entry, "wanted": wanted, "numbers": len(seats)}
        return page(request, "nobody.html", context, 404)
    if len(found) > 1:
        rows = ".".join(str(one.number) for one in found[:MOST_FOUND])
        return RedirectResponse(f"/runs/{entry.id}/session/found?rows={rows}&of={len(found)}", 303)
    return RedirectResponse(f"/runs/{entry.id}/session/{found[0].number}", 303)


async def _several(request: Request) -> Response:
    """The rows that a search means, to choose from; going back to this page asks nothing anew."""
    entry, asked = run_of(request), request.query_params
    seats = (await site_of(request).session(entry)).sitting.seats
    numbers = {int(one) for one in asked.get("rows", "").split(".")[:MOST_FOUND] if one.isdecimal()}
    found = [one for one in seats if one.number in numbers]
    of = asked.get("of", "")
    context = {"entry": entry, "found": found, "of": int(of[:9]) if of.isdecimal() else len(found)}
    return page(request, "found.html", context)


async def _undecided(request: Request) -> Response:
    """Everybody who is undecided, in the order of the agenda."""
    entry = run_of(request)
    sitting, made = (await site_of(request).session(entry)).sitting, decisions_in(await _log(entry))
    found = [one for one in sitting.seats if one.key not in made]
    context = {
        "entry": entry,
        "found": found[:MOST_LISTED],
        "undecided": len(found),
        "of": len(sitting.seats),
        "bands": sitting.bands,
    }
    return page(request, "undecided.html", context)


def _meant(seats: Sequence[Seat], wanted: str) -> list[Seat]:
    """What the list offers means one row; else a number, an id or a whole name goes before parts of them."""
    text = " ".join(wanted.split()).casefold()
    if not text:
        return []
    offered = [one for one in seats if text == f"{one.number} {one.name}, {one.promotion}".casefold()]
    whole = [one for one in seats if text in (str(one.number), one.key[0].casefold(), one.name.casefold())]
    return offered or whole or [one for one in seats if text in f"{one.name} {one.key[0]}".casefold()]


async def _rest(request: Request) -> Response:
    """Who is undecided, to agree to all of it at once or to parts of it."""
    return await _rest_page(request)


async def _rest_page(request: Request, problem: str | None = None, sent: FormData | None = None) -> Response:
    """`problem` is what keeps the form that was `sent` from being written."""
    entry = run_of(request)
    sitting, log = (await site_of(request).session(entry)).sitting, await _log(entry)
    agreed = None if _takes_back(sent) else sent
    by = unquote(request.cookies.get(DECIDER, ""))
    context = {
        "entry": entry,
        "rest": rest_of(sitting, log),
        "said": said_of_rest(log),
        "version": len(log),
        "bands": sitting.bands,
        "ticked": UNASKED if agreed is None else agreed.getlist("groups"),
        "reason": session_terms().rest,
        "most": MOST_LISTED,
        "by": sent_in(agreed, "decided_by", by),
        "on": sent_in(agreed, "decided_on", site_of(request).today().isoformat()),
        "taking_back": _taking_back(sent, by),
        "problem": problem,
    }
    return page(request, "rest.html", context, 422 if problem else 200)


async def _agree(request: Request, form: FormData) -> Response:
    site, entry = site_of(request), run_of(request)
    sitting, today = (await site.session(entry)).sitting, site.today()

    def change() -> tuple[LogLine, ...]:
        groups = {one for one in form.getlist("groups") if isinstance(one, str)}
        by, on = text_of(form, "decided_by", 200), day_of(form, "decided_on", today)
        return agree_to_rest(entry.run, sitting, groups, by, on, _version(form), today, now())

    answer = await _said(request, form, change)
    _remember(answer, entry, sent_in(form, "decided_by", ""))
    return answer


async def _take_back_rest(request: Request, form: FormData) -> Response:
    entry = run_of(request)

    def change() -> tuple[LogLine, ...]:
        by, why = text_of(form, "decided_by", 200), text_of(form, "why")
        return take_back_rest(entry.run, why, by, _version(form), now())

    return await _said(request, form, change)


async def _said(request: Request, form: FormData, change: Change) -> Response:
    entry = run_of(request)
    try:
        async with (await site_of(request).session(entry)).turn:
            await asyncio.to_thread(change)
    except (InputError, OSError) as error:
        return await _rest_page(request, _on_disk(error) if isinstance(error, OSError) else str(error), form)
    return RedirectResponse(f"/runs/{entry.id}/session/rest", 303)


async def _workbook(request: Request) -> Response:
    """The workbook with every decision so far."""
    entry, site = run_of(request), site_of(request)
    await site.settle(entry)
    final = (entry.run / "calibration-final.xlsx").is_file()
    name = "calibration-final.xlsx" if final else "calibration.xlsx"
    return RedirectResponse(f"/runs/{entry.id}/files/{name}", 303)


ROUTES = [
    Route("/runs/{id}/session", _open),
    posted("/runs/{id}/session/find", _find),
    Route("/runs/{id}/session/found", _several),
    Route("/runs/{id}/session/undecided", _undecided),
    Route("/runs/{id}/session/rest", _rest),
    posted("/runs/{id}/session/rest", _agree),
    posted("/runs/{id}/session/rest/withdraw", _take_back_rest),
    Route("/runs/{id}/session/workbook.xlsx", _workbook),
    Route("/runs/{id}/session/{number:int}", _seat),
    posted("/runs/{id}/session/{number:int}/decide", _decide),
    posted("/runs/{id}/session/{number:int}/withdraw", _withdraw),
]
