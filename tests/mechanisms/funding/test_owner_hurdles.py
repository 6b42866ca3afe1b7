"""Owners who ask for a return: what the stake has to be worth, who stops paying, and who is paid again."""

from datetime import date
from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.worlds.rough import on_rough
from tests.worlds.theory_chain import quick
from tests.worlds.turbulence import simulate, turbulent
from watersellers import run
from watersellers.agents.finance.owner_hurdles import OwnerHurdles, asked_worth, hazard
from watersellers.market.chance import Chance

MONEY = st.floats(0, 1e9)


@quick
@given(st.floats(0.001, 0.2), st.floats(1, 1e9), st.lists(MONEY, min_size=1, max_size=20))
def test_the_stake_has_to_be_worth_what_the_money_would_have_become_elsewhere(hurdle, at_first, paid):
    asked = at_first
    for put_in in paid:
        asked = asked_worth(asked, put_in, 0.0, hurdle)
    months = len(paid)
    elsewhere = at_first * (1 + hurdle) ** months
    elsewhere += sum(put_in * (1 + hurdle) ** (months - 1 - number) for number, put_in in enumerate(paid))
    assert asked == pytest.approx(elsewhere)


def test_a_stake_worth_what_is_asked_has_returned_the_hurdle():
    """Pay 100, 50 and 50, get 30 back: at the worth that is asked the internal rate of return is the hurdle."""
    asked = 100.0
    for put_in, received in ((50.0, 0.0), (50.0, 0.0), (0.0, 30.0)):
        asked = asked_worth(asked, put_in, received, 0.03)
    flows = [-100.0, -50.0, -50.0, 30.0 + asked]
    factors = np.roots(flows)
    rates = [root.real - 1 for root in factors if abs(root.imag) < 1e-9 and root.real > 0]
    assert rates == [pytest.approx(0.03)]


def test_owners_stop_sooner_the_fewer_of_their_rivals_pay():
    assert hazard(12, 1.0, []) == pytest.approx(1 / 12)
    assert hazard(12, 1.0, [False, False]) == pytest.approx(1 / 12)
    assert hazard(12, 1.0, [True, False]) == pytest.approx(1 / 18)
    assert hazard(12, 1.0, [True, True]) == pytest.approx(1 / 24)
    assert hazard(12, 0.0, [True, True]) == pytest.approx(1 / 12)
    assert hazard(1, 0.0, []) == 1.0


def contributions(result, firm):
    """Months in which owners pay for a firm."""
    paid = result.flows.filter((pl.col("good") == "contribution") & (pl.col("payee") == firm))
    return set(paid["month"].to_list())


def asking(**world):
    """Sixteen months of the reference world in which owners ask for returns."""
    return run("plain", months=16, users=80, set={f"world.{name}": value for name, value in world.items()})


@pytest.fixture(scope="module")
def strict():
    return asking(owner_hurdle=0.05, owner_patience=3, owner_rivalry=0)


def test_who_returns_too_little_is_paid_no_more_until_it_is_resumed(strict):
    stopped = strict.events.filter(what="grants_stopped")
    assert stopped["text"].to_list()[0].startswith("The owner of ")
    assert stopped["who"].n_unique() > 3
    assert not paid_while_stopped(strict)


def paid_while_stopped(result):
    """Firms and months in which an owner paid though it had stopped and not yet taken up its grants again."""
    resumed = list(result.events.filter(what="grants_resumed").select("who", "month").iter_rows())
    found = []
    for firm, since in result.events.filter(what="grants_stopped").select("who", "month").iter_rows():
        until = min([month for who, month in resumed if who == firm and month > since], default=date.max)
        found += [(firm, month) for month in contributions(result, firm) if since <= month < until]
    return found


def test_they_do_not_all_stop_in_one_month(strict):
    assert strict.events.filter(what="grants_stopped")["month"].n_unique() > 2


def test_owners_who_are_patient_pay_more(strict):
    def paid(result):
        return result.flows.filter(pl.col("good") == "contribution")["cents"].sum()

    patient, rivals = (
        asking(owner_hurdle=0.05, owner_patience=60, owner_rivalry=0),
        asking(owner_hurdle=0.05, owner_patience=3, owner_rivalry=50),
    )
    assert paid(strict) < paid(patient)
    assert paid(strict) < paid(rivals)


def test_owners_who_ask_for_little_stop_for_fewer_months(strict):
    """What they pay in all may be the same: who takes up its grants again pays the bills of the months between, too."""
    modest, unasked = asking(owner_hurdle=1e-9, owner_patience=3, owner_rivalry=0), asking()
    assert stopped_months(strict) > stopped_months(modest) > stopped_months(unasked) == 0


