"""A process that makes runs: it reads one a line, makes it, writes its part, and answers with a line.

It belongs to whoever started it: when that process is gone, however it went, this one goes too, even in a run. What is
the user's own runs here and nowhere else: whatever a measure prints, reads, begins or ends, only this process feels it.
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
from typing import Any, TextIO

UNSAVED = "unsaved"  # the answer where a run was made and could not be written
READY = {"ready": True}


def main() -> None:
    """Serve until nobody asks any more."""
    answers, lines = os.fdopen(os.dup(1), "w", encoding="utf-8"), _lines(_questions())
    os.dup2(2, 1)  # what a run or a measure prints is no answer
    me, hello = os.getpid(), json.loads(next(lines))
    try:
        answer = _answering(hello)
    except Exception as error:  # noqa: BLE001 - whatever it is, the one who asks says it
        _say(answers, {"refused": str(error) or repr(error)})
        os._exit(0)  # nothing that a module of the user's left behind may keep this process
    _say(answers, READY)
    for line in lines:
        found = answer(json.loads(line))
        if os.getpid() != me:
            os._exit(0)  # a measure split this process in two, and its other half came back here
        _say(answers, found)


def _answering(hello: dict[str, Any]) -> Any:
    """Find how to answer: with runs of a sweep, or with a trial of one that is not begun yet."""
    from watersellers.experiments.sweeps.own_modules import load_from

    load_from(hello["modules"])
    if "folder" not in hello:
        from watersellers.experiments.sweeps.trying import answer

        return answer
    from watersellers.experiments.sweeps.making import Maker

    maker = Maker.of(Path(hello["folder"]), hello["version"])
    return lambda asked: answer_to(maker, asked)


def answer_to(maker: Any, asked: dict[str, Any]) -> dict[str, Any]:
    """Make a run, write its part, and say what became of it."""
    from dataclasses import asdict

    from watersellers.experiments.sweeps.parts import FAILED, Outcome

    clock = time.perf_counter()
    try:
        made = maker.make(asked)
    except (Exception, SystemExit) as error:  # noqa: BLE001 - a row of the table, with its traceback
        text = "".join(traceback.format_exception(error))
        made = maker.nothing(Outcome(asked["run"], FAILED, round(time.perf_counter() - clock, 3), None, text))
    try:
        maker.write(made)
    except OSError as error:
        return {"run": asked["run"], "status": UNSAVED, "error": f"{error.filename or 'writing'}: {error.strerror}"}
    return asdict(made.outcome)


def _questions() -> TextIO:
    """Take the pipe of questions for this alone, so that a measure which reads its input finds none."""
    questions = os.fdopen(os.dup(0), encoding="utf-8")
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    sys.stdin = os.fdopen(0, encoding="utf-8", closefd=False)
    return questions


def _lines(questions: TextIO) -> Iterator[str]:
    """Give the lines asked, and end this process as soon as nobody is there to ask."""
    asked: SimpleQueue[str] = SimpleQueue()

    def listen() -> None:
        for line in questions:
            asked.put(line)
        os._exit(0)

    threading.Thread(target=listen, daemon=True).start()
    while True:
        yield asked.get()


def _say(answers: TextIO, answer: dict[str, Any]) -> None:
    answers.write(json.dumps(answer) + "\n")
    answers.flush()


if __name__ == "__main__":
    main()
