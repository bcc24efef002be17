"""Questions that only a person can answer, each with answers to choose from and what each would lead to.

An answer is a piece of a mapping. It settles every column or cell of its kind, and a file of the same layout
is read with it again.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import reduce
from typing import Literal

import yaml
from pydantic import ValidationError

from inputs.asked import AS_READ, Asked
from inputs.fields import BY, BY_HEADER, FIELDS, LEVEL, OVERALL, RATERS, CommentOn, RatingOf, rating_column
from inputs.files.sheets import Sheet
from inputs.files.text_encodings import about_encoding
from inputs.fitting import require_points
from inputs.inspection import Inspection, inspection_of, mapped_table, unassessable
from inputs.loading import Loaded, as_mapped, load
from inputs.mapping import FileMapping, MappedScale, MappedTable
from inputs.phrases import counted, few
from inputs.roster import (
    FaultyFileError,
    InputError,
    MappingError,
    RatingScale,
    UnknownLevelError,
    Vocabulary,
)
from inputs.tables.joining.stacking import not_alike
from inputs.tables.layout import Column, Table, seen_tables
from inputs.tables.open_words import NAMES_ARE, OpenWord, words_of
from inputs.words.lexicon import load_lexicon
from inputs.words.names import Names, pack_names
from inputs.words.scales.kinds import NumberScale
from inputs.words.scales.seen import RatingsSeen, seen_together, words_counted, words_of_no_scale
from inputs.words.spelling import normalise
from inputs.words.texts import tidy

Kind = Literal[
    "rater",
    "competencies",
    "scale",
    "points",
    "tables",
    "columns",
    "levels",
    "cycle",
    "rows",
    "encoding",
    "file",
]
Given = Mapping[str, str]
"""What somebody answered, by the names of a question's blanks."""

NOT_USED = ""
"""Given for a column, a competency or a rating word that no rule uses."""
MOST_LEVELS = 40
"""Different texts in a column of levels, from which on it is not one."""
TOPS = (3, 4, 5, 6, 7, 10, 100)
"""Where scales of ratings usually end."""


@dataclass(frozen=True)
class Consequence:
    """What a file would give, read in a certain way."""

    people: int
    """Rows of people."""
    assessable: int
    self_ratings: int
    manager_ratings: int
    questions: int
    """Still to be answered."""
    trouble: str | None = None
    """Why it cannot be read like this at all."""


@dataclass(frozen=True)
class Choice:
    """An answer to choose with one click."""

    label: str
    given: Given
    consequence: Consequence | None = None
    """None where it was not counted."""


@dataclass(frozen=True)
class Blank:
    """One thing to fill in: chosen from `options` (value to label), or typed where there are none."""

    name: str
    label: str
    hint: str
    options: Mapping[str, str]
    likely: str = ""


@dataclass(frozen=True)
class Question:
    """One question, with everything that its answer settles."""

    id: str
    kind: Kind
    """Which mapping an answer becomes; `file`: only a change of the file itself helps."""
    title: str
    text: str
    choices: tuple[Choice, ...] = ()
    blanks: tuple[Blank, ...] = ()
    needed: bool = True
    """Whether nothing can be assessed before it is answered."""


@dataclass(frozen=True)
class Understood:
    """What files seem to hold, read in a certain way, and what is still open."""

    inspection: Inspection
    consequence: Consequence
    questions: tuple[Question, ...]
    layout: str
    """The same for files with the same sheets and headers."""


def understand(
    sheets: Sequence[Sheet], vocabulary: Vocabulary, day: date, mapping: FileMapping, *, counting: bool = True
) -> Understood:
    """Like `inspect_files`, with questions that can be answered by choosing. With `counting`, each choice
    says what it would lead to.

    Raises InputError when the sheets hold no table, MappingError when the mapping does not fit them.
    """
    try:
        loaded = load(sheets, vocabulary, day, mapping)
    except MappingError:
        raise
    except InputError as error:
        read = as_mapped(sheets, mapping)
        inspection = unassessable(read, vocabulary, str(error))
        questions = tuple(_of_unassessable(read, vocabulary, mapping, error))
        nothing = Consequence(0, 0, 0, 0, sum(one.needed for one in questions))
    else:
        inspection = inspection_of(loaded, vocabulary)
        questions = (
            *_needed(loaded, vocabulary),
            # Nobody has to answer which row counts, or how letters are written that look right.
            *(_of_answers(asked, needed=False) for asked in loaded.worth_asking),
            *_unknown_levels(loaded, vocabulary),
        )
        nothing = _consequence(loaded)
    if counting:
        questions = tuple(_with_consequences(one, sheets, vocabulary, day, mapping) for one in questions)
    return Understood(inspection, nothing, questions, _layout(inspection))


