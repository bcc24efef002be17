"""Rating columns to whole units of the rule pack's scale, and a fault for every cell that does not fit."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

import polars as pl

from inputs.roster import RATERS, UNITS_PER_POINT, Rater, RatingScale
from inputs.tables.contents import SourceColumn
from inputs.words.scales import (
    NumberScale,
    RaterScale,
    RatingsSeen,
    ScaleChoice,
    choose_scale,
    contradicts,
    units_of,
    units_of_points,
    units_on,
)
from inputs.words.texts import Fault, tidy
from inputs.words.written_ratings import TEN_THOUSANDTHS, WrittenRating, read_written_rating

_UNITS_PER_PART = UNITS_PER_POINT // TEN_THOUSANDTHS
_NEARLY = 1e-7
"""How far a binary number times 10,000 may be from the whole number that it stands for."""
_LARGE = 1e12


@dataclass(frozen=True)
class RatedCells:
    """The rating columns before their scale is known."""

    columns: Mapping[str, SourceColumn]
    """By role, such as `communication:self`."""
    parts: pl.DataFrame
    """Numbers in ten-thousandths (Int64), one column per role; null where the cell is no plain number."""
    others: Mapping[str, pl.DataFrame]
    """By role: `at` and `text` of the cells that are no plain numbers."""
    marks: Mapping[str, WrittenRating]
    """What each of those texts means."""
    seen: Mapping[Rater, RatingsSeen]


@dataclass(frozen=True)
class RatedColumn:
    """One rating column on the rule pack's scale."""

    units: pl.Series
    faults: tuple[Fault, ...]
    rounded: tuple[str, ...]
    """Texts with more than four decimals."""
    unrated: Mapping[str, int]
    """Words read as not rated, with their counts."""


def rated_cells(
    columns: Mapping[str, SourceColumn],
    pack: RatingScale,
    not_rated: frozenset[str],
    *,
    declared: bool = False,
) -> RatedCells:
    """Looks at all rating columns at once. `not_rated` are tidied texts that mean: not rated.

    With `declared`, a person said which scale the numbers are on: no word beside them contradicts that.
    """
    frame = pl.DataFrame([column.cells.alias(role) for role, column in columns.items()])
    zeros = [mark.parts for text in not_rated if (mark := read_written_rating(text)).kind == "number"]
    parts = _parts(frame)
    others = _others(frame, parts)
    if zeros:
        parts = parts.select(
            pl.when(pl.col(role).is_in(zeros)).then(None).otherwise(pl.col(role)).alias(role)
            for role in columns
        )
    marks = {
        text: read_written_rating(text)
        for text in {text for cells in others.values() for text in cells["text"].unique()}
    }
    if not declared and all(column.scale is None for column in columns.values()):
        marks = {text: _checked(mark, pack) for text, mark in marks.items()}
    marks |= {text: WrittenRating("unrated") for text in marks if tidy(text).casefold() in not_rated}
    seen = {rater: RatingsSeen() for rater in RATERS}
    bounds = _bounds(parts, pack)
    for role, column in columns.items():
        rater: Rater = "self" if role.endswith(":self") else "manager"
        _look(seen[rater], bounds[role], others[role], marks, pack)
        seen[rater].columns += 1
        if column.scale is not None:
            seen[rater].hints.append(column.scale)
    return RatedCells(columns, parts, others, marks, seen)


def _checked(mark: WrittenRating, pack: RatingScale) -> WrittenRating:
    opposite = mark.word and mark.parts is not None and contradicts(mark.word, mark.parts, pack)
    return WrittenRating("contradiction") if opposite else mark


def _parts(frame: pl.DataFrame) -> pl.DataFrame:
    """The cells that are plain numbers, in ten-thousandths."""
    # In two steps, because a text is costly to read as a number and each number is needed three times.
    numbers = frame.select(pl.all().cast(pl.Float64, strict=False) * TEN_THOUSANDTHS)
    whole = [
        pl.when(((pl.col(role) - pl.col(role).round()).abs() < _NEARLY) & (pl.col(role).abs() < _LARGE))
        .then(pl.col(role).round())
        .cast(pl.Int64)
        .alias(role)
        for role in numbers.columns
    ]
    return numbers.select(whole)


