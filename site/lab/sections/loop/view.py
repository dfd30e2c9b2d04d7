"""What `loop` shows: each stage in slow motion, in words, and the numbers of one whole step, as markup."""

from collections.abc import Callable, Sequence
from html import escape

import numpy as np
from numpy import ndarray

from microgpt.experiment import Experiment
from microgpt.trainer import STAGES, Stage

from ...charts import Matrix
from ...charts.format import count, counted, fixed, number, percent, signed
from ..weight import view as weight_views
from ..weight.model import locate
from .model import PLACES, Walkthrough

HEIGHT = 300  # drawing units that all layers may take together
BAR = 100  # width of a bar, in units of its own


def numbers(place: str, walk: Walkthrough) -> str:
    """What this stage has found. The walk must have reached it."""
    return VIEWS[place](walk)


def middle(place: str, walk: Walkthrough) -> tuple[str, str, str]:
    """What stands inside the ring: the name, the step, and the loss once it is measured."""
    loss = ""
    at = PLACES.index(place)
    if at >= PLACES.index("mean"):
        loss = f"loss {fixed(mean(walk), 3)}"
    if place == "again":
        loss += f" → {fixed(walk.after.loss, 3)}"
    return walk.name, f"step {walk.number:,}", loss


def kept(walk: Walkthrough, training: bool) -> str:
    """Whether the model has taken the step, in a sentence."""
    if walk.result is None:
        if training:
            return "The lab is training. Go on here, and it pauses."
        return f"The model is still at step {walk.number - 1:,}: going past the nudge makes it {walk.number:,}."
    text = f"Step {walk.number:,} is taken, and the model keeps it."
    if training:
        return f"{text} This is the record of it: the lab is going on."
    if walk.steps_since:
        return f"{text} This is the record of it: the lab has gone on to step {walk.number + walk.steps_since:,}."
    return text


def mean(walk: Walkthrough) -> float:
    return float(walk.stage.losses.mean())


def labels(walk: Walkthrough) -> list[str]:
    """What each position has read last: START, then the letters."""
    tokenizer = walk.experiment.tokenizer
    return ["START", *(tokenizer.label(token) for token in walk.document[1:-1])]


def answers(walk: Walkthrough) -> list[str]:
    """What each position should say: the letters, then END (a name that was cut has none)."""
    tokenizer = walk.experiment.tokenizer
    return ["END" if token == tokenizer.bos else tokenizer.label(token) for token in walk.document[1:]]


def right(walk: Walkthrough, probabilities: ndarray) -> ndarray:
    """(T,): the chance of the right answer at each position."""
    return probabilities[np.arange(len(walk.document) - 1), walk.document[1:]]


def _name(walk: Walkthrough) -> str:
    experiment = walk.experiment
    names = len(experiment.train_documents)
    turn, place = divmod(walk.number - 1, names)
    held_out = len(experiment.held_out_documents)
    return (
        f'<p class="cycle-large">{escape(walk.name)}</p>'
        f"<p>Step {walk.number:,} of {walk.settings.steps:,}. It learns from name {place + 1:,} of "
        f"{names:,} in the shuffled order{f', for time number {turn + 1}' if turn else ''}. "
        f"The {held_out:,} held-out names are never picked.</p>"
    )


def _tokens(walk: Walkthrough) -> str:
    tokenizer = walk.experiment.tokenizer
    tiles = "".join(f"<li><b>{escape(tokenizer.label(token))}</b><span>{token}</span></li>" for token in walk.document)
    n = len(walk.document) - 1
    return (
        f'<ol class="cycle-tokens">{tiles}</ol>'
        f"<p>{counted(n, 'token')} to read, {counted(n, 'answer')} to give. "
        "The last one, dashed, is never read: it is only an answer.</p>"
    )


def _rows(walk: Walkthrough, values: ndarray, limit: float, cell: float) -> str:
    columns = [str(i) for i in range(values.shape[1])]
    matrix = Matrix(values, labels(walk), columns, kind="signed", limit=limit, max_cell=cell, legend=False)
    width = 60 + cell * values.shape[1]
    return matrix.svg(max(width, 160), label=matrix.summary())


def _embed(walk: Walkthrough) -> str:
    x0 = walk.stage.forward.x0
    positions, width = x0.shape
    return (
        f"<p>{positions} positions × {width} numbers = {positions * width:,} numbers. "
        "Squares are positive, discs negative.</p>" + _rows(walk, x0, 2.5, 15)
    )


