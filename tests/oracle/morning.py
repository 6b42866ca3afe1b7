"""Sections 7.1 to 7.4 of the decision log: events, arrivals, expectations, prices."""

import math
from collections.abc import Mapping
from typing import Any

from tests.oracle import belief, calls, crowding, hosting, lending, pages, patrons, strategies
from tests.oracle.arithmetic import annuity, cents, dollars, elasticity, nano, path, progress
from tests.oracle.books import (
    CHIP_STOCK,
    EQUITY,
    FLEET,
    GOOD,
    HOLDINGS,
    INCOME,
    LENDERS,
    OLDER,
    ONE_CENT,
    PREPAYMENTS,
    WORLD,
    Order,
    Row,
    Transfer,
    deal,
)
from tests.oracle.generations import unit_cost, worth_at
from tests.oracle.strategies import Tangent, View
from tests.oracle.world import App, Cloud, Economy, Enterprise, Firm, Investor, Lab, Lot, Vendor, alive, serves

TOKENS = ("tokens_cached", "tokens_input", "tokens_output")

# --- 7.1 Events ---


def events(e: Economy) -> None:
    groups: Mapping[str, Any] = {
        "chips": e.vendors,
        "cloud": e.clouds,
        "labs": e.labs,
        "apps": e.apps,
        "users": e.regions,
        "enterprises": e.enterprises,
        "advertisers": e.advertisers,
        "investors": e.investors,
    }
    for event in e.setting.events:
        if event.month != e.month:
            continue
        group, *member, number = event.path.split(".")
        if event.what != "set":
            for party in groups[group]:
                if not member or party.name == member[0]:
                    kept = party.strategies if event.what == "strategy" else party.partners
                    kept[number] = event.choice if event.what == "strategy" else event.names
            continue
        if group == "world":
            e.n[number] = event.value
            continue
        for party in groups[group]:
            if not member or party.name == member[0]:
                party.n[number] = event.value


# --- 7.2 Arrivals ---


def arrivals(e: Economy) -> None:
    incomes(e)
    lending.hold_to_covenants(e)
    if e.month > 0:
        owners(e)
    for vendor in e.vendors:
        vendor.capacity = vendor.capacity + sum(units for month, units in vendor.pipeline if month == e.month)
        vendor.pipeline = [(month, units) for month, units in vendor.pipeline if month > e.month]
    machines(e)


def incomes(e: Economy) -> None:
    older = own_use(e) * sum(cloud.n["older_revenue"] for cloud in e.clouds)
    older += sum(firm.n["owner_funds"] for firm in alive(e.firms) if firm.backed)
    paid = [(OLDER, older)]
    for investor in e.investors:
        n = investor.n
        paid.append((investor.place, path(n["inflow_low"], n["inflow_high"], n["middle"], n["width"], e.month)))
    paid += [
        (one.place, budget(e, one, "tokens") + (1 + one.n["capital"]) * budget(e, one, "compute"))
        for one in e.enterprises
    ]
    paid += [(one.place, one.n["budget"] + one.n["page_budget"]) for one in e.advertisers]
    paid += [(region.place, region.n["income"] * region.n["people"]) for region in e.regions]
    paid.append((LENDERS, e.n["lenders_inflow"]))
    due = [cents(income) for _, income in paid]
    parts = e.books.within_cash(WORLD, due, [e.hash("incomes", e.keys[place]) for place, _ in paid])
    transfers = [Transfer(WORLD, place, part) for (place, _), part in zip(paid, parts, strict=True)]
    e.books.transfer(transfers, INCOME, INCOME, "income")


def own_use(e: Economy) -> float:
    n = e.n
    return path(n["own_use_low"], n["own_use_high"], n["own_use_middle"], n["own_use_width"], e.month)


def budget(e: Economy, enterprise: Enterprise, what: str) -> float:
    n = enterprise.n
    return path(n[f"{what}_low"], n[f"{what}_high"], n["middle"], n["width"], e.month)


def owners(e: Economy) -> None:
    backed = [firm for firm in alive(e.firms) if firm.backed]
    due = [called(e, firm) for firm in backed]
    parts = e.books.within_cash(OLDER, due, [e.hash("owners", firm.key) for firm in backed])
    transfers = []
    for firm, pay in zip(backed, parts, strict=True):
        if pay > 0:
            shares = pay // 100 + 1
            transfers.append(Transfer(OLDER, firm.place, pay, shares))
            firm.holders[OLDER] = firm.holders.get(OLDER, 0) + shares
            e.capital[firm.place] = e.capital.get(firm.place, 0) + pay
    e.books.transfer(transfers, HOLDINGS, EQUITY, "contribution")


