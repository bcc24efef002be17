"""Rosters written in random layouts, to be read again: what is read equals what was written, or it is
asked."""

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from random import Random
from typing import Any

import polars as pl

from engine import vocabulary_of
from inputs import UNITS_PER_POINT, InputError, Roster
from inputs.files import Sheet
from inputs.files.sheets import letter
from inputs.loading import roster_of
from inputs.mapping import FileMapping
from inputs.words.word_lists import column_words
from rules import load_pack

DAY = date(2026, 6, 30)
WORDS = vocabulary_of(load_pack("product_management"))
NAMES = [
    "Runa Falk",
    "Timo Abel",
    "Ines Duarte",
    "Oona Rask",
    "Milo Brandt",
    "Zofia Lis",
    "Noor Haddad",
    "Piet Vos",
    "Ana Núñez",
    "Emil Kurz",
    "Lea Sommer",
    "Rae Lund",
    "Tom Okoye",
    "Jana Weiß",
    "Kofi Mensah",
    "Yuki Mori",
]
LEVELS = ("Associate PM", "Product Manager", "Senior PM", "Lead PM")
RATERS = ("self", "manager")
WORD_STEPS = (
    "Unsatisfactory",
    "Needs improvement",
    "Meets expectations",
    "Exceeds expectations",
    "Outstanding",
)
Row = dict[str, Any]


@dataclass
class Person:
    """Somebody as written, and as somebody who is read has to come out."""

    id: str
    name: str
    email: str
    level: str
    manager: "Person | None" = None
    ratings: dict[tuple[str, str], int] = field(default_factory=dict)
    """By competency's title and rater: 1 to 5."""


@dataclass(frozen=True)
class Layout:
    """Sheets as written, with what they are."""

    kind: str
    sheets: tuple[Sheet, ...]
    people: tuple[Person, ...]
    ids_are_written: bool
    manager_is_written: bool


def random_layout(seed: int) -> Layout:
    """A company of a few people in a layout that the seed decides."""
    return _Writer(Random(seed)).layout()


def difference(layout: Layout) -> str | None:
    """What was read otherwise than written; None when nothing was. Raises InputError when it asks."""
    roster = roster_of(layout.sheets, WORDS, DAY, FileMapping())
    titles = {term.id: term.title for term in WORDS.competencies}
    levels = {term.id: term.title for term in WORDS.levels}
    found = {}
    for at, row in enumerate(roster.people.iter_rows(named=True)):
        found[row["employee_name"] or row["employee_id"]] = (row, _ratings(roster, at, titles))
    expected = {person.name: person for person in layout.people}
    if roster.not_assessable.height or found.keys() != expected.keys():
        reasons = roster.not_assessable["reason"].to_list()[:2]
        return f"people {sorted(found)} and not {sorted(expected)}; {reasons}"
    for name, person in expected.items():
        row, ratings = found[name]
        if ratings != {key: Decimal(value) for key, value in person.ratings.items()}:
            return f"ratings of {name}: {ratings} and not {person.ratings}"
        if levels[row["level"]] != person.level:
            return f"level of {name}: {row['level']} and not {person.level}"
        if layout.ids_are_written and row["employee_id"] != person.id:
            return f"id of {name}: {row['employee_id']} and not {person.id}"
        manager = person.manager.name if person.manager else None
        if layout.manager_is_written and row["manager_name"] != manager:
            return f"manager of {name}: {row['manager_name']} and not {manager}"
    return _earlier_difference(roster)


def _earlier_difference(roster: Roster) -> str | None:
    """An earlier cycle in which somebody has anything but the worst rating, which is written there."""
    for one in roster.earlier:
        given = {units for cells in one.roster.ratings for units in cells.drop_nulls().unique().to_list()}
        if given != {UNITS_PER_POINT} or one.roster.people.height != roster.people.height:
            return f"earlier cycle {one.name}: {given} for {one.roster.people.height} people"
    return None


