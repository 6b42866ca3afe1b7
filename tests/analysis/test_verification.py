"""Statistical verdicts: each counts seeds, and says so where the count is too small."""

import json
from dataclasses import replace
from datetime import date

import polars as pl
import pytest

from tests.worlds.finished import finished
from watersellers import run
from watersellers.experiments.__main__ import main
from watersellers.experiments.analysis.decomposition.causes import load_causes
from watersellers.experiments.analysis.doses.table import DEMAND, SUPPLY
from watersellers.experiments.analysis.doses.verdicts import runs_of
from watersellers.experiments.analysis.own_numbers import (
    number_of_runs,
    own_changes,
    own_number_verdicts,
    own_numbers,
    vendor_margin,
)
from watersellers.experiments.analysis.standing_chain import COMPARED, paid_by_use
from watersellers.experiments.analysis.verdicts import RunSeries, Verdict
from watersellers.experiments.analysis.verification import (
    LAW_WORLDS,
    LAWS,
    input_verdicts,
    law_verdicts,
    margins,
    programmes_share,
    runs_in_all,
    signs,
    verify,
)
from watersellers.experiments.loading.loader import load_scenario
from watersellers.market.money_origin.pinned_payments import Use


@pytest.fixture(scope="module")
def result():
    return finished("plain", months=26, users=200)


@pytest.mark.parametrize(
    ("layer", "cents", "claim"),
    [
        ("chips", 0, "chips have the highest operating margin, and clouds a positive one"),
        ("cloud", -(10**15), "chips have the highest operating margin, and clouds a positive one"),
        ("labs", 10**15, "labs lose money"),
        ("apps", 10**15, "apps lose money, all together"),
    ],
)
def test_a_sign_turns_with_the_profit_of_its_layer(layer, cents, claim, result):
    there = pl.when(pl.col("layer") == layer).then(cents).otherwise(pl.col("operating_profit"))
    turned = replace(result, layers=result.layers.with_columns(there.alias("operating_profit")))
    before, after = signs(result), signs(turned)
    assert [one for one in before if before[one] != after[one]] == [claim]


