"""Names: another list for the whole page, looked at first and learnt only when the reader says so."""

from collections.abc import Callable, Generator

from microgpt.config import ConfigError
from microgpt.dataset import ReadOptions
from microgpt.experiment import Experiment

from ...core.jobs import Job, Pieces
from ...ui import files, storage
from ...ui.files import File, FileTaker
from ...ui.part import Event
from ...ui.section import Section
from . import kept, view
from .model import MAX_BYTES, Found, Source, looking, preparing, suited
from .shelf import SHELF


class Names(Section):
    slug = "names"

    def mount(self) -> None:
        self._source: Source | None = None  # what is being looked at
        self._found: Found | None = None  # what it would become
        self._job: Job | None = None
        self._titled: Experiment | None = None  # whose title stands in the field
        FileTaker(self, "pick", self.take, self.paste)
        self.ui.encoding.html = view.encodings()
        self.ui.delimiter.html = view.delimiters()
        self.watch(self.lab.experiment)
        self.on("shelf", "click", lambda event: self.spawn(self.fetch(event.button.value)) if event.button else None)
        self.on("paste", "submit", lambda _event: self.paste(self.ui.text.value))
        self.on("choices", "change", lambda _event: self.choose())
        self.on("keep", "submit", lambda _event: self.keep())
        self.on("kept", "click", self._kept_pressed)
        self.on("learn", "click", lambda event: self.learn() if event.button else None)
        self.on("forget", "click", lambda _event: self.forget())
        self.on("stop", "click", lambda _event: self.stop())

    def render(self) -> None:
        experiment = self.lab.experiment.get()
        self._show_kept(experiment)
        self.ui.now.html = view.now(experiment, self.lab.title or SHELF[0].title)

    # A list comes in

    async def fetch(self, file: str) -> None:
        """One of the ready lists."""
        ready = next(ready for ready in SHELF if ready.file == file)
        self.say("trouble", "")
        try:
            data = await files.of_the_site(f"data/{ready.file}.txt")
        except OSError as error:
            return self._refuse(f"{ready.title}: {error}.")
        self.look_at(Source(ready.title, data, ready.fold_case, "utf-8"))

    async def take(self, file: File) -> None:
        """A file that was picked or dropped."""
        self.say("trouble", "")
        if file.size > MAX_BYTES:  # not even into memory
            return self._refuse(view.too_large(file.name, file.size, MAX_BYTES))
        try:
            data = await file.read()
        except OSError as error:
            return self._refuse(f"{error}")
        self.look_at(Source(file.name, data))

    def paste(self, text: str) -> None:
        self.say("trouble", "")
        if not text.strip():
            return self._refuse("There is nothing pasted yet: type or paste some names, one a line.")
        self.look_at(Source("your list", text.encode("utf-8", "replace"), encoding="utf-8"))

    def look_at(self, source: Source) -> None:
        """Begin to look at a list, with the options that suit it best."""
        self._source, self._found = source, None
        self.ui.found.hidden = True
        self._look(suited(source), arrived=True)

    def choose(self) -> None:
        """Look at the same list again, with what has been chosen now."""
        if self._found:
            values = {name: self.ui[name].value for name in view.CHOICES}
            self._look(view.options(values, self.ui.fold.checked, self._found))

    def _look(self, options: ReadOptions, arrived: bool = False) -> None:
        settings = self.lab.experiment.get().settings
        self.ui.learn.idle = True
        self._begin(f"Reading {self._source.title}", self._looking(looking(self._source, options, settings), arrived))

    def _looking(self, steps: Generator[float, None, Found], arrived: bool) -> Pieces:
        self._found = yield from self._shown(steps)
        self._end()
        self._show(self._found)
        if arrived:
            self.ui.found.show()
            self.ui.headline.focus()

    # It is learnt, or not

    def learn(self) -> None:
        if self._found and not self._found.problem and not self._busy:
            settings = self.lab.experiment.get().settings
            self.ui.learn.idle = True
            self._begin(f"Preparing {self._source.title}", self._learning(preparing(self._found.names, settings)))

    def _learning(self, steps: Generator[float, None, Experiment]) -> Pieces:
        try:
            experiment = yield from self._shown(steps)
        except (ConfigError, MemoryError) as error:
            self._end()
            self._show(self._found._replace(problem=str(error) or "there is no memory left for it"))
            return
        self._end()
        self.lab.begin(experiment, self._source.title)
        self.forget()

    def forget(self) -> None:
        """Leave it at the list in force."""
        self.stop()
        self._source = self._found = None
        self.ui.found.hidden = True
        self.say("trouble", "")
        self.ui.now.focus()

    # Lists kept in this browser

    def _show_kept(self, experiment: Experiment) -> None:
        shipped = self.lab.title is None
        lists = kept.read(storage.kept(kept.KEY))
        self.ui.keep.hidden = shipped
        self.ui.own.hidden = shipped and not lists
        self.ui.kept.html = view.kept(lists)
        if experiment is not self._titled:
            self._titled = experiment
            self.ui.title.value = self.lab.title or ""
            self.ui.kept_said.text = ""

    def keep(self) -> None:
        """Keep the list in force, under the title that stands in the field."""
        experiment, title = self.lab.experiment.get(), self.ui.title.value.strip()
        self._change_kept(lambda lists: kept.with_list(lists, title, experiment.names), f"“{title}” is kept.")

    def _kept_pressed(self, event: Event) -> None:
        if event.button is None:
            return
        what, place = event.button.value.split()
        lists = kept.read(storage.kept(kept.KEY))
        title = list(lists)[int(place)]
        if what == "open":
            self.look_at(Source(title, lists[title].encode(), plain=True))
        elif what == "rename":
            new = event.button.closest("li").find("input").value
            self._change_kept(lambda lists: kept.renamed(lists, title, new), f"It is called “{new.strip()}” now.")
        else:
            self._change_kept(lambda lists: kept.without(lists, title), f"“{title}” is deleted.")

    def _change_kept(self, change: Callable[[dict[str, str]], dict[str, str]], said: str) -> None:
        self.say("kept-trouble", "")
        try:
            lists = change(kept.read(storage.kept(kept.KEY)))
            storage.keep(kept.KEY, kept.written(lists))
            if kept.read(storage.kept(kept.KEY)) != lists:
                raise kept.NoRoom("This browser keeps nothing for this page. “Take it home” saves the list as a file.")
        except kept.NoRoom as error:
            self.say("kept-trouble", str(error))
            return
        self.ui.kept_said.text = said
        if not self.ui.keep.hidden:
            self.ui.title.focus()  # the buttons of the list are new ones now
        self.invalidate()

    # Work in the queue

    @property
    def _busy(self) -> bool:
        return self._job is not None

    def _begin(self, name: str, pieces: Pieces) -> None:
        if self._job:
            self._job.cancel()
        self.ui.doing.text = f"{name} …"
        self.ui.done.progress(0)
        self.ui.busy.hidden = False
        self._job = self.add_job(name, pieces, self.stop)

    def _shown(self, steps: Generator[float, None, Found | Experiment]) -> Pieces:
        """The steps, with their progress shown; gives what they return."""
        while True:
            try:
                share = next(steps)
            except StopIteration as end:
                return end.value
            self.ui.done.progress(round(share, 2))
            yield share

    def _end(self) -> None:
        self._job = None
        self.ui.busy.hidden = True

    def stop(self) -> None:
        """End what is under way: the list in force stays, and what was found stays to be looked at."""
        if self._job:
            self._job.cancel()
        self._end()
        if self._found:
            self._show(self._found)

    def _refuse(self, message: str) -> None:
        self.say("trouble", message)
        self.ui.trouble.show()

    def _show(self, found: Found) -> None:
        self.ui.headline.text = view.headline(found)
        self.say("problem", view.problem(found))
        for part, markup in (
            ("reasons", view.reasons(found)),
            ("first", view.first(found)),
            ("letters", view.alphabet(found)),
        ):
            self.ui[part].html = markup
        for part, text in (
            ("read-as", view.read_as(found)),
            ("summary", view.summary(found)),
            ("folding", view.folding(found)),
            ("between", view.between(found)),
        ):
            self.ui[part].text = text
        table = found.report.table if found.report else None
        self.ui.column.html = view.columns(table)
        self.ui.column.enabled = table is not None
        self.ui.repeats.html = view.repeats(table)
        for name, value in view.chosen(found).items():
            self.ui[name].value = value
        self.ui.fold.checked = found.options.fold_case
        self.ui.learn.idle = bool(found.problem)
        self.ui.found.hidden = False
