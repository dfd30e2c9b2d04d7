"""The browser's database, for what outlives a reload. Nothing of it leaves this device.

Each tab has a value of its own, so that two tabs never overwrite each other's.
"""

import asyncio
import time
from typing import Any

from . import dom

DATABASE, TABLE = "microgpt-lab", "runs"
MOST = 6  # values, of this tab and of others; the oldest go
NOT_KEPT = "This browser keeps nothing for this page, so a reload begins anew. All else works."

BY_ADDRESS = "The address of this page says keep=nothing, so nothing is kept: a reload begins anew."


class NoStorage:
    """Where the address asks that nothing be kept."""

    async def get(self) -> None:
        raise OSError(BY_ADDRESS)

    async def put(self, value: bytes) -> None:
        pass

    async def clear(self) -> None:
        pass


class TabStorage:
    """The value of this tab. All methods raise OSError where the browser doesn't let a page store anything."""

    def __init__(self) -> None:
        self._database: Any = None
        self._tab: str | None = None

    async def get(self) -> bytes | None:
        """What this tab has put away before it was reloaded; None in a new tab, which opens no database for that."""
        known = dom.tab_name()
        if known is None:
            return None
        self._tab = known if await dom.claim(f"{DATABASE}-{known}") else None  # else it is a copy of another tab
        if self._tab is None:
            return None
        found = await self._ask("readonly", "get", self._tab)
        return found.bytes.to_bytes() if found else None

    async def put(self, value: bytes) -> None:
        if self._tab is None:
            self._tab = dom.tab_name(f"{time.time_ns():x}")
            await dom.claim(f"{DATABASE}-{self._tab}")
            await self._leave_out_old()
        await self._ask("readwrite", "put", dom.record(at=time.time(), bytes=value), self._tab)

    async def clear(self) -> None:
        await self._ask("readwrite", "clear")

    async def _leave_out_old(self) -> None:
        """Make room: tabs that were closed have left their runs behind. Names begin with their time."""
        names = sorted(str(name) for name in await self._ask("readonly", "getAllKeys"))
        for name in names[: max(0, len(names) - MOST + 1)]:
            await self._ask("readwrite", "delete", name)

    async def _ask(self, mode: str, what: str, *arguments: Any) -> Any:
        """Carry out one request."""
        try:
            if self._database is None:
                self._database = await asyncio.wait_for(dom.database(DATABASE, TABLE), 5)
            table = self._database.transaction(TABLE, mode).objectStore(TABLE)
            return await dom.answer(getattr(table, what)(*arguments))
        except (dom.JsException, AttributeError, OSError):
            raise OSError(NOT_KEPT) from None


def tab_storage() -> NoStorage | TabStorage:
    """The storage of this tab."""
    return NoStorage() if dom.keeps_nothing() else TabStorage()


def keep(name: str, value: str | None) -> None:
    """Keep a short text for all tabs; None removes it. Does nothing where the browser or the address keeps nothing."""
    dom.keep(name, value)


def kept(name: str) -> str | None:
    """What `keep` has kept, or None."""
    return dom.kept(name)
