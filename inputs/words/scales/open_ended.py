"""Ratings beside rules of which nobody has said at which rating their scale ends."""

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from json import dumps

from inputs.words.scales.kinds import NumberScale, PercentScale, RaterScale, ScaleChoice, WordScale
from inputs.words.scales.seen import Unscaled
from inputs.words.written_ratings import TEN_THOUSANDTHS


def as_rules_count(of: Unscaled, choice: ScaleChoice) -> ScaleChoice:
    """The choice, read as the rules may count: a 4 is a 4. Where they cannot be on the same scale it is asked
    on which they are: where they end is a guess, and no place to stretch ratings to."""
    pack, scale = of.pack, choice.scale
    if pack.known_up_to is None or choice.question or scale == of.usual or _is_of_rules(of, scale):
        return choice
    top = _top(scale, pack.lowest)
    if top is None or not pack.known_up_to <= top <= pack.highest:
        return _ask(of, scale)
    if isinstance(scale, WordScale):
        share = Fraction(top - pack.lowest) / Fraction(pack.highest - pack.lowest)
        lowest = Fraction(pack.lowest)
        scale = replace(
            scale, points={word: lowest + (at - lowest) * share for word, at in scale.points.items()}
        )
        note = f"Ratings {of.by} are words and were read as {scale}, from {pack.lowest} to {top}."
    else:
        scale, note = of.usual, f"Ratings {of.by} are {scale}, and were read as they are."
    return replace(choice, scale=scale, note=f"{note} The rule pack does not say where its scale ends.")


def way_out_beyond(of: Unscaled) -> str:
    """What else there is to do where ratings go beyond the end of the rules' scale, and that is a guess."""
    if of.pack.known_up_to is None:
        return ""
    seen = Decimal(of.seen.highest or 0) / TEN_THOUSANDTHS
    again = _again(of, NumberScale(of.pack.lowest, max(map(Decimal, of.seen.tops), default=seen)))
    return f" {_A_GUESS}: if it is that of these ratings, {again}."


def way_out_below(of: Unscaled) -> str:
    """What else there is to do where no rating reaches that end."""
    return "" if of.pack.known_up_to is None else f" {_A_GUESS}: if it is not there, {_again(of, of.usual)}."


_A_GUESS = "Where the rules' scale ends was a guess"


def _is_of_rules(of: Unscaled, scale: RaterScale) -> bool:
    return isinstance(scale, WordScale) and {*scale.steps} <= {*of.pack.words, *of.pack.meanings.values()}


def _top(scale: RaterScale, lowest: Decimal) -> Decimal | None:
    """The highest rating, where the lowest is that of the rules and the others follow a point apart."""
    if isinstance(scale, WordScale):
        return lowest + len(scale.steps) - 1
    return scale.best if isinstance(scale, NumberScale) and scale.worst == lowest else None


def _ask(of: Unscaled, scale: RaterScale) -> ScaleChoice:
    pack = of.pack
    own = f"are the words {', '.join(pack.words)}" if pack.words else f"go up to {pack.known_up_to}"
    text = (
        f"Ratings {of.by} are {scale}. Those that the rules ask for {own}, and nobody has said where their "
        "scale ends. Which scale are the rules on?"
    )
    if isinstance(scale, NumberScale):
        said = f"worst: {scale.worst}, best: {scale.best}"
    else:
        said = (
            "percent: true"
            if isinstance(scale, PercentScale)
            else f"words: {dumps(scale.steps, ensure_ascii=False)}"
        )
    again = _again(of, scale)
    return of.ask(
        text,
        f"{again[0].upper()}{again[1:]}. If the rules do go from {pack.lowest} to "
        f"{pack.highest} and these ratings are to be stretched to that, say so in a mapping: "
        f"`scales: {{{of.whose}: {{{said}}}}}`.",
    )


def _again(of: Unscaled, scale: RaterScale) -> str:
    """How rules are made that know their scale."""
    ends = scale if isinstance(scale, NumberScale) else of.usual
    option = '--words "lowest, ..., highest"' if of.pack.words else f"--scale {ends.lowest}..{ends.highest}"
    return f"make them again with their whole scale, `readiness pack new ... {option}`"
