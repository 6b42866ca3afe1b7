"""The access check in front of the lab's server: it refuses strangers, foreign pages, unknown paths and odd messages.

Every refusal comes with a sentence, and before anything acts on the request.
"""

import asyncio
import hmac
import re
from collections.abc import Callable, Collection
from contextlib import suppress
from dataclasses import dataclass, field
from html import escape
from typing import Any
from urllib.parse import parse_qsl

from watersellers.experiments.input.errors import BadInput, shown
from watersellers.viz.drawing.theme import DARK, FONT, LIGHT
from watersellers.viz.lab.server.messages import IDENTIFIER, TARGET_OF, read_message
from watersellers.viz.lab.server.session_registry import REGISTRY, SessionRegistry
from watersellers.viz.lab.view.address import read
from watersellers.viz.lab.view.request_values import one_line
from watersellers.viz.words.catalogue import LANGUAGES

HERE = "127.0.0.1"
COOKIE = "watersellers"
HEADERS = (  # of every answer: no other site may frame a page or learn its address, which may contain a token
    ("x-frame-options", "DENY"),
    ("content-security-policy", "frame-ancestors 'none'"),
    ("x-content-type-options", "nosniff"),
    ("referrer-policy", "no-referrer"),
)
FULL = "/full"  # where a browser waits while all pages are taken
RETRY_SECONDS = 10  # between two attempts of a waiting browser
KERNEL = re.compile(rf"/jupyter/api/kernels/{IDENTIFIER.pattern}")
CHANNELS = re.compile(rf"/jupyter/api/kernels/({IDENTIFIER.pattern})/channels")
CLOSE = re.compile(rf"/_solara/api/close/({IDENTIFIER.pattern})")
ASSETS = "/_solara/cdn/"
PATHS = ("/static/", "/jupyter/nbextensions/", ASSETS, "/readyz")
PRINTABLE_ASCII = re.compile(r"[ -~]*")
MAX_COMMS = 50  # that a connection may open
MAX_REASON = 120  # bytes of the reason for which a connection is closed
POLL_SECONDS = 0.5  # between two checks whether a page has waited for a session too long

type Scope = dict[str, Any]


@dataclass(frozen=True)
class AccessRule:
    """Which requests are allowed: those to these hosts, with this token if there is one."""

    port: int
    token: str = ""
    hosts: tuple[str, ...] = ()

    def allows_host(self, host: str) -> bool:
        """Return whether a request names one of our hosts; any other name points to DNS rebinding."""
        name = host.rpartition(":")[0] if host.rpartition(":")[2].isdigit() else host
        return name in {HERE, "localhost", *self.hosts}

    def allows_origin(self, origin: str, host: str) -> bool:
        """Return whether the page that sends a request was served by this server."""
        return not origin or origin.partition("://")[2] == host

    def allows_token(self, token: str) -> bool:
        """Return whether a token is the right one."""
        return not self.token or hmac.compare_digest(token.encode(), self.token.encode())


@dataclass(frozen=True)
class ServedPages:
    """What the server offers: the registry of pages, the asset files, and how to find and close a page's kernel."""

    registry: SessionRegistry = REGISTRY
    files: Collection[str] = ()
    page_exists: Callable[[str, str], bool] = field(default=lambda kernel, page: False)
    close_kernel: Callable[[str], None] = field(default=lambda kernel: None)


def guard(app: Any, access: AccessRule, served: ServedPages) -> Any:
    """Wrap an ASGI app so that refused requests and unknown paths are answered with a sentence."""

    async def guarded(scope: Scope, receive: Any, send: Any) -> None:
        """Answer a request that is refused here, and hand any other on to the app."""
        if scope["type"] not in ("http", "websocket"):
            return await app(scope, receive, send)
        refused = _refuse_stranger(scope, access) or _refuse_path(scope, served)
        if scope["type"] == "websocket":
            return await _connect(app, scope, receive, send, refused, served)
        if refused:
            return await _answer(send, *refused)
        if scope["path"] == FULL:
            return await _answer_full(scope, send, served.registry)
        if access.token and _query(scope).get("token"):
            send = _with_cookie(send, access.token)
        return await app(scope, receive, send)

    return guarded


