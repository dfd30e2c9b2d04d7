"""Where a run whose schedule is over can go on from."""

from collections.abc import Iterable

from microgpt.experiment import Experiment, Settings

from .compare import unlike


def earlier(steps: Iterable[int], settings: Settings, digest: str, experiment: Experiment) -> int:
    """The latest saved step before the end of this experiment's schedule. `settings` and `digest` say
    which run the saved ones are of: if it is another, only step 0 is left."""
    if unlike(settings, digest, experiment):
        return 0
    return max((step for step in steps if step < experiment.settings.steps), default=0)
