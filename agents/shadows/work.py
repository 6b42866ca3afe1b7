"""The shadow of enterprises: what they would spend on work that models do, at the offers of the first month."""

from typing import ClassVar, Self

from watersellers.agents.economy_parts import Parts
from watersellers.agents.enterprises.handed_over_work import HandedOverWork
from watersellers.agents.enterprises.regions import EnterpriseRegions
from watersellers.agents.shadows.frozen_market import FrozenMarket, remember
from watersellers.agents.work.segments import Segments
from watersellers.market.chance import Chance


class WorkInFrozenMarket(HandedOverWork):
    """Enterprises that adopt as they would have if no model had become better or cheaper."""

    REMEMBERED: ClassVar = ("adoption", "gains", "grants", "purses")

    @classmethod
    def build(cls, parts: Parts) -> Self:
        """Take the same regions and segments, and the frozen market."""
        return cls(parts[EnterpriseRegions], parts[Segments], parts[FrozenMarket].registers)

    def begin(self, payer: HandedOverWork) -> None:
        """Start from what enterprises remember at the end of the first month."""
        remember(self, payer, self.REMEMBERED)

    def month(self, chance: Chance) -> dict[int, float]:
        """Live a month; dollars that each region spends, by account, out of money that is always there."""
        self.expect(chance)
        spent = {region.account: self.affordable(region) for region in self.regions if self.segments}
        for region in self.regions if self.segments else ():
            self.grant(region, self.unspent(region))
        return spent
