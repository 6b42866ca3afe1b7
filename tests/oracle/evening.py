"""Sections 7.9 to 7.12 of the decision log: investment, finance, exit and entry, close."""

import math
from typing import Any

from tests.oracle import belief, lending, pages, reserving, strategies
from tests.oracle.arithmetic import annuity, apportion, cents, logit, nano, split, straight_line
from tests.oracle.books import (
    ASSETS,
    CHIP_STOCK,
    COST_OF_SALES,
    CUSTOMER_DEPOSITS,
    DEBTS,
    DEPRECIATION,
    DIVIDENDS,
    EQUITY,
    FLEET,
    GOOD,
    HOLDINGS,
    IMPAIRMENT,
    INCOME,
    ITEM,
    LENDERS,
    OPERATING_COST,
    OTHER_SIDE,
    PAYABLES,
    PREPAYMENTS,
    WORLD,
    Row,
    Transfer,
)
from tests.oracle.generations import thrift, unit_cost
from tests.oracle.morning import (
    app_sees,
    hour_worth,
    in_service,
    own_hour_running,
    own_hour_worth,
    pool,
    running_worth,
    vendor_sees,
)
from tests.oracle.noon import Need, need
from tests.oracle.shortage import padded, take_back
from tests.oracle.strategies import View
from tests.oracle.world import Cloud, Economy, Enterprise, Firm, Investor, Lot, Vendor, alive, is_listed

# --- 7.9 Investment ---


def invest(e: Economy) -> None:
    for vendor in alive(e.vendors):
        order_capacity(e, vendor)
    for vendor in e.vendors:
        vendor.bought = []
    order_machines(e)
    for enterprise in e.enterprises:
        enterprises_order_machines(e, enterprise)
    reserving.sign(e)
    for lab in alive(e.labs):
        cash = e.books.cash(lab.place) / 100
        seen = {"cash": cash, "revenue": e.books.revenue(lab.place) / 100}
        wanted = 0.0 if lab.pivoted else strategies.research(lab.strategies["research"], seen)
        lab.budget = min(max(0.0, cash), wanted)
    for app in alive(e.apps):
        seen = {**app_sees(e, app), "cash": e.books.cash(app.place) / 100}
        app.marketing = 0.0 if app.pivoted else strategies.marketing(app.strategies["marketing"], seen)


def order_capacity(e: Economy, vendor: Vendor) -> None:
    if not vendor.capacity and not vendor.pipeline:
        wanted = vendor.n["opening_capacity"]
    else:
        wanted = strategies.capacity(vendor.strategies["capacity"], vendor_sees(e, vendor))
    each = unit_cost(vendor) * vendor.n["prepaid_months"]
    units = int(min(wanted, e.books.cash(vendor.place) / 100 / each)) if each else int(wanted)
    if units > 0:
        paid = [Transfer(vendor.place, WORLD, cents(units * each))]
        e.books.transfer(paid, PREPAYMENTS, CUSTOMER_DEPOSITS, "foundry_capacity")
        vendor.pipeline.append((e.month + int(vendor.n["lead"]), units))


def order_machines(e: Economy) -> None:
    level = sum(cloud.asked.level for cloud in alive(e.clouds))
    trend = sum(cloud.asked.growth * cloud.asked.level for cloud in alive(e.clouds)) / level if level else 0.0
    plans = [plan for cloud in alive(e.clouds) if (plan := machines_wanted(e, cloud, trend))]
    if e.books.cash(LENDERS):
        asks = []
        for cloud, mix, hours in plans:
            short = max(0.0, hours - affordable(e, cloud, mix))
            missed = short * mix.of("price") / mix.of("hours") * (1 + cloud.n["building_share"])
            asks.append((cloud, missed))
        lending.lend(e, asks)
    placed: list[tuple[Cloud, Vendor, int, float]] = []
    for cloud, mix, hours in plans:
        machines = int(min(max(0.0, hours), affordable(e, cloud, mix)) / mix.of("hours"))
        ordered = place_orders(e, cloud, CHIP_STOCK, machines, mix)
        placed += [(cloud, vendor, units, price) for vendor, units, price in ordered]
    left = {cloud.place: e.books.cash(cloud.place) for cloud in e.clouds}
    deposits = []
    for cloud, vendor, units, price in placed:
        paid = min(cents(cloud.n["deposit"] * units * price), left[cloud.place])
        left[cloud.place] -= paid
        deposits.append(Transfer(cloud.place, vendor.place, paid))
    e.books.transfer(deposits, PREPAYMENTS, CUSTOMER_DEPOSITS, "deposit")


