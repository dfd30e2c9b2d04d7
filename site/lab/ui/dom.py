"""The only module that imports `js`: a thin layer over the browser's DOM.

Crossing from Python to the DOM is what costs in a page like this one, so these helpers take whole
strings (`set_html`) rather than building trees node by node. Everything that acquires something
(a listener, an observer, a timer) returns a function that gives it back.
"""

import asyncio
from collections.abc import Callable

import js
from pyodide.ffi import JsException, create_once_callable, create_proxy, to_js

Undo = Callable[[], None]

document = js.document
window = js.window
root = document.documentElement
STILL = "(prefers-reduced-motion: reduce)"  # the media query of readers who want less motion


def part(container, name: str):
    """The element inside `container` marked `data-part="name"`. Raises LookupError if there is none."""
    element = container.querySelector(f'[data-part="{name}"]')
    if not element:
        raise LookupError(f"no data-part={name!r} inside #{container.id or container.tagName}")
    return element


def by_id(name: str):
    """The element with this id. Raises LookupError if there is none."""
    element = document.getElementById(name)
    if not element:
        raise LookupError(f"no element with id={name!r}")
    return element


def set_text(element, text: str) -> None:
    element.textContent = text


def set_html(element, html: str) -> None:
    """Replace the content of `element` by markup. Anything a user typed must have been escaped."""
    element.innerHTML = html


def set_attr(element, name: str, value: str | None) -> None:
    """Set an attribute; None removes it."""
    if value is None:
        element.removeAttribute(name)
    else:
        element.setAttribute(name, value)


def listen(target, event: str, handler: Callable) -> Undo:
    """Call `handler(event)` on each `event`; the undo removes it and frees its proxy."""
    proxy = create_proxy(handler)
    target.addEventListener(event, proxy)

    def undo() -> None:
        target.removeEventListener(event, proxy)
        proxy.destroy()

    return undo


def _observe(kind, handler: Callable, element, options: str = "{}") -> Undo:
    proxy = create_proxy(handler)
    observer = kind.new(proxy, js.JSON.parse(options))
    observer.observe(element)

    def undo() -> None:
        observer.disconnect()
        proxy.destroy()

    return undo


def on_resize(element, handler: Callable[[float], None], side: str = "width") -> Undo:
    """Call `handler(size)`, in CSS pixels, whenever the width (or the height) of `element` changes: after the layout
    and before the paint."""
    size = [None]

    def changed(entries, _observer) -> None:
        new = getattr(entries[entries.length - 1].contentRect, side)
        if new != size[0]:
            size[0] = new
            handler(new)

    return _observe(js.ResizeObserver, changed, element)


def on_visible(element, handler: Callable[[bool], None]) -> Undo:
    """Call `handler(visible)` whenever `element` scrolls into or out of view. The call comes a little early, so
    that the element has been drawn when it is seen."""

    def changed(entries, _observer) -> None:
        handler(bool(entries[entries.length - 1].isIntersecting))

    return _observe(js.IntersectionObserver, changed, element, '{"rootMargin": "200px 0px"}')


def on_media(query: str, handler: Callable[[bool], None]) -> Undo:
    """Call `handler(matches)` now and whenever the media query changes its answer."""
    media = window.matchMedia(query)
    handler(bool(media.matches))
    return listen(media, "change", lambda event: handler(bool(event.matches)))


def in_sight(element) -> bool:
    """Whether any of it is on the screen now."""
    box = element.getBoundingClientRect()
    return box.bottom > 0 and box.top < window.innerHeight and box.height > 0


def laid_out(element) -> bool:
    """Whether it has a place on the page, and is not in a chapter that is closed."""
    return bool(element.getClientRects().length)


def hidden() -> bool:
    """Whether the tab is in the background: animation frames stop there."""
    return bool(document.hidden)


class Frames:
    """Animation frames: `request()` has `handler()` called before the next paint, once."""

    def __init__(self, handler: Callable[[], None]) -> None:
        self._handler = handler
        self._proxy = create_proxy(self._frame)
        self._requested = False

    def request(self) -> None:
        if not self._requested:
            self._requested = True
            window.requestAnimationFrame(self._proxy)

    def _frame(self, _time: float) -> None:
        self._requested = False
        self._handler()


async def painted() -> None:
    """Wait until all changes so far are on the screen. A hidden tab is not painted; there, wait only a moment."""
    arrived = asyncio.get_running_loop().create_future()
    frames = Frames(lambda: arrived.done() or arrived.set_result(None))
    frames.request()
    await asyncio.wait([arrived], timeout=0.25)
    await asyncio.sleep(0)


def set_down(element) -> None:
    """Have the page show the place where this element begins, without a scroll on the way."""
    element.scrollIntoView(js.JSON.parse('{"behavior": "instant"}'))


def target():
    """The element that the page's address names, or None."""
    return document.getElementById(window.location.hash[1:])


