"""Warnings about scenarios: said once on the command line, and not again where a scenario is only read once more."""

import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

OUR_FILES = str(Path(__file__).parents[1])


class ScenarioWarning(UserWarning):
    """A scenario can be run, but something in it never does what it is there for: the place, why, and what to write."""


def warn_of(sentence: str) -> None:
    """Warn of something in a scenario, at the line of the script that loads or runs it."""
    warnings.warn(sentence, ScenarioWarning, skip_file_prefixes=(OUR_FILES,))


@contextmanager
def said_once(say: Callable[[str], None]) -> Iterator[None]:
    """Give each warning about a scenario to ``say``, once; all other warnings go their usual way."""
    said: set[str] = set()
    with warnings.catch_warnings():
        warnings.simplefilter("always", ScenarioWarning)
        usual = warnings.showwarning

        def show(message: Warning | str, category: type[Warning], *where: object) -> None:
            """Say a warning about a scenario, unless it was said, and let Python show any other."""
            if not issubclass(category, ScenarioWarning):
                usual(message, category, *where)  # type: ignore[arg-type]
            elif str(message) not in said:
                said.add(str(message))
                say(f"warning: {message}")

        warnings.showwarning = show  # type: ignore[assignment]
        yield


@contextmanager
def unsaid() -> Iterator[None]:
    """Say no warning about a scenario: it was said when the scenario was loaded first."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ScenarioWarning)
        yield


def never_say() -> None:
    """Say no warning about a scenario in this process: the one that gives it work has said them."""
    warnings.simplefilter("ignore", ScenarioWarning)
