"""The clipboard, and what to do where a page has none."""

from . import dom
from .part import Part


async def copy(part: Part, said: Part) -> None:
    """Copy the text of a part, and say so in another. Where a page may not do that, the text is selected for the
    reader."""
    copied = await dom.copy(part.text)
    if not copied:
        dom.select(part.element)
    said.text = "Copied." if copied else "It is selected: press Ctrl+C, or ⌘C on a Mac."
