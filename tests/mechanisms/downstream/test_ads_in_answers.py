"""Ads beside answers: apps show as many as pay, with the users, the trust and the older pages that ads cost."""

from dataclasses import replace
from math import exp, inf
from typing import Any

import polars as pl
import pytest

from tests.worlds.resumed import resumes
from watersellers import World, run
from watersellers.agents.apps.ads_in_answers import AdsInAnswers
from watersellers.agents.strategies.monetisation import AdsAsSet, AdsWhereTheyPay, SeenByAdSeller, SlotMarket
from watersellers.market.chance import Chance

NOW = Chance(1, 0)
PAYS = AdsWhereTheyPay()
SLOTS = SlotMarket(worth=0.02, bidders=1e15, budget=1e15, others=0.0, older=0.0, answers=50_000.0)
VIEW = SeenByAdSeller(
    list_load=0.7, load=0.0, months=inf, most_slots=3.0, users=1000.0, people=1e6, margin=0.5, page_margin=0.0,
    kept=1.0, aversion=0.5, erosion=0.0, recovery=0.1, beside=(SLOTS,), on_pages=(),
)  # fmt: skip
DECIDE = {"apps.advertising": "where_it_pays"}
DEAR = {"advertisers.worth": 0.2, "advertisers.bidders": 1e12, "advertisers.budget": 1e11}


def settled(seen: SeenByAdSeller, strategy: AdsWhereTheyPay = PAYS) -> float:
    """The ads at which an app comes to rest if nothing moves but its own ads; users stay those that it has."""
    for _ in range(400):
        load = strategy(seen, NOW)
        if load == seen.load:
            return load
        seen = replace(seen, load=load)
    raise AssertionError("it never comes to rest")


def bidding(**bids: float) -> SeenByAdSeller:
    return replace(VIEW, beside=(replace(SLOTS, **bids),))


# known answers


def test_slots_that_nobody_pays_for_are_not_shown_and_are_taken_away():
    for nobody in ({"worth": 0.0}, {"bidders": 0.0}, {"budget": 0.0}, {"others": 1e15}):
        assert settled(bidding(**nobody)) == 0
        assert settled(replace(bidding(**nobody), load=0.5)) == 0
        assert settled(replace(bidding(**nobody), load=0.5, margin=0.0, aversion=0.0)) == 0


def test_users_who_do_not_mind_and_lose_no_trust_see_the_most_slots():
    assert settled(replace(VIEW, aversion=0.0)) == 3.0
    assert settled(replace(VIEW, aversion=0.0, most_slots=1.25)) == 1.25


def test_an_app_whose_users_pay_shows_none():
    """A slot earns a dollar per user; utility of 0.5 drives away two users in five, who pay 20 dollars."""
    assert settled(replace(VIEW, margin=20.0)) == 0
    assert settled(replace(VIEW, margin=20.0, load=1.0)) == 0


def test_where_its_users_pay_nothing_it_stops_where_one_slot_more_loses_as_many_slots_as_it_brings():
    """With users e to the minus aversion x load, load x users is largest at a load of 1 over the aversion."""
    fine = AdsWhereTheyPay(step=0.01)
    assert settled(replace(VIEW, margin=0.0), fine) == pytest.approx(1 / 0.5, abs=0.02)
    # with a margin of m per user and a slots' worth of w, at 1 / aversion - m / w
    assert settled(VIEW, fine) == pytest.approx(1 / 0.5 - 0.5 / (50 * 0.02), abs=0.02)


def test_an_app_alone_sells_half_of_the_slots_that_are_wanted_at_no_price():
    """The monopolist's answer to a straight demand: its own slots lower the price of all."""
    alone = replace(bidding(bidders=100_000.0), aversion=0.0)
    assert settled(alone, AdsWhereTheyPay(step=0.01)) * 50_000 == pytest.approx(50_000, abs=500)


