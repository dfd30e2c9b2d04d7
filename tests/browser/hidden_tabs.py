"""Two tabs of one window, of which the one behind is really hidden.

Playwright keeps every page it knows awake and in view, so these tabs are opened without its
knowing, in a browser whose usual slowing down of hidden tabs has been left on.
"""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Browser, BrowserType

from assemble import browser as chromium

_KEPT_AWAKE = [
    "--disable-background-timer-throttling",
    "--disable-backgrounding-occluded-windows",
    "--disable-renderer-backgrounding",
]


class Tabs:
    def __init__(self, browser: Browser) -> None:
        self._tools = browser.new_browser_cdp_session()
        self._tools.on("Target.receivedMessageFromTarget", self._received)
        self._context = self._tools.send("Target.createBrowserContext")["browserContextId"]
        self._asked = 0
        self._answers: dict[int, dict] = {}

    def open(self, url: str) -> "Tab":
        """In front of all others."""
        target = self._tools.send("Target.createTarget", {"url": url, "browserContextId": self._context})["targetId"]
        return Tab(self, target, self._tools.send("Target.attachToTarget", {"targetId": target})["sessionId"])

    def bring_to_front(self, target: str) -> None:
        self._tools.send("Target.activateTarget", {"targetId": target})

    def ask(self, session: str, method: str, **parameters: Any) -> dict:
        self._asked += 1
        question = json.dumps({"id": self._asked, "method": method, "params": parameters})
        self._tools.send("Target.sendMessageToTarget", {"sessionId": session, "message": question})
        while self._asked not in self._answers:
            self._tools.send("Browser.getVersion")  # lets messages come in
            time.sleep(0.01)
        return self._answers.pop(self._asked)

    def _received(self, event: dict) -> None:
        message = json.loads(event["message"])
        if "id" in message:
            self._answers[message["id"]] = message


class Tab:
    def __init__(self, tabs: Tabs, target: str, session: str) -> None:
        self._tabs, self._target, self._session = tabs, target, session

    def evaluate(self, expression: str) -> Any:
        answer = self._answer(expression)
        assert "result" in answer and "exceptionDetails" not in answer["result"], answer
        return answer["result"]["result"].get("value")

    def wait_for(self, condition: str, seconds: float = 60) -> None:
        """Until this JavaScript is true. Asks from outside: the tab's own timers may be slowed down.

        While a page takes the place of another, there may be no document to ask, which means: not yet.
        """
        end = time.monotonic() + seconds
        while (answer := self._answer(f"!!({condition})")).get("result", {}).get("result", {}).get("value") is not True:
            assert time.monotonic() < end, f"{condition} did not become true in {seconds} s: {answer}"
            time.sleep(0.05)

    def _answer(self, expression: str) -> dict:
        asked = {"expression": expression, "awaitPromise": True, "returnByValue": True}
        return self._tabs.ask(self._session, "Runtime.evaluate", **asked)

    def bring_to_front(self) -> None:
        self._tabs.bring_to_front(self._target)


@contextmanager
def open_tabs(browser_type: BrowserType) -> Iterator[Tabs]:
    """A fresh browser for the length of a `with` block."""
    browser = browser_type.launch(**chromium.launch_options(), ignore_default_args=_KEPT_AWAKE)
    try:
        yield Tabs(browser)
    finally:
        browser.close()
