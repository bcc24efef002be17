"""A workbook of people by 40 columns, read and checked, against the bare reader in the same run.

    python benchmarks/reading.py [PEOPLE ...]   (20,000 and 100,000 unless given)

The bare reader is fastexcel to polars with every column as text, in a process of its own, as a program that
only wants the table would start it. Both run in turn, `ROUNDS` times; the ratio is the middle one of all
rounds, because a machine's speed drifts from one to the next. Writes a table of docs/benchmarks.md.
"""

import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from statistics import median
from time import perf_counter
from zipfile import ZIP_DEFLATED, ZipFile

import polars as pl
from tables import write_table

from inputs import RatingScale, Term, Vocabulary
from inputs.files.sheets import letter
from rules.spelling import name_key

SIZES = (20_000, 100_000)
ROUNDS = 7
COMPETENCIES = 14
PEOPLE_HEADERS = (
    "Employee ID", "Name", "Level", "Manager ID", "Manager Name", "Department", "Specialisation", "Hire Date",
    "In Level Since", "In Product Since", "Review Date", "Location",
)  # fmt: skip
LEVELS = ("Associate", "Professional", "Senior", "Lead")

BARE = """
import sys, fastexcel
sheet = fastexcel.read_excel(sys.argv[1]).load_sheet(0, header_row=None, dtypes="string")
print(sheet.to_polars().height)
"""
CHECKED = """
import sys
from datetime import date
from pathlib import Path
sys.path[:0] = [sys.argv[2], sys.argv[3]]
from inputs.loading import load_roster
from reading import VOCABULARY
roster = load_roster([Path(sys.argv[1])], VOCABULARY, date(2026, 6, 30))
print(roster.people_in_file, roster.people.height, roster.ratings.width)
"""

VOCABULARY = Vocabulary(
    competencies=tuple(Term(f"competency_{letter}", f"Competency {letter}") for letter in "abcdefghijklmn"),
    levels=tuple(Term(name.lower(), name) for name in LEVELS),
    next_levels={
        here.lower(): (there.lower(),)
        for here, there in zip(LEVELS, (*LEVELS[1:], None), strict=True)
        if there
    },
    scale=RatingScale(Decimal(1), Decimal(5)),
    name_key=name_key,
)


def main(sizes: Sequence[int]) -> None:
    lines = [
        "| people | bare reader, s | read and checked, s | ratio |",
        "| --- | --- | --- | --- |",
        *map(measured, sizes),
    ]
    write_table("reading", lines)


