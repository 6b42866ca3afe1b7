"""Sections 9.19 and 9.20 of the decision log: belief that is catching, savers who leave, and stakes in customers."""

from tests.oracle.arithmetic import split
from tests.oracle.books import EQUITY, HOLDINGS, INCOME, WORLD, Transfer
from tests.oracle.world import App, Cloud, Economy, Firm, Investor, Lab, alive


def seen_return(e: Economy, investor: Investor) -> float:
    marks = {firm.name: firm.mark for firm in alive(e.firms) if firm.mark is not None}
    worth = sum(held * mark for held, mark in investor.stakes.values())
    gained = sum(held * (marks.get(name, 0.0) - mark) for name, (held, mark) in investor.stakes.items())
    earned = (gained + investor.dividends / 100) / worth if worth > 0 else 0.0
    holders = {firm.name: firm.holders for firm in e.firms}
    held = {name: holders[name].get(investor.place, 0) for name in marks}
    investor.stakes = {name: (held[name], mark) for name, mark in marks.items() if held[name]}
    investor.dividends = 0
    return earned


def follow(e: Economy) -> None:
    before = [investor.hype for investor in e.investors]
    for number, investor in enumerate(e.investors):
        others = before[:number] + before[number + 1 :]
        if others:
            investor.hype = investor.hype + investor.n["herding"] * (sum(others) / len(others) - investor.hype)


def redemptions(e: Economy) -> None:
    transfers = []
    for investor in e.investors:
        doubt = max(0.0, 1 - investor.hype / investor.usual) if investor.usual > 0 else 0.0
        share = min(1.0, investor.n["redemption"] * doubt) * (1 - investor.n["sticky"])
        paid = int(share * e.books.cash(investor.place))
        if paid > 0:
            transfers.append(Transfer(investor.place, WORLD, paid))
    e.books.transfer(transfers, INCOME, INCOME, "income")


def bought_from(e: Economy, firm: Firm) -> list[tuple[Firm, float]]:
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


def comes_back(e: Economy, customer: Firm, seller: Firm) -> float:
    return sum(
        share if other is seller else share * comes_back(e, other, seller) for other, share in bought_from(e, customer)
    )


def stakes(e: Economy, seeking: list[tuple[Firm, int, float]]) -> None:
    for seller in [*e.vendors, *e.clouds]:
        if not seller.alive or seller.n["stake_share"] <= 0:
            continue
        profit = max(0, e.last_month(seller, "profit"))
        offer = min(round(seller.n["stake_share"] * profit), e.books.cash(seller.place))
        asks = [one for one in seeking if one[0].owner != seller.owner]
        weights = [round(ask * comes_back(e, firm, seller)) for firm, ask, _ in asks]
        parts = split(offer, weights, [firm.key for firm, _, _ in asks]) if sum(weights) else [0 for _ in asks]
        bought = []
        for (firm, ask, price), part in zip(asks, parts, strict=True):
            paid = min(part, ask)
            if paid > 0:
                bought.append(
                    (firm, price, Transfer(seller.place, firm.place, paid, max(1, round(paid / 100 / price))))
                )
        e.books.transfer([one for _, _, one in bought], HOLDINGS, EQUITY, "shares")
        for firm, price, one in bought:
            firm.holders[seller.place] = firm.holders.get(seller.place, 0) + one.quantity
            firm.last_round, firm.mark = e.month, price
            e.capital[firm.place] = e.capital.get(firm.place, 0) + one.cents
