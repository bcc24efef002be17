"""The data files of a run for other programs: recommendations, evidence and issues."""

import json
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from itertools import islice
from pathlib import Path
from typing import BinaryIO

import polars as pl
from pydantic import BaseModel, ConfigDict, TypeAdapter
from pydantic_core import to_json

from engine import Explanations
from engine.explain import TABLE_SCHEMA
from engine.words import Explanation
from inputs import Issue
from reports.run.shared_texts import SharedTexts, with_shared_texts
from reports.shown.content import Run
from reports.shown.formula_texts import FORMULA_STARTS

AT_ONCE = 1_000
"""Explanations whose rows are put into a table at once."""
PIECE = 200_000
"""Rows of a large table that are in memory at once."""
RECOMMENDATIONS_FORMAT = "promotion-readiness/recommendations/1"

TOLD_COLUMNS: dict[str, pl.DataType] = {
    "reasons": pl.List(pl.String()),
    "next_step": pl.String(),
    "lenses": pl.List(pl.String()),  # `altitude: planning`, the lens and its value
    "lens_findings": pl.List(pl.String()),
    "distance": pl.Int32(),  # the fewest rating steps to the next better band
    "steps_to_ready_now": pl.Int32(),
    "open_questions": pl.List(pl.String()),
}
"""What only an explanation tells."""

_BEFORE = {"missing": 1, "months_in_level": 1, "specialisation": 2, "review_date": 2}
"""How many of them stand before a column of the table; the others come last."""


def _in_order() -> Iterator[tuple[str, pl.DataType]]:
    told = iter(TOLD_COLUMNS.items())
    for name, kind in TABLE_SCHEMA.items():
        yield from islice(told, _BEFORE.get(name, 0))
        yield name, kind
    yield from told


FLAT_COLUMNS: dict[str, pl.DataType] = dict(_in_order())
"""`recommendations.parquet`: one row per person and open promotion. The CSV joins lists with `; `."""

EVIDENCE_COLUMNS: dict[str, pl.DataType] = {
    "employee_id": pl.String(),
    "promotion": pl.String(),
    "signal": pl.String(),
    "importance": pl.String(),
    "bar": pl.Float64(),  # points of the pack's scale, as are the scores
    "manager_score": pl.Float64(),
    "self_score": pl.Float64(),
    "coverage": pl.Float64(),  # share of the weight that the manager rated, 0 to 1
    "status": pl.String(),
    "agreement": pl.String(),
    "manager_cells": pl.List(pl.String()),
    "self_cells": pl.List(pl.String()),
    "manager_comments": pl.List(pl.String()),
    "self_comments": pl.List(pl.String()),
}
"""`evidence.parquet`: one row per person, open promotion and signal."""

ISSUE_COLUMNS: dict[str, pl.DataType] = {
    "severity": pl.String(),
    "kind": pl.String(),
    "cell": pl.String(),
    "sheet": pl.String(),
    "row": pl.Int64(),
    "column": pl.String(),
    "header": pl.String(),
    "employee_id": pl.String(),
    "value": pl.String(),
    "problem": pl.String(),
    "remedy": pl.String(),
}
"""`issues.csv`: one row per issue, in the order of the file."""


class Recommendations(BaseModel):
    """`recommendations.json`: everything that is known of every recommendation.

    In the file, what the pack says is written once, under `texts`; see `reports.run.shared_texts`.
    """

    model_config = ConfigDict(extra="forbid", defer_build=True)

    format: str
    fingerprint: str
    day: str
    pack: str
    recommendations: tuple[Explanation, ...]


def write_recommendations(run: Run, folder: Path, mark: str | None = None) -> None:
    """Write `recommendations.csv`, `.parquet` and `.json` and `evidence.parquet`, everybody explained once.

    With a `mark`, all of them say that they are of a simulation.
    """
    flat, evidence = [pl.DataFrame(schema=FLAT_COLUMNS)], [pl.DataFrame(schema=EVIDENCE_COLUMNS)]
    with (folder / "recommendations.json").open("wb") as file:
        writer = _JsonWriter(file, run, mark)
        for some in _pieces(run, AT_ONCE):
            told = _frame(map(_told, some), TOLD_COLUMNS)
            flat.append(some.table().hstack(told.get_columns()).select(*FLAT_COLUMNS))
            evidence.append(_frame(_evidence_rows(some), EVIDENCE_COLUMNS))
            for one in some:
                writer.write(one)
        writer.end()
    table, shown = pl.concat(flat), pl.concat(evidence)
    if mark is not None:
        table = table.select(pl.lit(mark).alias("simulation"), pl.all())
        shown = shown.with_columns(pl.lit(mark).alias("simulation"))
    table.write_parquet(folder / "recommendations.parquet")
    write_csv(table, folder / "recommendations.csv")
    shown.write_parquet(folder / "evidence.parquet")


