"""Pieces of pages that many people share, drawn once."""

from collections.abc import Callable, Hashable, Sequence

from markupsafe import Markup

from engine.words import DevelopmentAction, Explanation, FiredRule, SignalEvidence
from reports.pages.people import Entry
from reports.pages.rendering import module
from reports.shown.grouped import grouped
from rules.pack import Citation, RulePack


class Rows:
    """Pieces that many people share, drawn once: a population repeats the same scores over and over."""

    def __init__(self, pack: RulePack) -> None:
        self.pack = pack
        names = ("parts.html", "charts.html", "signals.html", "conversation.html")
        self._parts, self._charts, self._signals, self._talk = (
            module(name, {"pack": pack, "rows": self}) for name in names
        )
        self._drawn: dict[Hashable, Markup] = {}
        self.bands: dict[str, Markup] = {name: self._parts.band(name) for name in pack.bands}
        """The badge of each band."""
        self.statuses: dict[str, Markup] = {name: self._parts.status(name) for name in pack.statuses}
        """The badge of each status."""

    def signals(self, explanation: Explanation) -> Markup:
        """The rows of the evidence table."""
        return Markup("").join(map(self._signal, explanation.evidence))

    def _signal(self, signal: SignalEvidence) -> Markup:
        key = (
            signal.title,
            signal.importance,
            signal.agreement,
            signal.bar,
            signal.manager_score,
            signal.self_score,
        )
        return self._once((*key, signal.status), self._signals.row, signal)

    def ratings(self, entry: Entry) -> Markup:
        """The ratings behind a recommendation: the same for HR and for the manager."""
        key = ("ratings", entry.explanation.person, entry.explanation.promotion)
        return self._once(key, self._signals.ratings, entry)

    def strip(self, explanation: Explanation) -> Markup:
        """All signals of a person in one small picture."""
        key = tuple((signal.importance, signal.status) for signal in explanation.evidence)
        return self._once(key, self._strip, key)

    def _strip(self, kinds: tuple[tuple[str, str], ...]) -> Markup:
        places = grouped(range(len(kinds)), kinds.__getitem__)
        met = sum(status == "met" for _, status in kinds)
        drawn: Markup = self._charts.strip(places, met, len(kinds))
        return drawn

    def actions(self, purpose: str, actions: Sequence[DevelopmentAction]) -> Markup:
        """What to do for one purpose."""
        key = (purpose, actions[0].status, tuple(action.advice for action in actions))
        return self._once(key, self._talk.actions, purpose, actions)

    def rule(self, rule: FiredRule, home: str | None) -> Markup:
        """The head of a rule that fired: its code and title."""
        return self._once(("rule", rule.code, rule.decisive, home), self._signals.rule, rule, home)

    def facts(self, rule: FiredRule, home: str | None) -> Markup:
        """What a rule looked at, and its source."""
        return self._once(("facts", rule.code, rule.facts, home), self._signals.facts, rule, home)

    def cite(self, citation: Citation) -> Markup:
        """The source that something rests on."""
        return self._once(("cite", citation.source, citation.section), self._parts.cite, citation)

    def _once(self, key: Hashable, draw: Callable[..., Markup], *what: object) -> Markup:
        drawn = self._drawn.get(key)
        if drawn is None:
            drawn = self._drawn[key] = draw(*what)
        return drawn
