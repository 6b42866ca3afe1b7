"""One line makes a layer one of n equal firms: totals are kept, all are treated alike, and what is lost is told."""

import warnings
from functools import cache

import pytest

from watersellers import BadInput, ScenarioWarning, load_scenario
from watersellers.experiments.loading.catalogue import builtin_catalogue
from watersellers.experiments.loading.edits.equal_firms import SIZES
from watersellers.experiments.loading.parameters import FIRMS
from watersellers.experiments.loading.writer import scenario_toml
from watersellers.experiments.sweeps.study_reader import make_plan
from watersellers.market.goods import REGIONS

NAMED = {"name": "mine", "question": "Mine?"}
FIVE = "# What if there were five equal vendors?\nextends = 'baseline'\n[firms]\nchips = 5\n"
BEGINNING = {  # who is in business from the start, by region served, and the largest of them first
    ("chips", "west"): ["nvidia", "amd", "tpu"],
    ("chips", "china"): ["nvidia_abroad", "ascend"],  # which sells nothing at home, though its region is the West
    ("cloud", "west"): ["azure", "google_cloud", "meta_infra", "aws", "coreweave", "oracle"],
    ("cloud", "china"): ["alibaba_cloud", "tencent_cloud", "baidu_cloud", "bayou"],
    ("labs", "west"): ["openai", "google_deepmind", "meta_ai", "anthropic"],
    ("labs", "china"): ["alibaba_qwen", "baidu_ernie", "deepseek", "zhipu", "minimax", "bytedance_seed"],
    ("apps", "west"): ["chatgpt", "gemini", "copilot", "perplexity", "bing_search", "brave"],
}
SINGULAR = {"chips": "vendor", "cloud": "cloud", "labs": "lab", "apps": "app"}


