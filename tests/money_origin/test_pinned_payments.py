"""Money that is pinned: worked examples, laws, and a second computation in fractions."""

from collections import defaultdict
from fractions import Fraction
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.money_origin.origins_by_hand import AWS, CHATGPT, FUND, NVIDIA, OPENAI, USERS, WORLD, books, pay
from tests.worlds.rough import on_rough
from tests.worlds.turbulence import TURBULENT
from watersellers import run
from watersellers.agents.shadows.shadow_payments import SHADOWS
from watersellers.market.goods import CHAIN, Good
from watersellers.market.money_origin.origins import payments
from watersellers.market.money_origin.pinned_payments import ANYBODY, FIRST_MONTHS, input_shares

FIRMS = {NVIDIA: "chips", AWS: "cloud", OPENAI: "labs", CHATGPT: "apps"}


def shares(ledger, *shadows):
    """Input share and ceiling share by month and layer."""
    rows = pl.DataFrame(list(shadows), schema=SHADOWS, orient="row")
    table = input_shares(ledger.journal(), ledger.accounts, rows)
    return {(month, layer): (pinned, held) for month, layer, _, pinned, held in table.iter_rows()}


def test_what_firms_pass_on_is_pinned_as_far_as_what_they_had():
    ledger = books(users_west=900, aws=100)
    ledger.clock.turn(0, 8)
    pay(ledger, (USERS, AWS, 100), good=Good.SEATS)
    ledger.clock.turn(1, 8)
    pay(ledger, (USERS, AWS, 300), good=Good.SEATS)  # its shadow 60, and a ceiling holds half of it
    pay(ledger, (AWS, NVIDIA, 50), good=Good.ACCELERATORS)  # of 500, of which 260 are pinned and 150 held
    found = shares(ledger, (1, USERS, ANYBODY, "seats", 60, 0.5))
    assert found == {(0, "cloud"): (1.0, None), (1, "cloud"): (0.2, 0.5), (1, "chips"): (0.52, 0.3)}


def test_a_shadow_of_what_is_paid_at_intervals_counts_later_and_any_other_does_not():
    ledger = books(fund=900, users_west=900)
    for month, (rounds, seats) in enumerate([(1, 1), (0, 20), (100, 80)]):
        ledger.clock.turn(month, 8)
        pay(ledger, *[(FUND, OPENAI, rounds)] * (rounds > 0), *[(USERS, CHATGPT, seats)], good=Good.SHARES)
    # shares are no sales, so a lab that passes its money on shows what it got
    ledger.clock.turn(3, 8)
    pay(ledger, (OPENAI, AWS, 101), good=Good.HOURS)
    rows = [(month, FUND, OPENAI, "capital", 60, 0.0) for month in (1, 2)]
    assert {layer for _, layer in shares(ledger, *rows)} == {"cloud"}
    assert shares(ledger, *rows)[3, "cloud"] == (1.0, 0.0)  # 1 of the first month, and 100 of the 120 of two shadows
    assert shares(ledger, *rows[1:])[3, "cloud"] == (pytest.approx(61 / 101), 0.0)


def test_seats_of_a_month_are_pinned_up_to_the_shadow_of_that_month():
    ledger = books(users_west=900)
    for month, cents in enumerate((1, 20, 80)):
        ledger.clock.turn(month, 8)
        pay(ledger, (USERS, CHATGPT, cents), good=Good.SEATS)
    found = shares(ledger, *((month, USERS, ANYBODY, "seats", 50, 0.0) for month in (1, 2)))
    assert [found[month, "apps"][0] for month in range(3)] == [1.0, 1.0, 50 / 80]


def test_a_payment_without_a_shadow_has_the_mean_of_the_first_months():
    ledger = books(world=900)
    for month, cents in enumerate((10, 20, 30, 100)):
        ledger.clock.turn(month, 8)
        pay(ledger, (WORLD, CHATGPT, cents), good=Good.TRANSACTIONS)
    found = shares(ledger)
    assert [found[month, "apps"][0] for month in range(4)] == [1.0, 1.0, 20 / 30, 20 / 100]


@pytest.mark.parametrize("first", [0, 1, 2])
@pytest.mark.parametrize("months", [2, 3, 5])
def test_what_is_always_the_same_is_pinned_however_short_the_run_is_and_whenever_it_begins(first, months):
    ledger = books(world=900)
    for month in range(months):
        ledger.clock.turn(month, 8)
        pay(ledger, (WORLD, AWS, 1), *[(WORLD, CHATGPT, 100)] * (month >= first), good=Good.TRANSACTIONS)
    found = shares(ledger)
    assert [found[month, "apps"][0] for month in range(first, months)] == [1.0] * max(0, months - first)


def test_money_of_a_payer_that_buys_of_two_is_pinned_pro_rata_and_to_the_cent():
    ledger = books(users_west=900)
    ledger.clock.turn(1, 8)
    pay(ledger, (USERS, CHATGPT, 33), (USERS, OPENAI, 67), good=Good.SEATS)
    found = shares(ledger, (1, USERS, ANYBODY, "seats", 50, 0.0))
    assert found[1, "apps"][0] * 33 + found[1, "labs"][0] * 67 == pytest.approx(50)
    assert found[1, "apps"][0] == pytest.approx(16 / 33, abs=1 / 33)


# A second computation, in fractions of cents

