"""The page that Solara serves: one component of ours, one pump that hands it what has changed."""

import threading
from collections.abc import Callable
from typing import Any

import solara
from solara.server import kernel_context

from watersellers.viz.live.doors import DOORS, Guest, Seat
from watersellers.viz.live.pump import Pump
from watersellers.viz.live.style import page_css
from watersellers.viz.pages import NAMES


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


@solara.component_vue("page/full.vue", vuetify=False)
def Full(said: str = "") -> None:
    """Say that there is no seat, and leave for the page that waits for one."""


def _empty() -> dict[str, Any]:
    return dict.fromkeys((*NAMES, "address"), "") | {"file": {}, "said": {}, "turn": 0}


@solara.component
def Page() -> None:
    """Open a page of the lab: its own run, its own pump."""
    query = solara.use_router().search or ""
    context = solara.use_memo(kernel_context.get_current_context, [])
    seat, full = solara.use_memo(lambda: DOORS.enter(query, guest_of(context)), [])
    frame: solara.Reactive[dict[str, Any]] = solara.use_reactive(_empty())
    drawn = solara.use_memo(threading.Event, [])

    def pump() -> Callable[[], None]:
        if seat is None:
            return lambda: None
        seat.sheet = solara.get_widget(sheet).model_id
        return _start_pump(seat, frame, drawn)

    if seat is None:
        sheet = Full(said=full)
    else:
        sheet = Sheet(style=page_css(), event_act=seat.lab.act, event_drawn=lambda _: drawn.set(), **frame.value)
    solara.use_effect(pump, [])


def guest_of(context: Any) -> Guest:
    """Name a page by what carries it: that is its own, and stays so while its connection comes and goes."""

    def looks() -> bool:
        """Whether somebody looks, or nobody has come yet."""
        known = tuple(context.page_status.values())
        return not known or kernel_context.PageStatus.CONNECTED in known

    def let_go() -> None:
        """Close the page in a thread, that nobody waits for."""
        with kernel_context.without_context():
            threading.Thread(target=close, args=(context.id,), name="water-sellers-parting", daemon=True).start()

    return Guest(context.id, looks, let_go)


def close(kernel: str) -> None:
    """Let go of what carries a page, if it is still there."""
    context = kernel_context.contexts.get(kernel)
    if context is not None and not context.closed_event.is_set():
        context.close(reason="evicted")


def known(kernel: str, page: str) -> bool:
    """Whether a page is there that can be closed."""
    context = kernel_context.contexts.get(kernel)
    return context is not None and page in context.page_status


def _start_pump(seat: Seat, frame: "solara.Reactive[dict[str, Any]]", drawn: threading.Event) -> Callable[[], None]:
    """Hand over what has changed until the page closes; it rests while nobody is connected."""
    pump = Pump(seat.lab, frame.set, lambda: DOORS.open, seat.looked_at, drawn)

    def leave() -> None:
        """Let go of the page."""
        pump.stop()
        DOORS.leave(seat)

    return leave


@solara.component
def Layout(children: list[Any]) -> Any:
    """Put nothing around the page: its bar is its own."""
    return children[0] if children else solara.Text("")


routes = [solara.Route("/", component=Page, label="Water Sellers", layout=Layout)]
