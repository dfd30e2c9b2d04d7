"""The numbers of a chart as a table, for readers who cannot see the chart or prefer numbers."""

from collections.abc import Iterable, Sequence
from html import escape


def table(caption: str, head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Table markup. The first cell of each row is its heading. Raises ValueError for a row of another length."""
    parts = [f"<table><caption>{escape(caption)}</caption><thead><tr>"]
    parts += [f'<th scope="col">{escape(cell)}</th>' for cell in head]
    parts.append("</tr></thead><tbody>")
    for row in rows:
        if len(row) != len(head):
            raise ValueError(f"a row of {len(row)} cells under {len(head)} headings: {row!r}")
        parts.append(f'<tr><th scope="row">{escape(row[0])}</th>')
        parts += [f"<td>{escape(cell)}</td>" for cell in row[1:]]
        parts.append("</tr>")
    parts.append("</tbody></table>")
    return "".join(parts)
