"""The search for what would change each recommendation, divided among processes."""

from collections.abc import Iterator
from concurrent.futures import Executor
from pathlib import Path

import polars as pl

from engine import Assessment
from engine.outlook import search_outlooks, searched_frame
from engine.stored import read_assessment
from reports.run.background import Task, begin

SEARCHED = "searched.parquet"
PARTS = 4
"""A small run is searched in so many parts."""
AHEAD = 2
"""Parts that are handed over at a time: one to do, one to go on with. The others are done here meanwhile."""
LARGEST_PART = 500
"""Recommendations that are searched together."""

_known: dict[Path, Assessment] = {}
"""The assessment of a folder, for the parts of it that a process searches one after the other."""


def search_shared(assessment: Assessment, executor: Executor | None, folder: Path) -> pl.DataFrame:
    """What `search_outlooks` finds, as a table in the order of the recommendations; also written to
    `searched.parquet`.

    `folder` holds the assessment's columns, from which other processes read it.
    """
    if executor is None or assessment.recommendations.is_empty():
        found = searched_frame(search_outlooks(assessment))
    else:
        _known[folder] = assessment
        parts = {folder / f"searched-{n}.parquet": some for n, some in enumerate(_parts(assessment))}
        given: list[Task[None]] = []
        for path, some in parts.items():
            if sum(not task.done for task in given) < AHEAD:
                given.append(begin(executor, _search_into, path, folder, some))
            else:
                _search_into(path, folder, some)
        for task in given:
            task()
        del _known[folder]
        places = pl.Series([place for some in parts.values() for place in some])
        found = pl.concat([pl.read_parquet(path) for path in parts])[places.arg_sort()]
        for path in parts:
            path.unlink()
    found.write_parquet(folder / SEARCHED)
    return found


def read_searched(folder: Path) -> pl.DataFrame | None:
    """What was searched for the assessment of a folder; None where that is done when it is asked for."""
    path = folder / SEARCHED
    return pl.read_parquet(path) if path.exists() else None


def _search_into(path: Path, folder: Path, places: list[int]) -> None:
    if folder not in _known:
        _known.clear()
        _known[folder] = read_assessment(folder)
    searched_frame(search_outlooks(_known[folder].some(places))).write_parquet(path)


def _parts(assessment: Assessment) -> Iterator[list[int]]:
    """Places of recommendations, those of a promotion together as far as may be: its people share work."""
    found = assessment.recommendations
    size = min(LARGEST_PART, -(-found.height // PARTS) or 1)
    order = found.with_row_index("place").sort("promotion", maintain_order=True)["place"].to_list()
    return (order[start : start + size] for start in range(0, len(order), size))
