"""Options that several commands share, and the reading of numbers on the command line."""

import tomllib
from collections.abc import Callable, Iterable
from math import isfinite
from pathlib import Path
from typing import Annotated, Any, NamedTuple

import typer

from watersellers.experiments.input.errors import BadInput, on_one_line, shown

CURES = {  # by the problem of a folder, in the words of the command line
    "exists": "--force replaces it, --out chooses another path",
    "unwritable": "choose another path with --out",
    "damaged": "watersellers run --force makes a run again in its folder",
    "too_large": "leave firms out of the scenario",
    "foreign_files": "move it away, or choose another path with --out",
}


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
Settings = Annotated[
    list[str] | None,
    typer.Option(
        "--set", metavar="PATH=VALUE", help="A number, a strategy or your own module:Name by its path; may be repeated."
    ),
]


def settings_of(texts: Iterable[str] | None) -> dict[str, Any]:
    """Read all PATH=VALUE; a path that is set twice is refused, since only one of its values could count."""
    chosen: dict[str, Any] = {}
    for path, value in map(_setting, texts or ()):
        if path in chosen:
            raise BadInput(
                f"--set: found {on_one_line(path)} twice, {shown(chosen[path])} and {shown(value)}; set it once"
            )
        chosen[path] = value
    return chosen


def _setting(text: str) -> tuple[str, Any]:
    """Read PATH=VALUE: a number, true, false or a list as in TOML, anything else as text."""
    from watersellers.experiments.input.text_files import parse_toml

    path, equals, value = text.partition("=")
    if not equals or not path.strip():
        raise BadInput(f"--set: found {shown(text)}, expected PATH=VALUE, as in chips.lock_in=0.5")
    try:
        tomllib.loads(f"value = {value}")
    except tomllib.TOMLDecodeError:
        return path.strip(), value.strip()
    except (RecursionError, ValueError):
        pass  # what it lacks is said below
    read = parse_toml(f"value = {value}", f"--set {on_one_line(path.strip())}")
    return path.strip(), read["value"] if set(read) == {"value"} else value.strip()
