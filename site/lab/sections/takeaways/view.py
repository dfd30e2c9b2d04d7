"""What the model of this moment has to say about each of the three ideas; all of it pure."""

from microgpt.experiment import Experiment
from microgpt.model import GPT, Trace

from ...charts.format import fixed, percent, signed
from ...core.focus import Focus
from ...core.snapshot import Snapshot

FEW = 4  # numbers of a row that fit into a sentence


def guess(trace: Trace, focus: Focus, experiment: Experiment) -> str:
    chances = trace.probabilities[focus.at]
    top = int(chances.argmax())
    answer = [*experiment.tokenizer.alphabet, "END"][top]
    chance = percent(float(chances[top]))
    return f"After {focus.read or 'START'} it would guess {answer}, with a chance of {chance}."


def loss(snapshot: Snapshot, experiment: Experiment) -> str:
    even = fixed(experiment.baselines["uniform"], 2)
    if snapshot.loss is None:
        return f"Guessing evenly costs {even}. This model has not learnt anything yet."
    steps = "1 step" if snapshot.step == 1 else f"{snapshot.step:,} steps"
    return f"Guessing evenly costs {even}. After {steps}, the loss is {fixed(snapshot.loss, 2)}."


def numbers(model: GPT, focus: Focus, experiment: Experiment) -> str:
    """The row of the letter in focus, as far as it fits into a sentence."""
    token = experiment.tokenizer.document(focus.name)[focus.at]
    row = model.params["wte"][token]
    few = ", ".join(signed(float(value), 2) for value in row[:FEW])
    rest = f" … and {len(row) - FEW} more" if len(row) > FEW else ""
    return f"To this model, {experiment.tokenizer.label(token)} is {few}{rest}."
