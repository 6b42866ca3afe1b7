"""Processes that work for this one: each is handed one task at a time, and none of them outlives who asked.

A pool of the standard library waits for its processes when its block is left by an exception, and leaves them behind
when its own process is killed. Here each worker has a pipe of its own: it ends as soon as that is closed, whichever way
the other end went, and a worker that is gone is noticed by the same pipe.
"""

import os
import pickle
import signal
import threading
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnProcess
from queue import SimpleQueue
from typing import Any

from watersellers.experiments.errors import BadInput, WorkerLost

MADE, FAILED = "made", "failed"


class Crew:
    """So many processes, begun together and ended together."""

    def __init__(self) -> None:
        self.workers: dict[Connection, SpawnProcess] = {}

    def begin(self, number: int) -> None:
        """Begin processes.

        Raises
        ------
        BadInput
            If the system does not let so many begin.
        """
        context = get_context("spawn")
        for begun in range(number):
            try:
                mine, its = context.Pipe()
                process = context.Process(target=_serve, args=(its,), daemon=True)
                with _deaf():
                    process.start()
                its.close()
            except OSError as error:
                fewer = f"expected fewer: the system lets no more than {begun} begin ({error.strerror})"
                raise BadInput(f"workers: found {number}, {fewer}") from None
            self.workers[mine] = process

    def done(self, work: Callable[..., Any], tasks: Sequence[tuple[Any, ...]]) -> Iterator[Any]:
        """Have tasks done, each the arguments of one call of ``work``, and give what came out in their order.

        Raises
        ------
        WorkerLost
            If a process was ended from outside; and whatever ``work`` raises. All processes are ended then.
        """
        found: dict[int, Any] = {}
        doing: dict[Connection, int] = {}
        waiting = iter(enumerate(tasks))
        try:
            for worker in self.workers:
                self._hand_out(worker, work, waiting, doing)
            for number in range(len(tasks)):
                while number not in found:
                    answering = wait(list(doing))
                    for worker in [one for one in doing if one in answering]:
                        found[doing.pop(worker)] = self._answer(worker)
                        self._hand_out(worker, work, waiting, doing)
                yield found.pop(number)
        except BaseException:
            self.end()  # what they still work on is nobody's any more
            raise

    def end(self) -> None:
        """End all processes now, even in the middle of their work."""
        for process in self.workers.values():
            process.kill()
        for worker, process in self.workers.items():
            process.join()
            worker.close()
        self.workers = {}

    def _hand_out(
        self,
        worker: Connection,
        work: Callable[..., Any],
        waiting: Iterator[tuple[int, tuple[Any, ...]]],
        doing: dict[Connection, int],
    ) -> None:
        """Give a worker the next task, if one waits."""
        for number, task in waiting:
            try:
                worker.send_bytes(pickle.dumps((work, task)))
            except OSError:
                raise self._lost(worker) from None
            doing[worker] = number
            return

    def _answer(self, worker: Connection) -> Any:
        """Hear what came of a task."""
        try:
            how, answer = pickle.loads(worker.recv_bytes())
        except (EOFError, OSError):
            raise self._lost(worker) from None
        if how == FAILED:
            raise answer
        return answer

    def _lost(self, worker: Connection) -> WorkerLost:
        """Say how a worker ended."""
        process = self.workers[worker]
        process.join()
        code = process.exitcode or 0
        cure = (
            "where memory is short, fewer workers or fewer users help"
            if code < 0
            else "a script does its work under `if __name__ == '__main__':`, so that its processes don't do it again"
        )
        return WorkerLost(f"a process that made runs {ending(code)}; {cure}")


def ending(code: int) -> str:
    """Say how a process ended."""
    if code >= 0:
        return f"ended by itself with status {code}"
    try:
        return f"was ended by {signal.Signals(-code).name}"
    except ValueError:
        return f"was ended by signal {-code}"


@contextmanager
def _deaf() -> Iterator[None]:
    """Let what begins meanwhile not hear Ctrl-C, which goes to all of a terminal's processes: who asked hears it."""
    if not hasattr(signal, "pthread_sigmask"):  # Windows
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _serve(asking: Connection) -> None:
    """Do one task after the other, until nobody is there to ask."""
    tasks: SimpleQueue[bytes] = SimpleQueue()

    def listen() -> None:
        with suppress(EOFError, OSError):
            while True:
                tasks.put(asking.recv_bytes())
        os._exit(0)  # even in the middle of a task

    threading.Thread(target=listen, daemon=True).start()
    while True:
        answer = _answered(tasks.get())
        with suppress(OSError):  # who asked is gone, and so is this process in a moment
            asking.send_bytes(answer)


def _answered(asked: bytes) -> bytes:
    """Do a task, and pack what came of it or what it raised."""
    try:
        work, task = pickle.loads(asked)
        return pickle.dumps((MADE, work(*task)))
    except Exception as error:  # noqa: BLE001 - whatever it is, it is raised where somebody waits for the answer
        text = "".join(traceback.format_exception(error))
        return _packed(error) or pickle.dumps((FAILED, RuntimeError(text)))


def _packed(error: Exception) -> bytes | None:
    """Pack an error, if it can be packed and unpacked."""
    try:
        packed = pickle.dumps((FAILED, error))
        pickle.loads(packed)
    except Exception:  # noqa: BLE001 - an error of somebody's own may do anything
        return None
    return packed
