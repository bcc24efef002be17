"""Who each row is about, and which rows cannot be assessed because nobody can say so."""

from collections.abc import Iterator

import polars as pl

from inputs.checks.issue_log import IssueLog
from inputs.roster import Severity
from inputs.tables.contents import Exclusion, is_rating, text_of
from inputs.tables.joining import JoinedTables
from inputs.words.levels import LevelNames
from inputs.words.lexicon import read_words
from inputs.words.spelling import counted, key, words
from inputs.words.texts import ERROR_TEXTS
from inputs.words.written_ratings import read_written_rating

_SCIENTIFIC = r"^[+-]?\d([.,]\d+)?[eE][+-]?\d+$"
_DATE_LIKE = r"^\d{4}-\d\d-\d\d 00:00:00$"
_ZERO_LED = r"^0\d+$"
_PLAIN = r"^[A-Z0-9]*$"
_DIGITS = r"^\d+$"
_DECIMAL_ZERO = r"^\d+\.0+$"


def clean_ids(joined: JoinedTables) -> tuple[pl.Series, bool]:
    """The ids of the people as text, and whether an export's `.0` was taken off all of them."""
    ids = text_of(joined.keys)
    ids = ids.set(ids.is_in([*ERROR_TEXTS, "-", "n/a", "N/A", "NULL", "null", "None", "nan"]), None)
    known = ids.drop_nulls()
    if len(known) and known.str.contains(_DECIMAL_ZERO).all():
        return ids.str.replace(r"\.0+$", ""), True
    return ids, False


def nobodys_rows(joined: JoinedTables, ids: pl.Series, names: LevelNames) -> dict[int, Exclusion]:
    """By row index: rows behind which there is nobody, or whose values stand under the wrong headers. None of
    their values may be read."""
    found: dict[int, Exclusion] = {}
    for source in (
        _no_people(joined, ids),
        _uneven(joined),
        _spilled(joined),
        _shifted(joined, names),
    ):
        for exclusion in source:
            found.setdefault(exclusion.at, exclusion)
    return found


def exclusions(
    joined: JoinedTables, ids: pl.Series, levels: pl.Series, names: LevelNames
) -> dict[int, Exclusion]:
    """By row index: why a row cannot be assessed. The first reason of the most telling kind counts."""
    found: dict[int, Exclusion] = {}
    for source in (
        iter(joined.exclusions),
        _missing_ids(joined, ids),
        _mangled_ids(joined, ids),
        _repeats(joined, ids),
        _levels(joined, levels, names),
    ):
        for exclusion in source:
            found.setdefault(exclusion.at, exclusion)
    return found


def _no_people(joined: JoinedTables, ids: pl.Series) -> Iterator[Exclusion]:
    """Rows that sum up others, repeat the header, or hold a remark: no person is behind them."""
    written = joined.texts("level")
    candidates = (written.is_null() | ids.is_null()).arg_true().to_list()
    totals = {key(word) for word in read_words("marks")["totals"]}
    cells = joined.main.table.cells
    if joined.compared is None:
        return
    for at in candidates:
        if at >= cells.height:
            continue
        texts = [str(value).strip() for value in cells.row(at) if value is not None and str(value).strip()]
        if texts and any(_sums_up(text, totals) for text in texts[: 1 if ids[at] else 2]):
            yield Exclusion(
                at,
                "totals_row",
                f"The row sums up other rows ('{texts[0][:40]}'); it is no person.",
                "Nothing to do.",
                None,
            )
        elif len(texts) == 1 and ids[at] is not None and " " in texts[0]:
            yield Exclusion(
                at,
                "remark_row",
                f"The row holds only a remark ('{texts[0][:60]}'); it is no person.",
                "Nothing to do.",
                None,
            )
    headers = {column.letter: key(column.header) for column in joined.main.table.columns if column.header}
    level = joined.columns["level"]
    repeated = (written == level.header).fill_null(value=False)
    for at in repeated.arg_true().to_list():
        row = {
            name: key(str(value)) for name, value in cells.row(at, named=True).items() if value is not None
        }
        if sum(headers.get(name) == text for name, text in row.items()) > len(row) / 2:
            yield Exclusion(
                at, "repeated_header", "The row repeats the header; it is no person.", "Nothing to do.", None
            )


