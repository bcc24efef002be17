"""Exports of ratings at random, as workbooks and text files in the shapes that HR keeps them in. Each rating
that is read is who gave it of whom, as it stands in its cell, and nothing is left out without a word."""

import csv
import random
import re
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from itertools import product
from pathlib import Path

import openpyxl
from openpyxl.utils import get_column_letter

from engine import vocabulary_of
from inputs import UNITS_PER_POINT, Issue, Roster
from inputs.loading import load_roster
from rules import load_pack

DAY = date(2026, 6, 30)
VOCABULARY = vocabulary_of(load_pack("product_management"))
COMPETENCIES = {term.id: (term.title, *term.aliases) for term in VOCABULARY.competencies}
LEVELS = {term.id: (term.title, *term.aliases) for term in VOCABULARY.levels[1:5]}
FIRST = ("Runa", "Timo", "Ines", "Oona", "Milo", "Zofia", "Noor", "Piet", "Ana", "Emil", "Lea", "Jürgen")
LAST = ("Falk", "Abel", "Duarte", "Rask", "Brandt", "Lis", "Haddad", "Vos", "Núñez", "Kurz", "Sommer", "Noé")
WORDS = ("Unsatisfactory", "Needs improvement", "Meets expectations", "Exceeds expectations", "Outstanding")
FIELDS = (
    *("id", "name", "level", "manager", "manager_id", "since", "competency", "rater", "rating"),
    *("self", "boss", "peer", "skip", "comments", "average", "cycle"),
)
LANGUAGES = (
    "Employee ID|Employee Name|Level|Manager|Manager ID|In Level Since|Competency|Rater|Rating|Self|Manager"
    "|Peer|Skip-level manager|Comments|Average|Review Cycle",
    "Personalnummer|Name|Stufe|Vorgesetzter|Vorgesetzten ID|In der Stufe seit|Kompetenz|Bewerter|Bewertung"
    "|Selbst|Führungskraft|Kollege|Skip-level|Kommentar|Durchschnitt|Zyklus",
    "Matricule|Nom|Niveau|Responsable|Matricule du responsable|Dans le poste depuis|Compétence|Évaluateur"
    "|Note|Auto-évaluation|Manager|Pair|N+2|Commentaires|Moyenne|Campagne",
    "ID de empleado|Nombre completo|Nivel|Jefe|ID del jefe|En el nivel desde|Competencia|Evaluador"
    "|Calificación|Autoevaluación|Jefe|Compañero|Otros|Comentarios|Promedio|Ciclo",
)
HEADERS = ("{one} ({by})", "{one} - {by}", "{one} – {by}", "{by}: {one}", "{one}\n{by}", "{by} {one}")
OPTIONS = (
    "title", "notes", "numbered", "totals", "average column", "blank rows", "spacers", "peers", "previous",
    "comments", "hidden", "text dates", "formulas", "turned names", "names in one tab", "someone missing",
    "legend sheet", "location", "level names", "skip level", "margin", "footer", "plain ids", "parents",
    "cycles", "figures", "said beside", "halves of years", "people tab", "on tabs",
    "by rater", "sections", "blocks", "row numbers", "other sheets", "rater files", "long names",
)  # fmt: skip
NOBODYS = ("totals_row", "remark_row", "repeated_header", "exact_repeat")
"""Why a row is nobody's."""


@dataclass(frozen=True)
class Scale:
    """Ratings as a file writes them: from the lowest to the highest in steps, and the line that says so."""

    lowest: int
    highest: int
    shown: Callable[[Fraction], str | float]
    step: Fraction = Fraction(1)
    legend: str = ""


