"""The choice of a scale for each rater's ratings, and what is asked where nothing says it for sure."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import combinations

from inputs.asked import Asked
from inputs.fields import RATERS, Rater
from inputs.phrases import few, join, tally
from inputs.roster import RatingScale
from inputs.words.legends import Legend
from inputs.words.rating_words import known_sets, sets_with
from inputs.words.scales.explained import by_legend, fitting
from inputs.words.scales.in_words import ask_about_mixed, choose_percents, choose_words
from inputs.words.scales.kinds import NumberScale, RaterScale, ScaleChoice
from inputs.words.scales.open_ended import as_rules_count, way_out_below, way_out_beyond
from inputs.words.scales.seen import (
    BY_WHOM,
    STRAY_CELLS,
    RatingsSeen,
    Unscaled,
    Whose,
    count_of_known_words,
    in_a_mapping,
    many,
    points_text,
    quoted,
    seen_together,
)
from inputs.words.written_ratings import TEN_THOUSANDTHS

_SOME, _ENOUGH = 10, 30
"""Ratings from which a range that stays below the top of the scale is worth a note, and a question."""
_SHOWN = 6
"""Texts that a question shows."""
MANY_PEOPLE = 30
"""With more people than this, nobody at the top of the scale is a question."""
_NEARLY = 8
"""A rating that lacks less than this part of the scale reaches the top."""
_SEVERAL_PEOPLE = 5
"""With as many people, ratings that end a whole point or more below the top are one: 1 to 4, or 1 to 3."""
_SEVERAL_STEPS = 3
"""If they are spread over as many steps, so that somebody would have reached the top."""
_HEADERS = "the headers (or the rules for the cells)"
"""What may name a scale for single columns."""


def choose_scales(
    seen: Mapping[Rater, RatingsSeen], pack: RatingScale, legends: Sequence[Legend], people: int
) -> dict[Rater, ScaleChoice]:
    """The scale of each rater's ratings, when nobody declared it. What is open for both is one question, by
    what both of them hold. `people` are those who have a rating."""
    own = ({pack.lowest, pack.highest}, {pack.highest})
    lists = [one for one in legends if one.is_list]
    legends = [one for one in legends if not one.is_list and (not one.said or one.words.keys() not in own)]
    rated = [rater for rater in RATERS if seen[rater].rated]
    exceeded = _exceeded(legends, [seen[rater] for rater in rated], pack)
    legends = [one for one in legends if one not in exceeded]
    choices = {rater: _choose(Unscaled(rater, seen[rater], pack), legends, lists) for rater in RATERS}
    if not rated:
        return choices
    whose: Whose = "both" if len(rated) == 2 else rated[0]
    all_ = Unscaled(whose, seen_together([seen[rater] for rater in rated]), pack)
    asked = [rater for rater in rated if choices[rater].question]
    strays = [rater for rater in rated if seen[rater].outside and not seen[rater].hint]
    if whose == "both" and asked and 2 in (len(asked), len(strays)) and len(fitting(legends, all_.seen)) < 2:
        both = _choose(all_, legends, lists)
        if both.question is None:
            both = replace(_ask_about_range(all_), scale=both.scale)
        choices = dict.fromkeys(RATERS, both)
    elif len(strays) == 2 and not asked and (both := _choose(all_, legends, lists)).question:
        # What is little of each rater's ratings may be much of both.
        choices = dict.fromkeys(RATERS, both)
    if any(choice.question or choice.by_words for choice in choices.values()):
        return choices
    question = _exceeded_question(all_, exceeded) or top_question(all_, people)
    explaining = [one for one in exceeded if not one.said]
    if question is not None:
        choices |= {rater: replace(choices[rater], note=None, question=question) for rater in rated}
    elif explaining:
        warning = _exceeded_warning(all_, explaining[0])
        choices |= {rater: replace(choices[rater], warning=warning) for rater in rated}
    return choices


def _choose(of: Unscaled, legends: Sequence[Legend], lists: Sequence[Legend]) -> ScaleChoice:
    """The scale of some ratings. `lists` are the legends that give the order of words alone."""
    return as_rules_count(of, _found(of, legends, lists))


def _found(of: Unscaled, legends: Sequence[Legend], lists: Sequence[Legend]) -> ScaleChoice:
    seen, pack = of.seen, of.pack
    explained = by_legend(of, legends) if seen.numbers else None
    mixed = seen.numbers > 0 and _are_in_words(count_of_known_words(seen), seen)
    if explained is not None and (explained.question or not mixed):
        return explained
    if seen.percents and seen.hint and {*seen.hint} == {0, 100}:
        return choose_percents(of)
    if of.stated != of.usual:
        if mixed:
            return ask_about_mixed(of)
        if seen.nearly_within(of.stated):
            note = f"Ratings {of.by} were read as {of.stated}, as the headers say."
            return ScaleChoice(of.stated, note, by_words=True)
        but = f"are {of.stated}, but they {seen.spread}"
        return of.ask(f"The headers say that the ratings {of.by} {but}. Which scale are they on?")
    if many(seen.contradictions.total(), seen.rated) or _run_backwards(seen):
        return _ask_about_direction(of)
    best = _best_below_top(of)
    if best is not None:
        beside = "".join(f"; {one}" for one in _read_as_not_rated(seen))
        return of.ask(
            f"Ratings {of.by} {seen.spread}, and the highest is called '{best}', the best word of its set; "
            f"the rule pack's scale runs to {pack.highest}{beside}. Which scale are they on?"
        )
    if many(seen.percents, seen.rated):
        return choose_percents(of)
    if _are_in_words(seen.words.total(), seen):
        return choose_words(of, lists)
    # Of single columns on another scale it is asked what becomes of them.
    apart = not seen.zeros and not seen.tops and seen.few_columns_beyond(pack)
    if (many(seen.outside, seen.rated) and not apart) or _begins_at_zero(of):
        return _ask_about_range(of)
    return ScaleChoice(of.usual, _note_on_usual(of))


def _are_in_words(words: int, seen: RatingsSeen) -> bool:
    """Whether so many words are what the ratings are: a stray word leaves the numbers what they are; a stray
    number may belong to another scale."""
    return words == seen.rated > 0 or (words >= STRAY_CELLS and many(words, seen.rated))


def _begins_at_zero(of: Unscaled) -> bool:
    """Whether there are zeros, and the ratings are spread and end a whole point or more below the top: from 0
    to 4, say."""
    seen, pack = of.seen, of.pack
    below = seen.highest is not None and seen.highest <= (pack.highest - 1) * TEN_THOUSANDTHS
    return pack.lowest > 0 and seen.zeros > 0 and below and seen.steps >= _SEVERAL_STEPS


def _run_backwards(seen: RatingsSeen) -> bool:
    """Whether better words go with lower numbers."""
    votes = Counter[bool]()
    for steps in known_sets().values():
        placed = [
            (at, number)
            for at, step in enumerate(steps)
            for word, numbers in seen.labels.items()
            if word in step
            for number in numbers
        ]
        for (lower, below), (upper, above) in combinations(placed, 2):
            if lower != upper and below != above:
                votes[below < above] += 1
    return votes[False] > votes[True]


def _ask_about_direction(of: Unscaled) -> ScaleChoice:
    shown = [f"'{text}' ({count:,})" for text, count in sorted(of.seen.contradictions.items())]
    if not shown:
        numbers = [(word, number) for word, found in of.seen.labels.items() for number in found]
        shown = [f"'{points_text(number)} - {word}'" for word, number in sorted(numbers)]
    opposite = f"have words that say the opposite of their numbers: {few(shown, _SHOWN)}"
    return of.ask(f"Ratings {of.by} {opposite}. Which number is the best?")


def _best_below_top(of: Unscaled) -> str | None:
    """The best word of its sets, when it goes with the highest number seen and that is not the top."""
    highest = of.seen.highest
    if highest is None or highest >= of.known_top * TEN_THOUSANDTHS:
        return None
    for word, numbers in of.seen.labels.items():
        sets = sets_with([word]).values()
        if sets and all(word in steps[-1] for steps in sets) and max(numbers) == highest:
            return word
    return None


def _ask_about_range(of: Unscaled) -> ScaleChoice:
    seen, pack = of.seen, of.pack
    zeros = f", {seen.zeros} of them 0" if seen.zeros else ""
    outside = f"{seen.outside} of {seen.numbers} {'is' if seen.outside == 1 else 'are'} outside"
    out_of = f" out of {join(list(map(str, sorted(seen.tops))))}" if seen.tops else ""
    columns = quoted(seen.columns_beyond(pack))
    where = f" All of those are in {few(columns, 4)}, and the other columns have none." if columns else ""
    one = " If they have a scale of their own, name it there: 'Communication (1-10)'." if columns else ""
    return of.ask(
        f"Ratings {of.by} {seen.spread}{out_of}; {outside} the rule pack's scale from {pack.lowest} to "
        f"{pack.highest}{zeros}.{where}{one} Which scale are they on?",
        in_a_mapping(of.whose, ', and `not_rated: ["0"]` if 0 means not rated') + way_out_beyond(of),
    )


def _note_on_usual(of: Unscaled) -> str | None:
    """A note when ratings never reach the top: the sheet's scale may end lower. Or that the lowest is
    the best here, as the file itself does not say so."""
    seen, pack = of.seen, of.pack
    if pack.lowest_is_best and seen.numbers:
        return f"Ratings {of.by} were read as {of.usual}, as the rule pack counts."
    if seen.highest is None or seen.numbers < _SOME or seen.highest >= of.known_top * TEN_THOUSANDTHS:
        return None
    return (
        f"Ratings {of.by} {seen.spread} and were read on the scale from {pack.lowest} to {pack.highest}. If "
        "their scale ends lower, say so in a mapping."
    )


def _exceeded(legends: Sequence[Legend], raters: Sequence[RatingsSeen], pack: RatingScale) -> list[Legend]:
    """The legends beyond which ratings go that would be read on the rule pack's scale."""
    of_own = [seen for seen in raters if seen.within(pack) and not seen.hint]
    return [one for seen in of_own if not fitting(legends, seen) for one in legends if len(one.words) > 1]