def _refuse_stranger(scope: Scope, access: AccessRule) -> tuple[int, str] | None:
    """Return the status and sentence with which a client is refused, or None if it is allowed."""
    headers = {key.decode("latin-1").lower(): value.decode("latin-1") for key, value in scope["headers"]}
    host = headers.get("host", "")
    if not access.allows_host(host):
        return 403, f"This lab answers at its own address only, and not at {host[:80]!r}."
    if not access.allows_origin(headers.get("origin", ""), host):
        return 403, "This lab answers its own pages only."
    given = _query(scope).get("token") or _cookies(headers.get("cookie", "")).get(COOKIE, "")
    if not access.allows_token(given):
        return 403, "This lab needs its complete address, with the token. Ask the person who started it."
    return None


def _refuse_path(scope: Scope, served: ServedPages) -> tuple[int, str] | None:
    """Return the status and sentence for a path that the lab does not have, or None if it has it."""
    path, query = scope["path"], scope.get("query_string", b"").decode("latin-1")
    if not PRINTABLE_ASCII.fullmatch(query) or "\0" in path:
        return 400, "This address contains characters that are not allowed; write those beyond ASCII with %."
    if scope["type"] == "websocket":
        known = all((CHANNELS.fullmatch(path), IDENTIFIER.fullmatch(_query(scope).get("session_id", ""))))
    elif closing := CLOSE.fullmatch(path):
        known = served.page_exists(closing[1], _query(scope).get("session_id", ""))
    elif path.startswith(ASSETS):
        known = path.removeprefix(ASSETS) in served.files
    else:
        known = path in ("/", FULL) or path.startswith(PATHS) or KERNEL.fullmatch(path) is not None
    if known:
        return None
    return 404, f"There is no page at {path[:80]!r}. The lab is at / and links to all its pages."


def _query(scope: Scope) -> dict[str, str]:
    return dict(parse_qsl(scope.get("query_string", b"").decode("latin-1")))


def _cookies(text: str) -> dict[str, str]:
    pairs = (part.strip().partition("=") for part in text.split(";"))
    return {key: value for key, _, value in pairs}


async def _answer(send: Any, status: int, text: str, kind: bytes = b"text/plain", *more: tuple[bytes, bytes]) -> None:
    head = [(b"content-type", kind + b"; charset=utf-8"), *more]
    await send({"type": "http.response.start", "status": status, "headers": head})
    await send({"type": "http.response.body", "body": text.encode()})


def _with_cookie(send: Any, token: str) -> Any:
    """Set the token as a cookie, so that the page's own requests carry it."""

    async def send_with_cookie(message: dict[str, Any]) -> None:
        """Send a message, the first one of an answer with the cookie among its headers."""
        if message["type"] == "http.response.start":
            cookie = f"{COOKIE}={token}; Path=/; HttpOnly; SameSite=Strict".encode()
            message = {**message, "headers": [*message["headers"], (b"set-cookie", cookie)]}
        await send(message)

    return send_with_cookie


async def _answer_full(scope: Scope, send: Any, registry: SessionRegistry) -> None:
    """Answer that all pages are taken and have the browser retry, or redirect to the page once one is free."""
    query = scope.get("query_string", b"").decode("latin-1")
    if not registry.is_full():
        return await _answer(send, 303, "", b"text/plain", (b"location", f"/?{query}".encode()))
    say = LANGUAGES[read(query, tuple(LANGUAGES))[0].language]
    sentence = escape(say("lab.full", most=registry.max_pages))
    style = (
        f"body {{ font: 20px/1.5 {FONT}; color: {LIGHT['ink']}; background: {LIGHT['paper']}; margin: 15vh auto;"
        f" max-width: 34em; padding: 0 16px }} @media (prefers-color-scheme: dark)"
        f" {{ body {{ color: {DARK['ink']}; background: {DARK['paper']} }} }}"
    )
    head = f'<meta charset="utf-8"><meta name="viewport" content="width=device-width"><style>{style}</style>'
    text = (
        f'<!doctype html><html lang="{say.language}">{head}<title>Water Sellers</title><p role="status">{sentence}</p>'
    )
    seconds = str(RETRY_SECONDS).encode()
    await _answer(send, 503, text, b"text/html", (b"retry-after", seconds), (b"refresh", seconds))


