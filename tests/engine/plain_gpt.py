"""The GPT with all its variations in plain numbers: slow, short, and without a line of the engine's mathematics."""

import math
from collections.abc import Mapping, Sequence

from microgpt.config import GPTConfig

Row = list[float]
Weights = Mapping[str, Sequence[Sequence[float]]]

ACTIVATIONS = {
    "relu": lambda x: max(x, 0.0),
    "gelu": lambda x: 0.5 * x * (1 + math.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x**3))),
    "silu": lambda x: x / (1 + math.exp(-x)),
    "tanh": math.tanh,
}


def dot(a: Sequence[float], b: Sequence[float]) -> float:
    return math.fsum(x * y for x, y in zip(a, b, strict=True))


def add(a: Sequence[float], b: Sequence[float]) -> Row:
    return [x + y for x, y in zip(a, b, strict=True)]


def softmax(scores: Sequence[float]) -> Row:
    exps = [math.exp(score - max(scores)) for score in scores]
    return [e / math.fsum(exps) for e in exps]


def logits(config: GPTConfig, weights: Weights, tokens: Sequence[int]) -> list[Row]:
    def linear(x: Row, matrix: str, bias: str) -> Row:
        out = [dot(row, x) for row in weights[matrix]]
        return add(out, weights[bias][0]) if config.bias else out

    def norm(x: Row, gain: str) -> Row:
        if config.rmsnorm:
            x = [number / math.sqrt(dot(x, x) / len(x) + 1e-5) for number in x]
        return [a * b for a, b in zip(x, weights[gain][0], strict=True)] if config.gain else x

    def attend(layer: str, xs: list[Row]) -> list[Row]:
        q, k, v = ([linear(x, f"{layer}attn_w{part}", f"{layer}attn_b{part}") for x in xs] for part in "qkv")
        size, out = config.n_embd // config.n_head, []
        for t in range(len(xs)):
            mixed: Row = []
            for head in range(config.n_head):
                part = slice(head * size, (head + 1) * size)
                shares = softmax([dot(q[t][part], k[s][part]) / math.sqrt(size) for s in range(t + 1)])
                mixed += [dot(shares, [v[s][part][j] for s in range(t + 1)]) for j in range(size)]
            out.append(linear(mixed, layer + "attn_wo", layer + "attn_bo"))
        return out

    def mlp(layer: str, x: Row) -> Row:
        hidden = [ACTIVATIONS[config.activation](h) for h in linear(x, layer + "mlp_fc1", layer + "mlp_b1")]
        return linear(hidden, layer + "mlp_fc2", layer + "mlp_b2")

    def joined(xs: list[Row], outs: list[Row]) -> list[Row]:
        return [add(x, out) for x, out in zip(xs, outs, strict=True)] if config.residual else outs

    xs = [list(weights["wte"][token]) for token in tokens]
    if config.positions:
        xs = [add(x, place) for x, place in zip(xs, weights["wpe"], strict=False)]
    xs = [norm(x, "gain") for x in xs]
    for i in range(config.n_layer):
        layer = f"layer{i}."
        if config.attention:
            xs = joined(xs, attend(layer, [norm(x, layer + "attn_gain") for x in xs]))
        if config.mlp:
            xs = joined(xs, [mlp(layer, norm(x, layer + "mlp_gain")) for x in xs])
    return [[dot(row, x) for row in weights["wte" if config.tied else "lm_head"]] for x in xs]
