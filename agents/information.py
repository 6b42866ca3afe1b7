"""Information sets: all that a decision-maker may know, with units. Some more stand beside their strategies."""

from dataclasses import dataclass

from watersellers.agents.decision_bounds import BOUNDS
from watersellers.agents.public_information import NO_RIVALS, Rivals
from watersellers.market.trade.demand_schedule import Schedule
from watersellers.market.trade.tariffs import Tariff


@dataclass(frozen=True, slots=True)
class SeenByChipVendor:
    """A chip vendor's view at the start of a month; figures of buyers are last month's."""

    unit_cost: float  # USD per accelerator, paid to the foundry
    full_cost: float  # USD per accelerator, with research
    last_price: float  # USD per accelerator
    elasticity: float  # of its own demand in its own price, positive
    demand: Schedule  # its own demand: a straight line through last month's orders
    worth: float  # USD: present value of the rents that one accelerator earns, mean over clouds by capacity
    wait: float  # months of backlog beyond the first
    capacity: float  # accelerators per month
    coming: float  # accelerators per month of capacity that is paid for and not open yet
    orders: float  # accelerators per month, smoothed
    growth: float  # of orders, share per month, smoothed
    backlog: float  # accelerators
    lead: float  # months until capacity ordered now opens
    idle: float  # share of capacity for which it has no order
    marginal_cost: float  # USD per accelerator made with capacity that is paid for in any case
    prepayment: float  # USD per accelerator a month of new capacity
    speed_price: float  # premium over the prepayment, as a share of it, for each share by which capacity grows
    hours: float  # that its software lets users use of an accelerator, per month
    rival_price: float  # USD per useful hour a month of the cheapest machine of others; infinite if there is none
    idle_lines: int  # accelerators per month of lines at the foundry that nobody has ordered any more
    dearest: float = BOUNDS["chips.pricing"].most  # USD: no higher price is accepted
    cheapest: float = BOUNDS["chips.pricing"].least  # USD: no lower price is accepted
    rivals: Rivals = NO_RIVALS  # `name` and `offer` (`Product`) of others, as posted last


@dataclass(frozen=True, slots=True)
class SeenByCommittedVendor:
    """A chip vendor's view when it decides how much of its foundry capacity to give up."""

    made: tuple[float, ...]  # accelerators in each month in which it had capacity, the newest last
    could: tuple[float, ...]  # its capacity in each of these months
    committed: float  # accelerators per month, with what is paid for and not open yet
    backlog: float  # accelerators that customers have ordered


@dataclass(frozen=True, slots=True)
class SeenByEntrant:
    """A chip vendor's view when it decides whether to enter."""

    worth: float  # USD: present value of its margins, or of what it saves its owner
    cost: float  # USD that it takes to develop a first machine


@dataclass(frozen=True, slots=True)
class SeenByRationer:
    """A seller's view of a customer that orders a scarce good."""

    ordered: float  # units this month
    held_share: float  # share of all machines of the vendor that the customer has
    own: float  # 1 if it belongs to the seller's own group, else 0


@dataclass(frozen=True, slots=True)
class SeenByCloud:
    """A cloud's view at the start of a month."""

    unit_cost: float  # USD of power per rented GPU-hour
    last_price: float  # USD per GPU-hour
    elasticity: float
    demand: Schedule
    capacity: float  # hours per month in service
    used_share: float  # hours ordered from it at spot last month over those that contracts leave it now
    full_cost: float  # USD per GPU-hour at which a machine at the opening price breaks even, always rented
    dearest: float = BOUNDS["cloud.pricing"].most  # USD: no higher price is accepted
    cheapest: float = BOUNDS["cloud.pricing"].least  # USD: no lower price is accepted
    rivals: Rivals = NO_RIVALS  # `name` and `offer` (`Rental`) of others, as posted last


@dataclass(frozen=True, slots=True)
class SeenByFleetInvestor:
    """A cloud's view when it decides how many machines to order."""

    asked: float  # hours per month ordered from it, smoothed
    growth: float  # of these, share per month, smoothed
    trend: float  # the same growth, of all clouds together
    capacity: float  # hours per month in service
    coming: float  # hours per month ordered or being installed
    leaving: float  # hours per month that will retire within the horizon
    contracted: float  # hours per month under contract when a machine opens that is ordered now
    horizon: float  # months ahead that it looks
    return_on_cost: float  # present value of a machine's rents over its cost
    outlook: float  # factor of sentiment on the demand to expect; 1 is neutral
    rivals: Rivals = NO_RIVALS  # `name` and `offer` (`Rental`) of others, as posted last


