"""Try a study before it starts: load its measures and run two months of one point."""

import io
import time
import traceback
from collections.abc import Mapping
from typing import Any

from watersellers.experiments.input.errors import BadInput
from watersellers.experiments.loading.loader import load_scenario
from watersellers.experiments.sweeps.measures import load_measures, measure_run
from watersellers.experiments.sweeps.study.plan import scenario_of

TRIAL_MONTHS = 2  # the first month warms up, the second is timed


def try_study(request: Mapping[str, Any]) -> dict[str, Any]:
    """Load a measure or make a short run, and return the result; ``refused`` holds mistakes in the input."""
    try:
        if "load" in request:
            load_measures([request["load"]])
            return {}
        return _time_two_months(request)
    except BadInput as error:
        return {"refused": error.problems}
    except (Exception, SystemExit) as error:  # noqa: BLE001 - a measure or the model may raise anything
        return {"failed": "".join(traceback.format_exception_only(error)).strip()}


def _time_two_months(request: Mapping[str, Any]) -> dict[str, Any]:
    """Make and measure a short run: seconds to the end of its first month, seconds of its second, bytes of measures."""
    from watersellers.experiments.runs.world import World

    clock = time.perf_counter()
    spec = load_scenario(scenario_of(request["text"], request["name"]), request["settings"])
    world = World(spec, rng=request["seed"], months=min(TRIAL_MONTHS, request["months"]), users=request["users"])
    world.step()
    first_month_over = time.perf_counter()
    if world.running:
        world.step()
    month = time.perf_counter() - first_month_over
    buffer = io.BytesIO()
    measure_run(world.result(), request["measures"], request["run"]).write_parquet(buffer)
    return {"first": first_month_over - clock, "month": month, "bytes": buffer.tell()}
