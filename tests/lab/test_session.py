"""A page of the lab without a browser: which action shows what."""

import json
import re
from datetime import date

import pytest

from tests.lab.lab_steps import QUERY, press, steps, wait_for_months
from watersellers import run
from watersellers.experiments.runs.dated_changes import Change
from watersellers.market.goods import GOODS, Good
from watersellers.viz.drawing.chart import Table
from watersellers.viz.lab.server.page_renderer import chart_file
from watersellers.viz.lab.server.session import Session
from watersellers.viz.lab.view.address import PAGES
from watersellers.viz.lab.view.event_words import event_sentence
from watersellers.viz.lab.view.levers import AT_THE_START, LEVERS, available_levers
from watersellers.viz.lab.worlds.month_sources import SavedRun, months_of
from watersellers.viz.words.catalogue import ENGLISH, LANGUAGES


def test_before_the_first_month_a_question_is_asked_and_one_press_sets_the_world_going(lab):
    assert "Who gets rich" in lab.frame()["guide"]
    press(lab, "guess", "labs")
    wait_for_months(lab, 2)
    press(lab, "pause")
    lab.runner.wait_for(lambda view: not view.playing)
    pieces = lab.frame()
    assert "You guessed labs" in pieces["guide"]
    assert 'data-key="openai&gt;azure"' in pieces["graph"]


def test_profits_so_far_are_those_of_the_months_tables(lab):
    steps(lab, 3)
    history = lab.scene().history
    for layer, profit in history.profits.items():
        assert profit == history.layers.filter(layer=layer)["operating_profit"].sum()
    assert set(history.profits.values()) != {0}


def test_back_and_forward_look_at_months_that_are_lived_and_live_no_others(lab):
    steps(lab, 3)
    press(lab, "back")
    press(lab, "back")
    assert "January 2023" in lab.frame()["transport"]
    press(lab, "step")
    assert "February 2023" in lab.frame()["transport"]
    assert len(lab.view.snapshots) == 3


def test_a_knob_turned_in_the_past_begins_a_new_future_there(lab):
    steps(lab, 4)
    lab.act({"do": "set", "key": "month", "value": "1"})
    lab.act({"do": "set", "key": "lever:apps.list_price", "value": "5"})
    view = lab.runner.wait_for(lambda view: view.run_spec.changes and not view.busy)
    assert view.run_spec.changes == (Change("2023-03", "apps.list_price", 5.0),)
    assert len(view.snapshots) == 2
    assert "at=2023-03%3Aapps.list_price%3D5.0" in lab.frame()["address"]


def test_every_page_can_be_shown_in_every_language(lab):
    steps(lab, 2)
    for language in LANGUAGES:
        for page in PAGES:
            lab.act({"do": "go", "value": f"/?{QUERY}&page={page}&language={language}"})
            pieces = lab.frame()
            assert lab.message == ""
            assert pieces["texts"]["language"] == language
            assert len(pieces["main"] or pieces["graph"]) > 100


@pytest.mark.parametrize("statement", ["income", "cash_flow", "balance_sheet"])
def test_the_books_of_a_firm_are_those_of_the_run(lab, statement):
    steps(lab, 3)
    press(lab, "look", "openai")
    lab.act({"do": "set", "key": "statement", "value": statement})
    lab.act({"do": "set", "key": "period", "value": "months"})
    lab.frame()
    press(lab, "file", "books.json")
    rows = json.loads(lab.file["text"])
    assert len(rows) >= 3
    own = run("baseline", seed=4, months=3, users=100)
    frame = {"income": own.income, "cash_flow": own.cash_flow, "balance_sheet": own.balance_sheet}[statement]("openai")
    shown = {row["Line"]: row for row in rows}
    line = {"income": "Operating cost", "cash_flow": "Cash", "balance_sheet": "Assets"}[statement]
    column = line.lower().replace(" ", "_")
    assert shown[line]["2023-03"].replace(",", "") == f"{frame[column][-1] / 10**8:.0f}"


