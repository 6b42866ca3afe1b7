"""One open page of the lab: what the user chose on it, the run behind it, and the pieces that show both.

The server passes in what the user pressed (``act``) and asks for the pieces (``frame``); nothing here knows the server.
"""

import random
import threading
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from watersellers.experiments.input.errors import BadInput, refuse, shown
from watersellers.experiments.runs.run_spec import RunSpec, unknown_scenario
from watersellers.market.goods import CHAIN
from watersellers.viz.lab.pages.compare import against
from watersellers.viz.lab.server.page_renderer import PageRenderer, download, page_texts
from watersellers.viz.lab.view.address import Address, number, read
from watersellers.viz.lab.view.comparison_world import ComparisonWorld
from watersellers.viz.lab.view.known_controls import check_choice, control_parts
from watersellers.viz.lab.view.request_values import finite_number, one_line, text, whole_number
from watersellers.viz.lab.view.scene import LargestSizes, Scene, history_of
from watersellers.viz.lab.worlds.month_sources import NewWorlds, RunProvider, SavedRun
from watersellers.viz.lab.worlds.runner import Runner, View
from watersellers.viz.words.catalogue import LANGUAGES

NARROW = 720  # pixels of a page's width, below which the graph shows layers and not firms
MAX_WAITING = 1000  # commands in the runner's queue
NEEDS_A_RUN = ("live", "compare", "dollar")
NO_RUN = View(0, RunSpec())

type Pieces = dict[str, Any]


