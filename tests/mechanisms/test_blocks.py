"""Building blocks of the stories: each mechanism alone in a scenario of some ten lines, and its visible effect.

A witness looks at a block's run and at the reference world over the same months and users. No witness may hold of the
reference world itself, so each of them can fail.
"""

import tomllib
from collections.abc import Callable
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from tests.tools.economy_fingerprints import SEEDS, USERS, fingerprints_of, prints_of, written
from watersellers import Result, run

BLOCKS = {block.stem: block for block in sorted((Path(__file__).parents[1] / "worlds" / "blocks").glob("*.toml"))}
LINES = 12  # that say something
LINES_OF_A_FIRM = 20  # more where a block brings in a firm: who it is and what it has takes some eight lines
WRITTEN = written()
# Simulated users where so few pay, or are counted, that among 150 there are none of them.
CROWDS = {"route_seats": 1_000, "discounts": 200, "search_index": 200, "two_services": 200}

type Witness = Callable[[Result, Result], bool]


def flows(result: Result, **which: Any) -> pl.DataFrame:
    """Payments of a run, by columns of the table of flows, from a month on if one is given."""
    since = which.pop("since", None)
    found = result.flows.filter(*(pl.col(key) == value for key, value in which.items()))
    return found.filter(pl.col("month").dt.strftime("%Y-%m") >= since) if since else found


def pays(**which: Any) -> Witness:
    """There are payments of this kind."""
    return lambda seen, usual: int(flows(seen, **which)["cents"].sum()) > 0


def pays_more(**which: Any) -> Witness:
    """Payments of this kind add up to more than in the reference world."""
    return lambda seen, usual: int(flows(seen, **which)["cents"].sum()) > int(flows(usual, **which)["cents"].sum())


def pays_less(**which: Any) -> Witness:
    """Payments of this kind add up to less than in the reference world."""
    return lambda seen, usual: int(flows(seen, **which)["cents"].sum()) < int(flows(usual, **which)["cents"].sum())


def uneven(payee: str, **which: Any) -> Witness:
    """What it is paid in this way jumps more from month to month than in the reference world."""

    def jump(result: Result) -> float:
        paid = flows(result, payee=payee, **which).group_by("month").agg(pl.col("cents").sum()).sort("month")
        return float(paid["cents"].cast(pl.Float64).log().diff().abs().sum())

    return lambda seen, usual: jump(seen) > jump(usual)


def writes_off(who: str) -> Witness:
    """A firm books a loss on what people owe it."""
    return lambda seen, usual: not seen.journal.filter(good="bad_debts", debit_account=who).is_empty()


def writes_off_shares(who: str) -> Witness:
    """An investor books a loss on shares that were struck out."""
    return lambda seen, usual: (
        not seen.journal.filter(good="write_off", debit_account=who, credit_item="holdings").is_empty()
    )


def ships(more: bool, **which: Any) -> Witness:
    """More units are paid for in this way than in the reference world, or fewer."""

    def units(result: Result) -> int:
        return int(flows(result, **which)["quantity"].sum())

    return lambda seen, usual: units(seen) > units(usual) if more else units(seen) < units(usual)


def cheaper(**which: Any) -> Witness:
    """A unit costs less on average than in the reference world."""
    return lambda seen, usual: mean_price(seen, **which) < mean_price(usual, **which)


def dearer(**which: Any) -> Witness:
    """A unit costs more on average than in the reference world."""
    return lambda seen, usual: mean_price(seen, **which) > mean_price(usual, **which)


def mean_price(result: Result, **which: Any) -> float:
    """What a unit costs on average."""
    bought = flows(result, **which)
    return float(int(bought["cents"].sum()) / int(bought["quantity"].sum()))


def tells(what: str, who: str) -> Witness:
    """Something happens to a firm that does not happen to it in the reference world."""

    def times(result: Result) -> int:
        return result.events.filter(what=what, who=who).height

    return lambda seen, usual: times(seen) > times(usual)


def counts(table: str, column: str, more: bool = True, **which: Any) -> Witness:
    """A column of a table adds up to more than in the reference world, or to less."""

    def total(result: Result) -> int:
        rows: pl.DataFrame = getattr(result, table)
        return int(rows.filter(*(pl.col(key) == value for key, value in which.items()))[column].sum())

    return lambda seen, usual: total(seen) > total(usual) if more else total(seen) < total(usual)


def worse_than_before(layer: str) -> Witness:
    """A firm's model is worse than it was a month before, which it never is in the reference world."""

    def worst(result: Result) -> float:
        rows = result.firms.filter(pl.col("quality").is_not_null(), layer=layer).sort("firm", "month")
        return float(rows.select(pl.col("quality").diff().over("firm").min()).item())

    return lambda seen, usual: worst(seen) < -0.05 < worst(usual)


