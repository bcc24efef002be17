"""The data files of a run for other programs: recommendations, evidence and issues."""

import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import BinaryIO

import polars as pl
from pydantic import BaseModel, ConfigDict, TypeAdapter
from pydantic_core import to_json

from engine.words import Explanation, SignalEvidence
from inputs import Issue
from reports.run.shared_texts import SharedTexts, with_shared_texts
from reports.shown.content import Run
from reports.shown.formula_texts import FORMULA_STARTS

AT_ONCE = 1_000
"""Explanations whose rows are put into a table at once."""
RECOMMENDATIONS_FORMAT = "promotion-readiness/recommendations/1"

FLAT_COLUMNS: dict[str, pl.DataType] = {
    "employee_id": pl.String(),
    "employee_name": pl.String(),
    "manager_id": pl.String(),
    "manager_name": pl.String(),
    "department": pl.String(),
    "level": pl.String(),
    "promotion": pl.String(),
    "next_level": pl.String(),
    "recommendation": pl.String(),
    "confidence": pl.String(),
    "findings": pl.List(pl.String()),
    "rules": pl.List(pl.String()),  # codes in the order in which they fired
    "reasons": pl.List(pl.String()),
    "missing": pl.List(pl.String()),
    "next_step": pl.String(),
    "months_in_level": pl.Int32(),
    "experience_years": pl.Float64(),
    "tenure": pl.String(),
    "lenses": pl.List(pl.String()),  # `altitude: planning`, the lens and its value
    "lens_findings": pl.List(pl.String()),
    "specialisation": pl.String(),
    "asked_differently": pl.List(pl.String()),  # the signal and what its specialisation asks of it
    "kind": pl.String(),  # of insufficient evidence: too_new, earlier_level, fact_missing, cannot_be_told
    "worst_band": pl.String(),  # whatever the missing ratings are, no worse than this
    "best_band": pl.String(),  # nor better than this
    "firm_in": pl.Int32(),  # in how many of 64 plausible re-ratings the band stays
    "distance": pl.Int32(),  # the fewest rating steps to the next better band
    "steps_to_ready_now": pl.Int32(),
    "review_date": pl.Date(),
    "observed_months": pl.Int32(),  # in the level, up to the review
    "lowest_ratings": pl.List(pl.String()),  # titles of competencies with the lowest rating of the scale
    "open_questions": pl.List(pl.String()),
}
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

    model_config = ConfigDict(extra="forbid")

    format: str
    fingerprint: str
    day: str
    pack: str
    recommendations: tuple[Explanation, ...]


def write_recommendations(run: Run, folder: Path, mark: str | None = None) -> None:
    """Write `recommendations.csv`, `.parquet` and `.json` and `evidence.parquet`, everybody explained once.

    With a `mark`, all of them say that they are of a simulation.
    """
    flat, evidence = list[pl.DataFrame](), list[pl.DataFrame]()
    with (folder / "recommendations.json").open("wb") as file:
        writer = _JsonWriter(file, run, mark)
        for start in range(0, len(run.explanations), AT_ONCE):
            some = run.explanations[start : start + AT_ONCE]
            flat.append(_frame(map(_flat, some), FLAT_COLUMNS))
            evidence.append(_frame(_evidence_rows(some), EVIDENCE_COLUMNS))
            for one in some:
                writer.write(one)
        writer.end()
    table = pl.concat([pl.DataFrame(schema=FLAT_COLUMNS), *flat])
    if mark is not None:
        table = table.select(pl.lit(mark).alias("simulation"), pl.all())
    table.write_parquet(folder / "recommendations.parquet")
    write_csv(table, folder / "recommendations.csv")
    shown = pl.concat([pl.DataFrame(schema=EVIDENCE_COLUMNS), *evidence])
    if mark is not None:
        shown = shown.with_columns(pl.lit(mark).alias("simulation"))
    shown.write_parquet(folder / "evidence.parquet")


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
        row = self._texts.taken_from(_EXPLANATION.dump_python(explanation, mode="json"))
        self._file.write(self._before + to_json(row))
        self._before = b",\n"

    def end(self) -> None:
        """Write what all of them share."""
        self._file.write(b'\n],\n "texts": ' + to_json(self._texts.known) + b"\n}\n")


_EXPLANATION = TypeAdapter(Explanation)


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
    joined = frame.with_columns(
        pl.col(name).list.join("; ") for name, kind in frame.schema.items() if isinstance(kind, pl.List)
    )
    safe = joined.with_columns(
        pl.when(pl.any_horizontal(pl.col(name).str.starts_with(start) for start in FORMULA_STARTS))
        .then("'" + pl.col(name))
        .otherwise(pl.col(name))
        .alias(name)
        for name, kind in joined.schema.items()
        if kind == pl.String
    )
    safe.write_csv(path, include_bom=True)


_DERIVED = (
    *("lenses", "lens_findings", "asked_differently"),
    *("distance", "steps_to_ready_now", "lowest_ratings", "open_questions"),
)
"""Columns that are made for the table, and are not a field of an explanation."""


def _flat(explanation: Explanation) -> dict[str, object]:
    row = {name: getattr(explanation, name) for name in FLAT_COLUMNS if name not in _DERIVED}
    years = explanation.experience_years
    return {
        **row,
        "rules": [rule.code for rule in explanation.rules],
        "experience_years": None if years is None else float(years),
        "lenses": [f"{lens.lens}: {lens.value}" for lens in explanation.lenses],
        "lens_findings": [finding for lens in explanation.lenses for finding in lens.findings],
        "asked_differently": [f"{one.title}: {one.sentence}" for one in explanation.adjustments],
        "distance": explanation.outlook.steps_to_next,
        "steps_to_ready_now": explanation.outlook.steps_to_ready_now,
        "lowest_ratings": [one.competency_title for one in explanation.lowest],
        "open_questions": [one.sentence for one in explanation.questions],
    }


def _evidence_rows(explanations: Iterable[Explanation]) -> Iterator[dict[str, object]]:
    return (_evidence_row(one, signal) for one in explanations for signal in one.evidence)


def _evidence_row(explanation: Explanation, signal: SignalEvidence) -> dict[str, object]:
    return {
        "employee_id": explanation.employee_id,
        "promotion": explanation.promotion,
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
