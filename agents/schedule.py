"""The order of the month: which parts act in each phase, in which order, and why in that order.

``market/month.py`` defines the phases; this page lists the parts that act in each. Where the order matters, ``after``
names the parts that must act before, and the reason; elsewhere any order gives the same payments, balances and
decisions. ``tests/determinism/test_order_within_phases.py`` draws orders that these constraints allow and finds the
same economy; it breaks each constraint and finds another economy.
"""

from collections.abc import Mapping

from watersellers.agents.apps.ads_in_answers import AdsInAnswers
from watersellers.agents.apps.advertisers import Advertisers
from watersellers.agents.apps.answers_by_the_call import AnswerCustomers
from watersellers.agents.apps.app import App
from watersellers.agents.apps.appliances import ApplianceCustomers, Appliances
from watersellers.agents.apps.devices import Devices
from watersellers.agents.apps.entry_by_quality import EntryByQuality
from watersellers.agents.apps.incumbent_search import IncumbentSearch
from watersellers.agents.apps.merchants import Merchants
from watersellers.agents.apps.month import Apps
from watersellers.agents.apps.publishers import Publishers
from watersellers.agents.apps.search_market import SearchMarket
from watersellers.agents.apps.self_hosted_models import SelfHostedModels
from watersellers.agents.apps.staff_seats import SeatCustomers
from watersellers.agents.apps.trust import Trust
from watersellers.agents.audit.stock_flow_checks import Auditor
from watersellers.agents.chips.month import Chips
from watersellers.agents.chips.vendor import ChipVendor
from watersellers.agents.closing_entries import ClosingEntries, MonthResults
from watersellers.agents.cloud.fleet_investment import FleetInvestment
from watersellers.agents.cloud.fleet_loans import Lenders
from watersellers.agents.cloud.impairment import Impairment
from watersellers.agents.cloud.month import Clouds
from watersellers.agents.cloud.open_weight_hosts import OpenWeightHosts
from watersellers.agents.cloud.provider import Cloud
from watersellers.agents.economy_parts import MarketTurns, Turn
from watersellers.agents.enterprises.handed_over_work import HandedOverWork
from watersellers.agents.enterprises.own_compute import HourCustomers, OwnCompute
from watersellers.agents.enterprises.own_models import OwnModels
from watersellers.agents.enterprises.states import States
from watersellers.agents.enterprises.token_purchases import TokenCustomers
from watersellers.agents.finance.bad_debts import BadDebts
from watersellers.agents.finance.board_decisions import BoardDecisions
from watersellers.agents.finance.capital_calls import CapitalCalls, Distributions
from watersellers.agents.finance.customer_stakes import CustomerStakes
from watersellers.agents.finance.failures.insolvency import Insolvency
from watersellers.agents.finance.investors import Investors
from watersellers.agents.finance.outside_incomes import OutsideIncomes
from watersellers.agents.finance.own_use import OwnerRentals, OwnUse
from watersellers.agents.finance.owner_funding import OlderBusinesses
from watersellers.agents.finance.redemptions import Redemptions
from watersellers.agents.finance.savers import Savers
from watersellers.agents.firm import Firm
from watersellers.agents.fleet_operators import FleetOperators
from watersellers.agents.labs.lab import Lab
from watersellers.agents.labs.month import Labs
from watersellers.agents.labs.reserved_hours import ReservedHours
from watersellers.agents.labs.revenue_sharing import RevenueSharing
from watersellers.agents.recorder import Recorder
from watersellers.agents.scenario_events import ScenarioEvents
from watersellers.agents.shadows.shadow_payments import ShadowPayments
from watersellers.agents.shocks.breakthroughs import Breakthroughs
from watersellers.agents.shocks.sentiment import Moods
from watersellers.agents.users.month import Users

FIRMS: dict[str, type[Firm]] = {"chips": ChipVendor, "cloud": Cloud, "labs": Lab, "apps": App}  # upstream first


