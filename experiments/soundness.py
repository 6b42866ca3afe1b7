"""What would come to nothing in a world: promises that nobody can keep, found before the first month."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby

from watersellers.agents.setting import Event, Member
from watersellers.agents.strategies.borrowing import AgainstFleet
from watersellers.agents.strategies.contracting import ReserveShare
from watersellers.agents.strategies.hosting import BreakEven, OwnModel
from watersellers.experiments.errors import shown
from watersellers.experiments.schema import calendar
from watersellers.market.goods import CHAIN

NEEDING_HOURS = (  # layer, choice, rule that needs a cloud, its name, and the plain one
    ("labs", "contracting", ReserveShare, "reserve_share", "spot_only"),
    ("apps", "hosting", OwnModel, "own_model", "api_only"),
    ("apps", "hosting", BreakEven, "break_even", "api_only"),
)
LENT = ("lenders_cash", "lenders_inflow")


@dataclass(frozen=True)
class Told:
    """A world as a scenario tells it, before it is lived: who is there, and what happens when."""

    members: Mapping[str, tuple[Member, ...]]
    numbers: Mapping[str, float]
    events: tuple[Event, ...]
    start: date

    def since(self, month: int) -> str:
        """Say since when something is so; nothing of what is so from the start."""
        return f" from {calendar(self.start, month)} on" if month else ""

    def lives(self, member: Member) -> Iterator[tuple[int, Member]]:
        """Give a member as it is from the start, and as each month's events leave it."""
        yield 0, member
        for month, events in groupby(self.events, key=lambda event: event.month):
            before = member
            for event in events:
                member = _after(member, event)
            if member != before:
                yield month, member

    def ever(self, member: Member, number: str) -> bool:
        """Whether a member's number is above 0, from the start or after an event."""
        return any(one.numbers.get(number, 0) > 0 for _, one in self.lives(member))

    def rents(self, cloud: Member, firm: Member) -> bool:
        """Whether a cloud rents hours to a firm, now or later: to all, or to those of its group alone."""
        return cloud.owner == firm.owner or "sells" not in cloud.numbers or self.ever(cloud, "sells")


def unsound(told: Told) -> Iterator[str]:
    """Find loans, contracts, appliances, ads and export rules that come to nothing, and owners that go in a circle."""
    members = told.members
    for layer, slot, kind, name, cure in NEEDING_HOURS:
        for firm in members[layer]:
            yield from _first(told, firm, _without_hours(told, slot, kind, f"{slot} = '{cure}'", name))
    for lab in members["labs"]:
        yield from _first(told, lab, _turned_away(told))
    for cloud in members["cloud"]:
        yield from _first(told, cloud, _unlent(told))
        yield from _first(told, cloud, _called_at_once)
    yield from _empty_boxes(told)
    yield from _slotless(told)
    yield from _no_pages(told)
    yield from _idle_export_rules(told)
    yield from _circles([firm for layer in CHAIN for firm in members[layer]])


Complaint = Callable[[Member, str], str]  # of a member as it is, and since when: what is wrong, or nothing


def _after(member: Member, event: Event) -> Member:
    """Give a member as an event leaves it."""
    keys = event.path.split(".")
    if keys[0] != member.layer or keys[1:-1] not in ([], [member.name]):
        return member
    if event.what == "strategy":
        return replace(member, strategies={**member.strategies, keys[-1]: event.choice})
    if event.what == "partners":
        return replace(member, partners={**member.partners, keys[-1]: event.names})
    return replace(member, numbers={**member.numbers, keys[-1]: event.value})


def _first(told: Told, member: Member, complaint: Complaint) -> Iterator[str]:
    """Give what is wrong with a member, once: where it is first so."""
    said = (complaint(one, told.since(month)) for month, one in told.lives(member))
    yield from (each for _, each in zip(range(1), filter(None, said), strict=False))


def _renting(told: Told, firm: Member) -> list[Member]:
    """Clouds that rent hours to a firm, now or later: of those that it names, or else of its region."""
    named = firm.partners.get("cloud", ())
    clouds = [one for one in told.members["cloud"] if (one.name in named if named else one.region == firm.region)]
    return [one for one in clouds if told.rents(one, firm)]


def _without_hours(told: Told, slot: str, kind: type, cure: str, name: str) -> Complaint:
    """Find firms whose rule needs hours, and to which no cloud of theirs rents any."""

    def complaint(firm: Member, since: str) -> str:
        if not isinstance(firm.strategies.get(slot), kind) or _renting(told, firm):
            return ""
        path = f"{firm.layer}.{firm.name}"
        found = f"{path}.{slot}: found '{name}'{since}, but no cloud that"
        if firm.partners.get("cloud"):
            return f"{found} it names rents to it; name one that sells in {path}.cloud, or write {cure}"
        if told.members["cloud"]:
            return f"{found} is in its region rents to it; name one that sells in {path}.cloud, or write {cure}"
        return f"{found} rents hours is in this world; add one to cloud, or write {cure}"

    return complaint