def measured(people: int) -> str:
    """Write the workbook, read it both ways; a line of the table."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "people.xlsx"
        write_people(path, people)
        rounds = [(_seconds(BARE, path), _seconds(CHECKED, path)) for _ in range(ROUNDS)]
    floor, ours = (median(seconds) for seconds in zip(*rounds, strict=True))
    ratio = median(checked / bare for bare, checked in rounds)
    return f"| {people:,} | {floor:.2f} | {ours:.2f} | {ratio:.2f} |"


def _seconds(program: str, path: Path) -> float:
    here = Path(__file__).parent
    # Whoever installed the program has its bytecode.
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    start = perf_counter()
    subprocess.run(
        [sys.executable, "-c", program, str(path), str(here.parent), str(here)],
        check=True,
        stdout=subprocess.DEVNULL,
        env=environment,
    )
    return perf_counter() - start


def write_people(path: Path, people: int) -> None:
    """A workbook of invented people with mixed types, as an export has them."""
    numbers = pl.int_range(people, eager=True)
    columns: dict[str, pl.Series] = {
        "Employee ID": pl.select(pl.format("E{}", numbers)).to_series(),
        "Name": pl.select(pl.format("Person {}", numbers)).to_series(),
        "Level": (numbers % 4).replace_strict(list(range(4)), LEVELS, return_dtype=pl.String),
        "Manager ID": pl.select(pl.format("E{}", numbers // 8)).to_series(),
        "Manager Name": pl.select(pl.format("Person {}", numbers // 8)).to_series(),
        "Department": pl.select(pl.format("Department {}", numbers % 40)).to_series(),
        "Specialisation": pl.select(pl.format("Specialisation {}", numbers % 5)).to_series(),
        "Location": pl.select(pl.format("City {}", numbers % 25)).to_series(),
    }
    for at, header in enumerate(("Hire Date", "In Level Since", "In Product Since", "Review Date")):
        columns[header] = pl.select(
            pl.date(2014 + 3 * at, 1, 1) + pl.duration(days=(numbers * (at + 3)) % 900)
        ).to_series()
    frame = pl.DataFrame({header: columns[header] for header in PEOPLE_HEADERS})
    ratings = [
        (numbers.hash(at) % 9 / 2 + 1).alias(f"{term.title} ({rater})")
        for at, (term, rater) in enumerate(
            (term, rater) for term in VOCABULARY.competencies for rater in ("self", "manager")
        )
    ]
    _write_workbook(path, frame.hstack(ratings))


def _write_workbook(path: Path, frame: pl.DataFrame) -> None:
    """The frame as Excel writes it, with shared strings and date formats: the rows are put into an empty
    workbook that openpyxl wrote, because openpyxl itself would need half a minute for them."""
    import openpyxl  # not by the program that only reads

    shell = path.with_name("shell.xlsx")
    book = openpyxl.Workbook()
    book.active["A1"] = date(2020, 1, 1)  # brings the style 1, a date, into the workbook
    book.save(shell)
    texts = pl.concat(
        [pl.Series(frame.columns), *(frame[name] for name in frame.columns if frame[name].dtype == pl.String)]
    )
    shared = texts.unique(maintain_order=True)
    place = pl.DataFrame({"text": shared, "at": pl.int_range(len(shared), eager=True)})
    with ZipFile(shell) as old, ZipFile(path, "w", ZIP_DEFLATED) as new:
        for name in old.namelist():
            part = old.read(name)
            if name == "xl/worksheets/sheet1.xml":
                head, _, rest = part.partition(b"<sheetData>")
                part = (
                    head
                    + b"<sheetData>"
                    + _rows(frame, place)
                    + b"</sheetData>"
                    + rest.partition(b"</sheetData>")[2]
                )
            elif name in _MENTIONS:
                before, mention = _MENTIONS[name]
                part = part.replace(before, mention + before)
            new.writestr(name, part)
        items = "".join(f"<si><t>{text}</t></si>" for text in shared.to_list())
        new.writestr("xl/sharedStrings.xml", f'<sst xmlns="{_MAIN}">{items}</sst>')


_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_KIND = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
_RELATION = b"http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings"
_MENTIONS = {
    "[Content_Types].xml": (
        b"</Types>",
        b'<Override PartName="/xl/sharedStrings.xml" ContentType="' + _KIND + b'"/>',
    ),
    "xl/_rels/workbook.xml.rels": (
        b"</Relationships>",
        b'<Relationship Id="shared" Type="' + _RELATION + b'" Target="sharedStrings.xml"/>',
    ),
}
"""The parts that have to mention the shared strings: before which bytes, and how."""


def _rows(frame: pl.DataFrame, place: pl.DataFrame) -> bytes:
    """The rows of the sheet as XML, the header first."""
    number = pl.int_range(2, frame.height + 2, eager=True).cast(pl.String)
    known = dict(place.iter_rows())
    head = "".join(
        f'<c r="{letter(at)}1" t="s"><v>{known[name]}</v></c>' for at, name in enumerate(frame.columns)
    )
    cells = []
    for at, name in enumerate(frame.columns):
        column, kind, own = frame[name], "", letter(at)
        if column.dtype == pl.String:
            column, kind = (
                column.rename("text")
                .to_frame()
                .join(place, on="text", how="left", maintain_order="left")["at"],
                ' t="s"',
            )
        elif column.dtype == pl.Date:
            column, kind = column.to_physical() + 25_569, ' s="1"'
        cells.append(pl.format('<c r="' + own + '{}"' + kind + "><v>{}</v></c>", number, column))
    rows = pl.select(pl.format('<row r="{}">{}</row>', number, pl.concat_str(cells))).to_series()
    return (f'<row r="1">{head}</row>' + "".join(rows.to_list())).encode()


if __name__ == "__main__":
    main([int(size) for size in sys.argv[1:]] or SIZES)
