"""Causes in doses: what a dose changes, and that dead causes and crooked doses are told."""

import json
from dataclasses import replace

import polars as pl
import pytest

from watersellers import run
from watersellers.experiments.__main__ import main
from watersellers.experiments.analysis.doses import table as doses
from watersellers.experiments.analysis.doses.figures import PROFIT, dose_figures
from watersellers.experiments.analysis.doses.table import DoseTable, load_doses
from watersellers.experiments.analysis.doses.verdicts import (
    MONTHS,
    cause_verdict,
    demand_verdicts,
    runs_of,
    static_verdict,
    supply_verdicts,
    worlds_of,
)
from watersellers.experiments.analysis.doses.worlds import Change
from watersellers.experiments.analysis.verdicts import RunSeries

DEMAND, SUPPLY = load_doses(), load_doses(doses.SUPPLY)
PARTS = [(demand_verdicts, DEMAND, doses.DEMAND), (supply_verdicts, SUPPLY, doses.SUPPLY)]
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
    parts = list(table.by_scenario.values())
    asked = iter(parts)

    class Given(RunSeries):
        def of_each(self, specs, seeds, months, measure):
            assert (len(specs), months) == (len(worlds_of(next(asked))), MONTHS)
            return [[dict.fromkeys(FIGURES, 100.0 + number)] * seeds for number in range(len(specs))]

    def told(verdict):
        return [int(part.split(":")[1].split("%")[0]) for part in verdict.figure.split(";")[0].split(", ")]

    found = verdicts(Given(), 2)
    assert len(found) == sum(len(part.causes) + len(part.statics) for part in parts)
    assert {verdict.group for verdict in found} == {"doses", "statics"}
    given = iter(found)
    for part in parts:
        worlds = worlds_of(part)
        for cause in part.causes:
            verdict = next(given)
            assert verdict.claim.startswith(f"{part.scenarios[0]}, {cause.title}:")
            assert told(verdict) == [worlds.index((cause.change, dose)) for dose in cause.doses]
        for static in part.statics:
            verdict = next(given)
            usual, after = (100 + worlds.index(world) for world in pair_of(static))
            assert verdict.claim == f"{part.scenarios[0]}: {static.claim}"
            assert told(verdict) == [round(100 * (after - usual) / usual)]
    assert sum(len(worlds_of(part)) for part in parts) == runs_of(path)


def test_what_names_a_scenario_plays_there_and_the_rest_in_those_of_the_file():
    here, there = (replace(REVIEW, title=title, scenario=scenario) for title, scenario in (("h", None), ("t", "c")))
    low, high = (
        replace(SUPPLY.statics[0], claim=claim, scenario=scenario) for claim, scenario in (("l", "b"), ("h", None))
    )
    parts = DoseTable(("a", "b"), (here, there), (low, high)).by_scenario
    assert {name: (part.causes, part.statics) for name, part in parts.items()} == {
        "a": ((here,), (high,)),
        "b": ((here,), (low, high)),
        "c": ((there,), ()),
    }


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


# Figures


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
