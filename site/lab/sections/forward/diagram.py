"""The plan of the drawing: which boxes and strips stand for the operations of the engine's graph."""

from collections.abc import Sequence
from itertools import groupby
from math import prod

from microgpt.config import ACTIVATIONS, GPTConfig
from microgpt.graph import Graph, build

from ...charts.flow_groups import Answer, Column, Fork, Heads, Join, Matrix, Piece, Pill, Plan, Stage, Vector
from .model import LOOKUPS, Part, parts

BLOCKS = {"attention": "attention", "mlp": "MLP"}  # how the blocks of a layer are called
PILLS = {"rmsnorm": "RMSNorm", "add": "+", "relu": "ReLU", "gelu": "GELU", "silu": "SiLU"}  # by kind, if otherwise


def plan(config: GPTConfig) -> Plan:
    """For a model of this configuration, whatever it has and lacks."""
    graph = build(config)
    by_block = groupby(parts(config).values(), lambda part: (part.layer, part.first.block))
    (_, entrance), *inner, (_, end) = [(block, list(members)) for block, members in by_block]
    layers = [
        tuple(
            _stage(graph, f"Layer {i + 1}: {BLOCKS[name]}", members) for (layer, name), members in inner if layer == i
        )
        for i in range(config.n_layer)
    ]
    scores, chances = (_vector(graph, part) for part in end)
    answer = Answer(Pill(end[1].key, end[1].words.name), scores, chances)
    out = Stage("Out: the next letter", ((_matrix(end[0]),), answer))
    return Plan(_stage(graph, "In: a letter and its place", entrance), tuple(layers), out)


def _stage(graph: Graph, title: str, members: Sequence[Part]) -> Stage:
    pieces: list[Piece] = []
    join = None
    for form, run in groupby(members, _form):
        together = list(run)
        if form == "lookup" or form == "projection":
            columns = tuple((_matrix(part), _vector(graph, part)) for part in together)
            pieces.append(Fork(columns, shared=form == "projection"))
        elif form == "heads":
            pieces.append(_heads(graph, together[0]))
        elif form == "join":
            join = Join(together[0].key, _vector(graph, together[0]))
        else:
            pieces.append(tuple(element for part in together for element in _column(graph, part)))
    return Stage(title, tuple(pieces), join)


def _form(part: Part) -> str:
    """Parts of one form that follow each other make one piece."""
    if part.kind in LOOKUPS:
        return "lookup"
    if part.kind in ("projection", "heads"):
        return part.kind
    if part.kind == "add" and part.layer is not None:
        return "join"
    # the activation stands in one column with the matrix that takes what it gives
    return "narrow" if part.kind in ACTIVATIONS or part.note == "mlp_fc2" else part.note


def _column(graph: Graph, part: Part) -> Column:
    box = _matrix(part) if part.shape else Pill(part.key, PILLS.get(part.kind, part.kind))
    return (box, _vector(graph, part)) if part.words.strip else (box,)


def _matrix(part: Part) -> Matrix:
    rows, columns = part.shape or (0, 0)
    return Matrix(part.key, part.note.removeprefix("attn_").removeprefix("mlp_"), rows, columns)


def _vector(graph: Graph, part: Part) -> Vector:
    numbers = prod(graph.shape(part.operations[-1], 1))
    return Vector(part.given, part.words.strip, numbers, counted=part.kind == "relu")


def _heads(graph: Graph, part: Part) -> Heads:
    count = graph.config.n_head
    rows = tuple(f"layer{part.layer}.head{h}" for h in range(count))
    name = "heads" if count > 1 else "head"
    return Heads(part.key, name, rows, graph.config.block_size, _vector(graph, part))
