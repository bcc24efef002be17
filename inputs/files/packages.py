"""What a workbook's zip package tells apart from its cells: size, hidden parts, merged cells."""

import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from math import inf
from pathlib import Path, PurePosixPath
from xml.etree.ElementTree import Element

from defusedxml import ElementTree
from defusedxml.common import DefusedXmlException

from inputs.files.fills import filled_styles, named, struck_styles
from inputs.files.number_formats import decimals_shown, number_format
from inputs.files.rich_texts import partly_struck
from inputs.files.sheet_xml import SheetFacts, Styles, read_sheet_xml
from inputs.files.sheets import Place
from inputs.roster import InputError

UNPACKED_LIMIT = 1024**3
"""Bytes that a workbook may unpack to."""
RATIO_LIMIT = 200
"""How many times larger than its file a workbook of more than 100 MB unpacked may be."""
ENTRY_LIMIT = 20_000
"""Files that the package may hold."""
_RATIO_FROM = 100 * 1024**2
_SMALL_PART = 10 * 1024**2
_OLE = bytes.fromhex("d0cf11e0a1b11ae1")
_CHUNK = 4 * 1024**2


@dataclass(frozen=True)
class PackageFacts:
    """What the package tells apart from its cells; empty for formats other than .xlsx and .xlsm."""

    sheets: Mapping[str, SheetFacts] = field(default_factory=dict)
    epoch_1904: bool = False
    names: Mapping[str, str] = field(default_factory=dict)
    """The names that the workbook gives to cells, and which these are."""


def check_package(path: Path) -> None:
    """Raises InputError when the file is not a workbook or would unpack to more than the limit."""
    with path.open("rb") as file:
        start = file.read(8)
    if start == _OLE:
        _check_compound(path)
        return
    if not start.startswith(b"PK"):
        raise InputError(
            f"{path.name}: this is not a workbook, whatever its name says. Save it again as .xlsx."
        )
    try:
        with zipfile.ZipFile(path) as package:
            entries = package.infolist()
    except (zipfile.BadZipFile, NotImplementedError, OSError, ValueError) as error:
        raise InputError(
            f"{path.name}: the workbook is damaged or cut off ({error}). Open it and save it again, or ask "
            "for the file once more."
        ) from None
    if any(entry.filename.startswith("Index/") for entry in entries):
        raise InputError(
            f"{path.name}: this is an Apple Numbers file. In Numbers: File, Export To, Excel or CSV."
        )
    unpacked = sum(entry.file_size for entry in entries)
    too_dense = unpacked > _RATIO_FROM and unpacked > RATIO_LIMIT * path.stat().st_size
    if unpacked > UNPACKED_LIMIT or too_dense or len(entries) > ENTRY_LIMIT:
        raise InputError(
            f"{path.name}: the workbook unpacks to {unpacked / 1024**2:,.0f} MB in {len(entries):,} parts, "
            "more than a table of ratings can be. Copy the table into a new workbook, or save it as CSV."
        )


def _check_compound(path: Path) -> None:
    """Raises InputError when a compound file is anything but an old workbook."""
    found = _streams(path)
    for name, problem in _COMPOUND:
        if name in found:
            if problem is None:
                _check_unlocked(path)
                return
            raise InputError(f"{path.name}: {problem}")
    raise InputError(
        f"{path.name}: this is a file of an old Office program, but not a workbook. Save the table as .xlsx."
    )


def _check_unlocked(path: Path) -> None:
    """Raises InputError when the first records of an old workbook say that the others are encrypted: the
    reader of the cells knows some ways of it and takes the others for a broken file."""
    with path.open("rb") as file:
        kept = b""
        while chunk := file.read(_CHUNK):
            if _LOCKED.search(kept + chunk):
                raise InputError(f"{path.name}: {_PROTECTED}")
            kept = chunk[-128:]


