"""Chapters 7.7 and 7.8 of the rules: the auction of ads, and payments."""

from collections.abc import Callable

from tests.oracle.economy.arithmetic import cents, nano
from tests.oracle.economy.books import COST_OF_SALES, GOOD, ONE_CENT, OPERATING_COST, WORLD, Order
from tests.oracle.economy.formulas import in_service
from tests.oracle.economy.mechanisms import (
    appliances,
    devices,
    distillation_and_revenue_sharing,
    fleet_loans,
    incumbent_search,
    marketing_trust_transactions,
    reserved_hours,
    search_and_calls,
    self_hosted_models,
)
from tests.oracle.economy.mechanisms.generations import hunger, unit_cost
from tests.oracle.economy.participants import Participant
from tests.oracle.economy.state import Economy, alive


def attention(e: Economy) -> None:
    bills = []
    for region in e.advertisers:
        slots = {
            app.account: int(app.shown.get(region.region, 0) * search_and_calls.slots_per_query(app))
            for app in alive(e.apps)
        }
        price = auction(region.n["worth"], region.n["bidders"], sum(slots.values()), region.n["budget"])
        if price <= 0:
            continue
        for account, count in slots.items():
            bills.append(Order(region.account, OPERATING_COST, account, GOOD["attention"], count, nano(price)))
    e.pay(bills)
    incumbent_search.sell_attention(e)


def auction(worth: float, bidders: float, slots: int, budget: float) -> float:
    """Price of a slot, in USD."""
    if slots <= 0 or bidders <= 0:
        return 0.0
    cleared = worth * max(0.0, 1 - slots / bidders)
    return min(cleared, budget / slots)


def money(e: Economy) -> None:
    for market in ("appliances", "apps", "search", "tokens", "hours", "machines"):
        e.books.settle(e.deals[market], e.settle_order)
    bills: list[Callable[[Economy], list[Order]]] = [
        vendors_bills,
        clouds_bills,
        fleet_loans.interest_bills,
        labs_bills,
        apps_bills,
    ]
    for layer in bills:
        e.pay(layer(e))
    search_and_calls.pay_for_searches(e)
    search_and_calls.pay_publishers(e)
    marketing_trust_transactions.pay_transaction_shares(e)
    distillation_and_revenue_sharing.pay_backers(e)
    incumbent_search.pay_bills(e)
    appliances.pay_bills(e)
    devices.pay_makers(e)
    self_hosted_models.pay_bills(e)
    reserved_hours.pay_for_resold_hours(e)


def bill(firm: Participant, item: int, good: str, quantity: int, price: int = ONE_CENT) -> Order:
    """A firm's bill to the rest of the world."""
    return Order(firm.account, item, WORLD, GOOD[good], quantity, price)


def vendors_bills(e: Economy) -> list[Order]:
    bills = []
    for vendor in alive(e.vendors):
        n = vendor.n
        sold = [one for one in e.deals["machines"] if one.seller == vendor.account]
        units, invoiced = sum(one.quantity for one in sold), sum(one.cents for one in sold)
        bills.append(bill(vendor, COST_OF_SALES, "foundry", units, nano(unit_cost(vendor))))
        bills.append(bill(vendor, OPERATING_COST, "research", round(n["research_share"] * invoiced)))
        bills.append(bill(vendor, OPERATING_COST, "wages", cents(n["staff"])))
    return bills


def clouds_bills(e: Economy) -> list[Order]:
    bills = []
    for cloud in alive(e.clouds):
        n = cloud.n
        ran = cloud.hosting + sum(one.quantity for one in e.deals["hours"] if one.seller == cloud.account)
        ran -= reserved_hours.hours_resold(e, cloud)
        wages = round(n["staff_share"] * e.books.revenue(cloud.account))
        lots = in_service(e, cloud)
        power, site = n["power_cost"] * hunger(lots, ran), n["site_cost"] * hunger(lots, cloud.capacity)
        bills.append(bill(cloud, COST_OF_SALES, "power", ran, nano(power)))
        bills.append(bill(cloud, COST_OF_SALES, "site", cloud.capacity, nano(site)))
        bills.append(bill(cloud, OPERATING_COST, "wages", wages))
    return bills


def wages(e: Economy, firm: Participant) -> Order:
    paid = cents(firm.n["staff"]) + round(firm.n["staff_share"] * e.books.revenue(firm.account))
    return bill(firm, OPERATING_COST, "wages", paid)


def labs_bills(e: Economy) -> list[Order]:
    return [wages(e, lab) for lab in alive(e.labs)]


def apps_bills(e: Economy) -> list[Order]:
    bills = []
    for app in alive(e.apps):
        bills += marketing_trust_transactions.marketing_bills(e, app)
        bills.append(wages(e, app))
    return bills
