"""Sentences about events: with titles and round figures, once each, and only from the tables."""

# ruff: noqa: E501 - sentences are compared whole, each on its line

from datetime import date

import polars as pl
import pytest

from watersellers import run
from watersellers.agents.recorder import EVENTS
from watersellers.experiments.runs.event_text import (
    amount_in_words,
    events_in_words,
    first_profits,
    halved_sales,
    short_of_cash,
    text_in_words,
    turned_layers,
)

MILLION = 100_000_000  # cents


def months(count):
    return [date(2023 + month // 12, month % 12 + 1, 1) for month in range(count)]


def firm(name="x", layer="chips", owner=None, **columns):
    """A firm's months with the columns given, in millions; the others stay 0."""
    length = len(next(iter(columns.values())))
    given = {column: [MILLION * each for each in values] for column, values in columns.items()}
    rest = dict.fromkeys(("operating_profit", "revenue", "free_cash_flow", "cash"), [0] * length)
    named = {"month": months(length), "firm": [name] * length, "layer": [layer] * length}
    return pl.DataFrame(named | {"owner": [owner or name] * length, "alive": [True] * length} | rest | given)


def layer(profits, name="cloud"):
    count = len(profits)
    return pl.DataFrame({"month": months(count), "layer": [name] * count, "operating_profit": profits})


def news(rows):
    return [(f"{month:%Y-%m}", text) for month, _, _, text in rows]


@pytest.mark.parametrize(
    ("cents", "words"),
    [
        (0, "0 dollars"),
        (150, "1.5 dollars"),
        (99_999, "1 thousand dollars"),
        (850_000_000, "8.5 million dollars"),
        (32_166_015_300, "322 million dollars"),
        (99_996_000_000, "1 billion dollars"),
        (1_020_077_144_400, "10.2 billion dollars"),
        (4_000_000_000_000, "40 billion dollars"),
        (120_000_000_000_000, "1.2 trillion dollars"),
    ],
)
def test_amounts_are_written_as_people_say_them(cents, words):
    assert amount_in_words(cents) == words


def test_firms_are_called_by_their_titles_and_other_braces_stay():
    text = "{openai} raises {32166015300 cents} from {venture_west} {so it says}"
    titles = {"openai": "OpenAI <i>"}
    assert text_in_words(text, titles) == "OpenAI <i> raises 322 million dollars from venture_west {so it says}"


@pytest.mark.parametrize(
    ("profits", "expected"),
    [
        ([-1, -1, -1, 2, -1, -1, -1, -1, 3], [("2023-04", "{x} makes its first operating profit, after 3 months of loss")]),
        ([-1, -1, 2, 2], []),
        ([-1, -1, 0, 2], []),
        ([2, -1, -1, -1, 2], []),
        ([-1, -1, -1, -1], []),
    ],
)  # fmt: skip
def test_a_first_profit_after_losses_is_reported_once(profits, expected):
    assert news(first_profits(firm(operating_profit=profits))) == expected


def test_sales_of_a_vendor_that_halve_within_a_quarter_are_reported_once_per_year():
    revenue = [*[10] * 3, *[5] * 3, *[2, 2, 2], *[1] * 3, *[40] * 9, *[3] * 3]
    assert news(halved_sales(firm(revenue=revenue))) == [
        ("2023-07", "Sales of {x} more than halve within a quarter, from {2500000000 cents} to {1200000000 cents}"),
        ("2024-11", "Sales of {x} more than halve within a quarter, from {12000000000 cents} to {4600000000 cents}"),
    ]
    assert news(halved_sales(firm(layer="apps", revenue=revenue))) == []


def test_cash_for_less_than_a_quarter_is_reported_for_a_firm_without_a_backer():
    cash, flow = [90, 60, 29, 40, 5], [-10, -10, -10, 5, -9]
    short = firm(cash=cash, free_cash_flow=flow)
    recorded = "{x} has {2900000000 cents} left, less than three months' worth at the rate it burns cash"
    assert news(short_of_cash(short)) == [("2023-03", recorded)]
    assert news(short_of_cash(firm(owner="y", cash=cash, free_cash_flow=flow))) == []
    assert news(short_of_cash(firm(cash=[90, 60, 31], free_cash_flow=[-10, -10, -10]))) == []
    assert news(short_of_cash(short.with_columns(alive=False))) == []


def test_a_layer_whose_profit_turns_is_reported_by_its_name():
    events_in_words = "Clouds, taken together, turn {} over the last three months"
    profits = [9, 9, 9, -20, 1, 1, 30, 30, -99, -9]
    assert news(turned_layers(layer(profits))) == [
        ("2023-04", events_in_words.format("from profit to loss")),
        ("2023-07", events_in_words.format("from loss to profit")),
        ("2023-09", events_in_words.format("from profit to loss")),
    ]
    assert news(turned_layers(layer(profits, "users"))) == []


def test_events_found_in_tables_and_recorded_events_stand_in_the_order_of_months():
    recorded = [(date(2023, 5, 1), "round", "x", "{x} raises {100 cents}"), (date(2023, 3, 1), "set", "x", "dear {y}")]
    events = pl.DataFrame(recorded, schema=EVENTS | {"month": pl.Date}, orient="row")
    tables = {"firms": firm(operating_profit=[-1, -1, -1, 2, 2]), "layers": layer([1])}
    found = events_in_words(events, tables, {"x": "Ex"})
    assert found.schema == events.schema
    assert found.select("month", "what", "text").rows() == [
        (date(2023, 3, 1), "set", "dear y"),
        (date(2023, 4, 1), "first_profit", "Ex makes its first operating profit, after 3 months of loss"),
        (date(2023, 5, 1), "round", "Ex raises 1 dollars"),
    ]


def test_a_run_tells_its_events_with_titles_and_no_braces():
    result = run(months=8, users=200)
    texts = result.events["text"].to_list()
    assert "OpenAI" in result.manifest["titles"].values()
    assert any(
        text.startswith("Moonshot enters with 200 million dollars from Chinese venture capital") for text in texts
    )
    assert not [text for text in texts if "{" in text]
    assert set(result.events["who"]) & set(result.firms["firm"])
