"""Share: a link that sets the lab up as it stands here, or as a lesson needs it."""

from ...core.link import NOTE, Link, words, write
from ...ui import places
from ...ui.clipboard import copy
from ...ui.section import Section
from ..names.shelf import SHELF
from . import view

MODES = {
    "": "as much as its reader likes",
    "minimal": "the minimum",
    "focused": "the key ideas",
    "advanced": "everything",
}


class Share(Section):
    slug = "share"

    def mount(self) -> None:
        self._titles = places.titles()
        self.ui.section.html = view.choices(self._titles)
        self.ui.hide.html = view.hidden(self._titles)
        self.watch(self.lab.snapshot, self.lab.experiment, self.lab.focus, self.lab.typed)
        for event in ("input", "change"):
            self.on("form", event, lambda _event: self.invalidate())
        self.on("here", "click", lambda _event: self._to_here())
        self.on("copy", "click", lambda event: self.spawn(copy(self.ui.link, self.ui.copied)) if event.button else None)

    def render(self) -> None:
        experiment = self.lab.experiment.get()
        title = self._title
        self.say("own", "" if title else "Your own list is no part of the link: take it home as a file, and send that.")
        link = Link(
            list=next((ready.file for ready in SHELF if ready.title == title), SHELF[0].file),
            settings=experiment.settings,
            to=self._to(),
            hide=tuple(box.value for box in self.ui.hide.all("input") if box.checked),
            note=self.ui.note.value.strip()[:NOTE],
            **self._looked_at(),
        )
        section, mode = self.ui.section.value, self.ui.mode.value
        try:
            query = write(link, {"mode": mode} if mode else {})
        except ValueError as error:
            self.say("trouble", str(error))
            return
        self.say("trouble", "")
        self.ui.link.text = places.address(query, section)
        opens = f"at “{self._titles[section]}”" if section else "at the beginning"
        lines = words(link, title or SHELF[0].title)
        self.ui.preview.html = view.preview([*lines, f"opens {opens}", f"shows {MODES[mode]}"])

    @property
    def _title(self) -> str | None:
        """What the ready list in force is called; None for a list of the reader's own."""
        title = self.lab.title or SHELF[0].title
        return title if title in [ready.title for ready in SHELF] else None

    def _to(self) -> int:
        steps = self.lab.experiment.get().settings.steps
        text = self.ui.to.value.strip()
        fits = text.isdecimal() and int(text) <= steps
        self.ui.to.invalid = bool(text) and not fits
        self.say("to-error", "" if fits or not text else f"A whole number from 0 to {steps:,}.")
        return int(text) if fits else 0

    def _looked_at(self) -> dict[str, object]:
        """The name and the place in it, if the reader wants them in the link."""
        if not self.ui.looked.checked:
            return {}
        focus = self.lab.focus.get()
        return {"name": focus.name, "position": focus.position, "layer": focus.layer, "head": focus.head}

    def _to_here(self) -> None:
        self.ui.to.value = str(self.lab.snapshot.get().step)
        self.invalidate()
