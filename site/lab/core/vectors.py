"""Every vector of one position on its way through the model, by the names of the engine's graph."""

from numpy import ndarray

from microgpt.graph import build
from microgpt.interpreter import traced
from microgpt.model import GPT, Trace


def vectors(trace: Trace, model: GPT, at: int) -> dict[str, ndarray]:
    """All from the trace. The queries, keys and values of all heads lie side by side, (C,); of the
    attention weights there is one vector for each head, "layer0.head0" (at + 1,) and so on."""
    kept, found = traced(trace), {}
    for operation in build(model.config).operations:
        name = operation.output
        if operation.weight and operation.kind == "token rows":
            found[name] = model.params[operation.weight][trace.tokens[at]]
        elif operation.weight and operation.kind == "position rows":
            found[name] = model.params[operation.weight][at]
        elif operation.shape == ("H", "T", "D"):
            found[name] = kept[name][:, at].ravel()
        elif operation.shape[0] == "T":
            found[name] = kept[name][at]
        elif operation.name.endswith("attention"):
            rows = kept[name][:, at, : at + 1]
            found |= {f"layer{operation.layer}.head{h}": row for h, row in enumerate(rows)}
    return found
