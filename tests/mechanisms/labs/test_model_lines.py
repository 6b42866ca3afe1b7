"""Lines of models, and generations with luck: what is sold, at what cost, and that luck moves no trend."""

from itertools import pairwise
from math import log1p
from typing import Any

import numpy as np
import pytest

from tests.worlds.resumed import resumes
from tests.worlds.rough import ROUGH
from watersellers import BadInput, World, run
from watersellers.agents.labs.lab import Lab
from watersellers.agents.labs.model_line import Place
from watersellers.agents.labs.month import Labs
from watersellers.agents.labs.releases import draw, release
from watersellers.market.chance import Chance
from watersellers.market.goods import GOODS, TOKENS_OF_LINE

WHOLE: dict[str, Any] = {"labs.line": 3, "labs.releasing": {"use": "in_generations", "gain": 0.05, "months": 2}}
LUCKY = {"labs.luck_quality": 0.3, "labs.luck_speed": 0.3}


def stepped(months: int, settings: dict[str, Any], seed: int = 1) -> World:
    """A rough world after some months."""
    world = World(ROUGH, rng=seed, months=months, users=200, set=settings)
    for _ in range(months):
        world.step()
    return world


def labs_of(world: World) -> list[Lab]:
    """The labs in business."""
    return world.parts[Labs].alive


def test_luck_has_no_trend_and_does_not_depend_on_what_was_drawn_before():
    firm = labs_of(stepped(1, WHOLE))[0]
    for purpose in ("luck_quality", "luck_speed"):
        drawn = np.array([draw(firm, purpose, Chance(seed, month)) for seed in range(40) for month in range(50)])
        assert abs(drawn.mean()) < 3 / len(drawn) ** 0.5
        assert drawn.std() == pytest.approx(1, abs=0.05)
        assert abs(np.corrcoef(drawn[1:], drawn[:-1])[0, 1]) < 3 / len(drawn) ** 0.5
    assert draw(firm, "luck_quality", Chance(1, 1)) != draw(firm, "luck_speed", Chance(1, 1))


def test_a_lab_that_learns_nothing_stays_where_it_is_in_the_mean_however_often_it_releases():
    settings = WHOLE | LUCKY | {"labs.releasing": {"use": "in_generations", "gain": 0.0, "months": 0}}
    world = stepped(2, settings)
    world.economy.ledger.clock.turn(2, 1)  # inside of a month firms may be written
    firm = labs_of(world)[0]
    knowledge, qualities, speeds = firm.knowledge, [], []
    for month in range(600):
        release(firm, Chance(9, month))
        qualities.append(firm.quality)
        speeds.append(firm.generations[0].speed)
    trend = log1p(knowledge / firm.traits.knowledge_unit)
    assert firm.knowledge == knowledge
    assert np.mean(qualities) == pytest.approx(trend, abs=3 * 0.3 / 600**0.5)
    assert np.mean(speeds) == pytest.approx(0, abs=3 * 0.3 / 600**0.5)
    assert min(qualities) < trend - 0.5  # a release that failed is sold, too
    halves = np.mean(qualities[:300]), np.mean(qualities[300:])
    assert halves[0] == pytest.approx(halves[1], abs=3 * 0.3 / 150**0.5)


def test_between_releases_quality_stands_still_and_the_last_flagship_stays_on_sale():
    world = World(ROUGH, rng=3, months=14, users=200, set=WHOLE | LUCKY)
    history: list[dict[str, tuple[Any, ...]]] = []
    for _ in range(14):
        world.step()
        history.append({firm.name: (firm.months_on_sale, *firm.generations) for firm in labs_of(world)})
    released = 0
    for before, now in pairwise(history):
        for name in before.keys() & now.keys():
            if now[name][0]:
                assert now[name] == (before[name][0] + 1, *before[name][1:])
            else:
                assert now[name][2] == before[name][1]
                released += 1
    assert released > 5


@pytest.mark.parametrize(("line", "sold"), [(1, 1), (2, 2), (2.9, 2), (3, 3)])
def test_a_line_has_as_many_models_as_its_number_says(line, sold):
    firms = labs_of(stepped(6, WHOLE | LUCKY | {"labs.line": line}))
    assert {len(firm.models) for firm in firms if len(firm.generations) > 1} == {sold}


def test_a_line_of_no_models_is_refused():
    with pytest.raises(BadInput, match=r"labs\.line: found 0, expected 1 to 3 models"):
        World(ROUGH, 1, set={"labs.line": 0})


