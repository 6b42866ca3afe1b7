"""Statements and matrices: two months worked by hand, and identities on months at random."""

from datetime import date

import numpy as np
import polars as pl
import pytest

from watersellers.market.accounts import Account, Accounts
from watersellers.market.books import Books, balances_frame, flows_frame, journal_frame
from watersellers.market.goods import CHAIN, Good, Item
from watersellers.market.ledger import Entries, Ledger, opening
from watersellers.market.matrices import balance_matrix, flow_matrix, net_worth, revaluation_matrix
from watersellers.market.orders import Orders, Trades
from watersellers.market.statements import balance_sheet, cash_flow, firms_frame, income, layers_frame, owners_frame
from watersellers.market.units import nano, whole

CHIPS, CLOUD, LAB, USERS, FUND, WORLD = range(6)
ACCOUNTS = Accounts.of(
    [
        Account(1, "nvidia", "chips", "nvidia", "west"),
        Account(2, "aws", "cloud", "amazon", "west"),
        Account(3, "nova_lab", "labs", "amazon", "west"),
        Account(4, "users_west", "users", "", "west"),
        Account(5, "fund", "investors", "", "west"),
        Account(6, "world", "world", "", ""),
    ]
)
DECEMBER, JANUARY = date(2023, 12, 1), date(2024, 1, 1)
SHARES = (Item.HOLDINGS, Item.EQUITY)


class Chain:
    """A ledger with short words for what happens, in whole dollars."""

    def __init__(self) -> None:
        self.ledger = Ledger(ACCOUNTS)

    def sell(self, buyer: int, item: Item, seller: int, good: Good, deal: tuple[int, float]) -> None:
        orders = Orders.of([(buyer, item, seller, good, deal[0], nano(deal[1]))])
        self.ledger.settle(Trades.dealt(orders, orders.quantity), ACCOUNTS.keys)

    def move(self, payer: int, payee: int, items: tuple[Item, Item], good: Good, dollars: int) -> None:
        self.ledger.transfer(whole([payer]), whole([payee]), whole([dollars * 100]), items, good)

    def note(
        self, debit: tuple[int, Item], credit: tuple[int, Item], good: Good, dollars: int, other: int = -1
    ) -> None:
        self.ledger.post(Entries.made(debit, credit, whole([dollars * 100]), good, counterparty=other))


def begin(chain: Chain) -> None:
    cash = {CHIPS: 5_000, CLOUD: 100_000, LAB: 1_000, USERS: 10_000, FUND: 1_000_000}
    for account, dollars in cash.items():
        opening(chain.ledger, account, Item.CASH, dollars * 100)
    opening(chain.ledger, CLOUD, Item.FLEET, 60_000_00)
    opening(chain.ledger, FUND, Item.HOLDINGS, 1_000_00, LAB)


def december(chain: Chain) -> None:
    chain.ledger.clock.turn(0, 8)
    chain.sell(USERS, Item.CONSUMPTION, LAB, Good.TOKENS_INPUT, (10**9, 2.5))  # 2,500
    chain.sell(LAB, Item.COST_OF_SALES, CLOUD, Good.HOURS, (3_000, 1.5))  # 4,500, of which 1,000 are owed
    chain.sell(CLOUD, Item.COST_OF_SALES, WORLD, Good.POWER, (3_000, 0.1))  # 300
    chain.sell(CLOUD, Item.CHIP_STOCK, CHIPS, Good.ACCELERATORS, (1, 30_000))
    chain.sell(CHIPS, Item.COST_OF_SALES, WORLD, Good.FOUNDRY, (1, 8_000))
    chain.sell(CHIPS, Item.OPERATING_COST, WORLD, Good.WAGES, (1, 2_000))
    chain.ledger.clock.turn(0, 9)
    chain.move(CLOUD, CHIPS, (Item.PREPAYMENTS, Item.CUSTOMER_DEPOSITS), Good.DEPOSIT, 10_000)
    chain.ledger.clock.turn(0, 10)
    chain.move(FUND, LAB, SHARES, Good.SHARES, 20_000)
    chain.move(CHIPS, FUND, (Item.DIVIDENDS, Item.INCOME), Good.DIVIDEND, 500)
    chain.ledger.pay_arrears(ACCOUNTS.keys)
    chain.ledger.clock.turn(0, 12)
    chain.note((CLOUD, Item.DEPRECIATION), (CLOUD, Item.FLEET), Good.WEAR, 1_000)
    chain.ledger.close_month()


def january(chain: Chain) -> None:
    chain.ledger.clock.turn(1, 2)
    chain.note((CLOUD, Item.FLEET), (CLOUD, Item.CHIP_STOCK), Good.ACCELERATORS, 30_000)
    chain.ledger.clock.turn(1, 8)
    chain.sell(CLOUD, Item.FLEET, WORLD, Good.BUILDING, (1, 6_000))
    chain.sell(CLOUD, Item.CHIP_STOCK, CHIPS, Good.ACCELERATORS, (1, 30_000))  # 10,000 of it prepaid
    chain.sell(USERS, Item.CONSUMPTION, LAB, Good.TOKENS_INPUT, (10**9, 2.5))
    chain.sell(LAB, Item.COST_OF_SALES, CLOUD, Good.HOURS, (20_000, 1.5))  # 30,000, of which 8,500 are owed
    chain.ledger.clock.turn(1, 11)  # the lab is wound up: it has nothing left
    chain.note((CLOUD, Item.REVALUATION), (CLOUD, Item.RECEIVABLES), Good.WRITE_OFF, 8_500, LAB)
    chain.note((LAB, Item.PAYABLES), (LAB, Item.REVALUATION), Good.WRITE_OFF, 8_500, CLOUD)
    chain.note((FUND, Item.REVALUATION), (FUND, Item.HOLDINGS), Good.WRITE_OFF, 21_000, LAB)
    chain.ledger.clock.turn(1, 12)
    chain.note((CLOUD, Item.DEPRECIATION), (CLOUD, Item.FLEET), Good.WEAR, 1_000)
    chain.note((CLOUD, Item.IMPAIRMENT), (CLOUD, Item.FLEET), Good.WEAR, 5_000)
    chain.ledger.close_month()


@pytest.fixture(scope="module")
def books() -> Books:
    chain = Chain()
    begin(chain)
    december(chain)
    january(chain)
    return Books(ACCOUNTS, chain.ledger.journal(), DECEMBER)


@pytest.fixture(scope="module")
def operations() -> pl.DataFrame:
    names = [row.name for row in ACCOUNTS.rows if row.layer in CHAIN]
    rows = [
        {"month": month, "firm": firm, "alive": firm != "nova_lab" or month == DECEMBER, "price": 1.5, "quantity": 7}
        | {"capacity": 9, "used_share": None, "customers": 1}
        for month in (DECEMBER, JANUARY)
        for firm in names
    ]
    return pl.DataFrame(rows, schema_overrides={"used_share": pl.Float64})


def dollars(frame: pl.DataFrame, *names: str) -> list[list[float]]:
    """Columns of cents as rows of dollars."""
    return [[value / 100 for value in row] for row in frame.select(names).rows()]


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
        "month firm layer owner region alive price quantity capacity used_share customers revenue cost_of_sales "
        "operating_cost depreciation impairment operating_profit interest net_income capex operating_cash_flow "
        "free_cash_flow cash intra_group"
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
