"""Promises that nobody can keep are refused at load, also where an event makes them, with the cure in the sentence."""

from typing import Any

import pytest

from experiments import BadInput, load_scenario
from experiments.build import Size, synthetic


def refused(**said: Any) -> str:
    doc = {"extends": "baseline", "name": "unsound", "question": "What if nobody could keep this?", **said}
    with pytest.raises(BadInput) as refusal:
        load_scenario(doc)
    return "\n".join(refusal.value.problems)


def becomes(path: str, choice: str) -> list[dict[str, Any]]:
    return [{"month": "2023-05", "what": "strategy", "path": path, "choice": choice}]


def rules(path: str, value: float) -> list[dict[str, Any]]:
    return [{"month": "2023-05", "what": "set", "path": path, "value": value}]


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        (
            {"event": becomes("cloud.aws.borrowing", "against_fleet")},
            "cloud.aws.borrowing: found 'against_fleet', but lenders have no money (world.lenders_cash and"
            " world.lenders_inflow are 0); write world.lenders_cash = 10_000_000_000, or borrowing = 'no_loans'",
        ),
        (
            {"world": {"lenders_cash": 1e9}, "cloud": {"aws": {"borrowing": "against_fleet", "covenant": 0}}},
            "cloud.aws.covenant: found 0, so that any loan breaks it on its first day; write covenant = 0.8, the"
            " share of its machines' worth that it may owe, or borrowing = 'no_loans'",
        ),
        (
            {
                "labs": {"openai": {"cloud": ["meta_infra"]}},
                "event": becomes("labs.openai.contracting", "reserve_share"),
            },
            "labs.openai.contracting: found 'reserve_share', but no cloud that it names rents to it; name one that"
            " sells in labs.openai.cloud, or write contracting = 'spot_only'",
        ),
        (
            {
                "labs": {"openai": {"contracting": "reserve_share"}},
                "event": [
                    {"month": "2023-05", "what": "partners", "path": "labs.openai.cloud", "names": ["meta_infra"]}
                ],
            },
            "labs.openai.contracting: found 'reserve_share', but no cloud that it names rents to it; name one that"
            " sells in labs.openai.cloud, or write contracting = 'spot_only'",
        ),
        (
            {"apps": {"bing_search": {"opening_pages": 1e6, "page_slots": 0}}},
            "apps.bing_search.page_slots: found 0, but its older pages live on ads, and an auction needs a slot; write"
            " page_slots = 10, or opening_pages = 0",
        ),
        (
            {"apps": {"bing_search": {"opening_pages": 1e6}}, "event": rules("chips.ascend.exports", 0)},
            "chips.ascend.exports: an event sets it to 0, but it is 0 already; name a vendor that it changes",
        ),
    ],
    ids=["loan by an event", "covenant on nothing", "contract by an event", "no partner", "no slot", "rule for nobody"],
)
def test_what_nobody_can_keep_is_refused(said, sentence):
    assert sentence in refused(**said)


def test_an_event_that_gives_what_was_missing_is_enough():
    doc = {"extends": "baseline", "name": "sound", "question": "Who lends?"}
    lending = [*becomes("cloud.aws.borrowing", "against_fleet"), *rules("world.lenders_cash", 0)]
    lending[-1]["path"], lending[-1]["value"] = "world.lenders_inflow", 1e8
    assert load_scenario(doc | {"event": lending}).events


def test_a_contract_where_there_is_no_cloud_is_refused():
    world = synthetic(Size(chips=1, cloud=0, labs=1, apps=1))
    world["labs"]["contracting"] = "reserve_share"
    with pytest.raises(BadInput) as refusal:
        load_scenario(world)
    assert any(
        "labs.labs_1.contracting: found 'reserve_share', but there is no cloud; add one to cloud, or write"
        " contracting = 'spot_only'" in said
        for said in refusal.value.problems
    )
