"""The parts of an economy: every layer and sector, built from a setting and not yet at work."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import mesa

from watersellers.agents.advertisers import Advertisers
from watersellers.agents.app import App
from watersellers.agents.apps import Apps
from watersellers.agents.boxing import Boxing
from watersellers.agents.building import Builders
from watersellers.agents.cellars import Cellars
from watersellers.agents.chipmaker import Chipmaker, Chips
from watersellers.agents.cloud import Cloud, Clouds
from watersellers.agents.court import Court
from watersellers.agents.devices import Devices
from watersellers.agents.directing import Boards
from watersellers.agents.enterprises import Enterprises
from watersellers.agents.firm import Common, Firm, LastMonth
from watersellers.agents.happenings import Happenings, HasTraits
from watersellers.agents.herding import Redemptions
from watersellers.agents.hosting import Hosts
from watersellers.agents.investors import Investor, Investors
from watersellers.agents.lab import Lab
from watersellers.agents.labs import Labs
from watersellers.agents.lending import Lenders
from watersellers.agents.news import News
from watersellers.agents.own_models import OwnModels
from watersellers.agents.owners import HasIncome, Incomes, OlderBusinesses
from watersellers.agents.pages import Line, Pages
from watersellers.agents.patrons import Patrons
from watersellers.agents.population import Known, draw
from watersellers.agents.publishing import Publishers
from watersellers.agents.reserving import Reservations
from watersellers.agents.search import Search
from watersellers.agents.setting import Member, Setting
from watersellers.agents.stakes import Stakes
from watersellers.agents.transacting import Merchants
from watersellers.agents.trust import Trust
from watersellers.agents.users import Users
from watersellers.market.accounts import Account, Accounts
from watersellers.market.backlog import Backlog
from watersellers.market.dice import Chance
from watersellers.market.fleet import Fleets
from watersellers.market.ledger import Ledger
from watersellers.market.shares import ShareRegister

OUTSIDE = (
    Account(1, "world", "world", "world", "west"),
    Account(2, "older_businesses", "world", "world", "west"),
    Account(3, "lenders", "lenders", "lenders", "west"),
)
SECTORS = ("users", "enterprises", "advertisers")  # an account for each region
KINDS = ("chips", "cloud", "labs", "apps")
LINE_KEY = 10**9  # above all members' keys: an older line's is this much above its app's


def accounts_of(setting: Setting) -> Accounts:
    """All accounts of a setting: what is always there, the outside sectors by region, investors, and the firms."""
    rows = []
    for sector in SECTORS:
        names = [(m, f"{sector}_{m.name}") for m in setting.groups[sector]]
        rows += [Account(m.key, name, sector, name, m.name) for m, name in names]
    for group in ("investors", *KINDS):
        rows += [Account(m.key, m.name, group, m.owner, m.region) for m in setting.groups[group]]
    pages = [m for m in setting.groups["apps"] if m.numbers["opening_pages"] > 0]
    lines = [Account(LINE_KEY + m.key, f"{m.name}_pages", "world", m.owner, m.region) for m in pages]
    return Accounts.of([*OUTSIDE, *rows, *lines])


def by_key(members: tuple[Member, ...]) -> list[Member]:
    """Members in the order of their keys, whatever the order of the file."""
    return sorted(members, key=lambda member: member.key)


@dataclass
class Parts:
    """Every layer and sector of an economy, by its name."""

    ledger: Ledger
    common: Common
    firms: dict[str, list[Firm]]
    chips: Chips
    clouds: Clouds
    builders: Builders
    lenders: Lenders
    labs: Labs
    reservations: Reservations
    hosts: Hosts
    apps: Apps
    trust: Trust
    users: Users
    devices: Devices
    enterprises: Enterprises
    cellars: Cellars
    boxing: Boxing
    advertisers: Advertisers
    pages: Pages
    owners: OlderBusinesses
    investors: Investors
    redemptions: Redemptions
    stakes: Stakes
    boards: Boards
    court: Court
    calendar: Happenings

    @property
    def search(self) -> Search:
        """The apps' own market for searches."""
        return Search(self.apps, self.common)

    @property
    def own_models(self) -> OwnModels:
        """The models that apps serve themselves."""
        return self.apps.own_models

    @property
    def publishers(self) -> Publishers:
        """Whom apps pay for content."""
        return Publishers(self.apps, self.common)

    @property
    def merchants(self) -> Merchants:
        """Who pays apps a share of what users transact through them."""
        return Merchants(self.apps, self.users, self.common)

    @property
    def incomes(self) -> Incomes:
        """Who is paid an income from outside the chain."""
        regions = [*self.enterprises.regions, *self.advertisers.regions, *self.users.regions]
        sources: list[HasIncome] = [self.owners, *self.investors.pools, *regions, self.lenders]
        return Incomes(self.common, [(source.place, source) for source in sources])


