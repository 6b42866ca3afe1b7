"""A strategy that answers nonsense stops the run with its name, its firm and its answer."""

from dataclasses import dataclass
from math import inf, nan
from typing import Any

import numpy as np
import pytest

from watersellers import run
from watersellers.agents.decision_bounds import BOUNDS
from watersellers.agents.decision_checks import BadAnswer, number, shares
from watersellers.agents.strategies.pricing import FlatFee
from watersellers.experiments.__main__ import main
from watersellers.market.chance import Chance

DICE = Chance(1, 1)
QUOTA = BOUNDS["apps.quota"]


@dataclass(frozen=True)
class Says:
    """Answers whatever it was told to."""

    answer: Any

    def __call__(self, seen: Any, chance: Chance) -> Any:
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


@pytest.mark.parametrize("answer", [nan, inf, -inf, -0.01, None, "1", True, [1.0], 10**400, 1j])
def test_an_answer_that_is_no_finite_amount_is_refused(answer):
    with pytest.raises(
        BadAnswer,
        match=r"^a\.quota \(tests\.laws\.test_strategy_answers\.Says\): answered .* in month 1, expected a finite ",
    ):
        number("a.quota", QUOTA, Says(answer), None, DICE)


@pytest.mark.parametrize("answer", [0, 0.0, 3, 2.5, np.float64(2.5), np.int64(3), np.float32(0.5)])
def test_an_amount_passes_as_it_is(answer):
    assert number("a.quota", QUOTA, Says(answer), None, DICE) == answer


@pytest.mark.parametrize("answer", [[1.0], [0.5, 0.6], [1.5, -0.5], [nan, 1.0], [0.5, "0.5"], None, 1.0, [0.0, 0.0]])
def test_an_answer_that_is_not_finite_shares_is_refused(answer):
    with pytest.raises(
        BadAnswer, match=r"^a\.sourcing .*: answered .* in month 1, expected 2 finite shares of 0 or more"
    ):
        shares("a.sourcing", Says(answer), None, DICE, 2)


@pytest.mark.parametrize("answer", [[1.0, 0.0], (0.3, 0.7), np.array([1 / 3, 2 / 3]), [0.5, 0.5 + 1e-10]])
def test_shares_pass_as_they_are(answer):
    assert shares("a.sourcing", Says(answer), None, DICE, 2) == list(answer)


CHOICES = [
    *("nvidia.pricing", "nvidia.capacity", "aws.pricing", "aws.capacity", "aws.sourcing", "openai.pricing"),
    *("openai.research", "openai.sourcing", "perplexity.pricing", "perplexity.quota", "perplexity.marketing"),
    *("perplexity.sourcing", "venture_west.valuation"),
]


@pytest.mark.parametrize("path", CHOICES)
def test_every_choice_of_a_run_is_checked(path):
    with pytest.raises(BadAnswer) as refused:
        run(months=24, users=50, strategies={path: Says(nan)})
    said = str(refused.value)
    assert said.startswith(f"{path} (tests.laws.test_strategy_answers.Says): answered nan in month ")
    assert ", expected " in said


def test_a_strategy_that_fails_is_named_and_its_own_error_kept():
    with pytest.raises(BadAnswer) as refused:
        run(months=2, users=50, strategies={"perplexity.pricing": Says(KeyError("fee"))})
    problem = "raised KeyError: 'fee' in month 1 (2023-02), expected an answer"
    assert str(refused.value) == f"perplexity.pricing (tests.laws.test_strategy_answers.Says): {problem}"
    assert isinstance(refused.value.__cause__, KeyError)


def test_the_command_line_reports_it_with_status_1(capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(FlatFee, "__call__", lambda self, seen, chance: nan)
    assert main(["run", "--months", "2", "--users", "50"]) == 1
    out, err = capsys.readouterr()
    assert out.startswith("computing with ")
    rule = "watersellers.agents.strategies.pricing.FlatFee"
    assert f".pricing ({rule}): answered nan in month 1 (2023-02), expected a finite number from " in err
    assert list(tmp_path.iterdir()) == []
