"""What has to hold in ten years of any world: each claim fails on a run that is made to break it, and on no other."""

from dataclasses import replace
from datetime import date

import polars as pl
import pytest

from tests.worlds.finished import finished
from watersellers.experiments.analysis.ten_years.sanity import (
    BUST,
    YEAR,
    idle_firms,
    longest_bust,
    sanity,
    wound_up_hyperscalers,
)

HOME = "west"
YEARS = 3


@pytest.fixture(scope="module")
def result():
    return finished("plain", months=12 * YEARS, users=200)


def broken(result, sick):
    """Claims that hold of a run, and not of a sick one."""
    before, after = sanity(result), sanity(sick)
    return [claim for claim, held in before.items() if held and not after[claim]]


def with_prices(result, good, price):
    """A run in which a good of the West had another price."""
    there = (pl.col("good") == good) & (pl.col("region") == HOME)
    markets = result.markets.with_columns(price=pl.when(there).then(price).otherwise(pl.col("price")))
    return replace(result, markets=markets)


def test_all_holds_in_the_bare_chain(result):
    assert all(sanity(result).values())


def test_no_layer_earns_more_than_anybody_pays(result):
    more = pl.when(pl.col("layer") == "cloud").then(10**15).otherwise(pl.col("operating_profit"))
    sick = replace(result, layers=result.layers.with_columns(operating_profit=more))
    assert broken(result, sick) == ["no layer earns more in a year than final spending and outside money"]


def test_dear_hours_have_to_be_worth_it(result):
    """At a thousand dollars an hour tokens do not pay; if they are a million times as dear, they do."""
    dear = with_prices(result, "machine_hours", 1000.0)
    assert broken(result, dear) == [f"rents lie between power and what tokens fetch ({HOME})"]
    assert broken(result, with_prices(dear, "tokens", 10.0**9)) == []


def test_no_hour_is_cheaper_than_power(result):
    cloud = result.firms.filter(layer="cloud", region=HOME)["firm"][0]
    cheap = pl.when(pl.col("firm") == cloud).then(0.05).otherwise(pl.col("price"))
    sick = replace(result, firms=result.firms.with_columns(price=cheap))
    assert broken(result, sick) == [f"rents lie between power and what tokens fetch ({HOME})"]


def idle(result, months, cut=None, written_off=None, capacity=1000):
    """A run in which NVIDIA uses a hundredth of its capacity in the first months; a month is cut or written off."""
    dates = sorted(result.firms["month"].unique())
    there = (pl.col("firm") == "nvidia") & (pl.col("month") >= dates[1]) & (pl.col("month") <= dates[months])
    of_it = pl.when(pl.col("firm") == "nvidia")
    having = pl.when(pl.col("month") < (date.max if cut is None else dates[cut])).then(capacity).otherwise(capacity - 1)
    first = pl.when(pl.col("month") == dates[0]).then(1000).otherwise(having)
    wrote = (pl.col("month") == dates[written_off]) if written_off is not None else pl.lit(value=False)
    firms = result.firms.with_columns(
        used_share=pl.when(there).then(0.01).otherwise(pl.col("used_share")),
        capacity=of_it.then(first).otherwise(pl.col("capacity")),
        impairment=of_it.then(wrote.cast(pl.Int64)).otherwise(pl.col("impairment")),
    )
    return replace(result, firms=firms)


def test_a_vendor_that_idles_for_more_than_a_year_is_named(result):
    assert idle_firms(result) == []
    assert idle_firms(idle(result, YEAR)) == []
    sick = idle(result, YEAR + 1)
    assert idle_firms(sick) == ["nvidia"]
    assert broken(result, sick) == ["a firm that idles for a year cuts, writes off or leaves"]


@pytest.mark.parametrize("mend", [{"cut": 7}, {"written_off": 7}])
def test_one_that_cuts_or_writes_off_is_not(mend, result):
    assert idle_firms(idle(result, YEAR + 1, **mend)) == []


def test_one_that_has_cut_all_that_it_can_is_not(result):
    assert idle_firms(idle(result, 2 * YEAR, capacity=51)) == ["nvidia"]
    assert idle_firms(idle(result, 2 * YEAR, capacity=50)) == []


def test_a_hyperscaler_that_is_wound_up_is_named(result):
    """CoreWeave has no older business that grants it money: it may be wound up."""
    end = date(2024, 1, 1)
    for firm, named in (("azure", ["azure"]), ("coreweave", [])):
        exits = pl.DataFrame({"month": [end], "what": ["exit"], "who": [firm], "text": [""]})
        sick = replace(result, events=pl.concat([result.events, exits]))
        assert wound_up_hyperscalers(sick) == named
        assert broken(result, sick) == ["no hyperscaler is wound up"] * len(named)


def test_the_longest_bust_is_counted_in_years_on_end(result):
    """A year is lost if its sum is below 0, of chips or of clouds; a good year between two ends the first."""
    for layer, lost in (("chips", [2023, 2025]), ("cloud", [2023, 2024]), ("labs", [])):
        year = pl.col("month").dt.year()
        profit = pl.when(pl.col("layer") == layer).then(pl.when(year.is_in(lost)).then(-1).otherwise(1)).otherwise(1)
        sick = replace(result, layers=result.layers.with_columns(operating_profit=profit))
        assert longest_bust(sick) == {"chips": 1, "cloud": 2, "labs": 0}[layer]
    assert BUST >= YEARS
