"""Appliances: sold once, run by their buyers, with exact books; an impossible sale is refused before the run."""

import polars as pl
import pytest

from watersellers import run
from watersellers.experiments.input.errors import BadInput

SELLING = {
    "apps.iflytek.sells_appliances": 1,
    "apps.iflytek.opening_cash": 300_000_000,
    "labs.deepseek.open_weights": 1,
    "enterprises.token_decline": 0.01,
}


@pytest.fixture(scope="module")
def sold():
    return run("dollar_paths", months=14, users=100, set=SELLING)


def test_an_appliance_brings_its_seller_money_once_and_its_buyer_a_power_bill_every_month(sold):
    appliances = sold.flows.filter(good="appliances", payee="iflytek")
    assert set(appliances["payer"]) == {"enterprises_china"}
    first = appliances["month"].min()
    power = sold.flows.filter(good="power", payer="enterprises_china")
    assert power["month"].min() > first
    assert set(power["payee"]) == {"world"}
    assert power.filter(pl.col("month") > power["month"].min())["quantity"].is_sorted()  # none leaves so soon


def test_the_cost_of_what_is_sold_is_what_its_machines_had_cost(sold):
    cost_of_sales = sold.journal.filter(pl.col("good") == "appliances", pl.col("credit_item") == "chip_stock")[
        "cents"
    ].sum()
    bought = sold.flows.filter(good="accelerators", payer="iflytek")["cents"].sum()
    stock = sold.balances.filter(account="iflytek", item="chip_stock").sort("month")["cents"][-1]
    owed = sold.balances.filter(account="iflytek", item="payables").sort("month")["cents"]
    assert (owed[-1] if len(owed) else 0) == 0
    assert cost_of_sales > 0
    assert bought == cost_of_sales + stock


def test_enterprises_buy_fewer_tokens_where_they_buy_appliances(sold):
    usual = run("dollar_paths", months=14, users=100, set={key: SELLING[key] for key in list(SELLING)[2:]})
    spent = [
        each.flows.filter(pl.col("payer") == "enterprises_china", pl.col("good").str.starts_with("tokens"))[
            "cents"
        ].sum()
        for each in (usual, sold)
    ]
    assert spent[1] < spent[0]


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        (
            {"labs.deepseek.absent": True, "labs.alibaba_qwen.absent": True},
            "apps.iflytek.sells_appliances: found 1, but it has no model to install: no lab gives its weights away or"
            " belongs to 'iflytek'; give one the number open_weights = 1, or that owner",
        ),
        (
            {"chips.nvidia.exports": 0, "apps.iflytek.chips": ["nvidia"]},
            "apps.iflytek.sells_appliances: found 1, but no vendor sells it machines; name one in apps.iflytek.chips"
            " that is in its region or exports, or add one to chips",
        ),
    ],
)
def test_a_seller_without_a_model_or_machines_is_refused(changes, sentence):
    with pytest.raises(BadInput) as refused:
        run("dollar_paths", months=2, users=50, set={"apps.iflytek.sells_appliances": 1} | changes)
    assert sentence in str(refused.value)


def test_a_seat_of_staff_is_paid_by_the_head_and_costs_its_app_tokens_by_use():
    given = {"apps.copilot.business_price": 30, "enterprises.seat_worth": 60}
    light, heavy = (
        run("dollar_paths", months=4, users=100, set=given | {"apps.copilot.business_use": use}) for use in (50, 500)
    )
    revenue, tokens = [], []
    for each in (light, heavy):
        flows = each.flows.filter(pl.col("month") == pl.col("month").max())
        revenue.append(int(flows.filter(good="seats_business", payee="copilot")["cents"].sum()))
        tokens.append(
            flows.filter(pl.col("payer") == "copilot", pl.col("good").str.starts_with("tokens"))["cents"].sum()
        )
    assert revenue[0] > 0.5 * revenue[1] > 0  # what staff asks is no matter of the price
    assert tokens[1] > 5 * tokens[0]


def test_enterprises_take_no_more_seats_than_they_have_staff():
    cheap = {f"apps.{name}.business_price": 0.1 for name in ("copilot", "perplexity")}
    cheap |= {"enterprises.seat_worth": 60, "enterprises.tokens_low": 9e6, "enterprises.tokens_high": 9e6}
    few, many = (
        run("plain", months=3, users=100, set=cheap | {"enterprises.west.exposed_hours": hours})
        .flows.filter(good="seats_business", payer="enterprises_west")
        .group_by("month")
        .agg(pl.col("quantity").sum(), pl.col("payee").n_unique())
        for hours in (8e8, 8e11)
    )
    assert set(few["payee"]) == {2}
    assert max(few["quantity"].to_list()) == 8e8 / 80 < max(many["quantity"].to_list())
