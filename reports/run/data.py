"""The data files of a run: recommendations, evidence and issues for programs, and reading them back."""

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import polars as pl
from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic_core import to_json

from engine.words import Explanation, SignalEvidence
from inputs import InputError, Issue
from reports.run.replacing import require_settled
from reports.run.shared_texts import compact, inflate, with_shared_texts
from reports.shown.formula_texts import FORMULA_STARTS

_ROWS = ',\n "recommendations": [\n'
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


def write_recommendations(explanations: Sequence[Explanation], folder: Path, about: Recommendations) -> None:
    """Write `recommendations.csv`, `.parquet` and `.json`."""
    frame = recommendations_frame(explanations)
    frame.write_parquet(folder / "recommendations.parquet")
    write_csv(frame, folder / "recommendations.csv")
    write_json_recommendations(about, folder / "recommendations.json")


def write_json_recommendations(about: Recommendations, path: Path) -> None:
    """Write `recommendations.json`: one recommendation to a line."""
    whole = compact(about.model_dump(mode="json"))
    rows = whole.pop("recommendations")
    head = json.dumps(whole, ensure_ascii=False, indent=1).removesuffix("\n}")
    lines = (to_json(row).decode() for row in rows)
    path.write_text(_whole(head, lines), encoding="utf-8", newline="\n")


def recommendations_schema() -> dict[str, object]:
    """The JSON Schema of `recommendations.json`, published in `docs/recommendations.schema.json`."""
    return with_shared_texts(Recommendations.model_json_schema(mode="serialization"))


def read_recommendations(folder: Path, employee_id: str | None = None) -> Recommendations:
    """Read `recommendations.json` of a run, or of it what is known of one person, which is far quicker.

    Raises `InputError` when the folder is not a run of this version.
    """
    require_settled(folder)
    path = folder / "recommendations.json"
    if not path.is_file():
        raise InputError(
            f"{folder} is not the folder of a run: it has no recommendations.json; "
            "give the folder that `readiness assess --out` wrote"
        )
    try:
        text = path.read_text(encoding="utf-8")
        chosen = text if employee_id is None else _of_one_person(text, employee_id)
        read = Recommendations.model_validate(inflate(json.loads(chosen)))
    except (ValidationError, ValueError, KeyError, TypeError) as error:
        raise InputError(
            f"{path} cannot be read as the recommendations of this version; run `readiness assess` again"
        ) from error
    if read.format != RECOMMENDATIONS_FORMAT:
        raise InputError(f"{path} is of format {read.format}; this version reads {RECOMMENDATIONS_FORMAT}")
    return read


def _of_one_person(text: str, employee_id: str) -> str:
    """The file without the other people: each recommendation is on a line of its own."""
    head, found, rows = text.partition(_ROWS)
    if not found:
        return text
    own = f'"employee_id":{json.dumps(employee_id, ensure_ascii=False)}'
    chosen = [row.removesuffix(",") for row in rows.removesuffix("\n]}\n").split("\n") if own in row]
    return _whole(head, chosen)


def _whole(head: str, rows: Iterable[str]) -> str:
    lines = ",\n".join(rows)
    return f"{head}{_ROWS}{lines}\n]}}\n"


def recommendations_frame(explanations: Iterable[Explanation]) -> pl.DataFrame:
    """The recommendations as a table of `FLAT_COLUMNS`."""
    return _frame((_flat(explanation) for explanation in explanations), FLAT_COLUMNS)


def evidence_frame(explanations: Iterable[Explanation]) -> pl.DataFrame:
    """The evidence as a table of `EVIDENCE_COLUMNS`."""
    rows = (
        _evidence_row(explanation, signal) for explanation in explanations for signal in explanation.evidence
    )
    return _frame(rows, EVIDENCE_COLUMNS)


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
