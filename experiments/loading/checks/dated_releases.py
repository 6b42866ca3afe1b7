"""Checks of dated releases: a lab that is there releases each of its models once, in the order of their numbers."""

from collections.abc import Iterator

from watersellers.agents.scenario_spec import ParticipantSpec
from watersellers.experiments.loading.checks.consistency import PlannedWorld
from watersellers.experiments.loading.schema import calendar_month


def release_problems(world: PlannedWorld) -> Iterator[str]:
    """Find releases that are dated twice, or after a later one, or before their lab exists."""
    for lab in world.members["labs"]:
        yield from _repeated(world, lab)
        yield from _early(world, lab)


def _repeated(world: PlannedWorld, lab: ParticipantSpec) -> Iterator[str]:
    """Go through a lab's releases: each has a higher number than the one before, unless 0 has ended them."""
    last, dated = lab.numbers.get("release", 0.0), calendar_month(world.start, 0)
    for event in world.events:
        if event.path not in (f"labs.{lab.name}.release", "labs.release"):
            continue
        when = calendar_month(world.start, event.month)
        if 0 < event.value <= last:
            again = "again, after it was dated" if event.value == last else f"after release {last:g}, dated"
            yield (
                f"labs.{lab.name}.release: found release {event.value:g} in {when} {again} {dated}, expected a"
                f" number above {last:g}: a model is released once; leave one of the two events out, or write"
                f" value = {last + 1:g}"
            )
        else:
            last, dated = event.value, when


def _early(world: PlannedWorld, lab: ParticipantSpec) -> Iterator[str]:
    """Go through the releases that are dated for a lab by its name: it must have entered by then."""
    enters, path = calendar_month(world.start, lab.enters), f"labs.{lab.name}.release"
    for event in world.events:
        if event.path == path and event.value > 0 and event.month < lab.enters:
            when = calendar_month(world.start, event.month)
            yield (
                f"{path}: found release {event.value:g} in {when}, before the lab enters in {enters}; expected {enters}"
                " or later: date the release later, or let the lab enter earlier with"
                f' labs.{lab.name}.enters = "{when}"'
            )
