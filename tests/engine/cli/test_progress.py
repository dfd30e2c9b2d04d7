"""What is told while training goes on, on paper and in a terminal."""

import io
import re
from pathlib import Path

import pytest

from microgpt.cli import main
from microgpt.cli.progress import Progress, duration
from tests.engine.conftest import SMALL_RUN
from tests.engine.processes import ASCII, Terminal, finished

LINE = re.compile(r"step +(\d+)   loss (\S+)   (\S+) steps/s(?:   (.+) left)?")


def greek_run(folder: Path) -> str:
    (folder / "greek.txt").write_text("\n".join(["αλφα", "βητα", "γαμμα", "δελτα"]), "utf-8")
    out = str(folder / "greek.npz")
    assert main(["train", "--data", str(folder / "greek.txt"), *SMALL_RUN, "--out", out]) == 0
    return out


class Training:
    """Steps of 0.25 seconds each, by a clock of its own."""

    def __init__(self, out: io.StringIO, first: int, last: int) -> None:
        self.now, self.out = 100.0, out
        self.lines: list[tuple[float, str]] = []  # when each line came, since the start
        progress = Progress(first, last, out, lambda: self.now)
        losses: list[float] = [3.0] * first
        for step in range(first + 1, last + 1):
            self.now += 0.25
            losses.append(2.0)
            progress.show(step, losses)
            new = out.getvalue().splitlines()[len(self.lines) :]
            self.lines += [(self.now - 100, line) for line in new]
        progress.end()


def test_a_line_comes_after_a_second_and_then_at_least_every_ten() -> None:
    told = Training(io.StringIO(), 0, 400).lines
    assert [seconds for seconds, _ in told] == [1, 3, 7, 15, 25, 35, 45, 55, 65, 75, 85, 95, 100]


def test_a_line_says_how_far_it_is_how_well_it_goes_how_fast_and_how_long_it_will_take() -> None:
    told = Training(io.StringIO(), 1000, 1400).lines
    assert told[3] == (15, "step   1060   loss 2.4000   4 steps/s   1 min 25 s left")
    assert told[-1] == (100, "step   1400   loss 2.0000   4 steps/s")


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0.2, "0 s"), (59.4, "59 s"), (59.6, "1 min 0 s"), (190, "3 min 10 s"), (7500, "2 h 5 min")],
)
def test_a_duration_is_told_as_one_says_it(seconds: float, text: str) -> None:
    assert duration(seconds) == text


def test_a_file_gets_lines_and_no_bar(data: str) -> None:
    done = finished("train", "--data", data, *SMALL_RUN)
    assert done.returncode == 0 and done.stderr == b""
    assert b"\r" not in done.stdout and b"\x1b" not in done.stdout
    assert LINE.fullmatch(done.stdout.decode().splitlines()[1])


@pytest.mark.parametrize("colour", [True, False])
def test_a_terminal_gets_one_bar_in_colour_unless_no_color_is_set(colour: bool, data: str) -> None:
    terminal = Terminal(
        "train", "--data", data, *SMALL_RUN, env={"NO_COLOR": "" if colour else "1", "TERM": "xterm", "COLUMNS": "80"}
    )
    shown = terminal.read_all().decode()
    assert terminal.process.wait(60) == 0
    terminal.close()
    first, bars, last = shown.replace("\r\n", "\n").strip().split("\n")
    assert "names kept" in first and last.startswith("held-out loss")
    assert bars.startswith("\r")
    full = "\x1b[36m" + "#" * 20 + "\x1b[0m" if colour else "#" * 20
    bar = bars.split("\r")[-1]
    assert bar.startswith(f"{full} step     30   loss ")
    assert LINE.match(bar.removeprefix(f"{full} "))
    assert ("\x1b" in shown) == colour


@pytest.mark.parametrize("columns", ["40", "80", "10"])
def test_the_bar_is_never_wider_than_the_terminal(columns: str, data: str) -> None:
    terminal = Terminal("train", "--data", data, *SMALL_RUN, env={"NO_COLOR": "1", "COLUMNS": columns})
    bars = terminal.read_all().decode().replace("\r\n", "\n").split("\n")[1]
    assert terminal.process.wait(60) == 0
    terminal.close()
    assert bars and all(len(bar) < int(columns) for bar in bars.split("\r"))


def test_output_is_utf8_when_it_goes_to_a_file_whatever_the_system_speaks(tmp_path: Path) -> None:
    done = finished("sample", greek_run(tmp_path), env=ASCII)
    assert done.returncode == 0 and done.stderr == b""
    assert set(done.stdout.decode("utf-8")) > set("αβη\n")


def test_a_terminal_that_lacks_a_letter_shows_a_question_mark(tmp_path: Path) -> None:
    terminal = Terminal("sample", greek_run(tmp_path), env=ASCII)
    assert set(terminal.read_all()) == set(b"?\r\n")
    assert terminal.process.wait(60) == 0
    terminal.close()
