"""Columns that could mean more than one thing: resolved by their values where those decide, else asked."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

import polars as pl

from inputs import fields
from inputs.asked import ColumnPlace, mapped
from inputs.fields import (
    BY,
    OVERALL,
    RATERS,
    RATING_BY,
    AnyRater,
    CommentOn,
    Field,
    OpenRating,
    Rater,
    RatingOf,
    Role,
    is_rating,
)
from inputs.issues import LISTED_OF_PEOPLE
from inputs.phrases import counted, few, join, was
from inputs.roster import Severity
from inputs.tables.columns.comments_beside import comments_beside, sentences_as_comments
from inputs.tables.columns.employment import warn_of_exclusions, with_one_status
from inputs.tables.columns.filling import filled_down
from inputs.tables.columns.leftovers import second_headers, similar_columns, without_footers, without_headers
from inputs.tables.columns.open_columns import open_columns
from inputs.tables.columns.people_columns import people_columns
from inputs.tables.columns.rivals import one_column_per_role
from inputs.tables.columns.whoever_answered import ask_whom
from inputs.tables.columns.words_beside import words_beside_numbers
from inputs.tables.contents import RATERS_OF_ROWS, SAY_WHO_RATED, columns_of_people, source_columns
from inputs.tables.layout import Column, Table
from inputs.tables.raters import OF_MANAGER, names_of_raters, plain, says_who_rated
from inputs.tables.review_cycles import MOVEMENT, ask_for_fuller, earlier_rows, latest_cycle, those_of_cycle
from inputs.tables.review_status import with_review_status
from inputs.tables.table_issues import TableIssues
from inputs.tables.values import HIGHEST_RATING, hold_a_scale, hold_numbers, range_of, words_in
from inputs.words.cycle_names import cycle_in
from inputs.words.lexicon import OVERALL_RATING, Lexicon
from inputs.words.names import Names
from inputs.words.rating_words import HELD_BY_COMMENT, WRITE_IT, held_ratings
from inputs.words.spelling import words
from inputs.words.statuses import says_of_rows
from inputs.words.written_ratings import is_unrated
from inputs.words.yes_no import yes_or_no

NOBODYS = "does not say who rated or wrote it"
"""Why a column of ratings or comments is not used."""


@dataclass(frozen=True)
class ResolvedColumns:
    """A table whose columns mean one thing each, as far as its values decide it."""

    table: Table
    found: TableIssues
    """What only a person can answer is among it; the work cannot go on with any question left."""
    earlier: tuple[str, ...]
    """The earlier cycles that it holds too, as the file names them."""


def resolve_columns(
    table: Table,
    lexicon: Lexicon,
    levels: Names,
    day: date,
    *,
    confirmed: bool = False,
    cycle: str | None = None,
) -> ResolvedColumns:
    """Gives every column the one meaning that its values show, and collects what remains to be asked.

    With `confirmed`, a person said what the columns are: nothing is resolved by values. `cycle` is the one to
    read where there are several; None for the latest.
    """
    table, repeated = without_headers(table, lexicon)
    table, footers = without_footers(table, lexicon)
    table = table if confirmed else with_review_status(table, lexicon, day)
    log = TableIssues(table)
    log.issues += [*repeated, *footers]
    by_title = None if confirmed else _rater_of_title(table, lexicon)
    log.table = table if confirmed else words_beside_numbers(table, log)
    by = None if by_title is None else by_title[0]
    table = open_columns(log, lexicon, by)
    if not confirmed:
        table = table if by_title is None else _with_managers_of_title(table, *by_title)
        table = people_columns(table, lexicon, levels, by)
    table, notes = filled_down(table)
    log.issues += notes
    if not confirmed:
        ask_whom(table, lexicon, by, log)
        table = table if by_title is None else _rated_by_title(table, *by_title, log)
        _look_at_lines(table, lexicon, day, log)
        table = with_one_status(_without_other_facts(table, log), day, log)
        warn_of_exclusions(table, log)
    table, earlier = _latest_columns(_of_cycle(table, cycle), day, cycle, log)
    table = table if confirmed else sentences_as_comments(comments_beside(table), log)
    table = _overall_figures(_without_doubtful_raters(table, lexicon), lexicon, log)
    table = _ratings_without_rater(one_column_per_role(table, log), lexicon, log)
    if not confirmed:
        log.issues += similar_columns(table, lexicon)
    for at in second_headers(table, lexicon, levels):
        log.ask(
            f"{table.place}, row {table.rows[at]}: is that the header of a second table? Its columns are not "
            "those of the first.",
            "Put each table on a sheet of its own.",
        )
    return ResolvedColumns(table, log, (*earlier, *earlier_rows(table, day)))


def _rater_of_title(table: Table, lexicon: Lexicon) -> tuple[AnyRater, str] | None:
    """The rater that the title of the sheet names, or else that of the file or a line above the table, and
    why: ratings without a rater are by them. Not where rows say it themselves, or where a line says another
    one, unless a mapping explains the title."""
    if not _one_rater_each(table, lexicon):
        return None
    rows = ([str(cell) for cell in row if cell] for row in table.above.iter_rows())
    lines = [("a line above the table is", row[0]) for row in rows if len(row) == 1]
    titles = zip(("the sheet is named", "the file is named"), table.titles, strict=True)
    by_title, by_line = (
        [
            (rater, f"{why} '{title}'")
            for why, title in said
            if (rater := lexicon.rater_of_title(title, of_file=title != table.sheet.name)) is not None
            and not _contradicts(table, rater)
        ]
        for said in (titles, lines)
    )
    if any(words(title) in lexicon.explained for title in table.titles):
        by_line = []
    found = [*by_title[:1], *by_line]
    return found[0] if len({rater for rater, _ in found}) == 1 else None


def _look_at_lines(table: Table, lexicon: Lexicon, day: date, log: TableIssues) -> None:
    """Asks about a line among the rows that names a rater of whom no column is, as above the second of two
    tables, and warns of one that says that people below it have left, say. `Managers` alone may be a group
    of people."""
    known = table.raters
    of_one = known and not known >= set(RATERS) and not table.by_role.keys() & SAY_WHO_RATED
    for row, text in table.lines:
        rater = None if words(text) in lexicon.people else lexicon.rater_of_title(text, of_others=True)
        if of_one and rater is not None and rater not in known:
            who = "others" if rater == "other" else BY[rater]
            log.ask(
                f"{table.place}, row {table.row_label(row)}: are the ratings below '{text[:60]}' by {who}? "
                "They would be read as by the same rater as those above it.",
                "Put the ratings by each of them on a sheet of its own; otherwise take that row out.",
            )
            return
        if says_of_rows(text, day) or cycle_in(words(text)) or _says_a_field(text, table, lexicon):
            problem = (
                f"'{text[:60]}' stands in a row of its own. If it says something of the rows below it, that "
                "was not used: they were read like those above it."
            )
            remedy = (
                "If it does, write it into a column, or take out the rows of those who are not to be "
                "assessed; otherwise nothing to do."
            )
            log.warn("line_among_rows", problem, remedy, None, row, text)


def _says_a_field(text: str, table: Table, lexicon: Lexicon) -> bool:
    """Whether a text such as `Manager: Runa Falk` says of people what no column does."""
    name, colon, value = text.partition(":")
    meaning = lexicon.meaning(name) if colon and value.strip() else None
    field = meaning.role if meaning is not None else None
    return isinstance(field, Field) and field.use != "rating" and not _like(field) & table.by_role.keys()


def _like(field: Field) -> set[Role]:
    """The fields that say what a field says."""
    return {field, *(_NAMING_MANAGERS if field in _NAMING_MANAGERS else ())}


def _one_rater_each(table: Table, lexicon: Lexicon) -> bool:
    """Whether no column says who rated, or one gives a name beside the only row of each person."""
    naming = [column for role, column in table.by_role.items() if role in _MANAGER_OF]
    if not naming:
        return not table.by_role.keys() & set(RATERS_OF_ROWS)
    if table.by_role.keys() & {fields.RELATIONSHIP, fields.RATEE_ROLE}:
        return False
    texts = [text for column in naming for text in table.texts_of(column).drop_nulls().unique()]
    if any(lexicon.rater(text) is not None for text in texts):
        return False
    by_role = table.by_role
    of_each = [by_role[role].letter for role in (fields.COMPETENCY, fields.CYCLE) if role in by_role]
    rows = (table.cells.select(one.letter, *of_each).drop_nulls() for one in columns_of_people(table))
    return any(not one.is_duplicated().any() for one in rows)


def _contradicts(table: Table, rater: AnyRater) -> bool:
    """Whether whoever rated is the person where the title says the manager, or somebody else where it says
    the person."""
    columns = source_columns(table)
    pairs = [(columns[one], columns[other]) for one, other in _WHO if one in columns and other in columns]
    return any(
        (plain(one) == plain(other)) != (rater == "self")
        for given, person in pairs
        for one, other in zip(given.texts, person.texts, strict=True)
        if one and other
    )


_NAMED = {fields.RATER: (fields.EMPLOYEE_NAME, fields.MANAGER), **OF_MANAGER}
"""As `OF_MANAGER`; where no word of `Rater` says who rated, it names somebody, in whatever way."""
_WHO = tuple((naming, who) for naming, (person, _) in _NAMED.items() for who in (person, fields.EMPLOYEE))
_MANAGER_OF: Mapping[Role, Field] = {naming: manager for naming, (_, manager) in _NAMED.items()}
"""What identifies whoever rated, and what that is where the manager rated."""


def _with_managers_of_title(table: Table, rater: AnyRater, why: str) -> Table:
    """Whoever rated on a sheet of managers' ratings is the manager."""
    who = "somebody else" if rater == "other" else BY[rater]
    naming = []
    for column in table.columns:
        if column.role is not None and column.role in _MANAGER_OF:
            role = _MANAGER_OF[column.role]
            taken = role if rater == "manager" and role not in table.by_role else None
            naming.append(replace(column, role=taken, why=f"whoever rated is {who}: {why}"))
    return table.with_columns(naming)


