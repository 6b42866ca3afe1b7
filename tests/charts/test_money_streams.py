"""The picture of a month's money: what is drawn is what the journal says, wide and narrow."""

import re
from datetime import date

import polars as pl
import pytest

from watersellers import World
from watersellers.experiments.runs.month_snapshots import MonthMark, Payment, participants_of, snapshot_of
from watersellers.market.goods import CHAIN
from watersellers.viz.charts.month_layout import DrawnAccount, month_layout
from watersellers.viz.charts.streams import (
    LARGEST,
    SMALLEST,
    THINNEST,
    WIDEST,
    Scale,
    largest_stream,
    prepare_month,
    radius,
    stream_width,
    streams,
    streams_chart,
    unseen_cents,
)
from watersellers.viz.words.catalogue import ENGLISH

MONTHS = 8


@pytest.fixture(scope="module")
def months():
    world, taped, mark = World("plain", rng=2, months=MONTHS, users=200), [], MonthMark()
    while world.running:
        world.step()
        taped.append(snapshot_of(world, mark, participants_of(world)))
        mark = MonthMark.of(world)
    return taped


@pytest.fixture(scope="module")
def accounts(months):
    return [DrawnAccount(row.name, row.layer, row.region) for row in months[0].accounts.rows]


@pytest.mark.parametrize("narrow", [False, True])
def test_what_is_drawn_and_what_is_left_out_add_up_to_every_payment_of_the_month(months, accounts, narrow):
    plan = month_layout(accounts, narrow)
    for month in months:
        journal = month.journal
        cash = (journal.debit_item == 0) & (journal.credit_item == 0) & (journal.phase > 0)
        drawn = sum(stream.cents for stream in streams(month.payments, plan))
        assert drawn + unseen_cents(month.payments, plan) == int(journal.cents[cash].sum())


def test_every_stream_is_as_wide_as_its_cents(months, accounts):
    plan, month = month_layout(accounts), months[-1]
    scale = Scale(largest_stream(month.payments, plan), 1)
    chart = streams_chart(prepare_month(month.day, month.payments, month.figures, plan), plan, scale, ENGLISH)
    widths = _widths(chart.svg)
    for stream in streams(month.payments, plan):
        width = widths[f"{stream.payer}>{stream.payee}"]
        assert width == pytest.approx(max(THINNEST, WIDEST * stream.cents / scale.most_paid), abs=0.006)
    assert len(widths) == len(streams(month.payments, plan))


def _widths(svg):
    found = re.findall(r'class="flow[^"]*" stroke-width="([\d.]+)" data-key="([^"~]+)"', svg)
    return {key.replace("&gt;", ">"): float(width) for width, key in found}


def test_twice_the_money_is_twice_as_wide_and_twice_the_cash_twice_the_area():
    scale = Scale(1000, 1000)
    assert stream_width(1000, scale) == 2 * stream_width(500, scale) == WIDEST
    assert radius(1000, scale) == LARGEST
    assert (radius(500, scale) - SMALLEST) ** 2 * 2 == pytest.approx((LARGEST - SMALLEST) ** 2)
    assert radius(-5, scale) == SMALLEST


def test_layers_stand_from_left_to_right_and_no_circle_covers_another(accounts):
    plan = month_layout(accounts)
    columns = {layer: {plan.positions[who.name][0] for who in accounts if who.layer == layer} for layer in CHAIN}
    assert [len(places) for places in columns.values()] == [1, 1, 1, 1]
    assert sorted(CHAIN, key=lambda layer: min(columns[layer])) == list(CHAIN)
    places = list(plan.positions.values())
    assert len(set(places)) == len(places)
    assert all(0 <= x <= plan.size[0] and 0 <= y <= plan.size[1] for x, y in places)


def test_a_narrow_picture_has_one_circle_for_each_layer(accounts):
    assert set(month_layout(accounts, narrow=True).positions) >= {
        *CHAIN,
        "users",
        "enterprises",
        "advertisers",
        "world",
    }
    assert len(month_layout(accounts, narrow=True).positions) == 10


def test_figures_of_a_layer_are_the_sums_of_its_firms(months, accounts):
    month = months[-1]
    wide, narrow = month_layout(accounts), month_layout(accounts, narrow=True)
    seen = [prepare_month(month.day, month.payments, month.figures, plan).figures for plan in (wide, narrow)]
    for layer in CHAIN:
        firms = [who.name for who in accounts if who.layer == layer]
        assert sum(seen[0][firm]["operating_profit"] for firm in firms) == seen[1][layer]["operating_profit"]


def test_a_name_with_markup_in_it_stays_text():
    say = type(ENGLISH)("en", ENGLISH.table, ENGLISH.months, {"evil": "<img src=x onerror=alert(1)>"})
    accounts = [
        DrawnAccount("evil", "chips", "west"),
        DrawnAccount("aws", "cloud", "west"),
        DrawnAccount("world", "world", "west"),
    ]
    paid = [Payment("aws", "evil", "accelerators", 5)]
    figures = pl.DataFrame(
        {"firm": ["evil", "aws", "world"]} | {key: [1, 1, 1] for key in ("revenue", "operating_profit", "cash", "debt")}
    )
    plan = month_layout(accounts)
    svg = streams_chart(prepare_month(date(2023, 1, 1), paid, figures, plan), plan, Scale(5, 5), say).svg
    assert "<img" not in svg
    assert "&lt;img" in svg
