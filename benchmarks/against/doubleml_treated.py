"""The effect on the treated by DoubleML, in its own environment: estimate and standard error, as JSON.

build/peers/bin/python benchmarks/against/doubleml_treated.py rows.npz
"""

import json
import sys
import warnings

import numpy as np
from doubleml import DoubleMLData, DoubleMLIRM
from lightgbm import LGBMClassifier, LGBMRegressor
from sklearn.model_selection import StratifiedKFold

TREES = {"n_estimators": 60, "num_leaves": 8, "n_jobs": 1, "verbose": -1}


def folds(arm: np.ndarray) -> list[list[tuple[np.ndarray, np.ndarray]]]:
    """Five folds by arm, as DoubleML wants them: its own come from a global generator."""
    return [list(StratifiedKFold(5, shuffle=True, random_state=1).split(arm, arm))]


def main(path: str) -> None:
    """Five folds, the interactive model, score ATTE."""
    rows = np.load(path)
    data = DoubleMLData.from_arrays(rows["x"], rows["y"], rows["d"])
    model = DoubleMLIRM(data, LGBMRegressor(**TREES), LGBMClassifier(**TREES), n_folds=5, score="ATTE",
                        draw_sample_splitting=False)  # fmt: skip
    model.set_sample_splitting(folds(rows["d"]))
    model.fit()
    print(json.dumps({"theta": float(model.coef[0]), "se": float(model.se[0])}))


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    main(*sys.argv[1:])