def _rated_by_title(table: Table, rater: AnyRater, why: str, log: TableIssues) -> Table:
    """The ratings and comments that do not say by whom, by whom the title says."""
    if rater == "other":
        return _kept_apart(table, why, log)
    why = f"by {BY[rater]}: {why}"
    named = []
    for column in table.columns:
        role = column.role
        if isinstance(role, RatingOf) and role.rater is None:
            named.append(replace(column, role=replace(role, rater=rater), why=why))
        elif isinstance(role, CommentOn) and role.rater is None:
            named.append(replace(column, role=replace(role, rater=rater), why=f"comment {why}"))
        elif role is fields.RATING:
            named.append(replace(column, role=RATING_BY[rater], why=why))
        elif role is fields.RATING_COMMENT and fields.COMPETENCY in table.by_role:
            named.append(replace(column, role=CommentOn(OVERALL, rater), why=f"comment {why}"))
    return table.with_columns(named)


def _kept_apart(table: Table, why: str, log: TableIssues) -> Table:
    """The table without the ratings and comments of somebody else."""
    theirs = [
        column
        for column in table.columns
        if column.role in (fields.RATING, fields.RATING_COMMENT)
        or (isinstance(column.role, RatingOf | CommentOn) and column.role.rater is None)
    ]
    if not theirs:
        return table
    count, first = len(theirs), theirs[0]
    problem = (
        f"{counted(count, 'column')} of {table.place}, such as '{first.header}', {was(count)} kept apart: by "
        f"other raters ({why}), and not part of the manager's rating."
    )
    log.issues.append(table.issue("other_raters", Severity.NOTE, problem, "Nothing to do.", first))
    return table.unused({column.letter: f"by other raters: {why}" for column in theirs})


