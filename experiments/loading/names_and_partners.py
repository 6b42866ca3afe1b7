"""Relations between participants: keys and names that are used twice, and firms that are named but absent."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import chain

from watersellers.agents.scenario_spec import Event, ParticipantSpec
from watersellers.agents.strategies.answering import OwnIndex
from watersellers.experiments.input.errors import shown
from watersellers.experiments.loading.edits.partner_lists import ALL
from watersellers.experiments.loading.event_limits import wrong_partner_list
from watersellers.experiments.loading.parameters import FIRMS, GROUPS
from watersellers.experiments.loading.scenario_draft import ScenarioDraft
from watersellers.market.goods import LAYERS, REGIONS, SECTORS

RESERVED = {  # accounts of every world, and the origin of the money that exists at the start
    *(*LAYERS, "older_businesses", "states", "opening"),
    *(f"{sector}_{region}" for sector in SECTORS for region in REGIONS),
}

type There = dict[str, dict[str, ParticipantSpec]]  # members by group and name


def relations(draft: ScenarioDraft, members: list[ParticipantSpec]) -> Iterator[str]:
    """Find keys and names that are used twice, and firms that are named but absent."""
    by_key: dict[int, str] = {}
    by_name: dict[str, str] = {}
    there: There = {group: {} for group in GROUPS}
    for member in members:
        there[member.layer][member.name] = member
    for member in members:
        path = f"{member.layer}.{member.name}"
        if (other := by_key.setdefault(member.key, path)) != path:
            yield f"{path}.key: {member.key} is the key of {other} too; each needs its own"
        if member.layer not in SECTORS and member.name in RESERVED:
            yield f"{path}: {member.name!r} is the name of an outside sector; give it another"
        if member.name == ALL:
            yield f"{path}: {ALL!r} stands for every firm in lists; give it another name"
        if member.layer not in SECTORS and (other := by_name.setdefault(member.name, path)) != path:
            yield f"{path}: {other} has this name too; each needs its own"
        yield from _named(draft, member, path, there)
    for member in members:
        if member.numbers.get("opening_pages") and f"{member.name}_pages" in by_name:
            yield f"{by_name[f'{member.name}_pages']}: is the name of {member.name}'s older line; give it another"


def _named(draft: ScenarioDraft, member: ParticipantSpec, path: str, there: There) -> Iterator[str]:
    """Find a founder and partners that a member names but that are not present."""
    if member.founder and member.founder not in there["investors"]:
        yield f"{path}.founder: {draft.hints.unknown('investor', member.founder, there['investors'])}"
    paid_by_owner = _ever_for_its_group(draft, member) or _owner_has_older_business(member, there)
    if member.enters and not member.founder and not paid_by_owner:
        yield f"{path}.founder: is missing; a firm that enters later needs an investor that pays for it"
    yield from _shares(draft, member, path, there)
    for layer, names in member.partners.items():
        itself = member.name if layer == member.layer else ""
        yield from (f"{path}.{layer}: {problem}" for problem in wrong_partner_list(names, itself))
        for name in names:
            if draft.groups[layer].members.get(name, {}).get("absent"):
                yield f"{path}.{layer}: {name!r} is absent in this scenario; {_cure_of_absent(draft, name)}"
            elif name not in there[layer]:
                yield f"{path}.{layer}: {draft.hints.unknown('firm', name, there[layer])}"


def _ever_for_its_group(draft: ScenarioDraft, member: ParticipantSpec) -> bool:
    """Say whether a firm is a vendor for its owner's group, at the start or after an event: its owner pays then."""
    paths = ("chips.group_only", f"chips.{member.name}.group_only") if member.layer == "chips" else ()
    later = any(event.content.get("path") in paths and event.content.get("value") for event in draft.events)
    return later or member.numbers.get("group_only", 0) > 0


def _owner_has_older_business(member: ParticipantSpec, there: There) -> bool:
    """Say whether the owner of a firm has an older business: one with a cloud, one with result pages, or another."""
    older = (("cloud", "older_revenue"), ("apps", "opening_pages"))
    group = ((firm, number) for layer, number in older for firm in there[layer].values() if firm.owner == member.owner)
    return member.owner in there["owners"] or any(firm.numbers.get(number, 0) > 0 for firm, number in group)


def _cure_of_absent(draft: ScenarioDraft, name: str) -> str:
    """Say what to write where a list names an absent firm."""
    if name in draft.removed:
        return f"{draft.removed[name]} removes it, so leave it out of lists"
    return f'name other partners, or write remove = ["{name}"] in place of absent = true: that shortens all lists'


