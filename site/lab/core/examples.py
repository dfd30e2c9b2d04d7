"""Examples that the page offers: its own where they suit the list, else beginnings taken from the list itself."""

from collections.abc import Callable, Sequence

from microgpt.experiment import Experiment

SHORT = 5  # letters of a beginning


def beginnings(wanted: Sequence[str], experiment: Experiment) -> list[str]:
    """As many beginnings as are wanted: each wanted one that a name of the list begins with, else one of a name."""
    return _fitting(wanted, experiment, lambda name: name[: min(SHORT, (len(name) + 1) // 2)])


def whole_names(wanted: Sequence[str], experiment: Experiment) -> list[str]:
    """As many names as are wanted, which the model can read: each wanted one that is on the list, else another."""
    return _fitting(wanted, experiment, lambda name: name, whole=True)


def _fitting(
    wanted: Sequence[str], experiment: Experiment, taken: Callable[[str], str], whole: bool = False
) -> list[str]:
    limit = experiment.config.max_letters
    names = [name for name in experiment.names if len(name) <= limit] or [name[:limit] for name in experiment.names]
    known = set(names)
    found = []
    for nth, text in enumerate(wanted, start=1):
        there = text in known if whole else any(name.startswith(text) for name in names)
        found.append(text if there else taken(names[len(names) * nth // (len(wanted) + 1)]))
    return found
