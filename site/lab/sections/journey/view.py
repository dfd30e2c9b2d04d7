"""What stands at each stop of the journey; all of it pure."""

from microgpt.model import Trace

from ...charts.format import fixed, percent
from ...core.focus import Focus
from ...core.snapshot import Sample, Snapshot


def along(snapshot: Snapshot, trace: Trace, focus: Focus, answers: list[str]) -> dict[str, str]:
    """What stands at each stop. `answers` names the tokens, as things to be predicted."""
    config = snapshot.model.config
    chances = trace.probabilities[focus.at]
    top = int(chances.argmax())
    return {
        "input": focus.name,
        "tokens": " ".join(str(token) for token in trace.tokens),
        "rows": f"{len(trace.tokens)} × {config.n_embd} numbers",
        "attention": f"{_many(config.n_layer, 'layer')}, {_many(config.n_head, 'head')} each",
        "guess": f"after {focus.read or 'START'}: {answers[top]}, {percent(float(chances[top]))}",
        "loss": f"loss {fixed(snapshot.loss, 2)}" if snapshot.loss is not None else "not yet: press Train",
        "output": output(snapshot.samples),
    }


def newest(samples: tuple[Sample, ...]) -> Sample | None:
    """The newest name of the model's own: complete, and not one of the data."""
    return next((one for one in reversed(samples) if one.finished and one.name and not one.is_real), None)


def output(samples: tuple[Sample, ...]) -> str:
    own = newest(samples)
    return "none yet: press Train" if own is None else f"{own.name} (step {own.step:,})"


def _many(n: int, what: str) -> str:
    return f"{n} {what}" if n == 1 else f"{n} {what}s"
