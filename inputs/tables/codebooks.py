"""Codes of competencies, as survey programs write them into headers and rows, by the sheet that explains
them: `Q1` beside `Communication`."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from inputs.asked import mapped
from inputs.fields import COMPETENCY, KEYS
from inputs.files.sheets import Sheet
from inputs.phrases import counted, few, was
from inputs.roster import FaultyFileError, Issue, Severity
from inputs.tables.layout import Table, match_table
from inputs.words.lexicon import Lexicon

_LONGEST, _WIDEST = 200, 8
"""Rows and columns of a sheet that may explain codes."""
_LEAST = 2
"""Codes from which a sheet explains them."""
_CODE = re.compile(r"[A-Za-z]{1,8}[-_. ]?\d{1,3}[A-Za-z]?")
_NAMED = 4

Codes = Mapping[str, str]
"""The competencies by their codes."""


@dataclass(frozen=True)
class Codebook:
    """What sheets say of codes."""

    codes: Codes
    sheets: Sequence[Sheet]
    """Those that explain them."""
    notes: Sequence[Issue]


def read_codebook(sheets: Sequence[Sheet], lexicon: Lexicon, known: Collection[str]) -> Codebook:
    """The codes that a sheet explains and another one uses, but for those that a mapping knows. Raises
    InputError where two sheets explain one otherwise."""
    codes: dict[str, str] = {}
    books: list[Sheet] = []
    notes: list[Issue] = []
    for sheet in sheets if len(sheets) > 1 else ():
        explained = {code: one for code, one in _explained(sheet, lexicon).items() if code not in known}
        others = (one for one in sheets if explained and one is not sheet)
        tables = filter(None, (match_table(one, lexicon, doubtful=True) for one in others))
        used = {code for table in tables for code in _uses(table, explained)}
        if twice := sorted(code for code in used if codes.get(code, explained[code]) != explained[code]):
            code = twice[0]
            one, other = lexicon.titles[codes[code]], lexicon.titles[explained[code]]
            raise FaultyFileError(
                f"{books[0].place} and {sheet.place} explain the code '{code}' otherwise: as {one} and as "
                f"{other}. Keep the sheet that is right, or say in a mapping what it is: "
                f"`competencies: {mapped([(code, codes[code])])}`."
            )
        if used:
            books.append(sheet)
            read = {code: competency for code, competency in explained.items() if code in used}
            notes.append(_note(sheet, read, lexicon))
            codes |= read
    return Codebook(codes, books, notes)


def _note(sheet: Sheet, read: Codes, lexicon: Lexicon) -> Issue:
    shown = few([f"'{code}' ({lexicon.titles[competency]})" for code, competency in read.items()], _NAMED)
    problem = (
        f"{counted(len(read), 'code')} of competencies {was(len(read))} read as this sheet explains: {shown}."
    )
    remedy = "If that is wrong, say in a mapping what they are: `competencies`."
    return sheet.issue("codes_read", Severity.NOTE, problem, remedy)


def _explained(sheet: Sheet, lexicon: Lexicon) -> Codes:
    """The codes of a sheet that has a column of them beside one that names competencies; none where a code or
    a competency stands twice."""
    rows = [] if sheet.cells.height > _LONGEST or sheet.cells.width > _WIDEST else sheet.texts()
    columns = list(zip(*rows, strict=True))
    for named in columns:
        known = [lexicon.competency(text) if text else None for text in named]
        if sum(one is not None for one in known) < max(_LEAST, len(list(filter(None, named))) // 2):
            continue
        for column in columns:
            pairs = [
                (code.strip(), competency)
                for code, competency in zip(column, known, strict=True)
                if competency is not None
            ]
            codes, competencies = {code for code, _ in pairs}, {competency for _, competency in pairs}
            if all(map(_CODE.fullmatch, codes)) and len(codes) == len(competencies) == len(pairs):
                return dict(pairs)
    return {}


def _uses(table: Table, codes: Iterable[str]) -> Iterator[str]:
    """The codes that a table has in headers, or in cells that do not say who a row is about."""
    headers = [column.header for column in table.columns if column.role not in KEYS]
    cells = [
        table.cells[column.letter].cast(pl.String).drop_nulls().unique()
        for column in table.columns
        if column.role is COMPETENCY or (column.role is None and column.header)
    ]
    texts = {text.strip().casefold() for column in cells for text in column.to_list()}
    for code in codes:
        word = re.compile(rf"(?<![^\W_]){re.escape(code)}(?![^\W_])", re.IGNORECASE)
        if code.casefold() in texts or any(map(word.search, headers)):
            yield code
