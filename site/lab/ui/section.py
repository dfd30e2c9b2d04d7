"""What every section of the page has in common."""

import traceback
from collections.abc import Callable
from html import escape

from ..charts.format import figure_text
from ..core.figures import figure
from ..core.jobs import Job, Pieces
from ..core.lab import Lab
from ..core.signal import Signal
from . import dom
from .frame import Frame
from .scope import Scope


class Section:
    """A part of the page with its figures: `<section id="slug">` in `slug.html`, and a class.

    `mount` runs once: find the parts, build the charts, wire the controls. `render` reads the
    signals and patches the page; it may run at any time and never trains. An error in either stays
    inside: the section says so and offers a retry, and the rest of the lab goes on.
    """

    slug: str

    def __init__(self, lab: Lab, frame: Frame) -> None:
        self.lab, self._frame = lab, frame
        self.root = dom.by_id(self.slug)
        self.visible = False
        self._broken = False
        self._scope = Scope()
        self._set_up()

    def _set_up(self) -> None:
        self._figures_of = None  # the experiment from which the figures in the prose are
        self._guarded(self.mount)
        self.watch(self.lab.experiment)
        self.add(dom.on_visible(self.root, self._seen))
        self.invalidate()

    def mount(self) -> None:
        raise NotImplementedError

    def render(self) -> None:
        raise NotImplementedError

    def part(self, name: str):
        return dom.part(self.root, name)

    def say(self, part: str, text: str) -> None:
        """Show a message in a part made for it; an empty one hides the part."""
        dom.set_text(self.part(part), text)
        self.part(part).hidden = not text

    def on(self, part: str, event: str, handler: Callable) -> None:
        """Listen to an event of a part; an error in the handler is shown like one in `render`."""
        self.add(dom.listen(self.part(part), event, lambda event: self._guarded(self._answer, handler, event)))

    def _answer(self, handler: Callable, event) -> None:
        if self._figures_of is None:
            self._render()  # used before its first frame: what a handler works with is made there
        handler(event)

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

    def add(self, undo: Callable[[], None]) -> None:
        self._scope.add(undo)

    def invalidate(self) -> None:
        self._frame.request(self)

    def draw(self) -> None:
        if not self._broken:
            self._guarded(self._render)

    def _render(self) -> None:
        experiment = self.lab.experiment.get()
        if experiment is not self._figures_of:
            self._figures_of = experiment
            for place in self.root.querySelectorAll("[data-live]"):
                name = place.getAttribute("data-live")
                dom.set_text(place, figure_text(name, figure(name, experiment)))
        self.render()

    def dispose(self) -> None:
        """Give back every listener, observer and chart."""
        self._scope.close()

    def _seen(self, visible: bool) -> None:
        self.visible = visible
        if visible:
            self.invalidate()

    def _guarded(self, action: Callable, *arguments) -> None:
        try:
            action(*arguments)
        except Exception as error:  # whatever went wrong in one section, the others go on
            self._failed(error)

    def _failed(self, error: Exception) -> None:
        self._broken = True  # until the reader asks to try again
        dom.log_error("".join(traceback.format_exception(error)))
        self._show_error(error)

    def _show_error(self, error: Exception) -> None:
        box = self.root.querySelector("[data-part=error]")
        if not box:
            self.root.insertAdjacentHTML("beforeend", '<div class="notice bad" role="alert" data-part="error"></div>')
            box = self.part("error")
        dom.set_html(
            box,
            f"<p>Something went wrong in this part of the page: {escape(str(error) or type(error).__name__)}. "
            'The rest goes on.</p><button type="button">Try this part again</button>',
        )
        undo = dom.listen(box.querySelector("button"), "click", lambda _event: self._retry(box))
        self.add(undo)

    def _retry(self, box) -> None:
        box.remove()
        self._scope.close()
        self._broken = False
        self._set_up()
