"""Options that several commands share, and the reading of numbers on the command line."""

from collections.abc import Callable
from math import isfinite
from pathlib import Path
from typing import Annotated, Any, NamedTuple

import typer

from watersellers.experiments.input.errors import shown


class Makers(NamedTuple):
    """What makes pictures and pages for commands that may not import them."""

    picture: Callable[..., None]  # a picture of a study: its name, its file, and what is drawn
    steps: Callable[..., None]  # the page of the steps between two worlds: the steps, and its file


def whole(text: Any) -> int:
    """Read a whole number from the command line."""
    return _read(int, text, "a whole number, as in 10")


def whole_or_all(text: Any) -> Any:
    """Read a whole number, or the word ``all``, from the command line."""
    return text if text == "all" else _read(int, text, "a whole number, as in 10, or all")


def number(text: Any) -> float:
    """Read a finite number from the command line."""
    return _read(_finite, text, "a number, as in 0.5")


def _finite(text: Any) -> float:
    found = float(text)
    if not isfinite(found):
        raise ValueError(text)
    return found


def _read[T](kind: Callable[[Any], T], text: Any, expected: str) -> T:
    try:
        return kind(text)
    except (ValueError, OverflowError):
        raise typer.BadParameter(f"found {shown(text)}, expected {expected}") from None


def option(help_text: str, *names: str, parser: Callable[[Any], Any] = whole) -> Any:
    """Make an option that takes a number."""
    return typer.Option(*names, help=help_text, parser=parser, metavar="NUMBER")


Json = Annotated[bool, typer.Option("--json", help="Print the same facts for machines.")]
Seed = Annotated[int, option("The run's only source of chance.")]
Seeds = Annotated[int, option("How many seeds, from 1 on.")]
Users = Annotated[int, option("How many simulated users stand for all people.")]
Months = Annotated[int | None, option("How long; the scenario's own length if not given.")]
Threads = Annotated[int | None, option("Threads; all cores if not given. They move no number.")]
Workers = Annotated[int | None, option("Processes; all cores if not given.")]
Law = Annotated[
    str, typer.Option(help="How firms adopt models: mansfield, epidemic or probit; each comes with its own fit.")
]
ScenarioName = Annotated[str, typer.Argument(help="A scenario's name, or the path of its .toml file.")]
RunFolder = Annotated[Path, typer.Argument(help="A run folder.")]
