"""Joined tables to a roster: typed values, and one issue per cell that does not fit."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache, partial

import polars as pl

from inputs import fields
from inputs.asked import Asked, mapped
from inputs.checks.date_columns import date_column, report_unused_dates
from inputs.checks.gaps import report_gaps
from inputs.checks.identity import (
    about_repeats,
    check_ids,
    clean_ids,
    exclusions,
    naming_answers,
    nobodys_rows,
)
from inputs.checks.issue_log import IssueLog
from inputs.checks.managers import link_managers
from inputs.checks.other_views import other_views
from inputs.checks.own_managers import without_own_managers
from inputs.checks.people import check_people, leavers, of_managers, report_statuses
from inputs.checks.ratings import (
    KnownOfRatings,
    RatedCells,
    RatedColumn,
    Scales,
    columns_on_another_scale,
    doubted_scales,
    own_scale,
    rated_cells,
    rated_column,
    scales_of,
    without_ratings,
)
from inputs.checks.scales_in_parts import doubted_in_parts
from inputs.checks.written_comments import report_notes, with_written_comments
from inputs.fields import BY, FIELDS, RATERS, Field, Rater, RatingOf, Role, is_comment
from inputs.mapping import RowThatCounts
from inputs.own_scale import OwnScale
from inputs.phrases import counted, few, join, tally, was
from inputs.roster import (
    NOT_ASSESSABLE_SCHEMA,
    PEOPLE_SCHEMA,
    ColumnPlace,
    ColumnSource,
    FaultyFileError,
    RatingScale,
    Roster,
    Severity,
    UnknownLevelError,
    Vocabulary,
)
from inputs.tables.contents import Exclusion, SourceColumn
from inputs.tables.joining.joined_tables import JoinedTables
from inputs.tables.layout import Layer
from inputs.words.dates import DateOrder
from inputs.words.legends import Legend
from inputs.words.lexicon import Lexicon
from inputs.words.names import Names, PackNames
from inputs.words.scales.kinds import RaterScale
from inputs.words.texts import ERROR_TEXTS, Fault, drawn, drawn_words, each
from inputs.words.word_lists import read_words
from inputs.words.written_ratings import FOOTNOTES, is_marked, is_unrated
from inputs.words.yes_no import yes_or_no

_OWN = ("row", "employee_id")
_NO_LOSS = frozenset(["totals_row", "example_row", "remark_row", "repeated_header", "exact_repeat"])
"""Rows without anybody to assess, or whose person is assessed by another row."""


@dataclass(frozen=True)
class Declared:
    """What a person declared about the values of a file."""

    scales: Mapping[Rater, RaterScale] = field(default_factory=dict)
    not_rated: frozenset[str] = frozenset()
    date_order: DateOrder | None = None
    row_that_counts: RowThatCounts | None = None
    of_another_cycle: bool = False
    """Whether the scales are those of another cycle: headers of this one may say otherwise."""


@dataclass(frozen=True)
class Checked:
    """A roster, and what has to be answered before it may be used."""

    roster: Roster
    questions: tuple[Asked, ...]
    cells: RatedCells
    scales: Scales
    """How the ratings were read."""
    rated: Mapping[Rater, int]
    """Cells of each rater that are ratings on their scale; all that may be, where that is asked about."""
    worth_asking: tuple[Asked, ...] = ()
    """What need not be answered: it only costs somebody."""


def check(
    joined: JoinedTables,
    vocabulary: Vocabulary,
    names: PackNames,
    lexicon: Lexicon,
    day: date,
    declared: Declared,
    legends: Sequence[Legend] = (),
) -> Checked:
    """Checks every value. `legends` are what the file says of its scales. Raises InputError when no level of
    the rule pack is in the file."""
    ids, shortened = clean_ids(joined)
    nobodys = nobodys_rows(joined, ids, names.levels)
    joined = joined.without_values(nobodys)
    log = IssueLog(joined, ids)
    check_ids(joined, ids, log, shortened=shortened)
    values = _values(joined, names, day, declared, log)
    values |= {"row": joined.shown_rows(), "employee_id": ids}
    values["employee_name"] = _without_ids(values["employee_name"], ids)
    of_nobody = [at for at, why in nobodys.items() if why.kind in _NO_LOSS]
    values["manager_name"] = values["manager_name"].scatter(of_nobody, None)
    if shortened:
        values["manager_id"] = values["manager_id"].str.replace(r"\.0+$", "")
    link_managers(values, joined, log)
    rated = _ratings(joined, vocabulary, lexicon, declared, legends, log)
    left = without_own_managers(values, joined, rated.columns, log)
    report_notes(joined, rated.cells, log)
    joined = with_written_comments(joined, rated.cells)
    log.joined = joined
    left_on = date_column(joined, fields.LEAVING_DATE, day, declared.date_order, log, future=True)
    report_gaps(joined, vocabulary, log)
    report_unused_dates(joined, day, log)
    check_people(values, joined, vocabulary.experience_levels, day, log)
    excluded = exclusions(joined, ids, values["level"], names.levels) | nobodys
    for exclusion in leavers(joined, left_on, day):
        excluded.setdefault(exclusion.at, exclusion)
    report_statuses(joined, left_on, day, excluded, log)
    said = declared.row_that_counts
    doubted, helped = about_repeats(joined, ids, excluded.values(), said, day, declared.not_rated)
    excluded = excluded if doubted is None else naming_answers(excluded, doubted, helped)
    for exclusion in excluded.values():
        severity = Severity.NOTE if exclusion.kind in _NO_LOSS else Severity.ERROR
        log.cells(exclusion.role, [_as_fault(joined, exclusion)], severity)
    keep = pl.select(~pl.int_range(len(ids)).is_in(list(excluded))).to_series() if excluded else None
    _draw_names(values, joined)
    comments = [_comment(role, one.cells) for role, one in joined.columns.items() if is_comment(role)]
    people = _kept(_people(values, joined), keep)
    roster = Roster(
        people=people,
        ratings=_beside(people, [column.units for column in left.values()], keep),
        comments=_beside(people, comments, keep),
        not_assessable=_not_assessable(joined, values, excluded),
        issues=log.issues(),
        columns=tuple(map(_source, joined.columns.values())),
        sources=joined.sources,
        unused=pl.DataFrame({name: values[name] for name in _OWN}).with_columns(
            cells.alias(header) for header, cells in joined.unused.items() if header not in _OWN
        ),
        used_columns=joined.used_columns,
        scales=rated.own_scales(vocabulary.scale),
        others=other_views(joined, ids, rated.scales.of_raters["manager"].scale, vocabulary),
    )
    worth_asking = () if doubted is None else (doubted,)
    return Checked(roster, rated.questions, rated.cells, rated.scales, rated.counts, worth_asking)


def _without_ids(names: pl.Series, ids: pl.Series) -> pl.Series:
    """`Runa Falk (K2001)`, as some systems write everybody's name, without the id."""
    behind, name = pl.format("({})", pl.lit(ids)), pl.lit(names)
    bare = name.str.strip_suffix(behind).str.strip_chars()
    return (
        pl.select(pl.when(name.str.ends_with(behind)).then(bare).otherwise(name))
        .to_series()
        .alias(names.name)
    )