async def _connect(
    app: Any, scope: Scope, receive: Any, send: Any, refused: tuple[int, str] | None, served: ServedPages
) -> None:
    """Accept a page's connection unless it is refused or too many are pending, and clean up when it ends."""
    name = "" if refused else CHANNELS.fullmatch(scope["path"])[1]  # type: ignore[index]
    if refused or not served.registry.admit(name):
        await receive()
        reason = refused[1] if refused else "All pages of this lab are taken, and many wait."
        return await send({"type": "websocket.close", "code": 4403, "reason": _short(reason)})
    connection = _Connection(name, receive, send, served.registry)
    try:
        await app(scope, connection.receive, connection.send)
    finally:
        if served.registry.disconnect(name):
            await asyncio.to_thread(served.close_kernel, name)


class _Connection:
    """A page's connection, which passes on only messages that a page of the lab sends."""

    def __init__(self, name: str, receive: Any, send: Any, registry: SessionRegistry):
        self._name, self._receive, self._send, self._registry = name, receive, send, registry
        self._closed, self._started = False, False
        self._comms: dict[str, str] = {}  # the target of each open comm, a channel within this connection

    async def receive(self) -> dict[str, Any]:
        """Return the next message that a page of the lab would send; close the connection on any other."""
        while not self._closed:
            try:
                received = await self._next_message()
                if received["type"] != "websocket.receive" or self._is_wanted(received):
                    return received
            except TimeoutError:
                await self._close("This page did not ask for a session in time, or none was free.")
            except BadInput as error:
                await self._close(one_line(error))
        return {"type": "websocket.disconnect", "code": 1008}

    async def send(self, message: dict[str, Any]) -> None:
        """Send a message, unless this end has closed the connection."""
        if not self._closed:
            await self._send(message)

    async def _next_message(self) -> dict[str, Any]:
        """Wait for a message, for a limited time while the page has no session."""
        if self._registry.find(self._name) is not None:
            received: dict[str, Any] = await self._receive()
            return received
        waiting = asyncio.ensure_future(self._receive())
        try:
            while not (await asyncio.wait([waiting], timeout=POLL_SECONDS))[0]:
                if self._registry.is_overdue(self._name):
                    raise TimeoutError
            return waiting.result()
        finally:
            waiting.cancel()

    def _is_wanted(self, received: dict[str, Any]) -> bool:
        """Return whether a message has a valid addressee: a page starts once, and its own widget takes its events.

        Raises
        ------
        BadInput
            If no page of the lab sends such a message.
        """
        if received.get("text") is None:
            raise BadInput(f"message: found {shown(received.get('bytes', b'')[:20])}, expected text")
        message = read_message(received["text"])
        content, kind = message["content"], message["header"]["msg_type"]
        if kind == "comm_open":
            if len(self._comms) >= MAX_COMMS:
                raise BadInput(f"message: found more than {MAX_COMMS} open comms, expected fewer")
            self._comms[content["comm_id"]] = content["target_name"]
        elif kind == "comm_close":
            return self._comms.pop(content["comm_id"], None) is not None
        return kind != "comm_msg" or self._comm_takes(content["comm_id"], content["data"]["method"])

    def _comm_takes(self, comm: str, method: str) -> bool:
        """Return whether a comm's target handles a method."""
        page = self._registry.find(self._name)
        if method == "custom":
            return page is not None and comm == page.widget
        if self._comms.get(comm, "") != TARGET_OF[method]:
            return False
        if method == "run":
            again, self._started = self._started or page is not None, True
            return not again
        return True

    async def _close(self, reason: str) -> None:
        """Close the connection."""
        self._closed = True
        with suppress(RuntimeError, OSError):  # the other end has closed it already
            await self._send({"type": "websocket.close", "code": 1008, "reason": _short(reason)})


def _short(reason: str) -> str:
    return reason.encode()[:MAX_REASON].decode(errors="ignore")
