"""Aggregate chance: sentiment and breakthroughs have no trend, are the same for a seed, and move nothing where off."""

from collections.abc import Callable
from dataclasses import replace
from functools import cache
from math import log
from types import SimpleNamespace
from typing import Any

import numpy as np
import polars as pl
import pytest

from tests.tools.economy_fingerprints import BLOCKS, prints_of
from tests.worlds.resumed import resumes
from watersellers import Result, World, load_scenario, run
from watersellers.agents.exogenous_trends import progress
from watersellers.agents.labs.lab import Lab
from watersellers.agents.public_information import Sentiment
from watersellers.agents.shocks import breakthroughs
from watersellers.agents.shocks.breakthroughs import Breakthroughs, poisson, rate_of_seed
from watersellers.agents.shocks.sentiment import draw, next_sentiment, terms_of_seed
from watersellers.market.chance import Chance

Patch = pytest.MonkeyPatch
BLOCK = BLOCKS / "shocks.toml"
NUMBERS = dict(load_scenario("uncertain_years").numbers)
OFF = {"world.sentiment_size": 0.0, "world.breakthrough_training": 0.0, "world.breakthrough_serving": 0.0}
SEEDS, MONTHS = 1200, 24


@cache
def moods(seeds: int = SEEDS, months: int = MONTHS, **numbers: float) -> tuple[np.ndarray, np.ndarray]:
    """Level and factor of sentiment by seed and month."""
    found = []
    for seed in range(seeds):
        mood, terms = Sentiment(), terms_of_seed(NUMBERS | numbers, seed)
        for month in range(months):
            mood = next_sentiment(mood, *terms, draw("sentiment", Chance(seed, month)))
            found.append((mood.level, mood.factor()))
    level, factor = np.array(found).reshape(seeds, months, 2).transpose(2, 0, 1)
    return level, factor


@cache
def leaps(seeds: int = SEEDS, months: int = MONTHS, **numbers: float) -> tuple[np.ndarray, np.ndarray]:
    """Breakthroughs, and the months of progress that they bring, by seed and month from the second on."""
    registers: Any = SimpleNamespace(numbers=NUMBERS | numbers, month=1)
    part, found = Breakthroughs([], registers), []
    for seed in range(seeds):
        for month in range(1, months + 1):
            part.expect(Chance(seed, month))
            found.append((part.happened, part.progress))
    happened, progress_made = np.array(found, dtype=float).reshape(seeds, months, 2).transpose(2, 0, 1)
    return happened, progress_made


def lab() -> Lab:
    """A lab of a world, in the middle of a month, when firms may be written."""
    world = World("dollar_paths", rng=1, months=2, users=20)
    world.economy.ledger.clock.turn(1, 1)
    return world.parts.firms_of(Lab)[0]


def check_that_sentiment_has_no_trend() -> None:
    """The mean of the factor is 1 in every month, with the seeds' own terms too."""
    factor = moods(sentiment_size=0.4)[1]
    for month in (0, 5, 23):
        assert factor[:, month].mean() == pytest.approx(1, abs=3.5 * factor[:, month].std() / SEEDS**0.5)


def check_that_progress_has_no_trend() -> None:
    """The mean of the months that leaps bring is 1, so that the mean of the logarithm of efficiency is its trend."""
    gained = leaps(breakthrough_rate=0.3)[1]
    means = gained.mean(axis=1)
    assert means.mean() == pytest.approx(1, abs=3.5 * means.std() / SEEDS**0.5)


# moods


def test_sentiment_has_no_trend():
    check_that_sentiment_has_no_trend()


def test_its_variance_and_its_memory_are_those_of_an_autoregression():
    known = {"sentiment_size_spread": 0.0, "sentiment_half_life_spread": 0.0, "sentiment_half_life": 3.0}
    level = moods(**known)[0]
    assert level[:, -1].std() == pytest.approx(NUMBERS["sentiment_size"], rel=0.05)
    early, late = level[:, 20], level[:, 23]
    assert np.corrcoef(early, late)[0, 1] == pytest.approx(0.5, abs=0.05)  # one half-life apart
    assert level[:, 0].std() == pytest.approx(0.2 * (1 - 0.5 ** (2 / 3)) ** 0.5, rel=0.05)  # opens without any


