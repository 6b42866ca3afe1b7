"""The other world of the compare page: lived as far as the first one, in a runner of its own."""

from dataclasses import replace

from watersellers.experiments.steering import Recipe
from watersellers.viz.live.lives import Lived
from watersellers.viz.live.runner import Runner
from watersellers.viz.live.scene import Gauge, Past, Scene


class Beside:
    """A second world, begun when it is first asked for."""

    def __init__(self, worlds: Lived):
        self._worlds, self._gauge = worlds, Gauge()
        self._runner: Runner | None = None
        self._asked: Recipe | None = None  # for last, though it may have been refused

    @property
    def version(self) -> int:
        """Which view of it is there; -1 for none."""
        return self._runner.view.version if self._runner else -1

    def close(self) -> None:
        """Let go of it."""
        if self._runner is not None:
            self._runner.close(0.0)

    def sleep(self) -> None:
        """Let go of its world until more of it is asked for."""
        if self._runner is not None:
            self._runner.ask("sleep")

    def heard(self) -> None:
        """Note that what failed was read."""
        if self._runner is not None:
            self._runner.ask("heard")

    def compared(self, scene: Scene) -> Scene | None:
        """Live the other world as far as the first, and show what there is of it."""
        recipe, lived = scene.address.with_, len(scene.view.tape)
        if scene.address.page != "compare" or recipe is None:
            return None
        if self._runner is None:
            self._runner = Runner(recipe, self._worlds, lived)
        elif self._asked != recipe:
            self._runner.ask("start", (recipe, lived))
        self._asked = recipe
        view = self._runner.view
        if view.setting is not None and not view.busy and len(view.tape) < lived and not view.failed:
            self._runner.ask("until", lived)
        return replace(scene, view=view, gauge=self._gauge, past=Past(view.tape) if view.tape else None, charts={})