def _draw_names(values: dict[str, pl.Series], joined: JoinedTables) -> None:
    """Names as they are to be drawn, once everything was compared without signs that nobody sees."""
    cells = [joined.columns[role].cells for role in _DRAWN if role in joined.columns]
    texts = (text for column in cells if column.dtype == pl.String for text in column.drop_nulls().unique())
    if words := drawn_words(sorted(texts)):
        for name in ("employee_name", "manager_name", "department"):
            values[name] = each(values[name], partial(drawn, words=words))


_DRAWN = (*fields.OF_EMPLOYEE[2:], *fields.OF_MANAGER[2:], fields.DEPARTMENT)


def _kept(frame: pl.DataFrame, keep: pl.Series | None) -> pl.DataFrame:
    return frame if keep is None else frame.filter(keep)


def _beside(people: pl.DataFrame, columns: list[pl.Series], keep: pl.Series | None) -> pl.DataFrame:
    """The columns as a frame of the same height as the people, also when there are none."""
    return _kept(pl.DataFrame(columns), keep) if columns else pl.DataFrame(height=people.height)


def _values(
    joined: JoinedTables, names: PackNames, day: date, declared: Declared, log: IssueLog
) -> dict[str, pl.Series]:
    """The columns of the people but for their ids, each checked by its kind."""
    values: dict[str, pl.Series] = {}
    for one in FIELDS.values():
        if one.use != "kept" or one is fields.EMPLOYEE_ID:
            continue
        if one.kind == "date":
            ahead = one is fields.LEVEL_SINCE
            values[one.name] = date_column(joined, one, day, declared.date_order, log, future=ahead)
        elif one is fields.LEVEL:
            values[one.name] = _levels(joined, names.levels, log)
        elif one is fields.TARGET_LEVEL:
            values[one.name] = _target_levels(joined, names, values[fields.LEVEL.name], log)
        else:
            texts = values[one.name] = _text(joined, one, log)
            if one is fields.SPECIALISATION:
                values["specialisation_as_written"] = texts
            if one.kind == "yes_no":
                values[one.name] = _answers(one, texts, log)
            elif one.kind in ("level", "specialisation"):
                known = names.levels if one.kind == "level" else names.specialisations
                values[one.name] = _named(one, texts, known, log)
    return values


