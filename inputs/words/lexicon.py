"""What a header can mean: the words people use, as data, together with the rule pack's own words."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Any, Literal

import yaml
from rapidfuzz import fuzz, process

from inputs.fields import BY, FIELDS, OVERALL, RATERS, RATING_BY, CommentOn, Field, Rater, RatingOf, Role
from inputs.roster import Term, Vocabulary
from inputs.words.spelling import normalise, words

Phrase = tuple[str, ...]
Scale = tuple[Decimal, Decimal]
"""The worst and the best rating."""
AnyRater = Rater | Literal["other"]

_LOADER = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
"""The fast one of the two where the library was built with it."""
_ALIKE = 84
"""Similarity, of 100, from which a spelling is worth suggesting."""
_SCALE_HINT = re.compile(
    r"(?:scale|skala|échelle|escala)?:?\s*\b(?P<worst>\d{1,3})\s*(?:-|–|—|to|bis|à|\.\.)\s*(?P<best>\d{1,3})\b"
    r"|(?:/|out of|max\.?|von|sur)\s*(?P<top>\d{1,3})\b",
    re.IGNORECASE,
)
_NAMED_ENDS = re.compile(
    r"\(?\s*(?P<first>\d{1,3})\s*[=:]\s*(?P<low>[^\W\d]+)\s*(?:[-–—,;/]|to|bis|à)?\s*"
    r"(?P<last>\d{1,3})\s*[=:]\s*(?P<high>[^\W\d]+)\s*\)?",
    re.IGNORECASE,
)
"""Both ends of a scale with a word each: `1 = low, 5 = high`."""
_LONGEST_HEADER = 300
_NOISE = re.compile(r"20\d\d|\d{1,2}|[a-z]\d{1,2}|fy\d{2,4}")


@dataclass(frozen=True)
class Meaning:
    """What a header means."""

    role: Role | None
    """None for a column that is understood, but not used."""
    why: str
    weak: bool = False
    """Whether it gives way to a clearer column for the same thing."""
    scale: Scale | None = None
    """When the header says so: `Communication (1-10)`."""


@dataclass(frozen=True)
class Suggestion:
    """What a header looks like, which is never taken without being confirmed."""

    role: Role
    spelling: str


@dataclass(frozen=True)
class Lexicon:
    """Everything that a header is compared with."""

    name_key: Callable[[str], str]
    """As in `Vocabulary`."""
    fields: Mapping[str, Field]
    """Key of a known spelling to the field."""
    weak: frozenset[str]
    competencies: Mapping[str, tuple[str, ...]]
    """Key of a name to the competencies that have it: more than one when the pack's names overlap."""
    titles: Mapping[str, str]
    """Competency id to its title."""
    raters: Mapping[Phrase, AnyRater]
    rating_words: frozenset[Phrase]
    comment_words: frozenset[Phrase]
    overall_words: frozenset[Phrase]
    spellings: Mapping[str, Role] = field(repr=False)
    """Normalised spelling to the role it would be, for suggestions."""
    _known: dict[str, Meaning | None] = field(default_factory=dict, init=False, repr=False, compare=False)

    def meaning(self, header: str) -> Meaning | None:
        """What a header means, or None."""
        if header not in self._known:
            # Most of what is asked are cells of the first rows: numbers and dates.
            may_be = len(header) <= _LONGEST_HEADER and any(map(str.isalpha, header))
            self._known[header] = self._meaning(header) if may_be else None
        return self._known[header]

    def suggestion(self, header: str) -> Suggestion | None:
        """The known spelling that is most like a header, or None when none is like it."""
        name = normalise(header)
        if len(name) < 4:
            return None
        found = process.extractOne(name, list(self.spellings), scorer=fuzz.ratio, score_cutoff=_ALIKE)
        return None if found is None else Suggestion(self.spellings[found[0]], found[0])

    def competency(self, text: str) -> str | None:
        """The competency that a name means, or None."""
        return self._competency(words(text))

    def rater(self, text: str) -> AnyRater | None:
        """The rater that the words name, or None."""
        spoken = words(text)
        return self.raters.get(spoken) or self.raters.get(self._trimmed(spoken))

    def rater_of_title(self, title: str) -> Rater | None:
        """The one rater that the title of a sheet or file names: `Self ratings`, `Manager_2026`."""
        spoken = words(title)
        found = {
            rater
            for start in range(len(spoken))
            for end in range(start + 1, len(spoken) + 1)
            if (rater := self.raters.get(spoken[start:end])) is not None
        }
        named: list[Rater] = [rater for rater in RATERS if rater in found]
        return named[0] if len(named) == 1 and len(found) == 1 else None

    def _meaning(self, header: str) -> Meaning | None:
        plain, scale = _without_scale(header)
        outside, inside = _split_hint(plain)
        for key in dict.fromkeys(map(self.name_key, (header, plain, outside))):
            if key in self.fields and key not in self.competencies:
                return Meaning(self.fields[key], "known name", key in self.weak, scale)
        for spoken in dict.fromkeys((words(plain), words(f"{outside} {inside}"), words(outside))):
            meaning = self._spoken(spoken, scale)
            if meaning is not None:
                return meaning
        return None

    def _spoken(self, spoken: Phrase, scale: Scale | None) -> Meaning | None:
        """The one way to understand the words of a header, or None."""
        comment, rest = _without(spoken, self.comment_words)
        found = dict.fromkeys(self._interpretations(rest, comment, scale))
        if len(found) == 1:
            return next(iter(found))
        competency = self._competency(rest)
        if competency is None or found:
            return None
        title = self.titles[competency]
        if comment:
            return Meaning(CommentOn(competency, None), f"comment on {title}, without saying by whom")
        return Meaning(RatingOf(competency, None), f"rating of {title}, without saying by whom", scale=scale)

    def _interpretations(self, spoken: Phrase, comment: bool, scale: Scale | None) -> Iterable[Meaning]:
        """Every way to split the words into a rater and what was rated."""
        for start in range(len(spoken)):
            for end in range(start + 1, len(spoken) + 1):
                rater = self.raters.get(spoken[start:end])
                if rater is None:
                    continue
                rest = spoken[:start] + spoken[end:]
                competency = self._competency(rest)
                if competency is not None:
                    yield self._rated(competency, rater, comment, scale)
                elif rater != "other" and self._is_overall(rest):
                    yield self._overall(rest, rater, comment, scale)

    def _rated(self, competency: str, rater: AnyRater, comment: bool, scale: Scale | None) -> Meaning:
        title = self.titles[competency]
        if rater == "other":
            return Meaning(None, f"{title} as others see it, which is kept apart from the manager's rating")
        if comment:
            return Meaning(CommentOn(competency, rater), f"comment on {title} by {BY[rater]}")
        return Meaning(RatingOf(competency, rater), f"rating of {title} by {BY[rater]}", scale=scale)

    def _overall(self, spoken: Phrase, rater: Rater, comment: bool, scale: Scale | None) -> Meaning:
        if comment:
            return Meaning(CommentOn(OVERALL, rater), f"overall comment by {BY[rater]}")
        if spoken and self._trimmed(spoken) in self.overall_words:
            return Meaning(None, "an overall rating; the rules work on competencies")
        return Meaning(RATING_BY[rater], f"rating by {BY[rater]}", scale=scale)

    def _competency(self, spoken: Phrase) -> str | None:
        for candidate in (spoken, self._trimmed(spoken)):
            found = self.competencies.get(self.name_key(" ".join(candidate)), ())
            if len(found) == 1:
                return found[0]
        return None

    def _trimmed(self, spoken: Phrase) -> Phrase:
        """The words without those at either end that carry no meaning."""
        while spoken:
            for length in (3, 2, 1):
                if length <= len(spoken) and self._is_noise(spoken[:length]):
                    spoken = spoken[length:]
                    break
                if length <= len(spoken) and self._is_noise(spoken[-length:]):
                    spoken = spoken[:-length]
                    break
            else:
                return spoken
        return spoken

    def _is_noise(self, spoken: Phrase) -> bool:
        return spoken in self.rating_words or (len(spoken) == 1 and _NOISE.fullmatch(spoken[0]) is not None)

    def _is_overall(self, spoken: Phrase) -> bool:
        rest = self._trimmed(spoken)
        return not rest or rest in self.overall_words


