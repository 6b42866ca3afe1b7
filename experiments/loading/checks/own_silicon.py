"""Checks of owners' own silicon: a vendor that sells to its owner's group alone has a cloud in it that may buy."""

from collections.abc import Iterator

from watersellers.agents.scenario_spec import ParticipantSpec
from watersellers.experiments.loading.checks.consistency import PlannedWorld

GROUP_ONLY = "group_only"


def own_silicon_problems(world: PlannedWorld) -> Iterator[str]:
    """Find vendors that make machines for their owner's group, and have no owner with a cloud that could use them."""
    for vendor in world.members["chips"]:
        if world.ever(vendor, GROUP_ONLY):
            yield from _without_buyers(world, vendor)


def _without_buyers(world: PlannedWorld, vendor: ParticipantSpec) -> Iterator[str]:
    """Say what a vendor's group lacks: an owner with a cloud, or the vendor's name on that cloud's list."""
    path = f"chips.{vendor.name}"
    found = f"{path}.group_only: found {vendor.numbers[GROUP_ONLY]:g}"
    clouds = [cloud for cloud in world.members["cloud"] if cloud.owner == vendor.owner]
    if not clouds:
        owners = sorted({cloud.owner for cloud in world.members["cloud"]})
        example = f'write {path}.owner = "{owners[0]}"' if owners else "add one to cloud"
        whose = "it has no owner" if vendor.owner == vendor.name else f"its owner {vendor.owner} has no cloud"
        cure = f"{example}, or write {path}.group_only = 0"
        yield f"{found}, but {whose}, expected one with a cloud that uses the machines; {cure}"
    elif not any(_may_buy(world, cloud, vendor) for cloud in clouds):
        cloud = clouds[0].name
        yield (
            f"{found}, but no cloud of its owner {vendor.owner} may buy from it, expected its name on a list of one in"
            f' its region; write cloud.{cloud}.chips = ["+{vendor.name}"], or {path}.group_only = 0'
        )


def _may_buy(world: PlannedWorld, cloud: ParticipantSpec, vendor: ParticipantSpec) -> bool:
    """Say whether a cloud of the group may ever buy its machines, by its lists and its region."""
    near = cloud.region == vendor.region or world.ever(vendor, "exports")
    lists = [one.partners.get("chips", ()) for _, one in world.lives(cloud)]
    return near and any(not names or vendor.name in names for names in lists)
