"""What a speciality asks differently of a promotion's signs, in words."""

from collections.abc import Iterator

from engine.explanation import Adjustment
from engine.sentences import join
from engine.tracks import Track
from rules.pack import RulePack, Signal


def adjustments(pack: RulePack, track: Track) -> tuple[Adjustment, ...]:
    """One for each sign that the track changes, in the order of the promotion's signs."""
    if track.speciality is None:
        return ()
    return tuple(
        Adjustment(
            signal=after.id,
            title=after.title,
            sentence=" ".join(_differences(pack, track, before, after)),
            reason=asked.reason,
            cite=track.speciality.cite,
        )
        for before, after, asked in track.changed
    )


def _differences(pack: RulePack, track: Track, before: Signal, after: Signal) -> Iterator[str]:
    if after.importance != before.importance:
        yield f"Counts as {after.importance}, not as {before.importance}."
    bars = [pack.bar_of(track.promotion, before), pack.bar_of(track.transition, after)]
    if bars[0] != bars[1]:
        yield f"The bar is {_plain(bars[1])}, not {_plain(bars[0])}."
    if after.competencies != before.competencies:
        yield f"Weighs {_weights(pack, after)}, not {_weights(pack, before)}."


def _weights(pack: RulePack, signal: Signal) -> str:
    return join([f"{pack.competency(name).title} {_plain(n)}" for name, n in signal.competencies.items()])


def _plain(number: object) -> str:
    return f"{float(str(number)):g}"
