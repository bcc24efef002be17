"""Who each row is about, and which rows cannot be assessed because that cannot be told."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date

import polars as pl

from inputs import fields
from inputs.asked import Asked
from inputs.checks.issue_log import IssueLog
from inputs.checks.stand_ins import like_others, stand_ins
from inputs.fields import is_rating
from inputs.mapping import RowThatCounts
from inputs.phrases import counted, few, join
from inputs.tables.contents import Exclusion, remark, sum_of_others
from inputs.tables.joining.joined_tables import JoinedTables
from inputs.tables.keys import NO_ID, are_ids, why_no_id
from inputs.tables.rows.repeated_rows import ROWS_BY_DATE, settled_by
from inputs.tables.rows.split_rows import those_that_fit
from inputs.words.legends import explains
from inputs.words.names import Names
from inputs.words.stand_ins import sums_up
from inputs.words.texts import text_of
from inputs.words.written_ratings import read_written_rating

_ZERO_LED = r"^0\d+$"
_PLAIN = r"^[A-Z0-9]*$"
_DIGIT, _DIGITS = r"\d", r"^\d+$"
_DECIMAL_ZERO = r"^\d+\.0+$"
_REPEATED = "duplicate_employee_id"
_MOVE_BACK = "Move the values of the row back under their headers."


def clean_ids(joined: JoinedTables) -> tuple[pl.Series, bool]:
    """The ids of the people as text, and whether an export's `.0` was taken off all of them."""
    ids = text_of(joined.keys)
    ids = ids.set(ids.is_in(NO_ID), None)
    known = ids.drop_nulls()
    if len(known) and known.str.contains(_DECIMAL_ZERO).all():
        return ids.str.replace(r"\.0+$", ""), True
    return ids, False


def nobodys_rows(joined: JoinedTables, ids: pl.Series, levels: Names) -> dict[int, Exclusion]:
    """By row index: rows without a person behind them, or with values under the wrong headers. None of their
    values may be read."""
    is_like_others = like_others(joined, ids)
    by_person = (*stand_ins(joined, ids, is_like_others), *_swapped(joined, ids))
    if joined.compared is None:
        return _first_of_each_row(by_person)
    return _first_of_each_row(
        by_person,
        _sums_and_remarks(joined, ids, is_like_others),
        _uneven(joined),
        _spilled(joined),
        _shifted(joined, levels),
    )


def exclusions(
    joined: JoinedTables, ids: pl.Series, level_ids: pl.Series, levels: Names
) -> dict[int, Exclusion]:
    """By row index: why a row cannot be assessed. The first reason of the most telling kind counts."""
    return _first_of_each_row(
        joined.exclusions,
        _missing_ids(joined),
        _repeats(joined, ids),
        _unknown_levels(joined, level_ids, levels),
    )


def _first_of_each_row(*sources: Iterable[Exclusion]) -> dict[int, Exclusion]:
    found: dict[int, Exclusion] = {}
    for source in sources:
        for exclusion in source:
            found.setdefault(exclusion.at, exclusion)
    return found


def _swapped(joined: JoinedTables, ids: pl.Series) -> Iterator[Exclusion]:
    """Rows with the name in place of the id and the id in place of the name, where most ids have a digit."""
    if joined.key is not fields.EMPLOYEE_ID or 2 * ids.str.contains(_DIGIT).sum() <= ids.count():
        return
    names = joined.texts(fields.EMPLOYEE_NAME)
    for at in (~ids.str.contains(_DIGIT) & names.str.contains(_DIGIT)).arg_true().to_list():
        problem = f"The id '{ids[at]}' and the name '{names[at]}' seem to stand in each other's place."
        yield Exclusion(at, "shifted_row", problem, _MOVE_BACK)


