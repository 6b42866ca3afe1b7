"""I6: no firm makes, sells, serves or resells more than it can: accelerators, hours, tokens, ad slots, searches."""

import numpy as np

from watersellers.agents.apps.app import QUERY_GOODS
from watersellers.agents.apps.incumbent_search import IncumbentSearch
from watersellers.agents.apps.month import Apps
from watersellers.agents.apps.search_market import SearchMarket, SearchNumbers
from watersellers.agents.apps.self_hosted_models import SelfHostedModels
from watersellers.agents.audit.audit_context import AuditContext, by_seller
from watersellers.agents.chips.month import Chips
from watersellers.agents.cloud.month import Clouds
from watersellers.agents.cloud.open_weight_hosts import OpenWeightHosts
from watersellers.agents.labs.month import Labs
from watersellers.market.audit.month_under_audit import sums
from watersellers.market.chart_of_accounts import Item
from watersellers.market.exact import Column, among
from watersellers.market.goods import TOKENS, TOKENS_OF_LINE, Good
from watersellers.market.trade.orders import Orders, Trades


def accelerators_fit_capacity(context: AuditContext) -> str | None:
    """I6: the accelerators that a vendor makes in a month, at most one for each that its foundry holds room for."""
    made = by_seller(context, "chips", (Good.ACCELERATORS,))
    for firm in context.parts[Chips].vendors:
        if made[firm.account] > int(firm.capacity):
            return f"{firm.name} made {made[firm.account]} accelerators with capacity for {int(firm.capacity)}"
    return None


