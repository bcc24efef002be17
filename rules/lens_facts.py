"""The facts that the rules of a lens may name."""

from collections.abc import Iterator

from rules.facts import CYCLES_MET, Fact
from rules.pack import STATUSES, VIEW_WORDS, Lens, LensPart

AGAINST: tuple[str, ...] = ("below", "at", "above", "unknown")
CLIMBS: tuple[str, ...] = ("same", "higher", "unknown")
SEVERAL = "several"
UNKNOWN = "unknown"
SPECIALISATION_FIT: tuple[str, ...] = ("matches", "differs", "unknown")


def counted(lens: Lens) -> tuple[LensPart, ...]:
    """The parts that make the lens's value."""
    return tuple(part for part in lens.parts if part.counts)


def lens_values(lens: Lens) -> tuple[str, ...]:
    """Every value that the lens can have."""
    rungs = tuple(part.id for part in counted(lens)) if lens.view == "ladder" else ()
    return (*rungs, *VIEW_WORDS[lens.view])


def strongest_values(lens: Lens) -> tuple[str, ...]:
    """Every part that can have the highest score, or what is said in place of one."""
    return (*(part.id for part in counted(lens)), SEVERAL, UNKNOWN)


def facts_of_lens(lens: Lens) -> dict[str, Fact]:
    """Every fact that the rules of a lens may name, by name."""
    return {fact.name: fact for fact in (*_common(lens), *_of_view(lens))}


def _common(lens: Lens) -> Iterator[Fact]:
    for part in lens.parts:
        yield Fact(f"part.{part.id}", "category", f"status of “{part.title}”", values=STATUSES)
    for status in STATUSES:
        yield Fact(f"parts_{status}", "number", f"parts of the lens that are {status}", unit="signals")
    words = "earlier cycles in a row, the last one first, that met every core signal of the promotion"
    yield Fact(CYCLES_MET, "number", words, unit="cycles", may_be_unknown=True)
    yield Fact("value", "category", f"the value of the lens “{lens.title}”", values=lens_values(lens))


def _of_view(lens: Lens) -> Iterator[Fact]:
    if lens.view == "ladder":
        yield Fact("against_level", "category", "the rung reached against the present level", values=AGAINST)
        yield Fact("against_next", "category", "the rung reached against the next level", values=AGAINST)
        words = "lowest status of the rungs up to the one that the present level needs"
        yield Fact("at_level", "category", words, values=STATUSES)
        words = "whether the next level needs a higher rung than the present one"
        yield Fact("climb", "category", words, values=CLIMBS)
    if lens.view == "shape":
        words = "the part with the highest score"
        yield Fact("strongest", "category", words, values=strongest_values(lens))
        words = "the person's specialisation against the strongest part"
        yield Fact("specialisation", "category", words, values=SPECIALISATION_FIT)
        words = "status of the part that is the person's specialisation"
        yield Fact("own", "category", words, values=STATUSES)
