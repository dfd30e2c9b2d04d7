"""What every section of the page has in common."""

import asyncio
import traceback
from collections.abc import Callable, Coroutine
from html import escape
from typing import TypeVar

from ..charts.format import figure_text
from ..core.figures import figure
from ..core.jobs import Job, Pieces
from ..core.lab import Lab
from ..core.signal import Signal
from ..core.ticker import Ticker
from . import dom, screen
from .frame import Frame
from .part import Event, Part, Parts
from .scope import Scope
from .tasks import spawn

Chart = TypeVar("Chart")
CONTROLS = ":is(button, input, select, textarea)"


class Section:
    """A part of the page with its figures: `<section id="slug">` in `prose.html`, and a class.

    `mount` runs once: build the charts, wire the controls. `render` reads the signals and patches the page; it may run
    at any time and never trains. An error in either stays inside: the section says so and offers a retry, and the rest
    of the lab goes on.

    `self.ui.name` is the part marked `data-part="name"`; no section touches the page by another way. The build ships
    controls disabled; here they are enabled, and `mount` disables again what can't be used yet. All of them wait for
    the first drawing, which makes room for what it shows: nothing moves under a finger. No form is ever submitted.
    Whatever is acquired by `on`, `watch` and the methods `add…` is given back with the section.
    """

    slug: str
    drawn_ahead = True  # before it comes in sight; False: its first drawing begins work that nobody may want

    def __init__(self, lab: Lab, frame: Frame) -> None:
        self.lab, self._frame = lab, frame
        self.root = Part(dom.by_id(self.slug))
        self.visible = False
        self._broken = False
        self._scope = Scope()
        self._set_up()

    def _set_up(self) -> None:
        self._figures_of = None  # the experiment from which the figures in the prose are
        self.ui = Parts(self.root.element)
        controls = self.root.all(f"{CONTROLS}:disabled")
        self._enable(controls, True)
        self.add(dom.listen(self.root.element, "submit", lambda event: event.preventDefault()))
        self._guarded(self.mount)
        self._waiting = self.root.all(f"{CONTROLS}:enabled")
        self._enable(controls if self._broken else self._waiting, False)
        self.watch(self.lab.experiment)
        self.add(dom.on_visible(self.root.element, self._seen))
        self.add(dom.on_resize(self.root.element, self._laid_out))
        self.invalidate()

    def _enable(self, controls: list[Part], enabled: bool) -> None:
        for control in controls:
            control.enabled = enabled

    def mount(self) -> None:
        raise NotImplementedError

    def render(self) -> None:
        raise NotImplementedError

    def say(self, part: str, text: str) -> None:
        """Show a message in a part made for it; an empty one hides the part."""
        self.ui[part].text = text
        self.ui[part].hidden = not text

    def on(self, part: str, event: str, handler: Callable[[Event], None]) -> None:
        """Listen to an event of a part; an error in the handler is shown like one in `render`."""
        element = self.ui[part].element
        self.add(dom.listen(element, event, lambda event: self._guarded(self._answer, handler, Event(event))))

    def on_width(self, part: str, handler: Callable[[int], None], least: int = 0) -> None:
        """Call `handler(units)` whenever a part gets another width, in drawing units and `least` or more; 0 while it
        is not laid out. Where a deeper mode shows the part, the section is drawn at once: it takes its room before
        anybody can press what stands below it."""
        was = 0.0

        def resized(pixels: float) -> None:
            nonlocal was
            appears, was = pixels > 0 == was, pixels
            handler(screen.units(pixels, least))
            if appears and self._figures_of is not None:
                self.draw()

        self.add(dom.on_resize(self.ui[part].element, resized))

    def _answer(self, handler: Callable[[Event], None], event: Event) -> None:
        if self._figures_of is None:
            self._render()  # used before its first frame: what a handler works with is made there
        handler(event)

    def add_chart(self, kind: Callable[..., Chart], part: str, *arguments, **options) -> Chart:
        """A chart of this kind in a part, which it fills."""
        chart = kind(self.ui[part].element, *arguments, **options)
        self.add(chart.dispose)
        return chart

    def add_ticker(self, tick: Callable[[], None], every: Callable[[], float], stop: Callable[[], None]) -> Ticker:
        """What plays by calling `tick`, and stands still in a hidden tab and out of sight. `stop()` is called where it
        has to end: with the section, and when the reader asks the system for less motion."""

        def held() -> bool:
            return dom.hidden() or not self.visible or self._broken

        ticker = Ticker(lambda: self._guarded(tick), every, held, asyncio.sleep, spawn)
        self.add(stop)
        self.add(dom.on_media(dom.STILL, lambda still: stop() if still and ticker.playing else None))
        return ticker

    def spawn(self, coroutine: Coroutine) -> None:
        """Start it beside whatever is going on; it ends with the section."""
        task = spawn(self._guarded_coroutine(coroutine))
        self.add(task.cancel)

    def watch(self, *signals: Signal) -> None:
        """Render again whenever one of these changes."""
        for signal in signals:
            self.add(signal.watch(lambda _value: self.invalidate()))

    def add_job(self, name: str, pieces: Pieces, stop: Callable[[], None] | None = None) -> Job:
        """Queue long work, which ends with the section (see `Jobs.add`). Where the section
        shows that it is at work, `stop` is its own way to end that, for a reader who does so from elsewhere."""
        job = self.lab.add_job(name, pieces, self._failed, stop)
        self.add(job.cancel)
        return job

    def hand_focus(self, to: str, change: Callable[[], None], *among: str) -> None:
        """Do `change`, which may disable the button with the keyboard's focus. If that was one `among` these parts, or
        stands in the empty chart of one of them, the focus goes to the part `to`, if that can be pressed."""
        parts = [self.ui[part] for part in among]
        had = any(part.focused or part.find(".chart-empty button:focus") for part in parts)
        change()
        if had and self.ui[to].enabled:
            self.ui[to].focus()

    def add(self, undo: Callable[[], object]) -> None:
        self._scope.add(undo)

    def invalidate(self) -> None:
        self._frame.request(self)

    def draw(self) -> None:
        if not self._broken:
            self._guarded(self._render)

    def _render(self) -> None:
        experiment = self.lab.experiment.get()
        if self._figures_of is None:
            self._enable(self._waiting, True)
        if experiment is not self._figures_of:
            self._figures_of = experiment
            for place in self.root.all("[data-live]"):
                name = place.get("data-live")
                place.text = figure_text(name, figure(name, experiment))
            for noun in self.root.all("[data-of]"):  # what such a figure counts: "1 head", "4 heads"
                one = noun.get("data-one")
                noun.text = one if figure(noun.get("data-of"), experiment) == 1 else f"{one}s"
        self.render()

    def dispose(self) -> None:
        """Give back every listener, observer, chart and job; nothing is drawn any more."""
        self.visible = False
        self._scope.close()

    def _seen(self, visible: bool) -> None:
        self.visible = visible
        if visible:
            self.invalidate()

    def _laid_out(self, width: float) -> None:
        if width and self._figures_of is None and self.drawn_ahead:
            self._frame.introduce(self)

    def _guarded(self, action: Callable, *arguments) -> None:
        try:
            action(*arguments)
        except Exception as error:  # whatever went wrong in one section, the others go on
            self._failed(error)

    async def _guarded_coroutine(self, coroutine: Coroutine) -> None:
        try:
            await coroutine
        except Exception as error:
            self._failed(error)

    def _failed(self, error: Exception) -> None:
        self._broken = True  # until the reader asks to try again
        dom.log_error("".join(traceback.format_exception(error)))
        self._show_error(error)

    def _show_error(self, error: Exception) -> None:
        if self.ui.get("error") is None:
            self.root.append('<div class="notice bad" role="alert" data-part="error"></div>')
            element = self.ui.error.element
            self.add(dom.listen(element, "click", lambda event: self._retry() if Event(event).button else None))
        self.ui.error.html = (
            f"<p>Something went wrong in this part of the page: {escape(str(error) or type(error).__name__)}. "
            'The rest goes on.</p><button type="button">Try this part again</button>'
        )

    def _retry(self) -> None:
        self.ui.error.remove()
        self._scope.close()
        self._broken = False
        self._set_up()
