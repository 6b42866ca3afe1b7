"""Who acts in which phase of the month, in which order, and why in that order.

``market/month.py`` says what the phases are; this page says who takes part in each. Where the order matters, ``after``
names who has to act before and why; wherever it says nothing, any order gives the same payments, balances and
decisions. tests/test_schedule.py draws orders that these constraints allow and finds the same economy, and breaks each
constraint and finds another.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from watersellers.agents.advertisers import Advertisers
from watersellers.agents.answer_calls import AnswerCustomers
from watersellers.agents.app import App
from watersellers.agents.apps import Apps
from watersellers.agents.boxing import BoxCustomers, Boxing
from watersellers.agents.building import Builders
from watersellers.agents.cellars import Cellars, HourCustomers
from watersellers.agents.checks import Auditor
from watersellers.agents.chipmaker import Chipmaker, Chips
from watersellers.agents.closing import CloseBooks, NoteResults
from watersellers.agents.cloud import Cloud
from watersellers.agents.clouds import Clouds
from watersellers.agents.court import Court
from watersellers.agents.devices import Devices
from watersellers.agents.directing import Boards
from watersellers.agents.enterprises import TokenCustomers
from watersellers.agents.firm import Firm
from watersellers.agents.happenings import Happenings
from watersellers.agents.hosting import Hosts
from watersellers.agents.investors import Investors
from watersellers.agents.lab import Lab
from watersellers.agents.labs import Labs
from watersellers.agents.lending import Lenders
from watersellers.agents.own_models import OwnModels
from watersellers.agents.owners import Incomes, OlderBusinesses
from watersellers.agents.pages import Pages
from watersellers.agents.patrons import Patrons
from watersellers.agents.publishing import Publishers
from watersellers.agents.records import Recorder
from watersellers.agents.redeeming import Redemptions
from watersellers.agents.reserving import Reservations
from watersellers.agents.search import Search
from watersellers.agents.setting import Traits
from watersellers.agents.staff_seats import SeatCustomers
from watersellers.agents.stakes import Stakes
from watersellers.agents.transacting import Merchants
from watersellers.agents.trust import Trust
from watersellers.agents.users import Users

FIRMS: dict[str, type[Firm]] = {"chips": Chipmaker, "cloud": Cloud, "labs": Lab, "apps": App}  # upstream first


@dataclass(frozen=True)
class Turn:
    """A part's turn in a phase: what it does there, and who has to have acted before it, with the reason."""

    who: type[Any]
    does: str
    after: Mapping[type[Any], str] = field(default_factory=dict)


@dataclass(frozen=True)
class Trade:
    """A market: who sells, who buys, and whose rule shares what is short (none: alike among the buyers)."""

    good: str
    sellers: tuple[Turn, ...]
    buyers: tuple[Turn, ...]
    rations: type[Any] | None = None


