"""Clearing rules: pure functions that turn orders into trades, and bids for ad slots into their price."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from watersellers.market.chance import Chance
from watersellers.market.exact import Column, split, whole
from watersellers.market.trade.orders import Orders, Supply, Trades


def ration(orders: Orders, supply: Supply, keys: Column, chance: Chance) -> Trades:
    """Share posted-price goods among their buyers where there is not enough.

    Each seller's good is rationed by itself: every buyer gets the same fraction of what it asked
    for; whole units left over go to the largest remainders, ties by a hash of the buyer's key,
    so exactly min(asked, available) units move.

    Parameters
    ----------
    orders : Orders
        Quantities asked, in whole units, shape (n,).
    supply : Supply
        Units each seller can deliver of each good. A seller and good without a row delivers nothing.
    keys : Column
        Keys of all accounts, by account: a tie falls to the same buyer wherever it stands in the table.
    chance : Chance
        The month's random numbers, for ties alone.

    Returns
    -------
    Trades
        One row per order that got anything, in the order of ``orders``.

    Raises
    ------
    ValueError
        If a supply is negative: stock can't be, so the caller has a bug.
    """
    return Trades.dealt(orders, rationed(orders, supply, keys, chance))


def ration_in_turn(orders: Orders, ranks: Column, supply: Supply, keys: Column, chance: Chance) -> Trades:
    """Serve buyers in the order of their ranks: what the first leave over is shared among the next.

    Within a rank every buyer gets the same fraction, as in ``ration``; a single rank gives the trades of ``ration``.

    Parameters
    ----------
    orders, supply, keys, chance :
        As in ``ration``.
    ranks : Column
        Rank of each order, the lowest served first, shape (n,).
    """
    granted, remaining = np.zeros(len(orders), dtype=np.int64), supply
    for rank in np.unique(ranks):
        rows = np.flatnonzero(ranks == rank)
        served = orders.where(rows)
        granted[rows] = rationed(served, remaining, keys, chance)
        remaining = replace(remaining, units=remaining.units - _delivered(served, granted[rows], remaining))
    return Trades.dealt(orders, granted)


def _delivered(orders: Orders, granted: Column, supply: Supply) -> Column:
    """Units delivered out of each row of a supply; a seller and good stand in one row."""
    delivered: dict[tuple[int, int], int] = {}
    for seller, good, units in zip(orders.seller.tolist(), orders.good.tolist(), granted.tolist(), strict=True):
        delivered[seller, good] = delivered.get((seller, good), 0) + units
    return whole(delivered.get((seller, good), 0) for seller, good, _ in supply.rows())


def rationed(orders: Orders, supply: Supply, keys: Column, chance: Chance) -> Column:
    """Units that each order gets where all are served at once, shape (n,); see ``ration``."""
    if (supply.units < 0).any():
        worst = int(supply.units.argmin())
        raise ValueError(f"supply of seller {supply.seller[worst]} is {supply.units[worst]} units, expected 0 or more")
    available = {(seller, good): units for seller, good, units in supply.rows()}
    pairs = list(zip(orders.seller.tolist(), orders.good.tolist(), strict=True))
    asked = orders.quantity.tolist()
    queues: dict[tuple[int, int], list[int]] = {}  # rows by seller and good
    for row, pair in enumerate(pairs):
        queues.setdefault(pair, []).append(row)
    granted = orders.quantity.copy()
    for pair, rows in queues.items():
        quantities, capacity = [asked[row] for row in rows], available.get(pair, 0)
        if sum(quantities) > capacity:
            queue = orders.where(np.array(rows))
            ties = chance.order("ration", keys[queue.buyer], keys[queue.seller], queue.good, queue.item)
            granted[rows] = split(capacity, quantities, ties)
    return granted


def uniform_auction(worth: float, bidders: float, slots: Column, budget: float) -> float:
    """Price ad slots so that all that bidders want at one price are sold, within what they may spend.

    Bidders' values are spread evenly between 0 and ``worth``, one slot each, so that at price p they
    want bidders x (1 - p / worth) slots: p = worth x (1 - slots / bidders). A budget binds as a lower price.

    Parameters
    ----------
    worth : float
        Highest value of a slot, dollars.
    bidders : float
        Slots that would be wanted this month at a price of 0.
    slots : Column
        Slots shown by each seller, shape (n,).
    budget : float
        Dollars that may be spent this month.

    Returns
    -------
    float
        Price a slot in dollars; 0 where more slots are shown than anybody wants.
    """
    return slot_price(worth, bidders, int(np.sum(slots)), budget)


def slot_price(worth: float, bidders: float, shown: float, budget: float) -> float:
    """Price of a slot in dollars if so many are shown, as ``uniform_auction`` says; 0 if none is."""
    if shown <= 0 or bidders <= 0:
        return 0.0
    cleared = worth * max(0.0, 1 - shown / bidders)
    return min(cleared, budget / shown)


def apportion(total: int, shares: list[float], ties: Sequence[int]) -> Column:
    """Turn shares of a whole number of units into whole units that add up to it (shares to a millionth)."""
    weights = [round(share * 1_000_000) for share in shares]
    if sum(weights) == 0:
        return whole([0] * len(shares))
    return whole(split(total, weights, ties))
