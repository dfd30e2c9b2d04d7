"""Training one number at a time and training on arrays are the same training."""

import numpy as np
import pytest

from microgpt.config import GPTConfig
from microgpt.model import GPT
from microgpt.scalar_gpt import ScalarAdam, ScalarGPT, train_step
from microgpt.settings import Settings
from microgpt.trainer import Trainer

DOCUMENTS = [[4, 0, 1, 1, 4], [4, 2, 4], [4, 3, 3, 3, 0, 4], [4, 1, 2, 3, 0, 1, 2]]
SHAPE = GPTConfig(vocab_size=5, block_size=6, n_layer=2, n_embd=6, n_head=3)


@pytest.mark.parametrize("steps", [1, 20])
def test_losses_and_weights_agree_after(steps: int) -> None:
    schedule = Settings(steps=20, learning_rate=0.02, seed=3)
    model = GPT.initial(SHAPE, seed=3, dtype=np.float64)
    scalar = ScalarGPT(SHAPE, model.params)
    trainer = Trainer(model, DOCUMENTS, schedule)
    adam = ScalarAdam(list(scalar.parameters()), schedule.steps, schedule.learning_rate)
    start = model.flat.copy()
    for _ in range(steps):
        result = trainer.step()
        loss = train_step(scalar, adam, DOCUMENTS[result.index])
        assert result.loss == pytest.approx(loss, abs=1e-9)
    weights = np.array([value.data for value in scalar.parameters()])
    np.testing.assert_allclose(model.flat, weights, rtol=0, atol=1e-9)
    assert abs(model.flat - start).max() > 1e-3  # they did move
