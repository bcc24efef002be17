"""Explanations that a test has changed, in place of those that are made from columns."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property

import polars as pl

from engine import Explanation, Explanations
from engine.explain import SignalCase
from engine.explain.notable import NOTABLE_SCHEMA
from inputs import RATERS, OwnScale, Rater, comment_column, rating_column
from reports.workbook.agenda_items import ALIKE
from rules.pack import BANDS, Band


def _notable(one: Explanation) -> dict[str, object]:
    core = [signal for signal in one.evidence if signal.importance == "core"]
    opposite = [
        signal
        for signal in core
        if signal.self_score is not None and signal.manager_score is not None
        if signal.status != "unrated" and signal.agreement != "aligned"
        if (signal.status == "met") != (signal.self_score >= signal.bar)
    ]
    return {
        "core": len(core),
        "opposite": len(opposite),
        "unrated": sum(signal.status == "unrated" for signal in core),
        "tenure": one.tenure,
        "alike": any(question.kind in ALIKE for question in one.questions),
    }


class MadeExplanations(Explanations):
    """A few explanations that are at hand."""

    def __init__(self, explanations: Iterable[Explanation] = ()) -> None:
        object.__setattr__(self, "_made", tuple(explanations))

    _made: tuple[Explanation, ...]

    @property
    def scales(self) -> dict[Rater, OwnScale]:
        return {}

    @cached_property
    def columns(self) -> frozenset[str]:
        return frozenset(
            column
            for one in self._made
            for signal in one.evidence
            for used in signal.ratings
            for rater in RATERS
            for rating in [rating_column(used.competency, rater)]
            for column in (rating, comment_column(rating))
        )

    def __len__(self) -> int:
        return len(self._made)

    def __getitem__(self, index):  # type: ignore[no-untyped-def,override]
        return MadeExplanations(self._made[index]) if isinstance(index, slice) else self._made[index]

    def __iter__(self) -> Iterator[Explanation]:
        return iter(self._made)

    def at(self, places: Sequence[int]) -> "MadeExplanations":
        return MadeExplanations(self._made[place] for place in places)

    def joined(self, parts: Sequence[Explanations]) -> "MadeExplanations":
        return MadeExplanations(one for part in parts for one in part)

    def make(self) -> None:
        """They are made."""

    def chosen(self, wanted: pl.Series) -> "MadeExplanations":
        return self.at(wanted.arg_true().to_list())

    @property
    def recommendations(self) -> tuple[Explanation, ...]:  # type: ignore[override]
        return self._made

    def bands(self) -> dict[Band, int]:
        counts = Counter(one.recommendation for one in self._made)
        return {band: counts[band] for band in BANDS}

    def signal_counts(self) -> Counter[SignalCase]:
        return Counter(
            (one.promotion, signal.signal, signal.status, signal.agreement)
            for one in self._made
            for signal in one.evidence
        )

    def notable(self) -> pl.DataFrame:
        return pl.DataFrame([_notable(one) for one in self._made], schema=NOTABLE_SCHEMA)

    @property
    def people(self) -> pl.DataFrame:  # type: ignore[override]
        known = {name: [getattr(one, name) for one in self._made] for name in ("person", "employee_id")}
        frame = pl.DataFrame(known, schema={"person": pl.UInt32, "employee_id": pl.String})
        return frame.with_columns(level_since=pl.lit(None, pl.Date))