def consequence_of(
    sheets: Sequence[Sheet], vocabulary: Vocabulary, day: date, mapping: FileMapping
) -> Consequence:
    """What the sheets give with a mapping."""
    try:
        return _consequence(load(sheets, vocabulary, day, mapping))
    except InputError as error:
        return Consequence(0, 0, 0, 0, 0, str(error))


def _consequence(loaded: Loaded) -> Consequence:
    return Consequence(
        loaded.roster.people_in_file,
        loaded.roster.people.height,
        loaded.rated["self"],
        loaded.rated["manager"],
        len(loaded.questions),
    )


def _with_consequences(
    question: Question, sheets: Sequence[Sheet], vocabulary: Vocabulary, day: date, mapping: FileMapping
) -> Question:
    def counted_(choice: Choice) -> Choice:
        answered = with_answer(mapping, question.kind, choice.given)
        return replace(choice, consequence=consequence_of(sheets, vocabulary, day, answered))

    return replace(question, choices=tuple(map(counted_, question.choices)))


def _layout(inspection: Inspection) -> str:
    """The headers of the sheets that hold tables; names of files are other ones next year."""
    return "\n".join(f"{one.sheet}|{one.letter}|{normalise(one.header)}" for one in inspection.columns)


# What is asked -------------------------------------------------------------------------------------------


def _needed(loaded: Loaded, vocabulary: Vocabulary) -> Iterator[Question]:
    """The questions of a file that can be read, each once."""
    yield from _about_words(loaded.open_words, vocabulary)
    for one in _scales_asked(loaded):
        in_words = not one.mixed and one.seen.words.total() * 2 > one.seen.rated
        yield (
            _about_points(one, vocabulary.scale) if in_words else _about_scale(one, loaded, vocabulary.scale)
        )
    for asked in loaded.questions:
        if asked.about == "tables":
            yield _about_tables(asked, loaded.joined.rivals)
        elif asked.about == "columns":
            yield _about_columns(asked, loaded, vocabulary)
        elif asked.about in ("cycle", "encoding"):
            yield _of_answers(asked, needed=True)
        elif asked.about == "file":
            yield Question(f"file:{asked.text[:60]}", "file", "Something to change in the file", str(asked))


def _about_words(open_words: Sequence[OpenWord], vocabulary: Vocabulary) -> Iterator[Question]:
    for one in words_of("raters", open_words):
        seen = f", which hold {one.seen}" if one.seen else ""
        yield Question(
            f"rater:{one.word}",
            "rater",
            f"Whose ratings are under “{one.word}”?",
            f"{one.where}{seen}. {one.beside}".strip(),
            tuple(Choice(label, {one.word: rater}) for rater, label in _WHOSE.items()),
        )
    named = words_of("competencies", open_words)
    if named:
        options = {NOT_USED: "No rule uses it", **{term.id: term.title for term in vocabulary.competencies}}
        yield Question(
            "competencies",
            "competencies",
            f"Which competency is {'this' if len(named) == 1 else 'each of these'}?",
            f"{counted(len(named), *NAMES_ARE)} not in the rule pack. What is already chosen is a guess from "
            "the spelling: check each one.",
            blanks=tuple(
                Blank(one.word, one.word, f"{one.where}; {one.seen}", options, one.likely or NOT_USED)
                for one in named
            ),
        )


_WHOSE = {"manager": "The manager's", "self": "The person's own", "other": "Somebody else's: keep them apart"}


@dataclass(frozen=True)
class _ScaleAsked:
    whose: str
    """`both` where the scales of the two are one question."""
    text: str
    mixed: bool
    """Whether words among numbers are asked about too."""
    seen: RatingsSeen
    """What those ratings hold."""

    def given(self, worst: Decimal, best: Decimal, not_rated: str = "") -> Given:
        """The answer that they are on this scale."""
        given = {"whose": self.whose, "worst": f"{worst}", "best": f"{best}"}
        return {**given, "not_rated": not_rated} if not_rated else given