def may_order(cloud: Cloud, sheet: dict[str, Any]) -> bool:
    sold_there = sheet["exports"] > 0 or sheet["region"] == cloud.region
    return sold_there and is_listed(cloud, sheet["vendor"])


def machines_wanted(e: Economy, cloud: Cloud, trend: float) -> tuple[Cloud, "Mix", float] | None:
    sheets = [one for one in e.sheets.values() if may_order(cloud, one)]
    if not sheets:
        return None
    shares = choose_vendors(e, cloud, sheets)
    for one, share in zip(sheets, shares, strict=True):
        one["vendor"].bought.append((cloud.asked.level * share, share))
    mix = Mix(sheets, shares)
    worth, running = own_hour_worth(e, cloud), own_hour_running(e, cloud)
    gain = mix.gain(cloud, worth + mix.saved() * running)
    wanted = strategies.capacity(cloud.strategies["capacity"], cloud_builds(e, cloud, trend, gain))
    hours = padded(cloud, wanted, e.on_order(cloud.place))
    if hours < 0:
        take_back(e, cloud, int(-hours / mix.of("hours")))
    return cloud, mix, hours


def affordable(e: Economy, cloud: Cloud, mix: "Mix") -> float:
    return max(0.0, free_money(e, cloud, mix.shares, mix.sheets)) / (mix.of("price") / mix.of("hours"))


class Mix:
    """Machines on sale and the shares of them that a buyer chose."""

    def __init__(self, sheets: list[dict[str, Any]], shares: list[float]) -> None:
        self.sheets = sheets
        self.shares = shares

    def of(self, what: str) -> float:
        return sum(share * one[what] for share, one in zip(self.shares, self.sheets, strict=True))

    def saved(self) -> float:
        return sum(share * (1 - one["power"]) for share, one in zip(self.shares, self.sheets, strict=True))

    def gain(self, owner: Cloud | Enterprise, worth: float) -> float:
        return worth * math.exp(-impatience(owner) * self.of("wait")) / (self.of("price") / self.of("hours"))


def impatience(owner: Cloud | Enterprise) -> float:
    return math.log1p(owner.n["discount"]) - math.log1p(-owner.n["rent_decline"])


def place_orders(
    e: Economy, who: Cloud | Enterprise, item: int, machines: int, mix: Mix
) -> list[tuple[Vendor, int, float]]:
    order = [e.hash("machines", one["vendor"].key) for one in mix.sheets]
    placed = []
    for one, units in zip(mix.sheets, apportion(machines, mix.shares, order), strict=True):
        if units > 0:
            e.place_order(who.place, one["vendor"], item, units, nano(one["price"]))
            one["vendor"].noted += units
            placed.append((one["vendor"], units, one["price"]))
    return placed


def sees_vendors(who: Cloud | Enterprise, sheets: list[dict[str, Any]], worth: float, running: float) -> View:
    return {
        "price": [one["price"] for one in sheets],
        "quality": [
            one["sensitivity"]
            * (math.log(one["hours"] * one["software"]) - impatience(who) * one["wait"] + thrift(one, worth, running))
            for one in sheets
        ],
        "last_share": [who.chip_share.get(one["vendor"].name, 0.0) for one in sheets],
        "own": [isinstance(who, Cloud) and one["vendor"].owner == who.owner for one in sheets],
        "sensitivity": sheets[0]["sensitivity"],
        "lock_in": [one["lock_in"] for one in sheets],
    }


def choose_vendors(e: Economy, cloud: Cloud, sheets: list[dict[str, Any]]) -> list[float]:
    seen = sees_vendors(cloud, sheets, own_hour_worth(e, cloud), own_hour_running(e, cloud))
    shares = strategies.sourcing(cloud.strategies["sourcing"], seen)
    cloud.chip_share = {one["vendor"].name: share for one, share in zip(sheets, shares, strict=True)}
    return shares


def enterprises_order_machines(e: Economy, enterprise: Enterprise) -> None:
    sheets = [one for one in e.sheets.values() if one["exports"] > 0 or one["region"] == enterprise.region]
    if not sheets:
        return
    needed = need(e, enterprise)
    worth, running = worths_of_owning(enterprise, needed)
    shares = logit(strategies.worths(sees_vendors(enterprise, sheets, worth, running)))
    enterprise.chip_share = {one["vendor"].name: share for one, share in zip(sheets, shares, strict=True)}
    mix = Mix(sheets, shares)
    if needed is None:
        return
    aim = aimed(enterprise, needed, mix)
    for one, share in zip(sheets, shares, strict=True):
        one["vendor"].bought.append((aim * share, share))
    affordable = max(0.0, e.books.cash(enterprise.place) / 100 - e.committed(enterprise.place) / 10**9)
    machines = int(min(missing(e, enterprise, aim, mix), affordable / mix.of("price")))
    place_orders(e, enterprise, OPERATING_COST, machines, mix)


