"""The sample as files: an HR system's export with the usual dirt, and clean tables for measuring."""

import re
import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from io import BytesIO
from pathlib import Path
from typing import Any

import polars as pl
from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from inputs.fields import FIELDS, OVERALL, RATERS, comment_column, rating_column
from inputs.roster import UNITS_PER_POINT, Vocabulary
from inputs.samples import SAMPLE_DAY
from tests.company import (
    SAMPLE_PEOPLE,
    SAMPLE_SEED,
    Organisation,
    generate_people,
    load_company,
)

SHEET = "Performance Review H1"
HEADERS = {
    "employee_id": "Employee ID",
    "employee_name": "Employee Name",
    "email": "Work Email",
    "location": "Location",
    "level": "Job Level",
    "manager_id": "Manager ID",
    "manager_name": "Manager Name",
    "department": "Department",
    "specialisation_as_written": "Specialisation",
    "hire_date": "Hire Date",
    "level_since": "In Level Since",
    "product_since": "In Product Since",
    "review_date": "Review Date",
}
OVERALL_COMMENT = comment_column(rating_column(OVERALL, "manager"))

Row = dict[str, Any]
Change = Callable[[Any], Any]


@dataclass(frozen=True)
class Blemish:
    """One thing that real exports have wrong, done to one cell."""

    person: int
    """Index among the people; later rows of the sheet move down by the repeated row."""
    column: str
    """A roster column; `3:manager` is the manager's rating of the vocabulary's fourth competency."""
    change: Change


def _as(value: Any) -> Change:
    return lambda _: value


def _written(form: str) -> Change:
    return lambda day: day.strftime(form)


def _between(before: str, after: str) -> Change:
    return lambda text: f"{before}{text}{after}"


BLEMISHES = (
    Blemish(11, "level", _as("Senoir PM")),
    Blemish(64, "level", _as("Product Manger")),
    Blemish(27, "level", str.upper),
    Blemish(83, "level", _between("  ", " ")),
    Blemish(119, "level", _as("Chapter Wizard")),
    Blemish(101, "employee_id", _as(None)),
    Blemish(141, "employee_id", _as("E10091")),
    Blemish(52, "employee_id", _between(" ", "  ")),
    Blemish(38, "employee_name", _between("  ", " ")),
    Blemish(160, "manager_id", _as(None)),
    Blemish(160, "manager_name", _as(None)),
    Blemish(74, "manager_name", _between("", " ")),
    *(Blemish(person, "hire_date", _written("%d/%m/%Y")) for person in range(30, 44)),
    *(Blemish(person, "level_since", _written("%d/%m/%Y")) for person in range(30, 44)),
    *(Blemish(person, "level_since", _written("%d %B %Y")) for person in (70, 71, 105)),
    Blemish(188, "level_since", _as("spring 2024")),
    Blemish(199, "hire_date", _as(datetime(2062, 3, 1))),
    Blemish(17, "0:manager", _as("4,5")),
    Blemish(93, "4:self", _as("3,5")),
    Blemish(18, "8:manager", _as("n/a")),
    Blemish(19, "11:self", _as("N/A")),
    Blemish(55, "2:manager", _as("Exceeds")),
    Blemish(133, "9:manager", _as("-")),
    Blemish(77, "5:manager", _as(7)),
    Blemish(150, "1:self", _as(45)),
    Blemish(171, "3:manager", _as(" 4 ")),
    Blemish(204, "6:manager", _as("not observed")),
    Blemish(221, "7:manager", _as("4?")),
)
"""What is wrong with the sample's export, besides one row that is there twice."""
REPEATED_PERSON = 57


