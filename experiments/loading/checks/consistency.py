"""Find settings that can never take effect, before the first month."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property, partial
from itertools import groupby

from watersellers.agents.scenario_spec import Event, ParticipantSpec
from watersellers.agents.strategies.borrowing import AgainstFleet
from watersellers.agents.strategies.contracting import ReserveAhead, ReserveShare
from watersellers.agents.strategies.hosting import BreakEven, OwnModel
from watersellers.agents.strategies.monetisation import AdsAsSet
from watersellers.experiments.input.errors import shown
from watersellers.experiments.loading.schema import calendar_month
from watersellers.market.goods import CHAIN


@dataclass(frozen=True)
class RuleWithHours:
    """A strategy that needs hours of a cloud: whose decision it is, its class and name, and one that needs none."""

    layer: str
    decision: str
    kind: type
    name: str
    cure: str


NEEDING_HOURS = (
    RuleWithHours("labs", "contracting", ReserveShare, "reserve_share", "spot_only"),
    RuleWithHours("labs", "contracting", ReserveAhead, "reserve_ahead", "spot_only"),
    RuleWithHours("apps", "hosting", OwnModel, "own_model", "api_only"),
    RuleWithHours("apps", "hosting", BreakEven, "break_even", "api_only"),
)
LENT = ("lenders_cash", "lenders_inflow")


@dataclass(frozen=True)
class PlannedWorld:
    """A world as a scenario describes it, before its first month: its members, numbers and dated events."""

    members: Mapping[str, tuple[ParticipantSpec, ...]]
    numbers: Mapping[str, float]
    events: tuple[Event, ...]
    start: date
    months: int

    def since(self, month: int) -> str:
        """Say from which month on a state holds; an empty text if from the start."""
        return f" from {calendar_month(self.start, month)} on" if month else ""

    def lives(self, member: ParticipantSpec) -> Iterator[tuple[int, ParticipantSpec]]:
        """Yield a member as it starts, and again after each month whose events change it."""
        yield 0, member
        for month, events in groupby(self._events_of(member), key=lambda event: event.month):
            before = member
            for event in events:
                member = _after(member, event)
            if member != before:
                yield month, member

    def _events_of(self, member: ParticipantSpec) -> list[Event]:
        """List the events that may change a member, in their order."""
        return [event for event in self._events_by_group.get(member.layer, ()) if _changes(event, member)]

    @cached_property
    def _events_by_group(self) -> dict[str, list[Event]]:
        """Events by the group that they change."""
        found: dict[str, list[Event]] = {}
        for event in self.events:
            found.setdefault(event.path.partition(".")[0], []).append(event)
        return found

    def ever(self, member: ParticipantSpec, number: str) -> bool:
        """Say whether a member's number is above 0, at the start or after an event."""
        return any(one.numbers.get(number, 0) > 0 for _, one in self.lives(member))

    def rents(self, cloud: ParticipantSpec, firm: ParticipantSpec) -> bool:
        """Say whether a cloud ever rents hours to a firm: it sells to everybody, or both have one owner."""
        return cloud.owner == firm.owner or "sells" not in cloud.numbers or self.ever(cloud, "sells")


def consistency_problems(world: PlannedWorld) -> Iterator[str]:
    """Find loans, contracts, own use, appliances, ads and export rules without effect, and circles of owners."""
    members = world.members
    for rule in NEEDING_HOURS:
        for firm in members[rule.layer]:
            yield from _first_problem(world, firm, partial(_without_hours, rule=rule))
    for lab in members["labs"]:
        yield from _first_problem(world, lab, _lab_without_cloud)
    if not _money_is_lent(world):
        for cloud in members["cloud"]:
            yield from _first_problem(world, cloud, _borrower_without_lender)
    yield from _appliances_without_supplies(world)
    yield from _owners_of_clouds(world)
    yield from _spenders_without_hours(world)
    yield from _ads_without_slots(world)
    yield from _ads_without_pages(world)
    yield from _idle_export_rules(world)
    yield from _circular_owners([firm for layer in CHAIN for firm in members[layer]])


SPENDING_ON_HOURS = (  # group, the number without which its members rent no hours, and what that is
    ("owners", "ranking_uplift", "an uplift"),
    ("states", "programme", "a programme"),
)

# world, member, " from ... on" -> what is wrong, or an empty text
MemberCheck = Callable[[PlannedWorld, ParticipantSpec, str], str]


def _changes(event: Event, member: ParticipantSpec) -> bool:
    """Say whether an event changes a member, by its name or with its whole group."""
    keys = event.path.split(".")
    return keys[0] == member.layer and keys[1:-1] in ([], [member.name])


