"""A scenario that makes no sense is refused in a sentence before the first month."""

# ruff: noqa: E501 - sentences are compared whole, each on its line

import pytest

from tests.scenarios.reference_scenario import refused
from watersellers import run
from watersellers.experiments.loading.catalogue import builtin_catalogue
from watersellers.experiments.loading.loader import load_scenario, with_length
from watersellers.experiments.loading.writer import scenario_toml

SEEN = "expected text that can be seen, on one line and without control characters"


def event(**keys):
    return {"event": [{"month": "2023-10", **keys}]}


@pytest.mark.parametrize(
    ("doc", "sentence"),
    [
        ({"cloud": {"aws": {"cloud": ["aws"]}}}, "mine, cloud.aws.cloud: found ['aws'], but cloud have no list of cloud; they list only chips"),
        ({"chips": {"amd": {"apps": ["chatgpt"]}}}, "mine, chips.amd.apps: found ['chatgpt'], but chips have no list of apps; they list no partners"),
        ({"labs": {"zhipu": {"chips": ["amd"]}}}, "mine, labs.zhipu.chips: found ['amd'], but labs have no list of chips; they list only cloud"),
        ({"users": {"west": {"apps": ["brave"]}}}, "mine, users.west.apps: found ['brave'], but users have no list of apps; they list no partners"),
        ({"apps": {"brave": {"apps": ["brave"]}}}, "mine, apps.brave.apps: names 'brave' itself; expected others"),
        ({"cloud": {"aws": {"chips": ["amd", "amd"]}}}, "mine, cloud.aws.chips: found 'amd' 2 times, expected each partner once"),
        (event(what="partners", path="apps.brave.apps", names=["brave"]), "mine, event 1.names: names 'brave' itself; expected others"),
        (event(what="partners", path="apps.brave.labs", names=["openai", "openai"]), "mine, event 1.names: found 'openai' 2 times, expected each partner once"),
        (event(what="partners", path="chips.amd.apps", names=["brave"]), "mine, event 1.path: found chips.amd.apps, expected no list: chips buy from none"),
        (event(what="partners", path="labs.zhipu.labs", names=["openai"]), "mine, event 1.path: found labs.zhipu.labs, expected a list of cloud"),
        ({"labs": {"zhipu": {"enters": "2027-01", "founder": "venture_china"}}}, "mine, labs.zhipu.enters: 2027-01 is after the last month, 2026-12; give it an earlier month, or write months = 49"),
        ({"labs": {"zhippu": {"absent": True}}}, "mine, labs.zhippu.absent: found True, but there is no such member. Did you mean 'zhipu'?"),
        ({"labs": {"zhipu": {"title": "  "}}}, f"mine, labs.zhipu.title: found '  ', {SEEN}"),
        ({"labs": {"zhipu": {"title": "a\x1b[2J"}}}, f"mine, labs.zhipu.title: found 'a\\x1b[2J', {SEEN}"),
        ({"labs": {"zhipu": {"title": "\u200b"}}}, f"mine, labs.zhipu.title: found '\\u200b', {SEEN}"),
        ({"labs": {"zhipu": {"title": "\ud800"}}}, "mine, labs.zhipu.title: found '\\ud800', expected text of whole letters"),
        (event(what="set", path="chips.lock_in", value=1, text=" "), f"mine, event 1.text: found ' ', {SEEN}"),
        (event(what="set", path="chips.lock_in", value=1, text="a\nb"), f"mine, event 1.text: found 'a\\nb', {SEEN}"),
        (event(what="set", path="chips.lock_in", value=1, text="a" * 501), f"mine, event 1.text: found '{'a' * 59}..., expected a shorter text"),
        ({"question": "  "}, f"scenario, question: found '  ', {SEEN}, of at most 500 letters"),
        ({"question": 3}, f"scenario, question: found 3, {SEEN}, of at most 500 letters"),
        ({"name": "a\nb"}, f"scenario, name: found 'a\\nb', {SEEN}, of at most 500 letters"),
        ({"users": {"west": {"absent": True}}}, "mine, users.west: is absent, but every world has users in west and in china; write users.west.income = 0 for users that pay nothing"),
        ({"users": {"mars": {"key": 99, "region": "west"}}}, "mine, users.mars: unknown region 'mars'; expected one of china, west"),
        ({"enterprises": {"mars": {"key": 99, "region": "west"}}}, "mine, enterprises.mars: unknown region 'mars'; expected one of china, west"),
        ({"users": {"west": {"region": "china"}}}, "mine, users.west.region: found 'china', expected 'west' or nothing else"),
        ({"advertisers": {"west": {"owner": "alphabet"}}}, "mine, advertisers.west.owner: found 'alphabet', expected 'west' or nothing else"),
        ({"users": {"west": {"founder": "venture_west"}}}, "mine, users.west.founder: found 'venture_west', expected none: only firms have one (chips, cloud, labs, apps)"),
        ({"investors": {"venture_west": {"enters": "2024-01"}}}, "mine, investors.venture_west.enters: found '2024-01', expected none: only firms have one (chips, cloud, labs, apps)"),
        ({"labs": {"enterprises_west": {"key": 99, "region": "west"}}}, "mine, labs.enterprises_west: 'enterprises_west' is the name of an outside sector; give it another"),
        ({"labs": {"opening": {"key": 99, "region": "west"}}}, "mine, labs.opening: 'opening' is the name of an outside sector; give it another"),
        ({"apps": {"brave": None}}, "mine, apps.brave: found None, expected a table"),
        ({"apps": {"brave": [1]}}, "mine, apps.brave: found [1], expected a table"),
        ({3: 4}, "scenario: found the key 3, expected text"),
        ({"apps": {3: {"key": 99}}}, "scenario, apps: found the key 3, expected text"),
        (event(what="set", path="chips.lock_in", value=10**400), "scenario, event, value: found a number of more than 300 digits, expected fewer"),
    ],
)  # fmt: skip
def test_a_senseless_value_is_reported_once_with_its_place(doc, sentence):
    assert refused(doc) == [sentence]


@pytest.mark.parametrize("region", ["west", "china"])
@pytest.mark.parametrize("sector", ["enterprises", "advertisers"])
def test_a_world_runs_without_the_customers_of_a_region(sector, region):
    doc = {"extends": "plain", "name": "mine", "question": "Mine?", sector: {region: {"absent": True}}}
    assert run(doc, months=3, users=40).manifest["digest"]


def test_an_entry_must_lie_in_the_months_of_its_file_or_be_never():
    short = {"extends": "plain", "name": "short", "question": "Short?", "months": 3}
    assert load_scenario(short).months == 3  # the reference world's entries are in its own length
    assert "is after the last month, 2023-03" in refused({"months": 3, "apps": {"kimi": {"enters": "2023-04"}}})[0]
    assert refused({}, {"apps.kimi.enters": "2030-01"})[0].startswith("mine, apps.kimi.enters: 2030-01 is after")
    never = load_scenario(short | {"apps": {"kimi": {"enters": "never"}}})
    kimi = next(one for one in never.groups["apps"] if one.name == "kimi")
    assert kimi.enters == 3


def test_a_run_that_ends_before_an_entry_reads_back_as_it_was(tmp_path):
    before = with_length(load_scenario(), 3)
    (tmp_path / "baseline.toml").write_text(scenario_toml(before, builtin_catalogue().menus))
    assert load_scenario(tmp_path / "baseline.toml") == before
    assert max(one.enters for one in before.groups["apps"]) == 3