def _turned_away(told: Told) -> Complaint:
    """Find labs that name clouds, none of which rents to them: they could neither train nor serve."""

    def complaint(lab: Member, since: str) -> str:
        names, signs = lab.partners.get("cloud", ()), isinstance(lab.strategies.get("contracting"), ReserveShare)
        if not names or signs or _renting(told, lab):  # who signs is told of its contracts
            return ""
        return (
            f"labs.{lab.name}.cloud: found {shown(list(names))}{since}, none of which rents to it; name one that"
            " sells, or leave the list empty for all of its region"
        )

    return complaint


def _unlent(told: Told) -> Complaint:
    """Find borrowers in a world whose lenders have no money."""
    later = any(event.path.removeprefix("world.") in LENT and event.value > 0 for event in told.events)
    lent = later or any(told.numbers.get(name) for name in LENT)

    def complaint(cloud: Member, since: str) -> str:
        if lent or not isinstance(cloud.strategies.get("borrowing"), AgainstFleet):
            return ""
        return (
            f"cloud.{cloud.name}.borrowing: found 'against_fleet'{since}, but lenders have no money"
            " (world.lenders_cash and world.lenders_inflow are 0); write world.lenders_cash = 10_000_000_000,"
            " or borrowing = 'no_loans'"
        )

    return complaint


def _called_at_once(cloud: Member, since: str) -> str:
    """Find borrowers whose covenant lets them owe nothing: each loan would be called a month after it is lent."""
    if not isinstance(cloud.strategies.get("borrowing"), AgainstFleet) or cloud.numbers.get("covenant", 1) > 0:
        return ""
    return (
        f"cloud.{cloud.name}.covenant: found 0{since}, so that whatever it borrows against its fleet is called the"
        " month after; expected a share above 0, as covenant = 0.8, or borrowing = 'no_loans'"
    )


def _empty_boxes(told: Told) -> Iterator[str]:
    """Find sellers of appliances that have no model to put in, or nobody to buy machines from."""
    for app in told.members["apps"]:
        if not told.ever(app, "sells_appliances"):
            continue
        if not any(told.ever(lab, "open_weights") or lab.owner == app.owner for lab in told.members["labs"]):
            yield (
                f"apps.{app.name}.sells_appliances: found 1, but there is no model to put in: no lab gives its weights"
                f" away or belongs to {app.owner!r}; give one the number open_weights = 1, or that owner"
            )
        listed = app.partners.get("chips", ())
        able = [one for one in told.members["chips"] if one.region == app.region or told.ever(one, "exports")]
        if not any(not listed or one.name in listed for one in able):
            yield (
                f"apps.{app.name}.sells_appliances: found 1, but no vendor sells it machines; name one in"
                f" apps.{app.name}.chips that is in its region or exports, or add one to chips"
            )


def _slotless(told: Told) -> Iterator[str]:
    """Find apps that would sell ads and never show a slot, for they answer nothing for free."""
    moved = {event.path for event in told.events}
    for app in told.members["apps"]:
        stuck = not {"apps.list_quota", f"apps.{app.name}.list_quota"} & moved
        quota = app.numbers.get("list_quota", 1)
        if told.ever(app, "ad_load") and stuck and quota < 1:
            yield (
                f"apps.{app.name}.ad_load: found slots beside free answers, but list_quota = {quota:g} leaves no free"
                " answer; write list_quota = 30, or ad_load = 0"
            )


def _no_pages(told: Told) -> Iterator[str]:
    """Find result pages without any slot, and money set aside for ads on pages that nobody has."""
    paged = [app for app in told.members["apps"] if told.ever(app, "opening_pages")]
    for app in paged:
        if not told.ever(app, "page_slots") and not told.ever(app, "ad_load"):
            yield (
                f"apps.{app.name}.page_slots: found 0, and ad_load = 0 beside answers, so its result pages would sell"
                " no ad; write page_slots = 10, or opening_pages = 0"
            )
    for region in told.members["advertisers"] if not paged else ():
        if told.ever(region, "page_budget"):
            yield (
                f"advertisers.{region.name}.page_budget: found money for ads on result pages, but no app has any; give"
                " one opening_pages above 0, or write page_budget = 0"
            )


def _idle_export_rules(told: Told) -> Iterator[str]:
    """Find dated export rules that change no vendor: nobody is named, or each sells so already."""
    vendors = list(told.members["chips"])
    for event in told.events:
        changed = [_after(vendor, event) for vendor in vendors]
        named = event.path in {"chips.exports", *(f"chips.{one.name}.exports" for one in told.members["chips"])}
        if event.what == "set" and named:
            pairs = zip(vendors, changed, strict=True)
            if all((old.numbers["exports"] > 0) == (new.numbers["exports"] > 0) for old, new in pairs):
                already = "sells at home alone" if event.value == 0 else "exports"
                why = f"every vendor that it names {already} already" if vendors else "there is no vendor"
                yield (
                    f"{event.path}: found an event in {calendar(told.start, event.month)} that sets it to"
                    f" {event.value:g}, but {why}; name a vendor that it changes, or leave the event out"
                )
        vendors = changed


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
