"""A pool of processes: each works on one task at a time, and none outlives the process that started it.

A pool of the standard library waits for its processes when an exception leaves its block, and leaves them running when
its own process is killed. Here each worker has its own pipe: the worker ends when the pipe is closed, whatever the
reason, and the pipe also shows when a worker has died.
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

from watersellers.experiments.input.errors import BadInput, WorkerLost
from watersellers.experiments.input.scenario_warnings import never_say
from watersellers.experiments.own_code.own_rules import find_again, found_rules

DONE, FAILED = "made", "failed"


class ProcessPool:
    """A number of processes that start together and end together."""

    def __init__(self) -> None:
        self.workers: dict[Connection, SpawnProcess] = {}

    def start(self, number: int) -> None:
        """Start processes.

        Raises
        ------
        BadInput
            If the system does not allow so many.
        """
        context = get_context("spawn")
        for begun in range(number):
            try:
                mine, its = context.Pipe()
                process = context.Process(target=_serve, args=(its, *found_rules()), daemon=True)
                with _without_ctrl_c():
                    process.start()
                its.close()
            except OSError as error:
                fewer = f"expected fewer: the system allows no more than {begun} ({error.strerror})"
                raise BadInput(f"workers: found {number}, {fewer}") from None
            self.workers[mine] = process

    def results(self, work: Callable[..., Any], tasks: Sequence[tuple[Any, ...]]) -> Iterator[Any]:
        """Work on tasks, each the arguments of one call of ``work``, and yield the results in their order.

        Raises
        ------
        WorkerLost
            If a process was ended from outside; and any exception of ``work``. All processes are ended then.
        """
        answers: dict[int, Any] = {}
        doing: dict[Connection, int] = {}
        waiting = iter(enumerate(tasks))
        try:
            for worker in self.workers:
                self._hand_out(worker, work, waiting, doing)
            for number in range(len(tasks)):
                while number not in answers:
                    answering = wait(list(doing))
                    for worker in [one for one in doing if one in answering]:
                        answers[doing.pop(worker)] = self._answer(worker)
                        self._hand_out(worker, work, waiting, doing)
                yield answers.pop(number)
        except BaseException:
            self.end()  # nobody needs the work that is still running
            raise

    def end(self) -> None:
        """End all processes now, even during their work."""
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
        """Give a worker the next task, if there is one."""
        for number, task in waiting:
            try:
                worker.send_bytes(pickle.dumps((work, task)))
            except OSError:
                raise self._lost(worker) from None
            doing[worker] = number
            return

    def _answer(self, worker: Connection) -> Any:
        """Receive the result of a task."""
        try:
            status, answer = pickle.loads(worker.recv_bytes())
        except (EOFError, OSError):
            raise self._lost(worker) from None
        if status == FAILED:
            raise answer
        return answer

    def _lost(self, worker: Connection) -> WorkerLost:
        """Make the exception for a worker that ended."""
        process = self.workers[worker]
        process.join()
        code = process.exitcode or 0
        cure = (
            "if memory is short, use fewer workers or fewer users"
            if code < 0
            else "put the work of a script under `if __name__ == '__main__':`, so that its processes don't repeat it"
        )
        return WorkerLost(f"a worker process {exit_text(code)}; {cure}")


def exit_text(code: int) -> str:
    """Describe how a process ended."""
    if code >= 0:
        return f"ended by itself with status {code}"
    try:
        return f"was ended by {signal.Signals(-code).name}"
    except ValueError:
        return f"was ended by signal {-code}"


@contextmanager
def _without_ctrl_c() -> Iterator[None]:
    """Start processes that ignore Ctrl-C, which a terminal sends to all its processes: the main one handles it."""
    if not hasattr(signal, "pthread_sigmask"):  # Windows
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _serve(parent: Connection, folders: dict[str, str], rules: list[str]) -> None:
    """Work on one task after the other, until the parent process closes the pipe.

    ``folders`` and ``rules`` are the user's own, which scenarios may hold (``found_rules``).
    """
    tasks: SimpleQueue[bytes] = SimpleQueue()

    def listen() -> None:
        """Take in tasks, and end the process when the pipe is closed."""
        with suppress(EOFError, OSError):
            while True:
                tasks.put(parent.recv_bytes())
        os._exit(0)  # even in the middle of a task

    threading.Thread(target=listen, daemon=True).start()
    never_say()
    find_again(folders, rules)
    while True:
        answer = _do_task(tasks.get())
        with suppress(OSError):  # the parent is gone, and this process ends too
            parent.send_bytes(answer)


def _do_task(packed: bytes) -> bytes:
    """Work on a task, and pack its result or its exception."""
    try:
        work, task = pickle.loads(packed)
        return pickle.dumps((DONE, work(*task)))
    except Exception as error:  # noqa: BLE001 - any exception is raised again in the parent
        text = "".join(traceback.format_exception(error))
        return _pack_error(error) or pickle.dumps((FAILED, RuntimeError(text)))


def _pack_error(error: Exception) -> bytes | None:
    """Pack an error, if it can be packed and unpacked."""
    try:
        packed = pickle.dumps((FAILED, error))
        pickle.loads(packed)
    except Exception:  # noqa: BLE001 - a user's own exception may fail in any way
        return None
    return packed
