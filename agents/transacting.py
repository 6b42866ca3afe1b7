"""Transactions through an app: users buy from merchants there, and the app keeps a share of what they spend."""

from dataclasses import dataclass
from typing import ClassVar, Self

from watersellers.agents.app import App
from watersellers.agents.firm import Common
from watersellers.agents.parts import Parts
from watersellers.agents.setting import Traits
from watersellers.agents.users import Users
from watersellers.market.goods import Good, Item
from watersellers.market.ledger import Ledger
from watersellers.market.orders import Trades, due, payment
from watersellers.market.units import cents


@dataclass(frozen=True, slots=True)
class TransactionNumbers(Traits):
    """What an app's user buys there of merchants in a month, in dollars, and the share of it that the app keeps."""

    transactions: float
    take_rate: float


class Merchants:
    """Merchants are outside the chain; what users spend with them is older spending, and only the take is a price."""

    NUMBERS: ClassVar = {"apps": (TransactionNumbers,)}

    def __init__(self, apps: list[App], users: Users, common: Common):
        self.apps, self.users, self.common = apps, users, common

    @classmethod
    def build(cls, parts: Parts) -> Self:
        """Take apps and their users."""
        return cls(parts.those(App), parts[Users], parts.common)

    def spend(self, ledger: Ledger) -> Trades:
        """Pay each app its share of what this month's users transact through it."""
        counted, rows = self.users.counted, []
        for firm in self.apps:
            if not firm.alive:
                continue
            row, numbers = self.users.slot[firm.place], firm.numbers[TransactionNumbers]
            people = int(counted.people[row].sum())
            take = round(numbers.take_rate * (people * cents(numbers.transactions)))
            rows.append(payment(self.common.world, Item.OPERATING_COST, firm.place, Good.TRANSACTIONS, take))
        return due(rows)
