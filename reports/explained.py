"""Explaining an assessment beside: some of its promotions there, the others here at the same time."""

from collections.abc import Collection
from dataclasses import replace

import polars as pl

from engine import Assessment, Explanation, explain
from reports.beside import Beside


def explain_beside(assessment: Assessment, beside: Beside) -> tuple[Explanation, ...]:
    """What `engine.explain` returns. No promotion is divided: its people share most of the work."""
    here, there = _halves(assessment)
    if not there:
        return explain(assessment)
    theirs = beside.start(explain, _only(assessment, there))
    ours = explain(_only(assessment, here))
    found = {(one.person, one.transition): one for one in (*ours, *theirs.result())}
    return tuple(found[key] for key in assessment.recommendations.select("person", "transition").iter_rows())


def _halves(assessment: Assessment) -> tuple[list[str], list[str]]:
    """Promotions in two parts of about as many people; the second is never the larger, because what it
    comes to has to be brought here."""
    sizes = assessment.recommendations["transition"].value_counts(sort=True)
    parts: tuple[list[str], list[str]] = ([], [])
    totals = [0, 0]
    for promotion, size in sorted(sizes.iter_rows(), key=lambda row: (-row[1], row[0])):
        lesser = totals.index(min(totals))
        parts[lesser].append(promotion)
        totals[lesser] += size
    return parts if totals[0] >= totals[1] else (parts[1], parts[0])


def _only(assessment: Assessment, promotions: Collection[str]) -> Assessment:
    kept = assessment.recommendations.filter(pl.col("transition").is_in(promotions))
    return replace(assessment, recommendations=kept)
