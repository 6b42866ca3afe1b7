"""Worlds in processes of their own, so that no page waits for the months of another.

A first process loads the model once, and each world is forked from it within milliseconds. Where the system has no fork
server, the process of each world loads the model itself. A process ends with its world, and with the lab, however the
lab ends.
"""

import gc
import multiprocessing
import signal
import sys
from contextlib import suppress
from dataclasses import fields
from multiprocessing import forkserver
from multiprocessing.connection import Connection
from typing import Any

from watersellers.agents.scenario_spec import ScenarioSpec
from watersellers.experiments.input.errors import BadInput
from watersellers.experiments.runs.month_snapshots import MonthSnapshot, Participants
from watersellers.experiments.runs.run_spec import RunSpec
from watersellers.viz.lab.worlds.month_sources import LiveMonths, MonthSource, NewWorlds

FORKS = "forkserver" in multiprocessing.get_all_start_methods()
_processes: Any = multiprocessing.get_context("forkserver" if FORKS else "spawn")
SWITCH_SECONDS = 0.0005  # that an arrived month waits at most for a thread that draws


class WorldLost(ArithmeticError):
    """A world has failed, or its process has ended."""


class RemoteWorlds(NewWorlds):
    """Starts each world in a process of its own."""

    def __init__(self) -> None:
        sys.setswitchinterval(SWITCH_SECONDS)
        if FORKS:
            _processes.set_forkserver_preload([__name__, "watersellers.viz.lab.worlds.preload"])
            forkserver.ensure_running()  # loads the model while the first page opens

    def start(self, spec: ScenarioSpec, run_spec: RunSpec) -> MonthSource:
        """Start a process that builds the world."""
        return RemoteMonths(spec, run_spec)


class RemoteMonths:
    """The months of a world in another process."""

    def __init__(self, spec: ScenarioSpec, run_spec: RunSpec):
        self._pipe, other_end = _processes.Pipe()
        self._process = _processes.Process(target=_serve, args=(other_end, spec, run_spec), daemon=True)
        self._process.start()
        other_end.close()
        self.running = True
        self._participants = Participants(**self._answer())

    def next(self) -> MonthSnapshot:
        """Have the other process simulate a month, and return it."""
        return MonthSnapshot(participants=self._participants, **self._ask(None))

    def steer(self, spec: ScenarioSpec) -> None:
        """Change the months to come."""
        self._ask(spec)

    def close(self) -> None:
        """End the process; it has nothing to save."""
        self._pipe.close()
        self._process.terminate()
        self._process.join()

    def _ask(self, what: ScenarioSpec | None) -> Any:
        """Send a new scenario specification, or None to ask for a month."""
        with suppress(OSError):  # a process that has ended does not answer, which is reported below
            self._pipe.send(what)
        return self._answer()

    def _answer(self) -> Any:
        """Wait for the answer, and raise what the world raised."""
        try:
            self.running, answer = self._pipe.recv()
        except (EOFError, OSError):
            raise WorldLost("the process of this world is gone, perhaps for lack of memory; start it again") from None
        if isinstance(answer, Exception):
            raise answer
        return answer


def _serve(pipe: Connection, spec: ScenarioSpec, run_spec: RunSpec) -> None:
    """Answer requests for a world until the pipe is closed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the lab
    gc.freeze()  # loaded modules stay: garbage collection neither scans nor copies them
    with suppress(EOFError, OSError):
        try:
            source = LiveMonths(spec, run_spec)
        except (BadInput, ArithmeticError) as error:
            return pipe.send((False, error))
        pipe.send((source.running, _fields(source.participants)))
        while True:
            answer = _handle(source, pipe.recv())
            pipe.send((source.running, answer))


def _handle(source: LiveMonths, request: ScenarioSpec | None) -> dict[str, Any] | Exception | None:
    """Steer the world or simulate a month; return the month without its participants, or the error."""
    try:
        if request is not None:
            source.steer(request)
            return None
        month = _fields(source.next())
        del month["participants"]
        return month
    except (BadInput, ArithmeticError) as error:
        return error


def _fields(record: Participants | MonthSnapshot) -> dict[str, Any]:
    return {field.name: getattr(record, field.name) for field in fields(record)}
