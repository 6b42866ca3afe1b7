"""Labs that price by what customers answered and train while it pays; and the price war of May 2024."""

from dataclasses import replace
from datetime import date
from functools import cache
from math import inf
from typing import Any

import pytest

from tests.worlds.resumed import resumes
from watersellers import World, run
from watersellers.agents.information import SeenByLab, SeenByResearcher
from watersellers.agents.labs.month import Labs
from watersellers.agents.labs.open_models import hosts_price
from watersellers.agents.public_information import PublicInformation
from watersellers.agents.strategies.pricing import ElasticitySeen
from watersellers.agents.strategies.research import Invest
from watersellers.market.chance import Chance
from watersellers.market.trade.demand_schedule import tangent
from watersellers.market.trade.purchase_answers import Answer, Purchase, elasticity, elasticity_seen, mean_answer

DICE = Chance(1, 1)
SEEN = {"labs.pricing": {"use": "elasticity_seen", "step": 0.25}}
OTHERS = (
    *("google_deepmind", "meta_ai", "xai", "mistral", "startups"),
    *("deepseek", "alibaba_qwen", "zhipu", "minimax", "moonshot", "kimi", "baichuan", "baidu_ernie", "bytedance_seed"),
    *("chatgpt", "copilot", "perplexity", "bing_search", "gemini", "brave"),
)
RIVAL = ("anthropic", "claude")
# Costs and qualities stand still, and nobody but firms buys of the lab, so that prices can come to rest.
STILL: dict[str, Any] = {
    "labs.throughput_growth": 0.0, "labs.training_growth": 0.0, "labs.knowledge_decay": 0.0, "labs.spill_over": 0.0,
    "labs.half_load": 0.0, "labs.research": {"use": "within_revenue", "share": 0.0}, "labs.owner_funds": 1e10,
    "cloud.pricing": "cost_plus", "labs.openai.opening_budget": 0.0,
}  # fmt: skip


# Prices


@cache
def world_of(removed: tuple[str, ...], months: int = 30, open_weights: float = 0.0) -> World:
    """A world that stands still, with OpenAI as the only lab or with a rival, whose weights may be open."""
    chosen = {**STILL, **SEEN, "labs.open_weights": 0.0}
    if "anthropic" not in removed:
        chosen |= {"labs.anthropic.open_weights": open_weights, "labs.anthropic.knowledge": 2e7}
        chosen |= {"labs.anthropic.opening_budget": 0.0}  # it knows what OpenAI knows
    doc = {"extends": "plain", "remove": list(removed), "name": "few", "question": "What does a lab ask?"}
    world = World(doc, rng=1, users=60, months=months, set=chosen)
    while world.running:
        world.step()
    return world


def lab_of(world: World) -> Any:
    return next(firm for firm in world.parts[Labs].labs if firm.name == "openai")


def test_the_price_of_a_lone_lab_is_finite() -> None:
    world = world_of((*OTHERS, *RIVAL))
    lab = lab_of(world)
    seen = world.parts[Labs].see(lab, lab.flagship)
    prices = world.result().firms.filter(firm="openai").sort("month")["price"].to_list()
    assert prices[-1] == pytest.approx(prices[-4], rel=2e-3)  # it has come to rest
    assert seen.elasticity_seen == pytest.approx(lab.price / (lab.price - seen.unit_cost), rel=2e-3)
    (firms,) = world.parts[Labs].buyers[lab.account, 0]
    assert (firms.share, firms.answer.known) == (1.0, 1.0)
    assert firms.answer.price == pytest.approx(seen.elasticity_seen)


def test_rivals_bring_its_price_down_and_open_weights_as_good_bring_it_to_that_of_hosts() -> None:
    alone, rivalled, hosted = (world_of(*each) for each in (((*OTHERS, *RIVAL),), (OTHERS, 18), (OTHERS, 18, 1.0)))
    assert lab_of(hosted).price < lab_of(rivalled).price < lab_of(alone).price
    labs, lab = hosted.parts[Labs], lab_of(hosted)
    assert lab.price == pytest.approx(hosts_price(lab, lab.quality, labs.alive, labs.registers), rel=1e-8)


@pytest.mark.parametrize("broken", ["unreported", "halved"])
def test_a_lab_that_does_not_see_what_firms_answer_asks_another_price(broken, monkeypatch) -> None:
    """Mutations: the answer gets lost on its way, or arrives as another."""

    def report(public: Any, customer: int, answers: Any) -> None:
        if broken == "halved":
            halved = {card: replace(mean_answer(parts), price=0.5) for card, parts in answers.items()}
            public.token_answers.update({(*card, customer): answer for card, answer in halved.items()})

    monkeypatch.setattr(PublicInformation, "report_answers", report)
    broken_price = lab_of(world_of.__wrapped__((*OTHERS, *RIVAL), 12)).price
    monkeypatch.undo()
    assert broken_price != pytest.approx(lab_of(world_of((*OTHERS, *RIVAL))).price, rel=0.1)


def test_a_lab_that_stops_moving_has_the_mark_up_of_what_it_saw() -> None:
    seen = SeenByLab(
        unit_cost=2.0, full_cost=2.0, last_price=8.0, elasticity=3.0, elasticity_seen=8 / 6,
        demand=tangent(8.0, 1.0, 3.0), capacity=inf, rival_price=inf,
    )  # fmt: skip
    rule = ElasticitySeen(step=0.25)
    assert rule(seen, DICE) == pytest.approx(8.0)
    assert rule(replace(seen, elasticity_seen=1.0), DICE) == 10.0  # 2 + 8, the step allows
    assert rule(replace(seen, elasticity_seen=0.0), DICE) == 10.0
    assert rule(replace(seen, elasticity_seen=50.0), DICE) == 6.0  # a step down, and not 2.16
    assert rule(replace(seen, rival_price=6.0), DICE) == 7.5
    assert rule(replace(seen, rival_price=1.0), DICE) == 6.0
    assert rule(replace(seen, unit_cost=7.0, rival_price=1.0), DICE) == 7.0  # not below cost to follow a rival


