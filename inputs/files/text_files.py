"""CSV and its relatives: encodings, separators, records of uneven length."""

import codecs
import csv
import hashlib
import io
import re
from collections.abc import Iterator
from pathlib import Path

import polars as pl

from inputs.files.sheets import Sheet, letter
from inputs.files.text_encodings import as_taken
from inputs.phrases import counted, was
from inputs.roster import InputError

MEMORY_LIMIT = 3 * 1024**3
"""Bytes of memory that a text file may take as a table: two million people with sixty columns."""
COLUMN_LIMIT = 16_384
"""Columns that a sheet may have, as in spreadsheet programs."""
LINE_LIMIT = 4 * 1024**2
"""Bytes that one line may have: every column with a page of text."""
_FIELD = 16
"""Bytes that a field takes as a text of polars, beside those of the text."""
_FIELD_IN_PYTHON = 80
"""The same where Python reads it."""
_LOOKED_AT = 10_000
"""Lines in which columns are looked for that repeat few texts."""
_TIMES = 20
"""How often each text of such a column is there, on average."""
_WRAPPED = r"""^(?:="([^"]*)"|'(\d+))$"""
_WRAPPED_OR_QUOTED = r"""^(?:="([^"]*)"|'([^']+))$"""
_SAMPLE = 50_000
"""Characters in which the separator is looked for."""
_SEPARATORS = (",", ";", "\t", "|")
_DECODED_AT_ONCE = 1024**2


def read_text_file(path: Path) -> tuple[Sheet, ...]:
    """The one sheet of a text file. Raises InputError when it cannot be read as a table."""
    _require_memory(path, path.stat().st_size)
    data = path.read_bytes()
    digest = hashlib.sha256(data).hexdigest()
    _require_lines(path, data)
    data, encoding = _in_utf8(path, data)
    remarks = []
    separator, skipped = _separator(data, path)
    if skipped:
        data = data.partition(b"\n")[2]
    if not data or data.isspace():
        raise InputError(f"{path.name}: the file holds no text. Export or save it again.")
    lines = _lines_in_quotes(data)
    if lines is not None:
        data = lines
        separator, _ = _separator(data, path)
        remarks.append("Every line as a whole was in quotation marks; these were removed.")
    cells, uneven = _cells(path, data, separator)
    _require_columns(path, cells.width)
    if cells.width > 2 and data.count(b"\n") > cells.height:
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
        digest,
        None,
        cells,
        first_row=1 + skipped,
        uneven=frozenset(row + skipped for row in uneven),
        remarks=tuple(remarks),
    )
    return (as_taken(sheet) if encoding == "cp1252" else sheet,)


def _require_memory(path: Path, size: int, fields: int = 0, each: int = 0) -> None:
    """Raises InputError where the text and its fields would take too much memory."""
    if (needed := size + fields * each) > MEMORY_LIMIT:
        what = f"the file has {fields:,} fields, which take" if fields else "the file would take"
        raise InputError(
            f"{path.name}: {what} {needed / 1024**3:,.1f} GB of memory, and {MEMORY_LIMIT / 1024**3:,.1f} GB "
            "at most can be used. Leave out columns that are not needed, or save it as Parquet."
        )


def _require_columns(path: Path, width: int) -> None:
    if width > COLUMN_LIMIT:
        raise InputError(
            f"{path.name}: a line has {width:,} fields, more than a sheet can have. Export it again."
        )


def _require_lines(path: Path, data: bytes) -> None:
    """Raises InputError where a line is longer than that of any table of people."""
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


