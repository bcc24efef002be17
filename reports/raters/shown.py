"""The raters of a run in words: what stands out, what it cannot say, and what to ask."""

from collections.abc import Iterator
from dataclasses import dataclass
from math import ceil

from engine.phrases import Rating, count, figure, number, percent
from engine.raters import Agreement, Rater, Raters, SelfAndManager
from reports.shown import Run
from rules.pack import EvidenceStandard

MANY_STRAIGHT = (1, 2)
"""The share of a manager's people, the same on everything, from which that is asked about; two at the
least."""


@dataclass(frozen=True)
class Observation:
    """Something about one manager's ratings that is worth a question."""

    manager: str
    title: str
    question: str


@dataclass(frozen=True)
class RaterShown:
    """One manager as reports name them."""

    name: str
    rater: Rater
    agreement: Agreement | None


@dataclass(frozen=True)
class RatersShown:
    """The raters of a run with the words that they are shown in."""

    run: Run
    raters: tuple[RaterShown, ...]
    """By name: there is no ranking, as the ratings cannot give one."""
    observations: tuple[Observation, ...]
    warning: str
    links: tuple[str, ...]
    """How managers are connected, and what that allows."""
    variance: str
    """How much of what sets scores apart lies between managers."""
    both_views: SelfAndManager | None
    views: tuple[str, ...]
    """Self and manager in sentences."""
    names: dict[str, str]
    """`Rater.manager` to the name."""

    @property
    def reach(self) -> float:
        """The end of the axis of differences, in points: half points."""
        ends = [
            abs(end)
            for one in self.raters
            if (far := one.rater.beside) is not None
            for end in (far.low, far.high, far.difference)
        ]
        return max(ceil(max(ends, default=0.5) * 2) / 2, 0.5)


def show_raters(raters: Raters, run: Run) -> RatersShown:
    """The raters in words."""
    names = _names(raters)
    both = raters.both_views
    shown = tuple(
        RaterShown(names[one.manager], one, both.managers.get(one.manager) if both else None)
        for one in raters.raters
    )
    return RatersShown(
        run=run,
        raters=shown,
        observations=tuple(seen for one in shown for seen in _observations(one, run.pack.standard)),
        warning=WARNING if shown else _nobody(raters),
        links=(*_scale(raters), *_without(raters), *_links(raters), VIGNETTES),
        variance=_variance(raters),
        both_views=both,
        views=tuple(_views(both)) if both else (),
        names=names,
    )


def rater_lines(shown: RatersShown) -> Iterator[str]:
    """The raters for the terminal."""
    yield f"Raters: questions to ask, for HR alone ({count(len(shown.raters), 'manager')})"
    for seen in shown.observations:
        yield f"  {seen.manager}: {seen.title}. {seen.question}"
    if shown.raters and not shown.observations:
        yield "  Nothing stands out."
    yield from (f"  {sentence}" for sentence in (shown.warning, *shown.links))


WARNING = (
    "Each person is rated by one manager. Low ratings can therefore mean a strict manager or a team with "
    "more to learn, and high ratings a lenient manager or a strong team: the numbers look the same. Nothing "
    "here changes a recommendation."
)


def _nobody(raters: Raters) -> str:
    """Why no manager is shown."""
    why = "the file does not say whose ratings they are" if raters.without else "no manager rated anybody"
    return f"Nobody can tell how managers rate: {why}. Nothing here changes a recommendation."


def _scale(raters: Raters) -> Iterator[str]:
    if raters.scale_note:
        yield f"{raters.scale_note} Means and differences are on that scale, where more is better."


def _without(raters: Raters) -> Iterator[str]:
    if raters.without and raters.raters:
        people = count(raters.without, "person has", "people have")
        yield f"{people} ratings but no manager in the file; these ratings count for no manager."


def _names(raters: Raters) -> dict[str, str]:
    """Each manager's name, with the id where there is one."""
    return {
        one.manager: one.name if one.name == one.manager else f"{one.name} ({one.manager})"
        for one in raters.raters
    }