def _exceeded_question(of: Unscaled, exceeded: Sequence[Legend]) -> Asked | None:
    """Asks for the scale where the file surely names another than the ratings can be on."""
    legend = next((one for one in exceeded if one.said and one.is_sure), None)
    if legend is None:
        return None
    but = f"says {legend.shown}, but the ratings {of.by} {of.seen.spread}"
    return of.ask(f"{legend.place} {but}. Which scale are they on?").question


def _exceeded_warning(of: Unscaled, legend: Legend) -> str:
    return (
        f"{legend.place} explains a scale from {legend.lowest} to {legend.highest} ({legend.shown}), but the "
        f"ratings {of.by} {of.seen.spread}. They were read as numbers from {of.pack.lowest} to "
        f"{of.pack.highest}, as if it explained something else."
    )


def top_question(of: Unscaled, people: int) -> Asked | None:
    """Asks for the scale where nobody reaches the top of the rule pack's, and many could."""
    seen, pack = of.seen, of.pack
    top = int(of.known_top * TEN_THOUSANDTHS)
    # A mean of ratings hardly ever is the top itself.
    nearly = top - int((pack.highest - pack.lowest) * TEN_THOUSANDTHS) // _NEARLY
    if seen.highest is None or seen.highest > nearly or seen.numbers < _ENOUGH or seen.hint:
        return None
    if pack.lowest_is_best:
        return None
    ends_lower = seen.highest <= top - TEN_THOUSANDTHS and seen.steps >= _SEVERAL_STEPS
    if people <= MANY_PEOPLE and not (people >= _SEVERAL_PEOPLE and ends_lower):
        return None
    labels = seen.labels if seen.labels_are_names else {}
    numbers = sorted((number, word) for word, found in labels.items() for number in found)
    words = [f"{points_text(number)} is '{seen.spelled.get(word, word)}'" for number, word in numbers[:8]]
    words += _read_as_not_rated(seen)
    named = f" ({', '.join(words)})" if words else ""
    return of.ask(
        f"Ratings {of.by} {seen.spread}{named}: none of {seen.numbers:,} reaches {of.known_top}, the "
        f"{'top of' if pack.known_up_to is None else 'highest that is known of'} the rule pack's scale. "
        "Which scale are they on?",
        in_a_mapping(
            of.whose, f"; worst {pack.lowest} and best {pack.highest} if it is that of the rule pack"
        )
        + way_out_below(of),
    ).question


