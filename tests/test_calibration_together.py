"""Several people make decisions final at once, and processes are killed at it.

By hand, with more of them:

    READINESS_FACILITATORS=7 READINESS_ROUNDS=100 READINESS_KILLS=200 pytest <this file>
"""

import json
import os
import random
import shutil
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from datetime import date
from multiprocessing import get_context
from pathlib import Path

import openpyxl
import polars as pl
import pytest

from engine import assess
from engine.session import decisions_in
from inputs import InputError
from reports.run import read_run
from reports.run.decision_log import read_log, read_seal
from reports.run.manifest import sha256_of
from reports.run.replacing import locked
from reports.workbook.layout import CALIBRATION_COLUMNS
from reports.writing import Wanted, write_run
from tests.applying_work import apply, apply_when_told
from tests.small import DAY, pack, roster

ROUNDS = int(os.environ.get("READINESS_ROUNDS", "1"))
KILLS = int(os.environ.get("READINESS_KILLS", "3"))
FACILITATORS = int(os.environ.get("READINESS_FACILITATORS", "4"))
COLUMNS = {column.key: index for index, column in enumerate(CALIBRATION_COLUMNS, start=1)}
PEOPLE = tuple(
    {"drive:manager": (5, 3.5, 2)[n % 3], "department": f"D{n % FACILITATORS}"}
    for n in range(2 * FACILITATORS)
)


@pytest.fixture(scope="module")
def fresh_run(tmp_path_factory):
    """A run with a filled-in workbook for each department of two people."""
    folder = tmp_path_factory.mktemp("together") / "run"
    write_run(assess(roster(PEOPLE), pack(), DAY), folder, wanted=Wanted(group_by="department"))
    for n in range(FACILITATORS):
        book = openpyxl.load_workbook(folder / "groups" / f"d{n}.xlsx")
        sheet = book["Calibration"]
        for row in (6, 7):
            sheet.cell(row, COLUMNS["decision"]).value = sheet.cell(row, COLUMNS["recommendation"]).value
            sheet.cell(row, COLUMNS["decided_by"]).value = f"Facilitator {n}"
            sheet.cell(row, COLUMNS["decided_on"]).value = date(2026, 7, 1)
        book.save(folder.parent / f"d{n}.xlsx")
    return folder


def require_whole(run):
    """The chain is whole, the files agree with it, and nothing is left of anybody."""
    log = read_log(run)
    assert len({line.decision.key for line in log}) == len(log)
    if log:
        seal = read_seal(run)
        assert {name: sha256_of(run / name) for name in seal.files} == dict(seal.files)
        assert pl.read_parquet(run / "decisions.parquet").height == len(decisions_in(log))
    else:
        assert not (run / "decisions.csv").exists()
    return log


def test_several_facilitators_at_once_lose_nothing_and_double_nothing(fresh_run, tmp_path):
    with ProcessPoolExecutor(FACILITATORS, get_context("spawn")) as pool:
        for round_ in range(ROUNDS):
            run = Path(shutil.copytree(fresh_run, tmp_path / f"run-{round_}"))
            begun = [pool.submit(apply, run, fresh_run.parent / f"d{n}.xlsx") for n in range(FACILITATORS)]
            assert [one.result() for one in begun] == [7] * FACILITATORS
            log = require_whole(run)
            assert {line.decision.employee_id for line in log} == {
                f"E{n + 1}" for n in range(2 * FACILITATORS)
            }
            assert len(log) == 2 * FACILITATORS
            assert [path.name for path in tmp_path.iterdir()] == [run.name]
            assert not [path for path in run.iterdir() if path.name.startswith(".")]
            shutil.rmtree(run)


def test_whoever_is_killed_while_applying_leaves_all_or_nothing(fresh_run, tmp_path):
    spawn, dice = get_context("spawn"), random.Random(15)
    workbook, long = fresh_run.parent / "d0.xlsx", 0.5
    outcomes = set()
    for kill in range(KILLS):
        run = Path(shutil.copytree(fresh_run, tmp_path / f"run-{kill}"))
        apply(run, fresh_run.parent / "d1.xlsx")
        here, there = spawn.Pipe()
        process = spawn.Process(target=apply_when_told, args=(run, workbook, there))
        process.start()
        assert here.recv() == "ready"
        begun = time.monotonic()
        here.send("go")
        said = here.poll(dice.uniform(0, 1.2) * long) and here.recv()
        if said:
            long = time.monotonic() - begun
        process.kill()
        process.join()
        log = require_whole(run)
        assert len(log) in ((4,) if said else (2, 4))
        apply(run, workbook)
        assert len(require_whole(run)) == 4
        assert not [path for path in run.iterdir() if path.name.startswith(".")]
        outcomes.add(len(log))
        shutil.rmtree(run)
    assert outcomes


def test_who_comes_while_somebody_writes_a_run_is_told(fresh_run, tmp_path, caplog):
    run = Path(shutil.copytree(fresh_run, tmp_path / "run"))
    with locked(run):
        with pytest.raises(InputError, match="is being written by somebody else at this moment"):
            write_run(assess(roster(PEOPLE), pack(), DAY), run)
        with pytest.raises(InputError, match=r"in use by somebody else for 0 seconds"), locked(run, 0.1):
            pass
    assert f"{run} is being written by somebody else; waiting for it" in caplog.messages
    if sys.platform != "win32":  # links need rights there
        (tmp_path / "link").symlink_to(run)
        with locked(tmp_path / "link"), pytest.raises(InputError, match="in use"), locked(run, 0.1):
            pass
    assert read_run(run).fingerprint == json.loads((run / "run.json").read_text())["fingerprint"]
