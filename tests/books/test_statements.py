"""Statements of firms, layers and owners: two months worked by hand."""

from datetime import date

import polars as pl
import pytest

from tests.worlds.two_months import ACCOUNTS, CLOUD, DECEMBER, FUND, JANUARY, WORLD, Chain, begin, dollars
from watersellers.market.accounting.journal_tables import Books, balances_frame, flows_frame, journal_frame
from watersellers.market.accounting.statements import (
    balance_sheet,
    cash_flow,
    firms_frame,
    income,
    layers_frame,
    owners_frame,
)
from watersellers.market.accounting.stock_flow_matrices import flow_matrix
from watersellers.market.chart_of_accounts import Item
from watersellers.market.goods import Good


def test_the_journal_in_words_names_accounts_items_goods_and_prices(books):
    journal = journal_frame(books)
    assert journal.columns[:4] == ["entry", "month", "phase", "batch"]
    assert journal["entry"].to_list() == list(range(len(books.journal)))
    assert journal.filter(pl.col("good") == "opening")["phase"].unique().to_list() == [0]
    sale = journal.filter(pl.col("good") == "gpu_hours", pl.col("credit_item") == "revenue").row(0, named=True)
    del sale["entry"], sale["batch"]
    assert sale == {
        "month": DECEMBER,
        "phase": 8,
        "debit_account": "nova_lab",
        "debit_item": "cost_of_sales",
        "credit_account": "aws",
        "credit_item": "revenue",
        "counterparty": None,
        "good": "gpu_hours",
        "quantity": 3000,
        "cents": 4_500_00,
        "price_nano": 1_500_000_000,
    }
    forgiven = journal.filter(pl.col("good") == "write_off")
    assert forgiven["counterparty"].to_list() == ["nova_lab", "aws", "nova_lab"]
    assert forgiven["price_nano"].to_list() == [None] * 3


def test_flows_are_the_payments_and_nothing_else(books):
    flows = flows_frame(books)
    assert flows["cents"].sum() == 100 * (
        # tokens twice, hours as far as paid, power, chips less the deposit, foundry, wages
        (5_000 + 3_500 + 21_500 + 300 + 30_000 + 20_000 + 8_000 + 2_000)
        + (10_000 + 20_000 + 500 + 1_000 + 6_000)  # deposit, shares, dividend, arrears, building
    )
    tokens = flows.row(0, named=True)
    assert (tokens["payer"], tokens["payee"], tokens["payer_layer"], tokens["payee_layer"]) == (
        "users_west",
        "nova_lab",
        "users",
        "labs",
    )
    assert (tokens["unit"], tokens["price"], tokens["cents"]) == ("token (priced per 1,000,000)", 2.5, 2_500_00)
    assert flows.filter(pl.col("good") == "dividend")["price"].to_list() == [None]


def test_balances_start_with_the_opening_and_assets_are_claims_on_them(books):
    balances = balances_frame(books)
    assert balances["month"].unique().sort().to_list() == [date(2023, 11, 1), DECEMBER, JANUARY]
    stake = balances.filter(pl.col("item") == "holdings").sort("month")
    assert stake.select("account", "counterparty", "cents").rows() == [
        ("fund", "nova_lab", 1_000_00),
        ("fund", "nova_lab", 21_000_00),
    ]
    owned = pl.col("item").is_in(["cash", "receivables", "chip_stock", "fleet", "prepayments", "holdings"])
    gaps = balances.group_by("month", "account").agg((pl.col("cents") * pl.when(owned).then(1).otherwise(-1)).sum())
    assert gaps["cents"].to_list() == [0] * 18
    assert (
        balances.filter(pl.col("item") == "cash").group_by("month").agg(pl.col("cents").sum())["cents"].to_list()
        == [1_116_000_00] * 3
    )


def test_the_cloud_earns_on_paper_what_the_lab_cannot_pay(books):
    lines = ("revenue", "cost_of_sales", "depreciation", "impairment", "operating_profit", "revaluation", "net_income")
    assert dollars(income(books, "aws"), *lines) == [
        [4_500, 300, 1_000, 0, 3_200, 0, 3_200],
        [30_000, 0, 1_000, 5_000, 24_000, -8_500, 15_500],
    ]
    assert dollars(income(books, "aws"), "equity_opening", "equity") == [[160_000, 163_200], [163_200, 178_700]]
    lab = ("net_income", "paid_in", "equity_opening", "equity")
    assert dollars(income(books, "nova_lab"), *lab) == [[-2_000, 20_000, 1_000, 19_000], [-19_000, 0, 19_000, 0]]
    vendor = ("net_income", "dividends", "equity_opening", "equity")
    assert dollars(income(books, "nvidia"), *vendor)[0] == [20_000, 500, 5_000, 24_500]