def quiet(scenario, **counts):
    """A scenario with so many equal firms by layer, whatever it warns of."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ScenarioWarning)
        return load_scenario(scenario, {f"firms.{layer}": number for layer, number in counts.items()})


@cache
def equal(**counts):
    """The reference world with so many equal firms by layer."""
    return quiet("baseline", **counts)


def by_name(spec, layer):
    return {firm.name: firm for firm in spec.groups[layer]}


def alike(layer, region, number):
    return [f"{SINGULAR[layer]}_{region}_{each}" for each in range(1, number + 1)]


def refused(load):
    """What is said where loading is refused."""
    with pytest.raises(BadInput) as refused:
        load()
    return str(refused.value)


BASELINE = equal()


@pytest.mark.parametrize("number", [1, 3, 5, 20])
@pytest.mark.parametrize(("layer", "region"), BEGINNING)
def test_what_a_layer_has_in_all_is_kept(layer, region, number):
    before, after = by_name(BASELINE, layer), by_name(equal(**{layer: number}), layer)
    firms = [before[name].numbers for name in BEGINNING[layer, region]]
    parts = [after[name].numbers for name in alike(layer, region, number)]
    for key in SIZES[layer]:
        weights = [each["performance"] if key == "opening_capacity" else 1.0 for each in firms]
        power = parts[0]["performance"] if key == "opening_capacity" else 1.0
        total = sum(weight * each[key] for weight, each in zip(weights, firms, strict=True))
        assert sum(power * each[key] for each in parts) == pytest.approx(total, rel=1e-12), key


@pytest.mark.parametrize(("layer", "region"), BEGINNING)
def test_each_is_like_the_largest_in_all_but_its_size(layer, region):
    largest, after = by_name(BASELINE, layer)[BEGINNING[layer, region][0]], by_name(equal(**{layer: 4}), layer)
    first, *others = [after[name] for name in alike(layer, region, 4)]
    untied = {"group_only", "sells", "revenue_share"}
    same = {key: value for key, value in largest.numbers.items() if key not in {*SIZES[layer], *untied}}
    assert same.items() <= first.numbers.items()
    assert first.strategies == largest.strategies
    assert (first.region, first.enters, first.owner, first.patron) == (largest.region, 0, first.name, "")
    assert all((each.numbers, each.strategies, each.founder) == (first.numbers, first.strategies, first.founder)
               for each in others)  # fmt: skip


@pytest.mark.parametrize("layer", FIRMS)
def test_nobody_else_is_left_and_everybody_may_buy_from_everybody(layer):
    spec = equal(**{layer: 2})
    assert {*by_name(spec, layer)} == {name for region in REGIONS for name in alike(layer, region, 2)}
    assert not any(firm.partners.get(layer) for group in FIRMS for firm in spec.groups[group])
    assert not any(event.what == "partners" and event.path.endswith(f".{layer}") for event in spec.events)
    gone = {*by_name(BASELINE, layer)}
    assert not any({firm.owner, firm.patron} & gone for group in FIRMS for firm in spec.groups[group])
    assert not any(event.path.split(".")[1] in gone for event in spec.events)


def test_adding_a_firm_changes_none_of_the_others_keys():
    few, many = by_name(equal(chips=2), "chips"), by_name(equal(chips=9), "chips")
    assert all(many[name].key == firm.key for name, firm in few.items())


def test_a_tie_to_an_own_cloud_ends_with_it():
    spec = equal(cloud=3)
    labs, vendors = by_name(spec, "labs"), by_name(spec, "chips")
    assert labs["openai"].numbers["revenue_share"] == 0
    assert labs["openai"].patron == ""
    assert {type(lab.strategies["sourcing"]).__name__ for lab in labs.values()} == {"Spread"}
    assert not {"tpu", "trainium", "mtia"} & {*vendors}  # made for clouds that are gone
    assert any("removed tpu, trainium, mtia" in note for note in spec.notes)


def test_apps_that_buy_all_from_the_best_lab_divide_it_among_equals():
    apps = by_name(equal(labs=3), "apps")
    assert {type(app.strategies["sourcing"]).__name__ for app in apps.values()} == {"BestEvenly"}


def test_the_largest_firms_dates_are_everybodys_and_its_rivals_are_gone():
    spec = equal(chips=2)
    at = {(each.path, each.month): each.value for each in BASELINE.events if each.path.startswith("chips.nvidia.")}
    for name in alike("chips", "west", 2):
        found = {(each.path, each.month): each.value for each in spec.events if f".{name}." in each.path}
        assert found == {(path.replace("nvidia", name), month): value for (path, month), value in at.items()}
    assert {each.name for each in spec.events} >= {"h100_vendor_west_1", "h100_vendor_west_2"}
    assert not {"mi300x", "trillium"} & {each.name for each in spec.events}


def test_a_dated_size_of_any_of_them_is_divided():
    events = [
        {"month": month, "what": "set", "path": f"cloud.{cloud}.owner_funds", "value": value}
        for month, cloud, value in (("2024-01", "aws", 9e9), ("2024-06", "azure", 1e9))
    ]
    doc = {"extends": "plain", **NAMED, "event": [*events, {**events[0], "path": "cloud.sells", "value": 1.0}]}
    spec, clouds = quiet(doc, cloud=4), by_name(quiet("plain"), "cloud")
    total = sum(clouds[name].numbers["owner_funds"] for name in BEGINNING["cloud", "west"])
    first = total - clouds["aws"].numbers["owner_funds"] + 9e9
    second = first - clouds["azure"].numbers["owner_funds"] + 1e9
    values = [each.value for each in spec.events if each.path == "cloud.cloud_west_4.owner_funds"]
    assert values == pytest.approx([first / 4, second / 4], rel=1e-12)


def test_a_file_a_setting_and_the_resolved_text_say_the_same(tmp_path):
    (tmp_path / "five.toml").write_text(FIVE)
    by_setting, by_file = equal(chips=5), quiet(tmp_path / "five.toml")
    assert by_file.groups == by_setting.groups
    assert by_file.events == by_setting.events
    resolved = tmp_path / "resolved.toml"
    resolved.write_text(scenario_toml(BASELINE, builtin_catalogue().menus))
    again = quiet(resolved, chips=5)  # as a sweep does
    assert again.groups == by_setting.groups
    assert again.events == by_setting.events
    resolved.write_text(scenario_toml(by_setting, builtin_catalogue().menus))
    assert quiet(resolved).groups == by_setting.groups


def test_a_later_number_divides_the_equal_firms_again(tmp_path):
    (tmp_path / "five.toml").write_text(FIVE)
    again, at_once = quiet(tmp_path / "five.toml", chips=3), equal(chips=3)
    for one, other in zip(again.groups["chips"], at_once.groups["chips"], strict=True):
        assert one.name == other.name
        assert one.numbers == pytest.approx(other.numbers, rel=1e-12)
    assert [each.name for each in again.events] == [each.name for each in at_once.events]


def test_settings_of_the_new_firms_and_of_the_group_come_after_their_number():
    given = {"chips.lock_in": 0.5, "chips.vendor_west_2.lock_in": 3.0, "firms.chips": 2}
    vendors = by_name(load_scenario("baseline", given), "chips")
    assert [vendors[f"vendor_west_{each}"].numbers["lock_in"] for each in (1, 2)] == [0.5, 3.0]


def test_the_note_tells_who_takes_whose_place():
    note = next(note for note in equal(chips=5).notes if "firms.chips" in note)
    for said in (
        "5 equal firms, vendor_west_1 to vendor_west_5, in place of nvidia, amd, tpu in west, each like nvidia",
        "in place of ascend, nvidia_abroad in china, each like nvidia_abroad",
        "who would enter later never does: trainium, mtia, entrant_west, entrant_china",
        "these lists are gone: cloud.aws.chips",
        "events that happen to each of them: h800",
        "dropped events: mi300x",
    ):
        assert said in note


WRONG = {
    "0": ({"firms.chips": 0}, "firms.chips: found 0, expected a whole number of firms in each region, 1 to 100"),
    "-1": ({"firms.labs": -1}, "firms.labs: found -1, expected a whole number of firms in each region, 1 to 100"),
    "1.5": ({"firms.chips": 1.5}, "found 1.5, expected a whole number"),
    "many": ({"firms.apps": 10_000}, "found 10000, expected a whole number of firms in each region, 1 to 100; syn"),
    "text": ({"firms.chips": "five"}, "found 'five', expected a whole number"),
    "no layer": ({"firms": 5}, "firms: found 5, expected a table of layers, as in firms.chips = 5"),
    "unknown layer": ({"firms.chip": 5}, "firms.chip: unknown key 'chip'. Did you mean 'chips'?"),
    "gone": ({"firms.chips": 5, "nvidia.lock_in": 1}, "nvidia.lock_in: 'nvidia' is replaced by firms.chips = 5 (set);"
             " write vendor_west_1, as there are vendor_west_1 to vendor_china_5, or leave it out"),
}  # fmt: skip


@pytest.mark.parametrize(("settings", "said"), WRONG.values(), ids=WRONG)
def test_an_impossible_number_is_refused(settings, said):
    assert said in refused(lambda: load_scenario("baseline", settings))


DOCS = {
    "values in the same file": (
        {"firms": {"chips": 5}, "chips": {"amd": {"lock_in": 0.2}}},
        "replaces 'amd', which has values in chips.amd of the same file; write them in chips.vendor_west_1",
    ),
    "an event in the same file": (
        {
            "firms": {"labs": 2},
            "event": [{"month": "2024-01", "what": "set", "path": "openai.open_weights", "value": 1.0}],
        },
        "event 1.path: 'openai' is replaced by firms.labs = 2",
    ),
}


@pytest.mark.parametrize(("doc", "said"), DOCS.values(), ids=DOCS)
def test_a_file_that_contradicts_itself_is_refused(doc, said):
    assert said in refused(lambda: load_scenario({"extends": "baseline", **NAMED, **doc}))


def test_a_layer_of_nobody_and_a_part_too_small_are_refused():
    empty = {**NAMED, "start": "2023-01", "months": 4, "firms": {"chips": 5}}
    assert "no firm of chips is in business in 2023-01, so there is nothing to divide" in refused(
        lambda: load_scenario(empty)
    )
    small = {"extends": "plain", **NAMED, "chips": {"ascend": {"opening_capacity": 40.0}}}
    assert "each in china would begin with opening_capacity = 0.8, expected 1 to" in refused(
        lambda: load_scenario(small, {"firms.chips": 50})
    )


def test_a_story_about_the_firms_that_go_is_refused_in_a_run_and_in_a_sweep():
    said = (
        "deepseek_quality, deepseek_throughput of scenarios/deepseek_moment.toml, all that it has, name firms of labs"
    )
    assert said in refused(lambda: load_scenario("deepseek_moment", {"firms.labs": 5}))
    study = {"scenario": "deepseek_moment", "parameters": {"firms.labs": {"values": [2, 5]}}, "users": 100}
    assert said in refused(lambda: make_plan(study, "study"))


def test_what_is_lost_of_the_scenarios_own_is_a_warning():
    with pytest.warns(
        ScenarioWarning, match=r"deepseek_v2, .* of scenarios/price_war.toml change nothing, because equal"
    ):
        load_scenario("price_war", {"firms.labs": 3})
    with pytest.warns(ScenarioWarning, match=r"chips\.new_vendor of scenarios/entrant_chips\.toml change nothing"):
        load_scenario("entrant_chips", {"firms.chips": 3})


def test_an_entrant_may_come_into_a_layer_of_equal_firms(tmp_path):
    (tmp_path / "five.toml").write_text(FIVE)
    entrant = tmp_path / "entrant.toml"
    entrant.write_text(f"# Who enters?\nextends = ['{tmp_path / 'five.toml'}', 'entrant_chips']\n")
    assert not [said for said in quiet(entrant).warnings if "new_vendor" in said]
    assert by_name(quiet(entrant), "chips")["new_vendor"].enters == 12


def test_a_count_is_varied_over_values_and_not_over_a_range():
    study = {"scenario": "baseline", "parameters": {"firms.chips": {"low": 1, "high": 5}}, "users": 100}
    assert "firms.chips: counts firms and has no range; write values" in refused(lambda: make_plan(study, "study"))