SCALES: Mapping[str, Scale] = {
    "numbers": Scale(1, 5, int),
    "text": Scale(1, 5, str),
    "halves": Scale(1, 5, float, Fraction(1, 2)),
    "commas": Scale(1, 5, lambda one: f"{float(one)}".replace(".", ","), Fraction(1, 2)),
    "labels": Scale(1, 5, lambda one: f"{one} - {WORDS[int(one) - 1]}"),
    "words": Scale(1, 5, lambda one: WORDS[int(one) - 1]),
    "out of": Scale(1, 5, lambda one: f"{one}/5"),
    "percent": Scale(0, 100, lambda one: f"{one}%", Fraction(5)),
    "hundred": Scale(0, 100, int, Fraction(5), "Scale: 0-100"),
    "four": Scale(1, 4, int, legend="1 = Does not meet, 2 = Partially meets, 3 = Meets, 4 = Exceeds"),
    "best first": Scale(
        1, 5, lambda one: 6 - int(one), legend="1 = Outstanding, 3 = Meets, 5 = Unsatisfactory"
    ),
    "seven": Scale(1, 7, int, legend="Rating scale from 1 (lowest) to 7 (highest)"),
    "letters": Scale(1, 5, lambda one: "EDCBA"[int(one) - 1], legend="A = Outstanding, E = Unsatisfactory"),
    "headers": Scale(1, 10, int),
}
"""With `headers` every other competency is rated from 1 to 10, and the others from 1 to 5, as headers say."""


@dataclass(frozen=True)
class Given:
    """A rating as it stands in a cell, with its number on the rule pack's scale, if there is one."""

    person: str
    competency: str
    rater: str
    now: bool
    """Whether it is of the present cycle."""
    number: Fraction | None
    shown: str | float | None

    @property
    def truth(self) -> tuple[object, ...]:
        """What has to be read of it."""
        return self.person, self.competency, self.rater.replace("boss", "manager"), self.number, self.now


@dataclass(frozen=True)
class Band:
    """A text above several columns, in merged cells."""

    text: str
    width: int


Cell = str | float | date | Given | Band | None
Row = list[Cell]
Header = tuple[str, ...]
Record = dict[Header, Cell]
Place = tuple[str, str | None, int, str]
"""File, sheet, row and column."""


@dataclass
class Page:
    """A sheet, or a text file; perhaps with a hidden column and a hidden row."""

    file: str
    title: str
    rows: list[Row]
    hidden: int | None


@dataclass(frozen=True)
class Person:
    """Somebody as they are known by the truth."""

    id: str
    name: str
    level: str
    manager: str
    manager_id: str
    since: date


