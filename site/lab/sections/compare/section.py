"""Before and after: two moments of a model, the names each makes up, and what each expects next."""

from dataclasses import replace
from weakref import WeakKeyDictionary, WeakSet

from microgpt.checkpoint import CheckpointError
from microgpt.evaluate.held_out import held_out_loss_in_pieces

from ...charts import Bars
from ...charts.bar_chart import BarChart
from ...core import compare
from ...core.compare import Capture, Recipe, Shelf, Side
from ...core.focus import BadName, read_name
from ...core.jobs import Job, Pieces
from ...ui import checkpoints
from ...ui.section import Section
from ..predictions.view import next_token
from . import view as views

SIDES = ("a", "b")


class Compare(Section):
    slug = "compare"
    drawn_ahead = False  # it fetches a checkpoint

    def mount(self) -> None:
        self._shelf = Shelf()
        self._sides: dict[str, Side] = {}  # empty until somebody comes to look
        self._wanted: dict[str, str] = {}  # the key of the moment each side waits for
        self._marks: WeakKeyDictionary[Capture, float] = WeakKeyDictionary()  # held-out losses
        self._examined: WeakSet[Capture] = WeakSet()  # those whose exam is under way or done
        self._saved: dict[str, Capture] = {}  # of those saved at build, the ones fetched for this run
        self._index: checkpoints.Index | None = None
        self._recipe: Recipe | None = None  # None until the first names were asked for
        self._told = ""  # about the last capture
        self._jobs: list[Job] = []
        self._typed = ""
        self._guessed: tuple | None = None  # what the charts show
        self.charts = {
            key: self.add_chart(
                BarChart,
                f"bars-{key}",
                f"Side {key.upper()}: chance of each next letter",
                empty="This side can’t read these letters. Try others.",
            )
            for key in SIDES
        }
        self.watch(self.lab.focus)
        self.add(self.lab.experiment.watch(lambda _experiment: self._follow()))
        self.on("recipe", "submit", lambda _event: self.generate())
        self.on("temperatures", "change", lambda _event: self._again())
        self.on("seed", "change", lambda _event: self._again())
        self.on("next-seed", "click", lambda _event: self.next_seed())
        self.on("prefix", "input", lambda event: self.type(event.target.value))
        for key in SIDES:
            self._connect(key)

    def _connect(self, key: str) -> None:
        self.on(f"moment-{key}", "change", lambda event: self.choose(key, event.target.value))
        self.on(f"capture-{key}", "click", lambda _event: self.capture(key))

    def render(self) -> None:
        if not self._sides:
            self._open()
        experiment = self.lab.experiment.get()
        why_not = self._why_not()
        self.say("why-not", views.not_yours(why_not))
        for key, side in self._sides.items():
            capture = side.capture
            self._draw_choices(key, why_not)
            settings, digest = capture.experiment.settings, capture.experiment.digest
            self.ui[f"about-{key}"].text = views.about(capture, compare.unlike(settings, digest, experiment))
            for part in (f"tag-{key}", f"bars-tag-{key}"):
                self.ui[part].text = capture.source
            self.ui[f"title-{key}"].text = capture.title
            baselines = capture.experiment.baselines
            self.ui[f"loss-{key}"].html = views.loss(self._mark(capture), baselines)
            self.ui[f"names-{key}"].html = views.names(side)
            self.ui[f"tally-{key}"].text = views.tally(side)
            if side.finished or side.recipe is None:
                self.ui[f"names-{key}"].attr("aria-busy", None)
        marks = {key: self._mark(side.capture) for key, side in self._sides.items()}
        if all(job.over for job in self._jobs):  # a screen reader speaks it at every change, so only once all is there
            self.ui.status.text = f"{self._told} {views.status(self._sides, marks)}".strip()
        self._draw_guesses()

    # What stands on the sides

    def choose(self, key: str, moment: str) -> None:
        """Put a moment on a side; one that is not here yet is fetched."""
        self.say("moment-error", "")
        self._wanted[key] = moment
        self._told = ""
        kept = {capture.key: capture for capture in (self._untrained, *self._shelf.captures)} | self._saved
        if moment in kept:
            self._place(key, kept[moment])
        else:
            self.spawn(self._fetch(key, moment))

    def capture(self, key: str) -> None:
        """Keep the run as it is at this moment, and put it on a side."""
        self.say("moment-error", "")
        in_use = [side.capture for other, side in self._sides.items() if other != key]
        try:
            new, dropped = self._shelf.capture(self.lab.snapshot.get(), self.lab.experiment.get(), in_use)
        except ValueError as error:
            self.say("moment-error", str(error))
            return
        self._wanted[key] = new.key
        self._place(key, new)
        self._told = f"Side {key.upper()} is now {new.title}."
        if dropped is not None:
            gone = dropped.title.capitalize()
            self._told += f" {gone} is gone: only {compare.KEPT} captures are kept."

    def _open(self) -> None:
        """At first both sides are untrained; the trained model comes as soon as it is here."""
        held_out = dict(self.lab.snapshot.get().held_out).get(0)
        self._untrained = compare.untrained(self.lab.experiment.get(), held_out)
        for key in SIDES:
            self._wanted[key] = self._untrained.key
            self._place(key, self._untrained)
        self.spawn(self._load_index())

    async def _load_index(self) -> None:
        try:
            self._index = await checkpoints.index()
        except (OSError, CheckpointError) as error:
            self.say("moment-error", f"The moments saved at build are missing: {error}. Capture your own.")
            return
        self.invalidate()
        if not self._why_not() and self._sides["b"].capture is self._untrained:
            self.choose("b", f"step-{max(self._index.steps)}")

    async def _fetch(self, key: str, moment: str) -> None:
        try:
            checkpoint = await checkpoints.at(int(moment.removeprefix("step-")))
            if self._wanted[key] == moment:  # nobody has chosen anything else meanwhile
                self._saved[moment] = compare.saved(checkpoint, self.lab.experiment.get())
                self._place(key, self._saved[moment])
        except (OSError, CheckpointError) as error:
            if self._wanted[key] == moment:
                self._wanted[key] = self._sides[key].capture.key
                self.say("moment-error", f"This moment could not be loaded: {error}. Nothing is changed.")
                self.invalidate()

    def _place(self, key: str, capture: Capture) -> None:
        self._sides[key] = Side(capture)
        if self._mark(capture) is None and capture not in self._examined:
            self._examined.add(capture)
            self._do("Held-out loss of a moment", self._examine(capture))
        if self._recipe is not None:
            self._make(key)
        self.invalidate()

    def _follow(self) -> None:
        """Other names or settings: what is untrained follows them; a copy stays what it was, and where it has learnt
        another list it stays among the choices."""
        if not self._sides:
            return
        experiment = self.lab.experiment.get()
        old, self._untrained = self._untrained, compare.untrained(experiment)
        self._saved.clear()
        for key, side in self._sides.items():
            if side.capture is old or side.capture.experiment.names != experiment.names:
                self._wanted[key] = self._untrained.key
                self._place(key, self._untrained)
        self.invalidate()

    def _why_not(self) -> str:
        """Why the moments saved at build are not for the run on this page; "" if they are."""
        if self._index is None:
            return ""
        return compare.unlike(self._index.settings, self._index.digest, self.lab.experiment.get())

    # What they make

    def generate(self) -> None:
        """Let both sides make up names, from the same draws."""
        self.say("seed-error", "")
        self.ui.seed.invalid = False
        try:
            seed = compare.read_seed(self.ui.seed.value)
        except ValueError as error:
            self.say("seed-error", str(error))
            self.ui.seed.invalid = True
            return
        temperature = float(self.ui.temperatures.chosen())
        self._recipe = Recipe(temperature, seed)
        for key in self._sides:
            self._make(key)
        self.invalidate()

    def next_seed(self) -> None:
        try:
            seed = (compare.read_seed(self.ui.seed.value) + 1) % (compare.MAX_SEED + 1)
        except ValueError:
            seed = 0
        self.ui.seed.value = str(seed)
        self.generate()

    def _again(self) -> None:
        """Another temperature or seed: once there are names, they follow."""
        if self._recipe is not None:
            self.generate()

    def _make(self, key: str) -> None:
        side = Side(self._sides[key].capture, self._recipe)
        self._sides[key] = side
        self.ui[f"names-{key}"].attr("aria-busy", "true")
        self._do("Making names up", self._naming(key, side.capture, side.recipe))

    def _naming(self, key: str, capture: Capture, recipe: Recipe) -> Pieces:
        for sample in compare.naming(capture, recipe):
            side = self._sides[key]
            if side.capture is not capture or side.recipe is not recipe:
                return  # something else was asked for meanwhile
            if sample is not None:
                self._sides[key] = replace(side, made=(*side.made, sample))
                self.invalidate()
            yield len(self._sides[key].made) / compare.COUNT
        self.invalidate()

    def _examine(self, capture: Capture) -> Pieces:
        documents = capture.experiment.held_out_documents
        self._marks[capture] = yield from held_out_loss_in_pieces(capture.model, documents)
        self.invalidate()

    def _mark(self, capture: Capture) -> float | None:
        return self._marks.get(capture) if capture.held_out is None else capture.held_out

    def _do(self, name: str, pieces: Pieces) -> None:
        """Queued beside the run: both sides grow together while it trains, and outlive a reset."""
        self._jobs = [job for job in self._jobs if not job.over] + [self.add_job(name, pieces)]

    # What they expect

    def type(self, text: str) -> None:
        self._typed = text
        self.invalidate()

    def _draw_guesses(self) -> None:
        focus, captures = self.lab.focus.get(), tuple(side.capture for side in self._sides.values())
        asked = (captures, self._typed, focus)
        if self._guessed == asked:
            return
        self._guessed = asked
        read, rest, truth = self._typed, "", None
        if not read.strip():
            at = views.place(focus)
            read, rest, truth = focus.name[:at], focus.name[at:], self._truth(at)
        guesses: dict[str, Bars] = {}
        errors = []
        for key, capture in zip(SIDES, captures, strict=True):
            try:
                read = read_name(read, capture.experiment)
            except BadName as error:
                errors.append(f"Side {key.upper()}: {error}")
                continue
            tokenizer = capture.experiment.tokenizer
            trace = capture.model.forward([tokenizer.bos, *tokenizer.encode(read)])
            guesses[key] = views.bars([*tokenizer.alphabet, "END"], trace.probabilities[-1].tolist(), truth)
        top = max((guess.scale_end for guess in guesses.values()), default=None)
        for key, chart in self.charts.items():
            chart.update(replace(guesses[key], top=top) if key in guesses else None)
        self.say("prefix-error", errors[0] if errors else "")
        self.ui.prefix.invalid = bool(errors)
        self.ui.read.text = read or "START"
        self.ui.rest.text = rest
        self.ui.contrast.text = views.contrast(read, guesses, truth) if len(guesses) == len(SIDES) else ""

    def _truth(self, at: int) -> str | None:
        """What really comes next in the name in focus, if that is known."""
        experiment, focus = self.lab.experiment.get(), self.lab.focus.get()
        tokenizer = experiment.tokenizer
        whole = focus.name in experiment.names
        token = next_token(replace(focus, position=at), tokenizer.encode(focus.name), tokenizer.bos, whole)
        if token is None:
            return None
        return "END" if token == tokenizer.bos else tokenizer.label(token)

    # The page

    def _draw_choices(self, key: str, why_not: str) -> None:
        steps = self._index.steps if self._index else ()
        part = f"moment-{key}"
        self.ui[part].html = views.options(steps, why_not, self._shelf.captures)
        self.ui[part].value = self._wanted[key]
