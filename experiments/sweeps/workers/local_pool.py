"""Workers on this machine: the pool hands out one run at a time, and returns the outcome of each."""

import os
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from queue import SimpleQueue
from threading import Event, Lock, Thread
from typing import Any

from watersellers.experiments.sweeps.folder.run_record import Outcome
from watersellers.experiments.sweeps.study.plan import PlannedRun
from watersellers.experiments.sweeps.workers.worker_handle import WorkerHandle

type Message = Outcome | BaseException | None  # None: a thread has finished


class LocalPool:
    """Worker processes on this machine, one per core unless told otherwise."""

    def __init__(
        self, folder: Path, version: str, modules: Mapping[str, str], time_limit: float, workers: int | None = None
    ):
        self.count = workers or os.cpu_count() or 1
        self._handles = [WorkerHandle(folder, version, modules, time_limit) for _ in range(self.count)]
        self._stopping = Event()
        self._lock = Lock()
        self._results: SimpleQueue[Message] = SimpleQueue()

    def outcomes(self, runs: Iterable[PlannedRun]) -> Iterator[Outcome]:
        """Hand out runs, and yield the outcome of each as it ends.

        Raises
        ------
        CutShort, BadInput
            If the sweep can't go on; runs that were being made are finished first.
        """
        waiting = iter(runs)
        threads = [Thread(target=self._work, args=(handle, waiting), daemon=True) for handle in self._handles]
        for thread in threads:
            thread.start()
        failure: BaseException | None = None
        working = len(threads)
        try:
            while working:
                result = self._results.get()
                if isinstance(result, Outcome):
                    yield result
                elif result is None:
                    working -= 1
                else:
                    failure = failure or result
                    self.stop()
        finally:
            if working:  # the caller has stopped reading
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
        for handle in self._handles:
            handle.close()

    def close(self) -> None:
        """End all workers; those that have finished already are not waited for."""
        self.give_up()

    def _work(self, handle: WorkerHandle, waiting: Iterator[PlannedRun]) -> None:
        """Make one run after the other until none is left."""
        try:
            while (request := self._next(waiting)) is not None:
                outcome = handle.outcome(request)
                if outcome is not None:
                    self._results.put(outcome)
            handle.release()
        except BaseException as error:  # noqa: BLE001 - raised again in the thread that reads the results
            self._results.put(error)
        finally:
            self._results.put(None)

    def _next(self, waiting: Iterator[PlannedRun]) -> dict[str, Any] | None:
        """Take the next waiting run."""
        with self._lock:
            if self._stopping.is_set():
                return None
            planned = next(waiting, None)
            return None if planned is None else planned.request()