def test_without_memory_it_is_white_noise():
    level = moods(sentiment_half_life=0.0, sentiment_size_spread=0.0)[0]
    assert level.std() == pytest.approx(0.2, rel=0.02)
    assert abs(np.corrcoef(level[:, 3], level[:, 4])[0, 1]) < 3.5 / SEEDS**0.5


def test_seeds_differ_in_size_and_memory_and_without_spread_they_do_not():
    drawn = np.array([terms_of_seed(NUMBERS, seed) for seed in range(2000)])
    assert ((drawn[:, 0] > 0) & (drawn[:, 0] < 1)).all()
    assert np.log(drawn[:, 1]).std() == pytest.approx(0.5, rel=0.05)
    assert np.median(drawn[:, 1]) == pytest.approx(0.2, rel=0.05)
    sure = NUMBERS | {"sentiment_size_spread": 0.0, "sentiment_half_life_spread": 0.0}
    assert {terms_of_seed(sure, seed) for seed in range(20)} == {(2 ** (-1 / 12), 0.2)}


# breakthroughs of efficiency


@pytest.mark.parametrize("spread", [0.0, 0.5, 1.0])
def test_counts_are_negative_binomial_over_seeds(spread):
    counts = leaps(breakthrough_rate=0.3, breakthrough_rate_spread=spread)[0].sum(axis=1)
    mean = 0.3 * MONTHS
    variance = mean + (mean * spread) ** 2
    assert counts.mean() == pytest.approx(mean, abs=3.5 * (variance / SEEDS) ** 0.5)
    assert counts.var() == pytest.approx(variance, rel=0.15)
    none = (1 + mean * spread**2) ** (-1 / spread**2) if spread else np.exp(-mean)  # no breakthrough in two years
    assert (counts == 0).mean() == pytest.approx(none, abs=3.5 * (none / SEEDS) ** 0.5 + 1e-3)


def test_progress_has_no_trend():
    check_that_progress_has_no_trend()


def test_the_mean_over_seeds_of_the_logarithm_of_efficiency_is_the_published_trend():
    firm, share = lab(), 0.4
    gained, traits = leaps()[1], firm.traits
    trend = log(progress(traits.throughput_growth, traits.progress_fade, MONTHS))
    weights = (1 - traits.progress_fade) ** np.arange(MONTHS)
    logs = log(1 + traits.throughput_growth) * ((gained - 1) * share @ weights) + trend
    assert logs.mean() == pytest.approx(trend, abs=3.5 * logs.std() / len(logs) ** 0.5)
    assert logs.std() / trend == pytest.approx(0.31, abs=0.03)  # what two years of progress are known to (9.60)
    faster = progress(
        traits.throughput_growth, traits.progress_fade, MONTHS, float(gained[0] @ weights - weights.sum())
    )
    assert faster == pytest.approx(np.exp((logs[0] - trend) / share + trend))


def test_with_a_rate_that_is_known_all_seeds_have_it():
    sure = NUMBERS | {"breakthrough_rate_spread": 0.0}
    assert {rate_of_seed(sure, seed) for seed in range(20)} == {0.16}
    nearly = [rate_of_seed(sure | {"breakthrough_rate_spread": 1.1e-6}, seed) for seed in range(20)]
    assert nearly == pytest.approx([0.16] * 20, rel=1e-4)
    assert poisson(0.0, 0.999) == 0
    assert poisson(30.0, 1 - 2.0**-24) < 80  # the largest quantile there is


def test_labs_founded_later_know_what_all_know():
    firm = lab()
    firm.keep_up(1, 2.0, 3.0)
    firm.begin()
    assert (firm.training_ahead, firm.serving_ahead) == (2.0, 3.0)


