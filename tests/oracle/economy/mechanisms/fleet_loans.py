"""Chapter 9.6 of the rules: loans against machines, with a covenant."""

from tests.oracle.economy.arithmetic import annuity, cents
from tests.oracle.economy.books import (
    FLEET,
    GOOD,
    INTEREST,
    LENDERS,
    LOANS,
    ONE_CENT,
    OPERATING_COST,
    PAYABLES,
    RECEIVABLES,
    REVALUATION,
    WORLD,
    Order,
    Row,
    Transfer,
)
from tests.oracle.economy.participants import Cloud, Lot
from tests.oracle.economy.state import Economy, alive


def value_of_hour(cloud: Cloud, months: int, power: float) -> float:
    """Present value of an hour per month of a cloud's machines, in USD."""
    n = cloud.n
    use = min(1.0, cloud.asked.level / cloud.capacity)
    rent, running = use * cloud.price, power * (use * n["power_cost"] + n["site_cost"])
    rents = annuity((1 + n["discount"]) / (1 - n["rent_decline"]) - 1, months) * rent
    return rents - annuity(n["discount"], months) * running


def pledged(e: Economy, cloud: Cloud, ahead: int) -> list[tuple[Lot, float]]:
    """Machines that secure a cloud's loan some months ahead, and their worth."""
    lots = [
        lot
        for lot in e.lots
        if lot.owner is cloud and lot.opens < e.month + ahead and lot.opens + lot.service_life > e.month
    ]
    found = []
    for lot in lots:
        hour = value_of_hour(cloud, lot.opens + lot.service_life - e.month - ahead, lot.power / 1_000_000)
        found.append((lot, hour * lot.units * lot.hours))
    return found


def borrowers(e: Economy) -> list[tuple[Cloud, int]]:
    """List borrowers and their debts in cents, in the order of their accounts."""
    owing = [(cloud, -e.books.claims.get((cloud.account, LOANS, LENDERS), 0)) for cloud in e.clouds]
    return sorted(((cloud, owed) for cloud, owed in owing if owed), key=lambda one: one[0].account)


def lend(e: Economy, asks: list[tuple[Cloud, float]]) -> None:
    owed = {cloud.name: loan for cloud, loan in borrowers(e)}
    amounts = []
    for cloud, missing in asks:
        strategy = cloud.strategies["borrowing"]
        if type(strategy).__name__ == "NoLoans":
            amounts.append(0)
            continue
        worth = sum(one for _, one in pledged(e, cloud, 1))
        wanted = min(missing, max(0.0, strategy.loan_to_value * worth - owed.get(cloud.name, 0) / 100))
        amounts.append(cents(wanted))
    order = [e.hash("loans", cloud.key) for cloud, _ in asks]
    parts = e.books.within_cash(LENDERS, amounts, order)
    rows = [(cloud, part) for (cloud, _), part in zip(asks, parts, strict=True) if part > 0]
    e.books.transfer([Transfer(LENDERS, cloud.account, part) for cloud, part in rows], RECEIVABLES, LOANS, "loan")
    for cloud, part in rows:
        e.capital[cloud.account] = e.capital.get(cloud.account, 0) + part


def interest_bills(e: Economy) -> list[Order]:
    bills = []
    for cloud, owed in borrowers(e):
        due = round(cloud.n["loan_rate"] * owed)
        bills.append(Order(cloud.account, INTEREST, LENDERS, GOOD["interest"], due, ONE_CENT))
    return bills


def repay_instalments(e: Economy) -> None:
    for cloud, owed in borrowers(e):
        repay(e, cloud, min(round(cloud.n["loan_repaid"] * owed), e.books.cash(cloud.account)))


def repay(e: Economy, cloud: Cloud, amount: int) -> None:
    if amount > 0:
        e.books.transfer([Transfer(cloud.account, LENDERS, amount)], LOANS, RECEIVABLES, "repayment")
        e.capital[cloud.account] = e.capital.get(cloud.account, 0) - amount


def enforce_covenants(e: Economy) -> None:
    owing = {cloud.name for cloud in e.clouds if e.books.claims.get((cloud.account, PAYABLES, LENDERS), 0)}
    for cloud, owed in borrowers(e):
        cloud.months_late = cloud.months_late + 1 if cloud.name in owing else 0
        lots = pledged(e, cloud, 0)
        excess = owed - cents(cloud.n["covenant"] * max(0.0, sum(worth for _, worth in lots)))
        if excess > e.books.cash(cloud.account) or cloud.months_late >= cloud.n["loan_grace"]:
            foreclose(e, cloud, owed, lots)
        else:
            repay(e, cloud, excess)


def foreclose(e: Economy, cloud: Cloud, owed: int, lots: list[tuple[Lot, float]]) -> None:
    """Sell pledged machines, the best first, until the loan is repaid; write off the rest."""
    left = owed
    for lot, _ in sorted(lots, key=lambda one: -one[1]):
        if left == 0:
            break
        price, buyer = best_price(e, cloud, lot)
        sell(e, cloud, lot, price, buyer)
        repay(e, cloud, min(price, left))
        left -= min(price, left)
    swept = min(left, e.books.cash(cloud.account))
    repay(e, cloud, swept)
    left -= swept
    if left:
        e.books.write([Row(cloud.account, LOANS, cloud.account, REVALUATION, GOOD["write_off"], left, LENDERS)])
        e.books.write([Row(LENDERS, REVALUATION, LENDERS, RECEIVABLES, GOOD["write_off"], left, cloud.account)])


def best_price(e: Economy, cloud: Cloud, lot: Lot) -> tuple[int, Cloud | None]:
    best: tuple[int, Cloud | None] = (0, None)
    for other in alive(e.clouds):
        if other is cloud or not other.capacity or other.region != cloud.region:
            continue
        hour = value_of_hour(other, lot.opens + lot.service_life - e.month, lot.power / 1_000_000)
        price = cents(max(0.0, e.n["forced_sale"] * (hour * (lot.units * lot.hours))))
        if best[0] < price <= e.books.cash(other.account) - e.last_month(other, "costs"):
            best = (price, other)
    if best[1] is None:
        return min(round(e.n["salvage"] * lot.book), e.books.cash(WORLD)), None
    return best


def sell(e: Economy, cloud: Cloud, lot: Lot, price: int, buyer: Cloud | None) -> None:
    payer, item = (buyer.account, FLEET) if buyer else (WORLD, OPERATING_COST)
    book = lot.book
    e.books.transfer([Transfer(payer, cloud.account, price, lot.units)], item, FLEET, "salvage")
    if book > price:
        e.books.write([Row(cloud.account, REVALUATION, cloud.account, FLEET, GOOD["write_off"], book - price)])
    elif price > book:
        e.books.write([Row(cloud.account, FLEET, cloud.account, REVALUATION, GOOD["write_off"], price - book)])
    if buyer is None:
        e.lots.remove(lot)
        return
    lot.owner = buyer
    lot.cost = lot.book = lot.basis = price
    lot.worn = e.month - lot.opens
    lot.life = lot.service_life


def repay_from_salvage(e: Economy, account: int, sold: int) -> None:
    loan = -e.books.claims.get((account, LOANS, LENDERS), 0)
    paid = min(loan, sold)
    if paid:
        e.books.transfer([Transfer(account, LENDERS, paid)], LOANS, RECEIVABLES, "arrears")
