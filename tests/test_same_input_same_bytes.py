"""Two runs on the same input give the same bytes, and their counts add up."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from tests.folders import results
from tests.sample_run import sample, write_few

PEOPLE = 60
"""The only file of a run that may differ."""


def assess(ratings: Path, out: Path, hash_seed: str, threads: str) -> Path:
    """Run the command in a process of its own, in another folder, with another order of sets, and with other
    threads."""
    out.parent.mkdir()
    command = [sys.executable, "-m", "readiness", "assess", str(ratings), "--out", str(out)]
    environment = {"PYTHONHASHSEED": hash_seed, "POLARS_MAX_THREADS": threads}
    subprocess.run(
        [*command, "--as-of", "2026-06-30"],
        cwd=out.parent,
        env=os.environ | environment | {"PYTHONPATH": str(Path(__file__).parents[1])},
        check=True,
        capture_output=True,
        timeout=300,
    )
    return out


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    folder = tmp_path_factory.mktemp("runs")
    few = write_few(folder / "few.xlsx", PEOPLE)
    return (
        assess(few, folder / "one" / "result", hash_seed="1", threads="1"),
        assess(few, folder / "other" / "result", hash_seed="2", threads="4"),
    )


def said_of(run: Path) -> dict[str, Any]:
    described: dict[str, Any] = json.loads((run / "run.json").read_text(encoding="utf-8"))
    return described


def test_two_runs_are_byte_identical(runs: tuple[Path, Path]) -> None:
    one, other = (results(run) for run in runs)
    assert one.keys() == other.keys()
    assert len(one) >= 8
    assert [name for name in one if one[name] != other[name]] == []


def test_everybody_in_the_file_is_recommended_or_listed(runs: tuple[Path, Path]) -> None:
    counts = said_of(runs[0])["counts"]
    people = pl.read_parquet(runs[0] / "recommendations.parquet")["employee_id"].n_unique()
    assert counts["people_in_file"] == counts["people_recommended"] + counts["people_not_assessable"]
    assert counts["people_in_file"] == PEOPLE
    assert people == counts["people_recommended"]


def test_all_data_files_hold_the_same_recommendations(runs: tuple[Path, Path]) -> None:
    parquet = pl.read_parquet(runs[0] / "recommendations.parquet")
    csv = pl.read_csv(runs[0] / "recommendations.csv", infer_schema=False)
    listed = json.loads((runs[0] / "recommendations.json").read_text(encoding="utf-8"))
    rows = next(value for value in listed.values() if isinstance(value, list))
    key = ["employee_id", "promotion", "recommendation", "confidence"]
    wanted = parquet.select(pl.col(key).cast(pl.String)).rows()
    assert csv.select(key).rows() == wanted
    assert [tuple(row[name] for name in key) for row in rows] == wanted


def test_every_band_has_its_share_of_the_sample() -> None:
    counts = sample().explanations.bands()
    shares = {band: count / sum(counts.values()) for band, count in counts.items()}
    assert set(shares) == {"ready_now", "ready_soon", "developing", "insufficient_evidence"}
    assert all(0.08 < share < 0.62 for share in shares.values()), shares
