"""Every strategy on every menu keeps the same manners: it decides from what it is shown, and from nothing else."""

import ast
import copy
import csv
import inspect
from dataclasses import FrozenInstanceError, asdict, fields, is_dataclass, replace
from itertools import combinations
from math import inf, isfinite
from pathlib import Path
from typing import Any, get_type_hints

import pytest
from hypothesis import given, settings
from hypothesis import strategies as draw

from tests.laws.menu_entries import EVERY, SLOTS, seen_by
from watersellers.agents import strategies
from watersellers.agents.information import (
    SeenByApp,
    SeenByApplianceMaker,
    SeenByBorrower,
    SeenByChipVendor,
    SeenByChooser,
    SeenByCloud,
    SeenByCommittedVendor,
    SeenByEntrant,
    SeenByFleetInvestor,
    SeenByLab,
    SeenByMachineBuyer,
    SeenByRationer,
    SeenByReasoner,
    SeenByReleaser,
    SeenByResearcher,
    SeenByReserver,
    SeenBySearchBusiness,
    SeenBySearchBuyer,
    SeenBySelfHost,
    SeenByStaffSeatSeller,
    SeenByTokenSeller,
)
from watersellers.agents.strategies import MENUS
from watersellers.agents.strategies.adoption import SeenByAdopters
from watersellers.agents.strategies.funding import SeenByInvestor
from watersellers.agents.strategies.monetisation import SeenByAdSeller, SlotMarket
from watersellers.agents.strategies.outlook import SeenByBoard
from watersellers.market.chance import Chance
from watersellers.market.trade.demand_schedule import Schedule, tangent
from watersellers.market.trade.tariffs import Tariff

DICE = Chance(5, 8)
TABLE = Path(__file__).resolve().parents[2] / "experiments" / "parameters.csv"
PAIRS = [(group, slot, *pair) for group, slot in SLOTS for pair in combinations(MENUS[group][slot], 2)]
quick = settings(max_examples=80)

TARIFF = tuple[float, float]  # of a seat, and of a query
dollars = draw.floats(0.01, 1e9)
shares = draw.floats(0, 1)
growths = draw.floats(-0.5, 0.5)
slot_markets = draw.builds(SlotMarket, *(draw.floats(0, 1e12) for _ in fields(SlotMarket)))
schedules = draw.builds(tangent, draw.floats(0.01, 1e6), draw.floats(0, 1e12), draw.floats(0.1, 50))
# What a field may be, by name; any other is an amount from 0 up.
FIELDS: dict[str, draw.SearchStrategy[Any]] = {
    "demand": schedules,
    "tariff": draw.builds(Tariff, dollars, draw.floats(0, 1e12), dollars),
    "elasticity": draw.floats(1.01, 50),
    "unit_cost": dollars,
    "cost": dollars,
    "full_cost": dollars,
    "last_price": dollars,
    "growth": growths,
    "trend": growths,
    "used_share": draw.floats(0, 3),
    "held_share": shares,
    "own": shares,
    "served": shares,
    "hosted": shares,
    "api_bill": draw.one_of(dollars, draw.just(inf)),
    "lead": draw.integers(0, 24),
    "horizon": draw.integers(0, 36),
    "could": draw.lists(draw.integers(0, 10**9), max_size=40).map(tuple),
    "made": draw.lists(draw.integers(0, 10**9), max_size=40).map(tuple),
    "capacity": draw.one_of(draw.floats(1, 1e12), draw.just(inf)),
    "cash": draw.floats(-1e6, 1e12),
    "rival_price": draw.one_of(dollars, draw.just(inf)),
    "hype": draw.floats(0, 10),
    "return_on_cost": draw.floats(-1, 10),
    "gap": draw.floats(0, 5),
    "margin": draw.floats(-5, 1),
    "siblings_gain": draw.floats(-1e6, 1e6),
    "diverted": draw.floats(-1e6, 1e6),
    "quality_known": shares,
    "quality_answer": draw.floats(-5, 5),
    "knowledge_decay": shares,
    "kept": shares,
    "recovery": shares,
    "months": draw.integers(0, 36),
    **dict.fromkeys(("beside", "on_pages"), draw.lists(slot_markets, max_size=2).map(tuple)),
}
# Capacity is without end only where a seller rents what it needs.
FINITE = {SeenByChipVendor, SeenByCloud, SeenByFleetInvestor}