def _ratings(roster: Roster, at: int, titles: dict[str, str]) -> dict[tuple[str, str], Decimal]:
    found = {}
    for column in roster.ratings.columns:
        units = roster.ratings[column][at]
        if units is not None:
            competency, rater = column.split(":")
            found[titles[competency], rater] = Decimal(units) / UNITS_PER_POINT
    return found


def tried(seeds: Sequence[int]) -> tuple[dict[int, str], dict[str, list[int]]]:
    """The seeds whose layout is read otherwise than written, and by kind how many were read and asked
    about."""
    wrong: dict[int, str] = {}
    counts: dict[str, list[int]] = {}
    for seed in seeds:
        layout = random_layout(seed)
        read_and_asked = counts.setdefault(layout.kind, [0, 0])
        try:
            differs = difference(layout)
        except InputError:
            read_and_asked[1] += 1
            continue
        read_and_asked[0] += 1
        if differs is not None:
            wrong[seed] = f"{layout.kind}: {differs}"
    return wrong, counts


class _Writer:
    """Writes one company; every choice comes from the dice."""

    def __init__(self, dice: Random) -> None:
        self.dice = dice
        self.words = column_words()
        self.people = self._people()
        self.competencies = dice.sample([term.title for term in WORDS.competencies], dice.randint(3, 8))
        for person in self.people:
            for title in self.competencies:
                for rater in RATERS:
                    if dice.random() < 0.95:
                        person.ratings[title, rater] = dice.randint(1, 5)
        self.keys = dice.choice(
            ("id", "id", "id and name", "id and name", "id, name and email", "email", "name")
        )
        aliases = {term.title: (term.title, term.title, *term.aliases) for term in WORDS.competencies}
        self.called = {title: dice.choice(aliases[title]) for title in self.competencies}
        self.scale: Callable[[int], Any] = dice.choice(
            (_plain, _plain, _plain, _decimal, _percent, _word, _labelled, _of_five)
        )
        self.manager = dice.choice((None, "name", "id", "email", "last first", "name (id)"))
        if "id" not in self.keys and self.manager in ("id", "name (id)"):
            self.manager = "name"

    def _people(self) -> list[Person]:
        count = self.dice.randint(3, 9)
        firsts = self.dice.sample([name.split()[0] for name in NAMES], count)
        lasts = self.dice.sample([name.split()[1] for name in NAMES], count)
        names = [f"{first} {last}" for first, last in zip(firsts, lasts, strict=True)]
        form = self.dice.choice(("K{:04}", "{:05}", "{}", "AB-{:03}"))
        start = self.dice.randint(1, 400) if form != "{}" else self.dice.randint(1000, 4000)
        people = [
            Person(
                form.format(start + at),
                name,
                f"{name.lower().replace(' ', '.')}@example.test",
                self.dice.choice(LEVELS),
            )
            for at, name in enumerate(names)
        ]
        for person in people[1:]:
            person.manager = self.dice.choice([one for one in people if one is not person])
        return people

    def layout(self) -> Layout:
        """The sheets of one of the shapes."""
        shapes = (
            self._wide, self._two_lines, self._long, self._long_pair, self._rater_rows, self._tabs,
            self._tabs_with_level, self._people_and_ratings, self._years_in_columns, self._sheets_by_year,
            self._cycle_column, self._form, self._by_identity,
        )  # fmt: skip
        kind, sheets = self.dice.choice(shapes)()
        named = "name" in self.keys
        if not named:
            for person in self.people:
                person.name = person.id if "id" in self.keys else person.email
        return Layout(
            kind,
            sheets,
            tuple(self.people),
            "id" in self.keys,
            self.manager is not None and (named or self.manager in ("name", "last first")) and named,
        )

    # What stands about people

    def spelled(self, name: str) -> str:
        """One of the spellings of a field that need no clearer one beside them."""
        listed: list[str] = [text for text in self.words["fields"][name] if text not in self.words["weak"]]
        return self.dice.choice(listed)

    def _about(self, person: Person, headers: dict[str, str]) -> Row:
        row: Row = {}
        for what in ("id", "name", "email"):
            if what in headers:
                row[headers[what]] = getattr(person, what)
        if "level" in headers:
            row[headers["level"]] = self.dice.choice(
                (person.level, person.level.upper(), f" {person.level} ")
            )
        if "manager" in headers and person.manager is not None:
            row[headers["manager"]] = self._manager_of(person.manager)
        return row

    def _manager_of(self, manager: Person) -> str:
        first, last = manager.name.split(" ", 1)
        return {
            "name": manager.name,
            "id": manager.id,
            "email": manager.email,
            "last first": f"{last}, {first}",
            "name (id)": f"{manager.name} ({manager.id})",
        }[str(self.manager)]

    def _headers(self, *, level: bool = True) -> dict[str, str]:
        """Headers of what is told about people."""
        of = {"id": "employee_id", "name": "employee_name", "email": "email"}
        headers = {what: self.spelled(of[what]) for what in ("id", "name", "email") if what in self.keys}
        if self.manager == "email" and "email" not in headers:
            headers["email"] = self.spelled("email")
        if level:
            headers["level"] = self.spelled("level")
            if self.manager is not None:
                headers["manager"] = self.dice.choice(self.words["people"]["manager"][:20])
        return (
            headers
            if len(set(map(str.casefold, headers.values()))) == len(headers)
            else self._headers(level=level)
        )

    # How ratings stand

    def _rater_words(self) -> tuple[str, str]:
        """A word for the person and one for the manager, of whatever languages."""
        own = [*self.words["raters"]["self"], "Self", "self", "Self", *self.words["people"]["employee"]]
        theirs = [*self.words["raters"]["manager"], "Manager", "manager", *self.words["people"]["manager"]]
        if self.dice.random() < 0.1:
            theirs += ["Facilitator", "Sponsor", "Coach", "Dana K."]
            return self.dice.choice(own), self.dice.choice(theirs[-4:])
        return self.dice.choice(own), self.dice.choice(theirs)

    def _header_of_ratings(self) -> Callable[[str, str], str]:
        return self.dice.choice(
            (
                lambda title, rater: f"{title} ({rater})",
                lambda title, rater: f"{title} - {rater}",
                lambda title, rater: f"{rater}: {title}",
                lambda title, rater: f"{title} [{rater}]",
                lambda title, rater: f"{rater} - {title}",
                lambda title, rater: f"{title} {rater} rating",
                lambda title, rater: f"Rating of {title} by {rater}",
                lambda title, rater: f"{title} | {rater}",
                lambda title, rater: f"{rater} / {title}",
                lambda title, rater: f"{title} {rater}",
            )
        )

    def _cell(self, person: Person, title: str, rater: str) -> Any:
        value = person.ratings.get((title, rater))
        return None if value is None else self.scale(value)

    def _wide_rows(self, year: str = "", *, worst: bool = False) -> list[Row]:
        headers, words, header = (
            self._headers(),
            dict(zip(RATERS, self._rater_words(), strict=True)),
            self._header_of_ratings(),
        )
        rows = []
        for person in self.people:
            row = self._about(person, headers)
            for title in self.competencies:
                for rater in RATERS:
                    value = self.scale(1) if worst else self._cell(person, title, rater)
                    row[f"{header(self.called[title], words[rater])}{year}"] = value
            rows.append(row)
        return rows

    def _wide(self) -> tuple[str, tuple[Sheet, ...]]:
        return "wide", (self._sheet("Ratings", self._with_others(self._wide_rows())),)

    def _with_others(self, rows: list[Row]) -> list[Row]:
        """Columns that say nothing, targets and weights, and comments."""
        title = self.dice.choice(self.competencies)
        extra: Row = {}
        if self.dice.random() < 0.3:
            extra |= {f"{title} target": 5, f"{title} weight": 10}
        if self.dice.random() < 0.3:
            extra["Location"] = "Berlin"
        if self.dice.random() < 0.2:
            extra["Overall rating (manager)"] = 5
        if self.dice.random() < 0.3:
            extra |= {f"{self.called[one]} (peer)": 1 for one in self.competencies}
        if self.dice.random() < 0.2:
            extra |= {f"{title} comment (manager)": "Saw it in the launch review", "Comments": "None"}
        if self.dice.random() < 0.2:
            extra[f"{title} (last year)"] = 1
        return [row | extra for row in rows]

    def _two_lines(self) -> tuple[str, tuple[Sheet, ...]]:
        headers, words = self._headers(), self._rater_words()
        top: list[Any] = [*headers.values()]
        bottom: list[Any] = [None] * len(headers)
        for title in self.competencies:
            top += [self.called[title], None]
            bottom += list(words)
        rows: list[list[Any]] = [top, bottom]
        for person in self.people:
            about = self._about(person, headers)
            row = [about.get(header) for header in headers.values()]
            for title in self.competencies:
                row += [self._cell(person, title, rater) for rater in RATERS]
            rows.append(row)
        return "two lines", (_sheet("Ratings", rows),)

    def _long(self) -> tuple[str, tuple[Sheet, ...]]:
        headers, words = self._headers(), dict(zip(RATERS, self._rater_words(), strict=True))
        competency, rater_header, rating = (self.spelled(name) for name in ("competency", "rater", "rating"))
        overall = self.dice.random() < 0.3
        rows = []
        for person in self.people:
            for title in self.competencies:
                for rater in RATERS:
                    value = self._cell(person, title, rater)
                    if value is not None:
                        row = self._about(person, headers)
                        row |= {competency: self.called[title], rater_header: words[rater], rating: value}
                        rows.append(row | ({"Manager Rating": 5} if overall else {}))
        return "long", (self._sheet("Data", rows),)

    def _long_pair(self) -> tuple[str, tuple[Sheet, ...]]:
        headers, competency = self._headers(), self.spelled("competency")
        words = self.dice.choice(
            (("Self", "Manager Rating"), ("Self Rating", "Manager Rating"), ("Self", "Manager"))
        )
        if words[1] == "Manager" and self.manager is not None:
            words = ("Self Rating", "Manager Rating")
        on_first_row = self.dice.random() < 0.3
        rows = []
        for person in self.people:
            for at, title in enumerate(self.competencies):
                row = self._about(person, headers)
                if on_first_row and at:
                    row = dict.fromkeys(row)
                row[competency] = self.called[title]
                row |= {
                    word: self._cell(person, title, rater) for word, rater in zip(words, RATERS, strict=True)
                }
                rows.append(row)
        return "long pair", (self._sheet("Data", rows, shuffled=not on_first_row),)

    def _rater_rows(self) -> tuple[str, tuple[Sheet, ...]]:
        headers, words = self._headers(), dict(zip(RATERS, self._rater_words(), strict=True))
        rater_header = self.spelled("rater")
        rows = [
            self._about(person, headers)
            | {rater_header: words[rater]}
            | {self.called[title]: self._cell(person, title, rater) for title in self.competencies}
            for person in self.people
            for rater in RATERS
        ]
        if self.dice.random() < 0.4:
            for person in self.people:
                values = {self.called[title]: self.scale(1) for title in self.competencies}
                rows.append(self._about(person, headers) | {rater_header: "Peer"} | values)
        return "rater rows", (self._sheet("Data", rows),)

    def _tabs(self) -> tuple[str, tuple[Sheet, ...]]:
        return "tabs", self._two_tabs(levels=(True, False))

    def _tabs_with_level(self) -> tuple[str, tuple[Sheet, ...]]:
        return "tabs with level", self._two_tabs(levels=(True, True))

    def _two_tabs(self, levels: tuple[bool, bool]) -> tuple[Sheet, ...]:
        words = self._rater_words()
        titles = self.dice.choice((words, [f"{word} review" for word in words], ["Self", "Manager"]))
        of_files = self.dice.random() < 0.3
        sheets = []
        alone = self.people[-1] if all(levels) and self.dice.random() < 0.3 else None
        if alone is not None:
            alone.ratings = {key: value for key, value in alone.ratings.items() if key[1] == "manager"}
        for title, rater, level in zip(titles, RATERS, levels, strict=True):
            headers = self._headers(level=level)
            rows = [
                self._about(person, headers)
                | {self.called[one]: self._cell(person, one, rater) for one in self.competencies}
                for person in self.people
                if person is not alone or rater == "manager"
            ]
            name, file = (None, f"{title}.csv") if of_files else (title, "ratings.xlsx")
            sheets.append(self._sheet(name, rows, file=file, one_of_several=of_files))
        return tuple(sheets if self.dice.random() < 0.5 else sheets[::-1])

    def _people_and_ratings(self) -> tuple[str, tuple[Sheet, ...]]:
        about, headers = self._headers(), self._headers(level=False)
        words, header = dict(zip(RATERS, self._rater_words(), strict=True)), self._header_of_ratings()
        people = [self._about(person, about) for person in self.people]
        ratings = [
            self._about(person, headers)
            | {
                header(self.called[title], words[rater]): self._cell(person, title, rater)
                for title in self.competencies
                for rater in RATERS
            }
            for person in self.people
        ]
        sheets = (self._sheet("People", people), self._sheet("Ratings", ratings))
        return "people and ratings", sheets if self.dice.random() < 0.5 else sheets[::-1]

    def _years_in_columns(self) -> tuple[str, tuple[Sheet, ...]]:
        headers, words = self._headers(), dict(zip(RATERS, self._rater_words(), strict=True))
        before, now = self.dice.choice(((" 2025", " 2026"), (" H1 2025", " H2 2025"), (" last year", "")))
        rows = []
        for person in self.people:
            row = self._about(person, headers)
            for title in self.competencies:
                for rater in RATERS:
                    row[f"{self.called[title]} {words[rater]}{before}"] = self.scale(1)
                    row[f"{self.called[title]} {words[rater]}{now}"] = self._cell(person, title, rater)
            rows.append(row)
        return "years in columns", (self._sheet("Ratings", rows),)

    def _sheets_by_year(self) -> tuple[str, tuple[Sheet, ...]]:
        names = self.dice.choice((("2025", "2026"), ("Ratings 2025", "Ratings 2026"), ("H1 2026", "H2 2025")))
        state = self.dice.getstate()
        old = self._wide_rows(worst=True)
        self.dice.setstate(state)
        by_name = dict(zip(names, (old, self._wide_rows()), strict=True))
        if names[0] == "H1 2026":
            by_name = dict(zip(names, reversed(by_name.values()), strict=True))
        listed = [self._sheet(name, rows) for name, rows in by_name.items()]
        self.dice.shuffle(listed)
        return "sheets by year", tuple(listed)

    def _cycle_column(self) -> tuple[str, tuple[Sheet, ...]]:
        cycle = self.spelled("cycle")
        state = self.dice.getstate()
        old = [row | {cycle: "2025"} for row in self._wide_rows(worst=True)]
        self.dice.setstate(state)
        rows = old + [row | {cycle: "2026"} for row in self._wide_rows()]
        if self.dice.random() < 0.3:
            rows = [{"ID": f"REC-{at:03}"} | row for at, row in enumerate(rows)]
        return "cycle column", (self._sheet("Ratings", rows),)

    def _form(self) -> tuple[str, tuple[Sheet, ...]]:
        """Whoever answered, and whom it is about: the answer's number, address and name are the former's."""
        self.keys, self.manager = "name", None
        words = dict(zip(RATERS, self._rater_words(), strict=True))
        whom, level = (
            self.dice.choice(("Employee", "Reviewee", "Employee Name", "Person being reviewed")),
            self.spelled("level"),
        )
        respondents = self.dice.sample(("ID", "Email", "Email Address", "Name"), self.dice.randint(1, 3))
        rows: list[Row] = []
        for person in self.people:
            for rater in RATERS:
                who = (
                    person
                    if rater == "self"
                    else self.dice.choice([one for one in self.people if one is not person])
                )
                told = {"ID": len(rows) + 1, "Email": who.email, "Email Address": who.email, "Name": who.name}
                rows.append(
                    {"Timestamp": f"2026-05-{len(rows) + 1:02} 10:00:00"}
                    | {name: told[name] for name in respondents}
                    | {whom: person.name, level: person.level, "Rater": words[rater]}
                    | {self.called[title]: self._cell(person, title, rater) for title in self.competencies}
                )
        return "form", (self._sheet("Form Responses 1", rows),)

    def _by_identity(self) -> tuple[str, tuple[Sheet, ...]]:
        self.keys, self.manager = "id and name", "id"
        level = self.spelled("level")
        rows = []
        for person in self.people:
            if person.manager is None:
                person.manager = self.people[-1]
            for rater, who in (("self", person), ("manager", person.manager)):
                rows.append(
                    {"Reviewer ID": who.id, "Employee ID": person.id, "Employee Name": person.name}
                    | {level: person.level, "Manager ID": person.manager.id}
                    | {self.called[title]: self._cell(person, title, rater) for title in self.competencies}
                )
        return "by identity", (self._sheet("Data", rows),)

    def _sheet(
        self,
        name: str | None,
        rows: Sequence[Row],
        *,
        file: str = "ratings.xlsx",
        one_of_several: bool = False,
        shuffled: bool = True,
    ) -> Sheet:
        """The rows as a sheet, in random order, the columns too, perhaps below a title."""
        headers = list(dict.fromkeys(header for row in rows for header in row))
        rows = list(rows)
        if shuffled:
            self.dice.shuffle(rows)
        if self.dice.random() < 0.5:
            self.dice.shuffle(headers)
        listed: list[list[Any]] = [headers, *([row.get(header) for header in headers] for row in rows)]
        if self.dice.random() < 0.2:
            listed = [["Talent review", *[None] * (len(headers) - 1)], [None] * len(headers), *listed]
        return _sheet(name, listed, file=file, one_of_several=one_of_several)


