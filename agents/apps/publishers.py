"""Publishers: apps pay them for the content of their answers."""

from dataclasses import dataclass
from typing import ClassVar, Self

from watersellers.agents.apps.app import App
from watersellers.agents.economy_parts import Parts
from watersellers.agents.firm import Registers
from watersellers.agents.scenario_spec import Traits
from watersellers.market.accounting.ledger import Ledger
from watersellers.market.chart_of_accounts import Item
from watersellers.market.exact import cents
from watersellers.market.goods import Good
from watersellers.market.trade.orders import Trades, due, payment


@dataclass(frozen=True, slots=True)
class PublisherNumbers(Traits):
    """An app's payments to publishers: a share of its revenue, and dollars per answered query."""

    publisher_share: float
    content_price: float


class Publishers:
    """Publishers outside the chain: apps share revenue with them, or pay for each answer."""

    NUMBERS: ClassVar = {"apps": (PublisherNumbers,)}

    def __init__(self, apps: list[App], registers: Registers):
        self.apps, self.registers = apps, registers

    @classmethod
    def build(cls, parts: Parts) -> Self:
        """Take the apps of the scenario."""
        return cls(parts.firms_of(App), parts.registers)

    def spend(self, ledger: Ledger) -> Trades:
        """Pay each app's share of this month's revenue, and its price per answered query."""
        revenue = -ledger.totals[:, Item.REVENUE]
        contracts = {firm: firm.numbers[PublisherNumbers] for firm in self.apps if firm.alive}
        return due(
            payment(
                firm.account,
                Item.COST_OF_SALES,
                self.registers.world,
                Good.CONTENT,
                round(terms.publisher_share * int(revenue[firm.account])) + cents(terms.content_price * firm.answered),
            )
            for firm, terms in contracts.items()
        )