_NAMING_MANAGERS = (fields.MANAGER, fields.MANAGER_ID, fields.MANAGER_NAME)


def _without_other_facts(table: Table, log: TableIssues) -> Table:
    """`Portfolio` with names of products, and `Certificate` with names of courses, answer no question;
    `Manager` with yes and no names nobody."""
    for column in table.columns:
        is_question = isinstance(column.role, Field) and column.role.kind == "yes_no"
        if not is_question and column.role not in _NAMING_MANAGERS:
            continue
        texts = table.texts_of(column).drop_nulls().unique().to_list()
        given = [text for text in texts if not is_unrated(text)]
        if is_question and given and all(yes_or_no(text) is None for text in given):
            log.put_aside(column, "none of its values is yes or no")
        elif not is_question and not all(map(str.isdigit, given)) and None not in map(yes_or_no, given):
            log.put_aside(column, "its values are yes and no, and name nobody's manager")
    return log.left_in(table)


def _of_cycle(table: Table, wanted: str | None) -> Table:
    """The rows of the cycle that is wanted, where a column says of which they are."""
    texts = table.texts(fields.CYCLE) if wanted is not None and fields.CYCLE in table.by_role else None
    if texts is None or wanted is None:
        return table
    named = those_of_cycle(texts.drop_nulls().unique().to_list(), wanted)
    kept = texts.is_in(named).fill_null(value=False)
    return table.filtered(kept) if named else table


