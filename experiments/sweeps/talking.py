"""A worker process as whoever began it sees it: it is told a line, says a line, and is ended where that takes too long.

Plain pipes and lines rather than a pool of the standard library: a pool loses the runs of a killed worker's neighbours,
its children inherit the asking script and outlive it, and one that was started by another pool's worker (as on a
cluster) is not allowed. A worker here notices the end of its pipe, and Ctrl-C does not reach it.
"""

import json
import os
import signal
import subprocess
import sys
from contextlib import suppress
from threading import Timer
from typing import Any

import watersellers
from watersellers.experiments.crew import ending
from watersellers.experiments.many import ALONE
from watersellers.experiments.sweeps.own_modules import import_path

WORKER = """
import sys
from importlib.util import module_from_spec, spec_from_file_location

spec = spec_from_file_location("watersellers", sys.argv[1])
sys.modules["watersellers"] = made = module_from_spec(spec)
spec.loader.exec_module(made)

from watersellers.experiments.sweeps.worker import main

main()
"""  # the very package that asks, wherever it is: a worker's import path may lead to another
PATIENCE = 10.0  # seconds that a worker has to go by itself
BEGINNING = 300.0  # seconds that a worker has to be ready: many may begin at once, from one disk


class Ended(Exception):
    """A worker's process ended before it answered: how."""


class Hung(Exception):
    """A worker took longer than it may: how long that is."""


class Talk:
    """A worker process with its two pipes."""

    def __init__(self) -> None:
        environment = {**os.environ, **ALONE, "PYTHONPATH": os.pathsep.join(import_path())}
        self._process = subprocess.Popen(
            [sys.executable, "-c", WORKER, watersellers.__file__],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=environment,
            encoding="utf-8",
            start_new_session=True,  # Ctrl-C goes to the one who asks, and only to it
        )

    def ask(self, said: dict[str, Any], seconds: float) -> dict[str, Any]:
        """Say a line, and hear one.

        Raises
        ------
        Hung
            If there is no answer after so many seconds; the process is gone then.
        Ended
            If the process ended before, or answered what is no answer; it is gone then too.
        """
        hung: list[bool] = []

        def end() -> None:
            hung.append(True)
            self.kill()

        timer = Timer(seconds, end)
        timer.daemon = True
        timer.start()
        try:
            return self._exchanged(said)
        except Ended:
            if hung:
                raise Hung(f"took longer than {seconds:g} seconds") from None
            raise
        finally:
            timer.cancel()

    def _exchanged(self, said: dict[str, Any]) -> dict[str, Any]:
        """Write a line and read one, or say how the process ended."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        with suppress(OSError, ValueError):  # the pipe broke: the process is gone; or what came is no answer
            self._process.stdin.write(json.dumps(said) + "\n")
            self._process.stdin.flush()
            line = self._process.stdout.readline()
            if line.endswith("\n") and isinstance(answer := json.loads(line), dict):
                return answer
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(1)  # its own end says more than ours
        self.kill()
        code = self._process.wait()
        self._close()
        raise Ended(ending(code))

    def kill(self) -> None:
        """End the process now, and what it has begun itself."""
        if hasattr(os, "killpg"):
            with suppress(OSError):  # it is gone already, and nothing of its own is left
                os.killpg(self._process.pid, signal.SIGKILL)
        self._process.kill()

    def leave(self) -> None:
        """Let the process go, that has nothing to do any more."""
        assert self._process.stdin is not None
        with suppress(OSError):
            self._process.stdin.close()
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(PATIENCE)
        self.kill()
        self._process.wait()
        self._close()

    def _close(self) -> None:
        """Close the pipes; what was not written any more goes nowhere."""
        for pipe in (self._process.stdin, self._process.stdout):
            assert pipe is not None
            with suppress(OSError):
                pipe.close()
