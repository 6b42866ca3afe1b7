"""The tables behind the answer: final spending, each layer's profit over it, and the chain seen from outside."""

from datetime import date
from typing import Any

import polars as pl

from watersellers.market.accounting.accounts import OLDER, WORLD
from watersellers.market.accounting.consolidation import BOOKED_BEYOND
from watersellers.market.accounting.segments import INSIDE
from watersellers.market.goods import CHAIN, SECTORS
from watersellers.market.money_origin.pinned_payments import OF_RECEIPTS, mean_share
from watersellers.viz.drawing.chart import Table
from watersellers.viz.drawing.period_words import period_words
from watersellers.viz.drawing.svg import Markup, joined
from watersellers.viz.reports.firms_section import layer_link
from watersellers.viz.reports.html_parts import paragraph, shown_table
from watersellers.viz.reports.purchases import is_assumed, is_final, sold_outside
from watersellers.viz.reports.run_tables import Run, headline_year, layer_sums, months_of
from watersellers.viz.words.catalogue import Words

NAMED = 4  # payers of what is not final spending that a sentence names
LEAST_SHARE = 0.01  # of final spending, for an item to appear in the sentence


def spending(run: Run, say: Words) -> Markup:
    """Show final spending by payer and purpose, and mention what does not count as such."""
    months = months_of(headline_year(run.layers))
    sold = sold_outside(run, months)
    final, other = sold.filter(is_final()), sold.filter(~is_final())
    spent = int(final["cents"].sum())
    if spent <= 0:
        return Markup("")
    title = say("spending.title", period=period_words(months, say))
    parts = [paragraph(_of_a_dollar(final, spent, say)), shown_table(_spending_table(final, spent, say), title, say)]
    if len(other):
        parts.append(paragraph(_left_out(other, say), "note"))
    return joined(parts)


def _of_a_dollar(final: pl.DataFrame, spent: int, say: Words) -> str:
    """Describe the uses of a dollar of final spending, the largest first and the small ones together."""
    ranked = final.sort("cents", descending=True, maintain_order=True)
    large = ranked.filter(pl.col("cents") >= LEAST_SHARE * spent)
    parts = [
        say("spending.part", cents=say.cents_of_a_dollar(cents / spent), kind=say.kind(kind), payer=_inside(payer, say))
        for payer, kind, cents in large.select("payer", "kind", "cents").iter_rows()
    ]
    rest = spent - int(large["cents"].sum())
    if rest:
        parts.append(say("spending.rest", cents=say.cents_of_a_dollar(rest / spent)))
    return say("spending.dollar", parts=say.together(parts))


def _inside(payer: str, say: Words) -> str:
    """Name a payer within a sentence: sectors are common nouns, and companies and states are not."""
    name, common = say.name(payer), payer in (WORLD, OLDER) or payer.startswith(SECTORS)
    return name[:1].lower() + name[1:] if common else name


def _spending_table(final: pl.DataFrame, spent: int, say: Words) -> Table:
    rows = [
        [
            *(say.name(payer), say.kind(kind), say.money(cents), say.share(cents / spent)),
            *(layer_link(seller, say.name(seller)), say.dollars(cents)),
        ]
        for payer, kind, seller, cents in final.select("payer", "kind", "seller", "cents").iter_rows()
    ]
    rows.append([say("spending.total"), "", say.money(spent), say.share(1.0), "", say.dollars(spent)])
    head = [say(f"table.{key}") for key in ("from", "good", "sum", "share", "seller", "exact")]
    return Table(head, rows, 2, {len(rows) - 1: "total"})


def _left_out(other: pl.DataFrame, say: Words) -> str:
    """Mention what is not final spending, kind by kind, with its largest payers."""
    kinds = other.group_by("kind", maintain_order=True).agg("payer", "cents")
    parts = [
        say("spending.other", amount=say.money(sum(cents)), kind=say.kind(kind), payers=_payers(payers, cents, say))
        for kind, payers, cents in kinds.iter_rows()
    ]
    return say("spending.left_out", parts="; ".join(parts))


def _payers(names: list[str], cents: list[int], say: Words) -> str:
    """Name who pays: one alone, or the largest with their amounts and the others together."""
    if len(names) == 1:
        return _inside(names[0], say)
    ranked = sorted(zip(cents, names, strict=True), reverse=True)
    large, small = (ranked[:NAMED], ranked[NAMED:]) if len(ranked) > NAMED + 1 else (ranked, [])
    parts = [say("spending.paid", payer=_inside(name, say), amount=say.money(paid)) for paid, name in large]
    if small:
        parts.append(say("spending.others", count=str(len(small)), amount=say.money(sum(paid for paid, _ in small))))
    return say.together(parts)


