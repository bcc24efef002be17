"""Names of people as different hands write them: which are surely one person's, and never two people's."""

import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from rapidfuzz import fuzz, process

from inputs.words.spelling import IN_BRACKETS, normalise, person_key, plain_id
from inputs.words.word_lists import read_words, word_key

_ID_BEHIND = re.compile(r"[(\[]([^()\[\]]*\d[^()\[\]]*)[)\]]\s*$")
_TWO_WORDS = re.compile(r"([A-Za-z]{2,}) ([A-Za-z]{2,})")
"""Most names, and those that are written in one way alone."""
_SPELLED_OUT = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ø": "oe", "å": "aa", "æ": "ae", "œ": "oe"})
_WITHOUT_MARKS = str.maketrans({"ø": "o", "æ": "ae", "œ": "oe", "ł": "l", "đ": "d", "ð": "d", "ı": "i"})
_ALIKE = 84
"""Similarity, of 100, from which a name is worth suggesting."""
_MOST_ALIKE = 3
_ENOUGH = 2
"""Words that names have in common where one of them has an initial more."""


@dataclass(frozen=True)
class NamesOfOne:
    """Names of one table that are those of another in another way of writing."""

    meant: Mapping[str, str]
    """Their name to ours, where nobody else can be meant."""
    unclear: Mapping[str, tuple[str, ...]]
    """Their name to those of ours, where somebody else can."""


@dataclass(frozen=True)
class _Form:
    """A way to write a name: its words and initials in alphabetical order."""

    words: tuple[str, ...]
    initials: tuple[str, ...]
    shortened: bool = False
    """Whether one of the initials is a word in the name as it is written."""


def have_other_ids(names: Iterable[str]) -> bool:
    """Whether names are followed by different ids: `Runa Falk (K1)` is not `Runa Falk (K2)`."""
    found = (_ID_BEHIND.search(name) for name in names)
    return len({plain_id(one[1]) for one in found if one}) > 1


def share_a_word(one: str, other: str) -> bool:
    """Whether two names have a word in common: those of two people seldom do."""
    return not set(person_key(one).split()).isdisjoint(person_key(other).split())


def are_one_name(one: str, other: str) -> bool:
    """Whether two names are one but for titles, umlauts and initials: `Dr. Anna Müller`, `MUELLER, Anna` and
    `Anna K. Muller`; not `Anna L. Muller` and `Anna K. Muller`, nor `Mr Kim Roe` and `Ms Kim Roe`."""
    if have_other_ids([one, other]) or len(_sexes(one) | _sexes(other)) > 1:
        return False
    theirs = list(_forms(other))
    return any(_agree(mine, form) for mine in _forms(one) for form in theirs)


def names_of_one(theirs: Collection[str], ours: Collection[str]) -> NamesOfOne:
    """Which of their names that we do not have are ours that they do not have; only where neither table has a
    third name that is one with either."""
    known, there = set(ours), set(theirs)
    everybody = _Names(known | there)
    meant, unclear = dict[str, str](), dict[str, tuple[str, ...]]()
    for name in sorted(there - known):
        near = everybody.near(name)
        found = sorted(near & known)
        if len(near) == len(found) == 1 and found[0] not in there and everybody.near(found[0]) == {name}:
            meant[name] = found[0]
        elif found:
            unclear[name] = tuple(found)
    return NamesOfOne(meant, unclear)


def names_like(names: Iterable[str], ours: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """For each of some names those of ours that are spelled much like it, the most alike first: `Runi Falk`
    is like `Runa Falk`. Names that none is like are left out."""
    keys = {one: person_key(one) for one in ours}
    found = {
        name: process.extract(
            person_key(name), keys, scorer=fuzz.ratio, score_cutoff=_ALIKE, limit=_MOST_ALIKE
        )
        for name in names
    }
    return {name: tuple(one for _, _, one in like) for name, like in found.items() if like}


class _Names:
    """Many names, each of which finds those that are one with it."""

    def __init__(self, names: Iterable[str]) -> None:
        self._alike: dict[tuple[str, ...], list[str]] = {}
        for name in names:
            for words in {form.words for form in _forms(name)}:
                self._alike.setdefault(words, []).append(name)

    def near(self, name: str) -> set[str]:
        """The other names that are one with it."""
        beside = {other for form in _forms(name) for other in self._alike.get(form.words, ())}
        return {other for other in beside if other != name and are_one_name(name, other)}


def _agree(one: _Form, other: _Form) -> bool:
    if one.words != other.words or (one.shortened and other.shortened):
        return False
    if one.initials == other.initials:
        return bool(one.words or one.initials)
    more = one.initials and other.initials
    return not more and not one.shortened and not other.shortened and len(one.words) >= _ENOUGH


def _forms(name: str) -> Iterator[_Form]:
    """The ways to write a name: without its titles, with umlauts as one letter and as two, and each of three
    words or more as an initial."""
    two = _TWO_WORDS.fullmatch(name)
    if two is not None and not {two[1].lower(), two[2].lower()} & _titles().keys():
        yield _Form(tuple(sorted((two[1].lower(), two[2].lower()))), ())
        return
    for spelled in dict.fromkeys((_words(name, _WITHOUT_MARKS), _words(name, _SPELLED_OUT))):
        untitled = tuple(word for word in spelled if word not in _titles())
        plain = untitled if len(untitled) >= _ENOUGH else spelled
        words = tuple(sorted(word for word in plain if len(word) > 1))
        initials = tuple(sorted(word for word in plain if len(word) == 1))
        yield _Form(words, initials)
        for at, word in enumerate(words if len(words) > _ENOUGH and not initials else ()):
            yield _Form(words[:at] + words[at + 1 :], (word[0],), shortened=True)


def _words(name: str, letters: Mapping[int, str]) -> tuple[str, ...]:
    plain = unicodedata.normalize("NFKC", IN_BRACKETS.sub(" ", name)).casefold()
    return tuple(normalise(plain.translate(letters)).split())


def _sexes(name: str) -> set[str]:
    """Whose title a name has: a man's or a woman's, or nobody's."""
    return {_titles().get(word, "") for word in _words(name, _WITHOUT_MARKS)} - {""}


@cache
def _titles() -> Mapping[str, str]:
    """The titles of people, each with whose it is where it says so."""
    whose = {"anybody": "", "men": "men", "women": "women"}
    listed = read_words("cells")["titles_of_people"]
    return {word_key(title): one for name, one in whose.items() for title in listed[name]}
