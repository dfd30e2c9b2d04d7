"""What “Letter by letter” shows of a name in the making, as markup and text."""

from html import escape

from microgpt.evaluate.guesses import top
from microgpt.sampling import SampleStep
from microgpt.tokenizer import CharTokenizer

from ...charts import Bars
from ...charts.chances import chance_bars
from ...charts.format import percent
from ...core.snapshot import Snapshot
from .draw import ALL, START, answers, draw, fate, read
from .model import Generation


def bars(step: SampleStep, tokenizer: CharTokenizer) -> Bars:
    """All answers in the order of the strip; the one that was drawn stands out."""
    return chance_bars(answers(tokenizer), step.probabilities, step.token)


def describe_bar(data: Bars, i: int) -> str:
    text = f"{data.labels[i]}: {percent(data.values[i])}"
    return f"{text}, and it was drawn" if i == data.highlight else text


def made(generation: Generation, now: Snapshot) -> str:
    """Which model made it, by which recipe, and whether the model has moved on since."""
    recipe = generation.recipe
    parts = [f"temperature {recipe.temperature:g}", f"seed {recipe.seed}"]
    parts += [f"top-k {recipe.top_k}"] if recipe.top_k is not None else []
    parts += [f"top-p {recipe.top_p:g}"] if recipe.top_p is not None else []
    text = f"Made by the model of step {generation.step:,}: {', '.join(parts)}."
    if now.step != generation.step:
        text += f" The model is at step {now.step:,} now."
    return text


def reading(generation: Generation, at: int) -> str:
    """The name up to a draw, and the answer drawn. What comes after it is not told before its turn."""
    tokenizer, steps = generation.experiment.tokenizer, generation.steps
    if not steps:
        return f'<b class="read">{escape(generation.name) or START}</b>'
    said = answers(tokenizer)
    before = read(steps[at], tokenizer)
    return f'<span class="read">{escape(before) or START}</span><b class="taken">{escape(said[steps[at].token])}</b>'


def said(generation: Generation, at: int) -> str:
    """A draw in words, and how likely its outcome was among the answers."""
    if not generation.steps:
        return "No letter fits behind this beginning, and END was not drawn."
    step, tokenizer = generation.steps[at], generation.experiment.tokenizer
    text = draw(step, tokenizer)
    if step.draw is None:
        return text
    place = top(step.probabilities, ALL).tokens.tolist().index(step.token) + 1
    kept = int((step.probabilities > 0).sum())
    if kept < tokenizer.vocab_size:
        text += f" Only {kept} of {tokenizer.vocab_size} answers were left in the draw."
    return f"{text} It was the {ordinal(place)} of all answers."


def result(generation: Generation, at: int) -> str:
    """What came of it all, at the last draw."""
    if at < len(generation.steps) - 1:
        return f"Draw {at + 1} of {len(generation.steps)}."
    most = generation.experiment.config.max_letters
    return fate(generation.name, generation.finished, most, generation.verdict)


def ordinal(place: int) -> str:
    """1 → "likeliest", 2 → "2nd likeliest", …"""
    if place == 1:
        return "likeliest"
    ending = "th" if place % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(place % 10, "th")
    return f"{place}{ending} likeliest"
