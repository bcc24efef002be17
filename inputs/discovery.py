"""What a file of ratings is about, before any rule pack knows it: levels, competencies, and their ratings."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import polars as pl

from inputs import fields
from inputs.fields import Field, Rater
from inputs.files.sheets import Sheet
from inputs.files.text_encodings import in_clear_letters
from inputs.loading import read_files
from inputs.roster import InputError, RatingScale, Vocabulary
from inputs.tables.layout import Table, match_table
from inputs.tables.legend import legends_of
from inputs.tables.values import hold_numbers, hold_ratings
from inputs.words.header_scales import without_scale
from inputs.words.lexicon import Lexicon, load_lexicon
from inputs.words.rating_words import sets_with
from inputs.words.scales.explained import rises
from inputs.words.spelling import normalise, words
from inputs.words.written_ratings import read_written_rating

OVERALL_TITLE = "Overall rating"


@dataclass(frozen=True)
class DiscoveredRating:
    """One rating by a manager, or by whoever the header does not name."""

    level: str
    competency: str
    number: Decimal | None
    word: str | None


@dataclass(frozen=True)
class Discovered:
    """What files seem to hold."""

    files: tuple[str, ...]
    levels: Mapping[str, int]
    """Each level as it is written, in the order of the file, and how many people are on it."""
    competencies: Mapping[str, tuple[str, ...]]
    """Each title, and what else a header may call it."""
    ratings: tuple[DiscoveredRating, ...]
    is_overall: bool
    """Whether there is one overall rating and nothing else."""

    @property
    def numbers(self) -> tuple[Decimal, ...]:
        """The ratings that are numbers."""
        return tuple(one.number for one in self.ratings if one.number is not None)

    @property
    def words(self) -> tuple[str, ...]:
        """The words that ratings are given in, as they are first spelled."""
        spelled: dict[str, str] = {}
        for one in self.ratings:
            if one.word is not None:
                spelled.setdefault(normalise(one.word), one.word)
        return tuple(spelled.values())

    @property
    def known_order(self) -> tuple[str, ...]:
        """The words in order, the lowest first, where exactly one known set has them all; else empty."""
        spelled = {normalise(word): word for word in self.words}
        fitting = list(sets_with(spelled).values())
        if not spelled or len(fitting) != 1:
            return ()
        return tuple(next((spelled[one] for one in step if one in spelled), step[0]) for step in fitting[0])


@dataclass(frozen=True)
class _RatingColumn:
    texts: pl.Series
    title: str
    also: str
    rater: Rater | None


def discover(paths: Sequence[Path], encoding: str | None = None) -> Discovered:
    """Look for levels, competencies and ratings; `encoding` is how letters are written, where somebody said
    it. Raises `InputError` where there are none, or where letters are not clear."""
    lexicon = load_lexicon(Vocabulary((), (), {}, RatingScale(Decimal(1), Decimal(5)), normalise))
    sheets = in_clear_letters(read_files(paths), encoding)
    matched = [match_table(sheet, lexicon) for sheet in sheets]
    tables = [table for table in matched if table is not None]
    _require_upwards(sheets, tables)
    level_of = _levels(tables)
    names = ", ".join(path.name for path in paths)
    if not level_of:
        raise InputError(
            f"{names}: no column says which level people are at. Add one with the heading Level."
        )
    found = [_of_table(table, lexicon, level_of) for table in tables]
    titles: dict[str, tuple[str, ...]] = {}
    for of_table, _ in found:
        for title, also in of_table.items():
            titles[title] = tuple(dict.fromkeys((*titles.get(title, ()), *also)))
    ratings = tuple(rating for _, some in found for rating in some)
    named = {title: also for title, also in titles.items() if not lexicon.is_overall(words(title))}
    if not titles or not ratings:
        raise InputError(
            f"{names}: no ratings were found. They belong in columns such as 'Communication (manager)', or "
            "in rows with the columns Competency, Rater and Rating."
        )
    kept = named or {OVERALL_TITLE: tuple(also for all_of in titles.values() for also in all_of)}
    if not named:
        ratings = tuple(DiscoveredRating(one.level, OVERALL_TITLE, one.number, one.word) for one in ratings)
    levels = Counter(level_of.values())
    return Discovered(
        tuple(path.name for path in paths),
        dict(levels),
        kept,
        tuple(one for one in ratings if one.competency in kept),
        is_overall=not named,
    )


def _require_upwards(sheets: Sequence[Sheet], tables: Sequence[Table]) -> None:
    """Raises `InputError` where the files say that the lowest number is the best rating: bars one step above
    such ratings would be easier ones."""
    legends = [one for one in legends_of(sheets, tables) if one.words and not (one.said or one.letters)]
    said = [f"{one.place} says {one.shown}" for one in legends if rises(one) is False]
    for column in (column for table in tables for column in table.columns):
        _, scale = without_scale(column.header)
        if scale is not None and scale[0] > scale[1]:
            said.append(f"the heading '{column.header}' says so")
    if said:
        raise InputError(
            f"The lowest number is the best rating: {said[0]}. Rules made from ratings count upwards. Make "
            "them from a matrix of what each level requires, with a line above it such as `1 is best, 6 is "
            "worst`: `readiness pack new NAME --from-matrix FILE`."
        )


def _levels(tables: Sequence[Table]) -> dict[str, str]:
    """The level of each person, by what tells people apart; each level as it is mostly spelled."""
    found: dict[str, str] = {}
    for table in tables:
        key = _key_of(table)
        if fields.LEVEL not in table.by_role or key is None:
            continue
        for person, level in zip(table.texts(key), table.texts(fields.LEVEL), strict=True):
            if person and level:
                found.setdefault(str(person), str(level))
    spelled: dict[str, Counter[str]] = {}
    for level in found.values():
        spelled.setdefault(normalise(level), Counter())[level] += 1
    return {person: spelled[normalise(level)].most_common(1)[0][0] for person, level in found.items()}


def _key_of(table: Table) -> Field | None:
    keys = (fields.EMPLOYEE_ID, fields.EMPLOYEE, fields.EMAIL, fields.EMPLOYEE_NAME)
    return next((one for one in keys if one in table.by_role), None)


def _of_table(
    table: Table, lexicon: Lexicon, level_of: Mapping[str, str]
) -> tuple[dict[str, tuple[str, ...]], list[DiscoveredRating]]:
    """The titles of what is rated, each with other spellings, and the ratings."""
    key = _key_of(table)
    people = table.texts(key) if key is not None else pl.Series([None] * len(table.rows))
    levels = [level_of.get(str(person)) for person in people]
    if fields.COMPETENCY in table.by_role:
        return _of_rows(table, lexicon, levels)
    titles: dict[str, tuple[str, ...]] = {}
    ratings: list[DiscoveredRating] = []
    columns = list(_rating_columns(table, lexicon))
    if any(column.rater is not None for column in columns):
        columns = [column for column in columns if column.rater is not None]
    raters = {column.rater for column in columns}
    counts = "manager" if "manager" in raters else next(iter(raters - {"self"}), "self")
    for column in columns:
        also = () if column.also == column.title else (column.also,)
        titles[column.title] = (*titles.get(column.title, ()), *also)
        if column.rater == counts:
            ratings += _ratings(zip(levels, [column.title] * len(levels), column.texts, strict=True))
    return titles, ratings


def _of_rows(
    table: Table, lexicon: Lexicon, levels: Sequence[str | None]
) -> tuple[dict[str, tuple[str, ...]], list[DiscoveredRating]]:
    competencies = [text or "" for text in table.texts(fields.COMPETENCY)]
    given = next((one for one in (fields.MANAGER_RATING, fields.RATING) if one in table.by_role), None)
    titles: dict[str, tuple[str, ...]] = {text: () for text in competencies if text}
    if given is None:
        return titles, []
    texts = table.texts(given)
    rows = list(zip(levels, competencies, texts, strict=True))
    if given is fields.RATING and fields.RATER in table.by_role:
        raters = [lexicon.rater(text or "") for text in table.texts(fields.RATER)]
        rows = [row for row, rater in zip(rows, raters, strict=True) if rater == "manager"]
    return titles, list(_ratings(row for row in rows if row[1]))


def _ratings(rows: "Iterator[tuple[str | None, str, str | None]]") -> Iterator[DiscoveredRating]:
    for level, competency, text in rows:
        found = read_written_rating(text or "")
        if level is None:
            continue
        if found.kind in ("number", "percent") and found.number is not None:
            yield DiscoveredRating(level, competency, Decimal(found.number), None)
        elif found.kind == "word":
            yield DiscoveredRating(level, competency, None, text)


def _rating_columns(table: Table, lexicon: Lexicon) -> Iterator[_RatingColumn]:
    """The columns that hold ratings, whatever they are of."""
    for column in table.columns:
        if isinstance(column.role, Field) and column.role not in _OVERALL_ROLES:
            continue
        texts = table.texts_of(column)
        rater, rest = _split(column.header, lexicon)
        comments = any((word,) in lexicon.comment_words for word in words(column.header))
        # Few different texts without a rater may be anything, such as offices.
        in_words = rater is not None and not comments and hold_ratings(texts)
        if not column.header or not texts.count() or not (hold_numbers(table, column) or in_words):
            continue
        title = rest if rest and not lexicon.is_overall(words(rest)) else OVERALL_TITLE
        yield _RatingColumn(texts, title, rest or title, rater)


_OVERALL_ROLES = (fields.SELF_RATING, fields.MANAGER_RATING, fields.RATING)


def _split(header: str, lexicon: Lexicon) -> tuple[Rater | None, str]:
    """Who rated by a header, and what: its text without the rater and without signs at its ends."""
    pieces = list(_PIECE.finditer(header))
    parts = (
        (header[: first.start()], header[first.start() : last.end()], header[last.end() :])
        for length in range(min(4, len(pieces)), 0, -1)
        for first, last in zip(pieces, pieces[length - 1 :], strict=False)
    )
    found = [
        (before, rater, after)
        for before, part, after in parts
        if (rater := lexicon.raters.get(words(part))) and rater != "other"
    ]
    if not found:
        return None, _tidied(header)
    # In “Developing Self and Others (manager)” the word that stands apart tells, not the first one.
    apart = (one for one in found if _ENDS_APART.search(one[0]) and _BEGINS_APART.match(one[2]))
    before, rater, after = next(apart, found[0])
    return rater, _tidied(f"{before} {after}")


_PIECE = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")
"""A word of a header: `Manager's`."""
_ENDS_APART = re.compile(r"(^|[-–—:|/_(\[{•])\s*$")
_BEGINS_APART = re.compile(r"(?i)(\s+(rating|score)s?)?(\s*($|[:|/_)\]}•])|\s+[-–—])")
"""What is before and after words of a header that stand apart from the others."""


def _tidied(text: str) -> str:
    text = re.sub(r"[(\[{][\s\W]*[)\]}]", " ", text)
    text = re.sub(r"\(?\b\d+\s*(?:-|–|to)\s*\d+\)?", " ", text)
    text = " ".join(text.split()).strip(" -–—:_/|.,;")
    return re.sub(r"(?i)\s+(rating|ratings|score|scores)$", "", text).strip(" -–—:_/|.,;")
