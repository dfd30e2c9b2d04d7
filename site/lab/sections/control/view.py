"""What `control` shows: the gauges of a run, the presets and the fields of the form; all of it pure."""

from microgpt.config import GPTConfig
from microgpt.experiment import PRESETS, Experiment
from microgpt.optim import scheduled

from ...charts.format import count, counted
from ...core import settings as table
from ...core.lab import Status
from ...core.settings import TABLE
from ...core.snapshot import Snapshot


def number_or_none(text: str, kind: type):
    return kind(text) if text.strip() else None


def gauges(snapshot: Snapshot, status: Status, experiment: Experiment, target: int) -> dict[str, str]:
    """Part name → text; `target` is the step where training will stop."""
    rate = status.rate
    left = (target - snapshot.step) / rate if rate else None
    return {
        "epoch": f"{snapshot.step / len(experiment.train_documents):.2f}",
        "rate": f"{rate:,.0f}" if rate else "–",
        "pace": f"{1000 / rate:.2f}" if rate else "–",
        "left": "–" if left is None else f"{left:.0f} s" if left < 90 else f"{left / 60:.0f} min",
        "learning-rate": f"{scheduled(snapshot.settings, snapshot.step):.4f}",
    }


def cut(names: int, config: GPTConfig) -> str:
    """That so many names do not fit this model."""
    which = "1 name is" if names == 1 else f"{count(names)} names are"
    return f"{which} longer than the {counted(config.max_letters, 'letter')} it can read, and cut."


def presets(experiment: Experiment) -> str:
    """The presets as options, the one in use chosen; one more line if it is none of them."""
    options = []
    for name, settings in PRESETS.items():
        selected = " selected" if settings == experiment.settings else ""
        size = f"{settings.n_layer} layer{'s' if settings.n_layer > 1 else ''} × {settings.n_embd}"
        options.append(f'<option value="{name}"{selected}>{name}: {size}, {settings.steps:,} steps</option>')
    if experiment.settings not in PRESETS.values():
        options.append('<option value="" selected disabled>your own settings</option>')
    return "".join(options)


def fields(experiment: Experiment) -> str:
    """The form's fields, filled with the settings in force."""
    texts = table.texts(experiment.settings)
    return "".join(
        f'<label>{setting.label}<input type="number" data-part="{setting.name}" value="{texts[setting.name]}" '
        f'min="{setting.low}" max="{setting.high}" step="{"1" if setting.kind is int else "any"}" autocomplete="off"'
        f"{_automatic(setting.name, experiment)}></label>"
        for setting in TABLE
    )


def _automatic(name: str, experiment: Experiment) -> str:
    return f' placeholder="{experiment.config.block_size}, from the data"' if name == "block_size" else ""
