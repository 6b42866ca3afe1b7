"""No path in time is left in demand: what outsiders would pay a chain that stands still comes to rest as they do."""

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any

import polars as pl
import pytest

from watersellers import run
from watersellers.experiments.loading.loader import load_scenario

AT_REST: dict[str, Any] = {
    "work.adoption": {"use": "mansfield", "innovators": 0.0, "imitators": 0.0, "power": 0.0, "usual": 0.02},
    **{f"{group}.older_growth": 0.0 for group in ("cloud", "owners")},
    **{f"owners.{name}.older_growth": 0.0 for name in ("bytedance", "apple", "tesla")},
    "work.leaving": 0.0,
    "enterprises.seats_at_work": 0.0,  # people choose seats anew each month, by chance
}
YEARS = 8
ENDS = {f"{path}_{end}" for path in ("tokens", "compute", "own_use", "inflow") for end in ("low", "high")}


def demand(settings: Mapping[str, float] = MappingProxyType({})) -> pl.DataFrame:
    """Shadows of demand by payer and year, in a world at rest without any dated event."""
    spec = load_scenario("plain", AT_REST | dict(settings))
    result = run(replace(spec, events=()), seed=4, months=12 * YEARS, users=400)
    rows = result.shadows.filter(pl.col("use").is_in(["work", "compute", "own_use"]))
    year = pl.col("month").dt.year().alias("year")
    return rows.group_by("payer", "use", year).agg(pl.col("cents").mean()).sort("payer", "use", "year")


def moved(rows: pl.DataFrame) -> pl.DataFrame:
    """By how much the last year differs from the one before, as a share, by payer and use."""
    last, before = (rows.filter(pl.col("year") == pl.col("year").max() - ago) for ago in (0, 1))
    both = last.join(before, on=["payer", "use"], suffix="_before").filter(pl.col("cents_before") > 0)
    return both.select("payer", "use", share=(pl.col("cents") / pl.col("cents_before") - 1).abs())


def test_demand_at_rest_stays_where_it_is():
    found = moved(demand())
    assert {"enterprises_west", "enterprises_china", "older_businesses", "bytedance", "apple"} <= set(found["payer"])
    assert set(found["use"]) == {"work", "compute", "own_use"}
    slow = pl.when(pl.col("use") == "own_use").then(0.003).otherwise(1e-6)  # owners still learn a little
    assert found.filter(pl.col("share") > slow).is_empty()


@pytest.mark.parametrize(
    ("use", "path"),
    [
        ("own_use", {"world.own_use_low": 0.01, "world.own_use_high": 0.2, "world.own_use_middle": 84}),
        ("work", {"enterprises.tokens_low": 1e8, "enterprises.tokens_high": 1e9, "enterprises.middle": 84}),
        ("compute", {"enterprises.compute_low": 1e8, "enterprises.compute_high": 1e10, "enterprises.middle": 84}),
    ],
)
def test_a_path_in_time_would_be_seen(use, path):
    assert not moved(demand(path)).filter(pl.col("share") > 0.1, use=use).is_empty()


def test_no_number_of_a_path_is_left_where_demand_follows_from_causes():
    spec = load_scenario("plain")
    members = [(f"{group}.{one.name}", one.numbers) for group, ones in spec.groups.items() for one in ones]
    named = [("world", spec.numbers), *members]
    paths = {(who, name): value for who, numbers in named for name, value in numbers.items() if name in ENDS}
    assert {name for _, name in paths} == ENDS
    assert set(paths.values()) == {0}
