"""The model and the oracle, which was written from the decision log alone, keep the same journal to the last cent."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from tests import oracle
from tests.oracle.books import GOODS, ITEMS, JournalRow
from watersellers import Size, load_scenario, synthetic
from watersellers.agents.setting import Event, Member, Setting
from watersellers.agents.strategies.pricing import BestResponse
from watersellers.experiments.world import World

COLUMNS = (
    "month", "phase", "batch", "debit_account", "debit_item", "credit_account", "credit_item", "counterparty",
    "good", "quantity", "price", "cents",
)  # fmt: skip
CHAIN = ("chips", "cloud", "labs", "apps")
SMALL_WORLDS = [
    (Size(chips=3, cloud=3, labs=3, apps=7, china=0.5, spread=0.4, mixed=True), 36, 6),
    (Size(chips=1, cloud=1, labs=3, apps=4, china=0.0, partners=2, mixed=True), 31, 8),
    (Size(chips=3, cloud=2, labs=4, apps=3, china=0.3, partners=2, mixed=True), 47, 8),
    (Size(chips=3, cloud=4, labs=2, apps=2, china=0.3, mixed=True), 51, 5),
    (Size(chips=1, cloud=3, labs=3, apps=2, china=0.5, mixed=True), 79, 8),
    (Size(chips=2, cloud=1, labs=3, apps=4, china=1.0, spread=0.4, mixed=True), 68, 6),
    (Size(chips=3, cloud=1, labs=3, apps=1, china=0.3, partners=1, spread=0.4, mixed=True), 53, 6),
    (Size(chips=2, cloud=4, labs=2, apps=5, china=0.3, spread=0.4, mixed=True), 32, 7),
    (Size(chips=3, cloud=4, labs=3, apps=4, china=0.5, spread=0.4, mixed=True), 55, 8),
    (Size(chips=1, cloud=2, labs=4, apps=3, china=0.5, partners=1, spread=0.4, mixed=True), 43, 7),
    (Size(chips=3, cloud=3, labs=3, apps=6, china=0.3, mixed=True), 100, 4),
    (Size(chips=2, cloud=3, labs=3, apps=8, china=0.4, spread=0.0), 90, 8),
]
MIXED = Size(chips=2, cloud=3, labs=3, apps=5, china=0.4, spread=0.3, mixed=True)


def journal(setting: Setting, users: int, seed: int, months: int, **how: Any) -> list[JournalRow]:
    """Live the model and take its journal row by row."""
    world = World(setting, rng=seed, months=months, users=users, **how)
    for _ in range(months):
        world.step()
    columns = world.economy.ledger.journal()
    return list(zip(*(getattr(columns, name).tolist() for name in COLUMNS), strict=True))


def names(setting: Setting) -> list[str]:
    """The accounts in the order of their places (3.1)."""
    outside = [(1, "world"), (2, "older_businesses"), (3, "lenders")]
    sectors = ("users", "enterprises", "advertisers")
    regions = [(member.key, f"{sector}_{member.name}") for sector in sectors for member in setting.groups[sector]]
    firms = [(member.key, member.name) for group in ("investors", *CHAIN) for member in setting.groups[group]]
    pages = [(10**9 + app.key, f"{app.name}_pages") for app in setting.groups["apps"] if app.numbers["opening_pages"]]
    return [name for _, name in sorted([*outside, *regions, *firms, *pages])]


def in_words(row: JournalRow | None, accounts: list[str]) -> str:
    if row is None:
        return "nothing: the journal ends"
    debit, debit_item, credit, credit_item, counterparty, good, quantity, price, cents = row[3:]
    other = "" if counterparty < 0 else f", counterparty {accounts[counterparty]}"
    return (
        f"month {row[0]}, phase {row[1]}, batch {row[2]}: debit {accounts[debit]} {ITEMS[debit_item]}, "
        f"credit {accounts[credit]} {ITEMS[credit_item]}{other}, {GOODS[good]}, "
        f"quantity {quantity}, price {price}, {cents} cents"
    )


def first_difference(model: list[JournalRow], page: list[JournalRow], accounts: list[str]) -> str:
    """Say where two journals part; nothing if they do not."""
    for number in range(max(len(model), len(page))):
        ours = model[number] if number < len(model) else None
        theirs = page[number] if number < len(page) else None
        if ours != theirs:
            return f"row {number}\n  model:  {in_words(ours, accounts)}\n  oracle: {in_words(theirs, accounts)}"
    return ""


def compare(setting: Setting, users: int, seed: int, months: int) -> list[JournalRow]:
    model, page = journal(setting, users, seed, months), oracle.run(setting, users, seed, months)
    if difference := first_difference(model, page, names(setting)):
        pytest.fail(difference)
    return page


def goods_in(rows: list[JournalRow]) -> set[str]:
    return {GOODS[row[8]] for row in rows}


def changed(setting: Setting, change: Callable[[Member], Member], groups: tuple[str, ...] = CHAIN) -> Setting:
    """The setting with every member of these groups changed."""
    new = {group: tuple(change(member) for member in setting.groups[group]) for group in groups}
    return replace(setting, groups={**setting.groups, **new})


def numbered(**numbers: float) -> Callable[[Member], Member]:
    """Set these numbers of a member, where it has them."""

    def change(member: Member) -> Member:
        known = {name: value for name, value in numbers.items() if name in member.numbers}
        return replace(member, numbers={**member.numbers, **known})

    return change


def small(size: Size = MIXED, seed: int = 7, months: int = 8) -> Setting:
    return load_scenario(synthetic(size, seed=seed, months=months))


@pytest.mark.parametrize("number", range(len(SMALL_WORLDS)))
def test_small_worlds(number):
    size, users, months = SMALL_WORLDS[number]
    compare(small(size, seed=100 + number, months=months), users, number + 1, months)


def test_reference_world():
    compare(load_scenario("baseline"), 60, 1, 48)


@pytest.mark.parametrize("seed", [1, 2, 5])
def test_firms_without_money_are_wound_up(seed):
    poor = changed(small(seed=seed), numbered(opening_cash=0.0, owner_funds=0.0, site_cost=8.0))
    dry = changed(poor, numbered(opening_cash=0.0, inflow_low=0.0, inflow_high=0.0), ("investors",))
    rows = compare(dry, 50, seed, 8)
    assert {"salvage", "write_off", "arrears"} <= goods_in(rows)


@pytest.mark.parametrize("group", CHAIN)
def test_a_firm_that_comes_later(group):
    setting = small(seed=11)
    last = setting.groups[group][-1].name
    later = changed(setting, lambda member: replace(member, enters=2) if member.name == last else member, (group,))
    place = names(later).index(last)
    rows = compare(later, 60, 5, 7)
    assert any(row[0] == 2 and row[1] == 11 and row[5] == place for row in rows)


def test_events():
    told = [
        (1, "world.own_use_high", 0.2),
        (2, "chips.unit_cost", 20_000.0),
        (3, "apps.apps_1.ad_load", 0.5),
        (3, "users.outside", 1.0),
        (4, "cloud.owner_funds", 200_000_000.0),
    ]
    events = tuple(Event(month, "set", "", path, value, "") for month, path, value in told)
    setting = small(seed=13)
    with_events = compare(replace(setting, events=events), 60, 3, 7)
    assert with_events != oracle.run(setting, 60, 3, 7)


def test_open_weights():
    setting = small(seed=2)
    events = (Event(3, "set", "", "labs.open_weights", 1.0, ""),)
    given_away = compare(replace(setting, events=events), 60, 4, 7)
    assert given_away != oracle.run(setting, 60, 4, 7)


def test_rich_owners_and_dividends():
    numbers = {
        "owner_funds": 300_000_000.0,
        "older_revenue": 1_000_000_000.0,
        "payout": 0.7,
        "ad_load": 0.3,
        "opening_known": 1.0,
    }
    rows = compare(changed(small(seed=6), numbered(**numbers)), 80, 9, 8)
    assert {"contribution", "dividend", "attention", "deposit", "building"} <= goods_in(rows)


def test_fleets_that_will_not_earn_their_book_value_back_are_written_down():
    testing = numbered(impairment=1.0, rent_decline=0.05, owner_funds=300_000_000.0)
    rows = compare(changed(small(seed=5), testing, ("cloud",)), 60, 3, 8)
    assert {"impairment", "wear", "building"} <= goods_in(rows)


@pytest.mark.parametrize("world_cash", [0.0, 10_000_000.0, 20_000_000_000.0])
def test_a_poor_world_pays_what_it_has(world_cash):
    owned = changed(small(seed=23), numbered(owner_funds=300_000_000.0, opening_cash=0.0))
    compare(replace(owned, numbers={**owned.numbers, "world_cash": world_cash}), 40, 6, 6)


def test_an_app_that_was_free_answers_the_best_price():
    setting = small(Size(chips=1, cloud=1, labs=1, apps=3, china=0.0, mixed=True), seed=29)
    pricing = {"pricing": BestResponse()}
    # nobody takes a seat at first, and the next price is 0: unit costs are 0 where no lab is there
    dear = changed(setting, numbered(list_price=10_000.0, opening_known=1.0), ("apps",))
    apart = changed(dear, lambda app: replace(app, strategies={**app.strategies, **pricing}), ("apps",))
    late = changed(apart, lambda lab: replace(lab, enters=6), ("labs",))
    compare(late, 60, 2, 8)


def test_a_difference_is_told_in_words():
    setting = small()
    rows = oracle.run(setting, 40, 1, 1)
    other = [*rows[:9], (*rows[9][:11], rows[9][11] + 1), *rows[10:]]
    assert not first_difference(rows, rows, names(setting))
    told = first_difference(rows, other, names(setting))
    assert told.startswith("row 9\n  model:  month 0, phase ")
    assert f", {rows[9][11]} cents" in told
    assert f", {rows[9][11] + 1} cents" in told
    assert "the journal ends" in first_difference(rows, rows[:-1], names(setting))
