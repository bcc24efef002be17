from datetime import date

import pytest

from engine import vocabulary_of
from inputs.loading import load_roster
from tests.small import pack

DAY = date(2026, 6, 30)


@pytest.fixture
def unused(tmp_path):
    def load(*texts):
        paths = [tmp_path / f"{number}.csv" for number in range(len(texts))]
        for path, text in zip(paths, texts, strict=True):
            path.write_text(text)
        frame = load_roster(paths, vocabulary_of(pack()), DAY).unused
        return {row.pop("employee_id"): row for row in frame.drop("row").iter_rows(named=True)}

    return load


def test_columns_that_are_taken_for_nothing_stay_beside_everybody_assessable_or_not(unused):
    assert unused(
        "Employee ID,Level,Office,Drive (self),Drive (manager),Office\n"
        "1,Junior,Oslo,3,4,x\n"
        "2,Junior,,3,4,y\n"
        "3,Wizard,Rome,3,4,z\n"
    ) == {
        "1": {"Office": "Oslo", "Office (F)": "x"},
        "2": {"Office": None, "Office (F)": "y"},
        "3": {"Office": "Rome", "Office (F)": "z"},
    }


def test_of_several_rows_about_a_person_a_column_is_kept_when_they_do_not_differ(unused):
    assert unused(
        "Employee ID,Level,Office,Competency,Rater,Rating,Round\n"
        "1,Junior,Oslo,Drive,self,3,a\n"
        "1,Junior,,Drive,manager,3,b\n"
        "2,Junior,Rome,Drive,manager,3,a\n"
    ) == {"1": {"Office": "Oslo"}, "2": {"Office": "Rome"}}


def test_columns_of_a_second_table_are_found_by_the_same_key(unused):
    assert unused(
        "Employee ID,Level,Office\n1,Junior,Oslo\n2,Junior,Rome\n",
        "Employee ID,Round,Drive (self),Drive (manager)\n2,b,3,4\n1,a,3,4\n",
    ) == {"1": {"Office": "Oslo", "Round": "a"}, "2": {"Office": "Rome", "Round": "b"}}
