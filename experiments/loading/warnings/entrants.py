"""Warnings about firms that enter later and can't begin: no founder's money, too little for a first machine."""

from collections.abc import Iterator

from watersellers.agents.scenario_spec import ParticipantSpec
from watersellers.agents.strategies.capacity import ReplaceOnly
from watersellers.agents.strategies.selling import InGenerations
from watersellers.experiments.loading.checks.consistency import PlannedWorld
from watersellers.experiments.loading.schema import calendar_month
from watersellers.experiments.loading.warnings.trade_ties import (
    ever_other,
    first_sale,
    in_business,
    is_listed,
    named,
    sells_to,
)
from watersellers.market.goods import CHAIN

POURS = ("opening_cash", "inflow_low", "inflow_high", "savers_wealth")


def entrants_that_never_begin(world: PlannedWorld) -> Iterator[str]:
    """Find entrants whose founder has no money, and those whose money does not pay for a first machine."""
    pools = {pool.name: pool for pool in world.members["investors"]}
    for firm in (one for layer in CHAIN for one in in_business(world, layer) if one.enters):
        path, pool = f"{firm.layer}.{firm.name}", pools.get(firm.founder)
        poured = [number for number in POURS if pool and number in pool.numbers]
        if pool and poured and not any(world.ever(pool, number) for number in poured):
            yield (
                f"{path}: never enters, because its founder {firm.founder} has no money; write"
                f" investors.{firm.founder}.opening_cash = 1_000_000_000"
            )
        elif firm.layer == "chips":
            yield from _vendor(world, firm)
            yield from _vendor_without_foundry(world, firm)
        elif firm.layer == "labs":
            yield from _lab_without_releases(world, firm)
        elif firm.layer == "cloud":
            yield from _cloud(world, firm)
            yield from _late_cloud(world, firm)


def clouds_that_never_order(world: PlannedWorld) -> Iterator[str]:
    """Find clouds without a machine that never order one: they expect no customers, or only replace what they have."""
    for firm in in_business(world, "cloud"):
        numbers, path = firm.numbers, f"cloud.{firm.name}"
        if "opening_hours" not in numbers or "capacity" not in firm.strategies:
            continue
        if not numbers["opening_hours"]:
            yield (
                f"{path}: never orders a machine, because it expects no customers (opening_hours = 0); write"
                f" {path}.opening_hours = 1_000_000"
            )
        elif firm.enters and not ever_other(world, firm, "capacity", ReplaceOnly):
            yield (
                f"{path}: never orders a machine, because it enters without any, and capacity = 'replace_only' replaces"
                f" machines alone; write {path}.capacity = 'extrapolate'"
            )


def _late_cloud(world: PlannedWorld, firm: ParticipantSpec) -> Iterator[str]:
    """Find a cloud whose first machine opens after the last month."""
    opens = first_sale(firm)
    if "build_lag" in firm.numbers and opens >= world.months:
        yield (
            f"cloud.{firm.name}: enters in {calendar_month(world.start, firm.enters)} and rents out no hour, because"
            f" its first machine opens in {calendar_month(world.start, opens)}, after the last month; let it enter"
            f" earlier, or write cloud.{firm.name}.build_lag = 1"
        )


def _vendor(world: PlannedWorld, firm: ParticipantSpec) -> Iterator[str]:
    """Find a vendor whose first capacity it can't pay for, or which opens after the last month."""
    numbers, path = firm.numbers, f"chips.{firm.name}"
    if not {"unit_cost", "prepaid_months", "opening_cash", "lead"} <= set(numbers):
        return
    each = numbers["unit_cost"] * numbers["prepaid_months"]
    if numbers["opening_cash"] + numbers.get("owner_funds", 0) < each:
        yield (
            f"{path}: enters with {numbers['opening_cash']:g} dollars and never makes a machine, because the foundry is"
            f" prepaid {each:g} for a first one; write {path}.opening_cash = 1_000_000_000"
        )
    opens = first_sale(firm)
    if opens >= world.months:
        yield (
            f"{path}: enters in {calendar_month(world.start, firm.enters)} and sells no machine, because its first"
            f" capacity opens in {calendar_month(world.start, opens)}, after the last month; let it enter earlier, or"
            f" write {path}.lead = 1"
        )


def _vendor_without_foundry(world: PlannedWorld, firm: ParticipantSpec) -> Iterator[str]:
    """Find a vendor whose region's foundry adds no capacity, while vendors who are there before it hold all."""
    there = [one for one in in_business(world, "chips") if one.region == firm.region and one.enters < firm.enters]
    for number in ("foundry_growth", "foundry_pace"):
        later = any(event.path.removeprefix("world.") == number and event.value > 0 for event in world.events)
        if there and world.numbers.get(number, 1.0) <= 0 and not later:
            yield (
                f"chips.{firm.name}: enters and can never grow, because the foundry of its region adds no capacity and"
                f" {named([one.name for one in there])} hold what there is, unless one gives some up; write"
                f" world.{number} = 0.1"
            )
            return


def _lab_without_releases(world: PlannedWorld, firm: ParticipantSpec) -> Iterator[str]:
    """Find a lab that waits for dated releases, and has none."""
    paths = ("labs.release", f"labs.{firm.name}.release")
    dated = any(event.path in paths for event in world.events)
    waits = isinstance(firm.strategies.get("releasing"), InGenerations) and firm.numbers.get("release", 0.0) > 0
    if waits and not dated and not ever_other(world, firm, "releasing", InGenerations):
        yield (
            f"labs.{firm.name}: enters and never sells a better model, because it waits for dated releases (release ="
            f" {firm.numbers['release']:g}) and no event dates one; write labs.{firm.name}.release = 0"
        )


def _cloud(world: PlannedWorld, firm: ParticipantSpec) -> Iterator[str]:
    """Find a cloud whose money does not pay for a machine, or to which no machine on sale is worth its price."""
    vendors = [one for one in in_business(world, "chips") if sells_to(world, one, firm) and is_listed(one, firm)]
    numbers, path = firm.numbers, f"cloud.{firm.name}"
    if not vendors or not {"opening_cash", "building_share"} <= set(numbers):
        return
    cheapest = min(vendors, key=lambda one: one.numbers["opening_price"])
    funds = (numbers["opening_cash"] + numbers["owner_funds"] * numbers["horizon"]) / (1 + numbers["building_share"])
    if funds < cheapest.numbers["opening_price"]:
        yield (
            f"{path}: enters with {numbers['opening_cash']:g} dollars and buys no machine, because one of"
            f" {cheapest.name} costs {cheapest.numbers['opening_price']:g} and its building"
            f" {cheapest.numbers['opening_price'] * numbers['building_share']:g}; write"
            f" {path}.opening_cash = 1_000_000_000"
        )
