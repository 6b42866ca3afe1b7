"""Apps compete by marketing, lose trust and take a share of purchases; labs ration tokens."""

from dataclasses import dataclass, replace
from types import SimpleNamespace
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as draw

from tests.worlds.rough import ROUGH
from watersellers import World, run
from watersellers.agents.apps.trust import Trust, TrustNumbers
from watersellers.agents.scenario_spec import Numbers, Traits
from watersellers.agents.users.month import Users
from watersellers.market.chance import Chance

BRIEF: dict[str, Any] = {"months": 15, "users": 200}
quick = settings(max_examples=60)


@pytest.fixture(scope="module")
def usual():
    return run(ROUGH, **BRIEF)


def profit(result, firm: str, months: int = 3) -> int:
    return int(result.firms.filter(firm=firm).sort("month").tail(months)["operating_profit"].sum())


def users_of(result, app: str) -> int:
    last = result.apps.filter(pl.col("app") == app, pl.col("month") == pl.col("month").max())
    return int(last["users"].sum())


@pytest.mark.parametrize(
    "numbers",
    [{"apps.take_rate": 0.9}, {"apps.scandal_depth": 9.0, "world.scandal_spill": 1.0}, {"world.trust_recovery": 0.9}],
)
def test_off_is_off(usual, numbers):
    assert run(ROUGH, **BRIEF, set=numbers).manifest["digest"] == usual.manifest["digest"]


def test_the_take_is_a_share_of_what_users_spend_and_no_final_spending(usual):
    paying = run(ROUGH, **BRIEF, set={"apps.doubao.transactions": 50.0})
    commissions = paying.flows.filter(good="transactions", payee="doubao").sort("month")
    people = paying.apps.filter(app="doubao").group_by("month").agg(pl.col("users").sum()).sort("month")
    due = [round(0.03 * (count * 5000)) for count in people["users"].to_list()]
    assert commissions["cents"].to_list() == [cents for cents in due if cents]
    assert commissions["payer"].unique().to_list() == ["world"]
    assert profit(usual, "doubao") < 0 < profit(paying, "doubao")  # the way from QQ to payment
    spent = [result.layers.filter(layer="users")["bought_from_chain"].sum() for result in (usual, paying)]
    assert abs(int(spent[1]) - int(spent[0])) < 0.01 * int(spent[0])


def test_captive_users_make_an_app_large_and_its_owner_poorer(usual):
    shown = run(ROUGH, **BRIEF, set={"apps.wechat_search.captive": 0.2})
    assert users_of(shown, "wechat_search") > 1.5 * users_of(usual, "wechat_search")
    assert profit(shown, "wechat_search") < profit(usual, "wechat_search") < 0


def heard(contest: float, rival: float) -> float:
    """Hazard that a Westerner hears of ChatGPT in the second month, while Gemini spends so much."""
    world = World(ROUGH, rng=1, months=2, users=100, set={"users.contest": contest})
    world.step()
    users, place = world.parts[Users], world.accounts.index
    plans = {users.row_of[plan.app]: plan for plan in world.parts.registers.public.plans}
    other = users.row_of[place["gemini"]]
    plans[other] = replace(plans[other], marketing=rival)
    return float(users.hazards(plans, 0)[users.row_of[place["chatgpt"]]])


def test_in_a_contest_marketing_reaches_less_the_more_rivals_spend():
    assert heard(0.0, 1e9) == heard(0.0, 0.0)
    assert heard(1.0, 1e9) < heard(1.0, 0.0) < heard(0.0, 0.0)


def test_the_leader_of_the_charts_is_found_and_followers_spend_as_much_as_rivals(usual):
    charted = run(ROUGH, **BRIEF, set={"users.chart_reach": 0.02})
    assert users_of(charted, "chatgpt") > users_of(usual, "chatgpt")
    following = run(ROUGH, **BRIEF, set={"apps.yuanbao.marketing": "follow_rivals"})
    paid = following.flows.filter(good="media", payer_layer="apps").sort("month")
    mine = dict(paid.filter(payer="yuanbao").select("month", "cents").iter_rows())
    china = {
        "kimi",
        "doubao",
        "wechat_search",
        "baidu_search",
        "nami_360",
        "metaso",
        "zhihu_zhida",
        "xiaoai",
        "iflytek",
    }
    # what is paid this month was decided last month, by what rivals spent then
    months = sorted(set(paid["month"]))
    before = paid.filter(pl.col("month") == months[-2], pl.col("payer").is_in(china))["cents"].to_list()
    assert mine[months[-1]] == pytest.approx(sum(before) / len(before), abs=1)


