"""The worlds of doses and comparative statics: what is changed in them, and what is not."""

import json
from datetime import date
from functools import cache
from itertools import pairwise
from types import SimpleNamespace
from typing import Any

import polars as pl
import pytest

from watersellers import run
from watersellers.experiments.analysis.doses.figures import dose_figures
from watersellers.experiments.analysis.doses.table import DEMAND, SUPPLY, load_doses
from watersellers.experiments.analysis.doses.verdicts import worlds_of
from watersellers.experiments.analysis.doses.worlds import FROZEN, Change, dosed
from watersellers.experiments.analysis.leader_changes import leader_changes
from watersellers.experiments.loading.catalogue import builtin_catalogue
from watersellers.experiments.loading.loader import load_scenario

PARTS = [part for path in (DEMAND, SUPPLY) for part in load_doses(path).by_scenario.items()]
WORLDS = [(table, scenario) for scenario, table in PARTS]
LAW = "plain"


@cache
def usual_world(scenario, settings):
    """A scenario with what a change sets with and without a dose."""
    return load_scenario(scenario, json.loads(settings))


@pytest.mark.parametrize(("table", "scenario"), WORLDS)
def test_every_dose_makes_a_world_of_its_own_and_leaves_the_rest_as_it_is(table, scenario):
    reference = load_scenario(scenario)
    for change, dose in worlds_of(table):
        world, usual = dosed(scenario, change, dose), usual_world(scenario, json.dumps(change.both))
        assert (world == usual) == (dose is None)
        touched = {path.split(".")[0] for path in change.times} if not change.since else set()
        same = set(reference.groups) - touched - set(change.share_of)
        if not change.share_of and not change.divided[0]:  # firms that come or leave stand in lists of partners too
            assert all(world.groups[group] == usual.groups[group] for group in same), (dose, change)
            assert (world.numbers == usual.numbers) == ("world" not in touched)
    assert dosed(scenario, Change(), None) == reference


@pytest.mark.parametrize(("table", "scenario"), WORLDS)
def test_every_dosed_number_is_within_its_range(table, scenario):
    parameters = builtin_catalogue().parameters.by_name
    for change, dose in worlds_of(table):
        usual = usual_world(scenario, json.dumps(change.both))
        factor = 1.0 if dose is None or change.freeze else float(dose)
        for path in change.times:
            for value in values_at(usual, path):
                assert parameters[path].low <= factor * value <= parameters[path].high, (path, dose)


def values_at(world, path):
    """What a number is in a world: of each member that has it, or of the world."""
    group, *rest = path.split(".")
    if group == "world":
        return [world.numbers[rest[0]]]
    if len(rest) == 1:
        return [member.numbers[rest[0]] for member in world.groups[group]]
    found = [getattr(member.strategies[rest[0]], rest[2], None) for member in world.groups[group]]
    return [value for value in found if value is not None]


def test_a_dose_from_a_month_on_is_an_event_for_each_member():
    change = Change(times=("investors.savers_pace",), since="2025-01")
    before, after = load_scenario(LAW), dosed(LAW, change, 0.5)
    new = [event for event in after.events if event not in before.events]
    assert [(event.month, event.path) for event in new] == [
        (24, f"investors.{pool.name}.savers_pace") for pool in before.groups["investors"]
    ]
    assert [event.value for event in new] == [0.5 * pool.numbers["savers_pace"] for pool in before.groups["investors"]]


def test_a_dose_until_a_month_ends_there():
    paths = ("cloud.ranking_uplift", "world.foundry_growth")
    before, after = load_scenario("scarce_chips"), dosed("scarce_chips", Change(times=paths, until="2024-01"), 0.5)
    assert after.numbers["foundry_growth"] == 0.5 * before.numbers["foundry_growth"]
    clouds = list(zip(before.groups["cloud"], after.groups["cloud"], strict=True))
    assert all(new.numbers["ranking_uplift"] == 0.5 * old.numbers["ranking_uplift"] for old, new in clouds)
    back = {event.path: event.value for event in after.events if event not in before.events and event.month == 12}
    usual = {f"cloud.{cloud.name}.ranking_uplift": cloud.numbers["ranking_uplift"] for cloud in before.groups["cloud"]}
    assert back == usual | {"world.foundry_growth": before.numbers["foundry_growth"]}


