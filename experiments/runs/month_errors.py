"""Errors in the middle of a month, told with the calendar month and the firm that they come from."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from watersellers.agents.decision_checks import BadAnswer
from watersellers.experiments.loading.schema import calendar_month
from watersellers.market.exact import TooLarge, dollars
from watersellers.market.goods import ALL_TOKENS, GOODS, Good

PRICED_BY = {Good.SEATS_BUSINESS: "business", Good.APPLIANCES: "appliance_pricing"}  # the others by ``pricing``
WANTED_BY = {  # a layer's decision behind the quantity of a good that it buys
    **{("apps", good): "quota" for good in ALL_TOKENS},
    ("labs", Good.HOURS): "research",
    ("labs", Good.HOURS_RESERVED): "contracting",
    ("cloud", Good.ACCELERATORS): "capacity",
    ("apps", Good.ACCELERATORS): "owning",
}


@contextmanager
def errors_of_month(world: Any) -> Iterator[None]:
    """Add the calendar month to what stops a month, and to a number beyond 64 bits where it comes from.

    Raises
    ------
    BadAnswer
        With the calendar month.
    TooLarge
        With the month; with buyer, seller and the decisions behind the order in which the number stood; or, where it
        stood in none, with the lowest price of each layer and its firm.
    """
    month = calendar_month(world.spec.start, world.month)
    try:
        yield
    except BadAnswer as error:
        raise error.dated(calendar_month(world.spec.start, error.month)) from error.__cause__
    except TooLarge as error:
        why = _deal(world, error.row) if error.row else _lowest_prices(world)
        raise TooLarge(f"{month}: {error}; {why}", error.row) from error


def _deal(world: Any, row: Mapping[str, int]) -> str:
    """Name the parties of an order or an offer, what is traded at which price, and the decisions behind it."""
    firms = {firm.account: firm for firms in world._parts.firms.values() for firm in firms}
    names, good, seller = world._parts.registers.accounts.names, Good(row["good"]), row["seller"]
    price = f"{GOODS[good].name} at {dollars(row.get('price', 0)):g} dollars" if "price" in row else GOODS[good].name
    decisions = [f"{firms[seller].name}.{PRICED_BY.get(good, 'pricing')}"] if seller in firms else []
    if "quantity" not in row:
        return f"{names[seller]} offers {price}; behind it stands {' and '.join(decisions)}"
    buyer = row["buyer"]
    wanted = WANTED_BY.get((firms[buyer].layer, good)) if buyer in firms else None
    decisions += [f"{firms[buyer].name}.{wanted}"] if wanted else []
    behind = " and ".join(decisions or [names[buyer]])
    return f"{names[buyer]} buys {row['quantity']:.3g} {price} from {names[seller]}; behind it stands {behind}"


def _lowest_prices(world: Any) -> str:
    """Name the firm with the lowest price of each layer, with that price."""
    asking = {layer: [firm for firm in firms if firm.alive] for layer, firms in world._parts.firms.items()}
    lowest = [min(firms, key=lambda firm: firm.price) for firms in asking.values() if firms]
    return "the lowest prices are " + ", ".join(f"{firm.path()} {firm.price:g}" for firm in lowest) + " dollars"
