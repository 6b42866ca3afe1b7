"""Causes in doses: what a dose changes, and that dead causes and crooked doses are told."""

import json
from dataclasses import replace
from itertools import pairwise

import polars as pl
import pytest

from watersellers import run
from watersellers.experiments.__main__ import main
from watersellers.experiments.analysis import doses
from watersellers.experiments.analysis.dose_verdicts import (
    MONTHS,
    PROFIT,
    cause_verdict,
    demand_verdicts,
    dose_figures,
    runs_of,
    static_verdict,
    supply_verdicts,
    worlds_of,
)
from watersellers.experiments.analysis.doses import FROZEN, Change, dosed, load_doses
from watersellers.experiments.analysis.verdicts import RunSeries
from watersellers.experiments.loading.catalogue import builtin_catalogue
from watersellers.experiments.loading.loader import load_scenario

DEMAND, SUPPLY = load_doses(), load_doses(doses.SUPPLY)
PARTS = [(demand_verdicts, DEMAND, doses.DEMAND), (supply_verdicts, SUPPLY, doses.SUPPLY)]
WORLDS = [(table, scenario) for table in (DEMAND, SUPPLY) for scenario in table.scenarios]
STATICS = [*DEMAND.statics, *SUPPLY.statics]
FIGURES = {PROFIT, "2025", "2026", *(static.figure for static in STATICS)}
LAW = DEMAND.scenarios[0]
LOCK_IN = next(cause for cause in SUPPLY.causes if cause.title == "lock-in")
REVIEW = next(cause for cause in DEMAND.causes if cause.title == "cost of review")
QUALITY = next(cause for cause in DEMAND.causes if cause.title == "quality")
SPREAD = (-1.0, 0.0, 1.0)  # of three seeds; one standard deviation is 1


def judged(cause, profits, reference=100.0):
    """The verdict on a cause whose doses, in the order of the table, lead to given profits in each of three seeds."""

    def rows(profit):
        return [{PROFIT: profit + noise, "2025": profit + noise} for noise in SPREAD]

    found = {dose: rows(profit) for dose, profit in zip(cause.doses, profits, strict=True)}
    return cause_verdict("mansfield", cause, rows(reference), found)


@pytest.mark.parametrize(
    ("profits", "held", "words"),
    [
        ((120.0, 90.0, 80.0, 70.0), 3, "0.5: +20 %, 1.5: -10 %, 2: -20 %, 3: -30 %; 30.0 sd at 3; monotone"),
        ((100.0, 100.0, 100.0, 100.0), 0, "0.5: +0 %, 1.5: +0 %, 2: +0 %, 3: +0 %; 0.0 sd at 3; not monotone"),  # dead
        ((101.0, 99.0, 98.5, 97.5), 0, "0.5: +1 %, 1.5: -1 %, 2: -2 %, 3: -2 %; 2.5 sd at 3; monotone"),  # too weak
        ((120.0, 90.0, 95.0, 70.0), 0, "0.5: +20 %, 1.5: -10 %, 2: -5 %, 3: -30 %; 30.0 sd at 3; not monotone"),
        ((80.0, 110.0, 120.0, 130.0), 0, "0.5: -20 %, 1.5: +10 %, 2: +20 %, 3: +30 %; 30.0 sd at 3; not monotone"),
        ((90.0, 90.0, 80.0, 70.0), 0, "0.5: -10 %, 1.5: -10 %, 2: -20 %, 3: -30 %; 30.0 sd at 3; not monotone"),
    ],
    ids=["acts", "dead", "within the noise", "one dose out of order", "the wrong way", "the reference out of order"],
)
def test_a_cause_comes_out_if_profit_is_monotone_and_moves_beyond_the_noise(profits, held, words):
    found = judged(REVIEW, profits)
    by_year = f"3 by year: 2025 {profits[-1] - 100:+.0f} %"
    assert (found.held, found.of, found.figure) == (held, 3, f"{words}; {by_year}")
    assert found.comes_out is found.mean is (held == 3)


def test_months_as_doses_are_in_order_of_time_with_never_as_the_last():
    assert QUALITY.in_order == [*sorted(QUALITY.doses), None]
    assert QUALITY.strongest == min(QUALITY.doses)
    assert judged(QUALITY, (90.0, 80.0, 70.0, 60.0)).comes_out
    assert not judged(QUALITY, (60.0, 70.0, 80.0, 90.0)).comes_out


@pytest.mark.parametrize(
    ("profits", "comes_out"), [((70, 90, 110, 120), True), ((120, 110, 90, 70), True), ((70, 110, 90, 120), False)]
)
def test_a_cause_of_either_sign_has_to_move_profit_one_way(profits, comes_out):
    found = judged(LOCK_IN, profits)
    assert found.comes_out is comes_out
    assert "moves one way with the dose" in found.claim


@pytest.mark.parametrize("static", STATICS, ids=lambda static: static.claim)
def test_a_comparative_static_counts_the_seeds_in_which_it_has_its_sign(static):
    before = [{static.figure: 100.0}] * 4
    signed = [1 if static.rises else -1] * 3 + [0]
    after = [{static.figure: 100.0 + 10 * way} for way in signed]
    found = static_verdict("mansfield", static, before, after)
    assert (found.held, found.of, found.comes_out) == (3, 4, False)
    assert static_verdict("mansfield", static, before[:3], after[:3]).comes_out
    assert f"{7.5 * signed[0]:+.0f} %" in found.figure


