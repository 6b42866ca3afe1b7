"""A chain that is calibrated to stand still stands still to the cent."""

from tests.worlds.theory_chain import DICE
from tests.worlds.toy_layers import (
    PLENTY,
    USERS,
    WORLD,
    Customers,
    Layer,
    economy_of,
    held,
    income_of,
    ledger_of,
    live_months,
    payouts,
    view,
)
from watersellers.agents.strategies.pricing import CostPlus
from watersellers.market.accounting.ledger import Entries, opening
from watersellers.market.chart_of_accounts import Item
from watersellers.market.exact import cents, nano, whole
from watersellers.market.goods import Good
from watersellers.market.trade.fleet import straight_line
from watersellers.market.trade.orders import due

AGES, LOT, MACHINE_CENTS = 12, 7, 30_000_01
CHIPS_FIRM, CLOUD_FIRM, LAB_FIRM, APP_FIRM = 2, 3, 4, 5


class EvenFleet:
    """A fleet with a lot of every age: each month the oldest leaves, and as many are bought from the vendor."""

    def __init__(self, ledger):
        self.cost, self.life = whole([LOT * MACHINE_CENTS] * AGES), whole([AGES] * AGES)
        self.age = whole(range(AGES))
        opening(ledger, CLOUD_FIRM, Item.FLEET, int(straight_line(self.cost, self.life, self.age)[1:].sum()))

    def arrive(self, ledger, chance):
        price = nano(MACHINE_CENTS / 100)
        ledger.settle(due([(CLOUD_FIRM, Item.FLEET, CHIPS_FIRM, Good.ACCELERATORS, LOT, price)]), ledger.accounts.keys)

    def close(self, ledger, month):
        wear = straight_line(self.cost, self.life, self.age) - straight_line(self.cost, self.life, self.age + 1)
        where = whole([CLOUD_FIRM] * AGES)
        ledger.post(Entries.made((where, Item.DEPRECIATION), (where, Item.FLEET), wear, Good.WEAR))


class Households:
    """The world pays its wages as it gets them, and firms pay out all that they earn."""

    def __init__(self, wages):
        self.wages = wages

    def arrive(self, ledger, chance):
        ledger.transfer(whole([WORLD]), whole([USERS]), whole([self.wages]), (Item.INCOME, Item.INCOME), Good.INCOME)

    def close(self, ledger, month):
        payouts(ledger, range(CHIPS_FIRM, APP_FIRM + 1), USERS)


def cost_plus(layer):
    return [CostPlus(0.9)(view("cloud", layer.unit_cost), DICE) for _ in layer.firms]


def standing_still():
    ledger = ledger_of(("chips", 1), ("cloud", 1), ("labs", 1), ("apps", 1))
    layers = [Layer([n], cost_plus, cost) for n, cost in ((CLOUD_FIRM, 1.234567891), (LAB_FIRM, 0.37), (APP_FIRM, 2.5))]
    customers = Customers(lambda prices: [0.333333])
    wages = sum(cents(layer.cost * 333_333) for layer in layers)
    fleet, households = EvenFleet(ledger), Households(wages)
    opening(ledger, CLOUD_FIRM, Item.CASH, PLENTY)
    opening(ledger, WORLD, Item.CASH, PLENTY)
    return economy_of(layers, customers, ledger, arrivals=(households, fleet), close=(fleet, households))


def test_a_chain_calibrated_to_stand_still_stands_still_to_the_cent():
    economy = standing_still()
    live_months(economy, 1)
    books, income = held(economy.ledger), income_of(economy, "net_income")
    assert min(income[CHIPS_FIRM:]) > 0
    for _ in range(30):  # more than two lives of a machine
        live_months(economy, 1)
        assert (held(economy.ledger) == books).all()
        assert income_of(economy, "net_income") == income
    assert int(economy.ledger.totals[:, Item.PAYABLES].sum()) == 0
