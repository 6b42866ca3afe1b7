"""Trust that moves: it falls with ads and scandals, a scandal spills over to all, and time heals slowly."""

from dataclasses import dataclass
from typing import ClassVar, Self

from watersellers.agents.app import App
from watersellers.agents.firm import Common
from watersellers.agents.parts import Parts
from watersellers.agents.setting import Traits
from watersellers.market.dice import Chance
from watersellers.market.saved import Saved


@dataclass(frozen=True, slots=True)
class TrustNumbers(Traits):
    """What users trust an app for, in utility, and what ads and scandals cost it."""

    trust: float
    trust_erosion: float
    scandal_hazard: float
    scandal_depth: float


class Trust:
    """What users make of apps that show them ads."""

    NUMBERS: ClassVar = {"apps": (TrustNumbers,)}
    SAVED: ClassVar[Saved] = {"lost": dict[int, float], "news": list[tuple[str, str, str]]}

    def __init__(self, apps: list[App], common: Common):
        self.apps, self.common = apps, common
        self.lost: dict[int, float] = {firm.place: 0.0 for firm in apps}  # utility lost to ads and scandals
        self.news: list[tuple[str, str, str]] = []  # what, who, text of this month

    @classmethod
    def build(cls, parts: Parts) -> Self:
        """Take the apps of the setting."""
        return cls(parts.those(App), parts.common)

    def of(self, firm: App) -> float:
        """What users trust an app for, in utility: its own standing less what ads and scandals have cost it."""
        return float(firm.numbers[TrustNumbers].trust - self.lost[firm.place])

    def expect(self, chance: Chance) -> None:
        """Heal a part of what was lost, lose by this month's ads, and let scandals happen."""
        numbers, alive = self.common.numbers, [firm for firm in self.apps if firm.alive]
        self.news = []
        for firm in alive:
            eroded = firm.numbers[TrustNumbers].trust_erosion * firm.traits.ad_load
            self.lost[firm.place] += eroded - numbers["trust_recovery"] * self.lost[firm.place]
        for firm in alive:
            hazard = firm.numbers[TrustNumbers].scandal_hazard * firm.traits.ad_load
            if hazard and chance.uniform("scandal", firm.key)[0] < hazard:
                self._break_out(firm, alive, numbers["scandal_spill"])

    def _break_out(self, firm: App, alive: list[App], spill: float) -> None:
        """Let an app lose trust for an ad where no ad should be, and the others a part of that."""
        for other in alive:
            self.lost[other.place] += firm.numbers[TrustNumbers].scandal_depth * (1 if other is firm else spill)
        self.news.append(("scandal", firm.name, f"{{{firm.name}}} has a scandal over an ad in an answer"))
