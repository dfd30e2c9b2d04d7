"""How the learning rate of each rung was chosen, so that a race between rungs compares their ideas.

Every rung was trained with five rates, each twice the one before, for 5,000 steps at the lab's size. The
loss is that on a tenth of the training names which it did not learn from, a mean over the seeds 1, 2 and
3. The held-out names had no part in the choice. `tests/bench/rates.py` measures all of it again.

Rungs 1 to 5 have the best of their five rates. Rung 6 has the lab's own rate; one twice as large does as well.
"""

from math import inf

Losses = dict[float, float]  # learning rate → mean loss, in nats; infinite where a run diverged

_TABLE: Losses = {0.375: 2.290, 0.75: 2.273, 1.5: 2.275, 3.0: 2.296, 6.0: 2.345}
SEARCHED: dict[int, Losses] = {
    1: _TABLE,
    2: _TABLE,  # the same arithmetic as rung 1
    3: {0.025: 1.991, 0.05: 1.981, 0.1: 1.986, 0.2: 2.059, 0.4: 2.189},
    4: {0.025: 1.965, 0.05: 1.947, 0.1: 1.938, 0.2: 1.977, 0.4: inf},
    5: {0.05: 1.919, 0.1: 1.878, 0.2: 1.820, 0.4: 1.791, 0.8: inf},
    6: {0.00075: 1.904, 0.0015: 1.833, 0.003: 1.782, 0.006: 1.782, 0.012: 1.877},
}


def best(losses: Losses) -> float:
    """The learning rate with the lowest loss."""
    return min(losses, key=losses.__getitem__)
