"""The studies that were carried out, in small: all are of the reference world, and all that they vary moves profits."""

import warnings
from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations

import pytest

from watersellers import Swept, Ways
from watersellers.experiments.loading.loader import load_scenario
from watersellers.experiments.studies import leaders, money, pattern, upstream, vendors
from watersellers.experiments.studies.execution import run_study

SMALLER = ["--months", "26", "--users", "20", "--workers", "1"]
PROFIT = "calibrated.profit_over_final_spending"
SUPPLY = [{pattern.ACROSS: 0.7, pattern.UP: supply} for supply in pattern.SUPPLY]
SELLERS = [{vendors.ACROSS: "2.5", vendors.UP: sellers} for sellers in vendors.CASES]


def alike(found: Swept) -> Iterator[str]:
    """Say which points differ in one parameter and not in any layer's profit."""
    profits = found.measures.filter(measure=PROFIT).join(found.runs.select("run", "point"), on="run")
    by_point = {
        point: rows.sort("layer")["value"].to_list()
        for (point,), rows in profits.group_by("point", maintain_order=True)
    }
    for one, other in combinations(found.design.rows(named=True), 2):
        moved = [name for name in one if name != "point" and one[name] != other[name]]
        if len(moved) == 1 and by_point[one["point"]] == by_point[other["point"]]:
            yield f"{moved[0]}: {one[moved[0]]} and {other[moved[0]]}"


@pytest.mark.parametrize("study", [money, pattern, upstream, vendors, leaders])
def test_a_study_is_of_the_reference_world_and_warns_of_nothing(study):
    assert study.STUDY.scenario == "baseline"
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert len(study.STUDY.plan()) >= 24


@pytest.mark.parametrize(
    ("study", "less", "words"),
    [
        (
            pattern,
            {
                "design": {"kind": "list", "points": [*SUPPLY, {pattern.ACROSS: 6.0, pattern.UP: "as it is"}]},
                "replications": 1,
            },
            "who is ahead",
        ),
        (
            vendors,
            {
                "design": {"kind": "list", "points": [*SELLERS, {vendors.ACROSS: "10", vendors.UP: "split"}]},
                "replications": 1,
            },
            "rivals of its size",
        ),
        (money, {"replications": 2}, "calibrated.upstream_share (2024-03 to 2025-02) by replicates"),
        (
            upstream,
            {"design": {"kind": "saltelli", "points": 2}},
            "Sobol' indices of calibrated.upstream_share (2024-03 to 2025-02)",
        ),
    ],
    ids=["pattern", "vendors", "money", "upstream"],
)
def test_a_study_shows_what_came_out_and_all_that_it_varies_moves_profits(study, less, words, tmp_path, capsys):
    found = run_study(replace(study.STUDY, **less), study.show, ["--out", str(tmp_path / "s"), *SMALLER])
    assert found.counted() == {"ok": len(found.plan)}
    assert words in capsys.readouterr().out
    without_entry = {"vendors: and own silicon and as it is"}  # of vendors: nobody has entered by then
    assert not set(alike(found)) - without_entry


def test_without_investors_money_firms_that_pools_would_found_never_enter_and_change_nothing(tmp_path):
    nothing = money.CASES["none"]
    named = {key: value for key, value in nothing.items() if key != "remove"}
    firms = [one for layer in ("chips", "labs", "apps") for one in load_scenario("baseline").groups[layer]]
    entering = {one.name for one in firms if one.enters and one.founder}
    assert entering == set(nothing["remove"])
    cases = {"left out": nothing, "never founded": named}
    study = replace(money.STUDY, parameters={"money": {"cases": cases}}, users=20, replications=1)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of firms that never enter
        found = study.run(tmp_path / "s", Ways(workers=1))
    assert list(alike(found)) == ["money: left out and never founded"]
    paid = found.measures.filter(measure="calibrated.venture_money")["value"]
    assert paid.to_list() == [0, 0]
