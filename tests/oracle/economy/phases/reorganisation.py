"""Chapter 9.69 of the rules: firms that fail, but are worth more alive, go on under their creditors."""

from tests.oracle.economy.arithmetic import cents
from tests.oracle.economy.books import (
    COST_OF_SALES,
    DEBTS,
    EQUITY,
    GOOD,
    HOLDINGS,
    LOANS,
    OTHER_SIDE,
    REVENUE,
    Row,
)
from tests.oracle.economy.participants import App, Firm, Lab
from tests.oracle.economy.phases.goods import hours_to_serve
from tests.oracle.economy.state import Economy


def is_worth_it(economy: Economy, firm: Firm) -> bool:
    if economy.numbers["reorganisation"] == 0 or not isinstance(firm, Lab | App):
        return False
    before = economy.handed_over.get(firm.name)
    if before is not None and economy.month - before <= economy.numbers["reorganisation_wait"]:
        return False
    return economy.books.of(firm.account, LOANS) == 0 and earned(economy, firm) > 0


def earned(economy: Economy, firm: Firm) -> int:
    """Cents by which the month's sales exceed their cost, hours under contract counted at spot where they are used."""
    gross = economy.books.revenue(firm.account) - economy.books.of(firm.account, COST_OF_SALES)
    if not isinstance(firm, Lab):
        return gross
    hours = paid = 0
    for month, _, _, buyer, item, seller, other_item, _, good, quantity, _, amount in economy.books.journal:
        if month != economy.month:
            continue
        if (buyer, item, good) == (firm.account, COST_OF_SALES, GOOD["hours_reserved"]):
            hours, paid = hours + quantity, paid + amount
        if (seller, other_item, good) == (firm.account, REVENUE, GOOD["hours"]):
            gross -= amount
    used = min(hours, hours_to_serve(economy, firm))
    return gross + paid - cents(used * firm.hour_price)


def hand_over(economy: Economy, firm: Firm) -> None:
    mine = firm.account
    economy.handed_over[firm.name] = economy.month
    economy.takeovers.append(firm)
    firm.months_owing, firm.mark, firm.abandoned, firm.withheld = 0, None, True, False
    economy.backlog = {pair: pending for pair, pending in economy.backlog.items() if mine not in pair}
    economy.contracts = [contract for contract in economy.contracts if contract.lab is not firm]
    claims = economy.books.claims.items()
    stakes = {holder: held for (holder, item, issuer), held in claims if (item, issuer) == (HOLDINGS, mine) and held}
    for holder in sorted(stakes):
        economy.books.write_off(holder, HOLDINGS, stakes[holder], mine)
    firm.holders = {}
    for item in DEBTS:
        for creditor, owed in economy.books.debts(mine, item):
            swapped = Row(creditor, HOLDINGS, mine, EQUITY, GOOD["shares"], owed, quantity=owed)
            economy.books.write([swapped, Row(mine, item, creditor, OTHER_SIDE[item], GOOD["arrears"], owed)])
            firm.holders[creditor] = firm.holders.get(creditor, 0) + owed
