"""Each menu shown in runs: swapping one strategy for another changes the sign of somebody's profit, or who earns more.

The runs are of two years of the rough world (rough.toml) at 200 users, with few settings where a strategy needs a
regime. One name is a firm that earns under the first strategy and loses under the second or the other way round; two
are firms of which the first earns more under the first strategy, and the second under the second.

Shown is that the choice reaches somebody's profit, in one seed and at so few users that a single one of them weighs
much. Not shown is that it does so in other seeds, how large its effect is, or that it is to the advantage of who
chooses. Where some firm of the layer that chooses changes its sign or its rank there clearly, it is the one named;
else, and always for chips and investors, who are few and far apart, it is one that sells to them, buys or competes.
"""

from functools import cache
from itertools import combinations
from typing import Any

import polars as pl
import pytest

from tests.worlds.rough import ROUGH
from watersellers import run
from watersellers.agents.strategies import MENUS

type Settings = tuple[tuple[str, Any], ...]

LENT: Settings = (("world.lenders_cash", 2e10), ("cloud.coreweave.opening_cash", 1e8))
SHORT: Settings = (("cloud.opening_hours", 300_000.0), ("chips.opening_wait", 30.0))
BELOW_COST: Settings = (("labs.line", 3.0), ("labs.pricing", "penetration"))
TAKE_OR_PAY: Settings = (("chips.take_or_pay", 0.9),)
IDLE: Settings = (*TAKE_OR_PAY, ("chips.opening_capacity", 60_000.0))
DEAR_SPEED: Settings = (("world.speed_price", 20.0),)
BY_ELASTICITY: Settings = (("world.speed_price", 10.0), ("chips.pricing", "lerner"))
AHEAD: Settings = (
    ("labs.contracting", "reserve_ahead"), ("cloud.contract_lead", 4.0), ("cloud.most_reserved", 10.0),
)  # fmt: skip
LONG_TERM: Settings = (("cloud.contract_lead", 6.0), ("cloud.most_reserved", 3.0), ("labs.reserved_term", 36.0))
FEW_HOURS = ("cloud.opening_hours", 300_000.0)
ENTRANT: Settings = (
    ("chips.amd.enters", "2023-02"), ("chips.amd.founder", "venture_west"), ("chips.amd.entry_cost", 1.5e8),
    ("chips.amd.entry_share", 0.01), ("chips.amd.development", 1.0), ("chips.amd.lead", 2.0), ("chips.amd.staff", 1e5),
    ("chips.amd.opening_cash", 3e8), ("chips.amd.opening_capacity", 3e4), ("investors.opening_cash", 5e9),
)  # fmt: skip
GROUP: Settings = (("cloud.alibaba_cloud.owner", "huawei"),)  # who makes Ascend
CHOICE: Settings = (("apps.claude.labs", ("openai", "anthropic")),)
EQUAL_VENDORS: Settings = (("firms.chips", 5),)  # among which offers tie
EQUAL_CLOUDS: Settings = (("firms.cloud", 3),)
EQUAL_LABS: Settings = (("firms.labs", 4),)
POOR: Settings = (("investors.runway", 0.0), ("labs.openai.opening_cash", 4e8))
SEARCH: Settings = (
    ("apps.perplexity.apps", ("bing_search",)), ("apps.perplexity.search_calls", 1.0),
    ("apps.bing_search.search_price", 0.2), ("apps.bing_search.search_beyond", 0.2),
)  # fmt: skip
DEAR_INDEX: Settings = (
    ("apps.perplexity.apps", ("bing_search",)), ("apps.perplexity.search_calls", 1.0),
    ("apps.perplexity.index_cost", 5e7), ("apps.bing_search.search_price", 0.005),
    ("apps.bing_search.search_beyond", 0.005),
)  # fmt: skip

