"""The gate before the lab's server: who may come in, what may be asked for, and what each answer says of itself.

It stands before everything else: strangers, other sites' pages, places that are not ours and messages that no page
sends are turned away here, each with a sentence, before anything acts on them.
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

from watersellers.experiments.errors import BadInput, shown
from watersellers.viz.live.address import read
from watersellers.viz.live.asked import in_a_line
from watersellers.viz.live.doors import DOORS, Doors
from watersellers.viz.live.messages import HEARD_BY, NAME, message
from watersellers.viz.theme import DARK, FONT, LIGHT
from watersellers.viz.words import LANGUAGES

HERE = "127.0.0.1"
COOKIE = "watersellers"
HEADERS = (  # of every answer: no other site frames a page, and none learns its address, in which a token may stand
    ("x-frame-options", "DENY"),
    ("content-security-policy", "frame-ancestors 'none'"),
    ("x-content-type-options", "nosniff"),
    ("referrer-policy", "no-referrer"),
)
FULL = "/full"  # where a page waits for a seat
AGAIN = 10  # seconds until it looks again
KERNEL = re.compile(rf"/jupyter/api/kernels/{NAME.pattern}")
CHANNELS = re.compile(rf"/jupyter/api/kernels/({NAME.pattern})/channels")
CLOSE = re.compile(rf"/_solara/api/close/({NAME.pattern})")
CARRIED = "/_solara/cdn/"
PLACES = ("/static/", "/jupyter/nbextensions/", CARRIED, "/readyz")
PLAIN = re.compile(r"[ -~]*")  # characters of an address, the others written with %
LINES = 50  # that a connection may open within itself
REASON = 120  # bytes of a sentence with which a connection is closed
LOOK = 0.5  # seconds between two looks whether a page that has no seat yet has waited long enough

type Scope = dict[str, Any]


@dataclass(frozen=True)
class Door:
    """Who may come in: from these hosts, and with this token where there is one."""

    port: int
    token: str = ""
    hosts: tuple[str, ...] = ()

    def allows_host(self, host: str) -> bool:
        """Whether a request was sent to a name that is ours; another one is a trick with names."""
        name = host.rpartition(":")[0] if host.rpartition(":")[2].isdigit() else host
        return name in {HERE, "localhost", *self.hosts}

    def allows_origin(self, origin: str, host: str) -> bool:
        """Whether a page that asks is one that we served."""
        return not origin or origin.partition("://")[2] == host

    def knows(self, given: str) -> bool:
        """Whether a token is the one that was handed out."""
        return not self.token or hmac.compare_digest(given.encode(), self.token.encode())


@dataclass(frozen=True)
class House:
    """What stands behind the gate: seats, the files that carry a page, and how what carries one is let go of."""

    doors: Doors = DOORS
    files: Collection[str] = ()
    known: Callable[[str, str], bool] = field(default=lambda kernel, page: False)
    close: Callable[[str], None] = field(default=lambda kernel: None)


def guarded(app: Any, door: Door, house: House) -> Any:
    """Stand before an app: turn away who may not come in, and strange addresses, each with a sentence."""

    async def inside(scope: Scope, receive: Any, send: Any) -> None:
        if scope["type"] not in ("http", "websocket"):
            return await app(scope, receive, send)
        refused = _stranger(scope, door) or _nowhere(scope, house)
        if scope["type"] == "websocket":
            return await _connection(app, scope, receive, send, refused, house)
        if refused:
            return await _answer(send, *refused)
        if scope["path"] == FULL:
            return await _full(scope, send, house.doors)
        if door.token and _query(scope).get("token"):
            send = _with_cookie(send, door.token)
        return await app(scope, receive, send)

    return inside


def _stranger(scope: Scope, door: Door) -> tuple[int, str] | None:
    """Say with which status and words somebody is turned away, None for who may come in."""
    headers = {key.decode("latin-1").lower(): value.decode("latin-1") for key, value in scope["headers"]}
    host = headers.get("host", "")
    if not door.allows_host(host):
        return 403, f"This lab answers at its own address only, and not at {host[:80]!r}."
    if not door.allows_origin(headers.get("origin", ""), host):
        return 403, "This lab answers its own pages only."
    given = _query(scope).get("token") or _cookies(headers.get("cookie", "")).get(COOKIE, "")
    if not door.knows(given):
        return 403, "This lab is shared with those who have its whole address. Ask for it, token and all."
    return None


def _nowhere(scope: Scope, house: House) -> tuple[int, str] | None:
    """Say with which status and words a place is answered that is none of ours, None for one that is."""
    path, query = scope["path"], scope.get("query_string", b"").decode("latin-1")
    if not PLAIN.fullmatch(query) or "\0" in path:
        return 400, "This address holds what no address may: letters beyond ASCII are written with %."
    if scope["type"] == "websocket":
        ours = all((CHANNELS.fullmatch(path), NAME.fullmatch(_query(scope).get("session_id", ""))))
    elif closing := CLOSE.fullmatch(path):
        ours = house.known(closing[1], _query(scope).get("session_id", ""))
    elif path.startswith(CARRIED):
        ours = path.removeprefix(CARRIED) in house.files
    else:
        ours = path in ("/", FULL) or path.startswith(PLACES) or KERNEL.fullmatch(path) is not None
    if ours:
        return None
    return 404, f"There is no page at {path[:80]!r}. The lab is at / and its pages are reached from there."


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
    """Hand out the token as a cookie, so that the page's own requests carry it."""

    async def sending(message: dict[str, Any]) -> None:
        if message["type"] == "http.response.start":
            cookie = f"{COOKIE}={token}; Path=/; HttpOnly; SameSite=Strict".encode()
            message = {**message, "headers": [*message["headers"], (b"set-cookie", cookie)]}
        await send(message)

    return sending


