"""What else levels and competencies are called: in rows and columns of other names, and in both parts of a
heading such as `Engineer (L3)`."""

import re
from collections.abc import Iterable, Mapping, MutableMapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TypeVar

from rules.ladders.cells import number_in
from rules.ladders.grid import Text
from rules.ladders.headings import keys, means, role_of, words
from rules.ladders.ladder import LadderCompetency, LadderLevel
from rules.ladders.times import speaks_of_time
from rules.spelling import name_key

_BETWEEN = re.compile(r"\s*[\n;|/,]\s*|\s+(?:or|oder|ou)\s+")
_BOTH = re.compile(r"(\S.*?)\s*(?:\((.+)\)|\s[-–—]\s(.+)|\n(.+)|:\s(.+))", re.DOTALL)
_MOST_LETTERS = 60
_MOST_WORDS = 6
_Term = TypeVar("_Term", LadderLevel, LadderCompetency)


@dataclass(frozen=True)
class OtherName:
    """Another name of one level or competency."""

    of: str
    """Its key."""
    text: str
    place: str | None = None
    """Where it is written as one; None for a part of a heading."""


def names_in(of: str, cell: Text, heading: str = "") -> list[OtherName]:
    """The names that a cell lists; a bare number is also one after its heading, as in `Grade 5`."""
    if means("nothing", cell.text):
        return []
    whole = [cell.text] if "\n" not in cell.text and are_names([cell.text]) else []
    written = dict.fromkeys(" ".join(one.split()) for one in (*_BETWEEN.split(cell.text.strip()), *whole))
    said = [one for one in written if name_key(one) and not means("nothing", one)]
    numbered = [f"{heading} {one}" for one in said if heading and number_in(one) is not None]
    return [OtherName(of, one, cell.place) for one in (*said, *numbered)]


def are_names(texts: Sequence[str]) -> bool:
    """Whether texts can be names: short, no sentences, and not all the same."""
    parts = [one for text in texts for one in _BETWEEN.split(text.strip())]
    short = all(len(one) <= _MOST_LETTERS and len(one.split()) <= _MOST_WORDS for one in parts)
    return short and not any(text.rstrip().endswith(".") and " " in text for text in texts) and bool(parts)


def are_levels(texts: Sequence[str]) -> bool:
    """Whether texts look like the levels of a ladder: numbered upwards, or with words such as `Senior`."""
    numbers = [number_of_level(text) for text in texts]
    rising = all(one is not None for one in numbers) and all(
        (a or 0) < (b or 0) for a, b in pairwise(numbers)
    )
    return len(texts) > 1 and (rising or any(map(is_ranked, texts)))


def are_professions(names: Iterable[str]) -> bool:
    """Whether all names are those of professions, whose ladders are their own."""
    return all(name_key(name) in keys("professions") for name in names)


def without_version(name: str) -> str:
    """What a sheet is called without words such as `draft` and `v2` and without years; empty where that is
    all."""
    said = re.findall(r"[^\W_]+", _VERSION.sub(" ", name).casefold())
    return "".join(word for word in said if word not in words("versions"))


def is_version_or_language(word: str) -> bool:
    """Whether a word behind a name says which version or which language it is of: `2025`, `old`, `EN`."""
    return means("languages", word) or (any(map(str.isalnum, word)) and not without_version(word))


_VERSION = re.compile(
    r"\b(?:v|ver|version|rev|revision|fassung|stand)[ ._-]*\d+(?:[._]\d+)*\b"
    r"|\b(?:19|20)\d\d(?:[-./ ]?\d\d?)*\b",
    re.IGNORECASE,
)


def is_ranked(title: str) -> bool:
    """Whether a title has a word such as `Senior` or `Junior`."""
    return has_word("senior_words", title) or has_word("junior_words", title)


def rank_of(title: str, others: Iterable[str]) -> int | None:
    """How high a title sounds: `Junior Analyst` below `Analyst` among the others, that below `Senior
    Analyst`, and all of them below `Manager`; None where nothing tells."""
    said, ranks = _spoken(title), words("ranks")
    height = max((place for place, listed in enumerate(ranks, 1) if said & {*listed}), default=0)
    beside = " ".join(said.difference(*ranks))
    more, less = has_word("senior_words", beside), has_word("junior_words", beside)
    known = height or more or less or any(said < _spoken(other) for other in others)
    return 3 * height + more - less if known else None


