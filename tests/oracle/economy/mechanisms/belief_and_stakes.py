"""Chapters 9.19 and 9.20 of the rules: returns, herding and redemptions of investors, and stakes in customers."""

from tests.oracle.economy.arithmetic import split
from tests.oracle.economy.books import EQUITY, HOLDINGS, INCOME, WORLD, Transfer
from tests.oracle.economy.participants import App, Cloud, Firm, Investor, Lab
from tests.oracle.economy.state import Economy, alive


def seen_return(e: Economy, investor: Investor) -> float:
    """Return of an investor's stakes since last month, marked at the last rounds."""
    marks = {firm.name: firm.mark for firm in alive(e.firms) if firm.mark is not None}
    worth = sum(held * mark for held, mark in investor.stakes.values())
    gained = sum(held * (marks.get(name, 0.0) - mark) for name, (held, mark) in investor.stakes.items())
    earned = (gained + investor.dividends / 100) / worth if worth > 0 else 0.0
    holders = {firm.name: firm.holders for firm in e.firms}
    held = {name: holders[name].get(investor.account, 0) for name in marks}
    investor.stakes = {name: (held[name], mark) for name, mark in marks.items() if held[name]}
    investor.dividends = 0
    return earned


def herd(e: Economy) -> None:
    """Move each investor's hype towards the mean of the others."""
    before = [investor.hype for investor in e.investors]
    for number, investor in enumerate(e.investors):
        others = before[:number] + before[number + 1 :]
        if others:
            investor.hype = investor.hype + investor.n["herding"] * (sum(others) / len(others) - investor.hype)


def pay_redemptions(e: Economy) -> None:
    transfers = []
    for investor in e.investors:
        doubt = max(0.0, 1 - investor.hype / investor.usual) if investor.usual > 0 else 0.0
        share = min(1.0, investor.n["redemption"] * doubt) * (1 - investor.n["sticky"])
        paid = int(share * e.books.cash(investor.account))
        if paid > 0:
            transfers.append(Transfer(investor.account, WORLD, paid))
    e.books.transfer(transfers, INCOME, INCOME, "income")


def suppliers_of(e: Economy, firm: Firm) -> list[tuple[Firm, float]]:
    shares: dict[str, float] = {}
    if isinstance(firm, Cloud):
        shares = firm.chip_share
    elif isinstance(firm, Lab):
        shares = firm.cloud_share
    elif isinstance(firm, App):
        own = firm.hosted_share
        shares = {name: (1 - own) * share for name, share in firm.lab_share.items()}
        rented = {name: own * share for name, share in firm.cloud_share.items()}
        shares |= {name: share + shares.get(name, 0.0) for name, share in rented.items()}
    by_name = {one.name: one for one in e.firms}
    return [(by_name[name], share) for name, share in shares.items()]


def share_that_returns(e: Economy, customer: Firm, seller: Firm) -> float:
    """Share of a customer's spending that comes back to a seller through the chain."""
    return sum(
        share if other is seller else share * share_that_returns(e, other, seller)
        for other, share in suppliers_of(e, customer)
    )


def buy_stakes(e: Economy, seeking: list[tuple[Firm, int, float]]) -> None:
    for seller in [*e.vendors, *e.clouds]:
        if not seller.alive or seller.n["stake_share"] <= 0:
            continue
        profit = max(0, e.last_month(seller, "profit"))
        offer = min(round(seller.n["stake_share"] * profit), e.books.cash(seller.account))
        asks = [one for one in seeking if one[0].owner != seller.owner]
        weights = [round(ask * share_that_returns(e, firm, seller)) for firm, ask, _ in asks]
        parts = split(offer, weights, [firm.key for firm, _, _ in asks]) if sum(weights) else [0 for _ in asks]
        bought = []
        for (firm, ask, price), part in zip(asks, parts, strict=True):
            paid = min(part, ask)
            if paid > 0:
                bought.append(
                    (firm, price, Transfer(seller.account, firm.account, paid, max(1, round(paid / 100 / price))))
                )
        e.books.transfer([one for _, _, one in bought], HOLDINGS, EQUITY, "shares")
        for firm, price, one in bought:
            firm.holders[seller.account] = firm.holders.get(seller.account, 0) + one.quantity
            firm.last_round, firm.mark = e.month, price
            e.capital[firm.account] = e.capital.get(firm.account, 0) + one.cents
