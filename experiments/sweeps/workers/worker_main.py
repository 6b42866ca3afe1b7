"""The worker process: it reads one run per line, makes it, writes its record, and answers with one line.

It ends when the process that started it is gone, for whatever reason and even in the middle of a run. The user's own
code runs here and nowhere else: whatever a measure prints, reads, starts or ends affects this process alone.
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

UNSAVED = "unsaved"  # the status of a run that was made but could not be written
READY = {"ready": True}


def main() -> None:
    """Answer requests until the pipe is closed."""
    answers, lines = os.fdopen(os.dup(1), "w", encoding="utf-8"), _requests(_request_stream())
    os.dup2(2, 1)  # what a run or a measure prints goes to the error stream, apart from the answers
    me, hello = os.getpid(), json.loads(next(lines))
    try:
        answer = _answerer(hello)
    except Exception as error:  # noqa: BLE001 - the asking process reports it
        _send(answers, {"refused": str(error) or repr(error)})
        os._exit(0)  # at once: threads that a user's module has started must not keep this process
    _send(answers, READY)
    for line in lines:
        found = answer(json.loads(line))
        if os.getpid() != me:
            os._exit(0)  # a measure forked this process, and this is the child
        _send(answers, found)


def _answerer(hello: dict[str, Any]) -> Any:
    """Choose how to answer: with runs of a sweep, or with a trial before it starts."""
    from watersellers.experiments.input.scenario_warnings import never_say
    from watersellers.experiments.own_code.own_modules import register_modules

    never_say()
    register_modules(hello["modules"])
    if "folder" not in hello:
        from watersellers.experiments.sweeps.workers.trial import try_study

        return try_study
    from watersellers.experiments.sweeps.workers.one_run import RunMaker

    maker = RunMaker.of(Path(hello["folder"]), hello["version"])
    return lambda request: make_and_record(maker, request)


def make_and_record(maker: Any, request: dict[str, Any]) -> dict[str, Any]:
    """Make a run, write its part, and return its outcome."""
    from dataclasses import asdict

    from watersellers.experiments.sweeps.folder.run_record import FAILED, Outcome

    clock = time.perf_counter()
    try:
        made = maker.make(request)
    except (Exception, SystemExit) as error:  # noqa: BLE001 - becomes a row of the table, with its traceback
        text = "".join(traceback.format_exception(error))
        made = maker.without_measures(
            Outcome(request["run"], FAILED, round(time.perf_counter() - clock, 3), None, text)
        )
    try:
        maker.write(made)
    except OSError as error:
        return {"run": request["run"], "status": UNSAVED, "error": f"{error.filename or 'writing'}: {error.strerror}"}
    return asdict(made.outcome)


def _request_stream() -> TextIO:
    """Take the pipe of requests away from the standard input, so that a measure which reads its input finds none."""
    requests = os.fdopen(os.dup(0), encoding="utf-8")
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    sys.stdin = os.fdopen(0, encoding="utf-8", closefd=False)
    return requests


def _requests(stream: TextIO) -> Iterator[str]:
    """Yield the requests, and end this process as soon as the stream is closed."""
    waiting: SimpleQueue[str] = SimpleQueue()

    def listen() -> None:
        """Put each line into the queue; when there is no more, end the process whatever else it does."""
        for line in stream:
            waiting.put(line)
        os._exit(0)

    threading.Thread(target=listen, daemon=True).start()
    while True:
        yield waiting.get()


def _send(answers: TextIO, answer: dict[str, Any]) -> None:
    answers.write(json.dumps(answer, allow_nan=False) + "\n")
    answers.flush()


if __name__ == "__main__":
    main()
