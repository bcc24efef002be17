"""What a header can mean: the words people use, as data, together with the rule pack's own words."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache, cached_property
from itertools import combinations
from typing import Any, Literal

from rapidfuzz import fuzz, process
from rapidfuzz.distance import Levenshtein

from inputs import fields as known_fields
from inputs.fields import (
    BY,
    FIELDS,
    OF_EMPLOYEE,
    OF_MANAGER,
    OF_RATER,
    OVERALL,
    PRODUCT_SINCE,
    RATERS,
    RATING_BY,
    SPECIALISATION,
    TARGET_LEVEL,
    AnyRater,
    CommentOn,
    Field,
    OpenRating,
    Rater,
    RatingOf,
    Role,
)
from inputs.roster import Term, Vocabulary
from inputs.words.cycle_names import cycle_in, is_cycle, spelled_out
from inputs.words.dates import without_order
from inputs.words.header_scales import Scale, without_scale
from inputs.words.rating_words import is_known
from inputs.words.spelling import OF_BOTH, normalise, words
from inputs.words.stand_ins import sums_up
from inputs.words.word_lists import column_words, word_key, word_keys

Phrase = tuple[str, ...]
Person = Literal["employee", "manager", "rater"]

_ALIKE = 84
"""Similarity, of 100, from which a spelling is worth suggesting."""
_LONGEST_HEADER = 300
_NOISE = re.compile(r"20\d\d(?:[01]\d[0-3]\d)?|\d{1,2}[a-z]?|[a-z]\d{1,2}|fy\d{2,4}")
_SECOND = re.compile(r"^(?:l|level )?[2-9][a-z]? | (?:l|level )?[2-9][a-z]?$")
"""At either end of the words for somebody who is not the first: `Manager 2`, `L2 manager`, `2e chef`."""
_ONE_OF_SEVERAL = re.compile(r"[1-9]")
_CYCLE_PARTS = re.compile("[ /]")
_COUNTED = re.compile(r"(?<!\w)#(?!\d)")
"""Before what is counted: `# of raters`; no `C#`, and no `Goal #1`."""
_WHOSE = re.compile(r"(?<=\w)['’`´ʼ]s\b")
"""`Employee's comment` is a comment by the employee, as `Employee comment` is."""
_SAID_TWICE = re.compile(r"(\s+[-–—|]\s+|:\s*|\s*[()\[\]\n]\s*)")
_TWICE = re.compile(r"\s+/\s+")
"""Between the parts of a header in two languages, and between the languages of each."""
_WITHOUT_SPACES = re.compile(r"[\u3005-\u3007\u3040-\u30ff\u3400-\u9fff\uff66-\uff9f]+")
_PARTS = re.compile(r"\s+[-–—]\s+|[:()\[\]{}|/>·•]|(?<=\w)[-–—]\s+")
"""Between the parts of a header: `Communication - Dana K.`, `Rate each skill [Communication]`."""
_SIDE_BY_SIDE = re.compile(r"[/|&+,]|\b(?:and|und|et|y|e|en|och|og|i)\b")
_BRACKETED = re.compile(r"[(\[]([^()\[\]]*)[)\]]")
_OF_INTERFACE = re.compile(r"__p?c$")
FIELD_OF_MANAGER = dict(zip(OF_EMPLOYEE, OF_MANAGER, strict=True))
FIELD_OF_RATER = dict(zip(OF_EMPLOYEE, OF_RATER, strict=True))
"""What identifies a person, and what the same of the manager, or of whoever rated, is."""
_ABOUT_PEOPLE = tuple(field for field in FIELDS.values() if field.use != "rating")


@dataclass(frozen=True)
class Meaning:
    """What a header means."""

    role: Role | None
    """None for a column that is understood, but not used."""
    why: str
    weak: bool = False
    """Whether it gives way to a clearer column for the same thing."""
    scale: Scale | None = None
    """When the header says so: `Communication (1-10)`."""
    cycle: str | None = None
    """When the header says so: `2025`, `H1 2026`, `EARLIER`."""


OVERALL_RATING = "an overall rating; the rules work on competencies"
BY_MAPPING = "the mapping says so"
BY_OTHERS = "as others see it, which is kept apart from the manager's rating"
"""The end of why ratings by peers and the like are not used."""
NO_RATING_OF_IT = "but not a rating of it"
"""The end of why weights, targets and the like of a competency are not used."""
EARLIER = "last year"
"""The cycle of a header that says no more than that it is not the present one."""


def declared_meaning(header: str, role: Role | None) -> Meaning:
    """What a column is of which a mapping says that; the scale is still the one that its header names."""
    if isinstance(role, CommentOn | None):
        return Meaning(role, BY_MAPPING)
    return Meaning(role, BY_MAPPING, scale=without_scale(without_order(header))[1])


@dataclass(frozen=True)
class Suggestion:
    """What a header looks like, which is never taken without being confirmed."""

    role: Role
    spelling: str


def _ends_alike(one: str, other: str) -> bool:
    return one.endswith(other) or other.endswith(one)


@dataclass(frozen=True)
class Lexicon:
    """Everything that a header is compared with."""

    name_key: Callable[[str], str]
    """As in `Vocabulary`."""
    fields: Mapping[str, Field]
    """Key of a known spelling to the field."""
    weak: frozenset[str]
    competencies: Mapping[str, tuple[str, ...]]
    """Key of a name to the competencies that have it: more than one when the pack's names overlap."""
    titles: Mapping[str, str]
    """Competency id to its title."""
    names: Mapping[str, str] = field(repr=False)
    """Every title and alias to the competency."""
    raters: Mapping[Phrase, AnyRater]
    people: Mapping[Phrase, Person]
    """Words for people."""
    perhaps: Mapping[str, Field]
    """Key of a header to the field that it is where its values show it."""
    perhaps_other: frozenset[Phrase]
    """Words for the person's own ratings that mean somebody else beside a clearer word."""
    titles_of_others: frozenset[Phrase]
    """Words for other raters that say enough as the title of a sheet."""
    others_or: Mapping[Phrase, Rater]
    """Words for other raters that may mean one of ours, where no other word does."""
    first_person: frozenset[Phrase]
    """Words before a manager who may be the person who is rated."""
    ones_own: frozenset[Phrase]
    """Words before a competency by which people rate their own."""
    rating_words: frozenset[Phrase]
    comment_words: frozenset[Phrase]
    overall_words: frozenset[Phrase]
    not_ratings: frozenset[Phrase]
    earlier: frozenset[Phrase]
    not_now: frozenset[Phrase]
    """Words beside a level or a date that is planned, or no longer that of the person."""
    now: frozenset[Phrase]
    """Words beside the present one."""
    title_words: frozenset[Phrase]
    """Words that titles have beside a rater."""
    asking: frozenset[Phrase]
    addressing: frozenset[Phrase]
    """How forms ask for a field, and whom they say before it."""
    joining_words: frozenset[Phrase]
    words_before_whom: frozenset[Phrase]
    words_to_rate: frozenset[Phrase]
    """Words before whoever is rated, such as `your`, and such as `assess`."""
    spellings: Mapping[str, Role] = field(repr=False)
    """Normalised spelling to the role it would be, for suggestions."""
    declared: Mapping[str, Role | None] = field(default_factory=dict)
    """Key of a header to what a mapping says it is."""
    explained: frozenset[Phrase] = frozenset()
    """Words of which a mapping says who rated."""
    ignored: frozenset[str] = frozenset()
    """Keys of names that a mapping says are no competency of the rule pack."""
    _known: dict[str, Meaning | None] = field(default_factory=dict, init=False, repr=False, compare=False)

    def meaning(self, header: str) -> Meaning | None:
        """What a header means, or None."""
        if header not in self._known:
            # Most of what is asked are cells of the first rows: numbers and dates.
            may_be = len(header) <= _LONGEST_HEADER and any(map(str.isalpha, header))
            self._known[header] = self._meaning(header) if may_be else None
        return self._known[header]

    def suggestion(self, header: str) -> Suggestion | None:
        """The known spelling that is most like a header, or None when none is like it."""
        name = normalise(header)
        if len(name) < 4:
            return None
        found = process.extractOne(name, list(self.spellings), scorer=fuzz.ratio, score_cutoff=_ALIKE)
        # Nobody forgets the first letters of a word: what lacks or has them is another word.
        if found is None or (abs(len(name) - len(found[0])) > 1 and _ends_alike(name, found[0])):
            return None
        return Suggestion(self.spellings[found[0]], found[0])

    def competency(self, text: str) -> str | None:
        """The competency that a name means, or None."""
        return self._competency(words(text))

    def rated_by(self, text: str) -> tuple[str, AnyRater | None] | None:
        """The competency that a text names, and the rater where it names both and nothing else:
        `Communication (self)`, not `Communication (self) 2025`."""
        competency, meaning = self.competency(text), self.meaning(text)
        if competency is not None or meaning is None:
            return None if competency is None else (competency, None)
        if isinstance(meaning.role, RatingOf):
            more = meaning.scale is not None or meaning.cycle is not None
            return meaning.role.competency, None if more else meaning.role.rater
        others = self.competency(meaning.why.removesuffix(BY_OTHERS))
        return None if others is None else (others, "other")

    def without_noise(self, text: str) -> str:
        """A text without the words at its ends that carry no meaning in a header: `Technical Skills` as
        `technical`."""
        return " ".join(self._trimmed(words(text)))

    def is_ignored(self, text: str) -> bool:
        """Whether a mapping says that a name is no competency of the rule pack."""
        return self.name_key(text) in self.ignored

    def rater(self, text: str) -> AnyRater | None:
        """The rater that the words name, or None, as for `Manager 2`, who may be another one."""
        spoken = words(text)
        known = self.raters.get(spoken) or self.raters.get(self._trimmed(spoken))
        return None if spoken not in self.raters and _SECOND.search(" ".join(spoken)) else known

    def rater_beside_rating(self, text: str) -> AnyRater | None:
        """The rater whom the words beside a rating name, or None: `average` and `final` say what it is."""
        spoken = words(text)
        says_what = spoken in self.overall_words or self.other_or(text) or sums_up(text) or is_known(text)
        return None if says_what else self.rater(text)

    def second_rater(self, header: str) -> str | None:
        """The words of a part of a header for a rater of ours with the number of another one: `Manager 2`."""
        for spoken in map(words, _PARTS.split(header)):
            for start, end in combinations(range(len(spoken) + 1), 2):
                for part in (spoken[start : end + 1], spoken[max(start - 1, 0) : end]):
                    known = self.raters.get(spoken[start:end]) in RATERS and part not in self.raters
                    if known and _SECOND.search(" ".join(part)):
                        return _as_written(header, part)
        return None

    def other_or(self, text: str) -> Rater | None:
        """The rater of ours whom words for other raters may mean, where no other word does."""
        spoken = words(text)
        return self.others_or.get(spoken) or self.others_or.get(self._trimmed(spoken))

    def may_be(self, text: str, rater: Rater | None) -> bool:
        """Whether words that nobody explained may be proposed for a rater: not those for others, nor such as
        `feedback to manager`, which say whom somebody else rated."""
        spoken = words(text)
        single = {(one,) for word in spoken for one in (word, word.removesuffix("s"))}
        named = {self.raters.get(one) for one in single} - {None, rater}
        whom = any((word,) in self.words_before_whom for word in spoken)
        return self.other_or(text) is None and not named and not whom

    def names_both(self, text: str) -> bool:
        """Whether a text names the person and the manager side by side: `self / manager`."""
        return {self.rater(part) for part in _SIDE_BY_SIDE.split(text)} >= {"self", "manager"}

    def names_employee(self, text: str) -> bool:
        """Whether a word for employees is in a text, which may be whoever rated or whoever is rated."""
        spoken = words(_WHOSE.sub("", text))
        spans = combinations(range(len(spoken) + 1), 2)
        return any(self.people.get(spoken[start:end]) == "employee" for start, end in spans)

    def rater_of_title(
        self, title: str, *, of_file: bool = False, of_others: bool = False
    ) -> AnyRater | None:
        """The one rater that the title of a sheet or file names, when it says nothing else: `Self ratings`,
        `Manager_2026`. A file named after employees is not one of their own ratings. Somebody else only
        where a mapping says so, by a sheet named `Peers`, or if `of_others` are asked for."""
        spoken = words(title)
        if spoken in self.explained:
            return self.raters[spoken]
        rest = self._without_titles(spoken)
        rater, at = self.raters.get(rest), _place(rest, spoken)
        others = of_others or (rest in self.titles_of_others and not of_file)
        if (rater == "other" and not others) or (of_file and self.people.get(rest) == "employee"):
            return None
        whom = rater == "manager" and at is not None and self._is_before_whom(spoken, at, at + len(rest))
        return None if whom else rater

    def _without_titles(self, spoken: Phrase) -> Phrase:
        """The words without those that titles have beside a rater."""
        while spoken not in self.raters:
            shorter = self._trimmed(spoken, most=1)
            if shorter == spoken and spoken[:1] in self.title_words:
                shorter = spoken[1:]
            elif shorter == spoken and spoken[-1:] in self.title_words:
                shorter = spoken[:-1]
            if shorter == spoken:
                break
            spoken = shorter
        return spoken

    def _meaning(self, header: str) -> Meaning | None:
        if self.name_key(header) in self.declared:
            return declared_meaning(header, self.declared[self.name_key(header)])
        header = spelled_out(self._in_one_language(without_instructions(OF_BOTH.sub("", header))))
        plain, scale = without_scale(without_order(header))
        found = self._plain_meaning(header, self._parted(plain))
        if (found is None or isinstance(found.role, OpenRating)) and _WHOSE.search(plain):
            of_whom = self._plain_meaning(*(_WHOSE.sub("", text) for text in (header, plain)))
            found = found if of_whom is None or isinstance(of_whom.role, OpenRating) else of_whom
        if found is None or isinstance(found.role, CommentOn | None):
            return found
        return replace(found, scale=scale)

    def _in_one_language(self, header: str) -> str:
        """`Prioritization / Priorisation - Self / Auto-évaluation` as `Prioritization - Self`: where two
        halves say the same in two languages, the known half of each two counts."""
        parts = _SAID_TWICE.split(header)
        pairs = {at: both for at, part in enumerate(parts) if len(both := _TWICE.split(part)) == 2}
        known = {at: [self._named(half) for half in both] for at, both in pairs.items()}
        if not any(one is not None and one == other for one, other in known.values()):
            return header
        for at, (one, other) in known.items():
            if (one is None) == (other is None) and (one is None or one != other):
                return header
            parts[at] = pairs[at][one is None]
        return "".join(parts)

    def _named(self, text: str) -> object:
        """The field, competency or rater that a text is a name of, or None."""
        return self.fields.get(self.name_key(text)) or self.competency(text) or self.rater(text)

    def _plain_meaning(self, header: str, plain: str) -> Meaning | None:
        """What a header means that says nothing of a scale; `header` is the whole of it."""
        of_cycle = self._manager_of_cycle(words(plain))
        if of_cycle is not None:
            return of_cycle
        known = (
            self._competency_beside_rater(plain)
            or self._known_field(header)
            or self._known_field(plain)
            or self._of_cycle(words(plain))
            or self._asked_for(words(plain))
        )
        if known is not None:
            return known
        name, said = self._split(plain)
        # `Overall Comment (self)` is not any comment, nor `Email (rater)` any address: brackets say whose.
        whose = self.rater(said) or self.people.get(words(said)) in ("manager", "rater")
        field = None if whose else self._field(name)
        if field is not None:
            together = self._known_field(f"{said} {name}") or self._known_field(f"{said} {field.label}")
            return together or self._limited(self._known_field(name), said)
        found = (
            self._about_person(words(plain))
            or self._about_person(words(name))
            or self._spoken(words(plain))
            or self._spoken(words(f"{name} {said}"))
            or self._open(plain)
        )
        # At last a hint in brackets that says nothing of who rated: `Communication (DD/MM)`.
        return found or (self._limited(self._spoken(words(name)), said) if said else None)

    def _asked_for(self, spoken: Phrase) -> Meaning | None:
        """The field that a form asks for: `What is your name?`, `Please enter the employee's level`."""
        asked = next((spoken[at:] for at in (2, 1) if spoken[:at] in self.asking), ())
        bare = asked[1:] if asked[:1] in self.addressing else asked
        found = next(filter(None, (self._known_field(" ".join(one)) for one in (asked, bare) if one)), None)
        return found and replace(found, weak=found.weak or found.role in FIELD_OF_RATER)

    def _known_field(self, text: str) -> Meaning | None:
        field = self._field(text)
        return None if field is None else Meaning(field, "known name", self.name_key(text) in self.weak)

    def _field(self, text: str) -> Field | None:
        """The field that a text is a name of, unless a competency of the rule pack is called so."""
        key = self.name_key(text)
        return None if key in self.competencies else self.fields.get(key)

    def _split(self, header: str) -> tuple[str, str]:
        """The name in a header and what is said beside it: in brackets, or of what time a level, a date or a
        rating is, as in `Review date - next`."""
        for name, said in _in_two(header):
            field = self._field(name)
            if field in (*_OF_A_TIME, known_fields.RATING) and words(said) in self._times:
                return name, said
        return split_hint(header)

    @cached_property
    def _times(self) -> frozenset[Phrase]:
        return self.now | self.not_now | self.earlier

    def _limited(self, meaning: Meaning | None, said: str) -> Meaning | None:
        """What a name means beside which more is said: `Hire date (previous employer)` is no hire date, nor
        `Rating (target)` a rating; `Rating (number)` is one, which is written as one."""
        spoken, written = words(said), word_key(said) in word_keys("columns", "how_written")
        if meaning is None or not isinstance(meaning.role, Field) or written:
            return meaning
        field, rates, earlier = meaning.role, meaning.role in _RATINGS, _without(spoken, self.earlier)[0]
        if rates and (self.is_no_rating(said, spoken) or (sums_up(said) and len(spoken) > 1)):
            return Meaning(None, f"'{said}' is no rating")
        if rates and earlier:
            return replace(meaning, cycle=EARLIER)
        if earlier or (field in _OF_A_TIME and _without(spoken, self.not_now)[0]):
            return Meaning(None, f"the {field.label} of another time")
        return meaning

    def _competency_beside_rater(self, header: str) -> Meaning | None:
        """A competency of the rule pack and a rater, each a part of its own: `Reporting (manager)` is not the
        reporting manager."""
        for name, _, rater in self._beside_raters(header):
            competency = self._competency(name)
            if competency is not None:
                rated = self._rated(competency, rater, comment=False)
                return replace(rated, cycle=self._cycle_in(words(header)))
        return None

    def _beside_raters(self, header: str) -> Iterator[tuple[Phrase, Phrase, Rater]]:
        """The words of the two parts of a header of which one is a rater: the other ones, those, and who."""
        for name, who in _in_two(header):
            spoken = words(who)
            bare = spoken[:-1] if spoken[-1:] in self.rating_words else spoken  # not `my` before the manager
            rater = self.raters.get(spoken) or self.raters.get(bare)
            if rater == "self" or rater == "manager":
                yield words(name), spoken, rater

    def _manager_of_cycle(self, spoken: Phrase) -> Meaning | None:
        """`Manager 2025` and `Manager (last year)` are what `Manager` is, of their cycle."""
        comment, rest, cycle = self._without_asides(spoken)
        bare = tuple(word for word in _without_cycle(rest, cycle) if _NOISE.fullmatch(word) is None)
        if comment or cycle is None or self.people.get(bare) != "manager":
            return None
        return Meaning(known_fields.MANAGER, "the manager, or the manager's rating, of a cycle", cycle=cycle)

    def _of_cycle(self, spoken: Phrase) -> Meaning | None:
        """`Level 2025` is the level of that cycle, and `Rating 2025` the rating."""
        cycle = self._cycle_in(spoken)
        bare = _without_cycle(spoken, cycle)
        named = self.fields.get(self.name_key(" ".join(bare)))
        if cycle is None or len(bare) == len(spoken) or named not in (known_fields.LEVEL, *_RATINGS):
            return None
        return Meaning(named, f"the {named.label} of a cycle", cycle=cycle)

    def _parted(self, header: str) -> str:
        """A header with spaces where Chinese and Japanese have none: `沟通上司评价` as `沟通 上司评价`."""
        if not _WITHOUT_SPACES.search(header) or self._is_name(header):
            return header
        return _WITHOUT_SPACES.sub(lambda found: f" {' '.join(self._pieces(found[0]))} ", header).strip()

    def _pieces(self, text: str) -> list[str]:
        """A run of such signs with the words at its ends apart that say who rated or that it is a comment."""
        if self._is_name(text):
            return [text]
        cuts = [(text[: -len(word)], [word], False) for word in self._ends if text.endswith(word)]
        cuts += [(text[len(word) :], [word], True) for word in self._ends if text.startswith(word)]
        cuts = [cut for cut in cuts if cut[0]]
        named = [cut for cut in cuts if self._is_name(cut[0])] or cuts
        if not named:
            return [text]
        rest, word, first = min(named, key=lambda cut: len(cut[0]))
        return word + self._pieces(rest) if first else self._pieces(rest) + word

    @cached_property
    def _ends(self) -> tuple[str, ...]:
        spoken = (*self.raters, *self.comment_words, *self.rating_words)
        known = (phrase[0] for phrase in spoken if len(phrase) == 1)
        return tuple(word for word in known if len(word) > 1 and _WITHOUT_SPACES.fullmatch(word))

    def _is_name(self, text: str) -> bool:
        key = self.name_key(text)
        return key in self.fields or key in self.competencies or words(text) in self.raters

    def _about_person(self, spoken: Phrase) -> Meaning | None:
        """A field of somebody: `Employee Grade`, `Name of manager`, `Reviewer Email`, or of the employee's
        manager: `Reviewee's manager's email`."""
        for cut in range(1, len(spoken)):
            for who, what in ((spoken[:cut], spoken[cut:]), (spoken[cut:], spoken[:cut])):
                # `Level (from Employee)` is what Airtable calls a field of a linked record.
                linked = who[1:] if who[0] == "from" else who
                person = self.people.get(linked) or self._reviewed(who)
                if person == "employee" and (of_manager := self._about_person(what)) is not None:
                    return of_manager
                field = self.fields.get(self.name_key(" ".join(self._trimmed_of(what))))
                if person is None or field not in _ABOUT_PEOPLE:
                    continue
                of = {"employee": {field: field}, "manager": FIELD_OF_MANAGER, "rater": FIELD_OF_RATER}[
                    person
                ]
                if field in of:
                    return Meaning(of[field], f"the {field.label} of the {person}")
        return None

    def _reviewed(self, spoken: Phrase) -> Person | None:
        """The employee, where words say so of whoever is rated: `the person you are reviewing`."""
        named = self.fields.get(self.name_key(" ".join(self._trimmed_of(spoken))))
        return "employee" if named is known_fields.EMPLOYEE else None

    def _trimmed_of(self, spoken: Phrase) -> Phrase:
        """`name of the` as `name`."""
        while len(spoken) > 1 and spoken[-1:] in self.joining_words:
            spoken = spoken[:-1]
        while len(spoken) > 1 and spoken[:1] in self.joining_words:
            spoken = spoken[1:]
        return spoken

    def _spoken(self, spoken: Phrase) -> Meaning | None:
        """The one way to understand the words of a header, or None."""
        whole = self._competency(spoken)
        if whole is not None:
            # A name of the rule pack wins over words for raters: `Customer Empathy`.
            rater = self._rates_oneself(spoken)
            return replace(self._rated(whole, rater, comment=False), cycle=self._cycle_in(spoken))
        comment, rest, cycle = self._without_asides(spoken)
        # A competency may have a word for comments in its name: `Critique and feedback (self)`.
        named = self._ratings(spoken) if comment else []
        if len(named) == 1:
            return replace(named[0], cycle=self._cycle_in(spoken))
        meaning = self._said(rest, comment)
        return None if meaning is None else replace(meaning, cycle=cycle)

    def _cycle_in(self, spoken: Phrase) -> str | None:
        """The cycle that words name; none where it is the name of a competency, as `Q1` of a survey is."""
        cycle = cycle_in(spoken)
        return None if cycle is None or self._competency(words(cycle)) is not None else cycle

    def _without_asides(self, spoken: Phrase) -> tuple[bool, Phrase, str | None]:
        """Whether words are about a comment, the rest of them, and the cycle that they name."""
        comment, rest = _without(spoken, self.comment_words)
        if _without(rest, self._former)[0]:
            return comment, rest, self._cycle_in(rest)
        earlier, rest = _without(rest, self.earlier)
        return comment, rest, EARLIER if earlier else self._cycle_in(rest)

    @cached_property
    def _former(self) -> frozenset[Phrase]:
        """Other raters with a word for an earlier cycle in their name: `Previous manager`."""
        others = (spoken for spoken, rater in self.raters.items() if rater == "other")
        return frozenset(spoken for spoken in others if _without(spoken, self.earlier)[0])

    def _said(self, spoken: Phrase, comment: bool) -> Meaning | None:
        """The one rating or comment that words mean, or None."""
        competency = self._competency(spoken)
        if comment and competency is not None:
            return self._rated(competency, None, comment)
        found = dict.fromkeys(self._interpretations(spoken, comment))
        # `Self Rating` is a rater, and a rater beside a competency that is called Rating.
        named = [meaning for meaning in found if isinstance(meaning.role, RatingOf)]
        if len(found) == 1 or len(named) == 1:
            return (named or list(found))[0]
        return None if competency is None or found else self._rated(competency, None, comment)

    def _ratings(self, spoken: Phrase) -> list[Meaning]:
        """The different ratings of a competency that words can mean."""
        found = dict.fromkeys(self._interpretations(spoken, False))
        return [meaning for meaning in found if isinstance(meaning.role, RatingOf)]

    def _open(self, header: str) -> Meaning | None:
        """A rater with a name that is not in the rule pack, or a competency with words nobody explained."""
        comment, rest, cycle = self._without_asides(words(header))
        rest = _without_cycle(rest, cycle)
        part = self._competency_part(header, rest)
        ends = self._competency_end(rest) or self._competency_end(self._trimmed(rest))
        inside = part or ends or self._competency_within(rest)
        if inside is not None and self.names_both(_as_written(header, inside[1])):
            return self._open_rater(header, *inside, comment)
        if inside is not None and self.is_no_rating(header, inside[1]):
            return Meaning(None, f"next to {self.titles[inside[0]]}, {NO_RATING_OF_IT}")
        rater, unknown = self._rater_inside(rest, header)
        if inside is not None and rater == "other" and self._rater_inside(inside[1])[0] != "other":
            rater = None  # `Customer` is a part of the name of `Customer Empathy`
        misspelt = part is None and rater is None and self._is_misspelt(rest)
        if inside is not None and not misspelt and (part is not None or rater is None):
            own = self._rates_oneself(rest)
            opened = (
                self._rated(inside[0], own, comment) if own else self._open_rater(header, *inside, comment)
            )
            return None if opened is None else replace(opened, cycle=cycle)
        if misspelt:
            unknown = rest
        elif rater in (None, "other") or self.is_no_rating(header, unknown):
            return None
        name = _as_written(header, unknown)
        if self.is_ignored(name):
            return Meaning(None, "the mapping says that no rule uses it")
        role = OpenRating(name, None, rater, comment)
        return Meaning(role, f"'{name}' is not in the rule pack", cycle=cycle)

    def _is_misspelt(self, spoken: Phrase) -> bool:
        """Whether words are those of a name in the rule pack but for a letter or two: `Customr Empathy`."""
        return any(
            len(name) == len(spoken) and all(map(_are_nearly_one, name, spoken)) for name in self._name_words
        )

    @cached_property
    def _name_words(self) -> frozenset[Phrase]:
        return frozenset(map(words, self.names))

    def is_no_rating(self, header: str, spoken: Phrase) -> bool:
        """Whether a header, or some of its words, say that what is below is no rating: a target, or
        `# of raters`."""
        _, said = _without(spoken, self._ways_to_rate)
        return _COUNTED.search(header) is not None or _without(said, self.not_ratings)[0]

    @cached_property
    def _longest_noise(self) -> int:
        return max(map(len, self.rating_words))

    @cached_property
    def _ways_to_rate(self) -> frozenset[Phrase]:
        """Such as `to be completed by`."""
        return frozenset(spoken for spoken in self.rating_words if len(spoken) > 1)

    def _open_rater(self, header: str, competency: str, others: Phrase, comment: bool) -> Meaning | None:
        """A competency beside words that do not say who rated, as far as anybody has explained them."""
        unknown = self._trimmed(others)
        if not unknown:
            return None
        if unknown in self.explained:
            return self._rated(competency, self.raters[unknown], comment)
        if self._only_others(unknown):
            return self._rated(competency, "other", comment)
        # `Reviewer 1` and `Reviewer 2` are not one.
        at = _place(unknown, others) or 0
        numbered = others[at : at + len(unknown) + 1]
        unknown = numbered if _ONE_OF_SEVERAL.fullmatch(numbered[-1]) else unknown
        return self._by_word(_as_written(header, unknown), competency, comment)

    @staticmethod
    def _by_word(word: str, competency: str, comment: bool) -> Meaning:
        return Meaning(OpenRating(word, competency, None, comment), f"'{word}' does not say who rated")

    def _only_others(self, spoken: Phrase) -> bool:
        """Whether the words are all words for other raters: `Others average`."""
        return any(
            self.raters.get(spoken[:cut]) == "other"
            and (cut == len(spoken) or self._only_others(self._trimmed(spoken[cut:])))
            for cut in range(1, len(spoken) + 1)
        )

    def _competency_part(self, header: str, rest: Phrase) -> tuple[str, Phrase] | None:
        """The competency that a part of a header names, and its other words."""
        parts = [words(part) for part in _PARTS.split(header) if part]
        for part in parts if len(parts) > 1 else ():
            found = self._competency(part)
            at = _place(part, rest)
            if found is not None and at is not None:
                return found, rest[:at] + rest[at + len(part) :]
        return None

    def _competency_end(self, rest: Phrase) -> tuple[str, Phrase] | None:
        """The competency that the words at either end of a header name, and its other words."""
        for named, others in _ends_of(rest):
            listed = self.competencies.get(self.name_key(" ".join(named)), ())
            if len(listed) == 1:
                return listed[0], others
        return None

    def _competency_within(self, rest: Phrase) -> tuple[str, Phrase] | None:
        """The competency that words in the midst of a sentence name, and its other words."""
        for length in range(len(rest) - 2, 0, -1):
            for at in range(1, len(rest) - length):
                listed = self.competencies.get(self.name_key(" ".join(rest[at : at + length])), ())
                if len(listed) == 1:
                    return listed[0], rest[:at] + rest[at + length :]
        return None

    def _rates_oneself(self, spoken: Phrase) -> Literal["self"] | None:
        """Whether people rate their own competency: `I would rate my Communication as`, `How would you rate
        your Communication?`. `Your Communication` alone may be written to the person by a manager."""
        for at in range(1, len(spoken)):
            asked = at > 1 and spoken[at - 1] == "your"
            if not asked and not any(spoken[start:at] in self.ones_own for start in range(at)):
                continue
            for end in range(at + 1, len(spoken) + 1):
                others = {self.raters.get((word,)) for word in (*spoken[:at], *spoken[end:])}
                named = self.competencies.get(self.name_key(" ".join(spoken[at:end])))
                if named and not others & {"manager", "other"}:
                    return "self"
        return None

    def _rater_inside(self, spoken: Phrase, header: str = "") -> tuple[AnyRater | None, Phrase]:
        """The one rater at either end of the words, and the other words without noise. In the header
        `Self-Management (manager)` it is the one that stands apart."""
        if self.raters.get(spoken) == "other":
            return None, ()  # the previous manager is no manager
        apart = [one for one in self._beside_raters(header) if spoken in (one[0] + one[1], one[1] + one[0])]
        found: dict[AnyRater, Phrase] = {rater: name for name, _, rater in apart if name not in self.raters}
        for named, others in () if found else _ends_of(spoken):
            rater = self.raters.get(named)
            at = len(others)
            if rater is None or (spoken[:at] == others and self._is_before_whom(spoken, at, len(spoken))):
                continue
            found.setdefault(rater, others)
        if len(found) == 2:
            found.pop("other", None)  # `External Communication (manager)` is by the manager
        if len(found) != 1:
            return None, ()
        rater, others = next(iter(found.items()))
        rest = self._trimmed(others)
        nothing = not rest or rest in self.overall_words or (rater != "other" and self._only_others(rest))
        return (None, ()) if nothing else (rater, rest)

    def _interpretations(self, spoken: Phrase, comment: bool) -> Iterable[Meaning]:
        """Every way to split the words into a rater and what was rated."""
        spans = list(combinations(range(len(spoken) + 1), 2))
        said = [(start, end) for start, end in spans if spoken[start:end] in self.explained]
        for start, end in spans:
            if any(one <= start and end <= last and last - one > end - start for one, last in said):
                continue  # a part of words that somebody has explained
            rater = self.raters.get(spoken[start:end]) or self._said_twice(spoken[start:end])
            if rater is None:
                continue
            rest = spoken[:start] + spoken[end:]
            competency = self._competency(rest)
            whom = rater != "other" and self._is_before_whom(spoken, start, end)
            if competency is not None and (whom or spoken[start:end] in self.others_or):
                yield self._by_word(" ".join(spoken[start - whom : end]), competency, comment)
            elif competency is not None:
                yield self._rated(competency, rater, comment)
            elif rest and not comment and spoken[start:end] in self.people and not self._rates(rest):
                continue  # `Person 17` is a person
            elif rater != "other" and self.is_overall(rest):
                yield self._overall(rest, rater, comment)

    def _is_before_whom(self, spoken: Phrase, start: int, end: int) -> bool:
        """Whether a word says that the manager or employee may be whom somebody rates: `Rate your manager`,
        `Rate the employee`; not `My manager's rating`, and not `Rating by my manager`."""
        before, named = spoken[:start], spoken[start:end]
        if {"by", "from"} & set(before) or named in self.explained:
            return False
        if self.people.get(named) == "employee":
            return before[-1:] in (("your",), ("this",)) or any(
                (word,) in self.words_to_rate for word in before
            )
        return (
            self.raters.get(named) == "manager"
            and before[-1:] in self.words_before_whom | self.first_person
            and spoken[end : end + 1] not in self.rating_words
        )

    def _said_twice(self, spoken: Phrase) -> Rater | None:
        """The rater of ours whom words name by the view and by the person: `Fremdbild (Führungskraft)`. Two
        people are two: `Manager Supervisor`."""
        for cut in range(1, len(spoken)):
            one, other = spoken[:cut], spoken[cut:]
            rater = self.raters.get(one)
            if (
                rater == self.raters.get(other)
                and rater != "other"
                and not {one, other} <= self.people.keys()
            ):
                return rater
        return None

    def _rated(self, competency: str, rater: AnyRater | None, comment: bool) -> Meaning:
        """A rating of a competency, or a comment on it, by whoever a header names, if anybody."""
        title = self.titles[competency]
        if rater == "other":
            return Meaning(None, f"{title} {BY_OTHERS}")
        by = ", without saying by whom" if rater is None else f" by {BY[rater]}"
        if comment:
            return Meaning(CommentOn(competency, rater), f"comment on {title}{by}")
        return Meaning(RatingOf(competency, rater), f"rating of {title}{by}")

    def _overall(self, spoken: Phrase, rater: Rater, comment: bool) -> Meaning:
        if comment:
            return Meaning(CommentOn(OVERALL, rater), f"overall comment by {BY[rater]}")
        if spoken and self._trimmed(spoken) in self.overall_words:
            return Meaning(None, OVERALL_RATING)
        return Meaning(RATING_BY[rater], f"rating by {BY[rater]}")

    def _competency(self, spoken: Phrase) -> str | None:
        """The competency that words name, with or without words at either end that carry no meaning."""
        forms = [spoken]
        for form in forms:
            found = self.competencies.get(self.name_key(" ".join(form)), ())
            if len(found) == 1:
                return found[0]
            for length in range(1, min(self._longest_noise, len(form)) + 1):
                if self._is_noise(form[:length]) and form[length:] not in forms:
                    forms.append(form[length:])
                if self._is_noise(form[-length:]) and form[:-length] not in forms:
                    forms.append(form[:-length])
        return None

    def _trimmed(self, spoken: Phrase, most: int | None = None) -> Phrase:
        """The words without those at either end that carry no meaning: all of them, or `most` phrases."""
        while spoken and most != 0:
            most = None if most is None else most - 1
            for length in range(self._longest_noise, 0, -1):
                if length <= len(spoken) and self._is_noise(spoken[:length]):
                    spoken = spoken[length:]
                    break
                if length <= len(spoken) and self._is_noise(spoken[-length:]):
                    spoken = spoken[:-length]
                    break
            else:
                return spoken
        return spoken

    def _is_noise(self, spoken: Phrase) -> bool:
        bare = len(spoken) == 1 and _NOISE.fullmatch(spoken[0]) is not None
        return bare or spoken in self.rating_words or is_cycle(spoken)

    def _rates(self, spoken: Phrase) -> bool:
        """Whether the words hold one that says that there is a rating."""
        return any(word.isalpha() and (word,) in self.rating_words for word in spoken) or bool(
            self._trimmed(spoken)
        )

    def is_overall(self, spoken: Phrase) -> bool:
        """Whether the words name no single thing, as in `Overall rating`."""
        rest = self._trimmed(spoken)
        return not rest or rest in self.overall_words


