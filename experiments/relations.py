"""Who is there beside whom: keys and names that are used twice, and firms that are named and not there."""

from collections.abc import Iterator, Mapping
from itertools import chain

from watersellers.agents.setting import Event, Member
from watersellers.agents.strategies.index import OwnIndex
from watersellers.experiments.draft import Draft
from watersellers.experiments.errors import shown
from watersellers.experiments.parameters import FIRMS, GROUPS
from watersellers.experiments.unchangeable import wrong_list
from watersellers.market.goods import LAYERS, REGIONS, SECTORS

RESERVED = {  # accounts that every world has, and where money comes from that was there at first
    *(*LAYERS, "older_businesses", "opening"),
    *(f"{sector}_{region}" for sector in SECTORS for region in REGIONS),
}

type There = dict[str, dict[str, Member]]  # members by group and name


def relations(draft: Draft, members: list[Member]) -> Iterator[str]:
    """Find keys and names that are used twice, and firms that are named and not there."""
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
        if member.layer not in SECTORS and (other := by_name.setdefault(member.name, path)) != path:
            yield f"{path}: {other} has this name too; each needs its own"
        yield from _named(draft, member, path, there)
    for member in members:
        if member.numbers.get("opening_pages") and f"{member.name}_pages" in by_name:
            yield f"{by_name[f'{member.name}_pages']}: is the name of {member.name}'s older line; give it another"


def _named(draft: Draft, member: Member, path: str, there: There) -> Iterator[str]:
    """Find partners and a founder that a member names and that are not among the names of their layer."""
    if member.founder and member.founder not in there["investors"]:
        yield f"{path}.founder: {draft.hints.unknown('investor', member.founder, there['investors'])}"
    if member.enters and not member.founder:
        yield f"{path}.founder: is missing; who enters later needs an investor that pays for it"
    yield from _shares(draft, member, path, there)
    for layer, names in member.partners.items():
        itself = member.name if layer == member.layer else ""
        yield from (f"{path}.{layer}: {said}" for said in wrong_list(names, itself))
        for name in names:
            if draft.groups[layer].members.get(name, {}).get("absent"):
                yield f"{path}.{layer}: {name!r} is absent in this scenario; name other partners"
            elif name not in there[layer]:
                yield f"{path}.{layer}: {draft.hints.unknown('firm', name, there[layer])}"


def _shares(draft: Draft, member: Member, path: str, there: There) -> Iterator[str]:
    """Find a patron that is not there, or that somebody names who shares no revenue."""
    if not member.patron:
        return
    if member.layer != "labs":
        yield f"{path}.patron: found {shown(member.patron)}, expected none; only labs share their revenue"
    elif member.patron == member.name:
        yield f"{path}.patron: {shown(member.patron)} is the lab itself; name the firm that gets its share"
    elif not any(member.patron in there[layer] for layer in FIRMS):
        firms = chain.from_iterable(there[layer] for layer in FIRMS)
        yield f"{path}.patron: {draft.hints.unknown('firm', member.patron, firms)}"


def regions(groups: Mapping[str, tuple[Member, ...]]) -> Iterator[str]:
    """Find sectors' members that say they are elsewhere or somebody else's, and regions without users."""
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


def shared_with_nobody(labs: tuple[Member, ...], events: tuple[Event, ...]) -> Iterator[str]:
    """Find shares of revenue, from the start or after an event, that no patron is named for."""
    later = {event.path: event.value for event in events if event.value}
    for lab in labs:
        paths = ("labs.revenue_share", f"labs.{lab.name}.revenue_share")
        share = lab.numbers.get("revenue_share") or next((later[path] for path in paths if path in later), 0.0)
        if share and not lab.patron:
            cure = f"name the firm that gets it, labs.{lab.name}.patron"
            yield f"labs.{lab.name}.revenue_share: found {share:g}, but the lab has no patron; {cure}"


def offered_nowhere(apps: tuple[Member, ...], events: tuple[Event, ...]) -> Iterator[str]:
    """Find apps that nobody can use, now or after an event: they would only burn money."""
    opened = {event.path for event in events if event.value}
    for app in apps:
        offered = [app.numbers[region] for region in REGIONS if region in app.numbers]
        later = {f"apps.{region}" for region in REGIONS} | {f"apps.{app.name}.{region}" for region in REGIONS}
        if offered and not any(offered) and not later & opened:
            yield f"apps.{app.name}: is offered nowhere (west = 0, china = 0); write {app.region} = 1"


def without_searches(apps: tuple[Member, ...], events: tuple[Event, ...]) -> Iterator[str]:
    """Find apps that would buy searches, now or after an event, and name nobody who sells them."""

    def ever(app: Member, number: str) -> bool:
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
                else "is missing; who buys searches names an app that sells them"
            )
            cure = f"expected one of {', '.join(others)}" if others else "no app has a search_price above 0"
            yield f"apps.{app.name}.apps: {found}; {cure}"
