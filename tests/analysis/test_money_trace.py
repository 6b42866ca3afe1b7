"""Follow the dollar through a real run: no cent is lost, and money that rests on loss-makers is counted once."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from tests.tools.economy_fingerprints import BLOCKS
from watersellers import BadInput, run
from watersellers.experiments.__main__ import main
from watersellers.experiments.analysis.money_trace import (
    CAPITAL,
    _fragile_share,
    follow_money,
    fragility,
    stopped_by_year,
    through_pools,
    where_money_ends,
)
from watersellers.experiments.analysis.windows import Period
from watersellers.experiments.cli.money_tables import CAME, WENT, WHOSE, print_pools
from watersellers.market.goods import CHAIN

LIVED = Period.lived(date(2023, 1, 1), 14)


@pytest.fixture(scope="module")
def result():
    return run("plain", months=len(LIVED), users=200)


@pytest.mark.parametrize("by", ["pro-rata", "fifo"])
def test_what_a_layer_kept_of_all_money_is_the_change_of_its_cash_but_for_capital(result, by):
    kept = dict(follow_money(result, by).earned.group_by("layer").agg(pl.col("kept").sum()).iter_rows())
    cash = result.balances.filter(pl.col("item") == "cash").sort("month")
    for layer in CHAIN:
        mine = cash.filter(layer=layer).group_by("month", maintain_order=True).agg(pl.col("cents").sum())["cents"]
        paid_in, paid_out = (
            result.flows.filter(pl.col(f"{side}_layer") == layer, pl.col("good").is_in(CAPITAL))["cents"].sum()
            for side in ("payee", "payer")
        )
        assert kept[layer] == mine[-1] - mine[0] - paid_in + paid_out
        assert kept[layer] != 0


@pytest.mark.parametrize("by", ["pro-rata", "fifo"])
def test_all_money_is_somewhere_at_the_end(result, by):
    held = follow_money(result, by).held
    last = result.balances.filter(pl.col("item") == "cash", pl.col("month") == pl.col("month").max())
    assert held["cents"].sum() == last["cents"].sum()
    for layer in CHAIN:
        assert held.filter(holder=layer)["cents"].sum() == last.filter(layer=layer)["cents"].sum()


def test_the_two_conventions_differ_in_whose_money_it_was_and_not_in_how_much_there_was(result):
    first, second = (follow_money(result, by).earned for by in ("pro-rata", "fifo"))
    sums = [each.group_by("layer").agg(pl.col("received").sum()).sort("layer") for each in (first, second)]
    assert sums[0].equals(sums[1])
    assert not first.equals(second)


def test_an_unknown_convention_is_refused(result):
    with pytest.raises(BadInput, match=r"by: unknown convention .lifo.\. Did you mean .fifo.\?"):
        result.trace("lifo")


def test_a_healthy_seller_is_as_fragile_as_those_who_pay_it():
    # a chip vendor sells 60 to a cloud and 40 to an outsider; the cloud rents half to a lab that burns cash, half out
    vendor, cloud, lab, outside = range(4)
    bought = np.zeros((4, 4))
    bought[vendor, cloud], bought[vendor, outside] = 60, 40
    bought[cloud, lab], bought[cloud, outside] = 50, 50
    bought[lab, outside] = 10
    losing = np.array([False, False, True, False])
    fragile = _fragile_share(bought, losing)
    assert fragile.tolist() == [0.6 * 0.5, 0.5, 1.0, 0.0]
    assert bought[vendor] @ fragile == 60 * 0.5


def test_money_that_goes_round_among_healthy_firms_rests_on_nobody():
    bought = np.array([[0.0, 10.0], [10.0, 0.0]])
    assert _fragile_share(bought, np.array([False, False])).tolist() == [0.0, 0.0]


def test_labs_that_burn_cash_make_upstream_fragile_and_upstream_is_less_so_than_they(result):
    year = fragility(result).filter(pl.col("month") == pl.col("month").max())
    resting = dict(year.select("layer", "resting").iter_rows())
    assert resting["apps"] == 0  # users' money does not stop with a round
    assert 0 < resting["chips"] < resting["labs"] < 1
    sold = result.layers.filter(pl.col("month") == pl.col("month").max())
    assert dict(year.select("layer", "revenue").iter_rows()) == {
        layer: revenue for layer, revenue in sold.select("layer", "revenue").iter_rows() if layer in CHAIN
    }


def test_the_command_prints_what_python_gives(result, tmp_path, capsys):
    folder = result.save(tmp_path / "one")
    assert main(["trace", str(folder), "--by", "fifo", "--json"]) == 0
    printed = json.loads(capsys.readouterr().out)
    assert printed["by"] == "fifo"
    assert printed["earned"] == follow_money(result, "fifo").earned.to_dicts()
    assert main(["trace", str(folder)]) == 0
    assert "by the origin of the money: followed pro rata" in capsys.readouterr().out.replace("\n", " ")
    assert main(["trace", str(folder), "--by", "lifo"]) == 2


def test_a_stop_takes_away_what_rests_on_losers(result):
    months = fragility(result).filter(layer="cloud").with_columns(pl.col("month").dt.year())
    stopped = stopped_by_year(result).filter(layer="cloud")
    for year in ("2023", "2024"):
        rows = months.filter(month=int(year))
        assert stopped[year].item() == pytest.approx((rows["revenue"] * rows["resting"]).sum(), abs=1)
        assert 0 < stopped[year].item() < rows["revenue"].sum()


def test_where_all_dollars_end_by_sums_over_all_months_is_where_they_are(result):
    """The absorbing chain: over all sources and what firms had at the start its sums are those of the balances."""
    chain = where_money_ends(result)
    assert np.allclose(chain.select(*CHAIN, "out").to_numpy().sum(axis=1), 1)
    last = result.balances.filter(pl.col("item") == "cash", pl.col("month") == pl.col("month").max())
    for layer in CHAIN:
        assert (chain["entered"] * chain[layer]).sum() == pytest.approx(last.filter(layer=layer)["cents"].sum())
    left_chain = result.flows.filter(pl.col("payer_layer").is_in(CHAIN), ~pl.col("payee_layer").is_in(CHAIN))[
        "cents"
    ].sum()
    assert (chain["entered"] * chain["out"]).sum() == pytest.approx(left_chain)


def test_money_that_is_spent_as_it_comes_ends_by_sums_where_it_was_followed_to(result):
    """Users and enterprises pay month by month, so that mixing the months moves few of their dollars."""
    chain, held = where_money_ends(result), follow_money(result).held
    for source in ("users", "enterprises"):
        row = chain.filter(source=source)
        for layer in CHAIN:
            followed = held.filter(source=source, holder=layer)["cents"].sum() / row["entered"].item()
            assert row[layer].item() == pytest.approx(followed, abs=0.2), (source, layer)


@pytest.mark.parametrize("world", ["own_use", "older_pages"])
def test_older_businesses_with_accounts_of_their_own_are_one_source(world):
    """Else the printed tables, which go by these names, would leave their money out of all sums."""
    block = Path(__file__).parents[1] / "worlds" / "blocks" / f"{world}.toml"
    seen = run(block, months=4, users=50)
    followed = follow_money(seen)
    assert set(followed.earned["source"]) | set(followed.held["source"]) <= set(WHOSE)
    own = {row.name for row in seen.books.accounts.rows if row.layer == "world"} - {"world", "older_businesses"}
    assert own & set(seen.flows["payer"])


@pytest.mark.parametrize("by", ["pro-rata", "fifo"])
def test_venture_money_is_followed_from_savers_through_pools_up_the_chain_and_back(by):
    seen = run(BLOCKS.parent / "called_money.toml", seed=1, users=30)
    steps, names = through_pools(seen, by), ("venture_west", "venture_china")
    cash = seen.balances.filter(pl.col("item") == "cash", pl.col("account").is_in(names))
    last = cash.filter(pl.col("month") == pl.col("month").max())
    for name, opening in zip(names, (1_000_000_000_00, 500_000_000_00), strict=True):
        mine = {row["step"]: row["cents"] for row in _sums(steps.filter(pool=name), "step")}
        came = opening + mine["paid_in"] + mine.get("brought", 0)
        assert came - mine["funded"] - mine.get("distributed", 0) == last.filter(account=name)["cents"].sum()
        rows = seen.pools.filter(pool=name)
        assert (mine["paid_in"], mine.get("distributed", 0)) == (rows["called"].sum(), rows["distributed"].sum())
    west = steps.filter(pool="venture_west")
    assert {"labs", "apps"} <= set(west.filter(step="funded")["layer"])
    passed = {row["layer"]: row["cents"] for row in _sums(west.filter(step="passed_on"), "layer")}
    assert passed["cloud"] > passed["chips"] > 0
    assert passed["cloud"] <= int(west.filter(step="funded")["cents"].sum())
    assert west.filter(step="distributed")["layer"].to_list() == ["world"]
    assert west.filter(step="opening").rows() == [("venture_west", "opening", "investors", 1_000_000_000_00)]


@pytest.mark.parametrize("by", ["pro-rata", "fifo"])
def test_what_came_to_a_pool_is_what_became_of_it(result, by):
    steps = through_pools(result, by)
    assert steps["pool"].unique().sort().to_list() == ["venture_china", "venture_west"]
    for name in ("venture_china", "venture_west"):
        mine = {row["step"]: row["cents"] for row in _sums(steps.filter(pool=name), "step")}
        sides = [sum(mine.get(step, 0) for step in side) for side in (CAME, WENT)]
        assert sides[0] == sides[1] > mine["held"] > 0
        held = result.balances.filter(pl.col("account") == name, pl.col("item") == "cash").sort("month")["cents"]
        assert (mine["opening"], mine["held"]) == (held[0], held[-1])


def test_the_command_prints_each_pool_with_its_sum_to_the_cent(result, tmp_path, capsys):
    folder = result.save(tmp_path / "one")
    assert main(["trace", str(folder), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["pools"] == through_pools(result).to_dicts()
    assert main(["trace", str(folder)]) == 0
    said = " ".join(capsys.readouterr().out.split())
    for pool in ("venture_china", "venture_west"):
        assert f"venture money through {pool}: followed pro rata, 2023-01 to 2024-02, in US dollars" in said
    held = through_pools(result).filter(pool="venture_west", step="held")["cents"].item()
    sums = "at the start + paid in + got back = put into firms + paid out + left, to the cent:"
    assert f"{sums} 8,000,000,000.00 + " in said
    assert f" + 0.00 + {held // 100:,}.{held % 100:02} of what its firms paid" in said


def test_a_pool_that_does_not_add_up_is_printed_as_such(result, capsys):
    pools = through_pools(result).with_columns(cents=pl.col("cents") + (pl.col("step") == "opening"))
    print_pools(pools, "pro-rata", LIVED)
    said = capsys.readouterr().out
    assert said.count("does NOT hold, 0.01 are missing") == 2
    assert "to the cent" not in said


def test_a_world_without_pools_says_so(result, capsys):
    print_pools(through_pools(result).clear(), "fifo", LIVED)
    assert capsys.readouterr().out == "venture money: this world has no pool of it\n"


def _sums(rows: pl.DataFrame, by: str) -> list[dict[str, Any]]:
    return rows.group_by(by).agg(pl.col("cents").sum()).to_dicts()
