"""Loading a pack: what is accepted, and every refusal with its file, line and what would be right."""

import re
import shutil
from decimal import Decimal
from pathlib import Path

import pytest

from rules import PackError, load_pack, load_with_places, pack_names
from rules.loader import SHIPPED
from tests.broken import BASE, break_file, problems_of


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of a small, sound pack, to be broken."""
    return Path(shutil.copytree(BASE, tmp_path / "bakery"))


def test_a_sound_pack_loads_with_exact_numbers() -> None:
    pack = load_pack(BASE)
    assert pack.standard.bars.supporting == Decimal("2.5")
    assert [promotion.id for promotion in pack.promotions] == [
        "apprentice_to_journeyman",
        "journeyman_to_master",
    ]
    assert pack.promotions[1].signals[0].weights == {"teaching": 2, "dough": 1}


@pytest.mark.parametrize("name", pack_names())
def test_every_shipped_pack_loads_by_its_name(name: str) -> None:
    assert load_pack(name).name == name


def test_a_pack_without_promotions_is_refused(folder: Path) -> None:
    for file in (folder / "promotions").iterdir():
        file.unlink()
    assert any("a pack needs at least one promotion" in problem for problem in problems_of(folder))


def test_the_parts_of_a_lens_do_not_all_stand_aside(folder: Path) -> None:
    file = folder / "lenses" / "bread.yaml"
    text = file.read_text(encoding="utf-8").replace(
        "    competencies: {dough: 1}", "    counts: false\n    competencies: {dough: 1}"
    )
    file.write_text(text, encoding="utf-8")
    assert any("all parts have `counts: false`" in problem for problem in problems_of(folder))


def test_the_fingerprint_changes_with_any_file(folder: Path) -> None:
    before = load_pack(folder).sha256
    break_file(folder, "competencies.yaml", "Keeps the fire.", "Keeps the fire")
    assert load_pack(folder).sha256 != before
    assert load_pack(BASE).sha256 == before


def test_a_pack_that_was_loaded_before_is_read_again_when_a_file_of_it_changes_or_comes(folder: Path) -> None:
    assert load_pack(folder) is load_pack(folder)
    break_file(folder, "pack.yaml", "title: Bakery", "title: Larder")
    assert load_pack(folder).title == "Larder"
    (folder / "notes.txt").write_text("Who decided this?")
    with pytest.raises(PackError, match=r"notes\.txt:1: is not a file of a pack"):
        load_pack(folder)


def test_every_value_keeps_its_line() -> None:
    places = load_with_places(BASE).places
    place = places[("promotions", 0, "signals", 1, "competencies", "oven")]
    lines = Path(place.file).read_text().splitlines()
    assert "{oven: 1}" in lines[place.line - 1]


def test_an_unknown_name_is_answered_with_the_names_there_are() -> None:
    with pytest.raises(PackError, match="did you mean `product_management`"):
        load_pack("product_managment")


def test_a_folder_that_is_no_pack_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PackError, match=r"has no file pack\.yaml"):
        load_pack(tmp_path)


REACH = 5
"""What is missing from a part is reported on the part's first line, at most so many lines away."""

