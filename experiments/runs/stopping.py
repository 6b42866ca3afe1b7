"""How a command ends: its exit status, and its last sentence when a user or the system stops it."""

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
SOON = 0.3  # seconds after which a signal is sent again, since its exception may have been swallowed
PLACES = (  # errors of the system that are due to an output's path, not to the disk
    *(errno.ENOENT, errno.ENOTDIR, errno.EISDIR, errno.EACCES, errno.EPERM, errno.EROFS),
    *(errno.ENAMETOOLONG, errno.ELOOP, errno.EINVAL, errno.EEXIST, errno.ENOTEMPTY),
)


def status_of_signal(number: int) -> int:
    """Return the exit status of a command that a signal stopped."""
    return SIGNALLED + number


def stopped_by(number: int) -> str:
    """Say that a command was stopped, and by which signal unless it was Ctrl-C."""
    return "stopped" if number == signal.SIGINT else f"stopped by {signal.Signals(number).name}"


class Stopped(BaseException):
    """A command was stopped from outside; half-written files are removed on the way out."""

    def __init__(self, number: int):
        super().__init__(number)
        self.number = number
        self.status, self.sentence = status_of_signal(number), stopped_by(number)


@dataclass
class SignalListener:
    """Handles signals: raises ``Stopped``, again and again until it propagates.

    An exception inside an import or a destructor may be swallowed there, so each signal is sent again. While
    ``Stopped``, or what a library made of it, propagates and files are removed, nothing more is raised. ``number`` is
    the last signal received.
    """

    number: int | None = None
    repeat: threading.Timer | None = None
    previous_hook: Callable[[Any], Any] = sys.unraisablehook

    def on_signal(self, number: int, _: Any) -> None:
        """Raise ``Stopped``, unless it is propagating already."""
        again, self.number = self.number is not None, number
        self.cancel()
        self.repeat = threading.Timer(SOON, _send, (number,))
        self.repeat.daemon = True
        self.repeat.start()
        error = sys.exception()
        if not (_propagating(error) or (again and error is not None)):
            raise Stopped(number)

    def on_unraisable(self, unraisable: Any) -> None:
        """Ignore a ``Stopped`` that was swallowed, because it is raised again."""
        if not isinstance(unraisable.exc_value, Stopped):
            self.previous_hook(unraisable)

    def cancel(self) -> None:
        """Stop repeating the signal."""
        if self.repeat is not None:
            self.repeat.cancel()


def _propagating(error: BaseException | None) -> bool:
    """Say whether an error is ``Stopped``, or was raised while ``Stopped`` was handled."""
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
def signals_handled() -> Iterator[None]:
    """Turn Ctrl-C and SIGTERM into ``Stopped``; a signal that is ignored already, as under nohup, stays so.

    A library may turn ``Stopped`` into an error of its own, as pydantic does while it builds a model. Whatever error
    ends the block after a signal, the signal is why.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    listener = SignalListener(previous_hook=sys.unraisablehook)
    both = (signal.SIGINT, signal.SIGTERM)
    handled = [number for number in both if signal.getsignal(number) != signal.SIG_IGN]
    before = {number: signal.signal(number, listener.on_signal) for number in handled}
    sys.unraisablehook = listener.on_unraisable
    try:
        yield
    except BaseException as error:
        if listener.number is None or isinstance(error, Stopped | KeyboardInterrupt | GeneratorExit):
            raise
        raise Stopped(listener.number) from error
    finally:
        listener.cancel()
        sys.unraisablehook = listener.previous_hook
        for number, handler in before.items():
            signal.signal(number, handler)


def status_of(error: OSError) -> int:
    """Choose the exit status for an error of the system: 2 if a given path is at fault, 1 if the disk is."""
    return BAD_INPUT if error.errno in PLACES else BROKEN


def accept_any_text() -> None:
    """Write characters that a console can't show as codes; discard all output if it is closed."""
    if sys.stdout is None:
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115 - as long as the process lives
    if sys.stderr is None:
        sys.stderr = sys.stdout
    for stream in (sys.stdout, sys.stderr):
        if reconfigure := getattr(stream, "reconfigure", None):
            reconfigure(errors="backslashreplace")
