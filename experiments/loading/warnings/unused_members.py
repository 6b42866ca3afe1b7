"""Warnings about members that nobody can use, and about events that nobody is there for."""

from collections import Counter
from collections.abc import Iterator

from watersellers.agents.strategies.borrowing import AgainstFleet
from watersellers.agents.strategies.capacity import BuildToBacklog
from watersellers.agents.strategies.selling import InGenerations, PayingModels
from watersellers.experiments.input.errors import likely_name
from watersellers.experiments.loading.checks.consistency import LENT, PlannedWorld, clouds_renting_to, signs
from watersellers.experiments.loading.schema import calendar_month
from watersellers.experiments.loading.warnings.trade_ties import in_business, named
from watersellers.market.goods import CHAIN


def unused_members(world: PlannedWorld) -> Iterator[str]:
    """Find investors, lenders, owners, states and regions that nothing is there for, and misspelled owners."""
    founders = {firm.founder for layer in CHAIN for firm in world.members[layer]}
    regions = {firm.region for layer in CHAIN for firm in world.members[layer]}
    for pool in world.members["investors"]:
        if pool.name not in founders and any(founders) and pool.region in regions:
            yield (
                f"investors.{pool.name}: no firm can ask it for money, because it is nobody's founder; write"
                f' apps.NAME.founder = "{pool.name}" for one, or remove = ["{pool.name}"]'
            )
    yield from _lenders_without_borrowers(world)
    yield from _contracts_of_nobody(world)
    yield from _models_withdrawn_for_good(world)
    yield from _regions_without_apps(world)
    yield from _owners_without_use(world)
    yield from _states_without_programme(world)
    yield from _own_models_without_money(world)
    yield from _misspelled_owners(world)


def _lenders_without_borrowers(world: PlannedWorld) -> Iterator[str]:
    """Find money of lenders that no cloud ever borrows."""
    events = {event.path.removeprefix("world.") for event in world.events if event.value > 0}
    lent = [name for name in LENT if world.numbers.get(name) or name in events]
    clouds = [one for cloud in world.members["cloud"] for _, one in world.lives(cloud)]
    if lent and not any(isinstance(one.strategies.get("borrowing"), AgainstFleet) for one in clouds):
        yield f"world.{lent[0]}: nobody borrows this money; write cloud.borrowing = 'against_fleet', or {lent[0]} = 0"


def _contracts_of_nobody(world: PlannedWorld) -> Iterator[str]:
    """Find numbers of clouds' contracts that nobody signs or lends against, and builders that nobody can sign with."""
    signing = [one for lab in world.members["labs"] for _, one in world.lives(lab) if signs(one)]
    for cloud in world.members["cloud"]:
        lives = [one for _, one in world.lives(cloud)]
        path, reached = f"cloud.{cloud.name}", any(cloud in clouds_renting_to(world, lab) for lab in signing)
        if world.ever(cloud, "contract_lead") and not signing:
            yield f"{path}.contract_lead: no lab signs contracts; write labs.contracting = 'reserve_ahead', or 0"
        if any(isinstance(one.strategies.get("capacity"), BuildToBacklog) for one in lives) and not reached:
            yield (
                f"{path}.capacity: found 'build_to_backlog', but no lab that signs contracts rents from it, so that it"
                f" never orders a machine; name it in labs.NAME.cloud, or write {path}.capacity = 'extrapolate'"
            )
        borrows = any(isinstance(one.strategies.get("borrowing"), AgainstFleet) for one in lives)
        if world.ever(cloud, "contract_loans") and not borrows:
            yield f"{path}.contract_loans: it never borrows; write {path}.borrowing = 'against_fleet', or 0"
        elif world.ever(cloud, "contract_loans") and not reached:
            yield (
                f"{path}.contract_loans: lenders find no contracts to look at, because no lab that signs any rents from"
                " it; name it in labs.NAME.cloud, or write labs.contracting = 'reserve_ahead', or 0"
            )


def _models_withdrawn_for_good(world: PlannedWorld) -> Iterator[str]:
    """Find labs whose models, once withdrawn, never come back, because they have no releases."""
    for lab in world.members["labs"]:
        lives = [one for _, one in world.lives(lab)]
        withdraws = any(isinstance(one.strategies.get("offering"), PayingModels) for one in lives)
        releases = any(isinstance(one.strategies.get("releasing"), InGenerations) for one in lives)
        if withdraws and not releases and not world.ever(lab, "release"):
            yield (
                f"labs.{lab.name}.offering: a model that 'paying_models' withdraws never comes back, because no release"
                f" brings it; write labs.{lab.name}.releasing = 'in_generations'"
            )


