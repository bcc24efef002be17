"""The condition language of rules: short expressions over named facts, parsed into a checked tree.

Grammar, loosest first::

    condition  = conjunction {"or" conjunction}
    conjunction = negation {"and" negation}
    negation   = "not" negation | atom
    atom       = "(" condition ")" | "always" | "known" "(" fact ")" | flag
               | fact ("==" | "!=" | "<" | "<=" | ">" | ">=") constant
               | fact ["not"] "in" "(" constant {"," constant} ")"

Numbers are compared with numbers such as `3` or `0.75`; categories with words in quotes, by `==`, `!=`, `in`
or `not in`; flags stand alone.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Literal, NoReturn

from rules.facts import Fact
from rules.pack import PackError
from rules.spelling import closest

Operator = Literal["==", "!=", "<", "<=", ">", ">="]
DEEPEST = 30
"""How many brackets and `not` may stand inside each other."""


@dataclass(frozen=True)
class Always:
    """True for everybody."""


@dataclass(frozen=True)
class Flag:
    """A flag fact that must be true."""

    fact: str


@dataclass(frozen=True)
class Known:
    """A number fact that must not be missing."""

    fact: str


@dataclass(frozen=True)
class Compare:
    """A number fact against a constant; false when the number is missing."""

    fact: str
    operator: Operator
    constant: Decimal


@dataclass(frozen=True)
class OneOf:
    """A category fact that must have one of these values (`==` gives one, `!=` the others)."""

    fact: str
    values: frozenset[str]


@dataclass(frozen=True)
class Not:
    """The opposite; a missing number stays missing, so neither a comparison nor its opposite holds."""

    part: "Condition"


@dataclass(frozen=True)
class All:
    """Every part must hold."""

    parts: tuple["Condition", ...]


@dataclass(frozen=True)
class Any:
    """At least one part must hold."""

    parts: tuple["Condition", ...]


Condition = Always | Flag | Known | Compare | OneOf | Not | All | Any


def parse_condition(text: str, facts: Mapping[str, Fact]) -> Condition:
    """Read a condition whose names are these facts.

    Raises `PackError` with the column, what was found there, and what would be right.
    """
    return _Parser(text, facts).condition_alone()


def show(condition: Condition) -> str:
    """The condition as text; parsing it again gives the same tree."""
    match condition:
        case Always():
            return "always"
        case Flag(fact):
            return fact
        case Known(fact):
            return f"known({fact})"
        case Compare(fact, operator, constant):
            return f"{fact} {operator} {constant:f}"
        case OneOf(fact, values):
            quoted = [f'"{value}"' for value in sorted(values)]
            return f"{fact} == {quoted[0]}" if len(quoted) == 1 else f"{fact} in ({', '.join(quoted)})"
        case Not(part):
            return f"not {_show_inside(part, (All, Any))}"
        case All(parts):
            return " and ".join(_show_inside(part, (All, Any)) for part in parts)
        case Any(parts):
            return " or ".join(_show_inside(part, (Any,)) for part in parts)


def facts_named(condition: Condition) -> tuple[str, ...]:
    """The facts that a condition names, in the order of its text, each once."""
    match condition:
        case Always():
            return ()
        case Flag(fact) | Known(fact) | Compare(fact, _, _) | OneOf(fact, _):
            return (fact,)
        case Not(part):
            return facts_named(part)
        case All(parts) | Any(parts):
            return tuple(dict.fromkeys(fact for part in parts for fact in facts_named(part)))


def _show_inside(part: Condition, needing_brackets: tuple[type, ...]) -> str:
    return f"({show(part)})" if isinstance(part, needing_brackets) else show(part)


@dataclass(frozen=True)
class _Token:
    kind: str
    text: str
    column: int
    """1-based."""


_TOKENS = re.compile(
    r"""\s*(?:
      (?P<number>-?\d+(?:\.\d+)?(?![\w.]))
    | (?P<name>[A-Za-z_][\w.]*)
    | (?P<word>"[^"]*"|'[^']*')
    | (?P<operator>==|!=|<=|>=|<|>)
    | (?P<mark>[(),])
    | (?P<other>-?\d[\w.]*|&&|\|\||=|!|[-+*/%]|.)
    )""",
    re.VERBOSE | re.DOTALL,
)
_KEYWORDS = frozenset({"and", "or", "not", "in", "always", "known"})
_FOREIGN = {
    "&&": "write `and`",
    "||": "write `or`",
    "!": "write `not`",
    "=": "write `==` to compare",
    **dict.fromkeys("+-*/%", "a condition compares facts with constants and does not calculate"),
}


@cache
def _tokens(text: str) -> tuple[_Token, ...]:
    """The tokens of a text; the same rule is read again for every promotion."""
    return tuple(_scan(text))


def _scan(text: str) -> Iterator[_Token]:
    end = len(text.rstrip())
    position = 0
    while position < end:
        found = _TOKENS.match(text, position)
        assert found is not None
        assert found.lastgroup is not None
        kind, written = found.lastgroup, found.group(found.lastgroup)
        column = found.start(found.lastgroup) + 1
        position = found.end()
        if kind == "other":
            advice = _FOREIGN.get(written, "only facts, constants, comparisons and brackets may be here")
            if written[-1].isalnum() or written[-1] == ".":
                advice = "write a plain number such as `3` or `0.75`"
            raise PackError(
                f"column {column}: `{written}` is not part of the language of conditions; {advice}"
            )
        if kind == "name" and written.lower() in _KEYWORDS:
            if written != written.lower():
                raise PackError(f"column {column}: write `{written.lower()}` in small letters")
            kind = written
        yield _Token(written if kind in ("operator", "mark") else kind, written, column)
    yield _Token("end", "the end", end + 1)


class _Parser:
    """One reading of one text, by recursive descent: a method for each line of the grammar."""

    def __init__(self, text: str, facts: Mapping[str, Fact]) -> None:
        self._tokens = _tokens(text)
        self._facts = facts
        self._next = 0
        self._depth = 0

    def condition_alone(self) -> Condition:
        condition = self._condition()
        if not self._at("end"):
            self._refuse_rest()
        return condition

    def _condition(self) -> Condition:
        parts = [self._conjunction()]
        while self._take("or"):
            parts.append(self._conjunction())
        return parts[0] if len(parts) == 1 else Any(tuple(parts))

    def _conjunction(self) -> Condition:
        parts = [self._negation()]
        while self._take("and"):
            parts.append(self._negation())
        return parts[0] if len(parts) == 1 else All(tuple(parts))

    def _negation(self) -> Condition:
        if self._at("not"):
            return Not(self._inside(self._negation))
        return self._atom()

    def _inside(self, read: Callable[[], Condition]) -> Condition:
        """What stands behind a `not` or in a bracket."""
        if self._depth == DEEPEST:
            words = "make findings of parts of the condition, and name these"
            raise self._error(f"more than {DEEPEST} brackets and `not` inside each other; {words}")
        self._next += 1
        self._depth += 1
        inside = read()
        self._depth -= 1
        return inside

    def _atom(self) -> Condition:
        if self._at("("):
            inside = self._inside(self._condition)
            self._expect(")", "`)` to close the bracket")
            return inside
        if self._take("always"):
            return Always()
        if self._take("known"):
            return self._known()
        if self._at("number") or self._at("word"):
            words = "a range is written as two comparisons, such as `score >= 3 and score < 4`"
            raise self._error(f"a comparison starts with a fact, not with {self._found}; {words}")
        fact = self._fact()
        return _READERS[fact.kind](self, fact)

    def _known(self) -> Condition:
        self._expect("(", "`(` after `known`")
        named, fact = self._token, self._fact()
        self._expect(")", "`)` after the fact")
        if fact.kind != "number":
            advice = f"`{fact.name}` is a {fact.kind}"
            if "unknown" in fact.values:
                advice += f'; write `{fact.name} != "unknown"`'
            raise self._error(f"`known` asks whether a number is there, and {advice}", named)
        if not fact.may_be_unknown:
            raise self._error(f"`{fact.name}` is never missing, so `known` would always hold", named)
        return Known(fact.name)

    def _number(self, fact: Fact) -> Condition:
        if self._at("in") or self._at("not"):
            raise self._error(f"`{fact.name}` is a number; use `==`, `!=`, `<`, `<=`, `>` or `>=`")
        operator = self._operator(f"a comparison of the number `{fact.name}`, such as `>= 3`")
        found = self._token
        if not self._take("number"):
            words = f"or `0.75`, not with {self._found}{self._about_facts(found)}"
            raise self._error(f"`{fact.name}` is a number and is compared with a number such as `3` {words}")
        constant = Decimal(found.text)
        if fact.unit == "share" and not 0 <= constant <= 1:
            words = f"`{fact.name}` is a share from 0 to 1 and never meets {found.text}"
            raise self._error(f"{words}; sixty per cent is `0.6`", found)
        return Compare(fact.name, operator, constant)

    def _category(self, fact: Fact) -> Condition:
        if self._at("in") or self._at("not"):
            opposite = self._take("not")
            self._expect("in", "`in` and the values in brackets")
            self._expect("(", "`(` and the values")
            start, named = self._token, {self._value(fact)}
            while self._take(","):
                named.add(self._value(fact))
            self._expect(")", "`,` or `)`")
        else:
            compared, operator = (
                self._token,
                self._operator(f"`==`, `!=`, `in` or `not in` after `{fact.name}`"),
            )
            start = self._token
            if operator not in ("==", "!="):
                words = f"says nothing; use `==`, `!=`, `in` or `not in` with {_listed(fact.values)}"
                unordered = f"the values of `{fact.name}` have no order, so `{operator}` {words}"
                raise self._error(unordered, compared)
            opposite = operator == "!="
            named = {self._value(fact)}
        values = frozenset(fact.values) - named if opposite else frozenset(named)
        if not values or len(values) == len(fact.values):
            outcome = "always" if values else "never"
            words = f"this names every value of `{fact.name}` and so holds {outcome}; leave some out"
            raise self._error(words, start)
        return OneOf(fact.name, values)

    def _flag(self, fact: Fact) -> Condition:
        if self._token.kind in _OPERATORS or self._at("in"):
            words = f"write `{fact.name}` or `not {fact.name}`"
            raise self._error(f"`{fact.name}` is true or false and needs no comparison: {words}")
        return Flag(fact.name)

    def _operator(self, expected: str) -> Operator:
        kind = self._token.kind
        if kind not in _OPERATORS:
            raise self._error(f"expected {expected}, found {self._found}")
        self._next += 1
        return _OPERATORS[kind]

    def _value(self, fact: Fact) -> str:
        found = self._token
        if not self._take("word"):
            words = f"{_listed(fact.values)}, in quotes, not with {self._found}{self._about_facts(found)}"
            raise self._error(f"`{fact.name}` is compared with one of {words}")
        value = found.text[1:-1]
        if value not in fact.values:
            words = f"it is one of {_listed(fact.values)}{closest(value, fact.values)}"
            raise self._error(f"`{fact.name}` is never `{found.text}`; {words}", found)
        return value

    def _fact(self) -> Fact:
        found = self._token
        if not self._take("name"):
            raise self._error(f"expected a fact, `not` or `(`, found {self._found}")
        if found.text not in self._facts:
            hint = closest(found.text, self._facts) or "; `readiness pack show` lists the facts"
            raise self._error(f"there is no fact `{found.text}`{hint}", found)
        return self._facts[found.text]

    def _refuse_rest(self) -> NoReturn:
        if self._token.kind in _OPERATORS:
            words = "write two of them joined by `and`, such as `score >= 3 and score < 4`"
            raise self._error(f"comparisons cannot be chained; {words}")
        if self._at(")"):
            raise self._error("this `)` closes no bracket")
        raise self._error(f"expected `and`, `or` or the end, found {self._found}")

    def _about_facts(self, found: _Token) -> str:
        return "; two facts cannot be compared with each other" if found.text in self._facts else ""

    def _expect(self, kind: str, expected: str) -> None:
        if not self._take(kind):
            raise self._error(f"expected {expected}, found {self._found}")

    def _take(self, kind: str) -> bool:
        if not self._at(kind):
            return False
        self._next += 1
        return True

    def _at(self, kind: str) -> bool:
        return self._token.kind == kind

    @property
    def _token(self) -> _Token:
        return self._tokens[self._next]

    @property
    def _found(self) -> str:
        """The next token as messages quote it."""
        return self._token.text if self._at("end") else f"`{self._token.text}`"

    def _error(self, words: str, at: _Token | None = None) -> PackError:
        """What is wrong with a token; with the next one unless given."""
        return PackError(f"column {(at or self._token).column}: {words}")


_READERS: dict[str, Callable[[_Parser, Fact], Condition]] = {
    "number": _Parser._number,
    "category": _Parser._category,
    "flag": _Parser._flag,
}
_OPERATORS: dict[str, Operator] = {"==": "==", "!=": "!=", "<": "<", "<=": "<=", ">": ">", ">=": ">="}


def _listed(values: Iterable[str]) -> str:
    return ", ".join(f'"{value}"' for value in values)
