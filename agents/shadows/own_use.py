"""The shadow of owners: what they would spend on hours for themselves, at the rents of the first month."""

from typing import ClassVar, Self

from watersellers.agents.cloud.provider import Cloud
from watersellers.agents.economy_parts import Parts
from watersellers.agents.finance.own_use import OlderBusiness, OwnUse
from watersellers.agents.finance.owners import Owner, Owners
from watersellers.agents.shadows.frozen_market import FrozenMarket, Shadow


class OwnUseInFrozenMarket(Shadow, OwnUse):
    """Owners whose clouds ask what they asked, and whose firms need what they needed."""

    REMEMBERED: ClassVar = ("hours", "experience", "budget", "granted", "bound")

    def __init__(self, parts: Parts):
        self.market = parts[FrozenMarket]
        super().__init__(parts.firms_of(Cloud), parts[Owners].owners, parts.all_firms, parts.registers)

    @classmethod
    def build(cls, parts: Parts) -> Self:
        """Take the same older businesses, and the frozen market."""
        return cls(parts)

    def _rent(self, business: OlderBusiness) -> float:
        """Dollars per hour in the first month; 0.0 where none was on offer."""
        if isinstance(business, Owner):
            return self.mix_of(business)[2]
        return next((each.price for each in self.public.rentals if each.cloud == business.account), 0.0)

    def month(self) -> dict[int, int]:
        """Live a month; cents that each older business spends, by account of its cloud or its own."""
        spent = dict(self.budget)
        rents = {each.account: self._rent(each) for each in self.businesses}
        self.learn({a: int(pay / 100 / rents[a]) if rents[a] > 0 else 0 for a, pay in spent.items()})
        self.plan_ahead()
        return spent
