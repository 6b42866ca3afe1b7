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
    OLDER,
    OPERATING_COST,
    OTHER_SIDE,
    PAYABLES,
    WORLD,
    Transfer,
)
from tests.oracle.economy.mechanisms import (
    belief_and_stakes,
    fleet_loans,
    generations,
    multihoming_and_friends,
    shortage,
)
from tests.oracle.economy.participants import App, Firm, Lab, Vendor
from tests.oracle.economy.phases import reorganisation
from tests.oracle.economy.phases.finance import over_holders
from tests.oracle.economy.state import Economy


def boards_decide(economy: Economy) -> None:
    for firm in [*economy.labs, *economy.apps]:
        if not firm.alive or firm.pivoted:
            continue
        strategy = firm.strategies["outlook"]
        cash, debts = economy.books.cash(firm.account), -sum(economy.books.of(firm.account, item) for item in DEBTS)
        net = economy.last_month(firm, "drain") / 100 - firm.grant
        kind = type(strategy).__name__
        if kind != "CarryOn" and cash / 100 < strategy.months * net:
            if kind == "PivotInTime":
                firm.pivoted = True
            elif cash / 100 >= debts / 100:
                wind_up(economy, firm)
    for vendor in economy.vendors:
        if vendor.alive and vendor.output and not shortage.has_any(vendor):
            wind_up(economy, vendor)


def exits(economy: Economy) -> None:
    multihoming_and_friends.write_off_bad_debts(economy)
    boards_decide(economy)
    owing = [firm for firm in economy.firms if economy.books.of(firm.account, PAYABLES) != 0]
    for firm in economy.firms:
        if firm.alive:
            firm.months_owing = firm.months_owing + 1 if firm in owing else 0
            if firm.months_owing >= economy.numbers["patience"]:
                if reorganisation.is_worth_it(economy, firm):
                    reorganisation.hand_over(economy, firm)
                else:
                    wind_up(economy, firm)
        elif isinstance(firm, Vendor) and generations.is_free_entrant(economy, firm):
            money = generations.founding_money(firm)
            if economy.books.cash(payer_of(economy, firm)) >= money and generations.enters_now(economy, firm):
                economy.entered[firm.name] = economy.month
                enter(economy, firm, money)
        elif belief_and_stakes.entry_cost(economy, firm) > 0:
            if isinstance(firm, Lab | App) and belief_and_stakes.worth_entering(economy, firm):
                firm.begin()
                firm.pivoted = False
                enter(economy, firm, belief_and_stakes.entry_cost(economy, firm))
        elif firm.enters == economy.month and economy.month > 0:
            enter(economy, firm, cents(firm.numbers["opening_cash"]))


def wind_up(economy: Economy, firm: Firm) -> None:
    firm.alive = False
    firm.wound_up = True
    firm.failure_seen = False
    economy.handed_over.pop(firm.name, None)
    belief_and_stakes.forget(economy, firm)
    economy.backlog = {pair: pending for pair, pending in economy.backlog.items() if firm.account not in pair}
    units = sum(lot.units for lot in economy.lots if lot.owner is firm)
    units += sum(lot["units"] for lot in economy.appliance_lots if lot["owner"] == firm.account)
    economy.lots = [lot for lot in economy.lots if lot.owner is not firm]
    economy.appliance_lots = [lot for lot in economy.appliance_lots if lot["owner"] != firm.account]
    for item in (FLEET, CHIP_STOCK):
        book = economy.books.of(firm.account, item)
        if book != 0:
            price = min(round(economy.numbers["salvage"] * book), economy.books.cash(WORLD))
            sold = [Transfer(WORLD, firm.account, price, max(1, units))]
            economy.books.transfer(sold, OPERATING_COST, item, "salvage")
            economy.books.write_off(firm.account, item, book - price, -1)
            if item == FLEET:
                fleet_loans.repay_from_salvage(economy, firm.account, price)
    pay_creditors(economy, firm)
    write_off_claims(economy, firm)
    cash_left = economy.books.cash(firm.account)
    if cash_left > 0:
        left = over_holders(firm, cash_left)
        economy.books.transfer(left, DIVIDENDS, INCOME, "dividend")
        for investor in economy.investors:
            investor.proceeds += sum(transfer.cents for transfer in left if transfer.payee == investor.account)
    firm.holders = {}
    for other in economy.firms:
        if firm.account in other.holders:
            other.holders[WORLD] = other.holders.get(WORLD, 0) + other.holders.pop(firm.account)


def pay_creditors(economy: Economy, firm: Firm) -> None:
    debts = [(item, creditor, owed) for item in DEBTS for creditor, owed in economy.books.debts(firm.account, item)]
    cash = min(economy.books.cash(firm.account), sum(owed for _, _, owed in debts))
    if cash <= 0:
        return
    order = [economy.hash("creditors", economy.keys[creditor]) for _, creditor, _ in debts]
    parts = split(cash, [owed for _, _, owed in debts], order)
    for (item, creditor, _), part in zip(debts, parts, strict=True):
        if part > 0:
            economy.books.transfer([Transfer(firm.account, creditor, part)], item, OTHER_SIDE[item], "arrears")


def write_off_claims(economy: Economy, firm: Firm) -> None:
    claims = [
        (item, holder, other, amount)
        for (holder, item, other), amount in economy.books.claims.items()
        if firm.account in (holder, other) and amount != 0
    ]
    for item, holder, other, amount in sorted(claims):
        economy.books.write_off(holder, item, amount if item in ASSETS else -amount, other)


def payer_of(economy: Economy, firm: Firm) -> int:
    """Account of a firm's founder, or of its owner's older businesses."""
    return next((investor.account for investor in economy.investors if investor.name == firm.founder), OLDER)


def enter(economy: Economy, firm: Firm, money: int) -> None:
    founder = payer_of(economy, firm)
    pay = min(money, economy.books.cash(founder))
    if pay > 0:
        economy.books.transfer([Transfer(founder, firm.account, pay, pay)], HOLDINGS, EQUITY, "shares")
        firm.holders = {founder: pay}
        economy.capital[firm.account] = economy.capital.get(firm.account, 0) + pay
        firm.alive, firm.wound_up, firm.abandoned = True, False, False