@dataclass
class Export:
    """What a company knows of its people, and how it is written."""

    dice: random.Random
    shape: str
    people: list[Person]
    competencies: dict[str, str]
    """Id to what the file calls it."""
    say: Mapping[str, str]
    scale: str
    as_text: bool
    header: str
    keys: Sequence[str]
    about: Sequence[str]
    options: set[str]
    levels: Mapping[str, str] = field(default_factory=dict)
    """What they are called just now."""
    ratings: dict[tuple[str, str, str, bool], Given] = field(default_factory=dict)
    pages: list[Page] = field(default_factory=list)
    truth: dict[Place, Given] = field(default_factory=dict)

    @property
    def raters(self) -> list[str]:
        """Whoever has rated."""
        others = {"peers": "peer", "skip level": "skip"}
        return ["self", "boss", *(others[one] for one in ("peers", "skip level") if one in self.options)]

    def scale_of(self, competency: str, rater: str) -> Scale:
        """The scale of one rating."""
        other = rater != "boss" if "by rater" in self.options else [*self.competencies].index(competency) % 2
        return SCALES["numbers" if self.scale == "headers" and not other else self.scale]

    def called(self, competency: str, rater: str) -> str:
        """Its name, with its scale where headers say that."""
        own = self.scale_of(competency, rater)
        ends = f" ({own.lowest}-{own.highest})" if self.scale == "headers" else ""
        return self.competencies[competency] + ends

    def named(self, competency: str, rater: str) -> str:
        """The header of a rating in a wide table."""
        return self.header.format(one=self.called(competency, rater), by=self.say[rater])

    def given(self, person: Person, competency: str, rater: str, *, now: bool = True) -> Given:
        """What was rated: the same wherever it is written."""
        key = person.id, competency, rater, now
        if key not in self.ratings:
            self.ratings[key] = Given(*key, *self._thrown(person, competency, rater))
        return self.ratings[key]

    def _thrown(
        self, person: Person, competency: str, rater: str
    ) -> tuple[Fraction | None, str | float | None]:
        dice, own = self.dice, self.scale_of(competency, rater)
        number = own.lowest + own.step * dice.randint(0, int((own.highest - own.lowest) / own.step))
        if person is self.people[0]:  # Somebody has the ends of the scale.
            number = Fraction(own.highest if [*self.competencies].index(competency) % 3 else own.lowest)
        elif dice.random() < 0.08:
            return None, dice.choice((None, "", "N/A", "-", "n/a"))
        shown = own.shown(number)
        if "said beside" in self.options and own.shown in (int, float) and dice.random() < 0.1:
            shown = f"{shown} - led the launch alone"
        return 1 + 4 * (number - own.lowest) / (own.highest - own.lowest), shown

    def told(
        self, one: Person, *, about: bool = True, turned: bool = False, keys: Sequence[str] = ()
    ) -> Record:
        """What stands about somebody in front of the ratings."""
        if not self.levels or "level names" in self.options:
            self.levels = {level: self.dice.choice(names) for level, names in LEVELS.items()}
        plain = self.pages and "plain ids" in self.options
        texts: dict[str, Cell] = {
            "id": str(int(one.id)) if plain and one.id.isdigit() else one.id,
            "name": ", ".join(reversed(one.name.split(" ", 1))) if turned else one.name,
            "level": self.levels[one.level],
            "manager": one.manager,
            "manager_id": one.manager_id,
            "since": one.since.strftime("%d.%m.%Y") if "text dates" in self.options else one.since,
        }
        if plain and not self.as_text and one.id.isdigit():
            texts["id"] = int(one.id)
        return {
            (self.say[key],): texts[key] for key in (*(keys or self.keys), *(self.about if about else ()))
        }

    def rated(self, one: Person, record: Record, *, now: bool = True) -> Record:
        """Everything that was rated of somebody, in one row, with what stands beside it."""
        pairs = list(product(self.competencies, self.raters))
        if self.header.startswith("{by}"):
            pairs = [(competency, rater) for rater in self.raters for competency in self.competencies]
        for competency, rater in pairs:
            header = self.named(competency, rater)
            if "previous" in self.options and self.shape == "wide":
                record[f"{header} 2025",] = self.given(one, competency, rater, now=False)
                header = f"{header} 2026"
            record[header,] = self.given(one, competency, rater, now=now)
            if "comments" in self.options and rater == "boss":
                record[f"{self.say['comments']} {header}",] = "Saw it in the launch review"
        if "location" in self.options:
            record["Location",] = "Lisbon"
        if "figures" in self.options:
            first = self.competencies[next(iter(self.competencies))]
            record |= {
                (f"{first} target",): 4,
                (f"{first} gap",): 1,
                (f"Overall rating ({self.say['boss']})",): 3,
            }
        return record

    def shuffled(self) -> list[Person]:
        """Everybody in another order."""
        return self.dice.sample(self.people, len(self.people))


def random_export(dice: random.Random) -> Export:
    """A company of four to twelve people."""
    count, ids = dice.randint(4, 12), dice.choice(("K20{:02}", "10{:02}", "004{:02}", "AB-{:03}"))
    options = {one for one in OPTIONS if dice.random() < 0.12}
    middle = ("María ", "van der ", "J. ", "") if "long names" in options else ("",)
    names = zip(dice.sample(FIRST, count), dice.sample(LAST, count), strict=True)
    full = [f"{first} {dice.choice(middle)}{last}" for first, last in names]
    known = [(ids.format(at + 3), name) for at, name in enumerate(full)]
    people = []
    for at, (own, name) in enumerate(known):
        since = date(dice.randint(2020, 2024), dice.randint(1, 12), dice.randint(1, 28))
        boss = known[(at + dice.randint(1, count - 1)) % count]
        people.append(Person(own, name, dice.choice([*LEVELS]), boss[1], boss[0], since))
    keys = dice.choice((("id",), ("id", "name"), ("id", "name"), ("name",), ("name", "id")))
    boss_by = dice.choice(((), ("manager",), ("manager_id",) if "id" in keys else ()))
    chosen = dice.sample([*COMPETENCIES], dice.randint(2, 6))
    export = Export(
        dice,
        dice.choice([*SHAPES]),
        people,
        {one: dice.choice((COMPETENCIES[one][0], *COMPETENCIES[one])) for one in chosen},
        dict(zip(FIELDS, dice.choice((*LANGUAGES, LANGUAGES[0])).split("|"), strict=True)),
        dice.choice((*SCALES, "numbers", "numbers")),
        dice.random() < 0.3,
        dice.choice(HEADERS),
        keys,
        dice.sample(["level", "since", *boss_by], 2 + len(boss_by)),
        options,
    )
    if export.shape in ("long", "person tabs", "rater rows"):
        export.options.discard("by rater")
    SHAPES[export.shape](export)
    if "other sheets" in export.options and not export.as_text:
        _add_others(export)
    return export


