"""What people write as a rating: numbers, percentages, words, nothing, or something that is none of these."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_EVEN, Decimal
from functools import cache
from typing import Literal

from inputs.fields import AnyRater
from inputs.words.dates import month_number
from inputs.words.numerals import value_of, words_for_numbers
from inputs.words.spelling import normalise
from inputs.words.texts import ERROR_TEXTS, tidy
from inputs.words.word_lists import read_words

RatingKind = Literal[
    "number",
    "percent",
    "word",
    "unrated",
    "error",
    "date",
    "contradiction",
    "several",
    "comment",
    "unreadable",
]
TEN_THOUSANDTHS = 10_000
"""A number is kept as a whole count of these parts of one."""

_NUMBER = re.compile(r"[+-]?(?:\d+(?:[.,]\d*)?|[.,]\d+)(?:[eE][+-]?\d{1,2})?")
_LABELLED = re.compile(r"(\d+(?:[.,]\d+)?)\s*(?:[-–—:=.)]|\()\s*([^\W\d_][^\d]*)")
_BRACKETED = re.compile(r"[\[(#]\s*(\d{1,3}(?:[.,]\d+)?)\s*(?:[\])]\s*[-–—:]?\s*([^\W\d_][^\d]*)?)?")
"""`[3] Meets`, `(3)`."""
_NAMED_FIRST = re.compile(r"([^\W\d_][^\d]*?)\s*(?:[-–—:=]|\s)\s*(\d{1,3}(?:[.,]\d+)?)")
"""`Meets: 3`, and `Level 3` where the word says that a rating follows; `led a team of 3` is none."""
_NAMED_NUMBER = re.compile(r"([^\W\d_]+)\s*[-–—:=]?\s*(\d.*)")
"""`Level 3 - Proficient`."""
_LABEL_FIRST = re.compile(r"([^\W\d_][^\d]*?)\s*[(\[]\s*(\d+(?:[.,]\d+)?)(?:\s*/\s*(\d+))?\s*[)\]]")
_COMMENTED = re.compile(r"(\d{1,3}(?:[.,]\d+)?)\s*([\-–—:;,.=)(]*)[\s\-–—:;,.=)(]*([^\W\d_]\S* .+)")
"""A number with what somebody wrote to it: `3 - led the Q3 launch alone`, `3 Led the launch`; with nothing
between, small letters go on with what is counted: `3 points behind target`."""
_LINE_BELOW = re.compile(r"^(\d{1,3}(?:[.,]\d+)?)[^\S\r\n]*[\r\n]\s*(?=[^\W\d_])")
"""A number and a comment in the line below it."""
FOOTNOTES = ("*", "†", "‡")
"""Signs of footnotes."""
_MARKED = re.compile(rf"(\d{{1,3}}(?:[.,]\d+)?)\s?[{''.join(FOOTNOTES)}]{{1,3}}")
_MIXED = re.compile(r"(\d+) ([123])/([234])")
_OF = re.compile(r"(\d+(?:[.,]\d+)?)/(\d+)(?:\s*[-–—:;,.(\[]\s*([^\W\d_].*?)[)\]]?)?")
"""As `_plainly` writes what people write as `4 out of 5 stars`."""
_BESIDE = re.compile(r"\d+(?:[.,]\d+)? / [^\W\d_].*")
"""A number and another word than that of the number, `2 / Exceeds`."""
_OF_OTHERS = re.compile(r"\d+(?:[.,]\d+)?/.*")
"""What is counted where no rating is: `4 of 5 goals met`."""
_OR = re.compile(r"\d{1,3}(?:[.,]\d+)?\s+[^\W\d_]+\s+\d{1,3}(?:[.,]\d+)?")
"""Two numbers, of which none is the rating: `3 or 4`, `3 bis 4`."""
_ONE_NUMBER = re.compile(r"\d+(?:[.,]\d+)?(?:/\d+| ?%)?")
_PERCENT = re.compile(r"([+-]?\d+(?:[.,]\d+)?) ?%")
_DATE = re.compile(r"\d{4}-\d\d-\d\d(?:[ T]\d\d:\d\d.*)?|0[1-9][./](?:0[1-9]|1[0-2])\.?")
"""Also `04.05` and `04/05`, which may be what a program made of 4.5 and of 4/5."""
_STARS = re.compile(r"([★⭐](?: ?[★⭐])*) ?([½⯨⯪]?)((?: ?[☆✩])*)\s*")
_RAISED = re.compile(r"[⁰¹²³⁴-⁹₀-₉]")
_ENDLESS = re.compile(r"\d{41}")
"""A number that is no rating, and with which arithmetic takes its time."""
_FRACTIONS = {"½": ".5", "¼": ".25", "¾": ".75"}
_BECAUSE = re.compile(r"([^\W\d_][^\d:;,(]*?)\s*(?:\s[-–—]\s|[:;,(])\s*\S.*")
"""Why nobody rated, behind a word that says so: `N/A - too new`, `not rated (on leave)`."""
_WORD_FIRST = re.compile(r"([^\W\d_][^\d:;(]*?)\s*(?:\s[-–—]\s|[:;(])\s*([^\W\d_]\S* .+)")
"""A word with what somebody wrote to it: `Exceeds - led the launch alone`."""
_SIGNS_BEHIND = re.compile(r"(?:^|[^\s+−–-])\s?([+−–-]+)$")
_SIGNED_NUMBER = re.compile(r"\d{1,3}(?:[.,]\d+)?\s?[+−–-]+")
_PUNCTUATION = re.compile(r"[\s!-*,./:-@\[-`{-~…‐-—]*")
_VARIANTS = {0xFE0E: None, 0xFE0F: None}
"""Which of its two forms a sign is shown in."""
_ROUNDED_TO = Decimal("0.0001")


@dataclass(frozen=True)
class WrittenRating:
    """What one text means, before the scale is known."""

    kind: RatingKind
    number: Decimal | None = None
    """For numbers and percentages."""
    word: str = ""
    """Normalised, for words and for numbers with a word, such as `4 - Exceeds`."""
    label: str = ""
    """What stands beside a number or a word, as written."""
    written: str = ""
    """A word beside which something stands."""
    of: int | None = None
    """The best possible, where the text says it: 5 in `4/5`."""
    by: AnyRater | None = None
    """Who gave it, where the text says so: `4 (self)`."""

    @property
    def ten_thousandths(self) -> int | None:
        """The number, rounded to four decimals."""
        if self.number is None:
            return None
        return int((self.number.quantize(_ROUNDED_TO, ROUND_HALF_EVEN) * TEN_THOUSANDTHS).to_integral_value())

    @property
    def rounded(self) -> bool:
        """Whether the number has more than four decimals."""
        return self.number is not None and self.number != self.number.quantize(_ROUNDED_TO, ROUND_HALF_EVEN)


def read_written_rating(text: str) -> WrittenRating:
    """What a text in a rating column says."""
    read = _read_in_one_line(text)
    apart = _LINE_BELOW.sub(r"\1 - ", text.strip(), count=1) if read.kind == "unreadable" else text
    return read if apart == text else _read_in_one_line(apart)


def _read_in_one_line(text: str) -> WrittenRating:
    if _RAISED.search(text) or _ENDLESS.search(text):
        return WrittenRating("unreadable")
    tidied = _plainly(tidy(_with_decimals(_counted_stars(text))).lstrip("'"))
    because = _BECAUSE.fullmatch(tidied)
    if is_unrated(tidied) or (because is not None and is_unrated(because[1].strip())):
        return WrittenRating("unrated")
    if tidied.upper() in ERROR_TEXTS:
        return WrittenRating("error")
    for pattern, read in _FORMS:
        found = pattern.fullmatch(tidied)
        if found is not None:
            return read(found)
    if (named := _by_known_word(tidied)) is not None:
        return named
    said = _WORD_FIRST.fullmatch(tidied)
    if said is not None and (word := rating_word(said[1])) in _scale_words():
        if names_another_rating(said[2]):
            return WrittenRating("several")
        return WrittenRating("word", word=word, label=_unbracketed(said[2]), written=said[1])
    word = rating_word(tidied)
    if word and (not any(map(str.isdigit, word)) or _SIGNED_NUMBER.fullmatch(tidied)):
        return WrittenRating("word", word=word)
    return WrittenRating("unreadable")


def by_rater(text: str, rater_of: Callable[[str], AnyRater | None]) -> WrittenRating | None:
    """The number of a text that holds one and says who gave it, `4 (self)` or `Mgr: 4`; else None."""
    tidied = tidy(text)
    numbers = _ONE_NUMBER.findall(tidied)
    if len(numbers) != 1:
        return None
    said = tidied.replace(numbers[0], " ", 1).strip(" ()[]-–—:=,;.")
    who = rater_of(said) if said else None
    return None if who is None else replace(read_written_rating(numbers[0]), by=who)


def rating_word(text: str) -> str:
    """A word of a scale, by which it is found: `Meets+` is not `Meets`, and a sign such as `●` is itself."""
    tidied = tidy(text)
    plain = normalise(tidied)
    if not plain:
        sign = tidied.translate(_VARIANTS)
        return "" if _PUNCTUATION.fullmatch(sign) else sign
    signs = _SIGNS_BEHIND.search(tidied)
    if signs is None or not signs[1]:
        return plain
    behind = signs[1].replace("−", "-").replace("–", "-")
    return f"{plain} {' '.join('plus' if sign == '+' else 'minus' for sign in behind)}"


def _counted_stars(text: str) -> str:
    """`★★★½` as `3½`, and `★★★☆☆ - solid` as `3/5 - solid`."""
    plain = text.strip().translate(_VARIANTS)
    if (found := _STARS.match(plain)) is None:
        return text
    full, half, empty = (one.replace(" ", "") for one in found.groups())
    of, behind = f"/{len(full + half + empty)}" if empty else "", plain[found.end() :]
    between = " - " if behind[:1].isalpha() else ""
    return f"{len(full)}{'½' if half else ''}{of}{between}{behind}"


def _with_decimals(text: str) -> str:
    """`3 ½` as `3.5`."""
    for fraction, decimals in _FRACTIONS.items():
        if fraction in text:
            before = text.partition(fraction)[0].strip()
            written = decimals if before[-1:].isdigit() else "0" + decimals
            text = text.replace(fraction, written).replace(" .", ".")
    return text


def _plainly(text: str) -> str:
    """`4 pts - solid` as `4 - solid`, and `4 out of five stars` or `4 (of 5)` as `4/5`."""
    if not text[:1].isdigit():
        return text
    unit, of = _counting()
    return of.sub(lambda found: f"{found[1]}/{value_of(found[3]) or found[3]}", unit.sub(r"\1", text))


@cache
def _counting() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """What a text begins with that is a number of points, or of so many."""
    number, joined = r"^(\d+(?:[.,]\d+)?)\s*", r"(?:/|(?:of|out of|von|sur|de|sobre|su|op|em|van|z|na)\b)"
    unit = rf"(?:{'|'.join(map(re.escape, read_words('scales')['after numbers']))})(?!\w)\.?"
    best = rf"(\d+|{'|'.join(map(re.escape, words_for_numbers()))})(?:[.,]0+)?(?![\w.])"
    return (
        re.compile(rf"{number}{unit}(?=\s*(?:$|[-–—:;,(\[]|{joined}))", re.IGNORECASE),
        re.compile(rf"{number}([(\[]\s*)?{joined}\s*{best}(?:\s*{unit})?(?(2)\s*[)\]])", re.IGNORECASE),
    )


def _number(text: str) -> WrittenRating:
    if len(text) > 40:
        return WrittenRating("unreadable")
    number = Decimal(text.replace(",", "."))
    return WrittenRating("number", number) if abs(number) < 10**9 else WrittenRating("unreadable")


def _labelled(number: str, label: str) -> WrittenRating:
    if is_unrated(tidy(label)):
        return WrittenRating("unrated")
    if month_number(label.strip(" .").casefold()):
        return WrittenRating("date")
    if names_another_rating(label):
        return WrittenRating("several")
    return replace(_number(number), word=rating_word(label), label=_unbracketed(label))


def _unbracketed(label: str) -> str:
    """A text without the bracket that closes behind it and opened before it: `4 (Good)`."""
    label = label.strip()
    return label.rstrip(") ") if label.count(")") > label.count("(") else label


def _commented(number: str, between: str, comment: str) -> WrittenRating:
    return _labelled(number, comment) if between or comment[0].isupper() else WrittenRating("unreadable")


def _by_known_word(tidied: str) -> WrittenRating | None:
    """A number beside a word of a scale, `Meets: 3`, or one that says that it is a rating, `Level 3`."""
    if (found := _NAMED_NUMBER.fullmatch(tidied)) is not None and rating_word(found[1]) in _before_numbers():
        return read_written_rating(found[2])
    if (found := _NAMED_FIRST.fullmatch(tidied)) is not None and rating_word(found[1]) in _scale_words():
        return _labelled(found[2], found[1])
    return None


@cache
def _before_numbers() -> frozenset[str]:
    return frozenset(map(rating_word, read_words("scales")["before numbers"]))


@cache
def _scale_words() -> frozenset[str]:
    """The words of all known sets."""
    sets = read_words("scales")["sets"].values()
    return frozenset(rating_word(word) for steps in sets for step in steps for word in step)


def _out_of(found: re.Match[str]) -> WrittenRating:
    return _best(_labelled(found[1], found[3]) if found[3] else _number(found[1]), found[2])


def _best(rating: WrittenRating, best: str | None) -> WrittenRating:
    return replace(rating, of=int(best)) if best and rating.kind == "number" else rating


def _mixed(found: re.Match[str]) -> WrittenRating:
    share = Decimal(found[2]) / Decimal(found[3])
    return WrittenRating("number", Decimal(found[1]) + share) if share < 1 else WrittenRating("unreadable")


_FORMS = (
    (_DATE, lambda _: WrittenRating("date")),
    (_NUMBER, lambda found: _number(found[0])),
    (_PERCENT, lambda found: WrittenRating("percent", Decimal(found[1].replace(",", ".")))),
    (_MIXED, _mixed),
    (_OF, _out_of),
    (_BESIDE, lambda _: WrittenRating("several")),
    (_OF_OTHERS, lambda _: WrittenRating("unreadable")),
    (_LABELLED, lambda found: _labelled(found[1], found[2])),
    (_BRACKETED, lambda found: _labelled(found[1], found[2]) if found[2] else _number(found[1])),
    (_LABEL_FIRST, lambda found: _best(_labelled(found[2], found[1]), found[3])),
    (_OR, lambda _: WrittenRating("unreadable")),
    (_COMMENTED, lambda found: _commented(*found.groups())),
    (_MARKED, lambda found: _number(found[1])),
)


def is_marked(text: str) -> bool:
    """Whether a text is a number with the sign of a footnote: `4*`."""
    return _MARKED.fullmatch(tidy(text)) is not None


def names_another_rating(text: str) -> bool:
    """Whether a text beside a rating seems to hold one too: `calibrated to 3`, `3 - Meets`."""
    return _another_rating().search(tidy(text)) is not None


@cache
def _another_rating() -> re.Pattern[str]:
    before = "|".join(map(re.escape, sorted(read_words("scales")["another rating"], key=len, reverse=True)))
    words = "|".join(map(re.escape, sorted(_scale_words(), key=len, reverse=True)))
    number = r"\d(?:[.,]\d+)?"
    closed = r"(?=\s*(?:$|[,;)\]]|[.:](?!\d)|\b(?:after|in|during|nach|après|en|na)\b))"
    return re.compile(
        rf"(?<!\w)(?:{before})(?:[\s–—-]*{number}|\s*(?:[:=]|\b(?:to|at|as|auf|à|a)\b)\s*(?:{number}|{words}))"
        rf"(?!\w){closed}"
        rf"|(?<![\w.,]){number}\s*[-–—:=]?\s*(?:{words})(?!\w)(?=\s*(?:$|[,;)\]\d]))"
        rf"|[;|]\s*{number}\s*[-–—:=]\s*[^\W\d_]",
        re.IGNORECASE,
    )


def is_unrated(tidied: str) -> bool:
    """Whether a tidied text says that there is nothing, such as `N/A`."""
    return not tidied or tidied.casefold() in _unrated_words()


@cache
def _unrated_words() -> frozenset[str]:
    return frozenset(tidy(word).casefold() for word in read_words("cells")["not_rated"])
