"""One worker process as seen by whoever asks it for runs: begun when needed, ended when it hangs, replaced when killed.

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
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock, Timer
from typing import Any

from experiments.errors import BadInput, CutShort
from experiments.many import ONE_THREAD
from experiments.sweeps.parts import LOST, OK, TIMED_OUT, Outcome, part_of, read_part, write_part
from experiments.sweeps.worker import UNSAVED

TRIES = 2  # a machine short of memory kills whom it likes; who dies twice did it itself
PATIENCE = 10.0  # seconds that a worker has to go by itself


class Ended(Exception):
    """A worker's process ended before it answered: how."""


class Hung(Exception):
    """A run took longer than it may."""


@dataclass
class Desk:
    """A place for one worker process, which makes one run at a time."""

    folder: Path
    version: str
    time_limit: float
    _process: subprocess.Popen[str] | None = None
    _lock: Lock = field(default_factory=Lock)
    _closed: bool = False

    def outcome(self, asked: dict[str, Any]) -> Outcome | None:
        """Have a run made, and say what became of it; None if the desk was closed meanwhile.

        Raises
        ------
        CutShort
            If a made run can't be written.
        BadInput
            If the worker can't make runs of this study at all.
        """
        how = ""
        for _ in range(TRIES):
            try:
                return self._answered(self._ask(asked))
            except Hung:
                error = f"took longer than {self.time_limit:g} seconds"
                return self._written(Outcome(asked["run"], TIMED_OUT, self.time_limit, None, error))
            except Ended as end:
                if self._closed:
                    return None
                how = str(end)
                done = read_part(part_of(self.folder, asked["run"]))
                if done and done.status == OK:
                    return done  # it was killed after its work was on the disk
        return self._written(Outcome(asked["run"], LOST, None, None, f"its process {how}, {TRIES} times"))

    def close(self) -> None:
        """End the worker now, even in the middle of a run."""
        with self._lock:
            self._closed = True
            if self._process is not None:
                self._process.kill()

    def leave(self) -> None:
        """Let the worker go, that has nothing to do any more."""
        process, self._process = self._process, None
        if process is not None:
            assert process.stdin is not None
            assert process.stdout is not None
            process.stdin.close()
            try:
                process.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
            process.stdout.close()

    def _ask(self, asked: dict[str, Any]) -> dict[str, Any]:
        """Ask for a run, and wait for the answer as long as a run may take."""
        process = self._process or self._begin()
        hung: list[bool] = []

        def end() -> None:
            hung.append(True)
            process.kill()

        timer = Timer(self.time_limit, end)
        timer.daemon = True
        try:
            timer.start()
            return self._exchange(process, asked)
        except Ended:
            if hung:
                raise Hung from None
            raise
        finally:
            timer.cancel()

    def _begin(self) -> subprocess.Popen[str]:
        """Begin a worker process, and hear that it is ready."""
        environment = {**os.environ, **dict.fromkeys(ONE_THREAD, "1")}
        command = [sys.executable, "-c", "from experiments.sweeps.worker import main; main()"]
        environment["PYTHONPATH"] = os.pathsep.join(folder or "." for folder in sys.path)  # a script's own modules
        with self._lock:
            if self._closed:
                raise Ended("was not begun")
            self._process = subprocess.Popen(
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                env=environment,
                encoding="utf-8",
                start_new_session=True,  # Ctrl-C goes to the one who asks, and only to it
            )
        hello = {"folder": str(self.folder), "version": self.version}
        ready = self._exchange(self._process, hello)
        if "refused" in ready:
            self.leave()
            raise BadInput(ready["refused"])
        return self._process

    def _exchange(self, process: subprocess.Popen[str], said: dict[str, Any]) -> dict[str, Any]:
        """Say a line and hear one."""
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            process.stdin.write(json.dumps(said) + "\n")
            process.stdin.flush()
            line = process.stdout.readline()
            if line.endswith("\n"):
                answer: dict[str, Any] = json.loads(line)
                return answer
        except OSError:  # the pipe broke: the process is gone
            pass
        self._process = None
        process.kill()
        code = process.wait()
        with suppress(OSError):  # what was not written any more goes nowhere
            process.stdin.close()
        process.stdout.close()
        raise Ended(_ending(code))

    def _answered(self, answer: dict[str, Any]) -> Outcome:
        """Read an answer."""
        if answer["status"] == UNSAVED:
            raise CutShort(answer["error"])
        return Outcome(**answer)

    def _written(self, outcome: Outcome) -> Outcome:
        """Write the part of a run whose worker could not."""
        try:
            write_part(self.folder, outcome)
        except OSError as error:
            raise CutShort(f"{error.filename or 'writing'}: {error.strerror}") from None
        return outcome


def _ending(code: int) -> str:
    """Say how a process ended."""
    if code >= 0:
        return f"ended by itself with status {code}"
    try:
        return f"was ended by {signal.Signals(-code).name}"
    except ValueError:
        return f"was ended by signal {-code}"