def _regions_without_apps(world: PlannedWorld) -> Iterator[str]:
    """Find regions with an income whose users no app is ever offered to."""
    apps = in_business(world, "apps")
    for region in world.members["users"]:
        offered = [app for app in apps if region.name not in app.numbers or world.ever(app, region.name)]
        if apps and not offered and world.ever(region, "income"):
            yield (
                f"users.{region.name}: its users can use nothing, because no app is offered there; write"
                f" apps.{apps[0].name}.{region.name} = 1, or users.{region.name}.income = 0"
            )


def _owners_without_use(world: PlannedWorld) -> Iterator[str]:
    """Find owners without a cloud that never use an hour, because one of the numbers that say how many is 0."""
    for owner in world.members["owners"]:
        needed = ("ranking_uplift", "older_revenue", "older_margin", "older_cash")
        if lacking := next((number for number in needed if not world.ever(owner, number)), None):
            yield (
                f"owners.{owner.name}: never uses an hour, because its {lacking} is 0; write"
                f' owners.{owner.name}.{lacking}, or remove = ["{owner.name}"]'
            )


def _states_without_programme(world: PlannedWorld) -> Iterator[str]:
    """Find states that never rent an hour, because no event gives them a programme either."""
    for state in world.members["states"]:
        if not world.ever(state, "programme"):
            yield (
                f"states.{state.name}: never rents an hour, because its programme is 0; write"
                f' states.{state.name}.programme, or remove = ["{state.name}"]'
            )


def _own_models_without_money(world: PlannedWorld) -> Iterator[str]:
    """Find enterprises that would train models of their own, but have no surplus, no budget or no hours for it."""
    for region in (one for one in world.members["enterprises"] if world.ever(one, "own_models")):
        path, needed = f"enterprises.{region.name}", ("exposed_hours", "own_models_most", "it_budget")
        why, cure = "", ""
        if lacking := next((number for number in needed if not world.ever(region, number)), None):
            why, cure = f"{lacking} is 0", f"{path}.{lacking}"
        elif not clouds_renting_to(world, region):
            why, cure = f"no cloud in {region.region} rents to them", "cloud.NAME.sells = 1 for one"
        if why:
            yield (
                f"{path}.own_models: nothing is ever spent on models of their own, because {why}; write {cure}, or"
                f" {path}.own_models = 0"
            )


def _misspelled_owners(world: PlannedWorld) -> Iterator[str]:
    """Find owners of a single firm whose name is one typing error away from another owner's."""
    firms = [firm for layer in CHAIN for firm in world.members[layer]]
    owners = Counter(firm.owner for firm in firms)
    for firm in firms:
        if firm.owner != firm.name and owners[firm.owner] == 1:
            there = {*(one.name for one in firms), *(one.owner for one in world.members["owners"])}
            others = {*owners, *there} - {firm.owner}
            if firm.owner not in there and (meant := likely_name(firm.owner, others)):
                yield (
                    f"{firm.layer}.{firm.name}.owner: {firm.owner!r} owns nothing else. Did you mean {meant!r}? Firms"
                    " belong to one group if the name of their owner is the same"
                )


def events_before_entries(world: PlannedWorld) -> Iterator[str]:
    """Find events about firms that are not in business yet."""
    firms = {firm.name: firm for layer in CHAIN for firm in world.members[layer]}
    for event in world.events:
        keys = event.path.split(".")
        firm = firms.get(keys[1]) if len(keys) > 2 and keys[0] in CHAIN else None
        if firm and event.month < firm.enters:
            never = firm.enters >= world.months
            enters = "never enters" if never else f"enters in {calendar_month(world.start, firm.enters)} only"
            cure = f"leave it out, or let {firm.name} enter" if never else f"write {event.path} for the whole run"
            yield (
                f"{event.path}: is changed by an event in {calendar_month(world.start, event.month)}, but"
                f" {firm.name} {enters}; {cure}"
            )
        if strangers := [name for name in event.names if name in firms and firms[name].enters >= world.months]:
            yield (
                f"{event.path}: the event in {calendar_month(world.start, event.month)} names {named(strangers)}, who"
                " never enter; leave them out"
            )