def _scales_asked(loaded: Loaded) -> list[_ScaleAsked]:
    asked = {rater: one.question for rater, one in loaded.scales.of_raters.items() if one.question}
    if len(asked) == len(RATERS) and asked["self"] == asked["manager"]:
        seen = seen_together([loaded.cells.seen[rater] for rater in RATERS])
        return [_ScaleAsked("both", asked["self"].text, asked["self"].about == "mixed", seen)]
    return [
        _ScaleAsked(str(rater), one.text, one.about == "mixed", loaded.cells.seen[rater])
        for rater, one in asked.items()
    ]


def _about_points(asked: _ScaleAsked, scale: RatingScale) -> Question:
    blanks = _word_blanks(asked.seen, scale.lowest, scale.highest)
    title = "Which rating does each of these words stand for?"
    about = f"{asked.text} {scale.highest} is the best on the rule pack's scale, {scale.lowest} the worst."
    told = _told("whose", asked.whose)
    return Question(f"points:{asked.whose}", "points", title, about, blanks=(*blanks, told))


def _word_blanks(seen: RatingsSeen, lowest: Decimal, highest: Decimal, name: str = "{}") -> list[Blank]:
    """One for each word, to choose one of the numbers between two, or that it is no rating."""
    parts = 2 if highest - lowest <= _HALVES else 1
    steps = range(int((highest - lowest) * parts) + 1)
    points = [format(lowest + Decimal(at) / parts, "f") for at in steps]
    options = {"?": "Choose …", **{one: one for one in points}, NOT_USED: "Not rated"}
    return [
        Blank(name.format(word), word, counted(cells, "cell"), options, "?")
        for word, cells in words_counted(seen)
    ]


def _about_scale(asked: _ScaleAsked, loaded: Loaded, scale: RatingScale) -> Question:
    by = f" ({BY[rater]})" if (rater := asked.whose) in RATERS else ""
    title, hint, words = f"Which scale are the ratings on{by}?", "another scale", list[Blank]()
    choices = tuple(_scale_choices(asked, loaded, scale))
    if asked.mixed:
        spans = [*_usual_spans(asked.seen), (scale.lowest, scale.highest)]
        lowest, highest = min(low for low, _ in spans), max(high for _, high in spans)
        title, hint = f"Which number does each word stand for{by}?", "of the numbers"
        words = _word_blanks(asked.seen, lowest, highest, _AMONG_NUMBERS)
        # That the words mean not rated is an answer only where all of them may.
        choices = choices if len(words_of_no_scale(asked.seen)) == len(words) else ()
    ends = (Blank(f"{end}", f"The {end} rating", hint, {}) for end in ("worst", "best"))
    told = _told("whose", asked.whose)
    return Question(f"scale:{asked.whose}", "scale", title, asked.text, choices, (*ends, *words, told))


_AMONG_NUMBERS = "“{}”"
"""How a blank is called after a word, which may be `best`."""
_HALVES = 10
"""The longest scale of which halves are offered."""


def _told(name: str, value: str) -> Blank:
    """What goes along with an answer, and is nothing to choose: its one option is empty of words."""
    return Blank(name, "", "", {value: ""}, value)