def _sums_and_remarks(
    joined: JoinedTables, ids: pl.Series, is_like_others: Callable[[str], bool]
) -> Iterator[Exclusion]:
    """Rows that sum up others or hold only a remark: no person is behind them."""
    cells = joined.table.cells
    rows = joined.rows.to_list()

    def after_gap(at: int) -> bool:
        return any(rows[place] - rows[place - 1] > 1 for place in range(1, at + 1))

    candidates = (joined.texts(fields.LEVEL).is_null() | ids.is_null()).head(cells.height).arg_true()
    for at in candidates.to_list():
        texts = [str(value).strip() for value in cells.row(at) if value is not None and str(value).strip()]
        first_cells = texts[: 1 if ids[at] else 2]
        if any(map(sums_up, first_cells)):
            yield sum_of_others(at, texts[0])
        elif len(texts) == 1 and ids[at] and after_gap(at) and not is_like_others(texts[0]):
            yield remark(at, texts[0])
        elif len(texts) == 2 and explains(f"{texts[0]} - {texts[1]}") and after_gap(at):
            problem = f"The row explains the scale ('{texts[0]}: {texts[1][:40]}'); it is not a person."
            yield Exclusion(at, "remark_row", problem, "Nothing to do.", None)


def _uneven(joined: JoinedTables) -> Iterator[Exclusion]:
    """Rows of a text file with more fields than the header: their values are under the wrong headers."""
    table = joined.table
    starts = [(layer.table.sheet, layer.start) for layer in table.layers] or [(table.sheet, 0)]
    uneven = [row + start for sheet, start in starts for row in sheet.uneven]
    problem = "The row has more fields than the header: there is a separator inside a value."
    remedy = "Put the value with the separator in double quotes."
    for at in joined.rows.is_in(uneven).arg_true().to_list() if uneven else []:
        yield Exclusion(at, "shifted_row", problem, remedy, None)


