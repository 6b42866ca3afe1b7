"""Machines wear to nothing over their lives, earn their break-even rent, and stop paying once entry is free."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as draw

from tests.worlds.theory_chain import DICE, quick
from tests.worlds.toy_layers import UNITS, Close, Customers, Layer, economy_of, income_of, ledger_of, live_months, view
from watersellers.agents.information import SeenByFleetInvestor
from watersellers.agents.strategies.capacity import ExtrapolateGrowth
from watersellers.agents.strategies.pricing import FollowUse
from watersellers.market.accounting.ledger import Entries, opening
from watersellers.market.chart_of_accounts import Item
from watersellers.market.exact import whole
from watersellers.market.goods import HOURS_A_MONTH, Good
from watersellers.market.month import Economy
from watersellers.market.trade.fleet import annuity, break_even_rent, straight_line

# Wear and rent


class Wear:
    """One lot of machines, bought before the first month, wearing in the books."""

    def __init__(self, ledger, cost, life):
        self.cost, self.life, self.book = whole([cost]), whole([life]), [cost]
        opening(ledger, 2, Item.FLEET, cost)

    def close(self, ledger, month):
        book = straight_line(self.cost, self.life, whole([month + 1]))
        charge = whole([self.book[-1]]) - book
        ledger.post(Entries.made((2, Item.DEPRECIATION), (2, Item.FLEET), charge, Good.WEAR))
        self.book.append(int(ledger.totals[2, Item.FLEET]))


def worn(cost, life, months):
    ledger = ledger_of(("cloud", 1))
    wear = Wear(ledger, cost, life)
    live_months(Economy(ledger, 1, (), close=(wear, Close(ledger))), months)
    return wear.book, -int(ledger.totals[2, Item.EQUITY])


def test_a_machine_of_30_000_over_60_months_is_worth_18_000_after_24():
    book, equity = worn(30_000_00, 60, 24)
    assert (book[24], equity) == (18_000_00, 18_000_00)


@pytest.mark.parametrize(("cost", "life"), [(30_000_00, 60), (30_000_01, 60), (99, 100), (7, 7), (1, 48)])
def test_monthly_charges_add_up_to_the_cost_and_the_last_takes_the_remainder(cost, life):
    book, _ = worn(cost, life, life + 3)
    charges = [before - after for before, after in pairwise(book)]
    assert charges == [cost // life] * (life - 1) + [cost - cost // life * (life - 1)] + [0] * 3


def test_the_break_even_rent_of_a_30_000_machine_is_1_69_an_hour():
    rent = break_even_rent(30_000, annuity(0.01, 48), 73, HOURS_A_MONTH * 0.7)
    assert round(rent, 2) == 1.69


@quick
@given(draw.integers(1_000, 90_000), draw.integers(1, 90), draw.floats(0, 0.05), draw.floats(0, 500))
def test_at_the_break_even_rent_what_comes_in_is_worth_the_machine(price, life, rate, power):
    rent = break_even_rent(price, annuity(rate, life), power, 500)
    worth = sum((rent * 500 - power) / (1 + rate) ** month for month in range(1, life + 1))
    assert worth == pytest.approx(price, rel=1e-9)  # float arithmetic over 90 months; (1 + rate)**-n loses some digits


# Free entry

MACHINE, POWER, RATE, LIFE, TARGET = 30_000.0, 73.0, 0.01, 600, 0.75


class Entry:
    """Clouds that order machines as long as these pay; they serve from the next month to the end of the test."""

    def __init__(self, clouds):
        self.clouds = clouds
        self.rule = ExtrapolateGrowth(target=TARGET - 0.1)  # wants slack, so that only what a machine earns stops it

    def invest(self, ledger, chance):
        clouds = self.clouds
        for n, (price, asked, capacity) in enumerate(zip(clouds.prices, clouds.asked, clouds.capacity, strict=True)):
            rents = (price * asked / capacity * HOURS_A_MONTH - POWER) * annuity(RATE, LIFE)
            seen = SeenByFleetInvestor(asked, 0.0, 0.0, capacity, 0.0, 0.0, 0.0, 1.0, rents / MACHINE, 1.0)
            clouds.capacity[n] += int(self.rule(seen, chance))


def test_free_entry_leaves_a_machine_its_economic_cost():
    rule = FollowUse(target=TARGET)

    def prices(clouds):
        if not clouds.prices:
            return [9.0] * len(clouds.firms)
        rows = zip(clouds.prices, clouds.asked, clouds.capacity, strict=True)
        return [rule(view("cloud", 0.1, last_price=p, used_share=n / k), DICE) for p, n, k in rows]

    clouds = Layer([2, 3, 4], prices, capacity=[5 * UNITS] * 3)
    customers = Customers(lambda posted: [200 / len(posted) * p**-1.5 for p in posted])
    economy = economy_of([clouds], customers, ledger_of(("cloud", 3)), invest=(Entry(clouds),))
    live_months(economy, 600)
    machines = [capacity / HOURS_A_MONTH for capacity in clouds.capacity]
    revenue = [income_of(economy, "revenue")[firm] / 100 for firm in clouds.firms]
    cost = MACHINE / annuity(RATE, LIFE) + POWER
    # entry stops as the surplus of a machine goes to 0, so 600 months leave a ten-thousandth of it
    assert [r / m for r, m in zip(revenue, machines, strict=True)] == pytest.approx([cost] * 3, rel=1e-4)
    assert min(clouds.capacity) > 5 * UNITS
