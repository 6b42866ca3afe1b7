"""Segments of work: kinds of tasks, with what models do of them, how firms judge that, and how they adopt models."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, Self

from watersellers.agents.decision_bounds import BOUNDS
from watersellers.agents.decision_checks import number
from watersellers.agents.economy_parts import Parts
from watersellers.agents.scenario_spec import ParticipantSpec, Traits
from watersellers.agents.strategies.adoption import SeenByAdopters
from watersellers.agents.work.adoption import AdoptionTerms
from watersellers.agents.work.demand_answers import Judgement
from watersellers.agents.work.model_choice import ModelOffer, WorkValue, value_of_models
from watersellers.agents.work.reasoning_effort import Skill
from watersellers.agents.work.task_lengths import log_lengths
from watersellers.market.chance import Chance
from watersellers.market.elementary import exp_of, log_of
from watersellers.market.write_guard import FixedTable, Guarded


@dataclass(frozen=True, slots=True)
class WorkTraits(Traits):
    """Numbers of a segment of work; see ``experiments/parameters.csv`` for units and sources."""

    share: float
    wage_factor: float
    length_median: float
    length_spread: float
    start_quality: float
    start_horizon: float
    horizon_growth: float
    ceiling: float
    slope: float
    effort_power: float
    most_effort: float
    tokens_an_hour: float
    review: float
    choice_sensitivity: float
    within_maker: float
    use_sensitivity: float
    friction: float
    pass_on: float
    adoption_cost: float
    adoption_spread: float
    leaving: float
    new_depth: float
    opening_firms: float
    opening_depth: float


class Segment(Guarded):
    """A kind of work, the same in all regions but for wages and hours."""

    def __init__(self, member: ParticipantSpec):
        self.name, self.key = member.name, member.key
        self.traits = WorkTraits.of(member.numbers)
        self.strategies: FixedTable[str, Any] = FixedTable(member.strategies)

    def path(self) -> str:
        """Say where in the world it is."""
        return f"work.{self.name}"

    def example(self) -> str:
        """Name one of its numbers."""
        return f"{self.path()}.review"

    def change(self, number: str, value: float) -> None:
        """Set one of its numbers, as a scenario event does."""
        self.traits = replace(self.traits, **{number: value})

    def take_up(self, decision: str, strategy: Any) -> None:
        """Adopt another strategy for a decision."""
        self.strategies = self.strategies.changed(decision, strategy)

    def log_horizon(self, quality: float) -> float:
        """Logarithm of the hours of tasks of which a model does half as well as of the shortest, at least tokens."""
        return self.log_horizons([quality])[0]

    def log_horizons(self, qualities: Iterable[float]) -> list[float]:
        """The same for models of many qualities."""
        traits = self.traits
        start = log_of(traits.start_horizon)
        return [start + traits.horizon_growth * (quality - traits.start_quality) for quality in qualities]

    def half_done(self, quality: float) -> float:
        """Hours of tasks of which half succeed on a model at the least tokens; 0 if more of the shortest ones fail."""
        return exp_of(self.log_horizon(quality)) * self.skill().half_done

    def skill(self) -> Skill:
        """Return what models do of its tasks."""
        return _skill(self.traits)

    def value_of(self, offers: list[ModelOffer]) -> WorkValue:
        """What models on sale are worth to its firms: always the same, as long as no number of theirs changes."""
        return value_of(self.traits, tuple(offers))

    def adoption_terms(self) -> AdoptionTerms:
        """Return what adoption costs its firms, and how it begins and ends."""
        traits = self.traits
        return AdoptionTerms(traits.adoption_cost, traits.adoption_spread, traits.leaving, traits.new_depth)

    def hazard(self, region: str, seen: SeenByAdopters, chance: Chance) -> float:
        """Ask the strategy of adoption in a region for its hazard a month.

        Raises
        ------
        BadAnswer
            If it is not inside the bounds of the decision.
        """
        label = f"{self.name}.adoption in {region}"
        return number(label, BOUNDS["work.adoption"], self.strategies["adoption"], seen, chance)


def _skill(traits: WorkTraits) -> Skill:
    """What models do of tasks of a kind."""
    return Skill(traits.ceiling, traits.slope, traits.effort_power, traits.most_effort)


@lru_cache(maxsize=64)
def value_of(traits: WorkTraits, offers: tuple[ModelOffer, ...]) -> WorkValue:
    """What models on sale are worth to firms with tasks of a kind."""
    judgement = Judgement(
        traits.review,
        traits.choice_sensitivity,
        traits.within_maker,
        traits.use_sensitivity,
        traits.friction,
        traits.pass_on,
    )
    lengths = log_lengths(traits.length_median, traits.length_spread)
    return value_of_models(list(offers), lengths, _skill(traits), judgement)


class Segments(tuple[Segment, ...]):
    """All segments of work, in the order of their keys."""

    __slots__ = ()

    @classmethod
    def build(cls, parts: Parts) -> Self:
        """Take the segments of the scenario."""
        return cls(Segment(member) for member in parts.members("work"))