def _read_as_not_rated(seen: RatingsSeen) -> list[str]:
    return [f"'{text}' ({count:,}) was read as not rated" for text, count in seen.unrated_labels.items()]


def choose_stated(
    rater: Rater, seen: RatingsSeen, pack: RatingScale, legends: Sequence[Legend]
) -> ScaleChoice:
    """The scale of columns whose headers name one, beside columns of the rater with none or another."""
    of = Unscaled(rater, seen, pack)
    choice = _choose(of, [one for one in legends if not one.is_list], ())
    under = f"{of.by} under {few(quoted(seen.headers), 6)}"
    if choice.question is not None:
        text = choice.question.text.replace(of.by, under)
        return replace(choice, question=Asked(text, "Correct these headers or the ratings below them."))
    note = (choice.note or "").replace(of.by, under).replace("the headers", _HEADERS)
    return replace(choice, note=note or None)


def beside_stated(
    rater: Whose, choice: ScaleChoice, seen: RatingsSeen, stated: Sequence[RatingsSeen]
) -> ScaleChoice:
    """Asks also for the scale of the columns whose headers name none where others of the rater name one."""
    headers = [header for one in stated for header in one.headers]
    named = join(sorted({str(NumberScale(*one.hint)) for one in stated if one.hint}))
    text = (
        f"T{_HEADERS[1:]} of the ratings by {BY_WHOM[rater]} name {named} for {len(headers)} of "
        f"{len(headers) + len(seen.headers)} columns ({few(quoted(headers), 4)}). The others "
        f"({few(quoted(seen.headers), 4)}) {seen.spread}. Which scale are those on?"
    )
    return _unless_said(rater, choice, seen, text)