def _add(
    export: Export, title: str, records: Sequence[Record], *, file: str = "", rates: bool = True
) -> None:
    """A table, with what stands around it."""
    dice, options, scale = export.dice, export.options, SCALES[export.scale]
    headers = list(dict.fromkeys(header for record in records for header in record))
    above = _header_rows(headers)
    rows: list[Row] = [[record.get(header) for header in headers] for record in records]
    if rates and scale.shown in (int, float):
        rows = _with_means(export, above, rows)
    if "spacers" in options and len(above) == 1:
        place = dice.randint(1, len(headers) - 1)
        for row in [*above, *rows]:
            row.insert(place, None)
    if "row numbers" in options:
        for at, row in enumerate([*above, *rows]):
            row.insert(0, "No." if not at else at - len(above) + 1 if at >= len(above) else None)
    width = len(above[-1])
    rows = _with_breaks(export, above, rows)
    if "numbered" in options and "blocks" not in options:
        above.insert(dice.choice((0, len(above))), [*range(1, width + 1)])
    top: list[Row] = [["Talent review 2026"], []] if "title" in options else []
    if "notes" in options:
        top += [["Confidential: for HR only"], ["Exported on 12.05.2026 by the People team"], []]
    if scale.legend and rates and not _has_legend_sheet(export):
        top += [[scale.legend], []] if dice.random() < 0.7 else [[scale.legend]]
    rows = [*top, *above, *rows]
    if "margin" in options:
        rows = [[], *([None, *row] for row in rows)]
    name = file or (title if export.as_text else "ratings")
    hidden = dice.randint(1, width) if "hidden" in options else None
    export.pages.append(Page(f"{name}.{'csv' if export.as_text else 'xlsx'}", title, rows, hidden))


def _with_means(export: Export, above: list[Row], rows: list[Row]) -> list[Row]:
    """The rows with their means beside and below them."""
    means = [_mean([row[at] for row in rows]) for at in range(1, len(rows[0]))]
    if "average column" in export.options and len(above) == 1:
        above[0].append(export.say["average"])
        rows = [[*row, _mean(row)] for row in rows]
    return [*rows, [export.say["average"], *means]] if "totals" in export.options else rows


def _with_breaks(export: Export, above: list[Row], rows: list[Row]) -> list[Row]:
    """The rows with what interrupts them, and a line below."""
    options, width = export.options, len(above[-1])
    if "sections" in options and export.keys[0] == "id" and not options & {"parents", "names in one tab"}:
        before = [None] * ("row numbers" in options)
        rows = [[*before, "Growth team"], rows[0], [*before, "Payments team"], *rows[1:]]
    if "blocks" in options:
        rows = [*rows[:3], [], *map(list, above), *rows[3:]]
    if "blank rows" in options:
        rows.insert(export.dice.randint(1, len(rows)), [None] * width)
    end = [[], [export.dice.choice((f"Total records: {len(rows)}", "End of report"))]]
    return [*rows, *end] if "footer" in options else rows


def _add_others(export: Export) -> None:
    """Sheets about something else: how to rate, a summary, and an old copy that is hidden."""
    file = export.pages[0].file
    how: list[Row] = [["How to fill this in"], ["Rate everybody in your team."], ["Return by 30 May."]]
    means: list[Row] = [["Level", "People", "Average rating"], ["Senior PM", 4, 3.2], ["Lead PM", 2, 3.9]]
    old = [[Given("", "", "", False, Fraction(1), 1) if isinstance(one, Given) else one for one in row]
           for row in export.pages[-1].rows]  # fmt: skip
    export.pages.insert(0, Page(file, "Instructions", how, None))
    export.pages += [Page(file, "Summary", means, None), Page(export.pages[-1].file, "Old copy", old, -1)]


