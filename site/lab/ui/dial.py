"""A number that can be dragged or typed: a range input and a number box that agree."""

from collections.abc import Callable

from .limits import within
from .owner import Owner
from .part import Event, Part


class Dial:
    """Joins the parts `name` (a range input), `name-box` (a number input) and, if the section has one,
    `name-error`, where it says what is wrong with a typed number. The box has an aria-label, “…, as a
    number”. The range's own min and max are the limits of both; a number out of them, or no number at
    all, leaves the last good one in force, and the complaint stays until there is another."""

    def __init__(self, owner: Owner, name: str, changed: Callable[[float], None]) -> None:
        """`changed(value)` is called when the reader has moved the one or typed into the other."""
        self._changed = changed
        self._range, self._box = owner.ui[name], owner.ui[f"{name}-box"]
        self._error = owner.ui.get(f"{name}-error")
        self._limits = float(self._range.get("min")), float(self._range.get("max"))
        self.value = float(self._range.value)
        owner.on(name, "input", lambda event: self._input(event, self._box))
        owner.on(f"{name}-box", "input", lambda event: self._input(event, self._range))
        owner.on(f"{name}-box", "change", lambda _event: self._show())

    def set(self, value: float) -> None:
        """Show this value in both controls, without calling `changed`."""
        self.value = value
        self._show()
        self._complain("")

    def _show(self) -> None:
        for control in (self._range, self._box):
            control.value = f"{self.value:.6g}"

    def _input(self, event: Event, other: Part) -> None:
        name = self._box.get("aria-label").partition(",")[0]
        try:
            self.value = within(name, event.target.value, *self._limits)
        except ValueError as error:
            self._complain(f"{error} It stays at {self.value:.6g}.")
            return
        other.value = f"{self.value:.6g}"  # not in the one being used: a half-typed number must not be rewritten
        self._complain("")
        self._changed(self.value)

    def _complain(self, message: str) -> None:
        self._box.invalid = bool(message)
        if self._error:
            self._error.text = message
            self._error.hidden = not message
