"""Releases: what a lab knows reaches its customers in generations, and each generation has luck of its own."""

from dataclasses import dataclass
from math import log1p

from watersellers.agents.information import Release, SeenByReleaser
from watersellers.agents.labs.lab import Lab
from watersellers.agents.labs.model_line import Generation
from watersellers.agents.public_information import PublicInformation
from watersellers.agents.scenario_spec import Traits
from watersellers.market.chance import Chance, normal


@dataclass(frozen=True, slots=True)
class LuckNumbers(Traits):
    """Luck of a release: standard deviations of quality, in quality units, and of the logarithm of speed."""

    luck_quality: float
    luck_speed: float


def release(firm: Lab, public: PublicInformation, chance: Chance) -> None:
    """Release a lab's model, if that is dated for this month or else if the lab decides so.

    Luck belongs to a generation and ends with it: nobody learns it, and no release is kept back because of it. So its
    mean over releases is 0, and it moves no trend.
    """
    dated = firm.dated_release()
    decided = firm.decide("releasing", see(firm, public), chance) if dated is None else dated
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


def see(firm: Lab, public: PublicInformation) -> SeenByReleaser:
    """Return a lab's view of its next release, and of the best model that its rivals sold last month."""
    unit = firm.traits.knowledge_unit
    rivals = [card.quality for card in public.cards if card.region == firm.region and card.maker != firm.account]
    return SeenByReleaser(
        gathered=log1p(firm.knowledge / unit) - log1p(firm.in_model / unit),
        months=firm.months_on_sale,
        behind=max(rivals, default=firm.quality) - firm.quality,
    )
