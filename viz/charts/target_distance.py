"""The distance of the model from published figures: a row per figure, in tolerances, with the band over seeds."""

from collections.abc import Sequence
from dataclasses import dataclass

from watersellers.viz.drawing.chart import Chart, Table, empty_picture, picture
from watersellers.viz.drawing.scales import position
from watersellers.viz.drawing.svg import Markup, element, joined, label, marker, rule
from watersellers.viz.drawing.theme import LAYER_STYLES, style_of
from watersellers.viz.words.catalogue import ENGLISH, Words

WIDTH, ROW, HEAD, NAMES, EDGE = 1080.0, 22.0, 44.0, 400.0, 24.0
REACH = 6.0  # tolerances; a mark further off is drawn at the edge
INSIDE, NEAR = 1.0, 2.0
MARK = 4.5
SHADE = {INSIDE: 0.16, NEAR: 0.08}


@dataclass(frozen=True)
class TargetRow:
    """A figure: its name, its layer, and its middle and band, in tolerances from the published value."""

    name: str
    layer: str
    middle: float
    low: float
    high: float
    cells: Sequence[str]


def target_distance_chart(rows: Sequence[TargetRow], head: Sequence[str], say: Words = ENGLISH) -> Chart:
    """Draw figures in the order given; marks beyond the reach are drawn at the edge."""
    title = say("standing.title")
    inside = sum(abs(row.middle) <= INSIDE for row in rows)
    near = sum(abs(row.middle) <= NEAR for row in rows) - inside
    summary = say("standing.summary", inside=inside, near=near, outside=len(rows) - inside - near)
    data = Table(head, [row.cells for row in rows])
    if not rows:
        return Chart(title, summary, empty_picture(title, summary, WIDTH), data)
    height = HEAD + ROW * len(rows) + ROW
    parts = [_background(height, say), *(_row(row, HEAD + ROW * (number + 0.5)) for number, row in enumerate(rows))]
    return Chart(title, summary, picture(title, summary, (WIDTH, height), parts), data)


def _x(tolerances: float) -> float:
    return position(max(-REACH, min(REACH, tolerances)), (-REACH, REACH), (NAMES, WIDTH - EDGE))


def _background(height: float, say: Words) -> Markup:
    """Draw the areas inside and near the tolerance, and the line of the published value."""
    shades = [
        element(
            "rect",
            {
                "x": _x(-reach),
                "y": HEAD,
                "width": _x(reach) - _x(-reach),
                "height": height - HEAD - ROW,
                "class": "f-investors",
                "opacity": f"{shade}",
            },
        )
        for reach, shade in SHADE.items()
    ]
    words = [
        label(_x(0), HEAD / 2, say("standing.published"), "quiet", "middle"),
        label(NAMES, HEAD / 2, say("standing.less"), "quiet"),
        label(WIDTH - EDGE, HEAD / 2, say("standing.more"), "quiet", "end"),
    ]
    return joined([*shades, rule(_x(0), HEAD, _x(0), height - ROW, "zero"), *words])


def _row(row: TargetRow, y: float) -> Markup:
    kind = style_of(row.layer)
    ends = {"x1": _x(row.low), "y1": y, "x2": _x(row.high), "y2": y}
    band = element("line", ends | {"class": f"s-{kind}", "stroke-width": 3, "opacity": ".5"})
    mark = marker(LAYER_STYLES[kind].marker, _x(row.middle), y, MARK, f"f-{kind}")
    return joined([label(NAMES - EDGE, y, row.name, anchor="end"), band, mark])
