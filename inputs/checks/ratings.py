"""Rating columns to whole units of the rule pack's scale, and a fault for every cell that does not fit."""

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from functools import partial
from itertools import islice

import polars as pl

from inputs.asked import AS_READ, Asked, ask_about_columns, mapped
from inputs.fields import BY, RATERS, AnyRater, Rater, RatingOf
from inputs.own_scale import OwnScale
from inputs.phrases import counted, few, join, tally
from inputs.roster import UNITS_PER_POINT, RatingScale
from inputs.tables.contents import SourceColumn
from inputs.words.legends import Legend
from inputs.words.lexicon import BY_MAPPING
from inputs.words.numerals import is_surely_number, value_of
from inputs.words.rating_words import is_word_of_a_scale
from inputs.words.scales.choosing import (
    beside_stated,
    beside_turned,
    choose_scales,
    choose_stated,
    misfit_question,
    wide_warning,
)
from inputs.words.scales.in_words import words_read
from inputs.words.scales.kinds import (
    NumberScale,
    PercentScale,
    RaterScale,
    ScaleChoice,
    WordScale,
    contradicts,
    units_of,
    units_of_points,
    units_on,
)
from inputs.words.scales.seen import STRAY_CELLS, RatingsSeen, many, seen_together
from inputs.words.texts import Fault, tidy
from inputs.words.written_ratings import (
    TEN_THOUSANDTHS,
    RatingKind,
    WrittenRating,
    by_rater,
    rating_word,
    read_written_rating,
)

_UNITS_PER_PART = UNITS_PER_POINT // TEN_THOUSANDTHS
_NEARLY = 1e-7
"""How far a binary number times 10,000 may be from the whole number that it stands for."""
_LARGE = 2.0**31
"""Numbers of 214,748 and more are no ratings, and are kept as texts."""
_PLUSES = re.compile(r"\+{1,3}")
_SIGNS = re.compile(r"[-−–]{1,3}|[+]{1,3}|\+/-|±|[oO0]")
_NUMERAL = re.compile(r"([^\W\d_]+)(?:\s*[-–—:.)(=]\s*([^\W\d_][^\d]*))?")
"""A number without digits, and what may stand behind it."""
_REMEDIES: Mapping[RatingKind, str] = {
    "date": (
        "The spreadsheet program probably turned something like 3-4 into a date, or shows a number as one. "
        "Write the rating again, as a number, into a cell that is not formatted as a date."
    ),
    "several": "Leave the one that counts in the cell, and put the other into a column of comments.",
    "comment": (
        "Write the rating in front of it, as in '4 - led it alone', or leave it if there is no rating."
    ),
}


@dataclass(frozen=True)
class RatedCells:
    """The rating columns before their scale is known."""

    columns: Mapping[RatingOf, SourceColumn]
    numbers: pl.DataFrame
    """In ten-thousandths (Int32), a column for each rating; null where the cell is not a plain number."""
    others: Mapping[RatingOf, pl.DataFrame]
    """`at` and `text` of the cells that are not plain numbers."""
    written: Mapping[str, WrittenRating]
    """What each of those texts means."""
    seen: Mapping[Rater, RatingsSeen]
    stated: Mapping[RatingOf, RatingsSeen]
    """Of the columns whose headers name a scale, beside columns of the rater with none or another."""

    def stated_of(self, rater: Rater) -> list[RatingsSeen]:
        """Of each of a rater's scales that not all headers name."""
        return list({one.hint: one for role, one in self.stated.items() if role.rater == rater}.values())


@dataclass(frozen=True)
class Scales:
    """The scale that each column is read on."""

    of_raters: Mapping[Rater, ScaleChoice]
    stated: Mapping[RatingOf, ScaleChoice]
    """Of columns whose headers name one that is not that of all of the rater's."""

    def of(self, role: RatingOf) -> ScaleChoice:
        """The scale of a column."""
        return self.stated.get(role) or self.of_raters[role.known_rater]

    @property
    def choices(self) -> tuple[ScaleChoice, ...]:
        """All of them."""
        return (*self.of_raters.values(), *self.stated.values())


