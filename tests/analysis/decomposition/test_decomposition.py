"""Rent decomposition: shares add up to the cent, and every cause has an effect."""

import json
from fractions import Fraction
from functools import cache

import polars as pl
import pytest

from watersellers import BadInput, run, scenario_names
from watersellers.experiments.__main__ import main
from watersellers.experiments.analysis.decomposition.causes import Cause, load_causes
from watersellers.experiments.analysis.decomposition.decompose import ORDERS, decompose, year_profit
from watersellers.experiments.analysis.decomposition.worlds import world_without
from watersellers.experiments.input.scenario_warnings import warn_of
from watersellers.experiments.loading.loader import load_scenario
from watersellers.market.goods import CHAIN

CAUSES = load_causes()
MONTHS, USERS = 26, 2_000
NOISE = 2  # standard deviations over seeds
# Seats of the public are a small part of what apps sell in the reference world; what is committed bounds what belief
# in growth may call in one year.
WITHIN_NOISE = ("flat_pricing", "growth_chasing")
HIDDEN = ("few_sellers", "lock_in")  # while machines are short they fetch what buyers can bear, whoever sells


def test_all_causes_at_work_is_the_reference_world():
    every_cause, baseline = (run(spec, months=3, users=100) for spec in (world_without([]), load_scenario("baseline")))
    assert every_cause.manifest["digest"] == baseline.manifest["digest"]


OTHER_VENDORS = "earlier_waves"  # a small world of its own, in which no NVIDIA can be copied


@pytest.mark.parametrize("scenario", sorted({*scenario_names()} - {OTHER_VENDORS}))
def test_every_scenario_that_ships_has_a_world_without_any_cause(scenario):
    world = world_without(CAUSES, scenario)
    assert {member.numbers["lead"] for member in world.groups["chips"]} == {1}
    assert world.numbers["foundry_growth"] == 1000


def test_a_world_without_the_firm_that_a_cause_copies_is_refused_by_its_name():
    with pytest.raises(BadInput, match=r"copies, chips\.nvidia: found no such firm in 'earlier_waves'"):
        world_without(CAUSES, OTHER_VENDORS)


@pytest.mark.parametrize("cause", CAUSES, ids=lambda cause: cause.name)
def test_each_cause_can_be_taken_from_the_world_in_which_all_systems_are_at_work(cause):
    assert run(world_without([cause], "all_systems"), months=2, users=50).layers["month"].n_unique() == 2


def test_a_combination_lays_every_switch_over_the_world():
    without_causes = world_without(CAUSES)
    vendors = {member.name: member.numbers for member in without_causes.groups["chips"]}
    base = next(member for member in load_scenario("baseline").groups["chips"] if member.name == "nvidia").numbers
    alike = [numbers for name, numbers in vendors.items() if name.startswith("nvidia") and name != "nvidia_abroad"]
    assert len(alike) == 8
    assert all(numbers == alike[0] for numbers in alike)
    assert sum(numbers["opening_capacity"] for numbers in alike) == pytest.approx(base["opening_capacity"])
    assert {numbers["lead"] for numbers in vendors.values()} == {1}
    assert {numbers["lock_in"] for numbers in vendors.values()} == {0}
    assert all(
        {"nvidia", "nvidia_8"} <= {*one.partners["chips"]}
        for one in without_causes.groups["cloud"]
        if one.name != "bayou"
    )
    assert {member.numbers["opening_cash"] for member in without_causes.groups["investors"]} == {0}
    assert {member.strategies["adoption"].imitators for member in without_causes.groups["work"]} == {0}


def test_what_a_cause_sets_no_event_of_the_scenario_changes():
    """Meta's dated releases would end the freeze of its models, and the loader refuses them after release 1000."""
    frozen = world_without([cause for cause in CAUSES if cause.name == "growing_quality"])
    assert {member.numbers["release"] for member in frozen.groups["labs"]} == {1000}
    base = load_scenario("baseline")
    assert [event for event in base.events if not event.path.endswith(".release")] == list(frozen.events)
    assert len(frozen.events) < len(base.events)
    for path in ("states.*.programme", "states.japan.programme"):
        seen = world_without([Cause("x", "x", "x", {path: 7})])
        left = {event.path for event in seen.events if event.path.startswith("states.")}
        assert ("states.japan.programme" in left, "states.india.programme" in left) == (False, path[7] != "*")
        numbers = {member.name: member.numbers["programme"] for member in seen.groups["states"]}
        assert (numbers["japan"], numbers["india"]) == (7, 7 if path[7] == "*" else 0)


