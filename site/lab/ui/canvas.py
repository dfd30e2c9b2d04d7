"""A canvas that shows images pixel for pixel."""

from numpy import ndarray

from . import dom
from .part import Part


class Canvas:
    def __init__(self, part: Part) -> None:
        self._canvas = part.element

    def resize(self, width: int, height: int) -> None:
        """Make it this large, in pixels of its own, and empty."""
        self._canvas.width, self._canvas.height = width, height

    def put(self, image: ndarray, x: int, y: int) -> None:
        """Show an image with its corner at column x and row y: (rows, columns) uint32, whose bytes are red, green,
        blue, alpha."""
        dom.put_pixels(self._canvas, image, x, y)