def _layers(walk: Walkthrough) -> str:
    layers = walk.stage.forward.layers
    limit = max(float(np.abs(layer.x_out).max()) for layer in layers)
    cell = max(9.0, min(11.0, HEIGHT / (len(layers) * len(walk.document))))
    parts = [
        f"<p>After layer {i} of {len(layers)}:</p>{_rows(walk, layer.x_out, limit, cell)}"
        for i, layer in enumerate(layers, start=1)
    ]
    return "".join(parts)


def _bar(share: float, was: float | None = None) -> str:
    """A bar for a share of 1, and as an outline what it was before."""
    outline = "" if was is None else f'<rect class="was" width="{BAR * was:.1f}" height="8"/>'
    return (
        f'<svg class="cycle-bar" viewBox="0 0 {BAR} 8" preserveAspectRatio="none" aria-hidden="true">'
        f'<rect width="{BAR * share:.1f}" height="8"/>{outline}</svg>'
    )


def _table(caption: str, head: Sequence[tuple[str, str]], rows: Sequence[Sequence[str]]) -> str:
    """`head` gives each column's name, if it needs one, and class. The first cell of a row is its
    heading; cells are markup."""
    titles = "".join(
        f'<th scope="col" class="{css}">{title}</th>' if title else f'<td class="{css}"></td>' for title, css in head
    )
    body = "".join(
        "<tr>"
        + "".join(
            f'<th scope="row" class="{css}">{cell}</th>' if i == 0 else f'<td class="{css}">{cell}</td>'
            for i, (cell, (_, css)) in enumerate(zip(row, head, strict=True))
        )
        + "</tr>"
        for row in rows
    )
    return (
        f'<table class="cycle-table"><caption class="visually-hidden">{caption}</caption>'
        f"<thead><tr>{titles}</tr></thead><tbody>{body}</tbody></table>"
    )


def _chances(walk: Walkthrough) -> str:
    probabilities, tokenizer = walk.stage.probabilities, walk.experiment.tokenizer
    tops = probabilities.argmax(axis=1)
    rows = [
        [
            escape(read),
            f"<b>{escape(answer)}</b>",
            percent(float(chance)),
            _bar(float(chance)),
            "END" if top == tokenizer.bos else escape(tokenizer.label(int(top))),
        ]
        for read, answer, chance, top in zip(labels(walk), answers(walk), right(walk, probabilities), tops, strict=True)
    ]
    head = [("after", ""), ("came next", ""), ("its chance", "n"), ("", "wide-cell"), ("top guess", "")]
    return _table("The chance of each right answer", head, rows)


def _losses(walk: Walkthrough) -> str:
    losses = walk.stage.losses
    greatest = float(losses.max())
    chances = right(walk, walk.stage.probabilities)
    rows = [
        [
            escape(read),
            f"<b>{escape(answer)}</b>",
            f"−ln {number(float(chance))}",
            fixed(float(loss), 3),
            _bar(float(loss) / greatest),
        ]
        for read, answer, chance, loss in zip(labels(walk), answers(walk), chances, losses, strict=True)
    ]
    head = [("after", ""), ("came next", ""), ("of its chance", "n"), ("loss", "n"), ("", "wide-cell")]
    return _table("The loss of each letter", head, rows)


def _mean(walk: Walkthrough) -> str:
    losses = walk.stage.losses
    terms = " + ".join(fixed(float(loss), 2) for loss in losses)
    even = walk.experiment.baselines["uniform"]
    return (
        f'<p class="cycle-sum">({terms}) ÷ {len(losses)}</p>'
        f'<p class="cycle-large">= {fixed(mean(walk), 4)}</p>'
        f"<p>Guessing evenly among all {walk.experiment.config.vocab_size} tokens would cost {fixed(even, 2)} on any "
        "name. One name says little, though: some are easy, and some are hard.</p>"
    )


def _gradient(walk: Walkthrough) -> str:
    config = walk.experiment.config
    place = locate(walk.weight, config)
    sizes = {}
    start = 0
    for name, (rows, columns) in config.shapes().items():
        part = walk.gradient[start : start + rows * columns]
        sizes[name] = (rows, columns, float(np.abs(part).max()))
        start += rows * columns
    greatest = max(size for _, _, size in sizes.values())
    table = _table(
        "The largest gradient in each matrix",
        [("matrix", ""), ("parameters", "n"), ("largest gradient", "n"), ("", "wide-cell")],
        [
            [name, count(rows * columns), number(size), _bar(size / greatest if greatest else 0)]
            for name, (rows, columns, size) in sizes.items()
        ],
    )
    return (
        f"<p>{count(len(walk.gradient))} gradients, one for each parameter. The largest, "
        f"<b>{signed(walk.adam.gradient)}</b>, is that of <code>{place.matrix}</code>, row {place.row}, "
        f"column {place.column}.</p>{table}"
    )


