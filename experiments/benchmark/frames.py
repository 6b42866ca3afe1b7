"""The month as Polars expressions over a frame of users, for both contenders that use data frames."""

import numpy as np
import polars as pl

from watersellers.experiments.benchmark.timed_process import Region, awareness, tastes


def frame_of(region: Region) -> pl.DataFrame:
    """Return a region's users as a frame: their traits, and for each app whether they know it and how they like it."""
    rows = region.rows
    columns = {name: getattr(rows, name) for name in ("weight", "use", "worth", "log_use", "app", "tier")}
    columns |= {f"known{app}": known for app, known in enumerate(awareness(region))}
    columns |= {f"taste{app}": taste for app, taste in enumerate(tastes(region))}
    return pl.DataFrame(columns)


def with_draws(users: pl.DataFrame, generator: np.random.Generator) -> pl.DataFrame:
    """Draw two numbers per user: one for hearing of an app, one for the choice."""
    draws = {name: generator.random(len(users), dtype=np.float32) for name in ("hear", "choose")}
    return users.with_columns(**{name: pl.Series(column) for name, column in draws.items()})


def awareness_after(region: Region) -> list[pl.Expr]:
    """Return, for each app, whether a user knows it after this month."""
    reach, draw = [0.0, *np.cumsum(region.terms.rates).tolist()], pl.col("hear")
    return [
        pl.col(f"known{app}") | ((draw >= reach[app]) & (draw < reach[app + 1])) for app in range(len(region.terms.key))
    ]


def weights(region: Region) -> list[pl.Expr]:
    """Return the weight of each seat for each user, in the apps' order, free before paid."""
    terms, found, nothing = region.terms, [], pl.lit(np.float32(0))
    for app in np.flatnonzero(terms.offered).tolist():
        here = pl.col("app") == app
        stay = [
            pl.when(here & (pl.col("tier") == tier)).then(pl.lit(terms.habit)).otherwise(nothing) for tier in (0, 1)
        ]
        liking = pl.col(f"taste{app}") + terms.base[app]
        over = (pl.col("log_use") - terms.log_quota[app]).clip(lower_bound=0)
        free = liking + stay[0] - over * terms.quota_weight
        paid = liking + stay[1] + terms.paid_bonus - pl.lit(terms.price[app]) / pl.col("worth")
        for tier, utility in enumerate((free, paid)):
            weight = pl.when(pl.col(f"known{app}")).then(utility.exp()).otherwise(nothing)
            found.append(weight.alias(f"{2 * app + tier}"))
    return found


def live_month(users: pl.DataFrame, region: Region) -> pl.DataFrame:
    """Let all users hear and choose: a user's number selects a seat from the cumulated weights."""
    known = [expression.alias(f"known{app}") for app, expression in enumerate(awareness_after(region))]
    seats = weights(region)
    names = [seat.meta.output_name() for seat in seats]
    reach = pl.cum_sum_horizontal(*names).alias("reach")
    goal = pl.col("choose") * (pl.sum_horizontal(names) + float(np.exp(region.terms.outside)))
    plan = users.lazy().with_columns(known).with_columns(seats).with_columns(reach, goal=goal).drop(names)
    rank = pl.sum_horizontal([pl.col("goal") >= pl.col(name) for name in names])
    listed = pl.Series([*map(int, names), -2], dtype=pl.Int64)  # -2 stands for no seat: half of it, -1, is no app
    plan = plan.unnest("reach").with_columns(seat=pl.lit(listed).gather(rank)).drop(names)
    return plan.with_columns(app=pl.col("seat") // 2, tier=pl.col("seat") % 2).collect()


def count_seats(users: pl.DataFrame, region: Region) -> pl.DataFrame:
    """Add up people and queries by seat."""
    quota = pl.DataFrame({"app": np.arange(len(region.terms.quota)), "quota": region.terms.quota})
    joined = (
        users.lazy().filter(pl.col("app") >= 0).with_columns(pl.col("app").cast(pl.Int64)).join(quota.lazy(), on="app")
    )
    queries = pl.when(pl.col("tier") == 0).then(pl.min_horizontal("use", "quota")).otherwise("use")
    return joined.group_by("app", "tier").agg(pl.col("weight").sum(), (queries * pl.col("weight")).sum()).collect()
