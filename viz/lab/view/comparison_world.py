"""The second world of the compare page: simulated as far as the first one, by a runner of its own."""

from dataclasses import replace

from watersellers.experiments.runs.run_spec import RunSpec
from watersellers.viz.lab.view.scene import History, LargestSizes, Scene
from watersellers.viz.lab.worlds.month_sources import RunProvider
from watersellers.viz.lab.worlds.runner import Runner


class ComparisonWorld:
    """A second world, started when it is first needed."""

    def __init__(self, worlds: RunProvider):
        self._worlds, self._largest = worlds, LargestSizes()
        self._runner: Runner | None = None
        self._requested: RunSpec | None = None  # the last one, even if it was refused

    @property
    def version(self) -> int:
        """The version of its view; -1 if it has not started."""
        return self._runner.view.version if self._runner else -1

    def close(self) -> None:
        """Release it."""
        if self._runner is not None:
            self._runner.close(0.0)

    def sleep(self) -> None:
        """Release its world until another month is needed."""
        if self._runner is not None:
            self._runner.ask("sleep")

    def dismiss(self) -> None:
        """Forget its failure, because the user has read it."""
        if self._runner is not None:
            self._runner.ask("dismiss")

    def scene_beside(self, scene: Scene) -> Scene | None:
        """Simulate the second world as far as the first, and return the scene of what exists of it."""
        run_spec, months = scene.address.with_, len(scene.view.snapshots)
        if scene.address.page != "compare" or run_spec is None:
            return None
        if self._runner is None:
            self._runner = Runner(run_spec, self._worlds, months)
        elif self._requested != run_spec:
            self._runner.ask("start", (run_spec, months))
        self._requested = run_spec
        view = self._runner.view
        if view.spec is not None and not view.busy and len(view.snapshots) < months and not view.failed:
            self._runner.ask("until", months)
        return replace(
            scene,
            view=view,
            largest=self._largest,
            history=History(view.snapshots) if view.snapshots else None,
            charts={},
        )