_PRESENT = "the present one"


def _latest_columns(
    table: Table, day: date, wanted: str | None, log: TableIssues
) -> tuple[Table, tuple[str, ...]]:
    """Of columns for one thing in several cycles, those of the latest one; and the other cycles."""
    cycles: defaultdict[Role, dict[str, Column]] = defaultdict(dict)
    for column in table.columns:
        if column.cycle is not None and column.role is not None:
            cycles[column.role].setdefault(column.cycle, column)
    plain = {column.role: column for column in table.columns if column.cycle is None}
    earlier: dict[str, str] = {}
    counts, chosen = Counter[str](), set[str | None]()
    for role, by_cycle in cycles.items():
        latest = latest_cycle(by_cycle, day, undated=role in plain, wanted=wanted)
        earlier |= {column.letter: cycle for cycle, column in by_cycle.items() if latest not in (None, cycle)}
        if is_rating(role) and len(by_cycle) > 1:
            chosen.add(latest)
            counts += {cycle: len(table.cells[one.letter].drop_nulls()) for cycle, one in by_cycle.items()}
        if latest and role in plain and those_of_cycle(by_cycle, wanted) == [latest]:
            earlier[plain[role].letter] = _PRESENT
    _one_cycle(table, earlier, log)
    only = chosen.pop() if len(chosen) == 1 else None
    if only and wanted is None and (asked := ask_for_fuller(table.place, counts, only)) is not None:
        log.questions.append(asked)
    if not earlier:
        return table, ()
    left = [column for column in table.columns if column.letter in earlier]
    cycles_left = tuple(dict.fromkeys(earlier.values()))
    named = ", ".join(f"'{cycle}'" for cycle in cycles_left)
    problem = (
        f"{counted(len(left), 'column')} of other cycles ({named}), such as '{left[0].header}', "
        f"{was(len(left))} left out: the {'latest' if wanted is None else 'wanted'} cycle is assessed."
    )
    log.issues.append(table.issue("earlier_cycle", Severity.NOTE, problem, MOVEMENT, left[0]))
    reasons = {letter: f"of an earlier cycle ({cycle})" for letter, cycle in earlier.items()}
    return table.unused(reasons), cycles_left


def _one_cycle(table: Table, earlier: Mapping[str, str], log: TableIssues) -> None:
    """Warns when the ratings of the two raters are of different cycles."""
    cycles: dict[Rater, set[str]] = {rater: set() for rater in RATERS}
    for column in table.columns:
        role = column.role
        if isinstance(role, RatingOf) and role.rater and column.letter not in earlier and column.cycle:
            cycles[role.rater].add(column.cycle)
    own, theirs = cycles["self"], cycles["manager"]
    if own and theirs and not own & theirs:
        shown = " and ".join(f"{join(sorted(of))} by {BY[rater]}" for rater, of in cycles.items())
        problem = f"The two raters' ratings are of different cycles: {shown}. They were read side by side."
        remedy = "Nothing to do if that is right; otherwise give the ratings of one cycle."
        log.warn("earlier_cycle", problem, remedy)


def _without_doubtful_raters(table: Table, lexicon: Lexicon) -> Table:
    """`Mitarbeiter` is the person, but where `Selbst` is there too it is somebody else."""
    doubtful = [column for column in table.columns if _is_doubtful(column, lexicon)]
    clear = {column.role for column in table.columns if column not in doubtful}
    why = "a clearer column holds the person's own ratings"
    return table.unused({column.letter: why for column in doubtful if column.role in clear})


