"""The picture of a year's payments adds up to the cent, and neither bars nor bands overlap."""

from itertools import pairwise

import polars as pl
import pytest

from tests.charts.drawn_charts import texts, year_flows
from tests.worlds.small_runs import DEALS, SALES, M
from watersellers.viz.charts.sankey import sankey_chart
from watersellers.viz.charts.sankey_layout import BAR, bands, bars, links, touching_chain
from watersellers.viz.words.catalogue import ENGLISH, SPACE


def test_the_links_add_up_to_the_payments_of_the_chain_to_the_cent():
    flows = year_flows()
    drawn = sum(link.cents for link in links(flows))
    by_hand = sum(SALES[payee] * M * part // 100 for _, payee, _, part in DEALS) * 78 + 12 * (7 * M + 1)
    assert drawn == by_hand
    assert drawn == flows.filter(touching_chain())["cents"].sum()
    assert flows["cents"].sum() - drawn == 12 * 999 * M  # households' income, outside the chain


def many_flows():
    rows = [("users_west", f"app{n}", "users", "apps", 1000 + n) for n in range(9)]
    rows += [(f"app{n}", "thinker", "apps", "labs", 500 + n) for n in range(9)]
    rows += [
        ("forge", "thinker", "chips", "labs", 77),
        ("thinker", "forge", "labs", "chips", 770),
        ("app1", "app2", "apps", "apps", 5),
    ]
    columns = ["payer", "payee", "payer_layer", "payee_layer", "cents"]
    return pl.DataFrame(rows, schema=columns, orient="row").with_columns(good=pl.lit("tokens_output"))


def test_small_firms_are_drawn_together_and_no_cent_is_lost():
    found = links(many_flows())
    names = {link.payee.name for link in found if link.payee.layer == "apps"}
    assert names == {"", "app8", "app7", "app6", "app5"}
    assert sum(link.cents for link in found) == many_flows()["cents"].sum()


@pytest.mark.parametrize("flows", [year_flows(), many_flows()], ids=["a year", "many apps"])
def test_bars_and_bands_do_not_overlap_and_fit(flows):
    found = links(flows)
    standing = bars(found)
    for column in {bar.node.column for bar in standing}:
        of_column = sorted((bar for bar in standing if bar.node.column == column), key=lambda bar: bar.y)
        assert all(low.y + low.height < high.y for low, high in pairwise(of_column))
    laid = bands(found, standing)
    for bar in standing:
        leaving = [(band.start[1], band.width) for band in laid if band.link.payer == bar.node]
        coming = [(band.end[1], band.width) for band in laid if band.link.payee == bar.node]
        for ends in (sorted(leaving), sorted(coming)):
            assert all(low + thick / 2 <= high - wide / 2 + 1e-6 for (low, thick), (high, wide) in pairwise(ends))
            assert all(
                bar.y - 1e-6 <= at - wide / 2 and at + wide / 2 <= bar.y + bar.height + 1e-6 for at, wide in ends
            )
    assert max(bar.x + BAR for bar in standing) <= 1200


def test_bands_are_as_wide_as_their_cents():
    found = links(many_flows())
    widths = {band.width / band.link.cents for band in bands(found, bars(found))}
    assert max(widths) == pytest.approx(min(widths))


def test_money_of_investors_and_owners_is_apart_from_payments_for_goods():
    rows = [
        ("older", "skies", "world", "cloud", "gpu_hours", 30),
        ("older", "skies", "world", "cloud", "contribution", 20),
        ("forge", "world", "chips", "world", "dividend", 7),
        ("forge", "world", "chips", "world", "wages", 5),
    ]
    columns = ["payer", "payee", "payer_layer", "payee_layer", "good", "cents"]
    flows = pl.DataFrame(rows, schema=columns, orient="row")
    found = {(link.payer.name, link.payee.name, link.funding): link.cents for link in links(flows)}
    assert found == {
        ("older", "skies", False): 30,
        ("older", "skies", True): 20,
        ("forge", "shareholders", True): 7,
        ("forge", "world", False): 5,
    }
    chart = sankey_chart(flows, "in a test")
    assert chart.svg.count('class="flow fund s-investors"') == 3  # two bands and one in the legend
    assert ["Shareholders", ENGLISH("sankey.funding"), "0.07"] in [row[1:] for row in chart.data.rows]
    assert {ENGLISH("sankey.goods"), ENGLISH("sankey.funding")} <= set(texts(chart.svg))


def test_money_that_is_not_drawn_is_named_in_the_summary():
    chart = sankey_chart(year_flows(), "in 2024")
    assert f"Not drawn: $12.0{SPACE}bn" in chart.summary