def _after(member: ParticipantSpec, event: Event) -> ParticipantSpec:
    """Apply an event to a member."""
    if not _changes(event, member):
        return member
    key = event.path.rpartition(".")[2]
    if event.what == "strategy":
        return replace(member, strategies={**member.strategies, key: event.choice})
    if event.what == "partners":
        return replace(member, partners={**member.partners, key: event.names})
    return replace(member, numbers={**member.numbers, key: event.value})


def _first_problem(world: PlannedWorld, member: ParticipantSpec, check: MemberCheck) -> Iterator[str]:
    """Report a problem of a member once, at the first month that has it."""
    problems = (check(world, one, world.since(month)) for month, one in world.lives(member))
    yield from (each for _, each in zip(range(1), filter(None, problems), strict=False))


def clouds_renting_to(world: PlannedWorld, firm: ParticipantSpec) -> list[ParticipantSpec]:
    """List the clouds that ever rent hours to a firm: among those that it names, or else in its region."""
    named = firm.partners.get("cloud", ())
    clouds = [one for one in world.members["cloud"] if (one.name in named if named else one.region == firm.region)]
    return [one for one in clouds if world.rents(one, firm)]


def _without_hours(world: PlannedWorld, firm: ParticipantSpec, since: str, rule: RuleWithHours) -> str:
    """Say what is wrong with a firm whose strategy needs hours that no cloud rents to it."""
    if not isinstance(firm.strategies.get(rule.decision), rule.kind) or clouds_renting_to(world, firm):
        return ""
    path, cure = f"{firm.layer}.{firm.name}", f"{rule.decision} = '{rule.cure}'"
    found = f"{path}.{rule.decision}: found '{rule.name}'{since}, but no cloud that"
    if firm.partners.get("cloud"):
        return f"{found} it names rents to it; name one that sells in {path}.cloud, or write {cure}"
    if world.members["cloud"]:
        return f"{found} is in its region rents to it; name one that sells in {path}.cloud, or write {cure}"
    return f"{found} rents hours is in this world; add one to cloud, or write {cure}"


def signs(lab: ParticipantSpec) -> bool:
    """Say whether a lab signs contracts for hours."""
    return isinstance(lab.strategies.get("contracting"), ReserveShare | ReserveAhead)


def _lab_without_cloud(world: PlannedWorld, lab: ParticipantSpec, since: str) -> str:
    """Say what is wrong with a lab that names only clouds that do not rent to it: it could neither train nor serve."""
    names = lab.partners.get("cloud", ())
    if not names or signs(lab) or clouds_renting_to(world, lab):  # for labs that sign contracts, that check reports it
        return ""
    return (
        f"labs.{lab.name}.cloud: found {shown(list(names))}{since}, none of which rents to it; name one that"
        " sells, or leave the list empty for all of its region"
    )


def _money_is_lent(world: PlannedWorld) -> bool:
    """Say whether lenders ever have money, at the start or after an event."""
    later = any(event.path.removeprefix("world.") in LENT and event.value > 0 for event in world.events)
    return later or any(world.numbers.get(name) for name in LENT)


def _borrower_without_lender(world: PlannedWorld, cloud: ParticipantSpec, since: str) -> str:
    """Say what is wrong with a cloud that borrows in a world whose lenders never have money."""
    if not isinstance(cloud.strategies.get("borrowing"), AgainstFleet):
        return ""
    return (
        f"cloud.{cloud.name}.borrowing: found 'against_fleet'{since}, but lenders have no money"
        " (world.lenders_cash and world.lenders_inflow are 0); write world.lenders_cash = 10_000_000_000,"
        " or borrowing = 'no_loans'"
    )


def _appliances_without_supplies(world: PlannedWorld) -> Iterator[str]:
    """Find sellers of appliances that have no model to install, or no vendor to buy machines from."""
    for app in world.members["apps"]:
        if not world.ever(app, "sells_appliances"):
            continue
        if not any(world.ever(lab, "open_weights") or lab.owner == app.owner for lab in world.members["labs"]):
            yield (
                f"apps.{app.name}.sells_appliances: found 1, but it has no model to install: no lab gives its weights"
                f" away or belongs to {app.owner!r}; give one the number open_weights = 1, or that owner"
            )
        listed = app.partners.get("chips", ())
        able = [one for one in world.members["chips"] if one.region == app.region or world.ever(one, "exports")]
        if not any(not listed or one.name in listed for one in able):
            yield (
                f"apps.{app.name}.sells_appliances: found 1, but no vendor sells it machines; name one in"
                f" apps.{app.name}.chips that is in its region or exports, or add one to chips"
            )


