"""Revenue sharing: a lab pays a share of its sales to the firm that backed it."""

from dataclasses import dataclass
from typing import ClassVar, Self

from watersellers.agents.economy_parts import Parts
from watersellers.agents.firm import Firm, Registers
from watersellers.agents.labs.lab import Lab
from watersellers.agents.scenario_spec import Traits
from watersellers.market.accounting.ledger import Ledger
from watersellers.market.chart_of_accounts import Item
from watersellers.market.goods import Good
from watersellers.market.trade.orders import Trades, due, payment


@dataclass(frozen=True, slots=True)
class RevenueShareNumbers(Traits):
    """Share of a lab's revenue that it owes the firm that backed it."""

    revenue_share: float


class RevenueSharing:
    """Contracts between labs and their backers, which get a share of their revenue."""

    NUMBERS: ClassVar = {"labs": (RevenueShareNumbers,)}

    def __init__(self, labs: list[Firm], all_firms: list[Firm], registers: Registers):
        by_name = {firm.name: firm for firm in all_firms}
        self.labs, self.registers = labs, registers
        self.backers = {firm.account: by_name[firm.patron] for firm in labs if firm.patron}

    @classmethod
    def build(cls, parts: Parts) -> Self:
        """Find each lab's backer."""
        return cls([*parts.firms_of(Lab)], parts.all_firms, parts.registers)

    def rate(self, firm: Firm) -> float:
        """Share of revenue that a lab owes this month: 0 while its backer is not in business."""
        backer = self.backers.get(firm.account)
        return float(firm.numbers[RevenueShareNumbers].revenue_share) if backer and backer.alive else 0.0

    def spend(self, ledger: Ledger) -> Trades:
        """Pay backers their share of this month's sales, after all other bills of labs."""
        revenue = -ledger.totals[:, Item.REVENUE]
        shares = [(firm, round(self.rate(firm) * int(revenue[firm.account]))) for firm in self.labs if firm.alive]
        return due(
            payment(firm.account, Item.COST_OF_SALES, self.backers[firm.account].account, Good.REVENUE_SHARE, share)
            for firm, share in shares
            if share
        )
