"""Clearing rules: pure functions from orders to trades, and from a good's worth to its price."""

from dataclasses import replace
from math import exp, fsum

import numpy as np

from watersellers.market.dice import Chance
from watersellers.market.orders import Orders, Supply, Trades
from watersellers.market.units import Column, split, whole


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
        Keys of all accounts, by place: a tie falls to the same buyer wherever it stands in the table.
    chance : Chance
        The month's dice, for ties alone.

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

    Within a rank everybody gets the same fraction, as in ``ration``; ranks that are all alike give its trades.

    Parameters
    ----------
    orders, supply, keys, chance :
        As in ``ration``.
    ranks : Column
        Rank of each order, the lowest served first, shape (n,).
    """
    got, left = np.zeros(len(orders), dtype=np.int64), supply
    for rank in np.unique(ranks):
        rows = np.flatnonzero(ranks == rank)
        turn = orders.where(rows)
        got[rows] = rationed(turn, left, keys, chance)
        left = replace(left, units=left.units - _delivered(turn, got[rows], left))
    return Trades.dealt(orders, got)


def _delivered(orders: Orders, got: Column, supply: Supply) -> Column:
    """Units delivered out of each row of a supply; a seller and good stand in one row."""
    given: dict[tuple[int, int], int] = {}
    for seller, good, units in zip(orders.seller.tolist(), orders.good.tolist(), got.tolist(), strict=True):
        given[seller, good] = given.get((seller, good), 0) + units
    return whole(given.get((seller, good), 0) for seller, good, _ in supply.rows())


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
    got = orders.quantity.copy()
    for pair, rows in queues.items():
        wanted, room = [asked[row] for row in rows], available.get(pair, 0)
        if sum(wanted) > room:
            short = orders.where(np.array(rows))
            ties = chance.hashes("ration", keys[short.buyer], keys[short.seller], short.good, short.item)
            got[rows] = split(room, wanted, ties.tolist())
    return got


def scarcity_price(cost: float, markup: float, worth: float, wait: float, half_wait: float) -> float:
    """Price a good that has to be waited for: mark-up price plus a growing part of what it is worth to its buyer.

    price = base + (worth - base) x wait / (wait + half_wait), where base = cost x markup; where a unit is
    worth less than the base price, the base price is asked. With no wait the base alone is asked; as the
    wait grows the seller takes all that the marginal buyer would pay and no more.

    Parameters
    ----------
    cost, worth : float
        Seller's unit cost and the buyer's value of a unit, dollars.
    markup : float
        Price over cost where there is no wait, 1 or more.
    wait, half_wait : float
        Months of delivery wait beyond the usual, and the wait at which half the buyer's surplus is taken.
    """
    base = cost * markup
    return base + max(0.0, worth - base) * wait / (wait + half_wait)


def uniform_auction(worth: float, bidders: float, slots: Column, budget: float) -> float:
    """Price ad slots so that all that bidders want at one price are sold, within what they may spend.

    Bidders' values are spread evenly between 0 and ``worth``, one slot each, so that at price p they
    want bidders x (1 - p / worth) slots: p = worth x (1 - slots / bidders). A budget binds as a lower price.

    Parameters
    ----------
    worth : float
        Highest value of a slot, dollars.
    bidders : float
        How many slots would be wanted at a price of nothing, this month.
    slots : Column
        Slots shown by each seller, shape (n,).
    budget : float
        Dollars that may be spent this month.

    Returns
    -------
    float
        Price a slot in dollars; 0 where more slots are shown than anybody wants.
    """
    shown = int(np.sum(slots))
    if shown == 0 or bidders <= 0:
        return 0.0
    cleared = worth * max(0.0, 1 - shown / bidders)
    return min(cleared, budget / shown)


def logit_shares(utilities: list[float]) -> list[float]:
    """Choice probabilities of a multinomial logit; shape (n,) in, (n,) out, adding up to 1."""
    top = max(utilities)
    weights = [exp(utility - top) for utility in utilities]
    total = fsum(weights)
    return [weight / total for weight in weights]


def lerner_markup(elasticity: float) -> float:
    """Profit-maximising price over marginal cost against a demand of given elasticity, e / (e - 1).

    Raises
    ------
    ValueError
        If demand is inelastic (1 or less): there is no finite price, so a parameter is out of range.
    """
    if elasticity <= 1:
        raise ValueError(f"own-price elasticity is {elasticity:.4g}; a mark-up needs more than 1")
    return elasticity / (elasticity - 1)


def apportion(total: int, shares: list[float], ties: list[int]) -> Column:
    """Turn shares of a whole number of units into whole units that add up to it (shares to a millionth)."""
    weights = [round(share * 1_000_000) for share in shares]
    if sum(weights) == 0:
        return whole([0] * len(shares))
    return whole(split(total, weights, ties))
