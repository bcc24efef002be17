"""What a header can mean: the words people use, as data, together with the rule pack's own words."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import cast

import yaml

from inputs.roster import RATERS, Rater, Term, Vocabulary, rating_column
from inputs.spelling import key, words

Phrase = tuple[str, ...]


@dataclass(frozen=True)
class Role:
    """What a column is taken for."""

    name: str
    """A field such as `employee_id`, a rating such as `communication:self`, a comment such as
    `comment:communication:self`, or `rater_unknown:communication`."""
    why: str


@dataclass(frozen=True)
class Lexicon:
    """Everything that a header is compared with."""

    fields: Mapping[str, str]
    """Key of a known spelling to the field."""
    competencies: Mapping[str, tuple[str, ...]]
    """Key of a name to the competencies that have it: more than one when the pack's names overlap."""
    titles: Mapping[str, str]
    """Competency id to its title."""
    raters: Mapping[Phrase, Rater]
    rating_words: frozenset[Phrase]
    comment_words: frozenset[Phrase]
    overall_words: frozenset[Phrase]

    def role(self, header: str) -> Role | None:
        """What a header means, or None."""
        outside, inside = _split_hint(header)
        for text in dict.fromkeys((header, outside)):
            field = self.fields.get(key(text))
            if field is not None:
                return Role(field, "known name")
        return self._spoken_role(words(header)) or self._spoken_role(words(outside + " " + inside))

    def _spoken_role(self, spoken: Phrase) -> Role | None:
        comment, rest = _without(spoken, self.comment_words)
        found = dict.fromkeys(self._readings(rest, comment))
        if len(found) == 1:
            return next(iter(found))
        competency = self._competency(rest)
        if competency is None or found:
            return None
        return Role(f"comment_rater_unknown:{competency}" if comment else f"rater_unknown:{competency}", "")

    def _readings(self, spoken: Phrase, comment: bool) -> Iterable[Role]:
        """Every way to split the words into a rater and what was rated."""
        for start in range(len(spoken)):
            for end in range(start + 1, len(spoken) + 1):
                rater = self.raters.get(spoken[start:end])
                if rater is None:
                    continue
                rest = spoken[:start] + spoken[end:]
                competency = self._competency(rest)
                if competency is not None:
                    title = self.titles[competency]
                    name = rating_column(competency, rater)
                    said = f"{'comment' if comment else 'rating'} of {title} by {_BY[rater]}"
                    yield Role(f"comment:{name}" if comment else name, said)
                elif comment and self._is_overall(rest):
                    yield Role(f"comment:overall:{rater}", f"overall comment by {_BY[rater]}")

    def _competency(self, spoken: Phrase) -> str | None:
        for candidate in (spoken, self._trimmed(spoken)):
            found = self.competencies.get("".join(candidate), ())
            if len(found) == 1:
                return found[0]
        return None

    def _trimmed(self, spoken: Phrase) -> Phrase:
        """The words without those at either end that carry no meaning."""
        longest = max(map(len, self.rating_words))
        changed = True
        while changed and spoken:
            changed = False
            for length in range(min(longest, len(spoken)), 0, -1):
                if spoken[:length] in self.rating_words:
                    spoken, changed = spoken[length:], True
                    break
                if spoken[-length:] in self.rating_words:
                    spoken, changed = spoken[:-length], True
                    break
        return spoken

    def _is_overall(self, spoken: Phrase) -> bool:
        rest = self._trimmed(spoken)
        return not rest or rest in self.overall_words


_BY: Mapping[Rater, str] = {"self": "the person", "manager": "the manager"}


def load_lexicon(vocabulary: Vocabulary) -> Lexicon:
    """The lexicon for one rule pack's vocabulary."""
    known = read_words("columns")
    competencies: dict[str, tuple[str, ...]] = {}
    for term in vocabulary.competencies:
        for name in term_keys(term):
            competencies[name] = (*competencies.get(name, ()), term.id)
    fields = {key(spelling): field for field, spellings in known["fields"].items() for spelling in spellings}
    fields |= {key(field): field for field in known["fields"]}
    return Lexicon(
        fields=fields,
        competencies=competencies,
        titles={term.id: term.title for term in vocabulary.competencies},
        raters={words(spelling): rater for rater in RATERS for spelling in known["raters"][rater]},
        rating_words=frozenset(words(text) for text in known["rating_words"]),
        comment_words=frozenset(words(text) for text in known["comment_words"]),
        overall_words=frozenset(words(text) for text in known["overall_words"]),
    )


def term_keys(term: Term) -> tuple[str, ...]:
    """The different keys of a term's id, title and aliases."""
    return tuple(dict.fromkeys(key(name) for name in (term.id, term.title, *term.aliases)))


@cache
def read_words(name: str) -> dict[str, dict[str, list[str]]]:
    """The data file `words/<name>.yaml`."""
    text = files("inputs").joinpath("words", f"{name}.yaml").read_text(encoding="utf-8")
    return cast(dict[str, dict[str, list[str]]], yaml.safe_load(text))


def _split_hint(header: str) -> tuple[str, str]:
    """`Hire date (DD/MM/YYYY)` is `Hire date` and the hint in brackets."""
    for opening, closing in ("()", "[]", "{}"):
        before, found, rest = header.partition(opening)
        inside, closed, after = rest.partition(closing)
        if found and closed:
            return f"{before} {after}".strip(), inside
    return header, ""


def _without(spoken: Phrase, removed: frozenset[Phrase]) -> tuple[bool, Phrase]:
    """Whether one of the phrases is in the words, and the words without it."""
    for start in range(len(spoken)):
        for end in range(len(spoken), start, -1):
            if spoken[start:end] in removed:
                return True, spoken[:start] + spoken[end:]
    return False, spoken
