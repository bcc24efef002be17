"""Files to a roster: the way from what HR has to what the engine assesses."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from inputs.checks.checking import check
from inputs.files.reading import Waiting, begin_file, read_file
from inputs.files.sheets import Sheet
from inputs.fitting import declared_in, fitted_tables, with_mapped_words
from inputs.mapping import FileMapping
from inputs.roster import InputError, Issue, Rater, Roster, Severity, Vocabulary
from inputs.tables.joining import JoinedTables, join_tables
from inputs.tables.layout import Table, is_transposed, match_table
from inputs.tables.leftovers import stray_cells
from inputs.tables.resolving import resolve_columns
from inputs.words.levels import level_names
from inputs.words.lexicon import Lexicon, load_lexicon
from inputs.words.scales import RatingsSeen, ScaleChoice
from inputs.words.spelling import counted


@dataclass(frozen=True)
class Loaded:
    """A roster with what it was made from, and what has to be answered before it may be used."""

    sheets: tuple[Sheet, ...]
    tables: tuple[Table, ...]
    joined: JoinedTables
    roster: Roster
    questions: tuple[str, ...]
    seen: Mapping[Rater, RatingsSeen]
    """What each rater's ratings hold."""
    scales: Mapping[Rater, ScaleChoice]
    """How each rater's ratings were read."""
    asked: frozenset[tuple[str, str | None, str]]
    """File, sheet and letter of the columns that questions are about."""


def load_roster(
    paths: Sequence[Path], vocabulary: Vocabulary, day: date, mapping: FileMapping | None = None
) -> Roster:
    """Reads and checks spreadsheets. `day` is the day of the assessment: later dates are issues.

    Raises InputError when the work cannot go on: an unreadable file, no table, no known level, or questions
    that only a person can answer; all of them are in the message.
    """
    return roster_of(read_files(paths), vocabulary, day, mapping)


def roster_of(
    sheets: Sequence[Sheet], vocabulary: Vocabulary, day: date, mapping: FileMapping | None = None
) -> Roster:
    """`load_roster` for sheets that were already read."""
    loaded = load(sheets, vocabulary, day, mapping)
    if loaded.questions:
        raise InputError(questions_text(loaded.questions))
    return loaded.roster


def questions_text(questions: Sequence[str]) -> str:
    """The questions as one message, with the way to answer them."""
    listed = (
        questions[0]
        if len(questions) == 1
        else "".join(f"\n  {at}. {text}" for at, text in enumerate(questions, 1))
    )
    count = "one question" if len(questions) == 1 else f"{len(questions)} questions"
    return (
        f"There {'is' if len(questions) == 1 else 'are'} {count} that only you can answer: {listed}\n"
        "`readiness inspect FILE --write-mapping map.yaml` writes what was understood; correct it "
        "there, then "
        "`readiness assess FILE --mapping map.yaml`."
    )


def load(
    sheets: Sequence[Sheet], vocabulary: Vocabulary, day: date, mapping: FileMapping | None = None
) -> Loaded:
    """Like `roster_of`, but questions are part of the answer. Raises InputError for everything else."""
    mapping = mapping or FileMapping()
    lexicon = with_mapped_words(load_lexicon(vocabulary), mapping)
    names = level_names(vocabulary, mapping.levels)
    if mapping.tables:
        tables = fitted_tables(sheets, mapping, lexicon)
    else:
        tables = tuple(table for sheet in sheets if (table := match_table(sheet, lexicon)) is not None)
    if not tables:
        raise InputError(no_table(sheets, lexicon))
    resolved = [resolve_columns(table, lexicon, names, confirmed=bool(mapping.tables)) for table in tables]
    together = mapping.sheets == "all" or bool(mapping.tables)
    joined = join_tables([one.table for one in resolved], lexicon, day, together=together)
    read = [table for whole in joined.tables for table in whole.originals]
    used = [part for part in resolved if any(part.table is table for table in read)]
    questions = [*(question for one in used for question in one.questions), *joined.questions]
    checked = check(joined, vocabulary, names, day, declared_in(mapping, vocabulary))
    headers = {id(one.table.sheet): one.table.header_row for one in used}
    notes = [
        issue
        for sheet in sheets
        if id(sheet) in headers or sheet.remarks
        for issue in _remarks(sheet, headers.get(id(sheet), 0))
    ]
    notes += [issue for one in used for issue in (*one.issues, *stray_cells(one.table))]
    notes += _left_out(sheets, tables)
    return Loaded(
        tuple(sheets),
        tuple(one.table for one in resolved),
        joined,
        replace(checked.roster, issues=(*notes, *checked.roster.issues)),
        (*questions, *checked.questions),
        checked.seen,
        checked.scales,
        frozenset(
            (one.table.sheet.file, one.table.sheet.name, letter) for one in used for letter in one.asked
        ),
    )


