"""One Mesa agent per user, as most models are written.

``python -m watersellers.experiments.benchmark.mesa_objects WORK``
"""

from math import exp
from typing import Any

import mesa
import numpy as np

from watersellers.experiments.benchmark.timed_process import Region, awareness, serve, tastes

SHARE = 1 / 100  # of the users: time is linear in their number, and a round with all takes a minute


class User(mesa.Agent):
    """A user that stores its own numbers and chooses by itself; the terms are plain lists, the fastest to read."""

    def __init__(self, model: "Month", numbers: tuple[Any, ...], known: set[int], taste: list[float]):
        super().__init__(model)
        self.weight, self.use, self.worth, self.log_use, self.app, self.tier = numbers
        self.known, self.taste = known, taste

    def live(self) -> None:
        """Hear of an app, choose among those known, and be counted."""
        model = self.model
        draw = model.random.random()
        if draw < model.reach[-1]:
            self.known.add(next(app for app, reach in enumerate(model.reach) if draw < reach))
        seats, running = [], 0.0
        for app in sorted(self.known):
            if app in model.offers:
                base, price, log_quota = model.offers[app]
                liking = base + self.taste[app]
                stay = model.habit if app == self.app else 0.0
                free = liking + (stay if self.tier == 0 else 0.0)
                running += exp(free - model.quota_weight * max(self.log_use - log_quota, 0.0))
                seats.append((running, app, 0))
                paid = liking + (stay if self.tier == 1 else 0.0) + model.paid_bonus
                running += exp(paid - price / self.worth)
                seats.append((running, app, 1))
        goal = model.random.random() * (running + model.outside)
        self.app, self.tier = next(((app, tier) for reach, app, tier in seats if goal < reach), (-1, 0))
        if self.app >= 0:
            queries = self.use if self.tier else min(self.use, model.quota[self.app])
            model.counted[self.app][self.tier] += self.weight
            model.counted[self.app][2 + self.tier] += self.weight * queries


class Month(mesa.Model):
    """A region's users, and the terms of their month."""

    def __init__(self, region: Region):
        super().__init__(rng=1)
        rows, terms = region
        columns = (rows.weight, rows.use, rows.worth, rows.log_use, rows.app, rows.tier)
        self.start = list(zip(*(column.tolist() for column in columns), strict=True))
        self.known = [set(np.flatnonzero(known).tolist()) for known in awareness(region).T]
        for numbers, known, taste in zip(self.start, self.known, tastes(region).T.tolist(), strict=True):
            User(self, numbers, set(known), taste)
        listed = zip(terms.base.tolist(), terms.price.tolist(), terms.log_quota.tolist(), strict=True)
        self.offers = {app: offer for app, offer in enumerate(listed) if terms.offered[app]}
        self.reach, self.quota = np.cumsum(terms.rates).tolist(), terms.quota.tolist()
        self.habit, self.paid_bonus = float(terms.habit), float(terms.paid_bonus)
        self.quota_weight, self.outside = float(terms.quota_weight), exp(float(terms.outside))

    def reset(self) -> None:
        """Put the users back to the start of the month."""
        self.counted = [[0] * 4 for _ in self.quota]
        for user, numbers, known in zip(self.agents, self.start, self.known, strict=True):
            user.app, user.tier = numbers[4:]
            user.known = set(known)


class MesaObjects:
    """A Mesa model for each region."""

    def __init__(self, regions: list[Region]):
        self.models = [Month(region) for region in regions]

    def reset(self) -> None:
        """Put the users back to the start of the month."""
        for model in self.models:
            model.reset()

    def month(self) -> None:
        """Let every agent live its month."""
        for model in self.models:
            model.agents.do("live")

    def seats(self) -> list[tuple[np.ndarray, np.ndarray]]:
        """Return the choices of all users."""
        return [(_column(model, "app"), _column(model, "tier")) for model in self.models]


def _column(model: Month, what: str) -> np.ndarray:
    return np.array([getattr(user, what) for user in model.agents])


if __name__ == "__main__":
    serve(MesaObjects, SHARE)
