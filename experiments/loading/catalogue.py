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
        """List a scenario after all scenarios that it extends, each once, the most basic one first.

        Of several that it extends, a later one comes after an earlier one and all that this one extends, so that the
        later one's values win.

        Raises
        ------
        BadInput
            If one of them can't be read or is named twice, or they extend each other in a circle, or two are named in
            one order here and in the other order there.
        """
        return self._chain(source, ())

    def _chain(self, source: ScenarioSource, above: tuple[ScenarioSource, ...]) -> list[ScenarioSource]:
        """List a scenario after all that it extends; ``above`` are those that extend it, the nearest one first."""
        place, found = f"{source.label}, extends", list[ScenarioSource]()
        for name in parents(source):
            try:
                found.append(self.read(name, source.file.parent))
            except BadInput as error:
                raise BadInput(f"{place}: {error}") from None
            if any(found[-1].same_file(each) for each in (source, *above)):
                way = " -> ".join(each.label for each in (*reversed(above), source, found[-1]))
                raise BadInput(f"{place}: goes in a circle: {way}")
        orders = [found, *(self._chain(each, (source, *above)) for each in found)]
        return [*in_one_order(orders, place), source]


def in_one_order(orders: list[list[ScenarioSource]], place: str) -> list[ScenarioSource]:
    """Merge lists of scenarios into one that keeps the order of each, and has what a later list adds last.

    It is the order in which Python looks through base classes (C3, from memory), from its end.

    Raises
    ------
    BadInput
        If no order keeps all of theirs; ``place`` begins the sentence.
    """
    left, merged = [list(order) for order in orders if order], list[ScenarioSource]()
    while left:
        lasts = [order[-1] for order in reversed(left)]
        free = [last for last in lasts if not any(last.same_file(each) for order in left for each in order[:-1])]
        if not free:
            names = ", ".join(dict.fromkeys(last.label for last in lasts))
            raise BadInput(f"{place}: found {names} in one order here and in the other order in a file named here")
        merged.insert(0, free[0])
        left = [[each for each in order if not each.same_file(free[0])] for order in left]
        left = [order for order in left if order]
    return merged


def parents(source: ScenarioSource) -> list[str]:
    """List the scenarios that a scenario names as those that it extends.

    Raises
    ------
    BadInput
        If it says so in another way than by a name, or by a list of different names.
    """
    given = source.doc.get("extends", [])
    names = given if isinstance(given, list) else [given]
    if given == "" or not all(isinstance(name, str) for name in names) or ("extends" in source.doc and not names):
        expected = "expected a name in quotes, or a list of names"
        raise BadInput(f"{source.label}, extends: found {shown(given)}, {expected}")
    if twice := [name for number, name in enumerate(names) if name in names[:number]]:
        raise BadInput(f"{source.label}, extends: found {shown(twice[0])} twice; leave one out")
    return names


@cache
def builtin_catalogue() -> Catalogue:
    """The catalogue that comes with Water Sellers."""
    from watersellers.agents.strategies import MENUS

    return Catalogue(Parameters.load(OURS), MENUS)