def test_a_decision_that_a_rule_overrode_is_told_beside_the_strategy_in_that_month_alone(lab):
    steps(lab, 3)
    own = run("baseline", seed=4, months=3, users=100)
    firms = {each["firm"]: each["overridden"] for each in own.firms.filter(month=date(2023, 3, 1)).to_dicts()}
    assert lab.view.snapshots[2].overridden == {firm: tuple(told.split(", ")) for firm, told in firms.items() if told}
    for firm, told in firms.items():
        press(lab, "look", firm)
        shown = lab.frame()["drawer"].count("in March 2023 a rule changed the answer")
        assert shown == len(told.split(", ") if told else ())


def test_a_user_is_seen_with_its_month(lab):
    steps(lab, 2)
    press(lab, "look", "users_west")
    lab.act({"do": "set", "key": "user", "value": "7"})
    text = lab.frame()["drawer"]
    assert "User number 7" in text
    assert re.search(r"Stands for [\d,]+ people", text)


@pytest.mark.parametrize("kind", ["csv", "json", "svg"])
def test_a_picture_can_be_taken_away(lab, kind):
    steps(lab, 2)
    lab.frame()
    press(lab, "file", f"streams.{kind}")
    assert lab.file["name"] == f"watersellers-streams.{kind}"
    assert {"csv": "Payer,", "json": "[", "svg": "<svg"}[kind] in lab.file["text"][:40]


def test_a_table_is_written_as_what_it_says():
    table = Table(["a", "b"], [["x, y", "1"]])
    assert chart_file(table, "csv") == 'a,b\n"x, y",1\n'
    assert json.loads(chart_file(table, "json")) == [{"a": "x, y", "b": "1"}]


def test_every_knob_says_whether_it_acts_now(lab):
    spec = lab.view.spec
    assert len(available_levers(spec, LEVERS)) == len(LEVERS)
    assert all(lever.now for lever in LEVERS)
    assert not any(lever.now for lever in AT_THE_START)
    for lever in LEVERS + AT_THE_START:
        assert lever.low <= lever.value_in(spec, 0) <= lever.high
    side = lab.frame()["side"]
    assert "Acts from the month after the one shown." in side
    assert "Acts when you start again." in side


def test_a_saved_run_is_looked_at_and_not_changed(tmp_path):
    result = run("baseline", seed=4, months=4, users=100)
    lab = Session("", SavedRun(result))
    lab.runner.wait_for(lambda view: view.spec is not None)
    steps(lab, 4)
    own, saved = Session(QUERY), lab.frame()
    own.runner.wait_for(lambda view: view.spec is not None and not view.busy)
    steps(own, 4)
    assert own.frame()["graph"] == saved["graph"]
    assert own.frame()["lines"] == saved["lines"]
    lab.act({"do": "set", "key": "lever:apps.list_price", "value": "5"})
    assert "saved run" in lab.runner.wait_for(lambda view: bool(view.failed)).failed
    own.close()
    lab.close()


def test_the_months_of_a_saved_run_hold_the_stocks_of_its_books():
    result = run("baseline", seed=4, months=5, users=100)
    cash = result.balances.filter(item="cash")
    for month in months_of(result):
        held = dict(cash.filter(month=month.day).select("account", "cents").iter_rows())
        assert held == dict(zip(month.accounts.names, month.cash.tolist(), strict=True))


def test_recorded_events_are_worded_in_the_language_of_the_page():
    assert event_sentence("{openai} raises {32166015300 cents} from {venture_west}", ENGLISH, {}) == (
        "openai raises $322\N{NO-BREAK SPACE}m from venture west"
    )
    assert event_sentence("apps.list_price becomes 5", ENGLISH, {}) == "Price of an app's seat becomes 5"
    recorded = "Alibaba gives the weights of Qwen away"
    assert event_sentence(recorded, ENGLISH, {}) == recorded


@pytest.mark.parametrize("say", [each for each in LANGUAGES.values() if each is not ENGLISH])
def test_another_language_names_every_good_and_every_line_of_the_books(say):
    """English falls back on the ids, which are English words."""
    seen = {good.name for good in GOODS.values()} - {GOODS[Good.OPENING].name}  # the opening is no month's payment
    assert {name for name in seen if not {name, f"kind.{name}"} & {*say.table, *say.firms}} == set()
    result = run("baseline", months=1, users=50)
    books = (result.income("nvidia"), result.cash_flow("nvidia"), result.balance_sheet("nvidia"))
    lines = {line for frame in books for line in frame.columns} - {"month"}
    assert {line for line in lines if f"line.{line}" not in say.table} == set()
