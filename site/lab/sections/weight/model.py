"""Where one weight stands: its index in the flat vector of all, and its matrix, row and column."""

from typing import NamedTuple

from microgpt.config import GPTConfig
from microgpt.inspect.one_weight import steepest

from ...core.lab import Lab


class Place(NamedTuple):
    matrix: str
    row: int
    column: int


def locate(index: int, config: GPTConfig) -> Place:
    """Raises IndexError for a weight that is not there."""
    left = index
    for name, (rows, columns) in config.shapes().items():
        if 0 <= left < rows * columns:
            return Place(name, *divmod(left, columns))
        left -= rows * columns
    raise IndexError(f"there is no weight {index}")


def index_of(place: Place, config: GPTConfig) -> int:
    """Raises ValueError for a matrix that is not there, or a row or column that it has not, with what there is."""
    start = 0
    for name, (rows, columns) in config.shapes().items():
        if name == place.matrix:
            break
        start += rows * columns
    else:
        raise ValueError(f"There is no matrix {place.matrix}: they are {', '.join(config.shapes())}.")
    for what, value, n in (("row", place.row, rows), ("column", place.column, columns)):
        if not 0 <= value < n:
            raise ValueError(f"{name} has no {what} {value}: they go from 0 to {n - 1}.")
    return start + place.row * columns + place.column


def steepest_now(lab: Lab) -> int:
    """The weight with the largest gradient for the name that the next step learns from."""
    trainer = lab.run.trainer
    model = trainer.model.copy()  # the run's own gradient may be that of a step under way
    model.loss_and_gradient(trainer.documents[trainer.next_index])
    return steepest(model.flat_grad)
