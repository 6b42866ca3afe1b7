"""Starts the lab's server: on this machine alone, with no telemetry, and with doors that know who may come in."""

import os
import secrets
import socket
import sys
import threading
import warnings
import webbrowser
from collections.abc import Callable, Iterable
from pathlib import Path

from watersellers.experiments.errors import BadInput, shown
from watersellers.experiments.result import Result
from watersellers.experiments.sweeps.checking import is_sweep
from watersellers.experiments.sweeps.swept import Swept
from watersellers.viz.charts.chart import Chart
from watersellers.viz.live.assets import cache_folder, from_packages, missing, pinned, prepare
from watersellers.viz.live.doors import DOORS
from watersellers.viz.live.elsewhere import Elsewhere
from watersellers.viz.live.gate import HEADERS, HERE, Door, House, guarded
from watersellers.viz.live.lab import Lab
from watersellers.viz.live.lives import Saved
from watersellers.viz.live.messages import LONGEST
from watersellers.viz.pages.experiments import OPENED, OpenedSweep
from watersellers.viz.sweep_report import sweep_charts
from watersellers.viz.words import Words

EVERYWHERE = "0.0.0.0"
TOKEN_BYTES = 16
PORTS = 65_535
OPEN_AFTER = 1.5  # seconds from start to opening the browser

SETTINGS = {
    "PYTHONSAFEPATH": "1",  # no world takes a module from the folder where the lab was begun
    "SOLARA_APP": "watersellers.viz.app",
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
    "SOLARA_STATE_AUTO_REMOUNT": "True",
}


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


def check_port(port: int, host: str = HERE) -> None:
    """Refuse a port that the lab can't answer at.

    Raises
    ------
    BadInput
        If it is no port, somebody listens there, or this user may not.
    """
    if not 1 <= port <= PORTS:
        raise BadInput(f"port: found {shown(port)}, expected a whole number from 1 to {PORTS}")
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except PermissionError:
            raise BadInput(f"port: {port} is not for this user; name one above 1023 with --port") from None
        except OSError:
            raise BadInput(f"port: {port} is taken; name another one with --port") from None


def addresses() -> list[str]:
    """List this machine's addresses in its local networks."""
    try:
        found = {info[4][0] for info in socket.getaddrinfo(socket.gethostname(), None, socket.AF_INET)}
    except socket.gaierror:  # a machine whose own name leads nowhere
        return []
    return sorted(str(each) for each in found if not str(each).startswith("127."))


def open_lab(run: Path | None, port: int, share: bool, say: Callable[[str], None], browse: bool = True) -> None:
    """Serve the lab, of a saved run or a sweep if one is given.

    Raises
    ------
    BadInput
        As ``serve``, and if the folder can't be read.
    """
    swept = run is not None and is_sweep(run)
    saved = Saved(Result.open(run)) if run and not swept else None
    if run and swept:
        OPENED.append(_opened(Swept.ended(run)))
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
        If the port can't be had, or files of the page are missing and cannot be fetched.
    """
    host = EVERYWHERE if share else HERE
    check_port(port, host)
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

    from watersellers.viz.app import close, known

    warnings.filterwarnings("ignore", message="Cookies with samesite=none require https", category=UserWarning)
    house = House(files={asset.place for asset in pinned()}, known=known, close=close)
    uvicorn.run(
        guarded(app, door, house),
        host=host,
        port=door.port,
        log_level="warning",
        access_log=False,
        headers=list(HEADERS),
        ws_max_size=4 * LONGEST,  # bytes of as many characters
    )
