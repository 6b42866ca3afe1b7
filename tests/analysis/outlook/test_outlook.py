"""An outlook: its parts add up, its variance is shared out as a textbook does, and bad files are refused."""

import json
from itertools import product

import numpy as np
import pytest

from tests.worlds.finished import finished
from watersellers import BadInput
from watersellers.agents.work.model_choice import ModelOffer
from watersellers.agents.work.segments import WorkTraits, value_of
from watersellers.experiments.__main__ import main
from watersellers.experiments.analysis.decomposition.decompose import year_profit
from watersellers.experiments.analysis.outlook.bust import turn_of
from watersellers.experiments.analysis.outlook.rebound import REFERENCES, OneModel, token_elasticity
from watersellers.experiments.analysis.outlook.table import TABLE, load_outlook
from watersellers.experiments.analysis.outlook.worlds import SOURCES, UPSTREAM, look_ahead, variance_shares
from watersellers.experiments.analysis.validation import score, validate
from watersellers.experiments.loading.loader import load_scenario
from watersellers.market.elementary import log_of
from watersellers.market.goods import CHAIN

SHORT = """
windows = ["calibrated"]
[laws.mansfield]
title = "gain"
meaning = "as it pays"
scenario = "plain"
[rebounds.low]
title = "low"
meaning = "nothing comes back"
set = { "work.pass_on" = 0 }
[rebounds.middle]
title = "middle"
meaning = "as it is"
"""


@pytest.fixture(scope="module")
def short(tmp_path_factory):
    file = tmp_path_factory.mktemp("outlook") / "short.toml"
    file.write_text(SHORT)
    return file


@pytest.fixture(scope="module")
def found(short):
    return look_ahead(seeds=1, users=200, workers=1, path=short)


def test_variance_is_shared_out_as_in_the_textbook():
    """Two by two cells of two values: means 1, 3, 5, 11 with one unit of chance either way (by hand)."""
    cells = {("a", "x"): [0, 2], ("a", "y"): [2, 4], ("b", "x"): [4, 6], ("b", "y"): [10, 12]}
    # mean 5; rows 2 and 8: 4 * (9 + 9) = 72; columns 3 and 7: 4 * (4 + 4) = 32; both: 2 * 4 * 1 = 8; within 8 of 120
    # chance makes 8 / 4 = 2 of each of them: 70, 30, 6, and 14 are that of seeds
    shares = dict(zip(SOURCES, (70 / 120, 30 / 120, 6 / 120, 14 / 120), strict=True))
    assert variance_shares(cells) == pytest.approx(shares)


@pytest.mark.parametrize(
    ("rule", "source"),
    [
        (lambda law, rebound, seed: law, SOURCES[0]),
        (lambda law, rebound, seed: rebound, SOURCES[1]),
        (lambda law, rebound, seed: (law - 1) * (rebound - 1), SOURCES[2]),
        (lambda law, rebound, seed: seed, SOURCES[3]),
    ],
)
def test_what_varies_by_one_source_alone_is_all_of_that_source(rule, source):
    cells = {
        (str(law), str(rebound)): [rule(law, rebound, seed) for seed in range(4)]
        for law, rebound in product(range(3), range(3))
    }
    assert variance_shares(cells) == pytest.approx({name: float(name == source) for name in SOURCES})


def test_chance_alone_is_that_of_seeds():
    found = []
    for draw in range(200):
        chance = np.random.default_rng(draw)
        cells = {
            (str(law), str(rebound)): chance.normal(size=5).tolist() for law, rebound in product(range(3), range(3))
        }
        found.append(variance_shares(cells) or {})
    means = {name: np.mean([each[name] for each in found]) for name in SOURCES}
    assert means[SOURCES[3]] > 0.9  # the rest is what is cut off below 0
    assert max(means[name] for name in SOURCES[:3]) < 0.05


def test_where_nothing_varies_or_chance_cannot_be_told_nothing_is_shared_out():
    assert variance_shares({("a", "x"): [7, 7], ("b", "x"): [7, 7]}) is None
    assert variance_shares({("a", "x"): [7], ("b", "x"): [8]}) is None


@pytest.mark.parametrize(
    ("sales", "turn"),
    [
        ([1] * 30, None),
        ([2**month for month in range(20)], None),
        ([1, 1, 1, 4, 4, 4, 1, 1, 1], 5),  # the best quarter has 12, and the next ones 9, 6 and 3
        ([10, 10, 10, 4, 4, 4, 20, 20, 20, 40, 40, 40], None),  # a dip that was made up for
        ([4, 4, 4, *[3] * 9, 2, 2, 2], 2),  # 6 of 12, exactly twelve months later
        ([4, 4, 4, *[3] * 10, 2, 2, 2], None),  # thirteen
        ([4, 4, 4, 3, 3], None),  # the fall is not over
        ([0, 0, 0, 0], None),
        ([5, 5], None),
    ],
)
def test_a_boom_turns_in_the_best_quarter_if_sales_fall_to_half_within_a_year(sales, turn):
    assert turn_of(sales) == turn