PAGES: Settings = (
    ("apps.bing_search.opening_pages", 1e8), ("apps.bing_search.ad_load", 5.0), ("apps.page_slots", 1.0),
    ("advertisers.west.page_budget", 5e9), ("advertisers.west.page_bidders", 4e9), ("advertisers.west.worth", 0.1),
    ("apps.bing_search.staff", 4e6),
)  # fmt: skip
POOR_PAGES: Settings = (*PAGES, ("apps.bing_search.staff", 6e6))
ADS_ON_PAGES: Settings = (*POOR_PAGES, ("apps.bing_search.page_slots", 20.0))
BOXES: Settings = (
    ("apps.iflytek.sells_appliances", 1.0), ("apps.iflytek.appliance_threshold", 1e5), ("apps.iflytek.staff", 6e5),
    ("apps.iflytek.list_marketing", 0.0), ("apps.iflytek.opening_cash", 3e8),
    ("labs.deepseek.open_weights", 1.0), ("enterprises.token_decline", 0.01),
)  # fmt: skip
STAFF: Settings = (
    ("apps.copilot.business_price", 30.0), ("apps.copilot.business_use", 2000.0), ("enterprises.seat_worth", 60.0),
)  # fmt: skip
DEAR_SLOTS: Settings = (
    ("advertisers.worth", 0.2), ("advertisers.bidders", 1e12), ("advertisers.budget", 1e11),
)  # fmt: skip
HOURS: Settings = (("enterprises.west.exposed_hours", 5e10),)
OWN_MODELS: Settings = (("apps.hosting", "own_model"),)
SMALL_STAKES: Settings = (("investors.largest_stake", 0.05),)  # so that what a firm is worth bounds its rounds

