"""What each kind of firm is allowed to know when it decides: typed records, dollars and months near the names."""

from dataclasses import dataclass
from enum import IntEnum

from watersellers.market.schedules import Schedule
from watersellers.market.tariffs import Tariff


@dataclass(frozen=True, slots=True)
class SeenByChipmaker:
    """A chip vendor's view at the start of a month; what concerns buyers is last month's."""

    unit_cost: float  # USD an accelerator, paid to the foundry
    full_cost: float  # USD an accelerator, with research
    last_price: float  # USD an accelerator
    elasticity: float  # of its own demand in its own price, positive
    demand: Schedule  # its own demand, straight through last month's orders
    worth: float  # USD: present value of the rents that one accelerator earns, the mean over clouds' capacity
    wait: float  # months of backlog beyond the first
    capacity: float  # accelerators a month
    coming: float  # accelerators a month of capacity paid for and not open yet
    orders: float  # accelerators a month, smoothed
    growth: float  # of orders, share a month, smoothed
    backlog: float  # accelerators
    lead: float  # months until capacity ordered now opens


@dataclass(frozen=True, slots=True)
class SeenByRationer:
    """A seller's view of a customer that asks for what is short."""

    called: float  # units this month
    held_share: float  # of the vendor's machines there are, those that the customer has
    own: float  # 1 if it belongs to the seller's own group, else 0


@dataclass(frozen=True, slots=True)
class SeenByCloud:
    """A cloud's view at the start of a month."""

    unit_cost: float  # USD a GPU-hour that a rented hour costs in power
    last_price: float  # USD a GPU-hour
    elasticity: float
    demand: Schedule
    capacity: float  # hours a month in service
    used_share: float  # hours asked of it last month over the hours it has now
    full_cost: float  # USD a GPU-hour at which a machine at the opening price just pays, rented all the time


@dataclass(frozen=True, slots=True)
class SeenByBuilder:
    """A cloud's view when it decides how many machines to order."""

    asked: float  # hours a month asked of it, smoothed
    growth: float  # of that, share a month, smoothed
    trend: float  # the same growth over all clouds
    capacity: float  # hours a month in service
    coming: float  # hours a month ordered or being installed
    leaving: float  # hours a month that will retire within the horizon
    horizon: float  # months ahead that it looks
    return_on_cost: float  # present value of a machine's rents over its cost


@dataclass(frozen=True, slots=True)
class SeenByBorrower:
    """A cloud's view when it wants more machines than it has money for."""

    missing: float  # USD for the machines that it wants and has no money for
    fleet_worth: float  # USD: present value of what its machines in service will earn at today's rents
    owed: float  # USD of loans


@dataclass(frozen=True, slots=True)
class SeenByLab:
    """A lab's view when it posts its prices."""

    unit_cost: float  # USD a million output tokens, at last month's load and this month's rents
    full_cost: float  # the same: all hours are paid for by the month
    last_price: float  # USD a million output tokens
    elasticity: float
    demand: Schedule
    capacity: float  # output tokens a month; a lab rents what it needs, so there is no end to it
    rival_price: float  # USD a million output tokens: the cheapest of like quality last month; infinite if none


class SoldTo(IntEnum):
    """Whom a lab sells tokens to, its own group always; what a ``selling`` strategy answers."""

    ALL = 0
    CUSTOMERS = 1  # those that it has, and no new ones
    GROUP = 2  # nobody else


@dataclass(frozen=True, slots=True)
class SeenByShort:
    """A lab's view when it decides whom it sells tokens to."""

    served: float  # share of last month's tokens delivered


@dataclass(frozen=True, slots=True)
class SeenByReserver:
    """A lab's view when it decides how many hours to sign for."""

    used: float  # hours this month, for serving and training
    reserved: float  # hours a month under contract next month
    price: float  # USD an hour at spot, at its own mix of clouds


@dataclass(frozen=True, slots=True)
class SeenByResearcher:
    """A lab's view when it decides what to spend on training."""

    cash: float  # USD
    revenue: float  # USD last month
    running_cost: float  # USD last month, without training
    last_budget: float  # USD