def called(e: Economy, firm: Firm) -> int:
    limit = cents(firm.n["owner_funds"])
    need = cloud_need(e, firm) if isinstance(firm, Cloud) else round(e.n["owner_cushion"] * limit)
    return min(limit, max(0, need - e.books.cash(firm.place)))


def cloud_need(e: Economy, cloud: Cloud) -> int:
    shipments = 0.0
    for (buyer, place), pending in e.backlog.items():
        if buyer == cloud.place and pending.units > 0:
            vendor = e.firm_at[place]
            assert isinstance(vendor, Vendor)
            capacity = e.sheets[vendor.name]["capacity"] if vendor.name in e.sheets else 0.0
            shipments += min(1.0, capacity / e.waiting(vendor)) * (pending.value / 10**9)
    opening = sum(lot.cost for lot in e.lots if lot.owner is cloud and lot.opens == e.month)
    buildings = opening * cloud.n["building_share"]
    prepayments = e.books.of(cloud.place, PREPAYMENTS)
    return max(0, cents(shipments) - prepayments) + round(buildings) + e.last_month(cloud, "costs")


def machines(e: Economy) -> None:
    e.lots = [lot for lot in e.lots if lot.opens + lot.serves > e.month]
    house(e)
    for cloud in e.clouds:
        cloud.capacity = sum(lot.units * lot.hours for lot in in_service(e, cloud)) if cloud.alive else 0
        there = e.books.cash(cloud.place) + e.books.of(cloud.place, PREPAYMENTS)
        cloud.purse = max(0, there - e.last_month(cloud, "costs"))


def house(e: Economy) -> None:
    new = [lot for lot in e.lots if isinstance(lot.owner, Cloud) and lot.opens == e.month and lot.book == 0]
    rows = [(lot.owner.place, FLEET, lot.owner.place, CHIP_STOCK) for lot in new]
    e.books.write([Row(*row, GOOD["building"], lot.cost) for row, lot in zip(rows, new, strict=True)])
    bills = []
    for lot in new:
        price = round(lot.cost * lot.owner.n["building_share"] / lot.units) * ONE_CENT
        bills.append(deal(Order(lot.owner.place, FLEET, WORLD, GOOD["building"], lot.units, price), lot.units))
    e.books.settle(bills, lambda place: e.hash("building", e.keys[place]))
    for lot, bill in zip(new, bills, strict=True):
        lot.cost += bill.cents
        lot.book = lot.cost
        lot.basis = lot.cost


def in_service(e: Economy, owner: Cloud | Enterprise) -> list[Lot]:
    return [lot for lot in e.lots if lot.owner is owner and lot.opens <= e.month]


# --- 7.3 Expectations ---


def expectations(e: Economy) -> None:
    if e.month > 0:
        expect_hours(e)
    for vendor in e.vendors:
        if e.month > 0 and vendor.alive and vendor.capacity:
            vendor.orders.update(vendor.noted, e.smoothing)
        vendor.noted = 0
    learn(e)
    if e.month > 0:
        judge(e)
    crowding.move_trust(e)
    pages.expect(e)


def expect_hours(e: Economy) -> None:
    for cloud in alive(e.clouds):
        cloud.asked.update(cloud.asked_last, e.smoothing)
    capacity = sum(cloud.capacity for cloud in alive(e.clouds))
    e.use = sum(cloud.asked_last for cloud in alive(e.clouds)) / capacity if capacity > 0 else 1.0
    if capacity > 0:
        worth = sum(own_hour_worth(e, cloud) * cloud.capacity for cloud in alive(e.clouds))
        e.hour_worth = max(0.0, worth / capacity)
        e.hour_running = sum(own_hour_running(e, cloud) * cloud.capacity for cloud in alive(e.clouds)) / capacity


def own_hour_worth(e: Economy, cloud: Cloud) -> float:
    n = cloud.n
    use = min(1.0, cloud.used_share if cloud.capacity else e.use)
    return hour_worth(cloud, serves(cloud), use * cloud.price, use * n["power_cost"] + n["site_cost"])


def own_hour_running(e: Economy, cloud: Cloud) -> float:
    n = cloud.n
    use = min(1.0, cloud.used_share if cloud.capacity else e.use)
    return running_worth(cloud, serves(cloud), use * n["power_cost"] + n["site_cost"])


def running_worth(owner: Cloud | Enterprise, life: int, running: float) -> float:
    return annuity(owner.n["discount"], life) * running / (1 + owner.n["building_share"])