_LOCKED = re.compile(
    rb"\x09\x08(?:\x10\0\0\x06\x05\0.{12}|\x08\0\0\x05\x05\0.{4})(?:\x86\0\0\0)?\x2f\0", re.DOTALL
)
"""The beginning of the workbook, of Excel 97 or of Excel 95, and the record of the password after it."""
_PROTECTED = "the workbook is protected by a password. Open it with the password and save a copy without one."
_COMPOUND = (
    ("EncryptedPackage", _PROTECTED),
    ("Workbook", None),
    ("Book", None),
    ("WordDocument", "this is a Word file. Copy the table into a workbook."),
    ("PowerPoint Document", "this is a PowerPoint file. Copy the table into a workbook."),
)
"""What the streams of a compound file make it, the most telling first; None for an old workbook."""


def _streams(path: Path) -> set[str]:
    """Which of the telling streams a compound file has: its directory holds their names, in UTF-16."""
    known = {name: name.encode("utf-16-le") + b"\0\0" for name, _ in _COMPOUND}
    found: set[str] = set()
    with path.open("rb") as file:
        kept = b""
        while chunk := file.read(_CHUNK):
            piece = kept + chunk
            found.update(name for name, text in known.items() if text in piece)
            kept = piece[-128:]
    return found


def package_facts(path: Path, until: float = inf) -> PackageFacts:
    """What the sheets of an .xlsx or .xlsm tell apart from their cells, and from which year days are counted.

    What cannot be understood is left out: the reader of the cells decides whether a workbook is readable.
    Raises TimeoutError when the clock (`monotonic`) passes `until`, and InputError where too many texts have
    a part that is struck through.
    """
    if not zipfile.is_zipfile(path):
        return PackageFacts()
    try:
        with zipfile.ZipFile(path) as package:
            parts, epoch_1904, names = _workbook(package)
            styles = _styles(package, until)
            sheets = {
                name: replace(
                    facts,
                    notes=_notes(package, part),
                    captions=(*_text_boxes(package, part), *facts.captions),
                )
                for name, part in parts.items()
                for facts in (read_sheet_xml(package, part, styles, until),)
            }
            return PackageFacts(sheets, epoch_1904, names)
    except TimeoutError:
        raise
    except InputError as error:
        raise InputError(f"{path.name}: {error}") from None
    except _UNREADABLE:
        return PackageFacts()


_UNREADABLE = (
    zipfile.BadZipFile,
    zlib.error,
    DefusedXmlException,
    SyntaxError,
    KeyError,
    OSError,
    ValueError,
    EOFError,
    RuntimeError,
)
"""What a damaged or hostile package makes its readers raise."""


def _workbook(package: zipfile.ZipFile) -> tuple[dict[str, str], bool, dict[str, str]]:
    """Sheet names with the names of their parts, whether dates count from 1904, and the names of cells."""
    names = set(package.namelist())
    target = "xl/workbook.xml"
    if target not in names or package.getinfo(target).file_size > _SMALL_PART:
        return {}, False, {}
    root = ElementTree.fromstring(package.read(target))
    relations = ElementTree.fromstring(package.read("xl/_rels/workbook.xml.rels"))
    targets = {relation.get("Id"): str(relation.get("Target")) for relation in relations}
    parts: dict[str, str] = {}
    cells: dict[str, str] = {}
    epoch_1904 = False
    for element in root.iter():
        tag = str(element.tag).rpartition("}")[2]
        if tag == "workbookPr":
            epoch_1904 = element.get("date1904") in ("1", "true")
        elif tag == "definedName":
            cells[str(element.get("name"))] = element.text or ""
        elif tag == "sheet":
            relation = next((value for name, value in element.items() if name.endswith("}id")), None)
            part = _beside(PurePosixPath(target), targets.get(relation, ""))
            if part in names:
                parts[str(element.get("name"))] = part
    return parts, epoch_1904, cells


