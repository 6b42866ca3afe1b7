"""The way from a world to one that extends it: the scenarios between them are put in one by one, and each is measured.

What a scenario extends is laid in one order (``Catalogue.chain``). A step puts in the next of these files that the
first world does not have, at its place in that order, so that the last step makes the second world itself. An effect
is that of a step after all before it; in another order it may be another one. Every world is lived once per seed. The
mean before a step is the mean after the one before it, so that the steps add up to the whole difference.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from watersellers.agents.scenario_spec import ScenarioSpec
from watersellers.experiments.analysis.bands_over_runs import band_kind
from watersellers.experiments.analysis.comparison.two_worlds import MEASURES, SEEDS, differences, profits
from watersellers.experiments.analysis.windows import Period
from watersellers.experiments.input.errors import BadInput, shown
from watersellers.experiments.input.plain_values import plain_values
from watersellers.experiments.loading.catalogue import Catalogue, builtin_catalogue
from watersellers.experiments.loading.limits import check_runs
from watersellers.experiments.loading.loader import Scenario, load_scenario
from watersellers.experiments.loading.scenario_source import Document, ScenarioSource, source_of_mapping
from watersellers.experiments.runs.parallel import RunCase, measure_runs
from watersellers.experiments.runs.result import Result

DATED = ("event", "change")  # what happens in a month, and what events change by a name
RARE = 100  # from one in so many on, few seeds are no reason for doubt
MARK = "*"  # behind a difference that may be chance, wherever steps are shown
NO_VALUES = ("extends", "start", "months", *DATED)


@dataclass(frozen=True)
class Step:
    """A world on the way: the scenario that was put in last, with its question, and the world that has it in.

    ``values`` is how many numbers, names and choices its file sets, ``events`` how many events it has.
    """

    scenario: str
    question: str
    values: int
    events: int
    world: ScenarioSpec


@dataclass(frozen=True)
class Steps:
    """What each step from the first world to the second changes over the same seeds, in cents, over all months.

    ``path`` has a row per step: step (from 1), scenario, question, values, events. ``steps`` has a row per step, layer
    and measure: before and after (means over seeds), difference (the mean of after less before), low and high (the
    band of the differences over seeds; what it holds is ``band``), agree (share of seeds whose difference has the sign
    of the mean difference), holds_zero (whether the band does). ``layers`` is the whole difference, as in
    ``Comparison``.
    """

    names: tuple[str, str]
    seeds: int
    users: int
    lived: Period
    path: pl.DataFrame
    steps: pl.DataFrame
    layers: pl.DataFrame

    @property
    def band(self) -> str:
        """What low and high enclose: "nine in ten" of the seeds' differences, or with few seeds "all" of them."""
        return band_kind(self.seeds)

    @property
    def one_in(self) -> int | None:
        """Of how many steps without an effect one looks as if it had one; None where this is rare.

        A step without an effect is taken to be as likely to raise as to lower a layer's figure. Of few seeds the band
        is the range, and it leaves zero out if all fall on one side: 2 in 2 ** seeds.
        """
        odds = 2 ** (self.seeds - 1)
        return odds if odds < RARE else None

    @property
    def scenarios(self) -> list[str]:
        """The scenarios in the order in which they are put in."""
        return self.path["scenario"].to_list()

    def of(self, measure: str, layer: str) -> list[dict[str, Any]]:
        """Return the rows of a measure and a layer, step by step."""
        return self.steps.filter(measure=measure, layer=layer).sort("step").to_dicts()

    def whole(self, measure: str, layer: str) -> dict[str, Any]:
        """Return the whole difference of a measure and a layer, with the columns of a step."""
        return _as_step(self.layers.filter(measure=measure, layer=layer)).row(0, named=True)


