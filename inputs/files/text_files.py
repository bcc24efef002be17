"""CSV and its relatives: encodings, separators, records of uneven length."""

import codecs
import csv
import hashlib
import io
from pathlib import Path

import polars as pl

from inputs.files.sheets import Sheet, letter
from inputs.phrases import counted, was
from inputs.roster import InputError

SIZE_LIMIT = 4 * 1024**3
"""Bytes that a text file may have."""
COLUMN_LIMIT = 16_384
"""Columns that a sheet may have, as in spreadsheet programs."""
LINE_LIMIT = 4 * 1024**2
"""Bytes that one line may have: every column with a page of text."""
CELL_LIMIT = 100_000_000
"""Fields that a text file may have: two million people with fifty columns."""
_WRAPPED = r"""^(?:="([^"]*)"|'(\d+))$"""
_SAMPLE = 50_000
"""Characters in which the separator is looked for."""
_SEPARATORS = (",", ";", "\t", "|")


def read_text_file(path: Path) -> tuple[Sheet, ...]:
    """The one sheet of a text file. Raises InputError when it cannot be read as a table."""
    if path.stat().st_size > SIZE_LIMIT:
        raise InputError(
            f"{path.name}: the file is larger than {SIZE_LIMIT // 1024**3} GB. Save it as Parquet."
        )
    data = path.read_bytes()
    _require_bounds(path, data)
    remarks = []
    text, encoding = _decoded(path, data)
    if encoding == "cp1252":
        remarks.append(
            "The characters were read as Windows-1252. If names look wrong, save the file as CSV UTF-8."
        )
    separator, skipped = _separator(text, path)
    if skipped:
        text = text.partition("\n")[2]
    if not text or text.isspace():
        raise InputError(f"{path.name}: the file holds no text. Export or save it again.")
    as_read = encoding == "utf-8" and not skipped
    lines = _lines_in_quotes(text)
    if lines is not None:
        text, as_read = lines, False
        separator, _ = _separator(text, path)
        remarks.append("Every line was in quotation marks as a whole; they were removed.")
    cells, uneven = _cells(path, text, separator, data.removeprefix(codecs.BOM_UTF8) if as_read else None)
    if cells.width > COLUMN_LIMIT:
        raise InputError(
            f"{path.name}: a line has {cells.width:,} fields, more than a sheet can have. Export it again."
        )
    if cells.width > 2 and text.count("\n") > cells.height:
        _refuse_swallowed_lines(path, cells, separator, skipped)
    cells, unwrapped = _unwrapped(cells)
    if unwrapped:
        remarks.append(
            f'{counted(unwrapped, "cell")} {was(unwrapped)} written as ="00417" or with an apostrophe, to '
            "keep the digits; these marks were removed."
        )
    cells = cells.rename({old: letter(at) for at, old in enumerate(cells.columns)})
    sheet = Sheet(
        path.name,
        hashlib.sha256(data).hexdigest(),
        None,
        cells,
        first_row=1 + skipped,
        uneven=frozenset(row + skipped for row in uneven),
        remarks=tuple(remarks),
    )
    return (sheet,)


def _require_bounds(path: Path, data: bytes) -> None:
    """Raises InputError where reading would take minutes and gigabytes, and could give no table of people."""
    start = 0
    while len(data) - start > LINE_LIMIT:
        window = start, start + LINE_LIMIT
        end = max(data.rfind(b"\n", *window), data.rfind(b"\r", *window))
        if end < 0:
            line = data.count(b"\n", 0, start) + 1
            raise InputError(
                f"{path.name}, line {line:,}: the line has more than {LINE_LIMIT // 1024**2} MB, more than a "
                "row can have. Export the table again."
            )
        start = end + 1
    cells = max(data.count(separator.encode()) for separator in _SEPARATORS)
    if cells > CELL_LIMIT:
        raise InputError(
            f"{path.name}: the file has {cells:,} fields, and at most {CELL_LIMIT:,} can be read. Leave out "
            "columns that are not needed, or save it as Parquet."
        )


def _decoded(path: Path, data: bytes) -> tuple[str, str]:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace"), "utf-16"
    sample = data[:4000]
    if len(sample) > 4 and sample[1::2].count(0) > len(sample) // 4:
        return data.decode("utf-16-le", "replace"), "utf-16"
    if len(sample) > 4 and sample[0::2].count(0) > len(sample) // 4:
        return data.decode("utf-16-be", "replace"), "utf-16"
    if b"\0" in sample:
        raise InputError(f"{path.name}: this is not a text file, whatever its name says. Save it as CSV.")
    try:
        return data.decode("utf-8-sig"), "utf-8"
    except UnicodeDecodeError:
        # Python leaves five bytes of Windows-1252 undefined; programs that write them mean Latin-1.
        return data.decode("cp1252", "replace"), "cp1252"


