"""The kinds of fuzzed inputs: what each begins with, how it is changed, and what reads it."""

import csv
import io
import random
import re
import shutil
import zipfile
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import polars as pl
import yaml
from openpyxl.worksheet.worksheet import Worksheet

from engine import assess, explain, vocabulary_of
from inputs.files.packages import package_facts
from inputs.files.reading import read_file
from inputs.inspection import inspect_files
from inputs.loading import load_roster, read_files
from inputs.mapping import read_mapping
from inputs.transcript import mapping_text
from reports.calibration.outcome import calibrate
from reports.run import read_run
from reports.workbook import issues_workbook, mark_issues, read_workbook
from reports.workbook import reading as workbook_reading
from reports.writing import write_run
from rules import load_pack, parse_condition, show
from rules.decision_tables import read_tables, write_tables
from rules.facts import facts_of
from rules.handbook import pack_as_markdown
from tests.broken import BASE
from tests.random_packs import random_condition
from torture.bakery import HEADERS, PEOPLE
from torture.hostile import TEXTS

DAY, TODAY = date(2026, 6, 30), date(2026, 7, 2)
NOW = datetime(2026, 7, 2, 9, tzinfo=UTC)
Try = Callable[[random.Random], object]
"""Makes one input of these dice and reads it."""
Kind = Callable[[Path], Try]
"""What is needed for all inputs of a kind is made in a folder."""
SHORT = tuple(text for text in TEXTS if len(text) < 1000)
NUMBERS = (0, -1, 1, 2**31, 2**63, 2**64, 10**400, 0.1, -0.0, 1e308, float("nan"), float("inf"))
VALUES: tuple[Any, ...] = (*SHORT, *NUMBERS, None, True, False, "", " ", date(1900, 1, 1), date(9999, 12, 31))


def _texts(folder: Path) -> Try:
    """A CSV file, cells and bytes."""
    folder.mkdir()
    vocabulary, path = vocabulary_of(load_pack(BASE)), folder / "ratings.csv"

    def read(dice: random.Random) -> object:
        rows = [list(map(str, row)) for row in (HEADERS, *PEOPLE[: dice.randint(1, 8)])]
        for _ in range(dice.choice((1, 2, 4, 12))):
            _change_rows(dice, rows)
        file = io.StringIO()
        csv.writer(file, delimiter=dice.choice(",,,;\t|")).writerows(rows)
        content = file.getvalue().encode(dice.choice(("utf-8", "utf-8-sig", "utf-16", "cp1252")), "replace")
        path.write_bytes(_change_bytes(dice, content) if dice.random() < 0.3 else content)
        return _whole(path, vocabulary, dice)

    return read


def _change_rows(dice: random.Random, rows: list[list[str]]) -> None:
    row = dice.choice(rows)
    kind = dice.randrange(9)
    if kind < 4 and row:
        row[dice.randrange(len(row))] = str(dice.choice(VALUES))
    elif kind == 4 and row:
        row[dice.randrange(len(row))] = dice.choice(dice.choice(rows) or [""])
    elif kind == 5:
        rows.insert(dice.randrange(len(rows) + 1), list(row))
    elif kind == 6 and len(rows) > 1:
        rows.remove(row)
    elif kind == 7 and row:
        del row[dice.randrange(len(row))]
    else:
        column = [str(dice.choice(VALUES))] * len(rows)
        at = dice.randrange(len(HEADERS))
        for one, value in zip(rows, column, strict=True):
            one.insert(at, value)


def _change_bytes(dice: random.Random, content: bytes) -> bytes:
    changed = bytearray(content)
    for _ in range(dice.choice((1, 1, 3, 20))):
        at = dice.randrange(len(changed) + 1)
        kind = dice.randrange(4)
        if kind == 0 and changed:
            changed[at % len(changed)] = dice.randrange(256)
        elif kind == 1:
            changed[at:at] = dice.choice(SHORT).encode("utf-8", "surrogatepass")
        elif kind == 2:
            del changed[at : at + dice.choice((1, 4, 100))]
        else:
            changed[at:at] = changed[at : at + dice.choice((1, 10, 200))]
    return bytes(changed)


def _whole(path: Path, vocabulary: Any, dice: random.Random) -> object:
    """Read, inspected, its issues marked."""
    if dice.random() < 0.2:
        return inspect_files([path], vocabulary, DAY)
    roster = load_roster([path], vocabulary, DAY)
    return issues_workbook(mark_issues(roster, read_files([path])))


