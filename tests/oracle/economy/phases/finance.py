"""Chapter 7.10 of the rules: rounds of investors, and dividends."""

from tests.oracle.economy.arithmetic import cents, split
from tests.oracle.economy.books import DIVIDENDS, EQUITY, HOLDINGS, INCOME, Transfer
from tests.oracle.economy.formulas import pool
from tests.oracle.economy.mechanisms import belief_and_stakes, fleet_loans, incumbent_search
from tests.oracle.economy.participants import Firm, Investor
from tests.oracle.economy.state import Economy, alive


def finance(economy: Economy) -> None:
    incumbent_search.pay_owners(economy)
    fleet_loans.repay_instalments(economy)
    belief_and_stakes.pay_redemptions(economy)
    belief_and_stakes.note_given_shares(economy)
    belief_and_stakes.sign_promises(economy)
    belief_and_stakes.collect_commitments(economy)
    belief_and_stakes.call_promises(economy, lambda investor: sum(ask for _, _, ask in asks_of(economy, investor)))
    seeking: list[tuple[Firm, int, float]] = []
    for investor in economy.investors:
        seeking += rounds(economy, investor)
    dividends(economy)
    belief_and_stakes.buy_stakes(economy, seeking)
    belief_and_stakes.distribute(economy)
    economy.books.arrears(range(len(economy.keys)), economy.settle_order)


def asks_of(economy: Economy, investor: Investor) -> list[tuple[Firm, float, int]]:
    """Firms that ask an investor for money: each with its worth in dollars, and cents."""
    asks = []
    rested = investor.numbers["between"]
    for firm in pool(economy, investor):
        if firm.last_round is not None and economy.month - firm.last_round < rested:
            continue
        burn, cash = max(0.0, firm.burn.level), economy.books.cash(firm.account) / 100
        if burn == 0 or cash > investor.numbers["runway"] * burn:
            continue
        worth = belief_and_stakes.worth_of(economy, investor, firm, cash)
        most = worth * investor.numbers["largest_stake"] / (1 - investor.numbers["largest_stake"])
        asks.append((firm, worth, cents(min(investor.numbers["raised_for"] * burn, most))))
    return asks


def rounds(economy: Economy, investor: Investor) -> list[tuple[Firm, int, float]]:
    """Hold an investor's rounds; give each asking firm, the cents it asks for and its price per share."""
    asks = asks_of(economy, investor)
    prices = {firm.name: worth / sum(firm.holders.values()) for firm, worth, ask in asks if ask > 0}
    seeking = [(firm, ask, prices[firm.name]) for firm, _, ask in asks if ask > 0]
    amounts = [ask for _, _, ask in asks]
    order = [economy.hash("rounds", firm.key) for firm, _, _ in asks]
    transfers = []
    for (firm, worth, _), pay in zip(asks, economy.books.within_cash(investor.account, amounts, order), strict=True):
        if pay > 0:
            shares = max(1, round(sum(firm.holders.values()) * pay / 100 / worth))
            transfers.append((firm, Transfer(investor.account, firm.account, pay, shares)))
    economy.books.transfer([transfer for _, transfer in transfers], HOLDINGS, EQUITY, "shares")
    for firm, transfer in transfers:
        firm.holders[investor.account] = firm.holders.get(investor.account, 0) + transfer.quantity
        economy.capital[firm.account] = economy.capital.get(firm.account, 0) + transfer.cents
        firm.last_round, firm.mark = economy.month, prices[firm.name]
    return seeking


def dividends(economy: Economy) -> None:
    transfers = []
    for firm in alive(economy.firms):
        paid = min(
            round(firm.numbers["payout"] * economy.last_month(firm, "profit")), economy.books.free_cash(firm.account)
        )
        if paid > 0:
            transfers += over_holders(firm, paid)
    economy.books.transfer(transfers, DIVIDENDS, INCOME, "dividend")
    for investor in economy.investors:
        investor.dividends += sum(transfer.cents for transfer in transfers if transfer.payee == investor.account)
        investor.proceeds += sum(transfer.cents for transfer in transfers if transfer.payee == investor.account)


def over_holders(firm: Firm, amount: int) -> list[Transfer]:
    """Split an amount over a firm's shareholders."""
    accounts = sorted(firm.holders)
    parts = split(amount, [firm.holders[account] for account in accounts], accounts)
    return [Transfer(firm.account, account, part) for account, part in zip(accounts, parts, strict=True)]