def _sums_up(text: str, totals: set[str]) -> bool:
    """Whether a text is `Total`, or ends so, as `Payments Total` in a copied pivot."""
    spoken = words(text)
    return key(text) in totals or (len(spoken) > 1 and spoken[-1] in _LAST)


_LAST = ("total", "totals", "subtotal", "average", "summe", "gesamt", "durchschnitt", "moyenne", "promedio")
"""Words that nobody's name ends with."""


def _uneven(joined: JoinedTables) -> Iterator[Exclusion]:
    """Rows of a text file with more fields than the header: their values stand under the wrong headers."""
    if joined.compared is None:
        return
    table = joined.main.table
    starts = [(layer.table.sheet, layer.start) for layer in table.layers] or [(table.sheet, 0)]
    uneven = [row + start for sheet, start in starts for row in sheet.uneven]
    for at in joined.rows.is_in(uneven).arg_true().to_list() if uneven else []:
        problem = "The row has more fields than the header: a separator stands inside a value."
        yield Exclusion(
            at, "shifted_row", problem, "Put the value with the separator in double quotes.", None
        )


def _spilled(joined: JoinedTables) -> Iterator[Exclusion]:
    """Rows with a number just beyond the last column, when that column is a rating: the values before it are
    shifted by a cell."""
    table = joined.main.table
    named = [column for column in table.columns if column.header]
    if joined.compared is None or not named or not is_rating(named[-1].role or ""):
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
            problem = (
                f"The values seem shifted: {beyond[at]} stands beyond the last column, {named[-1].letter}."
            )
            yield Exclusion(
                at, "shifted_row", problem, "Move the values of the row back under their headers.", None
            )


def _missing_ids(joined: JoinedTables, ids: pl.Series) -> Iterator[Exclusion]:
    written = text_of(joined.keys)
    for at in ids.is_null().arg_true().to_list():
        if written[at] in ERROR_TEXTS:
            problem = f"The id holds the spreadsheet error {written[at]}."
        elif written[at] is not None:
            problem = f"'{written[at]}' is no employee id."
        else:
            problem = "The row has no employee id."
        yield Exclusion(at, "missing_employee_id", problem, "Write the id.", joined.main.key)


def _mangled_ids(joined: JoinedTables, ids: pl.Series) -> Iterator[Exclusion]:
    """Ids that a spreadsheet program turned into numbers or dates: the digits behind them are lost."""
    for pattern, into in ((_SCIENTIFIC, "a rounded number"), (_DATE_LIKE, "a date")):
        for at in ids.str.contains(pattern).fill_null(value=False).arg_true().to_list():
            yield Exclusion(
                at,
                "mangled_employee_id",
                f"The spreadsheet program turned the id into {into} ({ids[at]}).",
                "Format the column as text and enter the id again.",
                joined.main.key,
            )


def _repeats(joined: JoinedTables, ids: pl.Series) -> Iterator[Exclusion]:
    """Rows that share an id. Of rows that say the same in every cell the first counts."""
    shared = ids.is_duplicated() & ids.is_not_null()
    if joined.compared is None or not shared.any():
        return
    cells = joined.compared.filter(shared)
    groups = (
        cells.with_columns(_id=ids.filter(shared), _at=shared.arg_true())
        .group_by("_id", maintain_order=True)
        .agg(pl.col("_at"), pl.struct(cells.columns).n_unique().alias("_different"))
    )
    for employee_id, rows, different in groups.iter_rows():
        numbers = [joined.said_row(at) for at in rows]
        for index, at in enumerate(rows):
            if different > 1:
                others = ", ".join(number for number in numbers if number != numbers[index])
                problem = f"The id {employee_id} is also in row {others[:80]}, with other values."
                remedy = "Keep the row that is right, or give each person their own id."
                yield Exclusion(at, "duplicate_employee_id", problem, remedy, joined.main.key)
            elif index:
                problem = f"The row says exactly what row {numbers[0]} says, which counts."
                yield Exclusion(at, "exact_repeat", problem, "Remove the repeated row.", joined.main.key)


