"""A pack as it is checked: its values by path, with their places, and the facts that its rules name."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from rules.conditions import facts_named, parse_condition
from rules.facts import Fact, facts_of
from rules.pack import PackError, Rule, RulePack
from rules.paths import KeyPath, Place, paths_of, place_of, value_at
from rules.spelling import closest
from rules.value_errors import listed

Problems = Iterator[tuple[Place, str]]
RULE_CODES = "rules.*.code promotions.*.rules.*.code"
"""The paths of the codes of all rules but those of lenses."""
MOST_LISTED = 12
"""Where more names are known, they are not listed."""


@dataclass(frozen=True)
class Look:
    """A pack with the place of each of its values."""

    pack: RulePack
    places: Mapping[KeyPath, Place]

    def place(self, *path: str | int) -> Place:
        """Where a value is, or the part that would hold it."""
        return place_of(self.places, path)

    def paths(self, patterns: str) -> Iterator[KeyPath]:
        """Every path of these patterns at which there is something: `levels.*.id actions.*.id`."""
        for pattern in patterns.split():
            yield from paths_of(self.pack, tuple(pattern.split(".")))

    def rules(self) -> Iterator[tuple[KeyPath, Rule]]:
        """Every rule but those of lenses with its path: the general ones, then each promotion's own."""
        yield from ((path[:-1], value_at(self.pack, path[:-1])) for path in self.paths(RULE_CODES))

    @cached_property
    def read(self) -> dict[str, list[tuple[Rule, tuple[str, ...] | str]]]:
        """By promotion, each of its rules with what `named_in` finds: conditions are read once."""
        catalogues = ((promotion, facts_of(self.pack, promotion)) for promotion in self.pack.promotions)
        return {
            promotion.id: [(rule, named_in(rule, facts)) for rule in self.pack.rules_of(promotion)]
            for promotion, facts in catalogues
        }

    def named(self, promotion: str) -> list[tuple[Rule, tuple[str, ...]]]:
        """The rules of a promotion whose conditions can be read, with the facts that they name."""
        return [(rule, names) for rule, names in self.read[promotion] if not isinstance(names, str)]

    def unknown(self, path: KeyPath, name: str, what: str, known: Iterable[str]) -> tuple[Place, str]:
        """What is wrong with a name at a path that is not one of those known."""
        names = list(dict.fromkeys(known))
        hint = closest(name, names) or (f"; known are {listed(names)}" if len(names) <= MOST_LISTED else "")
        return self.place(*path), f"`{name}` is not a {what}{hint}"


def named_in(rule: Rule, facts: Mapping[str, Fact]) -> tuple[str, ...] | str:
    """The facts that the condition of a rule names, or why it cannot be read."""
    try:
        return facts_named(parse_condition(rule.when, facts))
    except PackError as error:
        return str(error)