async def _full(scope: Scope, send: Any, doors: Doors) -> None:
    """Say that all seats are taken, and look again by itself; once one is free, open the page."""
    query = scope.get("query_string", b"").decode("latin-1")
    if not doors.full():
        return await _answer(send, 303, "", b"text/plain", (b"location", f"/?{query}".encode()))
    say = LANGUAGES[read(query, tuple(LANGUAGES))[0].language]
    sentence = escape(say("lab.full", most=doors.most))
    style = (
        f"body {{ font: 20px/1.5 {FONT}; color: {LIGHT['ink']}; background: {LIGHT['paper']}; margin: 15vh auto;"
        f" max-width: 34em; padding: 0 16px }} @media (prefers-color-scheme: dark)"
        f" {{ body {{ color: {DARK['ink']}; background: {DARK['paper']} }} }}"
    )
    head = f'<meta charset="utf-8"><meta name="viewport" content="width=device-width"><style>{style}</style>'
    text = (
        f'<!doctype html><html lang="{say.language}">{head}<title>Water Sellers</title><p role="status">{sentence}</p>'
    )
    refresh = (b"refresh", str(AGAIN).encode())
    await _answer(send, 503, text, b"text/html", (b"retry-after", str(AGAIN).encode()), refresh)


async def _connection(
    app: Any, scope: Scope, receive: Any, send: Any, refused: tuple[int, str] | None, house: House
) -> None:
    """Let a page's connection in, unless it may not or too many wait already, and look after what it leaves."""
    name = "" if refused else CHANNELS.fullmatch(scope["path"])[1]  # type: ignore[index]
    if refused or not house.doors.come(name):
        await receive()
        reason = refused[1] if refused else "All pages of this lab are taken, and many wait."
        return await send({"type": "websocket.close", "code": 4403, "reason": _short(reason)})
    line = _Line(name, receive, send, house.doors)
    try:
        await app(scope, line.receive, line.send)
    finally:
        if house.doors.go(name):
            await asyncio.to_thread(house.close, name)


class _Line:
    """A connection of a page, on which only what a page sends is heard."""

    def __init__(self, name: str, receive: Any, send: Any, doors: Doors):
        self._name, self._receive, self._send, self._doors = name, receive, send, doors
        self._ended, self._ran = False, False
        self._opened: dict[str, str] = {}  # lines within this one, and what each is for

    async def receive(self) -> dict[str, Any]:
        """Give the next message that a page of ours would send; hang up on who sends another one."""
        while not self._ended:
            try:
                heard = await self._hear()
                if heard["type"] != "websocket.receive" or self._wanted(heard):
                    return heard
            except TimeoutError:
                await self._end("This page asked for no seat in time, or found none.")
            except BadInput as error:
                await self._end(in_a_line(error))
        return {"type": "websocket.disconnect", "code": 1008}

    async def send(self, message: dict[str, Any]) -> None:
        """Send, unless this end hung up."""
        if not self._ended:
            await self._send(message)

    async def _hear(self) -> dict[str, Any]:
        """Wait for a message, not for ever where no seat was asked for."""
        if self._doors.seat(self._name) is not None:
            heard: dict[str, Any] = await self._receive()
            return heard
        waiting = asyncio.ensure_future(self._receive())
        try:
            while not (await asyncio.wait([waiting], timeout=LOOK))[0]:
                if self._doors.overdue(self._name):
                    raise TimeoutError
            return waiting.result()
        finally:
            waiting.cancel()

    def _wanted(self, heard: dict[str, Any]) -> bool:
        """Whether a message is for what is there: a page begins once, and is pressed on its own sheet.

        Raises
        ------
        BadInput
            If it is none that a page sends.
        """
        if heard.get("text") is None:
            raise BadInput(f"message: found {shown(heard.get('bytes', b'')[:20])}, expected text")
        said = message(heard["text"])
        content, kind = said["content"], said["header"]["msg_type"]
        if kind == "comm_open":
            if len(self._opened) >= LINES:
                raise BadInput(f"message: found more than {LINES} lines within one, expected fewer")
            self._opened[content["comm_id"]] = content["target_name"]
        elif kind == "comm_close":
            return self._opened.pop(content["comm_id"], None) is not None
        return kind != "comm_msg" or self._heard(content["comm_id"], content["data"]["method"])

    def _heard(self, line: str, method: str) -> bool:
        """Whether a message within a line is for what is at its other end."""
        seat = self._doors.seat(self._name)
        if method == "custom":
            return seat is not None and line == seat.sheet
        if self._opened.get(line, "") != HEARD_BY[method]:
            return False
        if method == "run":
            again, self._ran = self._ran or seat is not None, True
            return not again
        return True

    async def _end(self, reason: str) -> None:
        """Hang up."""
        self._ended = True
        with suppress(RuntimeError, OSError):  # the other end was quicker
            await self._send({"type": "websocket.close", "code": 1008, "reason": _short(reason)})


def _short(reason: str) -> str:
    return reason.encode()[:REASON].decode(errors="ignore")
