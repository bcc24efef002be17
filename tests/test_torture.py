"""What `make torture` does for hours, for a second of each: it runs, and nothing fails."""

import random
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest

from inputs import InputError
from inputs.loading import load_roster
from rules import PackError
from rules.ladders import Answers, Grid, OpenQuestionError, ladder_from_matrix
from tests.command_line import call
from torture.answers import answers
from torture.children import Ended
from torture.exports import VOCABULARY as EXPORTED
from torture.exports import differences as misread
from torture.exports import exports, random_export, write
from torture.forms import DAY, LEVELS, NAMES, VOCABULARY, Form, forms, what_is_wrong
from torture.fuzzed import KINDS
from torture.fuzzing import soon
from torture.hostile import TEXTS
from torture.injection import Looking
from torture.matrices import differences, matrices, random_matrix, written
from torture.tallies import Tally

HOUSE = Path(__file__).parents[1]
INPUTS = {"conditions": 300, "mappings": 8, "packs": 6, "edited workbooks": 20, "parts of workbooks": 40}
"""How many inputs of a kind are tried here: a second's worth."""


@pytest.mark.parametrize("kind", INPUTS)
def test_a_changed_input_ends_in_a_sentence_or_a_result(kind, tmp_path):
    read = KINDS[kind](tmp_path / kind.replace(" ", "-"))
    for number in range(INPUTS[kind]):
        with suppress(InputError, PackError), soon():
            read(random.Random(f"ci {kind} {number}"))


def test_of_forms_at_random_no_row_is_lost_and_no_rating_misplaced(tmp_path):
    read = forms(tmp_path / "forms")
    for number in range(20):
        with suppress(InputError):
            read(random.Random(f"ci forms {number}"))


def test_the_search_over_forms_finds_what_is_lost_and_what_is_misplaced(tmp_path):
    form = Form(random.Random(1), "columns")
    for at, name in enumerate(NAMES):
        form.add({"Employee ID": f"E{at}", "Name": name, "Level": LEVELS[1]}, ("self", "manager"))
    roster = load_roster([form.write(tmp_path / "form.csv")], VOCABULARY, DAY)
    assert list(what_is_wrong(form, roster)) == []
    column = "communication:self"
    lost = replace(roster, ratings=roster.ratings.drop(column), issues=())
    assert any("nothing is said" in one for one in what_is_wrong(form, lost))
    misplaced = replace(roster, ratings=roster.ratings.select(pl.col(column).alias("communication:manager")))
    assert any(" is " in one for one in what_is_wrong(form, misplaced))


def test_of_exports_at_random_no_rating_is_misread_or_lost_in_silence(tmp_path):
    read = exports(tmp_path / "exports")
    for number in range(30):
        with suppress(InputError):
            read(random.Random(f"ci exports {number}"))


def test_the_search_over_exports_finds_what_is_misread_and_what_is_lost(tmp_path):
    export = random_export(random.Random("ci exports 1"))
    roster = load_roster(write(export, tmp_path), EXPORTED, DAY)
    assert list(misread(export, roster)) == []
    first, *_, last = roster.ratings.columns
    lost = replace(roster, ratings=roster.ratings.drop(first), issues=())
    assert any("nothing is said" in one for one in misread(export, lost))
    turned = replace(roster, ratings=roster.ratings.with_columns(pl.col(first) + 1, pl.col(last)))
    assert any("is read as" in one for one in misread(export, turned))


def test_of_exports_at_random_every_question_is_settled_by_an_answer(tmp_path):
    read = answers(tmp_path / "answers")
    for number in range(12):
        with suppress(InputError):
            read(random.Random(f"ci answers {number}"))


def test_the_search_over_answers_finds_what_true_answers_do_not_settle(tmp_path, monkeypatch):
    monkeypatch.setattr("torture.answers.with_answer", lambda mapping, *_: mapping)
    read = answers(tmp_path / "answers")
    asked = [f"ci answers {number}" for number in range(12)]
    assert any("asked again" in one for one in (failure_of(read, seed) for seed in asked))


def failure_of(read, seed):
    """What is wrong with one of them; empty where nothing is."""
    try:
        read(random.Random(seed))
    except (InputError, AssertionError) as error:
        return str(error)
    return ""


def test_of_matrices_at_random_each_is_read_as_what_it_says(tmp_path):
    read = matrices(tmp_path / "matrices")
    for number in range(150):
        with suppress(OpenQuestionError):
            read(random.Random(f"ci matrices {number}"))


def test_the_search_over_matrices_finds_what_is_read_as_something_else():
    matrix = random_matrix(random.Random(1))
    ladder = ladder_from_matrix(Grid("m.xlsx", "Ladder", written(matrix)[0]), Answers())
    assert list(differences(matrix, ladder, names_scale=False)) == []
    lost = replace(ladder, required=dict(list(ladder.required.items())[1:]))
    assert any("is None, not" in one for one in differences(matrix, lost, names_scale=False))
    misread = replace(ladder, levels=ladder.levels[::-1])
    assert any("levels" in one for one in differences(matrix, misread, names_scale=False))


class Here(Looking):
    """Runs commands in this process: one that has used polars cannot be forked."""

    def _command(self, cwd, *words):
        with pytest.MonkeyPatch.context() as patch:
            patch.chdir(cwd)
            answer = call(*words)
        return Ended(answer.exit_code, answer.output, 0)


@pytest.mark.parametrize("place", ["id", "comment"])
def test_hostile_texts_do_nothing_in_any_file_of_a_run(place, tmp_path):
    tally = Tally(place)
    Here(tmp_path, page=None).field(TEXTS[::8], place, tally)
    assert not tally.failures, tally


def test_the_hostile_set_holds_every_kind_of_text():
    for part in ("=1+1", "\n=", "\uff1d", "<script>", "{{", "{%", "\u202e", "\u001b[", "\u0301\u0302", "../"):
        assert any(part in text for text in TEXTS), part
    assert max(map(len, TEXTS)) == 40_000


def test_the_page_has_a_place_for_every_job():
    from torture.__main__ import JOBS

    page = (HOUSE / "docs" / "reliability.md").read_text(encoding="utf-8")
    for job in JOBS:
        assert page.count(f"<!-- measured: {job} -->") == page.count(f"<!-- end of {job} -->") == 1


def test_a_tally_counts_failures_and_names_the_first():
    tally = Tally("kills")
    assert tally.passed(None)
    assert not tally.passed("torn")
    assert str(tally).splitlines() == ["kills: 2 times, 1 failures; ", "    torn"]