def test_labs_whose_models_are_frozen_stay_as_good_as_they_are_and_train_as_before():
    off = [cause for cause in CAUSES if cause.name == "growing_quality"]
    labs = run(world_without(off), months=8, users=50).firms.filter(layer="labs")
    assert labs.drop_nulls("quality").group_by("firm").agg(pl.col("quality").n_unique())["quality"].max() == 1
    trained = labs.filter(firm="openai")["operating_cost"]
    assert trained[-1] > trained[0] > 0


@pytest.mark.parametrize(("law", "numbers"), [("epidemic", 2), ("mansfield", 2), ("probit", 1)])
def test_a_star_after_a_decision_stands_for_the_strategies_in_use_that_have_the_number(law, numbers):
    scenario = "plain" if law == "mansfield" else f"adoption_{law}"
    world = world_without([cause for cause in CAUSES if cause.name == "adoption"], scenario)
    for member in world.groups["work"]:
        used = member.strategies["adoption"]
        found = [getattr(used, name) for name in ("innovators", "imitators") if hasattr(used, name)]
        assert (type(used).__name__.lower().startswith(law), found) == (True, [0] * numbers)


def test_a_cause_of_what_a_world_does_not_have_changes_nothing_in_it():
    without = world_without([cause for cause in CAUSES if cause.name in ("adoption", "growth_chasing")], "dollar_paths")
    base = load_scenario("dollar_paths")
    assert without.groups["work"] == base.groups["work"]


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
    assert (max(change.values()) > NOISE) == (cause.name not in WITHIN_NOISE), change
    assert max(change.values()) > 0


def test_decomposing_adds_up_to_the_cent_for_each_seed_and_layer():
    found = decompose(seeds=1, months=2, users=50, workers=1, causes=CAUSES[:2])
    assert len(found.worlds) == 4 * len(CHAIN)
    for layer in CHAIN:
        there, gone = found.ends(1, layer)
        assert sum(found.shares[1, layer, cause.name] for cause in found.causes) == there - gone


def test_the_command_gives_shares_that_machines_can_add_up(capsys, monkeypatch):
    monkeypatch.setattr("watersellers.experiments.analysis.decomposition.decompose.load_causes", lambda: CAUSES[2:4])
    assert main(["decompose", "--seeds", "1", "--months", "2", "--users", "50", "--workers", "1", "--json"]) == 0
    printed = json.loads(capsys.readouterr().out)
    ends = next(row for row in printed["ends"] if row["layer"] == "chips")
    exact = [Fraction(row["exact"]) for row in printed["shares"] if row["layer"] == "chips"]
    assert sum(exact) == ends["all"] - ends["none"]
    assert [row["cause"] for row in printed["causes"]] == [cause.name for cause in CAUSES[2:4]]
    assert main(["decompose", "--seeds", "1", "--months", "2", "--users", "50", "--workers", "1"]) == 0
    assert "lock-in" in capsys.readouterr().out
    assert (printed["orders"], {row["error"] for row in printed["shares"]}) == ("all", {0.0})


@pytest.fixture
def few_runs(monkeypatch):
    """Worlds that are not run: causes add 1, 2, 4 ... cents to profit, and each three neighbours 1,000 more."""
    names = [cause.name for cause in CAUSES]
    made = []

    def measured(cases, of, workers):
        for case in cases:
            made.append(case)
            active = frozenset(case.spec.split()) & set(names)
            worth = sum(2**place for place, name in enumerate(names) if name in active)
            worth += case.seed * 1000 * sum({*names[at : at + 3]} <= active for at in range(len(names) - 2))
            yield dict.fromkeys(CHAIN, worth)

    def named(off, scenario, base):
        return " ".join(cause.name for cause in CAUSES if cause not in off)

    monkeypatch.setattr("watersellers.experiments.analysis.decomposition.decompose.measure_runs", measured)
    monkeypatch.setattr("watersellers.experiments.analysis.decomposition.decompose.world_without", named)
    return made


def test_many_causes_are_sampled_and_still_add_up_to_the_cent_with_their_errors(few_runs):
    found = decompose(seeds=2)
    assert found.orders == ORDERS
    assert len(few_runs) <= 2 * (ORDERS * (len(CAUSES) - 1) + 2) == 2 * 68
    assert len({(case.seed, case.spec) for case in few_runs}) == len(few_runs)  # a world is run once per seed
    for seed in (1, 2):
        there, gone = found.ends(seed, "chips")
        assert sum(found.shares[seed, "chips", cause.name] for cause in CAUSES) == there - gone
        assert there - gone == 2 ** len(CAUSES) - 1 + seed * 1000 * (len(CAUSES) - 2)
        assert found.errors[seed, "chips", CAUSES[5].name] > 0
    errors = [found.errors[seed, "chips", CAUSES[5].name] for seed in (1, 2)]
    assert found.mean_error("chips", CAUSES[5].name) == pytest.approx((errors[0] ** 2 + errors[1] ** 2) ** 0.5 / 2)
    more = decompose(seeds=3)
    assert {key: share for key, share in more.shares.items() if key[0] < 3} == found.shares
    assert decompose(seeds=1, orders=2).error(1, "chips", CAUSES[5].name) is None


