"""Checks of apps that enter once models are good enough: there is work to measure models by, and a model to await."""

from collections.abc import Iterator

from watersellers.agents.scenario_spec import ParticipantSpec
from watersellers.experiments.loading.checks.consistency import PlannedWorld


def waiting_problems(world: PlannedWorld) -> Iterator[str]:
    """Find apps that wait for better models in a world without work, or that may use nobody's model."""
    for app in (one for one in world.members["apps"] if one.waits):
        path = f"apps.{app.name}.enters_at: found {app.numbers['enters_at']:g} hours, but"
        if not world.members["work"]:
            yield (
                f"{path} there is no segment of work in whose hours models are measured; write [work.coding] with"
                f' key = 51 and share = 1, or apps.{app.name}.enters = "2024-01" in its place'
            )
        if not any(_may_use(world, one, seller) for _, one in world.lives(app) for seller in _sellers(world)):
            yield (
                f"{path} it may use nobody's model: no lab on its list or, without a list, in its region"
                f' {app.region} is ever in business; write apps.{app.name}.labs = ["NAME"]'
            )


def _sellers(world: PlannedWorld) -> list[ParticipantSpec]:
    """List the labs that are ever in business, and the clouds that ever host open models."""
    hosts = [cloud for cloud in world.members["cloud"] if world.ever(cloud, "hosts")]
    return [one for one in (*world.members["labs"], *hosts) if one.enters < world.months]


def _may_use(world: PlannedWorld, app: ParticipantSpec, seller: ParticipantSpec) -> bool:
    """Say whether an app may buy a seller's tokens."""
    listed = app.partners.get("labs", ())
    return seller.name in listed if listed else seller.region == app.region
