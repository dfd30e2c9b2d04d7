"""A number that can be dragged or typed: a range input and a number box that agree."""

from collections.abc import Callable

from . import dom
from .limits import within
from .owner import Owner


class Dial:
    """Joins the parts `name` (a range input), `name-box` (a number input) and, if the section has one,
    `name-error`, where it says what is wrong with a typed number. The box has an aria-label, “…, as a
    number”. The range's own min and max are the limits of both; a number out of them, or no number at
    all, leaves the last good one in force."""

    def __init__(self, owner: Owner, name: str, changed: Callable[[float], None]) -> None:
        """`changed(value)` is called when the reader has moved the one or typed into the other."""
        self._changed = changed
        self._range, self._box = owner.part(name), owner.part(f"{name}-box")
        self._error = owner.root.querySelector(f'[data-part="{name}-error"]')
        self.value = float(self._range.value)
        for part, control in ((name, self._range), (f"{name}-box", self._box)):
            control.disabled = False
            owner.on(part, "input", self._input)
        owner.on(f"{name}-box", "change", lambda _event: self.set(self.value))

    def set(self, value: float) -> None:
        """Show this value in both controls; the reader has not moved anything, so nobody is told."""
        self.value = value
        for control in (self._range, self._box):
            control.value = f"{value:.6g}"
        self._complain("")

    def _input(self, event) -> None:
        name = self._box.getAttribute("aria-label").partition(",")[0]
        try:
            self.value = within(name, event.target.value, float(self._range.min), float(self._range.max))
        except ValueError as error:
            self._complain(str(error))
            return
        # not to the one being used: a half-typed number must not be rewritten
        other = self._box if event.target.type == "range" else self._range
        other.value = f"{self.value:.6g}"
        self._complain("")
        self._changed(self.value)

    def _complain(self, message: str) -> None:
        dom.set_attr(self._box, "aria-invalid", "true" if message else None)
        if self._error:
            dom.set_text(self._error, message)
            self._error.hidden = not message
