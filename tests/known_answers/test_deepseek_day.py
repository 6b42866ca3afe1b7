"""DeepSeek's day adds up to the dollar, each leak takes away its amount, and the gap between hosts is a product."""

from math import prod

import pytest

from watersellers.experiments.stories.deepseek_day import deepseek_day

DAY = deepseek_day()
LINES = {line.says.split(":")[0]: line for line in DAY.lines}


def test_the_published_day_is_there_to_the_dollar():
    published, rounded = DAY.lines[:2]
    assert DAY.bill == 87_072
    assert (published.revenue, published.profit) == (562_027, 474_955)
    assert round(published.over_cost, 2) == 5.45
    assert rounded.revenue == pytest.approx(562_100)


@pytest.mark.parametrize(
    ("line", "by_hand"),
    [
        # V3: 342e9 cached at 0.07, 266e9 at 0.27, 168e9 at 1.10 are 280,560 dollars; half of each
        (2, 0.5 * 562_100 + 0.5 * 280_560),
        (3, 0.5 * 562_100),
        (4, 562_100 * (1 - 0.75 / 3)),
        # paid half: of R1 and V3 in equal parts, a third of it at a quarter and at a half of the price
        (5, 0.5 * (0.5 * 562_100 * (1 - 0.75 / 3) + 0.5 * 280_560 * (1 - 0.5 / 3))),
    ],
)
def test_each_leak_takes_away_what_was_worked_out_by_hand(line, by_hand):
    found = DAY.lines[line]
    assert found.revenue == pytest.approx(by_hand)
    assert found.profit == pytest.approx(by_hand - 87_072)
    assert found.over_cost == pytest.approx((by_hand - 87_072) / 87_072)


def test_all_leaks_together_leave_less_than_any_alone():
    *alone, together = DAY.lines[2:]
    assert together.revenue < min(line.revenue for line in alone)


def test_break_even_is_where_billed_tokens_pay_for_the_machines():
    assert pytest.approx(87_072) == DAY.break_even * 562_100


def test_the_factors_multiply_to_the_gap():
    assert round(DAY.gap) == 32
    assert prod(factor.times for factor in DAY.factors) == pytest.approx(DAY.gap)
    hardware, peak, curve, batch = (factor.times for factor in DAY.factors)
    assert hardware == pytest.approx((70_000 / 7.28) / (8 * 24 * 30 * 2))
    assert peak == pytest.approx(278 / 226.75)
    assert 1 <= curve <= 2  # a half-empty batch costs at most as much again
    assert batch > 1
