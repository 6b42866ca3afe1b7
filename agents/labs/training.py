"""Training as a lab sees it when it decides how much to spend on it: what a dollar teaches, and what quality sells."""

from watersellers.agents.information import SeenByResearcher
from watersellers.agents.labs.lab import Lab
from watersellers.agents.public_information import Rivals
from watersellers.market.trade.purchase_answers import Answer


def researcher_view(
    firm: Lab, month: int, books: tuple[float, float, float], beliefs: tuple[float, float, Answer], rivals: Rivals
) -> SeenByResearcher:
    """Return a lab's view when it budgets training.

    Parameters
    ----------
    firm : Lab
        After it has been served and has sold this month.
    month : int
        This month.
    books : tuple of float
        Its cash, this month's revenue and this month's cost of sales, USD.
    beliefs : tuple
        Share of a dollar of sales that its backer leaves to it, revenue that investors expect of it in USD per year,
        and how its customers answer.
    rivals : Rivals
        The cards of all others.
    """
    (cash, revenue, cost), (kept, expected, answer), traits = books, beliefs, firm.traits
    return SeenByResearcher(
        cash=cash,
        revenue=revenue,
        running_cost=cost,
        last_budget=firm.budget,
        margin=kept - firm.unit_cost(month, firm.flagship) / firm.card().price,
        expected_revenue=expected,
        quality_known=answer.known,
        quality_answer=answer.quality,
        knowledge=firm.knowledge * (1 - traits.knowledge_decay) + firm.learned(firm.trained, month),
        knowledge_unit=traits.knowledge_unit,
        knowledge_decay=traits.knowledge_decay,
        learned=firm.learned(1.0, month) / firm.hour_price if firm.hour_price > 0 else 0.0,
        rivals=rivals,
    )
