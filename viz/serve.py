"""Starts the lab's server: on this machine alone, with no telemetry, and with doors that know who may come in."""

import hmac
import os
import secrets
import socket
import sys
import threading
import warnings
import webbrowser
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

from experiments.errors import BadInput
from experiments.result import Result
from experiments.sweeps.plan import STUDY
from experiments.sweeps.swept import Swept
from viz.charts.chart import Chart
from viz.live.assets import cache_folder, from_packages, missing, pinned, prepare
from viz.live.doors import DOORS
from viz.live.elsewhere import Elsewhere
from viz.live.lab import Lab
from viz.live.lives import Saved
from viz.pages.experiments import OPENED, OpenedSweep
from viz.sweep_report import sweep_charts
from viz.words import Words

HERE, EVERYWHERE = "127.0.0.1", "0.0.0.0"
COOKIE = "watersellers"
TOKEN_BYTES = 16
OPEN_AFTER = 1.5  # seconds from start to opening the browser

SETTINGS = {
    "SOLARA_APP": "viz.app",
    "SOLARA_MODE": "production",
    "SOLARA_TELEMETRY_MIXPANEL_ENABLE": "False",
    "SOLARA_ASSETS_FONTAWESOME_ENABLED": "False",
    "SOLARA_ASSETS_PROXY": "True",
    "SOLARA_THEME_SHOW_BANNER": "False",
    "SOLARA_THEME_LOADER": "plain",
    "SOLARA_THEME_VARIANT": "light",
    "SOLARA_THEME_TITLE": "Water Sellers",
    "SOLARA_KERNEL_CULL_TIMEOUT": "10m",
    "SOLARA_KERNEL_MAX_PER_SESSION": "100",
    "SOLARA_SESSION_HTTP_ONLY": "True",
}


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


def ready(folder: Path | None = None) -> Path:
    """Give the folder with all that the page is carried by, after fetching what is missing.

    Raises
    ------
    BadInput
        If something is missing and cannot be fetched.
    """
    folder = folder or cache_folder()
    if missing(folder, pinned()):
        prepare(folder, [from_packages, _from_network])
    return folder


def _from_network(package: str) -> Callable[[str], bytes]:
    """Fetch a file of a package from where Solara itself would take it."""
    import requests
    import solara.settings

    def fetch(path: str) -> bytes:
        answer = requests.get(f"{solara.settings.assets.cdn}{package}/{path}", timeout=60)
        if not answer.ok:
            raise OSError(f"{package}/{path}: the network answered {answer.status_code}")
        return answer.content

    return fetch


def set_up(folder: Path) -> None:
    """Tell Solara how to behave; it reads this once, when it is first loaded.

    Raises
    ------
    BadInput
        If it was loaded before, with other settings.
    """
    if "solara.server.settings" in sys.modules:
        raise BadInput("view: Solara was loaded before it was set up; start the lab in a process of its own")
    os.environ.update(SETTINGS | {"SOLARA_ASSETS_PROXY_CACHE_DIR": str(folder)})
    os.environ["SOLARA_SESSION_SECRET_KEY"] = secrets.token_urlsafe(32)


