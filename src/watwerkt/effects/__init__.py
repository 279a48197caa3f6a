"""What an instrument does, and whether that may be believed: prepare, check, estimate, open.

``prepare`` sees arms and covariates, ``check`` decides what can be decided from them, and only then does ``estimate``
read outcomes; ``open_`` closes every effect that a check does not vouch for.
"""

from watwerkt.effects.checks import before as check
from watwerkt.effects.compare import compare
from watwerkt.effects.dispatch import estimate, prepare
from watwerkt.effects.opening import open_

__all__ = ["check", "compare", "estimate", "open_", "prepare"]
