"""A worker process for whoever asks it for runs: begun when needed, ended when it hangs, replaced when killed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock
from typing import Any

from watersellers.experiments.errors import BadInput, CutShort
from watersellers.experiments.sweeps.parts import LOST, OK, TIMED_OUT, Outcome, part_of, read_part, write_part
from watersellers.experiments.sweeps.talking import BEGINNING, Ended, Hung, Talk
from watersellers.experiments.sweeps.worker import UNSAVED

TRIES = 2  # a machine short of memory kills whom it likes; who dies twice did it itself


@dataclass
class Desk:
    """A place for one worker process, which makes one run at a time."""

    folder: Path
    version: str
    modules: Mapping[str, str]
    time_limit: float
    _talk: Talk | None = None
    _lock: Lock = field(default_factory=Lock)
    _closed: bool = False

    def outcome(self, asked: dict[str, Any]) -> Outcome | None:
        """Have a run made, and say what became of it; None if the desk was closed meanwhile.

        Raises
        ------
        CutShort
            If a made run can't be written.
        BadInput
            If the worker can't make runs of this study at all.
        """
        how = ""
        for _ in range(TRIES):
            try:
                return self._answered(self._ask(asked))
            except Hung as hung:
                return self._written(Outcome(asked["run"], TIMED_OUT, self.time_limit, None, str(hung)))
            except Ended as end:
                if self._closed:
                    return None
                how = str(end)
                done = read_part(part_of(self.folder, asked["run"]))
                if done and done.status == OK:
                    return done  # it was killed after its work was on the disk
        return self._written(Outcome(asked["run"], LOST, None, None, f"its process {how}, {TRIES} times"))

    def close(self) -> None:
        """End the worker now, even in the middle of a run."""
        with self._lock:
            self._closed = True
            if self._talk is not None:
                self._talk.kill()

    def leave(self) -> None:
        """Let the worker go, that has nothing to do any more."""
        talk, self._talk = self._talk, None
        if talk is not None:
            talk.leave()

    def _ask(self, asked: dict[str, Any]) -> dict[str, Any]:
        """Ask for a run, and wait for the answer as long as a run may take."""
        try:
            talk = self._talk or self._begun()
            return talk.ask(asked, self.time_limit)
        except (Ended, Hung):
            self._talk = None
            raise

    def _begun(self) -> Talk:
        """Begin a worker process, and hear that it is ready."""
        with self._lock:
            if self._closed:
                raise Ended("was not begun")
            self._talk = Talk()
        hello = {"folder": str(self.folder), "version": self.version, "modules": dict(self.modules)}
        ready = self._talk.ask(hello, BEGINNING)
        if "refused" in ready:
            self.leave()
            raise BadInput(ready["refused"])
        return self._talk

    def _answered(self, answer: dict[str, Any]) -> Outcome:
        """Read an answer."""
        if answer["status"] == UNSAVED:
            raise CutShort(answer["error"])
        return Outcome(**answer)

    def _written(self, outcome: Outcome) -> Outcome:
        """Write the part of a run whose worker could not."""
        try:
            write_part(self.folder, outcome)
        except OSError as error:
            raise CutShort(f"{error.filename or 'writing'}: {error.strerror}") from None
        return outcome
