"""An outlook: its parts add up, its variance is shared out as a textbook does, and bad files are refused."""

import json
from itertools import product

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
from watersellers.experiments.loading.loader import load_scenario
from watersellers.market.elementary import log_of
from watersellers.market.goods import CHAIN

SHORT = """
windows = ["calibrated"]
[laws.mansfield]
title = "gain"
meaning = "as it pays"
scenario = "baseline"
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
    # mean 5; rows 2 and 8: 4 * (9 + 9) = 72; columns 3 and 7: 4 * (4 + 4) = 32; both: 2 * 4 * 1 = 8; left: 8
    assert variance_shares(cells) == pytest.approx(dict(zip(SOURCES, (0.6, 32 / 120, 8 / 120, 8 / 120), strict=True)))


@pytest.mark.parametrize(
    ("rule", "source"),
    [
        (lambda law, rebound, seed: law, "law"),
        (lambda law, rebound, seed: rebound, "rebound"),
        (lambda law, rebound, seed: (law - 1) * (rebound - 1), "both together"),
        (lambda law, rebound, seed: seed, "seed"),
    ],
)
def test_what_varies_by_one_source_alone_is_all_of_that_source(rule, source):
    cells = {
        (str(law), str(rebound)): [rule(law, rebound, seed) for seed in range(4)]
        for law, rebound in product(range(3), range(3))
    }
    shares = variance_shares(cells)
    assert shares == pytest.approx({name: float(name == source) for name in SOURCES})


@pytest.mark.parametrize(
    ("sales", "turn"),
    [
        ([1] * 30, None),
        ([2**month for month in range(20)], None),
        ([1, 1, 1, 4, 4, 4, 1, 1, 1], 5),  # quarters: 3, 6, 9, 12 up to month 5, then 9, 6: half
        ([4, 4, 4, *[3] * 12, *[2] * 20], None),  # it took more than a year
        ([0, 0, 0, 0], None),
    ],
)
def test_a_boom_turns_in_the_best_quarter_before_sales_fall_to_half(sales, turn):
    assert turn_of(sales) == turn


def test_where_nothing_varies_nothing_is_shared_out():
    assert variance_shares({("a", "x"): [7, 7], ("b", "x"): [7, 7]}) is None


def test_a_lone_model_sees_the_answer_of_all_tokens():
    """With one model on sale, what its seller sees of its own price is what all tokens answer to all prices."""
    spec, model = load_scenario("baseline"), OneModel(2.0, 5.0)
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
        token_elasticity(load_scenario("baseline", rebound.settings), model) for rebound in table.rebounds
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
        assert sum(world.verdicts.values()) > 60
    assert found.values("calibrated", "chips", rebound="low") == found.worlds[0].values("calibrated", "chips")
    low, middle = found.values("calibrated", "chips")
    assert low != middle
    assert found.middle("calibrated", "chips") == (low + middle) / 2
    assert sum(found.spread("calibrated", UPSTREAM).values()) == pytest.approx(1)


def test_profits_are_those_of_a_run(found):
    alone = year_profit(finished("baseline", months=26, users=200))
    assert {layer: found.worlds[1].profits[0]["calibrated", layer] for layer in CHAIN} == alone


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
    assert f"{found.middle('calibrated', 'chips') / 1e11:.1f}" in told
    assert "no figure up to February 2025" in told


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('"calibrated"', '"last12"', "windows: found 'last12', expected calibrated or a calendar year"),
        ('"calibrated"', '"some"', "windows: found 'some'"),
        ("[laws.mansfield]", "[laws.mansfield]\nspeed = 3", "laws.mansfield"),
        ('scenario = "baseline"', "scenario = 3", "laws.mansfield.scenario"),
        ('windows = ["calibrated"]', "windows = []", "windows"),
        ('scenario = "baseline"', 'scenario = "basline"', "basline"),
        ('"work.pass_on" = 0', '"work.pass_off" = 0', "pass_off"),
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