def test_each_model_has_its_card_and_they_are_all_bought_and_served_alike_when_hours_are_short():
    short = {"cloud.opening_hours": 2e6, "chips.opening_wait": 30.0, "enterprises.west.exposed_hours": 1e10}
    world = stepped(8, WHOLE | LUCKY | short)
    labs, cards = world.parts[Labs], world.parts.registers.public.cards
    market = next(market for market in world.economy.markets if market.name == "tokens")
    sold = market.trades.units_by("seller", "good")
    for firm in labs.alive:
        assert [card.place for card in cards if card.lab == firm.account] == [model.place for model in firm.models]
        for model in firm.models:
            for good in TOKENS_OF_LINE[model.place]:
                asked = labs.asked.get((firm.account, good), 0)
                assert sold.get((firm.account, good), 0) == int(firm.served * asked)
    assert any(0 < firm.served < 1 for firm in labs.alive)
    assert {good for _, good in sold} >= {goods[2] for goods in TOKENS_OF_LINE}


def test_a_small_model_that_is_the_flagship_twice_makes_no_value():
    doubled = WHOLE | {"labs.line": 3, "labs.small_share": 1.0, "labs.small_speed": 1.0, "labs.half_load": 0.0}
    alone = doubled | {"labs.line": 1}
    fixed = {"labs.releasing": "at_once", "labs.pricing": {"use": "cost_plus", "markup": 1.0}}
    work = {"enterprises.tokens_low": 0.0, "enterprises.tokens_high": 0.0, "enterprises.west.exposed_hours": 1e9}
    bought = {}
    for name, settings in (("alone", alone), ("doubled", doubled)):
        flows = run(ROUGH, months=3, users=100, set=settings | fixed | work).flows
        tokens = flows.filter(payer_layer="enterprises")
        tokens = tokens.filter(tokens["good"].is_in([GOODS[good].name for goods in TOKENS_OF_LINE for good in goods]))
        bought[name] = int(tokens["cents"].sum())
    assert bought["alone"] > 0
    assert bought["doubled"] == pytest.approx(bought["alone"], rel=0.02)


def test_a_small_model_is_cheaper_and_worse_than_the_flagship_and_newer_ones_are_better():
    firms = labs_of(stepped(8, WHOLE))
    for firm in firms:
        models = {model.place: model for model in firm.models}
        small, flagship = models[Place.SMALL], models[Place.FLAGSHIP]
        assert firm.quality_of(small) < firm.quality_of(flagship)
        assert firm.unit_cost(8, small) < firm.unit_cost(8, flagship)
        assert firm.price_of(small) < firm.price_of(flagship)
        if older := models.get(Place.OLDER):
            assert firm.quality_of(older) < firm.quality_of(flagship)


@pytest.fixture(scope="module")
def history() -> list[list[tuple[str, int, set[int]]]]:
    """By month of the world of releases, each lab with the months since its release and the models that it sells."""
    world, months = World("model_generations", rng=1, months=40, users=50), []
    for _ in range(40):
        world.step()
        sold = [(firm.name, firm.months_on_sale, {model.place for model in firm.models}) for firm in labs_of(world)]
        months.append(sold)
    return months


def test_dates_of_history_are_kept_and_after_them_labs_decide(history):
    released: dict[str, list[int]] = {}
    for month, labs in enumerate(history):
        for name, months_on_sale, _ in labs:
            if months_on_sale == 0 and month > 0:
                released.setdefault(name, []).append(month)
    assert [month for month in released["openai"] if month <= 25] == [2, 10, 16, 20, 25]
    assert [month for month in released["deepseek"] if month <= 25] == [10, 16, 23, 24]
    later = [month for months in released.values() for month in months if month > 25]
    assert len(later) > 5
    for months in released.values():
        assert all(b - a >= 6 for a, b in pairwise([month for month in months if month > 25]))


def test_first_small_models_come_on_their_dates(history):
    first = dict[str, int]()
    for month, labs in enumerate(history):
        for name, _, places in labs:
            if Place.SMALL in places:
                first.setdefault(name, month)
    assert (first["anthropic"], first["openai"], first["deepseek"], first["startups"]) == (2, 18, 26, 26)


def test_a_model_that_is_sold_below_cost_is_withdrawn_until_the_next_release():
    below: dict[str, Any] = {"labs.pricing": {"use": "penetration", "share": 0.5}, "labs.offering": "paying_models"}
    below |= {"labs.releasing": {"use": "in_generations", "gain": 0.05, "months": 4}}
    world, seen = World(ROUGH, rng=1, months=10, users=200, set=WHOLE | below), set[int]()
    for _ in range(10):
        world.step()
        for firm in labs_of(world):
            sold = {model.place for model in firm.models}
            if firm.months_on_sale == 0:
                assert Place.SMALL in sold
            elif firm.months_on_sale > 2:  # its first prices are above cost: the opening one, and one asked at no load
                assert sold == {Place.FLAGSHIP}
            seen.add(firm.months_on_sale)
    assert seen >= {0, 3}


def test_a_world_of_lines_and_releases_that_is_resumed_ends_as_if_it_had_never_stopped(tmp_path):
    assert resumes(ROUGH, 6, 10, tmp_path, WHOLE | LUCKY | {"labs.offering": "paying_models"})
