"""Chapter 7.11 of the rules: boards, winding up, entry."""

from tests.oracle.economy.arithmetic import cents, split
from tests.oracle.economy.books import (
    ASSETS,
    CHIP_STOCK,
    DEBTS,
    DIVIDENDS,
    EQUITY,
    FLEET,
    HOLDINGS,
    INCOME,
    OPERATING_COST,
    OTHER_SIDE,
    PAYABLES,
    WORLD,
    Transfer,
)
from tests.oracle.economy.mechanisms import fleet_loans
from tests.oracle.economy.participants import Firm
from tests.oracle.economy.phases.finance import over_holders
from tests.oracle.economy.state import Economy


def boards_decide(e: Economy) -> None:
    for firm in [*e.labs, *e.apps]:
        if not firm.alive or firm.pivoted:
            continue
        strategy = firm.strategies["outlook"]
        cash, debts = e.books.cash(firm.account), -sum(e.books.of(firm.account, item) for item in DEBTS)
        net = e.last_month(firm, "drain") / 100 - firm.n.get("owner_funds", 0.0)
        kind = type(strategy).__name__
        if kind != "CarryOn" and cash / 100 < strategy.months * net:
            if kind == "PivotInTime":
                firm.pivoted = True
            elif cash / 100 >= debts / 100:
                wind_up(e, firm)


def exits(e: Economy) -> None:
    boards_decide(e)
    owing = [firm for firm in e.firms if e.books.of(firm.account, PAYABLES) != 0]
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
    e.backlog = {pair: pending for pair, pending in e.backlog.items() if firm.account not in pair}
    units = sum(lot.units for lot in e.lots if lot.owner is firm)
    units += sum(lot["units"] for lot in e.appliance_lots if lot["owner"] == firm.account)
    e.lots = [lot for lot in e.lots if lot.owner is not firm]
    e.appliance_lots = [lot for lot in e.appliance_lots if lot["owner"] != firm.account]
    for item in (FLEET, CHIP_STOCK):
        book = e.books.of(firm.account, item)
        if book != 0:
            price = min(round(e.n["salvage"] * book), e.books.cash(WORLD))
            sold = [Transfer(WORLD, firm.account, price, max(1, units))]
            e.books.transfer(sold, OPERATING_COST, item, "salvage")
            e.books.write_off(firm.account, item, book - price, -1)
            if item == FLEET:
                fleet_loans.repay_from_salvage(e, firm.account, price)
    pay_creditors(e, firm)
    write_off_claims(e, firm)
    left = e.books.cash(firm.account)
    if left > 0:
        e.books.transfer(over_holders(firm, left), DIVIDENDS, INCOME, "dividend")
    firm.holders = {}
    for other in e.firms:
        if firm.account in other.holders:
            other.holders[WORLD] = other.holders.get(WORLD, 0) + other.holders.pop(firm.account)


def pay_creditors(e: Economy, firm: Firm) -> None:
    debts = [(item, creditor, owed) for item in DEBTS for creditor, owed in e.books.debts(firm.account, item)]
    there = min(e.books.cash(firm.account), sum(owed for _, _, owed in debts))
    if there <= 0:
        return
    order = [e.hash("creditors", e.keys[creditor]) for _, creditor, _ in debts]
    parts = split(there, [owed for _, _, owed in debts], order)
    for (item, creditor, _), part in zip(debts, parts, strict=True):
        if part > 0:
            e.books.transfer([Transfer(firm.account, creditor, part)], item, OTHER_SIDE[item], "arrears")


def write_off_claims(e: Economy, firm: Firm) -> None:
    left = [
        (item, holder, other, amount)
        for (holder, item, other), amount in e.books.claims.items()
        if firm.account in (holder, other) and amount != 0
    ]
    for item, holder, other, amount in sorted(left):
        e.books.write_off(holder, item, amount if item in ASSETS else -amount, other)


def enter(e: Economy, firm: Firm) -> None:
    founder = next((one for one in e.investors if one.name == firm.founder), None)
    pay = min(cents(firm.n["opening_cash"]), e.books.cash(founder.account)) if founder else 0
    if founder and pay > 0:
        e.books.transfer([Transfer(founder.account, firm.account, pay, pay)], HOLDINGS, EQUITY, "shares")
        firm.holders = {founder.account: pay}
        e.capital[firm.account] = e.capital.get(firm.account, 0) + pay
        firm.alive = True
