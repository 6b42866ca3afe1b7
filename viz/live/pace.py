"""How fast the lab is on this machine: ``python -m viz.live.pace``. No browser is in it; what it sends is what counts.

A run of the reference world is asked for 50 months a second while frames of the live page are made at ten a second.
"""

import sys
import time
from dataclasses import dataclass

from viz.live.lab import Lab

ASKED, FRAMES = 50.0, 10.0  # months and frames a second
USERS = 1000


@dataclass(frozen=True)
class Pace:
    """What was reached: months a second, the share of frames in time, and milliseconds of computing a frame."""

    months: float
    frames: float
    milliseconds: float
    bytes_: int


def measure(users: int = USERS, asked: float = ASKED) -> Pace:
    """Live a whole run and draw it while it goes."""
    lab = Lab(f"users={users}")
    lab.runner.wait_for(lambda view: view.setting is not None and not view.busy)
    lab.act({"do": "set", "key": "speed", "value": asked})
    lab.frame()
    lab.act({"do": "play"})
    started, spent, made, size = time.monotonic(), 0.0, 0, 0
    while not lab.view.over:
        before = time.thread_time()
        size = sum(len(str(piece)) for piece in lab.frame().values())
        spent, made = spent + time.thread_time() - before, made + 1
        time.sleep(max(0.0, started + made / FRAMES - time.monotonic()))
    took, months = time.monotonic() - started, lab.view.goal
    lab.close()
    return Pace(months / took, made / took / FRAMES, 1000 * spent / made, size)


def main() -> None:
    """Say what was reached."""
    found = measure()
    sys.stdout.write(
        f"asked {ASKED:g} months a second with {USERS} users: {found.months:.1f} reached\n"
        f"frames in time at {FRAMES:g} a second: {found.frames:.0%}\n"
        f"computing a frame: {found.milliseconds:.1f} ms, {found.bytes_ / 1000:.0f} kB\n"
    )


if __name__ == "__main__":
    main()