TRAPS = [
    ("pack.yaml", 'version: "1"', "version: 1.0", "version: `1.0` is not text; write it in quotes"),
    ("pack.yaml", "title: Bakery", "title: no", "YAML reads the word `no` as true or false"),
    ("pack.yaml", "title: Bakery", "title: 2026-01-01", "YAML reads `2026-01-01` as a date"),
    ("pack.yaml", "title: Bakery", "title:", "there is no value"),
    (
        "pack.yaml",
        "title: Bakery",
        "title: &x Bakery\nabout: *x",
        "the alias `*x` is not used here; write the value out",
    ),
    ("pack.yaml", "title: Bakery", "title: !!binary QQ==", "the tag tag:yaml.org,2002:binary is not known"),
    ("pack.yaml", "observation_months: 6", "observation_months: 0o6", "months: `0o6` is not a whole number"),
    ("pack.yaml", "observation_months: 6", "observation_months: 010", "as the number that it looks like"),
    ("pack.yaml", "observation_months: 6", "observation_months: 1:30", "as the number that it looks like"),
    ("pack.yaml", "near_margin: 0.5", "near_margin: .5", "`.5` is not a plain number"),
    ("pack.yaml", "near_margin: 0.5", "near_margin: 0,5", "`0,5` is not a number"),
    ("pack.yaml", "near_margin: 0.5", "near_margin: 0.33333", "`0.33333` has more than four decimals"),
    ("pack.yaml", "near_margin: 0.5", "near_margin: -0.5", "`-0.5` is too small; it must be 0 or more"),
    ("pack.yaml", "minimum_coverage: 0.5", "minimum_coverage: 50", "`50` is too large; it must be 1 or less"),
    ("pack.yaml", "name: bakery", "name: The Bakery", "use small letters, digits and `_`"),
    ("pack.yaml", "name: bakery", "name: [bakery", "is not YAML"),
    ("pack.yaml", "name: bakery", "name:\n\t- bakery", "check the indentation (spaces, not tabs)"),
    ("pack.yaml", "name: bakery", "name: bakery\n<<: {a: b}", "YAML does not read the key `<<` as text"),
    ("pack.yaml", "name: bakery", "name: bakery\n? [a, b]\n: {c: d}", "a key must be a word"),
    ("pack.yaml", "name: bakery", "name: bakery\nname: shop", "the key `name` is given a second time"),
    ("pack.yaml", "name: bakery", "name: bakery\n2: shop", 'the key `2` as text; write `"2"`'),
    ("pack.yaml", "near_margin", "near_margins", "`near_margins` is not known here; allowed are"),
    ("pack.yaml", "near_margin", "near_margins", "did you mean `near_margin`?"),
    (
        "ladder.yaml",
        "levels:",
        "steps: []\nlevels:",
        "the key `steps` is not known here; allowed are `levels`",
    ),
    (
        "ladder.yaml",
        "track: ic",
        "track: expert",
        "`expert` is not allowed; write 'entry', 'ic' or 'management'",
    ),
    (
        "ladder.yaml",
        "    summary: Knows the craft.\n",
        "",
        "levels, no. 2 (`journeyman`), summary: is missing",
    ),
    ("rules.yaml", "code: BK-F01", "code: bk1", "use capitals and digits in parts joined by `-`"),
    ("sources.yaml", "[Ladder, Dough, Rules]", "Ladder", "`Ladder` is not a list"),
    ("sources.yaml", "[Ladder, Dough, Rules]", "[]", "has too few entries; at least 1 is needed"),
    ("pack.yaml", "title: Bakery", r'title: "Bakery\e[2K"', "holds the control character U+001B; remove it"),
    ("pack.yaml", "title: Bakery", r'title: "yrekaB\u202e"', "holds the control character U+202E; remove it"),
]


@pytest.mark.parametrize(("file", "old", "new", "words"), TRAPS)
def test_a_value_of_the_wrong_kind_is_refused_with_its_line(
    folder: Path, file: str, old: str, new: str, words: str
) -> None:
    assert_refused(folder, file, old, new, words)


def assert_refused(folder: Path, file: str, old: str, new: str, words: str) -> None:
    """A file that is broken in one place is refused in these words, at that line or near it."""
    line = break_file(folder, file, old, new)
    problems = problems_of(folder)
    found = [problem for problem in problems if words in problem]
    assert found, problems
    assert abs(_line_of(found[0]) - line) <= REACH
    assert found[0].startswith(f"{folder / file}:")


