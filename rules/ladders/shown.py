"""Ratings that people have today to a `Ladder`: a starting point that nobody has decided."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from statistics import median

from rules.ladders.ladder import (
    Answers,
    Ladder,
    LadderCompetency,
    LadderLevel,
    LadderScale,
    Required,
)
from rules.pack import PackError
from rules.spelling import closest, name_key

ENOUGH = 5
"""With fewer ratings on a level, those of all levels show what is usual."""
Shown = Mapping[tuple[str, str], Sequence[Decimal]]
"""By level and competency the ratings that managers gave."""


def ladder_from_shown(
    source: str,
    levels: Sequence[str],
    competencies: Sequence[str],
    shown: Shown,
    scale: LadderScale,
    answers: Answers,
) -> Ladder:
    """A ladder whose bars are one step above what each level shows today, or the rating that was given.

    Raises `PackError` with the question where the order of the levels is not known.
    """
    ordered = _in_order(levels, answers)
    required: dict[tuple[int, int], Required] = {}
    for place, level in enumerate(ordered):
        for number, competency in enumerate(competencies):
            usual = _usual(shown, level, competency, scale)
            held = max(usual - scale.step, scale.lowest)
            below = _usual(shown, ordered[place - 1], competency, scale) if place else usual
            ready = answers.bar if answers.bar is not None else min(below + scale.step, scale.highest)
            required[place, number] = Required(source, held, None, ready if place else None)
    how = (
        f"{scale.shown(answers.bar)} everywhere, as was said"
        if answers.bar is not None
        else "one step above the median of the managers' ratings on the level below"
    )
    return Ladder(
        source=source,
        sheet="ratings",
        scale=scale,
        levels=tuple(LadderLevel(level, source) for level in ordered),
        competencies=tuple(LadderCompetency(one, source) for one in competencies),
        required=required,
        kind="words" if scale.words else "numbers",
        undecided=(
            f"Starting point: nobody has decided these bars. They are {how}.",
            "A level is held by whoever is at most a step below the median of that level today.",
            f"What one rating step is: {scale.step.normalize():f}.",
        ),
    )


def _usual(shown: Shown, level: str, competency: str, scale: LadderScale) -> Decimal:
    """The median on a level, on a step of the scale."""
    ratings = list(shown.get((level, competency), ()))
    if len(ratings) < ENOUGH:
        ratings = [one for (_, what), some in shown.items() if what == competency for one in some] or ratings
    if not ratings:
        ratings = [one for some in shown.values() for one in some]
    middle = Decimal(median(ratings))
    return scale.lowest + (middle - scale.lowest) // scale.step * scale.step


def _in_order(levels: Sequence[str], answers: Answers) -> list[str]:
    if len(levels) < 2:
        found = levels[0] if levels else "none"
        raise PackError(f"a ladder needs two levels at least; the file has {found}")
    listed = ", ".join(levels)
    if not answers.levels:
        raise PackError(
            f'in which order are these levels, the lowest first? Say it with --levels "{listed}", in their '
            "order; leave out what is not a level of this ladder"
        )
    known = {name_key(level): level for level in reversed(levels)}
    unknown = [title for title in answers.levels if name_key(title) not in known]
    if unknown:
        raise PackError(
            f"“{unknown[0]}” is not a level of the file; it has {listed}{closest(unknown[0], levels)}"
        )
    return [known[name_key(title)] for title in answers.levels]
