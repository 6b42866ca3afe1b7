"""The live page of the lab in a real browser: by mouse, by keyboard, month by month."""

from contextlib import suppress
from pathlib import Path

import pytest

from tests.tools.lab_browser import SMALL, on_month, stepped
from watersellers.experiments.runs.dated_changes import Change
from watersellers.experiments.runs.run_spec import RunSpec, scenario_spec_of
from watersellers.experiments.runs.world import World


def test_a_question_one_press_and_the_money_flows_upstream(server, opened):
    page = opened(f"{server.address}/?{SMALL}")
    assert page.inner_text("h1") == "Who gets rich in artificial intelligence?"
    page.click("button.guess >> text=Labs")
    page.wait_for_selector(".running svg.streams .moving", state="attached")
    on_month(page, "2023")
    page.wait_for_selector("svg.streams [data-key='openai>azure']", state="attached")
    start, end = page.eval_on_selector(
        "svg.streams [data-key='openai>azure']",
        "path => [0, path.getTotalLength()].map(at => path.getPointAtLength(at).x)",
    )
    assert end < start  # from the lab on the right to the cloud on the left: upstream
    page.click("#play[data-do=pause]")
    page.wait_for_selector("#play[data-do=play]")
    assert "You guessed labs" in page.inner_text(".ask")


def test_a_picture_keeps_its_streams_while_others_come_and_go(server, opened):
    page = opened(f"{server.address}/?{SMALL}")
    page.wait_for_selector("#play:not([disabled])")
    stepped(page, 2)
    streams = "new Map([...document.querySelectorAll('svg.streams .flow')].map(path => [path.dataset.key, path]))"
    came_between = False
    for _ in range(6):
        page.evaluate(f"window.last = {streams}")
        stepped(page, 1)
        kept, new, twice = page.evaluate(
            f"""() => {{
                const now = {streams}, both = [...last.keys()].filter(key => now.has(key));
                return [both.every(key => last.get(key) === now.get(key)), [...now.keys()].map(key => !last.has(key)),
                        document.querySelectorAll('svg.streams .flow').length - now.size];
            }}"""
        )
        assert kept  # each is the same element as in the month before
        assert twice == 0  # and none is there twice
        came_between |= True in new and False in new[new.index(True) :]
    assert came_between


def test_dashes_run_where_pictures_are_drawn_quickly_and_rest_where_they_are_not(server, opened):
    sync_api = pytest.importorskip("playwright.sync_api")
    page = opened(f"{server.address}/?{SMALL}&month=0")
    page.wait_for_selector("#play:not([disabled])")
    page.select_option("#speed", "2")
    page.click("#play")
    page.wait_for_selector(".running svg.streams .moving", state="attached")
    dashes = "getComputedStyle(document.querySelector('.running svg.streams .moving')).animationName"
    for _ in range(4):  # a machine that has much else to do may need more than one play
        with suppress(sync_api.TimeoutError):
            page.wait_for_function(f"{dashes} === 'stream'", timeout=4000)
            break
        page.click("#play[data-do=pause]")
        page.click("#play[data-do=play]")
    assert page.evaluate(dashes) == "stream"
    page.evaluate(
        """() => new MutationObserver(() => { const end = performance.now() + 300; while (performance.now() < end); })
            .observe(document.querySelector('svg.streams'), { childList: true, subtree: true, attributes: true })"""
    )
    page.wait_for_function(f"{dashes} === 'none'")


def test_step_back_scrub_branch_and_reload_come_to_the_same_month(server, opened):
    page = opened(f"{server.address}/?{SMALL}")
    page.wait_for_selector("#play:not([disabled])")
    stepped(page, 3)
    page.click("[data-do=back]")
    on_month(page, "February 2023")
    page.fill("#month", "0")
    on_month(page, "January 2023")
    page.wait_for_function("location.search.includes('month=0')")
    page.reload()
    on_month(page, "January 2023")
    stepped(page, 2)
    page.click("[data-do=back]")
    page.click("[data-do=branch]")
    page.wait_for_selector("[data-do=branch]", state="detached")
    on_month(page, "February 2023")


