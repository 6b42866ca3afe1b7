"""The round robin: contenders run in turn, one process each and one month per round, so that other load slows all."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from math import sqrt
from pathlib import Path
from statistics import median
from typing import Any

import watersellers
from watersellers.experiments.input.errors import shown

OURS = Path(watersellers.__file__).resolve().parents[1]  # the import path for a Python without watersellers
BEYOND = 5  # standard deviations of a seat's share beyond which a difference is not due to chance


@dataclass
class ContenderProcess:
    """A contender: its command, its measurements, or the problem that prevented them."""

    name: str
    command: Sequence[str]
    facts: Mapping[str, Any] = field(default_factory=dict)  # sent when it was ready
    answers: list[Mapping[str, Any]] = field(default_factory=list)  # one for each round
    seats: list[list[int]] = field(default_factory=list)
    problem: str = ""

    @property
    def users(self) -> int:
        """Users whose month it computes."""
        return int(self.facts.get("users", 0))

    @property
    def seconds(self) -> list[float]:
        """Seconds of each round."""
        return [answer["seconds"] for answer in self.answers]

    @property
    def speed(self) -> float:
        """Users per second in its best round, since disturbances only make a round slower."""
        return self.users / min(self.seconds) if self.seconds else 0.0

    @property
    def middle(self) -> float:
        """Users per second in the median round."""
        return self.users / median(self.seconds) if self.seconds else 0.0

    @property
    def spread(self) -> float:
        """The slowest round over the fastest, less 1."""
        return max(self.seconds) / min(self.seconds) - 1 if self.seconds else 0.0


def python_of(peers: Path | None) -> str:
    """Return the Python that has the peers: the given one, or this one."""
    return str(peers) if peers else sys.executable


def measure(contenders: Sequence[ContenderProcess], rounds: int) -> None:
    """Measure all contenders in turn, in a warm-up round and then in ``rounds`` rounds that count."""
    with ExitStack() as stack:
        running = [(contender, stack.enter_context(_started(contender))) for contender in contenders]
        for number in range(rounds + 1):
            for contender, process in running:
                if process is not None and not contender.problem:
                    _ask(contender, process, number > 0)


@contextmanager
def _started(contender: ContenderProcess) -> Iterator[subprocess.Popen[str] | None]:
    """Start a contender and wait until it is ready; it ends when its input is closed, or is killed at an exception.

    A contender that can't be started gets a problem, and None is yielded.
    """
    pipes: dict[str, Any] = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    environment = {**os.environ, "PYTHONPATH": str(OURS)}
    try:
        started = subprocess.Popen(contender.command, env=environment, text=True, **pipes)
    except OSError as error:
        contender.problem = f"can't be started: {error.strerror}"
        yield None
        return
    with started as process:
        try:
            contender.facts = _read(contender, process)
            yield process
        except BaseException:
            process.kill()
            raise
        finally:
            with suppress(BrokenPipeError):  # the process is gone already
                process.communicate()


def _ask(contender: ContenderProcess, process: subprocess.Popen[str], counts: bool) -> None:
    """Request a month, and keep the answer if the round counts."""
    assert process.stdin is not None
    with suppress(BrokenPipeError):  # the process is gone; _read finds out why
        process.stdin.write("\n")
        process.stdin.flush()
    answer = _read(contender, process)
    if answer and counts:
        contender.answers.append(answer)
    contender.seats = answer.get("seats", contender.seats)


def _read(contender: ContenderProcess, process: subprocess.Popen[str]) -> Mapping[str, Any]:
    """Read an answer; a contender that sends none gets a problem, the last line of its error stream."""
    assert process.stdout is not None
    line = process.stdout.readline()
    if line:
        with suppress(ValueError, TypeError):
            return dict(json.loads(line))
        contender.problem = f"answered {shown(line.strip())}, expected a line of JSON"
        process.kill()
        return {}
    assert process.stderr is not None
    lines = process.stderr.read().strip().splitlines() or ["ended without a message"]
    contender.problem = lines[-1]
    return {}


def differs(contender: ContenderProcess, other: ContenderProcess) -> str:
    """Return where a contender's shares differ from another's by more than chance; empty if they do not."""
    for number, (mine, theirs) in enumerate(zip(contender.seats, other.seats, strict=True)):
        users = sum(mine), sum(theirs)
        for seat, counts in enumerate(zip(mine, theirs, strict=True)):
            shares = [count / each for count, each in zip(counts, users, strict=True)]
            both = sum(counts) / sum(users)
            noise = sqrt(both * (1 - both) * (1 / users[0] + 1 / users[1]))
            if abs(shares[0] - shares[1]) > BEYOND * noise:
                return f"region {number}, seat {seat}: share {shares[0]:.5f} instead of {shares[1]:.5f}"
    return ""
