"""The chain as one company: the worked example, and the identity that binds its profit to those of its firms."""

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.worlds.rough import on_rough
from tests.worlds.turbulence import TURBULENT
from tests.worlds.two_months import ACCOUNTS, CHIPS, CLOUD, DECEMBER, FUND, LAB, USERS, WORLD, Chain
from watersellers import Result, World, run
from watersellers.agents.records.chain_rows import CHAIN as RECORDED
from watersellers.market.accounting.consolidation import BOOKED_BEYOND, chain_frame
from watersellers.market.accounting.journal_tables import Books
from watersellers.market.accounting.ledger import opening
from watersellers.market.chart_of_accounts import Item
from watersellers.market.exact import nano, whole
from watersellers.market.goods import CHAIN, MILLION, Good
from watersellers.market.trade.fleet import Fleets, Machines, production_values, straight_line

LIFE = 3


def worked_example(renter: int) -> pl.DataFrame:
    """Section 5's example: a vendor sells at 30 what the foundry makes for 12; building 6, life 3; rent 10, power 1."""
    chain, fleets, rows = Chain(), Fleets(len(ACCOUNTS)), []
    for account in (CHIPS, CLOUD, LAB, USERS, FUND):
        opening(chain.ledger, account, Item.CASH, 1_000_00)
    before = fleets.production_value(-1)
    for month in range(LIFE):
        chain.ledger.clock.turn(month, 8)
        if not month:
            chain.sell(CLOUD, Item.CHIP_STOCK, CHIPS, Good.ACCELERATORS, (1, 30))
            chain.sell(CHIPS, Item.COST_OF_SALES, WORLD, Good.FOUNDRY, (1, 12))
            chain.note((CLOUD, Item.FLEET), (CLOUD, Item.CHIP_STOCK), Good.BUILDING, 30)
            chain.sell(CLOUD, Item.FLEET, WORLD, Good.BUILDING, (1, 6))
            fleets.price_output(CHIPS, nano(12))
            made = fleets.production_cost(CHIPS, 1) + 6_00
            lot = (CLOUD, CHIPS, 0, LIFE, 1, 730, 36_00, 36_00, 36_00, 0, made, MILLION, LIFE)
            fleets.add(Machines.of([lot]))
        chain.sell(renter, Item.COST_OF_SALES, CLOUD, Good.HOURS, (10, 1))
        chain.sell(CLOUD, Item.COST_OF_SALES, WORLD, Good.POWER, (1, 1))
        chain.note((CLOUD, Item.DEPRECIATION), (CLOUD, Item.FLEET), Good.WEAR, 12)
        chain.ledger.close_month()
        after = fleets.production_value(month)
        rows.append((month, before, after, fleets.count_out(), 0))
        before = after
    books = Books(ACCOUNTS, chain.ledger.journal(), DECEMBER)
    return chain_frame(books, pl.DataFrame(rows, schema=RECORDED, orient="row"))


def test_the_chain_earns_3_a_month_in_the_worked_example():
    table = worked_example(renter=USERS)
    assert table["consolidated_profit"].to_list() == [3_00, 3_00, 3_00]  # 9 = 30 - 12 - 6 - 3
    assert table["unearned_profit"].to_list() == [12_00, 6_00, 0]
    assert table["external_revenue"].to_list() == [10_00] * LIFE
    assert table["value_created"].to_list() == [3_00] * LIFE


def test_the_chain_loses_7_a_month_if_a_lab_pays_the_rent_out_of_venture_money():
    table = worked_example(renter=LAB)
    assert table["consolidated_profit"].to_list() == [-7_00] * LIFE
    assert table["external_revenue"].to_list() == [0] * LIFE


def gap(result: Result) -> list[int]:
    """Operating profits less the change of what is unearned and bad debts, less consolidated profit, by month."""
    inside = result.layers.filter(pl.col("layer").is_in(CHAIN))
    profits = inside.group_by("month").agg(pl.col("operating_profit").sum())
    table = result.chain.join(profits, on="month", maintain_order="left")
    expected = pl.col("operating_profit") - BOOKED_BEYOND - pl.col("bad_debts")
    return table.select(expected - pl.col("consolidated_profit")).to_series().to_list()


POOR = TURBULENT | {
    "name": "poor",
    "cloud": TURBULENT["cloud"]
    | {"opening_cash": 1e6, "borrowing": "against_fleet", "loan_rate": 0.02, "owner_funds": 1e5, "impairment": 1},
    "labs": TURBULENT["labs"] | {"opening_cash": 5e6},
    "world": TURBULENT["world"] | {"patience": 4},
}
BLOCKS = ("fleet_loans", "impairment", "appliances", "own_machines", "generation", "survival")


def of_world(name: str, seed: int) -> Result:
    scenario = {"turbulent": TURBULENT, "poor": POOR}.get(name) or on_rough(name)
    months = 14 if name in BLOCKS else None
    return run(scenario, seed=seed, users=40, months=months)


