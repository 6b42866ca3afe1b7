"""Hosts of open weights: clouds sell tokens of released models, from hours that they cannot rent out as well."""

import polars as pl
import pytest

from watersellers import World, run
from watersellers.agents.cloud.month import Clouds
from watersellers.agents.cloud.open_weight_hosts import OpenWeightHosts
from watersellers.market.audit.invariants import InvariantBroken
from watersellers.market.goods import Good
from watersellers.market.trade.orders import Supply

HOSTING = {"cloud.hosts": 1, "labs.alibaba_qwen.open_weights": 1}
MONTHS = 14
TOKENS = pl.col("good").str.starts_with("tokens")


def test_hosts_sell_tokens_and_the_lab_that_gave_its_model_away_loses_customers() -> None:
    hosted, alone = (run("dollar_paths", months=MONTHS, users=100, set={**HOSTING, "cloud.hosts": on}) for on in (1, 0))
    sold = [result.flows.filter(TOKENS, pl.col("payee_layer") == "cloud")["cents"].sum() for result in (hosted, alone)]
    assert sold[0] > 0
    assert sold[1] == 0
    revenue = [result.firms.filter(firm="alibaba_qwen")["revenue"].sum() for result in (hosted, alone)]
    assert revenue[0] < revenue[1]


def test_power_is_paid_for_hours_rented_and_hours_that_serve_tokens() -> None:
    world = World("dollar_paths", rng=1, months=MONTHS, users=100, set=HOSTING)
    for _ in range(MONTHS):
        world.step()
        hosts = world.parts[OpenWeightHosts]
        busy = [firm for firm in world.parts[Clouds].clouds if hosts.hours_of(firm)]
        journal = world.economy.ledger.journal()
        paid = journal.where((journal.month == world.month - 1) & (journal.good == Good.POWER))
        for firm in busy:
            bill = paid.where((paid.debit_account == firm.account) & (paid.price > 0))
            ran = int(world.parts[Clouds].sold_hours[firm.account]) + hosts.hours_of(firm)
            assert set(bill.quantity.tolist()) == {ran}
            assert ran <= firm.capacity
    assert busy


def test_a_cloud_below_the_threshold_or_that_sells_to_nobody_does_not_host() -> None:
    world = World("dollar_paths", rng=1, months=2, users=50, set={**HOSTING, "cloud.host_threshold": 8e6})
    world.step()
    hosts = {firm.name for firm in world.parts[Clouds].clouds if firm.account in world.parts[OpenWeightHosts].models}
    large = {firm.name for firm in world.parts[Clouds].clouds if firm.capacity >= 8e6}
    assert hosts == large - {"meta_infra"}
    assert hosts < large


def test_without_a_model_that_was_given_away_there_is_nothing_to_host() -> None:
    on, off = (run("dollar_paths", months=6, users=100, set={"cloud.hosts": flag}) for flag in (1, 0))
    assert on.manifest["digest"] == off.manifest["digest"]  # Qwen's weights are given away in August


def test_hours_that_are_rented_out_and_serve_tokens_too_are_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    supply = Clouds.supply

    def twice(clouds: Clouds, orders: object) -> Supply:
        supply(clouds, orders)  # type: ignore[arg-type]
        return Supply.of((firm.account, Good.HOURS, firm.capacity) for firm in clouds.clouds)

    monkeypatch.setattr(Clouds, "supply", twice)
    monkeypatch.setattr(OpenWeightHosts, "hours_of", OpenWeightHosts.asked_hours)
    settings = {**HOSTING, "enterprises.compute_high": 1e12, "enterprises.compute_low": 1e12}
    world = World("dollar_paths", rng=1, months=MONTHS, users=100, set=settings)
    with pytest.raises(InvariantBroken, match="rented out and served tokens") as broken:
        live(world)
    assert broken.value.invariant == "I6"


def live(world: World) -> None:
    for _ in range(MONTHS):
        world.step()
