"""Names of levels and specialisations as people write them: whole names of the rule pack, never a guess; a
code such as `P2` may stand beside one."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import polars as pl
from rapidfuzz import fuzz, process

from inputs.roster import MappingError, Term, Vocabulary
from inputs.words.lexicon import term_keys
from inputs.words.spelling import normalise
from inputs.words.texts import each

_ALIKE = 60
"""Similarity, of 100, from which a name is worth suggesting."""
_MISSPELT = 85
"""Similarity from which a text is that name but for a slip or two."""
_CODE = r"[A-Za-z]{1,6}[.-]?\d{1,2}[A-Za-z]?"
_IS_CODE = re.compile(rf"{_CODE}|[A-Za-z]{{1,6}} \d{{1,2}}|\d{{2,8}}")
"""`P2`, `IC-5`, `Grade 7`, or the number of a job."""
_BETWEEN = re.compile(r"\s*[()\[\]/|:;,]\s*|\s+[-–—]\s+|(?<=\d)\s*[-–—]\s*")
_BESIDE = re.compile(rf"(?P<before>{_CODE})\s+(?P<name>.+)|(?P<named>.+)\s+(?P<behind>{_CODE})")
"""`IC4 Product Manager`, `Product Manager L4`."""


@dataclass(frozen=True)
class Names:
    """The names of all levels, or of all specialisations."""

    titles: Mapping[str, str]
    """Id to title."""
    name_key: Callable[[str], str]
    by_key: Mapping[str, str]
    """Key of a name to the id."""
    spellings: Mapping[str, str] = field(repr=False)
    """Normalised name to the id, for suggestions."""

    def id_of(self, text: str) -> str | None:
        """The id that a name means, or None."""
        return self.by_key.get(self.name_key(text)) or self._beside_code(text)

    def plain(self, text: str) -> str:
        """What all names of one thing have in common, and all spellings of one that is not known."""
        return self.id_of(text) or self.name_key(text)

    def has_code(self, text: str) -> bool:
        """Whether a text is a name by what stands beside a code, as `P2 - Product Manager`."""
        return self.name_key(text) not in self.by_key and self._beside_code(text) is not None

    def _beside_code(self, text: str) -> str | None:
        """The id of the one name in a text whose other parts are codes."""
        spaced = _BESIDE.fullmatch(text)
        alone = None if spaced is None else spaced["name"] or spaced["named"]
        for parts in (_BETWEEN.split(text), [alone or ""]):
            known = {part: self.by_key.get(self.name_key(part)) for part in parts if part}
            ids = set(known.values()) - {None}
            if len(ids) == 1 and all(one or _IS_CODE.fullmatch(part) for part, one in known.items()):
                return ids.pop()
        return None

    def ids_of(self, texts: pl.Series) -> pl.Series:
        """The ids that names mean, null where they mean none."""
        return each(texts, self.id_of)

    def likely(self, text: str) -> str | None:
        """The id of the name that a text misspells, else of the longest one in it, as in `Senior
        Manager, North`. It is to be asked about, as `Assistant to the Senior Manager` is nobody's level."""
        if (misspelt := self._most_like(text, _MISSPELT)) is not None:
            return misspelt
        spoken = f" {normalise(text)} "
        inside = [name for name in self.spellings if name and f" {name} " in spoken]
        longest = max(map(len, inside), default=0)
        ids = {self.spellings[name] for name in inside if len(name) == longest}
        return ids.pop() if len(ids) == 1 else None

    def suggestion(self, text: str) -> str | None:
        """The title whose name is in the text, or is most like it, or None when none is like it."""
        near = self.likely(text) or self._most_like(text, _ALIKE)
        return None if near is None else self.titles[near]

    def _most_like(self, text: str, alike: int) -> str | None:
        scorer = fuzz.token_sort_ratio
        found = process.extractOne(normalise(text), list(self.spellings), scorer=scorer, score_cutoff=alike)
        return None if found is None else self.spellings[found[0]]

    def remedy(self, text: str) -> str:
        """What would be right in place of a text that is none of the names."""
        near = self.suggestion(text)
        if near is not None:
            return f"If {near} is meant, write that, or say so in a mapping."
        return f"Write one of: {', '.join(self.titles.values())}."


@dataclass(frozen=True)
class PackNames:
    """The names of a rule pack that cells can hold."""

    levels: Names
    specialisations: Names
    next_levels: Mapping[str, tuple[str, ...]]
    """As in `Vocabulary`."""


def pack_names(
    vocabulary: Vocabulary,
    levels: Mapping[str, str] | None = None,
    specialisations: Mapping[str, str] | None = None,
) -> PackNames:
    """The names of a vocabulary, and those that a mapping gives to `levels` and `specialisations`. Raises
    InputError when the mapping names one that does not exist."""
    key = vocabulary.name_key
    return PackNames(
        _names("level", vocabulary.levels, key, levels or {}),
        _names("specialisation", vocabulary.specialisations, key, specialisations or {}),
        vocabulary.next_levels,
    )


def _names(
    what: str, terms: Sequence[Term], name_key: Callable[[str], str], mapped: Mapping[str, str]
) -> Names:
    """A name that two terms share means neither."""
    owners: dict[str, set[str]] = {}
    spellings: dict[str, str] = {}
    for term in terms:
        for name in term_keys(term, name_key):
            owners.setdefault(name, set()).add(term.id)
        for name in (term.title, *term.aliases):
            spellings.setdefault(normalise(name), term.id)
    by_key = {name: next(iter(ids)) for name, ids in owners.items() if len(ids) == 1}
    for text, name in mapped.items():
        if name_key(name) not in by_key:
            known = ", ".join(term.id for term in terms) or "nothing: the rule pack has none"
            raise MappingError(
                f"The mapping takes '{text}' for the {what} '{name}', which is not one of: {known}."
            )
        by_key[name_key(text)] = by_key[name_key(name)]
    return Names({term.id: term.title for term in terms}, name_key, by_key, spellings)