def load_lexicon(vocabulary: Vocabulary) -> Lexicon:
    """The lexicon for one rule pack's vocabulary."""
    shared, key = _shared(vocabulary.name_key), vocabulary.name_key
    competencies: dict[str, tuple[str, ...]] = {}
    spellings: dict[str, Role] = {}
    for term in vocabulary.competencies:
        for name in term_keys(term, key):
            competencies[name] = (*competencies.get(name, ()), term.id)
        for rater in RATERS:
            for spelling in (f"{term.title} {rater}", f"{rater} {term.title}"):
                spellings[normalise(spelling)] = RatingOf(term.id, rater)
    of_fields = {
        text: role
        for text, role in shared.spellings.items()
        if isinstance(role, Field) and is_asked(role, vocabulary)
    }
    return replace(
        shared,
        fields={name: one for name, one in shared.fields.items() if is_asked(one, vocabulary)},
        competencies=competencies,
        titles={term.id: term.title for term in vocabulary.competencies},
        names={name: term.id for term in vocabulary.competencies for name in (term.title, *term.aliases)},
        spellings=spellings | of_fields,
    )


@cache
def _shared(key: Callable[[str], str]) -> Lexicon:
    """What is the same for all rule packs: everything but competencies."""
    known = column_words()
    phrases: dict[str, Any] = {name: frozenset(map(words, known[name])) for name in _LISTS}
    return Lexicon(
        name_key=key,
        fields=_fields(known, key),
        weak=frozenset(map(key, known["weak"])),
        competencies={},
        titles={},
        names={},
        raters=_raters(known),
        people={words(text): who for who, listed in known["people"].items() for text in listed},
        perhaps={key(text): FIELDS[name] for name, listed in known["perhaps"].items() for text in listed},
        spellings=_spellings_of_fields(known),
        others_or={words(text): rater for rater in RATERS for text in known["others_or"][rater]},
        **phrases,
    )