def compare_steps(
    first: Scenario,
    second: Scenario,
    seeds: int = SEEDS,
    months: int | None = None,
    users: int = 10_000,
    workers: int | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Steps:
    """Run all worlds between two scenarios with the same seeds, and compute what each step changes.

    Parameters
    ----------
    first : str or Path
        The scenario from which the way starts; the second extends it, directly or not.
    second : str, Path or mapping
        The scenario to which it leads.
    seeds : int
        The number of seeds, which count from 1.
    months, users : int
        The length of a run (the shortest of the worlds' if not given), and the number of simulated users.
    workers : int, optional
        The number of processes; all cores if not given. It does not affect the results.
    progress : callable, optional
        Called with the number of runs done and of all runs.

    Raises
    ------
    BadInput
        If a scenario is wrong, the second does not extend the first, or a number is out of range; nothing was run then.
    """
    seeds, months, users, workers = plain_values(seeds, months, users, workers)
    check_runs(seeds, users, workers, months)
    way = worlds_between(first, second)
    lived = months or min(step.world.months for step in way)  # 0 is refused above
    cases = [RunCase(step.world, seed, users, lived) for seed in range(1, seeds + 1) for step in way]
    rows = []
    for number, frame in enumerate(measure_runs(cases, sums, workers)):
        rows.append(frame.with_columns(seed=pl.lit(cases[number].seed), step=pl.lit(number % len(way), pl.Int64)))
        if progress is not None:
            progress(number + 1, len(cases))
    long = pl.concat(rows).unpivot(MEASURES, index=["seed", "step", "layer"], variable_name="measure")
    names = way[0].world.scenario, way[-1].world.scenario
    return Steps(
        names,
        seeds,
        users,
        Period.lived(way[0].world.start, lived),
        _path(way),
        pl.concat([_step(long, number) for number in range(1, len(way))]),
        _between(long, 0, len(way) - 1),
    )


def may_be_chance(row: Mapping[str, Any]) -> bool:
    """Say of a step whether something differs, and the band of it holds zero."""
    return bool(row["holds_zero"] and row["difference"])


def sums(result: Result) -> pl.DataFrame:
    """Add up a run's revenue, operating profit and free cash flow by layer, in cents."""
    return profits(result).group_by("layer", maintain_order=True).agg(pl.col(MEASURES).sum())


def worlds_between(first: Scenario, second: Scenario, catalogue: Catalogue | None = None) -> list[Step]:
    """List the worlds on the way from a scenario to one that extends it, both included.

    Raises
    ------
    BadInput
        If one of them is wrong, or the second does not extend the first.
    """
    catalogue = catalogue or builtin_catalogue()
    start, end = (_source(each, catalogue) for each in (first, second))
    files = catalogue.chain(end)
    if not _among(start, files[:-1]):
        raise BadInput(_no_way(start, end, files, catalogue))
    base = catalogue.chain(start)
    there = [each for each in files if _among(each, base)]
    way = [_made(start, load_scenario(first, catalogue=catalogue))]
    for added in (each for each in files[:-1] if not _among(each, base)):
        there = [each for each in files if each is added or _among(each, there)]
        way.append(_made(added, load_scenario(laid(added, there, catalogue), catalogue=catalogue)))
    return [*way, _made(end, load_scenario(second, catalogue=catalogue))]


def laid(added: ScenarioSource, files: list[ScenarioSource], catalogue: Catalogue) -> Document:
    """Write the world of some files, in their order, as a scenario; it is named after the one added last."""
    names = [each.name if each.file.parent == catalogue.folder else str(each.file.resolve()) for each in files]
    return {"name": added.name, "question": added.question, "extends": names}


def _source(scenario: Scenario, catalogue: Catalogue) -> ScenarioSource:
    """Read a scenario, with what it extends."""
    if isinstance(scenario, Mapping):
        return source_of_mapping(scenario)
    if isinstance(scenario, str | Path):
        return catalogue.read(scenario)
    expected = "expected a name, the path of a file, or a mapping; a loaded scenario has forgotten what it extends"
    raise BadInput(f"steps: found {shown(scenario)}, {expected}")


def _among(source: ScenarioSource, files: list[ScenarioSource]) -> bool:
    """Say whether a scenario is one of some."""
    return any(source.same_file(each) for each in files)


def _no_way(start: ScenarioSource, end: ScenarioSource, files: list[ScenarioSource], catalogue: Catalogue) -> str:
    """Say that no steps lead from a scenario to another, and from which they do."""
    below = ", ".join(each.name for each in files[:-1])
    if _among(end, catalogue.chain(start)[:-1]):
        return f"steps: {start.name} extends {end.name}, and not the other way round; exchange the two"
    if not below:
        return f"steps: {end.name} extends no scenario, so that no steps lead to it; leave out the steps"
    expected = f"expected one that {end.name} extends, directly or not: {below}"
    return f"steps: found {start.name} as the first world, {expected}"


def _made(source: ScenarioSource, world: ScenarioSpec) -> Step:
    """Describe a world by the file that was put in last."""
    values = sum(_values(value) for key, value in source.doc.items() if key not in NO_VALUES)
    return Step(source.name, source.question, values, len(source.doc.get("event", ())), world)


def _values(value: object) -> int:
    """Count the values of a table and of its tables."""
    return sum(map(_values, value.values())) if isinstance(value, dict) else 1


def _path(way: list[Step]) -> pl.DataFrame:
    """List the steps with their questions."""
    columns = ("scenario", "question", "values", "events")
    rows = [{"step": number, **{name: getattr(step, name) for name in columns}} for number, step in enumerate(way)]
    return pl.DataFrame(rows[1:])


def _step(long: pl.DataFrame, number: int) -> pl.DataFrame:
    """Compute the differences that a step makes."""
    return _as_step(_between(long, number - 1, number)).select(pl.lit(number, pl.Int64).alias("step"), pl.all())


def _as_step(table: pl.DataFrame) -> pl.DataFrame:
    """Name the columns of a comparison as those of a step, and say whether the band holds zero."""
    found = table.rename({"first": "before", "second": "after"})
    return found.with_columns(holds_zero=(pl.col("low") <= 0) & (pl.col("high") >= 0))


def _between(long: pl.DataFrame, before: int, after: int) -> pl.DataFrame:
    """Compute the differences by layer between two of the worlds."""
    pair = long.filter(pl.col("step").is_in([before, after])).with_columns(second=pl.col("step") == after)
    return differences(pair.drop("step"), ["layer"])
