"""`assess --only-data`: the columns and a table of the recommendations, for very many people."""

from pathlib import Path

import polars as pl
import pytest

from reports.run import data
from tests.command_line import call, succeeded
from tests.sample_run import write_few

OPTIONS = ("--as-of", "2026-06-30")
TOLD = ("reasons", "next_step", "lenses", "lens_findings", "distance", "steps_to_ready_now", "open_questions")


def run(*arguments: object) -> str:
    ran = succeeded(*arguments)
    return ran.output


@pytest.fixture(scope="module")
def few(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_few(tmp_path_factory.mktemp("few") / "few.xlsx")


@pytest.fixture(scope="module")
def whole(few: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("whole") / "results"
    run("assess", few, "--out", out, *OPTIONS)
    return out


@pytest.fixture(scope="module")
def slim(few: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """In pieces, as a large run is written."""
    out = tmp_path_factory.mktemp("slim") / "results"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(data, "PIECE", 30)
        run("assess", few, "--out", out, *OPTIONS, "--only-data")
    return out


def test_there_are_columns_and_tables_and_nothing_to_look_at(slim: Path) -> None:
    assert sorted(path.name for path in slim.iterdir()) == [
        *("columns", "context.json", "files.json", "issues.csv", "issues.xlsx"),
        *("recommendations.csv", "recommendations.parquet", "run.json", "timings.json"),
    ]
    assert not (slim / "columns" / "searched.parquet").exists()


def test_the_tables_are_those_of_a_whole_run_without_what_only_an_explanation_tells(
    slim: Path, whole: Path
) -> None:
    expected = pl.read_parquet(whole / "recommendations.parquet").drop(TOLD)
    assert pl.read_parquet(slim / "recommendations.parquet").equals(expected)
    texts = pl.read_csv(whole / "recommendations.csv", infer_schema=False).drop(TOLD)
    assert pl.read_csv(slim / "recommendations.csv", infer_schema=False).equals(texts)
    for name in ("run.json", "issues.csv", "columns/recommendations.parquet", "columns/outcomes.parquet"):
        assert (slim / name).read_bytes() == (whole / name).read_bytes()


@pytest.mark.parametrize("employee_id", ["E10001", "E10017"])
def test_one_person_is_explained_as_in_a_whole_run(slim: Path, whole: Path, employee_id: str) -> None:
    assert run("explain", slim, employee_id) == run("explain", whole, employee_id)


def test_what_it_leaves_out_is_refused(few: Path, tmp_path: Path) -> None:
    told = ["assess", str(few), "--out", str(tmp_path / "out"), "--only-data", "--people"]
    answer = call(*told)
    assert answer.exit_code == 2
    assert "--only-data leaves out the workbook, the pages" in answer.output