def worths_of_owning(enterprise: Enterprise, needed: Need | None) -> tuple[float, float]:
    n = enterprise.n
    rent = needed.rent if needed else 0.0
    worth = hour_worth(enterprise, int(n["life"]), n["own_use"] * rent, n["running_cost"])
    return worth, running_worth(enterprise, int(n["life"]), n["running_cost"])


def aimed(enterprise: Enterprise, needed: Need, mix: Mix) -> float:
    n = enterprise.n
    worth, running = worths_of_owning(enterprise, needed)
    gain = mix.gain(enterprise, worth + mix.saved() * running)
    return needed.wanted * logit([n["own_sensitivity"] * math.log(gain), 0.0])[0] if gain > 0 else 0.0


def missing(e: Economy, enterprise: Enterprise, aim: float, mix: Mix) -> float:
    n = enterprise.n
    running = sum(lot.units * lot.hours for lot in in_service(e, enterprise))
    later = sum(lot.units * lot.hours for lot in e.lots if lot.owner is enterprise and lot.opens > e.month)
    have = n["own_use"] * (running + (e.on_order(enterprise.place) + later))
    return max(0.0, aim - have) / n["catch_up"] / (n["own_use"] * mix.of("hours"))


def cloud_builds(e: Economy, cloud: Cloud, trend: float, gain: float) -> View:
    horizon, ordered = cloud.n["horizon"], e.on_order(cloud.place)
    own = [lot for lot in e.lots if lot.owner is cloud]
    leaving = [lot for lot in in_service(e, cloud) if lot.opens + lot.serves < e.month + int(horizon)]
    return {
        "asked": cloud.asked.level,
        "growth": cloud.asked.growth,
        "trend": trend,
        "capacity": cloud.capacity,
        "coming": ordered / cloud.padding + sum(lot.units * lot.hours for lot in own if lot.opens > e.month),
        "leaving": sum(lot.units * lot.hours for lot in leaving),
        "horizon": horizon,
        "return_on_cost": gain,
    }


def free_money(e: Economy, cloud: Cloud, shares: list[float], sheets: list[dict[str, Any]]) -> float:
    n = cloud.n
    waits = [share * e.waiting(one["vendor"]) / one["capacity"] for share, one in zip(shares, sheets, strict=True)]
    months = min(1 + sum(waits), n["horizon"])
    committed = e.committed(cloud.place)
    prepaid = e.books.of(cloud.place, PREPAYMENTS)
    cash = e.books.cash(cloud.place) / 100
    return (cash + n["owner_funds"] * months) / (1 + n["building_share"]) - (committed / 10**9 - prepaid / 100)


# --- 7.10 Finance ---


def finance(e: Economy) -> None:
    pages.hand_over(e)
    lending.instalments(e)
    belief.redemptions(e)
    seeking: list[tuple[Firm, int, float]] = []
    for investor in e.investors:
        seeking += rounds(e, investor)
    dividends(e)
    belief.stakes(e, seeking)
    e.books.arrears(range(len(e.keys)), e.settle_order)


def rounds(e: Economy, investor: Investor) -> list[tuple[Firm, int, float]]:
    """Who asks for how many cents at which price a share, whether it gets them or not."""
    asks = []
    rested = investor.n["between"]
    for firm in pool(e, investor):
        if firm.last_round is not None and e.month - firm.last_round < rested:
            continue
        burn, cash = max(0.0, firm.burn.level), e.books.cash(firm.place) / 100
        if burn == 0 or cash > investor.n["runway"] * burn:
            continue
        seen = {"revenue": 12 * firm.revenue.level, "growth": firm.revenue.growth, "burn": burn, "cash": cash,
                "floor": investor.n["floor"], "hype": investor.hype}  # fmt: skip
        worth = strategies.valuation(investor.strategies["valuation"], seen)
        most = worth * investor.n["largest_stake"] / (1 - investor.n["largest_stake"])
        asks.append((firm, worth, cents(min(investor.n["raised_for"] * burn, most))))
    prices = {firm.name: worth / sum(firm.holders.values()) for firm, worth, ask in asks if ask > 0}
    seeking = [(firm, ask, prices[firm.name]) for firm, _, ask in asks if ask > 0]
    amounts = [ask for _, _, ask in asks]
    order = [e.hash("rounds", firm.key) for firm, _, _ in asks]
    transfers = []
    for (firm, worth, _), pay in zip(asks, e.books.within_cash(investor.place, amounts, order), strict=True):
        if pay > 0:
            shares = max(1, round(sum(firm.holders.values()) * pay / 100 / worth))
            transfers.append((firm, Transfer(investor.place, firm.place, pay, shares)))
    e.books.transfer([one for _, one in transfers], HOLDINGS, EQUITY, "shares")
    for firm, one in transfers:
        firm.holders[investor.place] = firm.holders.get(investor.place, 0) + one.quantity
        e.capital[firm.place] = e.capital.get(firm.place, 0) + one.cents
        firm.last_round, firm.mark = e.month, prices[firm.name]
    return seeking