def _others(frame: pl.DataFrame, parts: pl.DataFrame) -> dict[str, pl.DataFrame]:
    others = {}
    left = parts.null_count().row(0)
    empty = frame.null_count().row(0)
    for role, nulls, blank in zip(frame.columns, left, empty, strict=True):
        if nulls == blank:
            others[role] = pl.DataFrame(schema={"at": pl.UInt32, "text": pl.String})
            continue
        at = (parts[role].is_null() & frame[role].is_not_null()).arg_true()
        others[role] = pl.DataFrame({"at": at, "text": frame[role].gather(at).cast(pl.String)})
    return others


def _bounds(
    parts: pl.DataFrame, pack: RatingScale
) -> dict[str, tuple[int, int, int, int | None, int | None]]:
    """By role: how many numbers, how many outside the pack's scale, how many zeros, lowest, highest."""
    low, high = int(pack.lowest * TEN_THOUSANDTHS), int(pack.highest * TEN_THOUSANDTHS)
    bounds = {}
    if not parts.width:
        return {}
    row = parts.select(
        expression
        for role in parts.columns
        for expression in (
            pl.col(role).count().alias(f"{role} count"),
            (~pl.col(role).is_between(low, high)).sum().alias(f"{role} outside"),
            (pl.col(role) == 0).sum().alias(f"{role} zeros"),
            pl.col(role).min().alias(f"{role} min"),
            pl.col(role).max().alias(f"{role} max"),
        )
    ).row(0)
    for index, role in enumerate(parts.columns):
        count, outside, zeros, lowest, highest = row[5 * index : 5 * index + 5]
        bounds[role] = (count, outside, zeros, lowest, highest)
    return bounds


def _look(
    seen: RatingsSeen,
    bounds: tuple[int, int, int, int | None, int | None],
    others: pl.DataFrame,
    marks: Mapping[str, WrittenRating],
    pack: RatingScale,
) -> None:
    """Adds what one column holds to what its rater's columns hold."""
    count, outside, zeros, lowest, highest = bounds
    seen.numbers += count
    seen.outside += outside
    seen.zeros += zeros
    _widen(seen, lowest, highest)
    if others.is_empty():
        return
    for text, cells in others["text"].value_counts().iter_rows():
        mark = marks[text]
        if mark.kind == "number" and mark.number is not None:
            seen.numbers += cells
            fits = pack.lowest <= mark.number <= pack.highest and mark.of in (None, pack.highest)
            seen.outside += 0 if fits else cells
            _widen(seen, mark.parts, mark.parts)
            if mark.word and mark.parts is not None:
                seen.labels.setdefault(mark.word, set()).add(mark.parts)
        elif mark.kind == "percent":
            seen.percents += cells
        elif mark.kind == "word":
            seen.words[mark.word] = seen.words.get(mark.word, 0) + cells
            seen.spelled.setdefault(mark.word, tidy(text)[:40])
        elif mark.kind == "contradiction":
            seen.contradictions[tidy(text)[:40]] = cells
        elif mark.kind != "unrated":
            seen.unreadable += cells


def _widen(seen: RatingsSeen, lowest: int | None, highest: int | None) -> None:
    for value in (lowest, highest):
        if value is not None:
            seen.lowest = value if seen.lowest is None else min(seen.lowest, value)
            seen.highest = value if seen.highest is None else max(seen.highest, value)


def choose_scales(
    cells: RatedCells, pack: RatingScale, declared: Mapping[Rater, RaterScale]
) -> dict[Rater, ScaleChoice]:
    """The scale of each rater: as declared in a mapping, or as the ratings show it."""
    return {
        rater: ScaleChoice(declared[rater], f"Ratings of '{rater}' were read as the mapping says.")
        if rater in declared
        else choose_scale(rater, seen, pack)
        for rater, seen in cells.seen.items()
    }


def rated_column(role: str, cells: RatedCells, scale: RaterScale, pack: RatingScale) -> RatedColumn:
    """One column on the rule pack's scale; cells that do not fit become faults."""
    parts, others = cells.parts[role], cells.others[role]
    right = f"Write {_right(scale, pack)}, or leave the cell empty if not rated."
    units, faults = _numbers(cells.columns[role], parts, scale, pack, right)
    rounded: list[str] = []
    unrated: dict[str, int] = {}
    at_values: list[tuple[int, int]] = []
    for at, text in others.iter_rows():
        mark = cells.marks[text]
        value = _value(mark, scale, pack)
        if value is not None:
            at_values.append((at, value))
            if mark.rounded:
                rounded.append(text)
        elif mark.kind == "unrated":
            if shown := tidy(text):
                unrated[shown] = unrated.get(shown, 0) + 1
        else:
            kind, problem = _problem(mark, text, scale)
            remedy = _DATE_REMEDY if mark.kind == "date" else right
            faults.append(Fault(at, text, kind, problem, remedy))
    if at_values:
        places, values = zip(*at_values, strict=True)
        units = units.scatter(places, values)
    return RatedColumn(units.alias(role), tuple(faults), tuple(dict.fromkeys(rounded)), unrated)