def hour_worth(owner: Cloud | Enterprise, life: int, rent: float, running: float) -> float:
    n = owner.n
    rents = annuity((1 + n["discount"]) / (1 - n["rent_decline"]) - 1, life) * rent
    return (rents - annuity(n["discount"], life) * running) / (1 + n["building_share"])


def learn(e: Economy) -> None:
    distilled = patrons.distilled(e)
    for lab in alive(e.labs):
        n = lab.n
        learned = lab.trained * progress(n["training_growth"], n["progress_fade"], e.month)
        spilled = n["spill_over"] * max(0.0, e.frontier - lab.knowledge)
        lab.knowledge = lab.knowledge * (1 - n["knowledge_decay"]) + learned + spilled
        lab.knowledge += distilled.get(lab.name, 0.0)
    e.frontier = max([lab.knowledge for lab in alive(e.labs)], default=0.0)


def judge(e: Economy) -> None:
    for firm in alive(e.firms):
        firm.revenue.update(e.last_month(firm, "revenue") / 100, e.smoothing)
        firm.burn.update(e.last_month(firm, "drain") / 100, (e.n["level_weight"], 0.0, 0.0))
    for investor in e.investors:
        firms = pool(e, investor)
        level = sum(firm.revenue.level for firm in firms)
        growth = sum(firm.revenue.growth * firm.revenue.level for firm in firms) / level if level > 0 else 0.0
        n = investor.n
        investor.returns.update(belief.seen_return(e, investor), (e.n["level_weight"], 0.0, 0.0))
        wanted = 1 + n["hype_pull"] * (growth - n["sober_growth"])
        wanted = max(0.0, wanted + n["return_pull"] * investor.returns.level)
        investor.usual = investor.usual + (1 - n["hype_memory"]) * (investor.hype - investor.usual)
        investor.hype = investor.hype + (1 - n["hype_memory"]) * (wanted - investor.hype)
        failed = [one for one in e.firms if one.wound_up and not one.mourned and one.founder == investor.name]
        investor.hype = investor.hype * (1 - n["fear"]) ** len(failed)
        for one in failed:
            one.mourned = True
    belief.follow(e)


def pool(e: Economy, investor: Investor) -> list[Firm]:
    return [firm for firm in alive(e.firms) if firm.founder == investor.name]


# --- 7.4 Prices ---


def prices(e: Economy) -> None:
    selling = [vendor for vendor in alive(e.vendors) if vendor.capacity]
    for vendor in selling:
        if e.month > 0:
            reprice(vendor, vendor_sees(e, vendor))
    e.sheets = {vendor.name: sheet(e, vendor) for vendor in selling}
    for cloud in alive(e.clouds):
        if e.month > 0 and cloud.capacity:
            reprice(cloud, cloud_sees(e, cloud))
    e.rentals = {cloud.name: rental(cloud) for cloud in alive(e.clouds)}
    for lab in alive(e.labs):
        choose_clouds(e, lab)
        if e.month > 0 and lab.hour_price > 0:
            asked = strategies.price(lab.strategies["pricing"], lab_sees(e, lab))
            lab.price = dollars(max(1, nano(min(asked, hosts(e, lab)))))
    e.cards = {lab.name: card(lab) for lab in alive(e.labs)}
    hosting.post(e)
    for app in alive(e.apps):
        choose_labs(e, app)
        if e.month > 0:
            view = app_sees(e, app)
            reprice(app, view)
            app.quota = 0.0 if app.pivoted else strategies.quota(app.strategies["quota"], view)
    e.spending = {app.name: app.marketing for app in alive(e.apps)}


def reprice(firm: Firm, view: View) -> None:
    posted = nano(strategies.price(firm.strategies["pricing"], view))
    firm.price = dollars(posted if isinstance(firm, App) else max(1, posted))


def machine_hours(e: Economy, vendor: Vendor) -> int:
    return round(730 * vendor.n["performance"] * (1 + vendor.n["performance_growth"]) ** e.month)


def vendor_sees(e: Economy, vendor: Vendor) -> View:
    n, backlog = vendor.n, e.waiting(vendor)
    felt = elasticity(vendor.bought, n["sensitivity"], n["market_elasticity"])
    return {
        "unit_cost": unit_cost(vendor),
        "full_cost": unit_cost(vendor) / (1 - n["research_share"]),
        "last_price": vendor.price,
        "elasticity": felt,
        "demand": Tangent(vendor.price, vendor.orders.level, felt),
        "worth": worth_at(e, n["power"]) * machine_hours(e, vendor) * n["software"],
        "wait": max(0.0, backlog / vendor.capacity - 1) if vendor.capacity else 0.0,
        "capacity": vendor.capacity,
        "coming": sum(units for _, units in vendor.pipeline),
        "orders": vendor.orders.level,
        "growth": vendor.orders.growth,
        "backlog": backlog,
        "lead": n["lead"],
    }


