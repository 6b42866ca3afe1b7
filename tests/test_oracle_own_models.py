"""The slow reference agrees where apps serve an open model themselves, on rented hours and machines of their own."""

from dataclasses import replace

import pytest

from tests.oracle.books import CHIP_STOCK, COST_OF_SALES, FLEET, GOOD, JournalRow
from tests.test_oracle import changed, compare, goods_in, names, numbered, small
from watersellers.agents.setting import Event, Member, Setting
from watersellers.agents.strategies.hosting import ApiOnly, BreakEven, OwnMachines, OwnModel, RentHours


def making(setting: Setting, *menu: object, owning: object) -> Setting:
    """Give a world's apps the rules of a menu by turns, and something to serve to many."""

    def change(app: Member) -> Member:
        return replace(app, strategies={**app.strategies, "hosting": menu[app.key % len(menu)], "owning": owning})

    known = changed(setting, numbered(opening_known=0.7, host_team=20_000.0, build_lag=1.0), ("apps",))
    return changed(changed(known, change, ("apps",)), numbered(outside=0.5), ("users",))


def of_apps(rows: list[JournalRow], setting: Setting, good: str, item: int) -> list[JournalRow]:
    apps = {names(setting).index(app.name) for app in setting.groups["apps"]}
    return [row for row in rows if row[3] in apps and row[4] == item and row[8] == GOOD[good]]


@pytest.mark.parametrize("seed", [1, 5, 11])
def test_apps_that_rent_hours_for_an_open_model(seed):
    setting = making(small(seed=seed), OwnModel(), BreakEven(), ApiOnly(), owning=RentHours())
    told = Event(2, "set", "", "labs.open_weights", 1.0, "")
    rows = compare(replace(setting, events=(told,)), 60, seed, 8)
    assert of_apps(rows, setting, "hours", COST_OF_SALES)
    assert not of_apps(rows, setting, "accelerators", CHIP_STOCK)


@pytest.mark.parametrize("seed", [3, 6])
def test_apps_that_own_machines_for_an_open_model(seed):
    setting = changed(small(seed=seed, months=12), numbered(open_weights=1.0), ("labs",))
    setting = changed(setting, numbered(opening_wait=0.0, opening_capacity=90_000.0), ("chips",))
    setting = making(setting, OwnModel(), BreakEven(), owning=OwnMachines())
    rich = changed(setting, numbered(opening_cash=4e8, staff=1e5), ("apps",))
    told = Event(8, "set", "", "apps.staff", 3e8, "")  # some are wound up, machines and all
    rows = compare(replace(rich, events=(told,)), 60, seed, 12)
    assert of_apps(rows, rich, "accelerators", CHIP_STOCK)
    assert of_apps(rows, rich, "building", FLEET)
    assert of_apps(rows, rich, "power", COST_OF_SALES)
    assert {"wear", "salvage"} <= goods_in(rows)


def test_models_that_are_short_of_hours():
    setting = changed(small(seed=4), numbered(open_weights=1.0), ("labs",))
    few = changed(setting, numbered(opening_hours=2_000.0), ("cloud",))
    busy = making(few, OwnModel(), owning=RentHours())
    assert of_apps(compare(busy, 60, 4, 6), busy, "hours", COST_OF_SALES)