@dataclass(frozen=True, slots=True)
class SeenByApp:
    """An app's view when it sets its price, its quota and its marketing."""

    unit_cost: float  # USD of tokens that a paying user's month costs
    full_cost: float  # USD a seat and month, with staff and marketing
    last_price: float  # USD a seat and month
    list_price: float  # USD a seat and month, from the scenario
    elasticity: float
    demand: Schedule
    capacity: float  # seats; there is no end to them
    quota: float  # free queries a user and month, last month
    list_quota: float  # the same, from the scenario
    query_cost: float  # USD of tokens, searches and content a query
    free_queries: float  # served last month
    revenue: float  # USD last month
    cash: float  # USD
    last_costs: float  # USD last month, all of them
    list_marketing: float  # USD a month, from the scenario
    rivals_marketing: float  # USD last month, of the mean rival that did any


@dataclass(frozen=True, slots=True)
class SeenBySearcher:
    """An app's view when it decides how many of the month's searches to buy."""

    calls: float  # searches that this month's queries take
    tariff: Tariff  # of the cheapest that sell to it
    index_cost: float  # USD a month for an index of its own, whatever is asked of it
    call_cost: float  # USD a search in it


@dataclass(frozen=True, slots=True)
class SeenByPages:
    """A search company's view when it decides how many of its older result pages its model answers."""

    pages: float  # that searchers ask for this month
    slot_price: float  # USD, last month
    page_slots: float  # ad slots on a page
    answer_slots: float  # ad slots beside an answer
    query_cost: float  # USD of tokens, searches and content an answer
    lost: float  # share of pages that go elsewhere where none is answered


@dataclass(frozen=True, slots=True)
class SeenByStaffer:
    """An app's view when it prices a seat for enterprises' staff."""

    list_price: float  # USD a seat and month, from the scenario
    unit_cost: float  # USD of tokens, searches and content that such a seat's month costs


@dataclass(frozen=True, slots=True)
class SeenByBoxer:
    """An app's view when it prices an appliance."""

    full_cost: float  # USD an appliance: its machines at today's price, and what putting it together takes
    worth: float  # USD: present value of the tokens that it saves its keenest buyers, less what it takes to run


@dataclass(frozen=True, slots=True)
class SeenByHost:
    """An app's view when it decides whether to serve an open model itself; bills are for last month's queries."""

    api_bill: float  # USD at the labs and hosts of its choice; infinite where none sells to it
    hours_bill: float  # USD of hours: rent for those that it would rent, power for those of machines of its own
    team: float  # USD a month for the people who keep a model running
    hosted: float  # share of its queries that it served itself last month


@dataclass(frozen=True, slots=True)
class SeenByOwner:
    """An app's view when it decides how many machines to buy for the model that it serves."""

    hours: float  # that its model took this month
    capacity: float  # hours a month of its own machines in service
    coming: float  # hours a month ordered or being installed
    return_on_cost: float  # present value of the rent that a machine saves over its cost


class Course(IntEnum):
    """What a board decides for its firm; what an ``outlook`` strategy answers."""

    CARRY_ON = 0
    PIVOT = 1  # to what pays: nothing for free, no marketing, no training
    CLOSE = 2


@dataclass(frozen=True, slots=True)
class SeenByBoard:
    """A board's view of its firm at the end of a month."""

    cash: float  # USD
    burn: float  # USD last month, below 0 where cash came in
    grant: float  # USD a month that an owner stands ready to pay
    debts: float  # USD: payables, deposits and loans


@dataclass(frozen=True, slots=True)
class SeenByChooser:
    """A buyer's view of those it may buy from, one entry each."""

    price: tuple[float, ...]  # USD a priced lot
    quality: tuple[float, ...]  # in the logit's units
    last_share: tuple[float, ...]  # of this buyer's own purchases last month
    own: tuple[bool, ...]  # belongs to the same owner
    sensitivity: float  # to the logarithm of the price
    lock_in: tuple[float, ...]  # worth of staying with each, in the logit's units


@dataclass(frozen=True, slots=True)
class SeenByInvestor:
    """An investor's view of a firm that asks for money."""

    revenue: float  # USD a year, at the smoothed monthly rate
    growth: float  # of revenue, share a month, smoothed
    burn: float  # USD a month, smoothed, positive when cash flows out
    cash: float  # USD
    floor: float  # USD that a team and a story are worth before any revenue
    hype: float  # 1 is sober