@dataclass(frozen=True)
class RatedColumn:
    """One rating column on the rule pack's scale."""

    units: pl.Series
    faults: tuple[Fault, ...]
    rounded: tuple[str, ...]
    """Texts with more than four decimals."""
    unrated: Mapping[str, int]
    """Words read as not rated, with their counts."""


@dataclass(frozen=True)
class KnownOfRatings:
    """What is known of ratings before anybody looks at them."""

    pack: RatingScale
    not_rated: frozenset[str]
    """Tidied texts that mean: not rated."""
    declared: Mapping[Rater, RaterScale]
    """The scales that a person gave: no word beside numbers contradicts them."""
    rater_of: Callable[[str], AnyRater | None]
    """The rater whom the words beside a rating name."""
    headers_first: bool = False
    """Whether they are not those of columns whose headers all name others."""
    names: Collection[str] = ()
    """What the file calls ratings."""

    @property
    def words(self) -> set[str]:
        """Words that are ratings, whatever they mean elsewhere: of these scales, of the rule pack's, such as
        None, and of the file."""
        words = {rating_word(word) for word in (*self.pack.words, *self.pack.meanings.values(), *self.names)}
        given = self.declared.values()
        words = words.union(*(scale.points for scale in given if isinstance(scale, WordScale)))
        return words.union(*(scale.by_word for scale in given if isinstance(scale, NumberScale)))


def rated_cells(
    columns: Mapping[RatingOf, SourceColumn], known: KnownOfRatings, place: Callable[[RatingOf, int], object]
) -> RatedCells:
    """Looks at all rating columns at once. `place` gives the cell of a value."""
    numbers = pl.DataFrame([_number(column.cells.alias(role.name)) for role, column in columns.items()])
    others = {role: _others(column.cells, numbers[role.name]) for role, column in columns.items()}
    unrated = map(read_written_rating, known.not_rated)
    zeros = [found.ten_thousandths for found in unrated if found.kind == "number"]
    if zeros:
        numbers = numbers.select(pl.when(~pl.col(name).is_in(zeros)).then(name) for name in numbers.columns)
    named = known.declared or any(column.scale is not None for column in columns.values())
    written = _written(numbers, others, known, opposed=not named)
    seen = {rater: RatingsSeen() for rater in RATERS}
    stated = _stated(columns, known, seen)
    cells = RatedCells(columns, numbers, others, written, seen, stated)
    look_at(cells, known.pack, place)
    return cells


def _written(
    numbers: pl.DataFrame, others: Mapping[RatingOf, pl.DataFrame], known: KnownOfRatings, *, opposed: bool
) -> dict[str, WrittenRating]:
    """What each text means; with `opposed`, a word beside a number may contradict it."""
    pack = known.pack
    texts = {text for cells in others.values() for text in cells["text"].unique()}
    written = {text: read_written_rating(text) for text in texts}
    given = {text: one for text in texts if (one := by_rater(text, known.rater_of)) is not None}
    # `4 reports` are counted.
    written |= {
        text: one for text, one in given.items() if one.by in RATERS or written[text].kind == "number"
    }
    if opposed:
        written = {text: _checked(rating, pack) for text, rating in written.items()}
    if any(_PLUSES.fullmatch(tidy(text)) for text in texts):
        # Beside `+` and `++` the signs `-` and `--` are ratings.
        signs = (text for text in texts if _SIGNS.fullmatch(tidy(text)))
        written |= {text: WrittenRating("word", word=rating_word(text)) for text in signs}
    if not known.declared and not pack.words:
        found = _numerals(numbers, others, written).items()
        read = {text: read_written_rating(digits) for text, digits in found}
        if all(pack.lowest <= one.number <= pack.highest for one in read.values() if one.number is not None):
            written |= {text: _checked(one, pack) for text, one in read.items()}
    words = known.words
    taken = {text: rating_word(text) for text, rating in written.items() if rating.kind == "unrated"}
    written |= {text: WrittenRating("word", word=word) for text, word in taken.items() if word in words}
    written |= {text: WrittenRating("unrated") for text in texts if tidy(text).casefold() in known.not_rated}
    return written | _bare_comments(numbers, others, written, words)


