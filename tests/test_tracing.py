"""Money keeps its origins: to the cent in every account after every batch, whatever the convention."""

from datetime import date
from fractions import Fraction
from random import Random

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from watersellers.experiments.world import World
from watersellers.market.accounts import Account, Accounts
from watersellers.market.books import Books, flows_frame
from watersellers.market.goods import Good, Item
from watersellers.market.ledger import Ledger, opening
from watersellers.market.origins import CONVENTIONS, EXACT, Origins, in_proportion, payments, waves
from watersellers.market.tracing import trace
from watersellers.market.units import split, whole

NAMED = [
    *(("world", "world"), ("users_west", "users"), ("fund", "investors")),
    *(("nvidia", "chips"), ("aws", "cloud"), ("openai", "labs"), ("chatgpt", "apps")),
]
WORLD, USERS, FUND, NVIDIA, AWS, OPENAI, CHATGPT = range(len(NAMED))
OWN = 3  # place of the source "opening"
MONTHS = 8


def books(**cash: int) -> Ledger:
    """Books of seven accounts with some opening cash."""
    accounts = Accounts.of([Account(key, name, layer, "", "") for key, (name, layer) in enumerate(NAMED)])
    ledger = Ledger(accounts)
    for name, cents in cash.items():
        opening(ledger, accounts.index[name], Item.CASH, cents)
    return ledger


def pay(ledger: Ledger, *rows: tuple[int, int, int], good: Good = Good.CONTRIBUTION) -> None:
    """Pay (payer, payee, cents) in one batch."""
    payer, payee, cents = (whole(column) for column in zip(*rows, strict=True))
    ledger.transfer(payer, payee, cents, (Item.OPERATING_COST, Item.EQUITY), good)


def held(ledger: Ledger, by: str = "pro-rata") -> list[list[int]]:
    """What each account holds of world, users, fund and opening."""
    origins = Origins(ledger.accounts, by)
    origins.follow(ledger)
    return origins.held.tolist()


def slowly(ledger: Ledger) -> list[list[int]]:
    """Origins pro rata by the definition alone: batch by batch, row by row, in fractions."""
    n, own = len(ledger.accounts), [0, 1, 2, OWN, OWN, OWN, OWN]
    has = [[0] * 4 for _ in range(n)]
    for chunk in ledger.chunks:
        rows = [(payer, payee, cents) for _, _, _, payee, _, payer, *_, cents in payments(chunk).rows()]
        if not rows:
            has[chunk.debit_account[0]][own[chunk.debit_account[0]]] += int(chunk.cents[0])
        moved = []
        for payer in {row[0] for row in rows}:
            mine = [row for row in rows if row[0] == payer]
            parts = [rounded(has[payer], cents) for _, _, cents in mine]
            if any(sum(column) > had for column, had in zip(zip(*parts, strict=True), has[payer], strict=True)):
                left, parts = has[payer], []
                for _, _, cents in mine:
                    parts.append(rounded(left, cents))
                    left = [had - part for had, part in zip(left, parts[-1], strict=True)]
            moved += list(zip(mine, parts, strict=True))
        for (payer, payee, cents), part in moved:
            carried = part if own[payer] == OWN else [cents * (source == own[payer]) for source in range(4)]
            has[payer] = [had - gone for had, gone in zip(has[payer], part, strict=True)]
            has[payee] = [had + came for had, came in zip(has[payee], carried, strict=True)]
    return has


def rounded(has: list[int], cents: int) -> list[int]:
    shares = [Fraction(cents * each, sum(has)) for each in has]
    parts = [int(share) for share in shares]
    order = sorted(range(len(has)), key=lambda source: (parts[source] - shares[source], source))
    for source in order[: cents - sum(parts)]:
        parts[source] += 1
    return parts


def by_entry(ledger: Ledger) -> list[list[int]]:
    """Origins first in, first out, cent by cent; an entry holds the origins of its cents."""
    own = [0, 1, 2, OWN, OWN, OWN, OWN]
    queues: list[list[list[int]]] = [[] for _ in own]
    for chunk in ledger.chunks:
        paid, came = payments(chunk), []
        if not len(paid):
            queues[chunk.debit_account[0]].append([own[chunk.debit_account[0]]] * int(chunk.cents[0]))
        for payer, payee, cents in zip(paid.credit_account, paid.debit_account, paid.cents.tolist(), strict=True):
            got: list[int] = []
            while len(got) < cents:
                entry = queues[payer].pop(0)
                if len(got) + len(entry) > cents:
                    part = rounded([entry.count(source) for source in range(4)], cents - len(got))
                    spent = [source for source in range(4) for _ in range(part[source])]
                    for source in spent:
                        entry.remove(source)
                    queues[payer].insert(0, entry)
                    entry = spent
                got += entry
            came.append((payee, got if own[payer] == OWN else [own[payer]] * cents))
        for payee, got in came:
            queues[payee].append(got)
    return [[sum(entry.count(source) for entry in queue) for source in range(4)] for queue in queues]


