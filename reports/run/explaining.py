"""Explaining an assessment: some of its promotions in another process, the others here at the same time."""

import pickle
from concurrent.futures import Executor
from pathlib import Path

from engine import Assessment, Explanation, explain
from reports.run.background import begin

WORK_OF_VARIANT = 20
"""The work of one variant of a promotion, whoever is on it, is that of so many people."""


def explain_shared(
    assessment: Assessment, executor: Executor | None, folder: Path
) -> tuple[Explanation, ...]:
    """What `engine.explain` returns. No promotion is divided: its people share most of the work.

    `folder` is room for a file that is gone in the end.
    """
    here, there = _halves(assessment)
    if executor is None or not there:
        return explain(assessment)
    answer = folder / "explanations.pickle"
    theirs = begin(executor, _explain_into, answer, assessment.only(there))
    ours = explain(assessment.only(here))
    theirs()
    found = {(one.person, one.promotion): one for one in (*ours, *pickle.loads(answer.read_bytes()))}
    answer.unlink()
    return tuple(found[key] for key in assessment.recommendations.select("person", "promotion").iter_rows())


def _explain_into(path: Path, assessment: Assessment) -> None:
    path.write_bytes(pickle.dumps(explain(assessment), pickle.HIGHEST_PROTOCOL))


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
            work[promotion.id] = work.get(promotion.id, 0) + WORK_OF_VARIANT + places.len()
    return work
