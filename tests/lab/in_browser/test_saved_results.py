"""Saved runs and sweeps opened in the lab, in a real browser."""

from typing import Any

from tests.tools.lab_browser import on_month
from tests.tools.lab_process import Server
from watersellers import Sweep, run


def test_a_saved_run_is_replayed(tmp_path, opened):
    folder = run("baseline", seed=4, months=5, users=100).save(tmp_path / "one")
    server = Server(str(folder))
    try:
        page = opened(f"{server.address}/?month=3")
        on_month(page, "April 2023")
        page.fill("[id='lever:apps.list_price']", "5")
        page.wait_for_selector(".failure >> text=saved run")
    finally:
        server.stop()


def test_a_sweep_is_opened_with_its_pictures(opened, tmp_path):
    """The map says which layer profits most, and each picture can be taken away."""
    varied: dict[str, Any] = {"chips.nvidia.lock_in": [0, 5], "users.taste": [0.1, 3]}
    Sweep("baseline", varied, months=13, users=50, measures=("last12.profit_over_final_spending",)).run(
        tmp_path / "sweep"
    )
    server = Server(str(tmp_path / "sweep"))
    try:
        page = opened(server.address)
        page.wait_for_selector("section.sweep figure svg")
        assert page.inner_text("section.sweep h2") == "sweep: 4 runs"
        assert "last12.profit_over_final_spending, the 12 months to January 2024 over" in page.inner_text(
            "section.sweep h3 >> nth=0"
        )
        assert page.query_selector("section.sweep figure [data-value$='.png']")
    finally:
        server.stop()