SHOWN: tuple[tuple[str, str, str, tuple[str, ...], Settings], ...] = (
    ("chips.pricing", "cost_plus", "lerner", ("brave",), ()),
    ("chips.pricing", "cost_plus", "best_response", ("coreweave", "aws"), ()),
    ("chips.pricing", "cost_plus", "scarcity_markup", ("coreweave", "aws"), ()),
    ("chips.pricing", "lerner", "best_response", ("coreweave", "aws"), ()),
    ("chips.pricing", "lerner", "scarcity_markup", ("coreweave", "aws"), ()),
    ("chips.pricing", "best_response", "scarcity_markup", ("brave",), ()),
    ("chips.capacity", "follow_orders", "keep", ("tencent_cloud", "coreweave"), ()),
    ("chips.pricing", "cost_plus", "scarcity_and_slack", ("brave",), ()),
    ("chips.pricing", "lerner", "scarcity_and_slack", ("coreweave", "aws"), ()),
    ("chips.pricing", "best_response", "scarcity_and_slack", ("brave",), ()),
    ("chips.pricing", "scarcity_markup", "scarcity_and_slack", ("meta_infra", "amd"), TAKE_OR_PAY),
    ("chips.capacity", "follow_orders", "prepay", ("meta_infra", "amd"), DEAR_SPEED),
    ("chips.capacity", "keep", "prepay", ("coreweave", "tencent_cloud"), ()),
    ("chips.capacity", "follow_orders", "make_or_buy", ("alibaba_cloud", "amd"), DEAR_SPEED),
    ("chips.capacity", "keep", "make_or_buy", ("coreweave", "tencent_cloud"), ()),
    ("chips.capacity", "prepay", "make_or_buy", ("chatgpt", "copilot"), BY_ELASTICITY),
    ("chips.amd.entering", "entry_hazard", "if_it_pays", ("tencent_cloud", "amd"), ENTRANT),
    ("chips.cutting", "hold", "cut_idle", ("nvidia", "azure"), IDLE),
    ("chips.rationing", "pro_rata", "turn_and_earn", ("meta_infra", "alibaba_cloud"), ()),
    ("cloud.pricing", "cost_plus", "lerner", ("azure",), ()),
    ("cloud.pricing", "cost_plus", "best_response", ("coreweave", "baidu_cloud"), ()),
    ("cloud.pricing", "cost_plus", "follow_use", ("oracle", "tencent_cloud"), ()),
    ("cloud.pricing", "lerner", "best_response", ("azure",), ()),
    ("cloud.pricing", "lerner", "follow_use", ("azure",), ()),
    ("cloud.pricing", "best_response", "follow_use", ("alibaba_cloud", "aws"), ()),
    ("cloud.capacity", "extrapolate", "replace_only", ("oracle", "baidu_cloud"), ()),
    ("cloud.capacity", "extrapolate", "build_to_backlog", ("claude",), AHEAD),
    ("cloud.capacity", "build_to_backlog", "replace_only", ("google_deepmind", "anthropic"), (*AHEAD, FEW_HOURS)),
    ("cloud.borrowing", "no_loans", "against_fleet", ("baidu_cloud", "coreweave"), LENT),
    ("cloud.sourcing", "spread", "only_best", ("oracle", "baidu_cloud"), ()),
    ("cloud.sourcing", "spread", "own_first", ("oracle", "baidu_cloud"), ()),
    ("cloud.sourcing", "only_best", "own_first", ("alibaba_cloud", "tencent_cloud"), GROUP),
    ("cloud.sourcing", "spread", "best_evenly", ("oracle", "baidu_cloud"), ()),
    ("cloud.sourcing", "only_best", "best_evenly", ("claude",), EQUAL_VENDORS),
    ("cloud.sourcing", "own_first", "best_evenly", ("tencent_cloud", "alibaba_cloud"), GROUP),
    ("labs.pricing", "cost_plus", "lerner", ("claude",), ()),
    ("labs.pricing", "cost_plus", "best_response", ("azure", "google_cloud"), ()),
    ("labs.pricing", "cost_plus", "penetration", ("chatgpt",), ()),
    ("labs.pricing", "cost_plus", "match_cheapest", ("claude",), ()),
    ("labs.pricing", "lerner", "best_response", ("claude",), ()),
    ("labs.pricing", "lerner", "penetration", ("chatgpt",), ()),
    ("labs.pricing", "lerner", "match_cheapest", ("brave",), ()),
    ("labs.pricing", "best_response", "penetration", ("chatgpt",), ()),
    ("labs.pricing", "best_response", "match_cheapest", ("claude",), ()),
    ("labs.pricing", "penetration", "match_cheapest", ("chatgpt",), ()),
    ("labs.pricing", "cost_plus", "elasticity_seen", ("claude",), ()),
    ("labs.pricing", "lerner", "elasticity_seen", ("brave",), ()),
    ("labs.pricing", "best_response", "elasticity_seen", ("claude",), ()),
    ("labs.pricing", "penetration", "elasticity_seen", ("chatgpt",), ()),
    ("labs.pricing", "match_cheapest", "elasticity_seen", ("chatgpt", "gemini"), ()),
    ("labs.research", "race", "within_revenue", ("google_deepmind", "openai"), ()),
    ("labs.research", "race", "invest", ("perplexity",), ()),
    ("labs.research", "within_revenue", "invest", ("perplexity",), ()),
    ("labs.rationing", "pro_rata", "own_first", ("perplexity", "nami_360"), SHORT),
    ("labs.selling", "to_all", "refuse_new", ("wechat_search", "iflytek"), SHORT),
    ("labs.selling", "to_all", "refuse_outsiders", ("gemini", "bytedance_seed"), SHORT),
    ("labs.selling", "refuse_new", "refuse_outsiders", ("alibaba_qwen", "copilot"), SHORT),
    ("labs.releasing", "at_once", "in_generations", ("claude",), ()),
    ("labs.offering", "whole_line", "paying_models", ("chatgpt",), BELOW_COST),
    ("labs.contracting", "spot_only", "reserve_share", ("google_deepmind", "openai"), ()),
    ("labs.contracting", "spot_only", "reserve_ahead", ("google_deepmind", "openai"), ()),
    ("labs.contracting", "reserve_share", "reserve_ahead", ("zhipu", "yuanbao"), LONG_TERM),
    ("labs.outlook", "carry_on", "pivot_in_time", ("alibaba_qwen", "openai"), POOR),
    ("labs.outlook", "carry_on", "close_in_time", ("alibaba_qwen", "openai"), POOR),
    ("labs.outlook", "pivot_in_time", "close_in_time", ("baidu_ernie", "openai"), POOR),
    ("labs.sourcing", "spread", "only_best", ("claude",), ()),
    ("labs.sourcing", "spread", "own_first", ("perplexity", "bing_search"), ()),
    ("labs.sourcing", "only_best", "own_first", ("claude",), ()),
    ("labs.sourcing", "spread", "best_evenly", ("claude",), ()),
    ("labs.sourcing", "only_best", "best_evenly", ("cloud_china_3", "cloud_china_2"), EQUAL_CLOUDS),
    ("labs.sourcing", "own_first", "best_evenly", ("claude",), ()),
    ("apps.pricing", "cost_plus", "lerner", ("brave",), ()),
    ("apps.pricing", "cost_plus", "best_response", ("claude",), ()),
    ("apps.pricing", "cost_plus", "flat_fee", ("claude",), ()),
    ("apps.pricing", "lerner", "best_response", ("claude",), ()),
    ("apps.pricing", "lerner", "flat_fee", ("claude",), ()),
    ("apps.pricing", "best_response", "flat_fee", ("brave",), ()),
    ("apps.pricing", "cost_plus", "by_query", ("wechat_search", "perplexity"), ()),
    ("apps.pricing", "cost_plus", "by_token", ("chatgpt", "doubao"), ()),
    ("apps.pricing", "lerner", "by_query", ("brave",), ()),
    ("apps.pricing", "lerner", "by_token", ("brave",), ()),
    ("apps.pricing", "best_response", "by_query", ("claude",), ()),
    ("apps.pricing", "best_response", "by_token", ("claude",), ()),
    ("apps.pricing", "flat_fee", "by_query", ("claude",), ()),
    ("apps.pricing", "flat_fee", "by_token", ("claude",), ()),
    ("apps.pricing", "by_query", "by_token", ("chatgpt", "doubao"), ()),
    ("apps.quota", "list_quota", "quota_by_purse", ("claude",), ()),
    ("apps.marketing", "growth_first", "profit_first", ("claude",), ()),
    ("apps.marketing", "growth_first", "follow_rivals", ("claude",), ()),
    ("apps.marketing", "profit_first", "follow_rivals", ("brave", "claude"), ()),
    ("apps.marketing", "growth_first", "by_the_head", ("brave",), ()),
    ("apps.marketing", "profit_first", "by_the_head", ("brave", "claude"), ()),
    ("apps.marketing", "follow_rivals", "by_the_head", ("claude",), ()),
    ("apps.outlook", "carry_on", "pivot_in_time", ("chatgpt",), ()),
    ("apps.outlook", "carry_on", "close_in_time", ("perplexity",), ()),
    ("apps.outlook", "pivot_in_time", "close_in_time", ("chatgpt",), ()),
    ("apps.sourcing", "spread", "only_best", ("brave",), ()),
    ("apps.sourcing", "spread", "own_first", ("brave",), ()),
    ("apps.sourcing", "only_best", "own_first", ("claude",), CHOICE),
    ("apps.sourcing", "spread", "best_evenly", ("brave",), ()),
    ("apps.sourcing", "only_best", "best_evenly", ("lab_china_2", "lab_china_1"), EQUAL_LABS),
    ("apps.sourcing", "own_first", "best_evenly", ("claude",), CHOICE),
    ("apps.perplexity.index", "own", "bought", ("bing_search",), SEARCH),
    ("apps.perplexity.index", "own", "cheapest", ("kimi", "perplexity"), DEAR_INDEX),
    ("apps.perplexity.index", "bought", "cheapest", ("bing_search",), SEARCH),
    ("apps.bing_search.answering", "no_pages", "all_pages", ("bing_search",), POOR_PAGES),
    ("apps.bing_search.answering", "no_pages", "where_it_pays", ("bing_search",), POOR_PAGES),
    ("apps.bing_search.answering", "no_pages", "part_of_pages", ("bing_search",), POOR_PAGES),
    ("apps.bing_search.answering", "all_pages", "part_of_pages", ("bing_search", "baidu_cloud"), PAGES),
    ("apps.bing_search.answering", "part_of_pages", "where_it_pays", ("baidu_cloud", "bing_search"), PAGES),
    ("apps.bing_search.answering", "all_pages", "where_it_pays", ("bing_search",), ADS_ON_PAGES),
    ("apps.advertising", "as_set", "where_it_pays", ("gemini",), DEAR_SLOTS),
    ("apps.effort", "no_reasoning", "fixed_effort", ("claude",), ()),
    ("apps.effort", "no_reasoning", "best_effort", ("claude",), ()),
    ("apps.effort", "fixed_effort", "best_effort", ("bing_search",), ()),
    ("apps.business", "listed", "by_use", ("chatgpt", "copilot"), STAFF),
    ("apps.appliance_pricing", "fixed_markup", "share_of_worth", ("wechat_search", "xiaoai"), BOXES),
    ("apps.hosting", "api_only", "own_model", ("chatgpt",), ()),
    ("apps.hosting", "api_only", "break_even", ("chatgpt",), ()),
    ("apps.hosting", "own_model", "break_even", ("perplexity",), ()),
    ("apps.owning", "rent_hours", "own_machines", ("baidu_search",), OWN_MODELS),
    ("investors.valuation", "revenue_multiple", "cash_back", ("claude",), ()),
    ("investors.valuation", "revenue_multiple", "story_and_evidence", ("claude",), ()),
    ("investors.valuation", "cash_back", "story_and_evidence", ("zhipu", "baidu_ernie"), ()),
    ("investors.valuation", "revenue_multiple", "expected_gross_profit", ("claude",), ()),
    ("investors.valuation", "story_and_evidence", "expected_gross_profit", ("doubao", "chatgpt"), SMALL_STAKES),
    ("investors.valuation", "cash_back", "expected_gross_profit", ("zhipu", "baidu_ernie"), ()),
    ("work.adoption", "mansfield", "epidemic", ("zhihu_zhida",), HOURS),
    ("work.adoption", "mansfield", "probit", ("ascend",), HOURS),
    ("work.adoption", "epidemic", "probit", ("ascend",), HOURS),
)