def write_table(run: Run, folder: Path) -> None:
    """Write `recommendations.csv` and `.parquet` without what only explanations tell, a piece at a time."""
    numbers = range(-(-len(run.explanations) // PIECE))
    pieces = [folder / f"recommendations-{number}.parquet" for number in numbers]
    with (folder / "recommendations.csv").open("wb") as file:
        empty = pl.DataFrame(schema=TABLE_SCHEMA)
        _safe(empty).write_csv(file, include_bom=True)
        for path, some in zip(pieces, _pieces(run, PIECE), strict=True):
            table = some.table()
            table.write_parquet(path)
            _safe(table).write_csv(file, include_header=False)
    whole = [empty.lazy(), *map(pl.scan_parquet, pieces)]
    pl.concat(whole).sink_parquet(folder / "recommendations.parquet")
    for path in pieces:
        path.unlink()


def _pieces(run: Run, size: int) -> Iterator[Explanations]:
    return (run.explanations[start : start + size] for start in range(0, len(run.explanations), size))


class _JsonWriter:
    """`recommendations.json`, a recommendation to a line, what the pack says of them at its end."""

    def __init__(self, file: BinaryIO, run: Run, mark: str | None) -> None:
        self._file, self._texts, self._before = file, SharedTexts(), b"\n"
        head = {
            "format": RECOMMENDATIONS_FORMAT,
            "fingerprint": run.fingerprint,
            "day": run.day.isoformat(),
            "pack": run.pack.name if mark is None else f"{run.pack.name} ({mark})",
        }
        told = json.dumps(head, ensure_ascii=False, indent=1).removesuffix("\n}")
        file.write(f'{told},\n "recommendations": ['.encode())

    def write(self, explanation: Explanation) -> None:
        """Write one recommendation."""
        row = self._texts.taken_from(_explanations().dump_python(explanation, mode="json"))
        self._file.write(self._before + to_json(row))
        self._before = b",\n"

    def end(self) -> None:
        """Write what all of them share."""
        self._file.write(b'\n],\n "texts": ' + to_json(self._texts.known) + b"\n}\n")


@cache
def _explanations() -> TypeAdapter[Explanation]:
    """Built when the first is written: it takes longer than all else that is imported here."""
    return TypeAdapter(Explanation)


def recommendations_schema() -> dict[str, object]:
    """The JSON Schema of `recommendations.json`, published in `docs/recommendations.schema.json`."""
    return with_shared_texts(Recommendations.model_json_schema(mode="serialization"))


def issues_frame(issues: Iterable[Issue]) -> pl.DataFrame:
    """The issues as a table of `ISSUE_COLUMNS`."""
    rows = ({name: getattr(issue, name) for name in ISSUE_COLUMNS} for issue in issues)
    return _frame(({**row, "severity": str(row["severity"])} for row in rows), ISSUE_COLUMNS)


def _frame(rows: Iterable[Mapping[str, object]], schema: Mapping[str, pl.DataType]) -> pl.DataFrame:
    """Rows as a table, column by column, which is several times faster than row by row."""
    known = list(rows)
    return pl.DataFrame({name: [row[name] for row in known] for name in schema}, schema=schema)


def write_csv(frame: pl.DataFrame, path: Path) -> None:
    """Write a table as CSV for spreadsheet programs: UTF-8 with a mark, lists joined, no text a formula."""
    _safe(frame).write_csv(path, include_bom=True)


def _safe(frame: pl.DataFrame) -> pl.DataFrame:
    joined = frame.with_columns(
        pl.col(name).list.join("; ") for name, kind in frame.schema.items() if isinstance(kind, pl.List)
    )
    return joined.with_columns(
        pl.when(pl.any_horizontal(pl.col(name).str.starts_with(start) for start in FORMULA_STARTS))
        .then("'" + pl.col(name))
        .otherwise(pl.col(name))
        .alias(name)
        for name, kind in joined.schema.items()
        if kind == pl.String
    )


def _told(explanation: Explanation) -> dict[str, object]:
    return {
        "reasons": explanation.reasons,
        "next_step": explanation.next_step,
        "lenses": [f"{lens.lens}: {lens.value}" for lens in explanation.lenses],
        "lens_findings": [finding for lens in explanation.lenses for finding in lens.findings],
        "distance": explanation.outlook.steps_to_next,
        "steps_to_ready_now": explanation.outlook.steps_to_ready_now,
        "open_questions": [one.sentence for one in explanation.questions],
    }


def _evidence_rows(explanations: Iterable[Explanation]) -> Iterator[dict[str, object]]:
    for one in explanations:
        for signal in one.evidence:
            yield {
                "employee_id": one.employee_id,
                "promotion": one.promotion,
                "signal": signal.signal,
                "importance": signal.importance,
                "bar": float(signal.bar),
                "manager_score": None if signal.manager_score is None else float(signal.manager_score),
                "self_score": None if signal.self_score is None else float(signal.self_score),
                "coverage": float(signal.coverage),
                "status": signal.status,
                "agreement": signal.agreement,
                "manager_cells": [str(used.manager_cell) for used in signal.ratings if used.manager_cell],
                "self_cells": [str(used.self_cell) for used in signal.ratings if used.self_cell],
                "manager_comments": [used.manager_comment for used in signal.ratings if used.manager_comment],
                "self_comments": [used.self_comment for used in signal.ratings if used.self_comment],
            }