# in worlds


def lived(seed: int = 1, **settings: Any) -> Result:
    """The block's world with settings, dots written as double underscores."""
    return run(BLOCK, seed=seed, months=10, users=60, set={name.replace("__", "."): v for name, v in settings.items()})


def test_where_they_are_off_their_other_numbers_move_nothing():
    off: dict[str, Any] = {name.replace(".", "__"): value for name, value in OFF.items()}
    quiet = prints_of(lived(**off))
    others: dict[str, Any] = {
        "world__sentiment_half_life": 99.0,
        "world__breakthrough_rate": 2.0,
        "world__sentiment_building": 0.0,
    }
    assert prints_of(lived(**off, **others)) == quiet
    assert set(lived(**off).shocks.drop("month").rows()) == {(0.0, 0, 0.0)}


def test_a_seed_has_the_same_shocks_whatever_else_is_changed():
    usual = lived().shocks
    assert lived(labs__twins=3.0, chips__lead=3.0).shocks.equals(usual)
    assert run(BLOCK, seed=1, months=10, users=90, set={"labs.deepseek.staff": 0}).shocks.equals(usual)
    assert not lived(seed=2).shocks.equals(usual)
    moved = lived(world__breakthrough_training=0.1).shocks  # how much of progress is theirs moves no date
    assert moved.equals(usual)


def test_a_breakthrough_is_told_in_the_month_in_which_it_happens():
    result = lived(world__breakthrough_rate=0.3)
    told = result.events.filter(what="breakthrough")["month"].to_list()
    assert told == result.shocks.filter(pl.col("breakthroughs") > 0)["month"].to_list() != []


def test_clouds_that_feel_nothing_build_as_without_sentiment_and_investors_still_move():
    deaf: dict[str, Any] = {
        "world__breakthrough_training": 0.0,
        "world__breakthrough_serving": 0.0,
        "world__sentiment_building": 0.0,
    }
    without = lived(**deaf, world__sentiment_size=0.0)
    with_it = lived(**deaf)
    assert with_it.firms.filter(month=without.firms["month"][0], layer="cloud")["capex"].to_list() == (
        without.firms.filter(month=without.firms["month"][0], layer="cloud")["capex"].to_list()
    )
    assert not with_it.journal.equals(without.journal)


@pytest.mark.parametrize("stop", [1, 5])
def test_a_world_with_shocks_that_is_resumed_ends_as_if_it_had_never_stopped(stop, tmp_path):
    assert resumes(BLOCK, stop, 9, tmp_path)


# Each rule, broken on purpose, fails the check that holds it.


RULE = next_sentiment


def forget_the_variance(patch: Patch) -> None:
    patch.setitem(globals(), "next_sentiment", no_variance)


def no_variance(last: Sentiment, memory: float, size: float, deviate: float) -> Sentiment:
    return replace(RULE(last, memory, size, deviate), variance=0.0)


def pile_leaps_upon_the_trend(patch: Patch) -> None:
    patch.setattr(breakthroughs, "poisson", lambda rate, quantile: 1 + poisson(rate, quantile))


def make_leaps_larger_than_expected(patch: Patch) -> None:
    patch.setattr(breakthroughs, "size_of", lambda numbers, number, chance: 1.3)


MUTATIONS: dict[Callable[[Patch], None], Callable[[], None]] = {
    forget_the_variance: check_that_sentiment_has_no_trend,
    pile_leaps_upon_the_trend: check_that_progress_has_no_trend,
    make_leaps_larger_than_expected: check_that_progress_has_no_trend,
}


@pytest.mark.parametrize("mutation", MUTATIONS)
def test_a_broken_rule_is_caught(mutation, monkeypatch):
    mutation(monkeypatch)
    moods.cache_clear()
    leaps.cache_clear()
    with pytest.raises(AssertionError):
        MUTATIONS[mutation]()
    moods.cache_clear()
    leaps.cache_clear()