def test_sampled_shares_come_near_to_those_of_all_orders_as_orders_grow(few_runs):
    exact, drawn = decompose(seeds=1, orders="all"), decompose(seeds=1, orders=300)
    assert (exact.orders, drawn.orders) == (None, 300)
    off = [
        float(drawn.shares[1, "chips", one.name] - exact.shares[1, "chips", one.name])
        / drawn.errors[1, "chips", one.name]
        for one in CAUSES
    ]
    assert 0 < max(map(abs, off)) < 4


def test_firms_that_never_trade_once_a_cause_is_gone_are_no_news(monkeypatch, capsys):
    def measured(cases, of, workers):
        for _ in cases:
            warn_of("labs.openai: it never sold anything")
            yield dict.fromkeys(CHAIN, 1)

    monkeypatch.setattr("watersellers.experiments.analysis.decomposition.decompose.measure_runs", measured)
    assert main(["decompose", "--seeds", "1", "--orders", "2", "--json"]) == 0
    assert "never sold" not in capsys.readouterr().err


def test_orders_that_take_as_many_worlds_as_all_combinations_are_all_of_them(few_runs):
    assert decompose(seeds=1, orders=6, causes=CAUSES[:4]).orders is None  # 20 worlds at most, of 16
    assert decompose(seeds=1, orders=4, causes=CAUSES[:4]).orders == 4  # 14 of 16
    assert decompose(seeds=1, causes=CAUSES[:6]).orders is None
    assert decompose(seeds=1, causes=CAUSES[:7]).orders == ORDERS


def test_the_table_of_drawn_orders_tells_their_error(few_runs, capsys):
    assert main(["decompose", "--seeds", "2"]) == 0
    said = capsys.readouterr().out
    assert "±" in said
    assert "6 orders" in " ".join(said.split())
    assert main(["decompose", "--seeds", "2", "--orders", "2"]) == 0
    assert "One pair does not tell how far" in " ".join(capsys.readouterr().out.split())
    assert main(["decompose", "--seeds", "2", "--orders", "all"]) == 0
    assert "±" not in capsys.readouterr().out
    assert main(["decompose", "--seeds", "1", "--orders", "4", "--json"]) == 0
    printed = json.loads(capsys.readouterr().out)
    assert printed["orders"] == 4
    assert all(row["error"] >= 0 for row in printed["shares"])
    assert main(["decompose", "--orders", "five"]) == 2
    assert "expected a whole number, as in 10, or all" in " ".join(capsys.readouterr().err.split())


def test_sampled_shares_are_the_same_on_any_number_of_processes():
    runs = [decompose(seeds=1, months=1, users=10, workers=workers, causes=CAUSES[3:8], orders=2) for workers in (1, 2)]
    assert runs[0].shares == runs[1].shares
    assert runs[0].worlds == runs[1].worlds
    assert len(runs[0].worlds) == 10 * len(CHAIN)


def test_a_switch_that_names_nothing_is_refused():
    with pytest.raises(BadInput, match="unknown group 'chip'"):
        world_without([Cause("x", "x", "x", {"chip.*.lock_in": 0})])
    with pytest.raises(BadInput, match="unknown choice of strategy 'adoptio'"):
        world_without([Cause("x", "x", "x", {"work.adoptio.*.imitators": 0})])
    with pytest.raises(BadInput, match=r"unknown number 'imitator'.*Did you mean 'imitators'"):
        world_without([Cause("x", "x", "x", {"work.adoption.*.imitator": 0})])
    with pytest.raises(BadInput, match="seeds: found 0"):
        decompose(seeds=0)


@pytest.mark.parametrize("orders", [0, 1, 3, -2, 2.0, True, "six", "ALL", 10_002, float("nan")])
def test_an_impossible_number_of_orders_is_refused_with_all_other_problems(orders):
    with pytest.raises(BadInput) as refused:
        decompose(seeds=0, orders=orders)
    assert [each.split(":")[0] for each in refused.value.problems] == ["seeds", "orders"]
    assert "expected an even number from 2 to 10000, since each order is run with its reverse, or 'all'" in str(refused)


def test_every_combination_of_too_many_causes_is_refused():
    many = [Cause(f"cause_{number}", "x", "x", {}) for number in range(13)]
    with pytest.raises(BadInput, match="orders: found 'all', which takes 8,192 worlds per seed with 13 causes"):
        decompose(causes=many, orders="all")
    with pytest.raises(BadInput, match="orders: found 'none'"):
        decompose(causes=many, orders="none")
