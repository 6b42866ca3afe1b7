"""Inflated orders: who expects to get a part of what it orders, orders more, and takes back what is over."""

from dataclasses import dataclass
from typing import ClassVar, Self

from watersellers.agents.cloud import Cloud
from watersellers.agents.firm import Common
from watersellers.agents.parts import Parts
from watersellers.agents.setting import Traits
from watersellers.market.dice import Chance
from watersellers.market.saved import Saved
from watersellers.market.units import split


@dataclass(frozen=True, slots=True)
class InflationNumbers(Traits):
    """How far a cloud's orders answer a shortage, and the most that it orders over what it wants."""

    inflation: float
    most_padding: float


class OrderInflation:
    """What each cloud has come to expect of what it orders, and how much it orders for that."""

    NUMBERS: ClassVar = {"cloud": (InflationNumbers,)}
    SAVED: ClassVar[Saved] = {"factors": dict[int, float], "came": dict[int, float]}

    def __init__(self, clouds: list[Cloud], common: Common):
        self.common = common
        self.factors = {firm.place: 1.0 for firm in clouds}  # machines on order over those that it wants
        self.came = {firm.place: 1.0 for firm in clouds}  # share of the machines it last called for that came

    @classmethod
    def build(cls, parts: Parts) -> Self:
        """Take the clouds of the setting."""
        return cls(parts.those(Cloud), parts.common)

    def factor(self, firm: Cloud) -> float:
        """Machines that a cloud has on order over those that it wants."""
        return self.factors[firm.place]

    def receive(self, firm: Cloud, called: int, came: int) -> None:
        """Note which part of the machines that a cloud called for came."""
        self.came[firm.place] = came / called if called else 1.0

    def padded(self, firm: Cloud, wanted: float, on_order: float) -> float:
        """Hours a month to order so that the part that is expected to come is what is wanted; below 0 to take back.

        Parameters
        ----------
        firm : Cloud
            Whose orders; its factor is set to that of this month.
        wanted : float
            Hours a month that it would order if all of it came.
        on_order : float
            Hours a month of all that it has on order, padding and all.
        """
        numbers, before, came = firm.numbers[InflationNumbers], self.factors[firm.place], self.came[firm.place]
        shortage = 1 / came - 1 if came > 0 else numbers.most_padding
        factor = min(1 + numbers.inflation * shortage, max(1.0, numbers.most_padding))
        self.factors[firm.place] = factor
        return wanted * factor + on_order / before * (factor - before)

    def take_back(self, firm: Cloud, machines: int, chance: Chance) -> None:
        """Cancel machines at all vendors alike; the deposits stay there, and count for what comes later."""
        backlog = self.common.backlog
        waiting = backlog.on_order(firm.place)
        vendors = sorted(waiting)
        ties = chance.order("cancel", self.common.accounts.keys[vendors])
        over = min(machines, sum(waiting.values()))
        for vendor, units in zip(vendors, split(over, [waiting[vendor] for vendor in vendors], ties), strict=True):
            backlog.withdraw((firm.place, vendor), units)