def _owners_of_clouds(world: PlannedWorld) -> Iterator[str]:
    """Find owners without a cloud that have one: their older business belongs to it."""
    clouds = {cloud.owner: cloud for cloud in reversed(world.members["cloud"])}
    for owner in world.members["owners"]:
        if cloud := clouds.get(owner.owner):
            yield (
                f"owners.{owner.name}: found an owner without a cloud, but {shown(owner.owner)} owns {cloud.name};"
                f" write its numbers in cloud.{cloud.name}, as in cloud.{cloud.name}.older_revenue, and leave it out"
            )


def _spenders_without_hours(world: PlannedWorld) -> Iterator[str]:
    """Find outsiders that would spend money on hours by a rule, but to whom no cloud ever rents."""
    for group, number, found in SPENDING_ON_HOURS:
        for member in world.members[group]:
            if world.ever(member, number) and not clouds_renting_to(world, member):
                path = f"{group}.{member.name}.{number}"
                yield (
                    f"{path}: found {found}, but no cloud in {member.region} rents to it;"
                    f" write cloud.NAME.sells = 1 for one, or {path} = 0"
                )


def _shows_ads(world: PlannedWorld, app: ParticipantSpec) -> bool:
    """Whether an app shows ads beside answers at any time: it decides on them, or the scenario sets them."""
    return not isinstance(app.strategies["advertising"], AdsAsSet) or world.ever(app, "ad_load")


def _ads_without_slots(world: PlannedWorld) -> Iterator[str]:
    """Find apps with ads that never show one, because they answer nothing for free."""
    moved = {event.path for event in world.events}
    for app in world.members["apps"]:
        stuck = not {"apps.list_quota", f"apps.{app.name}.list_quota"} & moved
        quota = app.numbers.get("list_quota", 1)
        if world.ever(app, "ad_load") and stuck and quota < 1:
            yield (
                f"apps.{app.name}.ad_load: found slots beside free answers, but list_quota = {quota:g} leaves no free"
                " answer; write list_quota = 30, or ad_load = 0"
            )


def _ads_without_pages(world: PlannedWorld) -> Iterator[str]:
    """Find result pages without ad slots, and budgets for ads on pages that no app has."""
    paged = [app for app in world.members["apps"] if world.ever(app, "opening_pages")]
    for app in paged:
        if not world.ever(app, "page_slots") and not _shows_ads(world, app):
            yield (
                f"apps.{app.name}.page_slots: found 0, and ad_load = 0 beside answers, so its result pages would sell"
                " no ad; write page_slots = 10, or opening_pages = 0"
            )
    for region in world.members["advertisers"] if not paged else ():
        if world.ever(region, "page_budget"):
            yield (
                f"advertisers.{region.name}.page_budget: found money for ads on result pages, but no app has any; give"
                " one opening_pages above 0, or write page_budget = 0"
            )


def _idle_export_rules(world: PlannedWorld) -> Iterator[str]:
    """Find dated export rules that change no vendor."""
    vendors = list(world.members["chips"])
    for event in world.events:
        changed = [_after(vendor, event) for vendor in vendors]
        named = event.path in {"chips.exports", *(f"chips.{one.name}.exports" for one in world.members["chips"])}
        if event.what == "set" and named:
            pairs = zip(vendors, changed, strict=True)
            if all((old.numbers["exports"] > 0) == (new.numbers["exports"] > 0) for old, new in pairs):
                already = "sells at home alone" if event.value == 0 else "exports"
                why = f"every vendor that it names {already} already" if vendors else "there is no vendor"
                yield (
                    f"{event.path}: found an event in {calendar_month(world.start, event.month)} that sets it to"
                    f" {event.value:g}, but {why}; name a vendor that it changes, or leave the event out"
                )
        vendors = changed


def _circular_owners(firms: list[ParticipantSpec]) -> Iterator[str]:
    """Find firms that own each other in a circle, so that nobody owns them; each circle is reported once."""
    owners = {firm.name: firm.owner for firm in firms if firm.owner != firm.name}
    reported: set[str] = set()
    for firm in firms:
        way = [firm.name]
        while (owner := owners.get(way[-1], "")) and owner not in way:
            way.append(owner)
        if owner and owner == firm.name and not reported & set(way):
            reported |= set(way)
            circle = " -> ".join([*way, owner])
            yield f"{firm.layer}.{firm.name}.owner: goes in a circle, {circle}; name one owner of all of them"
