"""Errors in the middle of a month, told with the calendar month and the firm that they come from."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from watersellers.agents.decision_checks import BadAnswer
from watersellers.experiments.loading.schema import calendar_month
from watersellers.market.exact import TooLarge


@contextmanager
def errors_of_month(world: Any) -> Iterator[None]:
    """Add the calendar month to what stops a month, and to a number beyond 64 bits the lowest prices.

    Raises
    ------
    BadAnswer
        With the calendar month.
    TooLarge
        With the month, and with the lowest price of each layer and its firm.
    """
    month = calendar_month(world.spec.start, world.month)
    try:
        yield
    except BadAnswer as error:
        raise error.dated(calendar_month(world.spec.start, error.month)) from error.__cause__
    except TooLarge as error:
        raise TooLarge(f"{month}: {error}; {_lowest_prices(world)}") from error


def _lowest_prices(world: Any) -> str:
    """Name the firm with the lowest price of each layer, with that price."""
    asking = {layer: [firm for firm in firms if firm.alive] for layer, firms in world.parts.firms.items()}
    lowest = [min(firms, key=lambda firm: firm.price) for firms in asking.values() if firms]
    return "the lowest prices are " + ", ".join(f"{firm.path()} {firm.price:g}" for firm in lowest) + " dollars"
