"""Chapter 7.12 of the rules: depreciation, impairment, closing entries."""

from tests.oracle.economy.arithmetic import annuity, cents, split, straight_line
from tests.oracle.economy.books import (
    COST_OF_SALES,
    DEPRECIATION,
    EQUITY,
    FLEET,
    GOOD,
    IMPAIRMENT,
    ITEM,
    OPERATING_COST,
    Row,
)
from tests.oracle.economy.formulas import in_service
from tests.oracle.economy.participants import Cloud, Lot
from tests.oracle.economy.state import Economy, alive


def close(economy: Economy) -> None:
    depreciate(economy)
    impair(economy)
    for account in range(len(economy.keys)):
        note_results(economy, account)
    economy.capital = {}
    incomes = [(account, item) for account in range(len(economy.keys)) for item in range(10, 20)]
    balances = [(*income, economy.books.of(*income)) for income in incomes]
    closing = GOOD["closing"]
    economy.books.write(
        [Row(account, EQUITY, account, item, closing, amount) for account, item, amount in balances if amount > 0]
    )
    economy.books.write(
        [Row(account, item, account, EQUITY, closing, -amount) for account, item, amount in balances if amount < 0]
    )


def depreciate(economy: Economy) -> None:
    rows = []
    for lot in economy.lots:
        if lot.opens > economy.month:
            continue
        age = min(economy.month + 1 - lot.opens, lot.life)
        book = straight_line(lot.basis, lot.life - lot.worn, age - lot.worn)
        if book < lot.book:
            account = lot.owner.account
            rows.append(Row(account, DEPRECIATION, account, FLEET, GOOD["wear"], lot.book - book))
        lot.book = book
    economy.books.write(rows)


def impair(economy: Economy) -> None:
    rows = []
    for cloud in alive(economy.clouds):
        lots = [lot for lot in in_service(economy, cloud) if lot.book > 0]
        if cloud.numbers["impairment"] <= 0 or not lots:
            continue
        for lot, loss in zip(lots, losses(economy, cloud, lots), strict=True):
            if loss > 0:
                rows.append(Row(cloud.account, IMPAIRMENT, cloud.account, FLEET, GOOD["impairment"], loss))
                lot.book -= loss
    economy.books.write(rows)


def losses(economy: Economy, cloud: Cloud, lots: list[Lot]) -> list[int]:
    earned = worth = 0.0
    for lot in lots:
        coming, today = value_in_use(cloud, lot.opens + lot.service_life - economy.month - 1, lot.power / 1_000_000)
        earned = earned + coming * lot.units * lot.hours
        worth = worth + today * lot.units * lot.hours
    total = sum(lot.book for lot in lots)
    if total <= cents(earned):
        return [0 for _ in lots]
    parts = split(total - min(total, max(0, cents(worth))), [lot.book for lot in lots], list(range(len(lots))))
    for lot, part in zip(lots, parts, strict=True):
        lot.basis, lot.worn = lot.book - part, economy.month + 1 - lot.opens
    return parts


def value_in_use(cloud: Cloud, months: int, power: float) -> tuple[float, float]:
    """Rents less running costs that an hour per month will still earn: undiscounted, and discounted."""
    numbers = cloud.numbers
    use = min(1.0, cloud.asked.level / cloud.capacity)
    rent, running = use * cloud.price, power * (use * numbers["power_cost"] + numbers["site_cost"])
    earned = annuity(1 / (1 - numbers["rent_decline"]) - 1, months) * rent - annuity(0.0, months) * running
    falling = annuity((1 + numbers["discount"]) / (1 - numbers["rent_decline"]) - 1, months) * rent
    return earned, falling - annuity(numbers["discount"], months) * running


def note_results(economy: Economy, account: int) -> None:
    """Note an account's results, which firms see next month."""

    def of(item: str) -> int:
        return economy.books.of(account, ITEM[item])

    costs = ("cost_of_sales", "operating_cost", "depreciation", "impairment", "interest", "consumption")
    cash = economy.books.cash(account)
    economy.last[account] = {
        "revenue": -of("revenue"),
        "costs": economy.books.of(account, COST_OF_SALES) + economy.books.of(account, OPERATING_COST),
        "profit": -of("revenue") - of("income") - sum(of(item) for item in costs),
        "dividends": of("dividends"),
        "gross": -of("revenue") - economy.books.of(account, COST_OF_SALES),
        "drain": economy.last[account]["cash"] - cash + economy.capital.get(account, 0),
        "cash": cash,
    }