def _parts(folder: Path) -> Try:
    """The XML of a workbook, as `package_facts` reads it: fast, as no cells are read."""
    parts, path = _workbook_parts(folder), folder / "ratings.xlsx"

    def read(dice: random.Random) -> object:
        _write_parts(path, _changed_parts(dice, parts))
        return package_facts(path)

    return read


def _workbooks(folder: Path) -> Try:
    """The same, read whole."""
    parts, path = _workbook_parts(folder), folder / "ratings.xlsx"
    vocabulary = vocabulary_of(load_pack(BASE))

    def read(dice: random.Random) -> object:
        _write_parts(path, _changed_parts(dice, parts))
        if dice.random() < 0.1:
            path.write_bytes(_change_bytes(dice, path.read_bytes()))
        return _whole(path, vocabulary, dice)

    return read


def _workbook_parts(folder: Path) -> dict[str, bytes]:
    folder.mkdir()
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Ratings"
    for row in (HEADERS, *PEOPLE):
        sheet.append(row)
    sheet["H3"].number_format, sheet["A3"].number_format = "0%", "00000"
    sheet["I4"] = "=H4+1"
    sheet["D2"] = date(2023, 1, 1)
    sheet.row_dimensions[5].hidden = sheet.column_dimensions["E"].hidden = True
    sheet.merge_cells("G6:G7")
    sheet["G8"].comment = openpyxl.comments.Comment("to check", "Ada")
    sheet["J8"].fill = openpyxl.styles.PatternFill("solid", fgColor="FFFF0000")
    book.create_sheet("Notes").append(["by Friday"])
    book.save(folder / "seed.xlsx")
    with zipfile.ZipFile(folder / "seed.xlsx") as package:
        return {name: package.read(name) for name in package.namelist()}


_TAG = re.compile(rb"<[^<>]*>")
_VALUE = re.compile(rb'="([^"]*)"')
_ODD = (b"A0", b"XFD1048576", b"ZZZZ99999999999", b"A1:A1048576", b"B2:A1", b"A1:XFD1048576", b"1:1", b"-1")
_ODD += (b"4294967296", b"18446744073709551616", b"1e999", b"", b"true", b"../../x", b"http://127.0.0.1:9/x")


def _changed_parts(dice: random.Random, parts: Mapping[str, bytes]) -> dict[str, bytes]:
    changed = dict(parts)
    for _ in range(dice.choice((1, 1, 2, 3, 8))):
        name = dice.choice(sorted(changed)) if changed else ""
        if not name:
            break
        kind = dice.randrange(20)
        if kind == 0:
            del changed[name]
        elif kind == 1:
            changed[dice.choice(sorted(parts))] = changed[name]
        elif kind == 2:
            changed[name] = changed[name][: dice.randrange(len(changed[name]) + 1)]
        elif kind == 3:
            changed[name] = _change_bytes(dice, changed[name])
        else:
            changed[name] = _change_xml(dice, changed[name])
    return changed


def _change_xml(dice: random.Random, text: bytes) -> bytes:
    tags = list(_TAG.finditer(text))
    if not tags:
        return text
    tag, other = dice.choice(tags), dice.choice(tags)
    value = dice.choice((*_ODD, dice.choice(SHORT).encode("utf-8", "replace")))
    begin, end = tag.span()
    kind = dice.randrange(8)
    if kind < 3 and (values := list(_VALUE.finditer(tag[0]))):
        at = dice.choice(values)
        inside = tag[0][: at.start(1)] + value.replace(b'"', b"&quot;") + tag[0][at.end(1) :]
        return text[:begin] + inside + text[end:]
    if kind == 3:
        return text[:begin] + text[end:]
    if kind == 4:
        return text[:end] + text[end : dice.choice(tags).end()] + text[end:]
    if kind == 5:
        return text[:begin] + other[0] + text[end:]
    if kind == 6:
        return text[:end] + value.replace(b"<", b"&lt;").replace(b"&", b"&amp;") + text[end:]
    return text[:begin] + tag[0].replace(b'="', b'x="', 1) + text[end:]


def _write_parts(path: Path, parts: Mapping[str, bytes]) -> None:
    with zipfile.ZipFile(path, "w") as package:
        for name, content in parts.items():
            package.writestr(name, content)


