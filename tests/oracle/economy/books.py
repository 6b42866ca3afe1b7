"""Chapter 3 of the rules: accounts, journal, deals, transfers, arrears."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from tests.oracle.economy.arithmetic import invoice, split

# --- 3.1 Accounts ---

WORLD, OLDER, LENDERS = range(3)  # accounts that always exist
NOBODY = -1

# --- 3.2 Codes ---

GOODS = (
    "accelerators", "hours", "tokens_cached", "tokens_input", "tokens_output", "seats", "queries_paid", "queries_free",
    "attention", "foundry", "foundry_capacity", "building", "power", "site", "wages", "research", "media", "income",
    "shares", "contribution", "dividend", "deposit", "arrears", "salvage", "wear", "write_off", "opening", "closing",
    "impairment", "hours_reserved", "interest", "loan", "repayment", "revenue_share", "search_calls",
    "transactions", "content", "appliances", "seats_business",
    "queries_business", "devices", "search_index", "bad_debts", "foundry_unused",
    "tokens_cached_older", "tokens_input_older", "tokens_output_older",
    "tokens_cached_small", "tokens_input_small", "tokens_output_small",
)  # fmt: skip
ITEMS = (
    "cash", "receivables", "chip_stock", "fleet", "prepayments", "holdings", "payables", "customer_deposits", "loans",
    "equity", "revenue", "cost_of_sales", "operating_cost", "depreciation", "impairment", "interest", "consumption",
    "income", "dividends", "revaluation",
)  # fmt: skip
GOOD = {name: code for code, name in enumerate(GOODS)}
ITEM = {name: code for code, name in enumerate(ITEMS)}
CASH, RECEIVABLES, CHIP_STOCK, FLEET, PREPAYMENTS, HOLDINGS = range(6)
PAYABLES, CUSTOMER_DEPOSITS, LOANS, EQUITY, REVENUE = range(6, 11)
COST_OF_SALES, OPERATING_COST, DEPRECIATION, IMPAIRMENT, INTEREST = range(11, 16)
CONSUMPTION, INCOME, DIVIDENDS, REVALUATION = range(16, 20)
ASSETS = (RECEIVABLES, PREPAYMENTS, HOLDINGS)  # claims on other accounts
DEBTS = (PAYABLES, CUSTOMER_DEPOSITS, LOANS)  # claims of other accounts
OTHER_SIDE = {PAYABLES: RECEIVABLES, CUSTOMER_DEPOSITS: PREPAYMENTS, LOANS: RECEIVABLES}
ONE_CENT = 10_000_000  # nano-dollars
COUNTED_IN_CENTS = (GOOD["wages"], GOOD["research"], GOOD["media"], GOOD["content"], GOOD["interest"])

JournalRow = tuple[int, ...]


class Row(NamedTuple):
    """A journal row without its month, phase and batch."""

    debit_account: int
    debit_item: int
    credit_account: int
    credit_item: int
    good: int
    cents: int
    counterparty: int = NOBODY
    quantity: int = 1
    price: int = 0


class Order(NamedTuple):
    buyer: int
    item: int
    seller: int
    good: int
    quantity: int
    price: int


class Deal(NamedTuple):
    buyer: int
    item: int
    seller: int
    good: int
    quantity: int
    price: int
    cents: int


class Transfer(NamedTuple):
    payer: int
    payee: int
    cents: int
    quantity: int = 1


def deal(order: Order, quantity: int) -> Deal:
    return Deal(*order[:4], quantity, order.price, invoice(order.good, quantity, order.price))


class Books:
    """The ledger. Balances are debits less credits, so debts, equity and revenue are below 0."""

    def __init__(self) -> None:
        self.journal: list[JournalRow] = []
        self.month = 0
        self.phase = 0
        self.batch = 0
        self.balance: dict[tuple[int, int], int] = {}
        self.claims: dict[tuple[int, int, int], int] = {}

    def of(self, account: int, item: int) -> int:
        return self.balance.get((account, item), 0)

    def cash(self, account: int) -> int:
        return self.of(account, CASH)

    def free_cash(self, account: int) -> int:
        return max(0, self.cash(account) + self.of(account, PAYABLES))

    def revenue(self, account: int) -> int:
        return -self.of(account, REVENUE)

    # --- 3.3 The journal ---

    def write(self, rows: Sequence[Row]) -> None:
        """Post a batch of rows and add it to the journal."""
        rows = [row for row in rows if row.cents != 0]
        if not rows:
            return
        self.check(rows)
        self.batch += 1
        for row in rows:
            self.post(row.debit_account, row.debit_item, row.credit_account, row.counterparty, row.cents)
            self.post(row.credit_account, row.credit_item, row.debit_account, row.counterparty, -row.cents)
            self.journal.append((self.month, self.phase, self.batch, *row[:4], row.counterparty, row.good,
                                 row.quantity, row.price, row.cents))  # fmt: skip

    def post(self, account: int, item: int, other: int, counterparty: int, amount: int) -> None:
        self.balance[account, item] = self.of(account, item) + amount
        if item in ASSETS or item in DEBTS:
            other = other if counterparty == NOBODY else counterparty
            self.claims[account, item, other] = self.claims.get((account, item, other), 0) + amount

    def check(self, rows: Sequence[Row]) -> None:
        """Refuse a batch that does not balance, or that pays more cash than there is."""
        net: dict[int, int] = {}
        cash_paid: dict[int, int] = {}
        for row in rows:
            if row.cents < 0:
                raise ValueError("less than 0 cents")
            net[row.debit_account] = net.get(row.debit_account, 0) + row.cents
            net[row.credit_account] = net.get(row.credit_account, 0) - row.cents
            if row.credit_item == CASH:
                cash_paid[row.credit_account] = cash_paid.get(row.credit_account, 0) + row.cents
        if any(net.values()):
            raise ValueError("debits differ from credits")
        for account, amount in cash_paid.items():
            if amount > self.cash(account):
                raise ValueError("more paid than there is")

    # --- 3.4 Settling deals ---

    def settle(self, deals: Sequence[Deal], order: Callable[[int], int]) -> None:
        """Invoice the deals, use up prepayments, pay what cash allows, and owe the rest."""
        prepaid = self.prepaid(deals)
        due = [deal.cents - used for deal, used in zip(deals, prepaid, strict=True)]
        paid = [0 for _ in deals]
        for buyer in dict.fromkeys(deal.buyer for deal in deals):
            own = [row for row, deal in enumerate(deals) if deal.buyer == buyer]
            parts = self.within_cash(buyer, [due[row] for row in own], [order(deals[row].seller) for row in own])
            for row, part in zip(own, parts, strict=True):
                paid[row] = part
        owed = [amount - part for amount, part in zip(due, paid, strict=True)]
        rows = [
            Row(deal.buyer, deal.item, deal.seller, REVENUE, deal.good, deal.cents, NOBODY, *deal[4:6])
            for deal in deals
        ]
        for amounts, debit, credit in (
            (prepaid, CUSTOMER_DEPOSITS, PREPAYMENTS),
            (paid, CASH, CASH),
            (owed, RECEIVABLES, PAYABLES),
        ):
            for deal, amount in zip(deals, amounts, strict=True):
                rows.append(Row(deal.seller, debit, deal.buyer, credit, deal.good, amount, NOBODY, *deal[4:6]))
        self.write(rows)

    def prepaid(self, deals: Sequence[Deal]) -> list[int]:
        """Cents of each deal that its buyer has prepaid."""
        unused_by_pair: dict[tuple[int, int], int] = {}
        used = []
        for deal in deals:
            pair = deal.buyer, deal.seller
            unused = unused_by_pair.get(pair, self.claims.get((deal.buyer, PREPAYMENTS, deal.seller), 0))
            used.append(0 if deal.good in COUNTED_IN_CENTS else min(deal.cents, unused))
            unused_by_pair[pair] = unused - used[-1]
        return used

    def within_cash(self, account: int, amounts: list[int], order: list[int]) -> list[int]:
        """Pay all of the amounts or, when cash is short, its split over them."""
        if sum(amounts) > self.cash(account):
            return split(self.cash(account), amounts, order)
        return amounts

    # --- 3.5 Transfers ---

    def transfer(self, transfers: Sequence[Transfer], debit: int, credit: int, good: str) -> None:
        """Pay each transfer in cash, in one batch."""
        code = GOOD[good]
        rows = []
        for payer, payee, amount, quantity in transfers:
            rows.append(Row(payer, debit, payee, credit, code, amount, quantity=quantity))
        for payer, payee, amount, quantity in transfers:
            rows.append(Row(payee, CASH, payer, CASH, code, amount, quantity=quantity))
        self.write(rows)

    def write_off(self, account: int, item: int, amount: int, counterparty: int) -> None:
        if item in DEBTS:
            self.write([Row(account, item, account, REVALUATION, GOOD["write_off"], amount, counterparty)])
        else:
            self.write([Row(account, REVALUATION, account, item, GOOD["write_off"], amount, counterparty)])

    # --- 3.6 Arrears ---

    def debts(self, account: int, item: int) -> list[tuple[int, int]]:
        """List creditors in the order of their accounts, with the cents that each is owed."""
        owed = [
            (other, -amount)
            for (debtor, kind, other), amount in self.claims.items()
            if (debtor, kind) == (account, item)
        ]
        return sorted((other, amount) for other, amount in owed if amount != 0)

    def arrears(self, accounts: Sequence[int], order: Callable[[int], int]) -> None:
        """Pay old debts in full, or pro rata when cash is short."""
        transfers = []
        for debtor in sorted(accounts):
            owed = self.debts(debtor, PAYABLES)
            if not owed or self.cash(debtor) <= 0:
                continue
            amounts = [amount for _, amount in owed]
            parts = self.within_cash(debtor, amounts, [order(creditor) for creditor, _ in owed])
            transfers += [Transfer(debtor, creditor, part) for (creditor, _), part in zip(owed, parts, strict=True)]
        self.transfer(transfers, PAYABLES, RECEIVABLES, "arrears")
