"""A lab whose model is no better than an open one serves the open one where that runs faster."""

from typing import Any

import pytest

from watersellers import World
from watersellers.agents.labs import month
from watersellers.agents.labs.lab import Lab
from watersellers.agents.labs.month import Labs

SLOW = "labs.zhipu"  # runs at a tenth of the speed of DeepSeek, which knows four times as much
SET: dict[str, Any] = {
    "labs.throughput": 10_000.0,  # of all others, which run slower still
    f"{SLOW}.throughput": 20_000.0, f"{SLOW}.knowledge": 1e7, "labs.knowledge_unit": 2e7,
    "labs.deepseek.throughput": 200_000.0, "labs.deepseek.knowledge": 4e7, "labs.spill_over": 0.0,
    "labs.open_weights": 0.0, "labs.deepseek.open_weights": 1.0,
}  # fmt: skip


def labs_of(months: int = 2, **chosen: Any) -> dict[str, Lab]:
    """Labs of a small world after some months, by name."""
    world = World("plain", rng=1, users=60, months=months, set={**SET, **chosen})
    while world.running:
        world.step()
    return {firm.name: firm for firm in world.parts[Labs].labs}


def test_it_needs_the_hours_of_the_open_model() -> None:
    labs = labs_of()
    slow, opened = labs["zhipu"], labs["deepseek"]
    assert (
        slow.own_throughput(1, slow.flagship)
        < 0.2 * slow.throughput(1)
        == 0.2 * opened.own_throughput(1, opened.flagship)
    )
    assert slow.quality < opened.quality
    assert slow.hours(1e9, 1) == opened.hours(1e9, 1)


@pytest.mark.parametrize(
    "kept",
    [
        {f"{SLOW}.knowledge": 8e7},  # it is better than the open model
        {"labs.deepseek.open_weights": 0.0},  # nothing is given away
        {"labs.deepseek.throughput": 10_000.0},  # the open model is slower still
    ],
)
def test_it_keeps_its_own_model_where_that_is_better_or_faster(kept) -> None:
    slow = labs_of(**kept)["zhipu"]
    assert slow.throughput(1) == slow.own_throughput(1, slow.flagship)


def test_it_goes_back_to_its_own_when_it_is_better() -> None:
    trains = {f"{SLOW}.opening_budget": 1e9, f"{SLOW}.opening_cash": 2e9, "labs.deepseek.opening_budget": 0.0}
    before, after = labs_of(1, **trains)["zhipu"], labs_of(3, **trains)["zhipu"]
    assert before.throughput(0) > 2 * before.own_throughput(0, before.flagship)
    assert after.throughput(2) == after.own_throughput(2, after.flagship)


def test_hosts_ask_less_than_it_costs_a_lab_that_keeps_its_own(monkeypatch) -> None:
    """Mutation: where it may not serve the open model, its price lies far below its cost."""

    def earned() -> float:
        slow = labs_of(6)["zhipu"]
        return slow.price / slow.unit_cost(5, slow.flagship)

    followed = earned()
    monkeypatch.setattr(month, "faster", lambda *_: {})
    assert earned() < 0.3 * followed
