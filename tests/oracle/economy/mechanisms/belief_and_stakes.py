"""Chapters 7.3, 7.10, 7.11, 9.19 and 9.20 of the rules: what investors believe, savers, free entry, stakes."""

from tests.oracle.economy import shocks, strategies
from tests.oracle.economy.arithmetic import cents, split
from tests.oracle.economy.books import EQUITY, HOLDINGS, INCOME, WORLD, Transfer
from tests.oracle.economy.formulas import pool
from tests.oracle.economy.participants import App, Cloud, Firm, Investor, Lab, Trend
from tests.oracle.economy.state import Economy, alive


def seen_return(economy: Economy, investor: Investor) -> float:
    """Return of an investor's stakes since last month, marked at the last rounds."""
    marks = {firm.name: firm.mark for firm in alive(economy.firms) if firm.mark is not None}
    worth = sum(shares * mark for shares, mark in investor.stakes.values())
    gained = sum(shares * (marks.get(name, 0.0) - mark) for name, (shares, mark) in investor.stakes.items())
    earned = (gained + investor.dividends / 100) / worth if worth > 0 else 0.0
    holders = {firm.name: firm.holders for firm in economy.firms}
    held = {name: holders[name].get(investor.account, 0) for name in marks}
    investor.stakes = {name: (held[name], mark) for name, mark in marks.items() if held[name]}
    investor.dividends = 0
    return earned


def herd(economy: Economy) -> None:
    """Move each investor's hype towards the mean of the others."""
    hypes = [investor.hype for investor in economy.investors]
    for number, investor in enumerate(economy.investors):
        others = hypes[:number] + hypes[number + 1 :]
        if others:
            investor.hype = investor.hype + investor.numbers["herding"] * (sum(others) / len(others) - investor.hype)


def pay_redemptions(economy: Economy) -> None:
    transfers = []
    for investor in economy.investors:
        doubt = max(0.0, 1 - investor.hype / investor.usual) if investor.usual > 0 else 0.0
        share = min(1.0, investor.numbers["redemption"] * doubt) * (1 - investor.numbers["sticky"])
        paid = int(share * economy.books.cash(investor.account))
        if paid > 0:
            transfers.append(Transfer(investor.account, WORLD, paid))
    economy.books.transfer(transfers, INCOME, INCOME, "income")


def suppliers_of(economy: Economy, firm: Firm) -> list[tuple[Firm, float]]:
    shares: dict[str, float] = {}
    if isinstance(firm, Cloud):
        shares = firm.chip_share
    elif isinstance(firm, Lab):
        shares = firm.cloud_share
    elif isinstance(firm, App):
        own = firm.hosted_share
        for name, share in firm.lab_share.items():
            seller = name.removesuffix("_older").removesuffix("_small")
            shares[seller] = shares.get(seller, 0.0) + share
        shares = {name: (1 - own) * share for name, share in shares.items()}
        rented = {name: own * share for name, share in firm.cloud_share.items()}
        shares |= {name: share + shares.get(name, 0.0) for name, share in rented.items()}
    by_name = {supplier.name: supplier for supplier in economy.firms}
    return [(by_name[name], share) for name, share in shares.items()]


def share_that_returns(economy: Economy, customer: Firm, seller: Firm) -> float:
    """Share of a customer's spending that comes back to a seller through the chain."""
    return sum(
        share if supplier is seller else share * share_that_returns(economy, supplier, seller)
        for supplier, share in suppliers_of(economy, customer)
    )


