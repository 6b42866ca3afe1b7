"""Layers of equal firms live like any, equal firms fare alike, and the entrants that ship sell and grow."""

import warnings
from functools import cache

import polars as pl
import pytest

from watersellers import ScenarioWarning, World, compare, load_scenario, run
from watersellers.experiments.loading.parameters import FIRMS

ALL = [f"firms.{layer}" for layer in FIRMS]
LAB = {"key": 398, "region": "west", "enters": "2024-01", "founder": "venture_west"}
ENTRANTS = {"chips": "new_vendor", "cloud": "new_cloud", "labs": "new_lab", "apps": "new_app"}


@cache
def lived(number):
    """The reference world with as many equal firms in each region of each layer: its invariants hold in each month."""
    months = 24 if number < 20 else 12
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ScenarioWarning)
        return run("baseline", months=months, users=300, set=dict.fromkeys(ALL, number))


def sums(result, column, layer, region="west", first=0, last=24):
    """What each firm of a layer and a region has in all between two months, in the order of its names."""
    months = result.firms["month"].unique().sort()[first:last]
    rows = result.firms.filter(
        pl.col("layer") == layer, pl.col("firm").str.contains(f"_{region}_"), pl.col("month").is_in(months.implode())
    )
    return rows.group_by("firm").agg(pl.col(column).sum()).sort("firm")[column].to_list()


@pytest.mark.parametrize("number", [1, 2, 5, 20])
def test_worlds_of_equal_firms_live(number):
    for layer in FIRMS:
        revenue = sums(lived(number), "revenue", layer)
        assert len(revenue) == number
        assert sum(revenue) > 0


@pytest.mark.parametrize("layer", ["chips", "cloud"])
def test_equal_vendors_and_clouds_fare_alike(layer):
    """They differ by whole machines and hours, which go to one or the other by a hash: a hundredth at most."""
    revenue = sums(lived(5), "revenue", layer)
    assert max(revenue) < 1.01 * min(revenue)


def test_equal_labs_fare_alike_until_the_luck_of_their_releases_parts_them():
    """The first generation after the opening is that of March 2023, and its quality is partly luck."""
    asked = sums(lived(5), "quantity", "labs", last=2)
    assert max(asked) < 1.01 * min(asked)
    assert max(sums(lived(5), "quantity", "labs")) > 1.1 * min(sums(lived(5), "quantity", "labs"))


def test_under_a_rule_that_takes_the_first_of_equals_they_do_not():
    """So that apps which bought all from the best lab divide it among equals in such a world."""
    given = {"firms.labs": 5, "apps.sourcing": "only_best"}
    asked = sums(run("baseline", months=2, users=300, set=given), "quantity", "labs", last=2)
    assert max(asked) > 2 * min(asked)


def test_one_vendor_earns_more_than_five_with_as_many_machines():
    alone, five = (run("baseline", months=18, users=100, set={"firms.chips": number}) for number in (1, 5))
    assert sum(sums(alone, "operating_profit", "chips")) > 1.2 * sum(sums(five, "operating_profit", "chips"))


def test_a_world_in_steps_and_its_resolved_text_give_the_same_run(tmp_path):
    whole = run("baseline", months=3, users=100, set={"firms.chips": 3})
    world = World("baseline", rng=1, months=3, users=100, set={"firms.chips": 3})
    world.run_for(3)
    assert world.result().manifest["digest"] == whole.manifest["digest"]
    text = tmp_path / "resolved.toml"
    text.write_text("# The same?\n" + whole.manifest["scenario"]["text"])
    assert run(text, months=3, users=100).journal.equals(whole.journal)


def test_five_equal_vendors_take_one_call():
    compared = compare("baseline", set={"firms.chips": 5}, seeds=2, months=3, users=50, workers=1)
    assert compared.set == {"firms.chips": 5}
    bands = compared.layers.filter(layer="chips", measure="revenue").row(0, named=True)
    assert bands["low"] <= bands["difference"] <= bands["high"]


@pytest.mark.parametrize("layer", ENTRANTS)
def test_the_entrant_of_a_layer_sells_and_grows(layer):
    """Its best month lies well above the first in which it has something to sell."""
    result = run(f"entrant_{layer}", months=36, users=1000 if layer == "apps" else 300)
    firm = result.firms.filter(pl.col("firm") == ENTRANTS[layer]).sort("month")
    assert firm["revenue"].sum() > 0
    grows = firm.filter(pl.col("capacity") > 0)["capacity"]
    assert grows.max() > 2 * grows[0]


CANT = {
    "a foundry that adds nothing": (
        {"extends": "entrant_chips", "world": {"foundry_growth": 0.0}},
        r"chips\.new_vendor: enters and can never grow, because the foundry of its region adds no capacity and nvidia",
    ),
    "a lab that waits for dates": (
        {"extends": "plain", "labs": {"new_lab": LAB | {"releasing": "in_generations", "release": 1.0}}},
        r"labs\.new_lab: enters and never sells a better model, because it waits for dated releases \(release = 1\)",
    ),
    "a vendor on no list of a cloud": (
        {"extends": "entrant_chips", "cloud": {"chips": ["-new_vendor"]}},
        r"chips\.new_vendor: only wechat_search, iflytek, zhipu_projects may buy from it, because the lists of aws",
    ),
}


@pytest.mark.parametrize(("doc", "said"), CANT.values(), ids=CANT)
def test_a_world_in_which_an_entrant_can_not_grow_says_so(doc, said):
    with pytest.warns(ScenarioWarning, match=said):
        load_scenario({**doc, "name": "mine", "question": "Mine?"})


def test_the_entrants_that_ship_can_all_grow():
    for layer, name in ENTRANTS.items():
        assert not [said for said in load_scenario(f"entrant_{layer}").warnings if name in said]
