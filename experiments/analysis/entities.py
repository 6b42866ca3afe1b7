"""The companies, products and groups that the article names, each with a figure of a run that shows it at work."""

from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

from pydantic import BaseModel, Field

from watersellers.agents.scenario_spec import ScenarioSpec
from watersellers.experiments.analysis.article_facts import facts
from watersellers.experiments.analysis.run_figures import MEASURES, Figure, read_figure
from watersellers.experiments.input.errors import refuse, shown, unknown
from watersellers.experiments.input.months import first_of_month
from watersellers.experiments.input.printable_text import VisibleText
from watersellers.experiments.input.text_files import read_toml
from watersellers.experiments.loading.loader import load_scenario, months_to
from watersellers.experiments.loading.schema import Month, Table
from watersellers.experiments.loading.schema_messages import below, schema_problems
from watersellers.experiments.runs.parallel import RunCase, measure_runs
from watersellers.experiments.runs.result import Result

TABLE = Path(__file__).parents[1] / "entities.toml"
YES, IN_PART, NO = "yes", "in part", "no"


class OffText(Table):
    """How to take the mechanism of an entity out of a world, as written in the file."""

    set: dict[str, Any] = Field(default_factory=dict)
    events: list[str] = Field(default_factory=list)
    remove: list[str] = Field(default_factory=list)


class EntityText(Table):
    """A row of the file."""

    title: VisibleText
    firms: list[str] = Field(min_length=1)
    rows: list[str]
    mechanism: VisibleText
    measure: str
    good: str = ""
    who: str
    since: Month
    until: Month
    off: OffText
    scenario: str | None = None


@dataclass(frozen=True)
class Entity:
    """What the article names: the firms that stand for it, its mechanism, and the figure that shows it at work.

    ``off`` takes the mechanism out: settings, paths of events that are left out, and firms that are removed. The
    entity stands in ``scenario``, or in the world that is asked about where this is None.
    """

    name: str
    title: str
    firms: tuple[str, ...]
    rows: tuple[str, ...]  # of facts.csv, which are about it
    mechanism: str
    figure: Figure
    off: OffText
    scenario: str | None


@dataclass(frozen=True)
class Presence:
    """Whether an entity is at work in a world.

    It is there (``yes``) where its firms are, its mechanism is switched on and its figure is not 0, *in part* where
    some of its firms are, else not. ``figure`` has the unit of its measure: cents, dollars, a share or a count; it is
    None where there are none of its firms.
    """

    entity: Entity
    world: str
    status: str
    figure: float | None

    @property
    def unit(self) -> str:
        """Unit of its figure."""
        return MEASURES[self.entity.figure.measure].unit


def load_entities(path: Path = TABLE) -> tuple[Entity, ...]:
    """Read the entities, in the order of their file.

    Raises
    ------
    BadInput
        If the file can't be read, or anything in it is wrong.
    """
    rows = read_toml(path)
    tables: dict[str, type[BaseModel]] = {"off": OffText}
    for name, row in rows.items():
        refuse(f"{path}, {problem}" for problem in schema_problems(EntityText, row, tables, below(name)))
        if row["measure"] not in MEASURES:
            found, known = shown(row["measure"]), ", ".join(sorted(MEASURES))
            refuse([f"{path}, {name}.measure: found {found}, expected one of {known}"])
        strange = [each for each in row["rows"] if each not in facts()]
        refuse(f"{path}, {name}.rows: {unknown('row of facts.csv', each, facts())}" for each in strange)
    return tuple(_entity(name, EntityText(**row)) for name, row in rows.items())


def _entity(name: str, row: EntityText) -> Entity:
    since, until = first_of_month(row.since), first_of_month(row.until)
    figure = Figure(row.measure, row.who, since, until, row.good)
    return Entity(name, row.title, tuple(row.firms), tuple(row.rows), row.mechanism, figure, row.off, row.scenario)


def find_entities(
    scenario: str | Path | Mapping[str, Any] = "baseline",
    seed: int = 1,
    users: int = 4000,
    workers: int | None = None,
    progress: Callable[[int, int], None] | None = None,
    table: Path = TABLE,
) -> list[Presence]:
    """Run a world, and those of entities that it can't hold, and read each entity's figure.

    Raises
    ------
    BadInput
        If the scenario or the table can't be read, or a size is impossible; nothing was run then.
    """
    entities = load_entities(table)
    worlds = list(dict.fromkeys(entity.scenario for entity in entities))
    specs = {world: load_scenario(scenario if world is None else world) for world in worlds}
    asked = {world: [entity for entity in entities if entity.scenario == world] for world in worlds}
    cases = [
        RunCase(spec, seed, users, months_to(spec, max(each.figure.until for each in asked[world])))
        for world, spec in specs.items()
    ]
    on = {entity.name for entity in entities if is_on(entity, entity.scenario or scenario)}
    found: list[Presence] = []
    read = measure_runs(cases, partial(presences, entities=entities, on=on), workers)
    for world, rows in zip(worlds, read, strict=True):
        found += [row for row in rows if row.entity.scenario == world]
        if progress is not None:
            progress(len(found), len(entities))
    return sorted(found, key=lambda row: entities.index(row.entity))


def presences(result: Result, entities: Sequence[Entity], on: Set[str]) -> list[Presence]:
    """Read the figures of entities in a run, and say whether each is at work in it; ``on`` are those switched on."""
    names = set(result.books.accounts.names)
    return [_presence(result, entity, names, entity.name in on) for entity in entities]


def _presence(result: Result, entity: Entity, names: set[str], on: bool) -> Presence:
    there = [name in names for name in entity.firms]
    figure = read_figure(result, entity.figure) if any(there) else None
    status = YES if all(there) and on and figure else IN_PART if any(there) else NO
    return Presence(entity, str(result.manifest["scenario"]["name"]), status, figure)


def is_on(entity: Entity, scenario: str | Path | Mapping[str, Any]) -> bool:
    """Whether the mechanism of an entity is switched on in a world: whether taking it out changes anything there."""
    spec, off = load_scenario(scenario), entity.off
    if off.remove:
        return set(off.remove) <= {member.name for members in spec.groups.values() for member in members}
    without = world_without(entity, scenario)
    return (spec.groups, spec.numbers, spec.events) != (without.groups, without.numbers, without.events)


def world_without(entity: Entity, scenario: str | Path | Mapping[str, Any]) -> ScenarioSpec:
    """Return a world without the mechanism of an entity: the same settings, events and firms else."""
    off = entity.off
    if off.remove:
        question = f"What if {entity.title} were not there?"
        scenario = {"extends": scenario, "remove": off.remove, "name": "without", "question": question}
    spec = load_scenario(scenario, off.set)
    return replace(spec, events=tuple(event for event in spec.events if event.path not in off.events))