def _text(joined: JoinedTables, one: Field, log: IssueLog) -> pl.Series:
    texts = joined.texts(one)
    wrong = texts.is_in(list(ERROR_TEXTS)).fill_null(value=False)
    if not wrong.any():
        return texts
    faults = []
    for at in wrong.arg_true().to_list():
        problem = f"The cell holds the spreadsheet error {texts[at]}."
        faults.append(Fault(at, texts[at], "error_cell", problem, "Write the value itself."))
    log.cells(one, faults)
    return texts.set(wrong, None)


def _named(one: Field, texts: pl.Series, names: Names, log: IssueLog) -> pl.Series:
    """The ids that names mean, and an issue for each name that is not in the rule pack. Where the pack has no
    names of the kind, people may write anything."""
    ids = names.ids_of(texts)
    if names.titles:
        unknown = (ids.is_null() & texts.is_not_null()).arg_true()
        faults, written = list[Fault](), texts.gather(unknown).to_list()
        remedies = {text: names.remedy(text) for text in set(written)}
        for at, text in zip(unknown.to_list(), written, strict=True):
            if not is_unrated(text):
                problem = f"'{text[:60]}' is not a {one.kind} in this rule pack."
                faults.append(Fault(at, text, f"unknown_{one.kind}", problem, remedies[text]))
        log.cells(one, faults)
    return ids


def _answers(one: Field, texts: pl.Series, log: IssueLog) -> pl.Series:
    """Whether yes or no is written (Boolean, null where nobody has answered), and an issue for anything
    else."""
    different = texts.drop_nulls().unique().to_list()
    known = {text: yes_or_no(text) for text in different}
    values = texts.replace_strict(known, default=None, return_dtype=pl.Boolean)
    unclear = texts.is_in([text for text, answer in known.items() if answer is None and not is_unrated(text)])
    problem = f"'{{}}' is neither yes nor no, so the {one.label} counts as not answered."
    remedy = "Write yes or no, or leave the cell empty if nobody has asked."
    faults = [
        Fault(at, texts[at], "unclear_answer", problem.format(texts[at][:60]), remedy)
        for at in unclear.arg_true().to_list()
    ]
    log.cells(one, faults)
    return values


