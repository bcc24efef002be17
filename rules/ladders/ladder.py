"""A ladder as a matrix says it: levels, competencies, and what each level requires of each competency."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import pairwise
from typing import Literal, Self

from rules.pack import Importance, PackError

Kind = Literal["numbers", "words", "prose"]


class OpenQuestionError(PackError):
    """What a file leaves open: the question, and how the command line says the answer."""

    def __str__(self) -> str:
        return " ".join(self.args)

    @property
    def question(self) -> str:
        """The question alone."""
        return str(self.args[0])


@dataclass(frozen=True)
class Answers:
    """What a person said in advance about what a matrix may leave open."""

    words: tuple[str, ...] = ()
    """The words of the scale, the lowest first."""
    scale: tuple[Decimal, Decimal] | None = None
    levels: tuple[str, ...] = ()
    """The titles of the levels, the lowest first."""
    bar: Decimal | None = None
    """The rating that a next level asks for, where the matrix has none."""
    steps: tuple[tuple[str, str], ...] = ()
    """Where the ladder forks: each level with one above it."""


@dataclass(frozen=True)
class LadderScale:
    """The ratings that a ladder is written in."""

    lowest: Decimal
    highest: Decimal
    step: Decimal
    words: tuple[str, ...] = ()
    """The lowest first."""
    lowest_is_best: bool = False
    """Whether the ladder counts downwards, as school marks do; these ratings count upwards."""
    meanings: Mapping[Decimal, str] = field(default_factory=dict)
    """What the ladder calls its numbers."""
    known_up_to: Decimal | None = None
    """Where the ladder does not say at which rating its scale ends: the highest that it has."""
    is_finer_in_total: bool = False
    """Whether totals have decimals and single ratings have none: a step short in total is then far."""

    @classmethod
    def of_words(cls, words: Sequence[str]) -> Self:
        """A scale of words, the lowest first."""
        return cls(Decimal(1), Decimal(len(words)), Decimal(1), tuple(words))

    @classmethod
    def of_numbers(cls, ends: tuple[Decimal, Decimal], numbers: Iterable[Decimal]) -> Self:
        """A scale on which these numbers are written."""
        whole, span = all(number % 1 == 0 for number in numbers), ends[1] - ends[0]
        return cls(*ends, span / 20 if span >= 20 else Decimal(1) if whole else Decimal("0.5"))

    @property
    def near(self) -> Decimal:
        """How far short is still near."""
        return self.step / 2 if self.is_finer_in_total else self.step

    def shown(self, rating: Decimal) -> str:
        """A rating as the ladder writes it."""
        place = (rating - self.lowest) / self.step
        return self.words[int(place)] if self.words and place == int(place) else f"{rating.normalize():f}"


@dataclass(frozen=True)
class LadderLevel:
    """One level."""

    title: str
    cell: str
    years: Decimal | None = None
    """The years in the level below that it asks for."""
    total: Decimal | None = None
    """The weighted total that it asks for."""
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True)
class LadderCompetency:
    """One thing that is required."""

    title: str
    cell: str
    category: str | None = None
    definition: str | None = None
    importance: Importance | None = None
    weight: Decimal | None = None
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True)
class Required:
    """What one level requires of one competency."""

    cell: str
    rating: Decimal | None = None
    prose: str | None = None
    bar: Decimal | None = None
    """What makes ready for the level, where that is not the rating."""


@dataclass(frozen=True)
class Ladder:
    """A whole ladder; `required` is by the places of level and competency, and has no entry where a level
    requires nothing."""

    source: str
    """The file that it was read from."""
    sheet: str
    """Its sheet; the file where there are no sheets."""
    scale: LadderScale
    levels: tuple[LadderLevel, ...]
    competencies: tuple[LadderCompetency, ...]
    required: Mapping[tuple[int, int], Required]
    kind: Kind
    steps: tuple[tuple[int, int], ...] = field(default=())
    """The places of each level and one above it; without any, one level leads to the next."""
    undecided: tuple[str, ...] = field(default=())
    """What the ladder does not say, and what was taken in its place: sentences."""
    notes: tuple[str, ...] = field(default=())
    """What is worth a second look: sentences."""

    @property
    def where(self) -> str:
        """The file, and the sheet where there are sheets."""
        return ", ".join(dict.fromkeys([self.source, self.sheet]))

    @property
    def promotions(self) -> tuple[tuple[int, int], ...]:
        """The places of the levels that promotions lead from and to."""
        return self.steps or tuple(pairwise(range(len(self.levels))))
