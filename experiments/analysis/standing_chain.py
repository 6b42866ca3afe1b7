"""The twin of a world whose chain stands still: firms go on answering what they answered in the first month.

Outsiders of the twin live by their own rules, so that what they pay it tells whether their shadows are right.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import polars as pl

from watersellers.agents.scenario_spec import ParticipantSpec, ScenarioSpec
from watersellers.experiments.runs.result import Result
from watersellers.market.chance import Chance
from watersellers.market.goods import CHAIN, GOODS
from watersellers.market.money_origin.pinned_payments import USES, Use

SEEN = ("quota", "marketing", "effort")  # decisions beside prices whose answers outsiders see
PROGRESS = (  # numbers that change what a firm sells while it decides nothing
    *("throughput_growth", "opening_budget", "training_growth", "knowledge_decay", "spill_over"),
    *("performance_growth", "trust_erosion"),
)
COMPARED = (Use.WORK, Use.COMPUTE, Use.OWN_USE, Use.SEATS)


@dataclass(frozen=True)
class FirstAnswer:
    """Answers in all months of a run what another strategy answers in the first."""

    strategy: Any
    answers: dict[int, float] = field(default_factory=dict)  # by the run's seed

    def __call__(self, seen: object, chance: Chance) -> float:
        """Return the first answer of this run."""
        if chance.month == 0 or chance.seed not in self.answers:
            self.answers[chance.seed] = self.strategy(seen, chance)
        return self.answers[chance.seed]


@dataclass(frozen=True)
class LastPrice:
    """Asks what was asked last month, and so for ever what was asked in the first."""

    def __call__(self, seen: Any, chance: Chance) -> float:
        """Return last month's price in dollars."""
        return float(seen.last_price)


@dataclass(frozen=True)
class Nothing:
    """Spends nothing: no model gets better."""

    def __call__(self, seen: object, chance: Chance) -> float:
        """Return 0 dollars."""
        return 0.0


def twin_of(spec: ScenarioSpec) -> ScenarioSpec:
    """Make a scenario's twin: no firm enters, learns or changes what it asks, and no event changes a firm."""
    firms = {firm.name for layer in CHAIN for firm in spec.groups[layer]}
    there = {layer: tuple(_standing(firm) for firm in spec.groups[layer] if firm.enters == 0) for layer in CHAIN}
    events = [event for event in spec.events if event.path.split(".")[0] not in CHAIN and event.who not in firms]
    return replace(spec, groups={**spec.groups, **there}, events=tuple(events))


def _standing(firm: ParticipantSpec) -> ParticipantSpec:
    """Let a firm go on as in the first month."""
    numbers = {name: 0.0 if name in PROGRESS else value for name, value in firm.numbers.items()}
    strategies = {name: _first(name, strategy) for name, strategy in firm.strategies.items()}
    return replace(firm, numbers=numbers, strategies=strategies)


def _first(decision: str, strategy: Any) -> Any:
    """Answer what was answered first where outsiders see it, and train no model."""
    if decision in ("research", "pricing"):
        return Nothing() if decision == "research" else LastPrice()
    return FirstAnswer(strategy) if decision in SEEN else strategy


def paid_by_use(result: Result) -> dict[str, int]:
    """Add up what outsiders paid the chain, in cents, for each use that is compared."""
    layers: Mapping[tuple[str, str], str] = {(layer, GOODS[good].name): use for (layer, good), use in USES.items()}
    paid = dict.fromkeys(COMPARED, 0)
    sums = result.flows.group_by("payer_layer", "good").agg(pl.col("cents").sum())
    for layer, good, cents in sums.iter_rows():
        if (use := layers.get((layer, good))) in paid:
            paid[Use(use)] += cents
    return {str(use): cents for use, cents in paid.items()}


def shadows_by_use(result: Result) -> dict[str, int]:
    """Add up the shadows of what outsiders paid, in cents, with all that was paid in the first month."""
    first = result.flows["month"].min()
    start = replace(result, flows=result.flows.filter(pl.col("month") == first))
    sums = dict(result.shadows.group_by("use").agg(pl.col("cents").sum()).iter_rows())
    return {use: cents + sums.get(use, 0) for use, cents in paid_by_use(start).items()}
