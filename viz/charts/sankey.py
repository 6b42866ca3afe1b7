"""The Sankey chart of a period's money: its payers, the firms it passes through, and its receivers."""

from collections.abc import Sequence

import polars as pl

from watersellers.market.goods import CHAIN
from watersellers.viz.charts.sankey_layout import (
    BAR,
    GAP,
    HEIGHT,
    TOP,
    WIDTH,
    Band,
    Bar,
    Link,
    Node,
    bands,
    bars,
    links,
)
from watersellers.viz.drawing.chart import Chart, Table, empty_picture, picture
from watersellers.viz.drawing.scales import spread
from watersellers.viz.drawing.svg import Markup, element, joined, label, marker, point
from watersellers.viz.drawing.theme import style_of
from watersellers.viz.words.catalogue import ENGLISH, Words

LINE = 16.0  # from one line of text to the next
NAMED = 3  # largest links in the summary
SMALLEST = 0.6  # width, so that the smallest band is visible
LEGEND = 44.0  # room below the bars
SAMPLE, SECOND = 46.0, 470.0  # length of a band in the legend, and where the second begins
FUNDED = "flow fund s-investors"  # the style of money of investors and owners
CURL = 70.0  # distance from a bar at which a band turns back


def sankey_chart(flows: pl.DataFrame, period: str, say: Words = ENGLISH) -> Chart:
    """Draw the payments of a period between sectors, layers and main firms.

    Parameters
    ----------
    flows : pl.DataFrame
        payer, payee, payer_layer, payee_layer, good, cents: the payments of that period.
    period : str
        The period in words, for the title.
    say : Words
        The language.
    """
    drawn, title = links(flows), say("sankey.title", period=period)
    data = _data(drawn, say)
    if not drawn:
        empty = say("sankey.summary_none")
        return Chart(title, empty, empty_picture(title, empty, WIDTH), data)
    summary = _summary(drawn, flows, say)
    standing = bars(drawn)
    parts = [_heads(standing, say), joined(_band(band, say) for band in bands(drawn, standing)), *_bars(standing, say)]
    svg = picture(title, summary, (WIDTH, HEIGHT + LEGEND), [*parts, _legend(say)])
    return Chart(title, summary, svg, data)


def node_name(node: Node, say: Words = ENGLISH) -> str:
    """Name a bar."""
    return say.name(node.name) if node.name else say("others", layer=say.name(node.layer).lower())


def _ends_named(link: Link, say: Words) -> list[str]:
    return [node_name(link.payer, say), node_name(link.payee, say)]


def _data(drawn: Sequence[Link], say: Words) -> Table:
    rows = [[*_ends_named(link, say), _purpose(link.funding, say), say.dollars(link.cents)] for link in drawn]
    return Table([say(f"table.{key}") for key in ("from", "to", "good", "amount")], rows, 3)


def _purpose(funding: bool, say: Words) -> str:
    return say("sankey.funding" if funding else "sankey.goods")


def _summary(drawn: Sequence[Link], flows: pl.DataFrame, say: Words) -> str:
    largest = [f"{' → '.join(_ends_named(link, say))} {say.money(link.cents)}" for link in drawn[:NAMED]]
    total = sum(link.cents for link in drawn)
    text = say("sankey.summary", drawn=say.money(total), largest=", ".join(largest))
    left_out = int(flows["cents"].sum()) - total
    if not left_out:
        return text
    return f"{text} {say('sankey.left_out', amount=say.money(left_out), who=say('sankey.outside'))}"


def _heads(standing: Sequence[Bar], say: Words) -> Markup:
    outside = {0: say("sankey.gets"), len(CHAIN) + 1: say("sankey.pays")}
    heads = {bar.node.column: bar for bar in standing}
    named = [(bar.x + BAR / 2, outside.get(column) or say.name(bar.node.layer)) for column, bar in heads.items()]
    return joined(label(x, 14, name, "quiet", "middle") for x, name in named)


def _band(band: Band, say: Words) -> Markup:
    link, width = band.link, max(SMALLEST, band.width)
    firm = link.payee if link.payee.layer in CHAIN else link.payer
    payer, payee = _ends_named(link, say)
    purpose = _purpose(link.funding, say)
    words = say("sankey.link", payer=payer, payee=payee, amount=say.money(link.cents), purpose=purpose)
    kind = FUNDED if link.funding else f"flow s-{style_of(firm.layer)}"
    attributes = {"d": route(band.start, band.end), "class": kind, "stroke-width": width}
    return element("path", attributes, element("title", {}, words))


def _legend(say: Words) -> Markup:
    """Draw a sample of both kinds of band below the picture, each with its meaning."""
    y, parts = HEIGHT + LEGEND / 2, []
    for x, kind, funding in ((12.0, "flow s-chips", False), (SECOND, FUNDED, True)):
        sample = {"d": f"M{point(x)} {point(y)}H{point(x + SAMPLE)}", "class": kind, "stroke-width": LINE}
        parts += [element("path", sample), label(x + SAMPLE + 10, y, _purpose(funding, say), "quiet")]
    return joined(parts)


def route(start: tuple[float, float], end: tuple[float, float]) -> str:
    """Return the curve of a band from payer to payee; a band that does not run to the left curls back."""
    (x1, y1), (x2, y2) = start, end
    reach = (x1 - x2) / 2 if x1 > x2 else CURL
    bends = [(x1 - reach, y1), (x2 + reach, y2), (x2, y2)]
    return f"M{point(x1)} {point(y1)}C" + " ".join(f"{point(x)} {point(y)}" for x, y in bends)


def _bars(standing: Sequence[Bar], say: Words) -> list[Markup]:
    parts = []
    for column in sorted({bar.node.column for bar in standing}):
        of_column = [bar for bar in standing if bar.node.column == column]
        heights = spread([bar.y + bar.height / 2 for bar in of_column], GAP - 2, (TOP + LINE, HEIGHT - LINE))
        parts += [_bar(bar, y, say) for bar, y in zip(of_column, heights, strict=True)]
    return parts


def _bar(bar: Bar, y: float, say: Words) -> Markup:
    style, name = style_of(bar.node.layer), node_name(bar.node, say)
    words = element("title", {}, say("sankey.node", name=name, got=say.money(bar.got), paid=say.money(bar.paid)))
    size = {"x": bar.x, "y": bar.y, "width": BAR, "height": max(SMALLEST, bar.height), "class": f"f-{style}"}
    x, anchor = (bar.x - 6, "end") if bar.node.column == 0 else (bar.x + BAR + 6, "start")
    text = [
        label(x, y - LINE / 2, name, "halo", anchor),
        label(x, y + LINE / 2, say.money(max(bar.got, bar.paid)), "halo quiet", anchor),
    ]
    dot = marker("circle", bar.x + BAR / 2, bar.y + bar.height / 2, 1.5, f"f-{style}")
    return element("g", {}, words, element("rect", size), dot, *text)
