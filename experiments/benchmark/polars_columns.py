"""The month as Polars expressions over a plain frame.

``python -m watersellers.experiments.benchmark.polars_columns WORK``
"""

import numpy as np

from watersellers.experiments.benchmark.frames import count_seats, frame_of, live_month, with_draws
from watersellers.experiments.benchmark.timed_process import Region, serve


class Frames:
    """A frame for each region, a new one each month."""

    def __init__(self, regions: list[Region]):
        self.regions, self.generator = regions, np.random.Generator(np.random.PCG64(1))
        self.start = [frame_of(region) for region in regions]

    def reset(self) -> None:
        """Go back to the frames at the start of the month."""
        self.now = list(self.start)

    def month(self) -> None:
        """Compute the month."""
        for number, region in enumerate(self.regions):
            self.now[number] = live_month(with_draws(self.now[number], self.generator), region)
            count_seats(self.now[number], region)

    def seats(self) -> list[tuple[np.ndarray, np.ndarray]]:
        """Return the choices of all users."""
        return [(users["app"].to_numpy(), users["tier"].to_numpy()) for users in self.now]


if __name__ == "__main__":
    serve(Frames)