def load_lexicon(vocabulary: Vocabulary) -> Lexicon:
    """The lexicon for one rule pack's vocabulary."""
    known, key = read_words("columns"), vocabulary.name_key
    competencies: dict[str, tuple[str, ...]] = {}
    spellings: dict[str, Role] = {}
    for term in vocabulary.competencies:
        for name in term_keys(term, key):
            competencies[name] = (*competencies.get(name, ()), term.id)
        for rater in RATERS:
            for spelling in (f"{term.title} {rater}", f"{rater} {term.title}"):
                spellings[normalise(spelling)] = RatingOf(term.id, rater)
    fields: dict[str, Field] = {}
    for name, listed in known["fields"].items():
        fields |= {key(spelling): FIELDS[name] for spelling in (*listed, name)}
        spellings |= {normalise(spelling): FIELDS[name] for spelling in listed if len(spelling) >= 4}
    raters: dict[Phrase, AnyRater] = {
        words(text): rater for rater in RATERS for text in known["raters"][rater]
    }
    raters |= {words(text): "other" for text in known["other_raters"]}
    return Lexicon(
        name_key=key,
        fields=fields,
        weak=frozenset(map(key, known["weak"])),
        competencies=competencies,
        titles={term.id: term.title for term in vocabulary.competencies},
        raters=raters,
        rating_words=frozenset(map(words, known["rating_words"])),
        comment_words=frozenset(map(words, known["comment_words"])),
        overall_words=frozenset(map(words, known["overall_words"])),
        spellings=spellings,
    )


