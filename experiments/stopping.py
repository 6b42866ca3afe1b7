"""How a command ends: its exit status, and what it says when somebody or the system stops it."""

import errno
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

DONE, BROKEN, BAD_INPUT = 0, 1, 2
INTERRUPTED, TERMINATED = 128 + signal.SIGINT, 128 + signal.SIGTERM  # 130 and 143, as shells count them
STATUSES = {
    DONE: "done",
    BROKEN: "the run itself failed, or the disk did",
    BAD_INPUT: "something that was given can't be used",
    INTERRUPTED: "Ctrl-C",
    TERMINATED: "SIGTERM, which batch schedulers send",
}
PLACES = (  # what the system says where the place of an output is at fault, and not the disk
    *(errno.ENOENT, errno.ENOTDIR, errno.EISDIR, errno.EACCES, errno.EPERM, errno.EROFS),
    *(errno.ENAMETOOLONG, errno.ELOOP, errno.EINVAL, errno.EEXIST, errno.ENOTEMPTY),
)


class Stopped(BaseException):
    """A command was stopped from outside; whatever it had begun to write is cleared on the way out."""

    def __init__(self, number: int):
        super().__init__(number)
        self.status = 128 + number
        self.said = "stopped" if number == signal.SIGINT else f"stopped by {signal.Signals(number).name}"


@contextmanager
def heeding_signals() -> Iterator[None]:
    """Turn Ctrl-C and SIGTERM into ``Stopped``, once: a second one may not break off the clearing up."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    both = (signal.SIGINT, signal.SIGTERM)
    heeded = [number for number in both if signal.getsignal(number) != signal.SIG_IGN]  # nohup ignores them

    def heard(number: int, _: Any) -> None:
        for each in heeded:
            signal.signal(each, signal.SIG_IGN)
        raise Stopped(number)

    before = {number: signal.signal(number, heard) for number in heeded}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def status_of(error: OSError) -> int:
    """Say whether a place that was given is at fault for what the system refused (2), or the disk (1)."""
    return BAD_INPUT if error.errno in PLACES else BROKEN


def let_any_text_out() -> None:
    """Have letters that a console can't show written as their codes: a title may be in any script."""
    for stream in (sys.stdout, sys.stderr):
        if reconfigure := getattr(stream, "reconfigure", None):
            reconfigure(errors="backslashreplace")
