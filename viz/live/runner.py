"""A thread that owns one world: it takes commands, lives months at a pace, and keeps each month on a tape.

The page never touches the world. It sends commands, and reads ``view``, which is replaced whole and never changed.
"""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from queue import Empty, SimpleQueue
from typing import Any

from watersellers.agents.setting import Setting
from watersellers.experiments.errors import BadInput
from watersellers.experiments.steering import Change, Recipe
from watersellers.experiments.tape import Month
from watersellers.viz.live.lives import Life, Lived

FASTEST = 1000.0  # months a second: as fast as it goes
IDLE = 30.0  # seconds between two looks where nothing is to be done
KEPT = 1200  # months on the tape
STOPPED = "stop"


@dataclass(frozen=True, eq=False)
class View:
    """What anybody may see of a run at one moment; a later one has a higher version.

    ``tape`` holds the months lived, ``goal`` is how many months will be lived in all, ``busy`` how many months
    of how many have been lived again to branch, ``failed`` why the world broke off or a command was refused.
    """

    version: int
    recipe: Recipe
    setting: Setting | None = None
    tape: tuple[Month, ...] = ()
    playing: bool = False
    speed: float = 2.0
    busy: tuple[int, int] | None = None
    failed: str = ""
    behind: float = 0.0  # months of the asked pace that no time was left for, since play began

    @property
    def goal(self) -> int:
        """Months of the whole run."""
        return self.setting.months if self.setting else 0

    @property
    def over(self) -> bool:
        """Whether the last month is lived."""
        return bool(self.setting) and len(self.tape) >= self.goal


@dataclass
class _Pace:
    """When the next month is due, and how far the months kept to it."""

    due: float = 0.0
    behind: float = 0.0

    def start(self) -> None:
        """Begin to count from now."""
        self.due, self.behind = time.monotonic(), 0.0

    def wait(self) -> float:
        """Seconds until the next month is due."""
        return max(0.0, self.due - time.monotonic())

    def done(self, speed: float) -> None:
        """Note a month; what is due for longer than another one takes is made up no more."""
        due, latest = self.due + 1 / speed, time.monotonic() - 1 / speed
        if speed < FASTEST:  # which asks for no pace
            self.behind += max(0.0, latest - due) * speed
        self.due = max(due, latest)