def write_sample_workbook(path: Path, vocabulary: Vocabulary, seed: int = SAMPLE_SEED) -> None:
    """Write the sample's export as .xlsx: the same bytes for the same arguments."""
    day = SAMPLE_DAY
    organisation = generate_people(vocabulary, SAMPLE_PEOPLE, seed, day)
    header, rows = _export(organisation, vocabulary)
    workbook = Workbook()
    sheet = workbook.active
    assert isinstance(sheet, Worksheet)
    sheet.title = SHEET
    sheet.append(list(header.values()))
    for row in rows:
        sheet.append([row.get(name) for name in header])
    _dress(sheet, header)
    workbook.properties.creator = f"{load_company()['company']} People Team"
    workbook.properties.title = f"{SHEET} {day.year}"
    buffer = BytesIO()
    workbook.save(buffer)
    path.write_bytes(_dated(buffer.getvalue(), day))


def write_sample_parquet(
    path: Path, vocabulary: Vocabulary, n: int, seed: int = SAMPLE_SEED, day: date = SAMPLE_DAY
) -> None:
    """Write a clean sample of any size as Parquet: dates typed, ratings Float64 in points."""
    clean_table(generate_people(vocabulary, n, seed, day), vocabulary).write_parquet(path)


def write_sample_csv(
    path: Path, vocabulary: Vocabulary, n: int, seed: int = SAMPLE_SEED, day: date = SAMPLE_DAY
) -> None:
    """Write the same as CSV: dates as 2026-06-30, ratings with a decimal point."""
    clean_table(generate_people(vocabulary, n, seed, day), vocabulary).write_csv(path)


def clean_table(organisation: Organisation, vocabulary: Vocabulary) -> pl.DataFrame:
    """People and ratings side by side under the export's headers, without any dirt."""
    titles = {level.id: level.title for level in vocabulary.levels}
    people = organisation.people.with_columns(pl.col("level").replace_strict(titles))
    return pl.concat(
        [
            people.select(
                pl.col(name).alias(head) for name, head in HEADERS.items() if name in people.columns
            ),
            organisation.ratings.select(
                # Halves first: a column divided by a large number is not always rounded to the nearest float.
                (pl.col(rating_column(term.id, rater)) * 2 // UNITS_PER_POINT / 2).alias(
                    f"{term.title} ({rater})"
                )
                for term in vocabulary.competencies
                for rater in RATERS
            ),
        ],
        how="horizontal",
    )


def _export(organisation: Organisation, vocabulary: Vocabulary) -> tuple[dict[str, str], list[Row]]:
    """The columns of the export, name to header, and its rows with their dirt."""
    company = load_company()
    commented = [term for term in vocabulary.competencies if term.id in company["comments"]]
    header = dict(HEADERS)
    for term in vocabulary.competencies:
        header |= {rating_column(term.id, rater): f"{term.title} ({rater})" for rater in RATERS}
        if term in commented:
            header[f"comment:{term.id}"] = f"{term.title} (manager comment)"
    header[OVERALL_COMMENT] = "Overall Comment (manager)"
    header |= {fact: FIELDS[fact].label.title() for fact in vocabulary.facts}
    people = organisation.people.to_dicts()
    ratings = organisation.ratings.to_dicts()
    rows = [
        _person_row(place, person, rated, vocabulary, company)
        for place, (person, rated) in enumerate(zip(people, ratings, strict=True))
    ]
    for blemish in BLEMISHES:
        if blemish.person < len(rows):
            name = _column(blemish.column, vocabulary.competencies)
            rows[blemish.person][name] = blemish.change(rows[blemish.person][name])
    if len(rows) > REPEATED_PERSON:
        rows.insert(REPEATED_PERSON + 12, rows[REPEATED_PERSON])
    return header, rows


