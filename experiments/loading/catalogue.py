"""The catalogue: numbers, strategies and scenarios that a scenario may name, and where they are found."""

from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

from pydantic import BaseModel

from watersellers.experiments.input.errors import BadInput, shown, unknown
from watersellers.experiments.input.text_files import read_text
from watersellers.experiments.loading.parameters import OURS, Parameters
from watersellers.experiments.loading.scenario_messages import ScenarioMessages
from watersellers.experiments.loading.scenario_source import ScenarioSource, parse_scenario
from watersellers.experiments.loading.schema import Menus, scenario_model

FOLDER = Path(__file__).parents[1] / "scenarios"


@dataclass(frozen=True)
class Catalogue:
    """The parameter table, the menus of strategies, and the folder of named scenarios."""

    parameters: Parameters
    menus: Menus
    folder: Path = FOLDER

    @cached_property
    def model(self) -> type[BaseModel]:
        """The pydantic model of a scenario."""
        return scenario_model(self.parameters, self.menus)

    @cached_property
    def messages(self) -> ScenarioMessages:
        """The writer of sentences about pydantic's errors."""
        return ScenarioMessages(self.parameters, self.menus)

    def names(self) -> list[str]:
        """Names of the scenarios, sorted."""
        return sorted(path.stem for path in self.folder.glob("*.toml"))

    def read(self, name: str | Path, beside: Path | None = None) -> ScenarioSource:
        """Read a scenario by its name, or by the path of its file (``beside`` is the folder where a path starts).

        Raises
        ------
        BadInput
            If there is no such scenario, or its file can't be read as one.
        """
        text = str(name)
        if isinstance(name, Path) or text.endswith(".toml") or "/" in text or "\\" in text:
            path = (beside or Path()) / name
            return parse_scenario(read_text(path), str(path), path)
        if text not in self.names():
            raise BadInput(f"{unknown('scenario', text, self.names())} (a file's name ends in .toml)")
        path = self.folder / f"{text}.toml"
        return parse_scenario(read_text(path), f"{self.folder.name}/{path.name}", path)

    def chain(self, source: ScenarioSource) -> list[ScenarioSource]:
        """List a scenario after all scenarios that it extends, the most basic one first.

        Raises
        ------
        BadInput
            If one of them can't be read, or they extend each other in a circle.
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
def builtin_catalogue() -> Catalogue:
    """The catalogue that comes with Water Sellers."""
    from watersellers.agents.strategies import MENUS

    return Catalogue(Parameters.load(OURS), MENUS)
