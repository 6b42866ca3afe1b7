"""The pages of the lab: functions from a scene to markup, without any knowledge of the server."""

from collections.abc import Callable, Mapping

from watersellers.viz.drawing.svg import Markup
from watersellers.viz.lab.pages import compare, dollar, drawer, experiments, frame, levers, live, numbers, stories
from watersellers.viz.lab.view.scene import Scene

EVERYWHERE: Mapping[str, Callable[[Scene], Markup]] = {"head": frame.bar, "status": frame.failures}
PIECES: Mapping[str, Mapping[str, Callable[[Scene], Markup]]] = {
    "live": {
        "side": levers.side,
        "guide": live.guide,
        "transport": live.transport,
        "graph": live.graph,
        "drawer": drawer.drawer,
        "lines": live.lines,
        "news": live.news,
    },
    "compare": {"main": compare.page},
    "dollar": {"main": dollar.page},
    "stories": {"main": stories.page},
    "experiments": {"main": experiments.page},
    "numbers": {"main": numbers.page},
}
NAMES = ("head", "status", "side", "guide", "transport", "graph", "drawer", "lines", "news", "main")
SIDE_PIECES = ("side", "lines", "news")  # side pieces, which may be a second old while months go by


def pieces_of(scene: Scene, reused: Mapping[str, str]) -> dict[str, str]:
    """Make the pieces of the page that a scene shows, except those reused; pieces that the page lacks are empty."""
    makers = {**EVERYWHERE, **PIECES[scene.address.page]}
    wanted = {name: makers.get(name) for name in NAMES}
    return {name: reused.get(name) or (str(make(scene)) if make else "") for name, make in wanted.items()}
