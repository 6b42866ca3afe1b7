"""What a lab sells of its line: which of its customers' answers are known, what its models earn, and what it withdraws.

A customer that a model loses may stay in the line; what the others earn from those is a gain of its price.
"""

from collections.abc import Callable
from dataclasses import dataclass

from watersellers.agents.decision_bounds import Offered
from watersellers.agents.information import SeenByLab
from watersellers.agents.labs.lab import Lab
from watersellers.agents.labs.model_line import LineModel
from watersellers.market.chance import Chance
from watersellers.market.trade.purchase_answers import Purchase


@dataclass(frozen=True, slots=True)
class LineSales:
    """Last month's sales of a lab's line, by place in it; those inside of the lab's group are left out."""

    bought: dict[int, list[Purchase]]
    costs: dict[int, float]  # USD per million output tokens, as a price that leaves so much to the lab
    margins: dict[int, float]  # USD per million output tokens, over these costs

    def siblings_gain(self, place: int) -> float:
        """Margin that the other models gain with the price of one, from customers that it loses.

        Dollars per million tokens that this one sold, for each unit of the logarithm of its price; 0 if it sold none.
        Where it is not known how what others sell answers that price, nothing is gained.
        """
        sold, gained = sum(each.amount for each in self.bought[place]), 0.0
        if sold <= 0:
            return 0.0
        for sibling, margin in self.margins.items():
            for each in self.bought[sibling] if sibling != place else ():
                gained += margin * each.amount * each.answer.known * dict(each.answer.siblings).get(place, 0.0)
        return gained / sold

    def diverted(self, place: int) -> float:
        """Margin that the other models would earn without one, in dollars per million tokens that this one sold.

        Where it is not known to whom its customers would turn, they are lost.
        """
        sold = sum(each.amount for each in self.bought[place])
        if sold <= 0:
            return 0.0
        earned = {other: self.margins[other] / (self.costs[other] + self.margins[other]) for other in self.margins}
        each_dollar = sum(
            each.amount * each.answer.known * share * earned.get(other, 0.0)
            for each in self.bought[place]
            for other, share in each.answer.diverted
        )
        return (self.costs[place] + self.margins[place]) * each_dollar / sold


def line_sales(firm: Lab, month: int, buyers: dict[tuple[int, int], list[Purchase]], kept: float) -> LineSales:
    """Work out what a lab's models sold and earned.

    Parameters
    ----------
    firm : Lab
        The lab.
    month : int
        This month, for the throughput of its engines.
    buyers : dict
        Last month's purchases, by lab and place in its line.
    kept : float
        Share of the price that the lab's backer leaves to it.
    """
    costs = {model.place: firm.unit_cost(month, model) / kept for model in firm.models}
    margins = {model.place: firm.price_of(model) - costs[model.place] for model in firm.models}
    return LineSales({place: buyers.get((firm.account, place), []) for place in costs}, costs, margins)


def withdraw(firm: Lab, see: Callable[[Lab, LineModel], SeenByLab], chance: Chance) -> None:
    """Let a lab take models off the market until its next release, one after the other; its flagship stays.

    In the month of a release all models are on sale again, and nothing is known yet of how they sell; nor of a model
    that was not on sale last month.
    """
    if firm.months_on_sale > 0 and firm.hour_price > 0:
        for model in [model for model in firm.models[1:] if model.place in firm.prices]:
            if firm.decide("offering", see(firm, model), chance) == Offered.WITHDRAWN:
                firm.withdraw(model)
