"""Trains every rung of the ladder with several learning rates: what microgpt/ladder/rates.py holds.

    PYTHONPATH=. python3 tests/bench/rates.py [RUNG …]

About ten minutes for all. A tenth of the training names is set aside to judge by; the held-out names stay
unseen, since the race judges by them.
"""

import sys
from collections.abc import Iterable
from pathlib import Path

import numpy as np

from microgpt import dataset
from microgpt.evaluate.held_out import held_out_loss
from microgpt.experiment import Experiment, Settings
from microgpt.ladder import climb, rates

DINOSAURS = Path(__file__).resolve().parents[2] / "data" / "dinosaurs.txt"
SEEDS = (1, 2, 3)
STEPS = 5000


def loss(number: int, rate: float, seed: int, names: Iterable[str]) -> float:
    """Of rung `number` on the names it did not learn from, after STEPS steps of its schedule."""
    experiment = Experiment(tuple(names), Settings(seed=seed))
    rung = climb(number, experiment, STEPS)
    rung.learning_rate = rate
    with np.errstate(all="ignore"):  # a run may diverge
        for _ in range(STEPS):
            rung.step()
        found = held_out_loss(rung, experiment.held_out_documents)
    return found if np.isfinite(found) else np.inf


def main() -> None:
    names, _ = dataset.load(DINOSAURS)
    learnt_from = dataset.split(names).train  # an Experiment with these sets a tenth of them aside
    wanted = [int(text) for text in sys.argv[1:]] or [1, 3, 4, 5, 6]
    for number in wanted:
        for rate, before in rates.SEARCHED[number].items():
            found = np.mean([loss(number, rate, seed, learnt_from) for seed in SEEDS])
            print(f"rung {number}, learning rate {rate:g}: {found:.3f} (before: {before:.3f})", flush=True)


if __name__ == "__main__":
    main()