def term_keys(term: Term, name_key: Callable[[str], str]) -> tuple[str, ...]:
    """The different keys of a term's id, title and aliases."""
    return tuple(dict.fromkeys(map(name_key, (term.id, term.title, *term.aliases))))


@cache
def read_words(name: str) -> dict[str, Any]:
    """The data file `words/<name>.yaml`."""
    text = files("inputs.words").joinpath(f"{name}.yaml").read_text(encoding="utf-8")
    # The base loader leaves words such as `on` and `no` the texts that they are.
    found = yaml.load(text, Loader=_LOADER)
    assert isinstance(found, dict)
    return found


def _split_hint(header: str) -> tuple[str, str]:
    """`Hire date (DD/MM/YYYY)` is `Hire date` and the hint in brackets."""
    for opening, closing in ("()", "[]", "{}"):
        before, found, rest = header.partition(opening)
        inside, closed, after = rest.partition(closing)
        if found and closed:
            return f"{before} {after}".strip(), inside
    return header, ""


def _without_scale(header: str) -> tuple[str, Scale | None]:
    """The header without the scale that it names, and that scale."""
    ends = _NAMED_ENDS.search(header)
    if ends is not None and ends["first"] != ends["last"]:
        known = read_words("scales")["ends"]
        meant = [
            next((name for name in known if normalise(ends[end]) in map(normalise, known[name])), "")
            for end in ("low", "high")
        ]
        pair = Decimal(ends["first"]), Decimal(ends["last"])
        if sorted(meant) == ["best", "worst"]:
            return header.replace(ends[0], " "), pair if meant[0] == "worst" else pair[::-1]
    found = _SCALE_HINT.search(header)
    if found is None or found["worst"] is None:
        return (header if found is None else header.replace(found[0], " "), None)
    worst, best = Decimal(found["worst"]), Decimal(found["best"])
    if worst == best:
        return header, None
    return header.replace(found[0], " "), (worst, best)


def _without(spoken: Phrase, removed: frozenset[Phrase]) -> tuple[bool, Phrase]:
    """Whether one of the phrases is in the words, and the words without it."""
    for start in range(len(spoken)):
        for end in range(len(spoken), start, -1):
            if spoken[start:end] in removed:
                return True, spoken[:start] + spoken[end:]
    return False, spoken
