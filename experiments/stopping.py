"""How a command ends: its exit status, and what it says when somebody or the system stops it."""

import _thread
import errno
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

DONE, BROKEN, BAD_INPUT = 0, 1, 2
INTERRUPTED, TERMINATED = 130, 143  # 128 and the signal's number, as shells count
SIGNALLED = 128
STATUSES = {
    DONE: "done",
    BROKEN: "the run itself failed, or the disk did",
    BAD_INPUT: "something that was given can't be used",
    INTERRUPTED: "Ctrl-C",
    TERMINATED: "SIGTERM, which batch schedulers send",
}
SOON = 0.3  # seconds after which a signal comes again, for what it raised may have been swallowed
PLACES = (  # what the system says where the place of an output is at fault, and not the disk
    *(errno.ENOENT, errno.ENOTDIR, errno.EISDIR, errno.EACCES, errno.EPERM, errno.EROFS),
    *(errno.ENAMETOOLONG, errno.ELOOP, errno.EINVAL, errno.EEXIST, errno.ENOTEMPTY),
)


def status_of_signal(number: int) -> int:
    """Give the exit status of a command that a signal stopped."""
    return SIGNALLED + number


def stopped_by(number: int) -> str:
    """Say what stopped a command, where it was not the user's Ctrl-C."""
    return "stopped" if number == signal.SIGINT else f"stopped by {signal.Signals(number).name}"


class Stopped(BaseException):
    """A command was stopped from outside; whatever it had begun to write is cleared on the way out."""

    def __init__(self, number: int):
        super().__init__(number)
        self.number = number
        self.status, self.said = status_of_signal(number), stopped_by(number)


@dataclass
class Ear:
    """Hears the signals, and raises ``Stopped`` until that is on its way out.

    What is raised in the midst of an import or a destructor may be swallowed there, so each signal comes again; while
    ``Stopped`` goes up and things are cleared up on its way, nothing more is raised.
    """

    again: threading.Timer | None = None
    otherwise: Callable[[Any], Any] = sys.unraisablehook

    def heard(self, number: int, _: Any) -> None:
        """Raise ``Stopped``, unless one is on its way."""
        self.rest()
        self.again = threading.Timer(SOON, _send, (number,))
        self.again.daemon = True
        self.again.start()
        if not _on_its_way(sys.exception()):
            raise Stopped(number)

    def lost(self, unraisable: Any) -> None:
        """Say nothing of a ``Stopped`` that was swallowed: it comes again."""
        if not isinstance(unraisable.exc_value, Stopped):
            self.otherwise(unraisable)

    def rest(self) -> None:
        """Let no signal come again."""
        if self.again is not None:
            self.again.cancel()


def _on_its_way(error: BaseException | None) -> bool:
    """Whether what is being handled is ``Stopped``, or came up while that was handled."""
    while error is not None and not isinstance(error, Stopped):
        error = error.__context__
    return error is not None


def _send(number: int) -> None:
    """Send a signal to the main thread, which may be asleep."""
    if hasattr(signal, "pthread_kill"):
        signal.pthread_kill(threading.main_thread().ident or 0, number)
    else:  # Windows
        _thread.interrupt_main(signal.Signals(number))


@contextmanager
def heeding_signals() -> Iterator[None]:
    """Turn Ctrl-C and SIGTERM into ``Stopped``; who ignores a signal from the start, as under nohup, goes on so."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    ear = Ear(otherwise=sys.unraisablehook)
    both = (signal.SIGINT, signal.SIGTERM)
    heeded = [number for number in both if signal.getsignal(number) != signal.SIG_IGN]
    before = {number: signal.signal(number, ear.heard) for number in heeded}
    sys.unraisablehook = ear.lost
    try:
        yield
    finally:
        ear.rest()
        sys.unraisablehook = ear.otherwise
        for number, handler in before.items():
            signal.signal(number, handler)


def status_of(error: OSError) -> int:
    """Say whether a place that was given is at fault for what the system refused (2), or the disk (1)."""
    return BAD_INPUT if error.errno in PLACES else BROKEN


def let_any_text_out() -> None:
    """Have letters that a console can't show written as their codes; where the output is closed, all goes nowhere."""
    if sys.stdout is None:
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115 - as long as the process lives
    if sys.stderr is None:
        sys.stderr = sys.stdout
    for stream in (sys.stdout, sys.stderr):
        if reconfigure := getattr(stream, "reconfigure", None):
            reconfigure(errors="backslashreplace")
