"""A handle on a worker process: started when needed, ended when it hangs, replaced when killed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock
from typing import Any

from watersellers.experiments.input.errors import BadInput, CutShort
from watersellers.experiments.sweeps.folder.run_record import (
    LOST,
    OK,
    TIMED_OUT,
    Outcome,
    part_of,
    read_part,
    write_part,
)
from watersellers.experiments.sweeps.workers.worker_main import UNSAVED
from watersellers.experiments.sweeps.workers.worker_pipe import START_LIMIT, WorkerEnded, WorkerHung, WorkerPipe

TRIES = 2  # a machine short of memory may kill any process; a run whose process dies twice is the cause itself


@dataclass
class WorkerHandle:
    """Holds one worker process, which makes one run at a time."""

    folder: Path
    version: str
    modules: Mapping[str, str]
    time_limit: float
    _pipe: WorkerPipe | None = None
    _lock: Lock = field(default_factory=Lock)
    _closed: bool = False

    def outcome(self, request: dict[str, Any]) -> Outcome | None:
        """Have a run made, and return its outcome; None if the handle was closed meanwhile.

        Raises
        ------
        CutShort
            If a made run can't be written.
        BadInput
            If the worker can't make runs of this study at all.
        """
        how = ""
        for _ in range(TRIES):
            try:
                return self._outcome_in(self._ask(request))
            except WorkerHung as hung:
                return self._record(Outcome(request["run"], TIMED_OUT, self.time_limit, None, str(hung)))
            except WorkerEnded as end:
                if self._closed:
                    return None
                how = str(end)
                done = read_part(part_of(self.folder, request["run"]))
                if done and done.status == OK:
                    return done  # the process was killed after it had written the run
        return self._record(Outcome(request["run"], LOST, None, None, f"its process {how}, {TRIES} times"))

    def close(self) -> None:
        """End the worker now, even in the middle of a run."""
        with self._lock:
            self._closed = True
            if self._pipe is not None:
                self._pipe.kill()

    def release(self) -> None:
        """Let an idle worker end by itself."""
        pipe, self._pipe = self._pipe, None
        if pipe is not None:
            pipe.release()

    def _ask(self, request: dict[str, Any]) -> dict[str, Any]:
        """Request a run, and wait for the answer as long as a run may take."""
        try:
            pipe = self._pipe or self._start()
            return pipe.ask(request, self.time_limit)
        except (WorkerEnded, WorkerHung):
            self._pipe = None
            raise

    def _start(self) -> WorkerPipe:
        """Start a worker process, and wait until it is ready."""
        with self._lock:
            if self._closed:
                raise WorkerEnded("was not started")
            self._pipe = WorkerPipe()
        hello = {"folder": str(self.folder), "version": self.version, "modules": dict(self.modules)}
        ready = self._pipe.ask(hello, START_LIMIT)
        if "refused" in ready:
            self.release()
            raise BadInput(ready["refused"])
        return self._pipe

    def _outcome_in(self, answer: dict[str, Any]) -> Outcome:
        """Read the outcome in an answer."""
        if answer["status"] == UNSAVED:
            raise CutShort(answer["error"])
        return Outcome(**answer)

    def _record(self, outcome: Outcome) -> Outcome:
        """Write the part of a run for a worker that could not."""
        try:
            write_part(self.folder, outcome)
        except OSError as error:
            raise CutShort(f"{error.filename or 'writing'}: {error.strerror}") from None
        return outcome
