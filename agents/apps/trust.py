"""Trust in apps: it falls with ads and scandals, a scandal spills over to all apps, and trust recovers slowly."""

from dataclasses import dataclass
from typing import ClassVar, Self

from watersellers.agents.apps.app import App
from watersellers.agents.economy_parts import Parts
from watersellers.agents.firm import Registers
from watersellers.agents.scenario_spec import Traits
from watersellers.market.chance import Chance
from watersellers.market.saved import Saved


@dataclass(frozen=True, slots=True)
class TrustNumbers(Traits):
    """Users' base trust in an app, in utility, and the trust that ads and scandals cost it."""

    trust: float
    trust_erosion: float
    scandal_hazard: float
    scandal_depth: float


class Trust:
    """Users' trust in each app."""

    NUMBERS: ClassVar = {"apps": (TrustNumbers,)}
    SAVED: ClassVar[Saved] = {"lost": dict[int, float], "announcements": list[tuple[str, str, str]]}

    def __init__(self, apps: list[App], registers: Registers):
        self.apps, self.registers = apps, registers
        self.lost = {firm.account: 0.0 for firm in apps}  # by app: trust lost to ads and scandals, in utility
        self.announcements: list[tuple[str, str, str]] = []  # of this month: kind of event, firm, text

    @classmethod
    def build(cls, parts: Parts) -> Self:
        """Take the apps of the scenario."""
        return cls(parts.firms_of(App), parts.registers)

    def of(self, firm: App) -> float:
        """Users' trust in an app, in utility: its base trust less the trust lost to ads and scandals."""
        return float(firm.numbers[TrustNumbers].trust - self.lost[firm.account])

    def expect(self, chance: Chance) -> None:
        """Let apps win back part of the lost trust, lose trust to this month's ads, and perhaps have a scandal."""
        numbers, alive = self.registers.numbers, [firm for firm in self.apps if firm.alive]
        self.announcements = []
        for firm in alive:
            eroded = firm.numbers[TrustNumbers].trust_erosion * firm.ad_load
            self.lost[firm.account] += eroded - numbers["trust_recovery"] * self.lost[firm.account]
        for firm in alive:
            hazard = firm.numbers[TrustNumbers].scandal_hazard * firm.ad_load
            if hazard and chance.uniform("scandal", firm.key)[0] < hazard:
                self._break_out(firm, alive, numbers["scandal_spill"])

    def _break_out(self, firm: App, alive: list[App], spill: float) -> None:
        """Let an app lose trust by a scandal over an ad in an answer, and all others a part of that."""
        for other in alive:
            self.lost[other.account] += firm.numbers[TrustNumbers].scandal_depth * (1 if other is firm else spill)
        self.announcements.append(("scandal", firm.name, f"{{{firm.name}}} has a scandal over an ad in an answer"))
