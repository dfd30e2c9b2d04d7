"""What browser tests share: the built site, a quiet browser, a page that fails the test when it misbehaves.

`lab_page` is one booted page for a whole module: starting Python takes seconds. `lab` boots a fresh one.
"""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from assemble import browser as chromium
from assemble import server
from assemble.paths import DATA, DIST
from microgpt import dataset
from microgpt.experiment import Experiment
from tests.browser.driving import Guard, SharedLab, WarmPage, open_lab

expect.set_options(timeout=30_000)  # ms; a busy machine takes long, and waiting on state loses nothing


@pytest.fixture(scope="session")
def site_url() -> Iterator[str]:
    """The built site, served below a sub-path as a project page is."""
    if not (DIST / "index.html").exists():
        pytest.exit("dist/ is not built: run `python3 build.py build` first.", returncode=2)
    with server.serve(DIST, base="/any-repo/") as url:
        yield url


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict) -> dict:
    """pytest-playwright's own arguments (--headed and the like) with the browser that this machine has. It jumps
    where it would glide: a test that scrolls to something need not wait a second or two until it is there."""
    found = chromium.launch_options()
    return {**found, "args": [*found["args"], "--disable-smooth-scrolling"], **browser_type_launch_args}


def _expected(request: pytest.FixtureRequest) -> tuple[str, ...]:
    marker = request.node.get_closest_marker("expects_errors")
    return marker.args if marker else ()


@pytest.fixture
def guard(context: BrowserContext, site_url: str, request: pytest.FixtureRequest) -> Iterator[Guard]:
    """The guard of this test's own context. A test about failing is marked `expects_errors(pattern, …)`."""
    watching = Guard(site_url)
    watching.watch(context)
    yield watching
    watching.check(_expected(request))


@pytest.fixture
def page(guard: Guard, context: BrowserContext) -> Page:
    """A guarded page: every test that asks for `page` gets the guard with it."""
    return context.new_page()


@pytest.fixture
def lab(page: Page, site_url: str) -> Page:
    """A fresh page with the lab running."""
    return open_lab(page, site_url)


@pytest.fixture(scope="session")
def warm_page(browser: Browser) -> Iterator[WarmPage]:
    page = WarmPage(browser)
    yield page
    page.close()


@pytest.fixture(scope="module")
def shared_lab(warm_page: WarmPage, site_url: str) -> Iterator[SharedLab]:
    lab = SharedLab(warm_page.take, site_url)
    yield lab
    lab.close()


@pytest.fixture
def lab_page(shared_lab: SharedLab, request: pytest.FixtureRequest) -> Iterator[Page]:
    """The module's shared page with the lab running. A test leaves it as it wants to find it."""
    yield shared_lab.page()
    shared_lab.guard.check(_expected(request))


@pytest.fixture(scope="session")
def experiment() -> Experiment:
    """What the page opens with, for this Python to work out what it must show."""
    return Experiment(dataset.load(DATA / "dinosaurs.txt")[0])
