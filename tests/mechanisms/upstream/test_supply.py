"""Supply of accelerators: what was ordered before the first month opens by date, whatever a new order's lead is."""

from typing import Any

import polars as pl
import pytest

from tests.worlds.rough import ROUGH
from watersellers import BadInput, World, run
from watersellers.agents.chips.vendor import ChipVendor
from watersellers.experiments.__main__ import main
from watersellers.experiments.loading.loader import load_scenario

BRIEF: dict[str, Any] = {"months": 10, "users": 100}


def capacities(lead: int) -> list[dict[str, float]]:
    """Each vendor's capacity month by month; what vendors order in these months opens after ``lead`` months."""
    world = World(ROUGH, rng=1, **BRIEF, set={"chips.lead": lead})
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
    world = World(ROUGH, rng=1, **BRIEF, set={"chips.opening_lead": lead})
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


# What is refused

ADDS = "what is ordered before the start adds to supply: write less opening_capacity"
CUT = "vendors give up capacity that idles with cutting = 'cut_idle'"
SPEED = (
    "but prepaid_months is 0 for every vendor, and speed is paid as a share of what is prepaid; write"
    " chips.prepaid_months = 2, or world.speed_price = 0"
)


@pytest.mark.parametrize(
    ("path", "value", "sentence"),
    [
        ("chips.nvidia.opening_pipeline", -0.1, f"found -0.1, expected 0 to 0.5 share a month; {ADDS}; {CUT}"),
        ("chips.opening_pipeline", 0.6, "found 0.6, expected 0 to 0.5 share a month"),
        ("chips.opening_lead", 0, "found 0, expected 1 to 36 months"),
        (
            "world.foundry_growth",
            -0.1,
            f"found -0.1, expected 0 to 1000 share a month; a foundry that grows by 0 keeps what it has: {CUT}",
        ),
        ("world.foundry_pace", 1.5, "found 1.5, expected 0 to 1 share"),
        ("chips.take_or_pay", 2, "found 2, expected 0 to 1 share of unit cost"),
        ("chips.amd.cutting", "cut_idel", "unknown strategy 'cut_idel'. Did you mean 'cut_idle'?"),
    ],
)
def test_a_supply_that_cannot_be_is_refused_with_its_place_and_cure(path, value, sentence):
    with pytest.raises(BadInput) as refused:
        load_scenario("scarce_chips", {path: value})
    assert str(refused.value) == f"set, {path}: {sentence}"


@pytest.mark.parametrize(
    ("base", "month", "found"), [("scarce_chips", "", "found 5"), ("plain", "2023-10", "found 4 from 2023-10 on")]
)
def test_a_price_of_speed_that_nobody_pays_is_refused(base, month, found):
    event = {"month": month, "what": "set", "path": "world.speed_price", "value": 4}
    world: dict[str, Any] = {"extends": base, "name": "free", "question": "W?", "event": [event] if month else []}
    with pytest.raises(BadInput) as refused:
        load_scenario(world, {"chips.prepaid_months": 0})
    assert str(refused.value) == f"free, world.speed_price: {found}, {SPEED}"
    later = {"month": "2024-01", "what": "set", "path": "chips.amd.prepaid_months", "value": 2}
    load_scenario({**world, "event": [*world["event"], later]}, {"chips.prepaid_months": 0})


def test_a_supply_that_falls_before_it_starts_writes_nothing(tmp_path, capsys):
    falling = tmp_path / "falling.toml"
    falling.write_text('# What if it fell?\nextends = "scarce_chips"\n[chips.nvidia]\nopening_pipeline = -0.1\n')
    assert main(["run", str(falling), "--months", "2", "--users", "50", "--out", str(tmp_path / "run")]) == 2
    assert "falling.toml, chips.nvidia.opening_pipeline: found -0.1" in " ".join(capsys.readouterr().err.split())
    assert list(tmp_path.iterdir()) == [falling]
