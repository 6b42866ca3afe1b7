"""What would come to nothing in a world: promises that nobody can keep, found before the first month."""

from collections.abc import Callable, Iterator, Mapping

from agents.setting import Event, Member
from agents.strategies.borrowing import AgainstFleet
from agents.strategies.contracting import ReserveShare
from agents.strategies.hosting import BreakEven, OwnModel
from market.goods import CHAIN

NEEDING_HOURS = (  # layer, choice, rule that needs a cloud, its name, and the plain one
    ("labs", "contracting", ReserveShare, "reserve_share", "spot_only"),
    ("apps", "hosting", OwnModel, "own_model", "api_only"),
    ("apps", "hosting", BreakEven, "break_even", "api_only"),
)
LENT = ("lenders_cash", "lenders_inflow")


def unsound(
    members: Mapping[str, tuple[Member, ...]], numbers: Mapping[str, float], events: tuple[Event, ...]
) -> Iterator[str]:
    """Find loans, contracts, appliances and ads that nobody can give, and owners that go in a circle."""
    yield from _lonely(members)
    yield from _empty_boxes(members, ever_of(events))
    yield from _slotless(members["apps"], ever_of(events), {event.path for event in events})
    yield from _circles([firm for layer in CHAIN for firm in members[layer]])
    lent = any(numbers.get(name) for name in LENT) or any(event.path.removeprefix("world.") in LENT for event in events)
    for cloud in members["cloud"]:
        if isinstance(cloud.strategies.get("borrowing"), AgainstFleet) and not lent:
            yield (
                f"cloud.{cloud.name}.borrowing: found 'against_fleet', but lenders have no money (world.lenders_cash"
                " and world.lenders_inflow are 0); write world.lenders_cash = 10_000_000_000, or borrowing = 'no_loans'"
            )


Ever = Callable[[Member, str], bool]


def ever_of(events: tuple[Event, ...]) -> Ever:
    """Say of a member's number whether it is above 0, from the start or after an event."""

    def ever(member: Member, number: str) -> bool:
        paths = {f"{member.layer}.{number}", f"{member.layer}.{member.name}.{number}"}
        later = any(event.path in paths and event.value > 0 for event in events)
        return later or member.numbers.get(number, 0) > 0

    return ever


def _empty_boxes(members: Mapping[str, tuple[Member, ...]], ever: Ever) -> Iterator[str]:
    """Find sellers of appliances that have no model to put in, or nobody to buy machines from."""
    for app in members["apps"]:
        if not ever(app, "sells_appliances"):
            continue
        if not any(ever(lab, "open_weights") or lab.owner == app.owner for lab in members["labs"]):
            yield (
                f"apps.{app.name}.sells_appliances: found 1, but there is no model to put in: no lab gives its weights"
                f" away or belongs to {app.owner!r}; give one the number open_weights = 1, or that owner"
            )
        listed = app.partners.get("chips", ())
        able = [one for one in members["chips"] if one.region == app.region or ever(one, "exports")]
        if not any(not listed or one.name in listed for one in able):
            yield (
                f"apps.{app.name}.sells_appliances: found 1, but no vendor sells it machines; name one in"
                f" apps.{app.name}.chips that is in its region or exports, or add one to chips"
            )


def _slotless(apps: tuple[Member, ...], ever: Ever, moved: set[str]) -> Iterator[str]:
    """Find apps that would sell ads and never show a slot, for they answer nothing for free."""
    for app in apps:
        stuck = not {"apps.list_quota", f"apps.{app.name}.list_quota"} & moved
        quota = app.numbers.get("list_quota", 1)
        if ever(app, "ad_load") and stuck and quota < 1:
            yield (
                f"apps.{app.name}.ad_load: found slots beside free answers, but list_quota = {quota:g} leaves no free"
                " answer; write list_quota = 30, or ad_load = 0"
            )


def _lonely(members: Mapping[str, tuple[Member, ...]]) -> Iterator[str]:
    """Find labs and apps that would have hours of clouds of their own choice, none of which rents to them."""
    clouds = {cloud.name: cloud for cloud in members["cloud"]}
    for layer, slot, kind, name, cure in NEEDING_HOURS:
        for firm in members[layer]:
            named = [clouds[cloud] for cloud in firm.partners.get("cloud", ()) if cloud in clouds]
            rents = any(cloud.numbers.get("sells", 1) > 0 or cloud.owner == firm.owner for cloud in named)
            if isinstance(firm.strategies.get(slot), kind) and named and not rents:
                path = f"{layer}.{firm.name}"
                yield (
                    f"{path}.{slot}: found '{name}', but no cloud that it names rents to it; name one"
                    f" that sells in {path}.cloud, or write {slot} = '{cure}'"
                )


def _circles(firms: list[Member]) -> Iterator[str]:
    """Find firms that own each other, so that nobody owns any of them; each circle is told once."""
    owners = {firm.name: firm.owner for firm in firms if firm.owner != firm.name}
    told: set[str] = set()
    for firm in firms:
        way = [firm.name]
        while (owner := owners.get(way[-1], "")) and owner not in way:
            way.append(owner)
        if owner and owner == firm.name and not told & set(way):
            told |= set(way)
            circle = " -> ".join([*way, owner])
            yield f"{firm.layer}.{firm.name}.owner: goes in a circle, {circle}; name one owner of all of them"
