"""What the titles of competencies hold beside names: marks, numbers, and one name in several areas."""

import re
from dataclasses import replace

from rules.ladders.headings import means
from rules.ladders.ladder import LadderCompetency
from rules.ladders.level_names import is_version_or_language
from rules.ladders.matrix import Matrix
from rules.pack import IMPORTANCES, Importance
from rules.spelling import name_key


def take_marks(matrix: Matrix) -> None:
    """Marks behind the names of competencies, as in `Coding*`: importance where a line says so, such as
    `* = core`, and otherwise in no rule, which is told."""
    marked = {key: one for key, one in matrix.competencies.items() if _MARK.search(one.title)}
    if not marked:
        return
    known = any(one.importance for one in matrix.competencies.values())
    said = [word for line in matrix.table.lines_around for word in _MEANING.findall(" ".join(line))]
    meant = next((one for one in IMPORTANCES if any(means(one, word) for word in said)), None)
    others: Importance = "supporting" if meant == "core" else "core"
    for key, one in matrix.competencies.items():
        importance = one.importance if known or not meant else meant if key in marked else others
        bare = _MARK.sub("", one.title)
        matrix.competencies[key] = replace(one, title=bare, importance=importance)
    if known or not meant:
        first = next(iter(marked.values()))
        matrix.undecided.append(
            f"Competencies are read without their marks, such as {first.title} ({first.cell}): what it says "
            "is in no rule."
        )


_MARK = re.compile(r"(?<=[^\W_])\s*(?:[*†‡]+|[¹²³]|\(\*+\))$")
_MEANING = re.compile(r"(?<![\w*])[*†‡]+\s*(?:[=:–-]|means\b|is\b)?\s*([^\W\d]+)")


def take_importance(matrix: Matrix) -> None:
    """`Speaking (optional)` and `Speaking - optional` are supporting, where nothing else says what is."""
    if any(one.importance for one in matrix.competencies.values()):
        return
    for key, one in matrix.competencies.items():
        said = _BEHIND.fullmatch(one.title)
        word = said[2] or said[3] if said else ""
        meant = next((what for what in IMPORTANCES if means(what, word)), None)
        if said and meant and len(word) > 1:
            matrix.competencies[key] = replace(one, title=said[1], importance=meant, aliases=(one.title,))
            matrix.notes.append(f"“{one.title}” ({one.cell}) is read as {meant}.")


def require_one_of_each(matrix: Matrix) -> None:
    """That a competency is there in two languages or versions, as `Coding (EN)` and `Coding (DE)` are."""
    first: dict[str, LadderCompetency] = {}
    for one in matrix.competencies.values():
        said = _BEHIND.fullmatch(one.title)
        if not said or not is_version_or_language(said[2] or said[3]):
            continue
        also = first.setdefault(name_key(said[1]), one)
        if also is not one and also.category == one.category:
            matrix.problems.append(
                f"{matrix.table.grid.place_of(one.cell)}: “{one.title}” and “{also.title}” ({also.cell}) are "
                "one competency in two languages or versions; leave one of them, or if they are two, say so "
                "in their names, as in German writing"
            )


_BEHIND = re.compile(r"(\S.*?)(?:\s*[(\[]([^()\[\]]+)[)\]]|\s+[-–—]\s+(\S.*))")


def name_apart(matrix: Matrix) -> None:
    """Competencies of one name in several areas are called after these too: `Leadership: Communication`."""
    alike: dict[str, dict[str, LadderCompetency]] = {}
    for key, one in matrix.competencies.items():
        alike.setdefault(name_key(one.title), {})[key] = one
    for several in (some for some in alike.values() if len(some) > 1):
        title = next(iter(several.values())).title
        matrix.problems += [
            f"{one.cell}: “{title}” is in several areas, but here in none; name the area in its row"
            for one in several.values()
            if one.category is None
        ]
        for key, one in several.items():
            aliases = (*one.aliases, f"{one.title} ({one.category})")
            several[key] = replace(one, title=f"{one.category}: {one.title}", aliases=aliases)
        matrix.competencies |= several
        names = " and ".join(f"“{one.title}” ({one.cell})" for one in several.values())
        matrix.notes.append(
            f"“{title}” stands in several areas and is read as {names}. Ratings need columns of these names: "
            f"one that is called “{title}” alone could be either."
        )


def without_numbers(matrix: Matrix) -> None:
    """Competencies that are all numbered, as in `1. Coding`, are called without the number too."""
    bare = {key: _NUMBERED.sub(r"\1", one.title) for key, one in matrix.competencies.items()}
    numbered = all(bare[key] != one.title for key, one in matrix.competencies.items())
    if not numbered or not 1 < len(bare) == len({*map(name_key, bare.values())}):
        return
    for key, one in matrix.competencies.items():
        matrix.competencies[key] = replace(one, title=bare[key], aliases=(*one.aliases, one.title))


_NUMBERED = re.compile(r"^(?:[A-Za-z]{0,2}\d+(?:\.\d+)*[.):]?|[A-Za-z][.)])\s+(?:[-–]\s+)?(\S.*)$")