def dividends(e: Economy) -> None:
    transfers = []
    for firm in alive(e.firms):
        paid = min(round(firm.n["payout"] * e.last_month(firm, "profit")), e.books.cash(firm.place))
        if paid > 0:
            transfers += over_holders(firm, paid)
    e.books.transfer(transfers, DIVIDENDS, INCOME, "dividend")
    for investor in e.investors:
        investor.dividends += sum(one.cents for one in transfers if one.payee == investor.place)


def over_holders(firm: Firm, amount: int) -> list[Transfer]:
    places = sorted(firm.holders)
    parts = split(amount, [firm.holders[place] for place in places], places)
    return [Transfer(firm.place, place, part) for place, part in zip(places, parts, strict=True)]


# --- 7.11 Exit and entry ---


def boards(e: Economy) -> None:
    for firm in [*e.labs, *e.apps]:
        if not firm.alive or firm.pivoted:
            continue
        strategy = firm.strategies["outlook"]
        cash, debts = e.books.cash(firm.place), -sum(e.books.of(firm.place, item) for item in DEBTS)
        net = e.last_month(firm, "drain") / 100 - firm.n.get("owner_funds", 0.0)
        kind = type(strategy).__name__
        if kind != "CarryOn" and cash / 100 < strategy.months * net:
            if kind == "PivotInTime":
                firm.pivoted = True
            elif cash / 100 >= debts / 100:
                wind_up(e, firm)


def exits(e: Economy) -> None:
    boards(e)
    owing = [firm for firm in e.firms if e.books.of(firm.place, PAYABLES) != 0]
    for firm in e.firms:
        if firm.alive:
            firm.months_owing = firm.months_owing + 1 if firm in owing else 0
            if firm.months_owing >= e.n["patience"]:
                wind_up(e, firm)
        elif firm.enters == e.month and e.month > 0:
            enter(e, firm)


def wind_up(e: Economy, firm: Firm) -> None:
    firm.alive = False
    firm.wound_up = True
    e.backlog = {pair: pending for pair, pending in e.backlog.items() if firm.place not in pair}
    units = sum(lot.units for lot in e.lots if lot.owner is firm)
    e.lots = [lot for lot in e.lots if lot.owner is not firm]
    for item in (FLEET, CHIP_STOCK):
        book = e.books.of(firm.place, item)
        if book != 0:
            price = min(round(e.n["salvage"] * book), e.books.cash(WORLD))
            sold = [Transfer(WORLD, firm.place, price, max(1, units))]
            e.books.transfer(sold, OPERATING_COST, item, "salvage")
            e.books.write_off(firm.place, item, book - price, -1)
            if item == FLEET:
                lending.pay_secured(e, firm.place, price)
    pay_creditors(e, firm)
    write_off_claims(e, firm)
    left = e.books.cash(firm.place)
    if left > 0:
        e.books.transfer(over_holders(firm, left), DIVIDENDS, INCOME, "dividend")
    firm.holders = {}
    for other in e.firms:
        if firm.place in other.holders:
            other.holders[WORLD] = other.holders.get(WORLD, 0) + other.holders.pop(firm.place)


def pay_creditors(e: Economy, firm: Firm) -> None:
    debts = [(item, creditor, owed) for item in DEBTS for creditor, owed in e.books.debts(firm.place, item)]
    there = min(e.books.cash(firm.place), sum(owed for _, _, owed in debts))
    if there <= 0:
        return
    order = [e.hash("creditors", e.keys[creditor]) for _, creditor, _ in debts]
    parts = split(there, [owed for _, _, owed in debts], order)
    for (item, creditor, _), part in zip(debts, parts, strict=True):
        if part > 0:
            e.books.transfer([Transfer(firm.place, creditor, part)], item, OTHER_SIDE[item], "arrears")


