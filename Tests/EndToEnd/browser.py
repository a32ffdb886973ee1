"""A real browser without a window, driven over its debugging pipe; standard library only.

Chromium's headless shell is enough. `ACCRUE_BROWSER` names another program, or `none` where there can be no browser:
then the tests that need one are skipped, and say so. Without the variable a missing browser is a failure.
"""

import itertools
import json
import os
import pathlib
import select
import shutil
import subprocess
import tempfile
import time

PROGRAMS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")


class NoBrowser(Exception):
    pass


def find():
    """The program's path, or None where `ACCRUE_BROWSER` is `none`."""
    wanted = os.environ.get("ACCRUE_BROWSER", "")
    if wanted == "none":
        return None
    for name in [wanted] if wanted else PROGRAMS:
        if path := shutil.which(name):
            return path
    raise NoBrowser(
        f"no browser '{wanted}'" if wanted else
        "no browser: run Tests/Tools/setup.sh --browser (Debian: apt-get install chromium-headless-shell), name one with "
        "ACCRUE_BROWSER=PATH, or set ACCRUE_BROWSER=none to go without these tests")


class Page:
    """One open page. `requests` holds the address of everything the browser fetched or was kept from fetching."""

    def __init__(self, program, file, width=1280, height=900, scheme="light"):
        self.profile = tempfile.mkdtemp(prefix="accrue-browser-")
        to_browser, self.writer = os.pipe()
        self.reader, from_browser = os.pipe()
        # The pipe's ends are descriptors 3 and 4 by contract; only a shell can place them.
        command = [
            "bash", "-c", f'exec "$0" "$@" 3<&{to_browser} 4>&{from_browser}', program, "--headless", "--no-sandbox",
            "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run", "--disable-background-networking",
            "--hide-scrollbars", "--remote-debugging-pipe", f"--user-data-dir={self.profile}", "about:blank",
        ]
        self.process = subprocess.Popen(
            command, pass_fds=(to_browser, from_browser), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL)
        os.close(to_browser)
        os.close(from_browser)
        self.numbers, self.buffer, self.events, self.requests, self.session = itertools.count(1), b"", [], [], None
        self.problems = []
        try:
            target = next(
                t for t in self.call("Target.getTargets")["targetInfos"] if t["type"] == "page")["targetId"]
            self.session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
            for domain in ("Page", "Runtime", "Network", "Log"):
                self.call(f"{domain}.enable")
            self.resize(width, height)
            self.media(scheme=scheme)
            self.call("Page.navigate", url=pathlib.Path(file).resolve().as_uri())
            self.wait("Page.loadEventFired")
        except BaseException:
            self.close()
            raise

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        self.process.kill()
        self.process.wait()
        for descriptor in (self.reader, self.writer):
            os.close(descriptor)
        shutil.rmtree(self.profile, ignore_errors=True)

    def resize(self, width, height=900):
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False)

    def media(self, scheme="light", kind=""):
        self.call("Emulation.setEmulatedMedia", media=kind, features=[{"name": "prefers-color-scheme", "value": scheme}])

    def evaluate(self, script):
        """The value of a JavaScript expression, in the page as it is drawn now."""
        answer = self.call("Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in answer:
            raise RuntimeError(json.dumps(answer["exceptionDetails"])[:2000])
        return answer["result"].get("value")

    def accessibility(self):
        """The tree that a screen reader gets: [(role, name)]."""
        nodes = self.call("Accessibility.getFullAXTree")["nodes"]
        return [(n["role"]["value"], n.get("name", {}).get("value", "")) for n in nodes if not n.get("ignored")]

    def call(self, method, **parameters):
        number = next(self.numbers)
        message = {"id": number, "method": method, "params": parameters}
        if self.session:
            message["sessionId"] = self.session
        os.write(self.writer, json.dumps(message).encode() + b"\0")
        answer = self._read(lambda m: m.get("id") == number)
        if "error" in answer:
            raise RuntimeError(f"{method}: {answer['error']}")
        return answer["result"]

    def wait(self, event):
        for held in self.events:
            if held["method"] == event:
                return
        self._read(lambda m: m.get("method") == event)

    def _read(self, wanted, seconds=60):
        deadline = time.monotonic() + seconds
        while True:
            while b"\0" in self.buffer:
                line, _, self.buffer = self.buffer.partition(b"\0")
                message = json.loads(line)
                self._note(message)
                if wanted(message):
                    return message
            if not select.select([self.reader], [], [], max(0, deadline - time.monotonic()))[0]:
                raise TimeoutError(f"the browser said nothing for {seconds} seconds")
            data = os.read(self.reader, 1 << 20)
            if not data:
                raise RuntimeError(f"the browser ended with exit code {self.process.wait()}")
            self.buffer += data

    def _note(self, message):
        method = message.get("method")
        if method == "Network.requestWillBeSent":
            self.requests.append(message["params"]["request"]["url"])
        elif method == "Log.entryAdded":
            self.problems.append(message["params"]["entry"]["text"])
        elif method == "Runtime.consoleAPICalled" or method == "Runtime.exceptionThrown":
            self.problems.append(json.dumps(message["params"])[:500])
        elif method == "Page.loadEventFired":
            self.events.append(message)