@cache
def profits(path: str, name: str, given: Settings) -> dict[str, int]:
    """Cents of operating profit of each firm over two years."""
    chosen = {key: list(value) if isinstance(value, tuple) else value for key, value in given}
    firms = run(ROUGH, months=24, users=200, set=chosen | {path: name}).firms
    return dict(firms.group_by("firm").agg(pl.col("operating_profit").sum()).iter_rows())


@pytest.mark.parametrize(("path", "one", "other", "who", "given"), SHOWN, ids=lambda part: str(part)[:24])
def test_a_choice_changes_a_sign_or_a_rank(path, one, other, who, given):
    under, instead = profits(path, one, given), profits(path, other, given)
    if len(who) == 1:
        assert under[who[0]] * instead[who[0]] < 0, (under[who[0]], instead[who[0]])
    else:
        assert under[who[0]] > under[who[1]], (under[who[0]], under[who[1]])
        assert instead[who[0]] < instead[who[1]], (instead[who[0]], instead[who[1]])


def test_every_two_strategies_of_a_menu_are_shown():
    shown = {
        (path.replace("perplexity.", "").replace("bing_search.", "").replace("amd.", ""), frozenset((one, other)))
        for path, one, other, _, _ in SHOWN
    }
    every = {
        (f"{group}.{slot}", frozenset(pair))
        for group, slots in MENUS.items()
        for slot, menu in slots.items()
        for pair in combinations(menu, 2)
    }
    assert every == shown
