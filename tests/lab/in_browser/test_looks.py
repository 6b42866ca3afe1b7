"""How the lab looks in a browser: on a phone, in the dark, to a checker of accessibility, and with Chinese names."""

import os
from pathlib import Path

import pytest

from tests.tools.lab_browser import PHONE, SMALL, on_month, to_page
from tests.tools.lab_process import Server
from watersellers import run
from watersellers.experiments.runs.result import Result
from watersellers.viz.lab.view.address import PAGES
from watersellers.viz.reports.run_report import write_report


@pytest.mark.parametrize("language", ["en", "fr"])
def test_no_page_is_wider_than_a_phone(server, opened, language):
    page = opened(f"{server.address}/?{SMALL}&month=2&language={language}", PHONE)
    page.wait_for_selector("svg.streams.narrow .flow", state="attached")
    assert page.evaluate("document.documentElement.lang") == language
    for name in PAGES:
        to_page(page, name)
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"], name


@pytest.mark.parametrize("system", ["light", "dark"])
def test_the_dark_is_dark_and_the_light_is_light_whatever_the_system_says(server, opened, system):
    page = opened(f"{server.address}/?page=stories", color_scheme=system)
    paper = {"light": "rgb(255, 255, 255)", "dark": "rgb(20, 23, 27)"}
    for theme in ("auto", "dark", "light"):
        page.select_option("#theme", theme)
        page.wait_for_function("theme => document.documentElement.dataset.theme === theme", arg=theme)
        shown = page.eval_on_selector(".lab", "node => getComputedStyle(node).backgroundColor")
        assert shown == paper[system if theme == "auto" else theme]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_an_automatic_checker_finds_nothing_serious(server, opened, theme):
    script = os.environ.get("AXE_CORE")
    if not script:
        pytest.skip("AXE_CORE does not name the file axe.min.js of the package axe-core; the project's own checks do")
    page = opened(f"{server.address}/?{SMALL}&month=3&look=openai&theme={theme}")
    page.wait_for_selector(".drawer [data-key=books]")
    page.evaluate(Path(script).read_text(encoding="utf-8"))
    found = {}
    for name in PAGES:
        to_page(page, name)
        page.wait_for_timeout(1000)
        for rule in page.evaluate("axe.run()")["violations"]:
            if rule["impact"] in ("serious", "critical"):
                found[name, rule["id"]] = [node["html"][:120] for node in rule["nodes"][:3]]
    assert found == {}


CHINESE = "\u963f\u91cc\u4e91\u82af\u7247"  # Alibaba Cloud, chip
BOXES = """() => {
    const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
    const drawn = (letter, font) => {
        canvas.canvas.width = canvas.canvas.height = 64;
        canvas.font = `32px ${font}`;
        canvas.fillText(letter, 8, 44);
        return canvas.getImageData(0, 0, 64, 64).data.join();
    };
    const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), letters = new Map();
    while (walk.nextNode()) {
        const font = getComputedStyle(walk.currentNode.parentElement).fontFamily;
        if (walk.currentNode.parentElement.closest('script, style')) continue;
        for (const letter of walk.currentNode.data) if (letter > '~') letters.set(letter + font, [letter, font]);
    }
    const found = [...letters.values()];
    const boxes = found.filter(([letter, font]) => drawn(letter, font) === drawn('\u0378', font));
    return [boxes, found].map((some) => some.map(([letter]) => letter).join(''));
}"""


def test_no_letter_is_shown_as_a_box_where_a_scenario_has_chinese_titles(opened, tmp_path):
    """Which fonts there are is the machine's own: one that can't show Chinese would show boxes on every picture."""
    scenario = {"extends": "baseline", "cloud": {"alibaba_cloud": {"title": CHINESE}}, "name": "titled"}
    folder = run(scenario, seed=4, months=3, users=100).save(tmp_path / "one")
    write_report(Result.open(folder), tmp_path / "report.html")
    server = Server(str(folder))
    try:
        page = opened(f"{server.address}/?month=2")
        on_month(page, "March 2023")
        page.wait_for_selector("svg.streams .flow", state="attached")
        seen = {"page": page.evaluate(BOXES)}
        report = page.context.browser.new_context().new_page()
        report.goto((tmp_path / "report.html").as_uri())
        seen["report"] = report.evaluate(BOXES)
        report.context.close()
    finally:
        server.stop()
    assert all(set(CHINESE) <= set(letters) for _, letters in seen.values())
    assert {where: boxes for where, (boxes, _) in seen.items()} == {"page": "", "report": ""}
