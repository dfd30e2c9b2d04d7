"""NumPy for the browser has no BLAS, so there matrices are multiplied in another way: to the same end."""

import numpy as np
import pytest

from microgpt import ops
from microgpt.experiment import Experiment


@pytest.mark.feature("X5")
def test_the_browsers_way_of_multiplying_gives_the_same_loss_and_gradient(
    lab: Experiment, monkeypatch: pytest.MonkeyPatch
) -> None:
    document, found = lab.held_out_documents[0], []
    for no_blas in False, True:
        monkeypatch.setattr(ops, "NO_BLAS", no_blas)
        model = lab.trainer(np.float64).model
        found.append((model.loss_and_gradient(document), model.flat_grad))
    assert found[0][0] == pytest.approx(found[1][0], rel=1e-12)
    np.testing.assert_allclose(found[1][1], found[0][1], rtol=1e-9, atol=1e-14)
