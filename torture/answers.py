"""Exports at random with words that nobody has explained, and whatever is asked about them answered: as it is
true where this is known, else by any of the answers on offer. Each answer settles its question, none on offer
is refused, and the mapping of all answers reads the file as the answers did.
"""

import random
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from inputs.answering import Given, Question, answers_text, understand, with_answer
from inputs.files import Sheet
from inputs.loading import load_roster, read_files
from inputs.mapping import FileMapping, read_mapping
from inputs.roster import Roster
from torture.exports import DAY, SCALES, VOCABULARY, Band, Cell, Export, differences, random_export, write

MOST_ASKED = 30
"""Questions that any file may lead to."""
FEWEST_PEOPLE, FEWEST_RATINGS = 5, 30
"""From so many on, docs/inputs.md says, a scale is asked about of which nobody reaches the top."""
UNHEARD = ("Chair", "R1", "Guide", "Sponsor", "Circle")
"""Words for raters that no list has."""


def answers(folder: Path) -> Callable[[random.Random], Roster]:
    """Reads the export of these dice with answers. Raises AssertionError where they fail to settle it."""
    folder.mkdir()

    def read(dice: random.Random) -> Roster:
        export = random_export(dice)
        unheard = _obscured(export)
        paths = write(export, folder)
        somebody = _Somebody(export, unheard, read_files(paths))
        mapping = somebody.answers()
        (folder / "mapping.yaml").write_text(answers_text(mapping), encoding="utf-8")
        roster = load_roster(paths, VOCABULARY, DAY, read_mapping(folder / "mapping.yaml"))
        if somebody.truthful and (wrong := list(differences(export, roster))):
            said = f"{export.shape}, {export.scale}, {somebody.given}"
            raise AssertionError(f"{said}: {'; '.join(wrong)}; {export.options}")
        return roster

    return read


def _obscured(export: Export) -> dict[str, str]:
    """Write some words of an export as nobody knows them, and leave out what explains its scale: each such
    word, and what it stands for."""
    dice, known = export.dice, dict[str, str]()
    for one in export.raters:
        if dice.random() < 0.3:
            known[dice.choice([word for word in UNHEARD if word not in known])] = export.say[one]
    for name in export.competencies.values():
        if dice.random() < 0.2:
            place = dice.randrange(1, len(name) - 1)
            known[name[:place] + name[place + 1 :]] = name
    levels = {f"{name} x": name for name in export.levels.values() if dice.random() < 0.1}
    legend = SCALES[export.scale].legend if export.scale in ("four", "seven", "hundred") else ""
    legend = "" if export.scale == "four" and _hardly_any(export) else legend
    explained = {legend: " "} if legend and dice.random() < 0.5 else {}
    whole = {name: word for word, name in levels.items()} | explained
    parts = {name: word for word, name in known.items()}

    def obscured(cell: Cell) -> Cell:
        if isinstance(cell, Band):
            return Band(_with_parts(cell.text, parts), cell.width)
        return whole.get(cell) or _with_parts(cell, parts) if isinstance(cell, str) else cell

    for page in export.pages:
        page.rows = [[obscured(cell) for cell in row] for row in page.rows]
    return known | levels


def _hardly_any(export: Export) -> bool:
    """Whether people or ratings are too few to be asked about a scale of which nobody reaches the top."""
    rated = [one for one in export.ratings.values() if one.now and one.rater in ("self", "boss")]
    numbers = sum(one.number is not None for one in rated)
    return len(export.people) < FEWEST_PEOPLE or numbers < FEWEST_RATINGS


def _with_parts(text: str, new: Mapping[str, str]) -> str:
    for word, other in new.items():
        text = text.replace(word, other)
    return text


class _Somebody:
    """Who answers what is asked about one export."""

    def __init__(self, export: Export, unheard: Mapping[str, str], sheets: Sequence[Sheet]) -> None:
        self.export, self.unheard, self.sheets = export, unheard, sheets
        self.truthful = True
        self.given: list[Given] = []

    def answers(self) -> FileMapping:
        """The mapping when nothing that can be answered has to be any more."""
        mapping, asked = FileMapping(), set[str]()
        while True:
            found = understand(self.sheets, VOCABULARY, DAY, mapping, counting=False)
            questions = [one for one in found.questions if one.kind == "levels" or one.needed]
            answers = {
                f"{one.title} {one.text}": (one, given) for one in questions if (given := self._answer(one))
            }
            if not answers:
                return mapping
            text, (question, given) = self.export.dice.choice([*answers.items()])
            if text in asked or len(asked) > MOST_ASKED:
                raise AssertionError(f"asked again after {self.given}: {text}")
            asked.add(text)
            self.given.append(given)
            mapping = with_answer(mapping, question.kind, given)

    def _answer(self, question: Question) -> Given | None:
        """What is true, where that is known; else one of the answers on offer. None where there is none, or
        where a column could be anything."""
        true = self._true(question)
        self.truthful &= true is not None
        if true or not question.choices:
            return true
        return self.export.dice.choice(question.choices).given

    def _true(self, question: Question) -> Given | None:
        export, own = self.export, SCALES[self.export.scale]
        one_scale = export.scale != "headers" and "by rater" not in export.options
        if question.kind == "rater":
            (word,) = question.choices[0].given
            known = self.unheard.get(word, word)
            who = [rater for rater in export.raters if export.say[rater] == known]
            return {word: {"self": "self", "boss": "manager"}.get(who[0], "other")} if who else None
        if question.kind in ("competencies", "levels"):
            named = export.competencies if question.kind == "competencies" else export.levels
            ids = {name: one for one, name in named.items()}
            known = [ids.get(self.unheard.get(one.name, "")) for one in question.blanks]
            true = {blank.name: one for blank, one in zip(question.blanks, known, strict=True) if one}
            return true if len(true) == len(known) else None
        if question.kind == "scale" and one_scale:
            ends = {"worst": f"{own.lowest}", "best": f"{own.highest}"}
            return {"whose": question.id.partition(":")[2], **ends}
        return None
