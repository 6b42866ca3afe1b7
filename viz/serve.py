"""Starts the lab's server: on this machine only by default, without telemetry, and with access checks."""

import os
import secrets
import socket
import sys
import threading
import warnings
import webbrowser
from collections.abc import Callable, Iterable
from pathlib import Path

from watersellers.experiments.input.errors import BadInput, shown
from watersellers.experiments.runs.result import Result
from watersellers.experiments.sweeps.folder.integrity import is_sweep
from watersellers.experiments.sweeps.result import Swept
from watersellers.viz.drawing.chart import Chart
from watersellers.viz.lab.pages.experiments import OPENED, OpenedSweep
from watersellers.viz.lab.server.assets import cache_folder, from_packages, missing, pinned, prepare
from watersellers.viz.lab.server.gate import HEADERS, HERE, AccessRule, ServedPages, guard
from watersellers.viz.lab.server.messages import LONGEST
from watersellers.viz.lab.server.session import Session
from watersellers.viz.lab.server.session_registry import REGISTRY
from watersellers.viz.lab.worlds.month_sources import SavedRun
from watersellers.viz.lab.worlds.remote_world import RemoteWorlds
from watersellers.viz.reports.sweep_report import sweep_charts
from watersellers.viz.words.catalogue import Words

EVERYWHERE = "0.0.0.0"
TOKEN_BYTES = 16
PORTS = 65_535
OPEN_AFTER = 1.5  # seconds from start to opening the browser

SETTINGS = {
    "PYTHONSAFEPATH": "1",  # no world imports a module from the folder where the lab was started
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
    """Return the folder with the page's asset files, after fetching those that are missing.

    Raises
    ------
    BadInput
        If a file is missing and cannot be fetched.
    """
    folder = folder or cache_folder()
    if missing(folder, pinned()):
        prepare(folder, [from_packages, _from_network])
    return folder


def _from_network(package: str) -> Callable[[str], bytes]:
    """Return a function that fetches files of a package from the address that Solara itself uses."""
    import requests
    import solara.settings

    def fetch(path: str) -> bytes:
        """Fetch one file of the package."""
        answer = requests.get(f"{solara.settings.assets.cdn}{package}/{path}", timeout=60)
        if not answer.ok:
            raise OSError(f"{package}/{path}: the network answered {answer.status_code}")
        return answer.content

    return fetch


def set_up(folder: Path) -> None:
    """Set Solara's settings, which it reads once, when it is first imported.

    Raises
    ------
    BadInput
        If it was imported before, with other settings.
    """
    if "solara.server.settings" in sys.modules:
        raise BadInput("view: Solara was imported before it was set up; start the lab in a new process")
    os.environ.update(SETTINGS | {"SOLARA_ASSETS_PROXY_CACHE_DIR": str(folder)})
    os.environ["SOLARA_SESSION_SECRET_KEY"] = secrets.token_urlsafe(32)


def check_port(port: int, host: str = HERE) -> None:
    """Refuse a port at which the lab cannot answer.

    Raises
    ------
    BadInput
        If it is no port, is in use, or is not allowed for this user.
    """
    if not 1 <= port <= PORTS:
        raise BadInput(f"port: found {shown(port)}, expected a whole number from 1 to {PORTS}")
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except PermissionError:
            raise BadInput(f"port: {port} is not allowed for this user; name one above 1023 with --port") from None
        except OSError:
            raise BadInput(f"port: {port} is taken; name another one with --port") from None


def addresses() -> list[str]:
    """List this machine's addresses in its local networks."""
    try:
        found = {info[4][0] for info in socket.getaddrinfo(socket.gethostname(), None, socket.AF_INET)}
    except socket.gaierror:  # the machine's own name has no address
        return []
    return sorted(str(each) for each in found if not str(each).startswith("127."))


def open_lab(run: Path | None, port: int, share: bool, say: Callable[[str], None], browse: bool = True) -> None:
    """Serve the lab, with a saved run or a sweep if one is given.

    Raises
    ------
    BadInput
        As for ``serve``, and if the folder cannot be read.
    """
    swept = run is not None and is_sweep(run)
    saved = SavedRun(Result.open(run)) if run and not swept else None
    if run and swept:
        OPENED.append(_opened(Swept.ended(run)))
    worlds = RemoteWorlds()
    REGISTRY.make_session = lambda query: Session(query or ("page=experiments" if swept else ""), saved, worlds)
    serve(port, share, say, browse)


def _opened(swept: Swept) -> OpenedSweep:
    """Let pages show a sweep; its charts are drawn once in each language."""
    drawn: dict[str, list[Chart]] = {}

    def charts(say: Words) -> list[Chart]:
        """Return the charts in a language, drawn when they are first asked for."""
        if say.language not in drawn:
            drawn[say.language] = sweep_charts(swept, say)
        return drawn[say.language]

    return OpenedSweep(swept.folder.name, len(swept.plan), charts)


def serve(port: int, share: bool, say: Callable[[str], None], browse: bool = True) -> None:
    """Serve the lab until it is stopped.

    Parameters
    ----------
    port : int
        The port at which the server listens.
    share : bool
        Whether other machines in the local network have access, with a token.
    say : callable
        Takes each message for the user.
    browse : bool
        Whether to open a browser.

    Raises
    ------
    BadInput
        If the port is not available, or asset files are missing and cannot be fetched.
    """
    host = EVERYWHERE if share else HERE
    check_port(port, host)
    set_up(ready())
    hosts = tuple(addresses()) if share else ()
    access = AccessRule(
        port, secrets.token_urlsafe(TOKEN_BYTES) if share else "", (*hosts, socket.gethostname()) if share else ()
    )
    for address in _links(access, hosts):
        say(address)
    if browse:
        threading.Timer(OPEN_AFTER, webbrowser.open, [_links(access, ())[0]]).start()
    _run(access, host)


def _links(access: AccessRule, hosts: Iterable[str]) -> list[str]:
    """Return the addresses at which the lab answers."""
    token = f"?token={access.token}" if access.token else ""
    return [f"http://{host}:{access.port}/{token}" for host in (HERE, *hosts)]


def _run(access: AccessRule, host: str) -> None:
    import uvicorn
    from solara.server.starlette import app

    from watersellers.viz.app import close_kernel, page_exists

    warnings.filterwarnings("ignore", message="Cookies with samesite=none require https", category=UserWarning)
    files = {asset.cache_path for asset in pinned()}
    served = ServedPages(files=files, page_exists=page_exists, close_kernel=close_kernel)
    uvicorn.run(
        guard(app, access, served),
        host=host,
        port=access.port,
        log_level="warning",
        access_log=False,
        headers=list(HEADERS),
        ws_max_size=4 * LONGEST,  # bytes of so many characters
    )