class Runner:
    """Lives one world in a thread of its own.

    Parameters
    ----------
    recipe : Recipe
        The run: scenario, seed, users, settings, dated changes.
    lived : Lived
        Where months come from: a world that lives them, here or elsewhere, or a saved run.
    until : int
        Months to live at once before anything is asked, as a link to a month needs.
    """

    def __init__(self, recipe: Recipe, lived: Lived, until: int = 0):
        self.view = View(0, recipe)
        self.changed = threading.Condition()
        self._commands: SimpleQueue[tuple[str, Any]] = SimpleQueue()
        self._lived = lived
        self._life: Life | None = None
        self._asleep = False
        self._pace = _Pace()
        self._do: dict[str, Callable[[Any], None]] = {
            "play": self._play,
            "pause": self._pause,
            "step": self._step,
            "speed": self._speed,
            "change": self._change,
            "branch": self._branch,
            "start": self._start,
            "until": self._until,
            "heard": lambda _: self._show(failed=""),
            "sleep": lambda _: self._sleep(),
        }
        self.ask("start", (recipe, until))
        self._thread = threading.Thread(target=self._live, name="water-sellers-run", daemon=True)
        self._thread.start()

    def ask(self, command: str, value: Any = None) -> None:
        """Send a command; it is done in its turn, and seen in ``view`` then.

        ``play``, ``pause``, ``step``; ``speed`` (months a second); ``change`` (path, value, months of the tape to
        keep before it); ``branch`` (months to keep); ``start`` (recipe, months to live at once); ``until`` (months in
        all); ``heard`` (what failed was read); ``sleep`` (nobody looks: the months stay, the world goes until one more
        is asked for).
        """
        self._commands.put((command, value))

    def close(self, wait: float = 5.0) -> None:
        """End the thread and let go of the world."""
        self._commands.put((STOPPED, None))
        self._thread.join(wait)

    @property
    def waiting(self) -> int:
        """How many commands wait for their turn."""
        return self._commands.qsize()

    @property
    def running(self) -> bool:
        """Whether the thread is still there."""
        return self._thread.is_alive()

    def wait_for(self, wanted: Callable[[View], bool], seconds: float = 30.0) -> View:
        """Wait until the view is as wanted.

        Raises
        ------
        TimeoutError
            If it is not within that time.
        """
        with self.changed:
            if not self.changed.wait_for(lambda: wanted(self.view), seconds):
                raise TimeoutError(f"not within {seconds} seconds; {len(self.view.tape)} months lived")
            return self.view

    def _show(self, **what: Any) -> None:
        """Put up a new view."""
        with self.changed:
            self.view = replace(self.view, version=self.view.version + 1, **what)
            self.changed.notify_all()

    def _live(self) -> None:
        """Take commands and live months until told to stop."""
        while True:
            command, value = self._next_command()
            if command == STOPPED:
                break
            try:
                if command:
                    self._do[command](value)
                elif self.view.playing:
                    self._month()
            except BadInput as error:
                self._show(failed=str(error), busy=None)
            except ArithmeticError as error:  # the books stopped holding together: the world is lost, the tape is not
                self._let_go()
                self._show(failed=str(error), busy=None, playing=False)
        self._let_go()

    def _let_go(self) -> None:
        """Let go of the world that was lived."""
        life, self._life, self._asleep = self._life, None, False
        if life is not None:
            life.close()

    def _next_command(self) -> tuple[str, Any]:
        """Give the next command, or none when a month is due before one comes."""
        try:
            return self._commands.get(timeout=self._pace.wait() if self.view.playing else IDLE)
        except Empty:
            return "", None

    def _sleep(self) -> None:
        """Let go of a world that rests; its months from seed and recorded changes are the same to the cent."""
        if self._life is not None and not self.view.playing:
            self._let_go()
            self._asleep = True

    def _wake(self) -> None:
        """Live a world again that was let go of for sleep."""
        if self._asleep and self.view.setting is not None:
            self._live_again(self.view.recipe, self.view.setting, len(self.view.tape))

    def _month(self) -> None:
        """Live one month and put it on the tape."""
        self._wake()
        if self._life is None or not self._life.running:
            return self._show(playing=False)
        taped = self._life.next()
        self._pace.done(self.view.speed)
        tape = (*self.view.tape, taped)[-KEPT:]
        self._show(tape=tape, behind=self._pace.behind, playing=self.view.playing and self._life.running)

    def _play(self, _: Any) -> None:
        self._wake()
        self._pace.start()
        self._show(playing=self._life is not None and self._life.running, behind=0.0, failed="")

    def _pause(self, _: Any) -> None:
        self._show(playing=False)

    def _step(self, _: Any) -> None:
        self._show(playing=False, failed="")
        self._month()

    def _until(self, months: int) -> None:
        """Live on without a pause until so many months are lived."""
        self._wake()
        while len(self.view.tape) < months and self._life is not None and self._life.running:
            self._month()

    def _speed(self, speed: float) -> None:
        if not 0 < speed <= FASTEST:
            raise BadInput(f"speed: found {speed}, expected more than 0 and at most {FASTEST:g} months a second")
        self._pace.start()
        self._show(speed=speed)

    def _change(self, asked: tuple[str, float, int]) -> None:
        """Change a number from the month after those kept on; what was lived after them is another future, let go."""
        path, value, kept = asked
        kept = min(kept, len(self.view.tape))
        recipe = self._recipe_until(kept)
        month = self._name_of(kept)
        same = [c for c in recipe.changes if (c.month, c.path) != (month, path)]
        recipe = replace(recipe, changes=(*same, Change(month, path, value)))
        setting = self._lived.setting(recipe)
        if kept < len(self.view.tape) or self._life is None:
            return self._live_again(recipe, setting, kept)
        self._life.steer(setting)
        self._show(recipe=recipe, setting=setting, failed="")

    def _branch(self, kept: int) -> None:
        """Go back to a month and let a new future begin there."""
        recipe = self._recipe_until(min(kept, len(self.view.tape)))
        self._live_again(recipe, self._lived.setting(recipe), kept)

    def _start(self, asked: tuple[Recipe, int]) -> None:
        """Begin another run."""
        recipe, until = asked
        setting = self._lived.setting(recipe)
        self._show(tape=(), setting=None, playing=False)
        self._live_again(recipe, setting, until)

    def _live_again(self, recipe: Recipe, setting: Setting, until: int) -> None:
        """Live the months up to a point from seed and recorded changes: what was, to the cent."""
        until = min(until, setting.months)
        kept = self.view.tape[:until]
        self._show(
            recipe=recipe, setting=setting, tape=kept, playing=False, failed="", busy=(0, until) if until else None
        )
        self._let_go()
        self._life = self._lived.begin(setting, recipe)
        for number in range(until):
            month = self._life.next()
            kept = kept if number < len(kept) else (*kept, month)
            self._show(tape=kept, busy=(number + 1, until))
        self._show(tape=kept, busy=None)

    def _recipe_until(self, kept: int) -> Recipe:
        """Leave out the changes of months that are let go."""
        name = self._name_of(kept)
        return replace(self.view.recipe, changes=tuple(c for c in self.view.recipe.changes if c.month <= name))

    def _name_of(self, number: int) -> str:
        """Name a month of the run by its number, as 2024-03."""
        setting = self.view.setting
        if setting is None:
            raise BadInput("change: no run has begun; start one first")
        count = setting.start.year * 12 + setting.start.month - 1 + number
        return f"{count // 12}-{count % 12 + 1:02d}"