def _styles(package: zipfile.ZipFile, until: float) -> Styles:
    root = _part(package, "xl/styles.xml")
    if root is None:
        return Styles(strings=partly_struck(package, until, by_style=False))
    codes = dict(_USUAL_FORMATS)
    codes |= {str(one.get("numFmtId")): str(one.get("formatCode")) for one in named(root, "numFmt")}
    formats = {number: found for number, code in codes.items() if (found := number_format(code)) is not None}
    places = {number: decimals_shown(code) for number, code in codes.items()}
    cells = [str(style.get("numFmtId")) for style in next(iter(named(root, "cellXfs")), ())]
    shown = {str(at): formats[number] for at, number in enumerate(cells) if number in formats}
    rounding = {
        str(at): decimals
        for at, number in enumerate(cells)
        if (decimals := places.get(number)) is not None and decimals <= _FEW_DECIMALS
    }
    rules = {
        str(at)
        for at, looks in enumerate(next(iter(named(root, "dxfs")), ()))
        if any(number_format(str(one.get("formatCode"))) for one in named(looks, "numFmt"))
    }
    filled = filled_styles(root, _part(package, "xl/theme/theme1.xml"))
    struck = struck_styles(root)
    strings = partly_struck(package, until, by_style=bool(struck))
    return Styles(shown, filled, struck, strings, frozenset(rules), rounding)


_FEW_DECIMALS = 1
"""Shown decimals up to which a rating is seen as another one."""


_USUAL_FORMATS = {"1": "0", "3": "#,##0", "9": "0%", "10": "0.00%"}
"""Formats that every workbook has."""


def _part(package: zipfile.ZipFile, name: str) -> Element | None:
    """A small part of the package as XML, or None."""
    try:
        if package.getinfo(name).file_size > _SMALL_PART:
            return None
    except KeyError:
        return None
    return ElementTree.fromstring(package.read(name))


def _related(package: zipfile.ZipFile, part: str, *kinds: str) -> Iterator[Element]:
    """The parts of some kinds that belong to a sheet."""
    path = PurePosixPath(part)
    relations = _part(package, str(path.parent / "_rels" / f"{path.name}.rels"))
    for relation in relations if relations is not None else ():
        if str(relation.get("Type")).rpartition("/")[2] in kinds:
            root = _part(package, _beside(path, str(relation.get("Target"))))
            if root is not None:
                yield root


def _text_boxes(package: zipfile.ZipFile, part: str) -> Iterator[str]:
    """The lines of the text boxes that lie on a sheet."""
    for drawing in _related(package, part, "drawing"):
        for paragraph in (line for box in named(drawing, "txBody") for line in named(box, "p")):
            if text := "".join(one.text or "" for one in named(paragraph, "t")).strip():
                yield text


def _notes(package: zipfile.ZipFile, part: str) -> dict[Place, str]:
    """The notes and comments of a sheet's cells."""
    found: dict[Place, str] = {}
    for root in _related(package, part, "comments", "threadedComment"):
        authors = [author.text or "" for author in named(root, "author")]
        for comment in (*named(root, "comment"), *named(root, "threadedComment")):
            place = _PLACE.fullmatch(str(comment.get("ref")))
            texts = (one.text or "" for one in (*named(comment, "t"), *named(comment, "text")))
            text = _without_author("".join(texts).strip(), authors)
            if place is not None and text and "[Threaded comment]" not in text:
                found[int(place[2]), place[1]] = text
    return found


_PLACE = re.compile(r"([A-Z]+)(\d+)")


def _beside(path: PurePosixPath, target: str) -> str:
    """The part that another one names by its place."""
    if target.startswith("/"):
        return target.lstrip("/")
    folder = path.parent
    while target.startswith("../"):
        folder, target = folder.parent, target[3:]
    return str(folder / target)


def _without_author(text: str, authors: list[str]) -> str:
    """A note without the name that spreadsheet programs put before it."""
    begins = (f"{author}:" for author in authors if author)
    begin = next((one for one in begins if text.startswith(one)), "")
    return text.removeprefix(begin).strip()
