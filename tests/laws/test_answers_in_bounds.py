"""No strategy of a menu answers nonsense, whatever it is shown, and nonsense of one's own is refused with its bound.

The views are at the ends of what a world can come to: nobody asks, there is no capacity, costs are nothing or beyond
all money. The strategies' own numbers lie anywhere in the ranges of the parameter table, ends included.
"""

from dataclasses import dataclass, fields, replace
from math import inf
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as draw

from tests.laws.menu_entries import EVERY, SLOTS, seen_by
from tests.tools.economy_fingerprints import BLOCKS
from watersellers import World, run
from watersellers.agents import strategies
from watersellers.agents.decision_bounds import BOUNDS
from watersellers.agents.decision_checks import BadAnswer, number, shares, tariff
from watersellers.agents.information import (
    SeenByApp,
    SeenByChooser,
    SeenByCommittedVendor,
    SeenBySearchBusiness,
    SeenBySearchBuyer,
)
from watersellers.agents.strategies import MENUS
from watersellers.agents.strategies.monetisation import SlotMarket
from watersellers.agents.strategies.pricing import CostPlus
from watersellers.experiments.loading.parameters import Parameters
from watersellers.market.chance import Chance
from watersellers.market.trade.demand_schedule import tangent
from watersellers.market.trade.tariffs import Tariff

DICE = Chance(5, 8)
ROWS = Parameters.load().by_name
MENU_DECISIONS = [f"{group}.{slot}" for group, slot in SLOTS if slot != "sourcing"]
often = settings(max_examples=50)

amounts = draw.one_of(draw.just(0.0), draw.floats(0, 1), draw.floats(0, 1e6), draw.floats(0, 1e20))
PRICES = [one for one in BOUNDS if one.endswith("pricing") or one == "apps.business"]
posted = draw.one_of(draw.just(1e-9), draw.floats(1e-9, 1), draw.floats(1, 1e5))  # by anybody
part = draw.one_of(draw.sampled_from((0.0, 1.0)), draw.floats(0, 1))


def row(name: str) -> draw.SearchStrategy[float]:
    """Any number of a row of the table, often an end of its range."""
    return draw.one_of(
        draw.sampled_from((ROWS[name].low, ROWS[name].high)), draw.floats(ROWS[name].low, ROWS[name].high)
    )


slot_markets = draw.builds(SlotMarket, *(amounts for _ in fields(SlotMarket)))
# What a field may come to, by name; any other is an amount.
FIELDS: dict[str, draw.SearchStrategy[Any]] = {
    "could": draw.lists(draw.integers(0, 10**12), max_size=40).map(tuple),
    **dict.fromkeys(("knowledge_decay", "quality_known"), draw.floats(0, 1)),
    "made": draw.lists(draw.integers(0, 10**12), max_size=40).map(tuple),
    "demand": draw.builds(tangent, posted, amounts, draw.floats(1.01, 50)),
    "tariff": draw.builds(Tariff, amounts, amounts, posted),
    "elasticity": draw.one_of(draw.just(1.01), draw.floats(1.01, 50)),
    "cost": posted,
    "last_price": posted,
    **dict.fromkeys(("kept", "recovery"), part),
    **dict.fromkeys(("beside", "on_pages"), draw.lists(slot_markets, max_size=2).map(tuple)),
    "list_load": row("apps.ad_load"),
    "most_slots": row("apps.most_slots"),
    "list_price": row("apps.list_price"),
    "list_quota": row("apps.list_quota"),
    "list_marketing": row("apps.list_marketing"),
    "rivals_marketing": row("apps.list_marketing"),
    "quota": row("apps.list_quota"),
    "growth": draw.floats(-1, 10),
    "trend": draw.floats(-1, 10),
    "lead": row("chips.lead"),
    "horizon": row("cloud.horizon"),
    "floor": row("investors.floor"),
    "held_share": part,
    "own": part,
    "served": part,
    "hosted": part,
    "lost": part,
    "api_bill": draw.one_of(amounts, draw.just(inf)),
    "rival_price": draw.one_of(posted, draw.just(inf)),
    "capacity": draw.one_of(amounts, draw.just(inf)),
    "cash": draw.one_of(amounts, draw.floats(-1e12, 0)),
    "burn": draw.floats(-1e15, 1e15),
    "return_on_cost": draw.one_of(draw.floats(-10, 10), draw.floats(0, 1e6)),
}


def accepted(decision: str) -> draw.SearchStrategy[float]:
    """Prices that a decision answered before."""
    bound = BOUNDS[decision]
    return draw.one_of(draw.just(bound.least), draw.floats(bound.least, 1), draw.floats(1, 1e5))


