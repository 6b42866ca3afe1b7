"""Apps enter once models are good enough for them, once, and not on a day."""

from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from tests.worlds.resumed import resumes
from watersellers import BadInput, Result, World, load_scenario, run
from watersellers.agents.apps.entry_by_quality import EntryByQuality
from watersellers.experiments.loading.catalogue import builtin_catalogue
from watersellers.experiments.loading.loader import with_length
from watersellers.experiments.loading.writer import scenario_toml

MONTHS = 20
AT = "apps.meta_glasses.enters_at"
VENTURE: dict[str, Any] = {"apps.meta_glasses.founder": "venture_west"}
SOON: dict[str, Any] = {AT: 0.15}  # hours: as far as models are after half a year


def lived(settings: dict[str, Any] | None = None, months: int = MONTHS) -> Result:
    return run("ai_glasses", seed=1, months=months, users=60, set=SOON | (settings or {}))


def opened(result: Result, what: str = "entry") -> list[date]:
    return result.events.filter(what=what, who="meta_glasses")["month"].to_list()


def month_after(month: date) -> date:
    return date(month.year + month.month // 12, month.month % 12 + 1, 1)


@pytest.fixture(scope="module")
def usual() -> Result:
    return lived()


def first_good_enough(result: Result, hours: float) -> date:
    """The month after the first in which the table of adoption shows such a horizon in the region of the glasses."""
    reached = result.adoption.filter(pl.col("region") == "west", pl.col("horizon") >= hours)
    return month_after(min(reached["month"].to_list()))


def check_that_it_enters_when_the_table_of_adoption_shows_it(result: Result, hours: float = 0.15) -> None:
    assert opened(result) == [first_good_enough(result, hours)]


def test_it_enters_in_the_month_after_the_first_good_enough_model_and_is_paid_as_one_with_a_date(usual):
    check_that_it_enters_when_the_table_of_adoption_shows_it(usual)
    month = opened(usual)[0]
    assert usual.events.filter(what="entry", who="meta_glasses")["text"].to_list() == [
        "Meta's glasses enters with 500 million dollars from Meta"
    ]
    assert usual.flows.filter(good="shares", payee="meta_glasses")["payer"].to_list() == ["older_businesses"]
    paid = lived(VENTURE)
    at = {AT: 0, "apps.meta_glasses.enters": f"{month:%Y-%m}"}
    dated = lived(VENTURE | at)
    assert opened(paid) == opened(dated) == [month]
    assert dated.journal.equals(paid.journal)
    assert dated.firms.equals(paid.firms)


def test_it_enters_later_where_horizons_grow_more_slowly_and_where_it_asks_for_more(usual):
    """Models come in generations, so that a little of either may change nothing."""
    slower = lived({"work.horizon_growth": 0.2}, 30)
    assert opened(usual) < opened(slower)
    assert opened(usual) < opened(lived({AT: 0.18}))
    check_that_it_enters_when_the_table_of_adoption_shows_it(slower)


def test_where_models_do_not_learn_it_never_enters_and_no_money_moves_for_it():
    still = lived({"work.horizon_growth": 0.0})
    assert opened(still) == opened(still, "entry_failed") == []
    assert still.flows.filter((pl.col("payer") == "meta_glasses") | (pl.col("payee") == "meta_glasses")).is_empty()
    assert still.firms.filter(firm="meta_glasses").is_empty()
    assert still.journal.filter(
        (pl.col("debit_account") == "meta_glasses") | (pl.col("credit_account") == "meta_glasses")
    ).is_empty()
    without = run("baseline", seed=1, months=MONTHS, users=60, set={"work.horizon_growth": 0.0})
    assert without.flows.equals(still.flows)


def test_what_it_may_use_counts_and_not_what_others_may(usual):
    """Models of China are behind, and so is an app that may use only theirs."""
    assert opened(usual) < opened(lived({"apps.meta_glasses.labs": ["alibaba_qwen"]}, 30))


def test_it_tries_once_and_a_founder_without_money_founds_nothing():
    poor = VENTURE | {f"investors.venture_west.{one}": 0.0 for one in ("opening_cash", "savers_wealth", "call_most")}
    poor |= {f"investors.venture_west.inflow_{end}": 0.0 for end in ("low", "high")}
    with pytest.warns(UserWarning, match="never enters, because its founder venture_west has no money"):
        result = lived(poor)
    assert opened(result) == []
    assert len(opened(result, "entry_failed")) == 1


def test_one_that_enters_freely_too_waits_for_both(usual):
    """Investors would pay at once, but models are not good enough; or models are, but it is not worth its cost."""
    both = lived(VENTURE | {"apps.meta_glasses.entry_cost": 1e6, "apps.meta_glasses.story": 1e9})
    assert opened(both)[0] == opened(usual)[0]
    assert opened(lived(VENTURE | {"apps.meta_glasses.entry_cost": 1e12})) == []


@pytest.mark.parametrize("stop", [4, 10])
def test_a_world_that_is_saved_before_or_after_ends_as_if_it_had_never_stopped(stop, tmp_path):
    assert resumes("ai_glasses", stop, 12, tmp_path, SOON)


def test_the_run_is_the_same_each_time_and_with_any_kernel(usual):
    again = World("ai_glasses", rng=1, months=MONTHS, users=60, set=SOON, backend="numpy")
    while again.running:
        again.step()
    assert again.result().manifest["digest"] == usual.manifest["digest"]


def test_a_shorter_or_longer_run_and_a_file_written_anew_let_it_wait_as_before(tmp_path: Path):
    spec = load_scenario("ai_glasses", SOON)
    for changed in (with_length(spec, 3), with_length(spec, 200)):
        glasses = next(app for app in changed.groups["apps"] if app.name == "meta_glasses")
        assert glasses.waits
        assert glasses.enters > 1000
    file = tmp_path / "again.toml"
    file.write_text(scenario_toml(spec, builtin_catalogue().menus), encoding="utf-8")
    assert load_scenario(file).groups == spec.groups


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        (
            {"apps.meta_glasses.enters": "2024-01"},
            r"apps\.meta_glasses\.enters: found '2024-01' beside enters_at = 0\.42",
        ),
        ({"apps.meta_glasses.enters": "never"}, r"apps\.meta_glasses\.enters: found 'never' beside enters_at = 0\.42"),
        (
            {"apps.meta_glasses.owner": "meta_glasses"},
            r"apps\.meta_glasses\.founder: is missing; a firm that enters later needs an investor",
        ),
        ({AT: -1}, r"apps\.meta_glasses\.enters_at: found -1"),
    ],
)
def test_nonsense_is_refused(settings, message):
    with pytest.raises(BadInput, match=message):
        load_scenario("ai_glasses", settings)


