"""A process that makes runs: it reads one a line, makes it, writes its part, and answers with a line.

It belongs to whoever started it: when that process is gone, however it went, this one goes too, even in a run.
"""

import json
import os
import sys
import threading
import time
import traceback
from collections.abc import Iterator
from pathlib import Path
from queue import SimpleQueue
from typing import Any

UNSAVED = "unsaved"  # the answer where a run was made and could not be written
READY = {"ready": True}


def main() -> None:
    """Serve until nobody asks any more."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # what a run or a measure prints is no answer
    lines = _lines()
    hello = json.loads(next(lines))
    from experiments.sweeps.making import Maker

    try:
        maker = Maker.of(Path(hello["folder"]), hello["version"])
    except Exception as error:  # noqa: BLE001 - whatever it is, the one who asks says it
        _say(answers, {"refused": str(error)})
        return
    _say(answers, READY)
    for line in lines:
        _say(answers, answer_to(maker, json.loads(line)))


def answer_to(maker: Any, asked: dict[str, Any]) -> dict[str, Any]:
    """Make a run, write its part, and say what became of it."""
    from dataclasses import asdict

    from experiments.sweeps.parts import FAILED, Outcome

    clock = time.perf_counter()
    try:
        made = maker.make(asked)
    except Exception as error:  # noqa: BLE001 - a run that raises is a row of the table, with its traceback
        text = "".join(traceback.format_exception(error))
        made = maker.nothing(Outcome(asked["run"], FAILED, round(time.perf_counter() - clock, 3), None, text))
    try:
        maker.write(made)
    except OSError as error:
        return {"run": asked["run"], "status": UNSAVED, "error": f"{error.filename or 'writing'}: {error.strerror}"}
    return asdict(made.outcome)


def _lines() -> Iterator[str]:
    """Give the lines asked, and end this process as soon as nobody is there to ask."""
    asked: SimpleQueue[str] = SimpleQueue()

    def listen() -> None:
        for line in sys.stdin:
            asked.put(line)
        os._exit(0)

    threading.Thread(target=listen, daemon=True).start()
    while True:
        yield asked.get()


def _say(answers: Any, answer: dict[str, Any]) -> None:
    answers.write(json.dumps(answer) + "\n")
    answers.flush()


if __name__ == "__main__":
    main()
