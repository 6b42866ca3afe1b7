"""Chromium with one page, for tests of files that a browser opens."""

import json
import os
import select
import shutil
import subprocess

PATIENCE = 60  # seconds that Chromium may take for an answer
CHROMIUM = next(
    (found for name in ("chromium", "chromium-browser", "google-chrome") if (found := shutil.which(name))), None
)

# Asks for the texts of charts that overlap, or leave their picture.
CROWDED = """(() => {
    const found = [];
    for (const svg of document.querySelectorAll('svg.chart')) {
        const boxes = [...svg.querySelectorAll('text')].map(e => [e.textContent, e.getBoundingClientRect()]);
        boxes.forEach(([a, p], i) => boxes.slice(i + 1).forEach(([b, q]) => {
            const wide = Math.min(p.right, q.right) - Math.max(p.left, q.left);
            const high = Math.min(p.bottom, q.bottom) - Math.max(p.top, q.top);
            if (p.width && q.width && wide > 1 && high > 4) found.push([a, b, high]);
        }));
        const edge = svg.getBoundingClientRect();
        boxes.forEach(([a, p]) => { if (p.left < edge.left - 1 || p.right > edge.right + 1) found.push(a); });
    }
    return found;
})()"""


class Browser:
    """Chromium with one page, spoken to over two pipes: no package and no port is needed."""

    FLAGS = (
        *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--hide-scrollbars"),
        *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
        "--remote-debugging-pipe",
    )
    session = None

    def __init__(self, program, profile):
        commands, answers = os.pipe(), os.pipe()
        line = f'exec "$0" "$@" 3<&{commands[0]} 4>&{answers[1]}'
        self.process = subprocess.Popen(
            ["/bin/bash", "-c", line, program, *self.FLAGS, f"--user-data-dir={profile}", "about:blank"],
            pass_fds=(commands[0], answers[1]),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        os.close(commands[0])
        os.close(answers[1])
        self.to, self.back = commands[1], answers[0]
        self.waiting, self.seen, self.number = b"", [], 0
        page = self.send("Target.createTarget", url="about:blank")["targetId"]
        self.session = self.send("Target.attachToTarget", targetId=page, flatten=True)["sessionId"]
        for domain in ("Page", "Network", "Runtime", "Log"):
            self.send(f"{domain}.enable")

    def send(self, method, **params):
        self.number += 1
        message = {"id": self.number, "method": method, "params": params}
        message |= {"sessionId": self.session} if self.session else {}
        os.write(self.to, json.dumps(message).encode() + b"\0")
        while True:
            answer = self.read()
            if answer.get("id") == self.number:
                assert "error" not in answer, answer
                return answer["result"]
            self.seen.append(answer)

    def read(self):
        while b"\0" not in self.waiting:
            ready, _, _ = select.select([self.back], [], [], PATIENCE)
            assert ready, "Chromium does not answer"
            some = os.read(self.back, 1 << 20)
            assert some, "Chromium has ended"
            self.waiting += some
        one, self.waiting = self.waiting.split(b"\0", 1)
        return json.loads(one)

    def open(self, path, width=1280, dark=False):
        """Open a file in a window so wide, and give all that was asked for and all that went wrong on the way."""
        self.seen = []
        size = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 500}
        self.send("Emulation.setDeviceMetricsOverride", **size)
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self.send("Emulation.setEmulatedMedia", features=[scheme])
        self.send("Page.navigate", url=path.as_uri())
        while not self.happened("Page.loadEventFired"):
            self.seen.append(self.read())
            assert not self.happened("Page.javascriptDialogOpening"), "the page opened an alert"
        self.ask("new Promise(done => setTimeout(done, 200))")

    def happened(self, what):
        return any(event.get("method") == what for event in self.seen)

    def ask(self, script):
        got = self.send("Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True)
        assert "exceptionDetails" not in got, got
        return got["result"].get("value")

    def requests(self):
        sent = [event["params"] for event in self.seen if event.get("method") == "Network.requestWillBeSent"]
        return [each["request"]["url"] for each in sent]

    def faults(self):
        wrong = {"Runtime.exceptionThrown", "Log.entryAdded", "Network.loadingFailed", "Page.javascriptDialogOpening"}
        return [event for event in self.seen if event.get("method") in wrong]

    def dismiss(self):
        """Answer an alert, so that the page goes on."""
        self.send("Page.handleJavaScriptDialog", accept=True)

    def close(self):
        os.close(self.to)
        os.close(self.back)
        self.process.terminate()
        self.process.wait(PATIENCE)
