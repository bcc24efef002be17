"""The names of review cycles in headers and cells: `2025`, `H1 FY26`, `2025/26`, `1H25`, `Spring 2026`,
`Cycle 1`."""

import re
from collections.abc import Mapping, Sequence
from functools import cache, partial

from inputs.words.spelling import normalise
from inputs.words.word_lists import read_words

YEAR = re.compile(r"(?:20\d\d|fy(?:\d\d|\d{4}))(?:/\d\d)?")
_PART_OF_YEAR = re.compile(r"[hqst][1-4]")
_HALF = re.compile(r"\b(?:mid|end) ?(?:of ?)?year\b|\byear ?end\b")
_TWO_YEARS = re.compile(r"\b((?:20|fy|fy20)(\d\d)) (\d\d)\b")
_YEAR_FIRST = re.compile(r"(?<![a-z0-9])((?:fy|20)\d\d)-?([hqst][1-4]|[1-4][hq])(?![a-z0-9])", re.IGNORECASE)
_PART_FIRST = re.compile(
    r"(?<![a-z0-9])(?:([1-4])([hq])|([hqst][1-4]))['’/-]?((?:fy|20)\d\d|[23]\d)?(?![a-z0-9])", re.IGNORECASE
)


def spelled_out(text: str) -> str:
    """The text with cycles that are written in one word in two: `1H25` as `H1 2025`, `Q3FY26` as `Q3 FY26`
    and `2026H1` as `2026 H1`."""
    return _PART_FIRST.sub(_in_two, _YEAR_FIRST.sub(r"\1 \2", _in_short(text)))


def _in_short(text: str) -> str:
    """`1. Halbjahr 2025` as `H1 2025`, and `second quarter` as `Q2`."""
    numbers, parts = _parts_in_words()
    for letter, pattern in parts.items():
        text = pattern.sub(partial(_with_letter, letter, numbers), text)
    return text


def _with_letter(letter: str, numbers: Mapping[str, int], found: re.Match[str]) -> str:
    return f"{letter}{numbers[(found[1] or found[2]).casefold()]}"


@cache
def _parts_in_words() -> tuple[Mapping[str, int], Mapping[str, re.Pattern[str]]]:
    """The words for the numbers of parts of a year, and how those are written, by their letters."""
    ordinals = enumerate(read_words("cells")["ordinals"], start=1)
    numbers = {word.casefold(): at for at, listed in ordinals for word in (str(at), *listed)}
    number, parts = "|".join(map(re.escape, numbers)), {}
    for letter, name in (("H", "halves"), ("Q", "quarters"), ("T", "terms")):
        part = "|".join(map(re.escape, read_words("cells")[name]))
        form = rf"(?<![^\W_])(?:({number})\.?[ -]+(?:{part})|(?:{part})[ -]+({number}))(?![^\W_])"
        parts[letter] = re.compile(form, re.IGNORECASE)
    return numbers, parts


def _in_two(found: re.Match[str]) -> str:
    part, year = found[3] or f"{found[2]}{found[1]}", found[4] or ""
    return f"{part} {'20' if len(year) == 2 else ''}{year}".strip()


def cycle_in(spoken: Sequence[str]) -> str | None:
    """The cycle that the words of a header name: `2025`, `h1 2026`, `q3`, `2025/26`, `spring 2026`."""
    joined = _named().sub(lambda found: found[0].replace(" ", "_"), " ".join(spoken))
    joined = _HALF.sub(lambda found: found[0].replace(" ", ""), joined)
    joined = _TWO_YEARS.sub(lambda two: two[0].replace(" ", "/" if _follow(two) else " "), joined)
    named = [
        word.replace("_", " ")
        for word in joined.split()
        if "_" in word or any(one.fullmatch(word) for one in (YEAR, _PART_OF_YEAR, _HALF))
    ]
    return " ".join(named) or None


def is_cycle(spoken: Sequence[str]) -> bool:
    """Whether words are a season or a month of a year, or the number of a cycle, and nothing else."""
    return _named().fullmatch(" ".join(spoken)) is not None


def season_in(spoken: Sequence[str]) -> bool:
    """Whether words name a season."""
    return not _words_for("seasons").isdisjoint(spoken)


def number_of(spoken: Sequence[str]) -> int | None:
    """The number of a cycle: 2 in `Cycle 2`, and 202602 in `Cycle 2 2026`."""
    years = [word for word in spoken if YEAR.fullmatch(word) and word.isdigit()]
    found = _numbered().fullmatch(" ".join(word for word in spoken if word not in years))
    if found is None or len(years) > 1:
        return None
    return int("".join(years)) * 100 + int(found[1]) if years else int(found[1])


@cache
def _named() -> re.Pattern[str]:
    months = {normalise(name) for names in read_words("cells")["months"] for name in names}
    part = "|".join(sorted(_words_for("seasons") | months | {name[:3] for name in months}))
    term = "|".join(sorted(_words_for("halves") | _words_for("terms") | _words_for("numbered_cycles")))
    part = rf"(?:{part})(?: (?:{term}))?"
    return re.compile(rf"\b(?:{part} 20\d\d|20\d\d {part}|{_numbered().pattern})\b")


@cache
def _numbered() -> re.Pattern[str]:
    return re.compile(rf"(?:{'|'.join(sorted(_words_for('numbered_cycles')))}) ?(\d\d?)")


@cache
def _words_for(name: str) -> frozenset[str]:
    return frozenset(map(normalise, read_words("cells")[name]))


def _follow(two: re.Match[str]) -> bool:
    return int(two[2]) + 1 == int(two[3])
