"""An element of the page, and an event in it, as plain Python values.

Crossing from Python to the DOM is what costs in a page like this one. So a part remembers what was written into it and
writes only what is new, and each part of a section is looked up once.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


class Part:
    """One element. What a reader can change (`value`, `checked`, `open`) is compared with what stands in the page; all
    else with what was written last, so nobody but its part may write it."""

    def __init__(self, element: Any, emptied: Callable[[], None] | None = None) -> None:
        """`emptied` is called when parts that stood in this one may be gone."""
        self.element = element  # for charts; a section uses none of its members
        self._emptied = emptied
        self._written: dict[str, object] = {}
        self._room: str | None = None  # see `text`; None before the first

    # Content

    @property
    def text(self) -> str:
        return self.element.textContent

    @text.setter
    def text(self, text: str) -> None:
        """In a part with `data-room` the height is that of the longest text it has had, at first that of the text in
        this attribute: nothing below it moves while its words change (`[data-room]` in widgets.css)."""
        if not self._is_new("content", text):
            return
        self.element.textContent = text
        if self._room is None:
            self._room = self.element.getAttribute("data-room") or ""
        if self._room and len(text) > len(self._room):
            self._room = text
            self.element.setAttribute("data-room", text)

    def _set_html(self, html: str) -> None:
        if self._written.get("content") != (html,):
            self.renew(html)

    html = property(None, _set_html, doc="The content as markup. Anything a user typed must have been escaped.")

    def renew(self, html: str) -> None:
        """Replace the content even by the same markup: what the reader has entered or chosen in it is gone."""
        before, self._written["content"] = self._written.get("content"), (html,)  # a tuple: it is no text
        self.element.innerHTML = html
        if self._emptied and "data-part=" in f"{html}{before}":
            self._emptied()

    # What a reader can change

    @property
    def value(self) -> str:
        return self.element.value

    @value.setter
    def value(self, value: str) -> None:
        if self.element.value != value:
            self.element.value = value

    @property
    def checked(self) -> bool:
        return bool(self.element.checked)

    @checked.setter
    def checked(self, checked: bool) -> None:
        if bool(self.element.checked) != checked:
            self.element.checked = checked

    @property
    def open(self) -> bool:
        """Of a <details>."""
        return bool(self.element.open)

    def chosen(self, name: str = "") -> str | None:
        """The value of the checked one among the radio buttons in this part, or among those with this name."""
        found = self.element.querySelector(f'input[name="{name}"]:checked' if name else "input:checked")
        return found.value if found else None

    def choose(self, value: str | None) -> None:
        """Check the radio button in this part with this value; None checks none."""
        now = self.element.querySelector("input:checked")
        if (now.value if now else None) == value:
            return
        if now:
            now.checked = False
        if value is not None:
            self.element.querySelector(f'input[value="{value}"]').checked = True

    # State

    @property
    def hidden(self) -> bool:
        return bool(self.element.hidden)

    @hidden.setter
    def hidden(self, hidden: bool) -> None:
        if self._is_new("hidden", bool(hidden)):
            self.element.hidden = bool(hidden)

    @property
    def enabled(self) -> bool:
        return not self.element.disabled

    @enabled.setter
    def enabled(self, enabled: bool) -> None:
        if self._is_new("enabled", bool(enabled)):
            self.element.disabled = not enabled

    @property
    def idle(self) -> bool:
        """A button that does nothing now, but keeps the keyboard's focus, which a disabled one would lose."""
        return self.get("aria-disabled") == "true"

    @idle.setter
    def idle(self, idle: bool) -> None:
        self.attr("aria-disabled", "true" if idle else None)

    def _set_invalid(self, invalid: bool) -> None:
        self.attr("aria-invalid", "true" if invalid else None)

    invalid = property(None, _set_invalid, doc="Whether what was entered here can't be used.")

    def _set_pressed(self, pressed: bool) -> None:
        self.attr("aria-pressed", "true" if pressed else "false")

    pressed = property(None, _set_pressed, doc="Of a button that stays in.")

    def get(self, name: str) -> str | None:
        """An attribute as it stands in the page."""
        return self.element.getAttribute(name)

    def attr(self, name: str, value: str | None) -> None:
        """Set an attribute; None removes it."""
        if self._is_new(f"attr {name}", value):
            if value is None:
                self.element.removeAttribute(name)
            else:
                self.element.setAttribute(name, value)

    def css(self, name: str, on: bool) -> None:
        """Put it into a class of the style sheets, or take it out."""
        if self._is_new(f"css {name}", bool(on)):
            self.element.classList.toggle(name, bool(on))

    def progress(self, done: float, whole: float = 1) -> None:
        """Of a <progress>."""
        self.attr("max", f"{whole:g}")
        self.attr("value", f"{done:g}")

    # The keyboard's focus, and scrolling

    @property
    def focused(self) -> bool:
        return bool(self.element.matches(":focus"))

    @property
    def focus_within(self) -> bool:
        return bool(self.element.matches(":focus-within"))

    def focus(self) -> None:
        self.element.focus()

    def show(self) -> None:
        """Scroll the page until this part shows, no further than needed."""
        self.element.scrollIntoView(block="nearest")

    def scroll_to_top(self) -> None:
        self.element.scrollTop = 0

    def scroll_to(self, inner: Part) -> None:
        """Scroll this part, and nothing else on the page, if `inner` does not show in it: then to its upper third, so
        that what follows shows too."""
        scroller, element = self.element, inner.element
        top = element.getBoundingClientRect().top - scroller.getBoundingClientRect().top + scroller.scrollTop
        room = scroller.clientHeight - element.offsetHeight
        if not scroller.scrollTop <= top <= scroller.scrollTop + room:
            scroller.scrollTop = max(0, top - room / 3)

    def centre(self, inner: Part) -> None:
        """Scroll this part sideways until `inner` stands in its middle."""
        scroller, element = self.element, inner.element
        scroller.scrollLeft = max(0, element.offsetLeft + element.offsetWidth / 2 - scroller.clientWidth / 2)

    # Around and inside

    def append(self, html: str) -> None:
        """Put markup behind the content."""
        self.element.insertAdjacentHTML("beforeend", html)

    def remove(self) -> None:
        """Take this part out of the page."""
        self.element.remove()

    def find(self, selector: str) -> Part | None:
        return _part(self.element.querySelector(selector))

    def all(self, selector: str) -> list[Part]:
        return [Part(element) for element in self.element.querySelectorAll(selector)]

    def closest(self, selector: str) -> Part | None:
        """This part or the nearest around it that matches."""
        return _part(self.element.closest(selector))

    @property
    def parent(self) -> Part:
        return Part(self.element.parentElement)

    @property
    def children(self) -> list[Part]:
        return [Part(element) for element in self.element.children]

    def _is_new(self, what: str, value: object) -> bool:
        if what in self._written and self._written[what] == value:
            return False
        self._written[what] = value
        return True