@draw.composite
def extremes(pick: draw.DrawFn, group: str, slot: str, name: str) -> tuple[Any, Any]:
    """A strategy with numbers in their ranges, and a view at the ends of what there may be."""
    kind = MENUS[group][slot][name]
    strategy = kind(**{each.name: pick(row(f"{group}.{slot}.{name}.{each.name}")) for each in fields(kind)})
    view = seen_by(group, slot, name)
    if view is SeenByChooser:
        n = pick(draw.integers(1, 4))
        each = {
            "price": posted, "quality": draw.floats(-1e4, 1e4), "last_share": part, "own": draw.booleans(),
            "lock_in": draw.floats(0, 20),
        }  # fmt: skip
        offers: dict[str, Any] = {key: tuple(pick(one) for _ in range(n)) for key, one in each.items()}
        return strategy, SeenByChooser(**offers, sensitivity=pick(draw.floats(0, 50)))
    usual = {"dearest", "cheapest", "most"}
    shown = {each.name: FIELDS.get(each.name, amounts) for each in fields(view) if each.name not in usual}
    if f"{group}.{slot}" in PRICES:
        shown |= {name: accepted(f"{group}.{slot}") for name in {"last_price", "list_price"} & shown.keys()}
    finite = {"capacity": amounts} if slot in ("capacity", "owning") else {}  # no firm has machines without end
    return strategy, view(**{key: pick(one) for key, one in (shown | finite).items()})


@pytest.mark.parametrize("path", EVERY, ids=".".join)
def test_no_strategy_of_a_menu_answers_nonsense(path):
    group, slot, _ = path

    @often
    @given(extremes(*path))
    def hold(case):
        strategy, seen = case
        if slot == "sourcing":
            shares("a.sourcing", strategy, seen, DICE, len(seen.price))
        elif (group, slot) == ("apps", "pricing"):
            tariff(f"a.{slot}", BOUNDS["apps.pricing"], strategy, seen, DICE)
        else:
            number(f"a.{slot}", BOUNDS[f"{group}.{slot}"], strategy, seen, DICE)

    hold()


def test_every_decision_has_its_bound_with_unit_and_reason():
    assert sorted(BOUNDS) == sorted(MENU_DECISIONS)
    for decision, bound in BOUNDS.items():
        assert bound.unit, decision
        assert bound.why, decision
        assert 0 <= bound.least < bound.most, decision


def test_the_rules_state_each_bound_once():
    rules = Path(strategies.__file__).with_name("RULES.md").read_text(encoding="utf-8").splitlines()
    for decision, bound in BOUNDS.items():
        assert rules.count(bound.row(decision)) == 1, bound.row(decision)


def test_a_price_of_0_is_no_price():
    assert len(PRICES) == 6
    assert all(BOUNDS[one].least >= 1e-9 for one in PRICES)


@dataclass(frozen=True)
class Says:
    """Answers the same to everything."""

    answer: float

    def __call__(self, seen: Any, chance: Chance) -> float:
        return self.answer


@pytest.mark.parametrize("decision", MENU_DECISIONS)
def test_an_answer_is_refused_just_beyond_its_bound_and_taken_at_it(decision):
    bound, seen = BOUNDS[decision], None
    if bound.seen:
        seen = {
            "pages": SeenBySearchBusiness(9.0, 1, 1, 1, 1, 0),
            "committed": SeenByCommittedVendor((), (), 9.0, 0.0),
            "calls": SeenBySearchBuyer(9.0, Tariff(1, 1, 1), 1, 1),
        }[bound.seen]
    ends = [bound.least] if bound.most_for(seen) == inf else [bound.least, bound.most_for(seen)]
    assert [number(decision, bound, Says(end), seen, DICE) for end in ends] == ends
    beyond = [bound.least - 1, *([bound.least / 2] if bound.least else []), *([ends[1] * 1.01] if ends[1:] else [])]
    for answer in [*beyond, *([0.5, 1.5] if bound.whole else [])]:
        with pytest.raises(BadAnswer, match=r"answered .* in month 8, expected a (finite|whole) number"):
            number(decision, bound, Says(answer), seen, DICE)


