"""One open page of the lab: what was chosen on it, the run behind it, and the pieces that are shown of both.

The server hands it what was pressed (``act``) and asks for the pieces (``frame``); nothing here knows the server.
"""

import random
import threading
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from watersellers.experiments.errors import BadInput, refuse, shown
from watersellers.experiments.steering import Recipe, unnamed
from watersellers.market.goods import CHAIN
from watersellers.viz.live.address import Address, number, read
from watersellers.viz.live.asked import amount, in_a_line, text, whole
from watersellers.viz.live.beside import Beside
from watersellers.viz.live.choices import check_choice, parted
from watersellers.viz.live.easel import MIMES, Easel, file_of, said
from watersellers.viz.live.lives import Lived, Living, Saved
from watersellers.viz.live.runner import Runner, View
from watersellers.viz.live.scene import Gauge, Past, Scene
from watersellers.viz.words import LANGUAGES

NARROW = 720  # points of a page's width below which layers are drawn and not firms
MOST_ASKED = 1000  # commands that wait for their turn
NEEDS_A_RUN = ("live", "compare", "dollar")
NOTHING = View(0, Recipe())

type Pieces = dict[str, Any]


class Lab:
    """A page with its run. ``act`` may be called from one thread and ``frame`` from another.

    Parameters
    ----------
    query : str
        The address's query that the page was opened with.
    saved : Saved, optional
        A saved run to look at; without one a world is lived.
    worlds : Lived
        Where worlds live: here, or in processes of their own.
    """

    def __init__(self, query: str = "", saved: Saved | None = None, worlds: Lived | None = None):
        self._saved, self._worlds = saved, worlds or Living()
        self._own = saved.recipe.scenario if saved else None
        self.address, self.message = self._read(query)
        self.guess, self.narrow, self.statement, self.period = "", False, "income", "quarters"
        self.file: dict[str, Any] = {}
        self.version = 0
        self._runner: Runner | None = None
        self._beside = Beside(self._worlds)
        self._lock = threading.RLock()
        self._gauge = Gauge()
        self._scene: Scene | None = None
        self._easel = Easel()
        self._seen: tuple[int, int, int] | None = None
        self._until = (self.address.month + 1) if self.address.month is not None else 0
        self._do: dict[str, Callable[[Any], None]] = {
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
            "restart": lambda _: self._restart(),
            "another": self._another,
            "dismiss": self._dismiss,
            "width": self._width,
            "file": self._file,
        }

    @property
    def runner(self) -> Runner:
        """The run behind the page, begun when it is first needed."""
        with self._lock:
            if self._runner is None:
                self._runner = Runner(self.address.recipe, self._saved or self._worlds, self._until)
            return self._runner

    @property
    def view(self) -> View:
        """The run as it is now; an empty one where none was needed yet."""
        return self._runner.view if self._runner else NOTHING

    def close(self) -> None:
        """Let go of the runs."""
        if self._runner is not None:
            self._runner.close(0.0)
        self._beside.close()
        self._scene, self._easel = None, Easel()

    def tell(self, text: str) -> None:
        """Say something on the page, beside what is said there already."""
        self.message = "; ".join(each for each in (text, self.message) if each)

    def rest(self) -> None:
        """Pause, because nobody is looking."""
        if self.view.playing and self._runner is not None:
            self._runner.ask("pause")

    def sleep(self) -> None:
        """Keep what was lived and let go of the worlds, because nobody has looked for long."""
        if self._runner is not None:
            self._runner.ask("sleep")
        self._beside.sleep()

    def act(self, asked: Any) -> None:
        """Do what was pressed: a mapping with ``do`` perhaps ``value``, ``key``."""
        do = asked.get("do") if isinstance(asked, Mapping) else None
        with self._lock:
            try:
                if not isinstance(do, str) or do not in self._do:
                    raise BadInput(f"page: found the request {shown(do)}, expected one that this page makes")
                if self._runner is not None and self._runner.waiting > MOST_ASKED:
                    raise BadInput("page: more was asked than this world has done; wait until it rests")
                self._do[do](asked if do == "set" else asked.get("value"))
            except BadInput as error:
                self.message = in_a_line(error)
            self.version += 1

    def _go(self, query: Any) -> None:
        address, said = self._read(text("address", query).partition("?")[2])
        if address.recipe != self.address.recipe and self._runner is not None:
            self._runner.ask("start", (address.recipe, (address.month or -1) + 1))
            self.guess = ""
        self.address, self.message = address, said

    def _read(self, query: str) -> tuple[Address, str]:
        """Read an address; a saved run stays the run that it is."""
        address, wrong = read(query, tuple(LANGUAGES), self._own)
        if self._saved is not None:
            address = replace(address, recipe=self._saved.recipe)
        return address, in_a_line(BadInput(*wrong))

    def _set(self, asked: Mapping[str, Any]) -> None:
        """Set a control to a value."""
        key, value = text("page", asked.get("key")), asked.get("value")
        head, path = parted(key)
        does: dict[str, Callable[[], None]] = {
            "lever": lambda: self._turn(path, amount(key, value)),
            "start": lambda: self._prepare(set={**self.address.recipe.set, path: number(text(key, value))}),
            "pick": lambda: self._prepare(set={**self.address.recipe.set, path: text(key, value)}),
            "seed": lambda: self._prepare(seed=whole(key, value)),
            "users": lambda: self._prepare(users=whole(key, value)),
            "scenario": lambda: self._name(text(key, value)),
            "month": lambda: self._month(value),
            "user": lambda: self._user(whole(key, value)),
            "source": lambda: self._look(value),
            "with": lambda: self._with(text(key, value)),
            "speed": lambda: self.runner.ask("speed", amount(key, value)),
        }
        if head in does:
            does[head]()
        else:
            self._choose(key, text(key, value))

    def _name(self, scenario: str) -> None:
        """Note the scenario that the next start begins with."""
        refuse(unnamed(scenario))
        self._prepare(scenario=scenario)

    def _user(self, number: int) -> None:
        """Look at a user, counted from 1."""
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

    def _prepare(self, **what: Any) -> None:
        """Note what the next start begins with; the run goes on as it is."""
        self.address = replace(self.address, recipe=replace(self.address.recipe, **what))

    def _restart(self) -> None:
        recipe = replace(self.address.recipe, changes=())
        refuse(read(Address(recipe=recipe).query(), tuple(LANGUAGES), self._own)[1])
        self.guess = ""
        self.address = replace(self.address, recipe=recipe, month=None, look="")
        self.runner.ask("start", (recipe, 0))

    def _turn(self, path: str, value: float) -> None:
        """Turn a knob: from the month after the one shown on."""
        kept = self.scene().number + 1
        self.address = replace(self.address, month=None)
        self.runner.ask("change", (path, value, kept))

    def _guess(self, layer: Any) -> None:
        if layer not in CHAIN:
            raise BadInput(f"guess: found {shown(layer)}, expected one of {', '.join(CHAIN)}")
        self.guess = layer
        self._play(None)

    def _look(self, name: Any) -> None:
        self.address = replace(self.address, look=text("look", name or "")[:80])

    def _another(self, _: Any) -> None:
        """Look at any other user; which one is no part of the run."""
        month = self.scene().month
        count = len(month.users.app) if month else 1
        self.address = replace(self.address, user=random.SystemRandom().randrange(count))

    def _month(self, month: Any) -> None:
        asked = whole("month", month)
        self.runner.ask("pause")
        last = len(self.view.tape) - 1
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
            self._runner.ask("heard")
        self._beside.heard()

    def _width(self, width: Any) -> None:
        self.narrow = amount("width", width) < NARROW

    def _with(self, name: str) -> None:
        """Choose what the world is compared with."""
        from watersellers.viz.pages.compare import against

        self.address = replace(self.address, with_=against(self.view.recipe, name))

    def _file(self, asked: Any) -> None:
        """Make a file of a chart or table: its key and kind, as streams.csv."""
        key, _, kind = text("file", asked).rpartition(".")
        if kind not in MIMES or key not in self.scene().charts:
            raise BadInput(f"file: found {shown(asked)}, expected one of what is on the page")
        made = file_of(self.scene().charts[key], kind)
        name = f"watersellers-{key}.{kind}"
        self.file = {"n": self.version + 1, "name": name, "mime": MIMES[kind], "text": made, "png": kind == "png"}

    def scene(self) -> Scene:
        """What is shown now."""
        with self._lock:
            if self._scene is None or self.stamp() != self._seen:
                self._scene, self._seen = self._make_scene(), self.stamp()
            return self._scene

    def stamp(self) -> tuple[int, int, int]:
        """Say what is shown in short: another one means that something has changed."""
        return self.version, self.view.version, self._beside.version

    def _make_scene(self) -> Scene:
        view = self.view
        if self.address.page in NEEDS_A_RUN:
            view = self.runner.view
        address = self.address
        if view.recipe.changes != address.recipe.changes and view.setting is not None:
            address = self.address = replace(address, recipe=replace(address.recipe, changes=view.recipe.changes))
        last = self._scene
        scene = Scene(
            address,
            view,
            LANGUAGES[address.language],
            narrow=self.narrow,
            guess=self.guess,
            message=self.message,
            gauge=self._gauge,
            statement=self.statement,
            period=self.period,
        )
        if not view.tape:
            return scene
        months = view.tape[: scene.number + 1]
        known = last.past if last and last.past and _same(last.past.months, months) else Past(months)
        return replace(scene, past=known, other=self._beside.compared(scene))

    def frame(self) -> Pieces:
        """Make the pieces of the page; those that a page does not have are empty."""
        scene = self.scene()
        if (scene.address.look and scene.address.page == "live") or scene.address.page == "dollar":
            scene = replace(scene, books=self._easel.books_of(scene))
            with self._lock:
                self._scene = scene
        pieces: Pieces = {**self._easel.pieces(scene, self.version)}
        return pieces | {"address": self.shared().query(), "file": self.file, "said": said(scene)}

    def shared(self) -> Address:
        """The address that reproduces what is seen: with the month that is shown."""
        scene = self.scene()
        month = scene.number if scene.number >= 0 and not scene.view.playing else None
        return replace(self.address, month=month)


def _same(first: Any, second: Any) -> bool:
    return len(first) == len(second) and first[-1] is second[-1]