def _sheet(
    name: str | None,
    rows: Sequence[Sequence[Any]],
    *,
    file: str = "ratings.xlsx",
    one_of_several: bool = False,
) -> Sheet:
    columns = [
        pl.Series(letter(at), [None if row[at] is None else str(row[at]) for row in rows], dtype=pl.String)
        for at in range(len(rows[0]))
    ]
    return Sheet(file, "0" * 64, name, pl.DataFrame(columns), one_of_several=one_of_several)


def _plain(value: int) -> int:
    return value


def _decimal(value: int) -> str:
    return f"{value}.0"


def _of_five(value: int) -> str:
    return f"{value}/5"


def _percent(value: int) -> str:
    return f"{(value - 1) * 25}%"


def _word(value: int) -> str:
    return WORD_STEPS[value - 1]


def _labelled(value: int) -> str:
    return f"{value} - {WORD_STEPS[value - 1]}"


if __name__ == "__main__":
    first = int(sys.argv[2]) if len(sys.argv) > 2 else 0
    wrong, counts = tried(range(first, first + int(sys.argv[1])))
    for kind, (read, asked) in sorted(counts.items()):
        print(f"{kind:<20} {read:>6,} read as written or otherwise, {asked:>6,} asked")
    for seed, text in wrong.items():
        print(f"seed {seed}: {text}")
    print(f"{sum(map(sum, counts.values())):,} layouts, {len(wrong)} read otherwise than written")
