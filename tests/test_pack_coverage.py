"""The table from the articles to the pack: no empty row, no carrier that is not there, nothing left out."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from rules import Citation, load_pack, pack_names
from rules.pack import IMPORTANCES

TABLE = Path(__file__).parent.parent / "docs" / "articles.md"
PACK = load_pack("product_management")
ARTICLES = ("glasp", "five-step", "tpm")


def _rows() -> list[tuple[str, str, str, str]]:
    rows, article = [], ""
    for line in TABLE.read_text().splitlines():
        if found := re.match(r"## `([\w-]+)`", line):
            article = found[1]
        cells = [cell.strip() for cell in line.strip("|").split(" | ")]
        if line.startswith("| ") and len(cells) == 3 and cells[0] not in ("section", "---"):
            rows.append((article, cells[0].strip(), cells[1].strip(), cells[2].strip().rstrip(" |")))
    return rows


def _carriers() -> dict[str, set[tuple[str, str]]]:
    """Everything that a statement can be carried by, with what it cites."""
    carriers: dict[str, set[tuple[str, str]]] = {}
    for name, cite in (*_of_promotions(), *_of_lenses(), *_of_lists()):
        carriers.setdefault(name, set()).add((cite.source, cite.section))
    return carriers


def _of_promotions() -> Iterator[tuple[str, Citation]]:
    for promotion in PACK.promotions:
        yield from ((f"signal:{signal.id}", signal.cite) for signal in promotion.signals)
        if promotion.tenure:
            yield f"tenure:{promotion.id}", promotion.tenure.cite


def _of_lenses() -> Iterator[tuple[str, Citation]]:
    for lens in PACK.lenses:
        yield f"lens:{lens.id}", lens.cite
        yield from ((f"part:{lens.id}.{part.id}", part.cite) for part in lens.parts)
        yield from ((f"finding:{finding.id}", finding.cite) for finding in lens.findings)


def _of_lists() -> Iterator[tuple[str, Citation]]:
    yield from ((f"finding:{one.id}", one.cite) for one in PACK.findings)
    yield from ((f"level:{one.id}", one.cite) for one in PACK.levels)
    yield from ((f"skill:{level.id}", skill.cite) for level in PACK.levels for skill in level.skills)
    yield from ((f"action:{one.id}", one.cite) for one in PACK.actions)
    yield from ((f"specialisation:{one.id}", one.cite) for one in PACK.specialisations)
    yield from ((f"competency:{one.id}", one.cite) for one in PACK.competencies)


def test_every_statement_is_carried_or_has_a_reason_why_not() -> None:
    rows = _rows()
    assert len(rows) > 100
    for _, _, statement, carried in rows:
        assert statement
        assert re.fullmatch(r"(`[\w:.]+` ?)+|none: .{20,}", carried), (statement, carried)


def test_every_carrier_in_the_table_stands_in_the_pack() -> None:
    known = _carriers()
    named = {name for *_, carried in _rows() for name in re.findall(r"`([\w:.]+)`", carried)}
    assert named - known.keys() == set()


def test_every_section_in_the_table_is_one_of_its_article() -> None:
    sections = {source.id: source.sections for source in PACK.sources}
    assert [row for row in _rows() if row[1] not in sections[row[0]]] == []


@pytest.mark.parametrize("article", ARTICLES)
def test_every_section_of_an_article_has_a_row(article: str) -> None:
    assert {row[1] for row in _rows() if row[0] == article} >= set(PACK.source(article).sections) - {""}


def test_every_signal_action_and_lens_part_that_cites_an_article_stands_in_the_table() -> None:
    named = {name for *_, carried in _rows() for name in re.findall(r"`([\w:.]+)`", carried)}
    wanted = {
        name
        for name, cites in _carriers().items()
        if name.split(":")[0]
        in ("signal", "action", "part", "specialisation", "level", "tenure", "competency")
        and {source for source, _ in cites} & set(ARTICLES)
    }
    assert wanted - named == set()


@pytest.mark.parametrize("name", pack_names())
def test_every_signal_and_rule_cites_a_source_and_one_of_its_sections(name: str) -> None:
    pack = load_pack(name)
    cited = [signal.cite for promotion in pack.promotions for signal in promotion.signals]
    cited += [rule.cite for promotion in pack.promotions for rule in pack.rules_of(promotion)]
    cited += [rule.cite for lens in pack.lenses for rule in lens.rules]
    assert cited
    for cite in cited:
        assert cite.section in pack.source(cite.source).sections


def _importances() -> list[tuple[str, str, str]]:
    rows = []
    for line in TABLE.read_text().splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if len(cells) == 5 and cells[2] in IMPORTANCES:
            promotion, signal, importance, words, why = cells
            assert words, line
            assert why, line
            rows.append((promotion.strip("`"), signal.strip("`"), importance))
    return rows


def test_every_importance_stands_in_the_table_with_the_words_that_carry_it() -> None:
    assert _importances() == [
        (promotion.id, signal.id, signal.importance)
        for promotion in PACK.promotions
        for signal in promotion.signals
    ]


@pytest.mark.parametrize("name", pack_names())
def test_every_level_expects_something_and_says_where_it_comes_from(name: str) -> None:
    pack = load_pack(name)
    for level in pack.levels:
        assert level.expects, level.id
        for expected in level.expects:
            assert pack.scale.lowest < expected.rating <= pack.scale.highest, (level.id, expected)
            assert expected.cite.section in pack.source(expected.cite.source).sections


def test_no_level_expects_less_than_the_one_that_leads_to_it() -> None:
    for promotion in PACK.promotions:
        before, after = (
            {one.competency: one.rating for one in PACK.level(level).expects}
            for level in (promotion.from_level, promotion.to_level)
        )
        # A leader hands over the craft of the tools: what counts from there on is people and direction.
        handed_over = {"technical_understanding", "user_research", "project_management", "prioritization"}
        less = {name for name in before if after.get(name, 0) < before[name]}
        assert less <= handed_over, (promotion.id, less)
