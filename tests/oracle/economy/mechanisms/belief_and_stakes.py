"""Chapters 7.3, 7.10, 7.11, 9.19 and 9.20 of the rules: what investors believe, savers, free entry, stakes."""

from collections.abc import Callable, Sequence

from tests.oracle.economy import shocks, strategies
from tests.oracle.economy.arithmetic import cents, split
from tests.oracle.economy.books import DIVIDENDS, EQUITY, HOLDINGS, INCOME, WORLD, Transfer
from tests.oracle.economy.elementary import exp64, log64
from tests.oracle.economy.formulas import pool
from tests.oracle.economy.mechanisms import generations
from tests.oracle.economy.participants import App, Cloud, Firm, Investor, Lab, Trend, Vendor
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
            investor.returned += paid
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
        offer = min(round(seller.numbers["stake_share"] * profit), economy.books.free_cash(seller.account))
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
        "story": story,
        "story_share": weight / divisor if divisor > 0 else 0.0,
        "gross_profit": firm.gross_seen / firm.months_seen if firm.months_seen else 0.0,
        "gross_growth": firm.gross.growth,
    }
    return strategies.valuation(investor.strategies["valuation"], seen)


def collect_commitments(economy: Economy) -> None:
    """Let savers pay into the pools as long as these hold less than their firms are believed to be worth."""
    savers = [each for each in economy.investors if each.numbers["savers_wealth"] > 0 and not calls(each)]
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
    for investor, pay in zip(savers, paid, strict=True):
        investor.signed += pay
        investor.called += pay


# 9.61 Commitments, calls, distributions


def calls(investor: Investor) -> bool:
    return investor.numbers["call_most"] > 0


def outside(investor: Investor) -> int:
    """Cents of wealth that savers have outside their pool."""
    return cents(investor.numbers["savers_wealth"]) - investor.called + investor.returned


def note_given_shares(economy: Economy) -> None:
    for investor in economy.investors:
        held = {firm.name: firm.holders.get(investor.account, 0) for firm in alive(economy.firms)}
        given = held if economy.month == 0 else investor.given
        investor.given = {name: given.get(name, 0) for name in held}


def made_of_a_dollar(economy: Economy, investor: Investor) -> float:
    marked = [firm for firm in alive(economy.firms) if firm.mark is not None]
    stakes = sum(
        (firm.holders.get(investor.account, 0) - investor.given.get(firm.name, 0)) * firm.mark
        for firm in marked
        if firm.mark is not None
    )
    back = (economy.books.cash(investor.account) + investor.returned) / 100
    paid = investor.numbers["opening_cash"] + investor.called / 100
    return (back + investor.numbers["marks_trusted"] * stakes) / paid if paid > 0 else 1.0


def sign_promises(economy: Economy) -> None:
    """Let savers off what they no longer have, and let them sign for what they want."""
    for investor in economy.investors:
        uncalled = investor.signed - investor.called
        investor.signed -= max(0, uncalled - max(0, outside(investor))) if calls(investor) else uncalled
    for investor in economy.investors:
        numbers, books = investor.numbers, economy.books
        if not calls(investor) or numbers["savers_wealth"] <= 0:
            continue
        uncalled = investor.signed - investor.called
        worth = sum(
            worth_of(economy, investor, firm, books.cash(firm.account) / 100) for firm in pool(economy, investor)
        )
        held = books.cash(investor.account) + books.of(investor.account, HOLDINGS)
        wealth = max(0, outside(investor) + held) / 100
        missing = max(0.0, min(worth, numbers["savers_most"] * wealth) - (held + uncalled) / 100)
        made, chase = made_of_a_dollar(economy, investor), numbers["savers_chase"]
        eager = 1.0 if chase == 0 else (exp64(chase * log64(made)) if made > 0 else 0.0)
        wanted = cents(min(1.0, numbers["savers_pace"] * eager) * missing)
        investor.signed += min(wanted, max(0, outside(investor) - uncalled))


