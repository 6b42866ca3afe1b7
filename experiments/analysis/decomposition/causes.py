"""Causes of upstream profit: what each of them is, and how to take it out of a world."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field

from watersellers.experiments.input.errors import refuse
from watersellers.experiments.input.printable_text import VisibleText
from watersellers.experiments.input.text_files import read_toml
from watersellers.experiments.loading.schema import Table
from watersellers.experiments.loading.schema_messages import below, schema_problems

TABLE = Path(__file__).parents[2] / "causes.toml"


@dataclass(frozen=True)
class Cause:
    """A cause: its meaning, and how to take it out of a world (settings by path, and copies of a firm)."""

    name: str
    title: str
    meaning: str
    settings: Mapping[str, Any]
    copies: Mapping[str, Any] | None = None


class CopiesText(Table):
    """Copies of a firm, as written in the file of causes."""

    of: str
    number: Annotated[int, Field(ge=1, le=1_000)]
    divided: list[str]


class CauseText(Table):
    """A cause, as written in its file."""

    title: VisibleText
    meaning: VisibleText
    set: dict[str, Any] = Field(default_factory=dict)
    copies: CopiesText | None = None


def load_causes(path: Path = TABLE) -> tuple[Cause, ...]:
    """Read the causes, in the order of their file.

    Raises
    ------
    BadInput
        If the file can't be read, or anything in it is wrong.
    """
    causes = read_toml(path)
    for name, row in causes.items():
        problems = schema_problems(CauseText, row, {"copies": CopiesText}, below(name))
        refuse(f"{path}, {problem}" for problem in problems)
    return tuple(
        Cause(name, row["title"], row["meaning"], row.get("set", {}), row.get("copies")) for name, row in causes.items()
    )