def _scale_choices(asked: _ScaleAsked, loaded: Loaded, scale: RatingScale) -> Iterator[Choice]:
    """The scales that the numbers seen fit best, each once; last those on which a low number is good."""
    seen = asked.seen
    # Those of the file's legends, of headers of other columns, and of the other rater.
    explained = [(one.lowest, one.highest) for one in loaded.legends if len(one.words) > 1]
    stated = [one for choice in loaded.scales.stated.values() if isinstance(one := choice.scale, NumberScale)]
    settled = [one.scale for one in loaded.scales.choices if one.question is None]
    falling = [one for one in settled if isinstance(one, NumberScale) and one.worst > one.best]
    spans = [*explained, *([(scale.lowest, scale.highest)] if seen.within(scale) else [])]
    if not explained:
        spans += _usual_spans(seen)
    rising = [(one.worst, one.best) for one in stated if one.worst < one.best and seen.within(one)]
    for worst, best in dict.fromkeys([*spans, *rising]):
        zeros = seen.zeros and worst > 0
        label = f"{worst} to {best}, and 0 means not rated" if zeros else f"{worst} to {best}"
        yield Choice(f"{label}; {best} is the best", asked.given(worst, best, "0" if zeros else ""))
    spelled = words_of_no_scale(seen)
    for worst, best in spans[:1] if spelled else ():
        named = few([f"“{word[:60]}”" for word in spelled], 6) + (" means" if len(spelled) == 1 else " mean")
        label = f"{worst} to {best}; {best} is the best, and {named} not rated"
        yield Choice(label, asked.given(worst, best, "\n".join(spelled)))
    low_first = list(dict.fromkeys(spans))
    turned = [(one.best, one.worst) for one in falling]
    for worst, best in dict.fromkeys([*turned, *(low_first[:1] if explained else low_first[-1:])]):
        yield Choice(f"{best} to {worst}: {worst} is the best", asked.given(best, worst))


def _usual_spans(seen: RatingsSeen) -> list[tuple[Decimal, Decimal]]:
    """The scales that usually have such numbers."""
    if seen.highest is None or seen.lowest is None:
        return []
    top = Decimal(next((one for one in TOPS if one * 10_000 >= seen.highest), 100))
    bottoms = [Decimal(0 if seen.lowest < 10_000 else 1), *([Decimal(1)] if seen.zeros else [])]
    return [(bottom, top) for bottom in bottoms]


def _about_tables(asked: Asked, rivals: Sequence[Table]) -> Question:
    choices = [
        Choice(
            f"Only “{table.name}”", {"table": mapped_table(table, frozenset()).model_dump_json(by_alias=True)}
        )
        for table in rivals
    ]
    together = [] if not_alike(rivals) else [Choice("All of them, as one list", {"sheets": "all"})]
    return Question("tables", "tables", "Which of these should be read?", asked.text, (*together, *choices))


def _about_columns(asked: Asked, loaded: Loaded, vocabulary: Vocabulary) -> Question:
    """Columns in doubt, each to be named; where a whole table does not say who rated, that alone is asked."""
    columns = [
        (table, column)
        for table in loaded.tables
        for column in table.columns
        if table.sheet.column(column.letter) in asked.columns
    ]
    nobodys = [one for _, one in columns if isinstance(one.role, RatingOf) and one.role.rater is None]
    if nobodys and len(nobodys) == len(columns):
        title = columns[0][0].title
        choices = tuple(Choice(label, {title: rater}) for rater, label in _WHOSE.items())
        return Question(f"rater:{title}", "rater", f"Whose ratings does “{title}” hold?", asked.text, choices)
    options = column_options(vocabulary)
    choices = tuple(
        Choice(
            label, {one.header: one.role.name if one.role and name == AS_READ else name for _, one in columns}
        )
        for label, name in asked.answers
    )
    namings = tuple(Choice(label, dict(named)) for label, named in asked.namings)
    blanks = tuple(_column_blank(one, f"column {one.letter}", options) for _, one in columns)
    title = f"What is in “{columns[0][1].header}”?" if len(columns) == 1 else "What is in these columns?"
    known = () if choices else blanks
    return Question(f"columns:{asked.text[:60]}", "columns", title, asked.text, choices + namings, known)


def _column_blank(column: Column, hint: str, options: Mapping[str, str]) -> Blank:
    likely = column.role.name if column.role else NOT_USED
    if likely not in options:
        likely, options = BY_HEADER, {BY_HEADER: "As its header says", **options}
    return Blank(column.header, column.header, hint, options, likely)


def column_options(vocabulary: Vocabulary) -> dict[str, str]:
    """Everything that a column can be, by the name that mappings use, with words for people."""
    ratings = {
        rating_column(term.id, rater): f"{term.title}: rating by {BY[rater]}"
        for term in vocabulary.competencies
        for rater in RATERS
    }
    overall = {CommentOn(OVERALL, rater).name: f"Comment by {BY[rater]}" for rater in RATERS}
    fields_ = {name: field.label.capitalize() for name, field in FIELDS.items()}
    return {NOT_USED: "Not used", **fields_, **overall, **ratings}