def _terms(walk: Walkthrough, names: dict[str, str]) -> str:
    settings = walk.settings
    found = weight_views.terms(walk.adam, settings.learning_rate, settings.steps)
    rows = [[title, found[term][0], f"<b>{found[term][1]}</b>"] for term, title in names.items()]
    return _table("One parameter under Adam", [("term", ""), ("with its numbers", "wrap"), ("value", "n")], rows)


def _averages(walk: Walkthrough) -> str:
    place = locate(walk.weight, walk.experiment.config)
    terms = {"g": "gradient", "m": "m", "v": "v", "m-hat": "m̂", "v-hat": "v̂"}
    return (
        f"<p><code>{place.matrix}</code>, row {place.row}, column {place.column}, at step {walk.number:,}:</p>"
        f"{_terms(walk, terms)}"
    )


def _nudge(walk: Walkthrough) -> str:
    moved = walk.moved
    up, down = int((moved > 0).sum()), int((moved < 0).sum())
    place = locate(walk.weight, walk.experiment.config)
    return (
        f"<p>The same parameter, <code>{place.matrix}</code>, row {place.row}, column {place.column}:</p>"
        + _terms(walk, {"rate": "learning rate", "change": "change", "new": "new value"})
        + f"<p>Of all {count(len(moved))} parameters, <b>{count(up)}</b> went up, <b>{count(down)}</b> went down and "
        f"<b>{count(len(moved) - up - down)}</b> stayed where they were. None moved by more than "
        f"<b>{number(float(np.abs(moved).max()))}</b>.</p>"
    )


def _again(walk: Walkthrough) -> str:
    before, after = right(walk, walk.stage.probabilities), right(walk, walk.after.probabilities)
    rows = [
        [
            escape(read),
            f"<b>{escape(answer)}</b>",
            percent(float(old)),
            percent(float(new)),
            _bar(float(new), float(old)),
        ]
        for read, answer, old, new in zip(labels(walk), answers(walk), before, after, strict=True)
    ]
    head = [("after", ""), ("came next", ""), ("chance before", "n"), ("and now", "n"), ("", "wide-cell")]
    change = walk.after.loss - mean(walk)
    return (
        f"<p>Mean loss <b>{fixed(mean(walk), 4)}</b> before, <b>{fixed(walk.after.loss, 4)}</b> now: "
        f"{signed(change)}. The outline is the chance before the step.</p>"
        + _table("The chances before and after the step", head, rows)
    )


VIEWS: dict[str, Callable[[Walkthrough], str]] = {
    "name": _name,
    "tokens": _tokens,
    "embed": _embed,
    "layers": _layers,
    "chances": _chances,
    "losses": _losses,
    "mean": _mean,
    "gradient": _gradient,
    "averages": _averages,
    "nudge": _nudge,
    "again": _again,
}


def which(stage: Stage | None, experiment: Experiment) -> str:
    if stage is None:
        return "Then again with the next name."
    return f"This step learns from “{experiment.split.train[stage.index]}”."


VERBS = dict(zip(STAGES, ("guess", "measure", "trace", "nudge"), strict=True))  # what the page calls the stages


def describe(stage: Stage, experiment: Experiment) -> dict[str, str]:
    """What each stage of this step has found so far; stages still to come are left out."""
    document = experiment.train_documents[stage.index]
    labels = [experiment.tokenizer.label(token) for token in document[1:-1]] + ["END"]
    right = stage.probabilities[np.arange(len(document) - 1), document[1:]]
    chances = ", ".join(f"{label} {percent(float(chance))}" for label, chance in zip(labels, right, strict=False))
    said = {"forward": f"Chances it gave to the right letters: {chances}."}
    if stage.losses is not None:
        worst = int(stage.losses.argmax())
        said["loss"] = (
            f"Loss {number(float(stage.losses.mean()))}. Most surprised by {labels[worst]}: "
            f"{number(float(stage.losses[worst]))}."
        )
    if stage.gradient is not None:
        flat = int(np.abs(stage.gradient).argmax())
        place = locate(flat, experiment.config)
        said["backward"] = (
            f"{len(stage.gradient):,} gradients. The largest: {signed(float(stage.gradient[flat]))}, "
            f"for {place.matrix}, row {place.row}, column {place.column}."
        )
    if stage.result is not None:
        said["update"] = f"Done: step {stage.result.step:,}, at a learning rate of {stage.result.learning_rate:.4f}."
    return said