def _part(element: Any) -> Part | None:
    return Part(element) if element else None


class Parts:
    """The parts inside an element: `parts.name` or `parts["name"]` is the one marked `data-part="name"`; for
    `parts.two_words` that is "two-words". Each is looked up once. Raises LookupError if there is none."""

    def __init__(self, root: Any) -> None:
        self._root = root
        self._found: dict[str, Part] = {}

    def __getitem__(self, name: str) -> Part:
        if name not in self._found:
            element = self._root.querySelector(f'[data-part="{name}"]')
            if not element:
                raise LookupError(f"no data-part={name!r} inside #{self._root.id or self._root.tagName}")
            self._found[name] = Part(element, self._forget)
        return self._found[name]

    def __getattr__(self, name: str) -> Part:
        return self[name.replace("_", "-")]

    def get(self, name: str) -> Part | None:
        """The part of this name, if there is one."""
        try:
            return self[name]
        except LookupError:
            return None

    def _forget(self) -> None:
        """Markup with parts in it has been replaced: those that are gone will be looked up anew."""
        self._found = {name: part for name, part in self._found.items() if part.element.isConnected}


class Event:
    """What a reader has done."""

    def __init__(self, event: Any) -> None:
        self._event = event
        self.target = Part(event.target)

    @property
    def name(self) -> str:
        """Of the control it happened to."""
        return self._event.target.name

    @property
    def part(self) -> str:
        """The name of the part it happened to; "" for none."""
        return self.target.get("data-part") or ""

    @property
    def key(self) -> str:
        return self._event.key

    @property
    def modified(self) -> bool:
        """With Alt, Ctrl or Meta held, which makes it a command to the browser."""
        return bool(self._event.altKey or self._event.ctrlKey or self._event.metaKey)

    @property
    def composing(self) -> bool:
        """In the middle of a letter made by several keys."""
        return bool(getattr(self._event, "isComposing", False))

    @property
    def by_mouse(self) -> bool:
        return self._event.pointerType == "mouse"

    @property
    def button(self) -> Part | None:
        """The button it happened in, unless that is idle."""
        button = self.target.closest("button")
        return None if button is None or button.idle else button

    def stop(self) -> None:
        """Keep the browser from doing what it does by itself after this event."""
        self._event.preventDefault()
