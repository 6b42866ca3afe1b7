"""The source of a scenario: its text or its mapping, read but not yet resolved."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from watersellers.experiments.input.errors import BadInput, on_one_line, refuse, shown
from watersellers.experiments.input.plain_values import plain_table
from watersellers.experiments.input.printable_text import TEXT_LIMIT, VISIBLE_TEXT, is_visible
from watersellers.experiments.input.text_files import parse_toml

Document = dict[str, Any]  # a scenario file, parsed as TOML


@dataclass(frozen=True)
class ScenarioSource:
    """One scenario as it was read: its file, its name, its question, and its content."""

    label: str  # its name in sentences
    name: str
    question: str
    file: Path  # a scenario that it extends by path is sought from its folder
    doc: Document

    def same_file(self, other: "ScenarioSource") -> bool:
        """Say whether it was read from the same file as another."""
        return self.file.resolve() == other.file.resolve()


def parse_scenario(text: str, label: str, file: Path) -> ScenarioSource:
    """Read a scenario's text: the question on its first line, then TOML.

    Raises
    ------
    BadInput
        If the text is not TOML (with the line), or its first line is not a question.
    """
    doc = parse_toml(text, label)
    first, *_ = text.splitlines() or [""]
    question = first.removeprefix("#").strip()
    if not first.startswith("#") or not is_visible(question):
        raise BadInput(f"{label}, line 1: found {shown(first)}, expected the question, as in '# What if ...?'")
    if len(question) > TEXT_LIMIT:
        raise BadInput(f"{label}, line 1: found {len(question):,} letters, expected at most {TEXT_LIMIT}")
    return ScenarioSource(label, file.stem, question, file, doc)


def source_of_mapping(doc: Mapping[str, Any]) -> ScenarioSource:
    """Read a scenario from a script's mapping, which may have the keys ``name`` and ``question`` too.

    Raises
    ------
    BadInput
        If one of these two is not visible text, or the mapping does not hold plain values.
    """
    rest = plain_table("scenario", doc)
    own = {"name": "scripted", "question": "What comes out of this scripted world?"}
    texts = {key: rest.pop(key, usual) for key, usual in own.items()}
    refuse(
        f"scenario, {key}: found {shown(text)}, expected {VISIBLE_TEXT}, of at most {TEXT_LIMIT} letters"
        for key, text in texts.items()
        if not isinstance(text, str) or not is_visible(text) or len(text) > TEXT_LIMIT
    )
    name, question = texts["name"], texts["question"]
    return ScenarioSource(on_one_line(name), name, question, Path(), rest)
