"""Where in the code each operation of the graph is done: in `model.py`, or for variations in `tensor_gpt.py`."""

from collections.abc import Callable
from typing import Any, NamedTuple

from .inspect.where import Place, Test, assigns, calls, place, reads, result_of, returns
from .model import GPT, Trace
from .tensor_gpt import TensorGPT


class Anchor(NamedTuple):
    """A function, and what those of its statements do that do the operation."""

    function: Callable[..., Any]
    tests: tuple[Test, ...]

    def place(self) -> Place:
        """Raises LookupError if the code no longer does that."""
        return place(self.function, *self.tests)


def anchor(kind: str, block: str, value: str, varied: bool) -> Anchor:
    """That of an operation of this kind, in this block, which makes this value. `varied`: the model is
    that of `tensor_gpt.py`.

    Inside a function, a value is a local name that is called as the value is.
    """
    if value == "probabilities":
        return Anchor(Trace.probabilities, (returns(),))
    # q, k and v are taken from the product of all three
    named = (assigns("qkv"), assigns(value)) if kind == "projection" else (assigns(value),)
    if not varied:
        return Anchor(GPT.forward if block in ("embedding", "output") else GPT._layer_forward, named)
    if value in _ON_THE_WAY:
        return Anchor(TensorGPT.logits, (_ON_THE_WAY[value],))
    return Anchor(TensorGPT.attend if block == "attention" else TensorGPT.mlp, named)


# On the way through a TensorGPT each of these is called x, so each is known by what else is in its line
_ON_THE_WAY = {
    "token_rows": result_of("rows"),
    "position_rows": reads("wpe"),
    "embedded": reads("wpe"),
    "x0": reads("gain"),
    "x_mid": calls("attend"),
    "x_out": calls("mlp"),
    "logits": returns(),
}
