"""Chapters 9.9 and 9.10 of the rules: distillation of better models, and shares of revenue for backers."""

from tests.oracle.economy.books import COST_OF_SALES, GOOD, ONE_CENT, Order
from tests.oracle.economy.participants import Lab
from tests.oracle.economy.state import Economy, alive


def distilled_knowledge(e: Economy) -> dict[str, float]:
    """Knowledge that each lab gains from the answers of better models."""
    labs, found = alive(e.labs), {}
    for lab in labs:
        share = lab.n["distillation"]
        if share > 0:
            opened = max([one.knowledge for one in labs if one.n["open_weights"] > 0], default=0.0)
            sold = max(one.knowledge for one in labs if one.region == lab.region)
            found[lab.name] = max(0.0, opened - lab.knowledge, share * (sold - lab.knowledge))
    return found


def shared_rate(e: Economy, lab: Lab) -> float:
    """Share of a lab's revenue that its backer receives while it exists."""
    there = [firm for firm in alive(e.firms) if firm.name == lab.backer]
    return lab.n["revenue_share"] if there else 0.0


def pay_backers(e: Economy) -> None:
    bills = []
    for lab in alive(e.labs):
        share = round(shared_rate(e, lab) * e.books.revenue(lab.account))
        if share > 0:
            backer = next(firm for firm in e.firms if firm.name == lab.backer)
            bills.append(Order(lab.account, COST_OF_SALES, backer.account, GOOD["revenue_share"], share, ONE_CENT))
    e.pay(bills)
