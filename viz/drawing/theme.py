"""The theme: the style of each layer, the light and dark palettes, and the style of charts.

Layers differ by position first, then by labels, then by dash and marker, and by colour last. Every colour has a
contrast of at least 3:1 on its background, every text colour at least 4.5:1; a test checks both.
"""

from typing import NamedTuple

from watersellers.market.goods import SECTORS

CUSTOMERS = SECTORS
OTHER = "world"  # the style of an unknown layer

FONT = 'system-ui, -apple-system, "Segoe UI", "DejaVu Sans", sans-serif'


class LayerStyle(NamedTuple):
    """The style of one layer: its light and dark colours, the dash of its lines and its marker."""

    light: str
    dark: str
    dash: str
    marker: str


LAYER_STYLES: dict[str, LayerStyle] = {
    "chips": LayerStyle("#0031F5", "#8FA6FF", "", "circle"),
    "cloud": LayerStyle("#094453", "#57B6CC", "9 4", "square"),
    "labs": LayerStyle("#D68100", "#F2AE45", "2 3", "diamond"),
    "apps": LayerStyle("#B80025", "#FF8095", "9 3 2 3", "triangle"),
    "users": LayerStyle("#888888", "#ABABAB", "5 5", "circle"),
    "enterprises": LayerStyle("#6A7B88", "#9DB0BF", "5 2", "square"),
    "advertisers": LayerStyle("#86678C", "#C3A3C9", "1 3", "diamond"),
    "investors": LayerStyle("#3C7A4C", "#7FC492", "7 2", "triangle"),
    "lenders": LayerStyle("#75753A", "#BDBD78", "3 3", "circle"),
    "world": LayerStyle("#6F6F6F", "#A0A0A0", "2 2", "square"),
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
    """Return the style name of a layer; text from the data never becomes part of a class name."""
    return layer if layer in LAYER_STYLES else OTHER


def _variables(surface: dict[str, str], index: int) -> str:
    colours = surface | {layer: LAYER_STYLES[layer][index] for layer in LAYER_STYLES}
    return " ".join(f"--{name}: {colour};" for name, colour in colours.items())


def variables_css() -> str:
    """Return the light and dark palettes as custom properties."""
    day, night = _variables(LIGHT, 0), _variables(DARK, 1)
    return f":root {{ {day} }}\n@media (prefers-color-scheme: dark) {{ :root {{ {night} }} }}\n"


def chart_css() -> str:
    """Return the style sheet that charts need wherever they are shown."""
    layers = "".join(
        f"svg.chart .s-{layer} {{ stroke: var(--{layer}); }}\nsvg.chart .f-{layer} {{ fill: var(--{layer}); }}\n"
        for layer in LAYER_STYLES
    )
    return variables_css() + CHART_CSS + layers