def sheet(e: Economy, vendor: Vendor) -> dict[str, Any]:
    shown = {name: vendor.n[name] for name in ("software", "lock_in", "sensitivity", "exports", "power")}
    hours = machine_hours(e, vendor)
    wait = e.waiting(vendor) / vendor.capacity
    return {**shown, "price": vendor.price, "hours": hours, "capacity": vendor.capacity, "region": vendor.region,
            "vendor": vendor, "wait": wait}  # fmt: skip


def cloud_sees(e: Economy, cloud: Cloud) -> View:
    n = cloud.n
    bought = shares_of_purchases(e, cloud, "hours", "hours")
    felt = elasticity(bought, n["sensitivity"], n["market_elasticity"])
    machine = n["machine_price"] * (1 + n["building_share"]) / annuity(n["discount"], int(n["book_life"]))
    return {
        "unit_cost": n["power_cost"],
        "full_cost": n["power_cost"] + (machine + n["site_cost"] * 730) / 730,
        "last_price": cloud.price,
        "elasticity": felt,
        "demand": Tangent(cloud.price, cloud.asked.level, felt),
        "capacity": cloud.capacity,
        "used_share": cloud.used_share,
    }


def shares_of_purchases(e: Economy, seller: Firm, market: str, good: str) -> list[tuple[float, float]]:
    """The seller's last deals of a good: units, and units over all that the buyer bought anywhere."""
    goods = (GOOD["hours"], GOOD["hours_reserved"]) if good == "hours" else (GOOD[good],)
    deals = [one for one in e.deals.get(market, []) if one.good in goods]
    every: dict[int, int] = {}
    for one in deals:
        every[one.buyer] = every.get(one.buyer, 0) + one.quantity
    own: dict[int, int] = {}
    for one in deals:
        inside = isinstance(seller, Lab) and e.owners.get(one.buyer) == seller.owner
        if one.seller == seller.place and not inside:
            own[one.buyer] = own.get(one.buyer, 0) + one.quantity
    return [(units, units / every[buyer]) for buyer, units in own.items()]


def rental(cloud: Cloud) -> dict[str, Any]:
    return {"price": cloud.price, "capacity": cloud.capacity, "region": cloud.region, "owner": cloud.owner,
            "sells": cloud.n["sells"] > 0, "cloud": cloud}  # fmt: skip


def throughput(e: Economy, lab: Lab) -> float:
    n = lab.n
    grown = n["throughput"] * progress(n["throughput_growth"], n["progress_fade"], e.month)
    return grown / (1 + lab.knowledge / n["knowledge_unit"]) ** n["size_penalty"]


def lab_sees(e: Economy, lab: Lab) -> View:
    n = lab.n
    load = max(lab.load, n["half_load"])
    unit_cost = lab.hour_price * (load * stretch(lab) + n["half_load"]) / load / throughput(e, lab) * 1_000_000
    unit_cost = unit_cost / (1 - patrons.rate(e, lab))
    bought = shares_of_purchases(e, lab, "tokens", "tokens_output")
    felt = elasticity(bought, n["sensitivity"], n["market_elasticity"])
    return {
        "unit_cost": unit_cost,
        "full_cost": unit_cost,
        "last_price": lab.price,
        "elasticity": felt,
        "demand": Tangent(lab.price, load, felt),
        "capacity": math.inf,
        "rival_price": rival_price(e, lab),
    }


def stretch(lab: Lab) -> float:  # 9.8
    return max(1.0, 1 / lab.n["peak"] - lab.n["night_share"] * lab.n["night_discount"])


def rival_price(e: Economy, lab: Lab) -> float:  # 9.8
    least = lab.quality - lab.n["like_quality"]
    there = [one for name, one in e.cards.items() if name != lab.name and one["region"] == lab.region]
    return min([one["price"] for one in there if one["quality"] >= least], default=math.inf)


