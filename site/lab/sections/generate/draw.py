"""A draw in pictures and words: what “Sandbox” and “Letter by letter” both show of it."""

from microgpt.evaluate.guesses import top
from microgpt.evaluate.novelty import Verdict
from microgpt.sampling import SampleStep
from microgpt.tokenizer import CharTokenizer

from ...charts.format import counted, fixed, percent
from ...charts.strip import Strip

START, END = "START", "END"
ALL = 10**6  # more answers than any alphabet has


def answers(tokenizer: CharTokenizer) -> list[str]:
    """What stands for each token where it is predicted."""
    return [*tokenizer.alphabet, END]


def read(step: SampleStep, tokenizer: CharTokenizer) -> str:
    """The letters the model had read before the draw; "" at the start."""
    return tokenizer.decode(step.context)


def strip_of(step: SampleStep, tokenizer: CharTokenizer, k: int = ALL, drawn: bool = True) -> Strip:
    """The engine's own running sums, with its draw. Answers outside the top `k` count as others."""
    told_apart = set(top(step.probabilities, k).tokens.tolist())
    return Strip(
        answers(tokenizer),
        step.cumulative,
        step.draw if drawn else None,
        step.token if drawn else None,
        frozenset(range(tokenizer.vocab_size)) - told_apart,
    )


def draw(step: SampleStep, tokenizer: CharTokenizer, k: int = ALL) -> str:
    """A draw in a sentence or two: what it hit."""
    label, chance = answers(tokenizer)[step.token], percent(float(step.probabilities[step.token]))
    where = f"After {read(step, tokenizer) or START}"
    if step.draw is None:
        return f"{where}, nothing is drawn: at temperature 0 the most likely answer is taken, and that is {label}."
    data = strip_of(step, tokenizer, k)
    drawn = fixed(step.draw, data.decimals())
    if step.token in data.others:
        outside = f"the {len(data.others)} answers outside the top {k}"
        return f"{where}, the draw {drawn} falls in “other”, {outside}. The one it hits is {label}, with {chance}."
    return f"{where}, the draw {drawn} hits {label}, with {chance}."


def fate(name: str, finished: bool, letters: int, verdict: Verdict) -> str:
    """How a name came out. `letters`: the most that fit the model."""
    if not finished:
        return (
            f"“{name}” has all {counted(letters, 'letter')} that fit this model, "
            "and the next draw was no END: it stops here."
        )
    if not name:
        return "END came first, so the name has no letter at all."
    kinds = {
        "copy": "a copy of a name on the list",
        "near": f"{verdict.distance} letter{'' if verdict.distance == 1 else 's'} away from {verdict.nearest}",
        "new": "new",
    }
    return f"The name is over: “{name}”, {kinds[verdict.kind]}."
