"""Money keeps its origins, by hand: to the cent in every account after every batch, whatever the convention."""

import numpy as np
import pytest

from tests.money_origin.origins_by_hand import AWS, CHATGPT, FUND, NAMED, NVIDIA, OPENAI, USERS, WORLD, books, held, pay
from watersellers.market.money_origin.origins import CONVENTIONS, Origins
from watersellers.market.money_origin.tracing import trace


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


def test_an_empty_trace_holds_nothing():
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
def test_an_unknown_convention_is_refused_with_a_cure(by, cure):
    with pytest.raises(ValueError, match=f"unknown convention '{by}'. .*{cure}"):
        Origins(books().accounts, by)
