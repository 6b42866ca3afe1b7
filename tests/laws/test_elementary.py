"""Our own exponential, logarithm and normal distribution: exact to the last places, alike for numbers and columns."""

from math import erfc, exp, log, sqrt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as draw

from watersellers.market.elementary import (
    exp64,
    exp_of,
    log64,
    log_of,
    logistic64,
    normal_deviate,
    normal_share,
    softplus64,
)

POWERS = draw.floats(-690, 690)
NUMBERS = draw.floats(1e-300, 1e300)
LAST_PLACES = 4e-16  # two units in the last place


@given(POWERS)
def test_the_exponential_is_exact_to_the_last_places(power):
    assert exp_of(power) == pytest.approx(exp(power), rel=LAST_PLACES)


@given(NUMBERS)
def test_the_logarithm_is_exact_to_the_last_places(number):
    assert log_of(number) == pytest.approx(log(number), rel=LAST_PLACES, abs=LAST_PLACES)


@given(draw.lists(POWERS, min_size=1, max_size=20))
def test_columns_have_the_bits_of_single_numbers(powers):
    column = np.array(powers)
    assert exp64(column).tolist() == [exp_of(power) for power in powers]
    assert log64(exp64(column)).tolist() == [log_of(exp_of(power)) for power in powers]


def test_powers_beyond_the_ends_are_those_of_the_ends():
    assert exp_of(1e9) == exp_of(700.0)
    assert exp_of(-1e9) == exp_of(-700.0) > 0


@given(draw.floats(-600, 600))
def test_logistic_and_softplus_are_what_their_names_say(utility):
    assert float(logistic64(utility)) == pytest.approx(1 / (1 + exp(-utility)), rel=1e-15)
    assert float(softplus64(utility)) == pytest.approx(max(utility, 0) + np.log1p(exp(-abs(utility))), rel=1e-15)


@given(draw.floats(-8, 8))
def test_the_normal_share_is_that_of_the_error_function(deviate):
    assert normal_share(deviate) == pytest.approx(erfc(-deviate / sqrt(2)) / 2, rel=3e-13)


@given(draw.floats(1e-14, 1 - 1e-14))
def test_the_normal_deviate_is_the_inverse(share):
    assert normal_share(normal_deviate(share)) == pytest.approx(share, rel=1e-13)


def test_the_normal_deviate_of_nobody_and_of_all():
    assert (normal_deviate(0.0), normal_deviate(0.5), normal_deviate(1.0)) == (-8.0, 0.0, 8.0)