def _observations(one: RaterShown, standard: EvidenceStandard) -> Iterator[Observation]:
    rater, habit = one.rater, one.rater.habit
    people = count(rater.people, "person", "people")
    if rater.people >= standard.alike_from_people and habit.commonest_share >= standard.alike_share:
        rating = number(habit.commonest) + ("" if isinstance(habit.commonest, Rating) else "s")
        share = "all" if habit.commonest_share == 1 else f"{percent(habit.commonest_share)} of ratings"
        yield Observation(
            one.name,
            f"{people}, {share} {rating}",
            "Who of them is furthest, who has most to learn, and what did each do that shows it?",
        )
    elif habit.straight >= 2 and habit.straight * MANY_STRAIGHT[1] >= habit.straight_of * MANY_STRAIGHT[0]:
        yield Observation(
            one.name,
            f"{habit.straight} of {count(habit.straight_of, 'person', 'people')} with one rating on "
            "everything",
            "What is each of them strongest and weakest in?",
        )
    far = rater.beside
    if far is not None and far.clear:
        way = "above" if far.shrunken > 0 else "below"
        yield Observation(
            one.name,
            f"about {figure(abs(far.shrunken))} points {way} what people at the same levels get elsewhere "
            f"({figure(far.low, signed=True)} to {figure(far.high, signed=True)})",
            "Is it the scale or the team? Which piece of work would other managers rate the same?",
        )


VIGNETTES = (
    "Invented people whom every manager rates on their own would connect all managers and show how strict "
    "each of them is: the command readiness vignettes writes them."
)


def _links(raters: Raters) -> Iterator[str]:
    links = raters.links
    if links.managers < 2:
        if links.managers:
            yield (
                "All ratings are one manager's. There are no peers to compare with, so nobody can tell how "
                "strict they are."
            )
        return
    managers = count(links.managers, "manager")
    if not links.people:
        where = (
            f"and in {count(links.earlier, 'earlier cycle')} nobody was rated by another manager of this run"
            if links.earlier
            else "and no earlier cycle was given"
        )
        differ = " The figures show that they differ; only people can say why." if raters.severity else ""
        yield (
            f"Nothing connects the {managers}: nobody has two managers' ratings in this run, {where}. "
            f"Nobody can tell how strict managers are, so nobody is ranked.{differ}"
        )
        return
    whole = (
        "together they connect all managers"
        if links.whole
        else f"they connect {links.largest} of the {managers}, but not the others"
    )
    people = count(links.people, "person was", "people were")
    yield (
        f"{people} rated by another manager of this run in an earlier cycle; {whole}. People and work change "
        "between cycles, so this is enough to talk about single people, but not to rank managers."
    )


def _variance(raters: Raters) -> str:
    severity = raters.severity
    if severity is None:
        return (
            "Nobody can tell how managers differ: that takes two managers, one of them with several people, "
            "and scores that differ."
        )
    return (
        f"Of what sets scores at the same level apart, {percent(severity.share)} lies between managers "
        f"(standard deviation {figure(severity.between)} points) and the rest between the people of one "
        f"manager ({figure(severity.within)})."
    )


def _views(both: SelfAndManager) -> Iterator[str]:
    all_pairs = both.overall
    yield (
        f"{count(all_pairs.pairs, 'rating')} given by both: {percent(all_pairs.exact, all_pairs.pairs)} the "
        f"same, {percent(all_pairs.within_step, all_pairs.pairs)} within one step; self less manager is "
        f"{figure(all_pairs.difference, signed=True)} points on average. Over 115 studies people rated "
        "themselves about a third of a standard deviation higher than their managers did (Heidemeier and "
        "Moser 2009)."
    )
    if both.people and not both.tells:
        yield (
            "Nobody can tell whether anybody overestimates or underestimates themselves from "
            f"{count(both.people, 'person', 'people')} who rated themselves on three competencies or more: "
            "that takes at least five people, who do not all differ from their manager in the same way."
        )
    elif both.people:
        agree = both.people - both.over - both.under
        yield (
            f"Of {count(both.people, 'person', 'people')} who rated themselves on three competencies or "
            f"more, {both.over} overestimate themselves, {agree} agree and {both.under} underestimate "
            "themselves, by the definition of Atwater and Yammarino (1992): half a standard deviation "
            f"({figure(both.gap_spread / 2)} points) or more above or below the usual difference "
            f"({figure(both.gap, signed=True)}). By this definition about as many are over as under "
            "everywhere; the words say who differs from the others, not who is wrong."
        )
