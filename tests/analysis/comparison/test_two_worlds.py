"""Compare scenarios seed by seed: only the effects of the changed settings differ, on one process or two."""

import json
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from watersellers import BadInput, run
from watersellers.experiments.__main__ import main
from watersellers.experiments.analysis.comparison.two_worlds import MEASURES, compare
from watersellers.market.goods import CHAIN

BLOCKS = Path(__file__).parents[2] / "worlds" / "blocks"
SMALL: dict[str, Any] = {"seeds": 3, "months": 14, "users": 100}
BAN = BLOCKS / "export_rule.toml"  # in the tenth month


@pytest.fixture(scope="module")
def banned():
    return compare("dollar_paths", BAN, **SMALL, workers=1)


def test_a_scenario_compared_with_itself_differs_by_nothing():
    same = compare("dollar_paths", "dollar_paths", **SMALL | {"seeds": 2, "months": 3}, workers=1)
    for table in (same.layers, same.firms, same.months):
        assert table.select(pl.col("difference", "low", "high").abs().max()).row(0) == (0, 0, 0)
        assert (table["first"] == table["second"]).all()


def test_any_number_of_processes_gives_the_same_tables(banned):
    two = compare("dollar_paths", BAN, **SMALL, workers=2)
    assert two.firms.equals(banned.firms)
    assert two.months.equals(banned.months)


def test_nothing_differs_before_the_event_and_something_after_it(banned):
    differences = banned.months.group_by("month", maintain_order=True).agg(pl.col("difference").abs().sum())
    before, after = differences.filter(pl.col("month").dt.year() < 2024).head(9), differences.tail(2)
    assert (before["difference"] == 0).all()
    assert (after["difference"] > 0).all()


def test_differences_are_taken_seed_by_seed_and_the_band_is_theirs(banned):
    of_nvidia = []
    for seed in (1, 2, 3):
        runs = [run(world, seed, months=14, users=100).firms.filter(firm="nvidia") for world in ("dollar_paths", BAN)]
        of_nvidia.append(int(runs[1]["revenue"].sum()) - int(runs[0]["revenue"].sum()))
    found = banned.firms.filter(firm="nvidia", measure="revenue").row(0, named=True)
    assert found["difference"] == pytest.approx(sum(of_nvidia) / 3)
    assert found["difference"] < 0
    assert (found["low"], found["high"]) == (min(of_nvidia), max(of_nvidia))  # of three seeds the range
    assert banned.band == "all"
    assert found["agree"] == 1
    assert set(banned.firms["measure"]) == set(MEASURES)


def test_what_stands_side_by_side_adds_up(banned):
    """The second less the first is the difference, layers are the sums of their firms, and months add up to all."""
    for table in (banned.layers, banned.firms, banned.months):
        assert table["second"].to_numpy() - table["first"].to_numpy() == pytest.approx(table["difference"].to_numpy())
        assert (table["low"] <= table["difference"]).all()
        assert (table["difference"] <= table["high"]).all()
    columns = ("first", "second", "difference")
    for parts in (banned.firms, banned.months):
        sums = parts.group_by("layer", "measure").agg(pl.col(columns).sum())
        both = banned.layers.join(sums, on=["layer", "measure"], suffix="_summed")
        assert len(both) == len(banned.layers)
        for column in columns:
            assert both[column].to_numpy() == pytest.approx(both[f"{column}_summed"].to_numpy())


def test_a_firm_of_one_scenario_alone_has_no_figures_in_the_other(tmp_path):
    (tmp_path / "alone.toml").write_text(
        '# What without Perplexity?\nextends = "dollar_paths"\n[apps.perplexity]\nabsent = true\n'
    )
    found = compare("dollar_paths", tmp_path / "alone.toml", seeds=1, months=2, users=100, workers=1)
    perplexity = found.firms.filter(firm="perplexity", measure="operating_profit").row(0, named=True)
    assert (perplexity["second"], perplexity["difference"]) == (0, -perplexity["first"])
    assert perplexity["first"] < 0


def test_the_command_prints_the_layers_and_the_firms_it_moves_most(capsys):
    small = ["--seeds", "2", "--months", "12", "--users", "100", "--workers", "1"]
    assert main(["compare", "dollar_paths", str(BAN), *small]) == 0
    out = capsys.readouterr().out
    assert (
        "export_rule against dollar_paths: operating profit over 12 months, 2 seeds, means over seeds in US dollars"
        in out
    )
    assert "range of all 2 seeds" in " ".join(out.split())
    assert "nvidia" in out
    assert main(["compare", "dollar_paths", str(BAN), *small, "--json"]) == 0
    printed = json.loads(capsys.readouterr().out)
    assert (printed["statistic"], printed["band"]) == ("mean over seeds", "all")
    assert [row["layer"] for row in printed["layers"] if row["measure"] == "revenue"] == list(CHAIN)


@pytest.mark.parametrize("seeds", [0, -1, 1.5, True])
def test_no_seeds_are_refused(seeds):
    with pytest.raises(BadInput, match=r"seeds: found .*, expected a whole number from 1"):
        compare("dollar_paths", "dollar_paths", seeds=seeds)


def test_an_unknown_scenario_is_refused_before_anything_runs(capsys):
    assert main(["compare", "dollar_paths", "basline"]) == 2
    assert "Did you mean 'baseline'?" in capsys.readouterr().err
