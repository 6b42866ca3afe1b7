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
    shortage,
)
from tests.oracle.economy.mechanisms.generations import development_bill, hunger, unit_cost
from tests.oracle.economy.participants import Lab, Participant
from tests.oracle.economy.state import Economy, alive


def attention(economy: Economy) -> None:
    bills = []
    economy.slots = {}
    for region in economy.advertisers:
        slots = {
            app.account: int(app.shown.get(region.region, 0) * search_and_calls.slots_per_query(app))
            for app in alive(economy.apps)
        }
        economy.slots |= {(region.region, app.name): slots[app.account] for app in alive(economy.apps)}
        price = auction(
            region.numbers["worth"], region.numbers["bidders"], sum(slots.values()), region.numbers["budget"]
        )
        if price <= 0:
            continue
        for account, count in slots.items():
            bills.append(Order(region.account, OPERATING_COST, account, GOOD["attention"], count, nano(price)))
    economy.pay(bills)
    incumbent_search.sell_attention(economy)


def auction(worth: float, bidders: float, slots: int, budget: float) -> float:
    """Price of a slot, in USD."""
    if slots <= 0 or bidders <= 0:
        return 0.0
    cleared = worth * max(0.0, 1 - slots / bidders)
    return min(cleared, budget / slots)


def money(economy: Economy) -> None:
    for market in ("appliances", "apps", "search", "tokens", "hours", "machines"):
        economy.books.settle(economy.deals[market], economy.settle_order)
    bills: list[Callable[[Economy], list[Order]]] = [
        vendors_bills,
        clouds_bills,
        fleet_loans.interest_bills,
        labs_bills,
        apps_bills,
    ]
    for layer in bills:
        economy.pay(layer(economy))
    search_and_calls.pay_for_searches(economy)
    search_and_calls.pay_publishers(economy)
    marketing_trust_transactions.pay_transaction_shares(economy)
    distillation_and_revenue_sharing.pay_backers(economy)
    incumbent_search.pay_bills(economy)
    appliances.pay_bills(economy)
    devices.pay_makers(economy)
    self_hosted_models.pay_bills(economy)
    reserved_hours.pay_for_resold_hours(economy)


def bill(firm: Participant, item: int, good: str, quantity: int, price: int = ONE_CENT) -> Order:
    """A firm's bill to the rest of the world."""
    return Order(firm.account, item, WORLD, GOOD[good], quantity, price)


def vendors_bills(economy: Economy) -> list[Order]:
    bills = []
    for vendor in alive(economy.vendors):
        numbers = vendor.numbers
        sold = [deal for deal in economy.deals["machines"] if deal.seller == vendor.account]
        units, invoiced = sum(deal.quantity for deal in sold), sum(deal.cents for deal in sold)
        bills.append(bill(vendor, COST_OF_SALES, "foundry", units, nano(unit_cost(vendor))))
        bills.append(shortage.unused(vendor, units))
        research = round(numbers["research_share"] * invoiced) + cents(numbers["research_fixed"])
        research += development_bill(economy, vendor)
        bills.append(bill(vendor, OPERATING_COST, "research", research))
        bills.append(bill(vendor, OPERATING_COST, "wages", cents(numbers["staff"])))
    return bills


def clouds_bills(economy: Economy) -> list[Order]:
    bills = []
    for cloud in alive(economy.clouds):
        numbers = cloud.numbers
        ran = cloud.hosting + sum(deal.quantity for deal in economy.deals["hours"] if deal.seller == cloud.account)
        ran -= reserved_hours.hours_resold(economy, cloud)
        wages = round(numbers["staff_share"] * economy.books.revenue(cloud.account))
        lots = in_service(economy, cloud)
        power, site = numbers["power_cost"] * hunger(lots, ran), numbers["site_cost"] * hunger(lots, cloud.capacity)
        bills.append(bill(cloud, COST_OF_SALES, "power", ran, nano(power)))
        bills.append(bill(cloud, COST_OF_SALES, "site", cloud.capacity, nano(site)))
        bills.append(bill(cloud, OPERATING_COST, "wages", wages))
    return bills


def wages(economy: Economy, firm: Participant) -> Order:
    staff = firm.numbers["staff"] * (firm.companies if isinstance(firm, Lab) else 1.0)
    paid = cents(staff) + round(firm.numbers["staff_share"] * economy.books.revenue(firm.account))
    return bill(firm, OPERATING_COST, "wages", paid)


def labs_bills(economy: Economy) -> list[Order]:
    return [wages(economy, lab) for lab in alive(economy.labs)]


def apps_bills(economy: Economy) -> list[Order]:
    bills = []
    for app in alive(economy.apps):
        bills += marketing_trust_transactions.marketing_bills(economy, app)
        bills.append(wages(economy, app))
    return bills