def _mappings(folder: Path) -> Try:
    """A mapping, and a sheet that is read with it."""
    folder.mkdir()
    vocabulary, path, ratings = vocabulary_of(load_pack(BASE)), folder / "map.yaml", folder / "ratings.csv"
    with ratings.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([HEADERS, *PEOPLE])
    seed = mapping_text(inspect_files([ratings], vocabulary, DAY))

    def read(dice: random.Random) -> object:
        text = _changed_yaml(dice, seed)
        path.write_text(text, encoding="utf-8", errors="surrogatepass")
        return load_roster([ratings], vocabulary, DAY, read_mapping(path))

    return read


def _changed_yaml(dice: random.Random, text: str) -> str:
    if dice.random() < 0.25:
        return _change_bytes(dice, text.encode()).decode("utf-8", "replace")
    value = yaml.safe_load(text)
    known = [*_leaves(value)]
    for _ in range(dice.choice((1, 1, 1, 2, 4))):
        value = _change_value(dice, value, known)
    try:
        return str(yaml.dump(value, Dumper=_Plain, sort_keys=False, allow_unicode=dice.random() < 0.5))
    except (yaml.YAMLError, ValueError):
        return text


class _Plain(yaml.SafeDumper):
    def ignore_aliases(self, data: object) -> bool:  # noqa: ARG002
        return True


def _leaves(value: Any) -> Iterator[Any]:
    inside = value.values() if isinstance(value, dict) else value if isinstance(value, list) else None
    if inside is None:
        yield value
    else:
        for one in inside:
            yield from _leaves(one)


def _change_value(dice: random.Random, value: Any, known: list[Any]) -> Any:
    """One place somewhere in a value changed."""
    if isinstance(value, dict) and value and dice.random() < 0.85:
        key = dice.choice(list(value))
        kind = dice.randrange(8)
        if kind == 0:
            return {name: one for name, one in value.items() if name != key}
        if kind == 1:
            return {(dice.choice(SHORT) if name == key else name): one for name, one in value.items()}
        if kind == 2:
            return {**value, key: value[dice.choice(list(value))]}
        return {**value, key: _change_value(dice, value[key], known)}
    if isinstance(value, list) and value and dice.random() < 0.85:
        at = dice.randrange(len(value))
        kind = dice.randrange(6)
        if kind == 0:
            return value[:at] + value[at + 1 :]
        if kind == 1:
            return [*value, value[at]]
        return [*value[:at], _change_value(dice, value[at], known), *value[at + 1 :]]
    if known and dice.random() < 0.4:
        return dice.choice(known)
    if isinstance(value, str) and dice.random() < 0.4:
        return f"{value}{dice.choice(SHORT)}"
    if isinstance(value, int | float) and dice.random() < 0.6:
        return dice.choice((*NUMBERS, value + 1, -value, value / 3))
    return dice.choice((*VALUES, [], {}, [value], {"id": value}, str(value)))


def _packs(folder: Path) -> Try:
    """The YAML files of a pack; what can be read has a handbook, and judges people."""
    files = {path.relative_to(BASE): path.read_text(encoding="utf-8") for path in BASE.rglob("*.yaml")}
    with (folder.with_name("people.csv")).open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([HEADERS, *PEOPLE])

    def read(dice: random.Random) -> object:
        shutil.rmtree(folder, ignore_errors=True)
        chosen = dice.sample(sorted(files), dice.choice((1, 1, 1, 2)))
        for name, text in files.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            content = _changed_yaml(dice, text) if name in chosen else text
            (folder / name).write_text(content, encoding="utf-8", errors="surrogatepass")
        pack = load_pack(folder)
        pack_as_markdown(pack)
        roster = load_roster([folder.with_name("people.csv")], vocabulary_of(pack), DAY)
        return list(explain(assess(roster, pack, DAY)))

    return read


def _tables(folder: Path) -> Try:
    """A pack as decision tables, cells and parts."""
    folder.mkdir()
    seed, path = folder / "seed.xlsx", folder / "pack.xlsx"
    write_tables(load_pack(BASE), seed)
    with zipfile.ZipFile(seed) as package:
        parts = {name: package.read(name) for name in package.namelist()}

    def read(dice: random.Random) -> object:
        if dice.random() < 0.4:
            _write_parts(path, _changed_parts(dice, parts))
        else:
            book = openpyxl.load_workbook(seed)
            for _ in range(dice.choice((1, 1, 2, 5))):
                _change_sheet(dice, dice.choice(book.worksheets))
            try:
                book.save(path)
            except (ValueError, OverflowError):  # no file holds such a text or number
                return None
        return read_tables(path)

    return read


