"""The search for what would change each recommendation, and its explanation, divided among processes."""

import pickle
from concurrent.futures import Executor
from functools import partial
from pathlib import Path

import polars as pl

from engine import MOST_KEPT, Assessment, Explanations, explain
from engine.outlook import search_outlooks, searched_frame
from engine.stored import read_assessment
from reports.run.background import Shared, Tell

SEARCHED = "searched.parquet"
PARTS = 4
"""A small run is searched in so many parts."""
LARGEST_PART = 500
"""Recommendations that are searched together."""

_known: dict[Path, tuple[Assessment, list[list[int]]]] = {}
"""The assessment of a folder and its parts, which a process searches one after the other."""


def search_shared(
    assessment: Assessment,
    executor: Executor | None,
    folder: Path,
    tell: Tell = lambda *_: None,
) -> pl.DataFrame:
    """What `search_outlooks` finds, as a table in the order of the recommendations; also written to
    `searched.parquet`.

    `folder` holds the assessment's columns, from which other processes read it. Where they take part, each
    explains what it has searched, unless that is more than is kept: see `take_explained`.
    """
    if executor is None or assessment.recommendations.is_empty():
        found = searched_frame(search_outlooks(assessment))
    else:
        parts = _parts(assessment)
        _known[folder] = assessment, parts
        work = partial(_search, folder)
        Shared(executor, folder / "taken", len(parts), work).finish(tell)
        del _known[folder]
        places = pl.Series([place for some in parts for place in some])
        paths = [_path(folder, part) for part in range(len(parts))]
        found = pl.concat([pl.read_parquet(path) for path in paths])[places.arg_sort()]
        for path in paths:
            path.unlink()
    found.write_parquet(folder / SEARCHED)
    return found


def read_searched(folder: Path) -> pl.DataFrame | None:
    """What was searched for the assessment of a folder; None where that is done when it is asked for."""
    path = folder / SEARCHED
    return pl.read_parquet(path) if path.exists() else None


def _search(folder: Path, part: int) -> None:
    if folder not in _known:
        _known.clear()
        assessment = read_assessment(folder)
        _known[folder] = assessment, _parts(assessment)
    assessment, parts = _known[folder]
    some = assessment.some(parts[part])
    found = searched_frame(search_outlooks(some))
    found.write_parquet(_path(folder, part))
    if assessment.recommendations.height <= MOST_KEPT:
        made = dict(zip(parts[part], explain(some, found), strict=True))
        _explained(folder, part).write_bytes(pickle.dumps(made, pickle.HIGHEST_PROTOCOL))


def take_explained(explanations: Explanations, folder: Path) -> None:
    """Have at hand what processes explained while they searched for the run that is being written there."""
    for path in folder.glob(_explained(folder, "*").name):
        explanations.keep(pickle.loads(path.read_bytes()))


def drop_explained(folder: Path) -> None:
    """Remove what `take_explained` reads."""
    for path in folder.glob(_explained(folder, "*").name):
        path.unlink()


def _explained(folder: Path, part: object) -> Path:
    return folder / f"explained-{part}.pickle"


def _path(folder: Path, part: int) -> Path:
    return folder / f"searched-{part}.parquet"


def _parts(assessment: Assessment) -> list[list[int]]:
    """Places of recommendations, those of a promotion together as far as may be: its people share work."""
    found = assessment.recommendations
    size = min(LARGEST_PART, -(-found.height // PARTS) or 1)
    order = found.with_row_index("place").sort("promotion", maintain_order=True)["place"].to_list()
    return [order[start : start + size] for start in range(0, len(order), size)]