def test_a_lone_model_sees_the_answer_of_all_tokens():
    """With one model on sale, what its seller sees of its own price is what all tokens answer to all prices."""
    spec, model = load_scenario("plain"), OneModel(2.0, 5.0)
    weights, own = [], []
    for segment in spec.groups["work"]:
        traits = WorkTraits.of(segment.numbers)
        wage = spec.groups["enterprises"][0].numbers["wage"] * traits.wage_factor
        offer = ModelOffer(0, 0, log_of(model.horizon), traits.tokens_an_hour * model.price / 1e6 / wage)
        value = value_of(traits, (offer,))
        weights.append(traits.share * value.spending[0] * wage)
        own.append(value.answers[0].price)
    seen = sum(weight * each for weight, each in zip(weights, own, strict=True)) / sum(weights)
    assert token_elasticity(spec, model) == pytest.approx(-seen, rel=1e-3)


@pytest.mark.parametrize("model", REFERENCES)
def test_a_higher_rebound_makes_tokens_answer_more(model):
    table = load_outlook()
    low, middle, high = (
        token_elasticity(load_scenario("plain", rebound.settings), model) for rebound in table.rebounds
    )
    assert high < middle < low < 0


def test_it_plays_every_law_with_every_rebound(found):
    assert [(world.law.name, world.rebound.name) for world in found.worlds] == [
        ("mansfield", "low"),
        ("mansfield", "middle"),
    ]
    for world in found.worlds:
        (profits,) = world.profits
        assert profits["calibrated", UPSTREAM] == profits["calibrated", "chips"] + profits["calibrated", "cloud"]
    assert found.values("calibrated", "chips", rebound="low") == found.worlds[0].values("calibrated", "chips")
    low, middle = found.values("calibrated", "chips")
    assert low != middle
    assert found.median_of("calibrated", "chips") == (low + middle) / 2
    assert found.spread("calibrated", UPSTREAM) is None  # of one seed


def test_profits_are_those_of_a_run(found):
    alone = year_profit(finished("plain", months=26, users=200))
    assert {layer: found.worlds[1].profits[0]["calibrated", layer] for layer in CHAIN} == alone


def test_published_figures_are_judged_as_validate_does(tmp_path):
    """Also where the windows end before the figures do."""
    file = tmp_path / "early.toml"
    file.write_text(SHORT.replace('"calibrated"', '"2023"'))
    counts = score(validate("plain", seeds=1, users=200, workers=1)).row(-1, named=True)
    early = look_ahead(seeds=1, users=200, workers=1, path=file).worlds[1]
    assert early.verdicts == {name: counts[name] for name in ("inside", "near", "outside")}


def test_the_command_prints_the_same_facts(found, capsys, monkeypatch):
    monkeypatch.setattr("watersellers.experiments.analysis.outlook.worlds.look_ahead", lambda *_: found)
    assert main(["outlook", "--json"]) == 0
    printed = json.loads(capsys.readouterr().out)
    profits = {(row["rebound"], row["window"], row["of"]): row["cents"] for row in printed["profits"]}
    assert len(profits) == len(found.worlds) * (len(CHAIN) + 1)
    assert profits["low", "calibrated", "chips"] == found.worlds[0].profits[0]["calibrated", "chips"]
    assert [world["rebound"] for world in printed["worlds"]] == ["low", "middle"]
    assert main(["outlook"]) == 0
    told = capsys.readouterr().out
    assert f"{found.median_of('calibrated', 'chips') / 1e11:.1f}" in told
    assert "no input names that month" in told
    rows = {row["of"]: row for row in printed["windows"][0]["rows"]}
    assert rows["chips"]["median"] == found.median_of("calibrated", "chips")
    assert rows["chips"]["by"]["low"] == found.worlds[0].profits[0]["calibrated", "chips"]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('"calibrated"', '"last12"', "windows: found 'last12', expected calibrated or a calendar year"),
        ('"calibrated"', '"some"', "windows: found 'some'"),
        ("[laws.mansfield]", "[laws.mansfield]\nspeed = 3", "laws.mansfield"),
        ('scenario = "plain"', "scenario = 3", "laws.mansfield.scenario"),
        ('windows = ["calibrated"]', "windows = []", "windows"),
        ('scenario = "plain"', 'scenario = "basline"', "basline"),
        ('"work.pass_on" = 0', '"work.pass_off" = 0', "pass_off"),
        ('"calibrated"', '"2022"', "windows: found 2022-01 to 2022-12, expected months from 2023-01 on"),
        (
            'scenario = "plain"\n[rebounds.low]\ntitle = "low"\nmeaning = "nothing comes back"\n'
            'set = { "work.pass_on" = 0 }',
            'scenario = "dollar_paths"',
            "laws.mansfield.scenario: found 'dollar_paths', in which no work is handed over to models",
        ),
    ],
)
def test_a_file_that_is_wrong_is_refused_before_any_run(tmp_path, old, new, said):
    file = tmp_path / "wrong.toml"
    assert old in SHORT
    file.write_text(SHORT.replace(old, new))
    with pytest.raises(BadInput, match=said.replace(".", r"\.")):
        look_ahead(seeds=1, users=200, workers=1, path=file)


def test_numbers_out_of_range_are_refused():
    with pytest.raises(BadInput, match="seeds: found 0"):
        look_ahead(seeds=0)
    assert len(load_outlook(TABLE).laws) == 3
