"""The sandbox: one text of its own, and what the model of this moment bets, pays and draws on it."""

from microgpt.evaluate.guesses import average, costliest_hit, score, top
from microgpt.sampling import SampleStep, at_temperature

from ...charts.bar_chart import BarChart
from ...charts.strip_chart import StripChart
from ...core.compare import MAX_SEED, read_seed
from ...core.examples import beginnings, whole_names
from ...core.focus import BadName, read_name
from ...core.jobs import Pieces
from ...ui.dial import Dial
from ...ui.section import Section
from ..generate import draw as draw_views
from ..generate.model import Drawing, check
from . import view as views

MODES = ("forward", "loss", "sample")
EVERY = 0.9  # seconds between two draws while it plays
A_PIECE = 4  # names looked through at a time
AFTER = 1  # the first position that a search counts: the first letter is much the same bet in all names


class Sandbox(Section):
    slug = "sandbox"

    def mount(self) -> None:
        self._mode = "forward"
        self._stop_looking = None  # while a search is going on: what ends it
        self._spot: int | None = None  # the place in the text that a search has found
        self.bars = self.add_chart(BarChart, "bars", "Sandbox: the likeliest answers and the rest")
        self.strip = self.add_chart(StripChart, "strip", "Sandbox: all chances end to end")
        self.k = Dial(self, "k", lambda _value: self.invalidate())
        self.temperature = Dial(self, "temperature", lambda _value: self.invalidate())
        self.watch(self.lab.snapshot)
        self.add(self.lab.experiment.watch(lambda _experiment: self._follow()))
        self._ticker = self.add_ticker(self.draw_one, lambda: EVERY, lambda: self.play(False))
        self.on("text", "input", lambda event: self.type(event.target.value))
        self.on("presets", "click", self.press)
        self.on("modes", "change", lambda event: self.ask(event.target.value))
        self.on("look", "click", lambda _event: self.look())
        self.on("stop-looking", "click", lambda _event: self._end_looking("Stopped."))
        self.on("draw", "click", lambda _event: self.draw_by_hand())
        self.on("play", "click", lambda _event: self.play(not self._ticker.playing))
        self.on("again", "click", lambda _event: self.begin(self._drawing.start))
        self.on("seed", "change", lambda _event: self.begin(self._drawing.start))
        self.on("other-seed", "click", lambda _event: self.another_seed())
        self._drawing = Drawing(self.lab.experiment.get(), "", 0)
        self._presets = self.ui.presets.all("button[value]:not([value=''])")
        self._follow()

    @property
    def text(self) -> str:
        return self._drawing.text

    def render(self) -> None:
        snapshot, experiment = self.lab.snapshot.get(), self.lab.experiment.get()
        self.ui.tag.text = snapshot.source
        self.ui.limit.text = views.limit(experiment.config)
        for mode in MODES:
            self.ui[mode].hidden = mode != self._mode
        self.ui.apart.hidden = self._mode == "loss"
        try:
            check(snapshot.model)
        except ValueError as error:
            self.say("ran-away", str(error))
            return
        self.say("ran-away", "")
        if self._mode == "forward":
            self._draw_forward(snapshot.model)
        elif self._mode == "loss":
            self._draw_loss(snapshot.model)
        else:
            self._draw_sample(snapshot.model)

    # The text

    def type(self, text: str) -> None:
        """Take this text, as typed; one that can't be read is explained, and the old one stays in force."""
        message = ""
        try:
            self.begin(read_name(text, self.lab.experiment.get()))
        except BadName as error:
            message = str(error)
        self.say("text-error", message)
        self.ui.text.invalid = bool(message)

    def press(self, event) -> None:
        button = event.target.closest("button")
        if button:
            current = button.get("data-part") == "current"
            self._show(self.lab.focus.get().name if current else button.value)

    def begin(self, start: str) -> None:
        """A new text; its draws start at the seed. A seed that is none leaves the last good one in force."""
        self.play(False)
        if self._stop_looking:  # or what it finds would take the place of this text
            self._end_looking("Stopped.")
        self._spot = None
        message = ""
        try:
            self._seed = read_seed(self.ui.seed.value)
        except ValueError as error:
            message = str(error)
        self.say("seed-error", message)
        self.ui.seed.invalid = bool(message)
        tokenizer = self._drawing.experiment.tokenizer
        written = tokenizer.normalise(self.ui.text.value).strip() == self._drawing.text
        self._drawing = Drawing(self.lab.experiment.get(), start, self._seed)
        if written:  # by the dice, not by the reader, who may be typing
            self.ui.text.value = start
        self.invalidate()

    def ask(self, mode: str) -> None:
        self._mode = mode
        self.play(False)
        if self._stop_looking:
            self._end_looking("Stopped.")
        self.invalidate()

    def _show(self, text: str) -> None:
        self.ui.text.value = text
        self.type(text)

    def _follow(self) -> None:
        """Other names or another model: offer only texts that it can read, and keep ours if it can."""
        experiment = self.lab.experiment.get()
        self._end_looking("")
        offered = beginnings(["stego"], experiment) + whole_names(["triceratops", "velociraptor"], experiment)
        for button, text in zip(self._presets, offered, strict=True):
            button.value = button.text = text
        self._seed = self._drawing.seed
        text = self.ui.text.value
        if experiment.names != self._drawing.experiment.names:
            text = self._presets[0].value
        self._show(text if _readable(text, experiment) else "")

    # Forward

    def _draw_forward(self, model) -> None:
        tokenizer = self.lab.experiment.get().tokenizer
        guess = model.forward([tokenizer.bos, *tokenizer.encode(self.text)]).probabilities[-1]
        best = top(guess, round(self.k.value))
        self.bars.update(views.top_bars(best, tokenizer))
        self.ui.sum.text = views.top_sum(self.text, best, tokenizer)

    # Loss

    def _draw_loss(self, model) -> None:
        experiment = self.lab.experiment.get()
        tokenizer, text = experiment.tokenizer, self.text
        scores = score(model, tokenizer.document(text))
        spot = views.costliest(scores) if self._spot is None else self._spot
        self.ui.costs.html = views.costs(scores, tokenizer, spot)
        self.ui.average.text = views.average(text, scores, average(scores), tokenizer, text in experiment.names)
        self.ui.hint.text = views.right_and_costly(text, scores, tokenizer)

    def look(self) -> None:
        """Look through the whole list for the right guess that cost most, and show it."""
        self._end_looking("")
        self.ui.found.text = "Looking …"
        self.ui.stop_looking.hidden = False
        job = self.add_job("Looking through the list", self._looking(), lambda: self._end_looking(""))
        self._stop_looking = job.cancel

    def _looking(self) -> Pieces:
        snapshot, experiment = self.lab.snapshot.get(), self.lab.experiment.get()
        names = [name for name in experiment.names if len(name) <= experiment.config.max_letters]
        documents = [experiment.tokenizer.document(name) for name in names]
        best = None
        for done, so_far in enumerate(costliest_hit(snapshot.model, documents, AFTER), start=1):
            best = so_far
            if done % A_PIECE == 0:
                self.ui.found.text = views.looking(done, len(names))
                yield done / len(names)
        self._stop_looking = None  # it ends by itself
        name = None if best is None else names[best.document]
        self._end_looking(views.found(name, snapshot.step, len(names), 0.0 if best is None else best.loss))
        if name is not None:
            self._show(name)
            self._spot = best.position
            self.invalidate()

    def _end_looking(self, said: str) -> None:
        stop, self._stop_looking = self._stop_looking, None
        button = self.ui.stop_looking
        if button.focused:
            self.ui.look.focus()
        button.hidden = True
        self.ui.found.text = said
        if stop:
            stop()

    # Sample

    def _draw_sample(self, model) -> None:
        tokenizer, drawing = self._drawing.experiment.tokenizer, self._drawing
        k = round(self.k.value)
        if drawing.steps:
            step = drawing.steps[-1]
        else:  # what the first draw will be made from
            start = (tokenizer.bos, *tokenizer.encode(drawing.text))
            logits = model.forward(start).logits[-1]
            step = SampleStep(start, logits, at_temperature(logits, self.temperature.value), None, tokenizer.bos)
        drawn = bool(drawing.steps)
        self.strip.update(draw_views.strip_of(step, tokenizer, k, drawn))
        if not (drawn or drawing.over):
            self.ui.said.text = "Nothing is drawn yet."
        self.ui.strip_title.text = views.strip_title(draw_views.read(step, tokenizer), k, drawn)
        self.ui.draws.html = views.draws(drawing.steps, tokenizer)
        self.ui.draw.idle = bool(drawing.over)
        self.ui.play.idle = bool(drawing.over)

    def draw_by_hand(self) -> None:
        self.play(False)
        self.draw_one()

    def draw_one(self) -> None:
        """Draw a letter with the model of this moment; it joins the text."""
        drawing, snapshot = self._drawing, self.lab.snapshot.get()
        if drawing.over:
            return
        try:
            step = drawing.draw(snapshot.model, self.temperature.value)
        except ValueError as error:
            self.say("ran-away", str(error))
            self.play(False)
            return
        tokenizer = drawing.experiment.tokenizer
        said = [] if step is None else [draw_views.draw(step, tokenizer, round(self.k.value))]
        if drawing.over:
            self.play(False)
            most, novelty = drawing.experiment.config.max_letters, drawing.experiment.novelty
            said.append(draw_views.fate(drawing.text, drawing.ended, most, novelty.judge(drawing.text)))
        self.ui.said.text = " ".join([*said, f"Drawn by the model of step {snapshot.step:,}."])
        self.ui.text.value = drawing.text
        self.say("text-error", "")
        self.ui.text.invalid = False
        self.invalidate()

    def another_seed(self) -> None:
        try:
            seed = (read_seed(self.ui.seed.value) + 1) % (MAX_SEED + 1)
        except ValueError:
            seed = self._seed
        self.ui.seed.value = str(seed)
        self.begin(self._drawing.start)

    def play(self, going: bool) -> None:
        """Draw letter after letter until END, or stop doing so."""
        if going and self._drawing.over:
            return
        if not going:
            self._ticker.stop()
        self.ui.play.text = "Stop" if going else "Play"
        self.ui.play.attr("aria-label", f"{'Stop' if going else 'Play'}: draw letter after letter")
        if going:
            self._ticker.play()
            self.draw_one()


def _readable(text: str, experiment) -> bool:
    try:
        read_name(text, experiment)
    except BadName:
        return False
    return True
