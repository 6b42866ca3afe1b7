"""Try what a study is to do before it begins: load its measures, live two months of a point."""

import io
import time
import traceback
from collections.abc import Mapping
from typing import Any

from watersellers.experiments.errors import BadInput
from watersellers.experiments.scenario import load_scenario
from watersellers.experiments.sweeps.measuring import loaded, measured
from watersellers.experiments.sweeps.plan import scenario_of

TRIED = 2  # months: the first one warms up, the second is timed


def answer(asked: Mapping[str, Any]) -> dict[str, Any]:
    """Load a measure, or live a short run, and say what came of it: ``refused`` is the input's fault."""
    try:
        if "load" in asked:
            loaded([asked["load"]])
            return {}
        return _timed(asked)
    except BadInput as error:
        return {"refused": error.problems}
    except (Exception, SystemExit) as error:  # noqa: BLE001 - whatever a measure or the model raises is said
        return {"failed": "".join(traceback.format_exception_only(error)).strip()}


def _timed(asked: Mapping[str, Any]) -> dict[str, Any]:
    """Live a short run and measure it: seconds until its first month is over, of its second one, bytes of measures."""
    from watersellers.experiments.world import World

    clock = time.perf_counter()
    setting = load_scenario(scenario_of(asked["text"], asked["name"]), asked["settings"])
    world = World(setting, rng=asked["seed"], months=min(TRIED, asked["months"]), users=asked["users"])
    world.step()
    warm = time.perf_counter()
    if world.running:
        world.step()
    month = time.perf_counter() - warm
    buffer = io.BytesIO()
    measured(world.result(), asked["measures"], asked["run"]).write_parquet(buffer)
    return {"first": warm - clock, "month": month, "bytes": buffer.tell()}
