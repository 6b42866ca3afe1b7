"""A world that lives in a process of its own, so that no page waits for another one's month.

The first process loads the model once; each world is split off it, which takes a blink. Where a system knows no such
splitting, each world's process loads the model itself. A process ends with its world, and with the lab however it ends.
"""

import gc
import multiprocessing
import signal
import sys
from contextlib import suppress
from dataclasses import fields
from multiprocessing import forkserver
from multiprocessing.connection import Connection
from typing import Any

from watersellers.agents.setting import Setting
from watersellers.experiments.errors import BadInput
from watersellers.experiments.steering import Recipe
from watersellers.experiments.tape import Cast, Month
from watersellers.viz.live.lives import Life, Living, WorldLife

SPLITS = "forkserver" in multiprocessing.get_all_start_methods()
_processes: Any = multiprocessing.get_context("forkserver" if SPLITS else "spawn")
SOON = 0.0005  # seconds that a month which has come waits at most for a thread that draws


class WorldLost(ArithmeticError):
    """A world broke off, or its process is gone."""


class Elsewhere(Living):
    """Begins worlds in processes of their own."""

    def __init__(self) -> None:
        sys.setswitchinterval(SOON)
        if SPLITS:
            _processes.set_forkserver_preload([__name__, "watersellers.viz.live.warm"])
            forkserver.ensure_running()  # loads the model while the first page opens

    def begin(self, setting: Setting, recipe: Recipe) -> Life:
        """Begin a process that builds the world."""
        return FarLife(setting, recipe)


class FarLife:
    """A world in another process, as seen from here."""

    def __init__(self, setting: Setting, recipe: Recipe):
        self._pipe, far = _processes.Pipe()
        self._process = _processes.Process(target=_live, args=(far, setting, recipe), daemon=True)
        self._process.start()
        far.close()
        self.running = True
        self._cast = Cast(**self._answer())

    def next(self) -> Month:
        """Have a month lived, and take it over."""
        return Month(cast=self._cast, **self._ask(None))

    def steer(self, setting: Setting) -> None:
        """Change what is still to come."""
        self._ask(setting)

    def close(self) -> None:
        """End the process, that has nothing to keep."""
        self._pipe.close()
        self._process.terminate()
        self._process.join()

    def _ask(self, what: Setting | None) -> Any:
        """Ask for what is to come to be changed, or else for a month."""
        with suppress(OSError):  # who is gone does not answer either
            self._pipe.send(what)
        return self._answer()

    def _answer(self) -> Any:
        """Wait for an answer, and raise what the world raised."""
        try:
            self.running, what = self._pipe.recv()
        except (EOFError, OSError):
            raise WorldLost("the process of this world is gone, perhaps for want of memory; begin it again") from None
        if isinstance(what, Exception):
            raise what
        return what


def _live(pipe: Connection, setting: Setting, recipe: Recipe) -> None:
    """Serve a world until nobody asks any more."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the lab
    gc.freeze()  # what is loaded stays: it is neither looked through again nor copied
    with suppress(EOFError, OSError):
        try:
            life = WorldLife(setting, recipe)
        except (BadInput, ArithmeticError) as error:
            return pipe.send((False, error))
        pipe.send((life.running, _parts(life.cast)))
        while True:
            what = _done(life, pipe.recv())
            pipe.send((life.running, what))


def _done(life: WorldLife, asked: Setting | None) -> dict[str, Any] | Exception | None:
    """Do what is asked: give a month without who there is, which is known there, or what went wrong."""
    try:
        if asked is not None:
            life.steer(asked)
            return None
        month = _parts(life.next())
        del month["cast"]
        return month
    except (BadInput, ArithmeticError) as error:
        return error


def _parts(thing: Cast | Month) -> dict[str, Any]:
    return {field.name: getattr(thing, field.name) for field in fields(thing)}