@pytest.mark.parametrize(("verdicts", "table", "path"), PARTS, ids=["demand", "supply"])
def test_verdicts_pair_each_world_with_its_own_claim(verdicts, table, path):
    """Each world gets its own profit, as that of no other: only where all are paired rightly are the sizes these."""
    worlds = worlds_of(table)

    class Given(RunSeries):
        def of_each(self, specs, seeds, months, measure):
            assert (len(specs), months) == (runs_of(path) // len(table.scenarios), MONTHS)
            return [[dict.fromkeys(FIGURES, 100.0 + number)] * seeds for number in range(len(specs))]

    def told(verdict):
        return [int(part.split(":")[1].split("%")[0]) for part in verdict.figure.split(";")[0].split(", ")]

    found = verdicts(Given(), 2)
    assert len(found) == len(table.scenarios) * (len(table.causes) + len(table.statics))
    assert {verdict.group for verdict in found} == {"doses", "statics"}
    for verdict, cause in zip(found, table.causes, strict=False):
        assert told(verdict) == [worlds.index((cause.change, dose)) for dose in cause.doses]
    for verdict, static in zip(found[len(table.causes) :], table.statics, strict=False):
        usual, after = (100 + worlds.index(world) for world in pair_of(static))
        assert told(verdict) == [round(100 * (after - usual) / usual)]


def pair_of(static):
    """The two worlds of a comparative static."""
    return (Change(both=static.change.both), None), (static.change, static.dose)


@pytest.mark.parametrize(("verdicts", "table", "path"), PARTS, ids=["demand", "supply"])
def test_progress_counts_the_runs_of_doses(verdicts, table, path, monkeypatch):
    done = []
    monkeypatch.setattr(
        "watersellers.experiments.analysis.verdicts.measure_runs",
        lambda cases, of, workers: (dict.fromkeys(FIGURES, 1.0) for _ in cases),
    )
    verdicts(RunSeries(progress=lambda: done.append(1)), 2)
    assert len(done) == 2 * runs_of(path)


@pytest.mark.parametrize(("least", "held"), [(0.0, 1), (0.05, 1), (0.1, 0)])
def test_a_comparative_static_may_ask_for_a_change_of_some_size(least, held):
    static = replace(SUPPLY.statics[0], least=least)
    assert static_verdict("x", static, [{static.figure: 100.0}], [{static.figure: 93.0}]).held == held


# Worlds


@pytest.mark.parametrize(("table", "scenario"), WORLDS)
def test_every_dose_makes_a_world_of_its_own_and_leaves_the_rest_as_it_is(table, scenario):
    reference = load_scenario(scenario)
    for change, dose in worlds_of(table):
        world, usual = dosed(scenario, change, dose), load_scenario(scenario, change.both)
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
        usual = load_scenario(scenario, change.both)
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


def test_figures_are_those_of_the_tables():
    result = run(LAW, months=13, users=200)
    figures = dose_figures(result)
    profit = result.layers.filter(pl.col("layer").is_in(["chips", "cloud"]))["operating_profit"]
    assert figures["2023"] + figures["2024"] == figures[PROFIT] == profit.sum()
    assert min(figures[key] for key in ("tokens", "own_hours", "paid_seats", "adopted")) > 0
    machines = result.journal.filter(good="accelerators", credit_item="revenue")
    assert figures["machines"] == machines["quantity"].sum()
    assert figures["machines_2024"] == machines.filter(pl.col("month").dt.year() == 2024)["quantity"].sum() > 0
    assert figures["nvidia_machines"] == machines.filter(credit_account="nvidia")["quantity"].sum()
    revenue = int(machines["cents"].sum())
    assert figures["machine_price"] == revenue / int(machines["quantity"].sum())
    foundry = int(result.journal.filter(good="foundry", credit_item="revenue")["cents"].sum())
    assert figures["chips_margin"] == pytest.approx(1 - foundry / revenue)
    queue = result.markets.filter(good="accelerators").group_by("month").agg(pl.col("backlog", "capacity").sum())
    assert figures["wait"] == pytest.approx((queue["backlog"] / queue["capacity"]).mean())
    capacity = result.layers.filter(layer="chips").sort("month")["capacity"]
    assert figures["capacity_kept"] == capacity[-1] / capacity.max()


# The command


def test_sizes_are_printed_and_a_part_that_is_none_is_refused(capsys, monkeypatch):
    given = [judged(REVIEW, (120.0, 90.0, 80.0, 70.0)), replace(judged(REVIEW, (90.0, 90.0, 80.0, 70.0)), claim="no")]
    monkeypatch.setattr("watersellers.experiments.analysis.verification.verify", lambda *_: given)
    assert main(["verify", "--only", "demand"]) == 0
    out = " ".join(capsys.readouterr().out.split())
    assert "30.0 sd at 3" in out
    assert "the mean" in out
    assert main(["verify", "--only", "demand", "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)["verdicts"]
    assert [(row["mean"], row["comes_out"]) for row in rows] == [(True, True), (False, False)]
    assert main(["verify", "--only", "doses"]) == 2
    assert "expected one of" in capsys.readouterr().err
