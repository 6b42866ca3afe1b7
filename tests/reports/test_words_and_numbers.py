"""Every language has every word that is asked for, and writes money and shares as its readers do."""

import re
from pathlib import Path

import pytest

from watersellers.market.goods import LAYERS
from watersellers.viz.drawing import theme
from watersellers.viz.words import catalogue as words
from watersellers.viz.words.catalogue import ENGLISH, FRENCH, MINUS, SPACE


@pytest.mark.parametrize(
    ("cents", "written"),
    [
        (0, "$0"),
        (45, "$0.45"),
        (-45, f"{MINUS}$0.45"),
        (4_500, "$45"),
        (99_950, f"$1.0{SPACE}k"),  # 999.50 rounds to a thousand
        (320_000_000_000, f"$3.2{SPACE}bn"),
        (-320_000_000_000, f"{MINUS}$3.2{SPACE}bn"),
        (99_960_000_000, f"$1.0{SPACE}bn"),  # 999.6 million
        (12_345_600_000_000, f"$123{SPACE}bn"),
        (10**18, f"$10,000{SPACE}tn"),
        (None, words.MISSING),
    ],
)
def test_money_is_written_in_readable_words(cents, written):
    assert ENGLISH.money(cents) == written


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (0.62, "62 %"),
        (-2.4, f"{MINUS}240 %"),
        (0.055, "5.5 %"),
        (0.0, "0 %"),
        (-0.0001, "0.0 %"),
        (None, words.MISSING),
    ],
)
def test_a_share_is_written_as_a_percentage(value, written):
    assert ENGLISH.share(value) == written.replace(" %", f"{SPACE}%")


def test_french_numbers_are_written_as_in_french():
    """Source of the signs: the rules of French typography, from memory."""
    thin = "\N{NARROW NO-BREAK SPACE}"
    assert FRENCH.money(-320_000_000_000) == f"{MINUS}3,2{SPACE}Md{SPACE}$"
    assert FRENCH.money(10**18) == f"10{thin}000{thin}000{SPACE}Md{SPACE}$"
    assert FRENCH.money(1) == f"0,01{SPACE}$"
    assert FRENCH.money(0) == f"0{SPACE}$"
    assert FRENCH.dollars(-123_450) == f"{MINUS}1{thin}234,50"
    assert FRENCH.share(-0.055) == f"{MINUS}5,5{SPACE}%"
    assert FRENCH.brief(FRENCH.money(500_000_000_000)) == f"5{SPACE}Md{SPACE}$"
    assert FRENCH.plain(-0.12345) == f"{MINUS}0,123"


def test_dollars_to_the_cent_are_exact_beyond_what_a_float_holds():
    assert ENGLISH.dollars(-(10**17) - 1) == f"{MINUS}1,000,000,000,000,000.01"


def test_every_language_has_every_word():
    for language in words.LANGUAGES.values():
        assert set(language.table) == set(ENGLISH.table)
        assert len(language.months) == 12


def test_every_word_in_use_is_there_and_every_word_is_in_use():
    source = "".join(path.read_text(encoding="utf-8") for path in Path(theme.__file__).parent.rglob("*.py"))
    asked = set(re.findall(r'say\("([^"]+)"', source))
    assert asked - set(ENGLISH.table) == set()
    patterns = {
        re.sub(r"\{[^}]+\}", ".+", each)
        for each in re.findall(r'f"((?:[a-z_.]|\{[^"}]+\})*\{[^"}]+\}[a-z_.]*)"', source)
    }
    other = {each for each in re.findall(r'"([a-z_.]+)"', source.replace('": ', "")) if each in ENGLISH.table}
    idle = [
        key
        for key in ENGLISH.table
        if key not in asked | other and not any(re.fullmatch(each, key) for each in patterns)
    ]
    assert [key for key in idle if key not in LAYERS] == []
