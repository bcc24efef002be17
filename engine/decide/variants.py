"""Variants: a promotion as people of one specialisation are asked for it.

A specialisation may override single signals (`rules.pack.SignalOverride`). The rules, and what they can tell
apart, are those of the promotion; only the bars, weights and importance of its signals differ. Whoever's
specialisation overrides nothing is asked for the promotion as the pack has it.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import polars as pl

from rules.pack import Promotion, RulePack, Signal, SignalOverride, Specialisation


@dataclass(frozen=True)
class Variant:
    """One promotion as one specialisation asks for it."""

    base: Promotion
    """As the pack has it."""
    promotion: Promotion
    """With the signals as the specialisation asks for them."""
    specialisation: Specialisation | None
    """None for everybody whose specialisation asks nothing differently."""

    @property
    def name(self) -> str | None:
        """The id of the specialisation."""
        return None if self.specialisation is None else self.specialisation.id

    @property
    def changed(self) -> Iterator[tuple[Signal, Signal, SignalOverride]]:
        """The signals that the specialisation overrides: as the pack has them, as they are here, and the
        override."""
        asked = {} if self.specialisation is None else self.specialisation.overrides_on(self.base)
        for before, after in zip(self.base.signals, self.promotion.signals, strict=True):
            if before.id in asked:
                yield before, after, asked[before.id]


def variants_of(pack: RulePack, promotion: Promotion) -> tuple[Variant, ...]:
    """The promotion as the pack has it, then one for each specialisation that overrides a signal."""
    special = [_special(promotion, one) for one in pack.specialisations if one.overrides_on(promotion)]
    return (Variant(promotion, promotion, None), *special)


def by_variant(
    pack: RulePack, promotion: Promotion, specialisations: pl.Series
) -> Iterator[tuple[Variant, pl.Series]]:
    """Every variant that somebody is asked for, with the places (UInt32) of its people, in order; for
    nobody at all the promotion's own.

    `specialisations` are the ids of each person's specialisation, null for none.
    """
    variants = variants_of(pack, promotion)
    number = {variant.name: n for n, variant in enumerate(variants) if n}
    chosen = specialisations.replace_strict(number, default=0, return_dtype=pl.UInt32).to_numpy()
    for n, variant in enumerate(variants):
        places = np.flatnonzero(chosen == n)
        if len(places) or (n == 0 and not len(chosen)):
            yield variant, pl.Series(places, dtype=pl.UInt32)


def _special(promotion: Promotion, specialisation: Specialisation) -> Variant:
    asked = specialisation.overrides_on(promotion)
    signals = tuple(
        asked[signal.id].applied_to(signal) if signal.id in asked else signal for signal in promotion.signals
    )
    return Variant(promotion, promotion.model_copy(update={"signals": signals}), specialisation)