def _separator(text: str, path: Path) -> tuple[str, int]:
    """The separator, and how many lines before the table name it, as Excel writes `sep=;`."""
    first = text[: text.find("\n") + 1 or _SAMPLE][:_SAMPLE]
    if first.lower().startswith("sep=") and len(first.strip()) == 5:
        return first.strip()[4], 1
    if path.suffix.lower() in (".tsv", ".tab") and "\t" in text[:20_000]:
        return "\t", 0
    return max(_SEPARATORS, key=lambda separator: _evenness(text[:_SAMPLE], separator)), 0


def _evenness(text: str, separator: str) -> tuple[int, int]:
    """How many of the first records have the most common width, and that width; higher fits better."""
    records = list(csv.reader(io.StringIO(text, newline=""), delimiter=separator))[:50]
    widths = [len(record) for record in records if any(record)]
    widths = [width for width in widths if width > 1]
    if not widths:
        return 0, 0
    common = max(set(widths), key=lambda width: (widths.count(width), width))
    return widths.count(common) * min(common, 4), common


def _cells(path: Path, text: str, separator: str, data: bytes | None) -> tuple[pl.DataFrame, frozenset[int]]:
    """The cells, and the rows that have more fields than the widest of the first ones. `data` is the text in
    UTF-8, where the file holds just that."""
    if "\r" in text and "\r" in text.replace("\r\n", ""):
        text = text.replace("\r\n", "\n").replace("\r", "\n")
        data = None
    try:
        cells = pl.read_csv(
            io.BytesIO(text.encode("utf-8", "replace")) if data is None else data,
            has_header=False,
            separator=separator,
            infer_schema=False,
        )
    except pl.exceptions.PolarsError:
        return _records(path, text, separator)
    return cells, frozenset()


def _lines_in_quotes(text: str) -> str | None:
    """The lines without their quotation marks, when every line is one quoted field that holds separators."""
    head = text[:_SAMPLE].splitlines()[:20]
    if len(head) < 2 or any(len(line) < 2 or line[0] != '"' or line[-1] != '"' for line in head):
        return None
    inside = [line[1:-1].replace('""', "") for line in head]
    if any('"' in line for line in inside) or not any(
        min(line.count(separator) for line in inside) > 0 for separator in _SEPARATORS
    ):
        return None
    return "\n".join(line[1:-1].replace('""', '"') if line[:1] == '"' else line for line in text.splitlines())


def _unwrapped(cells: pl.DataFrame) -> tuple[pl.DataFrame, int]:
    """The cells without `="00417"` around their text and without the apostrophe before digits, by which
    exports keep a spreadsheet program from changing an id; and how many there were."""
    begin = pl.all().str.starts_with('="') | pl.all().str.starts_with("'")
    begun = cells.select(begin.any()).row(0) if cells.width else ()
    places = [name for name, some in zip(cells.columns, begun, strict=True) if some]
    count = sum(cells.select(pl.col(places).str.contains(_WRAPPED).sum()).row(0)) if places else 0
    return (
        (cells.with_columns(pl.col(places).str.replace(_WRAPPED, "${1}${2}")), count) if count else (cells, 0)
    )


def _refuse_swallowed_lines(path: Path, cells: pl.DataFrame, separator: str, skipped: int) -> None:
    """Raises InputError when a field holds whole lines of the table: its quotation mark is not closed where
    it should be, and the people on those lines would be lost."""
    for name in cells.columns:
        broken = cells[name].str.contains("\n").fill_null(value=False).arg_true().to_list()
        for at in broken:
            inside = str(cells[name][at]).split("\n")[1:]
            whole = [line for line in inside if abs(line.count(separator) + 1 - cells.width) <= 1]
            if whole:
                raise InputError(
                    f"{path.name}, record {at + 1 + skipped}: a quotation mark is opened and not closed in "
                    f"its field: the field holds whole lines, such as '{whole[0].strip()[:60]}'. Close or "
                    "remove the mark."
                )


def _records(path: Path, text: str, separator: str) -> tuple[pl.DataFrame, frozenset[int]]:
    """Records of uneven length, which the fast reader refuses."""
    csv.field_size_limit(10_000_000)
    try:
        records = list(csv.reader(io.StringIO(text, newline=""), delimiter=separator))
    except csv.Error as error:
        raise InputError(f"{path.name}: the text cannot be read as CSV ({error}). Export it again.") from None
    lengths = [_filled(record) for record in records]
    width = max(lengths, default=0)
    usual = max(set(lengths[:60]), key=lambda length: (lengths[:60].count(length), length), default=0)
    header = max(lengths[:60], default=0)
    limit = usual if lengths[:60].count(usual) > 1 else header
    uneven = frozenset(row for row, length in enumerate(lengths, start=1) if length > max(limit, lengths[0]))
    rows = [
        [value or None for value in record[:width]] + [None] * (width - len(record)) for record in records
    ]
    return pl.DataFrame(rows, schema={f"{at}": pl.String for at in range(width)}, orient="row"), uneven


def _filled(record: list[str]) -> int:
    """The length of a record without empty fields at its end."""
    length = len(record)
    while length and not record[length - 1].strip():
        length -= 1
    return length
