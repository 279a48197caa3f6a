"""How the errors of several effects move together, packed so that pooling needs nothing else."""

from __future__ import annotations

from dataclasses import dataclass

from watwerkt.dossier.cell import Cell
from watwerkt.errors import DossierError


@dataclass(frozen=True)
class Joint:
    """Correlations of one family's estimates at public horizons, opened rows only.

    ``upper`` is the strict upper triangle, row by row: length k(k−1)/2 for k cells. ``clusters`` is the number of
    independent clusters behind them. It leaves only with clusters ≥ 10 × cells (DESIGN, what leaks).
    """

    family: str
    cells: tuple[Cell, ...]
    upper: tuple[float, ...]
    clusters: int

    def __post_init__(self) -> None:
        k = len(self.cells)
        if len(self.upper) != k * (k - 1) // 2:
            raise DossierError(where=f"joint of {self.family}", because="the triangle does not fit its cells")
        if any(abs(r) > 1 for r in self.upper):
            raise DossierError(where=f"joint of {self.family}", because="a correlation outside [−1, 1]")
        if not self._is_positive_semidefinite():
            raise DossierError(where=f"joint of {self.family}", because="the correlations contradict each other")

    def matrix(self) -> tuple[tuple[float, ...], ...]:
        """The full k × k correlation matrix."""
        k = len(self.cells)
        rows = [[1.0] * k for _ in range(k)]
        triangle = iter(self.upper)
        for i in range(k):
            for j in range(i + 1, k):
                rows[i][j] = rows[j][i] = next(triangle)
        return tuple(tuple(row) for row in rows)

    def _is_positive_semidefinite(self, slack: float = 1e-2) -> bool:
        """Cholesky in plain Python on the matrix plus ``slack`` on its diagonal: rounding at the door moves entries."""
        rows = self.matrix()
        k = len(rows)
        lower = [[0.0] * k for _ in range(k)]
        for i in range(k):
            for j in range(i + 1):
                inner = sum(lower[i][m] * lower[j][m] for m in range(j))
                if i == j:
                    pivot = rows[i][i] + slack - inner
                    if pivot <= 0:
                        return False
                    lower[i][i] = pivot**0.5
                else:
                    lower[i][j] = (rows[i][j] - inner) / lower[j][j]
        return True
