"""Each invariant of the books bites: a small economy runs clean, and each way of breaking it names what fails."""

import pytest

from tests.books.invariant_mutations import MUTATIONS
from tests.books.small_economy import CLOUD, WORLD, Economy, after_close
from watersellers.market.audit.invariants import InvariantBroken, enforce
from watersellers.market.chart_of_accounts import Item


def run(economy: Economy, months: int) -> None:
    for month in range(economy.ledger.clock.month, economy.ledger.clock.month + months):
        economy.live(month)
        economy.check()


def test_an_economy_left_alone_passes_every_month():
    economy = Economy()
    run(economy, 6)
    assert economy.ledger.owed(Item.PAYABLES)  # it has arrears, deposits, stocks and wear to check
    assert economy.ledger.owed(Item.PREPAYMENTS)
    assert economy.ledger.totals[CLOUD, Item.FLEET] > 0


@pytest.mark.parametrize("mutation", MUTATIONS, ids=lambda mutation: mutation.__name__)
def test_breaking_a_law_stops_the_run_and_names_it(mutation, monkeypatch):
    economy = Economy()
    run(economy, 2)
    economy.ledger.clock.month += 1
    mutation(economy, monkeypatch)
    with pytest.raises(InvariantBroken) as broken:
        run(economy, 3)
    assert broken.value.invariant == MUTATIONS[mutation], broken.value


def test_the_sentence_says_which_month_whose_books_and_how_much(monkeypatch):
    economy = Economy()
    run(economy, 1)
    economy.ledger.clock.month = 1
    after_close(economy, monkeypatch, lambda: economy.ledger.totals.__setitem__((WORLD, Item.CASH), 10**9))
    with pytest.raises(InvariantBroken) as broken:
        run(economy, 1)
    message = str(broken.value)
    assert message.startswith("I1 does not hold in month 1 (2023-02): all cash is ")
    assert "at the opening 7060000" in message
    # by the journal the world has 100 + 2 x (3,000 for chips + 5 deposited - 3 for tokens) - 5 prepaid = 6,099 dollars
    assert message.endswith("not received from or paid to anybody: world 999390100 cents"), message


def test_a_check_of_ones_own_is_one_function_more():
    def never_negative(units: int) -> str | None:
        return f"{units} machines in stock" if units < 0 else None

    enforce([("I5", never_negative)], 0, 3, None)
    with pytest.raises(InvariantBroken, match="I5 does not hold in month 3: -1 machines in stock"):
        enforce([("I5", never_negative)], -1, 3, None)
