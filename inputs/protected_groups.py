"""Which groups people belong to, from a spreadsheet of its own: for the fairness report and nothing else.

The roster never holds them, so no rule, data file or page of a run can.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from inputs.fields import EMPLOYEE, EMPLOYEE_ID, OpenRating
from inputs.files.reading import read_file
from inputs.files.sheets import Sheet
from inputs.files.text_encodings import in_clear_letters
from inputs.phrases import few
from inputs.roster import InputError, Vocabulary
from inputs.tables.layout import HEADER_WITHIN
from inputs.words.lexicon import Lexicon, load_lexicon
from inputs.words.texts import text_of
from inputs.words.word_lists import read_words

ABBREVIATED = 2
"""Letters of a value that may stand for a longer one."""


@dataclass(frozen=True)
class Groups:
    """The groups of a company's people."""

    file: str
    """The file's name without its folder."""
    attributes: tuple[str, ...]
    """The headers of the columns, such as `Gender`, in the order of the file."""
    people: pl.DataFrame
    """`employee_id` and one String column per attribute, null where nothing is given; one row per person."""
    remarks: tuple[str, ...] = ()
    """Sentences on what was read as no value, and on values that may be one group."""


def read_groups(path: Path, vocabulary: Vocabulary) -> Groups:
    """Read employee ids and the columns beside them that say which groups a person belongs to.

    Names, managers, departments, ratings and other columns that a ratings file has are left out. Values that
    differ only in case are one group, called as it is written first. Raises `InputError` when there is no
    such table, or when it has two different rows for one person or two columns of one heading.
    """
    lexicon = load_lexicon(vocabulary)
    sheets = in_clear_letters(read_file(path))
    for sheet in sheets:
        for headers, cells in _tables(sheet):
            if any(_is_id(lexicon, header) for header in headers):
                return _groups(sheet, headers, cells, lexicon)
    headers = next(_tables(sheets[0]))[0] if sheets else []
    seen = ", ".join(f"“{header}”" for header in headers if header) or "nothing"
    raise InputError(
        f"{path.name}: no column holds employee ids; the file needs a row of headings with “Employee ID” and "
        f"at least one column such as “Gender”. Its first row holds {seen}."
    )


def _tables(sheet: Sheet) -> Iterator[tuple[list[str], pl.DataFrame]]:
    """The rows of a sheet that could be its headings, each with the cells below it."""
    texts = sheet.cells.select(text_of(column) for column in sheet.cells.get_columns())
    if sheet.headers is not None:
        yield list(sheet.headers), texts
        return
    for row in range(min(texts.height, HEADER_WITHIN)):
        yield [header or "" for header in texts.row(row)], texts.slice(row + 1)
    if texts.is_empty():
        yield [], texts


def _is_id(lexicon: Lexicon, header: str) -> bool:
    meaning = lexicon.meaning(header)
    return meaning is not None and meaning.role in (EMPLOYEE_ID, EMPLOYEE)


def _is_group(lexicon: Lexicon, header: str) -> bool:
    """Whether the header is no other field; `Self-described` has a rater's word, and names no competency."""
    meaning = lexicon.meaning(header)
    return meaning is None or isinstance(meaning.role, OpenRating)


def _groups(sheet: Sheet, headers: Sequence[str], cells: pl.DataFrame, lexicon: Lexicon) -> Groups:
    at_id = next(at for at, header in enumerate(headers) if _is_id(lexicon, header))
    places = [at for at, header in enumerate(headers) if header and _is_group(lexicon, header)]
    chosen = {headers[at]: at for at in places}
    if len(chosen) < len(places):
        raise InputError(f"{sheet.place}: several columns have the same heading; give each one of its own.")
    if not chosen:
        raise InputError(
            f"{sheet.place}: no column says which group a person belongs to; put one next to the employee "
            "ids, with a heading such as “Gender” or “Age band”."
        )
    columns = cells.get_columns()
    named = [columns[at].alias(header) for header, at in chosen.items()]
    people = pl.DataFrame([columns[at_id].alias("employee_id"), *named])
    people = people.filter(pl.col("employee_id").is_not_null())
    written = people.with_columns(
        pl.col(name).first().over(pl.col(name).str.to_lowercase()) for name in chosen
    )
    unsaid = [text.casefold() for text in read_words("cells")["no_group"]]
    says = {name: ~pl.col(name).str.to_lowercase().is_in(unsaid) for name in chosen}
    people = written.with_columns(pl.when(said).then(name) for name, said in says.items())
    people = people.unique(maintain_order=True)
    twice = people.filter(pl.col("employee_id").is_duplicated())["employee_id"].unique(maintain_order=True)
    if twice.len():
        raise InputError(
            f"{sheet.place}: {few(twice.to_list())} {'has' if twice.len() == 1 else 'have'} several "
            "rows with different values; keep the row that is right."
        )
    remarks = (one for name in chosen for one in _remarks(name, written[name], people[name]))
    return Groups(sheet.file, tuple(chosen), people, tuple(remarks))


def _remarks(attribute: str, written: pl.Series, read: pl.Series) -> Iterator[str]:
    """What was read as no value, and letters that may stand for one of the other groups."""
    groups = read.drop_nulls().unique(maintain_order=True)
    unsaid = written.drop_nulls().filter(~written.drop_nulls().is_in(groups.implode()))
    if unsaid.len():  # how often would tell how many people are in a group that is withheld
        words = [f"“{text}”" for text in unsaid.unique(maintain_order=True)]
        yield f"{attribute}: counted as no value given: {', '.join(words)}."
    for short in groups:
        begun = [text for text in groups if text != short and text.casefold().startswith(short.casefold())]
        if len(begun) == 1 and short.isalpha() and len(short) <= ABBREVIATED:
            yield (
                f"{attribute}: “{short}” and “{begun[0]}” are counted as two groups; if they are one, write "
                "it one way in all rows."
            )