# Phases 4 to 8 (prices, orders, goods, money) go through the markets: prices, goods and bills from the first to the
# last, orders and payments from the last to the first.
MARKETS: Mapping[str, Trade] = {
    "chips": Trade(
        "accelerators",
        sellers=(
            Turn(Chips, "vendors post the price of an accelerator, and ship from backlog what their capacity gives"),
        ),
        buyers=(
            Turn(Builders, "clouds, and apps with machines of their own, call what they have on order"),
            Turn(Cellars, "enterprises call what they have on order for themselves"),
            Turn(Boxing, "makers of appliances call what they have on order"),
        ),
        rations=Chips,
    ),
    "hours": Trade(
        "hours of machines",
        sellers=(Turn(Clouds, "clouds post the price of an hour, and rent out what their machines give"),),
        buyers=(
            Turn(Labs, "labs rent hours to serve and to train with"),
            Turn(OlderBusinesses, "owners' older businesses rent hours in their own clouds"),
            Turn(HourCustomers, "enterprises rent the hours that they want and do not own"),
            Turn(Hosts, "clouds that host open weights set hours aside"),
            Turn(OwnModels, "apps rent hours for models of their own"),
        ),
    ),
    "tokens": Trade(
        "tokens",
        sellers=(
            Turn(Labs, "labs choose clouds and post their price cards"),
            Turn(
                Hosts,
                "clouds that host open weights post theirs",
                {Labs: "hosts post cards of the models that labs have just posted"},
            ),
        ),
        buyers=(
            Turn(Apps, "apps order the tokens that their queries take"),
            Turn(TokenCustomers, "enterprises spend their budgets at labs and hosts"),
        ),
        rations=Labs,
    ),
    "search": Trade(
        "searches",
        sellers=(Turn(Search, "apps with an index post tariffs"),),
        buyers=(Turn(Search, "apps count the queries asked of them, and buy the searches that they take"),),
    ),
    "plans": Trade(
        "seats, answers and queries",
        sellers=(
            Turn(Apps, "apps choose labs and post seats, quotas and tariffs"),
            Turn(Devices, "apps post devices"),
        ),
        buyers=(
            Turn(Users, "people choose apps, seats and queries"),
            Turn(AnswerCustomers, "enterprises buy answers by the call"),
            Turn(SeatCustomers, "enterprises buy seats for their staff"),
            Turn(
                Devices, "people buy devices", {Users: "a device that is bought this month counts from the next one on"}
            ),
        ),
    ),
    "appliances": Trade(
        "appliances",
        sellers=(Turn(Boxing, "apps post appliances with a model inside"),),
        buyers=(Turn(BoxCustomers, "enterprises buy appliances out of the same budget"),),
    ),
}

QUEUE = "clouds come first in the vendors' queues, and reckon with their length"

