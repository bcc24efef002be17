"""What a specialisation asks differently of a promotion's signals, in words."""

from collections.abc import Iterator
from fractions import Fraction

from engine.decide.variants import Variant
from engine.phrases import join, number, percent
from engine.words.explanation import OverriddenSignal
from rules.pack import RulePack, Signal


def signal_overrides(pack: RulePack, variant: Variant) -> tuple[OverriddenSignal, ...]:
    """One for each signal that the variant changes, in the order of the promotion's signals."""
    if variant.specialisation is None:
        return ()
    return tuple(
        OverriddenSignal(
            signal=after.id,
            title=after.title,
            sentence=" ".join(_differences(pack, variant, before, after)),
            reason=asked.reason,
            cite=variant.specialisation.cite,
        )
        for before, after, asked in variant.changed
    )


def _differences(pack: RulePack, variant: Variant, before: Signal, after: Signal) -> Iterator[str]:
    if after.importance != before.importance:
        yield f"Counts as {after.importance}, not as {before.importance}."
    bars = [pack.bar_of(variant.base, before), pack.bar_of(variant.promotion, after)]
    if bars[0] != bars[1]:
        yield f"The bar is {number(bars[1])}, not {number(bars[0])}."
    if _shares(after) != _shares(before):
        yield join(list(_heavier(pack, before, after))) + "."


def _heavier(pack: RulePack, before: Signal, after: Signal) -> Iterator[str]:
    """The competencies that count for more than they do elsewhere; the others make room for them."""
    usual, here = _shares(before), _shares(after)
    for name, share in here.items():
        if share > usual.get(name, 0):
            title = pack.competency(name).title
            yield f"{title} counts for {percent(share)}, not {percent(usual.get(name, Fraction(0)))}"


def _shares(signal: Signal) -> dict[str, Fraction]:
    whole = sum(signal.weights.values())
    return {name: Fraction(weight, whole) for name, weight in signal.weights.items()}
