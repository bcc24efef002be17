"""Tracks: a promotion as people of one speciality walk it.

A speciality may ask for some signs differently (`rules.pack.Emphasis`). The rules, and what they can tell
apart, are those of the promotion; only the bars, weights and importance of its signs differ. Whoever's
speciality asks nothing differently is on the promotion's own track.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import polars as pl

from rules.pack import Emphasis, RulePack, Signal, Speciality, Transition
from rules.spelling import plain


@dataclass(frozen=True)
class Track:
    """One way through a promotion."""

    promotion: Transition
    """As the pack has it."""
    transition: Transition
    """With the signs as the speciality asks for them."""
    speciality: Speciality | None
    """None for everybody whose speciality asks nothing differently."""

    @property
    def changed(self) -> Iterator[tuple[Signal, Signal, Emphasis]]:
        """The signs that the speciality asks for differently: as the promotion has them, as they are here,
        and what was asked."""
        asked = {} if self.speciality is None else self.speciality.emphases_on(self.promotion)
        for before, after in zip(self.promotion.signals, self.transition.signals, strict=True):
            if before.id in asked:
                yield before, after, asked[before.id]


def tracks_of(pack: RulePack, promotion: Transition) -> tuple[Track, ...]:
    """The promotion's own track, then one for each speciality that asks for something else."""
    special = [_special(promotion, one) for one in pack.specialities if one.emphases_on(promotion)]
    return (Track(promotion, promotion, None), *special)


def on_tracks(pack: RulePack, promotion: Transition, written: pl.Series) -> Iterator[tuple[Track, pl.Series]]:
    """Every track that somebody is on, with the places (UInt32) of its people, in order; for nobody at all
    the promotion's own.

    `written` is the speciality of each person as the sheet has it.
    """
    tracks = tracks_of(pack, promotion)
    number = {track.speciality.id: n for n, track in enumerate(tracks) if track.speciality is not None}
    known = {name: speciality_of(pack, name) for name in written.unique().drop_nulls()}
    of_name = {name: number.get(one.id, 0) for name, one in known.items() if one is not None}
    chosen = written.replace_strict(of_name, default=0, return_dtype=pl.UInt32).to_numpy()
    for n, track in enumerate(tracks):
        places = np.flatnonzero(chosen == n)
        if len(places) or (n == 0 and not len(chosen)):
            yield track, pl.Series(places, dtype=pl.UInt32)


def speciality_of(pack: RulePack, written: str | None) -> Speciality | None:
    """The pack's speciality of this name, id or alias, whatever its case; None when there is none."""
    if written is None:
        return None
    for speciality in pack.specialities:
        names = (speciality.id, speciality.title, *speciality.aliases)
        if plain(written) in {plain(name) for name in names}:
            return speciality
    return None


def _special(promotion: Transition, speciality: Speciality) -> Track:
    asked = speciality.emphases_on(promotion)
    signals = tuple(
        asked[signal.id].applied_to(signal) if signal.id in asked else signal for signal in promotion.signals
    )
    return Track(promotion, promotion.model_copy(update={"signals": signals}), speciality)