def hosts(e: Economy, lab: Lab) -> float:
    as_good = [one for one in alive(e.labs) if one.n["open_weights"] > 0 and one.quality >= lab.quality]
    hours = [
        one["price"]
        for one in e.rentals.values()
        if one["sells"] and one["capacity"] > 0 and one["region"] == lab.region
    ]
    hosted = any(one["region"] == lab.region and isinstance(one["lab"], Cloud) for one in e.cards.values())
    if not as_good or not hours or hosted:
        return math.inf
    best = max(throughput(e, one) for one in as_good)
    return min(hours) / best * 1_000_000 * (1 + lab.n["host_margin"])


def card(lab: Lab) -> dict[str, Any]:
    n = lab.n
    weights = (n["cached_price"], n["input_price"], 1.0)
    mean = 1 - n["night_share"] * n["night_discount"] * n["night_discount"]
    price = dollars(max(1, nano(lab.price * mean)))
    return {"price": price, "quality": lab.quality, "weights": weights, "region": lab.region, "lab": lab,
            "lock_in": n["lock_in"], "offers": [nano(price * weight) for weight in weights]}  # fmt: skip


def tokens(app: App) -> list[int]:
    grown = math.exp(app.n["tokens_by_quality"] * app.quality)
    return [int(app.n[name] * grown) for name in ("cached_tokens", "input_tokens", "output_tokens")]


def cost_on(app: App, card_: dict[str, Any]) -> float:
    work = sum(count * weight for count, weight in zip(tokens(app), card_["weights"], strict=True))
    return card_["price"] * work / 1_000_000


def app_sees(e: Economy, app: App) -> View:
    n = app.n
    paid_use = app.served_paid / app.seats if app.seats else app.quota
    return {
        "unit_cost": calls.query_cost(app) * paid_use,
        "full_cost": calls.query_cost(app) * paid_use + calls.overhead(app) / max(app.seats, 1),
        "last_price": app.price,
        "list_price": n["list_price"],
        "elasticity": n["seat_elasticity"],
        "demand": Tangent(app.price, app.seats, n["seat_elasticity"]),
        "capacity": math.inf,
        "quota": app.quota,
        "list_quota": n["list_quota"],
        "query_cost": calls.query_cost(app),
        "free_queries": app.served_free,
        "revenue": e.last_month(app, "revenue") / 100,
        "last_costs": e.last_month(app, "costs") / 100,
        "cash": e.last_month(app, "cash") / 100,
        "list_marketing": n["list_marketing"],
        "rivals_marketing": crowding.rivals(app, e.spending, alive(e.apps)),
    }


# --- 7.5 Choosing suppliers, as labs and apps do in this phase ---


def choose_clouds(e: Economy, lab: Lab) -> None:
    offers = {
        name: one
        for name, one in e.rentals.items()
        if one["capacity"] > 0
        and (one["sells"] or one["owner"] == lab.owner)
        and lab.may_buy_from("cloud", name, one["region"])
    }
    shares: list[float] = []
    if offers:
        view = {
            "price": [one["price"] for one in offers.values()],
            "quality": [math.log(one["capacity"]) for one in offers.values()],
            "last_share": [lab.cloud_share.get(name, 0.0) for name in offers],
            "own": [one["owner"] == lab.owner for one in offers.values()],
            "sensitivity": lab.n["hour_sensitivity"],
            "lock_in": [lab.n["hour_lock_in"] for _ in offers],
        }
        shares = strategies.sourcing(lab.strategies["sourcing"], view)
    lab.cloud_share = {name: share for name, share in zip(offers, shares, strict=True) if share > 0}
    lab.hour_price = sum((e.rentals[name]["price"] * share for name, share in lab.cloud_share.items()), 0.0)


def choose_labs(e: Economy, app: App) -> None:
    offers = {name: one for name, one in e.cards.items() if app.may_buy_from("labs", name, one["region"])}
    app.query_cost = 0.0
    if not offers:
        app.lab_share = {}
        return
    view = {
        "price": [cost_on(app, one) for one in offers.values()],
        "quality": [app.n["quality_weight"] * one["quality"] for one in offers.values()],
        "last_share": [app.lab_share.get(name, 0.0) for name in offers],
        "own": [one["lab"].owner == app.owner for one in offers.values()],
        "sensitivity": app.n["lab_sensitivity"],
        "lock_in": [one["lock_in"] for one in offers.values()],
    }
    shares = strategies.sourcing(app.strategies["sourcing"], view)
    app.lab_share = {name: share for name, share in zip(offers, shares, strict=True) if share > 0}
    app.quality = sum(share * e.cards[name]["quality"] for name, share in app.lab_share.items())
    app.query_cost = sum(cost_on(app, e.cards[name]) * share for name, share in app.lab_share.items())