type Mixes = defaultdict[Any, list[Fraction]]  # all cents, those that are pinned, those that a ceiling holds

PAID = st.tuples(st.sampled_from([WORLD, USERS, FUND, *FIRMS]), st.sampled_from(list(FIRMS)), st.integers(1, 10**6))


@st.composite
def economies(draw):
    """Books of some months, and shadows of what users pay for seats."""
    ledger = books(world=10**12, users_west=10**12, fund=10**12, nvidia=10**6, aws=draw(st.integers(0, 10**6)))
    for month in range(draw(st.integers(1, 4))):
        ledger.clock.turn(month, 8)
        for payer, payee, cents in draw(st.lists(PAID, max_size=8)):
            cash = int(ledger.cash[payer])
            if payer != payee and min(cents, cash) > 0:
                good = Good.SEATS if payer == USERS else Good.TRANSACTIONS
                pay(ledger, (payer, payee, min(cents, cash)), good=good)
    usual = draw(st.lists(st.integers(0, 10**6), min_size=4, max_size=4))
    held = draw(st.lists(st.floats(0, 1), min_size=4, max_size=4))
    return ledger, [(m, USERS, ANYBODY, "seats", usual[m], held[m]) for m in range(4)]


def slowly(ledger, shadows):
    """Input share and ceiling share by the definition alone, each payment by itself, in fractions."""
    paid = payments(ledger.journal())
    ends = (paid.month, paid.credit_account, paid.debit_account, paid.cents)
    rows = list(zip(*(column.tolist() for column in ends), strict=True))
    usual = {month: (cents, Fraction(held)) for month, _, _, _, cents, held in shadows}
    totals: defaultdict[tuple[int, ...], int] = defaultdict(int)
    first: defaultdict[tuple[int, int], list[tuple[int, int]]] = defaultdict(list)
    lived = min(FIRST_MONTHS, 1 + int(ledger.journal().month.max(initial=0)))
    for month, payer, payee, cents in rows:
        totals[month, payer] += cents
        first[payer, payee] += [(month, cents)] * (month < FIRST_MONTHS)
        totals[month, payer, payee] += cents
    cash: Mixes = defaultdict(lambda: [Fraction(0)] * 3)
    for chunk in ledger.chunks:
        if chunk.good[0] == Good.OPENING:
            cash[int(chunk.debit_account[0])] = [Fraction(int(chunk.cents[0]))] * 2 + [Fraction(0)]
    got: Mixes = defaultdict(lambda: [Fraction(0)] * 3)
    for month, payer, payee, cents in rows:
        if payer in FIRMS:
            part = [kind * cents / cash[payer][0] for kind in cash[payer]]
            cash[payer] = [kind - gone for kind, gone in zip(cash[payer], part, strict=True)]
        else:
            begun = first[payer, payee]
            mean = sum(pay for _, pay in begun) // (lived - begun[0][0]) if begun else 0
            most, held = usual[month] if payer == USERS else (mean, Fraction(0))
            total = totals[month, payer] if payer == USERS else totals[month, payer, payee]
            pinned = Fraction(total if month == 0 else min(total, most), total)
            part = [Fraction(cents), cents * pinned, cents * held]
        cash[payee] = [had + more for had, more in zip(cash[payee], part, strict=True)]
        got[month, FIRMS[payee]] = [had + more for had, more in zip(got[month, FIRMS[payee]], part, strict=True)]
    return got


@settings(max_examples=200)
@given(economies())
def test_shares_are_those_of_the_definition_but_for_rounding(economy):
    ledger, shadows = economy
    found, slow = shares(ledger, *shadows), slowly(ledger, shadows)
    assert set(found) == set(slow)
    for place, (total, pinned, held) in slow.items():
        cents = 2 * len(ledger.chunks)  # each payment is rounded to whole cents
        assert found[place][0] * int(total) == pytest.approx(float(pinned), abs=cents)
        assert found[place][1] is None or found[place][1] * int(total) == pytest.approx(float(held), abs=cents)
        assert (found[place][1] is None) == (place[0] == 0)


@given(economies(), st.integers(0, 10**6))
def test_more_of_a_shadow_never_pins_less(economy, more):
    ledger, shadows = economy
    before = shares(ledger, *shadows)
    after = shares(ledger, *((*row[:4], row[4] + more, row[5]) for row in shadows))
    for place, (pinned, _) in before.items():
        assert after[place][0] >= pinned - 1e-3


# Whole worlds


@pytest.mark.parametrize("name", ["turbulent", "generation", "hosts", "older_pages", "fleet_loans", "survival"])
def test_in_the_first_month_everything_is_an_input_and_later_shares_are_shares(name):
    scenario = TURBULENT if name == "turbulent" else on_rough(name)
    layers = run(scenario, seed=2, users=60, months=10).layers.filter(pl.col("layer").is_in(CHAIN))
    first = layers.filter(pl.col("month") == pl.col("month").min(), pl.col("input_share").is_not_null())
    assert len(first)
    assert first["input_share"].to_list() == [1.0] * len(first)
    for column in ("input_share", "ceiling_share"):
        values = layers[column].drop_nulls()
        assert len(values)
        assert values.is_between(0, 1).all()
    outside = pl.col("external_revenue") <= pl.col("revenue")
    assert layers.select(outside.all()).item()
