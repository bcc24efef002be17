"""How managers are connected: by people whom two of them rated, in this cycle and in an earlier one.

Where nobody is rated by two managers, a strict manager and a weak team look the same: what two managers give
can only be compared on people whom both have rated.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Links:
    """The managers of a run as far as people connect them."""

    managers: int
    earlier: int
    """Earlier cycles that were looked at."""
    people: int
    """People whom another manager of this run rated in an earlier cycle."""
    largest: int
    """Managers in the largest set that is connected."""

    @property
    def whole(self) -> bool:
        """Whether every manager is connected with every other."""
        return self.managers > 1 and self.largest == self.managers


def links_of(now: Mapping[str, str], earlier: Iterable[Mapping[str, str]]) -> Links:
    """The connections; each mapping gives for a cycle who rated each person."""
    parents = {manager: manager for manager in now.values()}

    def root(manager: str) -> str:
        while parents[manager] != manager:
            parents[manager] = parents[parents[manager]]
            manager = parents[manager]
        return manager

    cycles, linked = 0, set[str]()
    for cycle in earlier:
        cycles += 1
        for person, before in cycle.items():
            after = now.get(person)
            if after is not None and after != before and before in parents:
                linked.add(person)
                parents[root(before)] = root(after)
    sizes = Counter(root(manager) for manager in parents)
    return Links(len(parents), cycles, len(linked), max(sizes.values(), default=0))
