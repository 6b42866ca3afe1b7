"""Every number of the reference world moves something: a number that moves nothing is a switch without a wire."""

import csv
import os
import tomllib
from pathlib import Path

import pytest

from watersellers import experiments
from watersellers.experiments.runs.run import run

TABLE = Path(experiments.__file__).with_name("parameters.csv")
SEED, MONTHS, USERS = 1, 16, 300  # long enough for a machine ordered in the first month to earn
IDLE = {  # what moves nothing here, and why
    **dict.fromkeys(("world.lenders_cash", "world.lenders_inflow", "world.forced_sale"), "nobody borrows"),
    **dict.fromkeys(
        (f"cloud.{name}" for name in ("loan_rate", "loan_repaid", "covenant", "loan_grace", "contract_loans")),
        "nobody borrows",
    ),
    **dict.fromkeys(
        (f"cloud.{name}" for name in ("older_growth", "older_fade", "older_margin", "older_cash", "opening_own_use")),
        "no owner uses hours by their return",
    ),
    **dict.fromkeys(
        (f"world.{name}" for name in ("own_use_scale", "own_use_pace", "own_use_cash", "own_use_sensitivity")),
        "no owner uses hours by their return",
    ),
    **dict.fromkeys(
        (f"world.ranking_{name}" for name in ("learning", "scale", "decay")), "no owner uses hours by their return"
    ),
    **dict.fromkeys(("world.owner_patience", "world.owner_rivalry"), "owners ask for no return"),
    "investors.sticky": "no saver takes money out",
    **dict.fromkeys(("investors.savers_most", "investors.savers_pace"), "no saver commits any"),
    **dict.fromkeys(("investors.call_most", "investors.savers_chase"), "no saver commits any"),
    "investors.marks_trusted": "no saver looks back",
    **dict.fromkeys(("investors.news_most", "investors.news_upstream"), "belief moves on no news"),
    "investors.story_weight": "investors look at the revenue that there is",
    **dict.fromkeys(
        (f"{layer}.story" for layer in ("chips", "cloud", "labs", "apps")),
        "investors look at the revenue that there is",
    ),
    **dict.fromkeys(("labs.entry_cost", "apps.entry_cost"), "not every firm has a founder, so it is set for one alone"),
    **dict.fromkeys(("labs.entry_wait", "apps.entry_wait"), "no firm enters freely"),
    "apps.enters_at": "apps that are there have entered, so it is set for one alone",
    **dict.fromkeys(("world.trust_recovery", "world.scandal_spill", "apps.scandal_depth"), "no trust is lost"),
    "apps.most_slots": "no app decides on its ads",
    "apps.take_rate": "nobody transacts",
    **dict.fromkeys(
        (f"apps.appliance_{name}" for name in ("threshold", "machines", "assembly", "efficiency", "stock")),
        "nobody sells appliances",
    ),
    "apps.appliance_pricing.fixed_markup.markup": "nobody sells appliances",
    "cloud.impairment": "in so few months rents bear what machines stand in the books for",
    "cloud.sells": "if no cloud sold, labs that name clouds could rent of none, and the world is refused",
    **dict.fromkeys((f"apps.device_{name}" for name in ("cost", "reach", "life", "habit")), "nobody sells devices"),
    "apps.business_use": "nobody sells seats to enterprises",
    "enterprises.seat_worth": "nobody sells seats to enterprises",
    "enterprises.staff_hours": "nobody sells seats to enterprises",
    **dict.fromkeys(("enterprises.token_decline", "enterprises.route_sensitivity"), "nobody sells appliances"),
    **dict.fromkeys(
        ("cloud.reserved_discount", "cloud.most_reserved", "cloud.contract_lead", "labs.reserved_term", "labs.resale"),
        "nobody signs",
    ),
    **dict.fromkeys(("enterprises.project_share", "enterprises.project_months"), "nobody has projects"),
    "chips.learning_from": "nobody learns",
    "chips.notice": "no vendor gives up capacity",
    "chips.entry_cost": "vendors that are there have entered",
    **dict.fromkeys((f"chips.entry_{name}" for name in ("share", "horizon", "discount")), "no vendor enters freely"),
    **dict.fromkeys(("chips.development", "chips.entering.entry_hazard.rate"), "no vendor enters freely"),
    **dict.fromkeys(("world.barred_links", "chips.links"), "no rule bars exports"),
    "chips.group_only": "vendors without an owner of clouds would be refused",
    "cloud.most_padding": "nobody inflates its orders",
    **dict.fromkeys(
        ("world.salvage", "world.reorganisation", "world.reorganisation_wait"), "nobody is wound up so soon"
    ),
    "investors.fear": "nobody is wound up so soon",
    "cloud.sensitivity": "clouds price by use",
    "cloud.market_elasticity": "clouds price by use",
    "cloud.host_threshold": "no cloud hosts",
    "cloud.host_margin": "no cloud hosts",
    **dict.fromkeys(("labs.small_opened", "labs.small_share", "labs.small_speed"), "no lab has a small model"),
    **dict.fromkeys(("labs.luck_quality", "labs.luck_speed"), "no lab releases a new generation"),
    "labs.like_quality": "no lab matches a rival's price",
    "labs.night_share": "no lab gives a discount at night",
    "labs.batch_share": "no lab sells batches",
    "labs.revenue_share": "not every lab has a patron, so it is set for one of them alone",
    "apps.seat_elasticity": "apps keep their list price",
    **dict.fromkeys(("apps.page_slots", "apps.page_cost", "apps.page_loss"), "nobody has older result pages"),
    **dict.fromkeys(("advertisers.page_bidders", "advertisers.page_budget"), "nobody has older result pages"),
    "world.through_channels": "no app sells its attention",
    **dict.fromkeys(
        (f"world.sentiment_{name}" for name in ("half_life", "size_spread", "half_life_spread", "building")),
        "the world has no moods",
    ),
    **dict.fromkeys(
        (f"world.breakthrough_{name}" for name in ("rate", "rate_spread", "size_spread")), "nothing comes by leaps"
    ),
    "users.part": "nobody uses a second app",
    **dict.fromkeys(
        (f"users.{name}" for name in ("income_median", "income_spread", "income_worth", "budget_share")),
        "nobody keeps a budget",
    ),
    **dict.fromkeys((f"users.{name}" for name in ("overdue", "written_off", "barred")), "people pay their bills"),
    "apps.reasoning_gain": "no app's models reason",
    "users.rewired": "everybody hears from everybody",
    "users.sample": "both regions are sampled alike, whatever the number",
    "cloud.capacity.extrapolate.fastest": "no trend is as steep",
    **dict.fromkeys(("apps.search_price", "apps.search_block", "apps.search_beyond"), "nobody buys searches"),
    **dict.fromkeys(("apps.index_cost", "apps.index_call_cost"), "nobody answers from the web"),
    **dict.fromkeys(("apps.answer_price", "apps.answer_block", "apps.answer_beyond"), "nobody calls for answers"),
    **dict.fromkeys(
        (f"apps.{name}" for name in ("hour_sensitivity", "hour_lock_in", "host_team")), "no app serves a model"
    ),
    **dict.fromkeys(
        (f"apps.{name}" for name in ("power_cost", "site_cost", "building_share", "book_life", "build_lag")),
        "no app owns machines",
    ),
    **dict.fromkeys(
        ("apps.discount", "apps.rent_decline"),
        "no app owns machines",
    ),
    **dict.fromkeys(
        (f"enterprises.{name}" for name in ("own_models", "own_models_most", "it_budget")), "there are no hours of work"
    ),
    **dict.fromkeys(("enterprises.answer_share", "enterprises.answer_customers"), "no app sells answers by the call"),
}