def buy_stakes(economy: Economy, seeking: list[tuple[Firm, int, float]]) -> None:
    for seller in [*economy.vendors, *economy.clouds]:
        if not seller.alive or seller.numbers["stake_share"] <= 0:
            continue
        profit = max(0, economy.last_month(seller, "profit"))
        offer = min(round(seller.numbers["stake_share"] * profit), economy.books.cash(seller.account))
        asks = [request for request in seeking if request[0].owner != seller.owner]
        weights = [round(ask * share_that_returns(economy, firm, seller)) for firm, ask, _ in asks]
        parts = split(offer, weights, [firm.key for firm, _, _ in asks]) if sum(weights) else [0 for _ in asks]
        bought = []
        for (firm, ask, price), part in zip(asks, parts, strict=True):
            paid = min(part, ask)
            if paid > 0:
                bought.append(
                    (firm, price, Transfer(seller.account, firm.account, paid, max(1, round(paid / 100 / price))))
                )
        economy.books.transfer([transfer for _, _, transfer in bought], HOLDINGS, EQUITY, "shares")
        for firm, price, transfer in bought:
            firm.holders[seller.account] = firm.holders.get(seller.account, 0) + transfer.quantity
            firm.last_round, firm.mark = economy.month, price
            economy.capital[firm.account] = economy.capital.get(firm.account, 0) + transfer.cents


def companies(firm: Firm) -> float:
    return firm.companies if isinstance(firm, Lab) else 1.0


def worth_of(economy: Economy, investor: Investor, firm: Firm, cash: float) -> float:
    """Value of a firm in the eyes of an investor, in dollars."""
    weight = investor.numbers["story_weight"]
    divisor = weight + firm.months_seen
    story = firm.numbers["story"] * companies(firm)
    seen = {
        "revenue": 12 * firm.revenue.level,
        "growth": firm.revenue.growth,
        "burn": max(0.0, firm.burn.level),
        "cash": cash,
        "floor": investor.numbers["floor"],
        "hype": investor.hype * shocks.feeling(economy),
        "expected": (weight * story + firm.revenue_seen) / divisor if divisor > 0 else 0.0,
    }
    return strategies.valuation(investor.strategies["valuation"], seen)


def collect_commitments(economy: Economy) -> None:
    """Let savers pay into the pools as long as these hold less than their firms are believed to be worth."""
    savers = [investor for investor in economy.investors if investor.numbers["savers_wealth"] > 0]
    amounts = []
    for investor in savers:
        numbers, books = investor.numbers, economy.books
        firms = pool(economy, investor)
        worth = sum(worth_of(economy, investor, firm, books.cash(firm.account) / 100) for firm in firms)
        held = (books.cash(investor.account) + books.of(investor.account, HOLDINGS)) / 100
        wanted = min(worth, numbers["savers_most"] * numbers["savers_wealth"])
        amounts.append(cents(numbers["savers_pace"] * max(0.0, wanted - held)))
    order = [economy.hash("commitments", investor.key) for investor in savers]
    paid = economy.books.within_cash(WORLD, amounts, order)
    transfers = [Transfer(WORLD, investor.account, pay) for investor, pay in zip(savers, paid, strict=True) if pay > 0]
    economy.books.transfer(transfers, INCOME, INCOME, "income")


def founder_of(economy: Economy, firm: Firm) -> Investor | None:
    return next((investor for investor in economy.investors if investor.name == firm.founder), None)


def entry_cost(economy: Economy, firm: Firm) -> int:
    """Cents that founding a firm takes; 0 if it enters by its date."""
    if not isinstance(firm, Lab | App) or founder_of(economy, firm) is None:
        return 0
    return cents(firm.numbers["entry_cost"] * companies(firm))


def worth_entering(economy: Economy, firm: Firm) -> bool:
    investor, cost = founder_of(economy, firm), entry_cost(economy, firm)
    waited = firm.left is None or economy.month - firm.left > firm.numbers["entry_wait"]
    if investor is None or economy.month < max(1, firm.enters) or not waited:
        return False
    return economy.books.cash(investor.account) >= cost and worth_of(economy, investor, firm, cost / 100) > cost / 100


def forget(economy: Economy, firm: Firm) -> None:
    """Forget a firm that is wound up, except for the evidence."""
    firm.left = economy.month
    firm.revenue, firm.burn = Trend(0.0, 0.0), Trend(0.0, 0.0)
    firm.last_round, firm.mark = None, 1 / 100
