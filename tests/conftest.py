"""What holds for all tests: where fixtures come from, and the order. The fast tests come first, so that a broken
engine is known before a browser starts."""

import collections
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

pytest_plugins = ["tests.core.fixtures", "tests.browser.fixtures"]

# The same examples every time, so that a red test means changed code and never bad luck, and however long a busy
# machine takes to make them. To look for new ones: pytest tests/engine --hypothesis-profile=explore
settings.register_profile("explore", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("repeatable", settings.get_profile("explore"), derandomize=True)


def pytest_configure(config: pytest.Config) -> None:
    if not config.getoption("--hypothesis-profile", None):
        settings.load_profile("repeatable")


BROWSER = Path(__file__).parent / "browser"


def weight(item: pytest.Item) -> int:
    """How long a test takes in a browser, roughly; 0 for one that needs none. Starting a page is most of it."""
    fixtures = getattr(item, "fixturenames", ())
    if "site_url" not in fixtures:
        return 120 if BROWSER in item.path.parents else 0  # the benchmark starts many
    return 1 if "shared_lab" in fixtures else 5


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests in a browser come last, the files with most to do first, so that all workers end together."""
    work: collections.Counter[Path] = collections.Counter()
    for item in items:
        work[item.path] += weight(item)
    items.sort(key=lambda item: (work[item.path] > 0, -work[item.path], work[item.path] and item.path))