def read_files(paths: Sequence[Path]) -> tuple[Sheet, ...]:
    """The sheets of all files; of several, each place names its file. Raises InputError when one cannot be
    read, or when two have one name."""
    with begin_reading(paths) as sheets:
        return sheets()


@contextmanager
def begin_reading(paths: Sequence[Path]) -> Iterator[Waiting]:
    """`read_files` in two steps: it begins here, and what this gives waits for the sheets.

    In between the first file is read by another process, where it is a workbook. One at a time, because each
    may take much memory.
    """
    names = Counter(path.name for path in paths)
    twice = next((name for name, count in names.items() if count > 1), None)
    if twice is not None:
        raise InputError(
            f"{twice}: two files of this name were given; places could not be told apart. Give each file "
            "once, and different files different names."
        )
    first, *others = paths
    with begin_file(first) as begun:
        yield lambda: tuple(
            replace(sheet, one_of_several=bool(others))
            for sheet in (*begun(), *(sheet for path in others for sheet in read_file(path)))
        )


def _remarks(sheet: Sheet, header_row: int) -> list[Issue]:
    """Notes about how a sheet was read."""
    notes = [("file_read", remark) for remark in sheet.remarks]
    if not sheet.visible:
        notes.append(("hidden_sheet", f"The sheet '{sheet.name}' is hidden; it was read."))
    if sheet.hidden_rows:
        count = len(sheet.hidden_rows)
        rows = ", ".join(str(row) for row in sorted(sheet.hidden_rows)[:5])
        notes.append(
            (
                "hidden_rows",
                f"{counted(count, 'row')} hidden ({rows}{' ...' if count > 5 else ''}) and read all the "
                "same.",
            )
        )
    if sheet.hidden_columns:
        letters = ", ".join(sorted(sheet.hidden_columns)[:8])
        notes.append(("hidden_columns", f"Columns are hidden ({letters}); they were read."))
    body = [place for place in sheet.merged if place[0][0] != place[1][0] and place[1][0] > header_row]
    if body:
        (top, left), (bottom, right) = body[0]
        notes.append(
            (
                "merged_cells",
                f"{len(body)} merged cells, such as {left}{top}:{right}{bottom}, were read as if their "
                "value stood in "
                "every row that they cover.",
            )
        )
    issues = [
        Issue(
            kind,
            Severity.NOTE,
            said,
            "Nothing to do if that is right.",
            sheet=sheet.name,
            file=sheet.named_file,
        )
        for kind, said in notes
    ]
    issues += [
        Issue(
            "formula_without_value",
            Severity.WARNING,
            "The cell holds a formula whose result was never calculated; it was read as empty.",
            "Open the workbook in a spreadsheet program and save it.",
            sheet=sheet.name,
            file=sheet.named_file,
            row=row,
            column=letter,
        )
        for row, letter in sorted(sheet.uncalculated)[:1000]
    ]
    return issues


def _left_out(sheets: Sequence[Sheet], tables: Sequence[Table]) -> list[Issue]:
    """A note for every sheet that holds something, but no table of people or ratings."""
    known = {id(table.sheet) for table in tables}
    return [
        Issue(
            "sheet_not_used",
            Severity.NOTE,
            f"The sheet '{sheet.name}'{'' if sheet.visible else ' (hidden)'} was not used: it holds no "
            "table of "
            "people or ratings.",
            "Nothing to do if that is right.",
            sheet=sheet.name,
            file=sheet.named_file,
        )
        for sheet in sheets
        if id(sheet) not in known and not sheet.cells.is_empty()
    ]


def no_table(sheets: Sequence[Sheet], lexicon: Lexicon) -> str:
    """The message for a file without a table of ratings: what was seen, what would be right."""
    for sheet in sheets:
        if letter := is_transposed(sheet, lexicon):
            return (
                f"{sheet.place}: the headers stand one below the other in column {letter}, and people are "
                "columns. Copy the table, paste it with 'Transpose' into a new sheet, and give that."
            )
    seen = []
    for sheet in sheets:
        lines = ([text for text in row if text] for row in sheet.cells.head(20).iter_rows())
        first = list(sheet.headers) if sheet.headers else next((line for line in lines if line), [])
        place = f"sheet '{sheet.name}'" if sheet.name is not None else sheet.file
        seen.append(f"{place}: {', '.join(repr(str(text)[:40]) for text in first[:8]) or 'nothing'}")
    return (
        f"{sheets[0].file}: no row looks like the header of a table of ratings. Seen in "
        f"{'; '.join(seen[:6])}. "
        "The header needs columns such as 'Employee ID', 'Level' and 'Communication (manager)'. "
        "`readiness template` writes a workbook with all of them."
    )
