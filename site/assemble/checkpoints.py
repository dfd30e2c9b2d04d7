"""Trains the lab's model at build, by the code the page runs, and saves moments of the run.

    python -m assemble.checkpoints OUTDIR

writes lab-00100.npz …, and index.json, which names their steps and says what run they are of. Step 0
needs no file: it is made from the seed.
"""

import json
import sys
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

from lab.core.run import Run
from lab.kernels import kernels
from microgpt import checkpoint, dataset
from microgpt.experiment import Experiment

STEPS = (100, 500, 1000, 2000, 5000)


def moments(names: list[str]) -> Iterator[Run]:
    """The default run at each of STEPS, with the exams and the names a run in the page would have."""
    run = Run(Experiment(names))
    _work_off(run)
    for stop in STEPS:
        while run.step_count < stop:
            run.step()
            _work_off(run)
        yield run


def _work_off(run: Run) -> None:
    for work in run.due():
        for _piece in work.pieces:
            pass


def main(folder: Path) -> None:
    kernels.connect()
    if kernels.problem:
        raise SystemExit(f"The kernels do not run, and the page's will: {kernels.problem}")
    names, _ = dataset.load("data/dinosaurs.txt")
    for run in moments(names):
        checkpoint.save(run.checkpoint(), folder / file_name(run.step_count))
        print(f"  step {run.step_count}, loss {run.history.mean(run.step_count):.3f}", flush=True)
    experiment = run.experiment
    index = {"steps": [0, *STEPS], "settings": asdict(experiment.settings), "digest": experiment.digest}
    (folder / "index.json").write_text(json.dumps(index))


def file_name(step: int) -> str:
    return f"lab-{step:05}.npz"


if __name__ == "__main__":
    main(Path(sys.argv[1]))
