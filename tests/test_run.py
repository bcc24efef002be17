import json
from dataclasses import replace
from pathlib import Path

import jsonschema
import polars as pl
import pytest

from engine import assess, explain
from inputs import Cell, InputError, Issue, Severity
from reports.run import read_run
from reports.run.data import FLAT_COLUMNS, issues_frame, recommendations_schema, write_csv
from reports.run.manifest import write_manifest
from reports.run.replacing import replaced_folder
from reports.run.writing import fingerprint_of
from reports.writing import Stopwatch, write_run
from tests.folders import results
from tests.small import DAY, pack, roster

PEOPLE = (
    {"drive:manager": 5, "drive:self": 4, "employee_name": "=HYPERLINK(1)", "department": "Core"},
    {"drive:manager": 3.5, "care:manager": 2, "manager_name": "Ada", "department": "Growth"},
    {"drive:manager": None},
)


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    folder = tmp_path_factory.mktemp("run") / "results"
    write_run(assess(roster(PEOPLE), pack(), DAY), folder)
    return folder


def test_a_run_holds_the_files_that_are_promised(run):
    names = {path.name for path in run.iterdir()}
    assert {
        "calibration.xlsx",
        "report.html",
        "recommendations.csv",
        "recommendations.parquet",
        "recommendations.json",
        "evidence.parquet",
        "issues.csv",
        "run.json",
        "timings.json",
    } <= names


def test_the_same_input_pack_and_day_give_the_same_bytes(run, tmp_path):
    write_run(assess(roster(PEOPLE), pack(), DAY), tmp_path / "again")
    assert results(tmp_path / "again") == results(run)


def test_run_json_tells_what_went_in_and_what_came_out(run):
    about = json.loads((run / "run.json").read_text())
    assert about["counts"]["people_in_file"] == 3
    assert about["counts"]["people_recommended"] + about["counts"]["people_not_assessable"] == 3
    assert about["counts"]["by_recommendation"] == {
        "ready_now": 1,
        "ready_soon": 1,
        "developing": 0,
        "insufficient_evidence": 1,
    }
    assert about["inputs"][0]["sha256"] == "1" * 64
    assert about["pack"]["sha256"] == "0" * 64
    assert "timings" not in about


def test_the_fingerprint_changes_with_input_pack_and_day():
    people, rules = roster(PEOPLE), pack()
    source = replace(people.sources[0], sha256="2" * 64)
    prints = {
        fingerprint_of(people.sources, rules, DAY),
        fingerprint_of((source,), rules, DAY),
        fingerprint_of(people.sources, rules.model_copy(update={"sha256": "3" * 64}), DAY),
        fingerprint_of(people.sources, rules, DAY.replace(day=29)),
    }
    assert len(prints) == 4


def test_the_flat_files_hold_the_promised_columns(run):
    assert pl.read_parquet(run / "recommendations.parquet").schema == FLAT_COLUMNS
    assert pl.read_csv(run / "recommendations.csv").columns == list(FLAT_COLUMNS)


def test_text_from_the_input_never_becomes_a_formula_in_a_csv_file(run):
    names = pl.read_csv(run / "recommendations.csv")["employee_name"].to_list()
    assert names[0] == "'=HYPERLINK(1)"
    assert pl.read_parquet(run / "recommendations.parquet")["employee_name"][0] == "=HYPERLINK(1)"


@pytest.mark.parametrize(
    "start", ["=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20"]
)
def test_every_start_of_a_formula_is_made_harmless(tmp_path, start):
    issue = Issue("k", Severity.NOTE, start + "1", "r")
    write_csv(issues_frame([issue]), tmp_path / "issues.csv")
    assert pl.read_csv(tmp_path / "issues.csv")["problem"].to_list() == ["'" + start + "1"]


def test_explanations_are_made_from_the_folder_as_from_the_file(run):
    read = read_run(run).explanations
    assert [one.recommendation for one in read] == ["ready_now", "ready_soon", "insufficient_evidence"]
    assert read[0].evidence[0].ratings[0].manager_cell == Cell("Ratings", 2, "G")
    assert read == explain(assess(roster(PEOPLE), pack(), DAY))


@pytest.mark.parametrize("employee_id", ["E1", "E3", "nobody"])
def test_one_person_is_explained_as_among_everybody(run, employee_id):
    everybody = read_run(run).explanations
    alone = read_run(run).only({employee_id})
    assert tuple(alone) == tuple(one for one in everybody if one.employee_id == employee_id)