@dataclass(frozen=True, slots=True)
class SeenByBorrower:
    """A cloud's view when it decides how much to borrow."""

    missing: float  # USD that it lacks for the machines that it wants
    pledged: float  # USD: what its machines in service earn at today's rents, contracts counted as lenders count them
    worth: float  # USD: the same, with a dollar of contracts counted as one at most
    owed: float  # USD of loans


@dataclass(frozen=True, slots=True)
class SeenByLab:
    """A lab's view of a model of its line, when it posts its price or decides whether to go on selling it."""

    unit_cost: float  # USD per million output tokens, at last month's load and this month's rents
    full_cost: float  # the same, since all hours are paid for by the month
    last_price: float  # USD per million output tokens
    elasticity: float  # by its own numbers: how customers are said to answer prices
    elasticity_seen: float  # the same, but what customers themselves answered last month where that is known
    demand: Schedule
    capacity: float  # output tokens per month: infinite, since a lab rents what it needs
    rival_price: float  # USD per million output tokens: the cheapest of similar quality last month; infinite if none
    siblings_gain: float = 0.0  # USD per million tokens: margin that its line's others gain as its price rises
    diverted: float = 0.0  # USD per million tokens: margin that others of its line would earn without it
    dearest: float = BOUNDS["labs.pricing"].most  # USD: no higher price is accepted
    cheapest: float = BOUNDS["labs.pricing"].least  # USD: no lower price is accepted
    rivals: Rivals = NO_RIVALS  # `name` and `offer` (`Card`) of others, one for each model, as posted last


@dataclass(frozen=True, slots=True)
class SeenByReleaser:
    """A lab's view when it decides whether to release a model."""

    gathered: float  # quality units that it has learned since its last release
    months: int  # since its last release


@dataclass(frozen=True, slots=True)
class SeenByTokenSeller:
    """A lab's view when it decides to whom it sells tokens."""

    served: float  # share of last month's tokens delivered


@dataclass(frozen=True, slots=True)
class SeenByReserver:
    """A lab's view when it decides for how many hours to sign."""

    used: float  # hours this month, for serving and training
    growth: float  # of these, share per month, smoothed
    lead: float  # months until the hours begin for which it signs now, at its own mix of clouds
    reserved: float  # hours under contract that will still run then
    price: float  # USD per hour at spot, at its own mix of clouds


@dataclass(frozen=True, slots=True)
class SeenByResearcher:
    """A lab's view when it decides how much to spend on training."""

    cash: float  # USD
    revenue: float  # USD last month
    running_cost: float  # USD last month, without training
    last_budget: float  # USD
    margin: float  # share of sales that it keeps after its backer's part and unit cost; below 0 if it sells below cost
    expected_revenue: float  # USD per year that investors expect of it
    quality_known: float  # share of last month's sales of which it is known how they answer quality
    quality_answer: float  # change of the logarithm of these sales, per unit of quality
    knowledge: float  # effective GPU-hours that one of its companies knows, with this month's training
    knowledge_unit: float  # effective GPU-hours: quality is the logarithm of 1 + knowledge over this unit
    knowledge_decay: float  # share of knowledge lost per month
    learned: float  # effective GPU-hours that one of its companies learns for a dollar of training
    rivals: Rivals = NO_RIVALS  # `name` and `offer` (`Card`) of others, one for each model, as posted last


@dataclass(frozen=True, slots=True)
class SeenByApp:
    """An app's view when it sets its price, its quota and its marketing."""

    unit_cost: float  # USD of tokens, searches and content per paying user and month
    full_cost: float  # USD per seat and month, with staff and marketing: at most the list price of these
    last_price: float  # USD per seat and month
    list_price: float  # USD per seat and month, from the scenario
    elasticity: float
    demand: Schedule
    capacity: float  # seats: infinite
    quota: float  # free queries per user and month, last month
    list_quota: float  # the same, from the scenario
    query_cost: float  # USD of tokens, searches and content per query
    free_queries: float  # served last month
    revenue: float  # USD last month
    cash: float  # USD
    last_costs: float  # USD last month, all costs
    list_marketing: float  # USD per month, from the scenario
    rivals_marketing: float  # USD last month, mean of the rivals that did any
    marketing: float = 0.0  # USD this month; as the next five, 0 unless it is marketing that it decides
    heads: float = 0.0  # people whom that wins in a month like this one (9.68)
    heads_answer: float = 0.0  # percent more of them for a percent more marketing
    known: float = 0.0  # people who know it
    users: float = 0.0  # people who use it
    gross_profit: float = 0.0  # USD last month: revenue less the cost of what was sold
    query_price: float = 0.0  # USD that a paying user paid for a query last month; 0 for a flat price
    token_cost: float = 0.0  # USD of tokens per query
    dearest: float = BOUNDS["apps.pricing"].most  # USD: no higher price is accepted
    cheapest: float = BOUNDS["apps.pricing"].least  # USD: no lower price is accepted
    rivals: Rivals = NO_RIVALS  # `name` and `offer` (`Plan`) of others, as posted last


