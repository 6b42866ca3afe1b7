"""What must hold of machines, hours, tokens, slots and people at every month's close (I5 to I8, I11)."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from agents.app import Apps
from agents.cloud import Clouds
from agents.firm import Common
from agents.lab import Labs
from agents.outside import Advertisers
from agents.users import Users
from market.fleet import straight_line
from market.goods import TOKENS, Good, Item
from market.invariants import check_books, enforce, snapshot
from market.ledger import Ledger
from market.month import Market
from market.units import Column


@dataclass(frozen=True)
class Stock:
    """What a check of goods may look at: the registers, the layers, and the month's markets and books."""

    common: Common
    ledger: Ledger
    clouds: Clouds
    labs: Labs
    apps: Apps
    advertisers: Advertisers
    users: Users
    markets: dict[str, Market]


def machines_counted(stock: Stock) -> str | None:
    """I5: machines made by a vendor are in service, in stock or in transit, in customers' cellars, or retired."""
    fleets = stock.common.fleets
    here = np.zeros_like(fleets.produced)
    np.add.at(here, fleets.machines.vendor, fleets.machines.units)
    gap = fleets.produced - here - fleets.elsewhere - fleets.retired
    wrong = np.flatnonzero(gap)
    return (
        f"{stock.common.accounts.names[wrong[0]]} made {gap[wrong[0]]} machines that are nowhere"
        if len(wrong)
        else None
    )


def no_more_than_had(stock: Stock) -> str | None:
    """I6: hours sold are hours there were; tokens billed are tokens asked; slots sold are slots shown."""
    names = stock.common.accounts.names
    sold = _by_seller(stock, "hours", (Good.HOURS,))
    for firm in stock.clouds.clouds:
        if sold[firm.place] > firm.capacity:
            return f"{names[firm.place]} sold {sold[firm.place]} hours and had {firm.capacity}"
    for name in ("chips", "hours", "tokens", "plans"):
        market = stock.markets[name]
        if int(market.trades.quantity.sum()) > int(market.orders.quantity.sum()):
            return f"more {name} were delivered than ordered"
    return None


def tokens_fit_hours(stock: Stock) -> str | None:
    """I6: the work of a lab's tokens fits into the serving hours that it got."""
    month = stock.common.month
    for firm in stock.labs.alive:
        made = _by_seller(stock, "tokens", TOKENS, firm.place)
        work = sum(int(made[n]) * weight for n, weight in enumerate(firm.work()))
        able = int(stock.labs.got[firm.place]) * firm.throughput(month)
        if work > able:
            return f"{firm.name} served work of {work:.0f} output tokens with hours for {able:.0f}"
    return None


def _by_seller(stock: Stock, market: str, goods: tuple[Good, ...], place: int | None = None) -> Column:
    """Units delivered: by seller for one good, or by good for one seller."""
    trades = stock.markets[market].trades
    if place is not None:
        mine = trades.where(trades.seller == place)
        return np.array([int(mine.quantity[mine.good == good].sum()) for good in goods], dtype=np.int64)
    total = np.zeros(len(stock.common.accounts), dtype=np.int64)
    rows = np.isin(trades.good, goods)
    np.add.at(total, trades.seller[rows], trades.quantity[rows])
    return total


def slots_shown(stock: Stock) -> str | None:
    """I6: no app shows more slots than its answered free queries bear."""
    for (app, account), slots in stock.advertisers.slots.items():
        most = stock.apps.free_by_region.get((app, account), 0) * stock.apps.by_place[app].traits.ad_load
        if slots > most:
            return f"{stock.common.accounts.names[app]} sold {slots} slots and showed {most:.0f}"
    return None


def everybody_somewhere(stock: Stock) -> str | None:
    """I7: every person is with one app and tier or with none, and nobody is lost."""
    people = stock.users.people
    for number, region in enumerate(stock.users.regions):
        using = int(stock.users.counted.free[:, number].sum() + stock.users.counted.paid[:, number].sum())
        rows = people.region == number
        idle = int(people.weight[rows & (people.app < 0)].sum())
        if using + idle != int(region.traits.people):
            return f"{using} people of {region.name} use an app and {idle} none, of {region.traits.people:.0f}"
    return None


def machines_valued(stock: Stock) -> str | None:
    """I8: a lot's book value is its cost less straight-line wear, and the books' fleet is the sum of its lots."""
    machines, month = stock.common.fleets.machines, stock.common.month
    live = machines.where(machines.opens <= month)
    age = np.minimum(month + 1 - live.opens, live.life)
    if (live.book != straight_line(live.cost, live.life, age)).any():
        return "a lot's book value is not its cost less its wear"
    total = np.zeros(len(stock.common.accounts), dtype=np.int64)
    np.add.at(total, live.owner, live.book)
    wrong = np.flatnonzero(total != stock.ledger.totals[:, Item.FLEET])
    if len(wrong):
        name = stock.common.accounts.names[wrong[0]]
        return (
            f"{name}: lots are worth {total[wrong[0]]} cents, its books say {stock.ledger.totals[wrong[0], Item.FLEET]}"
        )
    return None


def rationed_once(stock: Stock) -> str | None:
    """I11: what a seller delivers of a good in all is no more than it could deliver."""
    for market in stock.markets.values():
        supply = {(s, g): units for s, g, units in market.supply.rows()}
        given: dict[tuple[int, int], int] = {}
        for seller, good, units in zip(
            market.trades.seller.tolist(), market.trades.good.tolist(), market.trades.quantity.tolist(), strict=True
        ):
            given[seller, good] = given.get((seller, good), 0) + units
        for pair, units in given.items():
            if units > supply.get(pair, 0):
                return (
                    f"{stock.common.accounts.names[pair[0]]} delivered {units} of {supply.get(pair, 0)} {market.name}"
                )
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

    def __init__(self, stock: Stock):
        self.stock = stock
        self.before = snapshot(stock.ledger)

    def close(self, ledger: Ledger, month: int) -> None:
        """Check the books and the goods."""
        n = len(ledger.accounts)
        register = self.stock.common.shares
        issued, held = np.zeros(n, dtype=np.int64), np.zeros((n, n), dtype=np.int64)
        for firm, shares in register.issued.items():
            issued[firm] = shares
        for (holder, firm), shares in register.held.items():
            held[holder, firm] = shares
        self.before = check_books(ledger, self.before, shares=(issued, held))
        enforce(CHECKS, self.stock, month, None)