_LISTS = (
    *("perhaps_other", "rating_words", "comment_words", "overall_words", "not_ratings", "earlier"),
    *("title_words", "joining_words", "words_before_whom", "words_to_rate", "first_person", "now"),
    *("not_now", "asking", "addressing", "ones_own", "titles_of_others"),
)
"""Lists of `words/columns.yaml` that the lexicon has under the same names."""
_OF_A_TIME = tuple(field for field in FIELDS.values() if field.kind in ("level", "date"))
_RATINGS = (known_fields.RATING, *RATING_BY.values())
_OF_PEOPLE = {"employee": "employee", "manager": "manager", "rater": "rater_name"}


def _fields(known: Mapping[str, Any], key: Callable[[str], str]) -> dict[str, Field]:
    fields: dict[str, Field] = {}
    for who, listed in known["people"].items():
        fields |= {key(spelling): FIELDS[_OF_PEOPLE[who]] for spelling in listed}
    for name, listed in known["fields"].items():
        # In capitals too: those of the Turkish `ı` are those of `i`.
        spellings = (*listed, *map(str.upper, listed), name)
        fields |= {key(spelling): FIELDS[name] for spelling in spellings}
    return fields


def _spellings_of_fields(known: Mapping[str, Any]) -> dict[str, Role]:
    return {
        normalise(spelling): FIELDS[name]
        for name, listed in known["fields"].items()
        for spelling in listed
        if len(spelling) >= 4
    }