def test_one_that_may_use_nobodys_model_or_that_nothing_measures_is_refused():
    gone = {"labs": {"openai": {"absent": False, "enters": "never", "founder": "venture_west"}}}
    lonely = {"extends": "ai_glasses", "apps": {"meta_glasses": {"labs": ["openai"]}}} | gone
    with pytest.raises(BadInput, match=r"enters_at: found 0\.42 hours, but it may use nobody's model"):
        load_scenario(lonely)
    unmeasured = {"extends": ["dollar_paths"], "apps": {"kimi": {"enters_at": 1.0}}}
    with pytest.raises(BadInput, match=r"apps\.kimi\.enters: found '2023-10' beside enters_at = 1"):
        load_scenario(unmeasured)
    new = {"key": 495, "region": "west", "west": 1, "founder": "venture_west", "enters_at": 1.0}
    with pytest.raises(BadInput, match=r"apps\.late\.enters_at: found 1 hours, but there is no segment of work"):
        load_scenario({"extends": "dollar_paths", "apps": {"late": new}})


def test_no_event_changes_what_it_waits_for():
    event = {"month": "2023-05", "what": "set", "path": AT, "value": 1.0}
    with pytest.raises(BadInput, match="is used up before the first month, so no event can change it"):
        load_scenario({"extends": "ai_glasses", "event": [event]})


BROKEN = {
    "it enters whatever models can do": lambda entry, firm: 1e9,
    "it looks at everybody's models": lambda entry, firm: max(
        (entry.segments[0].half_done(card.quality) for card in entry.registers.public.cards), default=0.0
    ) * 2,
    "it counts hours at which a model does half as well as of the shortest": lambda entry, firm: max(
        (2.0 ** entry.segments[0].log_horizon(card.quality) for card in entry.registers.public.cards), default=0.0
    ),
}  # fmt: skip


@pytest.mark.parametrize("rule", BROKEN)
def test_the_check_of_the_month_bites(rule, monkeypatch):
    monkeypatch.setattr(EntryByQuality, "horizon", BROKEN[rule])
    with pytest.raises(AssertionError):
        check_that_it_enters_when_the_table_of_adoption_shows_it(lived())


@pytest.mark.parametrize(
    ("scenario", "app", "hours"), [("ai_glasses", "meta_glasses", 0.42), ("driverless_car", "driver", 6.3)]
)
def test_the_scenarios_ask_that_95_of_100_tasks_succeed(scenario, app, hours):
    """Thresholds follow from the curve of work: two minutes for the glasses, half an hour for the car."""
    spec = load_scenario(scenario)
    numbers, work = next(one for one in spec.groups["apps"] if one.name == app).numbers, spec.groups["work"][0].numbers
    task = {"meta_glasses": 2 / 60, "driver": 0.5}[app]
    over = (2 * work["ceiling"] - 1) ** (1 / work["slope"])  # half of tasks succeed at this multiple of the horizon
    success = work["ceiling"] / (1 + (task * over / hours) ** work["slope"])
    assert numbers["enters_at"] == hours
    assert success == pytest.approx(0.95, abs=0.001)