def tokens_a_query(result: Result, app: str) -> float:
    """Tokens that a query to an app takes on average."""
    asked = result.apps.filter(app=app)
    return int(asked["tokens"].sum()) / int(asked["queries"].sum())


def lives(firm: str) -> Witness:
    """A firm is in business in the last month."""
    return lambda seen, usual: bool(seen.firms.filter(firm=firm)["alive"].tail(1).sum())


def stops(since: str, **which: Any) -> Witness:
    """There are payments of this kind, and none from a month on."""
    return lambda seen, usual: flows(seen, **which).height > 0 and flows(seen, since=since, **which).is_empty()


def both(*witnesses: Witness) -> Witness:
    """All of several witnesses hold."""
    return lambda seen, usual: all(witness(seen, usual) for witness in witnesses)


SEEN: dict[str, Witness] = {
    "ads_decided": both(pays(good="attention", payee="chatgpt"), pays(good="attention", payee="kimi")),
    "ai_glasses": both(pays(good="devices", payee="meta_glasses"), counts("apps", "users", app="meta_glasses")),
    "appliances": pays(good="appliances", payee="iflytek"),
    "baichuan_pivot": tells("pivot", "baichuan"),
    "bayou": pays(good="tokens_output", payee="bayou"),
    "bad_debts": writes_off("chatgpt"),
    "bought_users": pays_less(good="media", payer="kimi"),
    "budgets": pays_less(good="seats"),
    "captive_users": counts("apps", "users", app="wechat_search"),
    "change_of_model": pays(good="tokens_output", payer="yuanbao", payee="deepseek"),
    "channels": both(pays(good="media", payee="bilibili"), pays(good="media", payee="zhihu_zhida")),
    "circular_finance": pays(good="shares", payer_layer="chips"),
    "deepseek_app": both(
        counts("apps", "queries", app="deepseek_app"), pays_more(payee="deepseek", good="tokens_output")
    ),
    "devices": pays(good="devices", payee="xiaoai"),
    "discounts": both(pays(good="seats", payee="perplexity", price=5.0), pays_more(good="seats", payee="perplexity")),
    "distillation": both(counts("firms", "revenue", firm="moonshot"), counts("firms", "revenue", firm="baichuan")),
    "driverless_car": pays(good="seats", payee="driver"),
    "export_rule": ships(False, good="accelerators", payee="nvidia", payer="alibaba_cloud"),
    "owner_hurdle": both(pays_less(good="contribution"), tells("grants_stopped", "google_deepmind")),
    "reorganisation": both(tells("reorganised", "openai"), writes_off_shares("venture_west")),
    "order_books": pays_less(good="deposit", payee="nvidia"),
    "fleet_loans": both(pays(good="loan", payee="neocloud"), tells("seizure", "neocloud")),
    "free_tier": counts("firms", "quantity", firm="deepseek"),
    "friends": counts("apps", "users", False, month=date(2024, 6, 1)),
    "generation": pays_more(good="accelerators", payee="nvidia"),
    "h20": pays(good="accelerators", payee="nvidia_h20"),
    "herding": pays(payer_layer="investors", payee="world"),
    "hosts": pays(good="tokens_output", payee_layer="cloud"),
    "idle_capacity": both(pays(good="foundry_unused", payer="ascend"), tells("closing", "ascend")),
    "impairment": counts("firms", "impairment", layer="cloud"),
    "inflated_orders": pays_more(good="deposit", payee="nvidia", month=date(2023, 1, 1)),
    "kimi_stop": both(pays_more(good="media", payer="kimi"), stops("2025-04", good="media", payer="kimi")),
    "learning": cheaper(good="foundry", payer="nvidia"),
    "marketing_contest": both(ships(False, good="media", payer="kimi"), counts("apps", "users", app="doubao")),
    "model_line": both(pays(good="tokens_output_small"), pays_less(good="tokens_output")),
    "model_releases": both(pays(good="tokens_output_older"), worse_than_before("labs")),
    "night_discount": cheaper(good="tokens_output", payee="openai"),
    "older_pages": both(pays(payee="bing_search_pages"), pays(good="attention", payee="bing_search")),
    "own_group_first": ships(True, good="tokens_output", payee="google_deepmind", payer="gemini"),
    "own_machines": pays(good="accelerators", payer="chatgpt"),
    "own_use": pays(good="gpu_hours", payer="bytedance"),
    "own_models": pays(good="gpu_hours", payer_layer="apps"),
    "enterprises_own_models": pays_more(good="gpu_hours", payer="enterprises_west"),
    "states": pays(good="gpu_hours", payer="fund", since="2023-03"),
    "pivots": both(tells("pivot", "chatgpt"), counts("firms", "operating_profit", firm="chatgpt")),
    "price_war": both(
        cheaper(good="tokens_output", payee="deepseek", since="2024-05"),
        cheaper(good="tokens_output", payee="alibaba_qwen", since="2024-05"),
    ),
    "projects": uneven("tencent_cloud", good="gpu_hours", payer="enterprises_china"),
    "projects_on_premises": pays(good="appliances", payee="zhipu_projects"),
    "publishers": pays(good="content", payer="chatgpt"),
    "reasoning": lambda seen, usual: tokens_a_query(seen, "gemini") > tokens_a_query(usual, "gemini"),
    "refused_sales": ships(False, good="tokens_output", payee="openai", payer="copilot"),
    "resale": pays(good="gpu_hours", payee="openai"),
    "called_money": both(pays(good="dividend", payer="venture_west"), pays(good="income", payee="venture_west")),
    "contracts": both(pays(good="hours_reserved", payee="neocloud"), pays(good="loan", payee="neocloud")),
    "reserved_hours": pays(good="hours_reserved", payer="openai"),
    "revenue_share": pays(good="revenue_share", payer="anthropic", payee="aws"),
    "route_ads": pays(good="attention", payee="perplexity"),
    "route_all": both(pays(good="attention", payee="perplexity"), pays(good="search_calls", payee="perplexity")),
    "route_calls": pays(good="search_calls", payee="perplexity"),
    "route_seats": pays(good="seats", payee="perplexity"),
    "scandals": tells("scandal", "baidu_search"),
    "search_bought": both(
        pays(good="search_calls", payer="perplexity", payee="bing_search", since="2023-05"),
        pays(good="search_calls", payer="brave", payee="bing_search", since="2023-05"),
    ),
    "search_index": both(
        stops("2023-05", good="search_calls", payer="brave", payee="bing_search"),
        pays(good="search_calls", payer="brave", payee="world", since="2023-05"),
    ),
    "service_life": counts("firms", "depreciation", layer="cloud"),
    "several_apps": counts("users", "several"),
    "shocks": both(tells("breakthrough", "labs"), counts("shocks", "breakthroughs")),
    "shared_foundries": both(
        ships(False, good="accelerators", payee="nvidia"), dearer(good="accelerators", payee="nvidia")
    ),
    "staff_seats": pays(good="seats_business", payee="copilot"),
    "survival": both(lives("messenger"), pays(good="transactions", payee="messenger")),
    "transactions": pays(good="transactions", payee="doubao"),
    "turn_and_earn": ships(True, good="accelerators", payee="nvidia", payer="azure"),
    "two_services": both(pays(good="transactions", payee="rides"), pays(good="transactions", payee="meals")),
    "venture_pool": both(tells("entry", "startups"), pays(good="gpu_hours", payer="startups")),
    "walls": counts("firms", "revenue", False, firm="baidu_search"),
}


