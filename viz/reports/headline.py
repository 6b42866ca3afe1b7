"""The answer in words: which layers and firms made or lost money, computed from a run's tables."""

from collections.abc import Sequence

import polars as pl

from watersellers.viz.drawing.period_words import period_words
from watersellers.viz.reports.run_tables import final_spending, group_sums, headline_year, layer_sums, months_of
from watersellers.viz.words.catalogue import ENGLISH, Words

NAMED = 3  # firms named as best and as worst


def headline(layers: pl.DataFrame, firms: pl.DataFrame, say: Words = ENGLISH) -> list[str]:
    """Write in a few sentences which layers and firms made or lost money over the headline's year.

    Parameters
    ----------
    layers, firms : pl.DataFrame
        The run's tables by layer and by firm, all months.
    say : Words
        The language.
    """
    if layers.is_empty():
        return [say("lines.empty")]
    period = period_words(months_of(headline_year(layers)), say)
    sums = layer_sums(headline_year(layers))
    made, lost = sums.filter(pl.col("operating_profit") > 0), sums.filter(pl.col("operating_profit") < 0)
    sentences = [
        _who(made.sort("operating_profit", descending=True), period, "made", say),
        _who(lost.sort("operating_profit"), period, "lost", say),
        _over_spending(sums, final_spending(headline_year(layers)), say),
        *_firms(firms, say),
    ]
    return [*sentences, say("answer.profit")]


def _who(sums: pl.DataFrame, period: str, verb: str, say: Words) -> str:
    rows = list(sums.select("layer", "operating_profit").iter_rows())
    if not rows:
        return say(f"answer.nobody_{verb}", period=period)
    names = [say.name(layer) for layer, _ in rows]
    amounts = [say("answer.amount", name=say.name(layer).lower(), amount=say.money(cents)) for layer, cents in rows]
    return say(f"answer.{verb}", who=_lead(names, say), period=period, amounts=say.together(amounts))


def _lead(names: Sequence[str], say: Words) -> str:
    """Join names at the start of a sentence; only the first is capitalised."""
    return say.together([names[0], *(name.lower() for name in names[1:])])


def _over_spending(sums: pl.DataFrame, spent: int, say: Words) -> str:
    if spent <= 0:
        return say("answer.no_spending")
    parts = []
    for layer, over in sums.select("layer", "profit_over_final_spending").iter_rows():
        key = "answer.cents_lost" if over < 0 else "answer.cents_made"
        parts.append(say(key, cents=say.cents_of_a_dollar(over), name=say.name(layer).lower()))
    return say("answer.spending", spent=say.money(spent), parts=say.together(parts))


def _firms(firms: pl.DataFrame, say: Words) -> list[str]:
    """Name the firms that earned most and those that lost most, if any did."""
    ranked = list(group_sums(headline_year(firms), "firm").select("firm", "operating_profit").iter_rows())
    best = [row for row in ranked if row[1] > 0][:NAMED]
    worst = [row for row in reversed(ranked) if row[1] < 0][:NAMED]
    sentences = []
    for key, rows in (("answer.firms_best", best), ("answer.firms_worst", worst)):
        if rows:
            named = [say("answer.amount", name=say.name(firm), amount=say.money(cents)) for firm, cents in rows]
            sentences.append(say(key, firms=say.together(named)))
    return sentences
