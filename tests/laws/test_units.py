"""Units of payments in worlds in which everything is on: quantity x price = cents, and each good in its own unit."""

from fractions import Fraction

import polars as pl
import pytest

from tests.worlds.rough import ROUGH
from tests.worlds.turbulence import turbulent
from watersellers import Result, World, run
from watersellers.agents.apps.app import App
from watersellers.agents.finance.failures.insolvency import Insolvency
from watersellers.market.accounting.share_register import FOUNDING_SHARES
from watersellers.market.goods import CENT, GOODS, HOUR, NANO, Good

PER = {traded.name: traded.per for traded in GOODS.values()}
UNITS = {traded.name: traded.unit for traded in GOODS.values()}
MONEY = [name for name, unit in UNITS.items() if unit == CENT]
HALF_CENT = Fraction(1, 2)


@pytest.fixture(scope="module")
def turbulence():
    world = turbulent()
    while world.running:
        world.step()
    return world


@pytest.fixture(scope="module", params=["turbulence", "rough"])
def result(request, turbulence) -> Result:
    return turbulence.result() if request.param == "turbulence" else run(str(ROUGH), seed=3, months=30, users=80)


def invoices(result: Result) -> pl.DataFrame:
    return result.journal.filter(pl.col("price_nano").is_not_null(), pl.col("credit_item") == "revenue")


def test_every_invoice_is_its_quantity_at_its_price_to_half_a_cent(result):
    bills = invoices(result)
    assert len(bills) > 1000
    for good, quantity, price, cents in bills.select("good", "quantity", "price_nano", "cents").iter_rows():
        assert abs(Fraction(quantity * price * 100, PER[good] * NANO) - cents) <= HALF_CENT, (good, quantity, price)


def test_every_priced_payment_is_its_quantity_at_its_price_to_half_a_cent(result):
    priced = result.flows.filter(pl.col("price").is_not_null())
    per = pl.col("good").replace_strict(PER, return_dtype=pl.Float64)
    worth = pl.col("quantity") * pl.col("price") * 100 / per
    off = priced.with_columns(worth=worth, off=(worth - pl.col("cents")).abs() - 1e-9 * worth)
    assert off.filter(pl.col("off") > 0.5).is_empty(), off.sort("off").tail(3)


def test_a_payment_is_for_no_more_than_the_deal_and_for_all_of_it_where_nothing_else_pays(result):
    keys = ["batch", "debit_account", "credit_account", "good", "quantity", "price_nano"]
    sides = {"debit_account": "credit_account", "credit_account": "debit_account"}  # money runs against goods
    bills = invoices(result).rename(sides).group_by(keys).agg(bill=pl.col("cents").sum(), deals=pl.len())
    units = result.flows.select("entry", units="quantity")
    paid = result.journal.join(units, on="entry").join(bills, on=keys)
    known = paid.filter(pl.col("deals") == 1, ~pl.col("good").is_in(MONEY))
    assert len(known) > 300
    assert (known["units"] <= known["quantity"]).all()
    full = known.filter(pl.col("cents") == pl.col("bill"))
    assert (full["units"] == full["quantity"]).all()
    part = known.filter(pl.col("cents") < pl.col("bill"))
    assert len(part) > 20
    assert (part["units"] / part["quantity"] - part["cents"] / part["bill"]).to_numpy() == pytest.approx(0, abs=1e-4)


def test_every_good_is_in_its_unit_and_amounts_of_money_count_cents(result):
    flows = result.flows
    assert set(flows["good"]) <= set(UNITS)
    plain = pl.col("unit").str.split(" (").list.first()
    for good, unit in flows.select("good", plain).unique().iter_rows():
        assert unit == UNITS[good]
    money = flows.filter(pl.col("unit") == CENT)
    assert (money["quantity"] == money["cents"]).all()
    assert set(money["price"].drop_nulls()) <= {0.01}
    unpriced = flows.filter(pl.col("price").is_null(), pl.col("unit") != CENT)
    assert set(unpriced["good"]) <= {"shares", "contribution"}


