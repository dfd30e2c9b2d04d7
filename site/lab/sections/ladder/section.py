"""The ladder: what the seven rungs are. All of it is prose and a table made at build."""

from ...ui.section import Section


class Ladder(Section):
    slug = "ladder"

    def mount(self) -> None:
        """Nothing moves here."""

    def render(self) -> None:
        """Nothing changes here."""
