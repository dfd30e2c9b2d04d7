"""A screen reader says a figure's title as its name, and its caption once."""

from assemble.captions import named


def test_a_figure_is_called_by_its_title_and_one_without_is_left_alone() -> None:
    body = """<figure class="figure wide">
    <figcaption>
      <span class="figure-title">Loss <span class="tag">live</span></span> It falls.
    </figcaption></figure>
  <figure><figcaption>Short</figcaption></figure>
  <figure class="figure" data-part="play"><figcaption><span class="figure-title">Play</span></figcaption></figure>"""
    made = named(body)
    assert '<figure class="figure wide" aria-labelledby="figure-title-1">' in made
    assert '<span class="figure-title" id="figure-title-1">Loss' in made
    assert "<figure><figcaption>Short" in made
    assert made.count("aria-labelledby") == made.count(" id=") == 2
    assert '<figure class="figure" data-part="play" aria-labelledby="figure-title-2">' in made
