"""Measure the pace of pages in real browser windows on this machine: ``python -m tests.tools.browser_pace [pages]``.

Each page plays its own run of 1,000 users at five months a second, and all are drawn at once, which no browser does
with pages that lie behind others. Printed is each page's pace, from the press on play to the last month on the screen.
"""

import sys
import time

from playwright import sync_api

from tests.tools.lab_browser import CHROMIUM, FLAGS, WIDE
from tests.tools.lab_process import Server

PAGES, ASKED = 10, 5  # months a second
WATCH = """() => {
    const month = document.querySelector('#month');
    window.begun = performance.now();
    window.frames = 0;
    new MutationObserver(() => {
        window.frames += 1;
        if (!window.took && +month.value >= +month.max) window.took = (performance.now() - window.begun) / 1000;
    }).observe(document.querySelector('.now'), { childList: true, characterData: true, subtree: true });
    document.querySelector('#play').click();
}"""
DONE = "window.took ? [+document.querySelector('#month').max / took, frames / took] : null"


def main(pages: int) -> None:
    """Open the pages, let them play, and say what they reached."""
    server = Server()
    with sync_api.sync_playwright() as tools:
        browser = tools.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        opened = [browser.new_context(viewport=WIDE).new_page() for _ in range(pages)]
        for seed, page in enumerate(opened, 1):
            page.goto(f"{server.address}/?users=1000&seed={seed}&month=0")
            page.wait_for_selector("#play:not([disabled])")
            page.select_option("#speed", str(ASKED))
        for page in opened:
            page.evaluate(WATCH)
        found: list[list[float]] = []
        while len(found) < pages:
            time.sleep(0.5)
            found = [done for page in opened if (done := page.evaluate(DONE))]
        browser.close()
    server.stop()
    months, frames = (sorted(column) for column in zip(*found, strict=True))
    sys.stdout.write(
        f"{pages} pages, asked {ASKED} months a second: {months[0]:.2f} to {months[-1]:.2f} reached, "
        f"{frames[0]:.1f} to {frames[-1]:.1f} frames a second\n"
    )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else PAGES)
