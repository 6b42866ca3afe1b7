"""The interruption of a sweep: what is kept, where, and how to continue."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol

from watersellers.experiments.runs.stopping import status_of_signal, stopped_by


class SweepStopped(KeyboardInterrupt):
    """The user stopped the sweep by Ctrl-C, or the system by SIGTERM; finished runs are kept."""

    def __init__(self, kept: str, folder: Path, by: int = signal.SIGINT):
        super().__init__(f"stopped: {kept} are kept in {folder}; Ways(resume=True), or --resume, goes on")
        self.folder, self.by, self.sentence, self.status = folder, by, stopped_by(by), status_of_signal(by)


class Stoppable(Protocol):
    """Workers that can be stopped: gently (``stop``) or at once (``give_up``)."""

    def stop(self) -> None: ...

    def give_up(self) -> None: ...


@contextmanager
def stop_on_signals(workers: Stoppable) -> Iterator[list[int]]:
    """Hand out no more runs after Ctrl-C, and end the running ones after a second Ctrl-C or a SIGTERM.

    Yields the list of signals received so far.
    """
    received: list[int] = []

    def handle(number: int, _: Any) -> None:
        """Stop the workers: gently at the first Ctrl-C, at once at any other signal."""
        received.append(number)
        if number == signal.SIGINT and len(received) == 1:
            workers.stop()
        else:
            workers.give_up()

    if threading.current_thread() is not threading.main_thread():
        yield received
        return
    before = {number: signal.signal(number, handle) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield received
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