def _numbers(
    column: SourceColumn, parts: pl.Series, scale: RaterScale, pack: RatingScale, right: str
) -> tuple[pl.Series, list[Fault]]:
    """The plain numbers of a column in units, and a fault for each that is outside the scale."""
    numbers = scale.numbers
    if numbers == NumberScale(pack.lowest, pack.highest):
        low, high = int(pack.lowest * TEN_THOUSANDTHS), int(pack.highest * TEN_THOUSANDTHS)
        units = pl.select(
            pl.when(pl.lit(parts).is_between(low, high)).then(pl.lit(parts) * _UNITS_PER_PART)
        ).to_series()
    else:
        distinct = parts.drop_nulls().unique()
        values = [None if numbers is None else units_on(part, numbers, pack) for part in distinct.to_list()]
        new = pl.Series(values, dtype=pl.Int64)
        units = (
            parts.replace_strict(distinct, new, default=None, return_dtype=pl.Int64)
            if len(distinct)
            else parts.clone()
        )
    if units.null_count() == parts.null_count():
        return units, []
    wrong = (units.is_null() & parts.is_not_null()).arg_true()
    faults = []
    for at, text in zip(wrong.to_list(), column.cells.gather(wrong).cast(pl.String).to_list(), strict=True):
        mark = read_written_rating(text)
        kind, problem = _problem(mark, text, scale)
        faults.append(Fault(at, text, kind, problem, right))
    return units, faults


def _value(mark: WrittenRating, scale: RaterScale, pack: RatingScale) -> int | None:
    """A mark in units, or None when it is no rating on the scale."""
    if mark.kind == "number" and scale.numbers is not None and mark.parts is not None:
        fits = mark.of is None or Decimal(mark.of) == scale.numbers.best
        return units_on(mark.parts, scale.numbers, pack) if fits else None
    if mark.kind == "percent" and scale.percent and mark.number is not None:
        share = Fraction(mark.number) / 100
        return units_of(share, pack) if 0 <= share <= 1 else None
    if mark.kind == "word" and scale.words is not None and mark.word in scale.words.points:
        return units_of_points(scale.words.points[mark.word])
    return None


_DATE_REMEDY = (
    "The spreadsheet program probably turned something like 3-4 into a date. Write the rating again, as "
    "a number."
)


def _problem(mark: WrittenRating, text: str, scale: RaterScale) -> tuple[str, str]:
    """The kind of fault of a mark that is no rating on the scale, and a sentence about it."""
    shown = tidy(text)[:60]
    if mark.kind == "error":
        return "error_cell", f"The cell holds the spreadsheet error {shown}."
    if mark.kind == "contradiction":
        return "unreadable_rating", f"'{shown}': the word says the opposite of the number."
    if mark.kind == "date":
        return "unreadable_rating", f"{shown[:10]} is a date, not a rating."
    if mark.kind == "number" and scale.numbers is not None:
        if mark.of is not None and Decimal(mark.of) != scale.numbers.best:
            return "rating_out_of_scale", f"'{shown}' counts to {mark.of}, but the scale is {scale.numbers}."
        low, high = sorted((scale.numbers.worst, scale.numbers.best))
        return "rating_out_of_scale", f"{shown} is outside the scale from {low} to {high}."
    if mark.kind == "percent" and scale.percent:
        return "rating_out_of_scale", f"{shown} is outside the scale from 0% to 100%."
    return "unreadable_rating", f"'{shown}' cannot be read as a rating."


def _right(scale: RaterScale, pack: RatingScale) -> str:
    if scale.words is not None:
        return f"one of {', '.join(scale.words.steps)}"
    if scale.percent:
        return "a percentage from 0% to 100%"
    numbers = scale.numbers or NumberScale(pack.lowest, pack.highest)
    low, high = sorted((numbers.worst, numbers.best))
    return f"a number from {low} to {high}"