SOME, MANY = st.sampled_from([3, 40, 200]), st.sampled_from([3, 40, 10**6, 10**15, EXACT - 1])


@st.composite
def ledgers(draw, most=MANY) -> Ledger:
    """Books with some opening cash and up to a dozen batches of payments that their payers can make."""
    top = draw(most)
    ledger = books(**{name: draw(st.integers(1, top)) for name, _ in NAMED if draw(st.booleans())})
    for _ in range(draw(st.integers(0, 12))):
        left, rows = ledger.cash, []
        for _ in range(draw(st.integers(0, 8))):
            payer, payee = draw(st.permutations(range(len(NAMED))))[:2]
            if left[payer]:
                cents = draw(st.integers(1, int(left[payer])))
                left[payer] -= cents
                rows.append((payer, payee, cents))
        if rows:
            pay(ledger, *rows)
    return ledger


@pytest.fixture(scope="module")
def world() -> World:
    """A world of eight months."""
    world = World(rng=2, users=100, months=MONTHS)
    for _ in range(MONTHS):
        world.step()
    return world


def test_a_payment_carries_the_mix_that_its_payer_has():
    ledger = books(users_west=300, fund=100, world=1)
    pay(ledger, (USERS, CHATGPT, 300), (FUND, CHATGPT, 100))
    pay(ledger, (CHATGPT, OPENAI, 200))
    pay(ledger, (OPENAI, AWS, 80), (OPENAI, WORLD, 20))
    assert held(ledger)[CHATGPT] == [0, 150, 50, 0]
    assert held(ledger)[OPENAI] == [0, 75, 25, 0]
    assert held(ledger)[AWS] == [0, 60, 20, 0]
    assert held(ledger)[WORLD] == [1, 15, 5, 0]


def test_the_oldest_money_goes_first_where_it_is_first_in_first_out():
    ledger = books(users_west=300, fund=100, chatgpt=10)
    pay(ledger, (USERS, CHATGPT, 300), (FUND, CHATGPT, 100))
    pay(ledger, (CHATGPT, OPENAI, 200))
    assert held(ledger, "fifo")[OPENAI] == [0, 190, 0, 10]
    pay(ledger, (CHATGPT, AWS, 111), (CHATGPT, NVIDIA, 99))
    assert held(ledger, "fifo")[AWS] == [0, 110, 1, 0]
    assert held(ledger, "fifo")[NVIDIA] == [0, 0, 99, 0]
    pay(ledger, (OPENAI, AWS, 100))  # half of the one entry that it has got
    assert held(ledger, "fifo")[OPENAI] == [0, 95, 0, 5]


def test_the_cent_left_over_goes_to_the_largest_remainder_and_a_tie_to_the_first_source():
    ledger = books(users_west=50, fund=50, chatgpt=100)
    pay(ledger, (USERS, CHATGPT, 50), (FUND, CHATGPT, 50))
    pay(ledger, (CHATGPT, OPENAI, 3), (CHATGPT, AWS, 1))  # shares of 3: 0.75, 0.75, 1.5; of 1: 0.25, 0.25, 0.5
    assert held(ledger)[OPENAI] == [0, 1, 1, 1]
    assert held(ledger)[AWS] == [0, 0, 0, 1]
    even = books(users_west=1, fund=1)
    pay(even, (USERS, CHATGPT, 1), (FUND, CHATGPT, 1))
    pay(even, (CHATGPT, OPENAI, 1))
    assert held(even)[OPENAI] == [0, 1, 0, 0]


@pytest.mark.parametrize("by", CONVENTIONS)
def test_what_comes_in_is_not_paid_out_in_the_same_batch(by):
    ledger = books(users_west=100, chatgpt=100)
    pay(ledger, (USERS, CHATGPT, 100), (CHATGPT, OPENAI, 100))
    assert held(ledger, by)[OPENAI] == [0, 0, 0, 100]
    assert held(ledger, by)[CHATGPT] == [0, 100, 0, 0]


