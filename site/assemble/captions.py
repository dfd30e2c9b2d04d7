"""A figure is called by its title alone.

Without this, the whole caption is a figure's accessible name, and a screen reader says it twice: once as the name, and
once more as what stands in the figure.
"""

import re

_TITLED = re.compile(r'<figure(?P<own>[^>]*)>(?P<before>\s*<figcaption>\s*)<span class="figure-title"')


def named(body: str) -> str:
    """The sections, each titled figure with `aria-labelledby`."""
    count = 0

    def name(found: re.Match[str]) -> str:
        nonlocal count
        count += 1
        title = f"figure-title-{count}"
        return (
            f'<figure{found["own"]} aria-labelledby="{title}">{found["before"]}<span class="figure-title" id="{title}"'
        )

    return _TITLED.sub(name, body)
