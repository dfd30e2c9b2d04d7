"""How a key moves a cursor. These functions are pure, so tests need no keyboard."""


def along(key: str, place: int, first: int, last: int, step: int = 1) -> int | None:
    """The next place along a line. Arrow keys move by `step`, PageUp and PageDown by ten times that, Home and End to
    the ends. Up and right go forward, as in a slider. None for any other key."""
    if key == "Home":
        return first
    if key == "End":
        return last
    moves = {"ArrowRight": 1, "ArrowUp": 1, "ArrowLeft": -1, "ArrowDown": -1, "PageUp": 10, "PageDown": -10}
    if key not in moves:
        return None
    return min(max(place + moves[key] * step, first), last)


def grid(key: str, cell: tuple[int, int], rows: int, cols: int, ctrl: bool = False) -> tuple[int, int] | None:
    """The next cell of a grid. Arrow keys move by one cell, PageUp and PageDown by five rows, Home and End to the
    ends of the row or, with ctrl, to the corners. None for any other key."""
    row, col = cell
    if key == "Home":
        return (0 if ctrl else row, 0)
    if key == "End":
        return (rows - 1 if ctrl else row, cols - 1)
    moves = {
        "ArrowRight": (0, 1),
        "ArrowLeft": (0, -1),
        "ArrowDown": (1, 0),
        "ArrowUp": (-1, 0),
        "PageDown": (5, 0),
        "PageUp": (-5, 0),
    }
    if key not in moves:
        return None
    down, right = moves[key]
    return (min(max(row + down, 0), rows - 1), min(max(col + right, 0), cols - 1))