@cache
def usual(months: int, users: int = USERS) -> Result:
    """The reference world after some months."""
    return run("dollar_paths", months=months, users=users)


@pytest.mark.parametrize("block", BLOCKS)
def test_a_building_block_is_short_does_what_it_says_and_has_its_recorded_fingerprint(block: str) -> None:
    lines = [line for line in BLOCKS[block].read_text(encoding="utf-8").splitlines() if line and line[0] != "#"]
    firms = any("key" in own for own in _members(tomllib.loads("\n".join(lines))))
    assert len(lines) <= (LINES_OF_A_FIRM if firms else LINES)
    users = CROWDS.get(block, USERS)
    seen = run(BLOCKS[block], seed=SEEDS[0], users=users)
    assert SEEN[block](seen, usual(seen.manifest["months"], users))
    recorded = WRITTEN[f"blocks/{block} {SEEDS[0]}"]  # of the same run: tests/determinism/test_same_economy.py
    assert (prints_of(seen) if users == USERS else fingerprints_of((f"blocks/{block}", SEEDS[0]))) == recorded


def _members(doc: dict[str, Any]) -> list[dict[str, Any]]:
    """Tables of members in a scenario."""
    groups = [group for group in doc.values() if isinstance(group, dict)]
    return [own for group in groups for own in group.values() if isinstance(own, dict)]


def test_every_block_has_a_witness_and_the_reference_world_gives_none() -> None:
    assert SEEN.keys() == BLOCKS.keys()
    world = usual(30)
    assert [name for name, witness in SEEN.items() if witness(world, world)] == []
