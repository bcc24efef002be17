"""The Rules sheet: what the rule pack says, rule by rule and signal by signal, with its sources."""

from collections.abc import Iterable, Sequence

from engine.phrases import number
from reports.shown.content import Run
from reports.shown.looks import BANDS as BAND_LOOKS
from reports.workbook.book import Book, Cell, Sheet
from reports.workbook.cells import row_height
from reports.workbook.layout import RULES
from reports.workbook.styles import CELL, CELL_BOLD, CELL_SMALL, Style, in_colors_of
from rules.pack import Citation, Rule, RulePack, Tenure

WIDTHS = (17, 22, 34, 24, 44, 64, 46)


def add_rules(book: Book, run: Run) -> None:
    """Write the sheet."""
    pack = run.pack
    sheet = book.sheet(RULES, "6B4E9B")
    sheet.widths(WIDTHS)
    sheet.title(
        f"Rules: {pack.title}",
        f"Pack {pack.name}, version {pack.version}. People wrote every rule, bar and weight. "
        "Nothing learned from the data enters a recommendation.",
    )
    sheet.rows.skip(2)
    _add_rules(sheet, pack)
    _add_signals(sheet, pack)
    if pack.findings:
        found = ([(one.kind, CELL), (one.title, CELL_BOLD), (one.meaning, CELL)] for one in pack.findings)
        _add_named(sheet, "Findings", ("Kind", "Finding", "Meaning"), found)
    sources = ([(one.id, CELL_BOLD), (one.author, CELL), (one.title, CELL)] for one in pack.sources)
    _add_named(sheet, "Sources", ("Id", "Author", "Title"), sources)


def _add_rules(sheet: Sheet, pack: RulePack) -> None:
    headers = ("Code", "Applies to", "Rule", "Concludes", "When", "What it says", "Source")
    head = sheet.heads(headers, 22)
    for rule, where in _rules(pack):
        source = citation(rule.cite, pack)
        sheet.add(
            (rule.code, CELL_BOLD),
            (where, CELL),
            (rule.title, CELL),
            (_conclusion(rule, pack), _conclusion_style(rule)),
            (rule.when, CELL_SMALL),
            (rule.reason, CELL),
            (source, CELL_SMALL),
            height=row_height((rule.when, 48), (rule.reason, 66), (rule.title, 34), (source, 52)),
        )
    sheet.table("Rules_table", headers, head, "B")


def _rules(pack: RulePack) -> list[tuple[Rule, str]]:
    own = [(rule, promotion.title) for promotion in pack.promotions for rule in promotion.rules]
    return [*((rule, "Every promotion") for rule in pack.shown_rules), *own]


def _conclusion(rule: Rule, pack: RulePack) -> str:
    if rule.recommendation is not None:
        return pack.bands[rule.recommendation].label
    if rule.confidence is not None:
        return f"Confidence: {pack.confidences[rule.confidence].label}"
    return f"Finding: {pack.finding(rule.conclusion).title}"


def _conclusion_style(rule: Rule) -> Style:
    return in_colors_of(BAND_LOOKS[rule.recommendation], CELL) if rule.recommendation else CELL


def _add_signals(sheet: Sheet, pack: RulePack) -> None:
    sheet.section("Signals")
    headers = (
        "Kind and bar",
        "Promotion",
        "Signal",
        "Time guidance",
        "Competencies and weights",
        "What it looks like",
        "Source",
    )
    sheet.heads(headers, 22)
    for promotion in pack.promotions:
        for signal in promotion.signals:
            weights = ", ".join(
                f"{pack.competency(name).title} × {number(weight)}"
                for name, weight in signal.competencies.items()
            )
            source = citation(signal.cite, pack)
            sheet.add(
                (f"{signal.importance}, {number(pack.bar_of(promotion, signal))}", CELL_BOLD),
                (promotion.title, CELL),
                (signal.title, CELL),
                (_guidance(promotion.tenure), CELL_SMALL),
                (weights, CELL_SMALL),
                (signal.looks_like, CELL),
                (source, CELL_SMALL),
                height=row_height((weights, 48), (signal.looks_like, 66), (signal.title, 34), (source, 52)),
            )


def _guidance(tenure: Tenure | None) -> str:
    if tenure is None:
        return "none"
    measure = "in level" if tenure.measure == "time_in_level" else "of experience"
    return f"{tenure.shown} {measure}"


def _add_named(sheet: Sheet, title: str, heads: tuple[str, str, str], rows: Iterable[Sequence[Cell]]) -> None:
    """A small table below the others, in its first three columns."""
    sheet.section(title)
    sheet.heads(heads, 22)
    for row in rows:
        (_, (name, _), (text, _)) = row
        sheet.add(*row, height=row_height((str(text), 34), (str(name), 22)))


def citation(cite: Citation, pack: RulePack) -> str:
    """A citation in words: the article's title and the section."""
    return f"{pack.source(cite.source).title}: {cite.section}"
