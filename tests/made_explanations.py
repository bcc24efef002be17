"""Explanations that a test has changed, in place of those that are made from columns."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

import polars as pl

from engine import Explanation, Explanations
from engine.explain import SignalCase
from rules.pack import BANDS, Band


class MadeExplanations(Explanations):
    """A few explanations that are at hand."""

    def __init__(self, explanations: Iterable[Explanation] = ()) -> None:
        object.__setattr__(self, "_made", tuple(explanations))

    _made: tuple[Explanation, ...]

    def __len__(self) -> int:
        return len(self._made)

    def __getitem__(self, index):  # type: ignore[no-untyped-def,override]
        return MadeExplanations(self._made[index]) if isinstance(index, slice) else self._made[index]

    def __iter__(self) -> Iterator[Explanation]:
        return iter(self._made)

    def at(self, places: Sequence[int]) -> "MadeExplanations":
        return MadeExplanations(self._made[place] for place in places)

    def make(self, parts: Sequence[Explanations]) -> None:
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

    @property
    def people(self) -> pl.DataFrame:  # type: ignore[override]
        known = {name: [getattr(one, name) for one in self._made] for name in ("person", "employee_id")}
        return pl.DataFrame(known, schema={"person": pl.UInt32, "employee_id": pl.String})
