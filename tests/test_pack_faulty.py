"""Everything that is wrong with a pack is told at once: values that do not fit, names that do not resolve."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest
import yaml

from rules import PackError, load_pack
from tests.broken import BASE, break_file, problems_of

FILES = sorted(str(file.relative_to(BASE)) for file in BASE.rglob("*.yaml"))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of a small, sound pack, to be broken."""
    return Path(shutil.copytree(BASE, tmp_path / "bakery"))


def test_values_and_references_are_told_in_one_list_by_file_and_line(folder: Path) -> None:
    break_file(folder, "ladder.yaml", "section: Ladder", "section: Ladders")
    break_file(folder, "pack.yaml", "near_margin: 0.5", "near_margin: .5")
    break_file(folder, "rules.yaml", "core_gap >= 1", "core_gaps >= 1")
    break_file(folder, "rules.yaml", "    next_step: Bake more bread.\n", "")
    break_file(folder, "promotions/apprentice_to_journeyman.yaml", "importance: core", "importance: vital")
    break_file(folder, "promotions/journeyman_to_master.yaml", "teaching: 2", "teeching: 2")
    told = [
        ("ladder.yaml", 7, "`Ladders` is not a section of the source `handbook`"),
        ("pack.yaml", 8, "`.5` is not a plain number"),
        ("promotions/apprentice_to_journeyman.yaml", 11, "`vital` is not allowed"),
        ("promotions/journeyman_to_master.yaml", 11, "did you mean `teaching`?"),
        ("rules.yaml", 10, "there is no fact `core_gaps`"),
        ("rules.yaml", 28, "needs a `next_step`"),
    ]
    problems = problems_of(folder)
    assert len(problems) == len(told), problems
    for problem, (file, line, words) in zip(problems, told, strict=True):
        assert problem.startswith(f"{folder / file}:{line}: "), problem
        assert words in problem


@pytest.mark.parametrize("file", FILES)
def test_a_file_that_cannot_be_read_brings_up_no_problem_in_files_that_refer_to_it(
    folder: Path, file: str
) -> None:
    (folder / file).write_text("- [")
    assert [problem.startswith(f"{folder / file}:") for problem in problems_of(folder)] == [True]


@pytest.mark.parametrize("file", [file for file in FILES if "/" not in file])
def test_a_missing_file_is_told_once_and_what_is_wrong_elsewhere_beside_it(folder: Path, file: str) -> None:
    (folder / file).unlink()
    if file == "pack.yaml":
        with pytest.raises(PackError, match=r"has no file pack\.yaml"):
            load_pack(folder)
        return
    break_file(folder, "pack.yaml", "  low: {", "  # {")
    problems = problems_of(folder)
    assert len(problems) == len(("missing file", "missing word")), problems
    assert "the file is missing" in "".join(problems)
    assert "confidences: words are missing for low" in "".join(problems)


def test_a_file_whose_list_is_no_list_is_told_and_nothing_else(folder: Path) -> None:
    (folder / "ladder.yaml").write_text("levels: 5")
    (problem,) = problems_of(folder)
    assert "levels: `5` is not a list; begin each entry on a line of its own" in problem


def test_a_value_that_does_not_fit_brings_up_no_problem_that_is_none(folder: Path) -> None:
    """Whatever single value is spoilt or taken out, nothing is said of references, for they are in order."""
    dice = Random(11)
    plain = {file: yaml.safe_load((folder / file).read_text()) for file in FILES}
    refused = 0
    for _ in range(70):
        file = dice.choice(FILES)
        path = dice.choice(list(_paths(plain[file])))
        spoilt = _spoilt(plain[file], path, dice.choice([None, "Bad Value", 5, [], {}, True]))
        (folder / file).write_text(yaml.safe_dump(spoilt, sort_keys=False))
        try:
            load_pack(folder)
        except PackError as error:
            problems = [str(problem) for problem in error.args]
            values = [problem for problem in problems if not any(w in problem for w in REFERENCES)]
            if values:
                refused += 1
                assert problems == values, (file, path)
        (folder / file).write_text(yaml.safe_dump(plain[file], sort_keys=False))
    assert refused >= 30


REFERENCES = (" of this pack", " is not a section of", "there is no ", "is also at", "words are missing")
Path_ = tuple[str | int, ...]


def _paths(value: object, path: Path_ = ()) -> Iterator[Path_]:
    if path:
        yield path
    entries = (
        value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    )
    for key, inner in entries:
        yield from _paths(inner, (*path, key))


def _spoilt(value: object, path: Path_, by: object) -> object:
    """A copy with the value at a path replaced, or taken out where `by` is None."""
    if not path:
        return by
    assert isinstance(value, dict | list)
    entries = dict(value) if isinstance(value, dict) else dict(enumerate(value))
    if by is None and len(path) == 1:
        del entries[path[0]]
    else:
        entries[path[0]] = _spoilt(entries[path[0]], path[1:], by)
    return entries if isinstance(value, dict) else list(entries.values())
