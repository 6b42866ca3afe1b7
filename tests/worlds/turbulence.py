"""A small world in which everything that can change does, and the parts of a world, attribute by attribute."""

import json
import random
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from watersellers.experiments.runs.world import World
from watersellers.experiments.saving.seal import json_bytes, sealed_bytes, sha256

MONTHS = 13
STOPS = (0, 2, 4, 6, MONTHS)  # between which the firm enters, others leave, numbers change
# Numbers change, a firm enters, others are wound up: whatever can change does.
TURBULENT: dict[str, Any] = {
    "extends": "dollar_paths",
    "name": "turbulent",
    "question": "What if much happens at once?",
    "months": MONTHS,
    "world": {
        "patience": 2,
        "lenders_cash": 1e9,
        "lenders_inflow": 1e6,
        "owner_hurdle": 0.05,
        "owner_patience": 2,
        "owner_rivalry": 0.5,
        "reorganisation": 1,
        "reorganisation_wait": 3,
        "foundry_pace": 0.5,
        "foundry_growth": 0.1,
        "speed_price": 5,
        "barred_performance": 0.75,  # NVIDIA reaches it within the world, AMD has from the start
        "barred_links": 600,
        "sentiment_size": 0.3,
        "sentiment_half_life": 6,
        "breakthrough_training": 0.5,
        "breakthrough_serving": 0.5,
        "breakthrough_rate": 0.5,
    },
    "chips": {
        "pricing": "scarcity_and_slack",
        "capacity": "prepay",
        "cutting": {"use": "cut_idle", "months": 3, "leave_after": 5},
        "take_or_pay": 0.5,
        "notice": 2,
        "longest_wait": 6,
        "rationing": "turn_and_earn",
        "learning": 0.2,
        "power": 0.7,
        "stake_share": 0.1,
        "payout": 0.2,
        "owner_funds": 1e6,
        "opening_pipeline": 0.02,
        "research_fixed": 1e5,
        "growing_from": 2,
        "fleeting": {"key": 199_001, "region": "west", "opening_cash": 1e5, "staff": 9e8},
    },
    "labs": {
        "fading": {"key": 399_001, "region": "west", "opening_cash": 1e6, "staff": 9e7},
        "openai": {"revenue_share": 0.2},
        "distillation": 0.05,
        "open_weights": 1,
        "rationing": "own_first",
        "contracting": {"use": "reserve_ahead", "share": 10},
        "reserved_term": 36,
        "resale": 0.7,
        "selling": "refuse_new",
        "moves": 0.4,
        "payout": 0.1,
        "night_discount": 0.3,
        "deepseek": {"free_tokens": 1e6, "batch_discount": 0.5},
        "zhipu": {"outlook": "pivot_in_time", "opening_cash": 1e6, "entry_cost": 5e5, "entry_wait": 2},
        "minimax": {"twins": 3, "release": 1},
    },
    "cloud": {
        "hosts": 1,
        "contract_lead": 1,
        "most_reserved": 10,
        "ranking_uplift": 0.002,
        "older_growth": 0.01,
        "older_cash": 1e8,
        "inflation": 0.5,
        "service_life": 72,
        "impairment": 1,
        "stake_share": 0.2,
        "payout": 0.1,
        "coreweave": {
            "opening_cash": 1e7,
            "older_revenue": 1e6,
            "owner_funds": 1e5,
            "borrowing": "against_fleet",
            "contract_loans": 0.95,
            "capacity": "build_to_backlog",
        },
        "brief": {"key": 299_001, "region": "west", "founder": "venture_west", "opening_cash": 1e6, "site_cost": 3},
    },
    "apps": {
        "bing_search": {
            "opening_pages": 1e5,
            "search_price": 0.01,
            "answering": "all_pages",
            "ad_load": 1,
            "advertising": {"use": "where_it_pays", "step": 0.5, "wait": 1},
            "pricing": "cost_plus",
            "answer_price": 0.05,
            "answer_block": 1e3,
            "publisher_share": 0.1,
        },
        "brave": {"apps": ["bing_search"], "search_calls": 1, "index": "cheapest", "walled": 0.2},
        "kimi": {"appeal": 0.5, "trust": 0.2, "list_price": 0.5},  # so low that some pay
        "iflytek": {"sells_appliances": 1, "opening_cash": 5e8, "appliance_pricing": "share_of_worth"},
        "payout": 0.1,
        "trust_erosion": 0.1,
        "scandal_hazard": 0.5,
        "chatgpt": {"channel": 2, "search_calls": 0.2, "content_price": 1e-4, "captive": 0.01, "transactions": 2.0},
        "perplexity": {"apps": ["bing_search"], "search_calls": 0.7, "index": "bought", "opening_known": 0.5},
        "copilot": {"business_price": 30, "business": "by_use"},
        "xiaoai": {"device_price": 50, "device_cost": 45, "device_reach": 0.2},
        "newcomer": {
            "key": 499_001,
            "region": "west",
            "west": 1,
            "china": 1,
            "enters": "2023-04",
            "founder": "venture_china",
        },
        "claude": {"hosting": "own_model", "owning": "own_machines", "host_team": 1e5, "build_lag": 1},
        "gemini": {"hosting": "break_even", "host_team": 1e5},
        "spendthrift": {
            "key": 499_002,
            "region": "west",
            "west": 1,
            "founder": "venture_west",
            "opening_cash": 2e6,
            "staff": 9e6,
            "entry_cost": 2e6,
            "entry_wait": 1,
        },
    },
    "users": {"contest": 0.5, "chart_reach": 0.02, "multihoming": 0.8, "part": 0.3, "west": {"friends": 3}},
    "advertisers": {"page_budget": 1e6},
    "enterprises": {
        "answer_share": 0.2,
        "token_decline": 0.01,
        "projects": 3,
        "private_share": 0.1,
        "west": {"answer_customers": 50, "exposed_hours": 1e8, "own_models": 0.3},
    },
    "work": {
        "adoption": "mansfield",
        "drafting": {"key": 71, "share": 0.4, "adoption": "epidemic"},
        "sorting": {"key": 72, "share": 0.6, "pass_on": 0},
    },
    "owners": {
        "feed": {
            "key": 51,
            "region": "west",
            "owner": "openai",
            "older_revenue": 2e7,
            "older_growth": 0.02,
            "older_cash": 1e7,
            "ranking_uplift": 0.05,
            "opening_own_use": 0.002,
        },
        "shop": {"key": 52, "region": "china", "older_revenue": 1e7, "older_cash": 3e6, "ranking_uplift": 0.03},
    },
    "states": {"fund": {"key": 61, "region": "west", "programme": 3e5}},
    "investors": {
        "return_pull": 2.0,
        "herding": 0.3,
        "redemption": 0.5,
        "sticky": 0.4,
        "savers_wealth": 4e10,
        "savers_chase": 0.5,
        "call_most": 0.2,
        "news_pull": 0.8,
        "news_upstream": 0.2,
        "venture_china": {"valuation": "expected_gross_profit"},
        "venture_west": {"opening_cash": 1e6, "inflow_low": 0.0, "inflow_high": 1.0},
    },
    "event": [
        {"month": "2023-03", "what": "set", "path": "chips.lock_in", "value": 0.2},
        {"month": "2023-05", "what": "set", "path": "world.salvage", "value": 0.2},
        {"month": "2023-05", "what": "set", "path": "labs.minimax.release", "value": 2},
        {"month": "2023-05", "what": "strategy", "path": "apps.claude.pricing", "choice": "cost_plus"},
        {"month": "2023-06", "what": "partners", "path": "apps.copilot.labs", "names": ["anthropic"]},
        {"month": "2023-06", "what": "set", "path": "users.west.income", "value": 3.0},
        {"month": "2023-07", "what": "set", "path": "investors.hype_pull", "value": 0.4},
        {"month": "2023-08", "what": "set", "path": "owners.shop.ranking_uplift", "value": 0.0},
        {"month": "2023-08", "what": "set", "path": "states.fund.programme", "value": 1e5},
        {"month": "2024-01", "what": "set", "path": "chips.nvidia.unit_cost", "value": 3000.0},
    ],
}