def build(model: mesa.Model, setting: Setting, users: int, seed: int) -> Parts:
    """Build all parts of a setting with a number of simulated users and a seed; firms are the model's agents."""
    common = _common(setting)
    groups = {group: by_key(members) for group, members in setting.groups.items()}
    vendors, clouds, labs, apps = _firms(model, groups, common)
    firms: dict[str, list[Firm]] = {"chips": [*vendors], "cloud": [*clouds], "labs": [*labs], "apps": [*apps]}
    lenders, reservations = Lenders(clouds, common), Reservations(labs, clouds, common)
    apps_layer = Apps(apps, common, OwnModels(apps, labs, common))
    builders = Builders(clouds, apps, common, lenders)
    around = _users(groups["users"], apps, common, (users, seed))
    outside = Enterprises(groups["enterprises"], common), Advertisers(groups["advertisers"], apps_layer, common)
    pools, everybody = [Investor(member, common) for member in groups["investors"]], [*vendors, *clouds, *labs, *apps]
    investors, court = Investors(pools, everybody, common), Court(everybody, common)
    return Parts(
        ledger=Ledger(common.accounts),
        common=common,
        firms=firms,
        chips=Chips(vendors, common),
        clouds=Clouds(clouds, common),
        builders=builders,
        lenders=lenders,
        labs=Labs(labs, common, Patrons([*labs], everybody, common), reservations),
        reservations=reservations,
        hosts=Hosts(clouds, labs, common),
        apps=apps_layer,
        trust=Trust(apps, common),
        users=around,
        devices=Devices(around, apps_layer, common),
        enterprises=outside[0],
        cellars=Cellars(outside[0]),
        boxing=Boxing(apps_layer, labs, outside[0], common),
        advertisers=outside[1],
        pages=Pages(_lines(apps, common), around, outside[1], common),
        owners=OlderBusinesses(clouds, everybody, builders, common),
        investors=investors,
        redemptions=Redemptions(pools, common.world),
        stakes=Stakes([*vendors, *clouds], {firm.place: firm for firm in everybody}, investors, common),
        boards=Boards([*labs, *apps], court, common),
        court=court,
        calendar=Happenings(setting.events, _holders(firms, around, outside, pools), common),
    )


def _firms(
    model: mesa.Model, groups: Mapping[str, list[Member]], common: Common
) -> tuple[list[Chipmaker], list[Cloud], list[Lab], list[App]]:
    """Make the firms, which are the model's agents, in the order of the layers and of their keys."""
    vendors = [Chipmaker(model, member, common.place(member.name)) for member in groups["chips"]]
    clouds = [Cloud(model, member, common.place(member.name)) for member in groups["cloud"]]
    labs = [Lab(model, member, common.place(member.name)) for member in groups["labs"]]
    return vendors, clouds, labs, [App(model, member, common.place(member.name)) for member in groups["apps"]]


def _lines(apps: list[App], common: Common) -> list[Line]:
    """Older search businesses: one for each app that has result pages when the story begins."""
    return [Line(firm, common.place(f"{firm.name}_pages")) for firm in apps if firm.traits.opening_pages > 0]


def _holders(
    firms: dict[str, list[Firm]], around: Users, outside: tuple[Enterprises, Advertisers], pools: list[Investor]
) -> dict[str, Sequence[HasTraits]]:
    """Whose numbers an event can change, by group."""
    regions = {"users": around.regions, "enterprises": outside[0].regions, "advertisers": outside[1].regions}
    return {**firms, **regions, "investors": pools}


def _common(setting: Setting) -> Common:
    """Make what all parts share, empty."""
    accounts = accounts_of(setting)
    registers = Backlog(), Fleets(len(accounts)), ShareRegister(), News(), LastMonth(len(accounts))
    return Common(accounts, dict(setting.numbers), *registers)


def _users(members: list[Member], apps: list[App], common: Common, size: tuple[int, int]) -> Users:
    """Draw the population and hand it to its layer; ``size`` is the number of rows and the seed."""
    regions = [member.name for member in members]
    known = [Known(firm.key, firm.known_in(regions)) for firm in apps]
    born = Chance(size[1], -1)
    people = draw(tuple(members), size[0], known, born)
    return Users(tuple(members), (people, born), [firm.place for firm in apps], common)