def _header_rows(headers: Sequence[Header]) -> list[Row]:
    """One line, or two with bands above the lower ones."""
    if all(len(header) == 1 for header in headers):
        return [[header[0] for header in headers]]
    top: Row = []
    for at, header in enumerate(headers):
        same = [one for one in headers if len(one) > 1 and one[0] == header[0]]
        goes_on = len(header) > 1 and len(headers[at - 1]) > 1 and headers[at - 1][0] == header[0]
        top.append(None if goes_on else Band(header[0], len(same)) if len(header) > 1 else header[0])
    return [top, [header[1] if len(header) > 1 else None for header in headers]]


def _mean(cells: Sequence[Cell]) -> float | None:
    numbers = [one.shown for one in cells if isinstance(one, Given) and isinstance(one.shown, int | float)]
    return round(sum(numbers) / len(numbers), 2) if numbers else None


def _has_legend_sheet(export: Export) -> bool:
    return "legend sheet" in export.options and "=" in SCALES[export.scale].legend and not export.as_text


def _wide(export: Export) -> None:
    _add(export, "Ratings", [export.rated(one, export.told(one)) for one in export.people])


def _bands(export: Export) -> None:
    raters = export.dice.sample(export.raters, len(export.raters))
    pairs = [(export.called(one, rater), rater, one) for one, rater in product(export.competencies, raters)]
    over = export.dice.random() < 0.5
    pairs = sorted(pairs, key=lambda pair: raters.index(pair[1])) if over else pairs
    records = []
    for person in export.people:
        records.append(export.told(person))
        for name, rater, one in pairs:
            header = (export.say[rater], name) if over else (name, export.say[rater])
            records[-1][header] = export.given(person, one, rater)
    _add(export, "Ratings", records)


def _long(export: Export) -> None:
    say, options, records = export.say, export.options, list[Record]()
    parents, cycles = "parents" in options, "cycles" in options and "parents" not in options
    by = [export.raters] if export.dice.random() < 0.4 else [[rater] for rater in export.raters]
    for person in export.people:
        rows = list(product((2025, 2026) if cycles else (2026,), export.competencies, by))
        for at, (year, one, raters) in enumerate(rows):
            record = export.told(person)
            record = dict.fromkeys(record) if parents and at else record
            record |= {(say["cycle"],): str(year)} if cycles else {}
            record[say["competency"],] = export.called(one, raters[0])
            given = {rater: export.given(person, one, rater, now=year == 2026) for rater in raters}
            if len(by) == 1:
                records.append(record | {(say[rater],): rating for rater, rating in given.items()})
            else:
                records.append(record | {(say["rater"],): say[raters[0]], (say["rating"],): given[raters[0]]})
    _add(export, "Data", records)


def _rater_rows(export: Export) -> None:
    records = []
    for person, rater in product(export.people, export.dice.sample(export.raters, len(export.raters))):
        records.append(export.told(person) | {(export.say["rater"],): export.say[rater]})
        records[-1] |= {
            (export.called(one, rater),): export.given(person, one, rater) for one in export.competencies
        }
    _add(export, "Data", records)


def _rater_tabs(export: Export) -> None:
    dice, options = export.dice, export.options
    with_level = dice.choice((["self"], ["boss"], ["self", "boss"]))
    if "people tab" in options:
        with_level = []
        _add(export, "People", [export.told(one) for one in export.people], rates=False)
    for rater in dice.sample(["self", "boss"], 2):
        people = export.shuffled()[1 if "someone missing" in options and rater == "self" else 0 :]
        by_name = "names in one tab" in options and "name" in export.keys and rater == "boss"
        turned = "turned names" in options and rater == "boss"
        order = dice.sample([*export.competencies], len(export.competencies))
        records = []
        for person in people:
            about = rater in with_level
            records.append(export.told(person, about=about, turned=turned, keys=["name"] if by_name else ()))
            records[-1] |= {(export.called(one, rater),): export.given(person, one, rater) for one in order}
        file = {"self": "self-2026", "boss": "manager-2026"}[rater] if "rater files" in options else ""
        _add(export, export.say[rater], records, file=file)


