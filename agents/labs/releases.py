"""Releases: what a lab knows reaches its customers in generations, and each generation has luck of its own."""

from dataclasses import dataclass
from math import log1p

from watersellers.agents.decision_bounds import Release
from watersellers.agents.information import SeenByReleaser
from watersellers.agents.labs.lab import Lab
from watersellers.agents.labs.model_line import Generation
from watersellers.agents.scenario_spec import Traits
from watersellers.market.chance import Chance, normal


@dataclass(frozen=True, slots=True)
class LuckNumbers(Traits):
    """Luck of a release: standard deviations of quality, in quality units, and of the logarithm of speed."""

    luck_quality: float
    luck_speed: float


def release(firm: Lab, chance: Chance) -> None:
    """Release a lab's model, if that is dated for this month or else if the lab decides so.

    Luck belongs to a generation and ends with it: nobody learns it, and no release is kept back because of it. So its
    mean over releases is 0, and it moves no trend.
    """
    dated = firm.dated_release()
    firm.pass_date()
    decided = firm.decide("releasing", see(firm), chance) if dated is None else dated
    if decided == Release.GENERATION:
        numbers = firm.numbers[LuckNumbers]
        luck = numbers.luck_quality * draw(firm, "luck_quality", chance)
        speed = numbers.luck_speed * draw(firm, "luck_speed", chance)
        firm.release(Generation(firm.knowledge, luck, speed))
    elif decided == Release.IMPROVE:
        firm.improve()


def draw(firm: Lab, purpose: str, chance: Chance) -> float:
    """Draw a standard normal deviate for a lab and a month."""
    return float(normal(chance.uniform(purpose, firm.key))[0])


def see(firm: Lab) -> SeenByReleaser:
    """Return a lab's view of its next release."""
    unit = firm.traits.knowledge_unit
    gathered = log1p(firm.knowledge / unit) - log1p(firm.in_model / unit)
    return SeenByReleaser(gathered, firm.months_on_sale)