@draw.composite
def offers(pick: draw.DrawFn) -> SeenByChooser:
    """Between one and five offers, of which some may be of the buyer's own group."""
    n = pick(draw.integers(1, 5))

    def each(values: draw.SearchStrategy[Any]) -> tuple[Any, ...]:
        return tuple(pick(values) for _ in range(n))

    worth = draw.floats(-20, 20)
    return SeenByChooser(
        each(dollars), each(worth), each(shares), each(draw.booleans()), pick(draw.floats(0, 50)), each(worth)
    )


def views(kind: type) -> draw.SearchStrategy[Any]:
    """Anything that a strategy may be shown."""
    if kind is SeenByChooser:
        return offers()
    parts = {field.name: FIELDS.get(field.name, draw.floats(0, 1e12)) for field in fields(kind)}
    if kind in FINITE:
        parts["capacity"] = draw.floats(1, 1e12)
    return draw.builds(kind, **parts)


def strategy_of(group: str, slot: str, name: str) -> Any:
    return MENUS[group][slot][name]()


@pytest.mark.parametrize("path", EVERY, ids=".".join)
def test_a_strategy_is_a_frozen_record_that_needs_no_arguments(path):
    strategy = strategy_of(*path)
    assert is_dataclass(strategy)
    assert not hasattr(strategy, "__dict__")  # slots: it can remember nothing
    assert inspect.getmro(type(strategy))[1:] == (object,)
    for field in fields(strategy):
        assert field.type is float, field
        with pytest.raises(FrozenInstanceError):
            setattr(strategy, field.name, 0.0)


@pytest.mark.parametrize("path", EVERY, ids=".".join)
def test_a_strategy_is_its_numbers_and_nothing_else(path):
    """So that a manifest of its name and numbers is enough to make it again: no pickle needed."""
    strategy = strategy_of(*path)
    again = type(strategy)(**asdict(strategy))
    assert again == strategy
    assert hash(again) == hash(strategy)


@pytest.mark.parametrize("path", EVERY, ids=".".join)
def test_a_strategy_takes_what_it_sees_and_its_chance(path):
    strategy = strategy_of(*path)
    assert list(inspect.signature(strategy).parameters) == ["seen", "chance"]
    hints = get_type_hints(type(strategy).__call__)
    assert hints["chance"] is Chance
    answers = {"sourcing": list[float], "by_query": TARIFF, "by_token": float | TARIFF}
    assert hints["return"] == answers.get(path[2], answers.get(path[1], float))
    kind = seen_by(*path)
    assert kind.__dataclass_params__.frozen  # type: ignore[attr-defined]


@pytest.mark.parametrize("path", EVERY, ids=".".join)
def test_a_strategys_docstring_says_what_happens_in_the_economy(path):
    cls = MENUS[path[0]][path[1]][path[2]]
    docstring = cls.__doc__ or ""
    assert not docstring.startswith(f"{cls.__name__}("), "what dataclass writes where nothing is said"
    assert docstring.endswith((".", ")", ".\n    "))
    assert len(docstring.split()) >= 10


