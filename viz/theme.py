"""How everything looks: the order of the layers, one palette for light and dark, and the style of charts.

Layers are told apart by position first, then by labels, then by dash and marker, and by colour last. Every colour
has at least 3:1 on its background, every text colour at least 4.5:1; a test holds both.
"""

from typing import NamedTuple

from watersellers.market.goods import SECTORS

CUSTOMERS = SECTORS
OTHER = "world"  # the look of a layer that this page doesn't know

FONT = 'system-ui, -apple-system, "Segoe UI", "DejaVu Sans", sans-serif'


class Look(NamedTuple):
    """How one layer is drawn: its colour by day and by night, the dash of its lines and its marker."""

    light: str
    dark: str
    dash: str
    marker: str


LOOKS: dict[str, Look] = {
    "chips": Look("#0031F5", "#8FA6FF", "", "circle"),
    "cloud": Look("#094453", "#57B6CC", "9 4", "square"),
    "labs": Look("#D68100", "#F2AE45", "2 3", "diamond"),
    "apps": Look("#B80025", "#FF8095", "9 3 2 3", "triangle"),
    "users": Look("#888888", "#ABABAB", "5 5", "circle"),
    "enterprises": Look("#6A7B88", "#9DB0BF", "5 2", "square"),
    "advertisers": Look("#86678C", "#C3A3C9", "1 3", "diamond"),
    "investors": Look("#3C7A4C", "#7FC492", "7 2", "triangle"),
    "lenders": Look("#75753A", "#BDBD78", "3 3", "circle"),
    "world": Look("#6F6F6F", "#A0A0A0", "2 2", "square"),
}

LIGHT = {
    "paper": "#FFFFFF",
    "panel": "#F4F5F7",
    "ink": "#16191D",
    "quiet": "#50565E",
    "rule": "#D5D9DE",
    "link": "#0031B5",
}
DARK = {
    "paper": "#14171B",
    "panel": "#1E2228",
    "ink": "#ECEEF1",
    "quiet": "#B0B7C0",
    "rule": "#3A4048",
    "link": "#9DB5FF",
}

CHART_CSS = f"""
svg.chart {{ display: block; width: 100%; height: auto; font-family: {FONT}; font-variant-numeric: tabular-nums; }}
svg.chart text {{ fill: var(--ink); font-size: 14px; }}
svg.chart text.quiet {{ fill: var(--quiet); font-size: 13px; }}
svg.chart text.halo {{ paint-order: stroke; stroke: var(--paper); stroke-width: 4px; stroke-linejoin: round; }}
svg.chart .rule {{ stroke: var(--rule); stroke-width: 1; }}
svg.chart .zero {{ stroke: var(--ink); stroke-width: 1.2; }}
svg.chart .line {{ fill: none; stroke-width: 2.4; stroke-linejoin: round; }}
svg.chart .flow {{ fill: none; stroke-opacity: .42; }}
svg.chart .flow:hover {{ stroke-opacity: .85; }}
svg.chart .flow.fund {{ stroke-dasharray: 5 3; stroke-opacity: .75; }}
svg.chart .flow.aside {{ stroke-opacity: .2; }}
svg.chart .flow.idle {{ stroke-dasharray: 1 4; stroke-opacity: .5; }}
svg.chart .ring {{ fill: none; stroke: var(--ink); stroke-width: 1.6; stroke-dasharray: 3 2.4; }}
svg.chart .edge {{ stroke: var(--ink); stroke-width: 3; stroke-linecap: round; }}
svg.chart .band {{ stroke: none; fill-opacity: .18; }}
svg.chart .gone {{ opacity: .4; }}
"""


def style_of(layer: str) -> str:
    """Name the style of a layer; what stands in the data never becomes part of a class name."""
    return layer if layer in LOOKS else OTHER


def _variables(surface: dict[str, str], look: int) -> str:
    colours = surface | {layer: LOOKS[layer][look] for layer in LOOKS}
    return " ".join(f"--{name}: {colour};" for name, colour in colours.items())


def variables_css() -> str:
    """Give the palette as custom properties, by day and by night."""
    day, night = _variables(LIGHT, 0), _variables(DARK, 1)
    return f":root {{ {day} }}\n@media (prefers-color-scheme: dark) {{ :root {{ {night} }} }}\n"


def chart_css() -> str:
    """Give the style that charts need around them, wherever they are shown."""
    layers = "".join(
        f"svg.chart .s-{layer} {{ stroke: var(--{layer}); }}\nsvg.chart .f-{layer} {{ fill: var(--{layer}); }}\n"
        for layer in LOOKS
    )
    return variables_css() + CHART_CSS + layers