def _shares(draft: ScenarioDraft, member: ParticipantSpec, path: str, there: There) -> Iterator[str]:
    """Find a patron that is not present, or of a firm that shares no revenue."""
    if not member.patron:
        return
    if member.layer != "labs":
        yield f"{path}.patron: found {shown(member.patron)}, expected none; only labs share their revenue"
    elif member.patron == member.name:
        yield f"{path}.patron: {shown(member.patron)} is the lab itself; name the firm that receives its share"
    elif not any(member.patron in there[layer] for layer in FIRMS):
        firms = chain.from_iterable(there[layer] for layer in FIRMS)
        yield f"{path}.patron: {draft.hints.unknown('firm', member.patron, firms)}"


def wrong_regions(groups: Mapping[str, tuple[ParticipantSpec, ...]]) -> Iterator[str]:
    """Find outside sectors with another region or owner than their own, and regions without users."""
    for sector in SECTORS:
        for member in (one for one in groups[sector] if one.name in REGIONS):
            for key, found in (("region", member.region), ("owner", member.owner)):
                if found != member.name:
                    yield f"{sector}.{member.name}.{key}: found {found!r}, expected {member.name!r} or nothing else"
    users = {member.name for member in groups["users"]}
    if any(groups[layer] for layer in FIRMS):
        for region in REGIONS:
            if region not in users:
                yield (
                    f"users.{region}: is absent, but every world has users in {' and in '.join(REGIONS)}; write"
                    f" users.{region}.income = 0 for users that pay nothing"
                )


def shares_without_patron(labs: tuple[ParticipantSpec, ...], events: tuple[Event, ...]) -> Iterator[str]:
    """Find labs that share revenue, at the start or after an event, but name no patron."""
    later = {event.path: event.value for event in events if event.value}
    for lab in labs:
        paths = ("labs.revenue_share", f"labs.{lab.name}.revenue_share")
        share = lab.numbers.get("revenue_share") or next((later[path] for path in paths if path in later), 0.0)
        if share and not lab.patron:
            cure = f"name the firm that receives it in labs.{lab.name}.patron"
            yield f"labs.{lab.name}.revenue_share: found {share:g}, but the lab has no patron; {cure}"


def entrants_without_founder(firms: Iterable[ParticipantSpec], events: tuple[Event, ...]) -> Iterator[str]:
    """Find firms that enter when they are worth it, at the start or after an event, but have no investor to pay."""
    later = {event.path: event.value for event in events if event.value}
    for firm in firms:
        path = f"{firm.layer}.{firm.name}"
        paths = (f"{firm.layer}.entry_cost", f"{path}.entry_cost")
        cost = firm.numbers.get("entry_cost") or next((later[each] for each in paths if each in later), 0.0)
        if cost and not firm.founder and not firm.enters:  # one with a date is refused anyway
            cure = f"name the investor that pays it in {path}.founder, or write {path}.entry_cost = 0"
            yield f"{path}.entry_cost: found {cost:g}, but the firm has no founder; {cure}"


def apps_offered_nowhere(apps: tuple[ParticipantSpec, ...], events: tuple[Event, ...]) -> Iterator[str]:
    """Find apps that nobody can ever use: they would only burn money."""
    opened = {event.path for event in events if event.value}
    for app in apps:
        offered = [app.numbers[region] for region in REGIONS if region in app.numbers]
        later = {f"apps.{region}" for region in REGIONS} | {f"apps.{app.name}.{region}" for region in REGIONS}
        if offered and not any(offered) and not later & opened:
            found = ", ".join(f"{region} = 0" for region in REGIONS)
            yield f"apps.{app.name}: is offered nowhere ({found}); write {app.region} = 1"


def apps_without_searches(apps: tuple[ParticipantSpec, ...], events: tuple[Event, ...]) -> Iterator[str]:
    """Find apps that would buy searches, at the start or after an event, but name no seller."""

    def ever(app: ParticipantSpec, number: str) -> bool:
        paths = {f"apps.{number}", f"apps.{app.name}.{number}"}
        return app.numbers.get(number, 0) > 0 or any(event.path in paths and event.value > 0 for event in events)

    selling = [app.name for app in apps if ever(app, "search_price")]
    for app in apps:
        there, index = app.partners.get("apps", ()), app.strategies.get("index")
        others = [name for name in selling if name != app.name]
        if ever(app, "search_calls") and not isinstance(index, OwnIndex) and not set(there) & set(others):
            found = (
                f"found {shown(list(there))}, none of which sells them"
                if there
                else "is missing; an app that buys searches names an app that sells them"
            )
            cure = f"expected one of {', '.join(others)}" if others else "no app has a search_price above 0"
            yield f"apps.{app.name}.apps: {found}; {cure}"