# Phases 4, 5, 6 and 8 (prices, orders, goods, money) go through the markets: prices, goods and bills from the first
# market to the last, orders and payments from the last to the first.
MARKETS: Mapping[str, MarketTurns] = {
    "chips": MarketTurns(
        "accelerators",
        sellers=(Turn(Chips, "vendors post the price of an accelerator, and ship from backlog within capacity"),),
        buyers=(
            Turn(FleetOperators, "clouds, and apps with own machines, call off the machines that they have on order"),
            Turn(OwnCompute, "enterprises call off the machines that they have on order"),
            Turn(Appliances, "makers of appliances call off the machines that they have on order"),
        ),
        rations=Chips,
    ),
    "hours": MarketTurns(
        "machine hours",
        sellers=(Turn(Clouds, "clouds post the price of an hour, and rent out the hours of their machines"),),
        buyers=(
            Turn(Labs, "labs rent hours for serving and for training"),
            Turn(OlderBusinesses, "owners' older businesses rent hours from their own clouds"),
            Turn(OwnerRentals, "owners without a cloud rent the hours that they use themselves"),
            Turn(HourCustomers, "enterprises rent the hours that they need beyond those of their own machines"),
            Turn(States, "states rent the hours that their programmes pay for"),
            Turn(OpenWeightHosts, "clouds that host open weights set hours aside for the tokens ordered from them"),
            Turn(SelfHostedModels, "apps rent hours for the models that they host themselves"),
        ),
    ),
    "tokens": MarketTurns(
        "tokens",
        sellers=(
            Turn(Labs, "labs choose clouds and post their price cards"),
            Turn(
                OpenWeightHosts,
                "clouds that host open weights post their price cards",
                {Labs: "hosts add their price cards to those that labs have just posted"},
            ),
        ),
        buyers=(
            Turn(Apps, "apps order the tokens that their queries need"),
            Turn(TokenCustomers, "enterprises order tokens from labs and hosts"),
        ),
        rations=Labs,
    ),
    "search": MarketTurns(
        "searches",
        sellers=(Turn(SearchMarket, "apps with an index post their tariffs"),),
        buyers=(Turn(SearchMarket, "apps count their queries, and buy the searches that these queries need"),),
    ),
    "plans": MarketTurns(
        "seats, answers and queries",
        sellers=(
            Turn(Apps, "apps choose labs, and post the prices of seats and answers, and their free quotas"),
            Turn(Devices, "apps post the prices of their devices"),
        ),
        buyers=(
            Turn(Users, "people choose apps, and order seats and queries"),
            Turn(AnswerCustomers, "enterprises buy answers by the call"),
            Turn(SeatCustomers, "enterprises buy seats for their staff"),
            Turn(
                Devices,
                "people buy devices",
                {Users: "a device that is bought this month influences choices from the next month on"},
            ),
        ),
    ),
    "appliances": MarketTurns(
        "appliances",
        sellers=(Turn(Appliances, "apps post the prices of appliances with a model inside"),),
        buyers=(Turn(ApplianceCustomers, "enterprises buy appliances out of the same budget as tokens and seats"),),
    ),
}

QUEUE = "clouds order first, before other orders lengthen the queues by which they judge their wait"
BOOK = "those who order later find fuller books at vendors (9.70)"

