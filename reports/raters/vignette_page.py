"""What managers' answers to vignettes show: is the room calibrated, and who is strict?"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from engine.phrases import count, figure, percent
from engine.raters import ManagerOnVignettes, RoomOnVignettes
from reports.pages.rendering import render, write_page
from reports.run.data import write_csv
from rules.pack import RulePack

VIGNETTE_COLUMNS: dict[str, pl.DataType] = {
    "time": pl.String(),  # `before` and `after` the session
    "manager": pl.String(),
    "ratings": pl.Int64(),
    "exact": pl.Int64(),  # ratings that are the pack's
    "within_step": pl.Int64(),
    "bands": pl.Int64(),
    "same_band": pl.Int64(),
    "difference": pl.Float64(),  # own ratings less the others' of the same, in points
    "severity": pl.Float64(),  # logits; above 0 is stricter
    "severity_error": pl.Float64(),
}
"""`vignettes.csv`: one row per manager and time."""
ABOUT = (
    "These are descriptions on paper: rating people whom you know is another thing. Nothing here changes a "
    "recommendation.",
    "Severity is in logits, of a many-facet Rasch model; above 0 is stricter than the room's mean. The bar "
    "contains the truth 95 times in 100; where it crosses the middle, a manager may be as strict as the "
    "others. The points next to it are a plain difference: own ratings less those of the others for the same "
    "lines.",
    "The pack's answers are those of its worked examples. Somebody who differs from them may have a good "
    "reason; if the whole room differs from them, it reads the scale differently from whoever wrote the "
    "rules.",
)


@dataclass(frozen=True)
class VignettesShown:
    """The answers before a session, and after it where they were given."""

    pack: RulePack
    rooms: dict[str, RoomOnVignettes]
    """`before` and `after`."""

    @property
    def sentences(self) -> tuple[str, ...]:
        """How far each room agrees with the pack, and why severities are not told where they are not."""
        return tuple(sentence for time, room in self.rooms.items() for sentence in _sentences(time, room))

    def difference(self, one: ManagerOnVignettes) -> float | None:
        """Own ratings less those of the others, as people write them: downwards where 1 is the best."""
        turned = one.difference is not None and self.pack.scale.lowest_is_best
        return -(one.difference or 0) if turned else one.difference

    @property
    def reach(self) -> float:
        """The end of the axis of severities, in logits."""
        ends = [
            abs(end)
            for room in self.rooms.values()
            for one in room.managers
            if one.severity is not None
            for end in (one.severity.low, one.severity.high)
        ]
        return max(1.0, *ends) if ends else 1.0


def vignette_lines(shown: VignettesShown) -> Iterator[str]:
    """The answers for the terminal."""
    yield "Vignettes: is the room calibrated? For HR alone"
    yield from (f"  {sentence}" for sentence in shown.sentences)
    for time, room in shown.rooms.items():
        for one in room.managers:
            yield f"  {one.manager}{', ' + time if len(shown.rooms) > 1 else ''}: {in_words(one)}"


def write_vignette_page(shown: VignettesShown, folder: Path) -> Path:
    """Write `vignettes.html` and `vignettes.csv` into a folder."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    page = render(
        "vignettes.html",
        {
            "shown": shown,
            "pack": shown.pack,
            "about": ABOUT,
            "share": share,
            "place": lambda value: f"{110 + value / shown.reach * 100:.1f}",
        },
    )
    write_csv(_frame(shown), folder / "vignettes.csv")
    return write_page(folder / "vignettes.html", page)


def share(part: int, whole: int) -> str:
    """`12 of 20`, or a dash of nothing."""
    return f"{part:,} of {whole:,}" if whole else "–"


def in_words(one: ManagerOnVignettes) -> str:
    """One manager in a line."""
    if not one.ratings and not one.bands:
        return "nothing was rated"
    rated = f"{share(one.within_step, one.ratings)} ratings within a step of the pack's"
    found = [rated if one.ratings else "no ratings"]
    if one.bands:
        found.append(f"{share(one.same_band, one.bands)} recommendations the same as the pack's")
    if one.severity is not None:
        ends = f"{figure(one.severity.low, signed=True)} to {figure(one.severity.high, signed=True)}"
        found.append(f"severity {figure(one.severity.severity, signed=True)} ({ends})")
    elif one.ratings:
        found.append("severity cannot be estimated")
    return "; ".join(found)


def _sentences(time: str, room: RoomOnVignettes) -> Iterator[str]:
    when = f"{time.capitalize()} the session"
    parts = []
    for part, whole, words in (
        ("exact", "ratings", "of ratings equal the pack's"),
        ("within_step", "ratings", "are within a step of them"),
        ("same_band", "bands", "of recommendations equal the pack's"),
    ):
        value = room.share(part, whole)
        if value is not None:
            parts.append(f"{percent(value)} {words}")
    yield f"{when}, {count(len(room.managers), 'manager')}: {', '.join(parts) or 'nothing was rated'}."
    if room.refused is not None:
        yield f"{when}: nobody is called strict or lenient. {room.refused}"


def _frame(shown: VignettesShown) -> pl.DataFrame:
    rows = [
        {
            "time": time,
            **vars(one),
            "difference": _rounded(shown.difference(one)),
            "severity": _rounded(one.severity.severity if one.severity else None),
            "severity_error": _rounded(one.severity.error if one.severity else None),
        }
        for time, room in shown.rooms.items()
        for one in room.managers
    ]
    return pl.DataFrame(rows, schema=VIGNETTE_COLUMNS)


def _rounded(value: float | None) -> float | None:
    """Three decimals: more would be noise of the arithmetic."""
    return None if value is None else round(value, 3) + 0.0
