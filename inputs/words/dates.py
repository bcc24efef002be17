"""Dates as people and spreadsheet programs write them."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal

import polars as pl

from inputs import phrases
from inputs.words.spelling import normalise, words
from inputs.words.texts import ERROR_TEXTS, Fault, tidy
from inputs.words.word_lists import read_words

DateOrder = Literal["day first", "month first"]
OrderSource = Literal["dates", "mapping", "header", "dots", "months", "language"]
"""What tells the order: the column's own dates, a mapping, the header, the dots between the numbers, names of
months in a language in which dates are day first, or the language of the headers."""

_EARLIEST = date(1940, 1, 1)
_NO_DATE = date(1970, 1, 1)
_ISO = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T ][\d:.]+(?:Z|[+-]\d\d:?\d\d)?)?")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")
_NUMERIC = re.compile(
    r"(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4}|\d{2})(?:,? \d{1,2}:\d\d(?::\d\d)?(?: ?[AaPp][Mm])?)?"
)
_DAY_MONTH = re.compile(r"(?:[a-z]+,? )?(\d{1,2})(?:st|nd|rd|th)?\.?[ -]([^\W\d]+)\.?,?[ -](\d{4}|\d{2})")
_MONTH_DAY = re.compile(r"(?:[a-z]+,? )?([^\W\d]+)\.?[ -](\d{1,2})(?:st|nd|rd|th)?,?[ -](\d{4})")
_MONTH_YEAR = re.compile(r"([^\W\d]+)\.?,?[ \-/'’]*(\d{4}|\d{2})")
_NUMBERED_MONTH = re.compile(r"(?:(\d{1,2})[-/.](\d{4})|(\d{4})[-/.](\d{1,2}))")
_OF_PROGRAM = re.compile(
    r"(?:[A-Za-z]{3} )?([A-Za-z]{3}) (\d{1,2}),? (\d{4})(?:,? \d{1,2}:\d\d.*)"
    r"|(\d{4}[-/.]\d{1,2}[-/.]\d{1,2}) \d{1,2}:\d\d.*"
)
"""As programs write a time: `Fri May 02 2026 09:54:39 GMT+0100 (CET)`, `2026/05/04 10:11:12 am GMT+2`."""
_SHORT = re.compile(r"(\d\d)[-/. ](\d\d)[-/. ](\d\d)")
_RECENT = 15
"""Years back to which dates in short are likely."""
_PATTERN = re.compile(
    r"\b(?:(?P<month>mm?)[-./ ](?:dd?|jj?|tt?|gg?)[-./ ](?:y{2,4}|j{2,4}|a{2,4})"
    r"|(?:dd?|jj?|tt?|gg?)[-./ ]mm?[-./ ](?:y{2,4}|j{2,4}|a{2,4})|dd[-./]mm)\b",
    re.IGNORECASE,
)
"""The order of day, month and year in English, French, German, Italian, Spanish and Dutch letters."""
_SERIAL = re.compile(r"\d{5}(?:\.\d+)?")
_BEYOND = re.compile(r"\+(\d{5,7})-(\d\d)-(\d\d)(?: 00:00:00)?")
"""As a reader writes a number that its cell shows as a date, and that no date can have: 20260701."""
_CYCLE = 400, 146_097
"""Years after which the calendar repeats itself, and their days."""
_NOTHING = ("-", "n/a", "na", "none", "null", "nat", "tbd")
_REMEDY = "Write the date as YYYY-MM-DD, such as 2024-03-31."


@dataclass(frozen=True)
class DateColumn:
    """A column of dates that was read."""

    values: pl.Series
    """Date, null where there is none."""
    faults: tuple[Fault, ...]
    order: DateOrder | None
    """The order of day and month; None when no value needed it, or nothing tells it."""
    order_by: OrderSource | None
    ordered: int
    """How many distinct texts were read by that order."""
    without_day: int = 0
    """How many different dates say the month alone; they are read as its first day."""
    suspicious: bool = False
    """Whether the column looks as if a spreadsheet program had swapped day and month in some dates."""


_TIME_OF_DAY = r"[\sT,](?<hour>\d{1,2}):(?<minute>\d\d)(?::(?<second>\d\d)(?:\.\d+)?)?\s*(?<half>[AaPp])?"


def read_dates(
    cells: pl.Series,
    day: date,
    *,
    epoch_1904: bool = False,
    declared: DateOrder | None = None,
    future: bool = False,
    to_the_day: bool = False,
    header: str = "",
    day_first_language: bool = False,
) -> DateColumn:
    """The dates of a column. `day` is the day of the assessment: later dates are faults, unless `future`, and
    months alone where dates are wanted `to_the_day`.

    `declared` is the order of day and month where the column's own dates do not show one; else it is that of
    the header, if it has one and they show no other, else that of the language of the headers.
    """
    if cells.dtype == pl.Datetime:
        cells = cells.dt.date()
    if cells.dtype != pl.Date and cells.dtype != pl.String:
        cells = cells.cast(pl.String)
    distinct = cells.unique().drop_nulls()
    written: list[str] = distinct.cast(pl.String).to_list()
    texts = list(map(tidy, written))
    order, order_by = _order(texts, declared, order_in(header), day_first_language)
    swappable = sum(map(_swappable, texts))
    years_first = declared is None and order_by != "header" and _years_first(texts, day)
    read = _reader(order, day, epoch_1904, future, years_first, to_the_day)
    texts = [_number_of(text, epoch_1904) for text in texts]
    found = dict(zip(written, map(read, texts), strict=True))
    dates = pl.Series([one if isinstance(one, date) else None for one in found.values()], dtype=pl.Date)
    values = cells.replace_strict(distinct, dates, default=None, return_dtype=pl.Date)
    problems = {text: one for text, one in found.items() if isinstance(one, Fault)}
    return DateColumn(
        values.alias(cells.name),
        tuple(_faults(cells, problems)),
        order if swappable else None,
        order_by if swappable else None,
        swappable,
        sum(isinstance(found[one], date) and _month(tidy(one)) is not None for one in written),
        _half_swapped(texts),
    )


def seconds_of(texts: pl.Series) -> pl.Series:
    """The time of day that texts name beside a date, in seconds: `6/1/2026 2:05 PM`."""
    parts = texts.str.extract_groups(_TIME_OF_DAY).struct.unnest()
    hour, minute, second = (parts[name].cast(pl.Int64) for name in ("hour", "minute", "second"))
    half = parts["half"].str.to_lowercase().replace_strict({"p": 12, "a": 0}, default=None)
    hours = pl.select(pl.when(half.is_null()).then(hour).otherwise(hour % 12 + half)).to_series()
    return hours * 3600 + minute * 60 + second.fill_null(0)


def _faults(cells: pl.Series, problems: Mapping[str, Fault]) -> Iterator[Fault]:
    """The fault of each cell, by those of the different texts."""
    if not problems:
        return
    texts = cells.cast(pl.String)
    at = texts.is_in(list(problems)).fill_null(value=False).arg_true()
    for index, text in zip(at.to_list(), texts.gather(at).to_list(), strict=True):
        yield replace(problems[text], at=index, text=problems[text].text or text)


def _half_swapped(texts: list[str]) -> bool:
    """Whether real dates all lie before the 13th and written ones all after the 12th: what is left when a
    program took the dates that it could for its own order."""
    real = [text for text in texts if text.endswith(" 00:00:00")]
    written = [found for text in texts if (found := _NUMERIC.fullmatch(text))]
    if len(real) < 5 or not written:
        return False
    after = all(max(int(found[1]), int(found[2])) > 12 for found in written)
    return after and all(int(text[8:10]) <= 12 for text in real)


def shows_month_first(cells: pl.Series) -> bool:
    """Whether some dates of a column can only be month first: `05/25/2022`."""
    texts = cells.unique().drop_nulls().cast(pl.String)
    likely = texts.filter(texts.str.contains(r"^\s*\d{1,2}[-/. ]\d{1,2}[-/. ]\d{2}")).to_list()
    return any(
        int(found[1]) <= 12 < int(found[2]) <= 31
        for text in likely
        if (found := _NUMERIC.fullmatch(tidy(text)))
    )


def order_in(header: str) -> DateOrder | None:
    """The order of day and month that a header gives: `Hired (MM/DD/YYYY)`, `Eintritt (TT.MM.JJJJ)`."""
    found = _PATTERN.search(header)
    if found is None:
        return None
    return "month first" if found["month"] else "day first"


def without_order(header: str) -> str:
    """The header without the order of day and month that it gives."""
    return _PATTERN.sub(" ", header)


def _order(
    texts: list[str], declared: DateOrder | None, by_header: DateOrder | None, day_first_language: bool
) -> tuple[DateOrder | None, OrderSource | None]:
    """The order that the values with a day after the 12th show, else the declared one, else that of the
    header, else day first where all stand between dots or a language says so; None when two orders show."""
    shown: set[DateOrder] = set()
    dots = True
    for text in texts:
        found = _NUMERIC.fullmatch(text)
        if found is None:
            continue
        dots = dots and text.count(".") == 2
        first, second = int(found[1]), int(found[2])
        if 12 < first <= 31 and second <= 12:
            shown.add("day first")
        elif 12 < second <= 31 and first <= 12:
            shown.add("month first")
    if shown and declared is None and by_header is not None:
        shown.add(by_header)
    if shown:
        return (shown.pop(), "dates") if len(shown) == 1 else (None, None)
    if declared is not None or by_header is not None:
        return (declared, "mapping") if declared is not None else (by_header, "header")
    told = {"dots": dots, "months": any(map(_names_foreign_month, texts)), "language": day_first_language}
    return next((("day first", by) for by in _DAY_FIRST if told[by]), (None, None))


_DAY_FIRST: tuple[OrderSource, ...] = ("dots", "months", "language")


def _names_foreign_month(text: str) -> bool:
    """Whether a date has the name of a month that is none in English: `12 févr. 2021`, `3. März 2020`."""
    found = _DAY_MONTH.fullmatch(text.casefold())
    if found is None or not month_number(found[2]):
        return False
    english = read_words("cells")["months"][month_number(found[2]) - 1][0]
    return not english.startswith(found[2].removesuffix("t") if found[2] == "sept" else found[2])


def _swappable(text: str) -> bool:
    found = _NUMERIC.fullmatch(text)
    return found is not None and int(found[1]) <= 12 and int(found[2]) <= 12 and found[1] != found[2]


def _years_first(texts: list[str], day: date) -> bool:
    """Whether the dates in short are all of the last years when the year is read first, as in `24-03-04`, and
    not when it is read last."""
    short = [found for text in texts if (found := _SHORT.fullmatch(text))]
    earliest = day.replace(year=day.year - _RECENT, day=1)

    def likely(made: date | None) -> bool:
        return made is not None and earliest <= made <= day

    first = (_made(_year(one[1], day), int(one[2]), int(one[3])) for one in short)
    last = (_made(_year(one[3], day), *sorted((int(one[1]), int(one[2])))) for one in short)
    return bool(short) and all(map(likely, first)) and not all(map(likely, last))


def _reader(
    order: DateOrder | None, day: date, epoch_1904: bool, future: bool, years_first: bool, to_the_day: bool
) -> Callable[[str], date | Fault | None]:
    def fault(kind: str, problem: str, remedy: str = _REMEDY) -> Fault:
        return Fault(0, None, kind, problem, remedy)

    def read(tidied: str) -> date | Fault | None:
        text = tidied.lstrip("'")
        if not text or text.casefold() in _NOTHING:
            return None
        if text.upper() in ERROR_TEXTS:
            return fault("error_cell", f"The cell holds the spreadsheet error {text}.")
        if years_first and _SHORT.fullmatch(text):
            problem = f"'{text}' could begin with the year or end with it."
            return fault("ambiguous_date", problem)
        if order is None and _swappable(text):
            problem = f"'{text}' could be day first or month first, and nothing in the column decides it."
            return fault("ambiguous_date", problem)
        found = _date(text, order, day, epoch_1904)
        if found is not None and to_the_day and _month(text) is not None:
            return fault("ambiguous_date", f"'{text}' does not say which day.")
        if found is None:
            return replace(fault("unreadable_date", f"'{text[:60]}' is not a date."), text=text)
        if found > day and not future:
            problem = f"{phrases.day(found)} is after the day of the assessment, {phrases.day(day)}."
            remedy = "Write the date on which it happened, or assess as of a later day."
            return fault("future_date", problem, remedy)
        if found == _NO_DATE:
            problem = f"{phrases.day(found)} is what some systems write for no date."
            return fault("implausible_date", problem, "Write the date, or empty the cell.")
        if found < _EARLIEST:
            problem = f"{phrases.day(found)} is before {_EARLIEST.year}."
            return fault("implausible_date", problem, "Correct the date, or empty the cell.")
        return found

    return read


def _number_of(text: str, epoch_1904: bool) -> str:
    """The number that a cell holds which is shown as a date beyond the year 9999; else the text."""
    found = _BEYOND.fullmatch(text)
    cycles, year = divmod(int(found[1]) if found else 0, _CYCLE[0])
    made = _made(year + _CYCLE[0], int(found[2]), int(found[3])) if found else None
    return text if made is None else str((made - _start(epoch_1904)).days + (cycles - 1) * _CYCLE[1])


def _start(epoch_1904: bool) -> date:
    return date(1904, 1, 1) if epoch_1904 else date(1899, 12, 30)


def _date(text: str, order: DateOrder | None, day: date, epoch_1904: bool) -> date | None:
    lowered = text.casefold()
    if found := _ISO.fullmatch(text) or _COMPACT.fullmatch(text):
        return _made(int(found[1]), int(found[2]), int(found[3]))
    if found := _NUMERIC.fullmatch(text):
        first, second = int(found[1]), int(found[2])
        day_first = order == "day first" if _swappable(text) else first > 12
        month, day_number = (second, first) if day_first else (first, second)
        return _made(_year(found[3], day), month, day_number)
    if found := _DAY_MONTH.fullmatch(lowered):
        return _made(_year(found[3], day), month_number(found[2]), int(found[1]))
    if found := _MONTH_DAY.fullmatch(lowered):
        return _made(_year(found[3], day), month_number(found[1]), int(found[2]))
    if found := _OF_PROGRAM.fullmatch(text):
        if found[4]:
            return _date(found[4], order, day, epoch_1904)
        return _made(int(found[3]), month_number(found[1].casefold()), int(found[2]))
    if (named := _month(text)) is not None:
        return _made(_year(named[1], day), named[0], 1)
    if _SERIAL.fullmatch(text):
        return _start(epoch_1904) + timedelta(days=int(text[:5]))
    return None


def _month(text: str) -> tuple[int, str] | None:
    """The month and the year of a date that says no more: `Mar 2024`, `03/2024`."""
    if found := _MONTH_YEAR.fullmatch(text.casefold()):
        number = month_number(found[1])
        return (number, found[2]) if number else None
    if found := _NUMBERED_MONTH.fullmatch(text):
        return int(found[1] or found[4]), found[2] or found[3]
    return None


def _made(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _year(text: str, day: date) -> int:
    """A year of two digits is the latest one that is not after the assessment."""
    if len(text) == 4:
        return int(text)
    century = day.year - day.year % 100
    year = century + int(text)
    return year if year <= day.year else year - 100


def month_number(name: str) -> int:
    """The one month that a name, or at least its first three letters, means; 0 when none or several do."""
    found = {
        number
        for number, names in enumerate(read_words("cells")["months"], start=1)
        if any(full == name or (len(name) >= 3 and full.startswith(name)) for full in names)
    }
    return found.pop() if len(found) == 1 else 0


def is_length_in_level(header: str) -> bool:
    """Whether a header says how long people have been at their level: `Time in job profile`."""
    spoken, listed = set(words(header)), read_words("cells")["lengths_of_time"]
    return all(any(normalise(word) in spoken for word in listed[name]) for name in ("long", "level"))
