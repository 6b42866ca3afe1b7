"""What a scenario may name, and where it is found: numbers, strategies, other scenarios."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from watersellers.experiments.complaints import Complaints
from watersellers.experiments.errors import BadInput, refuse, shown, unknown, word
from watersellers.experiments.given import plain_table
from watersellers.experiments.parameters import OURS, Parameters
from watersellers.experiments.schema import Menus, scenario_model
from watersellers.experiments.seen import EXPECTED as SEEN
from watersellers.experiments.seen import TEXT_LIMIT, can_be_seen
from watersellers.experiments.text_files import parse_toml, read_text

FOLDER = Path(__file__).with_name("scenarios")
Document = dict[str, Any]  # a scenario file as TOML gives it


@dataclass(frozen=True)
class Source:
    """One scenario file as it was read: where it stands, its name, its question, and what it says."""

    label: str  # how sentences call it
    name: str
    question: str
    file: Path  # where it stands; the paths of what it extends start from its folder
    doc: Document


@dataclass(frozen=True)
class Catalogue:
    """The parameter table, the menus, and the folder of scenarios that have a name."""

    parameters: Parameters
    menus: Menus
    folder: Path = FOLDER

    @cached_property
    def model(self) -> type[BaseModel]:
        """The pydantic model of a scenario."""
        return scenario_model(self.parameters, self.menus)

    @cached_property
    def complaints(self) -> Complaints:
        """What puts pydantic's findings into sentences."""
        return Complaints(self.parameters, self.menus)

    def names(self) -> list[str]:
        """Names of the scenarios, in order."""
        return sorted(path.stem for path in self.folder.glob("*.toml"))

    def read(self, name: str | Path, beside: Path | None = None) -> Source:
        """Read a scenario by its name, or by the path of its file (``beside``: the folder a path starts from).

        Raises
        ------
        BadInput
            If there is no such scenario, or its file can't be read as one.
        """
        text = str(name)
        if isinstance(name, Path) or text.endswith(".toml") or "/" in text or "\\" in text:
            path = (beside or Path()) / name
            return parsed(read_text(path), str(path), path)
        if text not in self.names():
            raise BadInput(f"{unknown('scenario', text, self.names())} (a file's name ends in .toml)")
        path = self.folder / f"{text}.toml"
        return parsed(read_text(path), f"{self.folder.name}/{path.name}", path)

    def chain(self, source: Source) -> list[Source]:
        """List a scenario after all those that it extends, the outermost first.

        Raises
        ------
        BadInput
            If one of them can't be read, or they go in a circle.
        """
        chain = [source]
        while (parent := chain[0].doc.get("extends")) is not None:
            if not isinstance(parent, str):
                raise BadInput(f"{chain[0].label}, extends: found {shown(parent)}, expected a name in quotes")
            try:
                found = self.read(parent, chain[0].file.parent)
            except BadInput as error:
                raise BadInput(f"{chain[0].label}, extends: {error}") from None
            if found.file.resolve() in [each.file.resolve() for each in chain]:
                way = " -> ".join(each.label for each in [*reversed(chain), found])
                raise BadInput(f"{chain[0].label}, extends: goes in a circle: {way}")
            chain.insert(0, found)
        return chain


@cache
def ours() -> Catalogue:
    """The catalogue that comes with Water Sellers."""
    from watersellers.agents.strategies import MENUS

    return Catalogue(Parameters.load(OURS), MENUS)


def parsed(text: str, label: str, file: Path) -> Source:
    """Read a scenario's text: the question on its first line, then TOML.

    Raises
    ------
    BadInput
        If the text is not TOML (with the line), or its first line is no question.
    """
    doc = parse_toml(text, label)
    first, *_ = text.splitlines() or [""]
    question = first.removeprefix("#").strip()
    if not first.startswith("#") or not can_be_seen(question):
        raise BadInput(f"{label}, line 1: found {shown(first)}, expected the question, as in '# What if ...?'")
    if len(question) > TEXT_LIMIT:
        raise BadInput(f"{label}, line 1: found {len(question):,} letters, expected at most {TEXT_LIMIT}")
    return Source(label, file.stem, question, file, doc)


def of_mapping(doc: Mapping[str, Any]) -> Source:
    """Take a scenario made by a script; its ``name`` and ``question`` are two more keys.

    Raises
    ------
    BadInput
        If one of the two is no text that can be seen, or the mapping none of plain values.
    """
    rest = plain_table("scenario", doc)
    own = {"name": "scripted", "question": "What comes out of this scripted world?"}
    said = {key: rest.pop(key, usual) for key, usual in own.items()}
    refuse(
        f"scenario, {key}: found {shown(text)}, expected {SEEN}, of at most {TEXT_LIMIT} letters"
        for key, text in said.items()
        if not isinstance(text, str) or not can_be_seen(text) or len(text) > TEXT_LIMIT
    )
    name, question = said["name"], said["question"]
    return Source(word(name), name, question, Path(), rest)
