"""Causes of demand in doses: what a dose changes, and that dead causes and crooked doses are told."""

import json
from dataclasses import replace
from itertools import pairwise

import polars as pl
import pytest

from watersellers import BadInput, run
from watersellers.experiments.__main__ import main
from watersellers.experiments.analysis.demand_doses import FROZEN, TABLE, Change, dosed, load_doses
from watersellers.experiments.analysis.demand_verdicts import (
    MONTHS,
    PROFIT,
    cause_verdict,
    demand_figures,
    demand_verdicts,
    runs_of_demand,
    static_verdict,
    worlds_of,
)
from watersellers.experiments.analysis.verdicts import RunSeries
from watersellers.experiments.loading.catalogue import builtin_catalogue
from watersellers.experiments.loading.loader import load_scenario

DEMAND = load_doses()
LAW = DEMAND.laws[0]
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


@pytest.mark.parametrize("static", DEMAND.statics, ids=lambda static: static.claim)
def test_a_comparative_static_counts_the_seeds_in_which_it_has_its_sign(static):
    before = [{static.figure: 100.0}] * 4
    signed = [1 if static.rises else -1] * 3 + [0]
    after = [{static.figure: 100.0 + 10 * way} for way in signed]
    found = static_verdict("mansfield", static, before, after)
    assert (found.held, found.of, found.comes_out) == (3, 4, False)
    assert static_verdict("mansfield", static, before[:3], after[:3]).comes_out
    assert f"{7.5 * signed[0]:+.0f} %" in found.figure


def test_verdicts_pair_each_world_with_its_own_claim():
    """Each world gets its own profit, as that of no other: only where all are paired rightly are the sizes these."""

    class Given(RunSeries):
        def of_each(self, specs, seeds, months, measure):
            assert (len(specs), months) == (runs_of_demand() // len(DEMAND.laws), MONTHS)
            profit = dict.fromkeys(("2025", "2026", PROFIT), 100.0)
            rest = dict.fromkeys(("tokens", "own_hours", "paid_seats", "adopted"), 100.0)
            rows = [{key: value + number for key, value in (profit | rest).items()} for number in range(len(specs))]
            return [[row] * seeds for row in rows]

    found = demand_verdicts(Given(), 2)
    sizes = [verdict.figure for verdict in found[: len(DEMAND.causes) + len(DEMAND.statics)]]
    told = [int(part.split(":")[1].split("%")[0]) for size in sizes for part in size.split(";")[0].split(", ")]
    assert told == list(range(1, len(told) + 1))
    assert len(found) == len(DEMAND.laws) * len(sizes)
    assert {verdict.group for verdict in found} == {"doses", "statics"}


def test_progress_counts_the_runs_of_demand(monkeypatch):
    done, figures = [], dict.fromkeys(("2025", "2026", PROFIT, "tokens", "own_hours", "paid_seats", "adopted"), 1.0)
    monkeypatch.setattr(
        "watersellers.experiments.analysis.verdicts.measure_runs", lambda cases, of, workers: (figures for _ in cases)
    )
    demand_verdicts(RunSeries(progress=lambda: done.append(1)), 2)
    assert len(done) == 2 * runs_of_demand()


# Worlds


@pytest.mark.parametrize("law", DEMAND.laws)
def test_every_dose_makes_a_world_of_its_own_and_leaves_the_rest_as_it_is(law):
    reference, *worlds = worlds_of(DEMAND, law)
    assert reference == load_scenario(law)
    assert reference not in worlds
    doses = [dose for cause in DEMAND.causes for dose in cause.doses] + [static.dose for static in DEMAND.statics]
    changes = [cause.change for cause in DEMAND.causes for _ in cause.doses] + [one.change for one in DEMAND.statics]
    for world, dose, change in zip(worlds, doses, changes, strict=True):
        touched = {path.split(".")[0] for path in change.times} if not change.since else set()
        same = set(reference.groups) - touched - set(change.share_of)
        if not change.share_of:  # who is left out is also struck off the lists of partners
            assert all(world.groups[group] == reference.groups[group] for group in same), (dose, change)


@pytest.mark.parametrize("law", DEMAND.laws)
def test_every_dosed_number_is_within_its_range(law):
    parameters = builtin_catalogue().parameters.by_name
    reference = load_scenario(law)
    rows = [(cause.change, dose) for cause in DEMAND.causes for dose in cause.doses]
    for change, dose in [*rows, *((static.change, static.dose) for static in DEMAND.statics)]:
        for path in change.times:
            group, *rest = path.split(".")
            for member in reference.groups[group]:
                value = (
                    member.numbers.get(rest[0])
                    if len(rest) == 1
                    else getattr(member.strategies[rest[0]], rest[2], None)
                )
                if value is not None:
                    assert parameters[path].low <= float(dose) * value <= parameters[path].high, (path, dose)


def test_a_dose_from_a_month_on_is_an_event_for_each_member():
    change = Change(times=("investors.savers_pace",), since="2025-01")
    before, after = load_scenario(LAW), dosed(LAW, change, 0.5)
    new = [event for event in after.events if event not in before.events]
    assert [(event.month, event.path) for event in new] == [
        (24, f"investors.{pool.name}.savers_pace") for pool in before.groups["investors"]
    ]
    assert [event.value for event in new] == [0.5 * pool.numbers["savers_pace"] for pool in before.groups["investors"]]


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
    figures = demand_figures(result)
    profit = result.layers.filter(pl.col("layer").is_in(["chips", "cloud"]))["operating_profit"]
    assert figures["2023"] + figures["2024"] == figures[PROFIT] == profit.sum()
    assert min(figures[key] for key in ("tokens", "own_hours", "paid_seats", "adopted")) > 0


# The file


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('"work.review"', '"work.revue"', "doses.review: 'work.revue' is no number of the parameter table"),
        ("doses = [0.5, 1.5, 2, 3]", "doses = [0.5, 1, 2, 3]", "expected four different numbers beside the reference"),
        ("doses = [0.5, 1.5, 2, 3]", 'doses = [0.5, 2, 3, "2025-01"]', "expected four numbers, or with freeze"),
        ("doses = [0.5, 1.5, 2, 3]", "doses = [0.5, 1.5, 2]", "doses.review.doses"),
        ('freeze = "labs.release"', "", "doses.quality: found no way to take a dose, expected one of times/share_of"),
        ('share_of = ["labs", "apps"]', 'share_of = ["labs", "app"]', "unknown group 'app'"),
        ('figure = "tokens"', 'figure = "token"', "statics.review.figure"),
        (
            'times = ["investors.savers_pace"]',
            'times = ["labs.research.race.share"]',
            "labs.research.race.share: is a number of a strategy",
        ),
    ],
)
def test_a_wrong_table_is_refused_with_the_place(old, new, said, tmp_path):
    (tmp_path / "doses.toml").write_text(TABLE.read_text().replace(old, new, 1))
    with pytest.raises(BadInput) as refused:
        load_doses(tmp_path / "doses.toml")
    assert said in str(refused.value)


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
    assert main(["verify", "--only", "supply"]) == 2
    assert "expected one of" in capsys.readouterr().err