def turbulent(**given: Any) -> World:
    return World(TURBULENT, rng=5, users=80, **given)


def simulate(world: World, months: int = MONTHS) -> World:
    while world.month < months:
        world.step()
    return world


def seal(folder: Path, **changes: Any) -> None:
    """Change a checkpoint's manifest as its own writer would have written it."""
    manifest = json.loads((folder / "manifest.json").read_text())
    (folder / "manifest.json").write_bytes(sealed_bytes(manifest | changes))


def rewrite(half: Path, change: Any) -> None:
    """Change the state of a checkpoint as its own writer would have written it."""
    state = json.loads((half / "state.json").read_text())
    change(state)
    (half / "state.json").write_bytes(json_bytes(state))
    files = json.loads((half / "manifest.json").read_text())["files"]
    seal(half, files=files | {"state.json": sha256(json_bytes(state))})


PLAIN = (bool, int, float, str, bytes, type(None), type, np.generic)
SKIPPED = {  # Mesa's clock, which `steps` shows, and a note that the reporters were tried once
    *("_event_list", "_event_generators", "_default_schedule", "_scenario", "_validated"),
}


def anatomy(world: World) -> dict[str, Any]:
    found: dict[str, Any] = {}
    seen: dict[int, str] = {}
    waiting: list[tuple[str, Any]] = [("world", world)]
    while waiting:
        path, value = waiting.pop()
        leaf, inside = taken_apart(value)
        if inside is None:
            found[path] = leaf
        elif id(value) in seen and not unchanging(value):
            found[path] = f"the same as {seen[id(value)]}"
        else:
            seen[id(value)] = path
            found[path] = leaf
            waiting += [(f"{path}.{name}", each) for name, each in reversed(inside)]
    return found


