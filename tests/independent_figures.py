"""Record what independent libraries say about random data, for tests that hold the product against it.

Run by hand, in an environment with statsmodels, scikit-learn and scipy, which are too large for CI:
`python tests/independent_figures.py`. It writes tests/cases/independent_figures.json, with inputs and
versions.
"""

import importlib.metadata
import json
import warnings
from pathlib import Path
from random import Random
from typing import Any

import pandas as pd
import statsmodels.formula.api as formulas
from sklearn.metrics import cohen_kappa_score

TARGET = Path(__file__).parent / "cases" / "independent_figures.json"


def main() -> None:
    figures = {
        "versions": {name: importlib.metadata.version(name) for name in ("statsmodels", "scikit-learn")},
        "severity": [severity(seed) for seed in range(4)],
        "kappa": [kappa(seed) for seed in range(3)],
    }
    TARGET.write_text(json.dumps(figures) + "\n", encoding="utf-8")


def severity(seed: int) -> dict[str, Any]:
    """A mixed model: managers as random intercepts, levels as fixed effects, by REML."""
    dice = Random(seed)
    lenience = [dice.gauss(0, 0.3) for _ in range(12)]
    managers = [at for at in range(12) for _ in range(dice.randint(2, 14))]
    levels = [dice.randint(0, 3) for _ in managers]
    scores = [
        round(3.5 + 0.2 * level + lenience[manager] + dice.gauss(0, 0.5), 4)
        for manager, level in zip(managers, levels, strict=True)
    ]
    frame = pd.DataFrame({"score": scores, "level": levels, "manager": managers})
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model = formulas.mixedlm("score ~ C(level)", frame, groups="manager")
        fit = model.fit(reml=True, method="powell", xtol=1e-9, ftol=1e-12)
    effects = [float(fit.random_effects[at].iloc[0]) for at in range(12)]
    return {
        "scores": scores,
        "levels": levels,
        "managers": managers,
        "between": float(fit.cov_re.iloc[0, 0] ** 0.5),
        "within": float(fit.scale**0.5),
        "shrunken": effects,
    }


def kappa(seed: int) -> dict[str, Any]:
    """Cohen's kappa with quadratic weights over half points from 1 to 5, as labels 2 to 10."""
    dice = Random(seed)
    given = [dice.randint(2, 10) for _ in range(60)]
    own = [min(10, max(2, one + dice.choice([-2, -1, 0, 0, 1, 2, 3]))) for one in given]
    value = cohen_kappa_score(own, given, labels=list(range(2, 11)), weights="quadratic")
    return {"own": own, "given": given, "kappa": float(value)}


if __name__ == "__main__":
    main()
