"""Record what independent libraries say about random data, for tests that hold the product against it.

Run by hand, in an environment with the libraries below, which are too large for CI:
`python tests/independent_figures.py`. It writes tests/cases/independent_figures.json, with inputs and
versions.
"""

import importlib.metadata
import json
import warnings
from contextlib import chdir
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

import pandas as pd
import statsmodels.formula.api as formulas
from aedt_audit import impact_ratios, selection_rates
from pytauargus import protect
from raschpy import MFRM
from scipy.stats import fisher_exact
from sklearn.metrics import cohen_kappa_score
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import confint_proportions_2indep

LIBRARIES = ("statsmodels", "scikit-learn", "scipy", "aedt-audit", "pytauargus", "raschpy")
TARGET = Path(__file__).parent / "cases" / "independent_figures.json"


def main() -> None:
    figures = {
        "versions": {name: importlib.metadata.version(name) for name in LIBRARIES},
        "severity": [severity(seed) for seed in range(4)],
        "kappa": [kappa(seed) for seed in range(3)],
        "two_groups": [two_groups(seed) for seed in range(12)],
        "holm": holm(),
        "local_law": local_law(),
        "facets": [facets(seed) for seed in range(2)],
        "withheld": [withheld(seed) for seed in range(8)],
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


def two_groups(seed: int) -> dict[str, Any]:
    """Fisher's two-sided p, and Koopman's interval of the ratio, which statsmodels misses where a share is
    1."""
    dice = Random(seed)
    size = 60 if seed < 10 else 4000
    people = [dice.randint(size // 12, size), dice.randint(size // 12, size)]
    selected = [dice.randint(0, people[0] // (1 if seed < 10 else 8)), dice.randint(1, people[1] - 1)]
    if seed >= 10:
        selected[1] = people[1] * selected[0] // people[0] + size // 200
    table = [[chosen, whole - chosen] for chosen, whole in zip(selected, people, strict=True)]
    interval = confint_proportions_2indep(
        selected[0], people[0], selected[1], people[1], compare="ratio", method="score", correction=False
    )
    return {
        "selected": selected,
        "people": people,
        "fisher": float(fisher_exact(table)[1]),
        "interval": [float(end) for end in interval],
    }


def holm() -> dict[str, Any]:
    dice = Random(0)
    values = [round(dice.random() ** 3, 6) for _ in range(15)]
    return {"p": values, "adjusted": multipletests(values, method="holm")[1].tolist()}


def local_law() -> dict[str, Any]:
    """Selection rates and impact ratios by sex, race, and both."""
    dice = Random(0)
    people = [
        {"sex": dice.choice("FM"), "race": dice.choice(["Asian", "Black", "White"])} for _ in range(240)
    ]
    for one in people:
        one["selected"] = int(dice.random() < (0.3 if one["sex"] == "M" else 0.2))
    frame = pd.DataFrame(people)
    found = {}
    for wanted in (["sex"], ["race"], ["sex", "race"]):
        rates = impact_ratios(selection_rates(frame, by=wanted, outcome="selected"))
        found[" × ".join(wanted)] = json.loads(rates.to_json(orient="records"))
    return {"people": people, "tables": found}


def withheld(seed: int) -> dict[str, Any]:
    """A table of people, and how many cells are withheld where the fewest are, with those under ten."""
    dice = Random(seed)
    rows, columns = dice.choice([(3, 8), (4, 5), (6, 8), (5, 5)])
    cells = [dice.choice([3, 7, 12, 15, 25, 40, 60, 8, 30, 22]) for _ in range(rows * columns)]
    micro: dict[str, list[Any]] = {"row": [], "column": [], "one": []}
    for at, people in enumerate(cells):
        micro["row"] += [f"r{at // columns}"] * people
        micro["column"] += [f"c{at % columns}"] * people
        micro["one"] += [1.0] * people
    with TemporaryDirectory() as folder, chdir(folder):  # where it leaves its logs
        (table,) = protect(
            micro, ["row", "column"], "one", safety_rules="FREQ(10,1)", suppress="OPT(1)", workdir=folder
        ).tables
    statuses = [str(status) for status in table.status()]
    count = sum(status in ("U", "M") for status in statuses)
    return {"columns": columns, "cells": cells, "withheld": count}


def facets(seed: int) -> dict[str, Any]:
    """Severities of four raters who rated 80 people on five things, by a many-facet Rasch model."""
    dice = Random(seed)
    severities = [dice.gauss(0, 0.6) for _ in range(4)]
    ease = [dice.gauss(0, 0.5) for _ in range(5)]
    places = [dice.gauss(0, 1.2) for _ in range(80)]
    ratings = [
        [[_category(dice, place - item - severity) for severity in severities] for item in ease]
        for place in places
    ]
    index = pd.MultiIndex.from_tuples([(f"r{rater}", f"p{one}") for rater in range(4) for one in range(80)])
    rows = [[item[rater] for item in ratings[one]] for rater in range(4) for one in range(80)]
    model = MFRM(pd.DataFrame(rows, index=index, columns=[f"i{at}" for at in range(5)]), max_score=4)
    model.calibrate()
    (found,) = (value for name, value in vars(model).items() if "facet_effect" in name)
    return {"ratings": [item for one in ratings for item in one], "severities": [float(one) for one in found]}


def _category(dice: Random, reached: float) -> int:
    chances = [0.0]
    for step in (-1.5, -0.5, 0.5, 1.5):
        chances.append(chances[-1] + reached - step)
    return dice.choices(range(5), [2.718281828**one for one in chances])[0]


if __name__ == "__main__":
    main()
