"""One outcome by DoubleML, seven arms, in its own environment: CPU seconds, peak memory and estimates, as JSON.

build/peers/bin/python benchmarks/against/doubleml_once.py rows.npz lightgbm|ridge
"""

import json
import resource
import sys
import time
import warnings

import numpy as np
from doubleml import DoubleMLAPOS, DoubleMLData
from lightgbm import LGBMClassifier, LGBMRegressor
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.model_selection import StratifiedKFold
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

TREES = {"n_estimators": 60, "num_leaves": 8, "n_jobs": 1, "verbose": -1}
LEARNERS = {
    "lightgbm": (LGBMRegressor(**TREES), LGBMClassifier(**TREES)),
    "ridge": (
        make_pipeline(StandardScaler(), Ridge()),
        make_pipeline(StandardScaler(), LogisticRegression(max_iter=1000)),
    ),
}


def folds(arm: np.ndarray) -> list[list[tuple[np.ndarray, np.ndarray]]]:
    """Five folds by arm, as DoubleML wants them: its own come from a global generator."""
    return [list(StratifiedKFold(5, shuffle=True, random_state=1).split(arm, arm))]


def main(path: str, learner: str) -> None:
    """Five folds, every arm against the first."""
    rows = np.load(path)
    x, y, d = rows["x"], rows["y"].astype(float), rows["arm"]
    start = time.process_time()
    regressor, classifier = LEARNERS[learner]
    data = DoubleMLData.from_arrays(x, y, d)
    model = DoubleMLAPOS(data, regressor, classifier, treatment_levels=list(range(int(d.max()) + 1)), n_folds=5,
                          draw_sample_splitting=False)  # fmt: skip
    model.set_sample_splitting(folds(d))
    model.fit()
    effects = model.causal_contrast(reference_levels=0)
    used = time.process_time() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"cpu": used, "peak_mb": peak, "theta": np.ravel(effects.thetas).tolist()}))


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    main(*sys.argv[1:])