def _person_tabs(export: Export) -> None:
    if "on tabs" not in export.options:
        _add(export, "People", [export.told(one) for one in export.people], rates=False)
    for person in export.people:
        records = []
        for one in export.competencies:
            records.append({(export.say["competency"],): export.called(one, "self")})
            records[-1] |= {(export.say[by],): export.given(person, one, by) for by in ("self", "boss")}
        _add(export, person.name if "name" in export.keys else person.id, records)
        if "on tabs" in export.options:
            about: list[Row] = [[*header, cell] for header, cell in export.told(person).items()]
            export.pages[-1].rows = [*about, [], *export.pages[-1].rows]


def _cycle_tabs(export: Export) -> None:
    halves, records = "halves of years" in export.options, list[Record]()
    for year in export.dice.sample((2025, 2026), 2):
        now = year == 2026
        by_name = "names in one tab" in export.options and "name" in export.keys and not now
        people = export.shuffled()[1 if "someone missing" in export.options and not now else 0 :]
        told = [export.told(one, keys=["name"] if by_name else ()) for one in people]
        records = [export.rated(one, about, now=now) for one, about in zip(people, told, strict=True)]
        _add(export, f"H{2027 - year} {year}" if halves else str(year), records)


def _cycle_rows(export: Export) -> None:
    records = []
    for year, person in product((2025, 2026), export.people):
        record = export.told(person) | {(export.say["cycle"],): str(year)}
        records.append(export.rated(person, record, now=year == 2026))
    _add(export, "Ratings", export.dice.sample(records, len(records)))


def _two_files(export: Export) -> None:
    turned = "turned names" in export.options
    _add(export, "People", [export.told(one) for one in export.people], file="people", rates=False)
    told = [(one, export.told(one, about=False, turned=turned)) for one in export.shuffled()]
    _add(export, "Ratings", [export.rated(one, record) for one, record in told], file="scores")


def _turned(export: Export) -> None:
    records: list[Record] = []
    for one, rater in product(export.competencies, export.raters):
        records.append({(export.say["competency"],): export.named(one, rater)})
        records[-1] |= {(person.name,): export.given(person, one, rater) for person in export.people}
    _add(export, "Ratings", records)


SHAPES: Mapping[str, Callable[[Export], None]] = {
    "wide": _wide,
    "bands": _bands,
    "long": _long,
    "rater rows": _rater_rows,
    "rater tabs": _rater_tabs,
    "person tabs": _person_tabs,
    "cycle tabs": _cycle_tabs,
    "cycle rows": _cycle_rows,
    "two files": _two_files,
    "turned": _turned,
}


def write(export: Export, folder: Path) -> list[Path]:
    """Its files; the truth has the cells now."""
    files = {page.file: [one for one in export.pages if one.file == page.file] for page in export.pages}
    for name, pages in files.items():
        if export.as_text:
            _write_text(export, folder / name, pages[0])
        else:
            _write_book(export, folder / name, pages)
    return [folder / name for name in files]


def _write_text(export: Export, path: Path, page: Page) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, delimiter=export.dice.choice(",;\t"))
        writer.writerows(_shown(export, page, at, row) for at, row in enumerate(page.rows, 1))


def _shown(export: Export, page: Page, row: int, cells: Row) -> list[str | float | date | None]:
    """The cells of a row as they are written; the truth has its ratings then."""
    for at, cell in enumerate(cells, 1):
        if isinstance(cell, Given) and cell.number is not None:
            sheet = None if export.as_text else page.title
            export.truth[page.file, sheet, row, get_column_letter(at)] = cell
    return [
        cell.shown if isinstance(cell, Given) else cell.text if isinstance(cell, Band) else cell
        for cell in cells
    ]


def _write_book(export: Export, path: Path, pages: Sequence[Page]) -> None:
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for page in pages:
        sheet = book.create_sheet(page.title)
        for at, row in enumerate(page.rows, 1):
            sheet.append(_shown(export, page, at, row))
        for at, row in enumerate(page.rows, 1):
            for place, cell in enumerate(row, 1):
                if isinstance(cell, Band) and cell.width > 1:
                    sheet.merge_cells(None, at, place, at, place + cell.width - 1)
        if page.hidden == -1:
            sheet.sheet_state = "hidden"
        elif page.hidden:
            sheet.column_dimensions[get_column_letter(page.hidden)].hidden = True
            sheet.row_dimensions[page.hidden].hidden = True
    if _has_legend_sheet(export) and pages[-1] is export.pages[-1]:
        sheet = book.create_sheet("Legend")
        sheet.append(["Rating", "Meaning"])
        for pair in SCALES[export.scale].legend.split(", "):
            number, word = pair.split(" = ")
            sheet.append([int(number) if number.isdigit() else number, word])
    book.save(path)
    if "formulas" in export.options:
        _calculate(path)


