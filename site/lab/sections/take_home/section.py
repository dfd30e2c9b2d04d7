"""Take home: the run as a file, opened again here or anywhere, in other forms, and as a command."""

from microgpt.checkpoint import CheckpointError

from ...core.jobs import Job, Pieces
from ...ui.clipboard import copy
from ...ui.files import File, FilePicker, give
from ...ui.section import Section
from . import view
from .model import FORMS, MAX_BYTES, command, file_name, making, opened


class TakeHome(Section):
    slug = "take_home"

    def mount(self) -> None:
        self._job: Job | None = None
        self.watch(self.lab.snapshot, self.lab.experiment)
        self.on("forms", "click", lambda event: self.take(event.button.value) if event.button else None)
        self.on("copy", "click", lambda _event: self.spawn(copy(self.ui.command, self.ui.copied)))
        self.watch(self.lab.keeper.kept)
        self.on("forget", "click", lambda event: self.keep_or_not() if event.button else None)
        FilePicker(self, "open", self.open)

    def render(self) -> None:
        snapshot, experiment = self.lab.snapshot.get(), self.lab.experiment.get()
        self.ui.standing.text = view.standing(snapshot, len(experiment.names), self.lab.title)
        own = self._file("list") if self.lab.title else None
        longest = max(map(len, experiment.names))
        self.ui.command.text = command(snapshot, longest, own, self._file("run"))
        self.ui.own.hidden = own is None
        self.ui.changed.hidden = not snapshot.changes
        kept = self.lab.keeper.kept.get()
        self.ui.kept.text = view.kept(kept)
        self.ui.forget.text = "Forget" if kept.keeping else "Keep my run"
        self.ui.forget.idle = bool(kept.trouble)

    def _file(self, form: str) -> str:
        return file_name(form, self.lab.title, self.lab.snapshot.get().step)

    def take(self, form: str) -> None:
        """Make a file of the moment reached, and hand it over."""
        if self._job:
            self._job.cancel()
        self.say("trouble", "")
        self.ui.taken.text = ""
        run = self.lab.run
        name = file_name(form, self.lab.title, run.step_count)
        pieces = self._taking(form, name, making(form, run.checkpoint(), run.experiment.names))
        self._job = self.add_job(f"Making {name}", pieces)

    def _taking(self, form: str, name: str, steps) -> Pieces:
        try:
            data = yield from steps
        except CheckpointError as error:
            self.say("trouble", f"There is no {name}: {error}.")
            return
        give(name, data, FORMS[form].media)
        self.ui.taken.text = view.done(name, len(data))

    async def open(self, file: File) -> None:
        """Go on from the run in a file that was picked."""
        self.say("trouble", "")
        self.ui.taken.text = ""
        try:
            if file.size > MAX_BYTES:
                raise CheckpointError(f"it has {file.size:,} bytes, far more than a run of this lab")
            checkpoint = opened(await file.read(), self.lab.run.experiment)
            self.lab.load(checkpoint)
        except (OSError, CheckpointError) as error:
            self.say("trouble", f"{file.name} can’t be opened: {error}. Your own run is untouched.")
        else:
            self.ui.taken.text = view.came(file.name, self.lab.snapshot.get())

    def keep_or_not(self) -> None:
        """Throw away what this browser keeps, or keep the run again."""
        if self.lab.keeper.kept.get().keeping:
            self.lab.keeper.forget()
        else:
            self.lab.keeper.keep()
