"""The origins of money in any ledger are those of the definition, and in a run they add up to every balance."""

from datetime import date
from random import Random

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.money_origin.origins_by_hand import NAMED, books, by_entry, held, pay, slowly
from watersellers.experiments.runs.world import World
from watersellers.market.accounting.journal_tables import Books, flows_frame
from watersellers.market.accounting.ledger import Ledger
from watersellers.market.chart_of_accounts import Item
from watersellers.market.exact import split, whole
from watersellers.market.goods import Good
from watersellers.market.money_origin.origins import CONVENTIONS, EXACT, Origins, in_proportion, payments, waves
from watersellers.market.money_origin.tracing import trace

MONTHS = 8
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


@given(ledgers())
def test_origins_pro_rata_are_those_of_the_definition(ledger):
    assert held(ledger) == slowly(ledger)
    assert np.array(held(ledger)).sum(axis=1).tolist() == ledger.cash.tolist()


@given(ledgers(SOME))
def test_origins_first_in_first_out_are_those_of_the_definition(ledger):
    assert held(ledger, "fifo") == by_entry(ledger)


@given(ledgers())
def test_nobody_in_a_wave_pays_after_an_earlier_batch_of_it_has_touched_it(ledger):
    paid = payments(ledger.journal())
    cut = list(waves(paid.credit_account, paid.debit_account, paid.batch))
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
    from_journal = Books(world.accounts, ledger.journal(), date(2023, 1, 1))
    ends = ["payer", "payer_layer", "payee", "payee_layer", "good"]
    cents = pl.col("cents").sum()
    assert found.flows.group_by(ends).agg(cents).sort(ends).rows() == (
        flows_frame(from_journal).group_by(ends).agg(cents).sort(ends).rows()
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
    (auditor,) = (each for each in world.economy.close if hasattr(each, "origins"))
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
