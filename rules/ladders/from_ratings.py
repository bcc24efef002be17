"""Ratings that people have today to a `Ladder`: a starting point that nobody has decided."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from statistics import median
from typing import Protocol

from rules.ladders.ladder import (
    Answers,
    Ladder,
    LadderCompetency,
    LadderLevel,
    LadderScale,
    OpenQuestionError,
    Required,
)
from rules.pack import PackError
from rules.spelling import closest, name_key

ENOUGH = 5
"""With fewer ratings on a level, those of all levels show what is usual."""
MANY = 30
"""More ratings than this that never reach the top of a usual scale put the scale in question."""
_Shown = Mapping[tuple[str, str], Sequence[Decimal]]
"""By level and competency the ratings that managers gave."""


class _Rating(Protocol):
    @property
    def level(self) -> str: ...
    @property
    def competency(self) -> str: ...
    @property
    def number(self) -> Decimal | None: ...
    @property
    def word(self) -> str | None: ...


class _Found(Protocol):
    """What files of ratings hold, whoever read them: levels and competencies in their order, the words of the
    ratings, and these in order where that is known."""

    @property
    def files(self) -> Sequence[str]: ...
    @property
    def levels(self) -> Mapping[str, int]: ...
    @property
    def competencies(self) -> Mapping[str, tuple[str, ...]]: ...
    @property
    def ratings(self) -> Sequence[_Rating]: ...
    @property
    def is_overall(self) -> bool: ...
    @property
    def numbers(self) -> Sequence[Decimal]: ...
    @property
    def words(self) -> Sequence[str]: ...
    @property
    def known_order(self) -> tuple[str, ...]: ...


def ladder_from_ratings(found: _Found, answers: Answers) -> Ladder:
    """A ladder whose bars are one step above what each level shows today, or the rating that was given.

    Raises `OpenQuestionError` where the scale or the order of the levels is not known.
    """
    scale = _scale_of(found, answers)
    levels, source = _in_order(list(found.levels), answers), ", ".join(found.files)
    how = (
        f"{scale.shown(answers.bar)} everywhere, as was said"
        if answers.bar is not None
        else "one step above the median of the managers' ratings on the level below"
    )
    return Ladder(
        source=source,
        sheet="ratings",
        scale=scale,
        levels=tuple(LadderLevel(level, source) for level in levels),
        competencies=tuple(
            LadderCompetency(title, source, aliases=also) for title, also in found.competencies.items()
        ),
        required=_required(found, levels, scale, answers),
        kind="words" if scale.words else "numbers",
        undecided=(
            f"Starting point: nobody has decided these bars. They are {how}.",
            "People hold a level if they are at most a step below the median of that level today.",
            f"What one rating step is: {scale.step.normalize():f}.",
            *((_ONE_RATING,) if found.is_overall else ()),
            *_not_counted(found, scale),
        ),
    )


_ONE_RATING = (
    "The file has one overall rating: this pack cannot tell what is missing, what to grow, or where the two "
    "views differ. Rate single competencies for that."
)


def _required(
    found: _Found, levels: Sequence[str], scale: LadderScale, answers: Answers
) -> dict[tuple[int, int], Required]:
    shown, source = _shown(found, scale), ", ".join(found.files)
    required: dict[tuple[int, int], Required] = {}
    for number, competency in enumerate(found.competencies):
        usual = [_usual(shown, level, competency, scale) for level in levels]
        ready = [
            min(one + scale.step, scale.highest) if answers.bar is None else answers.bar for one in usual
        ]
        for place, one in enumerate(usual):
            held, bar = max(one - scale.step, scale.lowest), ready[place - 1] if place else None
            required[place, number] = Required(source, held, bar=bar)
    return required


def _scale_of(found: _Found, answers: Answers) -> LadderScale:
    words = answers.words or found.known_order
    numbers = found.numbers
    if len(found.words) > 1 and len(found.ratings) > 2 * len(numbers):
        if not words:
            listed = ", ".join(found.words)
            raise OpenQuestionError(
                "in which order are the words of the ratings?", f'Say it with --words "{listed}"'
            )
        return LadderScale.of_words(words)
    if not numbers:
        raise PackError("the ratings could not be read as numbers or words")
    ends = answers.scale or _usual_scale(min(numbers), max(numbers), len(numbers))
    return LadderScale.of_numbers(ends, numbers)


def _usual_scale(lowest: Decimal, highest: Decimal, count: int) -> tuple[Decimal, Decimal]:
    top = next((top for top in (5, 10, 100) if highest <= top), None)
    if top is None or (top == 5 and (lowest < 1 or (highest <= 4 and count > MANY))):
        raise OpenQuestionError(
            f"the ratings run from {lowest} to {highest}; on which scale are they?",
            "Say it with --scale 1..5",
        )
    return Decimal(0 if top == 100 or lowest < 1 else 1), Decimal(top)


def _on(scale: LadderScale, found: _Found) -> Iterator[tuple[_Rating, Decimal | None]]:
    """The ratings on the scale; None for those that are on none of its points."""
    points = {word.casefold(): scale.lowest + scale.step * place for place, word in enumerate(scale.words)}
    for one in found.ratings:
        number = one.number if one.word is None else points.get(one.word.casefold())
        yield one, number if number is not None and scale.lowest <= number <= scale.highest else None


def _not_counted(found: _Found, scale: LadderScale) -> Iterator[str]:
    """That ratings are not on the scale, as where words were said that are not all of them."""
    off = [one.word or str(one.number) for one, number in _on(scale, found) if number is None]
    if off:
        shown = ", ".join(f"“{one}”" for one in [*dict.fromkeys(off)][:3])
        many = f"{len(off)} of {len(found.ratings)} ratings"
        yield f"{many} are not on the scale and do not count, such as {shown}."


def _shown(found: _Found, scale: LadderScale) -> _Shown:
    shown: dict[tuple[str, str], list[Decimal]] = {}
    for one, number in _on(scale, found):
        if number is not None:
            shown.setdefault((one.level, one.competency), []).append(number)
    return shown


def _usual(shown: _Shown, level: str, competency: str, scale: LadderScale) -> Decimal:
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
        raise PackError(f"a ladder needs at least two levels; the file has {found}")
    listed = ", ".join(levels)
    if not answers.levels:
        raise OpenQuestionError(
            "in which order are these levels, the lowest first?",
            f'Say it with --levels "{listed}", in their order; leave out what is not a level of this ladder',
        )
    known = {name_key(level): level for level in reversed(levels)}
    unknown = [title for title in answers.levels if name_key(title) not in known]
    if unknown:
        raise PackError(
            f"“{unknown[0]}” is not a level of the file; it has {listed}{closest(unknown[0], levels)}"
        )
    return [known[name_key(title)] for title in answers.levels]
