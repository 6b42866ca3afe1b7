"""The style sheet of the lab: the light and dark palettes of charts and page."""

from importlib.resources import files

from watersellers.viz.drawing.theme import DARK, FONT, LAYER_STYLES, LIGHT, chart_css

EDGE = {"light": "#767C85", "dark": "#8A929C"}  # of controls, with a contrast of 3:1 on the background
LOSS = {"light": "#A3001F", "dark": "#FF9AAB"}


def page_css() -> str:
    """Return the whole style sheet; the page's ``data-theme`` overrides the system's choice of light or dark."""
    by_day, by_night = _palette(LIGHT, 0, "light"), _palette(DARK, 1, "dark")
    chosen = f':root, :root[data-theme="light"] {{ {by_day} }}\n'
    dark = f':root[data-theme="dark"] {{ {by_night} }}\n'
    system = f'@media (prefers-color-scheme: dark) {{ :root:not([data-theme="light"]) {{ {by_night} }} }}\n'
    buttons = "".join(f".lab .b-{layer} {{ border-color: var(--{layer}); }}\n" for layer in LAYER_STYLES)
    page = (files("watersellers.viz") / "page" / "lab.css").read_text(encoding="utf-8")
    return chart_css() + chosen + system + dark + page + buttons


def _palette(surface: dict[str, str], index: int, name: str) -> str:
    colours = surface | {layer: LAYER_STYLES[layer][index] for layer in LAYER_STYLES}
    colours |= {"edge": EDGE[name], "loss": LOSS[name]}
    scheme = f"color-scheme: {name}; --font: {FONT};"
    return scheme + " ".join(f"--{key}: {colour};" for key, colour in colours.items())
