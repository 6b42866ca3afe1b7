"""Playing stories: each of their worlds with the same seeds, on all cores, and what came out of each test."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial

import polars as pl

from watersellers.agents.setting import Setting
from watersellers.experiments.limits import check_runs
from watersellers.experiments.many import Case, measured
from watersellers.experiments.readings import Reading, read
from watersellers.experiments.result import Result
from watersellers.experiments.stories.story import Arm, Story, Test
from watersellers.experiments.stories.verdicts import Judged, judged, turned
from watersellers.market.goods import CHAIN


@dataclass(frozen=True, slots=True)
class Size:
    """How many seeds, each under every world, how many simulated users, and how many processes (none: all cores)."""

    seeds: int = 20
    users: int = 2_000
    workers: int | None = None


@dataclass(frozen=True)
class Seen:
    """What a story looks at in one run: figures by reading, each layer's profit by quarter, each firm's in the span."""

    figures: dict[Reading, float | None]
    quarters: pl.DataFrame  # quarter (its first month), layer, operating_profit
    firms: pl.DataFrame  # layer, firm, operating_profit, revenue


@dataclass(frozen=True)
class Plan:
    """What is to be looked at in a world: readings, and the span over which firms are added up."""

    readings: tuple[Reading, ...]
    since: date
    until: date


@dataclass(frozen=True)
class Tested:
    """What came out of a test: under its own arm, under each condition, and where it turns around."""

    test: Test
    main: Judged
    under: dict[str, Judged]

    @property
    def turns(self) -> list[str]:
        """Titles of the conditions under which it turns around."""
        return turned(self.main.verdict, {title: found.verdict for title, found in self.under.items()})


@dataclass(frozen=True)
class Played:
    """A story that was played: what was seen in each world, seed by seed, and what came out of each test."""

    story: Story
    size: Size
    seen: dict[str, tuple[Seen, ...]]  # by arm
    tested: tuple[Tested, ...]


def play(stories: Sequence[Story], size: Size, progress: Callable[[int, int], None] | None = None) -> Iterator[Played]:
    """Play stories over seeds; a world that several of them look at is lived once.

    Parameters
    ----------
    stories : sequence of Story
        The stories, told in this order.
    size : Size
        How many seeds and users; processes move no number.
    progress : callable, optional
        Called with the runs that are done and the runs in all.

    Raises
    ------
    BadInput
        If a number is out of range; nothing was run then.
    """
    check_runs(size.seeds, size.users, size.workers)
    worlds, place = _worlds(stories)
    plans = {world.scenario: plan for world, plan in worlds}
    cases = [Case(world, seed, size.users) for world, _ in worlds for seed in range(1, size.seeds + 1)]
    seen: list[dict[str, Seen]] = []
    for number, found in enumerate(measured(cases, partial(look, plans), size.workers), start=1):
        seen.append(found)
        if progress is not None:
            progress(number, len(cases))
    for story in stories:
        first = {arm.name: place[story.name, arm.name] * size.seeds for arm in story.arms}
        by_arm = {arm: tuple(each[story.name] for each in seen[at : at + size.seeds]) for arm, at in first.items()}
        yield Played(story, size, by_arm, tuple(_tested(test, by_arm, story) for test in story.tests))


def look(plans: dict[str, dict[str, Plan]], result: Result) -> dict[str, Seen]:
    """Look at a run for every story that has it as one of its worlds."""
    return {name: _seen(plan, result) for name, plan in plans[result.manifest["scenario"]["name"]].items()}


def _seen(plan: Plan, result: Result) -> Seen:
    """Look at a run for one story."""
    chain = pl.col("layer").is_in(CHAIN)
    quarter = pl.col("month").dt.truncate("1q").alias("quarter")
    quarters = result.layers.filter(chain).group_by(quarter, "layer").agg(pl.col("operating_profit").sum())
    span = result.firms.filter(chain, pl.col("month").is_between(plan.since, plan.until))
    firms = span.group_by("layer", "firm").agg(pl.col("operating_profit", "revenue").sum())
    figures = {reading: read(result, reading) for reading in plan.readings}
    return Seen(figures, quarters.sort("quarter", "layer"), firms.sort("layer", "firm"))


def _worlds(stories: Sequence[Story]) -> tuple[list[tuple[Setting, dict[str, Plan]]], dict[tuple[str, str], int]]:
    """List the worlds that the stories need, each once, with what each story looks at in it; and where each arm is."""
    worlds: list[tuple[Setting, dict[str, Plan]]] = []
    settings: list[Setting] = []
    place: dict[tuple[str, str], int] = {}
    for story in stories:
        for arm in story.arms:
            bare = replace(arm.setting, scenario="", question="")
            if bare not in settings:
                settings.append(bare)
                worlds.append((replace(arm.setting, scenario=f"world {len(worlds) + 1}"), {}))
            place[story.name, arm.name] = settings.index(bare)
            plans = worlds[settings.index(bare)][1]
            before = plans[story.name].readings if story.name in plans else ()
            readings = tuple(dict.fromkeys((*before, *_needed(story, arm))))
            plans[story.name] = Plan(readings, story.since, story.until)
    return worlds, place


def _needed(story: Story, arm: Arm) -> Iterator[Reading]:
    """Give what the tests read in an arm."""
    for test in story.tests:
        looked = [(test.arm, test.against), *((name, story.control_of(test, name)) for name in test.under)]
        if any(arm.name in pair for pair in looked):
            yield from test.readings


def _tested(test: Test, seen: dict[str, tuple[Seen, ...]], story: Story) -> Tested:
    """Judge a test under its own arm and under its conditions."""

    def read_in(arm: str) -> list[tuple[float | None, ...]]:
        return [tuple(each.figures[reading] for reading in test.readings) for each in seen[arm]]

    def judge(arm: str, against: str) -> Judged:
        return judged(test.rule, read_in(arm), read_in(against) if test.rule.paired else None, test.bound)

    under = {story.arm(arm).title: judge(arm, story.control_of(test, arm)) for arm in test.under}
    return Tested(test, judge(test.arm, test.against), under)
