"""Who may come in, checked before anything else looks at a request."""

import asyncio
import hashlib
import hmac
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass, field

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from reports.pages import render_served

LARGEST_UPLOAD = 200 * 1024 * 1024
"""Bytes of one request that brings files."""
LARGEST_FORM = 2 * 1024 * 1024
"""Bytes of any other request."""
PATIENCE = 120.0
"""Seconds in which a request has to have arrived as a whole."""
UPLOADS = ("/files", "/workbooks")
"""How the paths end to which files are sent."""
OPEN = ("/static/",)
"""Paths that hold nothing of anybody."""
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS: Mapping[str, str] = {
    "content-security-policy": POLICY,
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=()",
}
WRONG_TRIES = 5
"""Wrong passwords, after which everybody has to wait."""
PAUSE = 30.0
"""For how many seconds."""


@dataclass
class Gate:
    """The secrets of one server, and what it answers to."""

    hosts: frozenset[str]
    """`127.0.0.1:8765` and what else may stand in the header Host."""
    password: str | None = None
    """Needed in place of the token where others can reach the server."""
    token: str = field(default_factory=lambda: secrets.token_urlsafe(32))
    """Stands in the address that is printed."""
    session: str = field(default_factory=lambda: secrets.token_urlsafe(32))
    """The value of the cookie."""
    _wrong: list[float] = field(default_factory=list)

    @property
    def cookie(self) -> str:
        """The cookie's name: browsers keep one jar for all ports of a host."""
        return f"readiness-{next(iter(sorted(self.hosts))).rpartition(':')[2]}"

    @property
    def form_token(self) -> str:
        """What every form of ours sends along, and no other page knows."""
        return hmac.new(self.session.encode(), b"form", hashlib.sha256).hexdigest()

    def knows(self, request: Request) -> bool:
        """Whether the request carries the cookie."""
        return _same(request.cookies.get(self.cookie, ""), self.session)

    def admits(self, token: str) -> bool:
        """Whether this is the token of the printed address; with a password it opens nothing."""
        return self.password is None and _same(token, self.token)

    def admits_password(self, password: str) -> bool:
        """Whether this is the password. Raises HTTPException after too many wrong ones."""
        now = time.monotonic()
        self._wrong = [tried for tried in self._wrong if now - tried < PAUSE]
        if len(self._wrong) >= WRONG_TRIES:
            raise HTTPException(429, "Too many wrong passwords. Wait half a minute, then try again.")
        right = self.password is not None and _same(password, self.password)
        if not right:
            self._wrong.append(now)
        return right

    def let_in(self) -> Response:
        """An answer that brings the cookie and leads on, to the first page, whose address has no token."""
        response = RedirectResponse("/", 303)
        response.set_cookie(self.cookie, self.session, httponly=True, samesite="strict", path="/")
        return response

    def require_form(self, token: object) -> None:
        """Raises HTTPException unless a form of ours was sent."""
        if not isinstance(token, str) or not _same(token, self.form_token):
            raise HTTPException(
                403,
                "The server was restarted after this page was opened. Go back, load it again and retry.",
            )


def _same(one: str, other: str) -> bool:
    return hmac.compare_digest(one.encode(), other.encode())


class Guard:
    """Around the whole application: hosts, origins, sizes and times of requests; headers of answers."""

    def __init__(self, app: ASGIApp, gate: Gate) -> None:
        self._app, self._gate = app, gate

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or refuse it."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        if scope["type"] != "http":
            return

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                given = {name.lower() for name, _ in message["headers"]}
                message["headers"] = [
                    *message["headers"],
                    *((k.encode(), v.encode()) for k, v in HEADERS.items() if k.encode() not in given),
                ]
            await send(message)

        headers = Headers(scope=scope)
        refusal = self._refusal(scope, headers)
        if refusal is not None:
            await refusal(scope, receive, sending)
            return
        largest = LARGEST_UPLOAD if scope["path"].endswith(UPLOADS) else LARGEST_FORM
        await self._app(scope, _limited(receive, largest), sending)

    def _refusal(self, scope: Scope, headers: Headers) -> Response | None:
        if headers.get("host", "").lower() not in self._gate.hosts:
            return PlainTextResponse("This name is not served here.", 421)
        if headers.get("content-encoding", "identity").lower() != "identity":
            return PlainTextResponse("Send files as they are, not compressed on the way.", 415)
        if scope["method"] not in ("GET", "HEAD", "POST"):
            return PlainTextResponse("Only GET, HEAD and POST are served here.", 405)
        if scope["method"] == "POST" and not self._from_here(headers):
            return PlainTextResponse("Another page sent this. Nothing was done.", 403)
        largest = LARGEST_UPLOAD if scope["path"].endswith(UPLOADS) else LARGEST_FORM
        length = headers.get("content-length", "0")
        if not length.isdecimal() or int(length) > largest:
            return PlainTextResponse(_too_large(largest), 413, {"connection": "close"})
        if not scope["path"].startswith((*OPEN, "/enter")) and not self._gate.knows(Request(scope)):
            return self._stranger(scope)
        return None

    def _from_here(self, headers: Headers) -> bool:
        """Whether a page of ours sent a form; a program that is no browser says neither."""
        origin, site = headers.get("origin"), headers.get("sec-fetch-site")
        here = {f"http://{host}" for host in self._gate.hosts}
        return (origin is None or origin in here) and site in (None, "same-origin")

    def _stranger(self, scope: Scope) -> Response:
        """The answer to somebody without the cookie."""
        if self._gate.password is not None:
            return RedirectResponse("/enter", 303)
        token = Request(scope).query_params.get("token", "")
        if scope["method"] == "GET" and scope["path"] == "/" and self._gate.admits(token):
            return self._gate.let_in()
        if "text/html" in Headers(scope=scope).get("accept", ""):
            return HTMLResponse(render_served("stranger.html", {"sent": scope["method"] == "POST"}), 401)
        return PlainTextResponse(_PRINTED, 401)


_PRINTED = "Open the address that `readiness serve` printed, with everything after the question mark."


def _too_large(largest: int) -> str:
    return f"That is more than {largest // 1024 // 1024} MB, which is the most that can be sent at once."


def _limited(receive: Receive, largest: int) -> Receive:
    """A request's body, as long as it is neither too large nor too slow."""
    seen, whole = 0, False
    end = time.monotonic() + PATIENCE

    async def limited() -> Message:
        nonlocal seen, whole
        if whole:
            return await receive()  # waits until the browser goes away
        try:
            message = await asyncio.wait_for(receive(), max(0.01, end - time.monotonic()))
        except TimeoutError as error:
            raise HTTPException(408, "That took too long to arrive. Try again.") from error
        seen += len(message.get("body", b""))
        whole = not message.get("more_body", False)
        if seen > largest:
            raise HTTPException(413, _too_large(largest))
        return message

    return limited
