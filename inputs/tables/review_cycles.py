"""The order of review cycles: by the names that people give them, such as `2025`, `H1 2026`, `Q3 FY25` or
`Mid-Year 2025`, or by dates."""

import re
from calendar import monthrange
from collections.abc import Collection, Mapping, Sequence
from datetime import date

import polars as pl

from inputs.asked import Asked, mapped_cycle
from inputs.fields import CYCLE, DATE, REVIEW_DATE, Field
from inputs.phrases import counted, few
from inputs.tables.contents import holds_ratings
from inputs.tables.date_language import numbered_days
from inputs.tables.layout import Table
from inputs.tables.table_issues import TableIssues
from inputs.words.cycle_names import number_of, season_in, spelled_out
from inputs.words.dates import month_number, read_dates, seconds_of
from inputs.words.lexicon import EARLIER
from inputs.words.spelling import normalise, words
from inputs.words.texts import text_of

_YEAR = re.compile(r"20\d\d")
_FISCAL = re.compile(r"fy(\d\d|\d{4})")
_SHORT_YEAR = re.compile(r"\d\d")
_ENDS = {
    "q1": 3, "h1": 6, "q2": 6, "mid": 6, "midyear": 6, "s1": 6, "q3": 9, "h2": 12, "q4": 12, "s2": 12,
    "end": 12, "endofyear": 12, "yearend": 12, "endyear": 12, "annual": 12, "t1": 3, "t2": 6, "t3": 9,
    "t4": 12,
}  # fmt: skip
"""The month with which a part of a year ends; that of `T2` tells its order alone."""
_YEARS_FROM = 100
"""From which on the number of a cycle begins with its year."""
_TERM = re.compile(r"t\d")


MOVEMENT = "Nothing to do: reports show what has moved since then, where the cycle's name says when it was."
"""What becomes of ratings of earlier cycles."""


def those_of_cycle(names: Collection[str], wanted: str | None) -> list[str]:
    """The names of the cycle that is wanted: the same, else those that hold its words, as `Ratings H1 2025`
    does `H1 2025`."""
    if wanted is None:
        return []
    spoken = words(wanted)
    same = [name for name in names if words(name) == spoken]
    return same or [name for name in names if set(spoken) <= set(words(name))]


