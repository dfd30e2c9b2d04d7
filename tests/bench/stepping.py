"""Timing of training steps. The same lines run in this Python and, sent there by tab.py, in the page's."""

import time

from microgpt.experiment import Experiment, Settings
from microgpt.tensor_gpt import TensorGPT
from microgpt.trainer import Trainer

ENDLESS = 10**6  # a schedule that no measurement reaches the end of


def ms_per_step(
    names: list[str], sizes: dict[str, int], steps: int, first: int | None = None, tensors: bool = False
) -> float:
    """Milliseconds a training step takes, on a fresh model of the lab's settings but for `sizes`;
    `first`: only so many documents, in turns; `tensors`: by the GPT on Tensors."""
    experiment = Experiment(names, Settings(**sizes, steps=ENDLESS))
    trainer = experiment.trainer()
    if tensors:
        trainer = Trainer(
            TensorGPT(experiment.config, trainer.model.flat), experiment.train_documents, trainer.settings
        )
    trainer.order = trainer.order[:first]
    for _ in range(min(steps, 20)):  # warm up
        trainer.step()
    began = time.perf_counter()
    for _ in range(steps):
        trainer.step()
    return (time.perf_counter() - began) / steps * 1000
