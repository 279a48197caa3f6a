#!/bin/sh
# Installs watwerkt from this folder, without internet.     sh install.sh [where, ~/watwerkt if left out]
# Installeert watwerkt uit deze map, zonder internet.       sh install.sh [waar, ~/watwerkt als u niets zegt]
# PYTHON=/path/to/python3 sh install.sh names another Python / noemt een andere Python.
set -eu
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
place=${1:-"$HOME/watwerkt"}
python=${PYTHON:-python3}

"$python" "$here/check.py"
"$python" -m venv "$place"
"$place/bin/python" -m pip install --isolated --disable-pip-version-check --no-cache-dir \
  --no-index --find-links "$here/wheels" --require-hashes --requirement "$here/requirements.txt"
"$place/bin/python" -m pip check
echo "watwerkt $("$place/bin/watwerkt" --version): $place/bin/watwerkt"
