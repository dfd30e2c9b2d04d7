"""What holds for all tests: where fixtures come from, and the order. The fast tests come first, so that a broken
engine is known before a browser starts."""

import collections

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


def in_the_browser(item: pytest.Item) -> bool:
    return "site_url" in getattr(item, "fixturenames", ())


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests in a browser come last, the files with most of them first, so that all workers end together."""
    tests = collections.Counter(item.path for item in items)
    items.sort(key=lambda item: (True, -tests[item.path], item.path) if in_the_browser(item) else (False,))
