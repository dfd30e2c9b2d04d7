"""Moments in a row, one of them shown: to step through, to scrub, to play."""

import asyncio
from collections.abc import Callable
from html import escape

from . import dom
from .owner import Owner
from .tasks import spawn


class Stepper:
    """Buttons First, Back, Play, Next and Last, and a scrubber, over `length` moments; `at` is shown.

    It fills `<div class="stepper" data-part="…"></div>`. Playing goes on to the last moment, then
    stops by itself; whatever else the reader does stops it too.
    """

    def __init__(self, owner: Owner, part: str, label: str, changed: Callable[[int], None], every: float = 0.9) -> None:
        """`changed(at)` is called whenever the reader, or playing, has moved. `every`: seconds a moment
        stands while it plays."""
        self._root, self._changed, self.every = owner.part(part), changed, every
        self.length, self.at = 0, 0
        self.playing = False
        self._turn = 0  # of playing: a newer one ends the older
        dom.set_attr(self._root, "role", "group")
        dom.set_attr(self._root, "aria-label", label)
        dom.set_html(self._root, markup(label))
        self._buttons = {name: self._find(f"[value={name}]") for name in ("first", "back", "play", "next", "last")}
        self._scrubber, self._count = self._find("input"), self._find(".stepper-count")
        self._label = label
        owner.on(part, "click", self._click)
        owner.on(part, "input", lambda event: self._by_reader(int(event.target.value)))
        owner.add(self.stop)
        self.show(0)

    def show(self, length: int, at: int = 0) -> None:
        """There are `length` moments now, and this one is shown. Nobody is told."""
        self.length, self.at = length, min(max(at, 0), max(length - 1, 0))
        if not length:
            self.stop()
        self._draw()

    def go(self, at: int) -> None:
        """Show this moment, and tell."""
        if self.length:
            self.at = min(max(at, 0), self.length - 1)
            self._draw()
            self._changed(self.at)

    def play(self) -> None:
        """From here to the end; from the beginning, if that is where we are."""
        if self.length < 2:
            return
        self.playing = True
        self._turn += 1
        if self.at == self.length - 1:
            self.go(0)
        self._draw()
        spawn(self._play(self._turn))

    def stop(self) -> None:
        if self.playing:
            self.playing = False
            self._draw()

    async def _play(self, turn: int) -> None:
        while True:
            await asyncio.sleep(self.every)
            if not self.playing or turn != self._turn:
                return
            self.go(self.at + 1)
            if self.at >= self.length - 1:
                self.stop()
                return

    def _by_reader(self, at: int) -> None:
        self.stop()
        self.go(at)

    def _click(self, event) -> None:
        button = event.target.closest("button")
        if not button:
            return
        if button.value == "play":
            self.stop() if self.playing else self.play()
            return
        ways = {"first": 0, "back": self.at - 1, "next": self.at + 1, "last": self.length - 1}
        self._by_reader(ways[button.value])

    def _draw(self) -> None:
        last = max(self.length - 1, 0)
        for name, idle in (("first", self.at == 0), ("back", self.at == 0), ("next", self.at == last),
                           ("last", self.at == last), ("play", self.length < 2)):  # fmt: skip
            # not `disabled`: a button that has the keyboard's focus would lose it at either end
            dom.set_attr(self._buttons[name], "aria-disabled", "true" if idle else None)
        dom.set_text(self._buttons["play"], "Stop" if self.playing else "Play")
        word = "Stop" if self.playing else "Play"
        dom.set_attr(self._buttons["play"], "aria-label", f"{word}: {self._label}")
        self._scrubber.disabled = self.length < 2
        self._scrubber.max = str(last)
        self._scrubber.value = str(self.at)
        text = f"{self.at + 1:,} of {self.length:,}" if self.length else "nothing to step through yet"
        dom.set_text(self._count, text)
        dom.set_attr(self._scrubber, "aria-valuetext", text)

    def _find(self, selector: str):
        return self._root.querySelector(selector)


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
