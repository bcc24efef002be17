"""A byte search: no page, packet, letter or group workbook holds anybody else's data."""

import zipfile
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import polars as pl
import pytest

from engine import assess
from engine.session import Decision, Origin, append
from inputs import comment_column, rating_column
from reports.calibration import write_decisions
from reports.writing import Wanted, write_run
from tests.small import DAY, pack, roster

PEOPLE, MANAGERS = 9, 3
NOW = datetime(2026, 7, 2, 9, tzinfo=UTC)


def secrets(number):
    """What is one person's alone: id, name, comments of both sides, and what the session wrote."""
    return {f"{kind}q{number}z" for kind in ("Id", "Name", "Saw", "Felt", "Why", "Next")}


def manager_of(number):
    return number % MANAGERS


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """Nine people of three managers, all with comments; six are decided, four of them get a letter."""
    folder = tmp_path_factory.mktemp("bytes") / "run"
    people = [
        {
            "employee_id": f"Idq{n}z",
            "employee_name": f"Nameq{n}z",
            "manager_id": f"Mq{manager_of(n)}z",
            "manager_name": f"Bossq{manager_of(n)}z",
            "drive:manager": (5, 3.5, 2)[n // 3],
            "drive:self": 4,
            "care:manager": 4,
        }
        for n in range(PEOPLE)
    ]
    made = roster(people)
    written = {
        comment_column(rating_column("drive", rater)): [f"{word}q{n}z" for n in range(PEOPLE)]
        for rater, word in (("manager", "Saw"), ("self", "Felt"))
    }
    made = replace(made, comments=pl.DataFrame(written))
    wanted = Wanted(people=True, packets=True, group_by="manager")
    before = write_run(assess(made, pack(), DAY), folder, wanted=wanted)
    decided = [
        Decision(
            one.employee_id,
            one.promotion,
            one.recommendation,
            "ready_now" if n < 2 else "developing",
            "outcomes",
            f"Whyq{n}z",
            "Panel",
            date(2026, 7, 1),
            f"Nextq{n}z",
        )
        for n, one in enumerate(before.explanations[:6])
    ]
    write_decisions(before, append((), decided, Origin("a.xlsx", "a" * 64), NOW), folder)
    return folder


def content(path: Path) -> bytes:
    if path.suffix != ".xlsx":
        return path.read_bytes()
    with zipfile.ZipFile(path) as parts:
        return b"".join(parts.read(name) for name in parts.namelist())


def found(path, numbers):
    held = content(path)
    return sorted(secret for n in numbers for secret in secrets(n) if secret.encode() in held)


@pytest.mark.parametrize(("folder", "files"), [("people", 9), ("packets", 9), ("letters", 4)])
def test_what_is_about_one_person_holds_nothing_of_anybody_else(run, folder, files):
    there = {n: path for n in range(PEOPLE) for path in (run / folder).iterdir() if f"q{n}z" in path.stem}
    assert len(there) == files == len(list((run / folder).iterdir()))
    for n, path in there.items():
        assert found(path, {*range(PEOPLE)} - {n}) == []
        assert f"Nameq{n}z".encode() in content(path)


@pytest.mark.parametrize("folder", ["managers", "groups"])
def test_what_is_a_managers_holds_nothing_of_other_managers_people(run, folder):
    paths = [path for path in (run / folder).iterdir() if path.stem != "overview"]
    assert len(paths) == MANAGERS
    for path in paths:
        (manager,) = (m for m in range(MANAGERS) if f"q{m}z" in path.stem)
        own = {n for n in range(PEOPLE) if manager_of(n) == manager}
        assert found(path, {*range(PEOPLE)} - own) == []
        held = content(path)
        assert all(f"Nameq{n}z".encode() in held and f"Sawq{n}z".encode() in held for n in own)
        others = {*range(MANAGERS)} - {manager}
        assert not [m for m in others if f"Mq{m}z".encode() in held or f"Bossq{m}z".encode() in held]


def test_the_overview_of_the_groups_names_nobody(run):
    assert found(run / "groups" / "overview.xlsx", range(PEOPLE)) == []