def _calculate(path: Path) -> None:
    """Every number of one digit becomes a formula with its result."""
    with zipfile.ZipFile(path) as old:
        parts = {name: old.read(name) for name in old.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for name, data in parts.items():
            in_sheet = name.startswith("xl/worksheets/")
            formulas = re.sub(rb'(?: t="n")?><v>(\d)</v>', rb"><f>0+\1</f><v>\1</v>", data)
            new.writestr(name, formulas if in_sheet else data)


def exports(folder: Path) -> Callable[[random.Random], Roster]:
    """Reads the export of these dice. Raises AssertionError where something is misread or lost in silence."""
    folder.mkdir()

    def read(dice: random.Random) -> Roster:
        export = random_export(dice)
        roster = load_roster(write(export, folder), VOCABULARY, DAY)
        if wrong := list(differences(export, roster)):
            raise AssertionError(f"{export.shape}, {export.scale}: {'; '.join(wrong)}; {export.options}")
        return roster

    return read


def differences(export: Export, roster: Roster) -> Iterator[str]:
    """Ratings that are not what the export says, and those of which nothing is said."""
    by_key = {_key(key): one for one in export.people for key in (one.id, one.name)}
    read = set[Place]()
    for whole in (roster, *(one.roster for one in roster.earlier)):
        people = [by_key.get(_key(key)) for key in whole.people["employee_id"]]
        for person, level, key in zip(
            people, whole.people["level"], whole.people["employee_id"], strict=True
        ):
            if person is None or level != person.level:
                yield f"{key} at {level} is {person}"
        for place, found in _found(export, whole, people, now=whole is roster):
            if (given := export.truth.get(place)) is None or given.truth != found:
                yield f"{place} is read as {found} and is {given}"
            read.add(place)
        if others := set(whole.people["employee_id"]) - set(roster.people["employee_id"]):
            yield f"{others} are in an earlier cycle alone"
    for row in roster.not_assessable.iter_rows(named=True):
        nobody = not {_key(row["employee_id"]), _key(row["employee_name"])} & by_key.keys()
        numbered = row["kind"] == "not_among_people" and "numbered" in export.options
        if nobody and row["kind"] not in NOBODYS and not numbered:
            yield f"nobody is not assessable: {row['reason']}"
    counts = [at for at, one in export.truth.items() if one.now and one.rater in ("self", "boss")]
    silent = [at for at in counts if at not in read and not _is_told(export, roster, at)]
    if silent:
        yield f"nothing is said of {len(silent)} ratings: {silent[:3]}"


def _key(text: str | None) -> str:
    """An id without the zeros that spreadsheets take away, and a name in whatever order of its parts."""
    return " ".join(sorted((text or "").replace(",", "").lstrip("0").split()))


def _found(
    export: Export, roster: Roster, people: Sequence[Person | None], *, now: bool
) -> Iterator[tuple[Place, tuple[object, ...]]]:
    """Each rating that was read: where, and what it is taken for."""
    for column in roster.ratings.columns:
        competency, rater = column.split(":")
        for at, units in enumerate(roster.ratings[column].to_list()):
            person, cell = people[at], roster.cell(at, column)
            if units is not None and person is not None and cell is not None:
                place = cell.file or export.pages[0].file, cell.sheet, cell.row, cell.column
                yield place, (person.id, competency, rater, Fraction(units, UNITS_PER_POINT), now)


def _is_told(export: Export, roster: Roster, place: Place) -> bool:
    """Whether an issue names the row, the column or the sheet of a rating, or a reason the person."""
    file, sheet, row, column = place
    who = next(one for one in export.people if one.id == export.truth[place].person)
    if {_key(who.id), _key(who.name)} & set(map(_key, roster.not_assessable["employee_id"])):
        return True

    def about(issue: Issue) -> bool:
        if issue.severity == "note" or (issue.file or export.pages[0].file, issue.sheet) != (file, sheet):
            return False
        return issue.row == row or issue.column == column or (issue.row is None and issue.column is None)

    return any(map(about, roster.issues))