def test_one_of_two_sells_half_of_what_the_other_leaves():
    rival = replace(bidding(bidders=100_000.0, others=40_000.0), aversion=0.0)
    assert settled(rival, AdsWhereTheyPay(step=0.01)) * 50_000 == pytest.approx(30_000, abs=500)


def test_more_is_shown_the_dearer_a_slot_and_less_the_more_it_costs():
    prices = [settled(bidding(worth=worth)) for worth in (0.002, 0.006, 0.01, 0.02, 0.04, 0.2)]
    assert prices == sorted(prices)
    assert prices[0] == 0 < prices[3] < prices[-1]
    costs: dict[str, tuple[float, ...]] = {
        "margin": (0.0, 0.3, 0.6, 1.2), "page_margin": (0.0, 0.3, 0.6, 1.2), "aversion": (0.3, 0.5, 0.8, 2.0),
        "erosion": (0.0, 0.02, 0.05, 0.2), "recovery": (1.0, 0.3, 0.1, 0.0),
    }  # fmt: skip
    for name, doses in costs.items():
        changes: list[dict[str, Any]] = [{"erosion": 0.05, name: dose} for dose in doses]
        views = [replace(VIEW, **change) for change in changes]
        loads = [settled(view) for view in views]
        assert loads == sorted(loads, reverse=True), name
        assert loads[0] > loads[-1], name
    assert settled(replace(VIEW, kept=0.5)) < settled(VIEW)


def test_the_more_people_use_it_the_fewer_leave():
    assert settled(replace(VIEW, people=1200.0)) > settled(VIEW)
    assert settled(replace(VIEW, people=1000.0)) == 3.0  # nobody is left who could go


def test_lost_trust_counts_over_the_months_ahead():
    """A slot takes 0.05 each month and nothing comes back: in month t that is 0.05 t."""
    careless, far = AdsWhereTheyPay(months=1.0), AdsWhereTheyPay(months=48.0)
    for_good = replace(VIEW, erosion=0.05, recovery=0.0)
    assert settled(for_good, careless) > settled(for_good) > settled(for_good, far)
    earned = [sum(exp(-load * (0.5 + 0.05 * t)) for t in range(1, 25)) * (0.5 + load) for load in (0.0, 0.1)]
    assert (PAYS(replace(for_good, people=1e12), NOW) == 0.1) == (earned[1] > earned[0])


def test_slots_beside_answers_to_pages_share_what_pages_earn():
    """A budget that binds is spent on pages as they are; only slots that a rival sells there can be won."""
    pages = SlotMarket(worth=0.02, bidders=1e15, budget=50.0, others=0.0, older=100_000.0, answers=50_000.0)
    owner = replace(VIEW, beside=(), on_pages=(pages,), users=0.0)
    assert settled(owner) == 0
    assert settled(replace(owner, on_pages=(replace(pages, others=100_000.0),))) == 3.0
    # half of what an app earns is its publishers', and of what a page earns nothing
    assert settled(replace(owner, on_pages=(replace(pages, others=90_000.0),), kept=0.5)) == 0


def test_it_moves_by_a_step_and_waits_after_it():
    assert PAYS(VIEW, NOW) == PAYS.step
    assert PAYS(replace(VIEW, load=0.1, months=5), NOW) == 0.1
    assert PAYS(replace(VIEW, load=0.1, months=6), NOW) == pytest.approx(0.2)
    assert PAYS(replace(VIEW, load=0.5, months=5, most_slots=0.2), NOW) == 0.2
    assert PAYS(replace(VIEW, load=2.5, margin=20.0), NOW) == pytest.approx(2.4)
    assert PAYS(replace(VIEW, load=2.5, margin=20.0, months=1), NOW) == pytest.approx(2.4)  # less at once


# in a world


def loads(result: Any, app: str) -> list[float]:
    return result.apps.filter(app=app, tier="free").group_by("month", maintain_order=True).first()["ad_load"].to_list()


