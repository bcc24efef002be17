"""Whether the other four packages are this product's own: their names are common, and others use them too."""

from importlib.util import find_spec
from pathlib import Path

HOUSE = Path(__file__).resolve().parents[1]
NEIGHBOURS = ("engine", "inputs", "reports", "rules")


def foreign_package() -> str | None:
    """What is wrong where Python would import somebody else's package; nothing is imported."""
    for name in NEIGHBOURS:
        spec = find_spec(name)
        found = None if spec is None or spec.origin is None else Path(spec.origin)
        if found is None or found.resolve() == HOUSE / name / "__init__.py":
            continue
        folder = found.parents[1] if found.name == "__init__.py" else found.parent
        return (
            f"{found} is another package named {name!r}, and Python would import it in place of "
            f"{HOUSE / name}; take {folder} off the path (PYTHONPATH, or the folder that you work in), or "
            "install promotion-readiness into an environment of its own"
        )
    return None
