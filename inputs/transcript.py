"""An inspection as text for the terminal, as plain values for programs, and as a mapping to correct."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, fields, replace
from textwrap import wrap
from typing import Any

import yaml

from inputs.asked import mapped
from inputs.fields import FIELDS, Rater
from inputs.inspection import InspectedColumn, InspectedRatings, InspectedSheet, Inspection
from inputs.issues import KINDS
from inputs.mapping import OPEN
from inputs.phrases import counted, join

_WIDTH = 100
_RESOLVED = ("employee", "manager")
"""Fields that stand for one of two others, as the values of the column show."""


def inspection_lines(inspection: Inspection) -> list[str]:
    """The inspection as lines of text for the terminal."""
    lines = [_opening(inspection), "", *_needed(inspection)]
    for heading, body in _sections(inspection):
        if body:
            lines += ["", heading, *body]
    return lines


def _sections(inspection: Inspection) -> Iterator[tuple[str, list[str]]]:
    several = len(inspection.files) > 1
    yield "Worth answering", _bullets(inspection.worth_answering)
    if len(inspection.sheets) > 1 or any(sheet.name for sheet in inspection.sheets):
        heading = "Files and sheets" if several else "Sheets"
        yield heading, [_sheet_line(sheet, several) for sheet in inspection.sheets]
    used = [column for column in inspection.columns if column.taken_for]
    unused = [one for one in inspection.columns if not one.taken_for and (one.header or one.filled)]
    for heading, columns in (
        ("About the people", [column for column in used if _about_people(column)]),
        ("Ratings and comments", [column for column in used if not _about_people(column)]),
        ("Not used", unused),
    ):
        yield f"{heading} ({counted(len(columns), 'column')})", _table([_cells(one) for one in columns])
    yield "Scales", [_ratings_line(rated, inspection) for rated in inspection.ratings]
    yield "Understood without asking", _bullets(inspection.notes)
    yield "Missing, and what it costs", _bullets(inspection.missing)
    yield (
        "Cells and rows to look at",
        [f"  {count:>6}  {KINDS[kind]}" for kind, count in inspection.issues.items()],
    )


def _about_people(column: InspectedColumn) -> bool:
    field = FIELDS.get(column.taken_for or "")
    return field is not None and field.use != "rating"


def _opening(inspection: Inspection) -> str:
    if not inspection.people_in_file:
        return f"{_files(inspection)}: cannot be assessed as it is."
    if inspection.people_in_file == inspection.people_assessable:
        people = counted(inspection.people_in_file, "person, assessable", "people, all of them assessable")
        return f"{_files(inspection)}: {people}."
    left = inspection.people_in_file - inspection.people_assessable
    return (
        f"{_files(inspection)}: {inspection.people_in_file:,} rows of people = "
        f"{inspection.people_assessable:,} assessable + {left:,} not assessable."
    )


def _files(inspection: Inspection) -> str:
    return " ".join(inspection.files) if len(inspection.files) < 4 else f"{len(inspection.files)} files"


def _sheet_line(sheet: InspectedSheet, several: bool) -> str:
    hidden = "" if sheet.visible else " (hidden)"
    name = "the file" if sheet.name is None else f"'{sheet.name}'"
    if several:
        name = sheet.file if sheet.name is None else f"{sheet.file}, {name}"
    if not sheet.header_rows:
        return f"  {name}{hidden}: {sheet.shape}; not used"
    rows = join([str(row) for row in sheet.header_rows])
    place = "row" if len(sheet.header_rows) == 1 else "rows"
    use = ("read as one list" if sheet.one_of_list else "read") if sheet.used else "not used"
    below = f"{counted(sheet.rows, 'row')} below the header in {place} {rows}"
    return f"  {name}{hidden}: {use}; {sheet.shape}, {below}"


def _cells(column: InspectedColumn) -> tuple[str, str, str, str]:
    field = FIELDS.get(column.taken_for or "")
    if field is not None:
        meaning = f"{field.label} ({column.why})"
    elif column.taken_for:
        meaning = column.why
    elif column.suggestion:
        meaning = f"looks like the {column.suggestion}: not used unless you confirm it"
    else:
        meaning = column.why or ("no header" if not column.header else "not needed")
    seen = f"{column.range}; " if column.range else ""
    samples = ", ".join(column.samples) if column.samples else "empty"
    return column.letter, column.header[:40], meaning, f"{seen}{samples}"


def _table(rows: Sequence[tuple[str, str, str, str]]) -> list[str]:
    widths = [max((len(row[at]) for row in rows), default=0) for at in range(3)]
    lines = []
    for letter, header, meaning, samples in rows:
        line = f"  {letter:>{widths[0]}}  {header:<{widths[1]}}  {meaning:<{min(widths[2], 58)}}  {samples}"
        lines.append(line.rstrip())
    return lines


def _ratings_line(rated: InspectedRatings, inspection: Inspection) -> str:
    who = "the person " if rated.rater == "self" else "the manager"
    if not rated.competencies:
        return f"  By {who}: none"
    words = f"; words: {', '.join(rated.words)}" if rated.words else ""
    return (
        f"  By {who}: {rated.competencies} of {inspection.competencies_known} competencies, "
        f"{counted(rated.cells, 'rating')}, seen {rated.range}{words}; read as {rated.read_as}"
    )


def _bullets(texts: Sequence[str]) -> list[str]:
    lines = []
    for text in texts:
        lines += wrap(text, _WIDTH, initial_indent="  - ", subsequent_indent="    ", break_long_words=False)
    return lines


def _needed(inspection: Inspection) -> list[str]:
    if not inspection.questions:
        return ["Nothing needs to be asked: `readiness assess` can go ahead."]
    if not inspection.people_in_file:
        return ["What stops an assessment:", *_bullets(inspection.questions)]
    count = len(inspection.questions)
    lines = [f"{'One question' if count == 1 else f'{count} questions'} to answer before an assessment:"]
    lines += _bullets(inspection.questions)
    lines.append("Write down the answers with `readiness inspect FILE --write-mapping map.yaml`.")
    return lines


def inspection_data(inspection: Inspection) -> dict[str, Any]:
    """The inspection as plain values that JSON can hold."""
    data = asdict(replace(inspection, columns=()))
    data["columns"] = [_column_data(column) for column in inspection.columns]
    data["mapping"] = inspection.mapping.model_dump(mode="json", by_alias=True)
    return data


def _column_data(column: InspectedColumn) -> dict[str, Any]:
    said = {one.name: getattr(column, one.name) for one in fields(column)}
    return {"taken_for" if name == "role" else name: value for name, value in said.items()} | {
        "taken_for": column.taken_for
    }


def mapping_text(inspection: Inspection) -> str:
    """The mapping of an inspected file as YAML, with the questions and how to answer them as comments."""
    words = [name for name in FIELDS if name not in _RESOLVED]
    lines = [
        f"# How {_files(inspection)} is read. Correct what is wrong, then:",
        f"#   readiness assess {_files(inspection)} --mapping THIS_FILE --out results",
        *wrap(_MEANINGS, _WIDTH, initial_indent="# ", subsequent_indent="# "),
        *wrap(f"# Words: {', '.join(words)}.", _WIDTH, subsequent_indent="#   "),
        "",
    ]
    for at, question in enumerate(inspection.questions, start=1):
        lines += wrap(f"Question {at}: {question}", _WIDTH - 2, initial_indent="# ", subsequent_indent="#   ")
    if inspection.questions:
        lines.append("")
    lines.append("tables:")
    for table in inspection.mapping.tables:
        lines.append(f"  - file: {_quoted(table.file)}")
        if table.sheet is not None:
            lines.append(f"    sheet: {_quoted(table.sheet)}")
        lines.append(f"    header_rows: [{', '.join(map(str, table.header_rows))}]")
        lines.append("    columns:")
        for letter, column in table.columns.items():
            lines.append(
                f"      {_quoted(letter) if letter in _WORDS else letter}: {{header: "
                f"{_quoted(column.header)}, is: {_quoted(column.taken_for)}}}"
            )
    known = inspection.mapping.model_dump(
        mode="json", by_alias=True, exclude_defaults=True, exclude={"tables", "columns"}
    )
    lines += _open_words(inspection, known)
    if inspection.scales_asked:
        lines += [
            "",
            "# The scale of each rater, from worst to best; the worst number may be the higher one.",
            "scales:",
        ]
        lines += [_open_scale(rater, inspection) for rater in inspection.scales_asked]
        answered = known.pop("scales", {}).items()
        lines += [
            f"  {rater}: {_in_line(scale)}"
            for rater, scale in answered
            if rater not in inspection.scales_asked
        ]
    if known:
        lines += ["", "# From the mapping that was given:"]
        lines += [f"{part}: {_in_line(said)}" for part, said in known.items()]
    lines += ["", *_TAIL]
    return "\n".join(lines) + "\n"


def _in_line(said: Any) -> str:
    """A part of a mapping as YAML in one line."""
    dumped = yaml.safe_dump(said, default_flow_style=True, allow_unicode=True, width=10_000, sort_keys=False)
    return dumped.removesuffix("...\n").strip()


def _open_scale(rater: Rater, inspection: Inspection) -> str:
    if words := inspection.words_asked.get(rater):
        points = mapped((word, OPEN) for word in words)
        return f"  {rater}: {{worst: {OPEN}, best: {OPEN}, points: {points}}}"
    return f"  {rater}: {{worst: {OPEN}, best: {OPEN}}}  # or {{words: [worst, ..., best]}}"


def _open_words(inspection: Inspection, known: dict[str, Any]) -> list[str]:
    """A line for each kind of words that nobody has explained, to be answered, with those that are explained:
    these are taken from what is `known`."""
    lines = []
    for kind in ("raters", "competencies"):
        words = {one.word: one.likely for one in inspection.open_words if one.kind == kind}
        if words:
            likely = ", ".join(f"{_quoted(word)}: {meaning or '?'}" for word, meaning in words.items())
            explained = known.pop(kind, {}).items()
            likely += "".join(f", {_quoted(word)}: {meaning or 'null'}" for word, meaning in explained)
            lines += ["", "# Correct the first line, take its # away, and remove the second:"]
            lines += [f"# {kind}: {{{likely}}}", f'{kind}: "?"']
    return lines


_WORDS = ("N", "NO", "ON", "OFF", "Y", "YES")
"""Letters of columns that some readers of YAML take for a truth value."""
_MEANINGS = (
    "A column is: one of the words below, a rating such as communication:manager, a comment such as "
    "comment:communication:manager or comment:overall:manager, or null when it is not to be used. Where "
    "another column says who rated, a rating is rater_unknown:communication."
)
_TAIL = (
    "# Sheets with the same columns are one list, each row once:",
    "# sheets: all",
    "# What a column is, by its header, where no table above has to be written down:",
    '# columns: {"Current grade": level, "Lead": manager_name}',
    "# Names of levels in the file that are not in the rule pack:",
    '# levels: {"Senior Product Manager II": senior_pm}',
    "# Names of specialisations in the file that are not in the rule pack:",
    '# specialisations: {"Payments": growth_pm}',
    "# The scale of each rater, from worst to best; the worst number may be the higher one:",
    "# scales:",
    "#   self: {worst: 1, best: 10}",
    "#   manager: {words: [Below, Meets, Exceeds]}",
    "# The same with words among the numbers, each with the number that it stands for:",
    "#   self: {worst: 1, best: 10, points: {Good: 7, Excellent: 9}}",
    "# Texts that mean: not rated.",
    '# not_rated: ["0"]',
    "# For dates that could be read in two ways: day first, or month first.",
    "# date_order: day first",
    "# How letters are written in a text file that is not in UTF-8, such as windows-1250:",
    "# encoding: windows-1250",
    "# Which row counts of a person with several that differ, after a transfer, say: first, last, later",
    "# hire_date, later level_since, together (as one), or neither.",
    "# row_that_counts: later level_since",
    "# Words in a column of competencies, or of raters, in a file with one row per rating:",
    '# competencies: {"Comms": communication}',
    '# raters: {"Head of team": manager, "Peer": other}',
)


def _quoted(text: str | None) -> str:
    if text is None:
        return "null"
    dumped = yaml.safe_dump(text, default_style='"', allow_unicode=True, width=10_000)
    return dumped.strip()
