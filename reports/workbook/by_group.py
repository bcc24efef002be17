"""A workbook for each calibration group, and an overview of the groups."""

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path

from reports.shown.calibration_groups import Group, split
from reports.shown.content import Run
from reports.shown.file_names import is_reserved
from reports.shown.looks import BANDS as BAND_LOOKS
from reports.workbook import write_workbook
from reports.workbook.book import Book
from reports.workbook.cells import Formula
from reports.workbook.styles import (
    COUNT,
    COUNT_BOLD,
    HEAD,
    HEAD_CENTER,
    LINK,
    ROW_HEAD,
    ROW_HEAD_BOLD,
    SUBTITLE,
    in_colors_of,
)
from rules.pack import BANDS

OVERVIEW = "overview.xlsx"
HEAD_ROW = 5
ONE_EACH = "Each person counts once in a group, with the best of their recommendations."
IN_SEVERAL = "Where the ladder forks, a person can be in two of these groups; the sum counts them in both."


def group_workbooks(run: Run, by: str, folder: Path) -> Iterator[Callable[[], None]]:
    """Write `<group>.xlsx` for each group and `overview.xlsx`, in pieces, each of which can be written by
    another process; for the same run the same ones."""
    folder.mkdir(parents=True, exist_ok=True)
    parts = split(run, by)
    paths = [folder / name for name in _file_names([group for group, _ in parts])]
    yield partial(_write_overview, run, parts, paths, folder / OVERVIEW)
    groups = ((path, group, part) for (group, part), path in zip(parts, paths, strict=True))
    for piece in run.pieces(groups, lambda one: len(one[2].explanations)):
        yield partial(_write, run, piece)


def _write(run: Run, groups: Sequence[tuple[Path, Group, Run]]) -> None:
    together = run.explanations.joined([part.explanations for _, _, part in groups])
    together.make()
    together.notable()
    for path, group, part in groups:
        write_workbook(part, path, group=group)


def _file_names(groups: Sequence[Group]) -> list[str]:
    """A file name for each group that every system accepts, each once."""
    taken = {OVERVIEW}
    names = []
    for group in groups:
        plain = unicodedata.normalize("NFKD", group.value).encode("ascii", "ignore").decode()
        stem = re.sub(r"[^A-Za-z0-9]+", "-", plain).strip("-").lower()[:60] or "group"
        stem = f"group-{stem}" if is_reserved(stem) else stem
        name, number = f"{stem}.xlsx", 2
        while name in taken:
            name, number = f"{stem}-{number}.xlsx", number + 1
        taken.add(name)
        names.append(name)
    return names


def _write_overview(run: Run, parts: Sequence[tuple[Group, Run]], paths: Sequence[Path], path: Path) -> None:
    """Counts alone, with a link to each group's file: it names nobody."""
    book = Book("Calibration groups", run.day, f"Run {run.fingerprint}")
    sheet = book.sheet("Groups", "2B4C9B")
    sheet.widths([34, 12, 16, *[16] * len(BANDS), 34])
    by = parts[0][0].by if parts else ""
    about = f"By {by}. Each workbook holds only its own group. Run {run.fingerprint}."
    sheet.title("Calibration groups", about, ONE_EACH)
    if sum(part.people_in_file for _, part in parts) > run.people_in_file:
        sheet.add((IN_SEVERAL, SUBTITLE))
    sheet.skip_to(HEAD_ROW)
    heads = [
        (by[:1].upper() + by[1:], HEAD),
        ("People", HEAD_CENTER),
        ("Not assessable", HEAD_CENTER),
        *((run.pack.bands[band].label, in_colors_of(BAND_LOOKS[band], HEAD_CENTER)) for band in BANDS),
        ("Workbook", HEAD),
    ]
    head = sheet.add(*heads, height=34)
    totals = [0] * (2 + len(BANDS))
    for (group, part), file in zip(parts, paths, strict=True):
        counts = Counter(part.people_bands())
        figures = (part.people_in_file, len(part.not_assessable), *(counts[band] for band in BANDS))
        totals = [total + figure for total, figure in zip(totals, figures, strict=True)]
        sheet.add(
            (group.value, ROW_HEAD),
            *((figure, COUNT) for figure in figures),
            (Formula(f'HYPERLINK("{file.name}","{file.name}")', file.name), LINK),
            height=20,
        )
    last = sheet.rows.last_row
    sums = [
        (Formula(f"SUM({letter}{head + 1}:{letter}{last})", total), COUNT_BOLD)
        for letter, total in zip("BCDEFG", totals, strict=True)
    ]
    sheet.add(("All", ROW_HEAD_BOLD), *sums, height=20)
    sheet.repeat(head)
    sheet.freeze(f"B{head + 1}")
    book.write(path)
