"""The scale that a matrix is written in: read off what it says, asked for, or stated as a default."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from graphlib import CycleError, TopologicalSorter
from itertools import pairwise

from rules.ladders.cells import (
    MORE_THAN,
    SPAN,
    at_least,
    is_sentence,
    number_in,
    rating_and_prose,
    rating_in,
    span_shown,
    two_words,
    word_and_prose,
    word_key,
)
from rules.ladders.grid import Text
from rules.ladders.headings import means, speaks_of
from rules.ladders.ladder import Answers, Kind, LadderScale, OpenQuestionError
from rules.ladders.legends import LARGEST, Ends, Legend, points_in
from rules.ladders.level_names import number_of_level
from rules.ladders.matrix import Matrix
from rules.pack import PackError
from rules.spelling import closest, name_key

_MOST_WORDS = 10
"""More different texts than this are no words of a scale."""
_SMALL = 10
"""Ratings up to this are on another scale than rows above it, and than totals of more than twice as much."""
_LABEL = re.compile(r"\s*((?:[^\W\d_]+[ -]?){1,3})\s*:\s+\S.*", re.DOTALL)
"""A word before a sentence."""
_ITEM = re.compile(r"\d+[.)]\s+[^\W\d]")


@dataclass
class FoundScale:
    """The scale of a matrix and how its cells are read."""

    kind: Kind
    scale: LadderScale
    undecided: list[str] = field(default_factory=list)
    factor: int = 1
    """100 where the matrix writes percentages as shares of 1."""

    def read(self, text: str) -> tuple[Decimal | None, str | None]:
        """The rating and the prose of a cell. Raises `ValueError` with what would be right."""
        if self.kind == "prose" and means("mark", text):
            return None, None
        if self.kind == "prose" and (means("open", text) or means("as_above", text)):
            said = "says nothing of what is required; write it, or empty the cell if nothing is"
            raise ValueError(f"“{text}” {said}")
        if not name_key(text) and rating_in(text) is None:
            raise ValueError(f"“{_short(text)}” holds neither a word nor a number")
        if self.kind == "prose":
            return None, text
        return self._read_word(text) if self.kind == "words" else self._read_number(text)

    def _read_word(self, text: str) -> tuple[Decimal, str | None]:
        found = word_and_prose(text, self.scale.words)
        if found is None:
            hint = closest(at_least(text), self.scale.words)
            raise ValueError(f"“{_short(text)}” is not one of {', '.join(self.scale.words)}{hint}")
        return self.scale.lowest + self.scale.step * found[0], found[1]

    def _read_number(self, text: str) -> tuple[Decimal, str | None]:
        number, prose = rating_and_prose(text)
        if number is None and (more := MORE_THAN.fullmatch(text.strip())):
            said = f"asks for more than {more[1]}; write the lowest rating that is enough"
            raise ValueError(f"“{_short(text)}” {said}")
        if number is None:
            nothing = "; empty the cell if nothing is required" if means("supporting", text) else ""
            raise ValueError(f"“{_short(text)}” is not a number, as the other cells are{nothing}")
        number *= self.factor
        if not self.scale.lowest <= number <= self.scale.highest:
            ends = f"from {self.scale.lowest} to {self.scale.highest}"
            raise ValueError(f"{number} is outside the scale {ends}; say another with --scale")
        return self.upwards(number), prose

    def upwards(self, number: Decimal) -> Decimal:
        """A number of the matrix as the pack counts."""
        scale = self.scale
        return scale.lowest + scale.highest - number if scale.lowest_is_best else number


def find_scale(matrix: Matrix) -> FoundScale:
    """The scale of a matrix. Raises `OpenQuestionError` where it cannot be told."""
    answers, totals = matrix.answers, matrix.totals
    lines = [line for line in matrix.table.lines_around if not _explains_levels(line, matrix)]
    legend, texts = Legend(lines), [one.text for row in matrix.rows.values() for one in row]
    numbers = [*_numbers_in(texts)]
    said = answers.words or legend.words
    words = tuple(word for word in said if number_in(word) is None and not SPAN.fullmatch(word.strip()))
    known = [text for text in texts if word_and_prose(text, words)]
    if known and len(words) > 1 and 2 * len(known) >= len(texts):
        return FoundScale("words", LadderScale.of_words(words))
    if totals and numbers and max(numbers) <= _SMALL < min(totals) / 2 and not answers.scale:
        raise OpenQuestionError(
            f"single ratings go up to {max(numbers)} and totals to {max(totals)}; which scale is it?",
            "Write totals as the weighted mean of the ratings, such as 3.5 for 70 of 100; if both are on "
            "one scale, say so with --scale 0..100",
        )
    if texts and not totals and all(means("mark", at_least(text)) for text in texts):
        return _in_prose(answers, "The matrix marks what each level requires, and gives no ratings.")
    if totals or 2 * len(numbers) > len(texts):
        every, stars = [*numbers, *totals], span_shown([*map(at_least, texts)])
        ends = answers.scale or legend.ends(every, stars)
        if ends is None:
            _require_one_scale(matrix)
        return _in_numbers(texts, numbers, totals, ends, legend)
    rows = [*matrix.rows.values()]
    return _in_words_that_rise(rows) or _in_words_that_rise(_before_sentences(rows)) or _in_prose(answers)


def _before_sentences(rows: Sequence[Sequence[Text]]) -> list[list[Text]]:
    """The words that cells begin with, as in `Solid: runs a project`; none where some cell has none, or where
    most competencies have the same one all along."""
    found = [[replace(one, text=_LABEL.sub(r"\1", one.text)) for one in row] for row in rows]
    every = all(_LABEL.fullmatch(one.text) for row in rows for one in row)
    rising = sum(len({word_key(one.text) for one in row}) > 1 for row in found)
    return found if every and 2 * rising > len(rows) else []


def _explains_levels(line: Sequence[str], matrix: Matrix) -> bool:
    """Whether a line such as `1 = Junior, 2 = Senior` explains levels, and no ratings."""
    points, titles = points_in(line), [level.title for level in matrix.levels.values()]
    keys = " ".join(map(name_key, titles))
    rates = any(speaks_of("points_of_a_scale", word) for word in points.values())
    rates = rates or speaks_of("scales", " ".join(line))
    numbered = {*map(int, points)} == {number_of_level(title) for title in titles}
    return any(name_key(word) in keys for word in points.values()) or (numbered and not rates)


def _numbers_in(texts: Sequence[str]) -> Iterator[Decimal]:
    """The numbers that cells require, also as `> 3`; the first items of lists in words are none."""
    items = {text for text in map(at_least, texts) if _ITEM.match(text)}
    items = items if all(text.startswith("1") for text in items) else set()
    for text in texts:
        more = MORE_THAN.fullmatch(at_least(text))
        number, _ = rating_and_prose(more[1] if more else text)
        if number is not None and at_least(text) not in items:
            yield number


def _require_one_scale(matrix: Matrix) -> None:
    """Raises `PackError` where competencies have amounts or percentages beside others with a few points."""
    rows = {
        key: [number for one in row if (number := number_in(one.text)) is not None]
        for key, row in matrix.rows.items()
    }
    whole = {key: row for key, row in rows.items() if row and len(row) == len(matrix.rows[key])}
    large = [key for key, row in whole.items() if min(row) > _SMALL]
    said = "is on a different scale from other rows; write it on theirs, take it out, or say with --scale"
    if large and any(max(row) <= _SMALL for row in whole.values()):
        titles = {matrix.rows[key][0].place: matrix.competencies[key].title for key in large}
        raise PackError(
            *(f"{place}: “{title}” {said} that all are on one" for place, title in titles.items())
        )


def _in_numbers(
    texts: Sequence[str],
    single: Sequence[Decimal],
    totals: Sequence[Decimal],
    ends: Ends | None,
    legend: Legend,
) -> FoundScale:
    undecided, factor, known_up_to = list[str](), 1, None
    numbers = [*single, *totals]
    if ends is None and legend.falls:
        raise OpenQuestionError(
            f"{min(legend.ranked['best'])} is the best rating; which is the worst?",
            "Say the ends of the scale, such as --scale 1..6",
        )
    if ends is None and any(number % 1 for number in numbers) and max(numbers) <= 1:
        # A cell that shows 60% holds 0.6.
        factor, ends = 100, (Decimal(0), Decimal(100))
        undecided.append("The matrix is in shares of 1, which are read as percentages: from 0 to 100.")
    if ends is None:
        ends = _usual_ends(numbers)
        known_up_to = largest if (largest := max(numbers, default=ends[1])) < ends[1] else None
        undecided.append(f"The matrix does not name its scale. Default: from {ends[0]} to {ends[1]}.")
    # Totals have decimals also where single ratings have none.
    scale = LadderScale.of_numbers(ends, [number * factor for number in single])
    finer = scale.step == 1 and any(number * factor % 1 for number in totals)
    soon = "half a step short, one" if finer else "one step short, two"
    undecided.append(f"What one rating step is: {scale.step.normalize():f}. Ready soon is {soon} in all.")
    if legend.falls:
        undecided.append(
            f"In the matrix {ends[0]} is the best rating, and so it is in ratings that do not say otherwise. "
            f"The rules count upwards: {ends[0]} is read as {ends[1]}, and {ends[1]} as {ends[0]}."
        )
    scale = replace(scale, lowest_is_best=legend.falls, is_finer_in_total=finer, known_up_to=known_up_to)
    if not legend.falls and factor == 1:
        scale = replace(scale, meanings=_meanings(texts, legend, ends))
    return FoundScale("numbers", scale, undecided, factor)


def _meanings(texts: Sequence[str], legend: Legend, ends: Ends) -> dict[Decimal, str]:
    """What the matrix calls its numbers, in its legend or beside them: `3 - Solid`; nothing where one has two
    words, or two have one."""
    beside = (rating_and_prose(at_least(text)) for text in texts)
    named = {
        (number, word_key(word)): word
        for number, word in legend.points.items() or beside
        if number is not None and word is not None and (legend.points or not is_sentence(word))
    }
    numbers, words = {number for number, _ in named}, {word for _, word in named}
    if not len(named) == len(numbers) == len(words) or any(not ends[0] <= one <= ends[1] for one in numbers):
        return {}
    return {number: word for (number, _), word in sorted(named.items())}


def _usual_ends(numbers: Sequence[Decimal]) -> Ends:
    """The ends of the smallest usual scale that has the numbers. Raises `OpenQuestionError`."""
    smallest, largest = min(numbers, default=Decimal(1)), max(numbers, default=Decimal(5))
    if largest > LARGEST:
        raise OpenQuestionError(
            f"the matrix asks for up to {largest.normalize():f} and does not name its scale; "
            "what is the highest rating?",
            f"Say the ends of the scale, such as --scale 0..{-10 * (-largest // 10):f}; amounts, such as "
            "money, hours or people, are no ratings",
        )
    highest = next(top for top in (5, 10, LARGEST) if largest <= top)
    return Decimal(0 if smallest == 0 or highest > 10 else 1), Decimal(highest)


def _in_words_that_rise(rows: Sequence[Sequence[Text]]) -> FoundScale | None:
    """A scale of the few texts that the cells have, in the order in which all rows rise; None where they are
    sentences."""
    texts = [[at_least(one.text) for one in row] for row in rows]
    every = [text for row in texts for text in row]
    if not every:
        return None
    distinct = {word_key(text): text for text in every}
    pairs = {key for key, text in distinct.items() if two_words(text, [*distinct.values()])}
    words = {key: text for key, text in distinct.items() if key not in pairs}
    often = len(every) >= 2 * len(words)
    few = 2 * len(every) >= 3 * len(words) and not any(map(is_sentence, every))
    if len(words) > _MOST_WORDS or not (often or few):
        return None
    listed = ", ".join(words.values())
    if all(means("core", text) or means("supporting", text) for text in every):
        raise OpenQuestionError(
            f"the cells say {' and '.join(words.values())}: what is required and what is optional, or "
            "ratings?",
            "If they are not ratings, mark what is required with x and leave the other cells empty; "
            f'if they are, say so with --words "{listed}", the lowest first',
        )
    order = _order_of([[key for text in row if (key := word_key(text)) not in pairs] for row in texts])
    if order is None:
        raise OpenQuestionError(
            f"the matrix is written in the words {listed}; what is their order, the lowest first?",
            f'Say it with --words "{listed}", in their order',
        )
    rising = [words[word] for word in order]
    if _sounds_high(rising[0]) - _sounds_high(rising[-1]) > 0:
        # The levels stand from the highest to the lowest, which is asked about.
        rising.reverse()
    scale = LadderScale.of_words(rising)
    scale = replace(scale, known_up_to=scale.highest)
    shown = ", ".join(scale.words)
    said = f"The order of the words was taken from the rows, which rise: {shown} (lowest first)."
    return FoundScale("words", scale, [said])


def _sounds_high(word: str) -> int:
    return speaks_of("high", word) - speaks_of("low", word)


def _order_of(rows: Sequence[Sequence[str]]) -> list[str] | None:
    """The only order in which no row falls; None where there is not exactly one."""
    sorter: TopologicalSorter[str] = TopologicalSorter()
    follows = {(lower, higher) for row in rows for lower, higher in pairwise(row) if lower != higher}
    for row in rows:
        for word in row:
            sorter.add(word)
    for lower, higher in follows:
        sorter.add(higher, lower)
    try:
        order = list(sorter.static_order())
    except CycleError:
        return None
    return order if all(pair in follows for pair in pairwise(order)) else None


_SENTENCES = "The matrix says in words what each level requires, and gives no ratings."


def _in_prose(answers: Answers, said: str = _SENTENCES) -> FoundScale:
    lowest, highest = answers.scale or (Decimal(1), Decimal(5))
    scale = LadderScale(lowest, highest, Decimal("0.5") if highest - lowest <= 5 else Decimal(1))
    held, ready = prose_bars(scale, answers)
    return FoundScale(
        "prose",
        scale,
        [
            f"{said} Default: ratings from {lowest} to {highest}; {held} is required of whoever is on a "
            f"level, and {ready} of what the next level describes.",
        ],
    )


def prose_bars(scale: LadderScale, answers: Answers) -> tuple[Decimal, Decimal]:
    """The ratings that hold a level and that make ready for the next one, where a matrix has none."""
    middle = scale.lowest + (scale.highest - scale.lowest) / 2
    held = middle - middle % scale.step
    above = held + (scale.highest - scale.lowest) / 4
    ready = answers.bar if answers.bar is not None else above - above % scale.step
    return _plain(min(held, ready)), _plain(ready)


def _plain(number: Decimal) -> Decimal:
    return number.normalize() + 0


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= 60 else f"{text[:57]}..."
