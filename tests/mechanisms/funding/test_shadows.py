"""Shadows of outside payments: the payers' own rules in the frozen market, which the chain does not move."""

from copy import deepcopy
from functools import cache
from types import SimpleNamespace
from typing import Any

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from watersellers import Result, World, run
from watersellers.agents.economy_parts import Parts
from watersellers.agents.enterprises.handed_over_work import HandedOverWork
from watersellers.agents.enterprises.own_models import OwnModels
from watersellers.agents.enterprises.regions import EnterpriseRegions
from watersellers.agents.finance.own_use import OwnUse
from watersellers.agents.shadows.capital import CapitalOfFirmsAsTheyBegan
from watersellers.agents.shadows.frozen_market import FrozenMarket
from watersellers.agents.shadows.own_use import OwnUseInFrozenMarket
from watersellers.agents.shadows.people import UsersInFrozenMarket
from watersellers.agents.shadows.work import OwnModelsInFrozenMarket, WorkInFrozenMarket
from watersellers.agents.users.choice_totals import ChoiceTotals
from watersellers.agents.users.month import Users
from watersellers.market.accounting.accounts import STATES, sector_of
from watersellers.market.chance import Chance
from watersellers.market.exact import cents

ANSWERING = ("work", "own_use", "seats")  # uses whose shadows are the payers' own rules in the frozen market
MONTHS = 9


@pytest.fixture
def parts() -> Parts:
    """The parts of a world after its first month, where shadows remember what their payers do."""
    world = World("plain", rng=3, months=3, users=80)
    world.step()
    found: Parts = world._parts
    found.registers.clock.turn(1, 5)
    return found


def test_work_in_an_unchanged_market_is_worth_what_it_is_worth_to_its_shadow(parts):
    work, shadow, chance = parts[HandedOverWork], parts[WorkInFrozenMarket], Chance(3, 1)
    spent = shadow.month(chance)
    work.expect(chance)
    assert spent == {region.account: work.affordable(region) for region in work.regions}
    assert min(spent.values()) > 0
    for region in work.regions:
        work.grant(region, work.unspent(region))
    assert (shadow.grants, shadow.purses, shadow.adoption) == (work.grants, work.purses, work.adoption)


def test_own_models_and_own_use_too(parts):
    models, own_use = parts[OwnModels], parts[OwnUse]
    granted, set_aside = dict(models.grants), dict(own_use.budget)
    assert parts[OwnModelsInFrozenMarket].month() == granted
    assert parts[OwnUseInFrozenMarket].month() == set_aside
    assert min(sum(granted.values()), sum(set_aside.values())) > 0


def test_users_who_see_the_same_apps_choose_as_their_shadows(parts):
    users, shadow, chance = parts[Users], parts[UsersInFrozenMarket], Chance(3, 1)
    plans = {users.row_of[plan.app]: plan for plan in parts.registers.public.plans}
    counts = ChoiceTotals.of(users.count(plans, chance))
    spent = shadow.month(chance)
    assert (counts.people == shadow.totals.people).all()
    assert (users.people.app == shadow.people.app).all()
    assert shadow.people.app is not users.people.app
    for number, account in enumerate(users.accounts):
        assert spent[account] == sum(int(counts.paid[row, number]) * plan.price for row, plan in plans.items())


def test_the_frozen_market_stays_that_of_the_first_month():
    world = World("plain", rng=3, months=6, users=80)
    world.step()
    public = deepcopy(world._parts.registers.public)
    while world.running:
        world.step()
    frozen = world._parts[FrozenMarket]
    for name in ("cards", "rentals", "plans", "products"):
        assert getattr(frozen, name) == getattr(public, name)
        assert getattr(frozen, name) != getattr(world._parts.registers.public, name)
    assert world._parts[WorkInFrozenMarket].public is frozen


@cache
def shadows(**change: Any) -> pl.DataFrame:
    """Shadows of what answers the market, with an event in the third month if one is given."""
    events = [{"month": "2023-03", "what": "set", "text": "a change", **change}] if change else []
    world = {"extends": "plain", "name": "changed", "question": "What moves a shadow?", "event": events}
    result = run(world, seed=3, months=MONTHS, users=80)
    rows = result.shadows.filter(pl.col("use").is_in(ANSWERING), ~pl.col("payer").is_in(states_of(result)))
    return rows.drop("held")


def states_of(result: Result) -> list[str]:
    """The states of a world: what these were given and have not spent, their shadows spend."""
    return [row.name for row in result.books.accounts.rows if sector_of(row.name, row.layer, row.owner) == STATES]


BEFORE = pl.col("month") < pl.date(2023, 3, 1)


@pytest.mark.parametrize(
    ("path", "value"),
    [("labs.openai.throughput", 1e9), ("cloud.azure.power_cost", 1.0), ("apps.chatgpt.appeal", 9.0)],
)
def test_what_happens_in_the_chain_moves_no_shadow(path, value):
    assert_frame_equal(shadows(path=path, value=value), shadows())


