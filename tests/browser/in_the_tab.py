"""Runs a program in the page's own Python, in place of the lab, and brings back what it found."""

import json
from typing import Any

from playwright.sync_api import Page

from tests.browser import in_place
from tests.browser.driving import open_lab


def run(page: Page, url: str, program: str) -> Any:
    """Run `program`, which may await, with the list of names as `names`; gives back its `result`."""
    source = f"""
import json
import js
from lab.kernels import kernels
from microgpt import dataset

kernels.connect()
names, _report = dataset.clean(await (await js.fetch("./data/dinosaurs.txt")).text())
{program}
js.document.documentElement.dataset.result = json.dumps(result)
js.boot.ready()
js.document.documentElement.dataset.sections = "ready"
"""
    in_place.of_main(page, url, source)
    open_lab(page, url)
    return json.loads(page.locator("html").get_attribute("data-result"))
