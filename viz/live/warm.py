"""Loaded by the process alone from which worlds are split off: a world lived for two months, so that all is warm."""

from watersellers.experiments.steering import Recipe
from watersellers.viz.live.lives import Living

_worlds = Living()
_life = _worlds.begin(_worlds.setting(Recipe(users=100)), Recipe(users=100))
for _ in range(2):
    _life.next()
_life.close()
