"""Chapter 7.10 of the rules: rounds of investors, and dividends."""

from tests.oracle.economy import strategies
from tests.oracle.economy.arithmetic import cents, split
from tests.oracle.economy.books import DIVIDENDS, EQUITY, HOLDINGS, INCOME, Transfer
from tests.oracle.economy.formulas import pool
from tests.oracle.economy.mechanisms import belief_and_stakes, fleet_loans, incumbent_search
from tests.oracle.economy.participants import Firm, Investor
from tests.oracle.economy.state import Economy, alive


def finance(e: Economy) -> None:
    incumbent_search.pay_owners(e)
    fleet_loans.repay_instalments(e)
    belief_and_stakes.pay_redemptions(e)
    seeking: list[tuple[Firm, int, float]] = []
    for investor in e.investors:
        seeking += rounds(e, investor)
    dividends(e)
    belief_and_stakes.buy_stakes(e, seeking)
    e.books.arrears(range(len(e.keys)), e.settle_order)


def rounds(e: Economy, investor: Investor) -> list[tuple[Firm, int, float]]:
    """Hold an investor's rounds; give each asking firm, the cents it asks for and its price per share."""
    asks = []
    rested = investor.n["between"]
    for firm in pool(e, investor):
        if firm.last_round is not None and e.month - firm.last_round < rested:
            continue
        burn, cash = max(0.0, firm.burn.level), e.books.cash(firm.account) / 100
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
    for (firm, worth, _), pay in zip(asks, e.books.within_cash(investor.account, amounts, order), strict=True):
        if pay > 0:
            shares = max(1, round(sum(firm.holders.values()) * pay / 100 / worth))
            transfers.append((firm, Transfer(investor.account, firm.account, pay, shares)))
    e.books.transfer([one for _, one in transfers], HOLDINGS, EQUITY, "shares")
    for firm, one in transfers:
        firm.holders[investor.account] = firm.holders.get(investor.account, 0) + one.quantity
        e.capital[firm.account] = e.capital.get(firm.account, 0) + one.cents
        firm.last_round, firm.mark = e.month, prices[firm.name]
    return seeking


def dividends(e: Economy) -> None:
    transfers = []
    for firm in alive(e.firms):
        paid = min(round(firm.n["payout"] * e.last_month(firm, "profit")), e.books.cash(firm.account))
        if paid > 0:
            transfers += over_holders(firm, paid)
    e.books.transfer(transfers, DIVIDENDS, INCOME, "dividend")
    for investor in e.investors:
        investor.dividends += sum(one.cents for one in transfers if one.payee == investor.account)


def over_holders(firm: Firm, amount: int) -> list[Transfer]:
    """Split an amount over a firm's shareholders."""
    accounts = sorted(firm.holders)
    parts = split(amount, [firm.holders[account] for account in accounts], accounts)
    return [Transfer(firm.account, account, part) for account, part in zip(accounts, parts, strict=True)]
