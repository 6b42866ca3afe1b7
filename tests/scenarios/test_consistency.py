"""Settings that can never take effect are refused before the first month, each in one sentence with its cure."""

from typing import Any

import pytest

from watersellers import BadInput
from watersellers.experiments.loading.loader import load_scenario
from watersellers.experiments.loading.synthetic import Size, synthetic

MONTH = "2023-10"


def becoming(what: str, path: str, **how: Any) -> dict[str, Any]:
    """A dated event."""
    return {"month": MONTH, "what": what, "path": path, **how}


def problems_of(*events: dict[str, Any], settings: dict[str, Any] | None = None) -> list[str]:
    """What is wrong with the reference world under some settings and events."""
    world = {"extends": "plain", "name": "promised", "question": "Who keeps it?", "event": list(events)}
    try:
        load_scenario(world, settings)
    except BadInput as error:
        return [each.removeprefix("promised, ") for each in error.problems]
    return []


BAN = becoming("set", "chips.exports", value=0)
NO_HOURS = "but no cloud that it names rents to it; name one that sells in"
LENDERS = (
    "but lenders have no money (world.lenders_cash and world.lenders_inflow are 0); write"
    " world.lenders_cash = 10_000_000_000, or borrowing = 'no_loans'"
)


@pytest.mark.parametrize(
    ("events", "settings", "sentence"),
    [
        (
            [becoming("strategy", "cloud.aws.borrowing", choice="against_fleet")],
            {},
            f"cloud.aws.borrowing: found 'against_fleet' from 2023-10 on, {LENDERS}",
        ),
        (
            [becoming("set", "world.lenders_cash", value=0)],
            {"cloud.aws.borrowing": "against_fleet"},
            f"cloud.aws.borrowing: found 'against_fleet', {LENDERS}",
        ),
        (
            [becoming("strategy", "apps.chatgpt.hosting", choice="break_even")],
            {"apps.chatgpt.cloud": ["meta_infra", "aws"], "cloud.aws.sells": 0},
            f"apps.chatgpt.hosting: found 'break_even' from 2023-10 on, {NO_HOURS} apps.chatgpt.cloud,"
            " or write hosting = 'api_only'",
        ),
        (
            [becoming("partners", "apps.chatgpt.cloud", names=["meta_infra"])],
            {"apps.chatgpt.hosting": "own_model"},
            f"apps.chatgpt.hosting: found 'own_model' from 2023-10 on, {NO_HOURS} apps.chatgpt.cloud,"
            " or write hosting = 'api_only'",
        ),
        (
            [becoming("partners", "labs.openai.cloud", names=["meta_infra"])],
            {},
            "labs.openai.cloud: found ['meta_infra'] from 2023-10 on, none of which rents to it; name one that sells,"
            " or leave the list empty for all of its region",
        ),
        (
            [],
            {"apps.bing_search.opening_pages": 1e8, "apps.page_slots": 0, "apps.ad_load": 0},
            "apps.bing_search.page_slots: found 0, and ad_load = 0 beside answers, so its result pages would sell no"
            " ad; write page_slots = 10, or opening_pages = 0",
        ),
        (
            [],
            {"advertisers.west.page_budget": 1e7},
            "advertisers.west.page_budget: found money for ads on result pages, but no app has any; give one"
            " opening_pages above 0, or write page_budget = 0",
        ),
        (
            [BAN],
            {"chips.exports": 0},
            "chips.exports: found an event in 2023-10 that sets it to 0, but every vendor that it names sells at home"
            " alone already; name a vendor that it changes, or leave the event out",
        ),
        (
            [becoming("set", "chips.nvidia.exports", value=1)],
            {},
            "chips.nvidia.exports: found an event in 2023-10 that sets it to 1, but every vendor that it names exports"
            " already; name a vendor that it changes, or leave the event out",
        ),
        (
            [BAN | {"month": "2023-06"}, BAN],
            {},
            "chips.exports: found an event in 2023-10 that sets it to 0, but every vendor that it names sells at home"
            " alone already; name a vendor that it changes, or leave the event out",
        ),
    ],
)
def test_settings_without_effect_are_refused_in_one_sentence(events, settings, sentence):
    assert problems_of(*events, settings=settings) == [sentence]


@pytest.mark.parametrize(
    ("events", "settings"),
    [
        (
            [becoming("strategy", "cloud.aws.borrowing", choice="against_fleet")],
            {"world.lenders_inflow": 1e6},
        ),
        (
            [
                becoming("strategy", "cloud.aws.borrowing", choice="against_fleet"),
                becoming("set", "world.lenders_inflow", value=1e6),
            ],
            {},
        ),
        (
            [
                becoming("partners", "apps.chatgpt.cloud", names=["meta_infra"]),
                becoming("strategy", "apps.chatgpt.hosting", choice="api_only"),
            ],
            {"apps.chatgpt.hosting": "own_model"},
        ),
        ([becoming("set", "cloud.meta_infra.sells", value=1)], {"labs.openai.cloud": ["meta_infra"]}),
        ([], {"apps.bing_search.opening_pages": 1e8, "apps.page_slots": 0, "apps.bing_search.ad_load": 1}),
        ([BAN], {}),
    ],
    ids=["saved", "lent later", "both changed", "rents later", "slots beside answers", "a ban"],
)
def test_settings_with_effect_are_accepted(events, settings):
    assert problems_of(*events, settings=settings) == []


@pytest.mark.parametrize(
    ("layer", "slot", "rule", "plain"),
    [
        ("labs", "contracting", "reserve_share", "spot_only"),
        ("apps", "hosting", "own_model", "api_only"),
        ("apps", "hosting", "break_even", "api_only"),
    ],
)
@pytest.mark.parametrize(
    ("clouds", "found"),
    [
        (0, "but no cloud that rents hours is in this world; add one to cloud"),
        (1, "but no cloud that is in its region rents to it; name one that sells in {path}.cloud"),
    ],
)
def test_a_rule_that_needs_hours_is_refused_where_nobody_rents_any(layer, slot, rule, plain, clouds, found):
    world = synthetic(Size(chips=1, cloud=clouds, labs=1, apps=1, china=0.0))
    if clouds:
        world["cloud"]["cloud_1"]["region"] = "china"
    path = f"{layer}.{layer}_1"
    with pytest.raises(BadInput) as refused:
        load_scenario(world, {f"{path}.{slot}": rule, f"{path}.cloud": []})
    (sentence,) = refused.value.problems
    cure = f"or write {slot} = '{plain}'"
    assert sentence.endswith(f"{path}.{slot}: found '{rule}', {found.format(path=path)}, {cure}")


def test_an_export_rule_is_refused_where_there_is_no_vendor():
    world = synthetic(Size(chips=0, cloud=1, labs=1, apps=1)) | {"event": [BAN]}
    with pytest.raises(BadInput, match=r"chips\.exports: found an event in 2023-10 .*, but there is no vendor; name a"):
        load_scenario(world)
