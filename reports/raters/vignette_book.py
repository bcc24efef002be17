"""The workbook of vignettes: handed out empty to every manager, and read back."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path

import polars as pl

from engine.phrases import few
from engine.raters import Answers, Vignette
from inputs import InputError
from inputs.files import Sheet, read_file
from reports.workbook.book import Book
from reports.workbook.book import Sheet as NewSheet
from reports.workbook.cells import row_height
from reports.workbook.styles import (
    CELL,
    CELL_BOLD,
    CELL_SMALL,
    ENTRY_CELL,
    ENTRY_HEAD,
    HEAD,
    HEADING,
    SUBTITLE,
    TEXT,
    TITLE,
)
from rules.pack import BANDS, Band, RulePack

SHEET = "Vignettes"
KEYS = "Key"
RATING = "Your answer"
WHO = "Your name or id"
COLUMNS = ((KEYS, 4.0), ("Who", 20.0), ("What to rate", 34.0), ("What was seen", 74.0), (RATING, 16.0))
BAND_KEY = "band"
"""Stands for a competency in the key of the question about the band."""
LISTED = 10
"""Problems that a message names."""
FEW_BANDS = BANDS[:3]


def write_vignettes(vignettes: Sequence[Vignette], pack: RulePack, day: date, path: Path) -> None:
    """Write the empty workbook; `day` goes into its properties."""
    book = Book("Vignettes: rate them alone", day, f"Vignettes of {pack.title} {pack.version}")
    sheet = book.sheet(SHEET, "C28F00")
    sheet.widths(width for _, width in COLUMNS)
    sheet.page.column_dimensions["A"].hidden = True
    sheet.add((None, TITLE), ("Invented people, rated by every manager", TITLE), height=28)
    for line in _about(pack):
        sheet.add((None, SUBTITLE), (line, SUBTITLE))
    sheet.add((None, TEXT), (WHO, CELL_BOLD), (None, ENTRY_CELL), height=22)
    sheet.rows.skip()
    heads = [(header, ENTRY_HEAD if header == RATING else HEAD) for header, _ in COLUMNS]
    head = sheet.add(*heads, height=22)
    places: list[tuple[int, str]] = []
    for level in dict.fromkeys(one.level_title for one in vignettes):
        sheet.add((None, HEADING), (level, HEADING), height=24)
        for one in vignettes:
            if one.level_title == level:
                places += _add(sheet, one)
    lists = book.sheet("Lists", "C9CCD8")
    lists.page.sheet_state = "hidden"
    ratings, bands = _ratings(pack), [pack.bands[band].label for band in FEW_BANDS]
    for at in range(max(len(ratings), len(bands))):
        pair = ((str(values[at]) if at < len(values) else None, TEXT) for values in (ratings, bands))
        lists.add(*pair)
    book.name("vignette_ratings", f"Lists!$A$1:$A${len(ratings)}")
    book.name("vignette_bands", f"Lists!$B$1:$B${len(bands)}")
    for row, kind in places:
        title = "Rating" if kind == "vignette_ratings" else "Recommendation"
        sheet.choices(f"E{row}", kind, title, "Choose one of the list.")
    sheet.repeat(head)
    sheet.freeze(f"C{head + 1}")
    book.write(path)


def _add(sheet: NewSheet, one: Vignette) -> list[tuple[int, str]]:
    """One person; returns the rows to fill in, each with the list that it chooses from."""
    rows = []
    who = one.name
    for statement in one.statements:
        rate = f"{statement.title}: {statement.definition}"
        texts = ((who, COLUMNS[1][1]), (rate, COLUMNS[2][1]), (statement.seen, COLUMNS[3][1]))
        row = sheet.add(
            (f"{one.id}:{statement.competency}", CELL_SMALL),
            (who, CELL_BOLD),
            (rate, CELL),
            (statement.seen, CELL),
            (None, ENTRY_CELL),
            height=row_height(*texts),
        )
        rows.append((row, "vignette_ratings"))
        who = ""
    question = f"What would you recommend for {one.next_level}?"
    told = f"{one.about} {one.rest}"
    height = row_height((question, COLUMNS[2][1]), (told, COLUMNS[3][1]))
    cells = ((f"{one.id}:{BAND_KEY}", CELL_SMALL), (None, CELL), (question, CELL_BOLD), (told, CELL))
    row = sheet.add(*cells, (None, ENTRY_CELL), height=height)
    sheet.rows.skip()
    return [*rows, (row, "vignette_bands")]


def _about(pack: RulePack) -> tuple[str, ...]:
    scale = pack.scale
    first, last = ("best", "worst") if scale.lowest_is_best else ("lowest", "highest")
    how = f"on the scale from {scale.lowest} ({first}) to {scale.highest} ({last})"
    if scale.words:
        how = f"with a word of the list, from {scale.words[0]} ({first}) to {scale.words[-1]} ({last})"
    meant = sorted((scale.written(Decimal(point)), text) for point, text in scale.meanings.items())
    meanings = "; ".join(f"{point}: {text}" for point, text in meant)
    return (
        "Alone, before the session, without talking to anybody. Nobody here exists, and no answer is about "
        "your people.",
        f"Rate each line {how}, then say what you would recommend. Leave nothing out that you can answer.",
        *([f"The scale: {meanings}."] if meanings and not scale.words else []),
    )


def _ratings(pack: RulePack) -> list[str]:
    scale = pack.scale
    if scale.words:
        return list(scale.words)
    steps = int((scale.highest - scale.lowest) / scale.step)
    return [f"{(scale.lowest + at * scale.step).normalize():f}" for at in range(steps + 1)]


def read_answers(paths: Sequence[Path], vignettes: Sequence[Vignette], pack: RulePack) -> tuple[Answers, ...]:
    """What the managers filled in, one file each.

    Raises `InputError` where a file is none of ours, or with every cell that cannot be read.
    """
    problems: list[str] = []
    found = [_answers(path, vignettes, pack, problems) for path in paths]
    if problems:
        raise InputError(few(problems, LISTED, "; "))
    names = [one.manager.casefold() for one in found]
    twice = sorted({one.manager for one in found if names.count(one.manager.casefold()) > 1})
    if twice:
        raise InputError(f"{', '.join(twice)}: two files say that they are theirs; keep one of each manager")
    return tuple(found)


def _answers(path: Path, vignettes: Sequence[Vignette], pack: RulePack, problems: list[str]) -> Answers:
    sheet = next((one for one in read_file(path) if one.name == SHEET), None)
    rows = [] if sheet is None else _texts(sheet)
    head = next((at for at, row in enumerate(rows) if {KEYS, RATING} <= set(row)), None)
    if sheet is None or head is None:
        raise InputError(
            f"{path.name} is not a workbook of vignettes: it has no sheet {SHEET} with the columns {KEYS} "
            f"and {RATING}; give the file that `readiness vignettes --out` wrote, filled in"
        )
    key_at, answer_at = rows[head].index(KEYS), rows[head].index(RATING)
    known = {f"{one.id}:{part.competency}" for one in vignettes for part in one.statements}
    known |= {f"{one.id}:{BAND_KEY}" for one in vignettes}
    ratings: dict[tuple[str, str], Decimal] = {}
    bands: dict[str, Band] = {}
    for number, row in enumerate(rows[head + 1 :], start=sheet.first_row + head + 1):
        key, text = row[key_at], row[answer_at]
        if not key or not text:
            continue
        place = f"{path.name}, row {number}"
        if key not in known:
            problems.append(f"{place}: “{key}” is not a vignette of this rule pack; hand out its workbook")
            continue
        vignette, _, competency = key.partition(":")
        if competency == BAND_KEY:
            _read_band(bands, vignette, text, pack, place, problems)
        else:
            _read_rating(ratings, (vignette, competency), text, pack, place, problems)
    return Answers(_manager(rows[:head]) or path.stem, ratings, bands)


def _texts(sheet: Sheet) -> list[list[str]]:
    cells = sheet.cells.select(pl.all().cast(pl.String).str.strip_chars().fill_null(""))
    return [list(row) for row in cells.iter_rows()]


def _manager(rows: Sequence[Sequence[str]]) -> str | None:
    """What stands to the right of the label."""
    for row in rows:
        if WHO in row:
            return next((text for text in row[row.index(WHO) + 1 :] if text), None)
    return None


def _read_band(
    bands: dict[str, Band], vignette: str, text: str, pack: RulePack, place: str, problems: list[str]
) -> None:
    labels: Mapping[str, Band] = {pack.bands[band].label.casefold(): band for band in FEW_BANDS}
    band = labels.get(text.casefold())
    if band is None:
        right = ", ".join(pack.bands[one].label for one in FEW_BANDS)
        problems.append(f"{place}: “{text}” is not a recommendation; choose one of {right}")
    else:
        bands[vignette] = band


def _read_rating(
    ratings: dict[tuple[str, str], Decimal],
    key: tuple[str, str],
    text: str,
    pack: RulePack,
    place: str,
    problems: list[str],
) -> None:
    scale = pack.scale
    words = {word.casefold(): scale.lowest + at * scale.step for at, word in enumerate(scale.words)}
    try:
        word = words.get(text.casefold())
        rating = scale.written(Decimal(text.replace(",", "."))) if word is None else word
    except InvalidOperation:
        rating = Decimal("NaN")
    if not rating.is_finite() or not scale.lowest <= rating <= scale.highest:
        right = f"choose one of {', '.join(scale.words)}" if scale.words else ""
        right = right or f"write one from {scale.lowest} to {scale.highest}"
        problems.append(f"{place}: “{text}” is not a rating; {right}")
    else:
        ratings[key] = rating
