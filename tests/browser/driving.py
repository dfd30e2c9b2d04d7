"""How tests drive the page, and the guard that watches what it does meanwhile."""

import re
from urllib.parse import urlsplit, urlunsplit

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Error, Page, Request

BOOT_TIMEOUT = 90_000
"""Milliseconds. Generous: a test machine may be busy, and a test that waits on state loses nothing."""


class Guard:
    """Collects what a page must not do: console errors, uncaught errors, requests to another origin."""

    def __init__(self, own: str) -> None:
        self._own = own
        self.faults: list[str] = []
        self.requests: list[str] = []

    def watch(self, context: BrowserContext) -> None:
        context.on("console", self._console)
        context.on("weberror", lambda error: self.faults.append(f"uncaught: {error.error}"))
        context.on("request", self._request)

    def _console(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.faults.append(f"console: {message.text} {message.location.get('url', '')}")

    def _request(self, request: Request) -> None:
        self.requests.append(request.url)
        if not request.url.startswith((self._own, "data:", "blob:", "file:")):
            self.faults.append(f"foreign request: {request.url}")

    def check(self, expected: tuple[str, ...] = ()) -> None:
        """Fail the test for every fault that matches none of the patterns `expected`."""
        faults = [fault for fault in self.faults if not any(re.search(one, fault) for one in expected)]
        self.faults.clear()
        assert not faults, "the page misbehaved:\n" + "\n".join(faults)


def open_lab(page: Page, url: str, whole: bool = True) -> Page:
    """Go to `url` and wait until the lab and all its sections are ready: all on one page, or chapter by chapter.
    Fails with the page's own reason if it says it failed."""
    address = urlsplit(url)
    query = "&".join(filter(None, [address.query, "page=all" if whole else ""]))
    page.goto(urlunsplit(address._replace(query=query)))
    settled = "html[data-sections=ready], html[data-lab=failed]"
    page.wait_for_selector(settled, state="attached", timeout=BOOT_TIMEOUT)
    if page.locator("html").get_attribute("data-lab") == "failed":
        raise Error(f"the lab did not start: {page.locator('#boot-reason').inner_text()}")
    return page


class SharedLab:
    """One page with the lab running, for many tests in turn: starting Python takes seconds. Should the browser's
    process for it crash, whoever asks next gets a new one. `options` are those of a browser context."""

    def __init__(self, browser: Browser, site: str, query: str = "", whole: bool = True, **options) -> None:
        self._open_context = lambda: browser.new_context(**options)
        self._site, self._query, self._whole = site, query, whole
        self._context: BrowserContext | None = None
        self._page: Page | None = None
        self.guard = Guard(site)

    def page(self) -> Page:
        if self._page is None:
            self.close()
            self._context = self._open_context()
            self.guard.watch(self._context)
            page = self._context.new_page()
            page.on("crash", lambda _page: self._forget())
            self._page = open_lab(page, self._site + self._query, self._whole)
        return self._page

    def _forget(self) -> None:
        self._page = None

    def close(self) -> None:
        if self._context:
            self._context.close()
