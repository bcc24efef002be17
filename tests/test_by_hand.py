"""People of the shipped sample recomputed from the sheet's own cells, with the trace citing those cells.

The cells are read with openpyxl, the arithmetic is plain fractions, and the rules are judged by the oracle;
nothing of `inputs` or `engine` takes part in what is expected.
"""

import random
import re
from collections.abc import Mapping
from datetime import date, datetime
from functools import cache
from importlib.resources import as_file, files
from typing import Any

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from engine import Explanation, assess, explain, vocabulary_of
from inputs import UNITS_PER_POINT
from inputs.loading import load_roster
from rules import RulePack, load_pack
from tests.oracle import Asked, Dates, rules_for

DAY = date(2026, 6, 30)
CELL = re.compile(r"'Performance Review H1'!([A-Z]+)(\d+)")


@cache
def pack() -> RulePack:
    return load_pack("product_management")


@cache
def sheet() -> Worksheet:
    with as_file(files("inputs").joinpath("samples/product_organisation.xlsx")) as path:
        found = openpyxl.load_workbook(path)["Performance Review H1"]
    assert isinstance(found, Worksheet)
    return found


@cache
def heads() -> Mapping[str, int]:
    return {str(cell.value): place for place, cell in enumerate(sheet()[1], start=1)}


@cache
def explanations() -> tuple[Explanation, ...]:
    with as_file(files("inputs").joinpath("samples/product_organisation.xlsx")) as path:
        roster = load_roster([path], vocabulary_of(pack()), DAY)
    return explain(assess(roster, pack(), DAY))


def value(row: int, head: str) -> Any:
    return sheet().cell(row, heads()[head]).value


def row_of(employee_id: str) -> int:
    rows = [
        row for row in range(2, sheet().max_row + 1) if str(value(row, "Employee ID")).strip() == employee_id
    ]
    return rows[0]


def rating(row: int, head: str) -> int | None:
    """A rating as a person would read it off the sheet, in units."""
    written = value(row, head)
    if isinstance(written, str):
        plain = written.strip().replace(",", ".")
        written = float(plain) if re.fullmatch(r"\d+(\.\d+)?", plain) else None
    if written is None or not 1 <= written <= 5:
        return None
    return round(written * 2) * UNITS_PER_POINT // 2


def day_of(row: int, head: str) -> date | None:
    """A date as a person would read it: day before month where it stands as text."""
    written = value(row, head)
    if isinstance(written, datetime):
        return written.date()
    for form in ("%d/%m/%Y", "%d %B %Y"):
        try:
            return datetime.strptime(str(written), form).date()
        except ValueError:
            continue
    return None


def by_hand(row: int, promotion: str) -> Any:
    titles = {competency.id: competency.title for competency in pack().competencies}
    rated = {
        f"{id_}:{rater}": rating(row, f"{title} ({rater})")
        for id_, title in titles.items()
        for rater in ("self", "manager")
    }
    rules = rules_for(pack(), pack().promotion(promotion), specialisation(row))
    dates = [day_of(row, head) for head in ("In Level Since", "In Product Since", "Review Date")]
    return Asked(rules, rated, Dates(*dates, DAY, answers(row))).verdict()


def answers(row: int) -> dict[str, bool | None]:
    """What the sheet says to each yes/no question of the pack; a column is headed by its id in words."""
    written = {fact.id: value(row, fact.id.replace("_", " ").title()) for fact in pack().facts}
    return {name: {"yes": True, "no": False}.get(str(one)) for name, one in written.items()}


def specialisation(row: int) -> str | None:
    """The id of the kind of role that the sheet names."""
    written = str(value(row, "Specialisation") or "").strip().casefold()
    for one in pack().specialisations:
        if written in {name.casefold() for name in (one.title, *one.aliases)}:
            return one.id
    return None


def said(explanation: Explanation) -> tuple[object, ...]:
    return (
        explanation.recommendation,
        (explanation.kind, explanation.worst_band, explanation.best_band),
        (explanation.confidence, explanation.firm_in),
        explanation.findings,
        tuple(rule.code for rule in explanation.rules),
        tuple(sorted((signal.signal, signal.status, signal.agreement) for signal in explanation.evidence)),
    )


def expected(explanation: Explanation) -> tuple[object, ...]:
    verdict = by_hand(row_of(explanation.employee_id), explanation.promotion)
    firm_in = None if verdict.firmness is None else int(verdict.firmness * explanation.re_ratings)
    return (
        verdict.recommendation,
        (verdict.kind, verdict.worst_band, verdict.best_band),
        (verdict.confidence, firm_in),
        verdict.findings,
        verdict.fired,
        tuple(sorted((name, signal.status, signal.agreement) for name, signal in verdict.signals.items())),
    )


@pytest.mark.parametrize("pick", range(10))
def test_a_person_picked_at_random_comes_out_as_by_hand(pick: int) -> None:
    people = sorted({explanation.employee_id for explanation in explanations()})
    chosen = random.Random(1913).sample(people, 10)[pick]
    theirs = [explanation for explanation in explanations() if explanation.employee_id == chosen]
    assert theirs
    for explanation in theirs:
        assert said(explanation) == expected(explanation), chosen


def test_everybody_comes_out_as_by_hand() -> None:
    wrong = [e.employee_id for e in explanations() if said(e) != expected(e)]
    assert len(explanations()) > 250
    assert wrong == []


def test_every_rating_in_a_trace_cites_the_cell_it_was_read_from() -> None:
    cited = 0
    for explanation in explanations():
        row = row_of(explanation.employee_id)
        for signal in explanation.evidence:
            for used in signal.ratings:
                for rater, cell, shown in (
                    ("self", used.self_cell, used.self_rating),
                    ("manager", used.manager_cell, used.manager_rating),
                ):
                    match = CELL.fullmatch(str(cell))
                    assert match, (explanation.employee_id, used.competency, cell)
                    head = f"{used.competency_title} ({rater})"
                    assert sheet()[f"{match[1]}1"].value == head
                    assert int(match[2]) == row
                    units = rating(row, head)
                    assert shown == (None if units is None else units / UNITS_PER_POINT)
                    cited += 1
    assert cited > 5_000
