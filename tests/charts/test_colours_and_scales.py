"""Colours stand out by day and by night, axes have round numbers, and labels do not overlap."""

from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watersellers.viz.drawing import theme
from watersellers.viz.drawing.scales import month_ticks, spread, ticks

# colours


def luminance(colour):
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(one, other):
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_contrast_is_measured_right():
    assert contrast("#FFFFFF", "#000000") == pytest.approx(21)
    assert contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.005)


@pytest.mark.parametrize(("surface", "look"), [(theme.LIGHT, "light"), (theme.DARK, "dark")])
def test_graphics_and_text_stand_out_by_day_and_by_night(surface, look):
    for layer, colours in theme.LAYER_STYLES.items():
        assert contrast(getattr(colours, look), surface["paper"]) >= 3, layer
    for ink in ("ink", "quiet", "link"):
        assert contrast(surface[ink], surface["paper"]) >= 4.5, ink
        assert contrast(surface[ink], surface["panel"]) >= 4.5, ink


# scales and labels


@pytest.mark.parametrize(
    ("low", "high", "chosen"),
    [
        (0, 24.9, [0, 5, 10, 15, 20, 25]),
        (-1.2, 4.03, [-2, 0, 2, 4, 6]),
        (0, 0, [0, 1]),
        (-0.03, 0, [-0.03, -0.02, -0.01, 0]),
    ],
)
def test_an_axis_has_round_numbers(low, high, chosen):
    assert ticks(low, high, 4 if low == -1.2 else 5) == pytest.approx(chosen)


@given(st.floats(-1e15, 0), st.floats(1e-6, 1e15))
def test_an_axis_with_zero_in_it_holds_its_range_in_few_even_steps(low, high):
    chosen = ticks(low, high)
    slack = (chosen[-1] - chosen[0]) * 1e-6
    assert chosen[0] <= low + slack
    assert chosen[-1] >= high - slack
    assert 2 <= len(chosen) <= 8


def test_month_labels_stand_on_the_calendar():
    quarters = [date(2023, 4, 1), date(2023, 7, 1), date(2023, 10, 1), date(2024, 1, 1), date(2024, 4, 1)]
    assert month_ticks(date(2023, 2, 1), date(2024, 6, 1), 6) == quarters
    assert month_ticks(date(2023, 2, 1), date(2023, 2, 1)) == [date(2023, 2, 1)]


@given(st.lists(st.floats(0, 500), max_size=12))
def test_labels_keep_their_distance_their_order_and_their_room(wanted):
    placed = spread(wanted, 20.0, (0.0, 500.0))
    order = sorted(range(len(wanted)), key=lambda index: (wanted[index], index))
    heights = [placed[index] for index in order]
    assert all(after - before >= 20 - 1e-6 for before, after in pairwise(heights))
    assert all(-1e-6 <= height <= 500 + 1e-6 for height in heights)


def test_labels_move_by_as_little_as_can_be():
    assert spread([100, 200, 300], 20, (0, 500)) == [100, 200, 300]
    assert spread([100, 104], 20, (0, 500)) == pytest.approx([92, 112])  # each moves by 8
    assert spread([], 20, (0, 500)) == []


def test_more_labels_than_room_are_evenly_spread():
    assert spread([5, 5, 5], 20, (0, 10)) == pytest.approx([0, 5, 10])