REFERENCES = [
    (
        "ladder.yaml",
        "section: Ladder",
        "section: Ladders",
        "`Ladders` is not a section of the source `handbook`; did you mean `Ladder`?",
    ),
    (
        "ladder.yaml",
        "source: handbook",
        "source: handbok",
        "`handbok` is not a source of this pack; did you mean `handbook`?",
    ),
    ("ladder.yaml", "id: master", "id: journeyman", "the level id `journeyman` is also at"),
    ("ladder.yaml", "[Baker]", "[apprentice]", "“apprentice” names both `journeyman` and `apprentice`"),
    ("competencies.yaml", "[Kneading]", "[Oven]", "“oven” names both `oven` and `dough`"),
    ("pack.yaml", "core: 3,", "core: 4.5,", "the bar 4.5 is outside the scale from 1 to 4"),
    ("pack.yaml", "lowest: 1", "lowest: 5", "the highest point of the scale must be above the lowest"),
    ("pack.yaml", "  low: {", "  # {", "confidences: words are missing for low"),
    ("rules.yaml", "finding: too_early", "finding: to_early", "`to_early` is not a finding of this pack"),
    ("rules.yaml", "code: BK-F02", "code: BK-F01", "the rule code `BK-F01` is also at"),
    ("rules.yaml", "core_gap >= 1", "core_gaps >= 1", "BK-F02, column 1: there is no fact `core_gaps`"),
    ("rules.yaml", "{employee} has", "{name} has", "there is no placeholder {name}"),
    ("rules.yaml", "{employee} has", "{employee has", "a curly bracket is open"),
    ("rules.yaml", "{employee} has", "{employee!r} has", "there is no placeholder {employee}"),
    ("rules.yaml", "    finding: too_early\n", "", "this one has none of them"),
    ("rules.yaml", "finding: too_early", "finding: too_early\n    confidence: low", "finding and confidence"),
    ("rules.yaml", "    next_step: Bake more bread.\n", "", "needs a `next_step`"),
    (
        "rules.yaml",
        "confidence: high",
        "confidence: high\n    next_step: None.",
        "must not have a `next_step`",
    ),
    (
        "rules.yaml",
        "confidence: high",
        "confidence: high\n    overrides: [BK-C09]",
        "`BK-C09` is not a rule of this pack",
    ),
    ("rules.yaml", "confidence: high", "confidence: high\n    overrides: [BK-C01]", "cannot override itself"),
    (
        "rules.yaml",
        "confidence: high",
        'confidence: high\n    valid_from: "2026-06-01"\n    valid_until: "2026-05-31"',
        "`valid_until` lies before `valid_from`, which is 2026-06-01",
    ),
    (
        "pack.yaml",
        "scale: {lowest: 1, highest: 4}",
        "scale: {lowest: 1, highest: 4, words: [A, Fair, Good, a]}",
        "“A” and “a” read alike",
    ),
    ("lenses/bread.yaml", "view: all_of", "expects: {mastr: rises}\nview: all_of", "did you mean `master`?"),
    (
        "lenses/bread.yaml",
        "view: all_of",
        "expects: {master: rise}\nview: all_of",
        "`rise` is not a part of this lens that counts",
    ),
    ("sources.yaml", "sources:", "sources: \u0007", "holds a character that YAML does not allow"),
    ("promotions/journeyman_to_master.yaml", "teaching: 2", "teeching: 2", "did you mean `teaching`?"),
    ("promotions/journeyman_to_master.yaml", "to: master", "to: mastr", "did you mean `master`?"),
    (
        "promotions/journeyman_to_master.yaml",
        "to: master",
        "to: apprentice",
        "`apprentice` is not above `journeyman`; a promotion leads upwards",
    ),
    (
        "promotions/apprentice_to_journeyman.yaml",
        "to_years: 4",
        "to_years: 2",
        "`to_years` must be above `from_years`",
    ),
    (
        "promotions/apprentice_to_journeyman.yaml",
        "id: steady_oven",
        "id: good_dough",
        "the signal id `good_dough` is also at",
    ),
]


@pytest.mark.parametrize(("file", "old", "new", "words"), REFERENCES)
def test_a_name_that_resolves_to_nothing_or_twice_is_refused_with_its_line(
    folder: Path, file: str, old: str, new: str, words: str
) -> None:
    assert_refused(folder, file, old, new, words)