def test_no_more_of_a_source_is_paid_than_there_was():
    ledger = books(users_west=1, fund=1)
    pay(ledger, (USERS, CHATGPT, 1), (FUND, CHATGPT, 1))
    pay(ledger, (CHATGPT, OPENAI, 1), (CHATGPT, AWS, 1))  # each by itself would be a cent of the users'
    assert held(ledger)[OPENAI] == [0, 1, 0, 0]
    assert held(ledger)[AWS] == [0, 0, 1, 0]


@pytest.mark.parametrize("by", CONVENTIONS)
def test_all_that_users_pay_is_users_money_and_what_they_were_paid_is_recycled(by):
    ledger = books(world=1000, chatgpt=100)
    pay(ledger, (WORLD, USERS, 600))
    pay(ledger, (CHATGPT, USERS, 100))  # money back
    assert held(ledger, by)[USERS] == [600, 0, 0, 100]
    pay(ledger, (USERS, CHATGPT, 350))
    assert held(ledger, by)[CHATGPT] == [0, 350, 0, 0]
    made_own = {"pro-rata": [(300, "world"), (50, "opening")], "fifo": [(350, "world")]}[by]
    recycled = trace(ledger.journal(), ledger.accounts, by).recycled
    assert recycled.rows() == [(source, "users_west", cents) for cents, source in made_own]


def test_money_that_goes_around_in_a_circle_stays_whose_it_was():
    ledger = books(users_west=100, nvidia=0)
    pay(ledger, (USERS, NVIDIA, 100))
    for payer, payee in ((NVIDIA, OPENAI), (OPENAI, AWS), (AWS, NVIDIA)):
        pay(ledger, (payer, payee, 40))
    assert held(ledger)[NVIDIA] == [0, 100, 0, 0]
    table = trace(ledger.journal(), ledger.accounts)
    assert table.held.rows() == [("nvidia", "chips", "users_west", 100)]
    assert table.uses.rows() == [
        ("users_west", layer, "contribution", to, cents)
        for layer, to, cents in [
            ("chips", "labs", 40),
            ("cloud", "chips", 40),
            ("labs", "cloud", 40),
            ("users", "chips", 100),
        ]
    ]


def test_shares_along_a_chain_are_those_of_an_absorbing_chain():
    """Hand on fixed shares of what comes in: what each keeps of a source is B = (I - Q)^-1 diag(R)."""
    incomes = {USERS: 9_000_000_01, FUND: 1_234_567_89}
    passed = {CHATGPT: {OPENAI: 0.5, WORLD: 0.3}, OPENAI: {AWS: 0.7, WORLD: 0.25}, AWS: {NVIDIA: 0.6, WORLD: 0.1}}
    ledger = books(users_west=incomes[USERS], fund=incomes[FUND])
    pay(ledger, (USERS, CHATGPT, incomes[USERS]), (FUND, CHATGPT, incomes[FUND]))
    moves = np.zeros((len(NAMED), len(NAMED)))
    for payer, shares in passed.items():
        had = int(ledger.cash[payer])
        pay(ledger, *((payer, payee, round(had * share)) for payee, share in shares.items()))
        for payee, share in shares.items():
            moves[payer, payee] = share
    kept = np.linalg.inv(np.eye(len(NAMED)) - moves) @ np.diag(1 - moves.sum(axis=1))
    for source, cents in incomes.items():
        found = [row[source] for row in held(ledger)]
        assert found == pytest.approx(cents * kept[CHATGPT], abs=4)  # a cent of rounding for each payment on the way
        assert sum(found) == cents


