"""What a section asks of the screen as a whole."""

from collections.abc import Callable

from . import dom
from .dom import colours, hidden, painted

__all__ = ["colours", "hidden", "mode", "on_theme", "painted", "units", "wide"]

UNIT = 16  # drawing units to a rem


def units(pixels: float, least: int) -> int:
    """CSS pixels → drawing units, `least` or more; 0 for what is not laid out."""
    if pixels <= 0:
        return 0
    rem = float(dom.window.getComputedStyle(dom.root).fontSize.removesuffix("px"))
    return max(least, round(pixels * UNIT / rem))


def mode() -> str:
    """How much the reader has chosen to see: minimal, focused or advanced."""
    return dom.root.getAttribute("data-mode") or "focused"


def wide() -> bool:
    """Whether figures stand beside each other."""
    return bool(dom.window.matchMedia("(min-width: 60rem)").matches)


def on_theme(handler: Callable[[], None]) -> dom.Undo:
    """Call `handler()` now and whenever the colours of the page may have changed."""
    undo_media = dom.on_media("(prefers-color-scheme: dark)", lambda _dark: handler())
    undo_choice = dom.listen(dom.document, "change", lambda _event: handler())

    def undo() -> None:
        undo_media()
        undo_choice()

    return undo
