"""The month as an agent set of mesa-frames: ``python -m watersellers.experiments.benchmark.mesa_frames_set WORK``."""

import numpy as np
import polars as pl
from mesa_frames import AgentSetPolars, ModelDF

from watersellers.experiments.benchmark.frames import count_seats, frame_of, live_month, with_draws
from watersellers.experiments.benchmark.timed_process import Region, serve


class People(AgentSetPolars):
    """A region's users as the agents of a set, whose step is one expression over all of them."""

    def __init__(self, model: ModelDF, region: Region):
        super().__init__(model)
        self.region, self.generator = region, np.random.Generator(np.random.PCG64(1))
        self.start = frame_of(region).with_columns(unique_id=pl.int_range(pl.len()))
        self.add(self.start)

    def reset(self) -> None:
        """Go back to the frame at the start of the month."""
        self.agents = self.start

    def step(self) -> None:
        """Compute the month."""
        self.agents = live_month(with_draws(self.agents, self.generator), self.region)
        count_seats(self.agents, self.region)


class Frames:
    """A model with a set for each region."""

    def __init__(self, regions: list[Region]):
        self.sets = [People(ModelDF(), region) for region in regions]

    def reset(self) -> None:
        """Go back to the frames at the start of the month."""
        for people in self.sets:
            people.reset()

    def month(self) -> None:
        """Compute the month."""
        for people in self.sets:
            people.do("step")

    def seats(self) -> list[tuple[np.ndarray, np.ndarray]]:
        """Return the choices of all users."""
        return [(people.agents["app"].to_numpy(), people.agents["tier"].to_numpy()) for people in self.sets]


if __name__ == "__main__":
    serve(Frames)
