"""The upload page with what was made for another file: a mapping or answers that do not fit."""

import html
import re
from collections.abc import Iterator

import pytest

from tests.web_server import Client, served

HEADER = "Employee ID,Name,Level,Communication (self),Communication (manager)"
ROWS = ("K1,Runa Falk,Senior PM,5,3", "K2,Timo Abel,Product Manager,3,4", "K3,Ines Duarte,Lead PM,4,2")


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    with served(tmp_path_factory.mktemp("next") / "data") as running:
        yield running.client()


def sheet(*, header: str = HEADER, rows: tuple[str, ...] = ROWS) -> bytes:
    return "\n".join((header, *rows)).encode()


def dropped(client: Client, *files: tuple[str, bytes]) -> str:
    """The address of an upload."""
    return client.upload(*files).headers["location"]


def words(client: Client, address: str) -> str:
    page = re.sub(r"(?s)<(select|head).*?</\1>", "", client.get(address).text)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())


@pytest.mark.parametrize(
    ("mapping", "problem"),
    [
        ('cycle: "2024"', "it asks for the cycle '2024'"),
        ('columns: {"Boss": "communication:manager"}', "no column is called 'Boss'"),
        (
            'tables: [{header_rows: [1], columns: {D: {header: "Boss", is: "communication:self"}}}]',
            "column D was 'Boss' and is now 'Communication (self)'",
        ),
        ('competencies: {"Talk": talking}', "the competency 'talking', which is not in the rule pack"),
        ('levels: {"Senior PM": chief}', "the level 'chief', which is not one of"),
        ('colums: {"Boss": level}', "colums: a mapping has no such part"),
        ("a: [", "this is not YAML"),
    ],
)
def test_a_mapping_that_cannot_be_used_is_named_and_the_file_read_without_it(
    client: Client, mapping: str, problem: str
) -> None:
    address = dropped(client, ("q2.csv", sheet()), ("map.yaml", mapping.encode()))
    said = words(client, address)
    assert "The mapping cannot be used for this file." in said
    assert problem in said
    assert "Or did you mean other rules?" in said
    assert "What is in these columns?" not in said
    client.post(f"{address}/without-mapping")
    assert "Assess 3 people" in words(client, address)


def test_an_answer_that_other_rules_cannot_use_is_undone_and_not_the_one_after_it(client: Client) -> None:
    header = HEADER.replace("Name", "Talk (self),Talk (manager),Name").replace("(manager)", "(Lead)")
    rows = tuple(row.replace(",", ",4,3,", 1) for row in ROWS)
    address = dropped(client, ("q1.csv", sheet(header=header, rows=rows)))
    answers = {"competencies": {"given:Talk": "product_vision"}, "rater": {"given:Lead": "manager"}}
    for kind, given in answers.items():
        assert client.post(f"{address}/answer", {"kind": kind, "title": kind, **given}).status == 303
    client.post(f"{address}/settings", {"pack": "software_engineering", "day": "2026-06-30"})
    said = words(client, address)
    assert "An answer cannot be used for this file." in said
    assert "Undo the answer: competencies" in said
    assert "Undo the answer: rater" in said
    first = re.search(r'name="step" value="(\w+)"', client.get(address).text)
    client.post(f"{address}/undo", {"step": first.group(1)})
    assert "An answer cannot be used" not in words(client, address)


@pytest.mark.parametrize("name", ["ratings.numbers", "ratings.zip", "broken.xlsx"])
def test_of_a_file_that_cannot_be_read_nobody_is_asked_about_rules(client: Client, name: str) -> None:
    said = words(client, dropped(client, (name, b"PK\x03\x04 this is no workbook")))
    assert "This file cannot be read as it is." in said
    assert "other rules" not in said


def named(highest: int) -> bytes:
    """Twelve people, rated by themselves and by a lead, whose word nobody knows, up to a highest rating."""
    given = [highest - at % min(highest, 6) for at in range(12)]
    rows = [f"K{at},N{at},Senior PM,{one},{one}" for at, one in enumerate(given)]
    return sheet(header=HEADER.replace("manager", "Squad boss"), rows=tuple(rows))


def test_the_scale_of_an_earlier_file_is_not_taken_for_ratings_of_which_it_is_not_asked(
    client: Client,
) -> None:
    first = dropped(client, ("q1.csv", named(10)))
    client.post(f"{first}/answer", {"kind": "rater", "title": "Whose?", "given:Squad boss": "manager"})
    scale = {"given:whose": "both", "given:worst": "1", "given:best": "10"}
    client.post(f"{first}/answer", {"kind": "scale", "title": "Which scale?", **scale})
    assert "Assess 12 people" in words(client, first)
    again = words(client, dropped(client, ("q2.csv", named(10))))
    assert "Whose? Squad boss: Manager" in again
    assert "Which scale?" in again
    other = words(client, dropped(client, ("q3.csv", named(5))))
    assert "Whose? Squad boss: Manager" in other
    assert "Which scale?" not in other
    assert "read as numbers from 1 (worst) to 5 (best)" in other


def test_which_row_of_a_person_counts_is_answered_with_a_click_and_asked_anew_of_the_next_file(
    client: Client,
) -> None:
    rows = (*ROWS, "K2,Timo Abel,Senior PM,4,5")
    first = dropped(client, ("q1.csv", sheet(rows=rows)))
    said = words(client, first)
    assert "Worth answering Which row of the same person counts?" in said
    assert "The last one in the file 3 people assessable" in said
    assert "row_that_counts" not in said
    assert "Assess 2 people" in said
    title = "Which row of the same person counts?"
    answer = {"kind": "rows", "title": title, "answer": "The last one in the file", "given:row": "last"}
    assert client.post(f"{first}/answer", answer).status == 303
    said = words(client, first)
    assert "Worth answering" not in said
    assert "Assess 3 people" in said
    assert "row_that_counts: last" in client.get(f"{first}/mapping.yaml").text
    again = words(client, dropped(client, ("q2.csv", sheet(rows=rows))))
    assert "Worth answering Which row of the same person counts?" in again
    assert "Assess 2 people" in again


def test_a_question_that_is_answered_again_in_another_window_has_the_later_answer_alone(
    client: Client,
) -> None:
    rows = (*ROWS, "K2,Timo Abel,Senior PM,4,5")
    first = dropped(client, ("q1.csv", sheet(rows=rows)))
    title = "Which row of the same person counts?"
    for answer, row in (("The first one in the file", "first"), ("The last one in the file", "last")):
        given = {"kind": "rows", "title": title, "answer": answer, "asked": "mark", "given:row": row}
        client.post(f"{first}/answer", given)
    said = words(client, first)
    assert "The last one in the file Undo" in said
    assert "The first one in the file" not in said
    assert "row_that_counts: last" in client.get(f"{first}/mapping.yaml").text
