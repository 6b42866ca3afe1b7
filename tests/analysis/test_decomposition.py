"""Rent decomposition: shares add up to the cent, and every cause has an effect."""

import json
from fractions import Fraction
from functools import cache
from itertools import combinations

import polars as pl
import pytest

from watersellers import BadInput, run
from watersellers.experiments.__main__ import main
from watersellers.experiments.analysis.decomposition import (
    Cause,
    decompose,
    load_causes,
    shapley,
    world_without,
    year_profit,
)
from watersellers.experiments.loading.loader import load_scenario
from watersellers.market.goods import CHAIN

CAUSES = load_causes()
MONTHS, USERS = 26, 2_000
NOISE = 2  # standard deviations over seeds
HIDDEN = ("few_sellers", "lock_in")  # while machines are short they fetch what buyers can bear, whoever sells


def subsets(names):
    return [frozenset(some) for size in range(len(names) + 1) for some in combinations(names, size)]


def test_shares_are_those_of_the_glove_game():
    """One left glove and two right ones: a pair is worth 6; the left glove gets 4, each right one 1 (textbook)."""
    worth = {at: 6 * (("left" in at) and bool(at & {"right", "other"})) for at in subsets(["left", "right", "other"])}
    assert shapley(worth, ["left", "right", "other"]) == {"left": 4, "right": 1, "other": 1}


def test_shares_add_up_exactly_and_a_cause_that_changes_nothing_has_none():
    names = ["a", "b", "c", "d"]
    worth = {at: 7 ** len(at) + 13 * ("a" in at) + 10**17 * ("b" in at) for at in subsets(names)}
    worth = {at: worth[at - {"d"}] for at in worth}  # d does nothing
    shares = shapley(worth, names)
    assert sum(shares.values()) == worth[frozenset(names)] - worth[frozenset()]
    assert shares["d"] == 0
    assert shares["a"] - shares["c"] == 13
    assert all(isinstance(share, Fraction) for share in shares.values())


def test_all_causes_at_work_is_the_reference_world():
    every_cause, baseline = (run(spec, months=3, users=100) for spec in (world_without([]), load_scenario("baseline")))
    assert every_cause.manifest["digest"] == baseline.manifest["digest"]


def test_a_combination_lays_every_switch_over_the_world():
    without_causes = world_without(CAUSES)
    vendors = {member.name: member.numbers for member in without_causes.groups["chips"]}
    base = next(member for member in load_scenario("baseline").groups["chips"] if member.name == "nvidia").numbers
    alike = [numbers for name, numbers in vendors.items() if name.startswith("nvidia")]
    assert len(alike) == 8
    assert all(numbers == alike[0] for numbers in alike)
    assert sum(numbers["opening_capacity"] for numbers in alike) == pytest.approx(base["opening_capacity"])
    assert {numbers["lead"] for numbers in vendors.values()} == {1}
    assert {numbers["lock_in"] for numbers in vendors.values()} == {0}
    assert all({"nvidia", "nvidia_8"} <= set(member.partners["chips"]) for member in without_causes.groups["cloud"])
    assert {member.numbers["opening_cash"] for member in without_causes.groups["investors"]} == {0}


@cache
def profit_without(gone, seed=1):
    """Profit of each layer in the world without the causes of these names."""
    return year_profit(run(world_without([one for one in CAUSES if one.name in gone.split()]), seed, MONTHS, USERS))


@pytest.fixture(scope="module")
def spread():
    """Standard deviation over seeds of each layer's profit."""
    found = [profit_without("", seed) for seed in (1, 2, 3)]
    return {layer: pl.Series([row[layer] for row in found]).std() for layer in CHAIN}


@pytest.mark.parametrize("cause", CAUSES, ids=lambda cause: cause.name)
def test_each_cause_moves_some_layers_profit_well_above_the_spread_over_seeds(cause, spread):
    """Taken from all causes; what scarcity hides, from those that are left without it."""
    off = [one for one in CAUSES if one.name == "scarcity" and cause.name in HIDDEN]
    base, found = (profit_without(" ".join(one.name for one in gone)) for gone in (off, [*off, cause]))
    change = {layer: abs(found[layer] - base[layer]) / spread[layer] for layer in CHAIN}
    assert max(change.values()) > NOISE, change


def test_decomposing_adds_up_to_the_cent_for_each_seed_and_layer():
    found = decompose(seeds=1, months=2, users=50, workers=1, causes=CAUSES[:2])
    assert len(found.worlds) == 4 * len(CHAIN)
    for layer in CHAIN:
        there, gone = found.ends(1, layer)
        assert sum(found.shares[1, layer, cause.name] for cause in found.causes) == there - gone


def test_the_command_gives_shares_that_machines_can_add_up(capsys, monkeypatch):
    monkeypatch.setattr("watersellers.experiments.analysis.decomposition.load_causes", lambda: CAUSES[2:4])
    assert main(["decompose", "--seeds", "1", "--months", "2", "--users", "50", "--workers", "1", "--json"]) == 0
    printed = json.loads(capsys.readouterr().out)
    ends = next(row for row in printed["ends"] if row["layer"] == "chips")
    exact = [Fraction(row["exact"]) for row in printed["shares"] if row["layer"] == "chips"]
    assert sum(exact) == ends["all"] - ends["none"]
    assert [row["cause"] for row in printed["causes"]] == [cause.name for cause in CAUSES[2:4]]
    assert main(["decompose", "--seeds", "1", "--months", "2", "--users", "50", "--workers", "1"]) == 0
    assert "lock-in" in capsys.readouterr().out


def test_a_switch_that_names_nothing_is_refused():
    with pytest.raises(BadInput, match="unknown group 'chip'"):
        world_without([Cause("x", "x", "x", {"chip.*.lock_in": 0})])
    with pytest.raises(BadInput, match="seeds: found 0"):
        decompose(seeds=0)
