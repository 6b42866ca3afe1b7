"""Chapters 7.2, 7.5 and 7.9 of the rules: owners' own use of hours by its return."""

import math

from tests.oracle.economy.arithmetic import logit, nano, progress
from tests.oracle.economy.books import GOOD, OLDER, OPERATING_COST
from tests.oracle.economy.participants import Cloud, Owner
from tests.oracle.economy.state import Economy, alive

NANO_A_CENT = 10**7


def open_own_use(economy: Economy) -> None:
    """Before the first month."""
    for business in businesses(economy):
        numbers = business.numbers
        if numbers["ranking_uplift"] > 0:
            business.own_hours = numbers["opening_own_use"] * (numbers["older_revenue"] * growth(business, 0))
        business.experience = business.own_hours / economy.numbers["ranking_decay"]
    set_aside(economy, 0)


def businesses(economy: Economy) -> list[Cloud | Owner]:
    return [*economy.clouds, *economy.older_owners]


def growth(business: Cloud | Owner, month: int) -> float:
    return progress(business.numbers["older_growth"], business.numbers["older_fade"], month)


def offers_to(economy: Economy, owner: Owner) -> list[tuple[Cloud, int]]:
    """Clouds that rent to an owner without a cloud, and their capacity."""
    offers = [(rental["cloud"], rental["capacity"], rental["sells"]) for rental in economy.rentals.values()]
    if not offers:
        offers = [(c, int(c.numbers["opening_hours"]), c.numbers["sells"] > 0) for c in alive(economy.clouds)]
    return [
        (cloud, capacity)
        for cloud, capacity, sells in offers
        if capacity > 0 and cloud.region == owner.region and (sells or cloud.owner == owner.owner)
    ]


def shares_of(economy: Economy, offers: list[tuple[Cloud, int]]) -> list[float]:
    sensitivity = economy.numbers["own_use_sensitivity"]
    return logit([math.log(capacity) - sensitivity * math.log(cloud.price) for cloud, capacity in offers])


def rent_of(economy: Economy, business: Cloud | Owner) -> float:
    if isinstance(business, Cloud):
        return business.price if business.alive else 0.0
    offers = offers_to(economy, business)
    if not offers:
        return 0.0
    return sum(share * cloud.price for share, (cloud, _) in zip(shares_of(economy, offers), offers, strict=True))


def choose_hours(economy: Economy) -> None:
    month = economy.month + 1
    for business in businesses(economy):
        if business.numbers["ranking_uplift"] > 0 or business.own_hours > 0:
            gap = best(economy, business, month) - business.own_hours
            business.own_hours = business.own_hours + economy.numbers["own_use_pace"] * gap
    set_aside(economy, month)


def best(economy: Economy, business: Cloud | Owner, month: int) -> float:
    numbers, world = business.numbers, economy.numbers
    revenue, rent = numbers["older_revenue"] * growth(business, month), rent_of(economy, business)
    if revenue <= 0 or rent <= 0:
        return 0.0
    learned = world["ranking_learning"] * math.log(1 + business.experience / (world["ranking_scale"] * revenue))
    uplift = numbers["ranking_uplift"] * (1 + learned)
    return max(0.0, uplift * numbers["older_margin"] * revenue / rent - world["own_use_scale"] * revenue)


def set_aside(economy: Economy, month: int) -> None:
    cash = {
        owner: sum(b.numbers["older_cash"] * growth(b, month) for b in businesses(economy) if b.owner == owner)
        for owner in {business.owner for business in businesses(economy)}
    }
    for business in businesses(economy):
        business.set_aside = 0
        if business.numbers["ranking_uplift"] > 0 or business.own_hours > 0:
            granted, total = economy.granted.get(business.owner, 0), cash[business.owner]
            free = max(0.0, 1 - granted / 100 / total) if total > 0 else 0.0
            most = economy.numbers["own_use_cash"] * free * (business.numbers["older_cash"] * growth(business, month))
            rent = rent_of(economy, business)
            dollars = business.own_hours * rent
            if dollars > most:
                business.own_hours, dollars = most / rent, most
            business.set_aside = int(dollars * 100)


def order(economy: Economy) -> None:
    """Owners without a cloud order hours."""
    for owner in economy.older_owners:
        if owner.set_aside > 0:
            offers = offers_to(economy, owner)
            for (cloud, _), share in zip(offers, shares_of(economy, offers) if offers else [], strict=True):
                hours = int(owner.set_aside * share) * NANO_A_CENT // nano(cloud.price)
                deal = owner.account, OPERATING_COST, cloud.account, GOOD["hours"], hours, nano(cloud.price)
                economy.add_order("hours", *deal)


def learn(economy: Economy) -> None:
    """When the hours of this month are delivered."""
    deals = [deal for deal in economy.deals.get("hours", []) if deal.good == GOOD["hours"]]
    for business in businesses(economy):
        if isinstance(business, Cloud):
            got = sum(d.quantity for d in deals if (d.buyer, d.seller) == (OLDER, business.account))
        else:
            got = sum(d.quantity for d in deals if d.buyer == business.account)
        business.experience = (1 - economy.numbers["ranking_decay"]) * business.experience + got
