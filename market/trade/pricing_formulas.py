"""Pricing formulas of the literature, and the logit by which buyers choose: pure functions of a few numbers."""

from math import exp, fsum


def scarcity_price(cost: float, markup: float, worth: float, wait: float, half_wait: float) -> float:
    """Price a good that has to be waited for: mark-up price plus a growing part of what it is worth to its buyer.

    price = base + (worth - base) x wait / (wait + half_wait), where base = cost x markup; where a unit is
    worth less than the base price, the base price is asked. With no wait the base alone is asked; as the
    wait grows the seller takes all that the marginal buyer would pay and no more.

    Parameters
    ----------
    cost, worth : float
        Seller's unit cost and the buyer's value of a unit, dollars.
    markup : float
        Price over cost where there is no wait, 1 or more.
    wait, half_wait : float
        Months of delivery wait beyond the usual, and the wait at which half the buyer's surplus is taken.
    """
    base = cost * markup
    return base + max(0.0, worth - base) * wait / (wait + half_wait)


def logit_shares(utilities: list[float]) -> list[float]:
    """Choice probabilities of a multinomial logit over one or more utilities, in their order; they add up to 1."""
    top = max(utilities)
    weights = [exp(utility - top) for utility in utilities]
    total = fsum(weights)
    return [weight / total for weight in weights]


def lerner_markup(elasticity: float) -> float:
    """Profit-maximising price over marginal cost against a demand of given elasticity, e / (e - 1).

    Raises
    ------
    ValueError
        If demand is inelastic (1 or less): there is no finite price, so a parameter is out of range.
    """
    if elasticity <= 1:
        raise ValueError(f"own-price elasticity is {elasticity:.4g}; a mark-up needs more than 1")
    return elasticity / (elasticity - 1)