_TITLES: Mapping[str, tuple[Kind, str, str]] = {
    "cycle": ("cycle", "cycle", "Which cycle should be read?"),
    "encoding": ("encoding", "encoding", "Which of these is written right?"),
    "rows": ("rows", "row", "Which row of the same person counts?"),
}
"""By what a question is about: its kind, the name of its one blank, and its title."""


def _of_answers(asked: Asked, *, needed: bool) -> Question:
    """A question of which all answers are known."""
    kind, blank, title = _TITLES[asked.about]
    choices = tuple(Choice(label, {blank: name}) for label, name in asked.answers)
    return Question(kind, kind, title, asked.text, choices, needed=needed)


def _unknown_levels(loaded: Loaded, vocabulary: Vocabulary) -> Iterator[Question]:
    """Levels that the rule pack does not have, of people who are left out for it; nobody has to answer."""
    names = pack_names(vocabulary, {}, {}).levels
    issues = (one for one in loaded.roster.issues if one.kind == "unknown_level")
    counts = Counter(one.value for one in issues if one.value)
    if 0 < len(counts) <= MOST_LEVELS:
        people = counted(counts.total(), "person is", "people are")
        text = f"{people} left out, because the rule pack does not have their level."
        yield _about_levels(dict(counts.most_common()), text, names, vocabulary, needed=False)


def _about_levels(
    counts: Mapping[str, int], text: str, names: Names, vocabulary: Vocabulary, *, needed: bool
) -> Question:
    options = {NOT_USED: "None of these", **{term.id: term.title for term in vocabulary.levels}}
    likely = {text: names.id_of(text) or names.likely(text) or NOT_USED for text in counts}
    blanks = tuple(
        Blank(text, text, counted(people, "row"), options, likely[text]) for text, people in counts.items()
    )
    return Question("levels", "levels", "Which level is meant?", text, blanks=blanks, needed=needed)


def _of_unassessable(
    sheets: Sequence[Sheet], vocabulary: Vocabulary, mapping: FileMapping, why: InputError
) -> Iterator[Question]:
    """What may help where nothing can be assessed: how letters are written, the levels, or what the columns
    are."""
    doubted = about_encoding(sheets)
    if doubted is not None and doubted[1]:
        yield _of_answers(doubted[0], needed=True)
        return
    found = seen_tables(sheets, load_lexicon(vocabulary))
    tables = [table for table in found if table is not None and table.cells.height]
    names = pack_names(vocabulary, mapping.levels, {}).levels
    for table in tables:
        if LEVEL in table.by_role and isinstance(why, UnknownLevelError):
            column = table.by_role[LEVEL]
            counts = Counter(tidy(str(one)) for one in table.cells[column.letter].drop_nulls().to_list())
            if len(counts) <= MOST_LEVELS:
                text = "No level of the rule pack was found. Say which is which, or choose another rule pack."
                yield _about_levels(counts, text, names, vocabulary, needed=True)
                return
    if not tables or isinstance(why, FaultyFileError):
        yield Question("file", "file", "Something to change in the file", str(why))
        return
    options = column_options(vocabulary)
    blanks = tuple(
        _left_as_read(_column_blank(column, _sample(table, column.letter), options))
        for table in tables
        for column in table.columns
        if column.header
    )
    yield Question("columns", "columns", "What is in these columns?", str(why), blanks=blanks)


def _left_as_read(blank: Blank) -> Blank:
    """A column that nobody doubts: unless another answer is chosen, none is given."""
    others = {name: label for name, label in blank.options.items() if name != blank.likely}
    return replace(blank, options={BY_HEADER: blank.options[blank.likely], **others}, likely=BY_HEADER)


def _sample(table: Table, letter: str) -> str:
    texts = [tidy(str(one)) for one in table.cells[letter].drop_nulls().head(200).to_list()]
    return f"column {letter}: " + (", ".join(text[:24] for text in list(dict.fromkeys(texts))[:3]) or "empty")


# What an answer is ---------------------------------------------------------------------------------------


def with_answer(mapping: FileMapping, kind: Kind, given: Given) -> FileMapping:
    """The mapping with an answer. Raises InputError when what was given is no answer to such a question."""
    try:
        return merged(mapping, _PIECES[kind](given))
    except (ValidationError, InvalidOperation, KeyError) as error:
        raise InputError("This answer cannot be used; choose one of those that are offered.") from error