def put_pixels(canvas, image, x: int = 0, y: int = 0) -> None:
    """Show an image on a canvas, pixel for pixel, its corner at column x and row y. `image` (rows,
    columns) is a NumPy array of uint32 whose bytes are red, green, blue, alpha."""
    rows, columns = image.shape
    data = js.ImageData.new(columns, rows)
    data.data.assign(memoryview(image).cast("B"))
    canvas.getContext("2d").putImageData(data, x, y)


def colours(names: list[str]) -> list[str]:
    """The current values of custom properties of the page."""
    style = window.getComputedStyle(root)
    return [style.getPropertyValue(name).strip() for name in names]


async def fetch_bytes(address: str) -> bytes:
    """The content of a file of this site. Raises OSError, saying which, if it can't be had."""
    try:
        response = await js.fetch(address)
    except JsException as error:
        raise OSError(f"can't load {address}: {error.message}") from None
    if not response.ok:
        raise OSError(f"can't load {address}: the server answered {response.status}")
    return (await response.arrayBuffer()).to_bytes()


async def file_bytes(file) -> bytes:
    """The content of a file that a reader has handed over. Raises OSError, saying which, if it can't be read."""
    try:
        return (await file.arrayBuffer()).to_bytes()
    except JsException:
        raise OSError(f"{file.name} can't be read. Is it a folder, or has it been moved or changed?") from None


def download(name: str, data: bytes, media: str) -> None:
    """Hand the reader a file of this name and type."""
    view = js.Uint8Array.new(len(data))
    view.assign(data)
    address = js.URL.createObjectURL(js.Blob.new(js.Array.of(view), type=media))
    link = document.createElement("a")
    link.href, link.download = address, name
    link.click()
    window.setTimeout(js.URL.revokeObjectURL.bind(js.URL), 60_000, address)  # a slow disk may still be reading it


async def copy(text: str) -> bool:
    """Put a text on the clipboard. False where the browser doesn't let a page do that."""
    try:
        await window.navigator.clipboard.writeText(text)
    except (JsException, AttributeError):  # without https there is no clipboard at all
        return False
    return True


def select(element) -> None:
    """Select all of an element's text, as a reader does who is about to copy it."""
    window.getSelection().selectAllChildren(element)


def log_error(text: str) -> None:
    """Log an error to the browser's console. The page tells readers of it in its own way."""
    js.console.error(text)


def query() -> str:
    """The part of the address behind its question mark."""
    return window.location.search[1:]


def keeps_nothing() -> bool:
    """The address says ?keep=nothing, for computers that others use too."""
    return js.URL.new(window.location.href).searchParams.get("keep") == "nothing"


def tab_name(new: str | None = None) -> str | None:
    """What this tab called itself before a reload, or calls itself from now on; None where nothing is kept."""
    try:
        if new is not None:
            window.sessionStorage.setItem("tab", new)
        return window.sessionStorage.getItem("tab") or None
    except JsException:
        return new


async def claim(name: str) -> bool:
    """Hold this name as long as the page is open. False if another page of this browser holds it: a copied tab has
    the name of its original. True too where a browser has no locks."""
    locks = getattr(window.navigator, "locks", None)
    if locks is None:
        return True
    mine = asyncio.get_running_loop().create_future()
    closed = js.Promise.new(create_once_callable(lambda _done, _fail: None))  # so it never ends

    def given(lock):
        if not mine.done():
            mine.set_result(lock is not None)
        return closed if lock is not None else None

    try:
        locks.request(name, to_js({"ifAvailable": True}, dict_converter=js.Object.fromEntries), create_proxy(given))
        return await asyncio.wait_for(mine, 2)
    except (JsException, TimeoutError):  # refused, as in a sandbox
        return True


async def database(name: str, table: str):
    """The browser's database of this name with one table in it. Raises JsException or AttributeError if there can't
    be one."""
    request = window.indexedDB.open(name, 1)
    undo = listen(request, "upgradeneeded", lambda _event: request.result.createObjectStore(table))
    try:
        return await answer(request)
    finally:
        undo()


async def answer(request):
    """The result of a request to a database. Raises JsException."""
    done = asyncio.get_running_loop().create_future()
    undos = [
        listen(request, "success", lambda _event: done.done() or done.set_result(request.result)),
        listen(request, "error", lambda _event: done.done() or done.set_exception(_refused(request))),
        listen(request, "blocked", lambda _event: done.done() or done.set_exception(_refused(request))),
    ]
    try:
        return await done
    finally:
        for undo in undos:
            undo()


def _refused(request) -> OSError:
    return OSError(str(request.error.message if request.error else "another tab is in the way"))


def record(**values):
    """An object for the database; bytes become an array of them."""
    return to_js(values, dict_converter=js.Object.fromEntries)


def keep(name: str, value: str | None) -> None:
    """Store a value across reloads; None removes it. Does nothing in a browser without storage, and where the address
    asks that nothing be kept."""
    if keeps_nothing():
        return
    try:
        if value is None:
            window.localStorage.removeItem(name)
        else:
            window.localStorage.setItem(name, value)
    except JsException:
        pass


def kept(name: str) -> str | None:
    """The value that `keep` has stored under this name, or None."""
    try:
        return window.localStorage.getItem(name) or None
    except JsException:
        return None
