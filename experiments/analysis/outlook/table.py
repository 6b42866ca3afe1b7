"""The worlds of an outlook, as ``outlook.toml`` says them: laws of adoption, rebounds, and the windows looked at."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import BaseModel, Field

from watersellers.experiments.analysis.windows import Window
from watersellers.experiments.input.errors import refuse, shown
from watersellers.experiments.input.printable_text import VisibleText
from watersellers.experiments.input.text_files import read_toml
from watersellers.experiments.loading.schema import Table
from watersellers.experiments.loading.schema_messages import dotted, schema_problems

TABLE = Path(__file__).parents[2] / "outlook.toml"


class LawText(Table):
    """A law of adoption, as written in the file."""

    title: VisibleText
    meaning: VisibleText
    scenario: str


class ReboundText(Table):
    """A rebound, as written in the file."""

    title: VisibleText
    meaning: VisibleText
    set: dict[str, Any] = Field(default_factory=dict)


class FileText(Table):
    """The whole file."""

    windows: list[str] = Field(min_length=1)
    laws: dict[str, LawText] = Field(min_length=1)
    rebounds: dict[str, ReboundText] = Field(min_length=1)


@dataclass(frozen=True)
class Law:
    """A law of adoption: the scenario that was fitted with it."""

    name: str
    title: str
    meaning: str
    scenario: str


@dataclass(frozen=True)
class Rebound:
    """How strongly the use of tokens answers their price: settings of the segments of work."""

    name: str
    title: str
    meaning: str
    settings: Mapping[str, Any]


@dataclass(frozen=True)
class OutlookTable:
    """What an outlook looks at."""

    windows: tuple[Window, ...]
    laws: tuple[Law, ...]
    rebounds: tuple[Rebound, ...]


def load_outlook(path: Path = TABLE) -> OutlookTable:
    """Read the worlds of an outlook, in the order of their file.

    Raises
    ------
    BadInput
        If the file can't be read, or anything in it is wrong.
    """
    text = read_toml(path)
    tables: dict[str, type[BaseModel]] = {"laws": LawText, "rebounds": ReboundText}
    refuse(f"{path}, {problem}" for problem in schema_problems(FileText, text, tables, dotted))
    windows = {name: Window.read(name) for name in text["windows"]}
    expected = "expected calibrated or a calendar year, as 2026"
    refuse(
        f"{path}, windows: found {shown(name)}, {expected}"
        for name, read in windows.items()
        if read is None or read.own is None
    )
    return OutlookTable(
        tuple(read for read in windows.values() if read is not None),
        tuple(Law(name, row["title"], row["meaning"], row["scenario"]) for name, row in text["laws"].items()),
        tuple(
            Rebound(name, row["title"], row["meaning"], row.get("set", {})) for name, row in text["rebounds"].items()
        ),
    )
