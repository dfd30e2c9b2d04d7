"""What the two sides of “Before and after” show, as text and markup."""

from collections.abc import Sequence
from html import escape

from ...charts import Bars
from ...charts.chances import chance_bars
from ...charts.format import fixed, percent
from ...core.compare import COUNT, Capture, Side, verdicts
from ...core.focus import Focus
from ...core.snapshot import Sample
from ..training.view import mark

SCALE = 100  # width of the drawing of a loss, in units of its own


def options(steps: Sequence[int], why_not: str, captures: Sequence[Capture]) -> str:
    """The choices of a side: untrained, the moments saved at build, the captures, newest first.
    `why_not`: what is different about those saved at build, so that they can't be chosen; "" if they can."""
    later = [step for step in steps if step]
    group = "saved at build"
    if why_not:
        group += f" (of another run: {why_not})"
    parts = ['<option value="step-0">untrained</option>']
    if later:
        disabled = " disabled" if why_not else ""
        choices = "".join(f'<option value="step-{n}">step {n:,}, saved at build</option>' for n in later)
        parts.append(f'<optgroup label="{escape(group)}"{disabled}>{choices}</optgroup>')
    if captures:
        choices = "".join(
            f'<option value="{escape(capture.key)}">{escape(capture.title)}</option>' for capture in reversed(captures)
        )
        parts.append(f'<optgroup label="your captures">{choices}</optgroup>')
    return "".join(parts)


def not_yours(why_not: str) -> str:
    """Why the moments saved at build can't be chosen, and what can be done instead."""
    if not why_not:
        return ""
    return f"The moments saved at build are of another run ({why_not}). Train yours, and capture it instead."


def about(capture: Capture, difference: str) -> str:
    """Step and settings of a side. `difference`: how its run differs from the one on the page, if it does."""
    settings, config = capture.experiment.settings, capture.experiment.config
    when = "step 0: weights drawn at random"
    if capture.step:
        when = f"step {capture.step:,} of {capture.steps or settings.steps:,}"
    layers = f"{config.n_layer} layer{'' if config.n_layer == 1 else 's'}"
    text = f"{when} · {layers} × {config.n_embd} numbers · seed {settings.seed}"
    return f"{text} · not the run on this page: {difference}" if difference else text


def loss(held_out: float | None, baselines: dict[str, float]) -> str:
    """The held-out loss as number and bar, with the bigram line across it."""
    if held_out is None:
        return '<p class="note">working out its loss on held-out names …</p>'
    line = baselines["bigram"]
    unit = SCALE / (1.1 * baselines["uniform"])  # the same on both sides
    gap = abs(held_out - line)
    where = "just on it" if gap < 0.005 else f"{fixed(gap, 2)} {'worse' if held_out > line else 'better'}"
    return (
        f'<p>held-out loss <b>{fixed(held_out, 2)}</b> <span class="note">bigram line {fixed(line, 2)}: '
        f"{where}</span></p>"
        f'<svg class="judged-bar" viewBox="0 0 {SCALE} 12" preserveAspectRatio="none" aria-hidden="true">'
        f'<rect y="2" width="{min(held_out * unit, SCALE):.1f}" height="8"/><path d="M{line * unit:.1f} 0v12"/></svg>'
    )


def names(side: Side) -> str:
    """List items, in the order in which they were made."""
    if side.recipe is None:
        return '<li class="empty not-yet">Press “Generate names”.</li>'
    return "".join(map(_name, side.made)) or '<li class="empty">Here they come.</li>'


def _name(sample: Sample) -> str:
    if not sample.name:
        return '<li class="empty">(nothing: END came first)</li>'
    return f"<li><b>{escape(sample.name)}{'' if sample.finished else '…'}</b> {mark(sample)}</li>"


def tally(side: Side) -> str:
    """How many of the names are what, once all are there."""
    if not side.finished:
        return ""
    count = verdicts(side.made)
    near, copy = (f"{count[kind]} {word}" for kind, word in (("near", "near cop"), ("copy", "cop")))
    endings = ["y" if count[kind] == 1 else "ies" for kind in ("near", "copy")]
    text = f"{count['new']} new, {near}{endings[0]}, {copy}{endings[1]}"
    return f"{text}, {count['nothing']} of no letter at all" if count["nothing"] else text


def status(sides: dict[str, Side], marks: dict[str, float | None]) -> str:
    """Both sides in a sentence or two, for the eye and, as it changes, for the ear."""
    parts = []
    if all(side.finished for side in sides.values()):
        temperature, seed = sides["a"].recipe
        tallies = " ".join(f"{key.upper()}: {tally(side)}." for key, side in sides.items())
        parts.append(f"{COUNT} names each, at temperature {temperature:g}. {tallies}")
        parts.append(f"Seed {seed} makes these again whenever you ask; another seed makes others.")
    a, b = (side.capture for side in sides.values())
    if a is b:
        parts.append("Both sides are the same moment, so they do the same.")
    elif a.experiment.digest != b.experiment.digest:
        parts.append("A and B learnt from different lists of names, so their losses can’t be compared.")
    elif None not in marks.values():
        difference = marks["b"] - marks["a"]
        if abs(difference) < 0.005:
            parts.append("On held-out names, A and B are equally good.")
        else:
            better, worse = ("B", "A") if difference < 0 else ("A", "B")
            parts.append(f"On held-out names, {better}’s loss is {fixed(abs(difference), 2)} lower than {worse}’s.")
    return " ".join(parts)


def place(focus: Focus) -> int:
    """How much of the name to read: half of it unless a position was chosen, since at its end
    there is only END to guess."""
    return (len(focus.name) + 1) // 2 if focus.position is None else focus.position


def bars(answers: Sequence[str], chances: Sequence[float], truth: str | None) -> Bars:
    """The guess of one side; `truth` is the answer that is right, if anybody knows."""
    top = max(range(len(answers)), key=lambda i: chances[i])
    known = answers.index(truth) if truth in answers else None
    return chance_bars(answers, chances, top, known)


def contrast(read: str, sides: dict[str, Bars], truth: str | None) -> str:
    """Both guesses in words."""
    guesses = ", ".join(
        f"{key.upper()}’s top guess is {guess.labels[guess.highlight]} with {percent(guess.values[guess.highlight])}"
        for key, guess in sides.items()
    )
    text = f"After {f'“{read}”' if read else 'START'}, {guesses}."
    known = [(key, guess.values[guess.mark]) for key, guess in sides.items() if guess.mark is not None]
    if not known:
        return text
    given = ", ".join(f"{key.upper()} gave it {percent(chance)}" for key, chance in known)
    return f"{text} What really comes next is {truth}: {given}."
