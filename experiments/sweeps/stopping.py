"""What is said when somebody stops a sweep: what is kept, where, and how to go on."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol

from watersellers.experiments.stopping import status_of_signal, stopped_by


class SweepStopped(KeyboardInterrupt):
    """Somebody stopped the work by Ctrl-C, or the system by SIGTERM; what was finished is kept."""

    def __init__(self, kept: str, folder: Path, by: int = signal.SIGINT):
        super().__init__(f"stopped: {kept} are kept in {folder}; Ways(resume=True), or --resume, goes on")
        self.folder, self.said, self.status = folder, stopped_by(by), status_of_signal(by)


class Stoppable(Protocol):
    """Who makes runs, and can be told to make no more."""

    def stop(self) -> None: ...

    def give_up(self) -> None: ...


@contextmanager
def stoppable(makers: Stoppable) -> Iterator[list[int]]:
    """Let Ctrl-C stop the handing out of runs, and a second one, or the system's wish, the runs themselves."""
    asked: list[int] = []

    def heard(number: int, _: Any) -> None:
        """Note a wish to stop, and pass it on: the first Ctrl-C gently, whatever comes after it at once."""
        asked.append(number)
        if number == signal.SIGINT and len(asked) == 1:
            makers.stop()
        else:
            makers.give_up()

    if threading.current_thread() is not threading.main_thread():
        yield asked
        return
    before = {number: signal.signal(number, heard) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield asked
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
