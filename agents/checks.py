"""What must hold of goods, people and origins of money at every month's close (I5 to I8, I10, I11, I13).

A check reads the journal, the deals and the registers, and not what the layer that it checks has worked out of them.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from agents.app import CALLED
from agents.parts import Parts
from market.closed_month import snapshot, sums
from market.goods import TOKENS, Good, Item
from market.invariants import PHASES, check_books, enforce
from market.ledger import Journal, Ledger
from market.month import Market
from market.orders import Orders, Trades
from market.origins import Origins
from market.units import Column

TURNS: dict[int, tuple[Good, ...]] = {  # for what money may be written in which phase
    2: (Good.INCOME, Good.CONTRIBUTION, Good.BUILDING, Good.SALVAGE, Good.REPAYMENT, Good.WRITE_OFF),
    7: (Good.ATTENTION,),
    8: (
        *(Good.ACCELERATORS, Good.HOURS, *TOKENS, Good.SEATS, Good.QUERIES_PAID, Good.QUERIES_FREE),
        *(Good.FOUNDRY, Good.POWER, Good.SITE, Good.WAGES, Good.RESEARCH, Good.MEDIA, Good.INTEREST),
        *(Good.HOURS_RESERVED, Good.SEARCH_CALLS, Good.CONTENT, Good.TRANSACTIONS, Good.REVENUE_SHARE),
        *(Good.APPLIANCES, Good.SEATS_BUSINESS, Good.QUERIES_BUSINESS, Good.DEVICES),
    ),
    9: (Good.DEPOSIT, Good.FOUNDRY_CAPACITY, Good.LOAN),
    10: (Good.INCOME, Good.REPAYMENT, Good.SHARES, Good.DIVIDEND, Good.ARREARS),
    11: (Good.SHARES, Good.DIVIDEND, Good.ARREARS, Good.SALVAGE, Good.WRITE_OFF),
    12: (Good.WEAR, Good.IMPAIRMENT, Good.CLOSING),
}
_IN_TURN = np.array([[good in TURNS.get(phase, ()) for phase in range(PHASES + 1)] for good in Good])


@dataclass(frozen=True)
class Stock:
    """What a check may look at: all parts of the economy, the month's markets and entries, the origins of money."""

    parts: Parts
    markets: tuple[Market, ...]
    rows: Journal
    origins: Origins

    @property
    def names(self) -> list[str]:
        """Names of the accounts."""
        return self.parts.common.accounts.names

    def trades(self, name: str) -> Trades:
        """This month's deals on a market."""
        return next(market.trades for market in self.markets if market.name == name)


def machines_counted(stock: Stock) -> str | None:
    """I5: machines made are in service, in stock or in transit at a cloud or a customer, in appliances, or retired."""
    fleets = stock.parts.common.fleets
    here = np.zeros_like(fleets.produced)
    for lots in (fleets.machines, fleets.appliances):
        np.add.at(here, lots.vendor, lots.units)
    gap = fleets.produced - here - fleets.retired
    wrong = np.flatnonzero(gap)
    return f"{stock.names[wrong[0]]} made {gap[wrong[0]]} machines that are nowhere" if len(wrong) else None


