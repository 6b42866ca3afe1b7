"""Run contenders in turn, one process each and one month each per round, so that a busy machine slows all of them."""

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

OURS = Path(watersellers.__file__).resolve().parents[1]  # where a Python that has no watersellers finds ours
BEYOND = 5  # standard deviations of a seat's share, beyond which two ways of drawing it do not differ by chance


@dataclass
class ContenderProcess:
    """A contestant's process, what it measured, or why it did not."""

    name: str
    command: Sequence[str]
    facts: Mapping[str, Any] = field(default_factory=dict)  # when it was ready
    answers: list[Mapping[str, Any]] = field(default_factory=list)  # a round each
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
        """Users a second, in its best round: what disturbs a measurement only makes it slower."""
        return self.users / min(self.seconds) if self.seconds else 0.0

    @property
    def middle(self) -> float:
        """Users a second in the median round."""
        return self.users / median(self.seconds) if self.seconds else 0.0

    @property
    def spread(self) -> float:
        """Slowest round over the fastest, less 1."""
        return max(self.seconds) / min(self.seconds) - 1 if self.seconds else 0.0


def python_of(peers: Path | None) -> str:
    """The Python that has the peers: that of their environment where one is given."""
    return str(peers) if peers else sys.executable


def measure(contenders: Sequence[ContenderProcess], rounds: int) -> None:
    """Measure all lanes, one after another in each of some rounds after one that warms up."""
    with ExitStack() as stack:
        running = [(contender, stack.enter_context(_started(contender))) for contender in contenders]
        for number in range(rounds + 1):
            for contender, process in running:
                if process is not None and not contender.problem:
                    _ask(contender, process, number > 0)


@contextmanager
def _started(contender: ContenderProcess) -> Iterator[subprocess.Popen[str] | None]:
    """Start a contestant and wait until it is ready; it ends when its input does, and at once where we are stopped.

    One that can't be started has a problem.
    """
    pipes: dict[str, Any] = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    environment = {**os.environ, "PYTHONPATH": str(OURS)}
    try:
        begun = subprocess.Popen(contender.command, env=environment, text=True, **pipes)
    except OSError as error:
        contender.problem = f"can't be started: {error.strerror}"
        yield None
        return
    with begun as process:
        try:
            contender.facts = _read(contender, process)
            yield process
        except BaseException:
            process.kill()
            raise
        finally:
            with suppress(BrokenPipeError):  # of one that is gone already
                process.communicate()


def _ask(contender: ContenderProcess, process: subprocess.Popen[str], counts: bool) -> None:
    """Ask for a month."""
    assert process.stdin is not None
    with suppress(BrokenPipeError):  # one that is gone tells why, below
        process.stdin.write("\n")
        process.stdin.flush()
    answer = _read(contender, process)
    if answer and counts:
        contender.answers.append(answer)
    contender.seats = answer.get("seats", contender.seats)


def _read(contender: ContenderProcess, process: subprocess.Popen[str]) -> Mapping[str, Any]:
    """Read a line; a contestant that has none has a problem, whose last words tell it."""
    assert process.stdout is not None
    line = process.stdout.readline()
    if line:
        with suppress(ValueError, TypeError):
            return dict(json.loads(line))
        contender.problem = f"said {shown(line.strip())}, expected a line of JSON"
        process.kill()
        return {}
    assert process.stderr is not None
    words = process.stderr.read().strip().splitlines() or ["ended without a word"]
    contender.problem = words[-1]
    return {}


def differs(contender: ContenderProcess, other: ContenderProcess) -> str:
    """Say where a lane's shares differ from another's by more than chance; nothing if they do not."""
    for number, (mine, theirs) in enumerate(zip(contender.seats, other.seats, strict=True)):
        users = sum(mine), sum(theirs)
        for seat, counts in enumerate(zip(mine, theirs, strict=True)):
            shares = [count / each for count, each in zip(counts, users, strict=True)]
            both = sum(counts) / sum(users)
            noise = sqrt(both * (1 - both) * (1 / users[0] + 1 / users[1]))
            if abs(shares[0] - shares[1]) > BEYOND * noise:
                return f"region {number}, seat {seat}: share {shares[0]:.5f} instead of {shares[1]:.5f}"
    return ""
