"""Merchants: users buy from them through an app, and the app gets a share of what users spend."""

from dataclasses import dataclass
from typing import ClassVar, Self

from watersellers.agents.apps.app import App
from watersellers.agents.economy_parts import Parts
from watersellers.agents.firm import Registers
from watersellers.agents.scenario_spec import Traits
from watersellers.agents.users.month import Users
from watersellers.market.accounting.ledger import Ledger
from watersellers.market.chart_of_accounts import Item
from watersellers.market.exact import cents
from watersellers.market.goods import Good
from watersellers.market.trade.orders import Trades, due, payment


@dataclass(frozen=True, slots=True)
class MerchantNumbers(Traits):
    """Purchases from merchants through an app, in dollars per user and month, and the share that the app gets."""

    transactions: float
    take_rate: float


class Merchants:
    """Merchants outside the chain: users spend there in any case, so that only the app's share is a payment."""

    NUMBERS: ClassVar = {"apps": (MerchantNumbers,)}

    def __init__(self, apps: list[App], users: Users, registers: Registers):
        self.apps, self.users, self.registers = apps, users, registers

    @classmethod
    def build(cls, parts: Parts) -> Self:
        """Take the apps of the scenario, and their users."""
        return cls(parts.firms_of(App), parts[Users], parts.registers)

    def spend(self, ledger: Ledger) -> Trades:
        """Pay each app its share of this month's purchases through it."""
        totals, rows = self.users.totals, []
        for firm in self.apps:
            if not firm.alive:
                continue
            row, numbers = self.users.row_of[firm.account], firm.numbers[MerchantNumbers]
            people = int(totals.people[row].sum())
            take = round(numbers.take_rate * (people * cents(numbers.transactions)))
            rows.append(payment(self.registers.world, Item.OPERATING_COST, firm.account, Good.TRANSACTIONS, take))
        return due(rows)
