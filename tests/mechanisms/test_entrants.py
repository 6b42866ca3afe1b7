"""A firm that comes in later takes part in every mechanism from its first day.

What a mechanism remembers by firm holds nothing of it then: it came in after the month's trade and before its checks.
"""

from typing import Any

import pytest

from watersellers import run

ENTERS: dict[str, Any] = {"enters": "2023-03", "founder": "venture_west", "region": "west", "opening_cash": 1e7}
ENTRANTS: dict[str, dict[str, Any]] = {
    "chips": {
        "key": 199_002,
        "stake_share": 0.2,
        "rationing": "turn_and_earn",
        "opening_pipeline": 0.1,
        "learning": 0.1,
    },
    "cloud": {
        "key": 299_002,
        "hosts": 1,
        "sells": 1,
        "inflation": 1,
        "impairment": 1,
        "service_life": 72,
        "stake_share": 0.2,
        "borrowing": "against_fleet",
        "owner_funds": 1e8,
    },
    "labs": {
        "key": 399_002,
        "distillation": 0.1,
        "open_weights": 1,
        "night_discount": 0.5,
        "batch_discount": 0.5,
        "contracting": "reserve_share",
        "resale": 0.7,
        "selling": "refuse_new",
        "moves": 0.4,
        "free_tokens": 1e6,
    },
    "apps": {
        "key": 499_003,
        "west": 1,
        "search_calls": 0.5,
        "apps": ["bing_search"],
        "index": "cheapest",
        "ad_load": 1,
        "device_price": 20,
        "device_cost": 10,
        "device_reach": 0.1,
        "trust_erosion": 0.1,
        "scandal_hazard": 0.5,
        "hosting": "own_model",
        "owning": "own_machines",
        "host_team": 1e4,
        "build_lag": 1,
        "business_price": 30,
        "answer_price": 0.1,
        "publisher_share": 0.1,
        "content_price": 1e-4,
        "transactions": 2,
        "channel": 1,
    },
}


def entering(layer: str, **more: Any) -> dict[str, Any]:
    groups: dict[str, dict[str, Any]] = {"apps": {"bing_search": {"search_price": 0.01}}, "labs": {"open_weights": 1}}
    groups.setdefault(layer, {})["newcomer"] = ENTERS | ENTRANTS[layer] | more
    world = {"lenders_cash": 1e10}
    return {"extends": "plain", "name": "entering", "question": "?", "months": 9, "world": world, **groups}


@pytest.mark.parametrize("layer", ENTRANTS)
def test_an_entrant_takes_part_in_every_mechanism_from_its_first_day(layer):
    result = run(entering(layer), users=60)
    assert "entry" in result.events.filter(who="newcomer")["what"].to_list()
    assert len(result.firms.filter(firm="newcomer")) >= 5


def test_an_entrant_that_sells_appliances_does_so_too():
    selling = {"sells_appliances": 1, "appliance_pricing": "share_of_worth", "staff": 5e6, "opening_cash": 5e8}
    result = run(entering("apps", **selling, hosting="api_only", owning="rent_hours"), users=60)
    assert "entry" in result.events.filter(who="newcomer")["what"].to_list()