@pytest.mark.parametrize("name", ["turbulent", "poor", *BLOCKS])
@pytest.mark.parametrize("seed", [2, 11])
def test_profit_of_the_chain_is_the_sum_of_operating_profits_less_the_change_of_what_is_unearned(name, seed):
    result = of_world(name, seed)
    assert gap(result) == [0] * len(result.chain)
    unearned = result.chain.select("unearned_profit_opening", "unearned_profit")
    assert unearned["unearned_profit_opening"].to_list()[1:] == unearned["unearned_profit"].to_list()[:-1]
    bought = result.layers.filter(~pl.col("layer").is_in(CHAIN)).group_by("month", maintain_order=True)
    assert (
        result.chain["external_revenue"].to_list()
        == bought.agg(pl.col("bought_from_chain").sum())["bought_from_chain"].to_list()
    )


def test_disposals_and_bad_debts_occur_in_these_worlds():
    assert of_world("turbulent", 2).chain["unearned_profit_left"].to_numpy().any()
    assert of_world("turbulent", 11).chain["bad_debts"].to_numpy().any()


def test_what_the_foundry_was_paid_for_machines_of_the_chain_stands_in_its_lots():
    world = World("plain", rng=2, months=6, users=40)
    world.run_model()
    journal, lots = world.result().journal, world._parts.registers.fleets.machines
    accounts = world.accounts
    paid = journal.filter(pl.col("good") == "foundry", pl.col("debit_item") == "cost_of_sales")
    sold = journal.filter(pl.col("good") == "accelerators", pl.col("credit_item") == "revenue")
    inside = sold.filter(pl.col("debit_item") == "chip_stock")
    prices = {(row["month"], row["debit_account"]): row["price_nano"] for row in paid.rows(named=True)}
    cost = sum(
        row["quantity"] * prices[row["month"], row["credit_account"]] / 10_000_000 for row in inside.rows(named=True)
    )
    waiting = lots.where((lots.opens > world.month - 1) & (lots.book == 0) & (lots.cost > 0))
    bought = lots.where((lots.opens >= 0) & (lots.made > 0))
    buildings = journal.filter(pl.col("good") == "building", pl.col("credit_account") == "world")["cents"].sum()
    assert len(waiting)
    assert int(bought.made.sum()) == pytest.approx(cost + buildings, abs=len(bought))  # a cent of rounding for each lot
    assert accounts.index["nvidia"] in set(bought.vendor.tolist())


def test_machines_that_are_impaired_below_their_production_cost_earn_nothing_unearned():
    result = run(on_rough("impairment"), seed=3, users=40, months=14)
    assert result.firms["impairment"].sum() > 0
    assert gap(result) == [0] * 14


LOTS = st.tuples(st.integers(0, 10**12), st.integers(1, 90), st.integers(0, 80), st.integers(-3, 100))


@given(LOTS)
def test_production_value_wears_as_books_do_and_ends_at_0(drawn):
    made, life, worn, age = drawn
    lot = Machines.of([(0, 1, 10, life, 1, 1, made, made, made, min(worn, life - 1), made, MILLION, life)])
    value = int(production_values(lot, 9 + age)[0])
    start, left = lot.worn, lot.life - lot.worn
    past = np.clip(whole([age]), start, lot.life) - start
    assert value == int(straight_line(lot.basis, left, past)[0])
    assert 0 <= value <= made
    assert value == 0 or age < life


@given(st.lists(LOTS, min_size=1, max_size=6), st.integers(0, 63), st.integers(0, 90))
def test_what_leaves_the_register_takes_its_production_value_along(drawn, picked, month):
    fleets = Fleets(1)
    rows = [(0, 0, opens, life, 1, 1, made, made, made, 0, made, MILLION, life) for made, life, _, opens in drawn]
    fleets.add(Machines.of(rows))
    before = fleets.production_value(month - 1)
    leaving = np.array([bool(picked >> number & 1) for number in range(len(rows))])
    fleets.retire(leaving, month)
    assert fleets.production_value(month - 1) + fleets.count_out() == before
    assert fleets.count_out() == 0


@given(st.integers(1, 50), st.integers(0, 10**9), st.data())
def test_machines_that_are_handed_over_take_their_part_of_the_production_value_along(stock, made, data):
    fleets, units = Fleets(2), data.draw(st.integers(0, stock))
    fleets.store(Machines.of([(0, 0, 0, 0, stock, 1, 2 * made, 0, 0, 0, made, MILLION, 0)]))
    fleets.hand_over(0, units, (1, 1, 12))
    assert fleets.production_value(5) == made - made * units // stock
    fleets.scrap(fleets.appliances.owner == 0)
    assert fleets.count_out() == made - made * units // stock


@pytest.mark.parametrize("name", ["impairment", "fleet_loans"])
def test_a_machine_is_worth_no_more_to_the_chain_than_its_cost_and_no_more_than_its_owner_still_sees_in_it(name):
    world = World(on_rough(name), rng=3, users=40, months=14)
    while world.running:
        world.step()
        lots = world._parts.registers.fleets.machines
        seized = lots.life == lots.serves  # in a forced sale at less than it cost, it may stand below its cost
        value = production_values(lots, world.month - 1)
        assert (value <= lots.made).all()
        assert (value <= lots.book)[(lots.opens < world.month) & ~seized].all()