def _levels(joined: JoinedTables, levels: pl.Series, names: LevelNames) -> Iterator[Exclusion]:
    written = joined.texts("level")
    unknown = levels.is_null().arg_true().to_list()
    if not unknown:
        return
    for at in unknown:
        text = written[at]
        if text is None:
            yield Exclusion(
                at,
                "missing_level",
                "The row has no level.",
                "Write a level that the rule pack knows.",
                "level",
            )
        else:
            near = names.suggestion(text)
            remedy = (
                f"If {near} is meant, write that, or say so in a mapping."
                if near
                else f"Write one of: {', '.join(names.titles.values())}."
            )
            problem = f"'{text[:60]}' is no level that the rule pack knows."
            yield Exclusion(at, "unknown_level", problem, remedy, "level")


def _shifted(joined: JoinedTables, names: LevelNames) -> Iterator[Exclusion]:
    """Rows without a level of their own that have one in the column beside it."""
    letter = joined.columns["level"].letter
    cells = joined.main.table.cells
    if joined.compared is None or letter not in cells.columns:
        return
    written = joined.texts("level")
    known = [text for text in written.drop_nulls().unique().to_list() if names.level(text) is not None]
    unknown = (~written.is_in(known)).fill_null(value=True).arg_true().to_list()
    at = cells.columns.index(letter)
    others = {column.letter for column in joined.columns.values() if column.role == "target_level"}
    beside = [cells.columns[place] for place in (at + 1, at - 1) if 0 <= place < cells.width]
    for row in unknown:
        for place in beside:
            value = cells[place][row] if row < cells.height and place not in others else None
            if value is not None and names.level(str(value)) is not None:
                problem = f"The values seem shifted: the level '{value}' stands in column {place}."
                remedy = "Move the values of the row back under their headers."
                yield Exclusion(row, "shifted_row", problem, remedy, "level")
                break


def check_ids(joined: JoinedTables, ids: pl.Series, log: IssueLog, *, shortened: bool) -> None:
    """Issues about ids that are usable, but look as if something had happened to them."""
    role = joined.main.key
    if shortened:
        log.note(
            "id_decimals",
            "All ids end in .0, as exports write numbers; it was taken off.",
            "Nothing to do.",
            role,
        )
    if role != "employee_id":
        return
    known = ids.drop_nulls()
    decimal = known.filter(known.str.contains(_DECIMAL_ZERO))
    if len(decimal):
        log.about(
            "id_decimals",
            Severity.WARNING,
            f"{counted(len(decimal), 'id')} {'ends' if len(decimal) == 1 else 'end'} in .0, such as "
            f"{decimal[0]}, and the others do not: an export may have written numbers so. They were left "
            "as they are.",
            "If the .0 does not belong to the ids, format the column as text and enter these ids again.",
            role,
        )
    led = known.filter(known.str.contains(_ZERO_LED))
    if len(led):
        widths = led.str.len_chars().unique().to_list()
        digits = known.filter(known.str.contains(_DIGITS))
        shorter = digits.filter(digits.str.len_chars() < min(widths))
        if len(widths) == 1 and len(shorter):
            log.about(
                "leading_zeros",
                Severity.WARNING,
                f"Most ids have {widths[0]} digits with leading zeros, but {len(shorter)} are shorter, "
                "such as "
                f"{shorter[0]}: a spreadsheet program may have cut their zeros.",
                "Format the column as text and enter these ids again.",
                role,
            )
    if known.str.contains(_PLAIN).all():
        return  # ids of capitals and digits differ in more than case and hyphens
    folded = known.str.to_lowercase().str.replace_all(r"[\s\-_.]", "")
    alike = pl.DataFrame({"id": known, "folded": folded}).unique().filter(pl.col("folded").is_duplicated())
    for _, group in sorted(alike.partition_by("folded", as_dict=True).items())[:50]:
        both = " and ".join(sorted(group["id"].to_list())[:4])
        log.about(
            "similar_ids",
            Severity.WARNING,
            f"The ids {both} differ only in case, spaces or hyphens; they were read as different people.",
            "If they are one person, keep one row.",
            role,
        )
