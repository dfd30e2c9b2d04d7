"""How tests drive the page, and the guard that watches what it does meanwhile."""

import re
from collections.abc import Callable
from urllib.parse import urlsplit, urlunsplit

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Error, Page, Request, WebError

BOOT_TIMEOUT = 90_000
"""Milliseconds. Generous: a test machine may be busy, and a test that waits on state loses nothing."""


class Guard:
    """Collects what a page must not do: console errors, uncaught errors, requests to another origin."""

    def __init__(self, own: str) -> None:
        self._own = own
        self.faults: list[str] = []
        self.requests: list[str] = []

    def watch(self, context: BrowserContext) -> None:
        for event, handler in self._handlers():
            context.on(event, handler)

    def leave(self, context: BrowserContext) -> None:
        for event, handler in self._handlers():
            context.remove_listener(event, handler)

    def _handlers(self) -> list[tuple[str, Callable]]:
        return [("console", self._console), ("weberror", self._uncaught), ("request", self._request)]

    def _uncaught(self, error: WebError) -> None:
        self.faults.append(f"uncaught: {error.error}")

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


class WarmPage:
    """One page of one process for all modules of a session that need nothing special of it: a page that opens the lab
    again starts it in half the time. Whoever takes it finds nothing left of those before."""

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self._page: Page | None = None

    def take(self) -> Page:
        if self._page is None:
            self._page = self._browser.new_context().new_page()
            self._page.on("crash", lambda _page: self._forget())
            return self._page
        page = self._page
        page.unroute_all(behavior="ignoreErrors")
        page.context.clear_permissions()
        page.emulate_media(media="null", color_scheme="light", reduced_motion="no-preference", forced_colors="none")
        page.set_viewport_size({"width": 1280, "height": 720})
        page.evaluate("() => { sessionStorage.clear(); localStorage.clear(); }")
        return page

    def close(self) -> None:
        if self._page is not None:
            self._page.context.close()

    def _forget(self) -> None:
        self._page = None


class SharedLab:
    """One page with the lab running, for many tests in turn: starting Python takes seconds. Should the browser's
    process for it crash, whoever asks next gets a new one. `take` gives a page; `leave` hears of its end."""

    def __init__(
        self,
        take: Callable[[], Page],
        site: str,
        query: str = "",
        whole: bool = True,
        leave: Callable[[Page], None] = lambda _page: None,
    ) -> None:
        self._take, self._leave = take, leave
        self._site, self._query, self._whole = site, query, whole
        self._page: Page | None = None
        self._crashed = False
        self.guard = Guard(site)

    @classmethod
    def with_options(cls, browser: Browser, site: str, query: str = "", whole: bool = True, **options) -> "SharedLab":
        """In a browser context of its own, with these options."""

        def new() -> Page:
            return browser.new_context(**options).new_page()

        return cls(new, site, query, whole, lambda page: page.context.close())

    def page(self) -> Page:
        if self._page is not None and self._crashed:
            self.close()
        if self._page is None:
            page = self._page = self._take()
            self._crashed = False
            page.once("crash", lambda _page: self._crash())
            self.guard.watch(page.context)
            open_lab(page, self._site + self._query, self._whole)
        return self._page

    def _crash(self) -> None:
        self._crashed = True

    def close(self) -> None:
        if self._page is not None:
            self.guard.leave(self._page.context)
            self._leave(self._page)
            self._page = None
