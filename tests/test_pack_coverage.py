"""The table from the articles to the pack: no empty row, no carrier that is not there, nothing left out, and
beside each statement the words of the pack that say it."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from rules import Citation, load_pack, pack_names
from rules.pack import IMPORTANCES, Lens, LensPart

TABLE = Path(__file__).parent.parent / "docs" / "articles.md"
PACK = load_pack("product_management")
ARTICLES = ("glasp", "five-step", "tpm")
NAME = re.compile(r"`([\w:.-]+)`")


@dataclass(frozen=True)
class Row:
    """One statement of an article, and what carries it."""

    article: str
    section: str
    statement: str
    carried: str
    said: str
    """The words of the pack, each in quotation marks, with the competencies that ratings show them by."""

    @property
    def carriers(self) -> list[str]:
        return NAME.findall(self.carried)


@dataclass(frozen=True)
class Carrier:
    """What the pack says in one place, and by which competencies."""

    words: str
    cite: Citation | None = None
    by: str = ""


def _rows() -> list[Row]:
    rows, article = [], ""
    for line in TABLE.read_text().splitlines():
        if found := re.match(r"## `([\w-]+)`", line):
            article = found[1]
        cells = [cell.strip() for cell in line.strip("|").split(" | ")]
        if line.startswith("| ") and len(cells) == 4 and cells[0] not in ("section", "---"):
            rows.append(Row(article, *(cell.rstrip(" |") for cell in cells)))
    return rows


def _carriers() -> dict[str, list[Carrier]]:
    """Everything that a statement can be carried by."""
    carriers: dict[str, list[Carrier]] = {}
    for name, carrier in (*_of_promotions(), *_of_lenses(), *_of_levels(), *_of_lists()):
        carriers.setdefault(name, []).append(carrier)
    return carriers


def _of_promotions() -> Iterator[tuple[str, Carrier]]:
    for promotion in PACK.promotions:
        for signal in promotion.signals:
            yield f"signal:{signal.id}", Carrier(signal.looks_like, signal.cite, _titles(signal.competencies))
        if tenure := promotion.tenure:
            years = f"from {tenure.from_years} years" + (f" to {tenure.to_years}" if tenure.to_years else "")
            yield f"tenure:{promotion.id}", Carrier(years, tenure.cite)


def _of_lenses() -> Iterator[tuple[str, Carrier]]:
    for lens in PACK.lenses:
        yield f"lens:{lens.id}", Carrier(lens.about, lens.cite)
        for part in lens.parts:
            yield f"part:{lens.id}.{part.id}", Carrier(part.meaning, part.cite, _made_of(lens, part))
        yield from ((f"finding:{one.id}", Carrier(one.meaning, one.cite)) for one in lens.findings)
        yield from ((f"rule:{one.code}", Carrier(one.reason, one.cite)) for one in lens.rules)


def _of_levels() -> Iterator[tuple[str, Carrier]]:
    for level in PACK.levels:
        yield f"level:{level.id}", Carrier(level.summary, level.cite)
        skills = ", ".join(skill.title for skill in level.skills)
        yield from ((f"skill:{level.id}", Carrier(skills, skill.cite)) for skill in level.skills[:1])
        for one in level.expects:
            words = f"{PACK.competency(one.competency).title} {one.rating}"
            yield f"expects:{level.id}.{one.competency}", Carrier(words, one.cite)


def _of_lists() -> Iterator[tuple[str, Carrier]]:
    yield from ((f"finding:{one.id}", Carrier(one.meaning, one.cite)) for one in PACK.findings)
    yield from ((f"fact:{one.id}", Carrier(one.title, one.cite)) for one in PACK.facts)
    yield from ((f"action:{one.id}", Carrier(one.advice, one.cite)) for one in PACK.actions)
    yield from ((f"competency:{one.id}", Carrier(one.definition, one.cite)) for one in PACK.competencies)
    for one in PACK.specialisations:
        yield f"specialisation:{one.id}", Carrier(one.about, one.cite)
        for other in one.signal_overrides:
            name = f"override:{one.id}.{other.signal}"
            yield name, Carrier(other.reason, by=_titles(other.competencies))


def _titles(competencies: Iterable[str]) -> str:
    return ", ".join(PACK.competency(name).title for name in competencies)


def _made_of(lens: Lens, part: LensPart) -> str:
    return ", ".join(one.title for one in lens.parts if one.id in part.all_of) or _titles(part.competencies)


def test_every_statement_is_carried_or_has_a_reason_why_not() -> None:
    rows = _rows()
    assert len(rows) > 100
    for row in rows:
        assert row.statement
        assert re.fullmatch(r"(`[\w:.-]+` ?)+|none: .{20,}", row.carried), row


def test_every_carrier_in_the_table_stands_in_the_pack() -> None:
    assert {name for row in _rows() for name in row.carriers} - _carriers().keys() == set()


def test_beside_every_statement_stand_the_words_that_say_it_and_what_shows_them() -> None:
    """Whoever changes such words reads the statement again, and writes down what says it now."""
    known = _carriers()
    for row in _rows():
        places = [carrier for name in row.carriers for carrier in known[name]]
        read = re.findall(r"“(.+?)”(?: \(by (.+?)\))?(?=, “|$)", row.said)
        assert ", ".join(f"“{words}”" + f" (by {by})" * bool(by) for words, by in read) == row.said, row
        for words, by in read:
            assert any(words in one.words and by == one.by for one in places), (row.statement, words, by)
        for name in row.carriers:
            words_here = " ".join(one.words for one in known[name])
            assert any(words in words_here for words, _ in read), (row.statement, name, words_here)


def test_every_section_in_the_table_is_one_of_its_article() -> None:
    sections = {source.id: source.sections for source in PACK.sources}
    assert [row for row in _rows() if row.section not in sections[row.article]] == []


@pytest.mark.parametrize("article", ARTICLES)
def test_every_section_of_an_article_has_a_row(article: str) -> None:
    sections = {row.section for row in _rows() if row.article == article}
    assert sections >= set(PACK.source(article).sections)


def test_every_signal_action_and_lens_part_that_cites_an_article_stands_in_the_table() -> None:
    kinds = ("signal", "fact", "action", "part", "specialisation", "level", "tenure", "competency")
    wanted = {
        name
        for name, places in _carriers().items()
        if name.split(":")[0] in kinds and {one.cite.source for one in places if one.cite} & set(ARTICLES)
    }
    assert wanted - {name for row in _rows() for name in row.carriers} == set()


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
