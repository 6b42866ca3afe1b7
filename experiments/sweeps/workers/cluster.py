"""Workers on other machines: a dask scheduler hands out runs, and the workers write the results themselves.

Each worker of the cluster makes its runs in a separate process, as the local pool does, so that a run which hangs
or kills its process costs that process and no worker. Only the outcome of a run travels back.
"""

import threading
import time
from collections.abc import Iterator, Mapping
from itertools import islice
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Any

from watersellers.experiments.input.errors import BadInput, CutShort
from watersellers.experiments.input.optional_packages import load_optional
from watersellers.experiments.sweeps.folder.run_record import LOST, OK, Outcome, part_of, read_part, write_part
from watersellers.experiments.sweeps.workers.worker_handle import WorkerHandle

if TYPE_CHECKING:  # a cluster's worker imports this module, and leaves the model to a process of its own
    from watersellers.experiments.sweeps.study.plan import PlannedRun

QUEUED_PER_THREAD = 2  # runs for each worker's thread that wait at the scheduler
POLL_SECONDS = 0.5  # between two checks whether the scheduler is there
CONNECT_LIMIT = 10.0  # seconds that a scheduler has to answer at first
WORKERLESS_LIMIT = 60.0  # seconds without any worker, after which the sweep stops

GONE = "the dask scheduler is gone, or cancelled the runs"

_thread_state = threading.local()  # the worker handle of each thread of a cluster's worker


class Cluster:
    """The workers of a dask cluster, which all see the sweep folder under its path."""

    def __init__(self, address: str, folder: Path, version: str, modules: Mapping[str, str], time_limit: float):
        distributed = load_optional("distributed", "cluster")
        try:
            self._client = distributed.Client(address, timeout=CONNECT_LIMIT, set_as_default=False)
        except (OSError, ValueError, TypeError) as error:
            cure = "start one with `dask scheduler`"
            raise BadInput(f"--cluster: no dask scheduler answers at {address!r} ({error}); {cure}") from None
        self._as_completed = distributed.as_completed
        self._folder = folder
        self._order = (str(folder), version, dict(modules), time_limit)
        self._stopping = threading.Event()
        self._giving_up = threading.Event()
        self._results: SimpleQueue[Any] = SimpleQueue()

    def outcomes(self, runs: "Iterator[PlannedRun]") -> Iterator[Outcome]:
        """Hand out runs, and yield the outcome of each as it ends.

        Raises
        ------
        CutShort, BadInput
            If the scheduler is gone, or a worker can't make runs of this study.
        """
        threading.Thread(target=self._hand_out, args=(runs,), daemon=True).start()
        try:
            while (result := self._next()) is not None:
                if isinstance(result, BaseException):
                    raise result
                yield result
        finally:
            self._stopping.set()

    def close(self) -> None:
        """Disconnect from the scheduler."""
        self._stopping.set()
        self._client.close(timeout=POLL_SECONDS)

    def stop(self) -> None:
        """Hand out no more runs; those at the workers are finished."""
        self._stopping.set()

    def give_up(self) -> None:
        """Stop waiting for the runs that are being made."""
        self._stopping.set()
        self._giving_up.set()

    def _next(self) -> Any:
        """Wait for the next result, as long as the scheduler is there and has had a worker lately."""
        last_worker = time.monotonic()  # when the scheduler had a worker last
        while not self._giving_up.is_set():
            try:
                return self._results.get(timeout=POLL_SECONDS)
            except Empty:
                if not self._scheduler_is_there():
                    raise CutShort(GONE) from None
            if self._has_workers():
                last_worker = time.monotonic()
            elif time.monotonic() - last_worker > WORKERLESS_LIMIT:
                raise CutShort(f"the dask scheduler has had no worker for {WORKERLESS_LIMIT:g} seconds; start one")
        return None

    def _scheduler_is_there(self) -> bool:
        """Whether the connection to the scheduler is open."""
        comm = self._client.scheduler_comm
        return self._client.status == "running" and comm is not None and not comm.comm.closed()

    def _has_workers(self) -> bool:
        """Whether the scheduler has a worker; if the scheduler fails just now, the next check notices."""
        try:
            return bool(self._client.nthreads())
        except OSError:
            return True

    def _hand_out(self, runs: "Iterator[PlannedRun]") -> None:
        """Give runs to the scheduler, a few ahead of its workers, and queue the outcome of each."""
        try:
            threads = sum(self._client.nthreads().values())
            waiting = self._as_completed(loop=self._client.loop, with_results=True, raise_errors=False)
            for planned in islice(runs, QUEUED_PER_THREAD * max(1, threads)):
                waiting.add(self._submit(planned))
            for future, answer in waiting:
                self._results.put(self._read(future, answer))
                future.release()
                more = None if self._stopping.is_set() else next(runs, None)
                if more is not None:
                    waiting.add(self._submit(more))
            self._results.put(None)
        except BaseException as error:  # noqa: BLE001 - raised again in the thread that waits for results
            self._results.put(CutShort(f"the dask cluster: {error}") if self._scheduler_is_there() else CutShort(GONE))

    def _read(self, future: Any, answer: Any) -> Outcome | BaseException:
        """Read a worker's answer; a run that killed its workers is lost, and the others go on."""
        if future.status == "error":
            outcome = Outcome(future.key, LOST, None, None, f"the cluster gave it up: {future.exception()}")
            write_part(self._folder, outcome)
            return outcome
        if future.status != "finished":
            return CutShort(GONE)
        if "cut short" in answer:
            return CutShort(answer["cut short"])
        return BadInput(answer["refused"]) if "refused" in answer else Outcome(**answer)

    def _submit(self, planned: "PlannedRun") -> Any:
        return self._client.submit(make_run, *self._order, planned.request(), key=planned.run, pure=False)


def make_run(
    folder: str, version: str, modules: dict[str, str], time_limit: float, request: dict[str, Any]
) -> dict[str, Any]:
    """Make a run on a worker of the cluster, unless it is made: after a worker is killed the scheduler asks again."""
    from dataclasses import asdict

    done = read_part(part_of(Path(folder), request["run"]))
    if done is not None and done.status == OK:
        return asdict(done)
    order = (folder, version, modules, time_limit)
    if getattr(_thread_state, "order", None) != order:
        if hasattr(_thread_state, "handle"):
            _thread_state.handle.release()
        _thread_state.order, _thread_state.handle = order, WorkerHandle(Path(folder), version, modules, time_limit)
    try:
        outcome = _thread_state.handle.outcome(request)
    except CutShort as error:
        return {"cut short": str(error)}
    except BadInput as error:
        return {"refused": str(error)}
    return asdict(outcome)
