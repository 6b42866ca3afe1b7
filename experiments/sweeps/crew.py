"""Workers on this machine's cores: runs are handed out one at a time, and what becomes of each is given back."""

import os
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from queue import SimpleQueue
from threading import Event, Lock, Thread
from typing import Any

from watersellers.experiments.sweeps.parts import Outcome
from watersellers.experiments.sweeps.plan import Planned
from watersellers.experiments.sweeps.process import Desk

type Said = Outcome | BaseException | None  # None: a worker has gone home


class Crew:
    """So many worker processes on this machine."""

    def __init__(
        self, folder: Path, version: str, modules: Mapping[str, str], time_limit: float, workers: int | None = None
    ):
        self.count = workers or os.cpu_count() or 1
        self._desks = [Desk(folder, version, modules, time_limit) for _ in range(self.count)]
        self._stopping = Event()
        self._lock = Lock()
        self._said: SimpleQueue[Said] = SimpleQueue()

    def outcomes(self, runs: Iterable[Planned]) -> Iterator[Outcome]:
        """Have runs made, and give what became of each as it ends.

        Raises
        ------
        CutShort, BadInput
            If the sweep can't go on; runs that were being made are finished first.
        """
        waiting = iter(runs)
        threads = [Thread(target=self._work, args=(desk, waiting), daemon=True) for desk in self._desks]
        for thread in threads:
            thread.start()
        failure: BaseException | None = None
        working = len(threads)
        try:
            while working:
                said = self._said.get()
                if isinstance(said, Outcome):
                    yield said
                elif said is None:
                    working -= 1
                else:
                    failure = failure or said
                    self.stop()
        finally:
            if working:  # whoever listened has stopped listening
                self.give_up()
            for thread in threads:
                thread.join()
        if failure is not None:
            raise failure

    def stop(self) -> None:
        """Hand out no more runs; those being made are finished."""
        self._stopping.set()

    def give_up(self) -> None:
        """End every worker now, with the run it is making."""
        self.stop()
        for desk in self._desks:
            desk.close()

    def close(self) -> None:
        """Leave no worker behind; those that are at home already are not waited for."""
        self.give_up()

    def _work(self, desk: Desk, waiting: Iterator[Planned]) -> None:
        """Make one run after the other until there is none left."""
        try:
            while (asked := self._next(waiting)) is not None:
                outcome = desk.outcome(asked)
                if outcome is not None:
                    self._said.put(outcome)
            desk.leave()
        except BaseException as error:  # noqa: BLE001 - a thread's failure is raised where somebody hears it
            self._said.put(error)
        finally:
            self._said.put(None)

    def _next(self, waiting: Iterator[Planned]) -> dict[str, Any] | None:
        """Take the next run that waits."""
        with self._lock:
            if self._stopping.is_set():
                return None
            planned = next(waiting, None)
            return None if planned is None else planned.asked()