def test_most_apps_are_more_than_half_of_them(result):
    names = sorted(result.firms.filter(layer="apps")["firm"].unique())
    for winners, most in ((names[: len(names) // 2 + 1], False), (names[: len(names) // 2 - 1], True)):
        profit = pl.when(pl.col("firm").is_in(winners)).then(1).otherwise(-1)
        counted = replace(result, firms=result.firms.with_columns(operating_profit=profit))
        assert signs(counted)["most apps lose money"] is most


def test_margins_are_those_of_the_tables(result):
    rows = result.layers.filter(pl.col("layer") == "chips").sort("month").tail(12)
    assert margins(result)["chips"] == pytest.approx(rows["operating_profit"].sum() / rows["revenue"].sum())


def test_a_verdict_needs_its_share_of_seeds():
    assert Verdict("signs", "x", 95, 100, 0.95).comes_out
    assert not Verdict("signs", "x", 94, 100, 0.95).comes_out


@pytest.mark.parametrize("law", LAWS, ids=lambda law: law[0])
def test_a_law_is_broken_by_a_reading_that_moves_the_wrong_way(law, monkeypatch):
    claim, _, _, read, never = law
    asked: list[object] = []
    monkeypatch.setattr("watersellers.experiments.analysis.verification.LAWS", (law,))

    class Given(RunSeries):
        def of(self, spec, seeds, months, measure):
            moved = float(never) if asked else 0.0
            asked.append(spec)
            return [{read.__name__: moved}] * seeds

    assert law_verdicts(Given(), 2) == [Verdict("laws", claim, 0, 2, 1.0)]
    assert len(asked) == 2
    assert asked[0] != asked[1]


def test_a_shadow_far_from_what_a_standing_chain_is_paid_is_told():
    class Given(RunSeries):
        def of(self, spec, seeds, months, measure):
            if measure is programmes_share:
                return [0.01, 0.03][:seeds]
            sums = dict.fromkeys(COMPARED, 100)
            return [sums | ({Use.SEATS: 89} if measure is paid_by_use else {})] * seeds

    dated, *rest = input_verdicts(Given(), 2)
    assert (dated.held, dated.of) == (1, 2)
    found = {verdict.claim.split(" is paid for ")[1].split()[0]: verdict.held for verdict in rest}
    assert found == {"work": 2, "compute": 2, "own_use": 2, "seats": 0}


def test_a_margin_that_hangs_on_an_own_number_is_told():
    """Without lock-in of its own its margin falls by six points, which fails; without the rest it falls by four."""

    class Given(RunSeries):
        def of_each(self, specs, seeds, months, measure):
            assert measure is vendor_margin
            own = [next(each for each in spec.groups["chips"] if each.name == "nvidia").numbers for spec in specs]
            return [[0.7 if each == own[0] else 0.64 if each["lock_in"] == 1 else 0.66] * seeds for each in own]

    found = own_number_verdicts(Given(), 2)
    assert len(found) == number_of_runs() - 1
    failed = [verdict.claim for verdict in found if not verdict.comes_out]
    assert len(failed) == 2
    assert "without its own chips.nvidia.lock_in of 2.5 (all vendors: 1): at most 5 points lower" in failed[0]
    assert "without any own number of how it sells" in failed[1]
    assert [verdict.figure for verdict in found if verdict.claim in failed] == ["70.0% to 64.0%"] * 2


def test_a_margin_moves_by_what_is_changed(result):
    change = next(each for each in own_changes() if "lock_in" in each.claim)
    assert vendor_margin(run("plain", months=26, users=200, set=dict(change.settings))) != vendor_margin(result)


def test_own_numbers_are_those_of_the_table_with_the_layers_values():
    assert own_numbers()["lock_in"] == (2.5, 1)
    assert own_numbers()["opening_price"] == (27_500, 15_000)
    assert "lead" not in own_numbers()
    *_, alike = own_changes()
    assert alike.settings["chips.amd.software"] == 1
    assert alike.settings["chips.amd.opening_capacity"] == 45_100
    assert not alike.judged


def test_progress_knows_how_many_runs_there_are(monkeypatch):
    done = []
    monkeypatch.setattr(
        "watersellers.experiments.analysis.verdicts.measure_runs", lambda cases, of, workers: ({} for _ in cases)
    )
    for part in (
        "sign_verdicts",
        "sanity_verdicts",
        "switch_verdicts",
        "law_verdicts",
        "cause_verdicts",
        "input_verdicts",
        "own_number_verdicts",
        "demand_verdicts",
        "supply_verdicts",
    ):
        monkeypatch.setattr(f"watersellers.experiments.analysis.verification.{part}", _counting(part))
    monkeypatch.setattr("watersellers.experiments.analysis.verification.number_of_worlds", lambda: 2)
    verify(2, progress=lambda: done.append(1))
    assert len(done) == runs_in_all(2)
    done.clear()
    verify(10, progress=lambda: done.append(1), only="demand")
    assert len(done) == runs_in_all(10, "demand") == 2 * runs_of(DEMAND)


PARTS = {  # with the runs per seed
    "sign_verdicts": 1,
    "sanity_verdicts": len(LAW_WORLDS),
    "switch_verdicts": 2,
    "law_verdicts": 2 * len(LAWS),
    "cause_verdicts": 2 + 2 * len(load_causes()),
    "input_verdicts": 5,
    "own_number_verdicts": number_of_runs(),
    "demand_verdicts": runs_of(DEMAND),
    "supply_verdicts": runs_of(SUPPLY),
}


def _counting(part):
    times, spec = PARTS[part], load_scenario("plain")

    def runs_only(runs, seeds):
        for _ in range(times):
            runs.of(spec, seeds, 1, margins)
        return []

    return runs_only


def test_the_command_prints_counts(capsys, monkeypatch):
    given = [Verdict("signs", "chips earn", 1, 1, 0.95), Verdict("laws", "more is more", 0, 1, 1.0)]
    monkeypatch.setattr("watersellers.experiments.analysis.verification.verify", lambda *_: given)
    monkeypatch.setattr("watersellers.experiments.analysis.verification.number_of_worlds", lambda: 2)
    assert main(["verify", "--seeds", "1"]) == 0
    out = capsys.readouterr().out
    assert "1 of 1" in out
    assert "NO" in out
    assert main(["verify", "--seeds", "1", "--json"]) == 0
    assert [row["comes_out"] for row in json.loads(capsys.readouterr().out)["verdicts"]] == [True, False]


def test_the_share_of_dated_programmes_is_what_states_pay_of_all_hours(result):
    year = result.flows.filter(pl.col("month").is_between(date(2024, 3, 1), date(2025, 2, 1)))
    hours = year.filter(payee_layer="cloud", good="gpu_hours")
    states = ["chinese_cities", "united_kingdom", "india", "japan", "canada", "european_union"]
    paid = hours.filter(pl.col("payer").is_in(states))["cents"].sum()
    assert programmes_share(result) == paid / hours["cents"].sum() > 0