@pytest.mark.parametrize(
    ("use", "path", "value"),
    [
        ("work", "enterprises.west.wage", 70.0),
        ("work", "work.office.adoption_cost", 0.5),
        ("own_use", "cloud.azure.older_margin", 0.9),
        ("own_use", "world.own_use_cash", 1e-6),
        ("seats", "users.west.price_weight", 0.1),
    ],
)
def test_what_is_no_outcome_of_the_chain_moves_the_shadow_of_its_payer(use, path, value):
    moved, still = (table.filter(use=use) for table in (shadows(path=path, value=value), shadows()))
    assert_frame_equal(moved.filter(BEFORE), still.filter(BEFORE))
    assert moved["cents"].to_list() != still["cents"].to_list()


def test_where_only_paths_pay_the_shadows_are_the_paths():
    world = World("dollar_paths", rng=3, months=MONTHS, users=80)
    while world.running:
        world.step()
    rows = world.result().shadows.filter(pl.col("payer").str.starts_with("enterprises"))
    found = {(row["month"].month - 1, row["payer"], row["use"]): row["cents"] for row in rows.rows(named=True)}
    assert found == {
        (month, f"enterprises_{region.name}", use): cents(dollars)
        for region in world._parts[EnterpriseRegions]
        for month in range(1, MONTHS)
        for use, dollars in (
            ("work", region.traits.tokens(month)),
            ("compute", region.traits.compute(month)),
        )
    }


def test_a_firm_that_burns_more_than_when_it_began_gets_money_that_has_moved():
    def of_labs(growth):
        layers = run("plain", seed=3, months=30, users=80, set={"labs.research.race.share": growth}).layers
        return layers.filter(layer="cloud").tail(6)["input_share"].mean()

    assert of_labs(0.0) > of_labs(1.0)


def test_states_pay_what_they_were_given_and_all_of_it_is_an_input():
    result = run("plain", seed=3, months=30, users=80)
    flows = result.flows.filter(pl.col("payer").is_in(states_of(result)))
    paid = flows.group_by("month", "payer").agg(pl.col("cents").sum())
    both = paid.join(result.shadows, on=["month", "payer"], how="left", suffix="_shadow")
    assert {"india", "japan"} <= set(paid["payer"])
    assert (both["cents"] <= both["cents_shadow"]).all()
    assert both["held"].unique().to_list() == [1.0]


def test_owners_shadows_put_in_what_owners_put_in_at_first_and_a_whole_grant_is_held():
    result = run("plain", seed=3, months=24, users=80, set={"cloud.owner_funds": 4e8})
    capital = result.flows.filter(payer="older_businesses", good="contribution")
    paid = capital.group_by("month", payee="payee").agg(pl.col("cents").sum())
    rows = result.shadows.filter(payer="older_businesses", use="capital")
    both = rows.join(paid, on=["month", "payee"], how="left", suffix="_paid")
    both = both.with_columns(pl.col("cents_paid").fill_null(0), number=pl.int_range(pl.len()).over("payee"))
    first = both.filter(pl.col("number") < 3)
    assert first["cents"].to_list() == first["cents_paid"].to_list()
    clouds = both.join(result.firms.filter(layer="cloud").select("month", payee="firm"), on=["month", "payee"])
    assert clouds.select((pl.col("held") == (pl.col("cents_paid") == 4e10)).all()).item()
    assert clouds["held"].unique().sort().to_list() == [0.0, 1.0]


def test_firms_that_go_on_as_they_began_get_what_they_lack_up_to_the_grant_of_now():
    firm = SimpleNamespace(account=7, owner_funds=50.0)
    owners = SimpleNamespace(funded=[firm], needs={7: 100_00}, paid={7: 11})
    registers = SimpleNamespace(last=SimpleNamespace(drain={7: 30_00}))
    shadow, ledger = CapitalOfFirmsAsTheyBegan(owners, registers), SimpleNamespace(cash={7: 120_00})  # type: ignore[arg-type]
    paid = [shadow.month(ledger)[7] for _ in range(6)]  # type: ignore[arg-type]
    # as paid, three times; then 120 are there, 90, 60: what is lacking of 100 once 30 are burned each month
    assert paid == [11, 11, 11, 0, 10_00, 30_00]
    firm.owner_funds = 5.0
    assert shadow.month(ledger)[7] == 5_00  # type: ignore[arg-type]


def test_a_firm_out_of_business_gets_no_money_of_the_shadow():
    world = {
        "extends": "plain",
        "name": "winter",
        "question": "What do the dead get?",
        "event": [{"month": "2023-06", "what": "set", "path": "investors.savers_wealth", "value": 0.0}],
    }
    result = run(world, seed=1, months=40, users=80, set={"investors.opening_cash": 1e8})
    closed = result.firms.filter(~pl.col("alive"), pl.col("layer").is_in(["labs", "apps"]))
    assert len(closed)
    rounds = result.shadows.filter(pl.col("payer").str.starts_with("venture"))
    of_closed = rounds.join(closed.select("month", payee="firm"), on=["month", "payee"])
    assert of_closed["cents"].sum() == 0


def test_grants_of_the_shadow_leave_less_for_own_use_of_the_shadow():
    def own_use(funds: float) -> int:
        change = {"cloud.owner_funds": funds, "world.own_use_cash": 0.05, "cloud.opening_cash": 1e8}
        rows = run("plain", seed=3, months=12, users=80, set=change).shadows
        return int(rows.filter(payer="older_businesses", use="own_use")["cents"].sum())

    assert own_use(3e9) < own_use(0.0)
