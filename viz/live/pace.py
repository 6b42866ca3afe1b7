"""How fast the lab is on this machine: ``python -m watersellers.viz.live.pace``.

No browser is in it; what it sends is what counts.

One page of the reference world is asked for 50 months a second; then ten pages for five months a second each.
"""

import sys
import time
from dataclasses import dataclass

from watersellers.viz.live.elsewhere import Elsewhere
from watersellers.viz.live.lab import Lab
from watersellers.viz.live.lives import Lived
from watersellers.viz.live.pump import Pump

USERS = 1000
FORMS = ((1, 50.0), (10, 5.0))  # pages at once, and months a second asked of each


@dataclass(frozen=True)
class Pace:
    """What pages reached: months a second of the slowest, frames a second each, milliseconds of computing a frame."""

    months: float
    frames: float
    milliseconds: float


def measure(worlds: Lived, pages: int, asked: float, users: int = USERS) -> Pace:
    """Let pages play at once, each its own run, until the last month of the first."""
    labs = [Lab(f"users={users}&seed={number + 1}", worlds=worlds) for number in range(pages)]
    for lab in labs:
        lab.act({"do": "set", "key": "speed", "value": asked})
        lab.act({"do": "step"})
        lab.runner.wait_for(lambda view: bool(view.tape), 60.0)
        lab.frame()
    pumps = [Pump(lab, lambda _: None, lambda: pages) for lab in labs]
    started = time.monotonic()
    for lab in labs:
        lab.act({"do": "play"})
    while not any(lab.view.over for lab in labs):
        time.sleep(0.01)
    took = time.monotonic() - started
    months = min(len(lab.view.tape) for lab in labs) - 1
    for pump, lab in zip(pumps, labs, strict=True):
        pump.stop()
        lab.close()
    rhythms = [pump.rhythm for pump in pumps]
    frames, seconds = sum(each.frames for each in rhythms), sum(each.seconds for each in rhythms)
    return Pace(months / took, frames / took / pages, 1000 * seconds / frames)


def main() -> None:
    """Say what was reached."""
    worlds = Elsewhere()
    for pages, asked in FORMS:
        found = measure(worlds, pages, asked)
        sys.stdout.write(
            f"pages {pages}, asked {asked:g} months a second with {USERS} users: {found.months:.1f} reached, "
            f"{found.frames:.1f} frames a second of {found.milliseconds:.1f} ms\n"
        )


if __name__ == "__main__":
    main()
