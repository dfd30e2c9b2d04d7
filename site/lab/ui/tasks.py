"""Background coroutines. A reference to each is kept until it ends, since asyncio keeps only a weak one."""

import asyncio
import traceback
from collections.abc import Coroutine

from . import dom

_running: set[asyncio.Task] = set()


def spawn(coroutine: Coroutine) -> asyncio.Task:
    """Start it; if it fails, say so in the console."""
    task = asyncio.ensure_future(coroutine)
    _running.add(task)
    task.add_done_callback(_ended)
    return task


def _ended(task: asyncio.Task) -> None:
    _running.discard(task)
    if not task.cancelled() and (error := task.exception()):
        dom.log_error("".join(traceback.format_exception(error)))
