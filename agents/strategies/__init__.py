"""Menus of strategies: for each layer and each decision, the strategies by name."""

from watersellers.agents.strategies.adoption import Epidemic, Mansfield, Probit
from watersellers.agents.strategies.answering import (
    AllPages,
    BestEffort,
    BuyCalls,
    CheapestCalls,
    FixedEffort,
    NoPages,
    NoReasoning,
    OwnIndex,
    PartOfPages,
    WhereItPays,
)
from watersellers.agents.strategies.appliances import FixedMarkup, ShareOfWorth
from watersellers.agents.strategies.borrowing import AgainstFleet, NoLoans
from watersellers.agents.strategies.business import ByUse, Listed
from watersellers.agents.strategies.capacity import (
    BuildToBacklog,
    CutIdle,
    EnterIfItPays,
    EntryHazard,
    ExtrapolateGrowth,
    FollowOrders,
    HoldCapacity,
    KeepCapacity,
    MakeOrBuy,
    Prepay,
    ReplaceOnly,
)
from watersellers.agents.strategies.contracting import ReserveAhead, ReserveShare, SpotOnly
from watersellers.agents.strategies.funding import CashBack, ExpectedGrossProfit, RevenueMultiple, StoryAndEvidence
from watersellers.agents.strategies.hosting import ApiOnly, BreakEven, OwnMachines, OwnModel, RentHours
from watersellers.agents.strategies.monetisation import (
    AdsAsSet,
    AdsWhereTheyPay,
    ByTheHead,
    FollowRivals,
    GrowthFirst,
    ListQuota,
    ProfitFirst,
    QuotaByPurse,
)
from watersellers.agents.strategies.outlook import CarryOn, CloseInTime, PivotInTime
from watersellers.agents.strategies.pricing import (
    BestResponse,
    ByQuery,
    ByToken,
    CostPlus,
    ElasticitySeen,
    FlatFee,
    FollowUse,
    Lerner,
    MatchCheapest,
    Penetration,
    ScarcityAndSlack,
    ScarcityMarkup,
)
from watersellers.agents.strategies.rationing import OwnGroupFirst, ProRata, TurnAndEarn
from watersellers.agents.strategies.research import Invest, Race, WithinRevenue
from watersellers.agents.strategies.selling import (
    AtOnce,
    InGenerations,
    PayingModels,
    RefuseNew,
    RefuseOutsiders,
    SellToAll,
    WholeLine,
)
from watersellers.agents.strategies.sourcing import BestEvenly, OnlyBest, OwnFirst, Spread

EVERY_SELLER: dict[str, type] = {"cost_plus": CostPlus, "lerner": Lerner, "best_response": BestResponse}
OUTLOOK: dict[str, type] = {"carry_on": CarryOn, "pivot_in_time": PivotInTime, "close_in_time": CloseInTime}
SOURCING: dict[str, type] = {
    "spread": Spread,
    "only_best": OnlyBest,
    "own_first": OwnFirst,
    "best_evenly": BestEvenly,
}

MENUS: dict[str, dict[str, dict[str, type]]] = {
    "chips": {
        "pricing": {**EVERY_SELLER, "scarcity_markup": ScarcityMarkup, "scarcity_and_slack": ScarcityAndSlack},
        "capacity": {
            "follow_orders": FollowOrders,
            "keep": KeepCapacity,
            "prepay": Prepay,
            "make_or_buy": MakeOrBuy,
        },
        "entering": {"entry_hazard": EntryHazard, "if_it_pays": EnterIfItPays},
        "cutting": {"hold": HoldCapacity, "cut_idle": CutIdle},
        "rationing": {"pro_rata": ProRata, "turn_and_earn": TurnAndEarn},
    },
    "cloud": {
        "pricing": {**EVERY_SELLER, "follow_use": FollowUse},
        "capacity": {"extrapolate": ExtrapolateGrowth, "build_to_backlog": BuildToBacklog, "replace_only": ReplaceOnly},
        "borrowing": {"no_loans": NoLoans, "against_fleet": AgainstFleet},
        "sourcing": SOURCING,
    },
    "labs": {
        "pricing": {
            **EVERY_SELLER,
            "penetration": Penetration,
            "match_cheapest": MatchCheapest,
            "elasticity_seen": ElasticitySeen,
        },
        "research": {"race": Race, "within_revenue": WithinRevenue, "invest": Invest},
        "rationing": {"pro_rata": ProRata, "own_first": OwnGroupFirst},
        "selling": {"to_all": SellToAll, "refuse_new": RefuseNew, "refuse_outsiders": RefuseOutsiders},
        "releasing": {"at_once": AtOnce, "in_generations": InGenerations},
        "offering": {"whole_line": WholeLine, "paying_models": PayingModels},
        "contracting": {"spot_only": SpotOnly, "reserve_share": ReserveShare, "reserve_ahead": ReserveAhead},
        "outlook": OUTLOOK,
        "sourcing": SOURCING,
    },
    "apps": {
        "pricing": {**EVERY_SELLER, "flat_fee": FlatFee, "by_query": ByQuery, "by_token": ByToken},
        "quota": {"list_quota": ListQuota, "quota_by_purse": QuotaByPurse},
        "advertising": {"as_set": AdsAsSet, "where_it_pays": AdsWhereTheyPay},
        "marketing": {
            "growth_first": GrowthFirst,
            "profit_first": ProfitFirst,
            "follow_rivals": FollowRivals,
            "by_the_head": ByTheHead,
        },
        "sourcing": SOURCING,
        "outlook": OUTLOOK,
        "effort": {"no_reasoning": NoReasoning, "fixed_effort": FixedEffort, "best_effort": BestEffort},
        "answering": {
            "no_pages": NoPages,
            "all_pages": AllPages,
            "part_of_pages": PartOfPages,
            "where_it_pays": WhereItPays,
        },
        "index": {"own": OwnIndex, "bought": BuyCalls, "cheapest": CheapestCalls},
        "business": {"listed": Listed, "by_use": ByUse},
        "appliance_pricing": {"fixed_markup": FixedMarkup, "share_of_worth": ShareOfWorth},
        "hosting": {"api_only": ApiOnly, "own_model": OwnModel, "break_even": BreakEven},
        "owning": {"rent_hours": RentHours, "own_machines": OwnMachines},
    },
    "work": {"adoption": {"mansfield": Mansfield, "epidemic": Epidemic, "probit": Probit}},
    "investors": {
        "valuation": {
            "revenue_multiple": RevenueMultiple,
            "cash_back": CashBack,
            "story_and_evidence": StoryAndEvidence,
            "expected_gross_profit": ExpectedGrossProfit,
        },
    },
}
