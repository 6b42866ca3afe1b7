"""Give the program a broken file through its public functions: it is accepted, or refused with place and value.

What comes before the first run of a question is asked for, and of a scenario a month of its life. A part goes through
the command line too: its status is 2, it says the same, and nothing is written. No answer takes longer than ``LIMIT``.
"""

import contextlib
import io
import signal
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.tools.file_breakers import Broken
from tests.tools.refusal_judge import LONGEST, faults
from watersellers import Sweep, run
from watersellers.experiments.__main__ import main
from watersellers.experiments.calibration import search as calibrating
from watersellers.experiments.calibration.fit import load_fit
from watersellers.experiments.input.errors import BadInput
from watersellers.experiments.loading.loader import load_scenario
from watersellers.experiments.sweeps.calibration import Calibration
from watersellers.market.exact import TooLarge

LIMIT = 20  # seconds that an answer may take


class Slow(BaseException):
    """An answer did not come in time. No Exception, so that nothing on its way swallows it."""


class FirstRun(Exception):
    """All that comes before the first run is done."""


@dataclass(frozen=True)
class Answer:
    """What was answered: taken, refused, or anything else, which is a fault; why it is one; how long it took."""

    what: str
    why: str = ""
    seconds: float = 0.0


def _scenario(file: Path) -> None:
    load_scenario(file)
    run(file, months=1, users=20)


def _study(file: Path) -> None:
    Sweep.read(file).plan()


def _fit(file: Path) -> None:
    """Do all that a fit does before its first run."""

    @contextlib.contextmanager
    def no_processes(*_: Any) -> Iterator[Any]:
        yield _first_run

    with pytest.MonkeyPatch.context() as patched, contextlib.suppress(FirstRun):
        patched.setattr(calibrating, "worker_processes", no_processes)
        calibrating.calibrate(load_fit(file), file.with_name("log.csv"), 1)


def _first_run(*_: Any) -> Any:
    raise FirstRun


DOORS: dict[str, Callable[[Path], Any]] = {
    "scenario": _scenario,
    "study": _study,
    "calibration": Calibration.read,
    "fit": _fit,
}
COMMANDS: dict[str, Callable[[str, str], list[str]]] = {  # the file, and where its command would write
    "scenario": lambda file, out: ["run", file, "--months", "1", "--users", "20", "--quiet", "--out", out],
    "study": lambda file, out: ["sweep", file, "--out", out],
    "calibration": lambda file, out: ["calibrate", file, "--out", out],
    "fit": lambda file, out: ["fit", file, "--log", f"{out}.csv"],
}


def answer(broken: Broken, folder: Path, command: bool) -> Answer:
    """Ask about a broken file, and by the command line too where it is refused; say what is wrong with the answer."""
    file = folder / "broken.toml"
    file.write_bytes(broken.data)
    for name, text in broken.good.beside.items():
        (folder / name).write_text(text, encoding="utf-8")
    clock = time.perf_counter()
    found, sentence = _limited(lambda: _asked(broken, file))
    seconds = time.perf_counter() - clock
    if found == "refused":
        by_command = _limited(lambda: ("", _by_command(broken, file)))[1] if command else ""
        if wrong := faults(broken, str(file), sentence) or by_command:
            return Answer("not named", f"{wrong}: {sentence[:LONGEST]}", seconds)
    return Answer(found, sentence, seconds)


def _asked(broken: Broken, file: Path) -> tuple[str, str]:
    try:
        DOORS[broken.good.kind](file)
    except BadInput as error:
        return "refused", str(error)
    except TooLarge as error:
        return "too large", str(error)
    except Exception as error:  # noqa: BLE001 - whatever else comes is what is looked for
        return "traceback", _where(error)
    return "taken", ""


def _where(error: BaseException) -> str:
    """Name an exception with the line of ours that it came through last."""
    steps, found = error.__traceback__, ""
    while steps:
        name = Path(steps.tb_frame.f_code.co_filename)
        if name.parent.parent.name in ("experiments",) or name.parent.name in ("experiments", "agents", "market"):
            found = f"{name.name}:{steps.tb_frame.f_code.co_name}"
        steps = steps.tb_next
    return f"{type(error).__name__} in {found}: {str(error)[:200]}"


def _by_command(broken: Broken, file: Path) -> str:
    """Ask the command line: status 2, the same sentences, no traceback, and nothing written."""
    before, errors = sorted(file.parent.iterdir()), io.StringIO()
    with contextlib.redirect_stderr(errors), contextlib.redirect_stdout(io.StringIO()):
        status = main(COMMANDS[broken.good.kind](str(file), str(file.with_name("out"))))
    if status != 2:
        return f"the command ended with status {status}"
    if "Traceback" in errors.getvalue() or not errors.getvalue().strip():
        return f"the command said {errors.getvalue()[-200:]!r}"
    return "" if sorted(file.parent.iterdir()) == before else "the command wrote something"


def _limited(ask: Callable[[], tuple[str, str]]) -> tuple[str, str]:
    """Ask, and give up where it takes too long, on systems that have an alarm."""
    if not hasattr(signal, "SIGALRM"):
        return ask()

    def ring(*_: Any) -> None:
        raise Slow

    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, LIMIT)
    try:
        return ask()
    except Slow:
        return "slow", f"no answer in {LIMIT} seconds"
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
