"""Every formula of a workbook of 2,000 people, calculated by LibreOffice after edits.

The parts of the files are read as XML: openpyxl alone would need longer than everything else together.
"""

import html
import re
import zipfile
from dataclasses import replace
from datetime import date
from xml.etree.ElementTree import iterparse

import polars as pl
import pytest

from engine.session import Entry
from reports.shown import read_guidelines
from reports.shown.session import Session
from reports.workbook import write_workbook
from reports.workbook.calibration import status_of
from rules.pack import BANDS
from tests.libreoffice import saved_by_libreoffice
from tests.made_explanations import MadeExplanations
from tests.sample_run import sample

PEOPLE = 2_000
FORMULA = re.compile(r'(<c r="([A-Z]+\d+)"[^>]*>)<f>[^<]*</f><v>([^<]*)</v></c>')
MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


@pytest.fixture(scope="module")
def run():
    """The sample's people again and again under new ids and managers of their own."""
    few = sample()
    rounds = -(-PEOPLE // few.people_recommended)
    everybody = [
        replace(
            one,
            person=one.person + turn * 1_000,
            employee_id=f"{one.employee_id}-{turn}",
            manager_name=f"{one.manager_name} {turn}",
        )
        for turn in range(rounds)
        for one in few.explanations
    ]
    people = set(list(dict.fromkeys(one.person for one in everybody))[:PEOPLE])
    kept = MadeExplanations(one for one in everybody if one.person in people)
    return replace(
        few,
        explanations=kept,
        people_recommended=PEOPLE,
        people_in_file=PEOPLE + len(few.not_assessable),
        session=Session(guidelines=read_guidelines(["ready_now=10..20%", "developing=..50%"])),
    )


@pytest.fixture(scope="module")
def entries(run):
    """Decisions for about a third: agreed, changed, incomplete, and two promotions of one person."""
    made = {}
    for number, one in enumerate(run.explanations):
        decided = BANDS[number % 4]
        made[one.employee_id, one.promotion] = (
            Entry(one.recommendation, decided_by="Panel", decided_on=date(2026, 7, 1)),
            Entry(decided, "outcomes", "Seen", "Panel", date(2026, 7, 1)),
            Entry("ready_now", "scope", "Seen", "Panel", date(2026, 7, 1)),
            Entry(decision=decided),
            *[Entry()] * 5,
        )[number % 9]
    return made


@pytest.fixture(scope="module")
def written(run, entries, tmp_path_factory):
    path = tmp_path_factory.mktemp("two_thousand") / "calibration.xlsx"
    write_workbook(run, path, entries=entries)
    return path


def sheets(path):
    """Sheet names with the path of their part."""
    with zipfile.ZipFile(path) as parts:
        book = parts.read("xl/workbook.xml").decode()
        related = parts.read("xl/_rels/workbook.xml.rels").decode()
    targets = {}
    for relation in re.findall(r"<Relationship [^>]*>", related):
        named = dict(re.findall(r'(\w+)="([^"]*)"', relation))
        targets[named["Id"]] = "xl/" + named["Target"].removeprefix("/xl/")
    found = [dict(re.findall(r'([\w:]+)="([^"]*)"', tag)) for tag in re.findall(r"<sheet [^>]*>", book)]
    return {html.unescape(sheet["name"]): targets[sheet["r:id"]] for sheet in found}


def held(path):
    """What the file says that each formula computes, by sheet and cell."""
    with zipfile.ZipFile(path) as parts:
        return {
            (name, cell): html.unescape(value)
            for name, part in sheets(path).items()
            for _, cell, value in FORMULA.findall(parts.read(part).decode())
        }


def without_values(path, bare):
    """The same file, with nothing said of what its formulas compute."""
    with zipfile.ZipFile(path) as parts, zipfile.ZipFile(bare, "w", zipfile.ZIP_DEFLATED) as out:
        for name in parts.namelist():
            text = parts.read(name)
            if name.startswith("xl/worksheets/sheet"):
                text = re.sub(rb"</f><v>[^<]*</v>", b"</f>", text)
            out.writestr(name, text)


def values(path, wanted):
    """The values of cells by sheet and place, as text."""
    found = {}
    with zipfile.ZipFile(path) as parts:
        with parts.open("xl/sharedStrings.xml") as shared:
            strings = [
                "".join(text.text or "" for text in element.iter(f"{MAIN}t"))
                for _, element in iterparse(shared)
                if element.tag == f"{MAIN}si"
            ]
        for name, part in sheets(path).items():
            with parts.open(part) as sheet:
                for _, element in iterparse(sheet):
                    if element.tag != f"{MAIN}c":
                        continue
                    key = (name, element.get("r"))
                    if key in wanted:
                        value = element.findtext(f"{MAIN}v") or ""
                        found[key] = strings[int(value)] if element.get("t") == "s" else value
                    element.clear()
    return found


def same(one, other):
    try:
        return float(one or 0) == pytest.approx(float(other or 0))
    except ValueError:
        return one == other


def test_every_formula_of_two_thousand_people_calculates_to_the_value_that_the_file_holds(written, tmp_path):
    without_values(written, tmp_path / "bare.xlsx")
    saved = saved_by_libreoffice(tmp_path / "bare.xlsx", tmp_path / "out")
    said = held(written)
    calculated = values(saved, said)
    wrong = {place: (value, calculated.get(place)) for place, value in said.items()}
    wrong = {place: pair for place, pair in wrong.items() if not same(pair[0], pair[1] or "")}
    assert len(said) > 10_000
    assert wrong == {}


def test_the_counts_that_the_file_holds_are_those_of_the_decisions(run, entries, written):
    said = held(written)
    frame = pl.DataFrame(
        {
            "before": one.recommendation,
            "after": entries[one.employee_id, one.promotion].decision or one.recommendation,
            "status": str(status_of(run, one, entries)),
        }
        for one in run.explanations
    )
    for number, band in enumerate(BANDS):
        assert said["Summary", f"B{11 + number}"] == str(frame.filter(pl.col("before") == band).height)
        assert said["Summary", f"C{11 + number}"] == str(frame.filter(pl.col("after") == band).height)
    assert said["Summary", "C4"] == str(frame.filter(pl.col("status") == "Undecided").height)
    assert frame.filter(pl.col("status") == "Two promotions").height > 0
