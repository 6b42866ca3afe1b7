"""The page that Solara serves: one component of our own, and a frame pump that sends it the changes."""

import threading
from collections.abc import Callable
from typing import Any

import solara
from solara.server import kernel_context

from watersellers.viz.lab.pages import NAMES
from watersellers.viz.lab.server.frame_pump import FramePump
from watersellers.viz.lab.server.session_registry import REGISTRY, OpenPage, Visitor
from watersellers.viz.lab.view.style import page_css


@solara.component_vue("page/lab.vue", vuetify=False)
def PageView(
    style: str = "",
    texts: dict[str, str] | None = None,
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
    """Show the pieces of a page; report what the user pressed, and when a frame (``turn``) has been drawn."""


@solara.component_vue("page/full.vue", vuetify=False)
def FullNotice(text: str = "") -> None:
    """Show that all pages are taken, and go to the address that waits for a free one."""


def _empty() -> dict[str, Any]:
    return dict.fromkeys((*NAMES, "address"), "") | {"file": {}, "texts": {}, "turn": 0}


@solara.component
def Page() -> None:
    """Open a page of the lab with its own session and frame pump."""
    query = solara.use_router().search or ""
    context = solara.use_memo(kernel_context.get_current_context, [])
    page, refusal = solara.use_memo(lambda: REGISTRY.open_page(query, visitor_of(context)), [])
    frame: solara.Reactive[dict[str, Any]] = solara.use_reactive(_empty())
    drawn = solara.use_memo(threading.Event, [])

    def start_pump() -> Callable[[], None]:
        """Start the pump once the page is shown, and return what stops it."""
        if page is None:
            return lambda: None
        page.widget = solara.get_widget(view).model_id
        return _start_pump(page, frame, drawn)

    if page is None:
        view = FullNotice(text=refusal)
    else:
        view = PageView(style=page_css(), event_act=page.session.act, event_drawn=lambda _: drawn.set(), **frame.value)
    solara.use_effect(start_pump, [])


def visitor_of(context: Any) -> Visitor:
    """Identify a browser by its Solara kernel, which belongs to one page and outlives lost connections."""

    def is_watching() -> bool:
        """Return whether the page is connected, or has not connected yet."""
        statuses = tuple(context.page_status.values())
        return not statuses or kernel_context.PageStatus.CONNECTED in statuses

    def disconnect() -> None:
        """Close the kernel in a thread of its own, because closing may take a while."""
        with kernel_context.without_context():
            threading.Thread(target=close_kernel, args=(context.id,), name="water-sellers-close", daemon=True).start()

    return Visitor(context.id, is_watching, disconnect)


def close_kernel(kernel: str) -> None:
    """Close a page's kernel, if it is still open."""
    context = kernel_context.contexts.get(kernel)
    if context is not None and not context.closed_event.is_set():
        context.close(reason="evicted")


def page_exists(kernel: str, page: str) -> bool:
    """Return whether a kernel has such a page."""
    context = kernel_context.contexts.get(kernel)
    return context is not None and page in context.page_status


def _start_pump(page: OpenPage, frame: "solara.Reactive[dict[str, Any]]", drawn: threading.Event) -> Callable[[], None]:
    """Send changes until the page closes; the run pauses while nobody is connected."""
    pump = FramePump(page.session, frame.set, lambda: REGISTRY.open_count, page.is_watched, drawn)

    def close_page() -> None:
        """Stop the pump and close the page."""
        pump.stop()
        REGISTRY.close_page(page)

    return close_page


@solara.component
def Layout(children: list[Any]) -> Any:
    """Show the page without Solara's own frame, because it has its own bar."""
    return children[0] if children else solara.Text("")


routes = [solara.Route("/", component=Page, label="Water Sellers", layout=Layout)]
