"""More exports as people have them: read as written, or asked about, and never something else."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from openpyxl import Workbook
from openpyxl.styles import PatternFill

from engine import vocabulary_of
from inputs import UNITS_PER_POINT, InputError, Roster, load_roster
from inputs.files.fills import color_name
from inputs.words.lexicon import load_lexicon
from rules import load_pack

DAY = date(2026, 6, 30)
WORDS = vocabulary_of(load_pack("product_management"))
Row = Sequence[object]


def written(path: Path, *rows: Row) -> Path:
    path.write_text("\n".join(";".join(map(str, row)) for row in rows) + "\n", encoding="utf-8")
    return path


def read(*paths: Path) -> Roster:
    return load_roster(paths, WORDS, DAY)


def question(*paths: Path) -> str:
    with pytest.raises(InputError) as stopped:
        load_roster(paths, WORDS, DAY)
    return str(stopped.value)


def ratings(roster: Roster, column: str) -> list[float | None]:
    return [None if units is None else units / UNITS_PER_POINT for units in roster.ratings[column].to_list()]


def test_few_ratings_in_words_under_a_word_nobody_explained_are_asked_about(tmp_path: Path) -> None:
    path = written(
        tmp_path / "words.csv",
        ["Employee ID", "Level", "Communication self", "Communication Facilitator"],
        ["E1", "Product Manager", "Needs improvement", "Exceeds expectations"],
        ["E2", "Product Manager", "Outstanding", "Meets expectations"],
        ["E3", "Senior PM", "Meets expectations", "Outstanding"],
        ["E4", "Senior PM", "Exceeds expectations", "Needs improvement"],
        ["E5", "Lead PM", "Unsatisfactory", "Unsatisfactory"],
    )
    assert "who rated under this word: 'Facilitator'" in question(path)


def coloured(path: Path, colour_of: Callable[[int, int], str]) -> Path:
    """A sheet in which the manager's cells are empty, with the colour that a row and a column have."""
    book = Workbook()
    sheet = book.active
    rated = ("Communication", "Delivering Results", "Customer Empathy")
    headers = [f"{title} ({rater})" for title in rated for rater in ("self", "manager")]
    sheet.append(["Employee ID", "Level", *headers])
    for person in range(6):
        sheet.append([f"E{person}", "Product Manager", *[3 + person % 2, None] * len(rated)])
        for place in range(len(rated)):
            cell = sheet.cell(person + 2, 4 + 2 * place)
            cell.fill = PatternFill("solid", fgColor=colour_of(person, place))
    book.save(path)
    return path


def test_colours_that_mean_ratings_are_named_with_their_counts(tmp_path: Path) -> None:
    traffic_lights = ("FFC6EFCE", "FFFFEB9C", "FFFFC7CE")
    path = coloured(tmp_path / "lights.xlsx", lambda person, place: traffic_lights[(person + place) % 3])
    text = question(path)
    assert (
        "the ratings by the manager seem to be colours of empty cells: green (6), yellow (6), red (6)" in text
    )
    assert "Write what each stands for" in text


def test_the_stripes_of_a_table_are_no_ratings(tmp_path: Path) -> None:
    path = coloured(tmp_path / "stripes.xlsx", lambda person, _: ("FFDDEBF7", "FFFCE4D6")[person % 2])
    assert read(path).ratings["communication:manager"].null_count() == 6


@pytest.mark.parametrize(
    ("rgb", "name"),
    [
        *[("FF0000", "red"), ("FFC7CE", "red"), ("FFC000", "orange"), ("FFEB9C", "yellow")],
        *[("FFFF00", "yellow"), ("00B050", "green"), ("92D050", "green"), ("5B9BD5", "blue")],
        *[("7030A0", "purple"), ("BFBFBF", "grey"), ("FFFFFF", None)],
    ],
)
def test_colours_are_called_what_people_call_them(rgb: str, name: str | None) -> None:
    assert color_name(rgb) == name


IN_CHINESE_AND_JAPANESE = {
    "沟通自评": "communication:self",
    "自评沟通": "communication:self",
    "沟通上级评价": "communication:manager",
    "沟通上司评价": "communication:manager",
    "沟通能力（自评）": "communication:self",
    "コミュニケーション自己評価": "communication:self",
    "上司評価コミュニケーション": "communication:manager",
    "コミュニケーション上司コメント": "comment:communication:manager",
    "Communication自己評価": "communication:self",
    "沟通2025自评": "communication:self",
    "自己学習上司評価": "learning:manager",
    "自己学習": "rater_unknown:learning",
    "上司氏名": "manager_name",
    "評価日": "review_date",
}


def test_chinese_and_japanese_headers_need_no_space_between_competency_and_rater() -> None:
    known = {"communication": ("沟通", "沟通能力", "コミュニケーション"), "learning": ("自己学習",)}
    terms = [replace(one, aliases=known.get(one.id, ())) for one in WORDS.competencies]
    lexicon = load_lexicon(replace(WORDS, competencies=tuple(terms)))
    for header, name in IN_CHINESE_AND_JAPANESE.items():
        meaning = lexicon.meaning(header)
        assert meaning is not None, header
        assert meaning.role is not None, header
        assert meaning.role.name == name, header