def rows() -> list[dict[str, str]]:
    """Numbers of whole groups, and those of the strategies that the reference world uses."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        table = [row for row in csv.DictReader(file) if row["name"].count(".") != 2]
    return [row for row in table if row["name"] not in IDLE]


def others(row: dict[str, str]) -> list[float]:
    """Other values inside the range: half as much again, half, and the ends."""
    value, low, high = (float(row[column]) for column in ("value", "low", "high"))
    near = [value * 1.5, value * 0.5] if row["unit"] != "flag" else []
    if row["unit"].startswith("months"):
        near = [float(round(one)) for one in near]
    far = [min(high, max(1.0, high / 1000)), low, high]  # the highest money there may be is too much for a first try
    return [one for one in [*near, *far] if low <= one <= high and one != value]


@pytest.fixture(scope="module")
def usual() -> str:
    """The digest of the world as it is."""
    return digest({})


def digest(settings: dict[str, float]) -> str:
    return str(run("dollar_paths", seed=SEED, months=MONTHS, users=USERS, set=settings).manifest["digest"])


@pytest.mark.parametrize(
    "row", rows() if "EVERY_NUMBER" in os.environ else [], ids=lambda row: row["name"]
)  # `make verify`
def test_every_number_moves_something(row: dict[str, str], usual: str) -> None:
    if unused(row["name"]):
        pytest.skip("no firm of this world uses the strategy")
    assert any(digest({row["name"]: value}) != usual for value in others(row))


def unused(name: str) -> bool:
    group, *slot = name.split(".")
    return len(slot) == 3 and all(slot[1] not in str(firm.get(slot[0])) for firm in tables_of(group))


def tables_of(group: str) -> list[dict[str, object]]:
    """What the reference world says of a group and of its members."""
    tables = tomllib.loads(TABLE.with_name("scenarios").joinpath("plain.toml").read_text(encoding="utf-8"))[group]
    return [tables, *(member for member in tables.values() if isinstance(member, dict))]