def test_a_knob_acts_from_the_next_month_and_the_link_is_the_run_with_that_change(server, opened):
    page = opened(f"{server.address}/?{SMALL}")
    page.wait_for_selector("#play:not([disabled])")
    stepped(page, 2)
    page.fill("[id='lever:apps.list_price']", "5")
    page.wait_for_selector(".changes li")
    assert "March 2023" in page.inner_text(".changes li") or "2023-03" in page.inner_text(".changes li")
    stepped(page, 2)
    page.wait_for_function("location.search.includes('month=3')")
    shown = page.inner_text(".ask .lead")
    again = opened(page.url)
    on_month(again, "April 2023")
    assert again.inner_text(".ask .lead") == shown
    run_spec = RunSpec(users=100, seed=4, changes=(Change("2023-03", "apps.list_price", 5.0),))
    world = World(scenario_spec_of(run_spec), rng=4, months=4, users=100)
    while world.running:
        world.step()
    layers = world.result().layers
    profit = int(layers.filter(layer="chips")["operating_profit"].sum()) / 100
    assert f"Chips ${profit / 1e9:.1f}" in shown or f"Chips ${profit / 1e6:.0f}" in shown


def test_the_whole_lab_can_be_used_by_keyboard_alone(server, opened):
    page = opened(f"{server.address}/?{SMALL}")
    page.wait_for_selector("#play:not([disabled])")
    stepped(page, 1)
    page.keyboard.press("Escape")
    page.focus("#stage")
    page.keyboard.press("Space")
    page.wait_for_selector("#play[data-do=pause]")
    page.keyboard.press("Space")
    page.wait_for_selector("#play[data-do=play]")
    page.focus("svg.streams [data-value=nvidia]")
    page.keyboard.press("ArrowDown")
    assert page.evaluate("document.activeElement.dataset.value") in ("amd", "ascend")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowRight")
    assert page.evaluate("document.activeElement.dataset.at").startswith("206")
    page.keyboard.press("Enter")
    page.wait_for_selector(".drawer h2")
    assert page.eval_on_selector_all("svg.streams [tabindex='0']", "nodes => nodes.length") == 1


def test_a_firm_shows_its_books_and_a_user_its_month(server, opened):
    page = opened(f"{server.address}/?{SMALL}")
    page.wait_for_selector("#play:not([disabled])")
    stepped(page, 3)
    page.focus("svg.streams [data-value=openai]")
    page.keyboard.press("Enter")
    page.wait_for_selector(".drawer [data-key=books]")
    page.select_option("#statement", "balance_sheet")
    page.wait_for_selector(".drawer caption >> text=Balance sheet")
    page.focus("svg.streams [data-value=users_west]")
    page.keyboard.press("Enter")
    page.wait_for_selector("text=User number 1")
    page.fill("#user", "12")
    page.press("#user", "Enter")
    page.wait_for_selector("text=User number 12")


def test_a_picture_is_taken_away_as_a_file_of_every_kind(server, opened):
    page = opened(f"{server.address}/?{SMALL}&month=1")
    on_month(page, "February 2023")
    page.click("[data-key=data-streams] summary")
    for kind, begins in {"csv": b"Payer,", "json": b"[", "svg": b"<svg", "png": b"\x89PNG"}.items():
        with page.expect_download() as waited:
            page.click(f"[data-value='streams.{kind}']")
        data = Path(waited.value.path()).read_bytes()
        assert data.startswith(begins)
        assert len(data) > 500


def test_two_worlds_are_compared_and_the_money_is_followed(server, opened):
    page = opened(f"{server.address}/?{SMALL}&month=5")
    on_month(page, "June 2023")
    page.click("nav >> text=Compare")
    page.select_option("#with", "cheap_seats")
    page.wait_for_selector(".pairs figure:nth-of-type(2)")
    assert "Difference" in page.inner_text("article table")
    page.click("nav >> text=Follow the dollar")
    page.wait_for_selector("[data-key=dollar_ends]")
    page.select_option("#source", "enterprises")
    page.wait_for_selector("text=Where the money of Enterprises is now")
    page.go_back()
    page.wait_for_selector("h1 >> text=Two worlds")
