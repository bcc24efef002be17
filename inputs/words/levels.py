"""Level names as people write them to the rule pack's levels: whole names only, never a guess."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from rapidfuzz import fuzz, process

from inputs.roster import InputError, Vocabulary
from inputs.words.lexicon import term_keys
from inputs.words.spelling import key, normalise

_ALIKE = 60
"""Similarity, of 100, from which a level is worth suggesting."""


@dataclass(frozen=True)
class LevelNames:
    """The names of all levels of a vocabulary."""

    vocabulary: Vocabulary
    by_key: Mapping[str, str]
    """Key of a name to the level id."""
    titles: Mapping[str, str]
    """Level id to title."""
    spellings: Mapping[str, str] = field(repr=False)
    """Normalised name to the level id, for suggestions."""

    def level(self, text: str) -> str | None:
        """The level that a name means, or None."""
        return self.by_key.get(key(text))

    def suggestion(self, text: str) -> str | None:
        """The title of the level whose name is most like the text, or None when none is like it."""
        found = process.extractOne(
            normalise(text), list(self.spellings), scorer=fuzz.token_sort_ratio, score_cutoff=_ALIKE
        )
        return None if found is None else self.titles[self.spellings[found[0]]]


def level_names(vocabulary: Vocabulary, mapped: Mapping[str, str] | None = None) -> LevelNames:
    """The names of a vocabulary's levels; a name that two levels share means neither.

    `mapped` says which level other names mean. Raises InputError when it names a level that does not exist.
    """
    owners: dict[str, set[str]] = {}
    spellings: dict[str, str] = {}
    for term in vocabulary.levels:
        for name in term_keys(term):
            owners.setdefault(name, set()).add(term.id)
        for name in (term.title, *term.aliases):
            spellings.setdefault(normalise(name), term.id)
    by_key = {name: next(iter(ids)) for name, ids in owners.items() if len(ids) == 1}
    for text, name in (mapped or {}).items():
        if key(name) not in by_key:
            known = ", ".join(term.id for term in vocabulary.levels)
            raise InputError(f"The mapping takes '{text}' for the level '{name}', which is none of: {known}.")
        by_key[key(text)] = by_key[key(name)]
    return LevelNames(vocabulary, by_key, {term.id: term.title for term in vocabulary.levels}, spellings)
