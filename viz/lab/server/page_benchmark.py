"""The speed of the lab on this machine: ``python -m watersellers.viz.lab.server.page_benchmark``.

No browser takes part; the benchmark measures what the server sends. One page with the reference world is asked for 50
months per second; then ten pages are asked for five months per second each.
"""

import sys
import time
from dataclasses import dataclass

from watersellers.viz.lab.server.frame_pump import FramePump
from watersellers.viz.lab.server.session import Session
from watersellers.viz.lab.worlds.month_sources import RunProvider
from watersellers.viz.lab.worlds.remote_world import RemoteWorlds

USERS = 1000
CASES = ((1, 50.0), (10, 5.0))  # pages at once, and months per second requested of each


@dataclass(frozen=True)
class PageSpeed:
    """What pages reached: months per second of the slowest, frames per second of each, milliseconds per frame."""

    months: float
    frames: float
    milliseconds: float


def measure(worlds: RunProvider, pages: int, asked: float, users: int = USERS) -> PageSpeed:
    """Let several pages play at once, each its own run, until one of them reaches its last month."""
    sessions = [Session(f"users={users}&seed={number + 1}", worlds=worlds) for number in range(pages)]
    for session in sessions:
        session.act({"do": "set", "key": "speed", "value": asked})
        session.act({"do": "step"})
        session.runner.wait_for(lambda view: bool(view.snapshots), 60.0)
        session.frame()
    pumps = [FramePump(session, lambda _: None, lambda: pages) for session in sessions]
    started = time.monotonic()
    for session in sessions:
        session.act({"do": "play"})
    while not any(session.view.over for session in sessions):
        time.sleep(0.01)
    took = time.monotonic() - started
    months = min(len(session.view.snapshots) for session in sessions) - 1
    for pump, session in zip(pumps, sessions, strict=True):
        pump.stop()
        session.close()
    rates = [pump.rate for pump in pumps]
    frames, seconds = sum(rate.frames for rate in rates), sum(rate.seconds for rate in rates)
    return PageSpeed(months / took, frames / took / pages, 1000 * seconds / frames)


def main() -> None:
    """Print what was reached."""
    worlds = RemoteWorlds()
    for pages, asked in CASES:
        found = measure(worlds, pages, asked)
        sys.stdout.write(
            f"pages {pages}, asked {asked:g} months per second with {USERS} users: {found.months:.1f} reached, "
            f"{found.frames:.1f} frames per second of {found.milliseconds:.1f} ms\n"
        )


if __name__ == "__main__":
    main()