def write_off_claims(e: Economy, firm: Firm) -> None:
    left = [
        (item, account, other, amount)
        for (account, item, other), amount in e.books.claims.items()
        if firm.place in (account, other) and amount != 0
    ]
    for item, account, other, amount in sorted(left):
        e.books.write_off(account, item, amount if item in ASSETS else -amount, other)


def enter(e: Economy, firm: Firm) -> None:
    founder = next((one for one in e.investors if one.name == firm.founder), None)
    pay = min(cents(firm.n["opening_cash"]), e.books.cash(founder.place)) if founder else 0
    if founder and pay > 0:
        e.books.transfer([Transfer(founder.place, firm.place, pay)], HOLDINGS, EQUITY, "shares")
        firm.holders = {founder.place: pay}
        e.capital[firm.place] = e.capital.get(firm.place, 0) + pay
        firm.alive = True


# --- 7.12 Close ---


def close(e: Economy) -> None:
    wear(e)
    impair(e)
    for place in range(len(e.keys)):
        note(e, place)
    e.capital = {}
    incomes = [(place, item) for place in range(len(e.keys)) for item in range(10, 20)]
    over = [(*one, e.books.of(*one)) for one in incomes]
    closing = GOOD["closing"]
    e.books.write([Row(place, EQUITY, place, item, closing, amount) for place, item, amount in over if amount > 0])
    e.books.write([Row(place, item, place, EQUITY, closing, -amount) for place, item, amount in over if amount < 0])


def wear(e: Economy) -> None:
    rows = []
    for lot in e.lots:
        if lot.opens > e.month:
            continue
        age = min(e.month + 1 - lot.opens, lot.life)
        book = straight_line(lot.basis, lot.life - lot.worn, age - lot.worn)
        if book < lot.book:
            place = lot.owner.place
            rows.append(Row(place, DEPRECIATION, place, FLEET, GOOD["wear"], lot.book - book))
        lot.book = book
    e.books.write(rows)


def impair(e: Economy) -> None:
    rows = []
    for cloud in alive(e.clouds):
        lots = [lot for lot in in_service(e, cloud) if lot.book > 0]
        if cloud.n["impairment"] <= 0 or not lots:
            continue
        for lot, loss in zip(lots, losses(e, cloud, lots), strict=True):
            if loss > 0:
                rows.append(Row(cloud.place, IMPAIRMENT, cloud.place, FLEET, GOOD["impairment"], loss))
                lot.book -= loss
    e.books.write(rows)


def losses(e: Economy, cloud: Cloud, lots: list[Lot]) -> list[int]:
    earned = worth = 0.0
    for lot in lots:
        coming, today = value_in_use(cloud, lot.opens + lot.serves - e.month - 1, lot.power / 1_000_000)
        earned = earned + coming * lot.units * lot.hours
        worth = worth + today * lot.units * lot.hours
    total = sum(lot.book for lot in lots)
    if total <= cents(earned):
        return [0 for _ in lots]
    parts = split(total - min(total, max(0, cents(worth))), [lot.book for lot in lots], list(range(len(lots))))
    for lot, part in zip(lots, parts, strict=True):
        lot.basis, lot.worn = lot.book - part, e.month + 1 - lot.opens
    return parts


def value_in_use(cloud: Cloud, months: int, power: float) -> tuple[float, float]:
    n = cloud.n
    use = min(1.0, cloud.asked.level / cloud.capacity)
    rent, running = use * cloud.price, power * (use * n["power_cost"] + n["site_cost"])
    earned = annuity(1 / (1 - n["rent_decline"]) - 1, months) * rent - annuity(0.0, months) * running
    falling = annuity((1 + n["discount"]) / (1 - n["rent_decline"]) - 1, months) * rent
    return earned, falling - annuity(n["discount"], months) * running


def note(e: Economy, place: int) -> None:
    def of(item: str) -> int:
        return e.books.of(place, ITEM[item])

    costs = ("cost_of_sales", "operating_cost", "depreciation", "impairment", "interest", "consumption")
    cash = e.books.cash(place)
    e.last[place] = {
        "revenue": -of("revenue"),
        "costs": e.books.of(place, COST_OF_SALES) + e.books.of(place, OPERATING_COST),
        "profit": -of("revenue") - of("income") - sum(of(item) for item in costs),
        "drain": e.last[place]["cash"] - cash + e.capital.get(place, 0),
        "cash": cash,
    }
