"""Explaining an assessment beside: some of its promotions there, the others here at the same time."""

from collections.abc import Collection
from dataclasses import replace

import polars as pl

from engine import Assessment, Explanation, explain
from reports.run.beside import Beside

WORK_OF_TRACK = 20
"""The work of one variant of a promotion, whoever is on it, is that of so many people."""


def explain_beside(assessment: Assessment, beside: Beside) -> tuple[Explanation, ...]:
    """What `engine.explain` returns. No promotion is divided: its people share most of the work."""
    here, there = _halves(assessment)
    if not there:
        return explain(assessment)
    theirs = beside.start(explain, _only(assessment, there))
    ours = explain(_only(assessment, here))
    found = {(one.person, one.promotion): one for one in (*ours, *theirs.result())}
    return tuple(found[key] for key in assessment.recommendations.select("person", "promotion").iter_rows())


def _halves(assessment: Assessment) -> tuple[list[str], list[str]]:
    """Promotions in two parts of about as much work; the second is never the larger, because what it comes to
    has to be brought here."""
    parts: tuple[list[str], list[str]] = ([], [])
    totals = [0, 0]
    for promotion, work in sorted(_work(assessment).items(), key=lambda one: (-one[1], one[0])):
        lesser = totals.index(min(totals))
        parts[lesser].append(promotion)
        totals[lesser] += work
    return parts if totals[0] >= totals[1] else (parts[1], parts[0])


def _work(assessment: Assessment) -> dict[str, int]:
    """By promotion that somebody is assessed for, how much work it is, in people."""
    work: dict[str, int] = {}
    for promotion in assessment.pack.promotions:
        for _, places in assessment.by_variant(promotion):
            work[promotion.id] = work.get(promotion.id, 0) + WORK_OF_TRACK + places.len()
    return work


def _only(assessment: Assessment, promotions: Collection[str]) -> Assessment:
    kept = assessment.recommendations.filter(pl.col("promotion").is_in(promotions))
    return replace(assessment, recommendations=kept)
