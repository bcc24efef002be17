"""Forms at random: people in several rows, with dates, cycles, drafts, repeated ids and raters by word or by
name. Whatever is read of them, each rating is in the cell that it claims, and no row is lost in silence."""

import csv
import random
import re
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import get_args

from inputs import UNITS_PER_POINT, RatingScale, Roster, Term, Vocabulary
from inputs.loading import load_roster
from inputs.mapping import FileMapping, RowThatCounts
from rules.spelling import name_key

DAY = date(2026, 6, 30)
RATERS = {"self": "Self", "manager": "Manager"}
TITLES = ("Communication", "Delegation")
LEVELS = ("Associate PM", "Senior PM")
NAMES = ("Runa Falk", "Timo Abel", "Ines Duarte", "Oona Rask", "Zofia Lis")
ANSWERS: tuple[RowThatCounts | None, ...] = (None, None, *get_args(RowThatCounts))
VOCABULARY = Vocabulary(
    competencies=tuple(Term(title.casefold(), title) for title in TITLES),
    levels=tuple(Term(title.casefold().replace(" ", "_"), title) for title in LEVELS),
    next_levels={"associate_pm": ("senior_pm",), "senior_pm": ()},
    scale=RatingScale(Decimal(1), Decimal(5)),
    name_key=name_key,
)
_ROWS = re.compile(r"\brows? (\d[\d, and]*)")
_CELLS = re.compile(r"\([A-Z]{1,2}(\d+)\)")
_COUNTED = re.compile(
    r"(\d+) (row|rating)s? (?:by other raters|of [a-z ]*reviews|w)|(\d+) earlier ratings? w"
)
"""What is told of by its number alone."""


