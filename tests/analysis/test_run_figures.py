"""A story's readings of a run equal its tables, computed in another way."""

from datetime import date
from functools import cache

import pytest

from watersellers import Result, run
from watersellers.experiments.analysis.money_trace import follow_money
from watersellers.experiments.analysis.run_figures import MEASURES, Figure, read_figure

SPAN = date(2023, 2, 1), date(2023, 4, 1)


@cache
def result() -> Result:
    return run("plain", months=5, users=300)


def figure(measure: str, who: str, good: str = "") -> float | None:
    return read_figure(result(), Figure(measure, who, *SPAN, good))


def months(firm: str, column: str) -> list:
    rows = result().firms.filter(firm=firm)
    return [value for month, value in rows.select("month", column).iter_rows() if SPAN[0] <= month <= SPAN[1]]


@pytest.mark.parametrize(
    "column", ["revenue", "operating_profit", "free_cash_flow", "capex", "depreciation", "quantity"]
)
def test_sums_are_those_of_the_months_between(column):
    assert len(months("aws", column)) == 3
    assert figure(column, "aws") == sum(months("aws", column))
    assert figure(column, "aws+azure") == sum(months("aws", column)) + sum(months("azure", column))


def test_a_layer_is_the_sum_of_its_firms():
    firms = result().firms.filter(layer="labs")["firm"].unique().to_list()
    assert figure("revenue", "labs") == figure("revenue", "+".join(firms))


def test_margins_divide_by_revenue():
    revenue = sum(months("nvidia", "revenue"))
    assert figure("operating_margin", "nvidia") == sum(months("nvidia", "operating_profit")) / revenue
    assert figure("gross_margin", "nvidia") == (revenue - sum(months("nvidia", "cost_of_sales"))) / revenue


def test_shares_of_the_profits_made_add_up_to_one_and_a_loss_has_none():
    shares = {layer: figure("profit_share", layer) for layer in ("chips", "cloud", "labs", "apps")}
    assert sum(share for share in shares.values() if share is not None) == pytest.approx(1)
    assert shares["labs"] == 0


def test_a_price_paid_is_weighted_by_what_was_sold_and_a_posted_one_is_not():
    prices, sold = months("nvidia", "price"), months("nvidia", "quantity")
    by_hand = sum(price * units for price, units in zip(prices, sold, strict=True)) / sum(sold)
    assert figure("price", "nvidia") == pytest.approx(by_hand)
    assert figure("posted_price", "nvidia") == pytest.approx(sum(prices) / 3)


def test_spending_of_one_side_is_revenue_of_the_other():
    assert (
        figure("spent", "cloud+enterprises", "accelerators") == figure("got", "nvidia+amd+ascend", "accelerators") != 0
    )
    china, west = (figure("spent", f"users_{region}", "seats") for region in ("china", "west"))
    assert china is not None
    assert west
    assert figure("china_over_west", "users", "seats") == china / west


def test_the_cost_of_a_unit_is_all_that_is_spent_on_what_is_sold():
    costs = [sum(months("aws", column)) for column in ("cost_of_sales", "depreciation", "impairment")]
    assert figure("unit_cost", "aws") == pytest.approx(sum(costs) / 100 / sum(months("aws", "quantity")))


def of_chain(column: str) -> int:
    return sum(row[column] for row in result().chain.rows(named=True) if SPAN[0] <= row["month"] <= SPAN[1])


def profit_of(layer: str) -> int:
    rows = result().layers.filter(layer=layer).rows(named=True)
    return sum(row["operating_profit"] for row in rows if SPAN[0] <= row["month"] <= SPAN[1])


def test_profit_that_nobody_has_paid_yet_is_what_firms_earn_and_the_chain_does_not():
    earned = sum(profit_of(layer) for layer in ("chips", "cloud", "labs", "apps"))
    unearned = earned - of_chain("consolidated_profit") - of_chain("bad_debts")
    assert figure("consolidated_profit", "chain") == of_chain("consolidated_profit")
    assert figure("unearned_share", "chain") == pytest.approx(unearned / earned)


def test_what_is_kept_is_profit_and_what_enterprises_save():
    saved = of_chain("value_created") - of_chain("consolidated_profit")
    assert figure("kept", "enterprises") == saved > 0
    assert figure("kept", "chips") == profit_of("chips")
    assert figure("kept", "chips+enterprises") == profit_of("chips") + saved


def test_what_customers_paid_of_a_layers_receipts_is_what_the_trace_of_the_whole_run_says():
    whole = Figure("customers_share", "cloud", date(2023, 1, 1), date(2023, 5, 1))
    received = follow_money(result()).earned.filter(layer="cloud")
    final = received.filter(received["source"].is_in(["users", "enterprises", "advertisers"]))
    share = sum(final["received"].to_list()) / sum(received["received"].to_list())
    assert read_figure(result(), whole) == pytest.approx(share)
    assert 0 < share < 1


def test_work_handed_over_is_that_of_all_regions_and_segments():
    rows = result().adoption.rows(named=True)
    hours = sum(row["work"] for row in rows if SPAN[0] <= row["month"] <= SPAN[1])
    assert figure("work", "enterprises") == pytest.approx(hours)


def test_what_is_at_the_end_is_of_the_last_month():
    assert figure("cash", "openai") == months("openai", "cash")[-1]
    assert figure("in_business", "apps") == 14  # of the seventeen three come later
    people = result().apps.filter(month=SPAN[1])["users"].sum()
    assert figure("users", "apps") == figure("users", "west+china") == people


def test_an_empty_selection_gives_nothing_and_an_unknown_name_is_refused():
    assert figure("operating_profit", "nothing") == 0
    assert figure("operating_profit", "nobody") is None
    assert figure("operating_margin", "nobody") is None


@pytest.mark.parametrize("measure", MEASURES)
def test_every_measure_can_be_read(measure):
    goods = {"spent": "media", "got": "seats", "china_over_west": "seats"}
    who = "users" if measure == "china_over_west" else "apps"
    assert figure(measure, who, goods.get(measure, "")) is not None
