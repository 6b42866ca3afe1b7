"""Trust that moves: it falls with ads and scandals, a scandal spills over to all, and time heals slowly."""

from typing import ClassVar, Self

from watersellers.agents.app import App
from watersellers.agents.firm import Common
from watersellers.agents.parts import Parts
from watersellers.market.dice import Chance
from watersellers.market.saved import Saved


class Trust:
    """What users make of apps that show them ads."""

    SAVED: ClassVar[Saved] = {"news": list[tuple[str, str, str]]}

    def __init__(self, apps: list[App], common: Common):
        self.apps, self.common = apps, common
        self.news: list[tuple[str, str, str]] = []  # what, who, text of this month

    @classmethod
    def build(cls, parts: Parts) -> Self:
        """Take the apps of the setting."""
        return cls(parts.those(App), parts.common)

    def expect(self, chance: Chance) -> None:
        """Heal a part of what was lost, lose by this month's ads, and let scandals happen."""
        numbers, alive = self.common.numbers, [firm for firm in self.apps if firm.alive]
        self.news = []
        for firm in alive:
            eroded = firm.traits.trust_erosion * firm.traits.ad_load
            firm.distrust += eroded - numbers["trust_recovery"] * firm.distrust
        for firm in alive:
            hazard = firm.traits.scandal_hazard * firm.traits.ad_load
            if hazard and chance.uniform("scandal", firm.key)[0] < hazard:
                self._break_out(firm, alive, numbers["scandal_spill"])

    def _break_out(self, firm: App, alive: list[App], spill: float) -> None:
        """Let an app lose trust for an ad where no ad should be, and the others a part of that."""
        for other in alive:
            other.distrust += firm.traits.scandal_depth * (1 if other is firm else spill)
        self.news.append(("scandal", firm.name, f"{{{firm.name}}} has a scandal over an ad in an answer"))
