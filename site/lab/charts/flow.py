"""The forward pass as a drawing: every weight matrix to scale, the vectors between them, and the
residual path as the line that goes around.

The frame (`svg`) depends on the sizes only and stays; what is live (`values`) goes into its last
group. Both are laid out by `flow_layout`, which is plain arithmetic.
"""

from collections.abc import Iterator, Mapping, Sequence
from html import escape

import numpy as np

from . import strips
from . import svg as draw
from .flow_groups import Box, Plan, Strip
from .flow_layout import Flow, layout

__all__ = ["Flow", "Plan", "layout", "pixels", "svg", "values"]


def svg(flow: Flow, labels: Mapping[str, str]) -> str:
    """The frame. `labels` names each box in words, for those who can't see it; its keys are the boxes'."""
    parts = [draw.rect(*block, "flow-block") for block in flow.blocks]
    parts += [draw.path(d, "flow-wire") for d in flow.wires]
    parts += [draw.path(d, "flow-tip") for d in flow.tips]
    parts.append(draw.path(flow.spine, "flow-spine"))
    parts += [draw.text(x, y, text, css) for x, y, text, css in flow.texts]
    parts += [_slot(strip) for strip in flow.strips]
    parts += [_box(box, labels[box.key]) for box in flow.boxes]
    size = f'viewBox="0 0 {draw.num(flow.width)} {draw.num(flow.height)}"'
    inner = "\n".join(filter(None, parts))
    return f'<svg class="chart-svg flow-svg" {size}>\n{inner}\n<g class="flow-live" aria-hidden="true"></g>\n</svg>'


def _box(box: Box, label: str) -> str:
    """A button: a matrix to scale, or a pill for what has no weights."""
    middle = box.x + box.w / 2
    shape = (
        draw.circle(middle, box.y + box.h / 2, box.w / 2, "flow-face")
        if box.kind == "add"
        else draw.rect(box.x, box.y, box.w, box.h, "flow-face")
    )
    if box.kind == "matrix":
        label = f"{box.name} {box.shape}: {label}"  # what is seen comes first: it is what one would say to it
        words = draw.text(box.x, box.y - 14, f"{box.name} ", "flow-name")
        words += draw.text(box.x, box.y - 4, box.shape, "flow-shape")
    elif box.kind == "heads":
        words = draw.text(box.x, box.y - 4, box.name, "flow-name")
    else:
        words = draw.text(middle, box.y + box.h / 2 + 4, box.name, "flow-op mid")
    return (
        f'<g class="flow-part {box.kind}" role="button" tabindex="-1" aria-pressed="false" '
        f'data-key="{escape(box.key)}" aria-label="{escape(label)}">{shape}{words}</g>'
    )


def _slot(strip: Strip) -> str:
    """Where a vector will be drawn: its base line, and what it is called."""
    base = strip.y + strip.h / 2 if strip.kind == "signed" else strip.y + strip.h
    line = draw.line(strip.x, base, strip.x + strip.n * strip.pitch, base, "flow-base")
    return line + (draw.text(strip.x, strip.y - 3, strip.label, "flow-vector") if strip.label else "")


def values(flow: Flow, vectors: Mapping[str, np.ndarray], read: Sequence[str], answers: Sequence[str]) -> str:
    """What is live: each vector in its strip. `read` are the labels of the positions read so far,
    `answers` those of the vocabulary. Raises KeyError for a vector that is missing."""
    for strip in flow.strips:
        if len(vectors[strip.key]) > strip.n:
            raise ValueError(f"{strip.key} has room for {strip.n} numbers, not {len(vectors[strip.key])}")
    both = [strip for strip in flow.strips if strip.kind == "signed"]
    tops = strips.tops([vectors[strip.key] for strip in both], [strip.h for strip in both])
    parts = [
        strips.signed(reached, strip.x, strip.y, strip.pitch, strip.h)
        for strip, reached in zip(both, tops, strict=True)
    ]
    for strip in flow.strips:
        vector = vectors[strip.key]
        if strip.counted:
            awake = f"{np.count_nonzero(vector)} of {strip.n} awake"
            parts.append(draw.text(strip.x + 48, strip.y - 3, awake, "flow-vector"))
        if strip.kind != "signed":
            top = 1.0 if strip.kind == "head" else float(np.nanmax(vector)) or 1.0
            parts.append(strips.shares(vector, strip.x, strip.y, strip.pitch, strip.h, top))
        if strip.lettered:
            texts = answers if strip.kind == "shares" else read
            parts.append(strips.letters(texts, strip.x, strip.y + strip.h + 10, strip.pitch))
    return "".join(parts)


def rows(flow: Flow, chosen: Mapping[str, int]) -> str:
    """Frames around one row of some matrices: the ones that a look-up picks."""
    places = {box.key: box for box in flow.boxes}
    return "".join(
        draw.rect(box.x - 1, box.y + row * flow.unit - 1, box.w + 2, flow.unit + 2, "flow-row")
        for box, row in ((places[key], row) for key, row in chosen.items())
    )


def pixels(flow: Flow, levels: Mapping[str, np.ndarray], palette: np.ndarray) -> Iterator[tuple[int, int, np.ndarray]]:
    """For each matrix: column and row, in pixels, of its corner, and its weights as an image.

    `levels` holds, for each matrix, indices into `palette`, (17,) colours as uint32. Raises
    ValueError for a matrix of another shape than its box.
    """
    for box in flow.boxes:
        if box.kind == "matrix":
            shape = (round(box.h / flow.unit), round(box.w / flow.unit))
            if levels[box.key].shape != shape:
                raise ValueError(f"{box.key}: {levels[box.key].shape} in a box of {shape}")
            seen = levels[box.key][:: flow.stride, :: flow.stride]
            yield round(box.x / flow.pixel), round(box.y / flow.pixel), palette[seen]
