"""Words for raters and competencies that nobody has explained: asked once, whatever they stand beside."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from rapidfuzz import fuzz, process
from rapidfuzz.distance import Prefix

from inputs.asked import Asked
from inputs.phrases import counted, few
from inputs.words.lexicon import Lexicon
from inputs.words.spelling import normalise

_NAMED = 40
_ALIKE = 55
"""Similarity, of 100, from which a competency is the likely meaning of a word."""
VERY_ALIKE = 72
"""Similarity from which a name is asked about even where most names are in the rule pack."""
_SAME_LETTERS = 4
"""Letters that words of one stem have in common, at least."""
NAMES_ARE = ("name of rated columns or rows is", "names of rated columns or rows are")
"""For `counted`: how a sentence begins that says of one name, or of several, what they are not."""


@dataclass(frozen=True)
class OpenWord:
    """One word of one table that has to be explained, with what hangs on it."""

    kind: Literal["raters", "competencies"]
    """Where a mapping explains it."""
    word: str
    place: str
    """The table."""
    where: str
    """`8 columns, such as 'Facilitator: Delegation' (column K)`."""
    seen: str
    """What its cells hold, such as `2 to 5`."""
    likely: str | None = None
    """The meaning to try first."""
    beside: str = ""
    """What the words beside it were read as."""


def asked_once(open_words: Collection[OpenWord]) -> tuple[Asked, ...]:
    """One question for the words of each kind, from whatever tables they are."""
    kinds = ((words_of(kind, open_words), question) for kind, question in _QUESTIONS.items())
    return tuple(question(words) for words, question in kinds if words)


def words_of(kind: str, open_words: Collection[OpenWord]) -> list[OpenWord]:
    """The words of one kind, each once, however it is spelled."""
    different: dict[str, OpenWord] = {}
    for one in open_words:
        if one.kind == kind:
            different.setdefault(normalise(one.word) or one.word, one)
    return list(different.values())


def _about_raters(open_words: Sequence[OpenWord]) -> Asked:
    listed = few([f"'{one.word}' ({_seen(one)})" for one in open_words], _NAMED)
    who = "who rated under this word" if len(open_words) == 1 else "who rated under each of these words"
    beside = next((f" {one.beside}" for one in open_words if one.beside), "")
    answers = ", ".join(f'"{one.word}": {one.likely or "?"}' for one in open_words[:_NAMED])
    return Asked(
        f"{open_words[0].place}: {who}: {listed}?{beside}",
        f"Say it in a mapping, with `self`, `manager` or `other`: `raters: {{{answers}}}`.",
        "words",
    )


def _about_competencies(open_words: Sequence[OpenWord]) -> Asked:
    listed = few([f"'{one.word}' ({_seen(one)})" for one in open_words], 3)
    answers = ", ".join(f'"{one.word}": {one.likely or "null"}' for one in open_words[:_NAMED])
    which = "which competency of the rule pack is this" if len(open_words) == 1 else "which are these"
    return Asked(
        f"{open_words[0].place}: {which}: {listed}? {counted(len(open_words), *NAMES_ARE)} not in the "
        "rule pack.",
        "Correct what is wrong here and put it into a mapping; null means that no rule uses it: "
        f"`competencies: {{{answers}}}`.",
        "words",
    )


_QUESTIONS = {"raters": _about_raters, "competencies": _about_competencies}


def _seen(one: OpenWord) -> str:
    return f"{one.where}, {one.seen}" if one.seen else one.where


def likely_competencies(
    names: Mapping[str, str], lexicon: Lexicon, taken: Collection[str], alike: int = _ALIKE
) -> Mapping[str, str]:
    """The competency that each name most likely means, each competency once; names like none are left out.
    A name that has all words of the other, as `Coaching others` of `Coaching`, is very much like it. `names`
    are with all that stands there: `orientation` in `Result orientation`."""
    free = {
        spelling: competency
        for name, competency in lexicon.names.items()
        if competency not in taken
        for spelling in (lexicon.without_noise(name), normalise(name))
    }
    by_beginning: defaultdict[str, set[str]] = defaultdict(set)
    for spelling in free:
        for word in spelling.split():
            by_beginning[word[:_SAME_LETTERS]].add(spelling)
    found = []
    for name, header in names.items():
        words, around = normalise(name), normalise(header).split()
        near = process.extract(words, list(free), scorer=fuzz.ratio, score_cutoff=alike, limit=5)
        found += [(score, name, free[spelling]) for spelling, score, _ in near]
        beginnings = {word[:_SAME_LETTERS] for word in around}
        for spelling in set[str]().union(*(by_beginning[one] for one in beginnings if one in by_beginning)):
            if any(_has_words_of(one, spelling.split()) for one in (words.split(), around)):
                found.append((max(VERY_ALIKE, fuzz.ratio(words, spelling)), name, free[spelling]))
    likely: dict[str, str] = {}
    for _, name, competency in sorted(found, key=lambda one: (-one[0], one[1], one[2])):
        if name not in likely and competency not in likely.values():
            likely[name] = competency
    return likely


def _has_words_of(one: Sequence[str], other: Sequence[str]) -> bool:
    """Whether each word of the shorter name is a word of the longer one but for its ending: `Focus on
    customers` and `Customer focus`."""
    fewer, more = sorted((one, other), key=len)
    return any(len(word) >= _SAME_LETTERS for word in fewer) and all(
        any(_are_of_one_stem(word, another) for another in more) for word in fewer
    )


def _are_of_one_stem(one: str, other: str) -> bool:
    same = Prefix.similarity(one, other)
    return one == other or (same >= _SAME_LETTERS and 3 * same >= 2 * min(len(one), len(other)))
