"""A thread that owns one world: it takes commands, simulates months at a pace, and keeps a snapshot of each month.

The page never touches the world. It sends commands and reads ``view``, which is replaced as a whole and never modified.
"""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from queue import Empty, SimpleQueue
from typing import Any

from watersellers.agents.scenario_spec import ScenarioSpec
from watersellers.experiments.input.errors import BadInput
from watersellers.experiments.runs.dated_changes import Change
from watersellers.experiments.runs.month_snapshots import MonthSnapshot
from watersellers.experiments.runs.run_spec import RunSpec
from watersellers.viz.lab.worlds.month_sources import MonthSource, RunProvider

FASTEST = 1000.0  # months per second; means as fast as possible
IDLE_SECONDS = 30.0  # to wait for a command while the run is paused
MAX_SNAPSHOTS = 1200
STOP = "stop"


@dataclass(frozen=True, eq=False)
class View:
    """The public state of a run at one moment; a later one has a higher version.

    ``busy`` counts the months done and to do while months are simulated again; ``failed`` says why the world failed
    or why a command was refused.
    """

    version: int
    run_spec: RunSpec
    spec: ScenarioSpec | None = None
    snapshots: tuple[MonthSnapshot, ...] = ()
    playing: bool = False
    speed: float = 2.0
    busy: tuple[int, int] | None = None
    failed: str = ""
    behind: float = 0.0  # months by which the run is behind the requested pace, since play began

    @property
    def goal(self) -> int:
        """The number of months of the whole run."""
        return self.spec.months if self.spec else 0

    @property
    def over(self) -> bool:
        """Whether the last month has been simulated."""
        return bool(self.spec) and len(self.snapshots) >= self.goal


@dataclass
class _Pace:
    """The time at which the next month is due, and by how many months the run is behind."""

    due: float = 0.0
    behind: float = 0.0

    def start(self) -> None:
        """Start counting from now."""
        self.due, self.behind = time.monotonic(), 0.0

    def wait(self) -> float:
        """Return the seconds until the next month is due."""
        return max(0.0, self.due - time.monotonic())

    def done(self, speed: float) -> None:
        """Record a month; a delay of more than one month is not caught up with."""
        due, latest = self.due + 1 / speed, time.monotonic() - 1 / speed
        if speed < FASTEST:  # the fastest speed has no pace to keep
            self.behind += max(0.0, latest - due) * speed
        self.due = max(due, latest)


