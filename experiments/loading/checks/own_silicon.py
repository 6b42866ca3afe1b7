"""Checks of owners' own silicon: a vendor that sells to its owner's group alone has a cloud in it that may buy."""

from collections.abc import Iterator

from watersellers.agents.scenario_spec import ParticipantSpec
from watersellers.experiments.loading.checks.consistency import PlannedWorld

GROUP_ONLY = "group_only"


def own_silicon_problems(world: PlannedWorld) -> Iterator[str]:
    """Find vendors that make machines for their owner's group, and have no owner with a cloud that could use them."""
    for vendor in world.members["chips"]:
        given = ((month, one.numbers.get(GROUP_ONLY, 0.0)) for month, one in world.lives(vendor))
        for month, value in [(month, value) for month, value in given if value > 0][:1]:
            found = f"chips.{vendor.name}.{GROUP_ONLY}: found {value:g}{world.since(month)}"
            yield from (f"{found}, but {lack}" for lack in _lacks(world, vendor))


def _lacks(world: PlannedWorld, vendor: ParticipantSpec) -> Iterator[str]:
    """Say what a vendor's group lacks: an owner with a cloud, a sale in its region, or the vendor on its list."""
    path = f"chips.{vendor.name}"
    clouds = [cloud for cloud in world.members["cloud"] if cloud.owner == vendor.owner]
    reached = [cloud for cloud in clouds if _sells_where(world, vendor, cloud)]
    if not clouds:
        owners = sorted({cloud.owner for cloud in world.members["cloud"]})
        example = f'write {path}.owner = "{owners[0]}"' if owners else "add one to cloud"
        whose = "it has no owner" if vendor.owner == vendor.name else f"its owner {vendor.owner} has no cloud"
        yield f"{whose}, expected one with a cloud that uses the machines; {example}, or write {path}.group_only = 0"
    elif not reached:
        near = [cloud for cloud in clouds if cloud.region == vendor.region]
        cloud, number = (near[0], "at_home") if near else (clouds[0], "exports")
        yield (
            f"{path}.{number} is 0, and its owner's cloud {cloud.name} is in {cloud.region}, expected that it may buy;"
            f" write {path}.{number} = 1, or {path}.group_only = 0"
        )
    elif not any(_is_listed(world, vendor, cloud) for cloud in reached):
        cloud = reached[0]
        yield (
            f"no cloud of its owner {vendor.owner} may buy from it, expected its name on a list of one to which it"
            f' sells; write cloud.{cloud.name}.chips = ["+{vendor.name}"], or {path}.group_only = 0'
        )


def _sells_where(world: PlannedWorld, vendor: ParticipantSpec, cloud: ParticipantSpec) -> bool:
    """Say whether a vendor ever sells in a cloud's region."""
    return world.ever(vendor, "at_home" if vendor.region == cloud.region else "exports")


def _is_listed(world: PlannedWorld, vendor: ParticipantSpec, cloud: ParticipantSpec) -> bool:
    """Say whether a cloud ever has no list of vendors, or the vendor on it."""
    lists = [one.partners.get("chips", ()) for _, one in world.lives(cloud)]
    return any(not names or vendor.name in names for names in lists)
