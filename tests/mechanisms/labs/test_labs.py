"""Labs in a price war, with discounts at night, with distillation, and with revenue sharing."""

import polars as pl
import pytest

from tests.worlds.rough import ROUGH
from watersellers import World, load_scenario, run
from watersellers.agents.labs.month import Labs
from watersellers.experiments.input.errors import BadInput
from watersellers.market.chart_of_accounts import Item
from watersellers.market.goods import Good

SHARED = {"labs.openai.revenue_share": 0.2}


def price(result, firm: str) -> list[float]:
    return result.firms.filter(firm=firm).sort("month")["price"].to_list()


def test_a_price_matcher_follows_a_rival_below_cost_down_to_its_floor() -> None:
    low = {"labs.deepseek.pricing": {"use": "penetration", "share": 0.1}}
    war = {"labs.zhipu.pricing": {"use": "match_cheapest", "floor": 0.5}, "labs.like_quality": 10}
    alone, matched = (run(ROUGH, months=8, users=100, set={**low, **more}) for more in ({}, war))
    assert all(one < other for one, other in zip(*(price(one, "zhipu")[2:] for one in (matched, alone)), strict=True))
    profit = [result.firms.filter(firm="zhipu")["operating_profit"].sum() for result in (matched, alone)]
    assert profit[0] < profit[1]


def test_a_peak_takes_more_hours_and_a_discount_at_night_gives_some_back() -> None:
    hours = []
    for peak, discount in ((1.0, 0.0), (0.8, 0.0), (0.8, 0.5)):
        settings = {"labs.peak": peak, "labs.night_discount": discount, "labs.night_share": 0.4}
        world = World(ROUGH, rng=1, months=1, users=100, set=settings)
        lab = next(firm for firm in world.parts[Labs].labs if firm.name == "openai")
        hours.append(lab.hours(1e12, 0))
    assert hours[0] < hours[2] < hours[1]


def test_distillation_brings_followers_nearer_to_the_best() -> None:
    gaps = []
    for share in (0.0, 0.2):
        world = World(ROUGH, rng=1, months=7, users=50, set={"labs.distillation": share})
        for _ in range(7):
            world.step()
        west = sorted(firm.quality for firm in world.parts[Labs].labs if firm.region == "west")
        gaps.append(west[-1] - west[0])
    assert gaps[1] < gaps[0]


def test_a_backer_gets_its_share_of_the_revenue_in_the_books() -> None:
    world = World(ROUGH, rng=1, months=6, users=100, set=SHARED)
    for _ in range(6):
        world.step()
    rows, index = world.economy.ledger.journal(), world.economy.ledger.accounts.index
    sold = rows.where(
        (rows.credit_account == index["openai"]) & (rows.credit_item == Item.REVENUE) & (rows.good != Good.CLOSING)
    )
    shared = rows.where((rows.good == Good.REVENUE_SHARE) & (rows.debit_item == Item.COST_OF_SALES))
    assert set(shared.credit_account.tolist()) == {index["azure"]}
    for month in range(6):
        revenue = int(sold.cents[sold.month == month].sum())
        assert shared.cents[shared.month == month].tolist() == [round(0.2 * revenue)]


def test_a_lab_that_shares_its_revenue_asks_more_for_it() -> None:
    shared, whole = (run(ROUGH, months=2, users=100, set=more) for more in (SHARED, {}))
    assert price(shared, "openai")[1] == pytest.approx(price(whole, "openai")[1] / 0.8, rel=1e-8)


def test_what_is_switched_off_changes_nothing() -> None:
    off = {"labs.night_discount": 0, "labs.night_share": 0.9, "labs.like_quality": 3, "cloud.host_margin": 2}
    settled = [run(ROUGH, months=6, users=100, set=more).manifest["digest"] for more in ({}, off)]
    assert settled[0] == settled[1]