def _change_sheet(dice: random.Random, sheet: Worksheet) -> None:
    row, column = dice.randint(1, sheet.max_row + 1), dice.randint(1, sheet.max_column + 1)
    kind = dice.randrange(10)
    if kind < 6:
        value = dice.choice(
            (*VALUES, "=1+1", "#REF!", sheet.cell(dice.randint(1, sheet.max_row), column).value)
        )
        try:
            sheet.cell(row, column).value = value
        except (ValueError, openpyxl.utils.exceptions.IllegalCharacterError):
            sheet.cell(row, column).value = "odd"
    elif kind == 6:
        sheet.delete_rows(row)
    elif kind == 7:
        sheet.delete_cols(column)
    elif kind == 8:
        sheet.insert_rows(row)
    else:
        sheet.title = dice.choice(("x", "Rules2", "Pack1", "Signals3"))


def _edited(folder: Path) -> Try:
    """A calibration workbook as the reader of cells gives it, with other cells."""
    folder.mkdir()
    pack = load_pack(BASE)
    ratings = folder / "ratings.csv"
    with ratings.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([HEADERS, *PEOPLE])
    write_run(assess(load_roster([ratings], vocabulary_of(pack), DAY), pack, DAY), folder / "run")
    run, path = read_run(folder / "run"), folder / "run" / "calibration.xlsx"
    sheets = read_file(path)

    def read(dice: random.Random) -> object:
        changed = [_changed_cells(dice, sheet) if dice.random() < 0.6 else sheet for sheet in sheets]
        before = workbook_reading.read_file
        workbook_reading.read_file = lambda _: tuple(changed)  # type: ignore[attr-defined]
        try:
            edited = read_workbook(path, TODAY)
        finally:
            workbook_reading.read_file = before  # type: ignore[attr-defined]
        return calibrate(run, [edited], (), TODAY, NOW)

    return read


def _changed_cells(dice: random.Random, sheet: Any) -> Any:
    from dataclasses import replace

    cells = sheet.cells
    for _ in range(dice.choice((1, 2, 4, 20))):
        column, height = dice.choice(cells.columns), cells.height
        kind = dice.randrange(8)
        if kind < 6:
            at = dice.randrange(height)
            value = dice.choice((*map(str, VALUES), None, "ready_now", "Ready now", "developing", "46204"))
            texts = cells[column].to_list()
            texts[at] = value
            cells = cells.with_columns(pl.Series(column, texts, dtype=pl.String))
        elif kind == 6:
            other = dice.choice(cells.columns)
            cells = cells.with_columns(cells[other].alias(column))
        elif height > 1:
            cells = cells[dice.sample(range(height), dice.randint(1, height))]
    name = dice.choice(SHORT) if dice.random() < 0.03 else sheet.name
    return replace(sheet, cells=cells, name=name)


def _conditions(_: Path) -> Try:
    """The condition language: what is read prints back as what gives the same."""
    pack = load_pack(BASE)
    facts = facts_of(pack, pack.promotions[0])

    def read(dice: random.Random) -> object:
        text = random_condition(dice, facts, dice.randint(0, 4))
        for _ in range(dice.choice((0, 1, 1, 2, 4))):
            text = _change_text(dice, text)
        tree = parse_condition(text, facts)
        if parse_condition(show(tree), facts) != tree:
            raise AssertionError(f"{text!r} prints as {show(tree)!r}, which is something else")
        return tree

    return read


_WORDS = (
    "and",
    "or",
    "not",
    "in",
    "(",
    ")",
    ",",
    "==",
    ">=",
    "known(",
    "always",
    '"',
    "'",
    "1",
    "0.5",
    "1e9",
    "9" * 5000,
)


def _change_text(dice: random.Random, text: str) -> str:
    pieces = re.findall(r"\w+|\W", text) or [""]
    at = dice.randrange(len(pieces))
    kind = dice.randrange(5)
    if kind == 0:
        del pieces[at]
    elif kind == 1:
        pieces.insert(at, dice.choice(_WORDS))
    elif kind == 2:
        pieces[at] = dice.choice(SHORT)
    elif kind == 3:
        pieces[at] = dice.choice(pieces)
    else:
        return f"{'(' * dice.choice((1, 50, 2000))}{text}{')' * dice.choice((1, 50, 2000))}"
    return "".join(pieces)


KINDS: dict[str, Kind] = {
    "conditions": _conditions,
    "mappings": _mappings,
    "packs": _packs,
    "decision tables": _tables,
    "edited workbooks": _edited,
    "text files": _texts,
    "parts of workbooks": _parts,
    "workbooks": _workbooks,
}
