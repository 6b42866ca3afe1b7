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
from tests.oracle.economy.mechanisms import reserved_hours
from tests.oracle.economy.participants import Cloud, Lot
from tests.oracle.economy.state import Economy, alive


def value_of_hour(cloud: Cloud, months: int, power: float) -> float:
    """Present value of an hour per month of a cloud's machines, in USD."""
    numbers = cloud.numbers
    use = min(1.0, cloud.asked.level / cloud.capacity)
    rent, running = use * cloud.price, power * (use * numbers["power_cost"] + numbers["site_cost"])
    rents = annuity((1 + numbers["discount"]) / (1 - numbers["rent_decline"]) - 1, months) * rent
    return rents - annuity(numbers["discount"], months) * running


def pledged(economy: Economy, cloud: Cloud, ahead: int) -> list[tuple[Lot, float]]:
    """Machines that secure a cloud's loan some months ahead, and their worth."""
    lots = [
        lot
        for lot in economy.lots
        if lot.owner is cloud and lot.opens < economy.month + ahead and lot.opens + lot.service_life > economy.month
    ]
    worths = []
    for lot in lots:
        hour = value_of_hour(cloud, lot.opens + lot.service_life - economy.month - ahead, lot.power / 1_000_000)
        worths.append((lot, hour * lot.units * lot.hours))
    return worths


def contracts_beyond_spot(economy: Economy, cloud: Cloud, ahead: int) -> float:
    """What a cloud's contracts earn more than the same hours of its machines at today's rents, in USD (9.57)."""
    numbers, worth, sold = cloud.numbers, 0.0, 0
    if not cloud.capacity:
        return 0.0
    use = min(1.0, cloud.asked.level / cloud.capacity)
    for contract in reserved_hours.contracts_of(economy, economy.month + ahead):
        if contract.cloud is cloud:
            left = contract.ends - economy.month - ahead
            falling = annuity((1 + numbers["discount"]) / (1 - numbers["rent_decline"]) - 1, left)
            steady = annuity(numbers["discount"], left)
            at_spot = falling * (use * cloud.price) - steady * (use * numbers["power_cost"])
            fixed = annuity((1 + numbers["discount"]) / 1.0 - 1, left)
            signed = fixed * (contract.price / 1e9) - steady * numbers["power_cost"]
            worth += contract.hours * (signed - at_spot)
            sold += contract.hours
    return worth * min(1.0, cloud.capacity / max(1, sold))


def worth_pledged(economy: Economy, cloud: Cloud, lots: list[tuple[Lot, float]], ahead: int) -> float:
    counted = cloud.numbers["contract_loans"]
    signed = counted * contracts_beyond_spot(economy, cloud, ahead) if counted > 0 else 0.0
    return sum(worth for _, worth in lots) + signed


def borrowers(economy: Economy) -> list[tuple[Cloud, int]]:
    """List borrowers and their debts in cents, in the order of their accounts."""
    owing = [(cloud, -economy.books.claims.get((cloud.account, LOANS, LENDERS), 0)) for cloud in economy.clouds]
    return sorted(((cloud, owed) for cloud, owed in owing if owed), key=lambda debt: debt[0].account)


def lend(economy: Economy, asks: list[tuple[Cloud, float]]) -> None:
    owed = {cloud.name: loan for cloud, loan in borrowers(economy)}
    amounts = []
    for cloud, missing in asks:
        strategy = cloud.strategies["borrowing"]
        if type(strategy).__name__ == "NoLoans":
            amounts.append(0)
            continue
        worth = worth_pledged(economy, cloud, pledged(economy, cloud, 1), 1)
        wanted = min(missing, max(0.0, strategy.loan_to_value * worth - owed.get(cloud.name, 0) / 100))
        amounts.append(cents(wanted))
    order = [economy.hash("loans", cloud.key) for cloud, _ in asks]
    parts = economy.books.within_cash(LENDERS, amounts, order)
    rows = [(cloud, part) for (cloud, _), part in zip(asks, parts, strict=True) if part > 0]
    economy.books.transfer([Transfer(LENDERS, cloud.account, part) for cloud, part in rows], RECEIVABLES, LOANS, "loan")
    for cloud, part in rows:
        economy.capital[cloud.account] = economy.capital.get(cloud.account, 0) + part


