"""The article's arithmetic follows from its inputs, or is reported as wrong or unsupported."""

from dataclasses import replace

import pytest

from watersellers.experiments.analysis.article_facts import (
    AGREES,
    APPS,
    DEEPSEEK,
    DISAGREES,
    STATEMENTS,
    UNSUPPORTED,
    WATER,
    check_claim,
    facts,
    findings,
)

CHECKS = {check.row: check for check in (*DEEPSEEK, *WATER, *APPS)}


def finding(row):
    return check_claim(CHECKS[row], facts())


@pytest.mark.parametrize(
    ("row", "by_hand", "verdict"),
    [
        ("S004", 562_100, AGREES),  # 266e9 x 0.55 + 342e9 x 0.14 + 168e9 x 2.19, a million
        ("S002", 87_072, AGREES),  # 226.75 x 8 x 24 x 2
        ("S006", 474_955, AGREES),
        ("S008", 545.47, AGREES),
        ("C004", 226.86, AGREES),
        ("S003", 633_884.16, AGREES),
        ("S005", 4_091_556.56, AGREES),
        ("S007", 3_457_672.40, AGREES),
        ("S011", 7.3, DISAGREES),  # 2.19 over 30
        ("S052", 108.904, AGREES),
        ("S050", 112.267, AGREES),
        ("S054", 0.6, AGREES),
        ("C250", 9.88596, AGREES),
        ("S033", 166_666.67, AGREES),
        ("A002", 120, AGREES),
        ("C029", 48_000_000, AGREES),
        ("S028", 11_319_360, DISAGREES),  # 3e12 tokens at 87,072 / 168e9 dollars and 7.28 yuan
        ("S041", 2_081_499_900, DISAGREES),
        ("S078", 19.2424, AGREES),
    ],
)
def test_a_figure_is_recomputed_as_by_hand(row, by_hand, verdict):
    each = finding(row)
    assert each.recomputed == pytest.approx(by_hand, rel=1e-4)  # the figures above are written with five digits
    assert each.verdict == verdict


def test_every_check_is_compared_by_hand():
    assert len(CHECKS) == len((*DEEPSEEK, *WATER, *APPS)) == 19


@pytest.mark.parametrize("row", sorted(row for row in CHECKS if finding(row).verdict == AGREES))
def test_a_wrong_figure_would_be_seen(row):
    check, table = CHECKS[row], facts()
    far = str(float(table[check.upper or row].value) * 1.7)
    wrong = table | {row: replace(table[row], value=far)}
    if check.upper:
        wrong[check.upper] = replace(table[check.upper], value=str(float(far) * 1.1))
    assert check_claim(check, wrong).verdict == DISAGREES


def test_one_exchange_rate_lies_within_the_rounding_of_all_three_pairs():
    table = facts()
    pairs = [
        (float(table[yuan].value), float(table[usd].value))
        for yuan, usd in (("S003", "S002"), ("S005", "S004"), ("S007", "S006"))
    ]
    assert [round(yuan / usd, 3) for yuan, usd in pairs] == [7.235, 7.277, 7.285]
    low = max((yuan - 5_000) / usd for yuan, usd in pairs)  # half of the last digit that is given
    high = min((yuan + 5_000) / usd for yuan, usd in pairs)
    assert round(low, 3) == 7.274 < 7.28 < round(high, 3) == 7.286


def test_the_gap_between_two_hosts_is_thirty_fold():
    table = facts()
    deepseek = float(table["S002"].value) / float(table["C003"].value) * 1e6 * 7.28
    assert (round(deepseek, 2), round(120 / deepseek)) == (3.77, 32)
    assert 120 / 16 == 7.5


def test_a_claim_without_a_figure_is_reported_with_the_reason():
    unsupported = [each for each in findings() if each.verdict == UNSUPPORTED]
    assert [each.claim for each in unsupported] == [each.claim for each in STATEMENTS]
    assert all(each.reading and each.rows for each in unsupported)
    revenue, cost = 5.609e9 / (1 - 0.1676), 2.608e9 / 1.3192
    assert f"{revenue / 1e9:.3f} billion of revenue" in unsupported[1].reading
    assert f"gross margin of {(1 - cost / revenue) * 100:.1f} %" in unsupported[1].reading


def test_every_finding_names_rows_that_are_there_and_units():
    for each in findings():
        assert set(each.rows) <= set(facts())
        assert each.unit or each.published is None
        assert each.reading.endswith(".")
