"""Customers of labs and clouds: an elasticity rests on shares of a customer's purchases, however they were ordered."""

from typing import Any

import pytest

from watersellers import World
from watersellers.agents.cloud.month import Clouds
from watersellers.agents.labs.month import Labs
from watersellers.market.chart_of_accounts import Item
from watersellers.market.exact import nano
from watersellers.market.goods import Good
from watersellers.market.trade.orders import Trades, due
from watersellers.market.trade.purchase_answers import Purchase

ITEMS = (Item.OPERATING_COST, Item.COST_OF_SALES)


def bought(orders: list[tuple[int, int, int]], good: Good) -> Trades:
    """Deliver orders of buyer, seller and units, each for the next of two purposes."""
    return due(
        (buyer, ITEMS[number % 2], seller, good, units, nano(2.0))
        for number, (buyer, seller, units) in enumerate(orders)
    )


@pytest.mark.parametrize(
    ("part", "firms", "good"), [(Labs, "labs", Good.TOKENS_OUTPUT), (Clouds, "clouds", Good.HOURS)]
)
def test_a_customer_that_orders_twice_is_one_customer(part: type[Any], firms: str, good: Good) -> None:
    """Enterprises buy tokens of a lab out of a budget and for the work that models do: that is one customer's share."""
    world = World("dollar_paths", rng=1, months=1, users=50)
    sellers = world.parts[part]
    one, other = (firm.account for firm in getattr(sellers, firms)[:2])
    customer = next(number for number, row in enumerate(world.accounts.rows) if row.name == "enterprises_west")
    sellers.sold(bought([(customer, one, 30), (customer, other, 40), (customer, one, 30)], good))
    each = {one: [Purchase(60, 0.6)], other: [Purchase(40, 0.4)]}
    of_models = {(seller, 0): purchases for seller, purchases in each.items()}  # labs sell lines of models
    assert sellers.buyers == (of_models if part is Labs else each)