def interest_bills(economy: Economy) -> list[Order]:
    bills = []
    for cloud, owed in borrowers(economy):
        due = round(cloud.numbers["loan_rate"] * owed)
        bills.append(Order(cloud.account, INTEREST, LENDERS, GOOD["interest"], due, ONE_CENT))
    return bills


def repay_instalments(economy: Economy) -> None:
    for cloud, owed in borrowers(economy):
        repay(economy, cloud, min(round(cloud.numbers["loan_repaid"] * owed), economy.books.cash(cloud.account)))


def repay(economy: Economy, cloud: Cloud, amount: int) -> None:
    if amount > 0:
        economy.books.transfer([Transfer(cloud.account, LENDERS, amount)], LOANS, RECEIVABLES, "repayment")
        economy.capital[cloud.account] = economy.capital.get(cloud.account, 0) - amount


def enforce_covenants(economy: Economy) -> None:
    owing = {cloud.name for cloud in economy.clouds if economy.books.claims.get((cloud.account, PAYABLES, LENDERS), 0)}
    for cloud, owed in borrowers(economy):
        cloud.months_late = cloud.months_late + 1 if cloud.name in owing else 0
        lots = pledged(economy, cloud, 0)
        excess = owed - cents(cloud.numbers["covenant"] * max(0.0, worth_pledged(economy, cloud, lots, 0)))
        if excess > economy.books.cash(cloud.account) or cloud.months_late >= cloud.numbers["loan_grace"]:
            foreclose(economy, cloud, owed, lots)
        else:
            repay(economy, cloud, excess)


def foreclose(economy: Economy, cloud: Cloud, owed: int, lots: list[tuple[Lot, float]]) -> None:
    """Sell pledged machines, the best first, until the loan is repaid; write off the rest."""
    unpaid = owed
    for lot, _ in sorted(lots, key=lambda pledge: -pledge[1]):
        if unpaid == 0:
            break
        price, buyer = best_price(economy, cloud, lot)
        sell(economy, cloud, lot, price, buyer)
        repay(economy, cloud, min(price, unpaid))
        unpaid -= min(price, unpaid)
    swept = min(unpaid, economy.books.cash(cloud.account))
    repay(economy, cloud, swept)
    unpaid -= swept
    if unpaid:
        economy.books.write([Row(cloud.account, LOANS, cloud.account, REVALUATION, GOOD["write_off"], unpaid, LENDERS)])
        economy.books.write([Row(LENDERS, REVALUATION, LENDERS, RECEIVABLES, GOOD["write_off"], unpaid, cloud.account)])


def best_price(economy: Economy, cloud: Cloud, lot: Lot) -> tuple[int, Cloud | None]:
    best: tuple[int, Cloud | None] = (0, None)
    for other in alive(economy.clouds):
        if other is cloud or not other.capacity or other.region != cloud.region:
            continue
        hour = value_of_hour(other, lot.opens + lot.service_life - economy.month, lot.power / 1_000_000)
        price = cents(max(0.0, economy.numbers["forced_sale"] * (hour * (lot.units * lot.hours))))
        if best[0] < price <= economy.books.cash(other.account) - economy.last_month(other, "costs"):
            best = (price, other)
    if best[1] is None:
        return min(round(economy.numbers["salvage"] * lot.book), economy.books.cash(WORLD)), None
    return best


def sell(economy: Economy, cloud: Cloud, lot: Lot, price: int, buyer: Cloud | None) -> None:
    payer, item = (buyer.account, FLEET) if buyer else (WORLD, OPERATING_COST)
    book = lot.book
    economy.books.transfer([Transfer(payer, cloud.account, price, lot.units)], item, FLEET, "salvage")
    if book > price:
        economy.books.write([Row(cloud.account, REVALUATION, cloud.account, FLEET, GOOD["write_off"], book - price)])
    elif price > book:
        economy.books.write([Row(cloud.account, FLEET, cloud.account, REVALUATION, GOOD["write_off"], price - book)])
    if buyer is None:
        economy.lots.remove(lot)
        return
    lot.owner = buyer
    lot.cost = lot.book = lot.basis = price
    lot.worn = economy.month - lot.opens
    lot.life = lot.service_life


def repay_from_salvage(economy: Economy, account: int, sold: int) -> None:
    loan = -economy.books.claims.get((account, LOANS, LENDERS), 0)
    paid = min(loan, sold)
    if paid:
        economy.books.transfer([Transfer(account, LENDERS, paid)], LOANS, RECEIVABLES, "arrears")