def _spoken(title: str) -> set[str]:
    return {word.casefold() for word in re.findall(r"\w+", title)}


def number_of_level(title: str) -> int | None:
    """The number at the end of a title: 3 of `L3`, `PM III`."""
    found = re.search(r"(?:(\d+)|\b(I{1,3}|IV|VI{0,3}))$", title.strip())
    if found is None:
        return None
    return int(found[1]) if found[1] else _ROMAN.index(found[2]) + 1


_ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII")


def series_of(titles: Sequence[str]) -> list[str]:
    """What levels are called without their numbers, where these begin again: P and M of P1, P2, M1, M2."""
    numbers = [number_of_level(title) for title in titles]
    again = any(one and other and other <= one for one, other in pairwise(numbers))
    names = dict.fromkeys(_NUMBER.sub("", title).strip() for title in titles)
    return [*names] if again and all(name[-1:].isalpha() for name in names) else []


_NUMBER = re.compile(r"(?:\d+|\b[IV]+)$")


def has_word(listed: str, title: str) -> bool:
    """Whether a title has one of the words listed under a name."""
    return any(means(listed, word) for word in re.findall(r"\w+", title))


def bare_titles(titles: Sequence[str]) -> list[str]:
    """Titles of levels without what they all begin with, as in `Expected at L1`, or all end with."""
    for said in sorted(words("expected_of"), key=len, reverse=True):
        for pattern in (rf"{said}\s*\((.+)\)", rf"{said}\s+(\S.*)", rf"(\S.*?)\s+{said}"):
            found = [re.fullmatch(pattern, title.strip(), re.IGNORECASE | re.DOTALL) for title in titles]
            if all(found):
                return [_in_one_line(one[1]) for one in found if one]
    return [_in_one_line(title) for title in titles]


def _in_one_line(title: str) -> str:
    """`Engineer (L3)` for a heading of two lines."""
    first, *below = title.strip().splitlines() or [""]
    rest = " ".join(" ".join(below).split())
    return f"{first.strip()} ({rest})" if rest and "(" not in title else " ".join(title.split())


def parts_of_titles(titles: Mapping[str, str]) -> list[OtherName]:
    """The parts of headings that all have two, by the keys of the headings, and `5` of `Band 5`."""
    codes = [
        OtherName(key, rest)
        for key, title in titles.items()
        for first, _, rest in [title.partition(" ")]
        if role_of(first) == "level" and any(map(str.isdigit, rest)) and are_names([rest])
    ]
    return [*codes, *_both_parts(titles)]


def _both_parts(titles: Mapping[str, str]) -> list[OtherName]:
    found = {key: _BOTH.fullmatch(title.strip()) for key, title in titles.items()}
    joint = {key: title.split("/") for key, title in titles.items() if "/" in title}
    if not all(found.values()):
        return [OtherName(key, one.strip()) for key, names in joint.items() for one in names if name_key(one)]
    return [
        OtherName(key, " ".join(part.split()))
        for key, two in found.items()
        if two is not None
        for part in two.groups()
        if part and are_names([part]) and name_key(part) and not speaks_of_time(part)
    ]


def give_names(
    terms: MutableMapping[str, _Term], names: Sequence[OtherName], problems: list[str], notes: list[str]
) -> None:
    """Each term with its other names. One that is written for several names none of them, which is noted; one
    that is the title of another is a problem."""
    titles = {name_key(term.title): key for key, term in terms.items()}
    owners: dict[str, dict[str, OtherName]] = {}
    for name in names:
        owners.setdefault(name_key(name.text), {}).setdefault(name.of, name)
    for read_as, of in owners.items():
        one, written = next(iter(of.values())), [name for name in of.values() if name.place]
        owner = titles.get(read_as)
        if owner is not None and written and written[0].of != owner:
            also, title = terms[written[0].of].title, terms[owner].title
            problems.append(
                f"{written[0].place}: “{written[0].text}” is another name of “{also}” here, and “{title}” "
                f"is at {terms[owner].cell}; a sheet could mean either: leave one of them out"
            )
        elif owner is None and len(of) == 1:
            named: _Term = terms[one.of]
            terms[one.of] = replace(named, aliases=(*named.aliases, one.text))
        elif owner is None and len(written) > 1:
            several = ", ".join(f"“{terms[key].title}”" for key in of)
            notes.append(
                f"“{one.text}” ({written[0].place}) is another name of {several}, and names none of them."
            )