@dataclass
class Form:
    """The rows of a form, and whose each rating is: no two ratings are one number."""

    dice: random.Random
    layout: str
    rows: list[dict[str, str]] = field(default_factory=list)
    truth: dict[int, tuple[int, str, str]] = field(default_factory=dict)
    """By rating, in ten-thousandths: the row in the file, the id, and the column of the roster."""

    def add(self, about: dict[str, str], raters: tuple[str, ...]) -> None:
        """A row in which these raters have rated, or a row for each of them."""
        if self.layout == "columns":
            self._add(about, {rater: f"{{}} ({rater})" for rater in raters})
            return
        for rater in raters:
            who = {"Rater": RATERS.get(rater, "Peer")}
            if self.layout == "names":
                boss = f"Boss {about['Employee ID'][-1]}"
                who = {"Manager": boss, "Reviewer Name": about["Name"] if rater == "self" else boss}
            if self.layout != "long":
                self._add(about | who, {rater: "{}"})
                continue
            for title in TITLES:
                self._add(about | who | {"Competency": title}, {rater: "Rating"}, [title])

    def _add(self, about: dict[str, str], headers: dict[str, str], titles: Collection[str] = TITLES) -> None:
        row, employee = dict(about), about["Employee ID"]
        for rater, header in headers.items():
            for title in titles:
                number = 10_000 + 97 * len(self.truth)
                if self.dice.random() < 0.9:
                    self.truth[number] = len(self.rows) + 2, employee, f"{title.casefold()}:{rater}"
                    row[header.format(title)] = f"{number / 10_000:.4f}"
        if self.dice.random() < 0.03:
            row["Employee ID"] = employee.lower()
        if self.dice.random() < 0.1:
            row["Name"] = ", ".join(reversed(about["Name"].split()))
        self.rows.append(row)

    def write(self, path: Path) -> Path:
        """The form as a text file."""
        headers = dict.fromkeys(header for row in self.rows for header in row)
        with path.open("w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, list(headers), restval="")
            writer.writeheader()
            writer.writerows(self.rows)
        return path


def random_form(dice: random.Random) -> Form:
    """A form of two to four people."""
    form = Form(dice, dice.choice(("columns", "columns", "raters", "names", "long")))
    times = dice.choice(
        ({}, {"Review Date"}, {"Review Date"}, {"Review Cycle"}, {"Review Date", "Review Cycle"})
    )
    drafts = dice.random() < 0.3
    for at, name in enumerate(dice.sample(NAMES, dice.randint(2, 4))):
        about = {"Employee ID": f"E{at}", "Name": name, "Level": dice.choice(LEVELS)}
        about["In Level Since"] = f"2023-0{dice.randint(1, 9)}-01"
        for year in dice.choice(((2026,), (2026,), (2025, 2026))):
            for raters in _shares(dice, form.layout):
                day = date(year, 1, 15) + timedelta(days=dice.choice((0, 20, 60, 100, 150)))
                said = {"Review Date": day.isoformat(), "Review Cycle": str(year)}
                said = said if dice.random() < 0.9 else dict.fromkeys(said, "")
                row = about | {name: text for name, text in said.items() if name in times}
                row |= {"Review Status": dice.choice(("Submitted", "Submitted", "Draft"))} if drafts else {}
                if dice.random() < 0.1:
                    row |= {"Level": dice.choice(LEVELS), "In Level Since": "2024-03-01"}
                form.add(row, raters)
    if dice.random() < 0.5:
        _shuffle(form)
    return form


def _shares(dice: random.Random, layout: str) -> list[tuple[str, ...]]:
    """Who rated in each row of one person."""
    ways: list[list[tuple[str, ...]]] = [[("self", "manager")], [("self",), ("manager",)]]
    ways += [[("manager",), ("self",)], [("self",)], [("self", "manager"), ("manager",)]]
    if layout in ("raters", "long"):
        ways += [[("self", "manager", "peer")], [("self",), ("peer",)]]
    return dice.choice(ways)


def _shuffle(form: Form) -> None:
    order = list(range(len(form.rows)))
    form.dice.shuffle(order)
    form.rows = [form.rows[at] for at in order]
    place = {at + 2: new + 2 for new, at in enumerate(order)}
    form.truth = {number: (place[row], who, of) for number, (row, who, of) in form.truth.items()}


def forms(folder: Path) -> Callable[[random.Random], Roster]:
    """Reads a form of these dice, with an answer which row of a person counts. Raises AssertionError where
    something is lost or misplaced."""
    folder.mkdir()

    def read(dice: random.Random) -> Roster:
        form, said = random_form(dice), dice.choice(ANSWERS)
        mapping = FileMapping(row_that_counts=said)
        roster = load_roster([form.write(folder / "form.csv")], VOCABULARY, DAY, mapping)
        if wrong := list(what_is_wrong(form, roster)):
            raise AssertionError(f"{form.layout}, {said}: {'; '.join(wrong)}")
        return roster

    return read


def what_is_wrong(form: Form, roster: Roster) -> Iterator[str]:
    """Ratings that are another person's, competency's or rater's, or in another cell; rows without a word."""
    used = set[int]()
    for name in roster.ratings.columns:
        for at, units in enumerate(roster.ratings[name].to_list()):
            if units is None:
                continue
            number = units * 10_000 // UNITS_PER_POINT
            row, employee, column = form.truth[number]
            used.add(number)
            person = roster.people["employee_id"][at].upper()
            if (employee, column) != (person, name):
                yield f"{number} of {employee} {column} is {person}'s {name}"
            if (place := roster.cell(at, name)) is None or place.row != row:
                yield f"{number} is in row {row}, not in {place}"
    told, people = _told(roster), {one.upper() for one in roster.people["employee_id"]}
    unused = [form.truth[number] for number in form.truth if number not in used]
    left = [row for row, employee, _ in unused if row not in told and employee in people]
    counts = [found for issue in roster.issues if (found := _COUNTED.match(issue.problem))]
    counted = sum(int(one[1] or one[3]) * (len(TITLES) if one[2] == "row" else 1) for one in counts)
    if len(left) > counted:
        yield f"nothing is said of what is in rows {sorted(set(left))}"
    if roster.people_in_file != roster.people.height + roster.not_assessable.height:
        yield "people in the file are neither assessable nor not"
    known = people | {one.upper() for one in roster.not_assessable["employee_id"].drop_nulls()}
    if lost := {row["Employee ID"].upper() for row in form.rows} - known:
        yield f"{lost} are nowhere"


def _told(roster: Roster) -> set[int]:
    """The rows that an issue is about or names."""
    rows = {issue.row for issue in roster.issues if issue.row is not None}
    rows |= {row for row in roster.not_assessable["row"].to_list() if row is not None}
    texts = " ".join(issue.problem for issue in roster.issues)
    listed = [*_ROWS.findall(texts), *_CELLS.findall(texts)]
    return rows | {int(number) for numbers in listed for number in re.findall(r"\d+", numbers)}
