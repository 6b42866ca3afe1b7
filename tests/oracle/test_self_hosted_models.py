"""The oracle agrees with the model where apps serve an open model themselves, on rented or own machines."""

from dataclasses import replace

import pytest

from tests.oracle.comparison import at_once, changed, compare, goods_in, names, numbered, small
from tests.oracle.economy.books import CHIP_STOCK, COST_OF_SALES, FLEET, GOOD, JournalRow
from watersellers.agents.scenario_spec import Event, ParticipantSpec, ScenarioSpec
from watersellers.agents.strategies.hosting import ApiOnly, BreakEven, OwnMachines, OwnModel, RentHours


def making(spec: ScenarioSpec, *menu: object, owning: object) -> ScenarioSpec:
    """Give the apps of a world the strategies of a menu in turn, and many users."""

    def change(app: ParticipantSpec) -> ParticipantSpec:
        return replace(app, strategies={**app.strategies, "hosting": menu[app.key % len(menu)], "owning": owning})

    known = changed(spec, numbered(opening_known=0.7, host_team=20_000.0, build_lag=1.0), ("apps",))
    return changed(changed(known, change, ("apps",)), numbered(outside=0.5), ("users",))


def of_apps(rows: list[JournalRow], spec: ScenarioSpec, good: str, item: int) -> list[JournalRow]:
    apps = {names(spec).index(app.name) for app in spec.groups["apps"]}
    return [row for row in rows if row[3] in apps and row[4] == item and row[8] == GOOD[good]]


@pytest.mark.parametrize("seed", [1, 5, 11])
def test_apps_that_rent_hours_for_an_open_model(seed):
    spec = making(small(seed=seed), OwnModel(), BreakEven(), ApiOnly(), owning=RentHours())
    changes = Event(2, "set", "", "labs.open_weights", 1.0, "")
    rows = compare(replace(spec, events=(changes,)), 60, seed, 8)
    assert of_apps(rows, spec, "hours", COST_OF_SALES)
    assert not of_apps(rows, spec, "accelerators", CHIP_STOCK)


@pytest.mark.parametrize("seed", [3, 6])
def test_apps_that_own_machines_for_an_open_model(seed):
    spec = changed(at_once(small(seed=seed, months=12)), numbered(open_weights=1.0), ("labs",))
    spec = changed(spec, numbered(opening_wait=0.0, opening_capacity=90_000.0), ("chips",))
    spec = making(spec, OwnModel(), BreakEven(), owning=OwnMachines())
    rich = changed(spec, numbered(opening_cash=4e8, staff=1e5), ("apps",))
    changes = Event(8, "set", "", "apps.staff", 3e8, "")  # some are wound up, machines and all
    rows = compare(replace(rich, events=(changes,)), 60, seed, 12)
    assert of_apps(rows, rich, "accelerators", CHIP_STOCK)
    assert of_apps(rows, rich, "building", FLEET)
    assert of_apps(rows, rich, "power", COST_OF_SALES)
    assert {"wear", "salvage"} <= goods_in(rows)


def test_models_that_are_short_of_hours():
    spec = changed(small(seed=4), numbered(open_weights=1.0), ("labs",))
    few = changed(spec, numbered(opening_hours=2_000.0), ("cloud",))
    busy = making(few, OwnModel(), owning=RentHours())
    assert of_apps(compare(busy, 60, 4, 6), busy, "hours", COST_OF_SALES)
