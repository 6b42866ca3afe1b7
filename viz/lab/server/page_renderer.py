"""Renders a page into pieces, reuses pieces while months go by, and writes charts and tables as files."""

import csv
import io
import json
import time
from collections.abc import Mapping

from watersellers.experiments.input.errors import BadInput, shown
from watersellers.experiments.runs.month_snapshots import MonthSnapshot
from watersellers.experiments.runs.result import Result
from watersellers.viz.drawing.chart import Chart, Table, standalone
from watersellers.viz.lab.pages import SIDE_PIECES, pieces_of
from watersellers.viz.lab.view.scene import Scene, books_until

SIDE_SECONDS = 1.0  # maximal age of a side piece while months go by
MIMES = {"csv": "text/csv", "json": "application/json", "svg": "image/svg+xml", "png": "image/png"}


class PageRenderer:
    """Renders one page and remembers what it rendered last."""

    def __init__(self) -> None:
        self._books: tuple[MonthSnapshot, tuple[Result, int]] | None = None
        self._side: tuple[float, int, dict[str, str]] | None = None

    def pieces(self, scene: Scene, version: int) -> dict[str, str]:
        """Render the pieces of a page; ``version`` counts the user's actions on it."""
        pieces = pieces_of(scene, self._reusable(scene, version))
        if self._side is None or self._side[2]["lines"] != pieces["lines"] or self._side[1] != version:
            self._side = (time.monotonic(), version, {name: pieces[name] for name in SIDE_PIECES})
        return pieces

    def _reusable(self, scene: Scene, version: int) -> dict[str, str]:
        """Return the pieces that need no update: while months go by, side pieces change once per second."""
        if not scene.view.playing or self._side is None:
            return {}
        made, drawn, pieces = self._side
        return pieces if drawn == version and time.monotonic() - made < SIDE_SECONDS else {}

    def books_of(self, scene: Scene) -> tuple[Result, int] | None:
        """Make the run's books up to the month shown, while the run is paused; while it plays, return the last ones.

        Returns
        -------
        tuple of Result and int, or None
            The books and the number of their months; None if there are none yet.
        """
        if scene.month is None or scene.view.playing or scene.view.busy:
            return self._books[1] if self._books else None
        if self._books is None or self._books[0] is not scene.month:
            self._books = (scene.month, (books_until(scene), scene.number + 1))
        return self._books[1]


def page_texts(scene: Scene) -> dict[str, str]:
    """Return the texts and settings that the page's own script uses."""
    say = scene.say
    words = {key: say(f"lab.{key}") for key in ("gone", "copied", "side")}
    title = f"{say(f'page.{scene.address.page}')} \N{EN DASH} Water Sellers"
    return words | {"language": say.language, "theme": scene.address.theme, "title": title}


def download(charts: Mapping[str, Chart | Table], name: str) -> dict[str, object]:
    """Make a file of a chart or table, named by key and kind, such as streams.csv.

    Raises
    ------
    BadInput
        If the page shows nothing of that name, or it has no file of that kind.
    """
    key, _, kind = name.rpartition(".")
    if kind not in MIMES or key not in charts:
        raise BadInput(f"file: found {shown(name)}, expected a chart or table of this page")
    text = chart_file(charts[key], kind)
    return {"name": f"watersellers-{key}.{kind}", "mime": MIMES[kind], "text": text, "png": kind == "png"}


def chart_file(chart: Chart | Table, kind: str) -> str:
    """Write a chart or table as the text of a file; for png this is the SVG, from which the browser makes pixels."""
    table = chart.data if isinstance(chart, Chart) else chart
    if kind == "csv":
        text = io.StringIO()
        csv.writer(text, lineterminator="\n").writerows([table.head, *table.rows])
        return text.getvalue()
    if kind == "json":
        rows = [dict(zip(table.head, row, strict=True)) for row in table.rows]
        return json.dumps(rows, ensure_ascii=False, indent=1, allow_nan=False)
    if not isinstance(chart, Chart):
        raise BadInput(f"file: found {shown(kind)} for a table, expected csv or json")
    return standalone(chart)
