"""The pipe to a worker process: one line out, one line back; a process that takes too long is ended.

Plain pipes and lines are used rather than a pool of the standard library: when one worker of a pool is killed the pool
loses the runs of the others, its children inherit the calling script and outlive it, and a pool's worker (as on a
cluster) may not start another pool. A worker here notices the end of its pipe, and Ctrl-C does not reach it.
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
from watersellers.experiments.own_code.own_modules import import_path
from watersellers.experiments.runs.parallel import WORKER_ENVIRONMENT
from watersellers.experiments.runs.process_pool import exit_text

BOOTSTRAP = """
import sys
from importlib.util import module_from_spec, spec_from_file_location

spec = spec_from_file_location("watersellers", sys.argv[1])
sys.modules["watersellers"] = made = module_from_spec(spec)
spec.loader.exec_module(made)

from watersellers.experiments.sweeps.workers.worker_main import main

main()
"""  # the worker loads the same package as this process: its import path might lead to another
EXIT_LIMIT = 10.0  # seconds that a worker has to end by itself
START_LIMIT = 300.0  # seconds that a worker has to be ready: many may start at once, from one disk


class WorkerEnded(Exception):
    """A worker's process ended before it answered; the text says how."""


class WorkerHung(Exception):
    """A worker took longer than it may; the text says how long that is."""


class WorkerPipe:
    """A worker process with its two pipes."""

    def __init__(self) -> None:
        environment = {**os.environ, **WORKER_ENVIRONMENT, "PYTHONPATH": os.pathsep.join(import_path())}
        self._process = subprocess.Popen(
            [sys.executable, "-c", BOOTSTRAP, watersellers.__file__],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=environment,
            encoding="utf-8",
            start_new_session=True,  # Ctrl-C reaches the calling process alone
        )

    def ask(self, message: dict[str, Any], seconds: float) -> dict[str, Any]:
        """Send a message, and return the answer.

        Raises
        ------
        WorkerHung
            If no answer comes within ``seconds``; the process is ended then.
        WorkerEnded
            If the process ended first, or its answer can't be read; the process is ended then too.
        """
        hung: list[bool] = []

        def end() -> None:
            hung.append(True)
            self.kill()

        timer = Timer(seconds, end)
        timer.daemon = True
        timer.start()
        try:
            return self._exchange(message)
        except WorkerEnded:
            if hung:
                raise WorkerHung(f"took longer than {seconds:g} seconds") from None
            raise
        finally:
            timer.cancel()

    def _exchange(self, message: dict[str, Any]) -> dict[str, Any]:
        """Write a line and read one, or raise how the process ended."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        with suppress(OSError, ValueError):  # the pipe is broken, so the process is gone; or the line is no JSON
            self._process.stdin.write(json.dumps(message, allow_nan=False) + "\n")
            self._process.stdin.flush()
            line = self._process.stdout.readline()
            if line.endswith("\n") and isinstance(answer := json.loads(line), dict):
                return answer
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(1)  # how it ended by itself says more than that it was killed
        self.kill()
        code = self._process.wait()
        self._close()
        raise WorkerEnded(exit_text(code))

    def kill(self) -> None:
        """End the process now, and the processes that it has started."""
        if hasattr(os, "killpg"):
            with suppress(OSError):  # the process and its children are gone already
                os.killpg(self._process.pid, signal.SIGKILL)
        self._process.kill()

    def release(self) -> None:
        """Let an idle process end by itself, and end it if it does not."""
        assert self._process.stdin is not None
        with suppress(OSError):
            self._process.stdin.close()
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(EXIT_LIMIT)
        self.kill()
        self._process.wait()
        self._close()

    def _close(self) -> None:
        """Close the pipes, and drop what was not written."""
        for pipe in (self._process.stdin, self._process.stdout):
            assert pipe is not None
            with suppress(OSError):
                pipe.close()