def is_asked(field: Field, vocabulary: Vocabulary) -> bool:
    """Whether a column for the field is read: one for a yes/no field where the rule pack asks about it."""
    return field.kind != "yes_no" or field.name in vocabulary.facts


def has_use(field: Field, vocabulary: Vocabulary) -> bool:
    """Whether the rule pack has a use for the field: it may have no specialisations, no level from which two
    ways lead up, and no guidance on years of experience."""
    if field is SPECIALISATION:
        return bool(vocabulary.specialisations)
    if field is TARGET_LEVEL:
        return any(len(levels) > 1 for levels in vocabulary.next_levels.values())
    if field is PRODUCT_SINCE:
        return vocabulary.counts_experience
    return is_asked(field, vocabulary)


def _raters(known: Mapping[str, Any]) -> dict[Phrase, AnyRater]:
    raters: dict[Phrase, AnyRater] = {words(text): "other" for text in known["other_raters"]}
    of_people: dict[Rater, str] = {"self": "employee", "manager": "manager"}
    for rater in RATERS:
        for text in (*known["people"][of_people[rater]], *known["raters"][rater]):
            raters |= {words(text): rater, words(text.upper()): rater}
    return raters


def term_keys(term: Term, name_key: Callable[[str], str]) -> tuple[str, ...]:
    """The different keys of a term's id, title and aliases."""
    return tuple(dict.fromkeys(map(name_key, (term.id, term.title, *term.aliases))))


