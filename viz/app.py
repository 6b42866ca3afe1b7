"""The page that Solara serves: one component of ours, one pump that hands it what has changed."""

import threading
from collections.abc import Callable
from typing import Any

import solara
from solara.server import kernel_context

from viz.live.doors import DOORS
from viz.live.lab import Lab
from viz.live.pump import Pump
from viz.live.style import page_css
from viz.pages import NAMES


@solara.component_vue("page/lab.vue", vuetify=False)
def Sheet(
    style: str = "",
    said: dict[str, str] | None = None,
    head: str = "",
    status: str = "",
    side: str = "",
    guide: str = "",
    transport: str = "",
    graph: str = "",
    drawer: str = "",
    lines: str = "",
    news: str = "",
    main: str = "",
    address: str = "",
    file: dict[str, Any] | None = None,
    turn: int = 0,
    event_act: Callable[[Any], None] | None = None,
    event_drawn: Callable[[Any], None] | None = None,
) -> None:
    """Show the pieces of a page, tell what was pressed, and when a turn of them has been drawn."""


def _empty() -> dict[str, Any]:
    return dict.fromkeys((*NAMES, "address"), "") | {"file": {}, "said": {}, "turn": 0}


@solara.component
def Page() -> None:
    """Open a page of the lab: its own run, its own pump."""
    query = solara.use_router().search or ""
    lab, full = solara.use_memo(lambda: DOORS.enter(query), [])
    frame: solara.Reactive[dict[str, Any]] = solara.use_reactive(_empty())
    context = solara.use_memo(kernel_context.get_current_context, [])
    drawn = solara.use_memo(threading.Event, [])

    def pump() -> Callable[[], None]:
        if lab is None:
            return lambda: None
        return _start_pump(lab, frame, context, drawn)

    solara.use_effect(pump, [])
    if lab is None:
        solara.Text(full)
        return
    Sheet(style=page_css(), event_act=lab.act, event_drawn=lambda _: drawn.set(), **frame.value)


def _start_pump(
    lab: Lab, frame: "solara.Reactive[dict[str, Any]]", context: Any, drawn: threading.Event
) -> Callable[[], None]:
    """Hand over what has changed until the page closes; it rests while nobody is connected."""

    def connected() -> bool:
        """Whether somebody looks, or nobody has come yet."""
        known = tuple(context.page_status.values())
        return not known or kernel_context.PageStatus.CONNECTED in known

    pump = Pump(lab, frame.set, lambda: DOORS.open, connected, drawn)

    def close() -> None:
        """Let go of the page."""
        pump.stop()
        DOORS.leave(lab)

    return close


@solara.component
def Layout(children: list[Any]) -> Any:
    """Put nothing around the page: its bar is its own."""
    return children[0] if children else solara.Text("")


routes = [solara.Route("/", component=Page, label="Water Sellers", layout=Layout)]