def test_what_is_not_known_counts_as_lerner_counts_it() -> None:
    known, unknown = Purchase(3.0, 0.5, Answer(0.5, 1.2, 0.0)), Purchase(1.0, 0.5)
    assert elasticity_seen([unknown], 4.0, 2.0) == elasticity([unknown], 4.0, 2.0) == 3.0
    assert elasticity_seen([known, unknown], 4.0, 2.0) == pytest.approx((3 * (0.5 * 1.2 + 0.5 * 3) + 3) / 4)
    assert elasticity([known, unknown], 4.0, 2.0) == 3.0  # whose rules of the reference world do not look at it
    assert elasticity_seen([], 4.0, 2.0) == 4.0


# Training

VIEW = SeenByResearcher(
    cash=1e12, revenue=30e6, running_cost=10e6, last_budget=0.0, margin=0.5, expected_revenue=0.0, quality_known=0.0,
    quality_answer=0.0, knowledge=20e6, knowledge_unit=20e6, knowledge_decay=0.04, learned=0.5,
)  # fmt: skip
RULE = Invest(horizon=36.0, required=0.25, slope=1.0, months=1.0)


def test_the_last_dollar_of_training_earns_exactly_what_it_must() -> None:
    spent, kept = RULE(VIEW, DICE), 1 - VIEW.knowledge_decay
    per_dollar = VIEW.learned / (VIEW.knowledge_unit + VIEW.knowledge + VIEW.learned * spent)
    earned = sum(20e6 * per_dollar * kept**month / 1.25 ** ((month + 1) / 12) for month in range(36))
    assert spent > 0
    assert earned == pytest.approx(1.0, rel=1e-9)


def test_it_trains_less_the_less_that_pays_and_nothing_in_the_end() -> None:
    spent = RULE(VIEW, DICE)
    for less in (replace(RULE, horizon=24.0), replace(RULE, required=0.5), replace(RULE, slope=0.8)):
        assert 0 < less(VIEW, DICE) < spent
    for worse in (replace(VIEW, knowledge=30e6), replace(VIEW, revenue=25e6), replace(VIEW, knowledge_decay=0.05)):
        assert 0 < RULE(worse, DICE) < spent
    for nothing in (replace(RULE, horizon=0.0), replace(RULE, required=10.0), replace(RULE, slope=0.0)):
        assert nothing(VIEW, DICE) == 0
    for poor in (replace(VIEW, cash=0.0), replace(VIEW, cash=-5.0), replace(VIEW, knowledge=1e9)):
        assert RULE(poor, DICE) == 0
    assert RULE(replace(VIEW, cash=7.0), DICE) == 7.0
    assert RULE(replace(VIEW, learned=0.0), DICE) == 0
    assert replace(RULE, months=4.0)(VIEW, DICE) == pytest.approx(spent / 4)


def test_a_story_lets_a_lab_train_before_it_has_sold() -> None:
    young = replace(VIEW, revenue=0.0, running_cost=0.0)
    assert RULE(young, DICE) == 0
    assert RULE(replace(young, expected_revenue=12 * 40e6), DICE) == pytest.approx(RULE(VIEW, DICE))
    assert RULE(replace(young, expected_revenue=12 * 40e6, margin=-0.1), DICE) == 0  # it would sell below cost


def test_what_customers_answer_stands_before_what_is_supposed() -> None:
    eager = replace(VIEW, quality_known=1.0, quality_answer=1.5)
    assert RULE(eager, DICE) > RULE(VIEW, DICE) == RULE(replace(VIEW, quality_known=0.5, quality_answer=1.0), DICE)
    assert RULE(replace(eager, quality_answer=-1.0), DICE) == 0  # better models sell fewer tokens


def test_labs_that_invest_stop_where_the_race_would_go_on() -> None:
    spent = {}
    for name, rule in {"race": "race", "invest": "invest", "short": {"use": "invest", "horizon": 0.0}}.items():
        flows = run("plain", months=18, users=60, set={"labs.research": rule}).firms
        spent[name] = flows.filter(layer="labs")["operating_cost"].sum()
    assert spent["short"] < spent["invest"] < spent["race"]


# The price war of May 2024


def test_labs_of_china_follow_deepseek_in_the_price_war_and_others_do_not() -> None:
    followers, apart = ("alibaba_qwen", "zhipu", "baidu_ernie", "bytedance_seed"), ("moonshot", "baichuan", "openai")
    war, peace = (
        run(name, months=20, users=60).firms.filter(layer="labs").pivot(on="firm", index="month", values="price")
        for name in ("price_war", "plain")
    )
    before, after = (war["month"] < date(2024, 5, 1)), (war["month"] >= date(2024, 7, 1))
    assert war.filter(before).equals(peace.filter(before))
    for lab in (*followers, "deepseek"):
        assert (war.filter(after)[lab] < 0.7 * peace.filter(after)[lab]).all(), lab
    earned = run("price_war", months=20, users=60).firms.filter(firm="deepseek").filter(after)
    assert (earned["revenue"] > earned["cost_of_sales"]).all()  # a low price that its cost allows
    for lab in apart:
        assert (war.filter(after)[lab] > 0.9 * peace.filter(after)[lab]).all(), lab


def test_a_world_of_both_strategies_that_is_resumed_ends_as_if_it_had_never_stopped(tmp_path) -> None:
    assert resumes("plain", 5, 8, tmp_path, {"labs.pricing": "elasticity_seen", "labs.research": "invest"})