@pytest.mark.parametrize("path", EVERY, ids=".".join)
@quick
@given(data=draw.data())
def test_a_strategy_decides_something_sensible_whatever_it_sees(path, data):
    strategy, seen = strategy_of(*path), data.draw(views(seen_by(*path)))
    before = copy.deepcopy(seen)
    decided = strategy(seen, DICE)
    assert seen == before
    assert strategy(seen, DICE) == strategy_of(*path)(before, DICE) == decided
    if path[1] == "sourcing":
        assert len(decided) == len(seen.price)
        assert all(0 <= share <= 1 for share in decided)
        assert sum(decided) == pytest.approx(1, abs=1e-9)  # five roundings of floats
        return
    for each in decided if isinstance(decided, tuple) else (decided,):
        assert isinstance(each, float | int)
        assert isfinite(each)
        assert each >= 0


CHOICE = SeenByChooser((2.0, 1.0), (3.0, 1.0), (0.2, 0.8), (False, True), 1.0, (0.1, 0.1))
LINE = Schedule((0.0, 9.0), (90.0, 0.0))
# Views of each kind on which any two strategies of a menu answer differently with their default numbers.
PAGE = SeenBySearchBusiness(pages=90.0, slot_price=0.02, page_slots=10.0, answer_slots=3.0, query_cost=0.01, lost=0.1)
MODEL = SeenByLab(
    unit_cost=2.0, full_cost=2.5, last_price=5.0, elasticity=3.0, elasticity_seen=2.2, demand=LINE, capacity=inf,
    rival_price=2.4, siblings_gain=0.7,
)  # fmt: skip
TELLING: dict[type, Any] = {  # one view, or several of which one tells two strategies apart
    SeenByChooser: (CHOICE, replace(CHOICE, price=(1.0, 1.0), quality=(1.0, 1.0), last_share=(0.5, 0.5))),
    SeenByChipVendor: SeenByChipVendor(
        unit_cost=2.0, full_cost=2.5, last_price=5.0, elasticity=3.0, demand=LINE, worth=40.0, wait=7.0, capacity=60.0,
        coming=5.0, orders=200.0, growth=0.02, backlog=900.0, lead=9.0, idle=0.3, marginal_cost=1.0, prepayment=4.0,
        speed_price=2.0, hours=100.0, rival_price=0.2, idle_lines=3,
    ),
    SeenByEntrant: SeenByEntrant(worth=9.0, cost=4.0),
    SeenByCommittedVendor: SeenByCommittedVendor(
        made=(90.0, *(10.0,) * 12), could=(90.0,) * 13, committed=95.0, backlog=2.0
    ),
    SeenByBorrower: SeenByBorrower(missing=40.0, pledged=100.0, worth=100.0, owed=45.0),
    SeenByBoard: SeenByBoard(cash=10.0, burn=9.0, grant=1.0, debts=4.0),
    SeenByReserver: SeenByReserver(used=1000.0, growth=0.1, lead=6.0, reserved=300.0, price=4.0),
    SeenByRationer: SeenByRationer(ordered=100.0, held_share=0.2, own=0.0),
    SeenByCloud: SeenByCloud(
        unit_cost=2.0, full_cost=2.5, last_price=5.0, elasticity=3.0, demand=LINE, capacity=60.0, used_share=0.9,
    ),
    SeenByFleetInvestor: SeenByFleetInvestor(
        asked=100.0, growth=0.05, trend=0.05, capacity=90.0, coming=3.0, leaving=8.0, contracted=110.0, horizon=12.0,
        return_on_cost=1.4, outlook=1.2,
    ),
    SeenByLab: (MODEL, replace(MODEL, diverted=7.0)),  # whether to sell it is all or nothing
    SeenByResearcher: SeenByResearcher(
        cash=90.0, revenue=10.0, running_cost=5.0, last_budget=4.0, margin=0.5, expected_revenue=50.0,
        quality_known=0.5, quality_answer=1.2, knowledge=3.0, knowledge_unit=2.0, knowledge_decay=0.04, learned=0.5,
    ),
    SeenByApp: SeenByApp(
        unit_cost=2.0, full_cost=2.5, last_price=5.0, list_price=20.0, elasticity=3.0, demand=LINE, capacity=inf,
        quota=30.0, list_quota=50.0, query_cost=0.1, free_queries=900.0, revenue=10.0, cash=100.0, last_costs=12.0,
        list_marketing=8.0, rivals_marketing=3.0, marketing=6.0, heads=2.0, heads_answer=0.5, known=90.0, users=30.0,
        gross_profit=5.0, token_cost=0.08,
    ),
    SeenByApplianceMaker: SeenByApplianceMaker(full_cost=100.0, worth=150.0),
    SeenByStaffSeatSeller: SeenByStaffSeatSeller(list_price=20.0, unit_cost=15.0),
    SeenBySearchBusiness: (PAGE, replace(PAGE, lost=0.9)),  # where it pays to answer is all or nothing
    SeenByAdSeller: SeenByAdSeller(
        list_load=0.5, load=0.3, months=9.0, most_slots=3.0, users=100.0, people=900.0, margin=2.0, page_margin=0.0,
        kept=1.0, aversion=0.5, erosion=0.1, recovery=0.1, beside=(SlotMarket(0.02, 9e5, 900.0, 50.0, 0.0, 900.0),),
        on_pages=(),
    ),
    SeenByTokenSeller: SeenByTokenSeller(served=0.5),
    SeenByReleaser: SeenByReleaser(gathered=0.5, months=7),
    SeenBySelfHost: SeenBySelfHost(api_bill=50.0, hours_bill=30.0, team=5.0, hosted=0.2),
    SeenByMachineBuyer: SeenByMachineBuyer(hours=90.0, capacity=20.0, coming=10.0, return_on_cost=1.4),
    SeenByReasoner: SeenByReasoner(revenue=900.0, other_cost=100.0, output_cost=20.0, gain=0.4, effort=1.0),
    SeenBySearchBuyer: SeenBySearchBuyer(calls=90.0, tariff=Tariff(0.1, 50.0, 0.9), index_cost=5.0, call_cost=0.2),
    SeenByAdopters: SeenByAdopters(firms=0.2, depth=0.3, gain=0.5),
    SeenByInvestor: SeenByInvestor(revenue=10.0, growth=0.1, burn=1.0, cash=5.0, floor=20.0, hype=1.2, expected=8.0,
        story=12.0, story_share=0.4, gross_profit=3.0, gross_growth=0.05),
}  # fmt: skip


