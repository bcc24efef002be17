"""The scale that a matrix is written in: read off what it says, asked for, or stated as a default."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from graphlib import CycleError, TopologicalSorter
from itertools import pairwise

from rules.ladders.grid import Text
from rules.ladders.headings import means
from rules.ladders.headings import words as listed
from rules.ladders.ladder import Answers, Kind, LadderScale, OpenQuestionError
from rules.spelling import closest, name_key

MOST_WORDS = 10
"""More different texts than this are no words of a scale."""
_LARGEST = 100
"""Scales that nobody names end here at most."""
_SMALL = 10
"""Ratings up to this beside totals of more than twice as much are on another scale."""
FEW = 3
"""Texts with more words than this are sentences, unless they come back."""
_NUMBER = re.compile(r"(?:(?:≥|>=)\s*)?(\d+(?:[.,]\d+)?)\s*(?:[+%]|\s*points?)?")
_MORE_THAN = re.compile(r">\s*(\d.*)")
_NAMED_NUMBER = re.compile(
    r"^(?:level|lvl|l|stufe|niveau|nivel|livello|rating|score|note|punkte?)\.?\s*", re.IGNORECASE
)
_NUMBER_OF = re.compile(r"(\d+(?:[.,]\d+)?)\s*(?:/|of|out of|von|sur|de|van|su)\s*(\d+)", re.IGNORECASE)
_STARS = re.compile(r"([*★⭐●•▮■█]{1,10})[☆○◦▯□░]*")
_NUMBER_AND_WORD = re.compile(r"(\d+(?:[.,]\d+)?)\s*(?:[-–—:=.)]\s*(?P<after>\S.*)|\((?P<within>[^()]+)\))")
_WORD_AND_NUMBER = re.compile(r"(\S.*?)\s*[-–—:=(]\s*(\d+(?:[.,]\d+)?)\)?")
_SCALE_LINE = re.compile(
    r"\s*(?:the\s+)?(?:rating\s+)?(?:scale|ratings?|legend|words|proficiency|skala|bewertungsskala|legende|stufen"
    r"|échelle|barème|escala|leyenda|schaal|scala)\b[^:=]*[:=]\s*(.+)",
    re.IGNORECASE,
)
_SPAN = re.compile(r"(\d+)\s*(?:-|–|—|→|->|to|\.\.+|bis)\s*(\d+)")
_PLUS = re.compile(r"(?:\d|\w{3})\s*[+]$")
_SIGNED = re.compile(r"[^\W\d_][+-]\s*$")
_OF = re.compile(r"(?:\(\s*of|\d\s*of|\bout of|\bmax\.?|\d\s*/)\s*(\d+)\b")
_WORST_LAST = re.compile(
    r"highest first|best first|from the highest|descending|(?:höchste|beste)[rs]? zuerst|absteigend"
    r"|du plus haut|(?:plus haut|meilleur) d'abord|décroissant|de mayor a menor|hoogste eerst",
    re.IGNORECASE,
)
_RANKED = re.compile(
    r"(\d+)\s*(?:[=:(–—-]|is|ist|est|es|è)?\s*(?:the|der|die|das|le|la|el|de|het|il|o)?\s*"
    r"([^\W\d]+(?:\s+[^\W\d]+)?)",
    re.IGNORECASE,
)
"""A number and what it is: `1 is best`, `6 (the worst)`, `1 = very good`."""
_POINTS = (
    re.compile(r"(?<![\w.,(])(?P<number>\d+)\s*[=:–—-]\s*(?P<word>[^\W\d][^\d,;|\n]*)"),
    re.compile(r"(?P<word>[^\W\d][^\d,;|\n(]*)\((?P<number>\d+)\)"),
)
"""The points of a scale with their words, in one line: `0 = none, 1 = basic` or `none (0), basic (1)`."""
_PARENTHESES = re.compile(r"\([^)]*\)|[.]\s*$")
_HEAD = re.compile(r"[^:=]*[:=]?\s*")
"""A cell that only says that a scale follows in the next ones."""
_BETWEEN_WORDS = re.compile(r"\s*[-–—/→]\s*|\s+(?:to|bis|à|a)\s+")
_ITEM = re.compile(r"\d+[.)]\s+[^\W\d]")
_SPLIT = re.compile(r"\s*(?:[,;/|<>→]|->|\bthen\b)\s*")


@dataclass
class FoundScale:
    """The scale of a matrix and how its cells are read."""

    kind: Kind
    scale: LadderScale
    undecided: list[str] = field(default_factory=list)
    factor: int = 1
    """100 where the matrix writes percentages as shares of 1."""
    is_supposed: bool = False
    """Whether the matrix does not name its ends."""

    def read(self, written: Text) -> tuple[Decimal | None, str | None]:
        """The rating and the prose of a cell. Raises `ValueError` with what would be right."""
        if self.kind == "prose":
            return None, None if means("mark", written.text) else written.text
        if not name_key(written.text) and rating_in(written.text) is None:
            raise ValueError(f"“{_short(written.text)}” holds neither a word nor a number")
        if self.kind == "words":
            word, prose = _split_word(written, self.scale.words)
            return self.scale.lowest + self.scale.step * word, prose
        number, prose = rating_in(written.text), None
        if number is None:
            number, prose = _labelled(_least(written.text))
        if number is None and (more := _MORE_THAN.fullmatch(written.text.strip())):
            raise ValueError(
                f"“{_short(written.text)}” asks for more than {more[1]}; "
                "write the lowest rating that is enough"
            )
        if number is None:
            raise ValueError(f"“{_short(written.text)}” is not a number, as the other cells are")
        number *= self.factor
        if not self.scale.lowest <= number <= self.scale.highest:
            ends = f"from {self.scale.lowest} to {self.scale.highest}"
            raise ValueError(f"{number} is outside the scale {ends}; say another with --scale")
        return self.upwards(number), prose

    def upwards(self, number: Decimal) -> Decimal:
        """A number of the matrix as the pack counts."""
        scale = self.scale
        return scale.lowest + scale.highest - number if scale.lowest_is_best else number


def number_in(text: str) -> Decimal | None:
    """A plain number, also as `≥ 3`, `3+`, `35 %` or `3,5`."""
    found = _NUMBER.fullmatch(text.strip())
    return Decimal(found[1].replace(",", ".")) if found else None


def rating_in(text: str) -> Decimal | None:
    """A number as a cell may require it: also as `Level 3`, `3/5` or `***`."""
    if stars := _STARS.fullmatch("".join(text.split())):
        return Decimal(len(stars[1]))
    bare = _NAMED_NUMBER.sub("", _least(text), count=1)
    found = _NUMBER_OF.fullmatch(bare)
    return Decimal(found[1].replace(",", ".")) if found else number_in(bare)


def words_of_line(texts: Sequence[str]) -> tuple[str, ...]:
    """The words of a line such as `Scale: Basic, Solid, Strong (lowest first)`, the lowest first."""
    head, *rest = texts or ("",)
    if rest and _HEAD.fullmatch(head) and _SCALE_LINE.fullmatch(f"{head.rstrip(' :=')}: x"):
        split = _SPLIT.split(_PARENTHESES.sub("", rest[0])) if len(rest) == 1 else rest
        words = [_bare(word) for word in split if not word.startswith("(")]
    else:
        line = _SCALE_LINE.fullmatch(", ".join(texts))
        if line is None:
            return ()
        words = [_bare(word) for word in _SPLIT.split(_PARENTHESES.sub("", line[1]))]
    words = [word for word in words if word]
    return tuple(reversed(words) if _WORST_LAST.search(" ".join(texts)) else words)


def is_of_legend(texts: Sequence[str]) -> bool:
    """Whether a row is one of a legend: a number and what it means, and perhaps more about it."""
    return len(texts) in (2, 3) and number_in(texts[0]) is not None and number_in(texts[1]) is None


def named_scale(lines: Sequence[Sequence[str]]) -> tuple[object, ...] | None:
    """The words or the ends of the scale that lines name; None where they name none."""
    words = (some for line in lines if len(some := words_of_line(line)) > 1)
    return next(words, None) or span_in(lines)


def points_in(texts: Sequence[str]) -> dict[Decimal, str]:
    """The words of a scale by their numbers, the lowest first, where one line has two or more of them; none
    where these leave one out."""
    return next(filter(None, map(_without_gap, _points(texts))), {})


def _points(texts: Sequence[str]) -> Iterator[dict[Decimal, str]]:
    """Numbers and their words in one line, by each way to write them."""
    line = " | ".join(texts)
    for pattern in _POINTS:
        yield {Decimal(one["number"]): one["word"].strip(" .") for one in pattern.finditer(line)}


def _legend(lines: Sequence[Sequence[str]]) -> dict[Decimal, str]:
    """The words of a legend by their numbers, the lowest first; none where these leave one out."""
    found = {Decimal(number): texts[1] for texts in lines if (number := _number_of_legend(texts)) is not None}
    return _without_gap(found) or next(filter(None, map(points_in, lines)), {})


def _span_of_stars(texts: Sequence[str]) -> tuple[Decimal, Decimal] | None:
    """The ends of a scale of stars of which the empty ones are written too: `★★☆☆`."""
    bare = ["".join(text.split()) for text in texts]
    lengths = {len(text) for text in bare}
    if len(lengths) == 1 and all(map(_STARS.fullmatch, bare)) and any(set(one) & {*"☆○◦▯□░"} for one in bare):
        return Decimal(1), Decimal(lengths.pop())
    return None


def _without_gap(found: Mapping[Decimal, str]) -> dict[Decimal, str]:
    numbers = sorted(found)
    if len(numbers) < 2 or [number - numbers[0] for number in numbers] != [*range(len(numbers))]:
        return {}
    return {number: found[number] for number in numbers}


def _number_of_legend(texts: Sequence[str]) -> Decimal | None:
    return number_in(texts[0]) if is_of_legend(texts) else None


def _span_of_legend(
    lines: Sequence[Sequence[str]], numbers: Sequence[Decimal]
) -> tuple[Decimal, Decimal] | None:
    """The ends of a legend that has all the numbers of the matrix."""
    legend = [*_legend(lines)]
    fits = legend and all(legend[0] <= number <= legend[-1] for number in numbers)
    return (legend[0], legend[-1]) if fits else None


def _ends_in(lines: Sequence[Sequence[str]], numbers: Sequence[Decimal]) -> tuple[Decimal, Decimal] | None:
    """The ends of a scale of which one line explains these alone: `1 = never, 7 = always`."""
    for points in (sorted(found) for texts in lines for found in _points(texts)):
        ends = len(points) == 2 and points[0] <= 1 and points[0] + 1 < points[1] <= _LARGEST
        if ends and all(points[0] <= number <= points[1] for number in numbers):
            return points[0], points[1]
    return None


def find_scale(
    cells: Sequence[Text | None],
    lines: Sequence[Sequence[str]],
    levels: int,
    answers: Answers,
    totals: Sequence[Decimal],
) -> FoundScale:
    """The scale of a matrix; `cells` are its rows one after the other, `levels` cells each.

    Raises `OpenQuestionError` where it cannot be told.
    """
    written = [one for one in cells if one is not None]
    texts = [_least(one.text) for one in written]
    items = {text for text in texts if _ITEM.match(text)}
    # The first items of lists in words.
    items = items if all(text.startswith("1") for text in items) else set()
    numbers = [
        number for text in texts if text not in items and (number := _leading_number(text)) is not None
    ]
    ranked = _ranked(lines)
    named = (some for line in lines if len(some := words_of_line(line)) > 1)
    said = next(named, ()) or tuple(_legend(lines).values())
    said = answers.words or (said[::-1] if ranked.falls else said)
    words = tuple(word for word in said if number_in(word) is None and not _SPAN.fullmatch(word.strip()))
    if texts and len(words) > 1 and 2 * sum(_is_of(one, words) for one in written) >= len(texts):
        return FoundScale("words", _in_words(words))
    if totals and numbers and max(numbers) <= _SMALL < min(totals) / 2 and not answers.scale:
        raise OpenQuestionError(
            f"single ratings go up to {max(numbers)} and totals to {max(totals)}; which scale is it?",
            "Write totals as the weighted mean of the ratings, such as 3.5 for 70 of 100; if both are on "
            "one scale, say so with --scale 0..100",
        )
    if totals or 2 * len(numbers) > len(texts):
        return _in_numbers(numbers, totals, lines, ranked, answers, _span_of_stars(texts))
    if texts and all(means("mark", text) for text in texts):
        return _in_prose(answers, "The matrix marks what each level requires, and gives no ratings.")
    distinct = {_word_key(text): text for text in texts}
    pairs = {key for key, text in distinct.items() if two_words(text, [*distinct.values()])}
    distinct = {key: text for key, text in distinct.items() if key not in pairs}
    often = len(texts) >= 2 * len(distinct)
    few = 2 * len(texts) >= 3 * len(distinct) and all(len(text.split()) <= FEW for text in texts)
    if len(distinct) <= MOST_WORDS and (often or few):
        order = _order_of(
            [one if one and _word_key(_least(one.text)) not in pairs else None for one in cells], levels
        )
        kinds = ("core", "supporting")
        if all(any(means(kind, text) for kind in kinds) for text in texts):
            shown = " and ".join(distinct.values())
            raise OpenQuestionError(
                f"the cells say {shown}: what is required and what is optional, or ratings?",
                "If they are not ratings, mark what is required with x and leave the other cells empty; "
                f'if they are, say so with --words "{", ".join(distinct.values())}", the lowest first',
            )
        if order is None:
            listed = ", ".join(distinct.values())
            raise OpenQuestionError(
                f"the matrix is written in the words {listed}; what is their order, the lowest first?",
                f'Say it with --words "{listed}", in their order',
            )
        found = FoundScale("words", _in_words(tuple(distinct[word] for word in order)))
        shown = ", ".join(found.scale.words)
        found.undecided.append(
            f"The order of the words was taken from the rows, which rise: {shown} (lowest first)."
        )
        return found
    return _in_prose(answers)


def _in_words(words: tuple[str, ...]) -> LadderScale:
    return LadderScale(Decimal(1), Decimal(len(words)), Decimal(1), words)


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


@dataclass(frozen=True)
class _Ranked:
    """The numbers that lines call the best and the worst rating."""

    best: frozenset[Decimal]
    worst: frozenset[Decimal]

    @property
    def falls(self) -> bool:
        """Whether the lowest number is the best rating."""
        if self.best and self.worst:
            return max(self.best) < min(self.worst)
        return bool(self.best) and max(self.best) <= 1

    @property
    def ends(self) -> tuple[Decimal, Decimal] | None:
        """The ends of a scale on which the lowest number is the best."""
        return (min(self.best), max(self.worst)) if self.worst and self.falls else None


def _ranked(lines: Sequence[Sequence[str]]) -> _Ranked:
    found: dict[str, set[Decimal]] = {"best": set(), "worst": set()}
    for number, said in (one for texts in lines for one in _RANKED.findall(" ".join(texts))):
        for name, numbers in found.items():
            if means(name, " ".join(said.split())) or means(name, said.split()[0]):
                numbers.add(Decimal(number))
    return _Ranked(frozenset(found["best"]), frozenset(found["worst"]))


def _in_numbers(
    single: Sequence[Decimal],
    totals: Sequence[Decimal],
    lines: Sequence[Sequence[str]],
    ranked: _Ranked,
    answers: Answers,
    stars: tuple[Decimal, Decimal] | None,
) -> FoundScale:
    numbers = [*single, *totals]
    ends = answers.scale or span_in(lines) or _span_of_legend(lines, numbers) or ranked.ends or stars
    ends = ends or _ends_in(lines, numbers)
    if ends is None and ranked.falls:
        raise OpenQuestionError(
            f"{min(ranked.best)} is the best rating; which is the worst?",
            "Say the ends of the scale, such as --scale 1..6",
        )
    undecided = []
    factor, supposed = 1, ends is None
    if ends is None and any(number % 1 for number in numbers) and max(numbers) <= 1:
        # A cell that shows 60% holds 0.6.
        numbers, factor, ends = [100 * number for number in numbers], 100, (Decimal(0), Decimal(100))
        undecided.append("The matrix is in shares of 1, which are read as percentages: from 0 to 100.")
    largest = max(numbers, default=Decimal(5))
    if ends is None:
        smallest = min(numbers, default=Decimal(1))
        if largest > _LARGEST:
            raise OpenQuestionError(
                f"the matrix asks for up to {largest.normalize():f} and does not name its scale; "
                "what is the highest rating?",
                f"Say the ends of the scale, such as --scale 0..{-10 * (-largest // 10)}",
            )
        highest = next(top for top in (5, 10, _LARGEST) if largest <= top)
        ends = Decimal(0 if smallest == 0 or highest > 10 else 1), Decimal(highest)
        undecided.append(f"The matrix does not name its scale. Default: from {ends[0]} to {ends[1]}.")
    # Totals have decimals also where single ratings have none.
    whole = all(number * factor % 1 == 0 for number in single)
    span = ends[1] - ends[0]
    step = span / 20 if span >= 20 else Decimal(1) if whole else Decimal("0.5")
    finer = step == 1 and any(number * factor % 1 for number in totals)
    soon = "half a step short, one" if finer else "one step short, two"
    undecided.append(f"What one rating step is: {step.normalize():f}. Ready soon is {soon} in all.")
    if ranked.falls:
        undecided.append(
            f"In the matrix {ends[0]} is the best rating, and so it is in ratings that do not say otherwise. "
            f"The rules count upwards: {ends[0]} is read as {ends[1]}, and {ends[1]} as {ends[0]}."
        )
    scale = LadderScale(*ends, step, lowest_is_best=ranked.falls, is_finer_in_total=finer)
    return FoundScale("numbers", scale, undecided, factor, supposed)


def span_in(lines: Sequence[Sequence[str]]) -> tuple[Decimal, Decimal] | None:
    """The ends of the scale that one of the lines names."""
    for texts in lines:
        for text in (" ".join(texts), *texts, _PARENTHESES.sub("", " ".join(texts))):
            said = _SCALE_LINE.fullmatch(text)
            if (said or re.search(r"scale|rat(ed|ing)", text, re.IGNORECASE)) and (
                span := _SPAN.search(text)
            ):
                low, high = sorted((Decimal(span[1]), Decimal(span[2])))
                return low, high
    for texts in lines:
        for text in texts:
            if top := _OF.search(text):
                highest = Decimal(top[1])
                return Decimal(0 if highest > 10 else 1), highest
    return None


def _order_of(cells: Sequence[Text | None], levels: int) -> list[str] | None:
    """The only order in which no row of the matrix falls; None where there is not exactly one."""
    sorter: TopologicalSorter[str] = TopologicalSorter()
    follows: set[tuple[str, str]] = set()
    for start in range(0, len(cells), levels):
        row = [_word_key(_least(one.text)) for one in cells[start : start + levels] if one is not None]
        for word in row:
            sorter.add(word)
        for lower, higher in pairwise(row):
            if lower != higher:
                sorter.add(higher, lower)
                follows.add((lower, higher))
    try:
        order = list(sorter.static_order())
    except CycleError:
        return None
    return order if all(pair in follows for pair in pairwise(order)) else None


def _leading_number(text: str) -> Decimal | None:
    if more := _MORE_THAN.fullmatch(text):
        return _leading_number(more[1])
    number = rating_in(text)
    return _labelled(text)[0] if number is None else number


def _labelled(text: str) -> tuple[Decimal | None, str | None]:
    """The number and the word of `3 - Solid` or `3 (Solid)`; of a range such as `2-3` its lower end alone."""
    if span := _SPAN.fullmatch(text.strip()):
        return Decimal(span[1]), None
    found = _NUMBER_AND_WORD.fullmatch(_NAMED_NUMBER.sub("", text.strip(), count=1))
    if found is None:
        return None, None
    word = found["after"] or found["within"]
    return number_in(found[1]), None if number_in(word) else word


def _least(text: str) -> str:
    """What a cell asks for at least: `Solid` of `at least Solid`, `Solid or above` and `Solid+`."""
    said = " ".join(text.split())
    for begin in sorted(listed("at_least"), key=len, reverse=True):
        rest = said[len(begin) :]
        if rest and said.casefold().startswith(begin) and not (begin[-1].isalpha() and rest[0].isalpha()):
            said = rest.lstrip(" :")
            break
    for end in listed("or_above"):
        if said.casefold().endswith(f" {end}"):
            return said[: -len(end)].rstrip(" ,")
    # `B+` is a grade of its own.
    return said.removesuffix("+").rstrip() if _PLUS.search(said) else said


def _bare(word: str) -> str:
    """A word without the number before or after it."""
    word = word.strip().strip("“”\"'")
    if labelled := _NUMBER_AND_WORD.fullmatch(word):
        return (labelled["after"] or labelled["within"]).strip()
    if found := _WORD_AND_NUMBER.fullmatch(word):
        return found[1].strip()
    return re.sub(r"^\d+\s+(?=\D)", "", word)


def _is_of(written: Text, words: Sequence[str]) -> bool:
    try:
        _split_word(written, words)
    except ValueError:
        return False
    return True


def _split_word(written: Text, words: Sequence[str]) -> tuple[int, str | None]:
    """The place of the word that a cell begins with, and what follows it. Raises `ValueError`."""
    places = {_word_key(word): place for place, word in enumerate(words)}
    first, colon, rest = written.text.partition(":")
    for text, prose in ((written.text, None), (first, rest.strip() or None if colon else None)):
        for word in (text, _bare(text), _least(text), _bare(_least(text))):
            if _word_key(word) in places:
                return places[_word_key(word)], prose
    if two := two_words(written.text, words):
        return min(two), None
    right = f"“{_short(written.text)}” is not one of {', '.join(words)}"
    raise ValueError(right + closest(_least(written.text), words))


def two_words(text: str, words: Sequence[str]) -> tuple[int, int] | None:
    """The places of the two words that a cell gives, as in `Basic-Good`."""
    places = {_word_key(word): place for place, word in enumerate(words)}
    for found in _BETWEEN_WORDS.finditer(text):
        two = text[: found.start()], text[found.end() :]
        if all(_word_key(one) in places for one in two):
            return places[_word_key(two[0])], places[_word_key(two[1])]
    return None


def _word_key(word: str) -> str:
    """As of a name, apart from a sign at the end: `B+` and `B-` are words beside `B`."""
    return name_key(word) + (word.strip()[-1:] if _SIGNED.search(word) else "")


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= 60 else f"{text[:57]}..."
