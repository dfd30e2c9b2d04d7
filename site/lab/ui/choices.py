"""A reader's choices about the page. They are kept in the address, for links, and in the browser, for reloads."""

from . import dom

DEFAULTS = {"mode": "focused", "theme": "system"}


def get(name: str) -> str:
    """The choice in force. `early.js` has read address and storage before the first paint."""
    return dom.root.getAttribute(f"data-{name}") or DEFAULTS[name]


def put(name: str, value: str) -> None:
    """Make a choice and remember it. The default is not written into the address."""
    chosen = None if value == DEFAULTS[name] else value
    dom.set_attr(dom.root, f"data-{name}", chosen)
    dom.set_query(name, chosen)
    dom.keep(name, chosen)
