"""A preload for the process from which worlds are forked: its import simulates two months of a small world."""

from watersellers.experiments.runs.run_spec import RunSpec
from watersellers.viz.lab.worlds.month_sources import NewWorlds

_worlds = NewWorlds()
_source = _worlds.start(_worlds.resolve(RunSpec(users=100)), RunSpec(users=100))
for _ in range(2):
    _source.next()
_source.close()