@pytest.mark.parametrize(
    ("doc", "sentence"),
    [
        ({"labs": {"openai": {"patron": "azur"}}}, "labs.openai.patron: unknown firm 'azur'. Did you mean 'azure'?"),
        ({"labs": {"openai": {"patron": "openai"}}}, "labs.openai.patron: 'openai' is the lab itself"),
        ({"apps": {"kimi": {"patron": "azure"}}}, "apps.kimi.patron: found 'azure', expected none"),
        ({"labs": {"zhipu": {"revenue_share": 0.1}}}, "labs.zhipu.revenue_share: found 0.1, but the lab has no patron"),
        (
            {"event": [{"month": "2023-05", "what": "set", "path": "labs.zhipu.revenue_share", "value": 0.1}]},
            "labs.zhipu.revenue_share: found 0.1, but the lab has no patron",
        ),
    ],
)
def test_a_share_that_nobody_gets_is_refused(doc, sentence) -> None:
    with pytest.raises(BadInput) as refused:
        load_scenario({"extends": str(ROUGH), **doc})
    assert sentence in str(refused.value)


def test_a_written_scenario_keeps_its_backers() -> None:
    result = run(ROUGH, months=1, users=50, set=SHARED)
    assert 'patron = "azure"' in str(result.manifest["scenario"])
    assert result.flows.filter(pl.col("good") == "revenue_share")["payee"].to_list() == ["azure"]


def test_a_lab_with_dated_releases_serves_the_model_of_the_last_one_while_it_learns_on() -> None:
    path, served, known = "labs.openai.release", [], []
    world = World(ROUGH, rng=1, months=9, users=50, set={path: 1})
    lab = next(firm for firm in world.parts[Labs].labs if firm.name == "openai")
    first = (lab.quality, lab.throughput(0))
    for month in range(9):
        if month in (3, 6):
            world.set(path, 0 if month == 6 else 2)
        world.step()
        served.append(lab.in_model)
        known.append(lab.knowledge)
    assert (served[0], first) == (lab.traits.knowledge, first)
    assert len(set(known)) == 9
    assert len(set(served[:3])) == len(set(served[3:6])) == 1
    assert served[3] == known[3]
    assert served[6:] == known[6:]


def test_a_lab_that_counts_no_releases_is_as_if_there_were_no_such_thing() -> None:
    usual, stopped = (run(ROUGH, months=6, users=50, set=more).manifest["digest"] for more in ({}, {"labs.release": 0}))
    frozen = run(ROUGH, months=6, users=50, set={"labs.release": 1}).manifest["digest"]
    assert usual == stopped != frozen


def dated(*releases: tuple[str, float, str]) -> list[str]:
    """What is wrong with a world in which releases are dated: month, number, and the path that is set."""
    events = [{"month": month, "what": "set", "path": path, "value": value} for month, value, path in releases]
    try:
        load_scenario({"extends": "dollar_paths", "name": "dated", "question": "Which model?", "event": events})
    except BadInput as error:
        return list(error.problems)
    return []


OPENAI = "labs.openai.release"


def test_a_model_is_released_once_and_after_the_one_before() -> None:
    right = [("2023-03", 1.0, OPENAI), ("2023-11", 2.0, OPENAI), ("2024-05", 0.0, OPENAI), ("2024-09", 1.0, OPENAI)]
    assert dated(*right) == []
    once = "expected a number above 2: a model is released once; leave one of the two events out, or write value = 3"
    twice = [("2023-03", 2.0, OPENAI), ("2023-11", 2.0, OPENAI)]
    assert dated(*twice) == [f"dated, {OPENAI}: found release 2 in 2023-11 again, after it was dated 2023-03, {once}"]
    back = [("2023-03", 2.0, OPENAI), ("2023-11", 1.0, OPENAI)]
    assert dated(*back) == [f"dated, {OPENAI}: found release 1 in 2023-11 after release 2, dated 2023-03, {once}"]
    everywhere = dated(("2023-03", 2.0, OPENAI), ("2023-05", 2.0, "labs.release"))
    assert everywhere == [f"dated, {OPENAI}: found release 2 in 2023-05 again, after it was dated 2023-03, {once}"]


def test_a_release_before_the_lab_is_refused_with_its_cure() -> None:
    path = "labs.moonshot.release"
    assert dated(("2023-04", 1.0, path), ("2023-05", 2.0, path)) == []
    early = "before the lab enters in 2023-04; expected 2023-04 or later: date the release later, or let the lab enter"
    cure = 'earlier with labs.moonshot.enters = "2023-02"'
    assert dated(("2023-02", 1.0, path)) == [f"dated, {path}: found release 1 in 2023-02, {early} {cure}"]
    assert dated(("2023-02", 1.0, "labs.release")) == []  # that is for those who are there
