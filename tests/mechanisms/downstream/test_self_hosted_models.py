"""Apps that serve an open model themselves: volume decides, hours are rented from clouds, and machines wear."""

from types import SimpleNamespace
from typing import Any

import polars as pl
import pytest

from watersellers import BadInput, World, run
from watersellers.agents.apps.month import Apps
from watersellers.agents.apps.self_hosted_models import SelfHostedModels
from watersellers.agents.strategies.hosting import OwnModel
from watersellers.market.audit.invariants import InvariantBroken
from watersellers.market.goods import TOKENS_OF_LINE

OPEN = {"labs.alibaba_qwen.open_weights": 1}
MONTHS = 10


def simulate(settings: dict[str, Any], months: int = MONTHS) -> World:
    world = World("dollar_paths", rng=1, months=months, users=200, set={**OPEN, **settings})
    for _ in range(months):
        world.step()
    return world


def hosting(world: World) -> dict[str, float]:
    return {app.name: world.parts[SelfHostedModels].share(app) for app in world.parts[Apps].apps}


def test_an_app_with_much_use_serves_itself_and_one_with_little_stays_with_the_api():
    shares = hosting(simulate({"apps.hosting": "break_even"}))
    assert shares["chatgpt"] == 1.0
    assert shares["metaso"] == 0.0
    dear = hosting(simulate({"apps.hosting": "break_even", "apps.host_team": 1e9}))
    assert set(dear.values()) == {0.0}


def test_an_app_that_serves_itself_pays_clouds_and_not_labs():
    made = run("dollar_paths", months=MONTHS, users=200, set={**OPEN, "apps.chatgpt.hosting": "own_model"})
    paid = made.flows.filter(payer="chatgpt", phase=8).group_by("payee_layer").agg(pl.col("cents").sum())
    by_layer = dict(paid.iter_rows())
    assert by_layer["cloud"] > 0
    assert "labs" not in by_layer
    edges = made.graph_at("2023-09").out_edges("chatgpt")
    assert any(seller in ("aws", "azure", "google_cloud", "oracle", "coreweave") for _, seller in edges)


def test_machines_of_its_own_replace_rented_hours_and_wear_in_its_books():
    settings = {**OPEN, "apps.chatgpt.hosting": "own_model", "chips.nvidia.opening_wait": 0.0}
    rented, owned = (
        run("dollar_paths", months=20, users=200, set=settings | {"apps.chatgpt.owning": owning})
        for owning in ("rent_hours", "own_machines")
    )
    last = [result.firms.filter(firm="chatgpt").tail(1).row(0, named=True) for result in (rented, owned)]
    assert last[0]["depreciation"] == 0 < last[1]["depreciation"]
    fleet = owned.balances.filter(account="chatgpt", item="fleet")["cents"]
    assert fleet[-1] > 0
    since = pl.col("month") >= last[0]["month"].replace(month=2)  # the half year in which it has machines
    hours_a_query = [
        int(result.flows.filter(since, pl.col("good") == "gpu_hours", pl.col("payer") == "chatgpt")["quantity"].sum())
        / int(result.apps.filter(since, pl.col("app") == "chatgpt")["queries"].sum())
        for result in (rented, owned)
    ]
    assert hours_a_query[1] < 0.8 * hours_a_query[0]


@pytest.mark.parametrize(
    "settings",
    [
        {"apps.host_team": 9e7, "apps.hour_lock_in": 5.0, "apps.site_cost": 3.0, "apps.owning": "own_machines"},
        {"apps.hosting": "own_model"},  # Qwen's weights are given away in August
    ],
    ids=["api only", "nothing to serve"],
)
def test_off_is_off(settings):
    found, usual = (
        run("dollar_paths", 1, 6, 100, set=numbers).manifest["digest"] for numbers in (settings, dict[str, Any]())
    )
    assert found == usual


def test_tokens_that_no_hour_made_are_found_out(monkeypatch):
    receive = SelfHostedModels.receive

    def doubled(own_models, trades):
        receive(own_models, trades)
        own_models.made = {key: 3 * units for key, units in own_models.made.items()}

    monkeypatch.setattr(SelfHostedModels, "receive", doubled)
    with pytest.raises(InvariantBroken, match="made work of") as broken:
        simulate({"apps.hosting": "own_model"}, 3)
    assert broken.value.invariant == "I6"


def test_answers_without_tokens_are_found_out(monkeypatch):
    supply = Apps.supply

    def forgotten(apps, orders):
        offered = supply(apps, orders)
        apps.own_models.made = dict.fromkeys(apps.own_models.made, 0)
        return offered

    monkeypatch.setattr(Apps, "supply", forgotten)
    with pytest.raises(InvariantBroken, match="answered with more tokens") as broken:
        simulate({"apps.hosting": "own_model"}, 3)
    assert broken.value.invariant == "I6"


def test_an_app_may_buy_tokens_of_small_models_beside_those_that_it_makes(monkeypatch):
    monkeypatch.setattr(OwnModel, "__call__", lambda *_: 0.5)
    world = simulate({"apps.hosting": "own_model", "labs.line": 3}, 3)
    small = {int(good) for goods in TOKENS_OF_LINE[1:] for good in goods}
    makers = {app.account for app, _ in world.parts[SelfHostedModels].serving}
    assert makers & {buyer for buyer, good in world.parts[Apps].got if good in small}


def test_an_app_without_a_cloud_to_rent_from_is_refused():
    settings = {"apps.chatgpt.hosting": "own_model", "apps.chatgpt.cloud": ["meta_infra"]}
    with pytest.raises(BadInput, match=r"apps\.chatgpt\.hosting: found 'own_model', but no cloud that it names"):
        run("dollar_paths", months=2, users=50, set=settings)


def test_an_app_that_was_founded_anew_serves_no_model_before_it_has_ordered_hours():
    app = SimpleNamespace(account=3, alive=True)
    lab, registers = SimpleNamespace(account=2), SimpleNamespace()
    hosted = SelfHostedModels([app], [lab], registers)  # type: ignore[arg-type, list-item]
    hosted.models = {3: 2}  # of its life before
    assert hosted.serving == []
    hosted.hours = {3: 40}
    assert [firm.account for firm, _ in hosted.serving] == [3]
