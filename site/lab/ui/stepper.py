"""Controls for a row of moments: step through them, scrub or play. One moment is shown."""

from collections.abc import Callable
from html import escape

from .owner import Owner
from .part import Event


class Stepper:
    """Buttons First, Back, Play, Next and Last, and a scrubber, over `length` moments; `at` is shown.

    It fills `<div class="stepper" data-part="…"></div>`. Playing goes on to the last moment, then
    stops by itself; whatever else the reader does stops it too.
    """

    def __init__(self, owner: Owner, part: str, label: str, changed: Callable[[int], None], every: float = 0.9) -> None:
        """`changed(at)` is called whenever the reader, or playing, has moved. `every`: seconds a moment
        stands while it plays."""
        self._changed, self._label = changed, label
        self.length, self.at = 0, 0
        root = owner.ui[part]
        root.attr("role", "group")
        root.attr("aria-label", label)
        root.html = markup(label)
        self._buttons = {name: root.find(f"[value={name}]") for name in ("first", "back", "play", "next", "last")}
        self._scrubber, self._count = root.find("input"), root.find(".stepper-count")
        owner.on(part, "click", self._click)
        owner.on(part, "input", lambda event: self._by_reader(int(event.target.value)))
        self._ticker = owner.add_ticker(self._tick, lambda: every, self.stop)
        self.show(0)

    @property
    def playing(self) -> bool:
        return self._ticker.playing

    def show(self, length: int, at: int = 0) -> None:
        """Set the number of moments and the one that is shown, without calling `changed`."""
        self.length, self.at = length, min(max(at, 0), max(length - 1, 0))
        if not length:
            self.stop()
        self._draw()

    def go(self, at: int) -> None:
        """Show this moment, and call `changed`."""
        if self.length:
            self.at = min(max(at, 0), self.length - 1)
            self._draw()
            self._changed(self.at)

    def play(self) -> None:
        """Play to the end; at the end, play from the beginning."""
        if self.length < 2:
            return
        if self.at == self.length - 1:
            self.go(0)
        self._ticker.play()
        self._draw()

    def stop(self) -> None:
        if self.playing:
            self._ticker.stop()
            self._draw()

    def _tick(self) -> None:
        self.go(self.at + 1)
        if self.at >= self.length - 1:
            self.stop()

    def _by_reader(self, at: int) -> None:
        self.stop()
        self.go(at)

    def _click(self, event: Event) -> None:
        button = event.target.closest("button")
        if button is None:
            return
        if button.value == "play":
            self.stop() if self.playing else self.play()
            return
        ways = {"first": 0, "back": self.at - 1, "next": self.at + 1, "last": self.length - 1}
        self._by_reader(ways[button.value])

    def focus(self) -> None:
        """Focus the button Next."""
        self._buttons["next"].focus()

    def _draw(self) -> None:
        last = max(self.length - 1, 0)
        for names, idle in ((("first", "back"), self.at == 0), (("next", "last"), self.at == last)):
            for name in names:
                self._buttons[name].idle = idle
        play, word = self._buttons["play"], "Stop" if self.playing else "Play"
        play.idle = self.length < 2
        play.text = word
        play.attr("aria-label", f"{word}: {self._label}")
        self._scrubber.enabled = self.length >= 2
        self._scrubber.attr("max", str(last))
        self._scrubber.value = str(self.at)
        text = f"{self.at + 1:,} of {self.length:,}" if self.length else "nothing to step through yet"
        self._count.text = text
        self._scrubber.attr("aria-valuetext", text)


def markup(label: str) -> str:
    """The controls; their accessible names begin with the word on them and end in what they step."""
    name = escape(label)
    buttons = {"first": "First", "back": "Back", "play": "Play", "next": "Next", "last": "Last"}
    row = "".join(
        f'<button type="button" value="{value}" aria-label="{word}: {name}">{word}</button>'
        for value, word in buttons.items()
    )
    return (
        f'<span class="stepper-buttons">{row}</span>'
        f'<input type="range" min="0" max="0" value="0" step="1" autocomplete="off" aria-label="Moment: {name}">'
        '<span class="stepper-count"></span>'
    )