def _in_utf8(path: Path, data: bytes) -> tuple[bytes, str]:
    """The text in UTF-8 without a byte order mark, and the encoding that it had."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _recoded(data, "utf-16"), "utf-16"
    sample = data[:4000]
    if len(sample) > 4 and sample[1::2].count(0) > len(sample) // 4:
        return _recoded(data, "utf-16-le"), "utf-16"
    if len(sample) > 4 and sample[0::2].count(0) > len(sample) // 4:
        return _recoded(data, "utf-16-be"), "utf-16"
    if b"\0" in sample:
        raise InputError(f"{path.name}: this is not a text file, whatever its name says. Save it as CSV.")
    try:
        for _ in _decoded(data, "utf-8", "strict"):
            pass
    except UnicodeDecodeError:
        return _recoded(data, "cp1252", _AS_BYTES), "cp1252"
    return data.removeprefix(codecs.BOM_UTF8), "utf-8"


def _recoded(data: bytes, encoding: str, errors: str = "replace") -> bytes:
    return b"".join(text.encode("utf-8", "replace") for text in _decoded(data, encoding, errors))


def _as_bytes(error: UnicodeError) -> tuple[str, int]:
    """The five bytes that Windows-1252 leaves undefined, as Latin-1: each can be read otherwise later on."""
    assert isinstance(error, UnicodeDecodeError)
    return error.object[error.start : error.end].decode("latin-1"), error.end


_AS_BYTES = "readiness: as bytes"
codecs.register_error(_AS_BYTES, _as_bytes)


def _decoded(data: bytes, encoding: str, errors: str) -> Iterator[str]:
    """The text piece by piece: as a whole, one picture among its letters makes each of them four bytes."""
    decoder = codecs.getincrementaldecoder(encoding)(errors)
    for start in range(0, len(data), _DECODED_AT_ONCE):
        yield decoder.decode(data[start : start + _DECODED_AT_ONCE])
    yield decoder.decode(b"", final=True)


def _separator(data: bytes, path: Path) -> tuple[str, int]:
    """The separator, and how many lines before the table name it, as Excel writes `sep=;`."""
    text = data[: 4 * _SAMPLE].decode("utf-8", "ignore")[:_SAMPLE]
    first = text[: text.find("\n") + 1 or _SAMPLE]
    if first.lower().startswith("sep=") and len(first.strip()) == 5:
        return first.strip()[4], 1
    if path.suffix.lower() in (".tsv", ".tab") and "\t" in text[:20_000]:
        return "\t", 0
    return max(_SEPARATORS, key=lambda separator: _evenness(text, separator)), 0


def _evenness(text: str, separator: str) -> tuple[int, int]:
    """How many of the first records have the most common width, and that width; higher fits better."""
    records = list(csv.reader(io.StringIO(text, newline=""), delimiter=separator))[:50]
    widths = [len(record) for record in records if any(record)]
    widths = [width for width in widths if width > 1]
    if not widths:
        return 0, 0
    common = max(set(widths), key=lambda width: (widths.count(width), width))
    return widths.count(common) * min(common, 4), common


def _cells(path: Path, data: bytes, separator: str) -> tuple[pl.DataFrame, frozenset[int]]:
    """The cells, and the rows that have more fields than the widest of the first ones."""
    if data.count(b"\r") > data.count(b"\r\n"):
        data = data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    _require_columns(path, 1 + data[: data.find(b"\n")].count(separator.encode()))
    try:
        first = _read(data, separator, rows=_LOOKED_AT)
        _require_memory(path, len(data), data.count(b"\n") * first.width, _FIELD)
        try:
            return _read(data, separator, _repeating(first)), frozenset()
        except pl.exceptions.PolarsError:
            return _read(data, separator), frozenset()
    except pl.exceptions.PolarsError:
        return _records(path, data, separator)


def _read(
    data: bytes, separator: str, kinds: dict[str, pl.DataType] | None = None, rows: int | None = None
) -> pl.DataFrame:
    return pl.read_csv(
        data, has_header=False, separator=separator, infer_schema=False, schema_overrides=kinds, n_rows=rows
    )


def _repeating(first: pl.DataFrame) -> dict[str, pl.DataType]:
    """The columns of a long table whose first cells repeat few texts, as ratings do: each text is kept once
    for all columns, and each cell takes two bytes."""
    if first.height < _LOOKED_AT:
        return {}
    kind = pl.Categorical(pl.Categories("cells", namespace="text files", physical=pl.UInt16))
    return {column.name: kind for column in first if column.n_unique() * _TIMES <= _LOOKED_AT}


def _lines_in_quotes(data: bytes) -> bytes | None:
    """The lines without their quotation marks, when every line is one quoted field that holds separators."""
    head = data[:_SAMPLE].splitlines()[:20]
    if len(head) < 2 or any(len(line) < 2 or line[:1] != b'"' or line[-1:] != b'"' for line in head):
        return None
    inside = [line[1:-1].replace(b'""', b"") for line in head]
    if any(b'"' in line for line in inside) or not any(
        min(line.count(separator.encode()) for line in inside) > 0 for separator in _SEPARATORS
    ):
        return None
    return b"\n".join(
        line[1:-1].replace(b'""', b'"') if line[:1] == b'"' else line for line in data.splitlines()
    )


def _unwrapped(cells: pl.DataFrame) -> tuple[pl.DataFrame, int]:
    """The cells without `="00417"` around their text and without the apostrophe before digits, by which
    exports keep a spreadsheet program from changing an id; and how many there were."""
    texts = pl.all().cast(pl.String)
    begin = texts.str.starts_with('="') | texts.str.starts_with("'")
    begun = cells.select(begin.any()).row(0) if cells.width else ()
    count, changed = 0, []
    for name, some in zip(cells.columns, begun, strict=True):
        if not some:
            continue
        column = cells[name].cast(pl.String)
        quoted = column.str.starts_with("'").fill_null(value=False)
        # Where most texts have one, it is no part of them: `'K101`.
        wrapped = _WRAPPED_OR_QUOTED if 2 * quoted.sum() > column.count() else _WRAPPED
        count += int(column.str.contains(wrapped).sum())
        changed.append(column.str.replace(wrapped, "${1}${2}"))
    return (cells.with_columns(changed), count) if count else (cells, 0)


def _refuse_swallowed_lines(path: Path, cells: pl.DataFrame, separator: str, skipped: int) -> None:
    """Raises InputError when a field holds whole lines of the table: its quotation mark is not closed where
    it should be, and the people on those lines would be lost. A separator before a space is part of a
    sentence, unless the headings are written so."""
    spaced = any(str(heading).startswith(" ") for heading in cells.row(0))
    between = re.compile(re.escape(separator) + ("" if spaced else r"(?! )"))
    for name in cells.columns:
        broken = cells[name].cast(pl.String).str.contains("\n").fill_null(value=False).arg_true().to_list()
        for at in broken:
            inside = str(cells[name][at]).split("\n")[1:]
            whole = [line for line in inside if abs(len(between.findall(line)) + 1 - cells.width) <= 1]
            if whole:
                raise InputError(
                    f"{path.name}, record {at + 1 + skipped}: a quotation mark is opened and not closed in "
                    f"its field: the field holds whole lines, such as '{whole[0].strip()[:60]}'. Close or "
                    "remove the mark."
                )


def _records(path: Path, data: bytes, separator: str) -> tuple[pl.DataFrame, frozenset[int]]:
    """Records of uneven length, which the fast reader refuses."""
    fields = data.count(separator.encode()) + data.count(b"\n")
    _require_memory(path, len(data), fields, _FIELD_IN_PYTHON)
    csv.field_size_limit(10_000_000)
    try:
        text = io.TextIOWrapper(io.BytesIO(data), encoding="utf-8", newline="")
        records = list(csv.reader(text, delimiter=separator))
    except csv.Error as error:
        raise InputError(f"{path.name}: the text cannot be read as CSV ({error}). Export it again.") from None
    lengths = [_filled(record) for record in records]
    width = max(lengths, default=0)
    _require_memory(path, len(data), width * len(records), _FIELD_IN_PYTHON)
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
