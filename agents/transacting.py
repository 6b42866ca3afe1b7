"""Transactions through an app: users buy from merchants there, and the app keeps a share of what they spend."""

from typing import Self

from watersellers.agents.apps import Apps
from watersellers.agents.firm import Common
from watersellers.agents.parts import Parts
from watersellers.agents.users import Users
from watersellers.market.goods import Good, Item
from watersellers.market.ledger import Ledger
from watersellers.market.orders import Trades, due, payment
from watersellers.market.units import cents


class Merchants:
    """Merchants are outside the chain; what users spend with them is older spending, and only the take is a price."""

    def __init__(self, apps: Apps, users: Users, common: Common):
        self.apps, self.users, self.common = apps, users, common

    @classmethod
    def build(cls, parts: Parts) -> Self:
        """Take apps and their users."""
        return cls(parts[Apps], parts[Users], parts.common)

    def spend(self, ledger: Ledger) -> Trades:
        """Pay each app its share of what this month's users transact through it."""
        counted, rows = self.users.counted, []
        for firm in self.apps.alive:
            row = self.users.slot[firm.place]
            people = int(counted.people[row].sum())
            take = round(firm.traits.take_rate * (people * cents(firm.traits.transactions)))
            rows.append(payment(self.common.world, Item.OPERATING_COST, firm.place, Good.TRANSACTIONS, take))
        return due(rows)
