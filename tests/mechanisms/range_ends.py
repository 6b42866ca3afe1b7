"""Tries both ends of the range of a number, each in a world in which the number's mechanism is on."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any

from tests.tools.economy_fingerprints import BLOCKS, prints_of
from watersellers import BadInput, run
from watersellers.experiments.loading.loader import load_scenario
from watersellers.experiments.loading.parameters import Parameters
from watersellers.market.goods import REGIONS

TABLE = Parameters.load()
EVERYTHING = str(BLOCKS.parent / "everything.toml")
SEED = 1


@dataclass(frozen=True)
class Trial:
    """A world in which both ends of a number are tried, what is set beside, and where it is set, if not for all."""

    world: str = EVERYTHING
    months: int = 12
    users: int = 60
    beside: Mapping[str, Any] = field(default_factory=dict)
    at: str = ""


LONG = Trial(months=20, users=300)
OWN_USE = Trial("plain", months=12)
USUAL = Trial("dollar_paths", months=20, users=300)
MACHINES = Trial(str(BLOCKS / "own_machines.toml"), months=16, users=200)
POOL = Trial(str(BLOCKS / "venture_pool.toml"), months=20, users=100)
CALLING = Trial(str(BLOCKS.parent / "called_money.toml"), months=16, users=60)
GROSS_PROFIT = ("multiple", "story_years", "per_growth", "patience")
LINES = Trial(str(BLOCKS / "model_line.toml"), months=12, users=100)
RELEASES = Trial(str(BLOCKS / "model_releases.toml"), months=16, users=100)
CONTRACTS = Trial(str(BLOCKS / "contracts.toml"), months=16, users=100)
PROJECTS = Trial(str(BLOCKS / "projects.toml"), months=16, users=60)
HEADS = Trial(str(BLOCKS / "bought_users.toml"), months=20, users=300)
REORGANISED = Trial(str(BLOCKS / "reorganisation.toml"), months=20, users=100)
SHOCKS = Trial(str(BLOCKS / "shocks.toml"), months=12, users=100)
SCARCE = Trial("scarce_chips", months=24, users=100)
RIVALS = Trial("rival_chips", months=24, users=60)
RULED = replace(RIVALS, beside={"world.barred_performance": 0.3})
ADS = Trial(
    "plain",
    months=16,
    users=100,
    beside={
        "apps.advertising": "where_it_pays", "users.ad_aversion": 0.1, "apps.trust_erosion": 1.0,
        "advertisers.bidders": 1e15, "advertisers.budget": 1e12, "apps.opening_known": 0.5,
    },
)  # fmt: skip
QUITTING = {"chips.cutting.cut_idle.leave_after": 3.0, "chips.cutting.cut_idle.least": 0.8}
SUPPLY = (
    *("world.foundry_pace", "world.foundry_growth", "world.speed_price", "chips.take_or_pay", "chips.notice"),
    "chips.longest_wait",
    *("chips.pricing.scarcity_and_slack.half_wait", "chips.pricing.scarcity_and_slack.step"),
    *(f"chips.capacity.prepay.{one}" for one in ("fastest", "clear_in", "hurry")),
    *(f"chips.cutting.cut_idle.{one}" for one in ("idle", "months", "spare", "least", "leave_after")),
)
FAILING = {  # firms that fail within months, whose founders can pay for others
    "world.patience": 1,
    "investors.opening_cash": 1e11,
    "labs.startups.staff": 6e7,
    "labs.startups.entry_cost": 5e7,
    "apps.metaso.staff": 2e7,
    "apps.metaso.entry_cost": 1e7,
    "apps.metaso.enters": "2023-02",
}
OWNERS_OF_CLOUDS = ("aws", "azure", "google_cloud", "meta_infra", "alibaba_cloud", "baidu_cloud", "tencent_cloud")
CHOOSING = {"apps.sourcing": "spread", "apps.chatgpt.sourcing": "spread"}

# Numbers that need more than a world in which everything is on.
TRIALS: dict[str, Trial] = {
    "cloud.sells": Trial(
        "dollar_paths", 4, 60, {"labs.openai.cloud": [], "labs.anthropic.cloud": []}
    ),  # nobody names one
    **dict.fromkeys(SUPPLY, SCARCE),
    **{name: SHOCKS for name in TABLE.by_name if name.startswith(("world.sentiment_", "world.breakthrough_"))},
    "world.breakthrough_rate_spread": replace(SHOCKS, beside={"world.breakthrough_rate": 1.0}),
    **dict.fromkeys(("labs.line", "labs.small_opened", "labs.small_share", "labs.small_speed"), LINES),
    **dict.fromkeys(("labs.luck_quality", "labs.luck_speed"), RELEASES),
    **dict.fromkeys((f"labs.releasing.in_generations.{one}" for one in ("gain", "months")), RELEASES),
    **dict.fromkeys(("world.barred_performance", "world.barred_links", "chips.growing_from"), RIVALS),
    "chips.links": RULED,
    "chips.at_home": replace(RIVALS, at="chips.nvidia.at_home"),
    "chips.group_only": replace(RIVALS, at="chips.tpu.group_only"),
    **{
        f"chips.{one}": replace(RIVALS, months=40, at=f"chips.entrant_west.{one}")
        for one in ("entry_cost", "development", "entry_share", "entry_horizon", "entry_discount")
    },
    "chips.entering.entry_hazard.rate": RIVALS,
    **dict.fromkeys((f"chips.capacity.make_or_buy.{one}" for one in ("fastest", "clear_in", "hurry")), RIVALS),
    "chips.capacity.prepay.fastest": replace(
        SCARCE, beside={"chips.nvidia.opening_growth": 0.4, "world.foundry_growth": 10.0, "world.speed_price": 0.0}
    ),
    "chips.cutting.cut_idle.least": replace(SCARCE, beside=QUITTING | {"chips.cutting.cut_idle.least": 0.6}),
    "chips.cutting.cut_idle.leave_after": replace(SCARCE, beside=QUITTING),
    **dict.fromkeys(
        (f"world.owner_{one}" for one in ("hurdle", "patience", "rivalry")),
        Trial(str(BLOCKS / "owner_hurdle.toml"), 14, 60),
    ),
    "world.reorganisation": REORGANISED,
    "world.reorganisation_wait": replace(  # it fails again after two months, and after one
        REORGANISED,
        beside={"world.patience": 1, "world.reorganisation_wait": 1.0, "labs.staff": 1e6, "labs.openai.staff": 1e7},
    ),
    "cloud.loan_grace": Trial(
        str(BLOCKS / "fleet_loans.toml"),
        18,
        60,
        {"cloud.covenant": 10.0, "cloud.loan_rate": 0.1},
        at="cloud.neocloud.loan_grace",
    ),
    "cloud.contract_loans": replace(CONTRACTS, at="cloud.neocloud.contract_loans"),
    **dict.fromkeys(("cloud.capacity.build_to_backlog.spare", "cloud.contract_lead"), CONTRACTS),
    **dict.fromkeys((f"labs.contracting.reserve_ahead.{one}" for one in ("share", "fastest")), CONTRACTS),
    "cloud.host_threshold": Trial(
        str(BLOCKS / "hosts.toml"),
        16,
        200,
        {"cloud.baidu_cloud.opening_hours": 100_000.0, "cloud.baidu_cloud.capacity": "replace_only"},
    ),
    **dict.fromkeys((f"enterprises.project_{one}" for one in ("share", "months")), PROJECTS),
    "labs.opening_load": Trial(beside={"labs.half_load": 1e6}),  # of labs that enter later
    "labs.lock_in": Trial(beside=CHOOSING),
    "labs.like_quality": Trial(
        str(BLOCKS / "price_war.toml"), 20, 200, {"labs.alibaba_qwen.knowledge": 2e9, "labs.spill_over": 0.0}
    ),
    "labs.reserved_term": LONG,  # longer than a contract
    "labs.revenue_share": Trial(at="labs.anthropic.revenue_share"),  # not every lab has a patron
    "labs.story": replace(POOL, at="labs.startups.story"),
    "labs.entry_cost": replace(POOL, at="labs.startups.entry_cost"),
    "labs.entry_wait": replace(POOL, beside=FAILING),
    "apps.story": POOL,
    "apps.entry_cost": replace(POOL, beside={"apps.metaso.enters": "2023-02"}, at="apps.metaso.entry_cost"),
    "apps.entry_wait": replace(POOL, beside=FAILING),
    "apps.enters_at": Trial("ai_glasses", 12, 60, {"apps.meta_glasses.enters_at": 0.1}, "apps.meta_glasses.enters_at"),
    "cloud.story": replace(POOL, beside={"cloud.coreweave.opening_cash": 1e7}, at="cloud.coreweave.story"),
    "chips.story": replace(POOL, beside={"chips.amd.founder": "venture_west", "chips.amd.opening_cash": 1e7}),
    **dict.fromkeys(
        (f"investors.{one}" for one in ("story_weight", "savers_wealth", "savers_most", "savers_pace")), POOL
    ),
    **dict.fromkeys(
        (
            *(f"investors.{one}" for one in ("savers_chase", "marks_trusted", "call_most")),
            *(f"investors.{one}" for one in ("news_pull", "news_most", "news_upstream")),
            *(f"investors.valuation.expected_gross_profit.{one}" for one in GROSS_PROFIT),
        ),
        CALLING,
    ),
    **dict.fromkeys(
        (f"investors.valuation.story_and_evidence.{one}" for one in ("multiple", "per_growth", "patience")), POOL
    ),
    **dict.fromkeys(
        (f"{one}.story" for one in ("labs.openai", "labs.anthropic", "apps.chatgpt", "apps.claude", "cloud.coreweave")),
        replace(POOL, months=30),
    ),
    "apps.west": Trial(at="apps.doubao.west"),  # an app is offered somewhere
    "apps.china": Trial(at="apps.chatgpt.china"),
    "apps.list_quota": Trial(
        "dollar_paths", 20, 300, at="apps.chatgpt.list_quota"
    ),  # who has ads gives some answers away
    "apps.answer_block": Trial(at="apps.perplexity.answer_block"),
    "apps.answer_beyond": Trial(at="apps.perplexity.answer_beyond"),
    "apps.appliance_threshold": Trial(beside={"apps.nami_360.staff": 500_000}),  # who is too small to sell any
    "apps.device_price": Trial(users=300, beside={"apps.device_reach": 1.0, "apps.device_life": 240.0}),
    "apps.device_habit": LONG,
    "apps.hour_sensitivity": Trial(beside=CHOOSING),
    "apps.hour_lock_in": Trial(beside=CHOOSING),
    **dict.fromkeys((f"apps.{one}" for one in ("power_cost", "site_cost", "building_share", "book_life")), MACHINES),
    "apps.build_lag": MACHINES,
    **dict.fromkeys(("apps.discount", "apps.rent_decline"), replace(MACHINES, beside=CHOOSING)),
    "apps.metaso.appeal": Trial(users=300, beside={"apps.metaso.opening_known": 0.2, "apps.metaso.opening_cash": 1e8}),
    "apps.zhihu_zhida.appeal": Trial(users=300, beside={"apps.zhihu_zhida.opening_known": 0.2}),
    "users.sample": Trial(at="users.west.sample"),  # only its ratio between regions counts
    "labs.outlook.pivot_in_time.months": Trial(beside={"labs.minimax.opening_cash": 1e8}),  # that lasts for a while
    "labs.outlook.close_in_time.months": Trial(beside={"labs.zhipu.opening_cash": 4e7}),
    "labs.selling.refuse_new.floor": Trial(str(BLOCKS / "refused_sales.toml"), 16, 200, {"labs.selling": "refuse_new"}),
    "labs.selling.refuse_outsiders.floor": Trial(str(BLOCKS / "refused_sales.toml"), 16, 200, {"labs.moves": 0.0}),
    "labs.pricing.match_cheapest.floor": Trial(beside={"labs.pricing.penetration.share": 0.02}),
    "labs.pricing.elasticity_seen.step": Trial("plain", 8, 60, {"labs.pricing": "elasticity_seen"}),
    **dict.fromkeys(
        (f"labs.research.invest.{one}" for one in ("horizon", "required", "slope", "months")),
        Trial("plain", 8, 60, {"labs.research": "invest"}),
    ),
    "apps.most_slots": replace(
        ADS,
        beside={
            **ADS.beside,
            "users.ad_aversion": 0.0,
            "apps.trust_erosion": 0.0,
            **{f"apps.advertising.where_it_pays.{one}": value for one, value in (("step", 2.0), ("wait", 1.0))},
        },
    ),
    "apps.advertising.where_it_pays.months": replace(
        ADS, beside={**ADS.beside, "apps.advertising.where_it_pays.wait": 1.0}
    ),
    **dict.fromkeys((f"apps.advertising.where_it_pays.{one}" for one in ("step", "wait")), ADS),
    "apps.outlook.pivot_in_time.months": Trial(beside={"apps.metaso.opening_cash": 6e6}),
    "apps.outlook.close_in_time.months": Trial(
        beside={"apps.zhihu_zhida.opening_cash": 6e6, "apps.zhihu_zhida.owner_funds": 0.0}
    ),
    **dict.fromkeys((f"apps.marketing.by_the_head.{one}" for one in ("head", "months", "step")), HEADS),
    "apps.marketing.by_the_head.reserve": replace(HEADS, beside={"apps.kimi.opening_cash": 3e7}),
    "apps.marketing.follow_rivals.reserve": Trial(months=20, beside={"apps.kimi.opening_cash": 3e7}),
    "users.part": Trial(str(BLOCKS / "several_apps.toml"), 18, 300),
    # an owner whose cash flow is small, so that the share of it that may be spent counts
    "world.own_use_cash": replace(OWN_USE, beside={f"cloud.{one}.older_cash": 1e7 for one in OWNERS_OF_CLOUDS}),
    **{f"cloud.{one}.older_cash": replace(OWN_USE, beside={"world.own_use_cash": 0.001}) for one in OWNERS_OF_CLOUDS},
    "cloud.older_cash": replace(OWN_USE, beside={"world.own_use_cash": 0.001}, at="cloud.meta_infra.older_cash"),
    **{
        f"owners.{one}.older_cash": replace(OWN_USE, beside={"world.own_use_cash": 0.001})
        for one in ("bytedance", "apple", "tesla", "us_banks")
    },
    "owners.older_cash": replace(OWN_USE, beside={"world.own_use_cash": 0.001}, at="owners.bytedance.older_cash"),
    **dict.fromkeys(
        (f"users.{one}" for one in ("overdue", "written_off", "barred")),
        Trial(str(BLOCKS / "bad_debts.toml"), 30, 200, {"users.west.income": 1.0}),
    ),
    "work.slope": replace(OWN_USE, beside={"work.effort_power": 0.15}),
    "work.effort_power": replace(OWN_USE, beside={"work.slope": 0.4}),
    "work.most_effort": replace(OWN_USE, beside={"work.tokens_an_hour": 5}),
    "work.choice_sensitivity": replace(OWN_USE, beside={"work.use_sensitivity": 0.01}),
    "work.use_sensitivity": replace(OWN_USE, beside={"work.choice_sensitivity": 10_000}),
    "work.within_maker": replace(OWN_USE, months=20, beside={"cloud.hosts": 1, "cloud.host_threshold": 0}),
    **dict.fromkeys(
        (f"work.adoption.epidemic.{one}" for one in ("innovators", "imitators")),
        replace(OWN_USE, beside={"work.adoption": "epidemic"}),
    ),
    "work.adoption.probit.innovators": replace(OWN_USE, beside={"work.adoption": "probit"}),
}

JOINT = {"work.share"}  # shares of segments add up to 1, and each has some: none can be tried at an end by itself


def trials(name: str) -> list[Trial]:
    """Worlds in which a number's ends are tried, one after the other, until they move something."""
    if name in TRIALS:
        return [TRIALS[name]]
    group, *rest = name.split(".")
    beside: dict[str, Any] = {}
    if group == "apps" and len(rest) == 2 and rest[1] in REGIONS:  # an app is offered somewhere
        beside = {f"apps.{rest[0]}.{region}": 1.0 for region in REGIONS if region != rest[1]}
    if group == "apps" and rest[-1] == "list_quota":  # who has ads gives some answers away
        beside = {f"apps.{rest[0]}.ad_load": 0.0}
    return [replace(one, beside=beside) for one in (Trial(), USUAL, LONG, OWN_USE)]