def test_a_firm_that_is_divided_keeps_its_capacity_in_all():
    parts = ("opening_capacity", "opening_cash")
    whole, three = (dosed("scarce_chips", Change(divided=("chips.nvidia", parts)), dose) for dose in (None, 3))
    new = three.groups["chips"][-2:]
    assert len(three.groups["chips"]) == len(whole.groups["chips"]) + 2
    for number in (*parts, "lock_in"):
        had = next(firm.numbers[number] for firm in whole.groups["chips"] if firm.name == "nvidia")
        assert [firm.numbers[number] for firm in new] == [had / 3 if number in parts else had] * 2


def test_firms_that_may_enter_are_copied_with_their_month_and_founder_and_none_leaves_the_world_without():
    change = Change(divided=("chips.entrant_west", ()))
    none, one, three = (
        [vendor for vendor in dosed("rival_chips", change, dose).groups["chips"] if "entrant_west" in vendor.name]
        for dose in (0, None, 3)
    )
    assert (len(none), len(one), len(three)) == (0, 1, 3)
    assert {(firm.enters, firm.founder, firm.strategies["entering"]) for firm in three} == {
        (firm.enters, firm.founder, firm.strategies["entering"]) for firm in one
    }
    assert len({firm.key for firm in three}) == 3


def highest_horizons(spec):
    """The longest horizon of each month."""
    rows = run(spec, months=18, users=20).adoption.group_by("month").agg(pl.col("horizon").max()).sort("month")
    return list(rows["horizon"])


def test_frozen_labs_serve_what_they_knew():
    frozen = dosed(LAW, Change(freeze="labs.release"), "2024-01")
    assert {event.value for event in frozen.events if event.path.endswith("release") and event.month >= 12} == {FROZEN}
    still, free = highest_horizons(frozen), highest_horizons(load_scenario(LAW))
    assert all(later <= earlier for earlier, later in pairwise(still[13:]))
    assert free[-1] > still[-1]
    assert free[:12] == still[:12]


def test_without_a_share_no_firm_of_the_groups_is_there():
    world = dosed(LAW, Change(share_of=("labs", "apps")), 0.0)
    assert (world.groups["labs"], world.groups["apps"]) == ((), ())
    half = dosed(LAW, Change(share_of=("labs", "apps")), 0.5)
    there = [firm.name for firm in load_scenario(LAW).groups["labs"]]
    assert [firm.name for firm in half.groups["labs"]] == there[len(there) - round(len(there) / 2) :]
    assert "kimi" not in [firm.name for firm in half.groups["apps"]]  # it belongs to Moonshot, which has left


# Figures of rivals


def test_figures_of_rivals_are_those_of_the_tables():
    result = run("rival_chips", months=16, users=100)
    figures = dose_figures(result)
    months = result.layers["month"].unique().sort().to_list()
    came = result.events.filter(what="entry").join(result.firms.filter(layer="chips"), left_on="who", right_on="firm")
    first = came.group_by("who").agg(pl.col("month_right").filter(pl.col("alive")).min())["month_right"]
    assert figures["entry"] == sum(len(months) - months.index(month) for month in first) > 0
    own = result.firms.filter(pl.col("firm").is_in(["tpu", "trainium", "mtia"]))
    assert figures["own_machines"] == own["quantity"].sum() > 0
    chinese = pl.col("debit_account").is_in(["alibaba_cloud", "baidu_cloud", "tencent_cloud", "enterprises_china"])
    western = pl.col("credit_account").is_in(["nvidia", "nvidia_abroad", "amd", "entrant_west"])
    sold = result.journal.filter(chinese, western, good="accelerators", credit_item="revenue")
    assert figures["abroad"] == sold["quantity"].sum() > 0


def test_a_leader_changes_where_another_lab_has_the_best_model_from_march_2025_on():
    months = pl.date_range(date(2025, 1, 1), date(2025, 5, 1), "1mo", eager=True)
    qualities: dict[str, list[float | None]] = {
        "a": [1.0, 3.0, 3.0, 3.0, 5.0],
        "b": [2.0, 2.0, 4.0, 3.0, None],
        "far": [9.0] * 5,
    }
    rows = [
        {
            "month": month,
            "firm": lab,
            "layer": "labs",
            "region": "china" if lab == "far" else "west",
            "quality": quality,
        }
        for lab, of_lab in qualities.items()
        for month, quality in zip(months, of_lab, strict=True)
    ]
    found: Any = SimpleNamespace(firms=pl.DataFrame(rows))
    # February: a; March: b; April: a, the first of two that are as good; May: a
    assert leader_changes(found) == 2