def test_cash_statements_tell_machines_from_running_costs(books):
    cloud = cash_flow(books, "aws")
    led = ("net_income", "depreciation", "impairment", "working_capital", "other_non_cash", "operating_cash_flow")
    assert dollars(cloud, *led) == [[3_200, 1_000, 0, 0, 0, 4_200], [15_500, 1_000, 5_000, 0, 0, 21_500]]
    rest = ("machines", "investing_cash_flow", "financing_cash_flow", "cash_opening", "cash")
    assert dollars(cloud, *rest) == [[-40_000, -40_000, 0, 100_000, 64_200], [-26_000, -26_000, 0, 64_200, 59_700]]
    vendor = ("receipts", "payments", "working_capital", "dividends_paid", "cash_opening", "cash")
    assert dollars(cash_flow(books, "nvidia"), *vendor)[0] == [40_000, -10_000, 10_000, -500, 5_000, 34_500]
    assert dollars(cash_flow(books, "nova_lab"), "capital", "cash")[0] == [20_000, 19_000]
    assert dollars(cash_flow(books, "fund"), "stakes", "receipts", "cash")[0] == [-20_000, 500, 980_500]


def test_the_balance_sheet_adds_up_line_by_line(books):
    lines = ("cash", "chip_stock", "fleet", "prepayments", "payables", "equity", "assets")
    assert dollars(balance_sheet(books, "aws"), *lines) == [
        [100_000, 0, 60_000, 0, 0, 160_000, 160_000],
        [64_200, 30_000, 59_000, 10_000, 0, 163_200, 163_200],
        [59_700, 30_000, 89_000, 0, 0, 178_700, 178_700],
    ]


def test_an_unknown_firm_is_answered_with_the_nearest_name(books):
    with pytest.raises(ValueError, match=r"unknown account 'nvidai'. Did you mean 'nvidia'\?"):
        income(books, "nvidai")


def test_firms_carry_what_they_did_and_what_they_earned(books, operations):
    firms = firms_frame(books, operations)
    assert " ".join(firms.columns) == (
        "month firm layer owner region alive price quantity capacity used_share customers quality backlog overridden "
        "revenue cost_of_sales operating_cost depreciation impairment operating_profit interest net_income capex "
        "operating_cash_flow free_cash_flow cash intra_group"
    )
    assert firms.select("month", "firm").equals(operations.select("month", "firm"))
    cloud = firms.filter(pl.col("firm") == "aws")
    assert dollars(cloud, "capex", "free_cash_flow", "intra_group") == [
        [40_000, -35_800, 4_500],
        [26_000, -4_500, 30_000],
    ]


def test_layers_are_measured_by_what_users_spend(books, operations):
    layers = layers_frame(books, operations).filter(pl.col("month") == DECEMBER)
    assert layers["layer"].to_list() == ["chips", "cloud", "labs", "users", "investors", "world"]
    assert layers["firms"].to_list() == [1, 1, 1, None, None, None]
    assert layers["profit_over_final_spending"].to_list() == [8.0, 1.28, -0.8, None, None, None]
    assert layers["operating_margin"][:3].to_list() == [2 / 3, 3_200 / 4_500, -0.8]
    assert layers["share_of_positive_profit"].to_list() == [20_000 / 23_200, 3_200 / 23_200, 0, None, None, None]
    assert dollars(layers, "bought_from_chain") == [[0], [30_000], [4_500], [2_500], [0], [0]]
    january = layers_frame(books, operations).filter(pl.col("month") == JANUARY, pl.col("layer") == "labs")
    assert january["firms"].to_list() == [0]


def test_an_owner_sells_nothing_to_itself(books):
    amazon = owners_frame(books).filter(pl.col("owner") == "amazon")
    assert amazon["layers"].to_list() == ["cloud+labs"] * 2
    lines = ("revenue", "cost_of_sales", "operating_profit", "intra_group")
    assert dollars(amazon, *lines) == [[2_500, 300, 1_200, 4_500], [2_500, 0, -3_500, 30_000]]


def test_machines_sold_are_disposals_and_sales_between_outsiders_are_of_no_group(operations):
    chain = Chain()
    begin(chain)
    chain.ledger.clock.turn(0, 8)
    chain.sell(FUND, Item.OPERATING_COST, WORLD, Good.WAGES, (1, 10))
    chain.move(FUND, CLOUD, (Item.OPERATING_COST, Item.FLEET), Good.SALVAGE, 400)
    chain.ledger.close_month()
    books = Books(ACCOUNTS, chain.ledger.journal(), DECEMBER)
    lines = ("disposals", "machines", "investing_cash_flow", "operating_cash_flow", "cash")
    assert dollars(cash_flow(books, "aws"), *lines) == [[400, 0, 400, 0, 100_400]]
    assert layers_frame(books, operations)["intra_group"].to_list() == [0] * 6
    assert dollars(flow_matrix(books, DECEMBER).filter(pl.col("flow") == "salvage"), "cloud_capital") == [[400]]