def settings_of(trial: Trial, name: str, end: float) -> str:
    """Settings of a trial with a number at an end of its range, as text that can be a key."""
    return json.dumps({**trial.beside, trial.at or name: end})


@cache
def resolved(world: str, given: str) -> Any:
    """The specification of a world with settings, to see whether a setting is what it is anyway."""
    return load_scenario(world, json.loads(given), {})


@cache
def tables(world: str, months: int, users: int, given: str) -> str:
    """Fingerprints of all tables of a run."""
    made = run(world, seed=SEED, months=months, users=users, set=json.loads(given))
    return json.dumps(prints_of(made), sort_keys=True)


def idle_ends(name: str, trial: Trial) -> list[str]:
    """What is wrong with the ends of a number's range in a world: an end that changes nothing, or ends that are alike.

    An end that is the value of this world anyway is the world itself, and need not differ from it.
    """
    row, size = TABLE.by_name[name], (trial.months, trial.users)
    usual = json.dumps(dict(trial.beside))
    came, wrong = [], []
    for end in (row.low, row.high):
        given = settings_of(trial, name, end)
        came.append(tables(trial.world, *size, given))
        same = resolved(trial.world, given) == resolved(trial.world, usual)
        if not same and came[-1] == tables(trial.world, *size, usual):
            wrong.append(f"{name} = {end:g} changes nothing")
    return wrong + ([f"{name}: both ends give the same"] if came[0] == came[1] else [])


def found_idle(name: str) -> list[str]:
    """What is wrong with the ends of a number's range in every world that is tried; empty if all is well in one."""
    wrong: list[str] = []
    for trial in trials(name):
        try:
            wrong = idle_ends(name, trial)
        except BadInput as refused:
            wrong = str(refused).splitlines()
        if not wrong:
            return []
    return wrong