def free(port: int, host: str = HERE) -> bool:
    """Whether nobody listens at a port."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def guarded(app: Any, door: Door) -> Any:
    """Stand before an app: turn away who may not come in, and strange addresses, each with a sentence."""

    async def inside(scope: dict[str, Any], receive: Any, send: Any) -> None:
        if scope["type"] not in ("http", "websocket"):
            return await app(scope, receive, send)
        refused = _refused(scope, door)
        if refused and scope["type"] == "websocket":
            await receive()
            return await send({"type": "websocket.close", "code": 4403, "reason": refused[1]})
        if refused:
            return await _answer(send, *refused)
        if door.token and _query(scope).get("token"):
            send = _with_cookie(send, door.token)
        return await app(scope, receive, send)

    return inside


def _refused(scope: dict[str, Any], door: Door) -> tuple[int, str] | None:
    """Say with which status and words a request is turned away, None for one that may come in."""
    headers = {key.decode("latin-1").lower(): value.decode("latin-1") for key, value in scope["headers"]}
    host = headers.get("host", "")
    if not door.allows_host(host):
        return 403, f"This lab answers at its own address only, and not at {host[:80]!r}."
    if not door.allows_origin(headers.get("origin", ""), host):
        return 403, "This lab answers its own pages only."
    given = _query(scope).get("token") or _cookies(headers.get("cookie", "")).get(COOKIE, "")
    if not door.knows(given):
        return 403, "This lab is shared with those who have its whole address. Ask for it, token and all."
    path = scope["path"]
    if path != "/" and not path.startswith(("/static/", "/jupyter/", "/_solara/", "/readyz")):
        return 404, f"There is no page at {path[:80]!r}. The lab is at / and its pages are reached from there."
    return None


def _query(scope: dict[str, Any]) -> dict[str, str]:
    return dict(parse_qsl(scope.get("query_string", b"").decode("latin-1")))


def _cookies(text: str) -> dict[str, str]:
    pairs = (part.strip().partition("=") for part in text.split(";"))
    return {key: value for key, _, value in pairs}


async def _answer(send: Any, status: int, text: str) -> None:
    head = [(b"content-type", b"text/plain; charset=utf-8"), (b"x-content-type-options", b"nosniff")]
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


def addresses() -> list[str]:
    """List this machine's addresses in its local networks."""
    found = {info[4][0] for info in socket.getaddrinfo(socket.gethostname(), None, socket.AF_INET)}
    return sorted(str(each) for each in found if not str(each).startswith("127."))


def open_lab(run: Path | None, port: int, share: bool, say: Callable[[str], None], browse: bool = True) -> None:
    """Serve the lab, of a saved run or a sweep if one is given.

    Raises
    ------
    BadInput
        As ``serve``, and if the folder can't be read.
    """
    swept = run is not None and (run / STUDY).is_file()
    saved = Saved(Result.open(run)) if run and not swept else None
    if run and swept:
        OPENED.append(_opened(Swept.open(run)))
    worlds = Elsewhere()
    DOORS.make = lambda query: Lab(query or ("page=experiments" if swept else ""), saved, worlds)
    serve(port, share, say, browse)


def _opened(swept: Swept) -> OpenedSweep:
    """Let pages show a sweep, whose pictures are drawn once in each language."""
    drawn: dict[str, list[Chart]] = {}

    def pictures(say: Words) -> list[Chart]:
        if say.language not in drawn:
            drawn[say.language] = sweep_charts(swept, say)
        return drawn[say.language]

    return OpenedSweep(swept.folder.name, len(swept.plan), pictures)


def serve(port: int, share: bool, say: Callable[[str], None], browse: bool = True) -> None:
    """Serve the lab until it is stopped.

    Parameters
    ----------
    port : int
        Where.
    share : bool
        Whether others in the local network may come in, with a token.
    say : callable
        Takes what the user should read.
    browse : bool
        Whether to open a browser.

    Raises
    ------
    BadInput
        If the port is taken, or files of the page are missing and cannot be fetched.
    """
    host = EVERYWHERE if share else HERE
    if not free(port, host):
        raise BadInput(f"port: {port} is taken; name another one with --port")
    set_up(ready())
    hosts = tuple(addresses()) if share else ()
    door = Door(
        port, secrets.token_urlsafe(TOKEN_BYTES) if share else "", (*hosts, socket.gethostname()) if share else ()
    )
    for place in _places(door, hosts):
        say(place)
    if browse:
        threading.Timer(OPEN_AFTER, webbrowser.open, [_places(door, ())[0]]).start()
    _run(door, host)


def _places(door: Door, hosts: Iterable[str]) -> list[str]:
    """Write the addresses at which the lab answers."""
    token = f"?token={door.token}" if door.token else ""
    return [f"http://{host}:{door.port}/{token}" for host in (HERE, *hosts)]


def _run(door: Door, host: str) -> None:
    import uvicorn
    from solara.server.starlette import app

    warnings.filterwarnings("ignore", message="Cookies with samesite=none require https", category=UserWarning)
    uvicorn.run(guarded(app, door), host=host, port=door.port, log_level="warning", access_log=False)
