"""The application: every route, what goes wrong in words, and the guard around all of it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from starlette.applications import Starlette
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from inputs import InputError
from readiness.web import drafts, results, rule_making, sessions, trying, uploading
from readiness.web.gate import Guard
from readiness.web.sites import Site, page, site_of, text_of
from readiness.web.workers import WorkError
from reports.pages import served_asset

ASSETS = {
    "style.css": "text/css",
    "served.js": "text/javascript",
    "session.js": "text/javascript",
    "what-if.js": "text/javascript",
    "icon.svg": "image/svg+xml",
}


def application(site: Site) -> ASGIApp:
    """The whole of it, guarded."""

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        yield
        await site.close()

    app = Starlette(
        routes=[
            *uploading.ROUTES,
            *drafts.ROUTES,
            *results.ROUTES,
            *rule_making.ROUTES,
            *sessions.ROUTES,
            *trying.ROUTES,
            Route("/static/{name}", _static),
            Route("/enter", _enter_page),
            posted_without_token("/enter"),
        ],
        exception_handlers={
            HTTPException: _refused,
            WorkError: _failed,
            InputError: _failed,
            OSError: _no_disk,
            500: _unforeseen,
        },
        lifespan=lifespan,
    )
    app.state.site = site
    return Guard(app, site.gate)


async def _static(request: Request) -> Response:
    name = request.path_params["name"]
    if name not in ASSETS:
        raise HTTPException(404, "There is no such file.")
    return Response(served_asset(name), media_type=ASSETS[name])


async def _enter_page(request: Request) -> Response:
    if site_of(request).gate.password is None:
        raise HTTPException(404, "There is no such page.")
    return page(request, "enter.html", {"problem": None})


def posted_without_token(path: str) -> Route:
    """The only form that somebody can send who is not let in yet."""

    async def endpoint(request: Request) -> Response:
        gate = site_of(request).gate
        form: FormData = await request.form(max_files=0, max_fields=5)
        if gate.admits_password(text_of(form, "password", 1000)):
            return gate.let_in()
        return page(request, "enter.html", {"problem": "That is not the password."}, 401)

    return Route(path, endpoint, methods=["POST"])


async def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    known = {404: "There is no such page here.", 405: "That cannot be done here."}
    detail = error.detail if error.detail not in ("Not Found", "Method Not Allowed") else ""
    return _said(request, detail or known.get(error.status_code, str(error.detail)), error.status_code)


async def _failed(request: Request, error: Exception) -> Response:
    return _said(request, str(error), 422)


async def _no_disk(request: Request, error: Exception) -> Response:
    assert isinstance(error, OSError)
    why = error.strerror or "it does not say why"
    return _said(request, f"The disk could not be used ({why}). {_UNCHANGED}", 500)


async def _unforeseen(request: Request, _error: Exception) -> Response:
    return _said(request, f"The program failed unexpectedly. {_UNCHANGED}", 500)


_UNCHANGED = "Everything that was there before is unchanged."


def _said(request: Request, problem: str, status: int) -> Response:
    if "application/json" in request.headers.get("accept", ""):
        return JSONResponse({"problem": problem}, status)
    if not site_of(request).gate.knows(request):
        return Response(problem, status, media_type="text/plain")
    return page(request, "problem.html", {"problem": problem}, status)