def _spilled(joined: JoinedTables) -> Iterator[Exclusion]:
    """Rows with a number just beyond the last column, when that column is a rating: the values before it are
    shifted by a cell."""
    table = joined.table
    named = [column for column in table.columns if column.header]
    if not named or not is_rating(named[-1].role):
        return
    after = table.cells.columns.index(named[-1].letter) + 1
    if after >= table.cells.width:
        return
    beyond = text_of(table.cells.to_series(after))
    filled = beyond.is_not_null().arg_true().to_list()
    if len(filled) > max(3, len(beyond) // 20):
        return
    for at in filled:
        if read_written_rating(beyond[at]).kind == "number":
            problem = f"The values seem shifted: {beyond[at]} is beyond the last column, {named[-1].letter}."
            yield Exclusion(at, "shifted_row", problem, _MOVE_BACK, None)


def _shifted(joined: JoinedTables, levels: Names) -> Iterator[Exclusion]:
    """Rows without a level of their own that have one in the column beside it."""
    letter = joined.columns[fields.LEVEL].letter
    cells = joined.table.cells
    at = cells.columns.index(letter)
    target = joined.columns.get(fields.TARGET_LEVEL)
    beside = [cells.columns[place] for place in (at + 1, at - 1) if 0 <= place < cells.width]
    beside = [place for place in beside if target is None or place != target.letter]
    unknown = levels.ids_of(joined.texts(fields.LEVEL)).is_null().head(cells.height).arg_true()
    for row in unknown.to_list():
        for place in beside:
            value = cells[place][row]
            if value is not None and levels.id_of(str(value)) is not None:
                problem = f"The values seem shifted: the level '{value}' is in column {place}."
                yield Exclusion(row, "shifted_row", problem, _MOVE_BACK, fields.LEVEL)
                break


def _missing_ids(joined: JoinedTables) -> Iterator[Exclusion]:
    """Rows without an id, or with one that a spreadsheet program turned into a number or a date."""
    written = text_of(joined.keys)
    for at in (~are_ids(written)).arg_true().to_list():
        yield Exclusion(at, *why_no_id(written[at]), joined.key)


def _repeats(joined: JoinedTables, ids: pl.Series) -> Iterator[Exclusion]:
    """Rows that share an id. Of rows that say the same in every cell the first counts."""
    for employee_id, rows, different in joined.repeated(ids):
        numbers = [joined.row_label(at) for at in rows]
        for index, at in enumerate(rows):
            if different > 1:
                others = [number for number in numbers if number != numbers[index]]
                place = f"{'row' if len(others) == 1 else 'rows'} {few(others, 8)}"
                problem = f"The id {employee_id} is also in {place}, with other values."
                remedy = "Keep the row that is right, or give each person their own id."
                yield Exclusion(at, _REPEATED, problem, remedy, joined.key)
            elif index:
                problem = f"The row repeats row {numbers[0]}, which counts, cell for cell."
                yield Exclusion(at, "exact_repeat", problem, "Remove the repeated row.", joined.key)


def about_repeats(
    joined: JoinedTables,
    ids: pl.Series,
    excluded: Collection[Exclusion],
    said: RowThatCounts | None,
    day: date,
    not_rated: frozenset[str],
) -> tuple[Asked | None, frozenset[int]]:
    """A question which row counts of people who have several that differ, and the rows that an answer helps.
    None where there are none, where no answer helps, and where one has helped."""
    kinds = {(one.kind, one.role is None) for one in excluded}
    elsewhere = (_REPEATED, True) in kinds
    used = any(issue.kind == "other_row_counts" and issue.row for issue in joined.issues)
    if said in ("neither", "together"):
        return None, frozenset()
    if used or not (elsewhere or (_REPEATED, False) in kinds):
        return _about_earlier(joined), frozenset()
    table, key = joined.table, joined.key
    own = ids.head(table.cells.height)
    settled = settled_by(table, key, own, "last", day)
    if not settled and not elsewhere:
        return _about_earlier(joined), frozenset()
    answers = [
        (f"The one with the later “{joined.columns[field].header}”", said)
        for said, field in ROWS_BY_DATE.items()
        if field in joined.columns and settled_by(table, key, own, said, day)
    ]
    if set(settled) & set(those_that_fit(table, key, day, not_rated)):
        answers.append(("All of them as one: they fill different cells", "together"))
    answers += [("The first one in the file", "first"), ("The last one in the file", "last")]
    answers += [("None of them: leave these people out", "neither")]
    rows = {one: _in_short(joined, at) for one, at, _ in joined.repeated(ids) if one in set(settled)}
    if rows:
        people, are = counted(len(rows), "person has", "people have"), "is" if len(rows) == 1 else "are"
        text = (
            f"{people} several rows with other values, as after a transfer or a new export, and {are} left "
            f"out: {few([f'{one} ({how})' for one, how in rows.items()], 4, '; ')}."
        )
    else:
        text = "People have several rows with other values on a sheet of ratings, and are left out."
    first, *others = (name for _, name in answers)
    ways = ", ".join(f"`{name}`" for name in others)
    remedy = f"A mapping can say which row counts: `row_that_counts: {first}`, or {ways}."
    repeated = (one for one in excluded if one.kind == _REPEATED)
    helped = frozenset(one.at for one in repeated if one.role is None or ids[one.at] in settled)
    return Asked(text, remedy, "rows", answers=tuple(answers)), helped


def _about_earlier(joined: JoinedTables) -> Asked | None:
    """Whether what one rater wrote long before the other belongs to the same review."""
    lost = [one for one in joined.issues if one.kind == "rated_earlier"]
    if not lost or fields.CYCLE in joined.table.by_role:
        return None
    text, remedy = " ".join(one.problem for one in lost), " ".join(dict.fromkeys(one.remedy for one in lost))
    answers = (
        ("All of them as one: they are of the same review", "together"),
        ("The later one alone: the earlier one is of another review", "neither"),
    )
    return Asked(text, remedy, "rows", answers=answers)


def naming_answers(
    excluded: Mapping[int, Exclusion], asked: Asked, helped: Collection[int]
) -> dict[int, Exclusion]:
    """The exclusions, with the answers beside the rows that they help."""
    answered = {at: replace(excluded[at], remedy=f"{excluded[at].remedy} {asked.remedy}") for at in helped}
    return {**excluded, **answered}


def _in_short(joined: JoinedTables, rows: Sequence[int]) -> str:
    """`rows 93 and 144, other Level, Hire Date and 14 more`."""
    table = joined.table
    cells = table.cells[list(rows)]
    differ = [one.header or one.letter for one in table.columns if cells[one.letter].n_unique() > 1]
    return f"rows {join([joined.row_label(at) for at in rows])}, other {few(differ, 3)}"


def _unknown_levels(joined: JoinedTables, level_ids: pl.Series, levels: Names) -> Iterator[Exclusion]:
    unknown = level_ids.is_null().arg_true()
    written = joined.texts(fields.LEVEL).gather(unknown).to_list()
    remedies = {text: levels.remedy(text) for text in {*written} - {None}}
    for at, text in zip(unknown.to_list(), written, strict=True):
        if text is None:
            remedy = "Write a level of the rule pack."
            yield Exclusion(at, "missing_level", "The row has no level.", remedy, fields.LEVEL)
        else:
            problem = f"'{text[:60]}' is not a level in this rule pack."
            yield Exclusion(at, "unknown_level", problem, remedies[text], fields.LEVEL)


def check_ids(joined: JoinedTables, ids: pl.Series, log: IssueLog, *, shortened: bool) -> None:
    """Issues about ids that are usable, but look as if something had happened to them."""
    if shortened:
        problem = "All ids end in .0, the way exports write numbers; the .0 was removed."
        log.note("id_decimals", problem, "Nothing to do.", joined.key)
    if joined.key is not fields.EMPLOYEE_ID:
        return
    known = ids.drop_nulls()
    decimal = known.filter(known.str.contains(r"\d\.0+$"))
    if len(decimal):
        log.warn(
            "id_decimals",
            f"{counted(len(decimal), 'id')} {'ends' if len(decimal) == 1 else 'end'} in .0, such as "
            f"{decimal[0]}, and the others do not: an export may have written numbers this way. "
            f"{'It was' if len(decimal) == 1 else 'They were'} left as written.",
            "If the .0 does not belong to the ids, format the column as text and enter these ids again.",
            fields.EMPLOYEE_ID,
        )
    _check_zeros(known, log)
    _check_likeness(known, log)


def _check_zeros(known: pl.Series, log: IssueLog) -> None:
    widths = known.filter(known.str.contains(_ZERO_LED)).str.len_chars().unique()
    digits = known.filter(known.str.contains(_DIGITS))
    if len(widths) != 1:
        return
    shorter = digits.filter(digits.str.len_chars() < widths[0])
    if len(shorter):
        log.warn(
            "leading_zeros",
            f"Most ids have {widths[0]} digits with leading zeros, but {len(shorter):,} "
            f"{'is' if len(shorter) == 1 else 'are'} shorter, such as {shorter[0]}: a spreadsheet program "
            "may have removed their zeros.",
            "Format the column as text and enter these ids again.",
            fields.EMPLOYEE_ID,
        )


def _check_likeness(known: pl.Series, log: IssueLog) -> None:
    if known.str.contains(_PLAIN).all():
        return  # ids of capitals and digits differ in more than case and hyphens
    folded = known.str.to_lowercase().str.replace_all(r"[\s\-_.]", "")
    alike = pl.DataFrame({"id": known, "folded": folded}).unique().filter(pl.col("folded").is_duplicated())
    for _, group in sorted(alike.partition_by("folded", as_dict=True).items())[:50]:
        both = join(sorted(group["id"].to_list()), most=4)
        log.warn(
            "similar_ids",
            f"The ids {both} differ only in case, spaces or hyphens; they were read as different people.",
            "If they are one person, keep one row.",
            fields.EMPLOYEE_ID,
        )