def taken_apart(value: Any) -> tuple[Any, list[tuple[str, Any]] | None]:
    """A leaf to compare, and what is inside by name (None where nothing can be)."""
    if isinstance(value, PLAIN):
        return repr(value), None
    if isinstance(value, np.ndarray):
        return (value.dtype.str, value.shape, value.tobytes(), value.flags.writeable), None
    if isinstance(value, random.Random):
        return repr(value.getstate()), None
    if isinstance(value, np.random.Generator):
        return repr(value.bit_generator.state), None
    if isinstance(value, list | tuple):
        return (type(value).__name__, len(value)), [(str(place), each) for place, each in enumerate(value)]
    if isinstance(value, dict):
        named = {key if plain(key) else f"{type(key).__name__} {place}": key for place, key in enumerate(value)}
        keys = [("key of " + str(name), key) for name, key in named.items() if not plain(key)]
        return [repr(name) for name in named], keys + [(str(name), value[key]) for name, key in named.items()]
    if callable(value) and not hasattr(value, "__dataclass_fields__"):
        return "a function", None
    slots = [name for cls in type(value).__mro__ for name in getattr(cls, "__slots__", ()) if hasattr(value, name)]
    held = {name: getattr(value, name) for name in slots} | getattr(value, "__dict__", {})
    kept = {name: each for name, each in held.items() if name not in SKIPPED and not remembered(value, name)}
    return type(value).__name__, list(kept.items())


def unchanging(value: Any) -> bool:
    """Whether one copy of a value is as good as another."""
    record = getattr(type(value), "__dataclass_params__", None)
    return isinstance(value, tuple) or (record is not None and record.frozen)


def plain(key: Any) -> bool:
    return all(isinstance(each, PLAIN) for each in (key if isinstance(key, tuple) else (key,)))


def remembered(value: Any, name: str) -> bool:
    """Whether an attribute is only a value that is worked out once."""
    return isinstance(getattr(type(value), name, None), cached_property)


def differences(one: World, other: World | dict[str, Any]) -> list[str]:
    first, second = anatomy(one), other if isinstance(other, dict) else anatomy(other)
    return sorted(path for path in first.keys() | second.keys() if first.get(path) != second.get(path))