def _levels(joined: JoinedTables, levels: Names, log: IssueLog) -> pl.Series:
    """Level ids, null where unknown. Raises InputError when no row holds a known level."""
    written = joined.texts(fields.LEVEL)
    ids = levels.ids_of(written)
    if ids.is_not_null().any():
        different = written.drop_nulls().unique().sort().to_list()
        marked = [f"'{text}'" for text in different if text.endswith(FOOTNOTES) and levels.id_of(text)]
        if marked:
            log.note(
                "marked_level",
                f"Levels with a sign behind the name were read as the level: {few(marked)}.",
                "Nothing to do if what the sign stands for leaves the level as it is.",
                fields.LEVEL,
            )
        coded = [text for text in different if levels.has_code(text)]
        if coded:
            shown = few([f"'{text}' is {levels.titles[levels.id_of(text) or '']}" for text in coded], 6)
            log.note(
                "level_codes",
                f"Levels were read by the name beside a code: {shown}.",
                "Nothing to do if that is right.",
                fields.LEVEL,
            )
        return ids
    column, known = joined.columns[fields.LEVEL], ", ".join(levels.titles.values())
    never = sum(letter == column.letter for _, letter in column.sheet.uncalculated)
    if never and written.is_null().all():
        raise FaultyFileError(
            f"{joined.table.place}: the {counted(never, 'level')} in column {column.letter} "
            f"('{column.header}') are formulas that were never calculated, so nobody has a level. Open the "
            "workbook in a spreadsheet program, save it, and give it again."
        )
    contradicted = [one for one in joined.exclusions if one.role in (fields.LEVEL, joined.key)]
    if contradicted and written.is_null().all():
        first = contradicted[0]
        raise FaultyFileError(
            f"{joined.table.place}: nobody's level is known. {first.problem} {first.remedy}"
        )
    different = written.drop_nulls().unique().sort().to_list()
    seen = few([f"'{text[:40]}'" for text in different], 8) or "nothing"
    likely = ((text, levels.likely(text)) for text in different[:_PROPOSED])
    meant = mapped((text, level) for text, level in likely if level is not None)
    raise UnknownLevelError(
        f"{joined.table.place}, column {column.letter} ('{column.header}'): no level of the rule pack "
        f"was found. Seen: {seen}. Known: {known}. If these are other names for them, say so in a mapping: "
        f"`levels: {meant if len(meant) > 2 else _ANY_LEVEL}`."
    )


_PROPOSED = 40
"""Levels for which a message proposes what they mean."""
_ANY_LEVEL = '{"name in the file": "level"}'


def _target_levels(joined: JoinedTables, names: PackNames, levels: pl.Series, log: IssueLog) -> pl.Series:
    written = joined.texts(fields.TARGET_LEVEL)
    targets = names.levels.ids_of(written)
    steps = [f"{level} {target}" for level, targets in names.next_levels.items() for target in targets]
    fits = pl.select(pl.concat_str(pl.lit(levels), pl.lit(targets), separator=" ").is_in(steps)).to_series()
    wrong = ~fits.fill_null(value=False)
    faulty = (wrong & written.is_not_null() & levels.is_not_null()).arg_true().to_list()
    faults = [_target_fault(names, at, written[at], levels[at], targets[at]) for at in faulty]
    log.cells(fields.TARGET_LEVEL, faults)
    return targets.set(wrong, None)


def _target_fault(names: PackNames, at: int, text: str, level: str, target: str | None) -> Fault:
    titles = names.levels.titles
    steps = [titles[step] for step in names.next_levels.get(level, ())]
    here = titles[level]
    if target is None:
        kind, problem = "unknown_target_level", f"'{text[:60]}' is not a level in this rule pack."
    else:
        does_not = "is the present level" if target == level else f"does not follow {here}"
        kind, problem = "target_not_next", f"{titles[target]} {does_not}, so it was not used."
    right = (
        f"Write a level that follows {here} ({', '.join(steps)}), or leave it empty."
        if steps
        else f"No level follows {here}; leave it empty."
    )
    return Fault(at, text, kind, problem, right)