@pytest.mark.parametrize(("group", "slot", "one", "other"), PAIRS, ids=lambda part: part)
def test_any_two_on_a_menu_differ_somewhere(group, slot, one, other):
    situations = TELLING[seen_by(group, slot, one)]
    first, second = strategy_of(group, slot, one), strategy_of(group, slot, other)
    assert any(
        first(seen, DICE) != second(seen, DICE)
        for seen in (situations if isinstance(situations, tuple) else (situations,))
    )


@pytest.mark.parametrize(("group", "slot"), SLOTS)
def test_a_menu_has_at_least_two_strategies_and_no_duplicates(group, slot):
    menu = MENUS[group][slot]
    assert len(menu) >= 2
    assert len(set(menu.values())) == len(menu)


def test_every_strategy_that_is_written_is_on_a_menu():
    folder = Path(strategies.__file__).parent
    written = {
        node.name
        for file in folder.glob("*.py")
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.ClassDef) and any(getattr(each, "name", "") == "__call__" for each in node.body)
    }
    assert written == {MENUS[group][slot][name].__name__ for group, slot, name in EVERY}


def test_the_parameter_table_holds_the_defaults_of_all_strategies_and_no_others():
    with TABLE.open(encoding="utf-8", newline="") as file:
        rows = {row["name"]: float(row["value"]) for row in csv.DictReader(file) if row["name"].count(".") == 3}
    defaults = {
        f"{group}.{slot}.{name}.{field.name}": field.default
        for group, slot, name in EVERY
        for field in fields(MENUS[group][slot][name])
    }
    assert rows == defaults
