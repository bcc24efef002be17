"""What a job counted, and the part of docs/reliability.md that says so."""

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

PAGE = Path(__file__).parents[1] / "docs" / "reliability.md"
MOST_NAMED = 5
"""Failures of one kind that are printed."""


@dataclass
class Tally:
    """One row of the table: how often something was tried, and how often it failed."""

    what: str
    times: int = 0
    failures: list[str] = field(default_factory=list)
    remark: str = ""

    def passed(self, problem: str | None) -> bool:
        """Count one more; `problem` is what went wrong, if anything."""
        self.times += 1
        if problem is not None:
            self.failures.append(problem)
        return problem is None

    def __str__(self) -> str:
        named = [f"    {one}" for one in self.failures[:MOST_NAMED]]
        more = len(self.failures) - len(named)
        lines = [f"{self.what}: {self.times:,} times, {len(self.failures):,} failures; {self.remark}", *named]
        return "\n".join([*lines, f"    and {more:,} more"] if more > 0 else lines)


def write_part(job: str, tallies: list[Tally], seconds: float, seed: int) -> None:
    """Put what a job counted into its place on the page, between its two marks."""
    rows = [f"| {one.what} | {one.times:,} | {len(one.failures):,} | {one.remark} |" for one in tallies]
    measured = f"Measured on {datetime.now(UTC):%Y-%m-%d} with seed {seed}, in {seconds / 60:,.0f} minutes."
    table = "\n".join([measured, "", "| what | times | failures | |", "| --- | ---: | ---: | --- |", *rows])
    begin, end = f"<!-- measured: {job} -->", f"<!-- end of {job} -->"
    text, places = re.subn(
        f"{re.escape(begin)}.*?{re.escape(end)}",
        lambda _: f"{begin}\n{table}\n{end}",
        PAGE.read_text(encoding="utf-8"),
        flags=re.DOTALL,
    )
    if places != 1:
        raise ValueError(f"{PAGE.name} has no one place for {job}")
    PAGE.write_text(text, encoding="utf-8", newline="\n")
