"""What the bench shows, as data for its charts, markup and words."""

from html import escape

from numpy import ndarray

from microgpt.evaluate.heads import vowels
from microgpt.experiment import Experiment
from microgpt.inspect.letter_map import LetterMap

from ...charts.descent import Descent
from ...charts.format import counted, percent
from ...charts.line_data import Baseline
from ...charts.scattered import Scattered
from ...charts.spelled import Spelled
from ...core.letters import ranked
from ...core.snapshot import Sample, Snapshot
from ...core.status import Status
from .model import beaten

LINES = {"uniform": "even guess", "unigram": "letters", "bigram": "pairs", "trigram": "triples"}
"""Baseline → what its line is called: what whoever guesses like that has counted."""
NEWEST = 8
MOST_LETTERS = 40  # of a map that can still be read


def spelled(snapshot: Snapshot, experiment: Experiment, name: str) -> Spelled:
    """The probability that the model gives to each letter of a name, and to its end."""
    document = experiment.tokenizer.document(name)
    probabilities = snapshot.model.forward(document[:-1]).probabilities
    right = [float(row[token]) for row, token in zip(probabilities, document[1:], strict=True)]
    return Spelled([*name, "END"], right)


def descent(snapshot: Snapshot, experiment: Experiment) -> Descent:
    baselines = experiment.baselines
    passed = beaten(snapshot.history, snapshot.step, baselines)
    return Descent(
        snapshot.history.means(snapshot.step),
        snapshot.settings.steps,
        [Baseline(LINES[name], loss) for name, loss in baselines.items()],
        frozenset(LINES[name] for name in passed),
    )


def names(samples: tuple[Sample, ...]) -> str:
    """List items of the newest names, the newest first."""
    items = [
        f'<li><b>{escape(sample.name) or "–"}</b> <span class="stamp">{sample.step:,}</span></li>'
        for sample in reversed(samples[-NEWEST:])
    ]
    return "".join(items) or '<li class="empty">Here they come.</li>'


def letters_of(experiment: Experiment, rows: ndarray) -> tuple[list[str], ndarray]:
    """The letters that are on the map, of very many the most frequent, and their rows of wte: [BOS] is no letter."""
    tokens = sorted(ranked(experiment)[:MOST_LETTERS])
    return [experiment.tokenizer.label(token) for token in tokens], rows[tokens]


def on_the_map(letters: list[str], found: LetterMap) -> Scattered:
    return Scattered(letters, found.places, frozenset(vowels("".join(letters))))


def map_note(step: int, letters: list[str], found: LetterMap) -> str:
    if step == 0:
        return "vowels in colour; still random" if vowels("".join(letters)) else "still random"
    return f"{percent(found.explained)} of the variance"


def arcs_note(layer: int, head: int) -> str:
    return f"layer {layer + 1}, head {head + 1}"


def go(status: Status, step: int) -> str:
    """What the large button says."""
    if status.state == "training":
        return "Pause it"
    if status.finished:
        return "Ten names"
    return "Train on" if step else "Train it"


def told(snapshot: Snapshot, status: Status, experiment: Experiment) -> str:
    """One line below the button: what is going on, or what to do next."""
    count = len(experiment.train_documents)
    if status.state == "training":
        return f"Names read so far: {snapshot.step:,}."
    if status.finished:
        return f"Done: it went through {count:,} names {snapshot.step / count:.1f} times."
    if snapshot.step:
        return f"Paused after {counted(snapshot.step, 'name')}."
    return "So far, it only guesses at random."
