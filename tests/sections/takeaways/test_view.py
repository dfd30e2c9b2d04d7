"""The takeaways: what each says about the model of this moment."""

import pytest

from lab.sections.takeaways import view as takeaways


@pytest.mark.feature("S1-26")
def test_each_takeaway_quotes_the_model(desk):
    desk.finish()
    experiment = desk.lab.experiment.get()
    assert "not learnt anything" in takeaways.loss(desk.lab.snapshot.get(), experiment)
    desk.train_to(20)
    desk.lab.focus_on("rex")
    snapshot, focus = desk.lab.snapshot.get(), desk.lab.focus.get()
    assert f"the loss is {snapshot.loss:.2f}" in takeaways.loss(snapshot, experiment)
    assert takeaways.guess(desk.lab.trace(), focus, experiment).startswith("After rex it would guess ")
    assert "x is " in takeaways.numbers(snapshot.model, focus, experiment)
    assert "and 4 more" in takeaways.numbers(snapshot.model, focus, experiment)
