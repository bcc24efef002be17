"""The transcripts of `docs/inspect.md` are what `readiness inspect` says about these files today.

`python -m tests.test_inputs_transcripts` writes them anew.
"""

import re
import tempfile
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from openpyxl import Workbook

from inputs import Term
from inputs.inspection import inspect_files
from inputs.transcript import inspection_lines
from tests.inputs_vocabulary import DAY, VOCABULARY
from tests.made_files import write_workbook

PAGE = Path(__file__).parent.parent / "docs" / "inspect.md"

TWO_LINES = [
    ["Talent review H1 2026", None, None, None, None, None, None, None, None],
    [],
    [
        "Personalnummer",
        "Name",
        "Stufe",
        "Vorgesetzter",
        "Eintrittsdatum",
        "Communication",
        None,
        "Delegation",
        None,
    ],
    [None, None, None, None, None, "Selbst", "Vorgesetzter", "Selbst", "Vorgesetzter"],
    ["00417", "Jana Brandt", "Senior PM", "Uta Weiß", date(2019, 4, 1), 4, 3.5, 3, 3],
    ["00423", "Emil Kurz", "Product Manager", "Uta Weiß", date(2022, 9, 15), 4.5, 4, "k.A.", 3.5],
    ["00431", "Lea Sommer", "Produktmanagerin II", "Uta Weiß", date(2021, 1, 11), 3, 3, 4, 4],
    ["Durchschnitt", None, None, None, None, 3.8, 3.5, 3.5, 3.5],
]
TEN_POINTS = (
    "Employee Number;Worker;Business Title;Job Level;Manager;Comunication (self);Communication (manager);"
    "Delegation (self);Delegation (manager);Delegation (peer);Cost Center\n"
    "1041;Ines Moreau;Wizard of Growth;Senior PM;1007;8;4;9;3;5;4410\n"
    "1042;Tom Okoye;Product Person;Product Manager;1007;7;3,5;10;4;4;4410\n"
    "1007;Rae Lund;Head of Product;Director of Product;;9;5;8;4,5;3;4400\n"
)
LONG = (
    "Employee ID,Employee,Level,Competency,Rater,Rating,Submitted,Comments\n"
    "E21,Noor Haddad,Senior PM,Communication,Self,4,2026-05-04,Ran the launch review\n"
    "E21,Noor Haddad,Senior PM,Communication,Manager,3.5,2026-05-11,Clear in writing\n"
    "E21,Noor Haddad,Senior PM,Communication,Manager,3,2025-05-12,\n"
    "E21,Noor Haddad,Senior PM,Communication,Peer,5,2026-05-06,\n"
    "E21,Noor Haddad,Senior PM,Juggling,Manager,4,2026-05-11,\n"
    "E22,Piet Vos,Product Manager,Delegation,Manager,2,2026-05-11,Keeps too much himself\n"
    "E22,Piet Vos,Product Manager,Delegation,Manager,4,2026-05-11,\n"
)


def write_files(folder: Path) -> dict[str, Path]:
    def merge(book: Workbook) -> None:
        for place in ("F3:G3", "H3:I3"):
            book["Ratings"].merge_cells(place)

    sheets = {"Ratings": TWO_LINES, "Notes": [["Please return by Friday."]]}
    files = {"two_lines.xlsx": write_workbook(folder / "two_lines.xlsx", sheets, merge)}
    for name, text in (("ten_points.csv", TEN_POINTS), ("long.csv", LONG)):
        files[name] = folder / name
        files[name].write_text(text, encoding="utf-8")
    return files


def transcript(path: Path) -> str:
    vocabulary = replace(VOCABULARY, specialisations=(Term("technical", "Technical PM"),))
    lines = inspection_lines(inspect_files([path], vocabulary, DAY))
    return "\n".join([f"$ readiness inspect {path.name}", *lines])


@pytest.mark.parametrize("name", ["two_lines.xlsx", "ten_points.csv", "long.csv"])
def test_a_transcript_of_the_documentation_is_what_inspect_says(name: str, tmp_path: Path) -> None:
    assert transcript(write_files(tmp_path)[name]) in PAGE.read_text(encoding="utf-8")


if __name__ == "__main__":
    page = PAGE.read_text(encoding="utf-8")
    with tempfile.TemporaryDirectory() as scratch:
        for name, path in write_files(Path(scratch)).items():
            block = re.compile(rf"```text\n\$ readiness inspect {re.escape(name)}\n.*?```", re.DOTALL)
            page = block.sub(lambda _, path=path: f"```text\n{transcript(path)}\n```", page)
    PAGE.write_text(page, encoding="utf-8")