@dataclass(frozen=True)
class _Rated:
    """The rating columns in the order of the vocabulary, what they hold, and the scales they are on."""

    columns: Mapping[RatingOf, RatedColumn]
    cells: RatedCells
    scales: Scales

    @property
    def questions(self) -> tuple[Asked, ...]:
        """What only a person can answer; what is open for both raters once."""
        asked = [choice.question for choice in self.scales.choices if choice.question is not None]
        for rater, choice in self.scales.of_raters.items():
            nothing = without_ratings(rater, self.cells, self.columns, asked=choice.question is not None)
            asked += [] if nothing is None else [Asked(nothing)]
        asked += columns_on_another_scale(self.cells, self.columns, self.scales)
        return tuple(dict.fromkeys(asked))

    @property
    def counts(self) -> dict[Rater, int]:
        """How many ratings of each rater were read; all that may be, where their scale is asked about."""
        counts = {}
        for rater, choice in self.scales.of_raters.items():
            columns = {role: one for role, one in self.columns.items() if role.rater == rater}
            asked = self.cells.seen[rater].rated if choice.question is not None else None
            read = [one for role, one in columns.items() if asked is None or role in self.scales.stated]
            counts[rater] = (asked or 0) + sum(one.units.count() for one in read)
        return counts

    def own_scales(self, pack: RatingScale) -> dict[Rater, OwnScale]:
        """How each rater's ratings are written, where that is one scale and not the rule pack's."""
        mixed = {role.rater for role in self.scales.stated}
        found = {
            rater: own_scale(rater, self.cells, choice.scale, pack)
            for rater, choice in self.scales.of_raters.items()
            if self.cells.seen[rater].rated and rater not in mixed
        }
        return {rater: scale for rater, scale in found.items() if scale is not None}


def _ratings(
    joined: JoinedTables,
    vocabulary: Vocabulary,
    lexicon: Lexicon,
    declared: Declared,
    legends: Sequence[Legend],
    log: IssueLog,
) -> _Rated:
    pack = vocabulary.scale
    every = {RatingOf(term.id, rater): rater for term in vocabulary.competencies for rater in RATERS}
    columns = {role: joined.columns[role] for role in every if role in joined.columns}
    rates = {number for legend in legends for number in legend.words}
    unrated_by = {n: legend for legend in legends for n in legend.unrated if n not in rates}
    not_rated = declared.not_rated | {str(number) for number in unrated_by}
    names = [word for legend in legends for word in legend.words.values()]
    rater_of = lexicon.rater_beside_rating
    known = KnownOfRatings(pack, not_rated, declared.scales, rater_of, declared.of_another_cycle, names)
    cells = rated_cells(columns, known, joined.place)
    scales = scales_of(cells, pack, declared.scales, legends)
    scales = doubted_in_parts(scales, cells, joined.rows, pack, declared.scales, joined.place)
    rated = {role: rated_column(role, cells, scales.of(role).scale, pack) for role in columns}
    scales = doubted_scales(declared.scales, cells, rated, scales)
    marks = [text for text in cells.written if is_marked(text)]
    unrated: Counter[str] = Counter()
    for role, column in rated.items():
        if scales.of(role).question is None:
            log.cells(role, column.faults)
        texts = cells.others[role]["text"]
        if (marked := texts.filter(texts.is_in(marks))).len():
            log.note(
                "marked_rating",
                f"{counted(len(marked), 'rating')} with a sign behind the number, such as '{marked[0]}', "
                f"{was(len(marked))} read as the number.",
                "Nothing to do if the sign is that of a footnote which leaves the rating as it is.",
                role,
            )
        unrated.update(column.unrated)
    _note_rounded(rated, log)
    for choices, way in (
        (scales.of_raters.values(), "give the scale in a mapping"),
        (scales.stated.values(), "correct these headers"),
    ):
        for note in dict.fromkeys(choice.note for choice in choices if choice.note is not None):
            log.note("scale_read", note, f"If that is wrong, {way}.")
    if mixed := sorted({BY[role.known_rater] for role in scales.stated}):
        shown = f"Ratings by {join(mixed)} are on several scales, so reports show them from {pack.lowest} to"
        log.note("scale_read", f"{shown} {pack.highest}, as the rules count.", "Nothing to do.")
    for warning in dict.fromkeys(one.warning for one in scales.choices if one.warning is not None):
        log.warn(
            "scale_read", warning, "Nothing to do if that is right; otherwise give the scale in a mapping."
        )
    for number, legend in unrated_by.items():
        said = f"{number} was read as not rated, as {legend.place} says: '{legend.unrated[number]}'."
        log.note("declared_unrated", said, "If it is a rating, give the scale in a mapping.")
    if unrated:
        words = tally((f"'{text}'", count) for text, count in sorted(unrated.items()))
        remedy = "Nothing to do if that is what they mean."
        log.note("declared_unrated", f"Read as not rated: {words}.", remedy)
    return _Rated(rated, cells, scales)