SCHEDULE: Mapping[str, tuple[Turn, ...]] = {
    "events": (Turn(ScenarioEvents, "this month's scenario events take effect"),),  # 1
    "arrivals": (  # 2
        Turn(OutsideIncomes, "the rest of the world pays every outside sector its income"),
        Turn(States, "states count the money of their programmes", {OutsideIncomes: "this month's has to be there"}),
        Turn(Lenders, "lenders enforce the covenants of their loans"),
        Turn(
            OlderBusinesses,
            "owners put in the capital that their firms will need",
            {OutsideIncomes: "this month's is for what they granted", Lenders: "loans come first"},
        ),
        Turn(Chips, "foundry capacity that was ordered a lead time ago opens"),
        Turn(
            FleetOperators,
            "operators retire old machines, and house new ones and put them into service",
            {
                Lenders: "machines that lenders seize are not housed",
                OlderBusinesses: "owners' money pays for buildings that are due, and the rest for machines",
            },
        ),
        Turn(
            Appliances,
            "enterprises scrap old appliances, and makers count the cash that they can spend on machines",
            {OlderBusinesses: "owners' money pays for these machines too"},
        ),
    ),
    "expectations": (  # 3
        Turn(Moods, "sentiment moves, for all investors and clouds alike"),
        Turn(Breakthroughs, "methods that all labs can use improve by leaps"),
        Turn(Clouds, "clouds update their demand forecasts, and publish what an hour of capacity is worth"),
        Turn(Chips, "vendors update their order forecasts, and give up capacity that has idled for long"),
        Turn(
            Labs,
            "labs turn last month's training into knowledge, and release models",
            {Breakthroughs: "a method that becomes known this month is used in it"},
        ),
        Turn(HandedOverWork, "firms adopt models for their work, by what these saved last month"),
        Turn(Investors, "investors follow revenue, cash burn and returns, and revise their beliefs"),
        Turn(AdsInAnswers, "apps decide how many ads they show beside a free answer"),
        Turn(Trust, "trust in apps recovers, and falls with ads and scandals", {AdsInAnswers: "with these ads"}),
        Turn(IncumbentSearch, "search firms decide how many pages their model answers", {AdsInAnswers: "with its ads"}),
        Turn(EntryByQuality, "founders look whether models are good enough for the apps that wait for it"),
    ),
    "attention": (  # 7
        Turn(Advertisers, "advertisers buy the slots beside free answers, at one price per region"),
        Turn(IncumbentSearch, "advertisers buy the slots on result pages and beside answers to them"),
    ),
    "money": (  # 8, after the markets have been paid; firms that are short of cash pay their bills in this order
        Turn(Chips, "vendors pay for the foundry, for capacity not used, research and staff"),
        Turn(Clouds, "clouds pay for power, sites and staff"),
        Turn(Lenders, "borrowers pay interest", {Clouds: "bills for power, sites and staff are paid first"}),
        Turn(Labs, "labs pay staff"),
        Turn(Apps, "apps pay for media, channels and staff"),
        Turn(SearchMarket, "apps pay for their indexes", {Apps: "staff and media are paid first"}),
        Turn(Publishers, "apps pay publishers for content", {SearchMarket: "indexes are paid first"}),
        Turn(
            Merchants,
            "merchants pay apps their share of transactions",
            {Publishers: "publishers get no share of what merchants pay"},
        ),
        Turn(
            RevenueSharing,
            "labs pay their backers a share of revenue",
            {Clouds: "a backer that is a cloud pays its own bills before this money arrives"},
        ),
        Turn(IncumbentSearch, "older search businesses pay for their result pages"),
        Turn(
            Appliances,
            "makers of appliances book the cost of what they sold and pay for assembly, and buyers pay for power",
            {Apps: "staff and media are paid first"},
        ),
        Turn(
            Devices,
            "apps pay the makers of devices",
            {Merchants: "merchants pay first, so that their money is there", Appliances: "appliances are paid first"},
        ),
        Turn(SelfHostedModels, "apps pay teams, power and sites of their own models", {Devices: "devices come first"}),
        Turn(
            ReservedHours,
            "clouds pay labs for the reserved hours that they resold",
            {
                Labs: "a lab's staff grows with its sales, and not with resold hours",
                RevenueSharing: "a backer gets no share of resold hours either",
            },
        ),
    ),
    "invest": (  # 9
        Turn(Chips, "vendors order capacity, and forget last month's buyers"),
        Turn(ReservedHours, "labs sign contracts for hours of the coming months"),
        Turn(
            FleetInvestment,
            "clouds borrow, order machines and pay deposits",
            {Chips: "vendors forget last month's buyers", ReservedHours: "clouds build for what was signed today"},
        ),
        Turn(OwnCompute, "enterprises order machines of their own", {FleetInvestment: QUEUE}),
        Turn(HandedOverWork, "enterprises grant next month's budgets for the work that models do"),
        Turn(OwnModels, "enterprises grant budgets for models of their own", {OwnCompute: "it needs this month's"}),
        Turn(Appliances, "makers of appliances order machines", {FleetInvestment: QUEUE, OwnCompute: BOOK}),
        Turn(SelfHostedModels, "apps order machines of their own", {FleetInvestment: QUEUE, Appliances: BOOK}),
        Turn(OwnUse, "owners decide how many hours they will use themselves next month"),
        Turn(Labs, "labs decide next month's training"),
        Turn(Apps, "apps decide next month's marketing"),
    ),
    "finance": (  # 10
        Turn(IncumbentSearch, "older search businesses hand their cash to the owners"),
        Turn(Lenders, "borrowers repay this month's part of their loans"),
        Turn(Redemptions, "savers redeem money from pools that they have come to doubt"),
        Turn(Savers, "savers commit money to pools that they believe in", {Redemptions: "who leaves takes a share"}),
        Turn(CapitalCalls, "pools call what firms will need", {Savers: "of what was signed by now"}),
        Turn(
            Investors,
            "investors fund rounds, and firms pay dividends",
            {
                Lenders: "loans are repaid before dividends are paid",
                Redemptions: "money that savers have redeemed cannot fund a round",
                Savers: "money that savers have committed can fund a round",
                CapitalCalls: "money that was called pays for rounds",
            },
        ),
        Turn(CustomerStakes, "sellers buy shares of customers that raise money", {Investors: "rounds set the price"}),
        Turn(Distributions, "pools hand on what stakes have brought", {Investors: "this month's dividends are in it"}),
    ),
    "exits": (  # 11
        Turn(BadDebts, "sellers write off what people have owed for months, and people in default lose their seats"),
        Turn(BoardDecisions, "boards of labs and apps pivot or close firms in time; vendors without capacity leave"),
        Turn(
            Insolvency,
            "firms that have owed for too long are reorganised or wound up, and entrants start",
            {BoardDecisions: "a vendor that has given up its capacity closes, and is not insolvent besides"},
        ),
    ),
    "close": (  # 12
        Turn(FleetOperators, "operators depreciate machines in service"),
        Turn(
            Impairment,
            "clouds write down machines whose rents no longer cover their book value",
            {FleetOperators: "the test looks at book values after this month's depreciation"},
        ),
        Turn(MonthResults, "all accounts report results", {FleetOperators: "wear is a cost", Impairment: "so is this"}),
        Turn(ClosingEntries, "income and expenses close into equity", {MonthResults: "it reads what these close"}),
        Turn(
            ShadowPayments,
            "payers outside the chain decide what they would have paid if the chain stood as in the first month",
            {MonthResults: "firms of the shadow burn what was noted of their first months"},
        ),
        Turn(
            Recorder,
            "the recorder writes the month's rows of the result tables",
            {
                Impairment: "the chain's machines are valued after what was written down",
                ShadowPayments: "the rows of shadows are those of this month",
            },
        ),
        Turn(Auditor, "the auditor checks all invariants", {ClosingEntries: "income items must be empty by then"}),
    ),
}
