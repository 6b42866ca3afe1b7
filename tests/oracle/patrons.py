"""Sections 9.9 and 9.10 of the decision log: who teaches a lab, and who gets a share of its revenue."""

from tests.oracle.books import COST_OF_SALES, GOOD, ONE_CENT, Order, deal
from tests.oracle.world import Economy, Lab, alive


def distilled(e: Economy) -> dict[str, float]:
    labs, found = alive(e.labs), {}
    for lab in labs:
        share = lab.n["distillation"]
        if share > 0:
            opened = max([one.knowledge for one in labs if one.n["open_weights"] > 0], default=0.0)
            sold = max(one.knowledge for one in labs if one.region == lab.region)
            found[lab.name] = max(0.0, opened - lab.knowledge, share * (sold - lab.knowledge))
    return found


def rate(e: Economy, lab: Lab) -> float:
    there = [firm for firm in alive(e.firms) if firm.name == lab.patron]
    return lab.n["revenue_share"] if there else 0.0


def shares(e: Economy) -> None:
    deals = []
    for lab in alive(e.labs):
        share = round(rate(e, lab) * e.books.revenue(lab.place))
        if share > 0:
            patron = next(firm for firm in e.firms if firm.name == lab.patron)
            order = Order(lab.place, COST_OF_SALES, patron.place, GOOD["revenue_share"], share, ONE_CENT)
            deals.append(deal(order, share))
    e.books.settle(deals, e.settle_order)