def no_more_than_had(stock: Stock) -> str | None:
    """I6: hours sold are hours of machines in service, and nobody is delivered more of anything than it ordered."""
    sold, machines = _hours_sold(stock), stock.parts.common.fleets.machines
    able, live = np.zeros_like(sold), machines.opens <= stock.parts.common.month
    np.add.at(able, machines.owner[live], machines.units[live] * machines.hours[live])
    for firm in stock.parts.clouds.alive:
        if sold[firm.place] > able[firm.place]:
            return f"{firm.name} sold {sold[firm.place]} hours and had {able[firm.place]}"
    for market in stock.markets:
        ordered, got = market.orders, market.trades
        key = np.concatenate([_deal(stock, ordered), _deal(stock, got)])
        key, left = sums(key, np.concatenate([ordered.quantity, -got.quantity]))
        if (left < 0).any():
            buyer = stock.names[key[left < 0][0] // (len(stock.names) * len(Item) * len(Good))]
            return f"{buyer} got {-left[left < 0][0]} more of {market.name} than it ordered"
    return None


def _deal(stock: Stock, rows: Orders | Trades) -> Column:
    """Number who buys what for which line of its books from whom."""
    deal: Column = ((rows.buyer * len(stock.names) + rows.seller) * len(Item) + rows.item) * len(Good) + rows.good
    return deal


def tokens_fit_hours(stock: Stock) -> str | None:
    """I6: the work of a lab's tokens fits into the hours that it got and did not train with."""
    month, hours = stock.parts.common.month, stock.trades("hours")
    for firm in stock.parts.labs.alive:
        made = _by_seller(stock, "tokens", TOKENS, firm.place)
        work = sum(int(made[n]) * weight for n, weight in enumerate(firm.work()))
        able = (int(hours.quantity[hours.buyer == firm.place].sum()) - firm.trained) * firm.throughput(month)
        if work > able:
            return f"{firm.name} served work of {work:.0f} output tokens with hours for {able:.0f}"
    return None


def hosting_fits_hours(stock: Stock) -> str | None:
    """I6: the hours that a cloud rented out, and those that the tokens it sold take, are hours of its machines."""
    sold, hosts = _hours_sold(stock), stock.parts.hosts
    for firm in stock.parts.clouds.alive:
        made = _by_seller(stock, "tokens", TOKENS, firm.place)
        if made.any():
            lab = hosts.labs[hosts.models[firm.place]]
            work = sum(int(units) * weight for units, weight in zip(made, lab.work(), strict=True))
            used = int(sold[firm.place]) + work / lab.throughput(stock.parts.common.month)
            if used > firm.capacity:
                return f"{firm.name} rented out and served tokens with {used:.0f} hours and had {firm.capacity}"
    return None


def own_models_fit_hours(stock: Stock) -> str | None:
    """I6: the tokens that an app makes fit its hours, rented and its own, and it answers with no others but bought."""
    month, parts, hours, bought = stock.parts.common.month, stock.parts, stock.trades("hours"), stock.trades("tokens")
    able = parts.common.fleets.capacity(month, len(stock.names))
    for firm, model in parts.own_models.serving:
        made = [parts.own_models.made[firm.place, good] for good in TOKENS]
        work = sum(units * weight for units, weight in zip(made, model.work(), strict=True))
        had = int(able[firm.place]) + int(hours.quantity[hours.buyer == firm.place].sum())
        if work > had * model.throughput(month):
            return f"{firm.name} made work of {work:.0f} output tokens with {had} hours"
        for good, own, each in zip(TOKENS, made, firm.tokens, strict=True):
            mine = bought.where((bought.buyer == firm.place) & (bought.good == good))
            if firm.answered * each > own + int(mine.quantity.sum()):
                return f"{firm.name} answered with more {good.name.lower()} than it made and bought"
    return None


def _hours_sold(stock: Stock) -> Column:
    """Hours that each seller sold, less those that it has bought back from its customers and sold again."""
    sold = _by_seller(stock, "hours", (Good.HOURS, Good.HOURS_RESERVED))
    labs = [firm.place for firm in stock.parts.labs.labs]
    back = stock.rows.where((stock.rows.good == Good.HOURS) & (stock.rows.credit_item == Item.REVENUE))
    back = back.where(np.isin(back.credit_account, labs))
    np.subtract.at(sold, back.debit_account, back.quantity)
    return sold


def resold_within_contracts(stock: Stock) -> str | None:
    """I6: no lab sells on more hours to a cloud than its contracts with that cloud gave it."""
    rows, got, n = stock.rows, stock.trades("hours"), len(stock.names)
    labs = [firm.place for firm in stock.parts.labs.labs]
    sold = rows.where((rows.good == Good.HOURS) & (rows.credit_item == Item.REVENUE))
    sold = sold.where(np.isin(sold.credit_account, labs))
    signed = got.where(got.good == Good.HOURS_RESERVED)
    pair = np.concatenate([signed.buyer * n + signed.seller, sold.credit_account * n + sold.debit_account])
    pair, left = sums(pair, np.concatenate([signed.quantity, -sold.quantity]))
    if (left < 0).any():
        return f"{stock.names[pair[left < 0][0] // n]} sold on {-left[left < 0][0]} hours more than it had signed for"
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
    """I6: no app is paid for more slots than the free queries that it answered bear."""
    ads = stock.rows.where((stock.rows.good == Good.ATTENTION) & (stock.rows.credit_item == Item.REVENUE))
    answered = _by_seller(stock, "plans", (Good.QUERIES_FREE,))
    for firm in stock.parts.apps.apps:
        slots = int(ads.quantity[ads.credit_account == firm.place].sum())
        if slots > (most := (int(answered[firm.place]) + firm.served_pages) * firm.slots):
            return f"{firm.name} sold {slots} slots and showed {most:.0f}"
    for line in stock.parts.pages.lines:
        slots = int(ads.quantity[ads.credit_account == line.place].sum())
        if slots > (most := (line.app.pages - line.app.served_pages) * line.app.traits.page_slots):
            return f"{stock.names[line.place]} sold {slots} slots and showed {most:.0f} on pages without an answer"
    return None


def searches_made(stock: Stock) -> str | None:
    """I6: no app answers from the web without the searches that its answers take, bought or its own."""
    bought, plans = stock.trades("search"), stock.trades("plans")
    for firm in stock.parts.apps.alive:
        mine = plans.where((plans.seller == firm.place) & np.isin(plans.good, CALLED))
        taken = int(int(mine.quantity.sum()) * firm.traits.search_calls)
        made = int(bought.quantity[bought.buyer == firm.place].sum()) + firm.own_calls
        if made < taken:
            return f"{firm.name} made {made} searches for answers that take {taken}"
    return None


def everybody_somewhere(stock: Stock) -> str | None:
    """I7: every person is with one main app and tier or with none, and nobody is lost or with one app twice."""
    people, counted = stock.parts.users.people, stock.parts.users.counted
    for number, region in enumerate(stock.parts.users.regions):
        using = int((counted.people - counted.further)[:, number].sum())
        rows = people.region == number
        idle = int(people.weight[rows & (people.app < 0)].sum())
        if using + idle != int(region.traits.people):
            return f"{using} people of {region.name} use an app and {idle} none, of {region.traits.people:.0f}"
    places = np.sort(np.column_stack([people.app, people.further // 2]), axis=1)  # of none, -1
    twice = ((places[:, 1:] == places[:, :-1]) & (places[:, 1:] >= 0)).any(axis=1)
    astray = twice | ((people.app < 0) & (people.further >= 0).any(axis=1))
    if astray.any():
        return f"user {np.flatnonzero(astray)[0]} has an app twice, or further apps and no main one"
    return None


def machines_valued(stock: Stock) -> str | None:
    """I8: a lot's value is its basis less equal monthly wear, 0 at the end; the books' machines are their lots."""
    machines, month = stock.parts.common.fleets.machines, stock.parts.common.month
    live = machines.opens <= month
    age, monthly = month + 1 - machines.opens, machines.basis // (machines.life - machines.worn)
    due = np.where(age < machines.life, machines.basis - monthly * (age - machines.worn), 0)
    wrong = np.flatnonzero(live & (machines.book != due))
    if len(wrong):
        lot = wrong[0]
        owner, found, wanted = stock.names[machines.owner[lot]], machines.book[lot], due[lot]
        return f"{owner}: a lot of {machines.units[lot]} machines is worth {found} cents, less wear it is {wanted}"
    for item, kept, value in ((Item.FLEET, live, machines.book), (Item.CHIP_STOCK, ~live, machines.cost)):
        gap = -stock.parts.ledger.totals[:, item]
        np.add.at(gap, machines.owner[kept], value[kept])
        if item == Item.CHIP_STOCK:
            boxed = stock.parts.common.fleets.appliances
            np.add.at(gap, boxed.owner, boxed.cost)
        wrong = np.flatnonzero(gap)
        if len(wrong):
            booked = stock.parts.ledger.totals[wrong[0], item]
            lots = f"lots are worth {booked + gap[wrong[0]]} cents, its books say {booked}"
            return f"{stock.names[wrong[0]]}, {item.name.lower()}: {lots}"
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


def origins_add_up(stock: Stock) -> str | None:
    """I10: what an account holds of each origin is not below 0 and adds up to its cash."""
    held, cash = stock.origins.held, stock.parts.ledger.totals[:, Item.CASH]
    found = held.sum(axis=1)
    wrong = np.flatnonzero(found != cash)
    if len(wrong):
        who = wrong[0]
        return f"origins of {stock.names[who]} add up to {found[who]} cents, its cash is {cash[who]}"
    short = np.argwhere(held < 0)
    if len(short):
        who, source = short[0]
        name = stock.origins.sources.names[source]
        return f"{stock.names[who]} has paid out {-held[who, source]} cents of {name} that it had not got"
    return None


def in_turn(stock: Stock) -> str | None:
    """I13: money moves for each reason in the phase whose turn it is."""
    rows = stock.rows
    wrong = np.flatnonzero(~_IN_TURN[rows.good, rows.phase] & (rows.good != Good.OPENING))
    return f"{Good(rows.good[wrong[0]]).name.lower()} in phase {rows.phase[wrong[0]]}" if len(wrong) else None


CHECKS: tuple[tuple[str, Callable[[Stock], str | None]], ...] = (
    ("I13", in_turn),
    ("I10", origins_add_up),
    ("I5", machines_counted),
    ("I6", no_more_than_had),
    ("I6", tokens_fit_hours),
    ("I6", hosting_fits_hours),
    ("I6", own_models_fit_hours),
    ("I6", resold_within_contracts),
    ("I6", slots_shown),
    ("I6", searches_made),
    ("I7", everybody_somewhere),
    ("I8", machines_valued),
    ("I11", rationed_once),
)


class Auditor:
    """Checks everything once the month is closed; a broken invariant stops the run.

    ``before`` and ``origins`` are what it remembers; both follow from the journal (``Origins.follow``).
    """

    def __init__(self, parts: Parts, markets: tuple[Market, ...]):
        self.parts, self.markets = parts, markets
        self.before = snapshot(parts.ledger)
        self.origins = Origins(parts.ledger.accounts)
        self.origins.follow(parts.ledger)

    def close(self, ledger: Ledger, month: int) -> None:
        """Check the books, then the origins of money and the goods."""
        n = len(ledger.accounts)
        register = self.parts.common.shares
        issued, held = np.zeros(n, dtype=np.int64), np.zeros((n, n), dtype=np.int64)
        for firm, shares in register.issued.items():
            issued[firm] = shares
        for (holder, firm), shares in register.held.items():
            held[holder, firm] = shares
        rows = Journal.joined(ledger.chunks[self.before.chunks :])
        self.before = check_books(ledger, self.before, shares=(issued, held))
        self.origins.follow(ledger)
        enforce(CHECKS, Stock(self.parts, self.markets, rows, self.origins), month, None)
