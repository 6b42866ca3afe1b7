"""I6: nobody sells, serves or passes on more than it had: hours, tokens, ad slots, searches."""

import numpy as np

from watersellers.agents.app import CALLED
from watersellers.agents.apps import Apps
from watersellers.agents.clouds import Clouds
from watersellers.agents.hosting import Hosts
from watersellers.agents.labs import Labs
from watersellers.agents.own_models import OwnModels
from watersellers.agents.pages import Pages
from watersellers.agents.search import Search, SearchNumbers
from watersellers.agents.stock import Stock, by_seller
from watersellers.market.closed_month import sums
from watersellers.market.goods import TOKENS, Good, Item
from watersellers.market.orders import Orders, Trades
from watersellers.market.units import Column


def no_more_than_had(stock: Stock) -> str | None:
    """I6: hours sold are hours of machines in service, and nobody is delivered more of anything than it ordered."""
    sold, machines = _hours_sold(stock), stock.parts.common.fleets.machines
    able, live = np.zeros_like(sold), machines.opens <= stock.parts.common.month
    np.add.at(able, machines.owner[live], machines.units[live] * machines.hours[live])
    for firm in stock.parts[Clouds].alive:
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
    for firm in stock.parts[Labs].alive:
        made = by_seller(stock, "tokens", TOKENS, firm.place)
        work = sum(int(made[n]) * weight for n, weight in enumerate(firm.work()))
        able = (int(hours.quantity[hours.buyer == firm.place].sum()) - firm.trained) * firm.throughput(month)
        if work > able:
            return f"{firm.name} served work of {work:.0f} output tokens with hours for {able:.0f}"
    return None


def hosting_fits_hours(stock: Stock) -> str | None:
    """I6: the hours that a cloud rented out, and those that the tokens it sold take, are hours of its machines."""
    sold, hosts = _hours_sold(stock), stock.parts[Hosts]
    for firm in stock.parts[Clouds].alive:
        made = by_seller(stock, "tokens", TOKENS, firm.place)
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
    for firm, model in parts[OwnModels].serving:
        made = [parts[OwnModels].made[firm.place, good] for good in TOKENS]
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
    sold = by_seller(stock, "hours", (Good.HOURS, Good.HOURS_RESERVED))
    labs = [firm.place for firm in stock.parts[Labs].labs]
    back = stock.rows.where((stock.rows.good == Good.HOURS) & (stock.rows.credit_item == Item.REVENUE))
    back = back.where(np.isin(back.credit_account, labs))
    np.subtract.at(sold, back.debit_account, back.quantity)
    return sold


def resold_within_contracts(stock: Stock) -> str | None:
    """I6: no lab sells on more hours to a cloud than its contracts with that cloud gave it."""
    rows, got, n = stock.rows, stock.trades("hours"), len(stock.names)
    labs = [firm.place for firm in stock.parts[Labs].labs]
    sold = rows.where((rows.good == Good.HOURS) & (rows.credit_item == Item.REVENUE))
    sold = sold.where(np.isin(sold.credit_account, labs))
    signed = got.where(got.good == Good.HOURS_RESERVED)
    pair = np.concatenate([signed.buyer * n + signed.seller, sold.credit_account * n + sold.debit_account])
    pair, left = sums(pair, np.concatenate([signed.quantity, -sold.quantity]))
    if (left < 0).any():
        return f"{stock.names[pair[left < 0][0] // n]} sold on {-left[left < 0][0]} hours more than it had signed for"
    return None


def slots_shown(stock: Stock) -> str | None:
    """I6: no app is paid for more slots than the free queries that it answered bear."""
    ads = stock.rows.where((stock.rows.good == Good.ATTENTION) & (stock.rows.credit_item == Item.REVENUE))
    answered = by_seller(stock, "plans", (Good.QUERIES_FREE,))
    for firm in stock.parts[Apps].apps:
        slots = int(ads.quantity[ads.credit_account == firm.place].sum())
        if slots > (most := (int(answered[firm.place]) + firm.served_pages) * firm.slots):
            return f"{firm.name} sold {slots} slots and showed {most:.0f}"
    pages = stock.parts[Pages]
    for line in pages.lines:
        slots = int(ads.quantity[ads.credit_account == line.place].sum())
        if slots > (most := (pages.pages[line.place] - line.app.served_pages) * line.numbers.page_slots):
            return f"{stock.names[line.place]} sold {slots} slots and showed {most:.0f} on pages without an answer"
    return None


def searches_made(stock: Stock) -> str | None:
    """I6: no app answers from the web without the searches that its answers take, bought or its own."""
    bought, plans = stock.trades("search"), stock.trades("plans")
    for firm in stock.parts[Apps].alive:
        calls = firm.numbers[SearchNumbers].search_calls
        if not calls:
            continue
        mine = plans.where((plans.seller == firm.place) & np.isin(plans.good, CALLED))
        taken = int(int(mine.quantity.sum()) * calls)
        made = int(bought.quantity[bought.buyer == firm.place].sum()) + stock.parts[Search].own.get(firm.place, 0)
        if made < taken:
            return f"{firm.name} made {made} searches for answers that take {taken}"
    return None
