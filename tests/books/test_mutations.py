"""Each law of the running economy bites: break a rule of the real month on purpose, and the run stops with its name.

A mutation is a small patch of the rules, applied to a world that has been built and not yet lived. The world is a
small one in which what the laws are about happens early: machines leave, a firm fails, slots are sold.
"""

from typing import Any

import numpy as np
import pytest

from tests.books import goods_mutations, money_mutations
from tests.books.money_mutations import pay_in_full, pay_unbooked
from watersellers.agents.audit.stock_flow_checks import TURNS
from watersellers.experiments.loading.loader import load_scenario
from watersellers.experiments.runs.world import World
from watersellers.market.accounting.ledger import LedgerError
from watersellers.market.audit.invariants import InvariantBroken
from watersellers.market.goods import Good

MONTHS = 14
BUSY = {
    "extends": "dollar_paths",
    "name": "busy",
    "question": "What if a firm fails, machines leave and slots are sold, all in the first months?",
    "months": MONTHS,
    "world": {"patience": 2, "speed_price": 2},
    "chips": {"take_or_pay": 0.5},
    "cloud": {"opening_age": 60},  # the oldest machines are at the end of their book life
    "apps": {"iflytek": {"sells_appliances": 1, "opening_cash": 5e8}},  # its model is Qwen's from August on
    "enterprises": {"token_decline": 0.01},
    "advertisers": {"west": {"bidders": 1e12}},
    "investors": {"venture_west": {"savers_wealth": 4e10, "call_most": 0.1}},
    "labs": {"fading": {"key": 399_001, "region": "west", "opening_cash": 1e6, "staff": 9e7}},
}


@pytest.fixture(scope="module")
def spec() -> Any:
    return load_scenario(BUSY)


@pytest.fixture
def world(spec) -> World:
    return World(spec, rng=7, users=300)


def live(world: World) -> None:
    while world.running:
        world.step()


MUTATIONS = money_mutations.MUTATIONS | goods_mutations.MUTATIONS


@pytest.mark.parametrize("mutation", MUTATIONS, ids=lambda mutation: mutation.__name__)
def test_a_broken_rule_stops_the_run_and_names_the_law(mutation, world, monkeypatch):
    invariant, words = MUTATIONS[mutation]
    mutation(world, monkeypatch)
    world.renew_notes()
    with pytest.raises(InvariantBroken) as broken:
        live(world)
    assert broken.value.invariant == invariant, broken.value
    assert words in broken.value.found


def test_a_world_left_alone_has_all_that_the_laws_are_about(world):
    live(world)
    registers, ledger = world.parts.registers, world.economy.ledger
    goods = set(ledger.journal().good.tolist())
    assert world.month == MONTHS
    assert {Good.ATTENTION, Good.WRITE_OFF, Good.SHARES, Good.DIVIDEND, Good.ARREARS, Good.DEPOSIT} <= goods
    assert {Good.FOUNDRY_CAPACITY, Good.FOUNDRY_UNUSED} <= goods
    assert registers.fleets.retired.sum() > 0
    assert len(np.intersect1d(registers.fleets.machines.owner, registers.accounts.of_layer("enterprises")))


def test_every_law_has_a_mutation():
    assert {invariant for invariant, _ in MUTATIONS.values()} == {f"I{number}" for number in range(1, 15)}


def test_every_reason_for_a_payment_has_its_turn():
    turns = {good for goods in TURNS.values() for good in goods}
    assert turns == set(Good) - {Good.OPENING}  # which is written before the first phase


@pytest.mark.parametrize(("mutation", "law"), [(pay_unbooked, "I2"), (pay_in_full, "I4")])
def test_the_ledger_refuses_by_itself_what_it_can_see_in_one_batch(mutation, law, world, monkeypatch):
    """A payment without a delivery, and one without the cash, never come as far as the month's close.

    So the mutations above that break I2 and I4 so take this check away from the ledger first.
    """
    mutation(world, monkeypatch)
    world.renew_notes()
    with pytest.raises(LedgerError, match=f"^{law}: "):
        live(world)
