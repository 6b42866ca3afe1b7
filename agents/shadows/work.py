"""The shadow of enterprises: what they would spend on models, bought or their own, in the market of the first month."""

from typing import ClassVar, Self

from watersellers.agents.economy_parts import Parts
from watersellers.agents.enterprises.handed_over_work import HandedOverWork
from watersellers.agents.enterprises.own_models import OwnModels
from watersellers.agents.enterprises.regions import EnterpriseRegions
from watersellers.agents.shadows.frozen_market import FrozenMarket, Remembers, Shadow
from watersellers.agents.work.segments import Segments
from watersellers.market.chance import Chance


class WorkInFrozenMarket(Shadow, HandedOverWork):
    """Enterprises that adopt as they would have if no model had become better or cheaper."""

    REMEMBERED: ClassVar = ("adoption", "gains", "grants", "purses")

    def __init__(self, parts: Parts):
        self.market = parts[FrozenMarket]
        super().__init__(parts[EnterpriseRegions], parts[Segments], parts.registers)

    @classmethod
    def build(cls, parts: Parts) -> Self:
        """Take the same regions and segments, and the frozen market."""
        return cls(parts)

    def month(self, chance: Chance) -> dict[int, float]:
        """Live a month; dollars that each region spends, by account, out of money that is always there."""
        self.expect(chance)
        spent = {region.account: self.affordable(region) for region in self.regions if self.segments}
        for region in self.regions if self.segments else ():
            self.grant(region, self.unspent(region))
        return spent


class OwnModelsInFrozenMarket(Remembers, OwnModels):
    """Enterprises that expect from models of their own what those of the first month let them expect."""

    REMEMBERED: ClassVar = ("grants",)

    @classmethod
    def build(cls, parts: Parts) -> Self:
        """Take the same regions, and the work that they hand over in the frozen market."""
        return cls(parts[EnterpriseRegions], parts[WorkInFrozenMarket], parts.registers)

    def month(self) -> dict[int, float]:
        """Live a month, after its work; dollars for hours that each region had granted itself, by account."""
        granted = dict(self.grants)
        self.grant()
        return granted
