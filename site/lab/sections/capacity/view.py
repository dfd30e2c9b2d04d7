"""Two models to build: what their fields say, what they would cost, and what came of them."""

from collections.abc import Mapping, Sequence

from microgpt.config import GPTConfig
from microgpt.experiment import Experiment, Settings

from ...charts.format import number
from ...charts.table import table
from ...core import settings as form
from ...core.side_by_side import Entry
from . import entries as entries_view

SIDES = ("a", "b")
NAMES = 5  # each makes up
TEMPERATURE = 0.8
SIZES = ("n_layer", "n_embd", "n_head")
# A step of the largest takes some ten milliseconds: the page must be free again by the next frame
HIGHEST = {"n_layer": 4, "n_embd": 64, "steps": 5000}
FIELDS = tuple(
    setting._replace(high=HIGHEST.get(setting.name, setting.high))
    for setting in form.TABLE
    if setting.name in (*SIZES, "steps")
)


def read(entered: Mapping[str, str], experiment: Experiment) -> tuple[Settings, GPTConfig]:
    """The fields of a side as typed → the lab's settings in this size. Raises BadSetting with what to do."""
    settings = form.read(entered, experiment.settings, FIELDS)
    return settings, form.config(settings, experiment.config.vocab_size, max(map(len, experiment.names)))


def title(key: str, config: GPTConfig) -> str:
    return f"{key.upper()} ({layers(config)} × {config.n_embd})"


def layers(config: GPTConfig) -> str:
    return f"{config.n_layer} layer{'' if config.n_layer == 1 else 's'}"


def cost(config: GPTConfig, steps: int, seconds: float | None) -> str:
    """Size and estimated time of one model; `seconds` a step, None while they are being measured."""
    text = f"{config.n_params:,} parameters"
    if seconds is None:
        return f"{text} · measuring how long a step takes …"
    return f"{text} · about {duration(steps * seconds)} ({number(1000 * seconds, 2)} ms a step)"


def total(seconds: Sequence[float | None], steps: int, training: bool) -> str:
    """The estimate for both; they take turns, so their times add up."""
    if None in seconds:
        return "Estimating the time …"
    text = f"Estimate for both: {duration(steps * sum(seconds))}, from a few trial steps on this computer just now"
    return f"{text}. The lab is training as well, so it will take longer." if training else f"{text}."


def duration(seconds: float) -> str:
    """As one would say it: no more digits than an estimate has."""
    if seconds < 9.5:
        return f"{max(seconds, 0.1):.1f} s"
    return f"{seconds:.0f} s" if seconds < 100 else f"{seconds / 60:.1f} minutes"


def results(entries: Sequence[Entry]) -> str:
    """Measures down, models across: it fits a phone."""
    rows = [(name, *texts) for name, texts in entries_view.measures(entries)]
    return table("A and B in numbers", ["measure", *(entry.title for entry in entries)], rows)


def outcome(entries: Sequence[Entry], running: bool) -> str:
    """Said once it is over, one way or the other."""
    if running or not entries:
        return ""
    gone = [entry.title for entry in entries if entry.failed]
    if gone:
        return f"{' and '.join(gone)} ran away: the steps were too large for it."
    if not all(entry.finished for entry in entries):
        reached = ", ".join(f"{entry.title} at step {entry.step_count:,}" for entry in entries)
        return f"Stopped: {reached}."
    return entries_view.verdict(*entries)