@given(st.data())
def test_splitting_in_columns_is_splitting_row_by_row(data):
    most = data.draw(st.sampled_from([5, 10**9, EXACT - 1, 2**61]))
    width = data.draw(st.integers(1, 9))
    rows = data.draw(st.lists(st.lists(st.integers(0, most // width), min_size=width, max_size=width), max_size=6))
    rows = [row for row in rows if sum(row)]
    cents = [data.draw(st.integers(1, sum(row))) for row in rows]
    had = np.array(rows, dtype=np.int64).reshape(len(rows), width)
    found = in_proportion(had, had.sum(axis=1), whole(cents)).tolist()
    assert found == [split(pay, row, range(width)) for pay, row in zip(cents, rows, strict=True)]


@pytest.mark.parametrize("total", [10**6, 10**15, EXACT - 1, EXACT, 2**61])
def test_splitting_is_exact_where_doubles_and_64_bits_are_not(total):
    dice, width = Random(total), 5
    had = [split(total, [dice.randrange(1, 10**6) for _ in range(width)], range(width)) for _ in range(500)]
    cents = [total - dice.randrange(1, 10**5) for _ in had]
    found = in_proportion(np.array(had), np.full(len(had), total), whole(cents))
    assert found.tolist() == [split(pay, row, range(width)) for pay, row in zip(cents, had, strict=True)]


@settings(deadline=None)
@given(ledgers())
def test_origins_pro_rata_are_those_of_the_definition(ledger):
    assert held(ledger) == slowly(ledger)
    assert np.array(held(ledger)).sum(axis=1).tolist() == ledger.cash.tolist()


@settings(deadline=None)
@given(ledgers(SOME))
def test_origins_first_in_first_out_are_those_of_the_definition(ledger):
    assert held(ledger, "fifo") == by_entry(ledger)


@settings(deadline=None)
@given(ledgers())
def test_nobody_in_a_wave_pays_after_an_earlier_batch_of_it_has_touched_it(ledger):
    paid = payments(ledger.journal())
    cut = list(waves(paid))
    assert [row for rows in cut for row in rows.tolist()] == list(range(len(paid)))
    for wave in (paid.where(rows) for rows in cut):
        for batch in np.unique(wave.batch):
            earlier = wave.where(wave.batch < batch)
            payers = set(wave.credit_account[wave.batch == batch].tolist())
            assert payers.isdisjoint(earlier.credit_account.tolist() + earlier.debit_account.tolist())


@pytest.mark.parametrize("by", CONVENTIONS)
def test_origins_add_up_to_every_balance_after_every_batch(world, by):
    ledger = world.economy.ledger
    origins, cash = Origins(world.accounts, by), np.zeros(len(world.accounts), dtype=np.int64)
    for chunk in ledger.chunks:
        origins.feed(chunk)
        np.add.at(cash, chunk.debit_account[chunk.debit_item == Item.CASH], chunk.cents[chunk.debit_item == Item.CASH])
        gone = chunk.credit_item == Item.CASH
        np.subtract.at(cash, chunk.credit_account[gone], chunk.cents[gone])
        assert (origins.held.sum(axis=1) == cash).all()
        assert origins.held.min() >= 0
    assert cash.tolist() == ledger.cash.tolist()
    assert (origins.held > 0).sum() > 2 * len(cash)  # there is something to tell apart


@pytest.mark.parametrize("by", CONVENTIONS)
def test_a_trace_is_the_same_in_one_piece_and_in_many(world, by):
    ledger = world.economy.ledger
    whole_run, month_by_month = Origins(world.accounts, by), Origins(world.accounts, by)
    journal = ledger.journal()
    carried = whole_run.feed(journal)
    parts = [month_by_month.feed(journal.where(journal.month == month)) for month in range(MONTHS)]
    assert np.array_equal(np.concatenate(parts), carried)
    assert np.array_equal(month_by_month.held, whole_run.held)
    assert np.array_equal(month_by_month.recycled, whole_run.recycled)
    assert carried.sum(axis=1).tolist() == payments(journal).cents.tolist()


@pytest.mark.parametrize("by", CONVENTIONS)
def test_each_source_is_held_spent_or_recycled(world, by):
    found = trace(world.economy.ledger.journal(), world.accounts, by)
    own = {
        row.name: row.name if row.layer not in ("chips", "cloud", "labs", "apps") else "opening"
        for row in world.accounts.rows
    }
    journal = world.economy.ledger.journal()
    opened = journal.where((journal.good == Good.OPENING) & (journal.debit_item == Item.CASH))
    gap: dict[str, int] = {}
    for place, cents in zip(opened.debit_account.tolist(), opened.cents.tolist(), strict=True):
        source = own[world.accounts.names[place]]
        gap[source] = gap.get(source, 0) + cents
    for source, by_whom, cents in found.recycled.rows():
        gap[source] = gap.get(source, 0) - cents
        gap[by_whom] = gap.get(by_whom, 0) + cents
    ends = dict(found.held.group_by("source").agg(pl.col("cents").sum()).rows())
    assert {source: cents for source, cents in gap.items() if cents} == ends


@pytest.mark.parametrize("by", CONVENTIONS)
def test_flows_by_source_are_the_flows_and_a_firms_money_is_what_it_got_less_what_it_paid(world, by):
    ledger = world.economy.ledger
    found = trace(ledger.journal(), world.accounts, by)
    said = Books(world.accounts, ledger.journal(), date(2023, 1, 1))
    ends = ["payer", "payer_layer", "payee", "payee_layer", "good"]
    cents = pl.col("cents").sum()
    assert found.flows.group_by(ends).agg(cents).sort(ends).rows() == (
        flows_frame(said).group_by(ends).agg(cents).sort(ends).rows()
    )
    for firm in ("nvidia", "aws", "openai", "chatgpt"):
        got, paid = (found.flows.filter(pl.col(side) == firm) for side in ("payee", "payer"))
        change: dict[str, int] = {"opening": int(opening_cash(ledger, world.accounts.index[firm]))}
        for rows, sign in ((got, 1), (paid, -1)):
            for source, amount in rows.group_by("source").agg(cents).rows():
                change[source] = change.get(source, 0) + sign * amount
        kept = dict(found.held.filter(pl.col("account") == firm).select("source", "cents").rows())
        assert {source: amount for source, amount in change.items() if amount} == kept
    paid_by_users = found.flows.filter(pl.col("payer_layer") == "users")
    assert paid_by_users["source"].to_list() == paid_by_users["payer"].to_list()


def opening_cash(ledger: Ledger, place: int) -> int:
    first = ledger.journal()
    rows = (first.good == Good.OPENING) & (first.debit_item == Item.CASH) & (first.debit_account == place)
    return int(first.cents[rows].sum())


def test_the_auditors_origins_are_those_that_the_journal_gives(world):
    (auditor,) = (each for each in world.economy.closing if hasattr(each, "origins"))
    replayed = Origins(world.accounts)
    replayed.follow(world.economy.ledger)
    replayed.follow(world.economy.ledger)  # nothing new
    assert np.array_equal(replayed.held, auditor.origins.held)
    assert np.array_equal(replayed.recycled, auditor.origins.recycled)
    assert replayed.batch == auditor.origins.batch == world.economy.ledger.batch


def test_the_two_conventions_differ_and_agree_on_the_balances(world):
    journal = world.economy.ledger.journal()
    one, other = (trace(journal, world.accounts, by).held for by in CONVENTIONS)
    assert not one.equals(other)
    total = pl.col("cents").sum()
    assert (
        one.group_by("account").agg(total).sort("account").equals(other.group_by("account").agg(total).sort("account"))
    )


def test_tracing_changes_nothing(world):
    journal = world.economy.ledger.journal()
    before = journal.rows()
    first = trace(journal, world.accounts)
    assert journal.rows() == before
    assert first.flows.equals(trace(journal, world.accounts).flows)


def test_nothing_traced_is_nothing_held():
    ledger = books()
    found = trace(ledger.journal(), ledger.accounts)
    assert (len(found.held), len(found.flows), len(found.recycled), len(found.uses)) == (0, 0, 0, 0)


@pytest.mark.parametrize("by", CONVENTIONS)
def test_money_out_of_a_credit_line_has_no_origin(by):
    ledger = books(openai=30)
    ledger.credit_line[OPENAI] = 100
    pay(ledger, (OPENAI, AWS, 20), (OPENAI, NVIDIA, 22))
    with pytest.raises(
        ValueError, match="openai pays 12 cents more than it has: origins are not traced through credit"
    ):
        Origins(ledger.accounts, by).follow(ledger)


def test_entries_are_followed_once():
    ledger = books(openai=30)
    origins = Origins(ledger.accounts)
    origins.follow(ledger)
    with pytest.raises(ValueError, match="batch 1 was followed already, up to 1"):
        origins.feed(ledger.journal())


@pytest.mark.parametrize(
    ("by", "cure"),
    [("pro_rata", "Did you mean 'pro-rata'\\?"), ("lifo", "Did you mean 'fifo'\\?"), ("x", "pro-rata, fifo")],
)
def test_a_convention_that_there_is_not_is_refused(by, cure):
    with pytest.raises(ValueError, match=f"unknown convention '{by}'. .*{cure}"):
        Origins(books().accounts, by)
