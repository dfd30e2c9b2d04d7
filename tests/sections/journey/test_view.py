"""The journey: what each stop says about the model of this moment."""

import pytest

from lab.core.snapshot import Sample
from lab.sections.journey import view as journey
from microgpt.evaluate.novelty import Verdict

NEW, NEAR, COPY = Verdict("new", "mei", 4), Verdict("near", "rex", 1), Verdict("copy", "rex", 0)


@pytest.mark.feature("S1-4")
def test_the_output_is_the_newest_whole_name_that_is_not_in_the_data():
    samples = (
        Sample(1, 1.0, "oldest", NEW, True),
        Sample(2, 1.0, "rexa", NEAR, True),
        Sample(3, 1.0, "rex", COPY, True),
        Sample(4, 1.0, "cutshort", NEW, False),
        Sample(5, 1.0, "", NEW, True),
    )
    assert journey.newest(samples).name == "rexa"
    assert journey.output(samples) == "rexa (step 2)"
    assert "Train" in journey.output(samples[2:])


@pytest.mark.feature("S1-4")
def test_every_stop_tells_of_the_model_itself(desk):
    desk.train_to(20)
    desk.lab.focus_on("rex")
    snapshot, tokenizer = desk.lab.snapshot.get(), desk.lab.experiment.get().tokenizer
    answers = [*tokenizer.alphabet, "END"]
    stops = journey.along(snapshot, desk.lab.trace(), desk.lab.focus.get(), answers)
    assert stops["input"] == "rex"
    assert stops["tokens"] == " ".join(map(str, tokenizer.document("rex")[:-1]))
    assert stops["rows"] == "4 × 8 numbers"
    assert stops["attention"] == "1 layer, 2 heads each"
    top = int(snapshot.model.forward(tokenizer.document("rex")[:-1]).probabilities[-1].argmax())
    assert stops["guess"].startswith(f"after rex: {answers[top]}, ")
    assert stops["loss"] == f"loss {snapshot.loss:.2f}"
