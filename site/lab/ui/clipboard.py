"""The clipboard, and what to do where a page has none."""

from . import dom
from .part import Part


async def copy(part: Part) -> bool:
    """Copy the text of a part. Where a page may not do that: select it for the reader, and say False."""
    copied = await dom.copy(part.text)
    if not copied:
        dom.select(part.element)
    return copied
