"""How purchases would answer a change of the offer: elasticities to prices and to quality, as far as they are known."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Answer:
    """How a customer's purchases from a seller would answer a change of the seller's offer."""

    known: float = 0.0  # share of the purchases of which this is known
    price: float = 0.0  # elasticity of these to the seller's price, as a positive number
    quality: float = 0.0  # change of their logarithm, per unit of the quality of the seller's model
    siblings: tuple[tuple[int, float], ...] = ()  # by place in the seller's line: elasticity to that model's price
    diverted: tuple[tuple[int, float], ...] = ()  # by place: dollars that it would sell more without this model


UNKNOWN = Answer()


def mean_answer(parts: list[tuple[float, Answer]]) -> Answer:
    """Mean over purchases, weighted by amounts: how much of them is known, and how that part answers."""
    known = [(amount * each.known, each) for amount, each in parts]
    total, of_known = sum([amount for amount, _ in parts]), sum([amount for amount, _ in known])
    if of_known <= 0:
        return UNKNOWN
    price = sum([amount * each.price for amount, each in known]) / of_known
    quality = sum([amount * each.quality for amount, each in known]) / of_known
    siblings: dict[int, float] = {}
    diverted: dict[int, float] = {}
    for amount, each in known:
        weight = amount / of_known
        for place, figure in each.siblings:
            siblings[place] = siblings.get(place, 0.0) + weight * figure
        for place, figure in each.diverted:
            diverted[place] = diverted.get(place, 0.0) + weight * figure
    return Answer(of_known / total, price, quality, tuple(siblings.items()), tuple(diverted.items()))


@dataclass(frozen=True, slots=True)
class Purchase:
    """A customer's purchase of a good: units from one seller, and their share in all that it buys of the good."""

    amount: float
    share: float
    answer: Answer = UNKNOWN


def elasticity(bought: list[Purchase], own: float, market: float) -> float:
    """Own-price elasticity that a seller faces: the mean over its buyers, weighted by their purchases from it.

    A buyer that gives the seller a share s of its purchases, by a logit in the logarithm of price, has the elasticity
    own x (1 - s), as it moves elsewhere, plus market x s, as it buys less.

    Parameters
    ----------
    bought : list of Purchase
        Each buyer's purchases from this seller.
    own, market : float
        Sensitivity to relative price, and elasticity of the buyers' total, both positive.
    """
    total = sum(each.amount for each in bought)
    if total <= 0:
        return own
    return sum(each.amount * (own * (1 - each.share) + market * each.share) for each in bought) / total


def elasticity_seen(bought: list[Purchase], own: float, market: float) -> float:
    """Own-price elasticity that a seller saw: as ``elasticity``, but the customers' own where it is known."""
    total = sum(each.amount for each in bought)
    if total <= 0:
        return own
    return sum(each.amount * _own_or(each, own * (1 - each.share) + market * each.share) for each in bought) / total


def _own_or(bought: Purchase, structural: float) -> float:
    """A customer's own elasticity where it is known, and the structural one for the rest of its purchases."""
    answer = bought.answer
    return answer.known * answer.price + (1 - answer.known) * structural
