"""Matrices of stocks and flows: two months worked by hand, and identities on months at random."""

from datetime import date

import numpy as np
import polars as pl
import pytest

from tests.worlds.two_months import ACCOUNTS, CLOUD, DECEMBER, JANUARY, LAB, SHARES, Chain, begin, dollars
from watersellers.market.accounting.journal_tables import Books
from watersellers.market.accounting.statements import balance_sheet, cash_flow, income
from watersellers.market.accounting.stock_flow_matrices import (
    balance_matrix,
    flow_matrix,
    net_worth,
    revaluation_matrix,
)
from watersellers.market.chart_of_accounts import Item
from watersellers.market.goods import Good


def cell(matrix: pl.DataFrame, row: str, column: str) -> float:
    return matrix.filter(pl.col(matrix.columns[0]) == row)[column].item() / 100


def test_the_flow_matrix_shows_the_month_and_adds_up_to_nothing(books):
    matrix = flow_matrix(books, DECEMBER)
    assert cell(matrix, "gpu_hours", "labs_current") == -4_500
    assert cell(matrix, "gpu_hours", "cloud_current") == 4_500
    assert cell(matrix, "accelerators", "cloud_capital") == -30_000
    assert cell(matrix, "wear", "cloud_capital") == 1_000
    assert cell(matrix, "saving", "chips_capital") == 19_500  # profit less dividend
    assert cell(matrix, "change_in_shares", "labs_capital") == 20_000
    assert cell(matrix, "change_in_deposits", "cloud_capital") == -10_000
    assert cell(matrix, "change_in_cash", "users") == 2_500
    assert matrix["total"].to_list() == [0] * len(matrix)
    assert not any(matrix.row(-1)[1:])


def test_a_bankruptcy_is_a_revaluation_that_somebody_bears(books):
    matrix = revaluation_matrix(books, JANUARY)
    assert [cell(matrix, "claims", name) for name in ("cloud", "labs", "total")] == [-8_500, 8_500, 0]
    assert [cell(matrix, "shares", name) for name in ("investors", "labs", "total")] == [-21_000, 21_000, 0]
    assert [cell(matrix, "fleet", name) for name in ("cloud", "total")] == [-5_000, -5_000]
    worth = net_worth(books, JANUARY, "account").filter(pl.col("sector") == "nova_lab")
    # it owed its shareholders 21,000 and had 19,000; it lost 27,500 more, and was forgiven 29,500
    assert dollars(worth, "opening", "saving", "revaluation", "closing") == [[-2_000, -27_500, 29_500, 0]]


def test_in_the_balance_matrix_only_money_and_machines_are_anybody_s_wealth(books):
    matrix = balance_matrix(books, DECEMBER)
    assert [cell(matrix, row, "total") for row in ("claims", "deposits", "shares")] == [0, 0, 0]
    assert cell(matrix, "cash", "total") == 1_116_000
    assert cell(matrix, "net_worth", "total") == -(1_116_000 + 89_000)


def test_a_month_outside_the_run_is_refused(books):
    with pytest.raises(ValueError, match="2024-02 is not in this run of 2 months from 2023-12"):
        flow_matrix(books, date(2024, 2, 1))
    with pytest.raises(ValueError, match="columns by 'firm': expected 'layer' or 'account'"):
        flow_matrix(books, DECEMBER, "firm")


def at_random(seed: int, months: int) -> Books:
    """Months of random sales, deposits, rounds, dividends, wear and write-downs among the six accounts."""
    dice = np.random.default_rng(seed)
    chain = Chain()
    begin(chain)
    for month in range(months):
        chain.ledger.clock.turn(month, 8)
        for _ in range(12):
            buyer, seller = dice.choice(6, 2, replace=False).tolist()
            item = [Item.COST_OF_SALES, Item.OPERATING_COST, Item.CHIP_STOCK, Item.FLEET, Item.INTEREST][
                dice.integers(5)
            ]
            good = [Good.HOURS, Good.TOKENS_OUTPUT, Good.ACCELERATORS][dice.integers(3)]
            chain.sell(buyer, item, seller, good, (int(dice.integers(1, 10**6)), float(dice.random())))
        for items, good in (
            ((Item.PREPAYMENTS, Item.CUSTOMER_DEPOSITS), Good.DEPOSIT),
            (SHARES, Good.SHARES),
            ((Item.DIVIDENDS, Item.INCOME), Good.DIVIDEND),
            ((Item.OPERATING_COST, Item.INCOME), Good.INCOME),
            ((Item.RECEIVABLES, Item.LOANS), Good.DEPOSIT),
        ):
            payer, payee = dice.choice(6, 2, replace=False).tolist()
            chain.move(payer, payee, items, good, int(chain.ledger.cash[payer]) // 400)
        chain.ledger.pay_arrears(ACCOUNTS.keys)
        chain.note((CLOUD, Item.IMPAIRMENT), (CLOUD, Item.FLEET), Good.WEAR, 10)
        chain.note((LAB, Item.DEPRECIATION), (LAB, Item.FLEET), Good.WEAR, 20)
        chain.ledger.close_month()
    return Books(ACCOUNTS, chain.ledger.journal(), DECEMBER)


@pytest.mark.parametrize("seed", range(4))
def test_identities_hold_in_any_month(seed):
    books = at_random(seed, 5)
    for name in ACCOUNTS.names:
        cash, earned, held = cash_flow(books, name), income(books, name), balance_sheet(books, name)
        moved = cash["operating_cash_flow"] + cash["investing_cash_flow"] + cash["financing_cash_flow"]
        assert moved.to_list() == held["cash"].diff()[1:].to_list()
        kept = earned["equity_opening"] + earned["net_income"] - earned["dividends"] + earned["paid_in"]
        assert kept.to_list() == held["equity"][1:].to_list()
        owed = held["payables"] + held["customer_deposits"] + held["loans"] + held["equity"]
        assert owed.to_list() == held["assets"].to_list()
    for month in [DECEMBER, *(date(2024, number, 1) for number in range(1, 5))]:
        for by in ("layer", "account"):
            flows, worth = flow_matrix(books, month, by), net_worth(books, month, by)
            assert flows["total"].to_list() == [0] * len(flows)
            assert not any(flows.row(-1)[1:])
            assert (worth["opening"] + worth["saving"] + worth["revaluation"]).to_list() == worth["closing"].to_list()