def look_at(cells: RatedCells, pack: RatingScale, place: Callable[[RatingOf, int], object]) -> None:
    """Adds what each column holds to what is seen of its rater, or of its scale."""
    raters = [cells.stated.get(role) or cells.seen[role.known_rater] for role in cells.columns]
    _count_numbers(cells.numbers, raters, pack)
    headers = Counter((role.rater, column.header) for role, column in cells.columns.items())
    for seen, (role, column) in zip(raters, cells.columns.items(), strict=True):
        others = cells.others[role]
        seen.headers.append(column.header if headers[role.rater, column.header] == 1 else role.label)
        seen.sheets |= {one.full_name for one in column.table.originals}
        seen.tallies.append(partial(_tally, cells.numbers[role.name], others, cells.written))
        _count_others(seen, others, cells.written, pack)
        if len(seen.in_words) < _NAMED:
            first = others.unique("text", keep="first", maintain_order=True).iter_rows()
            spoken = (at for at, text in first if cells.written[text].kind == "word")
            seen.in_words += [str(place(role, at)) for at in islice(spoken, _NAMED)]


def _stated(
    columns: Mapping[RatingOf, SourceColumn], known: KnownOfRatings, seen: Mapping[Rater, RatingsSeen]
) -> dict[RatingOf, RatingsSeen]:
    """For each scale that some headers of a rater name, and not all: what these columns will show. A scale
    that all of them name is that of the rater."""
    found: dict[RatingOf, RatingsSeen] = {}
    for rater in RATERS:
        scales = {role: column.scale for role, column in columns.items() if role.rater == rater}
        said = known.declared.get(rater)
        if isinstance(said, NumberScale):
            # Of a header's `(1-6)` a mapping may say which end is the best.
            ends = {*said.ends}
            scales = {role: None if one and {*one} == ends else one for role, one in scales.items()}
        of_scale = {one: RatingsSeen(hint=one) for one in scales.values()}
        if len(of_scale) > 1 or (known.headers_first and None not in of_scale):
            found |= {role: of_scale[one] for role, one in scales.items() if one is not None}
        elif said is None:
            seen[rater].hint = next(iter(of_scale), None)
    return found


def _bare_comments(
    numbers: pl.DataFrame,
    others: Mapping[RatingOf, pl.DataFrame],
    written: Mapping[str, WrittenRating],
    words: Collection[str],
) -> dict[str, WrittenRating]:
    """Texts of several words that stand once each in columns with at least as many ratings: comments of
    people who gave no rating."""
    counts = {role: dict(cells["text"].value_counts().iter_rows()) for role, cells in others.items()}
    everywhere = Counter[str]()
    for of_column in counts.values():
        everywhere.update(of_column)
    found: dict[str, WrittenRating] = {}
    for role, of_column in counts.items():
        rated = numbers[role.name].count()
        rated += sum(count for text, count in of_column.items() if written[text].kind == "number")
        bare = [
            text for text in of_column if everywhere[text] == 1 and _is_comment(text, written[text], words)
        ]
        if len(bare) <= rated:
            found |= {text: WrittenRating("comment", label=tidy(text)) for text in bare}
    return found


def _is_comment(text: str, rating: WrittenRating, words: Collection[str]) -> bool:
    return (
        rating.kind == "word"
        and not rating.label
        and " " in tidy(text)
        and rating.word not in words
        and not is_word_of_a_scale(text)
    )


def _numerals(
    numbers: pl.DataFrame, others: Mapping[RatingOf, pl.DataFrame], written: Mapping[str, WrittenRating]
) -> dict[str, str]:
    """Texts of raters who write numbers without digits alone, such as `III` or `IV - Good`, with digits."""
    found: dict[str, str] = {}
    for rater in RATERS:
        columns = [role for role in others if role.rater == rater]
        texts = {text for role in columns for text in others[role]["text"].unique()}
        rated = [text for text in texts if written[text].kind != "unrated"]
        plain = {text: one for text in rated if (one := _NUMERAL.fullmatch(tidy(text))) and value_of(one[1])}
        surely = any(is_surely_number(one[1]) for one in plain.values())
        if surely and len(plain) == len(rated) and not any(numbers[role.name].count() for role in columns):
            found |= {
                text: f"{value_of(one[1])}" + (f" - {one[2]}" if one[2] else "")
                for text, one in plain.items()
            }
    return found


