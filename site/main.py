"""The page's entry: PyScript runs this file once Python is up."""

import asyncio
import time

import js

js.boot.stage("Loading NumPy")
from lab.ui import dom  # noqa: E402  (the stage is told before the wait)

LIST = "data/dinosaurs.txt"
fetched = asyncio.ensure_future(dom.fetch_bytes(f"./{LIST}"))  # it comes while the rest is imported

import numpy.random  # noqa: E402, F401

await asyncio.sleep(0)  # so that no piece of the start holds the page for long
from lab.core.keeping import Keeper  # noqa: E402
from lab.core.lab import Lab  # noqa: E402
from lab.core.runner import Runner  # noqa: E402
from lab.frame.lesson import Lesson  # noqa: E402
from lab.frame.page import Page  # noqa: E402
from lab.kernels import kernels  # noqa: E402
from lab.ui.frame import Breath, Frame  # noqa: E402
from lab.ui.storage import tab_storage  # noqa: E402
from lab.ui.tasks import spawn  # noqa: E402
from microgpt import dataset  # noqa: E402
from microgpt.experiment import PRESETS  # noqa: E402


async def main() -> None:
    js.boot.stage("Opening the lab")
    kernels.connect()
    await js.boot.parsed  # on a slow line the page may end after Python has started
    names, _report = dataset.read(await fetched)
    frame = Frame()
    runner = Runner(time.perf_counter, Breath(frame), asyncio.sleep)
    lab = Lab(names, PRESETS["lab"], runner, spawn)
    lesson = Lesson(lab)
    await lesson.begin()
    lab.keeper = Keeper(lab, tab_storage(), time.perf_counter, spawn, lesson.address)
    brought_back = await lab.keeper.bring_back()
    lab.opened()
    page = Page(lab, frame)
    js.boot.ready()
    await page.mount()
    lesson.show(brought_back)


await main()
