"""A decision that a rule caps or replaces is named in ``firms.overridden``, and no other is."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

import polars as pl
import pytest

from tests.tools.economy_fingerprints import BLOCKS
from watersellers import World, run
from watersellers.agents.decision_bounds import BOUNDS
from watersellers.agents.firm import Firm
from watersellers.market.chance import Chance

LENT = {"world.lenders_cash": 1e9, "cloud.coreweave.opening_cash": 1e8}
POST = {"pricing": "price", "quota": "quota", "marketing": "marketing", "research": "budget"}  # where an answer stands
NEVER = {  # what no rule changes, apart from rounding: what was answered is what happens, or is refused
    *(
        "chips.pricing",
        "chips.cutting",
        "labs.releasing",
        "labs.offering",
        "chips.entering",
        "chips.rationing",
        "cloud.pricing",
        "labs.rationing",
        "labs.selling",
        "labs.outlook",
        "work.adoption",
    ),
    *("apps.pricing", "apps.outlook", "apps.answering", "apps.index", "apps.business", "apps.appliance_pricing"),
    *("apps.advertising", "apps.effort", "apps.hosting", "investors.valuation", "work.adoption"),
}


@dataclass(frozen=True)
class Says:
    """Answers the same to everything."""

    answer: float

    def __call__(self, seen: Any, chance: Chance) -> float:
        return self.answer


def overridden(world: Any, path: str, answer: float, given: dict[str, Any], months: int = 8) -> list[str | None]:
    """Which decisions of a firm were overridden each month, if it always answers the same."""
    firms = run(world, months=months, users=50, strategies={path: Says(answer)}, set=given).firms
    return firms.filter(firm=path.split(".")[0])["overridden"].to_list()


CAPPED: dict[str, tuple[Any, str, float, float, dict[str, Any]]] = {  # world, firm, too much, not too much, settings
    "chips.capacity": ("plain", "nvidia", 1e8, 10.0, {}),  # by cash for the foundry's prepayment
    "cloud.capacity": ("plain", "aws", 1e10, 0.0, {}),  # by cash for machines
    "cloud.borrowing": ("plain", "coreweave", 1e12, 1.0, LENT),  # by the lenders' cash
    "labs.pricing": (
        "plain",
        "openai",
        1e5,
        0.001,
        {"labs.deepseek.open_weights": 1, "labs.deepseek.knowledge": 1e9},
    ),
    "labs.research": ("plain", "openai", 1e12, 1.0, {}),  # by cash
    "labs.contracting": ("plain", "openai", 1e10, 1.0, {}),  # by what clouds sign away
    "apps.marketing": ("plain", "perplexity", 1e11, 1.0, {}),  # by cash
    "apps.owning": (BLOCKS / "own_machines.toml", "chatgpt", 1e10, 0.0, {}),  # by cash
}


@pytest.mark.parametrize("decision", CAPPED)
def test_a_capped_decision_is_named(decision):
    world, firm, much, little, given = CAPPED[decision]
    name = decision.split(".")[1]
    assert name in overridden(world, f"{firm}.{name}", much, given)
    assert not any(name in (one or "") for one in overridden(world, f"{firm}.{name}", little, given))


@pytest.mark.parametrize(("firm", "taken"), [("perplexity", "marketing, quota"), ("openai", "research")])
def test_a_pivot_takes_decisions_from_strategies(firm, taken):
    months = overridden("plain", f"{firm}.outlook", 1.0, {}, months=4)
    assert months[2:] == [taken, taken]


@pytest.mark.parametrize("cash", [0.0, 1e6])
def test_no_app_books_more_marketing_than_it_has_cash(cash):
    """What is booked is paid to the media next month; an app without money books nothing, and is said to be capped."""
    given = {"apps.perplexity.opening_cash": cash, "apps.perplexity.owner_funds": 0.0}
    world = World(
        "plain", rng=1, months=2, users=50, set=given,
        strategies={"perplexity.marketing": Says(1e10)},
    )  # fmt: skip
    app = next(firm for firm in world.agents if firm.name == "perplexity")
    world.step()
    assert app.marketing <= max(0.0, app.cash) < 1e10
    assert world.result().firms.filter(firm="perplexity")["overridden"].to_list() == ["marketing"]


def test_inflated_orders_are_not_what_the_strategy_answered():
    plain, inflated = (
        run("plain", months=4, users=50, set={"cloud.inflation": factor, "cloud.azure.owner_funds": 1e11}).firms
        for factor in (0, 1)
    )
    azure = pl.col("firm") == "azure"
    assert set(plain.filter(azure)["overridden"]) == {None}
    assert "capacity" in set(inflated.filter(azure)["overridden"])


def test_what_stands_is_what_was_answered_unless_the_column_says_so(monkeypatch):
    """Prices, quotas and budgets, firm by firm and month by month, where labs would spend more than they have."""
    said: dict[tuple[str, str], dict[int, float]] = defaultdict(dict)
    ask = Firm.decide

    def noted(self: Firm, decision: str, seen: object, chance: Chance) -> float:
        said[self.name, decision][chance.month] = answer = ask(self, decision, seen, chance)
        return answer

    monkeypatch.setattr(Firm, "decide", noted)
    spend = {"labs.research.race.months": 1.0, "labs.research.race.share": 5.0}
    world = World("plain", rng=1, months=12, users=60, set=spend)
    stands: dict[tuple[str, str], dict[int, float]] = defaultdict(dict)
    while world.running:
        world.step()
        for firm in world.agents:
            for decision in {"pricing", *POST} & set(firm.strategies):
                stands[firm.name, decision][world.month - 1] = getattr(firm, POST[decision])
    told = {(row["firm"], row["month"].month - 1): row["overridden"] or "" for row in world.result().firms.to_dicts()}
    changed = set()
    for (name, decision), answers in said.items():
        for month, answer in answers.items() if decision in POST else ():
            differs = stands[name, decision][month] != pytest.approx(answer, rel=1e-6, abs=1e-9)  # whole nano-dollars
            assert (decision in told[name, month].split(", ")) == differs, (name, decision, month, answer)
            changed |= {decision} if differs else set()
    assert changed == {"pricing", "research"}


def test_every_decision_is_either_never_changed_or_shown_to_be():
    assert NEVER | CAPPED.keys() | {"apps.quota"} == BOUNDS.keys()