def end_of_cycle(name: str, day: date) -> date | None:
    """The last day of an earlier cycle; None when its name does not say it, or it ends after `day`."""
    if name == EARLIER:
        return _year_before(day)
    if season_in(words(name)):
        return None
    read = read_dates(pl.Series([name], dtype=pl.String), day, future=True)
    spoken = words(spelled_out(name))
    if any(map(_TERM.fullmatch, spoken)):
        return None
    month = None if read.values[0] is not None else _end(spoken)
    end = read.values[0] if month is None else date((month - 1) // 12, (month - 1) % 12 + 1, 1)
    if month is not None:
        end = end.replace(day=monthrange(end.year, end.month)[1])
    return end if end is not None and end < day else None


def _year_before(day: date) -> date:
    month_ends = monthrange(day.year - 1, day.month)[1]
    return day.replace(year=day.year - 1, day=min(day.day, month_ends))


def earlier_rows(table: Table, day: date) -> tuple[str, ...]:
    """The cycles that a column names for rows, but for the latest."""
    texts = table.texts(CYCLE) if CYCLE in table.by_role else None
    names = [] if texts is None else texts.drop_nulls().unique().sort().to_list()
    order = cycle_order(names, day) or {}
    return tuple(name for name in names if name in order and order[name] < max(order.values()))


def row_order(table: Table, log: TableIssues, day: date, among: pl.Series | None = None) -> pl.Series:
    """A number per row, higher for later reviews; null where the row does not say when it was, and in rows
    that are not `among` those to be put in order."""
    cycles = _among(table.values(CYCLE), among)
    if cycles is not None:
        column = table.by_role[CYCLE]
        texts, header = text_of(cycles), normalise(column.header)
        names = [name for name in texts.drop_nulls().unique().sort().to_list() if normalise(name) != header]
        order = cycle_order(names, day)
        if order:
            return texts.replace_strict(order, default=None, return_dtype=pl.Int64).alias("order")
        if len(names) > 1 and not table.by_role.keys() & {REVIEW_DATE, DATE}:
            seen = few([f"'{name}'" for name in names], 6)
            text = (
                f"{table.place}, column {column.letter}: which of the cycles should be read: {seen}? Their "
                "order is not clear from their names."
            )
            remedy = f"Keep the rows of one cycle, or name it in a mapping: {mapped_cycle(names[0])}."
            answers = tuple((name, name) for name in names)
            log.questions.append(Asked(text, remedy, "cycle", answers=answers))
    role = _dated(table)
    dates = _among(table.values(role), among)
    days = None if dates is None else numbered_days(table, role, dates, day)
    if days is not None:
        return days.alias("order")
    if dates is not None:
        # A date that cannot be read is not the earliest.
        log.swappable = table.by_role[role].header
    return pl.Series("order", dtype=pl.Int64).clear(len(table.rows))


def moments(table: Table, day: date) -> pl.Series:
    """The second at which each row was written, which tells several of one cycle or day apart; null where
    the row does not say it, and the beginning of the day where a row of the table names no time."""
    role = _dated(table)
    written = table.values(role)
    days = None if written is None else numbered_days(table, role, written, day)
    if written is None or days is None:
        return pl.Series(dtype=pl.Int64).clear(len(table.rows))
    times = seconds_of(text_of(written))
    return days * 86_400 + (0 if (times.is_null() & days.is_not_null()).any() else times)


def _dated(table: Table) -> Field:
    """The field with the date of each row."""
    return DATE if DATE in table.by_role else REVIEW_DATE


def report_behind(log: TableIssues, keys: pl.Series, day: date) -> None:
    """A warning of people who have no row of the latest cycle: what counts for them is an older review."""
    texts = log.table.texts(CYCLE) if CYCLE in log.table.by_role else None
    order = None if texts is None else cycle_order(texts.drop_nulls().unique().sort().to_list(), day)
    if texts is None or not order:
        return
    latest = max(order, key=order.__getitem__)
    ranks = texts.replace_strict(order, default=None, return_dtype=pl.Int64)
    frame = pl.DataFrame({"key": keys, "cycle": texts, "rank": ranks}).drop_nulls()
    frame = frame.sort("rank", descending=True, maintain_order=True).unique("key", maintain_order=True)
    _ask_of_rows(log, keys, texts, list(order), latest)
    behind = frame.filter(pl.col("rank") < order[latest])
    if behind.height:
        people = few([f"{one} ('{cycle}')" for one, cycle in behind.select("key", "cycle").iter_rows()])
        log.warn(
            "earlier_row",
            f"{counted(behind.height, 'person has', 'people have')} no row of the latest review cycle, "
            f"'{latest}': {people}. Their latest row counts as if it were of that cycle.",
            "Take out the rows of those who have left or are not reviewed; otherwise nothing to do.",
            CYCLE,
        )


def _ask_of_rows(
    log: TableIssues, keys: pl.Series, cycles: pl.Series, names: Sequence[str], latest: str
) -> None:
    """`ask_for_fuller` of the people who have a row of the latest cycle."""
    rated = [one.letter for one in log.table.columns if holds_ratings(one.role)]
    given = pl.sum_horizontal(pl.lit(0), *(pl.col(letter).is_not_null() for letter in rated))
    rows = log.table.cells.with_columns(given.alias("given"), key=keys, cycle=cycles)
    there = rows.filter(pl.col("cycle") == latest)["key"].implode()
    counts = rows.filter(pl.col("key").is_in(there)).group_by("cycle").agg(pl.col("given").sum())
    asked = ask_for_fuller(
        log.table.place, dict.fromkeys(names, 0) | dict(counts.drop_nulls().iter_rows()), latest
    )
    if asked is not None and asked not in log.questions:
        log.questions.append(asked)


def ask_for_fuller(place: str, ratings: Mapping[str, int], latest: str) -> Asked | None:
    """Asks which cycle is read where the latest has less than half the ratings of another: it may have just
    begun. `ratings` counts those of each."""
    fullest = max(ratings, key=ratings.__getitem__)
    if 2 * ratings[latest] >= ratings[fullest]:
        return None
    return Asked(
        f"{place}: the latest cycle, '{latest}', has {counted(ratings[latest], 'rating')}, and '{fullest}' "
        f"has {ratings[fullest]:,}. Which of them should be read?",
        f"Name it in a mapping: {mapped_cycle(fullest)}, or {mapped_cycle(latest)}.",
        "cycle",
        answers=((fullest, fullest), (latest, latest)),
    )


def _among(cells: pl.Series | None, among: pl.Series | None) -> pl.Series | None:
    return cells if cells is None or among is None else cells.set(~among, None)


def latest_cycle(
    names: Collection[str], day: date, *, undated: bool, wanted: str | None = None
) -> str | None:
    """The latest of the cycles that headers name; empty when that is the one without a name, which there is
    where `undated`; or the one that is wanted. None when it cannot be told."""
    chosen = those_of_cycle(names, wanted)
    if len(chosen) == 1:
        return chosen[0]
    dated = sorted(name for name in names if name != EARLIER)
    if undated or not dated:
        return None if dated else ""
    if len(dated) < 2:
        return dated[0] if dated else None
    order = cycle_order(dated, day) or _order_within_a_year(dated)
    return None if order is None else max(order, key=order.__getitem__)


def _order_within_a_year(names: Sequence[str]) -> dict[str, int] | None:
    order = {name: _ENDS[name] for name in names if name in _ENDS}
    return order if len(order) == len(names) == len(set(order.values())) else None


def cycle_order(names: Sequence[str], day: date) -> dict[str, int] | None:
    """A number per cycle name, later cycles higher; None when a name does not say when it was."""
    read = read_dates(pl.Series(names, dtype=pl.String), day, future=True)
    if not read.faults and read.values.is_not_null().all():
        days: list[int] = read.values.to_physical().to_list()
        return dict(zip(names, days, strict=True))
    numbers = {name: number_of(words(name)) for name in names}
    if len({number is not None and number < _YEARS_FROM for number in numbers.values()}) > 1:
        numbers = dict.fromkeys(names)
    ends = {name: _end(words(spelled_out(name))) for name in names}
    if any(season_in(words(name)) for name in names):
        # Which season comes first in a year depends on where, and on which winter is meant.
        ends = {name: None if end is None else (end - 1) // 12 for name, end in ends.items()}
    ends = ends if None in numbers.values() else numbers
    order = {name: end for name, end in ends.items() if end is not None}
    return order if len(order) == len(names) == len(set(order.values())) else None


def _end(spoken: Sequence[str]) -> int | None:
    """The month with which a cycle ends, counted from the year 0; None when its name does not say it."""
    years = [int(word) for word in spoken if _YEAR.fullmatch(word)]
    years = years or [int(found[1][-2:]) + 2000 for word in spoken if (found := _FISCAL.fullmatch(word))]
    following = [2000 + int(word) for word in spoken if _SHORT_YEAR.fullmatch(word)]
    if len(years) == 1 and following == [years[0] + 1]:
        years += following
    months = {_ENDS[word] for word in spoken if word in _ENDS}
    months |= {number for word in spoken if word.isalpha() and (number := month_number(word))}
    spans_two = len(years) == 2 and years[1] == years[0] + 1
    if not (len(years) == 1 or spans_two) or len(months) > 1:
        return None
    return years[-1] * 12 + (months.pop() if months else 12)
