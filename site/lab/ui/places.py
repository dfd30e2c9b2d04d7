"""The sections as the page names them, and where the reader is."""

from . import dom


def titles() -> dict[str, str]:
    """The id and the title of every section, in the order of the page."""
    return {one.id: one.dataset.title for one in dom.document.querySelectorAll("main section[data-title]")}


def address(query: str, anchor: str) -> str:
    """The address of this page with another query and anchor; "" for none."""
    here = dom.window.location.href.partition("#")[0].partition("?")[0]
    return here + (f"?{query}" if query else "") + (f"#{anchor}" if anchor else "")


def mode() -> str:
    """How deep the page is read: minimal, focused or advanced."""
    return dom.root.dataset.mode or "focused"
