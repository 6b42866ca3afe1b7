"""The order within a month: every order that the schedule allows gives the same economy, a forbidden one another.

Rows are compared as multisets, without the journal's own numbering, which follows the order. Three worlds in which all
mechanisms are at work are lived: one in which much happens, one in which firms are poor, one in which money is tight.
"""

import copy
import os
import random
from collections.abc import Mapping
from dataclasses import replace
from functools import cache

import pytest

from tests.tools.economy_fingerprints import prints_of
from tests.worlds.turbulence import TURBULENT
from watersellers.agents import assembly
from watersellers.agents.economy_parts import MarketTurns, Turn
from watersellers.agents.schedule import MARKETS, SCHEDULE
from watersellers.experiments.runs.world import World

ORDERS = 50 if "EVERY_SEED" in os.environ else 15  # all of them in `make verify`
ROUNDED = ("input_share", "ceiling_share")  # the order of payments decides where a cent of a split goes
BROKEN = {"broken": "the books do not hold"}


def changed(name: str, base: Mapping, **groups: Mapping) -> dict:
    """A scenario over another, group by group."""
    scenario = copy.deepcopy(dict(base)) | {"name": name}
    for group, keys in groups.items():
        scenario[group] |= keys
    return scenario


POOR = changed(
    "poor",
    TURBULENT,
    world={"patience": 4},
    chips={
        "opening_cash": 1e6,
        "longest_wait": 0,
        "take_or_pay": 0.3,
        "notice": 6,
        "cutting": {"use": "cut_idle", "months": 3, "leave_after": 3, "least": 0.5},
    },
    cloud={
        "opening_cash": 1e6,
        "borrowing": "against_fleet",
        "loan_rate": 0.02,
        "owner_funds": 1e5,
        "contract_lead": 0,
        "coreweave": TURBULENT["cloud"]["coreweave"] | {"capacity": "extrapolate"},
    },
    labs={"opening_cash": 5e6, "contracting": "reserve_share", "reserved_term": 12},
    apps={
        "opening_cash": 3e5,
        "content_price": 1e-3,
        "publisher_share": 0.1,
        "transactions": 2.0,
        "take_rate": 0.05,
        "device_price": 50,
        "device_cost": 45,
        "device_reach": 0.1,
        "opening_pages": 1e4,
        "page_cost": 1e-3,
        "hosting": "own_model",
        "owning": "own_machines",
        "host_team": 1e5,
        "build_lag": 1,
    },
)
TIGHT = changed(
    "tight",
    POOR,
    world={
        "lenders_cash": 1e10,
        "lenders_inflow": 1e8,
        "patience": 6,
        "owner_cushion": 1.0,
        "own_use_low": 0.0,
        "own_use_high": 0.0,
    },
    cloud={
        "payout": 0.9,
        "covenant": 0.25,
        "loan_rate": 0.03,
        "loan_grace": 3,
        "older_revenue": 1e6,
        "owner_funds": 1e9,
        "opening_cash": 1e7,
    },
    chips={"longest_wait": 24},
    labs={"staff": 2e7, "staff_share": 0.6, "openai": {"revenue_share": 0.5, "opening_cash": 1e7}},
    apps={
        "owner_funds": 1e8,
        "opening_cash": 1e9,
        "iflytek": {"sells_appliances": 1, "opening_cash": 1e9, "appliance_pricing": "share_of_worth"},
    },
    investors={"opening_cash": 1e6},
)
DEAR = changed("dear", TIGHT, cloud={"loan_rate": 0.2})
WORLDS = {"turbulent": (TURBULENT, 5), "poor": (POOR, 3), "tight": (TIGHT, 7), "dear": (DEAR, 7)}

type Orders = dict[str, tuple[Turn, ...]]


def declared() -> Orders:
    """Every list of turns, by its name: of the phases, and of the sides of markets."""
    sides = {
        f"{name}.{side}": getattr(trade, side) for name, trade in MARKETS.items() for side in ("sellers", "buyers")
    }
    return {**SCHEDULE, **sides}


def live(name: str, orders: Orders) -> Mapping[str, str]:
    """Simulate a world with its turns in some order, and fingerprint the result."""
    trades = {good: _reordered(trade, good, orders) for good, trade in MARKETS.items()}
    scenario, seed = WORLDS[name]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(assembly, "SCHEDULE", {phase: orders[phase] for phase in SCHEDULE})
        patch.setattr(assembly, "MARKETS", trades)
        world = World(scenario, rng=seed, users=80)
    try:
        while world.running:
            world.step()
    except ArithmeticError:  # what breaks the books is another economy
        return BROKEN
    return prints_of(world.result(), without=ROUNDED)


def _reordered(trade: MarketTurns, good: str, orders: Orders) -> MarketTurns:
    return replace(trade, sellers=orders[f"{good}.sellers"], buyers=orders[f"{good}.buyers"])


@cache
def as_declared(name: str) -> Mapping[str, str]:
    """Fingerprint a world with its turns as the schedule lists them."""
    return live(name, declared())


def admissible(turns: tuple[Turn, ...], chance: random.Random) -> tuple[Turn, ...]:
    """Draw an order in which each turn comes after those that have to come before it."""
    left, done = list(turns), []
    while left:
        free = [turn for turn in left if not any(other.part in turn.after for other in left)]
        done.append(chance.choice(free))
        left.remove(done[-1])
    return tuple(done)


@pytest.mark.parametrize("number", range(ORDERS))
def test_any_order_that_is_allowed_gives_the_same_economy(number):
    chance = random.Random(number)
    drawn = {name: admissible(turns, chance) for name, turns in declared().items()}
    name = list(WORLDS)[number % len(WORLDS)]
    assert live(name, drawn) == as_declared(name), f"{name}: {_narrowed(name, drawn)}"


def _narrowed(name: str, drawn: Orders) -> str:
    """Say which two neighbours can't change places, on the way from the declared order to the drawn one."""
    for phase, turns in declared().items():
        order = list(turns)
        for place, turn in enumerate(drawn[phase]):
            at = order.index(turn)
            while at > place:
                order[at - 1], order[at] = order[at], order[at - 1]
                at -= 1
                if live(name, declared() | {phase: tuple(order)}) != as_declared(name):
                    return f"{phase}: {order[at].part.__name__} before {order[at + 1].part.__name__} is another economy"
    return "only together do the phases give another economy"


CONSTRAINTS = [(name, turn, before) for name, turns in declared().items() for turn in turns for before in turn.after]


@pytest.mark.parametrize(("where", "turn", "before"), CONSTRAINTS, ids=lambda each: getattr(each, "__name__", None))
def test_each_constraint_bites(where, turn, before):
    """Break one constraint alone: the turn that has to come before comes right after, and no other turn moves."""
    first = next(each for each in declared()[where] if each.part is before)
    order = [each for each in declared()[where] if each is not first]
    order.insert(order.index(turn) + 1, first)
    broken = declared() | {where: tuple(order)}
    assert any(live(name, broken) != as_declared(name) for name in WORLDS)


@pytest.mark.parametrize("name", WORLDS)
def test_the_books_hold_in_the_declared_order(name):
    assert as_declared(name) != BROKEN


def test_constraints_name_actors_of_the_schedule_and_allow_the_declared_order():
    for name, turns in declared().items():
        done: set[type] = set()
        for turn in turns:
            assert set(turn.after) <= done, f"{name}: {turn.part.__name__}"
            done.add(turn.part)
