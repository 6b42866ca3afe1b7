"""Workers on other machines: a dask scheduler hands out the runs, and the workers write what comes out themselves.

Each worker of the cluster asks a process of its own for its runs, as a crew's desk does, so that a run which hangs or
kills its process costs that process and no worker. Only what became of a run travels back, and is let go of at once.
"""

import threading
import time
from collections.abc import Iterator, Mapping
from itertools import islice
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Any

from watersellers.experiments.errors import BadInput, CutShort
from watersellers.experiments.sweeps.extras import needed
from watersellers.experiments.sweeps.parts import LOST, OK, Outcome, part_of, read_part, write_part
from watersellers.experiments.sweeps.process import Desk

if TYPE_CHECKING:  # a cluster's worker, which imports this, leaves the model to a process of its own
    from watersellers.experiments.sweeps.plan import Planned

AHEAD = 2  # runs for each worker's thread that wait at the scheduler
LOOK = 0.5  # seconds between two looks whether the scheduler is there
PATIENCE = 10.0  # seconds for a scheduler to answer at first

WORKERLESS = 60.0  # seconds without any worker, after which nobody will make the runs

GONE = "the dask scheduler is gone, or cancelled the runs"

_here = threading.local()  # the desk of each thread of a cluster's worker


class Cluster:
    """The workers of a dask cluster, which all see the sweep folder under its path."""

    def __init__(self, address: str, folder: Path, version: str, modules: Mapping[str, str], time_limit: float):
        distributed = needed("distributed", "cluster")
        try:
            self._client = distributed.Client(address, timeout=PATIENCE, set_as_default=False)
        except (OSError, ValueError, TypeError) as error:
            cure = "start one with `dask scheduler`"
            raise BadInput(f"--cluster: no dask scheduler answers at {address!r} ({error}); {cure}") from None
        self._as_completed = distributed.as_completed
        self._folder = folder
        self._order = (str(folder), version, dict(modules), time_limit)
        self._stopping = threading.Event()
        self._giving_up = threading.Event()
        self._said: SimpleQueue[Any] = SimpleQueue()

    def outcomes(self, runs: "Iterator[Planned]") -> Iterator[Outcome]:
        """Have runs made, and give what became of each as it ends.

        Raises
        ------
        CutShort, BadInput
            If the scheduler is gone, or a worker can't make runs of this study.
        """
        threading.Thread(target=self._hand_out, args=(runs,), daemon=True).start()
        try:
            while (said := self._next()) is not None:
                if isinstance(said, BaseException):
                    raise said
                yield said
        finally:
            self._stopping.set()

    def close(self) -> None:
        """Let go of the scheduler."""
        self._stopping.set()
        self._client.close(timeout=LOOK)

    def stop(self) -> None:
        """Hand out no more runs; those at the workers are finished."""
        self._stopping.set()

    def give_up(self) -> None:
        """Hear no more of the runs that are being made."""
        self._stopping.set()
        self._giving_up.set()

    def _next(self) -> Any:
        """Wait for what became of the next run, as long as the scheduler is there, and some worker now and then."""
        seen = time.monotonic()  # when there was a worker last
        while not self._giving_up.is_set():
            try:
                return self._said.get(timeout=LOOK)
            except Empty:
                if not self._reached():
                    raise CutShort(GONE) from None
            if self._has_workers():
                seen = time.monotonic()
            elif time.monotonic() - seen > WORKERLESS:
                raise CutShort(f"the dask scheduler has had no worker for {WORKERLESS:g} seconds; start one")
        return None

    def _reached(self) -> bool:
        """Whether the scheduler is there."""
        comm = self._client.scheduler_comm
        return self._client.status == "running" and comm is not None and not comm.comm.closed()

    def _has_workers(self) -> bool:
        """Whether any worker is there; a scheduler that goes while it is asked is found out at the next look."""
        try:
            return bool(self._client.nthreads())
        except OSError:
            return True

    def _hand_out(self, runs: "Iterator[Planned]") -> None:
        """Give runs to the scheduler, a few ahead of its workers, and pass on what became of each."""
        try:
            threads = sum(self._client.nthreads().values())
            waiting = self._as_completed(loop=self._client.loop, with_results=True, raise_errors=False)
            for planned in islice(runs, AHEAD * max(1, threads)):
                waiting.add(self._submitted(planned))
            for future, answer in waiting:
                self._said.put(self._read(future, answer))
                future.release()
                more = None if self._stopping.is_set() else next(runs, None)
                if more is not None:
                    waiting.add(self._submitted(more))
            self._said.put(None)
        except BaseException as error:  # noqa: BLE001 - raised where somebody hears it
            self._said.put(CutShort(f"the dask cluster: {error}") if self._reached() else CutShort(GONE))

    def _read(self, future: Any, answer: Any) -> Outcome | BaseException:
        """Read what a worker sent back; a run that took its workers with it is lost, and the others go on."""
        if future.status == "error":
            outcome = Outcome(future.key, LOST, None, None, f"the cluster gave it up: {future.exception()}")
            write_part(self._folder, outcome)
            return outcome
        if future.status != "finished":
            return CutShort(GONE)
        if "cut short" in answer:
            return CutShort(answer["cut short"])
        return BadInput(answer["refused"]) if "refused" in answer else Outcome(**answer)

    def _submitted(self, planned: "Planned") -> Any:
        return self._client.submit(make, *self._order, planned.asked(), key=planned.run, pure=False)


def make(
    folder: str, version: str, modules: dict[str, str], time_limit: float, asked: dict[str, Any]
) -> dict[str, Any]:
    """Make a run on a worker of the cluster, unless it is made: the scheduler asks again where a worker was killed."""
    from dataclasses import asdict

    done = read_part(part_of(Path(folder), asked["run"]))
    if done is not None and done.status == OK:
        return asdict(done)
    order = (folder, version, modules, time_limit)
    if getattr(_here, "order", None) != order:
        if hasattr(_here, "desk"):
            _here.desk.leave()
        _here.order, _here.desk = order, Desk(Path(folder), version, modules, time_limit)
    try:
        outcome = _here.desk.outcome(asked)
    except CutShort as error:
        return {"cut short": str(error)}
    except BadInput as error:
        return {"refused": str(error)}
    return asdict(outcome)
