"""One open page of the lab: what was chosen on it, the run behind it, and the pieces that are shown of both.

The server hands it what was pressed (``act``) and asks for the pieces (``frame``); nothing here knows the server.
"""

import random
import threading
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from experiments.errors import BadInput
from experiments.steering import Recipe
from viz.live.address import LOOKS, Address, number, read
from viz.live.easel import MIMES, Easel, file_of, said
from viz.live.lives import Lived, Living, Saved
from viz.live.runner import Runner, View
from viz.live.scene import Gauge, Past, Scene
from viz.theme import CHAIN
from viz.words import LANGUAGES

NARROW = 720  # points of a page's width below which layers are drawn and not firms
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
        self.address, self.message = self._read(query)
        self.guess, self.narrow, self.statement, self.period = "", False, "income", "quarters"
        self.file: dict[str, Any] = {}
        self.version = 0
        self._runner: Runner | None = None
        self._other: Runner | None = None
        self._lock = threading.RLock()
        self._gauge, self._other_gauge = Gauge(), Gauge()
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
        for runner in (self._runner, self._other):
            if runner is not None:
                runner.close(0.0)
        self._scene, self._easel = None, Easel()

    def rest(self) -> None:
        """Pause, because nobody is looking."""
        if self.view.playing and self._runner is not None:
            self._runner.ask("pause")

    def act(self, asked: Any) -> None:
        """Do what was pressed: a mapping with ``do`` perhaps ``value``, ``key``."""
        do = asked.get("do") if isinstance(asked, Mapping) else None
        with self._lock:
            try:
                if not isinstance(do, str) or do not in self._do:
                    raise BadInput(f"page: found the request {str(do)[:60]!r}, expected one that this page makes")
                self._do[do](asked if do == "set" else asked.get("value"))
            except (BadInput, KeyError, TypeError, ValueError) as error:
                self.message = str(error)[:500]
            self.version += 1

    def _go(self, query: Any) -> None:
        address, said = self._read(str(query).partition("?")[2])
        if address.recipe != self.address.recipe and self._runner is not None:
            self._runner.ask("start", (address.recipe, (address.month or -1) + 1))
            self.guess = ""
        self.address, self.message = address, said

    def _read(self, query: str) -> tuple[Address, str]:
        """Read an address; a saved run stays the run that it is."""
        address, wrong = read(query, tuple(LANGUAGES))
        if self._saved is not None:
            address = replace(address, recipe=self._saved.recipe)
        return address, "; ".join(wrong)

    def _set(self, asked: Mapping[str, Any]) -> None:
        """Set a control to a value."""
        key, value = str(asked["key"]), str(asked["value"])
        head, _, path = key.partition(":")
        if head == "lever":
            self._turn(path, float(value))
        elif head in ("start", "pick"):
            self._prepare(set={**self.address.recipe.set, path: number(value) if head == "start" else value})
        elif key in ("seed", "users", "scenario"):
            self._prepare(**{key: value if key == "scenario" else int(value)})
        elif key == "month":
            self._month(int(value))
        elif key == "user":
            self.address = replace(self.address, look=self.address.look or "users", user=max(0, int(value) - 1))
        elif key == "source":
            self._look(value)
        elif key == "with":
            self._with(value)
        elif key == "speed":
            self.runner.ask("speed", float(value))
        else:
            self._choose(key, value)

    def _choose(self, key: str, value: str) -> None:
        """Choose how something is shown."""
        allowed = {
            "language": tuple(LANGUAGES),
            "theme": LOOKS,
            "by": ("pro-rata", "fifo"),
            "statement": ("income", "cash_flow", "balance_sheet"),
            "period": ("months", "quarters", "years"),
        }
        if key == "word":
            self.address = replace(self.address, word=value[:60])
        elif value not in allowed.get(key, ()):
            raise BadInput(
                f"{key}: found {value[:60]!r}, expected one of {', '.join(allowed.get(key, ())) or 'nothing'}"
            )
        elif key in ("statement", "period"):
            setattr(self, key, value)
        else:
            self.address = replace(self.address, **{key: value})  # type: ignore[arg-type]

    def _prepare(self, **what: Any) -> None:
        """Note what the next start begins with; the run goes on as it is."""
        self.address = replace(self.address, recipe=replace(self.address.recipe, **what))

    def _restart(self) -> None:
        recipe = replace(self.address.recipe, changes=())
        query = Address(recipe=recipe).query()
        _, wrong = read(query, tuple(LANGUAGES))
        if wrong:
            raise BadInput(*wrong)
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
            raise BadInput(f"guess: found {str(layer)[:60]!r}, expected one of {', '.join(CHAIN)}")
        self.guess = layer
        self._play(None)

    def _look(self, name: Any) -> None:
        self.address = replace(self.address, look=str(name or "")[:80])

    def _another(self, _: Any) -> None:
        """Look at any other user; which one is no part of the run."""
        month = self.scene().month
        count = len(month.users.app) if month else 1
        self.address = replace(self.address, user=random.SystemRandom().randrange(count))

    def _month(self, month: Any) -> None:
        self.runner.ask("pause")
        asked = int(month)
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

    def _width(self, width: Any) -> None:
        self.narrow = float(width) < NARROW

    def _with(self, name: Any) -> None:
        """Choose what the world is compared with."""
        from viz.pages.compare import against

        self.address = replace(self.address, with_=against(self.view.recipe, str(name)))

    def _file(self, asked: Any) -> None:
        """Make a file of a chart or table: its key and kind, as streams.csv."""
        key, _, kind = str(asked).rpartition(".")
        if kind not in MIMES or key not in self.scene().charts:
            raise BadInput(f"file: found {str(asked)[:60]!r}, expected one of what is on the page")
        text = file_of(self.scene().charts[key], kind)
        name = f"watersellers-{key}.{kind}"
        self.file = {"n": self.version + 1, "name": name, "mime": MIMES[kind], "text": text, "png": kind == "png"}

    def scene(self) -> Scene:
        """What is shown now."""
        with self._lock:
            if self._scene is None or self.stamp() != self._seen:
                self._scene, self._seen = self._make_scene(), self.stamp()
            return self._scene

    def stamp(self) -> tuple[int, int, int]:
        """Say what is shown in short: another one means that something has changed."""
        return self.version, self.view.version, self._other.view.version if self._other else -1

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
        return replace(scene, past=known, other=self._compared(scene))

    def _compared(self, scene: Scene) -> Scene | None:
        """Live the other world of the compare page as far as the first."""
        recipe = self.address.with_
        if self.address.page != "compare" or recipe is None:
            return None
        if self._other is None:
            self._other = Runner(recipe, self._worlds, len(scene.view.tape))
        elif self._other.view.recipe != recipe:
            self._other.ask("start", (recipe, len(scene.view.tape)))
        view = self._other.view
        lacking = len(scene.view.tape) - len(view.tape)
        if view.setting is not None and not view.busy and lacking > 0 and not view.failed:
            self._other.ask("until", len(scene.view.tape))
        other = replace(
            scene, view=view, gauge=self._other_gauge, past=Past(view.tape) if view.tape else None, charts={}
        )
        return other

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
