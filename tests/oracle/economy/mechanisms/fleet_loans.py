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


def value_of_hour(cloud: Cloud, months: int, power: float, bought: int = 0) -> float:
    """Present value of an hour per month of a cloud's machines, in USD."""
    numbers = cloud.numbers
    use = min(1.0, cloud.asked.level / (cloud.capacity + bought))
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


def contracts_as_pledges(economy: Economy, cloud: Cloud, lots: list[Lot], ahead: int, times: float) -> float:
    """What a cloud's contracts add to the worth of its lots, in USD (9.57), hour by hour and month by month."""
    numbers, first, added = cloud.numbers, economy.month + ahead, 0.0
    last = max((lot.opens + lot.service_life for lot in lots), default=first)
    delivered: dict[int, int] = {}
    for contract in economy.contracts:
        if contract.cloud is not cloud or not (contract.lab.alive and cloud.alive):
            continue
        counted = spot = 0.0
        for month in range(max(first, contract.begins), min(last, contract.ends)):
            serving = [lot for lot in lots if lot.opens + lot.service_life > month]
            fleet = sum(lot.units * lot.hours for lot in serving)
            power = sum(lot.units * lot.hours * (lot.power / 1_000_000) for lot in serving) / fleet
            before = delivered.get(month, 0)
            hours = min(contract.hours, fleet - before)
            delivered[month] = before + hours
            asked = fleet * min(1.0, cloud.asked.level / cloud.capacity)
            asked_of_these = min(float(hours), max(0.0, asked - before))
            site = hours * power * numbers["site_cost"]
            today = (1 + numbers["discount"]) ** (first - 1 - month)
            rent = cloud.price * (1 - numbers["rent_decline"]) ** (month + 1 - first)
            counted += today * (hours * (contract.price / 1e9 - power * numbers["power_cost"]) - site)
            spot += today * (asked_of_these * (rent - power * numbers["power_cost"]) - site)
        added += max(0.0, times * counted - spot)
    return added


def worth_pledged(economy: Economy, cloud: Cloud, lots: list[tuple[Lot, float]], ahead: int) -> tuple[float, float]:
    """What a cloud pledges, and the same with a dollar of contracts counted once at most."""
    spot, times = sum(worth for _, worth in lots), cloud.numbers["contract_loans"] / cloud.numbers["covenant"]
    if times == 0:
        return spot, spot
    machines = [lot for lot, _ in lots]
    pledged = spot + contracts_as_pledges(economy, cloud, machines, ahead, times)
    return pledged, pledged if times <= 1 else spot + contracts_as_pledges(economy, cloud, machines, ahead, 1.0)


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
        counted, worth = worth_pledged(economy, cloud, pledged(economy, cloud, 1), 1)
        rate = strategy.loan_to_value
        bears = min(rate * counted, worth if rate < 1 else rate * worth)
        wanted = min(missing, max(0.0, bears - owed.get(cloud.name, 0) / 100))
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
    won: dict[str, int] = {}
    owing = {cloud.name for cloud in economy.clouds if economy.books.claims.get((cloud.account, PAYABLES, LENDERS), 0)}
    for cloud, owed in borrowers(economy):
        cloud.months_late = cloud.months_late + 1 if cloud.name in owing else 0
        lots = pledged(economy, cloud, 0)
        excess = owed - cents(cloud.numbers["covenant"] * max(0.0, worth_pledged(economy, cloud, lots, 0)[0]))
        if excess > economy.books.cash(cloud.account) or cloud.months_late >= cloud.numbers["loan_grace"]:
            foreclose(economy, cloud, owed, lots, won)
        else:
            repay(economy, cloud, excess)


def foreclose(economy: Economy, cloud: Cloud, owed: int, lots: list[tuple[Lot, float]], won: dict[str, int]) -> None:
    """Sell pledged machines, the best first, until the loan is repaid; write off the rest."""
    unpaid = owed
    for lot, _ in sorted(lots, key=lambda pledge: -pledge[1]):
        if unpaid == 0:
            break
        price, buyer = best_price(economy, cloud, lot, won)
        if buyer:
            won[buyer.name] = won.get(buyer.name, 0) + lot.units * lot.hours
        sell(economy, cloud, lot, price, buyer)
        repay(economy, cloud, min(price, unpaid))
        unpaid -= min(price, unpaid)
    swept = min(unpaid, economy.books.cash(cloud.account))
    repay(economy, cloud, swept)
    unpaid -= swept
    if unpaid:
        economy.books.write([Row(cloud.account, LOANS, cloud.account, REVALUATION, GOOD["write_off"], unpaid, LENDERS)])
        economy.books.write([Row(LENDERS, REVALUATION, LENDERS, RECEIVABLES, GOOD["write_off"], unpaid, cloud.account)])


def best_price(economy: Economy, cloud: Cloud, lot: Lot, won: dict[str, int]) -> tuple[int, Cloud | None]:
    best: tuple[int, Cloud | None] = (0, None)
    for other in alive(economy.clouds):
        if other is cloud or not other.capacity or other.region != cloud.region:
            continue
        bought = won.get(other.name, 0) + lot.units * lot.hours
        hour = value_of_hour(other, lot.opens + lot.service_life - economy.month, lot.power / 1_000_000, bought)
        price = cents(max(0.0, economy.numbers["forced_sale"] * (hour * (lot.units * lot.hours))))
        if best[0] < price <= economy.books.free_cash(other.account) - economy.last_month(other, "costs"):
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