def no_more_than_had(context: AuditContext) -> str | None:
    """I6: hours sold are hours of machines in service, and no buyer receives more of a good than it ordered."""
    sold, machines = _hours_sold(context), context.parts.registers.fleets.machines
    capacity, in_service = np.zeros_like(sold), machines.opens <= context.parts.registers.month
    np.add.at(capacity, machines.owner[in_service], machines.units[in_service] * machines.hours[in_service])
    for firm in context.parts[Clouds].alive:
        if sold[firm.account] > capacity[firm.account]:
            return f"{firm.name} sold {sold[firm.account]} hours and had {capacity[firm.account]}"
    for market in context.markets:
        ordered, delivered = market.orders, market.trades
        key = np.concatenate([_deal(context, ordered), _deal(context, delivered)])
        key, undelivered = sums(key, np.concatenate([ordered.quantity, -delivered.quantity]))
        if (undelivered < 0).any():
            buyer = context.names[key[undelivered < 0][0] // (len(context.names) * len(Item) * len(Good))]
            return f"{buyer} got {-undelivered[undelivered < 0][0]} more of {market.name} than it ordered"
    return None


def _deal(context: AuditContext, rows: Orders | Trades) -> Column:
    """Number each row by its buyer, seller, item and good."""
    deal: Column = ((rows.buyer * len(context.names) + rows.seller) * len(Item) + rows.item) * len(Good) + rows.good
    return deal


def tokens_fit_hours(context: AuditContext) -> str | None:
    """I6: the tokens of a lab fit into the hours that it received and did not use for training."""
    month, hours = context.parts.registers.month, context.trades("hours")
    units = context.trades("tokens").units_by("seller", "good")
    for firm in context.parts[Labs].alive:
        work = firm.work_of(units, firm.account)
        capacity = (int(hours.quantity[hours.buyer == firm.account].sum()) - firm.trained) * firm.throughput(month)
        if work > capacity:
            return f"{firm.name} served work of {work:.0f} output tokens with hours for {capacity:.0f}"
    return None


def hosting_fits_hours(context: AuditContext) -> str | None:
    """I6: the hours that a cloud rented out or used for the tokens that it sold are hours of its machines."""
    sold, hosts = _hours_sold(context), context.parts[OpenWeightHosts]
    tokens = context.trades("tokens").units_by("seller", "good")
    for firm in context.parts[Clouds].alive:
        delivered = [tokens.get((firm.account, good), 0) for good in TOKENS]
        if any(delivered):
            lab = hosts.labs[hosts.models[firm.account]]
            work = sum(units * weight for units, weight in zip(delivered, lab.work(), strict=True))
            used = int(sold[firm.account]) + work / lab.throughput(context.parts.registers.month)
            if used > firm.capacity:
                return f"{firm.name} rented out and served tokens with {used:.0f} hours and had {firm.capacity}"
    return None


def own_models_fit_hours(context: AuditContext) -> str | None:
    """I6: the tokens that an app makes fit its rented and own hours; all others that it answers with are bought."""
    parts, month = context.parts, context.parts.registers.month
    rented, bought = context.trades("hours"), context.trades("tokens")
    capacity = parts.registers.fleets.capacity(month, len(context.names))
    # of each kind of tokens, those of all models of a line
    kinds = [(goods[0].name.lower(), among(bought.good, goods)) for goods in zip(*TOKENS_OF_LINE, strict=True)]
    for firm, model in parts[SelfHostedModels].serving:
        made = [parts[SelfHostedModels].made[firm.account, good] for good in TOKENS]
        work = sum(units * weight for units, weight in zip(made, model.work(), strict=True))
        hours = int(capacity[firm.account]) + int(rented.quantity[rented.buyer == firm.account].sum())
        if work > hours * model.throughput(month):
            return f"{firm.name} made work of {work:.0f} output tokens with {hours} hours"
        for (name, of_kind), own, each in zip(kinds, made, firm.tokens, strict=True):
            purchases = bought.quantity[(bought.buyer == firm.account) & of_kind]
            if firm.answered * each > own + int(purchases.sum()):
                return f"{firm.name} answered with more {name} than it made and bought"
    return None


def _hours_sold(context: AuditContext) -> Column:
    """Hours that each seller sold, less those that it bought back from its customers and sold again."""
    sold = by_seller(context, "hours", (Good.HOURS, Good.HOURS_RESERVED))
    labs = [firm.account for firm in context.parts[Labs].labs]
    resold = context.rows.where((context.rows.good == Good.HOURS) & (context.rows.credit_item == Item.REVENUE))
    resold = resold.where(among(resold.credit_account, labs))
    np.subtract.at(sold, resold.debit_account, resold.quantity)
    return sold


def resold_within_contracts(context: AuditContext) -> str | None:
    """I6: no lab resells more hours to a cloud than its contracts with that cloud gave it."""
    rows, bought, n = context.rows, context.trades("hours"), len(context.names)
    labs = [firm.account for firm in context.parts[Labs].labs]
    sold = rows.where((rows.good == Good.HOURS) & (rows.credit_item == Item.REVENUE))
    sold = sold.where(among(sold.credit_account, labs))
    signed = bought.where(bought.good == Good.HOURS_RESERVED)
    pair = np.concatenate([signed.buyer * n + signed.seller, sold.credit_account * n + sold.debit_account])
    pair, gap = sums(pair, np.concatenate([signed.quantity, -sold.quantity]))
    if (gap < 0).any():
        return f"{context.names[pair[gap < 0][0] // n]} resold {-gap[gap < 0][0]} hours more than it had signed for"
    return None


def slots_shown(context: AuditContext) -> str | None:
    """I6: no app sells more slots than its free answers have, and no search business more than its pages have."""
    ads = context.rows.where((context.rows.good == Good.ATTENTION) & (context.rows.credit_item == Item.REVENUE))
    answered = by_seller(context, "plans", (Good.QUERIES_FREE,))
    for firm in context.parts[Apps].apps:
        slots = int(ads.quantity[ads.credit_account == firm.account].sum())
        if slots > (shown := (int(answered[firm.account]) + firm.served_pages) * firm.slots):
            return f"{firm.name} sold {slots} slots and showed {shown:.0f}"
    search = context.parts[IncumbentSearch]
    for business in search.businesses:
        slots = int(ads.quantity[ads.credit_account == business.account].sum())
        pages = search.pages[business.account] - business.app.served_pages
        if slots > (shown := pages * business.numbers.page_slots):
            name = context.names[business.account]
            return f"{name} sold {slots} slots and showed {shown:.0f} on pages without an answer"
    return None


def searches_made(context: AuditContext) -> str | None:
    """I6: every app buys or makes the searches that its answers need."""
    bought, plans = context.trades("search"), context.trades("plans")
    queries = among(plans.good, QUERY_GOODS)
    for firm in context.parts[Apps].alive:
        calls = firm.numbers[SearchNumbers].search_calls
        if not calls:
            continue
        answers = plans.quantity[(plans.seller == firm.account) & queries]
        needed = int(int(answers.sum()) * calls)
        made = int(bought.quantity[bought.buyer == firm.account].sum()) + context.parts[SearchMarket].own.get(
            firm.account, 0
        )
        if made < needed:
            return f"{firm.name} made {made} searches for answers that need {needed}"
    return None