@pytest.mark.parametrize(
    ("path", "answer", "unit"),
    [
        ("perplexity.pricing", 19_500_000.0, "USD a seat and month"),  # fixed costs over nobody
        ("perplexity.pricing", 0.0, "USD a seat and month"),
        ("perplexity.quota", 1e9, "queries a user and month"),
        ("perplexity.outlook", 1.5, "a course"),
        ("openai.selling", 3.0, "a choice"),
        ("nvidia.capacity", 1e12, "accelerators a month"),
        ("aws.capacity", 1e15, "GPU-hours a month"),
        ("openai.research", 1e18, "USD a month"),
        ("venture_west.valuation", 1e18, "USD"),
    ],
)
def test_nonsense_is_refused_with_firm_decision_value_and_month(path, answer, unit):
    with pytest.raises(BadAnswer) as refused:
        run(months=24, users=50, strategies={path: Says(answer)})
    said = str(refused.value)
    assert said.startswith(f"{path} (tests.laws.test_answers_in_bounds.Says): answered {answer!r} in month ")
    assert " (2023-" in said
    assert f", {unit}" in said


EVERYTHING = BLOCKS.parent / "everything.toml"  # staff seats, appliances, hosts, searches, ads: all are on


def all_say(world: Any, decision: str, answer: float) -> dict[str, Any]:
    """A strategy for each firm of a world that takes a decision, with which it always answers the same."""
    layer, slot = decision.split(".")
    members = World(world, rng=1, users=50).parts.firms[layer]
    return {f"{firm.name}.{slot}": Says(answer) for firm in members if slot in firm.strategies}


@pytest.mark.parametrize("world", ["plain", EVERYTHING], ids=["plain", "everything"])
@pytest.mark.parametrize("decision", PRICES)
@pytest.mark.parametrize("end", ["least", "most"])
def test_no_price_at_the_end_of_its_bounds_leaves_the_ledger(world, decision, end):
    """A number beyond 64 bits would stop the run with TooLarge, in whatever month."""
    answer = getattr(BOUNDS[decision], end)
    everybody = all_say(world, decision, answer)
    alone = dict([next(iter(everybody.items()))])
    for said in (everybody, alone):
        assert run(world, users=50, months=26, strategies=said).firms["month"].n_unique() == 26


@pytest.mark.parametrize("decision", PRICES)
def test_a_price_below_its_least_is_refused_with_firm_decision_value_and_month(decision):
    answer = BOUNDS[decision].least / 2
    with pytest.raises(BadAnswer) as refused:
        run(EVERYTHING, users=50, strategies=all_say(EVERYTHING, decision, answer))
    firm_and_decision, _, rest = str(refused.value).partition(" (")
    assert firm_and_decision in all_say(EVERYTHING, decision, answer)
    assert f"answered {answer!r} in month " in rest
    assert " (2023-" in rest
    assert f"expected a finite number from {BOUNDS[decision].least:g} to " in rest


@pytest.mark.parametrize(
    ("world", "settings"),
    [
        ("dollar_paths", {"labs.open_weights": 1, "labs.throughput": 1e9}),
        (BLOCKS / "hosts.toml", {"labs.throughput": 1e9, "cloud.host_threshold": 0}),
    ],
    ids=["the cap that hosts put on labs", "hosts"],
)
def test_nobody_sells_tokens_below_the_least_price_of_labs(world, settings):
    """A price that no strategy answers follows the price of an hour, and stays inside the bounds all the same."""
    cheap = all_say(world, "cloud.pricing", BOUNDS["cloud.pricing"].least)
    sold = run(world, users=50, strategies=cheap, set=settings).flows
    prices = sold.filter(good="tokens_output")["price"]
    assert prices.min() == pytest.approx(BOUNDS["labs.pricing"].least, rel=1e-6)


def test_fixed_costs_are_not_divided_by_nobody():
    """A seat that costs its maker two dollars and lists at twenty is never asked at millions, however few buy it."""
    prices = run("plain", months=6, users=50, set={"apps.pricing": "cost_plus", "apps.staff": 5e9}).firms
    asked = prices.filter(layer="apps", alive=True)["price"].to_list()
    assert 0 < min(asked) <= max(asked) < 500


def test_a_seller_without_costs_keeps_its_price():
    seen = SeenByApp(
        unit_cost=0, full_cost=0, last_price=7.0, list_price=9, elasticity=2, demand=tangent(7, 0, 2), capacity=inf,
        quota=1, list_quota=1, query_cost=0, free_queries=0, revenue=0, cash=0, last_costs=0, list_marketing=0,
        rivals_marketing=0,
    )  # fmt: skip
    assert CostPlus()(seen, DICE) == 7.0
    assert CostPlus()(replace(seen, full_cost=1e9), DICE) == BOUNDS["apps.pricing"].most