def beside_turned(rater: Rater, choice: ScaleChoice, seen: RatingsSeen) -> ScaleChoice:
    """Asks also for a scale that nothing says where, by the mapping, the lowest number is the best on the
    other rater's."""
    text = (
        f"The mapping says that the lowest number is the best on the other scale, but nothing says so of the "
        f"ratings by {BY_WHOM[rater]}, which {seen.spread}. Which scale are they on?"
    )
    return _unless_said(rater, choice, seen, text)


def _unless_said(rater: Whose, choice: ScaleChoice, seen: RatingsSeen, text: str) -> ScaleChoice:
    if choice.question or choice.by_words or not seen.numbers:
        return choice
    return replace(choice, note=None, question=Asked(text, in_a_mapping(rater), "scale"))


def misfit_question(
    rater: Rater, scale: RaterScale, misfits: Counter[str], seen: RatingsSeen
) -> Asked | None:
    """Asks again for a scale that a mapping gives where many ratings are not on it; None where few are not,
    or all, of which nothing could be read."""
    count = misfits.total()
    if count >= seen.rated or not many(count, seen.rated):
        return None
    return Asked(
        f"According to the mapping, each rating by {BY_WHOM[rater]} is {scale.right}, but {count:,} of "
        f"{seen.rated:,} are not: {tally(misfits.most_common(), _SHOWN)}. Which scale are they on?",
        "Correct the mapping: its `scales` if they are ratings, its `not_rated` if they are not.",
        "mixed" if many(seen.words.total(), seen.rated) and many(seen.numbers, seen.rated) else "scale",
    )


def wide_warning(
    rater: Rater, scale: RaterScale, seen: RatingsSeen, pack: RatingScale, table: str = ""
) -> str | None:
    """A warning where a mapping gives a longer scale than the rule pack's, and no rating, or none of one
    table, goes beyond that."""
    if not isinstance(scale, NumberScale) or seen.numbers < _ENOUGH or seen.steps < _SEVERAL_STEPS:
        return None
    if scale.highest <= pack.highest or not seen.within(pack):
        return None
    where = f" in '{table}'" if table else ""
    return (
        f"Ratings by {BY_WHOM[rater]}{where} were read as {scale}, as the mapping says, but they "
        f"{seen.spread}: none of {seen.numbers:,} is above {pack.highest}, where the rule pack's own scale "
        "ends."
    )
