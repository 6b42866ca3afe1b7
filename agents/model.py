"""Puts an economy together from a setting: accounts, opening books, layers, and who takes part in which phase."""

from dataclasses import dataclass

import mesa

from agents.app import App, Apps
from agents.building import Builders
from agents.checks import Auditor, Stock
from agents.chipmaker import Chipmaker, Chips
from agents.cloud import Cloud, Clouds
from agents.court import Court
from agents.firm import Common, Firm, LastMonth, News
from agents.happenings import Happenings
from agents.investors import Investor, Investors
from agents.lab import Lab, Labs
from agents.opening import open_books
from agents.outside import (
    Advertisers,
    Enterprises,
    HourCustomers,
    Incomes,
    MachineCustomers,
    OlderBusinesses,
    TokenCustomers,
)
from agents.population import Known, draw
from agents.records import Recorder
from agents.setting import Setting
from agents.users import Users
from market.accounts import Account, Accounts
from market.backlog import Backlog
from market.dice import Chance
from market.fleet import Fleets
from market.ledger import Ledger
from market.month import Economy, Market
from market.shares import ShareRegister

OUTSIDE = (
    Account(1, "world", "world", "world", "west"),
    Account(2, "older_businesses", "world", "world", "west"),
    Account(3, "lenders", "lenders", "lenders", "west"),
    Account(4, "enterprises", "enterprises", "enterprises", "west"),
    Account(5, "advertisers", "advertisers", "advertisers", "west"),
)
KINDS: dict[str, type[Firm]] = {"chips": Chipmaker, "cloud": Cloud, "labs": Lab, "apps": App}


def accounts_of(setting: Setting) -> Accounts:
    """All accounts of a setting: the fixed sectors, users by region, investors, and the firms."""
    rows = [Account(m.key, f"users_{m.name}", "users", f"users_{m.name}", m.name) for m in setting.groups["users"]]
    for group in ("investors", *KINDS):
        rows += [Account(m.key, m.name, group, m.owner, m.region) for m in setting.groups[group]]
    return Accounts.of([*OUTSIDE, *rows])


@dataclass
class Assembly:
    """An economy put together, with its parts at hand for whoever looks at it."""

    economy: Economy
    common: Common
    firms: dict[str, list[Firm]]
    users: Users
    recorder: Recorder


class CloseBooks:
    """Closes the month's income into equity; stands between what reads the month's income and what reads stocks."""

    def close(self, ledger: Ledger, month: int) -> None:
        """Close income and expense items."""
        ledger.close_month()


def assemble(model: mesa.Model, setting: Setting, users: int, seed: int) -> Assembly:
    """Build the economy of a setting with a number of simulated users and a seed."""
    accounts = accounts_of(setting)
    ledger = Ledger(accounts)
    common = Common(
        accounts,
        dict(setting.numbers),
        Backlog(),
        Fleets(len(accounts)),
        ShareRegister(),
        News(),
        LastMonth(len(accounts)),
    )
    firms = {
        group: [kind(model, m, common.place(m.name)) for m in sorted(setting.groups[group], key=lambda m: m.key)]
        for group, kind in KINDS.items()
    }
    regions = [member.name for member in setting.groups["users"]]
    known = [Known(firm.key, firm.known_in(regions)) for firm in firms["apps"]]
    people = draw(setting.groups["users"], users, known, Chance(seed, -1))
    return _wire(setting, common, (ledger, firms, people, seed))


def _wire(setting: Setting, common: Common, parts: tuple) -> Assembly:
    """Give every layer its part, and list who takes part in which phase."""
    ledger, firms, people, seed = parts
    chips, clouds = Chips(firms["chips"], common), Clouds(firms["cloud"], common)
    labs, apps = Labs(firms["labs"], common), Apps(firms["apps"], common)
    builders = Builders(firms["cloud"], common)
    everybody = [firm for group in KINDS for firm in firms[group]]
    users = Users(setting.groups["users"], people, [firm.place for firm in firms["apps"]], common)
    enterprises = Enterprises(setting.groups["enterprises"], common)
    advertisers = Advertisers(setting.groups["advertisers"], apps, common)
    pools = [Investor(member, common) for member in sorted(setting.groups["investors"], key=lambda m: m.key)]
    investors, court = Investors(pools, everybody, common), Court(everybody, common)
    funded = [firm for firm in everybody if getattr(firm.traits, "owner_funds", 0) > 0]
    owners = OlderBusinesses(firms["cloud"], funded, builders, common)
    holders = {
        **firms,
        "users": users.regions,
        "enterprises": enterprises.regions,
        "advertisers": advertisers.regions,
        "investors": pools,
    }
    calendar = Happenings(setting.events, holders, common)
    recorder = Recorder((chips, clouds, labs, apps), (users, advertisers, investors, court, calendar), common)
    incomes = Incomes(
        common,
        [
            (owners.place, owners),
            (enterprises.place, enterprises),
            (advertisers.place, advertisers),
            *[(p.place, p) for p in pools],
            *users.purses(),
        ],
    )
    open_books(ledger, common, firms, pools)
    economy = Economy(
        ledger=ledger,
        seed=seed,
        markets=(
            Market("chips", chips, (builders, MachineCustomers(enterprises))),
            Market("hours", clouds, (labs, owners, HourCustomers(enterprises))),
            Market("tokens", labs, (apps, TokenCustomers(enterprises))),
            Market("plans", apps, (users,)),
        ),
        happening=(calendar,),
        arriving=(incomes, owners, chips, builders),
        expecting=(clouds, chips, labs, investors),
        attending=(advertisers,),
        spending=(chips, clouds, labs, apps),
        investing=(chips, builders, labs, apps),
        financing=(investors,),
        exiting=(court,),
        closing=(builders, common.last, CloseBooks(), recorder),
    )
    markets = {market.name: market for market in economy.markets}
    auditor = Auditor(Stock(common, ledger, clouds, labs, apps, advertisers, users, markets))
    economy.closing = (*economy.closing, auditor)
    return Assembly(economy, common, firms, users, recorder)
