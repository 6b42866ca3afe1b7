"""The style sheet of the lab: the palette by day and by night, of charts and of the page."""

from importlib.resources import files

from watersellers.viz.theme import DARK, FONT, LIGHT, LOOKS, chart_css

EDGE = {"light": "#767C85", "dark": "#8A929C"}  # of controls, 3:1 on the paper
LOSS = {"light": "#A3001F", "dark": "#FF9AAB"}


def page_css() -> str:
    """Give the whole style sheet; ``data-theme`` of the page chooses light or dark over the system's choice."""
    day, night = _palette(LIGHT, 0, "light"), _palette(DARK, 1, "dark")
    chosen = f':root, :root[data-theme="light"] {{ {day} }}\n'
    dark = f':root[data-theme="dark"] {{ {night} }}\n'
    system = f'@media (prefers-color-scheme: dark) {{ :root:not([data-theme="light"]) {{ {night} }} }}\n'
    buttons = "".join(f".lab .b-{layer} {{ border-color: var(--{layer}); }}\n" for layer in LOOKS)
    page = (files("watersellers.viz") / "page" / "lab.css").read_text(encoding="utf-8")
    return chart_css() + chosen + system + dark + page + buttons


def _palette(surface: dict[str, str], look: int, name: str) -> str:
    colours = surface | {layer: LOOKS[layer][look] for layer in LOOKS}
    colours |= {"edge": EDGE[name], "loss": LOSS[name]}
    scheme = f"color-scheme: {name}; --font: {FONT};"
    return scheme + " ".join(f"--{key}: {colour};" for key, colour in colours.items())
