"""Building blocks of the stories: each mechanism alone in a scenario of some ten lines, lived to the end.

What must be seen of each stands in one table: a payment that only this mechanism makes, an event in words, or a figure
that is larger or smaller than in the reference world after as many months.
"""

from collections.abc import Callable, Mapping
from datetime import date
from functools import cache
from math import inf
from pathlib import Path

import polars as pl
import pytest

from experiments import Result, run

BLOCKS = {file.stem: file for file in sorted(Path(__file__).with_name("blocks").glob("*.toml"))}
USERS = 600
TEN = 12  # lines that say something in a block of some ten
LONGER = {  # blocks that bring in a firm of their own, or several events or prices
    *("ai_glasses", "bayou", "channels", "change_of_model", "deepseek_app", "discounts", "driverless_car"),
    *("fleet_loans", "generation", "h20", "kimi_stop", "price_war", "projects_on_premises", "search_bought"),
    *("survival", "two_services"),
}

type Seen = Callable[[Result, Result], bool]  # of a block's run, beside that of the reference world


def paid(good: str, **who: str) -> Seen:
    """Somebody pays for a good; ``payer`` and ``payee`` name a firm, ``payer_layer`` and ``payee_layer`` a layer."""
    return lambda one, _: cents(one, good, who) > 0


def cents(result: Result, good: str, who: Mapping[str, str], since: date = date(2023, 1, 1)) -> int:
    """Cents paid for a good since a month."""
    named = [pl.col(column) == name for column, name in who.items()]
    return int(result.flows.filter(pl.col("good") == good, pl.col("month") >= since, *named)["cents"].sum())


def told(what: str, who: str) -> Seen:
    """An event of a kind happens to somebody, to whom it does not in the reference world."""
    return lambda one, usual: [who in run.events.filter(what=what)["who"] for run in (one, usual)] == [True, False]


def more(firm: str, column: str, by: float = 1.05) -> Seen:
    """A firm has more of something of the firms' table in all than in the reference world, by a factor."""
    return lambda one, usual: total(one, firm, column) > by * total(usual, firm, column)


def less(firm: str, column: str, by: float = 0.95) -> Seen:
    """A firm has less of something in all than in the reference world, by a factor."""
    return lambda one, usual: total(one, firm, column) < by * total(usual, firm, column)


def total(result: Result, firm: str, column: str) -> float:
    """Sum over months of a column of a firm."""
    return float(result.firms.filter(firm=firm)[column].sum())


def users(app: str, by: float = 1.05) -> Seen:
    """An app has more users over its months than in the reference world, by a factor."""
    counts = lambda run: int(run.apps.filter(app=app)["users"].sum())  # noqa: E731
    return lambda one, usual: counts(one) > by * counts(usual) and counts(one) > 0


def spent(good: str, low: float, high: float = inf, **who: str) -> Seen:
    """What is paid for a good in all is between these shares of what it is in the reference world."""
    return lambda one, usual: low * (before := cents(usual, good, who)) < cents(one, good, who) < high * before


def everybody(by: float) -> Seen:
    """All apps together have more users, who count once in each, than in the reference world, by a factor."""
    return lambda one, usual: int(one.apps["users"].sum()) > by * int(usual.apps["users"].sum())


def dearer(seller: str, than: str, by: float) -> Seen:
    """A seller's output tokens cost more than another's, by a factor."""

    def price(run: Result, payee: str) -> float:
        rows = run.flows.filter(good="tokens_output", payee=payee)
        return int(rows["cents"].sum()) / int(rows["quantity"].sum())

    return lambda one, _: price(one, seller) > by * price(one, than)


def stops(good: str, since: date, **who: str) -> Seen:
    """Somebody pays for a good in the reference world from a month on, and here does not."""
    return lambda one, usual: cents(one, good, who, since) == 0 < cents(usual, good, who, since)


def last(good: str, **who: str) -> Seen:
    """A payment is made in the last month."""
    return lambda one, _: cents(one, good, who, one.flows["month"].max()) > 0  # type: ignore[arg-type]


def cheaper(seller: str) -> Seen:
    """A lab asks less in the last month than in the reference world."""

    def price(run: Result) -> float:
        return float(run.firms.filter(firm=seller)["price"][-1])

    return lambda one, usual: price(one) < 0.9 * price(usual)


def beside(settings: Mapping[str, float], seen: Seen) -> Seen:
    """Something is seen beside the reference world with other numbers, in which the mechanism has something to do."""
    return lambda one, usual: seen(one, run("baseline", months=usual.manifest["months"], users=USERS, set=settings))


SHORT = {"chips.opening_wait": 30, "cloud.opening_hours": 300_000}  # of hours


