"""Worlds with something taken away: what counts as a switch, which worlds are made, and how they are judged."""

import pytest

from watersellers.agents.strategies.capacity import HoldCapacity
from watersellers.experiments.analysis.ten_years import switched_worlds as made
from watersellers.experiments.analysis.verdicts import RunSeries, Verdict
from watersellers.experiments.loading.loader import load_scenario


@pytest.fixture(scope="module")
def switches():
    return {one.name: one for one in made.switches()}


def test_a_number_that_is_zero_in_the_table_and_not_here_is_a_switch(switches):
    reference = load_scenario("baseline")
    stakes = switches["cloud.stake_share"].settings
    clouds = [one for one in reference.groups["cloud"] if one.numbers["stake_share"]]
    assert stakes == {f"cloud.{one.name}.stake_share": 0.0 for one in clouds} != {}
    assert switches["world.owner_hurdle"].settings == {"world.owner_hurdle": 0.0}
    assert "world.patience" not in switches  # it is not 0 in the table
    assert "chips.learning" not in switches  # nobody learns here


def test_a_choice_that_all_firms_of_the_bare_chain_share_is_a_switch_where_some_firm_chose_otherwise(switches):
    cutting = switches["chips.cutting"].settings
    assert set(cutting.values()) == {"hold"}
    assert "chips.nvidia.cutting" in cutting
    world = made.taken_away([switches["chips.cutting"]])
    assert world is not None
    assert {type(one.strategies["cutting"]) for one in world.groups["chips"]} == {HoldCapacity}
    assert "labs.pricing" not in switches  # as in the bare chain


def test_what_is_taken_away_stays_away_and_nothing_else_does(switches):
    world = made.taken_away([switches["labs.luck_quality"], switches["world.owner_hurdle"]])
    assert world is not None
    assert {one.numbers["luck_quality"] for one in world.groups["labs"]} == {0.0}
    assert world.numbers["owner_hurdle"] == 0.0
    assert {one.numbers["luck_speed"] for one in world.groups["labs"]} != {0.0}


def test_a_world_that_lacks_a_part_is_left_out(switches, monkeypatch):
    assert made.taken_away([switches["investors.savers_wealth"]]) is None
    few = ["investors.savers_wealth", "world.owner_hurdle", "chips.payout", "labs.moves", "cloud.impairment"]
    monkeypatch.setattr(made, "switches", lambda: [switches[name] for name in few])
    made.switched_worlds.cache_clear()
    worlds = made.switched_worlds()
    again = made.switched_worlds()
    made.switched_worlds.cache_clear()
    assert [*worlds["each switch"]] == few[1:]
    assert len(worlds["pairs of switches"]) == len(few[1:])
    assert [*again["pairs of switches"]] == [*worlds["pairs of switches"]]


def test_a_verdict_names_what_breaks(monkeypatch):
    spec = load_scenario("plain")
    worlds = {"each switch": {"a": spec, "b": spec}, "pairs of switches": {"a and b": spec, "b and c": spec}}
    monkeypatch.setattr(made, "switched_worlds", lambda: worlds)

    class Given(RunSeries):
        def of_each(self, specs, seeds, months, measure):
            return [[{"sane": seed > 0 or not at} for seed in range(seeds)] for at in range(len(specs))]

    alone, pairs = made.switch_verdicts(Given(), 2)
    assert alone == Verdict("ten years without each switch", "sane", 3, 4, made.NEEDED, figure="not without: b")
    assert (pairs.held, pairs.of, pairs.figure) == (3, 4, "not without: b and c")
    assert not alone.comes_out
