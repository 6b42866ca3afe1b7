"""Worlds that are silently not what was asked for: which are warned of, in what words, and that no other is."""

# ruff: noqa: E501 - sentences are compared whole, each on its line

from typing import Any

import pytest

from tests.tools.economy_fingerprints import scenarios
from watersellers import ScenarioWarning, load_scenario, run
from watersellers.experiments.__main__ import main
from watersellers.viz.reports.run_report import report_html

VENDOR = {"key": 199, "region": "west"}
CLOUD = {"key": 299, "region": "west", "enters": "2024-01", "founder": "venture_west"}
APP = {"key": 499, "region": "west", "west": 1}
POOR = {"opening_cash": 0, "savers_wealth": 0}
EVENT = {"month": "2023-02", "what": "set", "path": "labs.moonshot.open_weights", "value": 1}
CASES: dict[str, tuple[dict[str, Any], str]] = {
    "on no list": ({"chips": {"groq": VENDOR}}, 'chips.groq: no firm may buy from it, because none of aws, azure, google_cloud, meta_infra, oracle, alibaba_cloud and 3 more names it in its list; write cloud.chips = ["+groq"], or leave it out'),
    "on few lists": ({"chips": {"groq": VENDOR}, "cloud": {"aws": {"chips": ["+groq"]}}}, 'chips.groq: only aws may buy from it, because the lists of azure, google_cloud, meta_infra, oracle, coreweave do not name it; write cloud.chips = ["+groq"] if all may'),
    "forbidden region": ({"chips": {"ascend": {"exports": 0}}, "cloud": {"new": CLOUD | {"chips": ["ascend"]}}}, 'cloud.new: buys no machine from 2024-01 on, because nobody on its list (ascend) sells to it then; write cloud.new.chips = ["nvidia"]'),
    "poor cloud": ({"cloud": {"new": CLOUD | {"opening_cash": 1e4, "chips": ["nvidia", "amd"]}}, "labs": {"cloud": ["all"]}}, "cloud.new: enters with 10000 dollars and buys no machine, because one of amd costs"),
    "no machine in time": ({"chips": {"groq": VENDOR | {"enters": "2026-09", "founder": "venture_west"}}, "cloud": {"chips": ["+groq"]}}, "chips.groq: enters in 2026-09 and sells no machine, because its first capacity opens in 2027-07, after the last month; let it enter earlier, or write chips.groq.lead = 1"),
    "only vendor opens too late": ({"chips": {"groq": VENDOR | {"enters": "2026-06", "founder": "venture_west"}}, "cloud": {"aws": {"chips": ["+groq"]}, "new": CLOUD | {"chips": ["groq"]}}}, 'cloud.new: buys no machine from 2024-01 on, because nobody on its list (groq) sells to it then; write cloud.new.chips = ["nvidia"]'),
    "only vendor opens later": ({"chips": {"groq": VENDOR | {"enters": "2024-02", "founder": "venture_west"}}, "cloud": {"new": CLOUD | {"chips": ["groq"]}}}, 'cloud.new: buys no machine from 2024-01 until 2024-12, because nobody on its list (groq) sells to it then; write cloud.new.chips = ["nvidia"]'),
    "no hour in time": ({"cloud": {"new": CLOUD | {"enters": "2026-09", "build_lag": 3}}}, "cloud.new: enters in 2026-09 and rents out no hour, because its first machine opens in 2027-02, after the last month; let it enter earlier, or write cloud.new.build_lag = 1"),
    "replaces none": ({"cloud": {"new": CLOUD | {"capacity": "replace_only"}}}, "cloud.new: never orders a machine, because it enters without any, and capacity = 'replace_only' replaces machines alone; write cloud.new.capacity = 'extrapolate'"),
    "expects nobody": ({"cloud": {"new": CLOUD | {"opening_hours": 0}}}, "cloud.new: never orders a machine, because it expects no customers (opening_hours = 0); write cloud.new.opening_hours = 1_000_000"),
    "expects nobody from the start": ({"cloud": {"new": {"key": 299, "region": "west", "opening_hours": 0}}}, "cloud.new: never orders a machine, because it expects no customers (opening_hours = 0)"),
    "cloud enters after lab": ({"cloud": {"new": CLOUD}, "labs": {"openai": {"cloud": ["new"]}}}, 'labs.openai: can neither train nor serve until 2024-05, because nobody on its list (new) sells to it then; write labs.openai.cloud = ["aws"]'),
    "app without a model": ({"apps": {"mine": APP | {"labs": ["moonshot"]}}, "labs": {"moonshot": {"enters": "never"}}}, "apps.mine: has no model to answer with, because nobody on its list (moonshot) sells to it then"),
    "poor founder": ({"investors": {"venture_china": POOR}}, "labs.moonshot: never enters, because its founder venture_china has no money; write investors.venture_china.opening_cash = 1_000_000_000"),
    "nobody's founder": ({"investors": {"angels": {"key": 29, "region": "west"}}}, "investors.angels: no firm can ask it for money, because it is nobody's founder"),
    "nobody borrows": ({"world": {"lenders_cash": 1e9}}, "world.lenders_cash: nobody borrows this money; write cloud.borrowing = 'against_fleet', or lenders_cash = 0"),
    "nobody signs": ({"cloud": {"aws": {"contract_lead": 3}}}, "cloud.aws.contract_lead: no lab signs contracts; write labs.contracting = 'reserve_ahead', or 0"),
    "contracts pledged for nothing": ({"cloud": {"aws": {"contract_loans": 0.5}}}, "cloud.aws.contract_loans: it never borrows; write cloud.aws.borrowing = 'against_fleet', or 0"),
    "pledges no contracts": ({"world": {"lenders_cash": 1e9}, "cloud": {"aws": {"borrowing": "against_fleet", "contract_loans": 0.9}}}, "cloud.aws.contract_loans: lenders find no contracts to look at, because no lab that signs any rents from it; name it in labs.NAME.cloud, or write labs.contracting = 'reserve_ahead', or 0"),
    "builds for nobody": ({"cloud": {"meta_infra": {"capacity": "build_to_backlog"}}, "labs": {"openai": {"contracting": "reserve_ahead"}}}, "cloud.meta_infra.capacity: found 'build_to_backlog', but no lab that signs contracts rents from it, so that it never orders a machine; name it in labs.NAME.cloud, or write cloud.meta_infra.capacity = 'extrapolate'"),
    "withdrawn for good": ({"labs": {"openai": {"line": 3, "offering": "paying_models"}}}, "labs.openai.offering: a model that 'paying_models' withdraws never comes back, because no release brings it; write labs.openai.releasing = 'in_generations'"),
    "region without apps": ({"apps": {"china": 0, "west": 1}}, "users.china: its users can use nothing, because no app is offered there"),
    "misspelled owner": ({"apps": {"mine": APP | {"owner": "alphabt"}}}, "apps.mine.owner: 'alphabt' owns nothing else. Did you mean 'alphabet'?"),
    "too early": ({"event": [EVENT]}, "labs.moonshot.open_weights: is changed by an event in 2023-02, but moonshot enters in 2023-04 only; write labs.moonshot.open_weights for the whole run"),
}  # fmt: skip


