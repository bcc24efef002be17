"""What the pack says, written once in `recommendations.json` instead of at every person.

A signal's title or a rule's condition is the same for everybody. In the file such fields are gathered under
`texts` and left out of the recommendations; where a person's differ they stay with the person, so
that nothing is lost.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

Json = dict[str, Any]


@dataclass(frozen=True)
class Shared:
    """Fields of one kind of object that the pack decides."""

    kind: str
    """The key under `texts`."""
    model: str
    """The object's name in the JSON Schema."""
    path: tuple[str, ...]
    """Where the objects are in a recommendation."""
    by: str
    """The field that names the object."""
    fields: tuple[str, ...]


SHARED = (
    Shared(
        "signals",
        "SignalEvidence",
        ("evidence",),
        "signal",
        ("title", "looks_like", "importance", "grow", "ask", "cite"),
    ),
    Shared("competencies", "RatingUsed", ("evidence", "ratings"), "competency", ("competency_title",)),
    Shared("rules", "FiredRule", ("rules",), "code", ("title", "topic", "conclusion", "condition", "cite")),
    Shared("lenses", "LensResult", ("lenses",), "lens", ("key", "title", "question", "view", "cite")),
    Shared(
        "lens_parts",
        "LensPartResult",
        ("lenses", "parts"),
        "part",
        ("title", "meaning", "counts", "grow", "cite"),
    ),
    Shared(
        "lens_rules",
        "FiredRule",
        ("lenses", "rules"),
        "code",
        ("title", "topic", "conclusion", "condition", "cite"),
    ),
)


class SharedTexts:
    """The texts met so far: a recommendation's own are taken out where they are the same as those."""

    def __init__(self) -> None:
        self.known: dict[str, dict[str, Json]] = {shared.kind: {} for shared in SHARED}
        """By kind and name, the fields."""

    def taken_from(self, row: Json) -> Json:
        """The file's form of a dumped recommendation; changes the value given."""
        for shared in SHARED:
            for context, one in _objects(row, shared):
                key = f"{context}/{one[shared.by]}"
                common = self.known[shared.kind].setdefault(key, {name: one[name] for name in shared.fields})
                for name in shared.fields:
                    if one[name] == common[name]:
                        del one[name]
        return row


def with_shared_texts(schema: Json) -> Json:
    """The JSON Schema of the file's form from that of the whole."""
    kinds: Json = {}
    for shared in SHARED:
        model = schema["$defs"][shared.model]
        model["required"] = [name for name in model["required"] if name not in shared.fields]
        properties = {name: model["properties"][name] for name in shared.fields}
        kinds[shared.kind] = {
            "type": "object",
            "additionalProperties": {"type": "object", "properties": properties},
        }
    schema["properties"]["texts"] = {
        "type": "object",
        "description": "What the pack says, by `promotion/name`; a recommendation's own field comes first.",
        "properties": kinds,
        "required": list(kinds),
    }
    schema["required"].append("texts")
    return schema


def _objects(row: Json, shared: Shared) -> Iterator[tuple[str, Json]]:
    """The objects of a kind in one recommendation, each with what its name is unique in."""
    found = [(row["promotion"], row)]
    for step in shared.path:
        found = [
            (f"{context}/{above['lens']}" if "lens" in above else context, one)
            for context, above in found
            for one in above[step]
        ]
    return iter(found)