SCHEDULE: Mapping[str, tuple[Turn, ...]] = {
    "happening": (Turn(Happenings, "the scenario's dated events of this month happen"),),  # 1
    "arriving": (  # 2
        Turn(Incomes, "the world pays every outside sector its income"),
        Turn(Lenders, "lenders hold borrowers to their covenants"),
        Turn(OlderBusinesses, "owners pay in what their firms will need"),
        Turn(Chips, "capacity ordered a lead time ago opens"),
        Turn(
            Builders,
            "old machines leave, new ones are housed and open",
            {
                Lenders: "what lenders seize is not housed any more",
                OlderBusinesses: "owners pay for buildings that are due, and machines are called with what is left",
            },
        ),
        Turn(
            Boxing,
            "old appliances leave, makers see what they can pay for machines",
            {OlderBusinesses: "machines are called with owners' money too"},
        ),
    ),
    "expecting": (  # 3
        Turn(Clouds, "clouds smooth what was asked of them, and tell what an hour is worth"),
        Turn(Chips, "vendors smooth the orders that came in"),
        Turn(Labs, "last month's training turns into knowledge"),
        Turn(Investors, "pools follow revenue, burn and returns, and their belief moves"),
        Turn(Trust, "trust heals, and falls with ads and scandals"),
        Turn(Pages, "search companies decide how many pages their model answers"),
    ),
    "attending": (  # 7
        Turn(Advertisers, "slots beside free answers are sold, at one price a region"),
        Turn(Pages, "slots on result pages are sold, and beside their answers"),
    ),
    "spending": (  # 8, after the markets have been paid from the last to the first: who is short pays in this order
        Turn(Chips, "vendors pay the foundry, research and staff"),
        Turn(Clouds, "clouds pay power, sites and staff"),
        Turn(Lenders, "borrowers pay interest"),
        Turn(Labs, "labs pay staff"),
        Turn(Apps, "apps pay media, channels and staff"),
        Turn(Search, "apps pay for their indexes", {Apps: "staff and media are paid first"}),
        Turn(Publishers, "apps pay publishers for content", {Search: "indexes are paid first"}),
        Turn(
            Merchants,
            "merchants pay apps their share of transactions",
            {Publishers: "publishers have no share in what users buy through an app"},
        ),
        Turn(
            Patrons,
            "labs pay patrons their share of revenue",
            {Clouds: "a patron that is a cloud pays its own bills out of what it had before"},
        ),
        Turn(Pages, "older lines pay for their pages"),
        Turn(
            Boxing,
            "makers of appliances book and pay what they sold, buyers pay power",
            {Apps: "staff and media are paid first"},
        ),
        Turn(
            Devices,
            "apps pay the makers of devices",
            {Merchants: "merchants' money is there by then", Boxing: "appliances are paid first"},
        ),
        Turn(OwnModels, "apps pay teams, power and sites of models of their own", {Devices: "devices are paid first"}),
        Turn(
            Reservations,
            "clouds pay labs for reserved hours that they rented out again",
            {
                Labs: "a lab's staff grows with what it makes, and not with what it rents out again",
                Patrons: "a patron has no share in that either",
            },
        ),
    ),
    "investing": (  # 9
        Turn(Chips, "vendors order capacity, and forget last month's buyers"),
        Turn(
            Builders,
            "clouds borrow, and order machines with deposits",
            {Chips: "vendors forget last month's buyers before they see this month's"},
        ),
        Turn(Cellars, "enterprises order machines of their own", {Builders: QUEUE}),
        Turn(Boxing, "makers of appliances order machines", {Builders: QUEUE}),
        Turn(OwnModels, "apps order machines of their own", {Builders: QUEUE}),
        Turn(Reservations, "labs sign for hours of coming months"),
        Turn(Labs, "labs decide next month's training"),
        Turn(Apps, "apps decide next month's marketing"),
    ),
    "financing": (  # 10
        Turn(Pages, "older lines hand what they have to the owners"),
        Turn(Lenders, "borrowers repay the month's part"),
        Turn(Redemptions, "savers take out what they no longer believe in"),
        Turn(
            Investors,
            "pools pay for rounds, firms pay dividends",
            {
                Lenders: "loans are repaid before dividends are paid",
                Redemptions: "what savers have taken out can't be paid into a round",
            },
        ),
        Turn(
            Stakes,
            "sellers buy into customers that raise money",
            {Investors: "sellers buy at the price of the pools' rounds, beside them"},
        ),
    ),
    "exiting": (  # 11
        Turn(Boards, "boards of labs and apps pivot or close while they can pay"),
        Turn(Court, "who has owed too long is wound up, and entrants come in"),
    ),
    "closing": (  # 12
        Turn(Builders, "machines wear, and are written down"),
        Turn(NoteResults, "the month's results are noted", {Builders: "wear is a cost of the month"}),
        Turn(
            CloseBooks,
            "income is closed into equity",
            {NoteResults: "what was earned is noted before it is gone from the income items"},
        ),
        Turn(Recorder, "the month's rows are written"),
        Turn(Auditor, "everything is checked", {CloseBooks: "it checks that nothing is left in the income items"}),
    ),
}


def records_of(
    layer: str, markets: Mapping[str, Trade] = MARKETS, schedule: Mapping[str, tuple[Turn, ...]] = SCHEDULE
) -> list[type[Traits]]:
    """Collect the records of numbers that mechanisms own of each firm of a layer: of who acts, and whom these ask.

    Raises
    ------
    ValueError
        If a mechanism has numbers of somebody who is no firm of the chain.
    """
    sides = [side for trade in markets.values() for side in (trade.sellers, trade.buyers)]
    acting = [turn.who for turns in (*sides, *schedule.values()) for turn in turns]
    owned: list[type[Traits]] = []
    for who in [each for one in acting for each in (one, *getattr(one, "ASKS", ()))]:
        numbers = getattr(who, "NUMBERS", {})
        if strangers := sorted(set(numbers) - set(FIRMS)):
            raise ValueError(f"{who.__name__}.NUMBERS: found {strangers}, expected layers of the chain")
        owned += numbers.get(layer, ())
    return list(dict.fromkeys(owned))