def _person_row(
    place: int, person: Row, rated: Row, vocabulary: Vocabulary, company: Mapping[str, Any]
) -> Row:
    """One row of the export, still clean: titles, mail address, points and comments."""
    terms = {level.id: level for level in vocabulary.levels}
    level = terms[person["level"]]
    # One title in nine is the department's own word for the level.
    names = (level.title, *level.aliases) if place % 9 == 4 else (level.title,)
    given = _plain(person["employee_name"].split()[0])
    points = {name: None if units is None else units / UNITS_PER_POINT for name, units in rated.items()}
    dated = {name: datetime.combine(value, time()) for name, value in person.items() if type(value) is date}
    answers = {fact: _YES_NO.get(person[fact]) for fact in vocabulary.facts}
    row = person | dated | points | answers
    row["level"] = names[place % len(names)]
    row["email"] = f"{given}.{person['employee_id'].lower()}@northlight.example"
    row["location"] = company["locations"][place * 5 % len(company["locations"])]
    for step, (competency, texts) in enumerate(company["comments"].items()):
        rating = points.get(rating_column(competency, "manager"))
        if rating is not None and (place + step) % 3 == 0:
            row[f"comment:{competency}"] = _comment(texts, rating, place // 3, vocabulary)
    known = [value for name, value in points.items() if name.endswith(":manager") and value is not None]
    if known and place % 5 < 2:
        row[OVERALL_COMMENT] = _comment(company["overall"], sum(known) / len(known), place // 2, vocabulary)
    return row


_YES_NO = {True: "yes", False: "no"}


def _plain(name: str) -> str:
    """A name as mail addresses spell it."""
    spelling = str.maketrans("áéíóúñçşıöüğę", "aeiouncsiouge")
    return re.sub(r"[^a-z]", "", name.lower().translate(spelling))


def _comment(texts: Mapping[str, Sequence[str]], rating: float, place: int, vocabulary: Vocabulary) -> str:
    """A sentence that fits a rating: high from three quarters of the scale, low below two fifths."""
    share = (rating - float(vocabulary.scale.lowest)) / float(
        vocabulary.scale.highest - vocabulary.scale.lowest
    )
    choice = texts["high" if share >= 0.75 else "middle" if share >= 0.4 else "low"]
    return choice[place % len(choice)]


def _column(name: str, competencies: Sequence[Any]) -> str:
    """The column of a blemish: `3:manager` counts the vocabulary's competencies."""
    place, _, rater = name.partition(":")
    return f"{competencies[int(place) % len(competencies)].id}:{rater}" if rater else name


def _dress(sheet: Worksheet, header: Mapping[str, str]) -> None:
    """The look that HR systems give their exports."""
    for column, name in enumerate(header, start=1):
        cell = sheet.cell(1, column)
        cell.font = Font(bold=True, color="FFFFFF")
        cell.fill = PatternFill("solid", fgColor="1F3864")
        cell.alignment = Alignment(wrap_text=True, vertical="center")
        wide = name in ("employee_name", "email", "level", "manager_name", "department")
        width = 42 if "comment" in name or name == OVERALL_COMMENT else 24 if wide else 15
        sheet.column_dimensions[get_column_letter(column)].width = width
        if name.endswith(("_date", "_since")):
            for (dated,) in sheet.iter_rows(min_row=2, min_col=column, max_col=column):
                dated.number_format = "yyyy-mm-dd"
    sheet.row_dimensions[1].height = 45
    sheet.freeze_panes = "C2"
    sheet.auto_filter.ref = sheet.dimensions


def _dated(workbook: bytes, day: date) -> bytes:
    """The same workbook with `day` wherever the moment of writing stands."""
    moment = f"{day.isoformat()}T08:00:00Z".encode()
    packed = BytesIO()
    with zipfile.ZipFile(BytesIO(workbook)) as source, zipfile.ZipFile(packed, "w") as target:
        for entry in source.infolist():
            content = source.read(entry)
            if entry.filename == "docProps/core.xml":
                content = re.sub(rb"(?<=>)\d{4}-\d\d-\d\dT[\d:.]+Z(?=<)", moment, content)
            fixed = zipfile.ZipInfo(entry.filename, (day.year, day.month, day.day, 8, 0, 0))
            fixed.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(fixed, content)
    return packed.getvalue()