def test_as_set_is_the_scenario_and_follows_its_events_at_once():
    events = [{"month": "2023-03", "what": "set", "path": "apps.kimi.ad_load", "value": 0.4}]
    world = {"extends": "plain", "event": events, "apps": {"kimi": {"enters": "2023-02"}}}
    result = run(world, months=4, users=200)
    assert loads(result, "bing_search") == [0.5] * 4
    assert loads(result, "kimi")[-2:] == [0.4, 0.4]
    assert set(result.apps.filter(tier="paid")["ad_load"]) == {0.0}
    assert AdsAsSet()(VIEW, NOW) == 0.7


def test_nobody_has_ads_before_it_decides_and_what_is_decided_is_shown():
    result = run("plain", months=10, users=300, set=DECIDE | DEAR)
    first = result.apps.filter(pl.col("month") == pl.col("month").min())
    assert first["ads"].sum() == first["ad_load"].sum() == 0
    shown = result.apps.filter(pl.col("ad_load") > 0)
    assert {"chatgpt", "gemini", "doubao"} <= set(shown["app"])
    assert result.apps.filter(pl.col("ad_load") == 0)["ads"].sum() == 0
    full = shown.filter(pl.col("app") == "gemini")
    served = result.firms.filter(firm="gemini").join(full, on="month").filter(pl.col("used_share") == 1)
    assert served.height > 0
    assert (served["ads"] == (served["queries"] * served["ad_load"]).cast(pl.Int64)).all()


def test_an_owner_of_older_pages_sees_what_a_lost_user_costs_them_and_shows_fewer_ads():
    given = DECIDE | DEAR | {"apps.nami_360.opening_known": 0.5, "apps.page_loss": 1.0}
    pages = {"apps.nami_360.opening_pages": 1e10, "advertisers.page_budget": 1e12, "advertisers.page_bidders": 1e12}
    plain, paged = (run("plain", months=14, users=300, set=given | more) for more in ({}, pages))
    assert max(loads(plain, "nami_360")) > max(loads(paged, "nami_360"))
    world = World("plain", rng=1, months=6, users=300, set=given | pages)
    for _ in range(6):
        world.step()
    part = world.parts[AdsInAnswers]
    app = next(firm for firm in part.apps.alive if firm.name == "nami_360")
    price, people = next(iter(part.search.prices.values())), part.users.traits[1].people
    loser = next(firm for firm in part.apps.alive if firm.name == "gemini")
    assert part.apps.input_cost(loser) * loser.served_free > loser.price * loser.seats
    assert part.see(loser).margin == 0
    assert part.see(app).page_margin == pytest.approx(1e10 * (10 * price - 0.005) / people)


def test_an_app_looks_at_what_it_earned_and_at_others_slots():
    free = {"opening_known": 0.9, "advertising": "as_set", "list_price": 1000.0}  # nobody pays for Bing
    known: dict[str, Any] = {"users.paid_bonus": 1.0, "apps.chatgpt.publisher_share": 0.2}
    known |= {f"apps.bing_search.{name}": value for name, value in free.items()}
    world = World("plain", rng=1, months=5, users=300, set=DECIDE | DEAR | known)
    for _ in range(5):
        world.step()
    part = world.parts[AdsInAnswers]
    app = next(firm for firm in part.apps.alive if firm.name == "chatgpt")
    seen, apps = part.see(app), world.result().apps
    last = apps.filter((pl.col("month") == apps["month"].max()) & (pl.col("region") == "west"))
    own = last.filter(pl.col("app") == "chatgpt")
    assert seen.users == own["users"].sum()
    assert seen.kept == 0.8
    cost = part.apps.input_cost(app) * (app.served_paid + app.served_free)
    assert seen.margin == pytest.approx(max(0.0, (0.8 * app.price * app.seats - cost) / seen.users))
    assert seen.margin > 0
    (beside,) = seen.beside
    assert beside.others == last.filter(pl.col("app") != "chatgpt")["ads"].sum() > 0
    assert beside.answers == app.served_free
    assert seen.on_pages == ()


def test_ads_as_decided_go_on_after_a_checkpoint(tmp_path):
    assert resumes("plain", 5, 12, tmp_path, DECIDE | DEAR)