@pytest.mark.parametrize("good", ["site", "power", "gpu_hours", "hours_reserved"])
def test_goods_of_machines_are_in_hours(good):
    assert UNITS[good] == HOUR


def test_sites_are_paid_for_the_hours_that_there_are(result):
    """Of clouds that pay the whole bill; each is checked against the capacity in the table of firms."""
    keys = ["month", "payer"]
    sites = result.flows.filter(good="site", payer_layer="cloud").group_by(keys).agg(pl.col("quantity").sum())
    firms = result.firms.filter(layer="cloud").select("month", "capacity", payer="firm")
    both = sites.join(firms, on=keys).filter(pl.col("quantity") == pl.col("quantity").round())
    assert len(both) > 30
    assert (both["quantity"] == both["capacity"]).mean() > 0.9  # in the others hours were lost or won within the month
    assert both["quantity"].sum() == pytest.approx(both["capacity"].sum(), rel=0.05)


def test_seats_are_the_users_who_pay_as_far_as_tokens_go():
    """An app that runs out of tokens sells seats in proportion to the queries of payers that it answers (9.25)."""
    world, answered = turbulent(), []
    while world.running:
        world.step()
        apps = [agent for agent in world.agents if isinstance(agent, App)]
        answered.append({app.name: (app.served_paid, app.asked_paid) for app in apps})
    result = world.result()
    sold = invoices(result).filter(good="seats").group_by("month", app="credit_account").agg(pl.col("quantity").sum())
    paid = result.apps.filter(tier="paid").group_by("month", "app").agg(pl.col("users").sum())
    months = result.firms["month"].unique().sort().to_list()
    both = [
        (seats, users, *answered[months.index(month)][app])
        for month, app, seats, users in sold.join(paid, on=["month", "app"]).iter_rows()
    ]
    assert all(seats == users * some // asked for seats, users, some, asked in both)
    assert {some < asked for _, _, some, asked in both} == {False, True}


def test_shares_that_are_paid_for_are_the_shares_that_the_register_counts(turbulence):
    """Shares are paid for in money, or with the debts of a firm whose creditors take it over: older ones fall away."""
    lived, issued = turbulence.result(), registered(turbulence)
    taken = dict(lived.events.filter(what="reorganised").select("who", "month").iter_rows())
    assert taken
    raised = lived.journal.filter(pl.col("good").is_in(["shares", "contribution"]), pl.col("credit_item") == "equity")
    since = pl.col("credit_account").replace_strict(taken, default=lived.books.start, return_dtype=pl.Date)
    raised = raised.filter(pl.col("month") >= since)
    new = dict(raised.group_by("credit_account").agg(pl.col("quantity").sum()).iter_rows())
    founded = {firm for firm in issued if issued[firm] - new.get(firm, 0) == FOUNDING_SHARES}
    entered = {firm for firm in issued if firm not in founded}
    assert founded
    assert {"newcomer"} <= entered
    assert {firm: new[firm] for firm in entered} == {firm: issued[firm] for firm in entered}


def registered(world: World) -> dict[str, int]:
    shares, names = world.parts[Insolvency].registers.shares, world.accounts.names
    return {names[account]: count for account, count in shares.issued.items()}


def test_one_search_costs_less_than_a_dollar(turbulence):
    flows = turbulence.result().flows
    calls = flows.filter(pl.col("good").is_in(["search_calls", "queries_paid", "queries_free"]))
    assert len(calls)
    assert (calls["price"] < 1).all()
    assert set(flows.filter(good="search_index")["quantity"]) == {1.0}


def test_every_good_is_either_an_amount_of_money_an_entry_or_counted():
    counted = {good for good in Good if GOODS[good].unit not in (CENT, "entry")}
    traded = {name for name, unit in UNITS.items() if unit == "entry"}
    assert traded == {"wear", "write_off", "bad_debts", "opening", "closing", "impairment"}
    assert {GOODS[good].per for good in counted} == {1, 1_000_000}
