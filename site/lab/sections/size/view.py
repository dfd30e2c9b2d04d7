"""What `size` shows: bars, the ladder of models and the two squares; all of it pure."""

from html import escape

from microgpt.config import GPTConfig

from ...charts import Bars
from ...charts.format import count
from . import model as sizes
from .model import GPT2_SMALL, KNOWN, SQUARE, Known

TOP = 1e13  # end of the ladder: one rung above the largest


def part_bars(config: GPTConfig) -> Bars:
    found = sizes.parts(config)
    names, counts = tuple(found), tuple(found.values())
    return Bars(names, counts, format=count, rows=True, label_name="part", value_name="parameters")


def ladder(n_params: int) -> str:
    """List items, this model first: name, size, place on the ladder, and how many times this one."""
    own = f'<b>This model</b><span class="rung-size">{count(n_params)}</span>{_rung(n_params, "lit")}'
    items = [f'<li class="rung">{own}</li>']
    for model in KNOWN:
        times = sizes.about(model.parameters / n_params)
        items.append(
            f'<li class="rung"><span><b>{escape(model.name)}</b>, {model.year}</span>'
            f'<span class="rung-size">{_size(model)}</span>'
            f"{_rung(model.parameters, '' if model.confirmed else 'guess')}"
            f'<span class="rung-times">about {times} times this one</span></li>'
        )
    return "".join(items)


def _size(model: Known) -> str:
    return model.text if model.confirmed else f"{model.text}, leaked, unconfirmed"


def _rung(parameters: float, css: str) -> str:
    """A bar on ten-times ticks; 1,000 units wide, stretched to the place it gets."""
    decades = round(1 / sizes.rung(10, TOP))
    ticks = "".join(f'<path class="tick" d="M{1000 * i / decades:.0f} 0v10"/>' for i in range(1, decades))
    bar = f'<rect class="bar {css}" width="{1000 * sizes.rung(parameters, TOP):.0f}" height="6" y="2"/>'
    return (
        f'<svg class="rung-bar" viewBox="0 0 1000 10" preserveAspectRatio="none" aria-hidden="true">{ticks}{bar}</svg>'
    )


def squares(n_params: int) -> str:
    """The square of GPT-2 small with this model's in its corner; areas to scale."""
    side = sizes.side(n_params, GPT2_SMALL.parameters, SQUARE)
    times = f"about {sizes.about(SQUARE / side)} times as wide"
    named = f'<text x="{side + 8:.1f}" y="{SQUARE - 8}">← this model</text>' if side < SQUARE / 3 else ""
    return (
        f'<svg viewBox="0 0 {SQUARE} {SQUARE}" width="{SQUARE}" height="{SQUARE}" role="img" '
        f'aria-label="A square for GPT-2 small, {times} as the one for this model in its corner">'
        f'<rect class="square" width="{SQUARE}" height="{SQUARE}"/>'
        f'<text class="middle" x="{SQUARE // 2}" y="{SQUARE // 2}">GPT-2 small</text>'
        f'<rect class="square-own" y="{SQUARE - side:.2f}" width="{side:.2f}" height="{side:.2f}"/>'
        f"{named}</svg>"
    )