def without_instructions(header: str) -> str:
    """A header without brackets that say how it is to be filled in, and without the ending of names in an
    interface: `Level (read only)`, `Level__c`."""
    plain = _OF_INTERFACE.sub("", header)
    return _BRACKETED.sub(
        lambda found: " " if word_key(found[1]) in word_keys("columns", "how_to_fill") else found[0], plain
    ).strip()


def split_hint(header: str) -> tuple[str, str]:
    """`Hire date (DD/MM/YYYY)` is `Hire date` and the hint in brackets."""
    for opening, closing in ("()", "[]", "{}"):
        before, found, rest = header.partition(opening)
        inside, closed, after = rest.partition(closing)
        if found and closed:
            return f"{before} {after}".strip(), inside
    return header, ""


def _without(spoken: Phrase, removed: frozenset[Phrase]) -> tuple[bool, Phrase]:
    """Whether one of the phrases is in the words, and the words without it."""
    for start in range(len(spoken)):
        for end in range(len(spoken), start, -1):
            if spoken[start:end] in removed:
                return True, spoken[:start] + spoken[end:]
    return False, spoken


def _in_two(header: str) -> Iterator[tuple[str, str]]:
    """The two parts of a header that has so many, either of them first."""
    parts = [part.strip() for part in _PARTS.split(header) if part.strip()]
    if len(parts) == 2:
        yield from ((parts[0], parts[1]), (parts[1], parts[0]))


