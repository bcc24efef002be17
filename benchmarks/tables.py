"""Where benchmarks write what they measured: the tables of docs/benchmarks.md."""

from collections.abc import Sequence
from pathlib import Path

PAGE = Path(__file__).parents[1] / "docs" / "benchmarks.md"


def write_table(name: str, lines: Sequence[str]) -> None:
    """Put a table between the marks `name` of the page, and print it."""
    text = "\n".join(lines)
    print(text, flush=True)
    start, end = f"<!-- {name} -->\n", f"<!-- /{name} -->\n"
    before, rest = PAGE.read_text(encoding="utf-8").split(start)
    _, after = rest.split(end)
    PAGE.write_text(f"{before}{start}{text}\n{end}{after}", encoding="utf-8", newline="\n")
