"""Supply of accelerators: what was ordered before the first month opens by date, whatever a new order's lead is."""

from typing import Any

import polars as pl
import pytest

from tests.worlds.rough import ROUGH
from watersellers import World, run
from watersellers.agents.chips.vendor import ChipVendor

BRIEF: dict[str, Any] = {"months": 10, "users": 100}


def capacities(lead: int) -> list[dict[str, float]]:
    """Each vendor's capacity month by month; what vendors order in these months opens after ``lead`` months."""
    world = World(ROUGH, rng=1, **BRIEF, settings={"chips.lead": lead})
    found = []
    for _ in range(BRIEF["months"]):
        world.step()
        found.append({firm.name: firm.capacity for firm in world.parts.firms_of(ChipVendor)})
    return found


def test_what_was_ordered_before_the_start_opens_by_date_whatever_a_new_orders_lead_is():
    usual, longer = capacities(10), capacities(36)
    assert usual == longer
    assert usual[8]["nvidia"] > 1.5 * usual[0]["nvidia"]


@pytest.mark.parametrize(("lead", "months"), [(9, 8), (1, 0), (3, 2)])
def test_the_openings_lead_is_a_number_of_its_own(lead, months):
    world = World(ROUGH, rng=1, **BRIEF, settings={"chips.opening_lead": lead})
    pipelines = {firm.name: [month for month, _ in firm.pipeline] for firm in world.parts.firms_of(ChipVendor)}
    assert pipelines["nvidia"] == list(range(1, months + 1))


def test_a_longer_lead_makes_no_more_machines():
    made = [
        int(
            run(ROUGH, months=24, users=100, set={"chips.lead": lead})
            .flows.filter(pl.col("good") == "foundry")["quantity"]
            .sum()
        )
        for lead in (6, 9, 12, 18)
    ]
    assert made == sorted(made, reverse=True)
    assert made[-1] < 0.95 * made[0]