def _ends_of(spoken: Phrase) -> Iterator[tuple[Phrase, Phrase]]:
    """The words at either end, most of them first, each with the other words."""
    for length in range(len(spoken) - 1, 0, -1):
        yield spoken[:length], spoken[length:]
        yield spoken[-length:], spoken[:-length]


def _are_nearly_one(word: str, other: str) -> bool:
    """Whether two words are one, or a long one with a slip of the keyboard."""
    return word == other or (
        len(word) >= _LONG_WORD and Levenshtein.distance(word, other, score_cutoff=_SLIPS) <= _SLIPS
    )


_LONG_WORD = 6
"""Letters from which a word with a slip is still that word."""
_SLIPS = 2
"""Letters that are missing, added or wrong; two that changed places count as both wrong."""


def _place(part: Phrase, spoken: Phrase) -> int | None:
    """Where the words of a part stand among others, or None."""
    return next((at for at in range(len(spoken)) if spoken[at : at + len(part)] == part), None)


def _without_cycle(spoken: Phrase, cycle: str | None) -> Phrase:
    """The words but for those that name the cycle."""
    parts = () if cycle in (None, EARLIER) else _CYCLE_PARTS.split(cycle)
    return tuple(word for word in spoken if word not in parts)


def _as_written(header: str, spoken: Phrase) -> str:
    """The words as the header writes them: the part of it that holds just these, else the words."""
    each = header.split()
    spans = sorted(combinations(range(len(each) + 1), 2), key=lambda span: (span[0], -span[1]))
    pieces = [piece for part in _PARTS.split(header) for piece in (part.strip(), *part.split())]
    pieces += (" ".join(each[start:end]) for start, end in spans)
    pieces += (" ".join((*each[:start], "…", *each[end:])) for start, end in spans)
    found = [piece for piece in pieces if words(piece) == spoken]
    # Without the brackets around it; `Outside view (manager)` keeps its own.
    written = [piece.strip(f" -–—:|/,;{around}") for piece in found for around in ("()[]{}", "")]
    return next((text for text in written if text.count("(") == text.count(")")), " ".join(spoken))