def _is_doubtful(column: Column, lexicon: Lexicon) -> bool:
    if not is_rating(column.role) or column.role.rater != "self":  # type: ignore[union-attr]
        return False
    spoken = words(column.header)
    parts = {spoken[a:b] for a in range(len(spoken)) for b in range(a + 1, len(spoken) + 1)}
    return bool(parts & lexicon.perhaps_other)


def _overall_figures(table: Table, lexicon: Lexicon, log: TableIssues) -> Table:
    """`Manager Rating` is one overall figure where other columns hold the ratings of competencies."""
    roles, left, why = table.by_role, list[Column](), OVERALL_RATING
    by_raters = [roles[role] for role in RATING_BY.values() if role in roles]
    single = roles.get(fields.RATING)
    if fields.COMPETENCY in roles:
        _two_candidates(table, log)
        _lost_half(table, lexicon, log)
        _other_figures(table, lexicon, log)
        if single is not None and roles.keys() & set(RATERS_OF_ROWS):
            left, why = by_raters, f"column {single.letter} ('{single.header}') holds the rating of each row"
        elif single is not None and len(by_raters) == len(RATERS):
            left, why = [single], "both raters have a column of their own"
    elif any(isinstance(role, RatingOf) for role in roles):
        left = by_raters
    for column in left:
        log.put_aside(column, why)
    return log.left_in(table)


def _two_candidates(table: Table, log: TableIssues) -> None:
    """Asks which of two columns holds the rating of each row, where no column says who rated."""
    single = table.by_role.get(fields.RATING)
    others = [table.by_role[role] for role in RATING_BY.values() if role in table.by_role]
    if single is None or len(others) != 1 or table.by_role.keys() & SAY_WHO_RATED:
        return
    listed = " or ".join(
        f"'{one.header}' (column {one.letter}, {range_of(table, one)})" for one in (single, others[0])
    )
    log.ask(
        f"{table.place}: which column holds the rating of each row: {listed}?",
        f"Say in a mapping which of them is not, such as {single.mapped_as()}.",
        [single, others[0]],
    )


def _lost_half(table: Table, lexicon: Lexicon, log: TableIssues) -> None:
    """Asks whose ratings a column holds that is called a rating or names the other rater, where only one
    rater is understood."""
    known = [role for role in RATING_BY.values() if role in table.by_role]
    if len(known) != 1 or table.by_role.keys() & {fields.RATING, *SAY_WHO_RATED}:
        return
    rater = next(rater for rater in RATERS if RATING_BY[rater] is not known[0])
    beside = table.by_role[known[0]].header
    for column in table.columns:
        if not _may_be_ratings(column, lexicon, rater) or not hold_a_scale(table, column):
            continue
        seen = range_of(table, column) or few(sorted(words_in(table, column)), 4)
        log.ask(
            f"{table.place}, column {column.letter} ('{column.header}', {seen}): whose "
            f"ratings are they, next to '{beside}'?",
            f"If they are by {BY[rater]}, say so in a mapping: "
            f"{column.mapped_as(RATING_BY[rater].name)}; if they are not to be used, `null`.",
            [column],
        )


def _other_figures(table: Table, lexicon: Lexicon, log: TableIssues) -> None:
    """Warns of ratings of each row by nobody who is known, `Official rating`, next to those that are read."""
    both = (table.by_role.get(role) for role in (fields.RATING, RATING_BY["manager"]))
    read = next((column for column in both if column is not None), None)
    if read is None or read.role is None:
        return
    asked = frozenset[ColumnPlace]().union(*(one.columns for one in log.questions))
    for column in table.columns:
        if table.sheet.column(column.letter) in asked or not _may_be_ratings(column, lexicon, "self"):
            continue
        if hold_numbers(table, column, HIGHEST_RATING):
            named = mapped([(column.header, read.role.name), (read.header, "null")])
            log.warn_of(
                [column],
                "it does not say that the person or the manager rated",
                f"If it is what counts in place of '{read.header}', say so in a mapping: "
                f"`columns: {named}`; otherwise nothing to do.",
            )