def _checked(rating: WrittenRating, pack: RatingScale) -> WrittenRating:
    number = rating.ten_thousandths
    opposite = rating.word and number is not None and contradicts(rating.word, number, pack)
    return WrittenRating("contradiction") if opposite else rating


def _number(cells: pl.Series) -> pl.Series:
    """The cells that are plain numbers, in ten-thousandths."""
    # In two steps, because a text is costly to read as a number and each number is needed three times; one
    # column after the other, because all at once take much memory.
    if isinstance(cells.dtype, pl.Categorical):
        cells = cells.cast(pl.String)
    numbers = (cells.cast(pl.Float64, strict=False) * TEN_THOUSANDTHS).to_frame("n")
    near = (pl.col("n") - pl.col("n").round()).abs() < _NEARLY
    whole = pl.when(near & (pl.col("n").abs() < _LARGE)).then(pl.col("n").round())
    found = numbers.select(whole.cast(pl.Int32).alias(cells.name)).to_series()
    finer = found % (TEN_THOUSANDTHS // 10) != 0
    if cells.dtype == pl.String and finer.any():
        # `04.05` may be a date.
        found = found.set((finer & cells.str.starts_with("0")).fill_null(value=False), None)
    return found


def _others(cells: pl.Series, numbers: pl.Series) -> pl.DataFrame:
    if cells.null_count() == numbers.null_count():
        return pl.DataFrame(schema={"at": pl.UInt32, "text": pl.String})
    at = (numbers.is_null() & cells.is_not_null()).arg_true()
    return pl.DataFrame({"at": at, "text": cells.gather(at).cast(pl.String)})


def _count_numbers(numbers: pl.DataFrame, raters: Sequence[RatingsSeen], pack: RatingScale) -> None:
    """Adds what the columns hold to what the rater of each has seen."""
    low, high = int(pack.lowest * TEN_THOUSANDTHS), int(pack.highest * TEN_THOUSANDTHS)
    found = numbers.select(
        pl.struct(
            pl.col(name).count().alias("count"),
            (~pl.col(name).is_between(low, high)).sum().alias("outside"),
            (pl.col(name) == 0).sum().alias("zeros"),
            pl.col(name).min().alias("lowest"),
            pl.col(name).max().alias("highest"),
        ).alias(name)
        for name in numbers.columns
    )
    for seen, of_column in zip(raters, found.row(0) if raters else (), strict=True):
        seen.numbers += of_column["count"]
        seen.outside += of_column["outside"]
        seen.zeros += of_column["zeros"]
        seen.widen(of_column["lowest"])
        seen.widen(of_column["highest"])


def _count_others(
    seen: RatingsSeen, others: pl.DataFrame, written: Mapping[str, WrittenRating], pack: RatingScale
) -> None:
    for text, cells in sorted(others["text"].value_counts().iter_rows()):
        rating = written[text]
        if rating.kind == "number" and rating.number is not None:
            seen.numbers += cells
            fits = pack.lowest <= rating.number <= pack.highest and rating.of in (None, pack.highest)
            seen.outside += 0 if fits else cells
            seen.tops |= set() if rating.of is None else {rating.of}
            seen.widen(rating.ten_thousandths)
            if rating.word and rating.ten_thousandths is not None:
                seen.labelled += cells
                seen.spelled.setdefault(rating.word, rating.label[:40])
                seen.labels.setdefault(rating.word, set()).add(rating.ten_thousandths)
        elif rating.kind == "percent":
            seen.percents += cells
            seen.beyond += 0 if rating.number is not None and 0 <= rating.number <= 100 else cells
        elif rating.kind == "word":
            seen.words[rating.word] += cells
            seen.spelled.setdefault(rating.word, rating.written or tidy(text))
        elif rating.kind == "contradiction":
            seen.contradictions[tidy(text)[:40]] = cells
        elif rating.kind == "unrated" and any(map(str.isdigit, text)):
            seen.unrated_labels[tidy(text)[:40]] = cells


def scales_of(
    cells: RatedCells, pack: RatingScale, declared: Mapping[Rater, RaterScale], legends: Sequence[Legend]
) -> Scales:
    """The scale of each column: as declared in a mapping, or as headers and ratings show it."""
    undeclared = {rater: RatingsSeen() if rater in declared else seen for rater, seen in cells.seen.items()}
    chosen = choose_scales(undeclared, pack, legends, rated_people(cells))
    numbers = [scale for scale in declared.values() if isinstance(scale, NumberScale)]
    if any(scale.worst > scale.best for scale in numbers) and not pack.lowest_is_best:
        chosen = {rater: beside_turned(rater, one, undeclared[rater]) for rater, one in chosen.items()}
    stated = {
        role: choose_stated(role.known_rater, seen, pack, legends) for role, seen in cells.stated.items()
    }
    by_headers = {role.known_rater for role, choice in stated.items() if choice.by_words}
    asked = {
        rater: beside_stated(rater, chosen[rater], undeclared[rater], cells.stated_of(rater))
        for rater in by_headers
    }
    if all(asked.get(rater, chosen[rater]) != chosen[rater] for rater in RATERS):
        theirs = seen_together(list(undeclared.values()))
        others = [one for rater in RATERS for one in cells.stated_of(rater)]
        asked = dict.fromkeys(RATERS, beside_stated("both", chosen["self"], theirs, others))
    chosen |= asked
    chosen |= {
        rater: _as_declared(rater, scale, cells.seen[rater], pack, stated=rater in by_headers)
        for rater, scale in declared.items()
    }
    return Scales(chosen, stated)


def _as_declared(
    rater: Rater, scale: RaterScale, seen: RatingsSeen, pack: RatingScale, *, stated: bool
) -> ScaleChoice:
    warning = wide_warning(rater, scale, seen, pack)
    if stated and not seen.rated:
        warning = (
            f"The mapping names a scale for the ratings by {BY[rater]}, but the header of each column names "
            "one of its own, which counts."
        )
    note = (
        None if warning else f"Ratings by {BY[rater]} were read as the mapping says{words_read(scale, seen)}."
    )
    return ScaleChoice(scale, note, warning=warning)


def rated_people(cells: RatedCells) -> int:
    """How many have a rating."""
    given = [column.cells.is_not_null().alias(role.name) for role, column in cells.columns.items()]
    return int(pl.DataFrame(given).select(pl.any_horizontal(pl.all()).sum()).item()) if given else 0


def _tally(numbers: pl.Series, others: pl.DataFrame, written: Mapping[str, WrittenRating]) -> Counter[int]:
    """The different numbers of a column, in ten-thousandths, with their counts."""
    counts = Counter(dict(numbers.drop_nulls().value_counts().iter_rows()))
    for text, count in others["text"].value_counts().iter_rows():
        number = written[text].ten_thousandths
        if number is not None:
            counts[number] += count
    return counts


def doubted_scales(
    declared: Mapping[Rater, RaterScale],
    cells: RatedCells,
    rated: Mapping[RatingOf, RatedColumn],
    scales: Scales,
) -> Scales:
    """The scales, with a question for those of the mapping that many ratings are not on."""
    doubted = dict(scales.of_raters)
    for rater, scale in declared.items():
        theirs = [one for role, one in rated.items() if role.rater == rater and role not in scales.stated]
        faults = [fault for one in theirs for fault in one.faults]
        if isinstance(scale, NumberScale) and not scale.words:
            faults = [fault for fault in faults if fault.kind == "rating_out_of_scale"]
        misfits = Counter(f"'{tidy(fault.text or '')[:40]}'" for fault in faults)
        question = misfit_question(rater, scale, misfits, cells.seen[rater])
        if question is not None:
            doubted[rater] = replace(doubted[rater], note=None, warning=None, question=question)
    return replace(scales, of_raters=doubted)


def columns_on_another_scale(
    cells: RatedCells, rated: Mapping[RatingOf, RatedColumn], scales: Scales
) -> list[Asked]:
    """What is asked where many ratings of single columns are beyond the scale of the others: the rest of them
    would be read on a scale that is not theirs. Not of columns of which a mapping says what they are."""
    columns, beyond = dict[RatingOf, SourceColumn](), dict[RatingOf, list[str]]()
    for role, one in rated.items():
        faults = [tidy(fault.text or "") for fault in one.faults if fault.kind == "rating_out_of_scale"]
        faults = [text for text in faults if read_written_rating(text).ten_thousandths != 0]
        if scales.of(role).question is None and many(len(faults), one.units.count() + len(faults)):
            columns[role], beyond[role] = cells.columns[role], faults
    apart = len({(one.letter, one.table.place) for one in columns.values()}) == len(columns)
    if apart:
        columns = {role: one for role, one in columns.items() if one.why != BY_MAPPING}
    everything = sum(one.units.count() + len(one.faults) for one in rated.values())
    if not many(sum(map(len, beyond.values())), everything):
        columns = {role: one for role, one in columns.items() if len(beyond[role]) >= STRAY_CELLS}
    if not columns:
        return []
    right = join(sorted({scales.of(role).scale.right for role in columns}), "or")
    headers = [one.called if apart else role.label for role, one in columns.items()]
    shown = [
        f"{name}: {tally(Counter(sorted(beyond[role])).most_common(), 4)}"
        for role, name in zip(columns, headers, strict=True)
    ]
    null = mapped((one.header, "null") for one in columns.values())
    left_out = f"leave them out: `columns: {null}`" if apart else "take them out"
    same = mapped((one.header, f'"{role.name}"') for role, one in columns.items())
    mistakes = f"say what the columns hold: `columns: {same}`" if apart else "correct them in the file"
    text = (
        f"Each rating is read as {right}, but many of these are outside that range: "
        f"{few(shown, 6, '; ')}. Are all ratings there on another scale? Then those that fit would be read "
        "wrongly too."
    )
    remedy = (
        f"If so, name their scale there, as in 'Communication (1-10)', or {left_out}. If these few are "
        f"mistakes, {mistakes}."
    )
    places = frozenset(one.sheet.column(one.letter) for one in columns.values() if apart)
    answers = (("They are on another scale: leave these columns out", ""), (_MISTAKES, AS_READ))
    return [ask_about_columns(text, remedy, places, answers if apart else ())]


_MISTAKES = "They are on the same scale: only the ratings beyond it are mistakes"


def without_ratings(
    rater: Rater, cells: RatedCells, ratings: Mapping[RatingOf, RatedColumn], *, asked: bool
) -> str | None:
    """What stops the work when a rater's columns are there, and not one cell of them is a rating."""
    columns = {role: column for role, column in cells.columns.items() if role.rater == rater}
    if (
        not columns
        or asked
        or any(ratings[role].units.null_count() < len(ratings[role].units) for role in columns)
    ):
        return None
    faults = [(role, fault) for role in columns for fault in ratings[role].faults]
    uncalculated = [
        (column, place)
        for column in columns.values()
        for place in sorted(column.sheet.uncalculated)
        if place[1] == column.letter
    ]
    if uncalculated:
        column, (row, letter) = uncalculated[0]
        return (
            f"{column.sheet.place}: the ratings by {BY[rater]} ({counted(len(uncalculated), 'cell')}, such "
            f"as {letter}{row}) are formulas that were never calculated. Open the workbook in a spreadsheet "
            "program, save it, and give it again."
        )
    if not faults:
        return _in_colours(rater, columns)
    counts = Counter(f"'{tidy(fault.text or '')[:40]}'" for _, fault in faults)
    shown = tally(counts.most_common(), _NAMED)
    return (
        f"No rating by {BY[rater]} could be read: {shown}. Correct the cells, say in a mapping what they "
        f"mean (`scales: {{{rater}: {{words: [worst, ..., best]}}}}`), or remove the columns."
    )


def _in_colours(rater: Rater, columns: Mapping[RatingOf, SourceColumn]) -> str | None:
    """What is asked where the empty cells of a rater have colours that differ from column to column, as the
    stripes of a table do not."""
    letters = {column.letter for column in columns.values()}
    sheet = next(iter(columns.values())).sheet
    colours = [(row, colour) for (row, letter), colour in sheet.fills.items() if letter in letters]
    counts = Counter(colour for _, colour in colours)
    if len(counts) < _TELLING or len(set(colours)) == len({row for row, _ in colours}):
        return None
    shown = tally(counts.most_common(), _NAMED)
    return (
        f"{sheet.place}: the ratings by {BY[rater]} seem to be colours of empty cells: {shown}. Colours "
        "are not read. Write into the cells what each colour stands for, as a number or a word."
    )


_NAMED = 8
"""Texts and colours that are named."""
_TELLING = 2
"""Different colours that may be ratings."""


def rated_column(role: RatingOf, cells: RatedCells, scale: RaterScale, pack: RatingScale) -> RatedColumn:
    """One column on the rule pack's scale; cells that do not fit become faults."""
    right = f"Write {scale.right}, or leave the cell empty if not rated."
    units, faults = _units_of_numbers(cells.columns[role], cells.numbers[role.name], scale, pack, right)
    others, unrated = cells.others[role], Counter[str]()
    different = others["text"].unique(maintain_order=True).to_list()
    values = {
        text: units_of_written(rating, scale, pack)
        for text in different
        if (rating := cells.written[text]).by in (None, role.rater)
    }
    found = {text: value for text, value in values.items() if value is not None}
    read = others.filter(pl.col("text").is_in(list(found)))
    for at, text in others.filter(~pl.col("text").is_in(list(found))).iter_rows():
        rating = cells.written[text]
        if rating.kind != "unrated":
            kind, problem = _of_another(rating, text, role) or _problem(rating, text, scale)
            remedy = _BY_ANOTHER if rating.by is not None else _REMEDIES.get(rating.kind, right)
            faults.append(Fault(at, text, kind, problem, remedy))
        elif shown := tidy(text):
            unrated[shown] += 1
    if found:
        units = units.scatter(read["at"], read["text"].replace_strict(found, return_dtype=pl.Int64))
    rounded = tuple(text for text in found if cells.written[text].rounded)
    return RatedColumn(units.alias(role.name), tuple(faults), rounded, unrated)


def own_scale(rater: Rater, cells: RatedCells, scale: RaterScale, pack: RatingScale) -> OwnScale | None:
    """How a rater's ratings are written, for those who read them; None where that is the pack's own way."""
    lowest, highest = (units_of(Fraction(end), pack) for end in (0, 1))
    if isinstance(scale, WordScale):
        points, spelled = scale.points, cells.seen[rater].spelled
        words = {units_of_points(points[rating_word(word)]): word for word in scale.steps}
        words |= {units_of_points(points[word]): text for word, text in spelled.items() if word in points}
        return OwnScale(lowest, highest, words=tuple(sorted(words.items())))
    numbers = NumberScale(Decimal(0), Decimal(100)) if isinstance(scale, PercentScale) else scale
    if numbers.ends == (pack.lowest, pack.highest):
        return None
    worst, best = numbers.ends
    if isinstance(scale, PercentScale):
        return OwnScale(lowest, highest, worst=worst, best=best, sign="%")
    names = [role.name for role in cells.columns if role.rater == rater and role not in cells.stated]
    seen = {number for name in names for number in cells.numbers[name].drop_nulls().unique()}
    seen |= {number for word, number in numbers.by_word.items() if word in cells.seen[rater].words}
    return OwnScale(lowest, highest, worst=worst, best=best, step=_step(seen, worst))


def _step(numbers: Iterable[int], worst: Decimal) -> Decimal:
    """The coarsest usual step, from the worst on, in which all of these ten-thousandths are."""
    apart = [abs(number - int(worst * TEN_THOUSANDTHS)) for number in numbers]
    return next(
        (step for step in _STEPS if all(one % int(step * TEN_THOUSANDTHS) == 0 for one in apart)), _STEPS[-1]
    )


_STEPS = tuple(map(Decimal, ("1", "0.5", "0.25", "0.1", "0.05", "0.01")))


def _units_of_numbers(
    column: SourceColumn, numbers: pl.Series, scale: RaterScale, pack: RatingScale, right: str
) -> tuple[pl.Series, list[Fault]]:
    """The plain numbers of a column in units, and a fault for each that is outside the scale."""
    if isinstance(scale, NumberScale) and scale.ends == (pack.lowest, pack.highest):
        low, high = int(pack.lowest * TEN_THOUSANDTHS), int(pack.highest * TEN_THOUSANDTHS)
        within, parts = pl.lit(numbers).is_between(low, high), pl.lit(numbers).cast(pl.Int64)
        units = pl.select(pl.when(within).then(parts * _UNITS_PER_PART)).to_series()
    elif numbers.null_count() == len(numbers):
        units = numbers.cast(pl.Int64)
    else:
        distinct = numbers.drop_nulls().unique()
        own = scale if isinstance(scale, NumberScale) else None
        values = [None if own is None else units_on(one, own, pack) for one in distinct.to_list()]
        new = pl.Series(values, dtype=pl.Int64)
        units = numbers.replace_strict(distinct, new, default=None, return_dtype=pl.Int64)
    if units.null_count() == numbers.null_count():
        return units, []
    wrong = (units.is_null() & numbers.is_not_null()).arg_true()
    texts = column.cells.gather(wrong).cast(pl.String).to_list()
    faults = []
    for at, text in zip(wrong.to_list(), texts, strict=True):
        kind, problem = _problem(read_written_rating(text), text, scale)
        faults.append(Fault(at, text, kind, problem, right))
    return units, faults


def units_of_written(rating: WrittenRating, scale: RaterScale, pack: RatingScale) -> int | None:
    """A written rating in units, or None when it is not on the scale."""
    if isinstance(scale, WordScale):
        points = scale.points.get(rating.word) if rating.kind == "word" else None
        return None if points is None else units_of_points(points)
    if isinstance(scale, PercentScale):
        share = Fraction(rating.number or 0) / 100
        return units_of(share, pack) if rating.kind == "percent" and 0 <= share <= 1 else None
    number = scale.by_word.get(rating.word) if rating.kind == "word" else rating.ten_thousandths
    if rating.kind not in ("number", "word") or number is None:
        return None
    fits = rating.of is None or Decimal(rating.of) == scale.best
    return units_on(number, scale, pack) if fits else None


def _of_another(rating: WrittenRating, text: str, role: RatingOf) -> tuple[str, str] | None:
    """As `_problem`, where the text names somebody else than the column does."""
    if rating.by in (None, role.rater):
        return None
    who = "others" if rating.by == "other" else BY[rating.by]
    problem = f"'{tidy(text)[:60]}' says that it is by {who}, among the ratings by {BY[role.known_rater]}."
    return "unreadable_rating", problem


_BY_ANOTHER = "Move it to where the ratings by that rater are, or leave only the number in the cell."


def _problem(rating: WrittenRating, text: str, scale: RaterScale) -> tuple[str, str]:
    """The kind of fault of what is not a rating on the scale, and a sentence about it."""
    shown = tidy(text)[:60]
    if rating.kind in _PROBLEMS:
        kind, problem = _PROBLEMS[rating.kind]
        return kind, problem.format(shown)
    if rating.kind == "number" and isinstance(scale, NumberScale):
        if rating.of is not None and Decimal(rating.of) != scale.best:
            return "rating_out_of_scale", f"'{shown}' is out of {rating.of}, but the scale is {scale}."
        return "rating_out_of_scale", f"{shown} is outside the scale {scale.range}."
    if rating.kind == "percent" and isinstance(scale, PercentScale):
        return "rating_out_of_scale", f"{shown} is outside the scale from 0% to 100%."
    return "unreadable_rating", f"'{shown}' cannot be read as a rating."


_PROBLEMS: Mapping[RatingKind, tuple[str, str]] = {
    "error": ("error_cell", "The cell holds the spreadsheet error {}."),
    "comment": ("comment_alone", "'{}' is a comment without a rating: kept as a comment, and not rated."),
    "contradiction": ("unreadable_rating", "'{}': the word says the opposite of the number."),
    "several": ("unreadable_rating", "'{}' seems to hold two ratings."),
    "date": ("unreadable_rating", "{:.10} is a date, not a rating."),
}