def stopped_months(result):
    """Months of all firms together in which their owners had stopped."""
    changes = {"grants_stopped": 1, "grants_resumed": -1}
    events = result.events.filter(pl.col("what").is_in(list(changes))).with_columns(
        by=pl.col("what").replace_strict(changes)
    )
    now = pl.DataFrame({"month": sorted(result.firms["month"].unique())})
    counted = now.join(events.group_by("month").agg(pl.col("by").sum()), on="month", how="left")
    return counted["by"].fill_null(0).cum_sum().sum()


def test_grants_are_taken_up_again_when_the_hurdle_goes():
    event = {"month": "2023-10", "what": "set", "path": "world.owner_hurdle", "value": 0}
    lived = run(on_rough("owner_hurdle") | {"event": [event]}, months=14, users=40)
    resumed = lived.events.filter(what="grants_resumed", month=date(2023, 10, 1))["who"].to_list()
    assert resumed
    assert any(month >= date(2023, 10, 1) for firm in resumed for month in contributions(lived, firm))
    assert not paid_while_stopped(lived)


def test_what_was_put_in_raises_what_is_asked_and_the_owners_part_of_dividends_lowers_it():
    """An owner has three of four shares of a firm worth 100; it puts in 10, and the firm pays out 40 in all."""
    firm: Any = SimpleNamespace(
        account=3,
        key=5,
        name="firm",
        owner="owner",
        layer="labs",
        region="west",
        alive=True,
        withheld=False,
        left_by_owner=False,
        traits=SimpleNamespace(owner_funds=1.0),
        withhold=lambda stops: None,
    )
    registers: Any = SimpleNamespace(
        account_id=lambda name: 9,
        numbers={"owner_hurdle": 0.1, "owner_patience": 12.0, "owner_rivalry": 0.0},
        shares=SimpleNamespace(held={(9, 3): 3}, issued={3: 4}),
        last=SimpleNamespace(dividends={3: 40_00}),
    )
    investors: Any = SimpleNamespace(
        pools=["one", "other"], value=lambda firm, pool, cash, chance: 90 + 20 * (pool == "one")
    )
    hurdles, ledger = OwnerHurdles([firm], investors, registers), cast("Any", SimpleNamespace(cash={3: 0}))
    hurdles.decide({}, ledger, Chance(1, 0))
    assert hurdles.asked == {3: 75.0}
    hurdles.decide({3: 10_00}, ledger, Chance(1, 1))
    assert hurdles.asked == {3: pytest.approx(75 * 1.1 + 10 - 30)}


def test_dividends_of_last_month_are_those_that_were_paid():
    world = simulate(turbulent())
    paid = world.result().flows.filter(pl.col("good") == "dividend")
    last = paid.filter(pl.col("month") == paid["month"].max()).group_by("payer").agg(pl.col("cents").sum())
    registers = world.parts.registers
    noted = {name: int(registers.last.dividends[code]) for code, name in enumerate(registers.accounts.names)}
    assert {name: cents for name, cents in noted.items() if cents} == dict(last.iter_rows())


@pytest.mark.parametrize(("owners", "stopped"), [(("one", "one"), [False, False]), (("one", "other"), [True, False])])
def test_an_owner_stops_for_a_firm_only_while_all_its_firms_lack_worth_together(owners, stopped):
    """The first firm lost half of its worth, the second trebled it; every owner that lacks worth stops at once."""
    stops: dict[int, bool] = {}

    def firm(account: int, owner: str) -> Any:
        own = SimpleNamespace(account=account, key=account, name=f"{account}", owner=owner, layer="labs", region="west")
        own.alive, own.withheld, own.left_by_owner, own.traits = True, False, False, SimpleNamespace(owner_funds=1.0)
        own.withhold = lambda withheld: stops.update({account: withheld})
        return own

    worth = {3: 100.0, 4: 100.0}
    registers: Any = SimpleNamespace(
        account_id=lambda name: 9,
        numbers={"owner_hurdle": 0.01, "owner_patience": 1.0, "owner_rivalry": 0.0},
        shares=SimpleNamespace(held={(9, 3): 1, (9, 4): 1}, issued={3: 1, 4: 1}),
        last=SimpleNamespace(dividends={3: 0, 4: 0}),
    )
    investors: Any = SimpleNamespace(pools=["pool"], value=lambda firm, pool, cash, chance: worth[firm.account])
    hurdles = OwnerHurdles([firm(3, owners[0]), firm(4, owners[1])], investors, registers)
    ledger = cast("Any", SimpleNamespace(cash={3: 0, 4: 0}))
    hurdles.decide({}, ledger, Chance(1, 0))
    worth |= {3: 50.0, 4: 300.0}
    hurdles.decide({}, ledger, Chance(1, 1))
    assert [stops[3], stops[4]] == stopped
