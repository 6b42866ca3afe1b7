"""Shares of revenue: a lab pays a part of what it sells to the firm that backed it."""

from dataclasses import dataclass
from typing import ClassVar, Self

from watersellers.agents.firm import Common, Firm
from watersellers.agents.lab import Lab
from watersellers.agents.parts import Parts
from watersellers.agents.setting import Traits
from watersellers.market.goods import Good, Item
from watersellers.market.ledger import Ledger
from watersellers.market.orders import Trades, due, payment


@dataclass(frozen=True, slots=True)
class PatronNumbers(Traits):
    """Share of a lab's revenue that it owes the firm that backed it."""

    revenue_share: float


class Patrons:
    """The contracts between labs and the firms that get a share of their revenue."""

    NUMBERS: ClassVar = {"labs": (PatronNumbers,)}

    def __init__(self, labs: list[Firm], everybody: list[Firm], common: Common):
        by_name = {firm.name: firm for firm in everybody}
        self.labs, self.common = labs, common
        self.of = {firm.place: by_name[firm.patron] for firm in labs if firm.patron}

    @classmethod
    def build(cls, parts: Parts) -> Self:
        """Find each lab's patron."""
        return cls([*parts.those(Lab)], parts.everybody, parts.common)

    def rate(self, firm: Firm) -> float:
        """Share of its revenue that a lab owes this month: nothing while its patron is not in business."""
        patron = self.of.get(firm.place)
        return float(firm.numbers[PatronNumbers].revenue_share) if patron and patron.alive else 0.0

    def spend(self, ledger: Ledger) -> Trades:
        """Share what labs sold this month, after all other bills."""
        revenue = -ledger.totals[:, Item.REVENUE]
        shares = [(firm, round(self.rate(firm) * int(revenue[firm.place]))) for firm in self.labs if firm.alive]
        return due(
            payment(firm.place, Item.COST_OF_SALES, self.of[firm.place].place, Good.REVENUE_SHARE, share)
            for firm, share in shares
            if share
        )