SEEN: dict[str, tuple[Seen, ...]] = {
    "ai_glasses": (paid("devices", payee="meta_glasses"), users("meta_glasses")),
    "appliances": (paid("appliances", payee="iflytek", payer="enterprises_china"),),
    "baichuan_pivot": (told("pivot", "baichuan"), more("baichuan", "operating_profit", 0.5)),
    "bayou": (paid("tokens_output", payee="bayou"), dearer("bayou", "deepseek", 3)),
    "captive_users": (users("wechat_search", 3), less("wechat_search", "operating_profit", 1.5)),
    "change_of_model": (
        last("tokens_output", payer="yuanbao", payee="deepseek"),
        stops("tokens_output", date(2025, 2, 1), payer="yuanbao", payee="alibaba_qwen"),
    ),
    "channels": (paid("media", payee="bilibili"), more("wechat_search", "revenue")),
    "circular_finance": (paid("shares", payer="nvidia", payee_layer="labs"),),
    "deepseek_app": (told("entry", "deepseek_app"), users("deepseek_app")),
    "devices": (paid("devices", payee="xiaoai", payer="users_china"), users("xiaoai")),
    "discounts": (users("perplexity"), less("perplexity", "operating_profit", 1.5)),
    "distillation": (more("zhipu", "revenue", 1.1),),
    "driverless_car": (told("entry", "driver"), users("driver")),
    "export_rule": (
        stops("deposit", date(2023, 11, 1), payee="nvidia", payer="alibaba_cloud"),
        more("ascend", "revenue"),
    ),
    "fleet_loans": (paid("interest", payer="neocloud"), told("seizure", "neocloud"), paid("salvage", payee="neocloud")),
    "free_tier": (more("deepseek", "quantity", 1.2),),
    "friends": (less("chatgpt", "revenue", 0.98),),
    "generation": (spent("power", 0, 0.8), more("nvidia", "operating_profit", 1.2)),
    "h20": (paid("accelerators", payee="nvidia_h20"),),
    "herding": (spent("income", 1.001),),
    "hosts": (paid("tokens_output", payee_layer="cloud"),),
    "impairment": (more("google_cloud", "impairment"),),
    "inflated_orders": (less("nvidia", "operating_profit", 0.99),),
    "kimi_stop": (spent("media", 3, payer="kimi"), stops("media", date(2025, 4, 1), payer="kimi")),
    "learning": (more("nvidia", "operating_profit", 1.05),),
    "marketing_contest": (spent("media", 0, 0.8, payer="kimi"), users("doubao", 1.5)),
    "night_discount": (less("openai", "operating_profit", 1.1),),
    "older_pages": (paid("attention", payee="bing_search"), less("bing_search", "operating_profit")),
    "own_group_first": (beside(SHORT, more("gemini", "quantity")), beside(SHORT, less("claude", "quantity"))),
    "own_machines": (more("chatgpt", "depreciation"), paid("accelerators", payer="chatgpt")),
    "own_models": (paid("gpu_hours", payer="chatgpt"), stops("tokens_output", date(2024, 4, 1), payer="chatgpt")),
    "pivots": (told("pivot", "chatgpt"), more("chatgpt", "operating_profit")),
    "price_war": (less("deepseek", "operating_profit", 1.05), cheaper("bytedance_seed"), cheaper("alibaba_qwen")),
    "projects_on_premises": (paid("appliances", payee="zhipu_projects"), told("first_profit", "zhipu_projects")),
    "publishers": (paid("content", payer="chatgpt"), less("chatgpt", "operating_profit")),
    "refused_sales": (beside(SHORT, more("gemini", "quantity")),),
    "resale": (paid("gpu_hours", payee_layer="labs", payer_layer="cloud"),),
    "reserved_hours": (paid("hours_reserved", payer="openai"),),
    "revenue_share": (paid("revenue_share", payer="anthropic", payee="aws"),),
    "route_ads": (paid("attention", payee="perplexity"), less("perplexity", "operating_profit")),
    "route_all": (paid("attention", payee="perplexity"), paid("search_calls", payee="perplexity")),
    "route_calls": (paid("search_calls", payee="perplexity", payer_layer="enterprises"),),
    "route_seats": (paid("seats", payee="perplexity"), more("perplexity", "operating_cost")),
    "scandals": (told("scandal", "bing_search"),),
    "search_bought": (paid("search_calls", payer="perplexity", payee="bing_search"),),
    "search_index": (
        paid("search_calls", payer="perplexity", payee="bing_search"),
        paid("search_calls", payer="perplexity", payee="world"),
    ),
    "service_life": (more("nvidia", "operating_profit", 1.02),),
    "several_apps": (everybody(1.005),),
    "staff_seats": (paid("seats_business", payee="copilot"),),
    "survival": (last("transactions", payee="messenger"), told("first_profit", "messenger")),
    "transactions": (paid("transactions", payee="doubao"), more("doubao", "revenue", 1.5)),
    "turn_and_earn": (more("nvidia", "operating_profit", 1.01),),
    "two_services": (paid("transactions", payee="rides"), paid("transactions", payee="meals")),
    "walls": (spent("attention", 0, 0.6, payee="baidu_search"),),
}


@cache
def usual(months: int) -> Result:
    """The reference world after some months."""
    return run("baseline", months=months, users=USERS)


def test_each_block_says_what_must_be_seen():
    assert BLOCKS.keys() == SEEN.keys()
    assert BLOCKS.keys() >= LONGER


@pytest.mark.parametrize("block", BLOCKS)
def test_a_building_block_is_short_and_what_it_is_for_is_seen(block: str):
    said = [line for line in BLOCKS[block].read_text(encoding="utf-8").splitlines() if line]
    assert len(said) <= (2 if block in LONGER else 1) * TEN
    found = run(BLOCKS[block], users=USERS)
    before = usual(found.manifest["months"])
    assert [number for number, seen in enumerate(SEEN[block]) if not seen(found, before)] == []