class Session:
    """A page with its run. ``act`` may be called from one thread and ``frame`` from another.

    Parameters
    ----------
    query : str
        The query of the address with which the page was opened.
    saved : SavedRun, optional
        A saved run to show; by default the page simulates a world.
    worlds : RunProvider, optional
        What simulates worlds: this process (the default) or processes of their own.
    """

    def __init__(self, query: str = "", saved: SavedRun | None = None, worlds: RunProvider | None = None):
        self._saved, self._worlds = saved, worlds or NewWorlds()
        self._own_scenario = saved.run_spec.scenario if saved else None
        self.address, self.message = self._read(query)
        self.guess, self.narrow, self.statement, self.period = "", False, "income", "quarters"
        self.file: dict[str, Any] = {}
        self.version = 0
        self._runner: Runner | None = None
        self._comparison = ComparisonWorld(self._worlds)
        self._lock = threading.RLock()
        self._largest = LargestSizes()
        self._scene: Scene | None = None
        self._renderer = PageRenderer()
        self._scene_stamp: tuple[int, int, int] | None = None
        self._months_at_start = (self.address.month + 1) if self.address.month is not None else 0
        self._actions: dict[str, Callable[[Any], None]] = {
            "go": self._go,
            "set": self._set,
            "guess": self._guess,
            "look": self._look,
            "month": self._month,
            "back": lambda _: self._month(max(0, self.scene().number - 1)),
            "step": self._step,
            "play": self._play,
            "pause": lambda _: self.runner.ask("pause"),
            "branch": self._branch,
            "restart": self._restart,
            "another": self._another,
            "dismiss": self._dismiss,
            "width": self._width,
            "file": self._file,
        }

    @property
    def runner(self) -> Runner:
        """The run behind the page, started when it is first needed."""
        with self._lock:
            if self._runner is None:
                self._runner = Runner(self.address.run_spec, self._saved or self._worlds, self._months_at_start)
            return self._runner

    @property
    def view(self) -> View:
        """The run as it is now; an empty one if no page has needed a run yet."""
        return self._runner.view if self._runner else NO_RUN

    def close(self) -> None:
        """Close the runs."""
        if self._runner is not None:
            self._runner.close(0.0)
        self._comparison.close()
        self._scene, self._renderer = None, PageRenderer()

    def notify(self, notice: str) -> None:
        """Show a notice on the page, before any message that is already there."""
        self.message = "; ".join(each for each in (notice, self.message) if each)

    def pause(self) -> None:
        """Pause the run, because nobody is watching."""
        if self.view.playing and self._runner is not None:
            self._runner.ask("pause")

    def sleep(self) -> None:
        """Keep the months and release the worlds, because nobody has watched for long."""
        if self._runner is not None:
            self._runner.ask("sleep")
        self._comparison.sleep()

    def act(self, request: Any) -> None:
        """Do what the user pressed: a mapping with ``do`` and perhaps ``value`` and ``key``."""
        do = request.get("do") if isinstance(request, Mapping) else None
        with self._lock:
            try:
                if not isinstance(do, str) or do not in self._actions:
                    raise BadInput(f"page: found the request {shown(do)}, expected one that this page makes")
                if self._runner is not None and self._runner.waiting > MAX_WAITING:
                    raise BadInput(f"page: found over {MAX_WAITING} requests, expected fewer; wait for the world")
                self._actions[do](request if do == "set" else request.get("value"))
            except BadInput as error:
                self.message = one_line(error)
            self.version += 1

    def _go(self, query: Any) -> None:
        address, message = self._read(text("address", query).partition("?")[2])
        if address.run_spec != self.address.run_spec and self._runner is not None:
            self._runner.ask("start", (address.run_spec, (address.month or -1) + 1))
            self.guess = ""
        self.address, self.message = address, message

    def _read(self, query: str) -> tuple[Address, str]:
        """Read an address; a saved run keeps its own run specification."""
        address, wrong = read(query, tuple(LANGUAGES), self._own_scenario)
        if self._saved is not None:
            address = replace(address, run_spec=self._saved.run_spec)
        return address, one_line(BadInput(*wrong))

    def _set(self, request: Mapping[str, Any]) -> None:
        """Set a control to a value."""
        key, value = text("page", request.get("key")), request.get("value")
        head, path = control_parts(key)
        setters: dict[str, Callable[[], None]] = {
            "lever": lambda: self._move_lever(path, finite_number(key, value)),
            "start": lambda: self._prepare(set={**self.address.run_spec.set, path: number(text(key, value))}),
            "pick": lambda: self._prepare(set={**self.address.run_spec.set, path: text(key, value)}),
            "seed": lambda: self._prepare(seed=whole_number(key, value)),
            "users": lambda: self._prepare(users=whole_number(key, value)),
            "scenario": lambda: self._choose_scenario(text(key, value)),
            "month": lambda: self._month(value),
            "user": lambda: self._user(whole_number(key, value)),
            "source": lambda: self._look(value),
            "with": lambda: self._compare_with(text(key, value)),
            "speed": lambda: self.runner.ask("speed", finite_number(key, value)),
        }
        if head in setters:
            setters[head]()
        else:
            self._choose(key, text(key, value))

    def _choose_scenario(self, scenario: str) -> None:
        """Note the scenario for the next start."""
        refuse(unknown_scenario(scenario))
        self._prepare(scenario=scenario)

    def _user(self, number: int) -> None:
        """Show a user, counted from 1."""
        self.address = replace(self.address, look=self.address.look or "users", user=max(0, number - 1))

    def _choose(self, key: str, value: str) -> None:
        """Choose how something is shown."""
        if key == "word":
            self.address = replace(self.address, word=value[:60])
            return
        check_choice(key, value)
        if key in ("statement", "period"):
            setattr(self, key, value)
        else:
            self.address = replace(self.address, **{key: value})  # type: ignore[arg-type]

    def _prepare(self, **changes: Any) -> None:
        """Note changes for the next start; the current run goes on unchanged."""
        self.address = replace(self.address, run_spec=replace(self.address.run_spec, **changes))

    def _restart(self, _: Any) -> None:
        run_spec = replace(self.address.run_spec, changes=())
        refuse(read(Address(run_spec=run_spec).query(), tuple(LANGUAGES), self._own_scenario)[1])
        self.guess = ""
        self.address = replace(self.address, run_spec=run_spec, month=None, look="")
        self.runner.ask("start", (run_spec, 0))

    def _move_lever(self, path: str, value: float) -> None:
        """Change a number from the month after the one shown."""
        months_kept = self.scene().number + 1
        self.address = replace(self.address, month=None)
        self.runner.ask("change", (path, value, months_kept))

    def _guess(self, layer: Any) -> None:
        if layer not in CHAIN:
            raise BadInput(f"guess: found {shown(layer)}, expected one of {', '.join(CHAIN)}")
        self.guess = layer
        self._play(None)

    def _look(self, name: Any) -> None:
        self.address = replace(self.address, look=text("look", name or "")[:80])

    def _another(self, _: Any) -> None:
        """Show a random user; the choice is no part of the run."""
        month = self.scene().month
        count = len(month.users.app) if month else 1
        self.address = replace(self.address, user=random.SystemRandom().randrange(count))

    def _month(self, month: Any) -> None:
        asked = whole_number("month", month)
        self.runner.ask("pause")
        last = len(self.view.snapshots) - 1
        self.address = replace(self.address, month=None if asked >= last else max(0, asked))

    def _step(self, _: Any) -> None:
        scene = self.scene()
        if not scene.following:
            return self._month(scene.number + 1)
        self.address = replace(self.address, month=None)
        self.runner.ask("step")

    def _play(self, _: Any) -> None:
        self.address = replace(self.address, month=None)
        self.runner.ask("play")

    def _branch(self, _: Any) -> None:
        kept = self.scene().number + 1
        self.address = replace(self.address, month=None)
        self.runner.ask("branch", kept)

    def _dismiss(self, _: Any) -> None:
        self.message = ""
        if self._runner is not None:
            self._runner.ask("dismiss")
        self._comparison.dismiss()

    def _width(self, width: Any) -> None:
        self.narrow = finite_number("width", width) < NARROW

    def _compare_with(self, name: str) -> None:
        self.address = replace(self.address, with_=against(self.view.run_spec, name))

    def _file(self, name: Any) -> None:
        """Offer a chart or table as a file, named by key and kind, such as streams.csv."""
        self.file = {"n": self.version + 1, **download(self.scene().charts, text("file", name))}

    def scene(self) -> Scene:
        """Return what the page shows now."""
        with self._lock:
            if self._scene is None or self.stamp() != self._scene_stamp:
                self._scene, self._scene_stamp = self._make_scene(), self.stamp()
            return self._scene

    def stamp(self) -> tuple[int, int, int]:
        """Return the versions of what is shown; a different stamp means that something has changed."""
        return self.version, self.view.version, self._comparison.version

    def _make_scene(self) -> Scene:
        address, view = self.address, self.runner.view if self.address.page in NEEDS_A_RUN else self.view
        if view.run_spec.changes != address.run_spec.changes and view.spec is not None:
            address = self.address = replace(address, run_spec=replace(address.run_spec, changes=view.run_spec.changes))
        scene = Scene(
            address,
            view,
            LANGUAGES[address.language],
            narrow=self.narrow,
            guess=self.guess,
            message=self.message,
            largest=self._largest,
            statement=self.statement,
            period=self.period,
        )
        if not view.snapshots:
            return scene
        history = history_of(view.snapshots[: scene.number + 1], self._scene)
        return replace(scene, history=history, other=self._comparison.scene_beside(scene))

    def frame(self) -> Pieces:
        """Make the pieces of the page; those that a page does not have are empty."""
        scene = self.scene()
        if (scene.address.look and scene.address.page == "live") or scene.address.page == "dollar":
            scene = replace(scene, books=self._renderer.books_of(scene))
            with self._lock:
                self._scene = scene
        pieces: Pieces = {**self._renderer.pieces(scene, self.version)}
        return pieces | {"address": self.shared_address().query(), "file": self.file, "texts": page_texts(scene)}

    def shared_address(self) -> Address:
        """Return the address that reproduces the screen, including the month shown."""
        scene = self.scene()
        month = scene.number if scene.number >= 0 and not scene.view.playing else None
        return replace(self.address, month=month)