@dataclass(frozen=True, slots=True)
class SeenByReasoner:
    """An app's view when it decides how long its models reason; costs are at this month's prices."""

    revenue: float  # USD last month
    other_cost: float  # USD for last month's answers beside output tokens: tokens read, searches, content
    output_cost: float  # USD for the output tokens of last month's answers, had it not reasoned
    gain: float  # quality units for each log unit of output tokens
    effort: float  # last month's multiple
    most: float = BOUNDS["apps.effort"].most  # the largest multiple


@dataclass(frozen=True, slots=True)
class SeenBySearchBuyer:
    """An app's view when it decides how many of the month's searches to buy."""

    calls: float  # searches that this month's queries need
    tariff: Tariff  # of the cheapest app that sells to it
    index_cost: float  # USD per month for an index of its own, however much it is used
    call_cost: float  # USD per search in it


@dataclass(frozen=True, slots=True)
class SeenBySearchBusiness:
    """A search company's view when it decides how many of its older result pages its model answers."""

    pages: float  # result pages that searchers ask for this month
    slot_price: float  # USD, last month
    page_slots: float  # ad slots on a page
    answer_slots: float  # ad slots beside an answer
    query_cost: float  # USD of tokens, searches and content per answer
    lost: float  # share of pages that it loses to rivals if it answers none


@dataclass(frozen=True, slots=True)
class SeenByStaffSeatSeller:
    """An app's view when it prices a seat for enterprises' staff."""

    list_price: float  # USD per seat and month, from the scenario
    unit_cost: float  # USD of tokens, searches and content per such seat and month
    dearest: float = BOUNDS["apps.business"].most  # USD: no higher price is accepted
    cheapest: float = BOUNDS["apps.business"].least  # USD: no lower price is accepted


@dataclass(frozen=True, slots=True)
class SeenByApplianceMaker:
    """An app's view when it prices an appliance."""

    full_cost: float  # USD per appliance: its machines at today's price, and assembly
    worth: float  # USD: present value of the tokens that it saves in the region with the highest value, less running it
    dearest: float = BOUNDS["apps.appliance_pricing"].most  # USD: no higher price is accepted
    cheapest: float = BOUNDS["apps.appliance_pricing"].least  # USD: no lower price is accepted


@dataclass(frozen=True, slots=True)
class SeenBySelfHost:
    """An app's view when it decides whether to serve an open model itself; bills are for last month's queries."""

    api_bill: float  # USD at the labs and hosts of its choice; infinite where none sells to it
    hours_bill: float  # USD: rent for the hours that it would rent, power for the hours of its own machines
    team: float  # USD per month for the people who keep a model running
    hosted: float  # share of its queries that it served itself last month


@dataclass(frozen=True, slots=True)
class SeenByMachineBuyer:
    """An app's view when it decides how many machines to buy for the model that it serves."""

    hours: float  # that its model used this month
    capacity: float  # hours per month of its own machines in service
    coming: float  # hours per month ordered or being installed
    return_on_cost: float  # present value of the rent that a machine saves over its cost


@dataclass(frozen=True, slots=True)
class SeenByChooser:
    """A buyer's view of the offers it may choose from, one entry per offer."""

    price: tuple[float, ...]  # USD per unit that the price is for
    quality: tuple[float, ...]  # in the logit's units
    last_share: tuple[float, ...]  # of this buyer's own purchases last month
    own: tuple[bool, ...]  # belongs to the same owner
    sensitivity: float  # to the logarithm of the price
    lock_in: tuple[float, ...]  # utility of staying with each, in the logit's units