def _may_be_ratings(column: Column, lexicon: Lexicon, rater: Rater) -> bool:
    """Whether a column that is taken for nothing has a word for ratings or for the rater in its header, and
    none against. Any may be the manager's, without which nobody can be assessed: it may have their name."""
    spoken = words(column.header)
    each_word = [(word,) for word in spoken]
    named = rater == "manager" or any(
        word in lexicon.rating_words or lexicon.raters.get(word) == rater for word in each_word
    )
    apart = lexicon.is_no_rating(column.header, spoken)
    meant = lexicon.meaning(column.header)
    # No column is `Manager Z` of a competency Z where another names the competency.
    unknown = not column.why or (meant is not None and isinstance(meant.role, OpenRating))
    return column.role is None and unknown and named and not apart


def _ratings_without_rater(table: Table, lexicon: Lexicon, log: TableIssues) -> Table:
    """Ratings of a competency that do not say whose they are: put aside when both raters have their own."""
    if table.by_role.keys() & SAY_WHO_RATED:
        return table
    table = _comments_of_nobody(table, log)
    short = NOBODYS
    nobodys = []
    for column in table.columns:
        role = column.role
        if isinstance(role, CommentOn) and role.rater is None:
            _nobodys_comments(log, column, table)
        elif isinstance(role, RatingOf) and role.rater is None:
            if all(replace(role, rater=rater) in table.by_role for rater in RATERS):
                why = "self and manager have their own columns for this competency"
                log.put_aside(column, why, short)
            else:
                nobodys.append(column)
    named = few([column.called for column in nobodys], 3)
    who = names_of_raters(table, lexicon) if nobodys else None
    if who is not None:
        column, listed = who
        log.ask(
            f"{table.place}: does {column.called} say who rated, with {listed}?",
            f"If so, say it in a mapping: {column.mapped_as('rater')}. If not: whose ratings are {named}?",
            [column],
            says_who_rated(column),
        )
    elif nobodys:
        log.ask(
            f"{table.place}: whose ratings are {named}: the person's own or the manager's?",
            "Name the columns such as 'Communication (manager)', or say so for the whole table in a mapping: "
            f"`raters: {mapped([(table.title, 'manager')])}`, or `self`, or `other`.",
            nobodys,
        )
    return log.left_in(table)


def _nobodys_comments(log: TableIssues, column: Column, table: Table) -> None:
    """Puts comments aside that do not say who wrote them, and warns of ratings in them beside empty cells."""
    log.put_aside(column, "it does not say whether the person or the manager wrote it", NOBODYS)
    of = column.role.competency if isinstance(column.role, CommentOn) else OVERALL
    rated = [
        table.texts_of(one).is_null().alias(one.letter)
        for one in table.columns
        if (isinstance(one.role, RatingOf) and of in (one.role.competency, OVERALL)) or one.role in _RATED
    ]
    if not rated:
        return
    texts = table.texts_of(column)
    held = held_ratings(texts, pl.select(pl.any_horizontal(rated)).to_series())
    log.issues += [
        table.issue(
            *("note_on_rating", Severity.WARNING, HELD_BY_COMMENT.format(texts[at][:60]), WRITE_IT, column),
            row=table.rows[at],
            value=texts[at],
        )
        for at in held[:LISTED_OF_PEOPLE]
    ]


_RATED = tuple(RATING_BY.values())


def _comments_of_nobody(table: Table, log: TableIssues) -> Table:
    """`Comments` that do not say who wrote them: by the only rater of the table, else put aside."""
    column = table.by_role.get(fields.RATING_COMMENT)
    if column is None or fields.RATING in table.by_role:
        return table
    raters = table.raters | {rater for rater, role in RATING_BY.items() if role in table.by_role}
    only = next(iter(raters)) if len(raters) == 1 else None
    if only is None or fields.COMPETENCY in table.by_role:
        if raters:
            _nobodys_comments(log, column, table)
        return log.left_in(table)
    comment = replace(column, role=CommentOn(OVERALL, only), why=f"overall comment by {BY[only]}, who rated")
    return table.with_columns([comment])