def warned(doc):
    world = {"extends": "plain", "name": "mine", "question": "Mine?", **doc}
    return load_scenario(world).warnings


@pytest.mark.parametrize("case", CASES)
def test_what_never_does_what_it_is_there_for_is_told_with_its_cure(case):
    doc, sentence = CASES[case]
    assert any(each.startswith(sentence) for each in warned(doc)), warned(doc)


@pytest.mark.parametrize("name", scenarios())
def test_no_other_world_is_warned_of(name):
    assert not load_scenario(scenarios()[name]).warnings


def test_a_region_without_apps_and_without_income_is_not_warned_of():
    doc, sentence = CASES["region without apps"]
    assert not any(each.startswith(sentence) for each in warned({**doc, "users": {"china": {"income": 0}}}))


IDLE = [
    {"capacity": "replace_only"},
    {"opening_hours": 0},
    {"opening_hours": 0, "enters": "2023-01"},
    {"build_lag": 9},
    {"enters": "2024-01"},
]
USED = [{}, {"opening_hours": 100_000}, {"build_lag": 8}, {"enters": "2023-12"}]


@pytest.mark.parametrize(("own", "idle"), [*((own, True) for own in IDLE), *((own, False) for own in USED)])
def test_which_clouds_never_have_a_machine_is_told_before_the_run_and_of_no_other(own, idle):
    cloud = CLOUD | {"enters": "2023-06", "chips": ["nvidia", "amd"], "build_lag": 2} | own
    doc = {"extends": "plain", "name": "mine", "question": "Mine?", "months": 16, "cloud": {"new": cloud}}
    firms = run(doc, users=50).firms.filter(firm="new")
    assert (firms["capacity"].max() == 0) is idle
    told = [each for each in warned(doc) if "never orders" in each or "rents out no hour" in each]
    assert bool(told) is idle, told


def test_a_cloud_that_finds_no_machine_worth_its_price_is_told_after_the_run():
    cloud = CLOUD | {"enters": "2023-03", "opening_cash": 1e9, "chips": ["nvidia"], "opening_price": 0.5}
    doc = {"extends": "plain", "name": "mine", "question": "Mine?", "cloud": {"new": cloud}}
    with pytest.warns(ScenarioWarning, match="it never had a machine"):
        result = run(doc, months=18, users=50)
    assert any(each.startswith("cloud.new: in business from 2023-03") for each in result.warnings)
    assert result.manifest["warnings"] == result.warnings
    assert "it never had a machine" in report_html(result)


def test_the_command_line_says_it_once_and_the_run_is_made(capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mine.toml").write_text('# Mine?\nextends = "plain"\n[chips.groq]\nkey = 199\nregion = "west"\n')
    assert main(["run", "mine.toml", "--months", "2", "--users", "50", "--set", "remove=brave"]) == 0
    out, err = capsys.readouterr()
    assert err.count("warning: mine.toml, chips.groq: no firm may buy from it") == 1
    assert "note: set: removed brave" in out


def test_the_report_of_a_world_without_warnings_has_no_section_on_them():
    assert 'id="warnings"' not in report_html(run("plain", months=2, users=50))