def test_findings_that_rest_on_each_other_in_a_circle_are_refused_with_the_circle(folder: Path) -> None:
    break_file(folder, "rules.yaml", 'when: observation != "enough"', "when: finding.early_and_short")
    circle = "in a circle: `too_early` rests on `early_and_short` rests on `too_early`"
    assert [problem for problem in problems_of(folder) if circle in problem]


def test_all_problems_are_told_at_once_in_the_order_of_file_and_line(folder: Path) -> None:
    break_file(folder, "rules.yaml", "BK-F01", "bk")
    break_file(folder, "pack.yaml", "name: bakery", "nam: bakery")
    break_file(folder, "ladder.yaml", "track: ic", "track: x")
    files = [Path(problem.split(":")[0]).name for problem in problems_of(folder)]
    assert files == ["ladder.yaml", "pack.yaml", "pack.yaml", "rules.yaml"]


def test_an_unknown_and_a_missing_file_are_refused(folder: Path) -> None:
    (folder / "rule.yaml").write_text("rules: []\n")
    (folder / "sources.yaml").unlink()
    (folder / "promotions" / "notes.txt").write_text("later\n")
    problems = "\n".join(problems_of(folder))
    assert "rule.yaml:1: is not a file of a pack" in problems
    assert "sources.yaml:1: the file is missing; it holds `sources`" in problems
    assert "notes.txt:1: does not belong here" in problems


def test_two_files_for_one_promotion_are_refused(folder: Path) -> None:
    twin = (folder / "promotions" / "journeyman_to_master.yaml").read_text()
    (folder / "promotions" / "z.yaml").write_text(twin.replace("id: journeyman_to_master", "id: twin"))
    problems = problems_of(folder)
    assert "the promotion from `journeyman` to `master` is also at" in problems[0]


@pytest.mark.parametrize("text", ["[" * 400_000, "a: {" * 400, "- " * 100_000 + "x", "[" * 31 + "]" * 31])
def test_a_file_that_is_nested_without_end_is_refused_in_words(folder: Path, text: str) -> None:
    (folder / "sources.yaml").write_text(text)
    (problem,) = (one for one in problems_of(folder) if "sources.yaml:1:" in one)
    assert "is nested more than 30 levels deep; a pack never is" in problem


def test_aliases_that_stand_for_ever_more_values_are_refused_one_by_one(folder: Path) -> None:
    lines = ["a0: &a0 [x, x]", *(f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]" for n in range(1, 40))]
    (folder / "sources.yaml").write_text("\n".join(lines))
    assert "sources.yaml:2: the alias `*a0` is not used here" in "\n".join(problems_of(folder))


def test_a_second_document_in_a_file_is_refused_with_its_line(folder: Path) -> None:
    (folder / "sources.yaml").write_text((BASE / "sources.yaml").read_text() + "---\nmore: here\n")
    (problem,) = problems_of(folder)
    assert "a second document begins here" in problem


def test_a_file_in_another_encoding_is_refused(folder: Path) -> None:
    (folder / "sources.yaml").write_bytes("sources: [\nBäcker]".encode("latin-1"))
    assert "sources.yaml:2: is not UTF-8 text" in "\n".join(problems_of(folder))


def _line_of(problem: str) -> int:
    return int(problem.split(":")[1])


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("[features, growth,", "[featurs, growth,", "did you mean `features`?"),
        (
            "[features, growth,",
            "[training_others, breadth,",
            "`breadth` is not a part of this lens with competencies",
        ),
        ("all_of: [f", "bar: 3\n    all_of: [f", "a part with `all_of` has neither competencies nor a bar"),
    ],
)
def test_a_part_that_takes_several_others_takes_parts_that_are_rated(
    old: str, new: str, words: str, tmp_path: Path
) -> None:
    broken = Path(shutil.copytree(SHIPPED / "product_management", tmp_path / "broken"))
    break_file(broken, "lenses/canyon.yaml", old, new)
    with pytest.raises(PackError, match=re.escape(words)):
        load_pack(broken)