def _note_rounded(rated: Mapping[RatingOf, RatedColumn], log: IssueLog) -> None:
    """One note of all columns in which ratings were rounded."""
    rounded = {role: column.rounded[0] for role, column in rated.items() if column.rounded}
    if not rounded:
        return
    first = next(iter(rounded))
    more = f" in {len(rounded)} columns" if len(rounded) > 1 else ""
    log.note(
        "rounded_rating",
        f"Ratings with more than four decimals{more}, such as {rounded[first]}, were rounded to four.",
        "Nothing to do if four decimals are enough.",
        None if more else first,
    )


def _comment(role: Role, cells: pl.Series) -> pl.Series:
    texts = cells.cast(pl.String).str.strip_chars()
    plain = texts.str.to_lowercase().str.strip_chars(_SIGNS)
    nothing = (plain == "") | plain.is_in(_words_of_no_comment()) | texts.is_in(list(ERROR_TEXTS))
    return texts.set(nothing, None).alias(role.name)


_SIGNS = " .,;:!?-–—_/|*#'\"()[]+=~"


@cache
def _words_of_no_comment() -> list[str]:
    return [word.lower().strip(_SIGNS) for word in read_words("cells")["no_comment"]]


def _people(values: dict[str, pl.Series], joined: JoinedTables) -> pl.DataFrame:
    known = _names_of_managers(values)
    given = values["manager_name"]
    values["manager_name"] = given.zip_with(given.is_not_null(), known)
    people = pl.DataFrame({name: values[name] for name in PEOPLE_SCHEMA}, schema=PEOPLE_SCHEMA)
    rows = {
        _row_column(column): joined.rows if column.rows is None else column.rows
        for column in joined.columns.values()
    }
    return people.with_columns(**{name: cells for name, cells in rows.items() if name != "row"})


def _names_of_managers(values: dict[str, pl.Series]) -> pl.Series:
    """The names of managers who have a row of their own."""
    known = pl.DataFrame({"id": values["employee_id"], "manager_name": values["employee_name"]})
    known = known.filter(of_managers(values)).drop_nulls().unique("id", keep="none")
    above = values["manager_id"].rename("id").to_frame()
    return above.join(known, on="id", how="left", maintain_order="left")["manager_name"]


def _as_fault(joined: JoinedTables, exclusion: Exclusion) -> Fault:
    column = joined.columns.get(exclusion.role) if exclusion.role else None
    text = None if column is None else column.cells[exclusion.at]
    return Fault(
        exclusion.at, None if text is None else str(text), exclusion.kind, exclusion.problem, exclusion.remedy
    )


def _not_assessable(
    joined: JoinedTables, values: Mapping[str, pl.Series], excluded: Mapping[int, Exclusion]
) -> pl.DataFrame:
    at = sorted(excluded)
    known = {name: values[name] for name in NOT_ASSESSABLE_SCHEMA if name in values}
    known["level_as_written"] = joined.texts(fields.LEVEL)
    return pl.DataFrame(
        {
            **{name: cells.gather(at) for name, cells in known.items()},
            "kind": [excluded[index].kind for index in at],
            "reason": [_reason(joined, excluded[index]) for index in at],
        },
        schema=NOT_ASSESSABLE_SCHEMA,
    )


def _reason(joined: JoinedTables, exclusion: Exclusion) -> str:
    """`Ratings!C14: what is wrong. What would be right.`"""
    return f"{joined.place(exclusion.role, exclusion.at)}: {exclusion.problem} {exclusion.remedy}"


def _source(column: SourceColumn) -> ColumnSource:
    return ColumnSource(
        column.role.name,
        column.header,
        column.sheet.name,
        column.table.place_of(column.letter),
        column.why,
        _row_column(column),
        column.sheet.named_file,
        tuple(_place(layer, column.letter) for layer in column.table.layers),
    )


def _row_column(column: SourceColumn) -> str:
    """The column of the people that holds the row numbers of a column's cells."""
    if column.rows is not None:
        return f"row:{column.role.name}"
    return "row_in_list" if column.table.layers else "row"


def _place(layer: Layer, letter: str) -> ColumnPlace:
    sheet = layer.table.sheet
    return ColumnPlace(layer.start, sheet.named_file, sheet.name, layer.place_of(letter))
