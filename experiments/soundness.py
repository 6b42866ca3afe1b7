"""What would come to nothing in a world: promises that nobody can keep, found before the first month."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

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

Members = Mapping[str, Sequence[Member]]
Stages = Mapping[str, Sequence[tuple[Member, ...]]]  # of each layer, each member as it was and after each event


def unsound(members: Members, numbers: Mapping[str, float], events: tuple[Event, ...]) -> Iterator[str]:
    """Find loans, contracts, appliances and ads that nobody can give, rules for nobody, and owners in a circle."""
    stages = {layer: [tuple(stages_of(member, events)) for member in members[layer]] for layer in CHAIN}
    yield from _lonely(stages)
    yield from _empty_boxes(stages)
    yield from _slotless(stages["apps"])
    yield from _circles([firm for layer in CHAIN for firm in members[layer]])
    yield from _penniless(stages["cloud"], numbers, events)
    yield from _ruling_nobody(members["chips"], events)


def stages_of(member: Member, events: tuple[Event, ...]) -> Iterator[Member]:
    """A member as the scenario has it, and as it is after each event that changes it."""
    yield member
    for event in events:
        if _concerns(event, member):
            member = _after(member, event)
            yield member


def _concerns(event: Event, member: Member) -> bool:
    """Whether an event changes a member: it names it, or its whole layer."""
    layer, *name, _ = event.path.split(".")
    return layer == member.layer and name in ([], [member.name])


def _after(member: Member, event: Event) -> Member:
    """A member with the number, strategy or partners that an event gives it."""
    last = event.path.rpartition(".")[2]
    if event.what == "strategy":
        return replace(member, strategies={**member.strategies, last: event.choice})
    if event.what == "partners":
        return replace(member, partners={**member.partners, last: event.names})
    return replace(member, numbers={**member.numbers, last: event.value})


def _ever(stages: tuple[Member, ...], number: str) -> bool:
    """Whether a member's number is above 0 at some time."""
    return any(stage.numbers.get(number, 0) > 0 for stage in stages)


def _lonely(stages: Stages) -> Iterator[str]:
    """Find labs and apps that would have hours of a cloud where there is none, or none that they name rents."""
    clouds = {one[0].name: one for one in stages["cloud"]}
    for layer, slot, kind, name, plain in NEEDING_HOURS:
        for firm in (stage for one in stages[layer] for stage in one):
            named = [clouds[cloud] for cloud in firm.partners.get("cloud", ()) if cloud in clouds]
            rents = any(_ever(cloud, "sells") or cloud[0].owner == firm.owner for cloud in named)
            if not isinstance(firm.strategies.get(slot), kind) or rents or (clouds and not named):
                continue
            path = f"{layer}.{firm.name}"
            lacks = "no cloud that it names rents to it" if clouds else "there is no cloud"
            cure = f"name one that sells in {path}.cloud" if clouds else "add one to cloud"
            yield f"{path}.{slot}: found '{name}', but {lacks}; {cure}, or write {slot} = '{plain}'"
            break


def _empty_boxes(stages: Stages) -> Iterator[str]:
    """Find sellers of appliances that have no model to put in, or nobody to buy machines from."""
    for app, *_ in (one for one in stages["apps"] if _ever(one, "sells_appliances")):
        if not any(_ever(lab, "open_weights") or lab[0].owner == app.owner for lab in stages["labs"]):
            yield (
                f"apps.{app.name}.sells_appliances: found 1, but there is no model to put in: no lab gives its weights"
                f" away or belongs to {app.owner!r}; give one the number open_weights = 1, or that owner"
            )
        listed = app.partners.get("chips", ())
        able = [one[0] for one in stages["chips"] if one[0].region == app.region or _ever(one, "exports")]
        if not any(not listed or one.name in listed for one in able):
            yield (
                f"apps.{app.name}.sells_appliances: found 1, but no vendor sells it machines; name one in"
                f" apps.{app.name}.chips that is in its region or exports, or add one to chips"
            )


def _slotless(apps: Sequence[tuple[Member, ...]]) -> Iterator[str]:
    """Find apps that would sell ads and never show a slot: they answer nothing for free, or have pages without one."""
    for app in apps:
        name, quota = app[0].name, max(stage.numbers.get("list_quota", 1) for stage in app)
        if _ever(app, "ad_load") and quota < 1:
            yield (
                f"apps.{name}.ad_load: found slots beside free answers, but list_quota = {quota:g} leaves no free"
                " answer; write list_quota = 30, or ad_load = 0"
            )
        if _ever(app, "opening_pages") and not _ever(app, "page_slots"):
            yield (
                f"apps.{name}.page_slots: found 0, but its older pages live on ads, and an auction needs a slot; write"
                " page_slots = 10, or opening_pages = 0"
            )


def _penniless(
    clouds: Sequence[tuple[Member, ...]], numbers: Mapping[str, float], events: tuple[Event, ...]
) -> Iterator[str]:
    """Find clouds that would borrow where nobody lends, or against a covenant that bears no loan at all."""
    lent = any(numbers.get(name) for name in LENT) or any(event.path.removeprefix("world.") in LENT for event in events)
    for cloud in clouds:
        borrowing = [stage for stage in cloud if isinstance(stage.strategies.get("borrowing"), AgainstFleet)]
        path = f"cloud.{cloud[0].name}"
        if borrowing and not lent:
            yield (
                f"{path}.borrowing: found 'against_fleet', but lenders have no money (world.lenders_cash"
                " and world.lenders_inflow are 0); write world.lenders_cash = 10_000_000_000, or borrowing = 'no_loans'"
            )
        if borrowing and not any(stage.numbers.get("covenant", 1) > 0 for stage in borrowing):
            yield (
                f"{path}.covenant: found 0, so that any loan breaks it on its first day; write covenant = 0.8, the"
                " share of its machines' worth that it may owe, or borrowing = 'no_loans'"
            )


def _ruling_nobody(vendors: Sequence[Member], events: tuple[Event, ...]) -> Iterator[str]:
    """Find export rules that change no vendor: each of them sold abroad, or did not, before."""
    now = {vendor.name: vendor for vendor in vendors}
    for event in (one for one in events if one.path.startswith("chips.") and one.what == "set"):
        ruled = [vendor for vendor in now.values() if _concerns(event, vendor)]
        if ruled and event.path.endswith(".exports") and {one.numbers.get("exports") for one in ruled} == {event.value}:
            already = f"an event sets it to {event.value:g}, but it is {event.value:g} already"
            yield f"{event.path}: {already}; name a vendor that it changes"
        now |= {vendor.name: _after(vendor, event) for vendor in ruled}


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