@dataclass(frozen=True, slots=True)
class Loaded(Traits):
    ad_load: float


@quick
@given(
    loads=draw.lists(draw.floats(0, 3), min_size=2, max_size=2), seed=draw.integers(0, 9), months=draw.integers(1, 24)
)
def test_more_ads_never_raise_trust(loads, seed, months):
    """With common random numbers: whoever shows more ads is trusted no more at any time, scandals and all."""
    traits = {"trust": 1.0, "trust_erosion": 0.1, "scandal_hazard": 0.2, "scandal_depth": 0.7}
    trusted = []
    for load in sorted(loads):
        numbers = Numbers({"ad_load": load} | traits, Loaded, TrustNumbers)
        app: Any = SimpleNamespace(name="app", key=7, account=0, alive=True, numbers=numbers, ad_load=load)
        common: Any = SimpleNamespace(numbers={"trust_recovery": 0.1, "scandal_spill": 0.3})
        office, way = Trust([app], common), []
        for month in range(months):
            office.expect(Chance(seed, month))
            way.append(office.of(app))
        trusted.append(way)
    assert all(more <= less for less, more in zip(*trusted, strict=True))


def test_a_scandal_is_told_seen_in_the_table_and_spills_over():
    loud = run(ROUGH, **BRIEF, set={"apps.baidu_search.scandal_hazard": 1.0, "apps.scandal_depth": 2.0})
    scandals = loud.events.filter(what="scandal")
    assert set(scandals["who"]) == {"baidu_search"}
    hit = scandals["month"].min()
    trust = {
        app: loud.apps.filter(app=app, region="china", tier="free").sort("month").select("month", "trust")
        for app in ("baidu_search", "kimi")
    }
    before = {app: rows.filter(pl.col("month") < hit)["trust"].to_list() for app, rows in trust.items()}
    at = {app: rows.filter(month=hit)["trust"].to_list() for app, rows in trust.items()}
    assert set(before["baidu_search"]) <= {0.0}
    assert at["baidu_search"] == pytest.approx([-2.0])
    if at["kimi"]:  # which enters in October 2023
        assert at["kimi"] == pytest.approx([-0.4])


def test_a_lab_that_is_short_keeps_its_own_app_going():
    short = {"cloud.opening_hours": 300_000.0, "chips.opening_wait": 30.0}
    served = {}
    for rule in ("pro_rata", "own_first"):
        result = run(ROUGH, months=8, users=200, set={**short, "labs.rationing": rule})
        rows = result.firms.filter(pl.col("firm").is_in(["chatgpt", "copilot"]))
        served[rule] = dict(rows.group_by("firm").agg(pl.col("used_share").mean()).iter_rows())
    assert served["own_first"]["chatgpt"] > served["pro_rata"]["chatgpt"]
    assert served["own_first"]["copilot"] < served["pro_rata"]["copilot"]


def test_marketing_paid_to_apps_that_sell_attention_stays_in_the_layer(usual):
    channels = {"apps.zhihu_zhida.channel": 1.0, "apps.wechat_search.channel": 3.0, "world.through_channels": 0.4}
    sold = run(ROUGH, **BRIEF, set=channels)
    paid = sold.flows.filter(good="media", payer="doubao").pivot("payee", index="month", values="cents")
    names = ("world", "zhihu_zhida", "wechat_search")
    for world, zhihu, wechat in paid.select(names).drop_nulls().tail(3).rows():
        assert abs(zhihu + wechat - 0.4 * (zhihu + wechat + world)) <= 1
        assert abs(wechat - 3 * zhihu) <= 3  # cents, of splitting whole ones
    west = sold.flows.filter(good="media", payer="perplexity")
    assert set(west["payee"]) == {"world"}  # nobody sells attention there
    assert profit(sold, "zhihu_zhida") > profit(usual, "zhihu_zhida")


def test_a_channel_through_which_nothing_goes_changes_nothing(usual):
    settings = {"apps.zhihu_zhida.channel": 1.0, "world.through_channels": 0.0}
    assert run(ROUGH, **BRIEF, set=settings).manifest["digest"] == usual.manifest["digest"]