class Runner:
    """Simulates one world in a thread of its own.

    Parameters
    ----------
    run_spec : RunSpec
        The run: scenario, seed, users, changed settings, dated changes.
    provider : RunProvider
        The source of months: a world in this process, one in a process of its own, or a saved run.
    until : int
        Months to simulate immediately, as a link to a month needs.
    """

    def __init__(self, run_spec: RunSpec, provider: RunProvider, until: int = 0):
        self.view = View(0, run_spec)
        self.changed = threading.Condition()
        self._commands: SimpleQueue[tuple[str, Any]] = SimpleQueue()
        self._provider = provider
        self._source: MonthSource | None = None
        self._asleep = False
        self._pace = _Pace()
        self._handlers: dict[str, Callable[[Any], None]] = {
            "play": self._play,
            "pause": self._pause,
            "step": self._step,
            "speed": self._speed,
            "change": self._change,
            "branch": self._branch,
            "start": self._start,
            "until": self._until,
            "dismiss": lambda _: self._show(failed=""),
            "sleep": lambda _: self._sleep(),
        }
        self.ask("start", (run_spec, until))
        self._thread = threading.Thread(target=self._run, name="water-sellers-run", daemon=True)
        self._thread.start()

    def ask(self, command: str, value: Any = None) -> None:
        """Send a command; it is carried out in its turn, and then ``view`` shows the result.

        ``play``, ``pause``, ``step``; ``speed`` (months per second); ``change`` (path, value, months to keep
        before it); ``branch`` (months to keep); ``start`` (run specification, months to simulate at once); ``until``
        (months in all); ``dismiss`` (forget the failure); ``sleep`` (keep the months, and release the world until
        another month is needed).
        """
        self._commands.put((command, value))

    def close(self, wait: float = 5.0) -> None:
        """End the thread and release the world."""
        self._commands.put((STOP, None))
        self._thread.join(wait)

    @property
    def waiting(self) -> int:
        """The number of commands in the queue."""
        return self._commands.qsize()

    @property
    def running(self) -> bool:
        """Whether the thread is still alive."""
        return self._thread.is_alive()

    def wait_for(self, condition: Callable[[View], bool], seconds: float = 30.0) -> View:
        """Wait until the view satisfies a condition.

        Raises
        ------
        TimeoutError
            If it does not within that time.
        """
        with self.changed:
            if not self.changed.wait_for(lambda: condition(self.view), seconds):
                raise TimeoutError(f"not within {seconds} seconds; {len(self.view.snapshots)} months simulated")
            return self.view

    def _show(self, **changes: Any) -> None:
        """Publish a new view."""
        with self.changed:
            self.view = replace(self.view, version=self.view.version + 1, **changes)
            self.changed.notify_all()

    def _run(self) -> None:
        """Take commands and simulate months until the stop command."""
        while True:
            command, value = self._next_command()
            if command == STOP:
                break
            try:
                if command:
                    self._handlers[command](value)
                elif self.view.playing:
                    self._month()
            except BadInput as error:
                self._show(failed=str(error), busy=None)
            except ArithmeticError as error:  # the world has failed an audit: its snapshots stay
                self._release()
                self._show(failed=str(error), busy=None, playing=False)
        self._release()

    def _release(self) -> None:
        """Release the world."""
        source, self._source, self._asleep = self._source, None, False
        if source is not None:
            source.close()

    def _next_command(self) -> tuple[str, Any]:
        """Return the next command, or an empty one if a month is due first."""
        try:
            return self._commands.get(timeout=self._pace.wait() if self.view.playing else IDLE_SECONDS)
        except Empty:
            return "", None

    def _sleep(self) -> None:
        """Release a paused world; the seed and the recorded changes reproduce it to the cent."""
        if self._source is not None and not self.view.playing:
            self._release()
            self._asleep = True

    def _wake(self) -> None:
        """Simulate again a world that was released to sleep."""
        if self._asleep and self.view.spec is not None:
            self._simulate_again(self.view.run_spec, self.view.spec, len(self.view.snapshots))

    def _month(self) -> None:
        """Simulate one month and keep its snapshot."""
        self._wake()
        if self._source is None or not self._source.running:
            return self._show(playing=False)
        snapshot = self._source.next()
        self._pace.done(self.view.speed)
        snapshots = (*self.view.snapshots, snapshot)[-MAX_SNAPSHOTS:]
        self._show(snapshots=snapshots, behind=self._pace.behind, playing=self.view.playing and self._source.running)

    def _play(self, _: Any) -> None:
        self._wake()
        self._pace.start()
        self._show(playing=self._source is not None and self._source.running, behind=0.0, failed="")

    def _pause(self, _: Any) -> None:
        self._show(playing=False)

    def _step(self, _: Any) -> None:
        self._show(playing=False, failed="")
        self._month()

    def _until(self, months: int) -> None:
        """Simulate without pauses until the run has so many months."""
        self._wake()
        while len(self.view.snapshots) < months and self._source is not None and self._source.running:
            self._month()

    def _speed(self, speed: float) -> None:
        if not 0 < speed <= FASTEST:
            raise BadInput(f"speed: found {speed}, expected more than 0 and at most {FASTEST:g} months per second")
        self._pace.start()
        self._show(speed=speed)

    def _change(self, request: tuple[str, float, int]) -> None:
        """Change a number after the months kept; later months belong to another future and are dropped."""
        path, value, months_kept = request
        months_kept = min(months_kept, len(self.view.snapshots))
        run_spec = self._run_spec_of(months_kept)
        month = self._month_name(months_kept)
        others = [change for change in run_spec.changes if (change.month, change.path) != (month, path)]
        run_spec = replace(run_spec, changes=(*others, Change(month, path, value)))
        spec = self._provider.resolve(run_spec)
        if months_kept < len(self.view.snapshots) or self._source is None:
            return self._simulate_again(run_spec, spec, months_kept)
        self._source.steer(spec)
        self._show(run_spec=run_spec, spec=spec, failed="")

    def _branch(self, months_kept: int) -> None:
        """Return to a month and start a new future there."""
        run_spec = self._run_spec_of(min(months_kept, len(self.view.snapshots)))
        self._simulate_again(run_spec, self._provider.resolve(run_spec), months_kept)

    def _start(self, request: tuple[RunSpec, int]) -> None:
        """Start another run."""
        run_spec, until = request
        spec = self._provider.resolve(run_spec)
        self._show(snapshots=(), spec=None, playing=False)
        self._simulate_again(run_spec, spec, until)

    def _simulate_again(self, run_spec: RunSpec, spec: ScenarioSpec, until: int) -> None:
        """Simulate the first months again; seed and recorded changes reproduce them to the cent."""
        until = min(until, spec.months)
        snapshots = self.view.snapshots[:until]
        self._show(
            run_spec=run_spec,
            spec=spec,
            snapshots=snapshots,
            playing=False,
            failed="",
            busy=(0, until) if until else None,
        )
        self._release()
        self._source = self._provider.start(spec, run_spec)
        for number in range(until):
            month = self._source.next()
            snapshots = snapshots if number < len(snapshots) else (*snapshots, month)
            self._show(snapshots=snapshots, busy=(number + 1, until))
        self._show(snapshots=snapshots, busy=None)

    def _run_spec_of(self, months_kept: int) -> RunSpec:
        """Return the run specification without the changes of dropped months."""
        name = self._month_name(months_kept)
        return replace(
            self.view.run_spec, changes=tuple(change for change in self.view.run_spec.changes if change.month <= name)
        )

    def _month_name(self, number: int) -> str:
        """Name a month of the run by its number, such as 2024-03."""
        spec = self.view.spec
        if spec is None:
            raise BadInput("change: found no run; start one first")
        count = spec.start.year * 12 + spec.start.month - 1 + number
        return f"{count // 12}-{count % 12 + 1:02d}"