def merged(mapping: FileMapping, piece: FileMapping) -> FileMapping:
    """A mapping with another one laid over it."""
    changed = {name: getattr(piece, name) for name in piece.model_fields_set}
    for name in ("levels", "specialisations", "columns", "competencies", "raters", "scales"):
        if name in changed:
            changed[name] = {**getattr(mapping, name), **changed[name]}
    if "not_rated" in changed:
        changed["not_rated"] = tuple(dict.fromkeys((*mapping.not_rated, *changed["not_rated"])))
    whole = mapping.model_copy(update=changed)
    if not (mapping.tables and piece.columns):
        return whole
    return whole.model_copy(
        update={"tables": tuple(_with_columns(table, piece.columns) for table in mapping.tables)}
    )


def _with_columns(table: MappedTable, columns: Mapping[str, str | None]) -> MappedTable:
    """A listed table, in which columns are what an answer says."""
    told = {
        letter: one.model_copy(update={"taken_for": columns[one.header]}) if one.header in columns else one
        for letter, one in table.columns.items()
    }
    return table.model_copy(update={"columns": told})


def _scale(given: Given) -> FileMapping:
    worst, best = (Decimal(given[name].strip().replace(",", ".")) for name in ("worst", "best"))
    if not (worst.is_finite() and best.is_finite()) or worst == best:
        raise InputError("A scale needs two different numbers, such as 1 and 4.")
    words, unrated = _words(
        {name[1:-1]: told for name, told in given.items() if name[:1] == _AMONG_NUMBERS[0]}
    )
    require_points(words, min(worst, best), max(worst, best), "the scale")
    scale = MappedScale(worst=worst, best=best, points=words or None)
    unrated += given.get("not_rated", "").splitlines()
    return FileMapping.model_validate({"scales": {given["whose"]: scale}, "not_rated": unrated})


def _points(given: Given) -> FileMapping:
    words, unrated = _words({word: points for word, points in given.items() if word != "whose"})
    if not words:
        raise InputError("At least one word has to be a rating.")
    return FileMapping.model_validate(
        {"scales": {given["whose"]: MappedScale(points=words)}, "not_rated": unrated}
    )


def _words(told: Given) -> tuple[dict[str, Decimal], list[str]]:
    """What each word stands for, and those that mean not rated."""
    if "?" in told.values():
        raise InputError("Choose points for every word, or “Not rated”.")
    rated = {word: Decimal(points) for word, points in told.items() if points != NOT_USED}
    return rated, [word for word in told if word not in rated]


def _tables(given: Given) -> FileMapping:
    if given.get("sheets") == "all":
        return FileMapping(sheets="all")
    return FileMapping(tables=(MappedTable.model_validate_json(given["table"]),))


_PIECES: Mapping[str, Callable[[Given], FileMapping]] = {
    "rater": lambda given: FileMapping.model_validate({"raters": dict(given)}),
    "competencies": lambda given: FileMapping(competencies={k: v or None for k, v in given.items()}),
    "scale": _scale,
    "points": _points,
    "tables": _tables,
    "columns": lambda given: FileMapping(columns={k: v or None for k, v in given.items() if v != BY_HEADER}),
    "cycle": lambda given: FileMapping(cycle=given["cycle"]),
    "encoding": lambda given: FileMapping(encoding=given["encoding"]),
    "rows": lambda given: FileMapping.model_validate({"row_that_counts": given["row"]}),
    "levels": lambda given: FileMapping(levels={k: v for k, v in given.items() if v}),
}


def answers_text(mapping: FileMapping) -> str:
    """A mapping as YAML that `read_mapping` reads, with nothing in it but what was answered."""
    told = mapping.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    head = (
        "# How a file is read, as somebody answered. For next year's file of the same layout, give this one\n"
        "# along with it: nothing is asked again (`readiness assess FILE --mapping THIS_FILE`).\n"
    )
    body = yaml.safe_dump(told, allow_unicode=True, sort_keys=False, width=100) if told else "{}\n"
    return head + body


def all_answers(mapping: FileMapping, answers: Sequence[tuple[Kind, Given]]) -> FileMapping:
    """A mapping with several answers, one after the other."""
    return reduce(lambda known, one: with_answer(known, *one), answers, mapping)
