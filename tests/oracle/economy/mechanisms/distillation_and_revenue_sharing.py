"""Chapters 9.9 and 9.10 of the rules: distillation of better models, and shares of revenue for backers."""

from tests.oracle.economy.books import COST_OF_SALES, GOOD, ONE_CENT, Order
from tests.oracle.economy.participants import Lab
from tests.oracle.economy.state import Economy, alive


def distilled_knowledge(economy: Economy) -> dict[str, float]:
    """Knowledge that each lab gains from the answers of better models."""
    labs, gains = alive(economy.labs), {}
    for lab in labs:
        share = lab.numbers["distillation"]
        if share > 0:
            opened = max([other.in_model for other in labs if other.numbers["open_weights"] > 0], default=0.0)
            sold = max(other.in_model for other in labs if other.region == lab.region)
            gains[lab.name] = max(0.0, opened - lab.knowledge, share * (sold - lab.knowledge))
    return gains


def shared_rate(economy: Economy, lab: Lab) -> float:
    """Share of a lab's revenue that its backer receives while it exists."""
    backers = [firm for firm in alive(economy.firms) if firm.name == lab.backer]
    return lab.numbers["revenue_share"] if backers else 0.0


def pay_backers(economy: Economy) -> None:
    bills = []
    for lab in alive(economy.labs):
        share = round(shared_rate(economy, lab) * economy.books.revenue(lab.account))
        if share > 0:
            backer = next(firm for firm in economy.firms if firm.name == lab.backer)
            bills.append(Order(lab.account, COST_OF_SALES, backer.account, GOOD["revenue_share"], share, ONE_CENT))
    economy.pay(bills)
