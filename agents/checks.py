"""What must hold of machines, hours, tokens, slots and people at every month's close (I5 to I8, I11)."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from agents.parts import Parts
from market.fleet import straight_line
from market.goods import TOKENS, Good, Item
from market.invariants import check_books, enforce, snapshot
from market.ledger import Ledger
from market.month import Market
from market.orders import Trades
from market.units import Column


@dataclass(frozen=True)
class Stock:
    """What a check of goods may look at: all parts of the economy, and the month's markets."""

    parts: Parts
    markets: tuple[Market, ...]

    @property
    def names(self) -> list[str]:
        """Names of the accounts."""
        return self.parts.common.accounts.names

    def trades(self, name: str) -> Trades:
        """This month's deals on a market."""
        return next(market.trades for market in self.markets if market.name == name)


def machines_counted(stock: Stock) -> str | None:
    """I5: machines made by a vendor are in service, in stock or in transit, in customers' cellars, or retired."""
    fleets = stock.parts.common.fleets
    here = np.zeros_like(fleets.produced)
    np.add.at(here, fleets.machines.vendor, fleets.machines.units)
    gap = fleets.produced - here - fleets.elsewhere - fleets.retired
    wrong = np.flatnonzero(gap)
    return f"{stock.names[wrong[0]]} made {gap[wrong[0]]} machines that are nowhere" if len(wrong) else None


def no_more_than_had(stock: Stock) -> str | None:
    """I6: hours sold are hours there were; tokens billed are tokens asked; slots sold are slots shown."""
    names = stock.names
    sold = _by_seller(stock, "hours", (Good.HOURS,))
    for firm in stock.parts.clouds.clouds:
        if sold[firm.place] > firm.capacity:
            return f"{names[firm.place]} sold {sold[firm.place]} hours and had {firm.capacity}"
    for market in stock.markets:
        if int(market.trades.quantity.sum()) > int(market.orders.quantity.sum()):
            return f"more {market.name} were delivered than ordered"
    return None


def tokens_fit_hours(stock: Stock) -> str | None:
    """I6: the work of a lab's tokens fits into the serving hours that it got."""
    month = stock.parts.common.month
    for firm in stock.parts.labs.alive:
        made = _by_seller(stock, "tokens", TOKENS, firm.place)
        work = sum(int(made[n]) * weight for n, weight in enumerate(firm.work()))
        able = int(stock.parts.labs.got[firm.place]) * firm.throughput(month)
        if work > able:
            return f"{firm.name} served work of {work:.0f} output tokens with hours for {able:.0f}"
    return None


def _by_seller(stock: Stock, market: str, goods: tuple[Good, ...], place: int | None = None) -> Column:
    """Units delivered: by seller for one good, or by good for one seller."""
    trades = stock.trades(market)
    if place is not None:
        mine = trades.where(trades.seller == place)
        return np.array([int(mine.quantity[mine.good == good].sum()) for good in goods], dtype=np.int64)
    total = np.zeros(len(stock.parts.common.accounts), dtype=np.int64)
    rows = np.isin(trades.good, goods)
    np.add.at(total, trades.seller[rows], trades.quantity[rows])
    return total


def slots_shown(stock: Stock) -> str | None:
    """I6: no app shows more slots than its answered free queries bear."""
    for (app, account), slots in stock.parts.advertisers.slots.items():
        most = stock.parts.apps.free_by_region.get((app, account), 0) * stock.parts.apps.by_place[app].traits.ad_load
        if slots > most:
            return f"{stock.names[app]} sold {slots} slots and showed {most:.0f}"
    return None


def everybody_somewhere(stock: Stock) -> str | None:
    """I7: every person is with one app and tier or with none, and nobody is lost."""
    people = stock.parts.users.people
    for number, region in enumerate(stock.parts.users.regions):
        using = int(stock.parts.users.counted.free[:, number].sum() + stock.parts.users.counted.paid[:, number].sum())
        rows = people.region == number
        idle = int(people.weight[rows & (people.app < 0)].sum())
        if using + idle != int(region.traits.people):
            return f"{using} people of {region.name} use an app and {idle} none, of {region.traits.people:.0f}"
    return None


def machines_valued(stock: Stock) -> str | None:
    """I8: a lot's book value is its cost less straight-line wear, and the books' fleet is the sum of its lots."""
    machines, month = stock.parts.common.fleets.machines, stock.parts.common.month
    live = machines.where(machines.opens <= month)
    age = np.minimum(month + 1 - live.opens, live.life)
    if (live.book != straight_line(live.cost, live.life, age)).any():
        return "a lot's book value is not its cost less its wear"
    total = np.zeros(len(stock.parts.common.accounts), dtype=np.int64)
    np.add.at(total, live.owner, live.book)
    wrong = np.flatnonzero(total != stock.parts.ledger.totals[:, Item.FLEET])
    if len(wrong):
        found, booked = total[wrong[0]], stock.parts.ledger.totals[wrong[0], Item.FLEET]
        return f"{stock.names[wrong[0]]}: lots are worth {found} cents, its books say {booked}"
    return None


def rationed_once(stock: Stock) -> str | None:
    """I11: what a seller delivers of a good in all is no more than it could deliver."""
    for market in stock.markets:
        supply = {(s, g): units for s, g, units in market.supply.rows()}
        given: dict[tuple[int, int], int] = {}
        for seller, good, units in zip(
            market.trades.seller.tolist(), market.trades.good.tolist(), market.trades.quantity.tolist(), strict=True
        ):
            given[seller, good] = given.get((seller, good), 0) + units
        for pair, units in given.items():
            if units > supply.get(pair, 0):
                return f"{stock.names[pair[0]]} delivered {units} of {supply.get(pair, 0)} {market.name}"
    return None


CHECKS: tuple[tuple[str, Callable[[Stock], str | None]], ...] = (
    ("I5", machines_counted),
    ("I6", no_more_than_had),
    ("I6", tokens_fit_hours),
    ("I6", slots_shown),
    ("I7", everybody_somewhere),
    ("I8", machines_valued),
    ("I11", rationed_once),
)


class Auditor:
    """Checks everything once the month is closed; a broken invariant stops the run."""

    def __init__(self, parts: Parts, markets: tuple[Market, ...]):
        self.stock = Stock(parts, markets)
        self.before = snapshot(parts.ledger)

    def close(self, ledger: Ledger, month: int) -> None:
        """Check the books and the goods."""
        n = len(ledger.accounts)
        register = self.stock.parts.common.shares
        issued, held = np.zeros(n, dtype=np.int64), np.zeros((n, n), dtype=np.int64)
        for firm, shares in register.issued.items():
            issued[firm] = shares
        for (holder, firm), shares in register.held.items():
            held[holder, firm] = shares
        self.before = check_books(ledger, self.before, shares=(issued, held))
        enforce(CHECKS, self.stock, month, None)
