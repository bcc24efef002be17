"""What is open beside a recommendation: named questions, which change neither band nor confidence.

Views that differ are asked about in both directions alike, each disagreement once. Whether anybody wrote a
comment, or how a manager rates everybody, is asked about as well; no rule reads it.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import polars as pl

from engine.phrases import count, filled, join, number
from engine.words.explanation import LensResult, OpenQuestion, PersonIssue, SignalEvidence
from engine.words.ratings import PLACES_SHOWN, shown_rating
from inputs import MANAGER, Roster, rating_column
from rules import question_of
from rules.pack import QuestionKind, RulePack, YesNoFact

APART = ("self_higher", "self_lower")
SHARED: tuple[QuestionKind, ...] = ("perhaps_twice", "reporting_loop", "rated_by_another")
"""The kinds of issues that are about other people too; what is asked names none of them."""
NAMED = 4
"""Signals that a sentence names; how many more there are is said."""


@dataclass(frozen=True)
class Habits:
    """How the manager's ratings of each person, and of all of the manager's people, are spread."""

    straight: Mapping[int, str]
    """By person: the one rating that the manager gave throughout, if all that was given is used."""
    alike: Mapping[int, tuple[str, int]]
    """By person: the rating that the manager gives nearly everybody, and to how many people."""


def rating_habits(roster: Roster, pack: RulePack, people: pl.Series) -> Habits:
    """Who of some people is rated the same throughout, and whose manager rates nearly everybody the same.

    `people` are rows of `Roster.people`; of the others, those who have the same managers are looked at.
    """
    standard = pack.standard
    columns = [rating_column(part.id, "manager") for part in pack.competencies]
    known = [name for name in columns if name in roster.ratings.columns]
    if not known:
        return Habits({}, {})
    managers = roster.people.select(manager=MANAGER).with_row_index("person").drop_nulls()
    asked = people.unique()
    theirs = managers.filter(pl.col("person").is_in(asked.implode()))
    peers = managers.join(theirs, on="manager", how="semi")["person"]
    rated = pl.concat([asked.cast(peers.dtype), peers]).unique()
    given = roster.ratings[rated].select(known).with_columns(person=rated)
    given = given.unpivot(index="person", value_name="units").drop_nulls("units")
    each = given.group_by("person").agg(
        pl.col("units").n_unique().alias("kinds"), pl.len().alias("ratings"), pl.col("units").first()
    )
    straight = each.filter((pl.col("kinds") == 1) & (pl.col("ratings") >= standard.straight_line_from))
    ids = roster.people["employee_id"]
    partly = [who for who, issues in roster.issues_of.items() if any(one.is_of_manager for one in issues)]
    straight = straight.filter(~ids.gather(straight["person"]).is_in(partly))
    of_managers = given.join(managers, on="person")
    counts = of_managers.group_by("manager", "units").len("times").sort("times", "units", descending=True)
    leading = counts.group_by("manager", maintain_order=True).first()
    spread = of_managers.group_by("manager").agg(
        pl.len().alias("ratings"), pl.col("person").n_unique().alias("people")
    )
    alike = leading.join(spread, on="manager").filter(
        (pl.col("people") >= standard.alike_from_people)
        & (pl.col("times") >= pl.col("ratings") * float(standard.alike_share))
    )
    theirs, own = theirs.join(alike, on="manager"), roster.scales.get("manager")

    def shown(row: Mapping[str, int]) -> str:
        return number(shown_rating(row["units"], own), PLACES_SHOWN)

    return Habits(
        {row["person"]: shown(row) for row in straight.iter_rows(named=True)},
        {row["person"]: (shown(row), row["people"]) for row in theirs.iter_rows(named=True)},
    )


@dataclass(frozen=True)
class Asker:
    """What asking needs at hand."""

    pack: RulePack
    habits: Habits
    has_comments: bool
    """Without any comment in the file a comment that is not there says nothing."""

    def questions(
        self,
        person: int,
        names: Mapping[str, str],
        signals: Sequence[SignalEvidence],
        lenses: Sequence[LensResult],
        unanswered: Sequence[YesNoFact],
        issues: Sequence[PersonIssue],
        kinds: Collection[str],
        others: Mapping[QuestionKind, Sequence[str]],
        *,
        stale: bool,
    ) -> tuple[OpenQuestion, ...]:
        """The questions about one person and promotion; `names` holds `employee` and `manager`, `unanswered`
        the facts on which the sheet says nothing, `kinds` the kinds of issues there are about the person,
        `others` what other raters see clearly otherwise. `stale`: the review is older than allowed."""
        found = [*_about_file(issues)]
        found += [self._question(kind, (), names) for kind in SHARED if kind in kinds]
        found += [self._question("old_review", (), names)] if stale else []
        for kind, chosen in self._about_signals(signals):
            if chosen:
                found.append(self._question(kind, [one.title for one in chosen], names))
        found += [self._question(kind, titles, names) for kind, titles in others.items() if titles]
        if unanswered:
            found.append(self._question("not_asked", [fact.title for fact in unanswered], names))
        if (same := self.habits.straight.get(person)) is not None:
            found.append(self._question("straight_lined", (), {**names, "rating": same}))
        if (alike := self.habits.alike.get(person)) is not None:
            more = {**names, "rating": alike[0], "count": str(alike[1])}
            found.append(self._question("same_for_everybody", (), more))
        return (*found, *self._of_frameworks(lenses))

    def _about_signals(
        self, signals: Sequence[SignalEvidence]
    ) -> Iterator[tuple[QuestionKind, list[SignalEvidence]]]:
        core = [one for one in signals if one.importance == "core" and one.status != "unrated"]
        least = self.pack.standard.asked_from_core_signals
        blind = [one for one in core if one.blind_spot]
        hidden = [one for one in core if one.hidden_strength]
        blind = blind if len(blind) >= least else []
        hidden = hidden if len(hidden) >= least else []
        yield "blind_spot", blind
        yield "hidden_strength", hidden
        others = [one for one in signals if one.signal not in {named.signal for named in (*blind, *hidden)}]
        yield "views_apart", [one for one in others if one.agreement in APART]
        bare = [one for one in signals if self._rests_on_nothing_written(one)]
        yield "unwritten", bare if self.has_comments else []
        alone = [one for one in signals if one.self_score is None and one.manager_score is not None]
        yield "one_view", alone if len(alone) * 2 >= len(signals) else []

    def _rests_on_nothing_written(self, signal: SignalEvidence) -> bool:
        """Core, met by less than a step, and nobody wrote a word about it."""
        score = signal.manager_score
        just = signal.status == "met" and score is not None and score < signal.bar + self.pack.scale.step
        commented = any(used.self_comment or used.manager_comment for used in signal.ratings)
        return signal.importance == "core" and just and not commented

    def _of_frameworks(self, lenses: Sequence[LensResult]) -> Iterator[OpenQuestion]:
        for lens in lenses:
            warned = [rule for rule in lens.rules if (lens.lens, rule.conclusion) in self._concerns]
            titles = dict(zip(lens.findings, lens.finding_titles, strict=True))
            for rule in {rule.conclusion: rule for rule in reversed(warned)}.values():
                yield OpenQuestion("framework", titles[rule.conclusion], (lens.title,), rule.sentence)

    @cached_property
    def _concerns(self) -> frozenset[tuple[str, str]]:
        """The findings of lenses that warn, each with its lens."""
        findings = ((lens.id, one) for lens in self.pack.lenses for one in lens.findings)
        return frozenset((lens, one.id) for lens, one in findings if one.kind == "concern")

    def _question(
        self, kind: QuestionKind, subjects: Sequence[str], words: Mapping[str, str]
    ) -> OpenQuestion:
        text = question_of(self.pack, kind)
        texts = {"count": str(len(subjects)), **words, "signals": join(subjects, most=NAMED)}
        return OpenQuestion(kind, text.title, tuple(subjects), filled(text.sentence, texts))


def said_of(issues: Sequence[PersonIssue]) -> Iterator[str]:
    """Of the first few issues where it is, and what is wrong there."""
    if issues:
        more = [f"And {count(len(issues) - NAMED, 'more cell')}."] if len(issues) > NAMED else []
        yield " ".join(["In the file,", *(f"{one.place}: {one.problem}" for one in issues[:NAMED]), *more])


def _about_file(issues: Sequence[PersonIssue]) -> Iterator[OpenQuestion]:
    """What the file has to say otherwise, each kind once."""
    for title, remedy in dict.fromkeys((one.title, one.remedy) for one in issues):
        alike = [one for one in issues if (one.title, one.remedy) == (title, remedy)]
        yield OpenQuestion("issue", title, (), " ".join([*said_of(alike), remedy]))
