"""One outcome by EconML's LinearDRLearner, seven arms, in its own environment: CPU seconds, memory, estimates, as JSON.

build/peers/bin/python benchmarks/against/econml_once.py rows.npz
"""

import json
import resource
import sys
import time
import warnings

import numpy as np
from econml.dr import LinearDRLearner
from lightgbm import LGBMClassifier, LGBMRegressor

TREES = {"n_estimators": 60, "num_leaves": 8, "n_jobs": 1, "verbose": -1}


def main(path: str) -> None:
    """Five folds, every arm against the first: the average effect of everybody."""
    rows = np.load(path)
    start = time.process_time()
    model = LinearDRLearner(
        model_propensity=LGBMClassifier(**TREES), model_regression=LGBMRegressor(**TREES), cv=5, random_state=1
    )
    model.fit(rows["y"].astype(float), rows["arm"], X=None, W=rows["x"])
    theta = [float(np.ravel(model.ate(T0=0, T1=a))[0]) for a in range(1, int(rows["arm"].max()) + 1)]
    used = time.process_time() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"cpu": used, "peak_mb": peak, "theta": theta}))


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    main(*sys.argv[1:])
