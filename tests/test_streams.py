"""The picture of a month's money: what is drawn is what the journal says, wide and narrow."""

import re
from datetime import date

import polars as pl
import pytest

from watersellers import World
from watersellers.experiments.tape import Mark, Paid, cast_of, month_of
from watersellers.market.goods import CHAIN
from watersellers.viz.charts.ground import Who, ground
from watersellers.viz.charts.streams import (
    LARGEST,
    SMALLEST,
    THINNEST,
    WIDEST,
    Scale,
    left_out,
    radius,
    shown,
    stream_width,
    streams,
    streams_chart,
    widest,
)
from watersellers.viz.words import ENGLISH

MONTHS = 8


@pytest.fixture(scope="module")
def months():
    world, taped, mark = World("baseline", rng=2, months=MONTHS, users=200), [], Mark()
    while world.running:
        world.step()
        taped.append(month_of(world, mark, cast_of(world)))
        mark = Mark.of(world)
    return taped


@pytest.fixture(scope="module")
def accounts(months):
    return [Who(row.name, row.layer, row.region) for row in months[0].accounts.rows]


@pytest.mark.parametrize("narrow", [False, True])
def test_what_is_drawn_and_what_is_left_out_add_up_to_every_payment_of_the_month(months, accounts, narrow):
    plan = ground(accounts, narrow)
    for month in months:
        journal = month.journal
        cash = (journal.debit_item == 0) & (journal.credit_item == 0) & (journal.phase > 0)
        drawn = sum(stream.cents for stream in streams(month.paid, plan))
        assert drawn + left_out(month.paid, plan) == int(journal.cents[cash].sum())


def test_every_stream_is_as_wide_as_its_cents(months, accounts):
    plan, month = ground(accounts), months[-1]
    scale = Scale(widest(month.paid, plan), 1)
    chart = streams_chart(shown(month.day, month.paid, month.figures, plan), plan, scale, ENGLISH)
    widths = _widths(chart.svg)
    for stream in streams(month.paid, plan):
        width = widths[f"{stream.payer}>{stream.payee}"]
        assert width == pytest.approx(max(THINNEST, WIDEST * stream.cents / scale.most_paid), abs=0.006)
    assert len(widths) == len(streams(month.paid, plan))


def _widths(svg):
    found = re.findall(r'class="flow[^"]*" stroke-width="([\d.]+)" data-key="([^"~]+)"', svg)
    return {key.replace("&gt;", ">"): float(width) for width, key in found}


def test_twice_the_money_is_twice_as_wide_and_twice_the_cash_twice_the_area():
    scale = Scale(1000, 1000)
    assert stream_width(1000, scale) == 2 * stream_width(500, scale) == WIDEST
    assert radius(1000, scale) == LARGEST
    assert (radius(500, scale) - SMALLEST) ** 2 * 2 == pytest.approx((LARGEST - SMALLEST) ** 2)
    assert radius(-5, scale) == SMALLEST


def test_layers_stand_from_left_to_right_and_nobody_on_anybody(accounts):
    plan = ground(accounts)
    columns = {layer: {plan.places[who.name][0] for who in accounts if who.layer == layer} for layer in CHAIN}
    assert [len(places) for places in columns.values()] == [1, 1, 1, 1]
    assert sorted(CHAIN, key=lambda layer: min(columns[layer])) == list(CHAIN)
    places = list(plan.places.values())
    assert len(set(places)) == len(places)
    assert all(0 <= x <= plan.size[0] and 0 <= y <= plan.size[1] for x, y in places)


def test_a_narrow_picture_has_one_circle_for_each_layer(accounts):
    assert set(ground(accounts, narrow=True).places) >= {*CHAIN, "users", "enterprises", "advertisers", "world"}
    assert len(ground(accounts, narrow=True).places) == 10


def test_figures_of_a_layer_are_the_sums_of_its_firms(months, accounts):
    month = months[-1]
    wide, narrow = ground(accounts), ground(accounts, narrow=True)
    seen = [shown(month.day, month.paid, month.figures, plan).figures for plan in (wide, narrow)]
    for layer in CHAIN:
        firms = [who.name for who in accounts if who.layer == layer]
        assert sum(seen[0][firm]["operating_profit"] for firm in firms) == seen[1][layer]["operating_profit"]


def test_a_name_with_markup_in_it_stays_text():
    say = type(ENGLISH)("en", ENGLISH.table, ENGLISH.months, {"evil": "<img src=x onerror=alert(1)>"})
    accounts = [Who("evil", "chips", "west"), Who("aws", "cloud", "west"), Who("world", "world", "west")]
    paid = [Paid("aws", "evil", "accelerators", 5)]
    figures = pl.DataFrame(
        {"firm": ["evil", "aws", "world"]} | {key: [1, 1, 1] for key in ("revenue", "operating_profit", "cash", "debt")}
    )
    plan = ground(accounts)
    svg = streams_chart(shown(date(2023, 1, 1), paid, figures, plan), plan, Scale(5, 5), say).svg
    assert "<img" not in svg
    assert "&lt;img" in svg
