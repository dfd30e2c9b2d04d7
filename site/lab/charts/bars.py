"""Bars for up to forty categories: upright with letters below them, or as rows with words beside them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import isfinite

from . import svg as draw
from .format import percent
from .labels import every, is_shown
from .scale import nice_end
from .table import table as table_markup

MOST = 40
_NARROW = 480
_SHORT = 8  # bars up to this height are the first to lose their value text
_VALUE = 11  # size of value texts
_ROW = 24  # height of a row in the `rows` form

Box = tuple[float, float, float, float]  # x, y, width, height


@dataclass(frozen=True)
class Geometry:
    """One box for each bar, and one slot around it. A text is None where there is no room for it."""

    width: float
    height: float
    slots: tuple[Box, ...]
    boxes: tuple[Box, ...]
    value_text: tuple[tuple[float, str] | None, ...]  # x and text; for upright bars x is the middle of the text
    label_text: tuple[str | None, ...]
    label_ends: tuple[float, ...]  # the lowest y of each label
    upright: tuple[bool, ...]  # whether a label is wider than its slot and reads upwards


@dataclass(frozen=True)
class Bars:
    """Values ≥ 0 with their labels, in the order of the drawing.

    `highlight` is the index of the winner, `mark` of a bar to compare with (the true letter), `glow` of the current
    one; None for none. The scale ends at `top`; without it, at a round number above the greatest value. A value
    that is not finite gets no bar. Raises ValueError for a wrong size, value or index.
    """

    labels: Sequence[str]
    values: Sequence[float]
    format: Callable[[float], str] = percent
    top: float | None = None
    highlight: int | None = None
    mark: int | None = None
    glow: int | None = None
    rows: bool = False
    label_name: str = "letter"
    value_name: str = "share"

    def __post_init__(self) -> None:
        object.__setattr__(self, "labels", tuple(self.labels))
        object.__setattr__(self, "values", tuple(float(v) for v in self.values))
        if len(self.labels) != len(self.values):
            raise ValueError(f"{len(self.labels)} labels, {len(self.values)} values")
        if not 1 <= len(self.labels) <= MOST:
            raise ValueError(f"bars are for 1 to {MOST} categories, got {len(self.labels)}")
        for label, value in zip(self.labels, self.values, strict=True):
            if value < 0:
                raise ValueError(f"bars start at 0, got {value!r} for {label!r}")
        for name in ("highlight", "mark", "glow"):
            index = getattr(self, name)
            if index is not None and not 0 <= index < len(self.labels):
                raise ValueError(f"{name} must be an index below {len(self.labels)}, got {index!r}")
        if self.top is not None and not self.top > 0:
            raise ValueError(f"top must be positive, got {self.top!r}")

    @property
    def scale_end(self) -> float:
        greatest = max((v for v in self.values if isfinite(v)), default=0.0)
        return self.top or (nice_end(greatest) if greatest > 0 else 1.0)

    @property
    def chosen(self) -> tuple[int, ...]:
        """The indices of the bars that stand out, each once."""
        return tuple(dict.fromkeys(i for i in (self.highlight, self.glow, self.mark) if i is not None))

    @property
    def greatest(self) -> int:
        """The index of the greatest value; of equal values, of the first."""
        return max(range(len(self.values)), key=lambda i: self.values[i] if isfinite(self.values[i]) else -1.0)

    @property
    def stops(self) -> range:
        """The bars, by index, that a cursor can stand on."""
        return range(len(self.labels))

    @property
    def start(self) -> int:
        """Where a cursor begins: at the current bar, else at the winner, else at the first."""
        return self.glow if self.glow is not None else self.highlight or 0

    def geometry(self, width: float) -> Geometry:
        """Where everything goes. `width` in drawing units, at least 120."""
        draw.check_width(width)
        return _rows(self, width) if self.rows else _columns(self, width)

    def svg(self, width: float, label: str | None = None) -> str:
        """The whole chart as markup."""
        geo = self.geometry(width)
        lit = {self.highlight, self.glow} - {None}
        plain = [draw.box(*box) for i, box in enumerate(geo.boxes) if i not in lit]
        parts = [draw.rect(*geo.slots[self.glow], "glow")] if self.glow is not None else []
        parts.append(draw.path("".join(plain), "bar"))
        parts.append(draw.path("".join(draw.box(*geo.boxes[i]) for i in sorted(lit)), "bar lit"))
        parts += _text_rows(self, geo) if self.rows else _text_columns(self, geo)
        return draw.document(geo.width, geo.height, parts, label)

    def hit(self, geo: Geometry, x: float, y: float) -> int | None:
        """The bar whose slot is at (x, y). Upright bars own all of their column, labels included."""
        for i, (left, top, width, height) in enumerate(geo.slots):
            below = top + height if _in_rows(geo) else geo.height
            if left <= x < left + width and top <= y < below:
                return i
        return None

    def cursor(self, geo: Geometry, i: int) -> str:
        """What the cursor draws over the chart: a frame around bar `i` and its label, below its value."""
        x, y, width, height = geo.slots[i]
        if not _in_rows(geo):
            y = geo.boxes[i][1] - 2
            height = geo.label_ends[i] - y + 1
        return draw.rect(x, y + 1, width, height - 2, "cursor")

    def describe(self, i: int) -> str:
        return f"{self.labels[i]}: {self.format(self.values[i])}"

    def summary(self) -> str:
        """The largest bar in words, and the current one where there is one."""
        finite = [value for value in self.values if isfinite(value)]
        if not finite:
            return "no values"
        text = f"largest: {self.labels[self.greatest]}, {self.format(max(finite))}"
        if len(self.values) > 1 and min(finite) == max(finite):
            text = f"all alike: {self.format(max(finite))}"
        return text if self.glow is None else f"{text}; current {self.describe(self.glow)}"

    def table(self) -> str:
        rows = [[label, self.format(value)] for label, value in zip(self.labels, self.values, strict=True)]
        return table_markup(f"{self.value_name} by {self.label_name}", [self.label_name, self.value_name], rows)


def _length(data: Bars, value: float, room: float) -> float:
    return room * min(value / data.scale_end, 1.0) if isfinite(value) else 0.0


def _columns(data: Bars, width: float) -> Geometry:
    n = len(data.labels)
    slot = min(width / n, 64)
    thick = min(slot * 0.74, 40)
    # Of numbers that are too wide only every n-th is shown, as on an axis. Words are turned upright.
    numeric = all(label.isdigit() for label in data.labels)
    widths = [draw.text_width(label, code=True) for label in data.labels]
    stride = every(data.labels, slot, max(widths) + 3) if numeric else 1
    upright = tuple(not numeric and w > max(slot, 9) for w in widths)
    top, bottom = 18, 18 + (130 if width < _NARROW else 160)
    label_ends = tuple(bottom + (w + 8 if up else 19) for w, up in zip(widths, upright, strict=True))
    boxes = []
    for i, value in enumerate(data.values):
        tall = _length(data, value, bottom - top)
        boxes.append((i * slot + (slot - thick) / 2, bottom - tall, thick, tall))
    return Geometry(
        width=width,
        height=max(label_ends) + (10 if data.mark is not None else 0),
        slots=tuple((i * slot, 0, slot, bottom) for i in range(n)),
        boxes=tuple(boxes),
        value_text=_texts_that_fit(data, boxes, width),
        label_text=tuple(t if is_shown(i, stride, data.chosen) else None for i, t in enumerate(data.labels)),
        label_ends=label_ends,
        upright=upright,
    )


def _texts_that_fit(data: Bars, boxes: list[Box], width: float) -> tuple[tuple[float, str] | None, ...]:
    """Value texts above their bars. The greatest value comes first, and a text that would touch a bar or an earlier
    text is left out. Chosen bars come before all others and always get their text, with a halo where it crosses a
    neighbour. If any text is left out, so are all texts of the shortest bars, since gaps among them
    would look like a pattern."""
    chosen = data.chosen
    texts: list[tuple[float, str] | None] = [None] * len(boxes)
    taken: list[tuple[float, float, float]] = []  # left, right, baseline
    for i in [*chosen, *sorted(set(range(len(boxes))) - set(chosen), key=lambda i: (boxes[i][1], i))]:
        x, y, thick, _ = boxes[i]
        text = data.format(data.values[i])
        half = draw.text_width(text, _VALUE) / 2
        middle = min(max(x + thick / 2, half), width - half)
        left, right = middle - half, middle + half
        covered = i not in chosen and any(
            j != i and bx < right and left < bx + wide and by < y - 1 for j, (bx, by, wide, _) in enumerate(boxes)
        )
        if not covered and not any(a < right + 3 and left - 3 < b and abs(base - y) < 12 for a, b, base in taken):
            texts[i] = (middle, text)
            taken.append((left, right, y))
    if None in texts:
        texts = [text if i in chosen or boxes[i][3] >= _SHORT else None for i, text in enumerate(texts)]
    return tuple(texts)


def _rows(data: Bars, width: float) -> Geometry:
    n = len(data.labels)
    left = min(max(draw.text_width(label) for label in data.labels) + 12, width / 2)
    texts = [data.format(value) for value in data.values]
    room = max(width - max(draw.text_width(text, _VALUE) for text in texts) - 8 - left, 1)
    boxes = tuple((left, i * _ROW + 4, _length(data, value, room), _ROW - 8) for i, value in enumerate(data.values))
    return Geometry(
        width=width,
        height=n * _ROW,
        slots=tuple((0, i * _ROW, width, _ROW) for i in range(n)),
        boxes=boxes,
        value_text=tuple((x + long + 6, text) for (x, _, long, _), text in zip(boxes, texts, strict=True)),
        label_text=data.labels,
        label_ends=tuple((i + 1) * _ROW for i in range(n)),
        upright=(False,) * n,
    )


def _css(data: Bars, i: int) -> str:
    return " lit" if i in (data.highlight, data.glow) else ""


def _text_columns(data: Bars, geo: Geometry) -> list[str]:
    parts = []
    _, _, slot, base = geo.slots[0]
    for i, (x, y, thick, _) in enumerate(geo.boxes):
        middle, css = x + thick / 2, _css(data, i)
        if geo.value_text[i]:
            place, text = geo.value_text[i]
            parts.append(draw.text(place, y - 5, text, f"value mid{css}"))
        if geo.label_text[i] is not None and geo.upright[i]:
            parts.append(draw.text_upright(middle + 4, base + 6, geo.label_text[i], f"code end{css}"))
        elif geo.label_text[i] is not None:
            parts.append(draw.text(middle, base + 15, geo.label_text[i], f"code mid{css}"))
        if i == data.mark:
            half = draw.num(min(slot / 2, 5))
            parts.append(
                draw.path(f"M{draw.num(middle)} {draw.num(geo.label_ends[i])}l{half} 8h-{half}h-{half}z", "mark")
            )
    parts.append(draw.line(0, base, geo.slots[-1][0] + slot, base, "rule"))
    return parts


def _text_rows(data: Bars, geo: Geometry) -> list[str]:
    parts = []
    for i, (x, y, _, tall) in enumerate(geo.boxes):
        css, middle = _css(data, i), y + tall / 2
        place, text = geo.value_text[i]
        parts.append(draw.text(x - 12, middle + 4, geo.label_text[i], f"label end{css}"))
        parts.append(draw.text(place, middle + 4, text, f"value{css}"))
        if i == data.mark:
            parts.append(draw.path(f"M{draw.num(x - 8)} {draw.num(middle - 5)}v10l6-5z", "mark"))
    left = geo.boxes[0][0]
    parts.append(draw.line(left, 0, left, geo.height, "rule"))
    return parts


def _in_rows(geo: Geometry) -> bool:
    return len(geo.slots) > 1 and geo.slots[0][1] != geo.slots[1][1]
