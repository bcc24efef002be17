"""Where benchmarks write what they measured: the tables of docs/benchmarks.md."""

from collections.abc import Sequence
from pathlib import Path

PAGE = Path(__file__).parents[1] / "docs" / "benchmarks.md"


def write_table(name: str, lines: Sequence[str]) -> None:
    """Put a table between the marks `name` of the page, and print it."""
    text = "\n".join(lines)
    print(text, flush=True)
    start, end = f"<!-- {name} -->\n", f"\n<!-- /{name} -->"
    before, _, rest = PAGE.read_text(encoding="utf-8").partition(start)
    PAGE.write_text(before + start + text + end + rest.partition(end)[2], encoding="utf-8", newline="\n")