def call_promises(economy: Economy, asked: Callable[[Investor], int]) -> None:
    """Let pools call what rounds and foundings need beyond their cash."""
    callers = [investor for investor in economy.investors if calls(investor)]
    amounts = []
    for investor in callers:
        own = max(0, economy.books.cash(investor.account) - investor.proceeds)
        need = asked(investor) + to_found(economy, investor) - own
        most = int(investor.numbers["call_most"] * investor.signed)
        amounts.append(max(0, min(need, investor.signed - investor.called, most)))
    order = [economy.hash("calls", investor.key) for investor in callers]
    paid = economy.books.within_cash(WORLD, amounts, order)
    transfers = [Transfer(WORLD, investor.account, pay) for investor, pay in zip(callers, paid, strict=True) if pay > 0]
    economy.books.transfer(transfers, INCOME, INCOME, "income")
    for investor, pay in zip(callers, paid, strict=True):
        investor.called += pay


def to_found(economy: Economy, investor: Investor) -> int:
    """Cents that an investor would found firms with this month."""
    total = 0
    for firm in economy.firms:
        if firm.alive or firm.founder != investor.name:
            continue
        if isinstance(firm, Vendor) and generations.is_free_entrant(economy, firm):
            total += generations.founding_money(firm) if generations.enters_now(economy, firm) else 0
        elif entry_cost(economy, firm) > 0:
            total += entry_cost(economy, firm) if wanted(economy, firm) else 0
        elif firm.enters == economy.month and economy.month > 0:
            total += cents(firm.numbers["opening_cash"])
    return total


def distribute(economy: Economy) -> None:
    transfers = []
    for investor in economy.investors:
        paid = min(investor.proceeds, economy.books.cash(investor.account))
        investor.proceeds = 0
        if calls(investor) and paid > 0:
            transfers.append(Transfer(investor.account, WORLD, paid))
            investor.returned += paid
    economy.books.transfer(transfers, DIVIDENDS, INCOME, "dividend")


# 9.62 and 9.63 Gross profit and news


def note_margins_and_news(economy: Economy, firm: Firm) -> None:
    revenue, gross = (economy.last_month(firm, name) / 100 for name in ("revenue", "gross"))
    firm.told = (revenue, firm.forecast.level * (1 + firm.forecast.growth))
    for trend, value in ((firm.gross, max(0.0, gross)), (firm.forecast, revenue)):
        if trend.level > 0:
            trend.update(value, economy.smoothing)
        else:
            trend.level, trend.growth = value, 0.0
    firm.gross_seen += 12 * firm.gross.level


def news_of(economy: Economy, investor: Investor) -> float:
    most, weight = investor.numbers["news_most"], investor.numbers["news_upstream"]
    own, upstream = (surprise(firms, most) for firms in (pool(economy, investor), alive(economy.vendors)))
    return (1 - weight) * own + weight * upstream


def surprise(firms: Sequence[Firm], most: float) -> float:
    known = [firm.told for firm in firms if firm.told[1] > 0]
    seen, expected = sum(one for one, _ in known), sum(other for _, other in known)
    if expected <= 0:
        return 0.0
    return max(-most, min(most, log64(seen / expected))) if seen > 0 else -most


def founder_of(economy: Economy, firm: Firm) -> Investor | None:
    return next((investor for investor in economy.investors if investor.name == firm.founder), None)


def entry_cost(economy: Economy, firm: Firm) -> int:
    """Cents that founding a firm takes; 0 if it enters by its date."""
    if not isinstance(firm, Lab | App) or founder_of(economy, firm) is None:
        return 0
    return cents(firm.numbers["entry_cost"] * companies(firm))


def worth_entering(economy: Economy, firm: Firm) -> bool:
    investor, cost = founder_of(economy, firm), entry_cost(economy, firm)
    return investor is not None and economy.books.cash(investor.account) >= cost and wanted(economy, firm)


def wanted(economy: Economy, firm: Firm) -> bool:
    """Whether a firm would enter if its founder had the money."""
    investor, cost = founder_of(economy, firm), entry_cost(economy, firm)
    waited = firm.left is None or economy.month - firm.left > firm.numbers["entry_wait"]
    if investor is None or economy.month < max(1, firm.enters) or not waited:
        return False
    return worth_of(economy, investor, firm, cost / 100) > cost / 100


def forget(economy: Economy, firm: Firm) -> None:
    """Forget a firm that is wound up, except for the evidence."""
    firm.left = economy.month
    firm.revenue, firm.burn = Trend(0.0, 0.0), Trend(0.0, 0.0)
    firm.last_round, firm.mark = None, 1 / 100
    firm.gross, firm.forecast, firm.told = Trend(0.0, 0.0), Trend(0.0, 0.0), (0.0, 0.0)