def test_a_folder_that_is_no_run_is_refused_with_what_to_give(tmp_path):
    with pytest.raises(InputError, match=r"has no context\.json; give the folder that"):
        read_run(tmp_path)


def _written(tmp_path, people):
    write_run(assess(roster(people), pack(), DAY), tmp_path)
    return tmp_path


@pytest.mark.parametrize("name", ["context.json", "columns/ratings.parquet", "columns/searched.parquet"])
def test_a_run_of_which_somebody_changed_a_part_is_refused_by_its_name(tmp_path, name):
    one = _written(tmp_path / "one", PEOPLE)
    other = _written(tmp_path / "other", PEOPLE[1:])
    (one / name).write_bytes((other / name).read_bytes())
    with pytest.raises(InputError, match=f"is not as it was written: {name} changed since"):
        read_run(one)


def test_a_run_whose_columns_are_gone_is_refused(tmp_path):
    one = _written(tmp_path / "one", PEOPLE)
    (one / "columns" / "people.parquet").unlink()
    with pytest.raises(InputError, match=r"columns/people\.parquet changed since, or gone"):
        read_run(one)


def test_a_run_whose_rules_say_what_this_version_does_not_know_is_refused(tmp_path):
    known = pack()
    rule = known.rules[0].model_copy(update={"reason": "{years_counted} at this level"})
    earlier = known.model_copy(update={"rules": (rule, *known.rules[1:])})
    write_run(assess(roster(PEOPLE[:0]), earlier, DAY), tmp_path / "results")
    with pytest.raises(InputError, match=r"by another version of this program.*years_counted.*assess` again"):
        read_run(tmp_path / "results")


def test_a_run_of_another_format_is_refused(tmp_path):
    folder = _written(tmp_path / "results", PEOPLE[:1])
    context = folder / "context.json"
    context.write_text(context.read_text().replace("/context/2", "/context/1"))
    write_manifest(folder, "run")
    with pytest.raises(InputError, match=r"context of a run of this version.*assess` again"):
        read_run(folder)


def test_a_folder_with_other_files_is_never_replaced(tmp_path):
    (tmp_path / "thesis.txt").write_text("years of work")
    with pytest.raises(InputError, match="holds files that are not of a run"):
        write_run(assess(roster(PEOPLE), pack(), DAY), tmp_path)
    assert (tmp_path / "thesis.txt").read_text() == "years of work"


def test_a_file_in_the_place_of_the_folder_is_refused(tmp_path):
    (tmp_path / "results").write_text("text")
    with pytest.raises(InputError, match="is a file; give a folder"):
        write_run(assess(roster(PEOPLE), pack(), DAY), tmp_path / "results")


def test_a_failure_leaves_the_old_run_and_nothing_else(tmp_path):
    target = tmp_path / "results"
    with replaced_folder(target, "run") as folder:
        (folder / "run.json").write_text("old")

    def fail_halfway():
        with replaced_folder(target, "run") as folder:
            (folder / "run.json").write_text("new")
            raise RuntimeError("disk full")

    with pytest.raises(RuntimeError):
        fail_halfway()
    assert (target / "run.json").read_text() == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["results"]


def test_a_new_run_takes_the_place_of_the_old_one(tmp_path):
    target = tmp_path / "results"
    for rating in (5, 1):
        write_run(assess(roster([{"drive:manager": rating}]), pack(), DAY), target)
    assert [one.recommendation for one in read_run(target).explanations] == ["developing"]
    assert [path.name for path in tmp_path.iterdir()] == ["results"]


def test_stages_are_told_as_they_begin():
    told = []
    watch = Stopwatch(told.append)
    with watch.stage("assessing"):
        assert told == ["assessing"]
    assert list(watch.seconds) == ["assessing"]


SCHEMA = Path(__file__).parents[1] / "docs" / "recommendations.schema.json"


def test_the_published_schema_is_that_of_the_program():
    assert json.loads(SCHEMA.read_text(encoding="utf-8")) == recommendations_schema()


def test_recommendations_json_keeps_the_published_schema(run):
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    written = json.loads((run / "recommendations.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(written, schema)
    written["recommendations"][0]["confidence"] = 3
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(written, schema)


def test_what_the_pack_says_is_written_once(run):
    text = (run / "recommendations.json").read_text(encoding="utf-8")
    assert text.count("When did you see it?") == 2  # once for each of the two signals
    written = json.loads(text)
    assert written["texts"]["signals"]["up/drive"]["ask"] == "When did you see it?"
    assert all("ask" not in one for row in written["recommendations"] for one in row["evidence"])