def profits(run: Run, say: Words) -> Markup:
    """Compare each layer's profit with all final spending, and with the part that the scenario does not fix."""
    year = headline_year(run.layers)
    sold = sold_outside(run, months_of(year)).filter(is_final())
    assumed, spent = int(sold.filter(is_assumed())["cents"].sum()), int(sold["cents"].sum())
    head = [say(key) for key in ("table.layer", "operating_profit", "profit_over_final_spending")]
    head += [say("profit_over_rest")] if assumed else []
    rows = []
    for layer, profit, over in _layer_profits(year):
        cells = [say.name(layer), say.money(profit), say.share(over)]
        cells += [say.share(_over(profit, spent - assumed))] if assumed else []
        rows.append([layer_link(layer, cell) for cell in cells])
    shown = shown_table(Table(head, rows), say("table.caption", period=period_words(months_of(year), say)), say)
    parts = [shown, paragraph(say("answer.follow"), "note"), paragraph(say("answer.beyond"))]
    if assumed:
        parts.append(paragraph(say("spending.assumed", assumed=say.money(assumed), rest=say.money(spent - assumed))))
    return joined(parts)


def _layer_profits(year: pl.DataFrame) -> list[tuple[str, int, float | None]]:
    columns = ("layer", "operating_profit", "profit_over_final_spending")
    return list(layer_sums(year).select(columns).iter_rows())


def _over(profit: int, spent: int) -> float | None:
    return profit / spent if spent > 0 else None


def inputs(run: Run, say: Words) -> Markup:
    """Show how much of what each layer received for its sales would have come in if the chain had stood still."""
    year = headline_year(run.layers).filter(pl.col("received").is_not_null())
    if year.is_empty():
        return Markup("")
    sums = year.group_by("layer").agg(
        pl.col("received").sum(),
        *(mean_share(name).alias(name) for name in OF_RECEIPTS),
    )
    found = {layer: figures for layer, *figures in sums.iter_rows()}
    rows = [
        [say.name(layer), say.money(received), *(say.share(value) for value in shares)]
        for layer, (received, *shares) in ((layer, found[layer]) for layer in CHAIN if layer in found)
    ]
    head = [say(key) for key in ("table.layer", "table.received", *OF_RECEIPTS)]
    months = months_of(headline_year(run.layers))
    title = say("inputs.title", period=period_words(months, say))
    note = say("inputs.note", first=say.month(months_of(run.layers)[0]))
    return joined([shown_table(Table(head, rows), title, say), paragraph(note, "note")])


def as_one_company(run: Run, say: Words) -> Markup:
    """Say what the chain earned as one company, and what its firms book beyond that."""
    months = months_of(headline_year(run.layers))
    chain = run.chain.filter(pl.col("month").is_in(months))
    if chain.is_empty():
        return Markup("")
    names = ("external_revenue", "consolidated_profit")
    sums = chain.select(pl.col(names).sum(), BOOKED_BEYOND.sum()).row(0, named=True)
    more = "chain.more" if sums["unearned"] >= 0 else "chain.less"
    amounts = {name: say.money(sums[name]) for name in names}
    return paragraph(say("chain.profit", **amounts) + " " + say(more, amount=say.money(abs(sums["unearned"]))))


def segments(run: Run, say: Words) -> Markup:
    """Show what clouds sold to their own groups and to others over the headline's year, and what it cost them."""
    months = months_of(headline_year(run.layers))
    year = run.segments.filter(pl.col("month").is_in(months))
    revenue = int(year["revenue"].sum())
    if revenue <= 0:
        return Markup("")
    sums = year.group_by("segment").agg(pl.col("hours", "revenue", "cost", "operating_profit").sum())
    inside = pl.col("segment").is_in(INSIDE)
    ranked = [*_ranked(sums.filter(inside)), *_ranked(sums.filter(~inside))]
    rows = [_row(say.segment(row["segment"]), row, say) for row in ranked]
    total = sums.select(pl.exclude("segment").sum()).row(0, named=True)
    rows.append(_row(say("segments.total"), total, say))
    keys = ("table.segment", "table.hours", "segments.list", "segments.cost", "operating_profit", "operating_margin")
    title = say("segments.title", period=period_words(months, say))
    table = Table([say(key) for key in keys], rows, 1, {len(rows) - 1: "total"})
    share = int(sums.filter(inside)["revenue"].sum()) / revenue
    note = paragraph(say("segments.note", share=say.share(share)), "note")
    return joined([shown_table(table, title, say), note, _backlog(run.firms, months[-1], say)])


def _backlog(firms: pl.DataFrame, month: date, say: Words) -> Markup:
    """Say for how much customers have signed that is still to come, and with which cloud the most."""
    signed = firms.filter((pl.col("month") == month) & (pl.col("backlog") > 0)).sort("backlog", "firm", descending=True)
    if signed.is_empty():
        return Markup("")
    firm, most = signed.select("firm", "backlog").row(0)
    amounts = {"amount": say.money(int(signed["backlog"].sum())), "most": say.money(most)}
    return paragraph(say("segments.backlog", month=say.month(month), cloud=say.name(firm), **amounts))


def _ranked(sums: pl.DataFrame) -> list[dict[str, Any]]:
    """Rows of segments, the largest first."""
    return sums.sort("revenue", "segment", descending=[True, False]).to_dicts()


def _row(name: str, sums: dict[str, Any], say: Words) -> list[str]:
    """Write a segment's hours, revenue, cost, profit and margin."""
    money = [say.money(sums[key]) for key in ("revenue", "cost", "operating_profit")]
    margin = say.share(sums["operating_profit"] / sums["revenue"]) if sums["revenue"] else ""
    return [name, say.count(sums["hours"]), *money, margin]
