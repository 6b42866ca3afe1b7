"""The simulation of stories: run each of their worlds with the same seeds on all cores, and judge each test."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial

import polars as pl

from watersellers.agents.scenario_spec import ScenarioSpec
from watersellers.experiments.analysis.run_figures import Figure, read_figure
from watersellers.experiments.input.plain_values import plain_values
from watersellers.experiments.loading.limits import check_runs
from watersellers.experiments.runs.parallel import RunCase, measure_runs
from watersellers.experiments.runs.result import Result
from watersellers.experiments.stories.story import Arm, Story, Test
from watersellers.experiments.stories.verdicts import SeedVerdicts, judge_claim, reversed_under
from watersellers.market.goods import CHAIN

QUARTER = 3  # months


@dataclass(frozen=True, slots=True)
class Size:
    """The number of seeds for every world, of simulated users, and of processes (all cores if None)."""

    seeds: int = 20
    users: int = 2_000
    workers: int | None = None


@dataclass(frozen=True)
class ObservedRun:
    """What a story reads from one run: figures, and operating profit by layer and quarter and by firm over the span."""

    figures: dict[Figure, float | None]
    quarters: pl.DataFrame  # quarter (its first month), layer, operating_profit; only whole quarters
    firms: pl.DataFrame  # layer, firm, operating_profit, revenue


@dataclass(frozen=True)
class FigurePlan:
    """What a story has to read from a world: figures, and the span over which firms are added up."""

    figures: tuple[Figure, ...]
    since: date
    until: date


@dataclass(frozen=True)
class TestOutcome:
    """The outcome of a test: under its own arm, and under each condition, by the condition's title."""

    test: Test
    main: SeedVerdicts
    under: dict[str, SeedVerdicts]

    @property
    def turns(self) -> list[str]:
        """Titles of the conditions under which the verdict is reversed."""
        return reversed_under(self.main.verdict, {title: found.verdict for title, found in self.under.items()})


@dataclass(frozen=True)
class StoryOutcome:
    """A story that was run: the observed runs of each arm, seed by seed, and the outcome of each test."""

    story: Story
    size: Size
    observed: dict[str, tuple[ObservedRun, ...]]  # by arm
    outcomes: tuple[TestOutcome, ...]


def run_stories(
    stories: Sequence[Story], size: Size, progress: Callable[[int, int], None] | None = None
) -> Iterator[StoryOutcome]:
    """Run stories over seeds; a world that several of them need is run once.

    Parameters
    ----------
    stories : sequence of Story
        The stories; their outcomes come in this order.
    size : Size
        The number of seeds, users and processes; the number of processes does not affect the results.
    progress : callable, optional
        Called with the number of runs done and of all runs.

    Raises
    ------
    BadInput
        If a number is out of range; nothing was run then.
    """
    size = Size(*plain_values(size.seeds, size.users, size.workers))
    check_runs(size.seeds, size.users, size.workers)
    worlds, world_of = _worlds(stories)
    plans = {world.scenario: plan for world, plan in worlds}
    cases = [RunCase(world, seed, size.users) for world, _ in worlds for seed in range(1, size.seeds + 1)]
    observed: list[dict[str, ObservedRun]] = []
    for number, found in enumerate(measure_runs(cases, partial(observe_run, plans), size.workers), start=1):
        observed.append(found)
        if progress is not None:
            progress(number, len(cases))
    for story in stories:
        first = {arm.name: world_of[story.name, arm.name] * size.seeds for arm in story.arms}
        by_arm = {
            arm: tuple(each[story.name] for each in observed[start : start + size.seeds])
            for arm, start in first.items()
        }
        yield StoryOutcome(story, size, by_arm, tuple(_judge_test(test, by_arm, story) for test in story.tests))


def observe_run(plans: dict[str, dict[str, FigurePlan]], result: Result) -> dict[str, ObservedRun]:
    """Read from a run what each story needs that has it as one of its worlds."""
    return {name: _observe_for_story(plan, result) for name, plan in plans[result.manifest["scenario"]["name"]].items()}


def _observe_for_story(plan: FigurePlan, result: Result) -> ObservedRun:
    """Read from a run what one story needs."""
    chain = pl.col("layer").is_in(CHAIN)
    quarter = pl.col("month").dt.truncate("1q").alias("quarter")
    sums = pl.col("operating_profit").sum(), pl.col("month").n_unique().alias("months")
    quarters = result.layers.filter(chain).group_by(quarter, "layer").agg(sums).filter(months=QUARTER).drop("months")
    span = result.firms.filter(chain, pl.col("month").is_between(plan.since, plan.until))
    firms = span.group_by("layer", "firm").agg(pl.col("operating_profit", "revenue").sum())
    figures = {figure: read_figure(result, figure) for figure in plan.figures}
    return ObservedRun(figures, quarters.sort("quarter", "layer"), firms.sort("layer", "firm"))


def _worlds(
    stories: Sequence[Story],
) -> tuple[list[tuple[ScenarioSpec, dict[str, FigurePlan]]], dict[tuple[str, str], int]]:
    """List the different worlds of the stories with each story's figure plan, and the number of each arm's world."""
    worlds: list[tuple[ScenarioSpec, dict[str, FigurePlan]]] = []
    specs: list[ScenarioSpec] = []
    world_of: dict[tuple[str, str], int] = {}
    for story in stories:
        for arm in story.arms:
            unnamed = replace(arm.spec, scenario="", question="")
            if unnamed not in specs:
                specs.append(unnamed)
                worlds.append((replace(arm.spec, scenario=f"world {len(worlds) + 1}"), {}))
            world_of[story.name, arm.name] = specs.index(unnamed)
            plans = worlds[specs.index(unnamed)][1]
            before = plans[story.name].figures if story.name in plans else ()
            figures = tuple(dict.fromkeys((*before, *_figures_needed(story, arm))))
            plans[story.name] = FigurePlan(figures, story.since, story.until)
    return worlds, world_of


def _figures_needed(story: Story, arm: Arm) -> Iterator[Figure]:
    """Yield the figures that the tests of a story read in an arm."""
    for test in story.tests:
        pairs = [(test.arm, test.against), *((name, story.control_of(test, name)) for name in test.under)]
        if any(arm.name in pair for pair in pairs):
            yield from test.figures


def _judge_test(test: Test, observed: dict[str, tuple[ObservedRun, ...]], story: Story) -> TestOutcome:
    """Judge a test under its own arm and under its conditions."""

    def values_in(arm: str) -> list[tuple[float | None, ...]]:
        return [tuple(each.figures[figure] for figure in test.figures) for each in observed[arm]]

    def judge(arm: str, against: str) -> SeedVerdicts:
        return judge_claim(test.rule, values_in(arm), values_in(against) if test.rule.paired else None, test.bound)

    under = {story.arm(arm).title: judge(arm, story.control_of(test, arm)) for arm in test.under}
    return TestOutcome(test, judge(test.arm, test.against), under)
