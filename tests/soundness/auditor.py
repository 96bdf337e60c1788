"""Somebody who adds and subtracts all that is shown, and asks how far each hidden number is known by it.

What is not shown is unknown and not negative; every number shown is an equation. The two linear programs of a hidden
number say between which bounds it must lie.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import csr_matrix


@dataclass
class Auditor:
    """What has been seen so far: sums over atoms (the smallest pieces that every number is made of)."""

    atoms: dict[Hashable, int] = field(default_factory=dict)
    seen: dict[tuple[int, ...], float] = field(default_factory=dict)
    ordered: dict[tuple[int, tuple[int, ...]], None] = field(default_factory=dict)

    def _place(self, atoms: Iterable[Hashable]) -> tuple[int, ...]:
        return tuple(sorted({self.atoms.setdefault(atom, len(self.atoms)) for atom in atoms}))

    def sees(self, atoms: Iterable[Hashable], value: float) -> None:
        """A number is shown: the sum over its atoms."""
        place = self._place(atoms)
        assert self.seen.get(place, value) == value, "one sum was shown with two values"
        self.seen[place] = value

    def knows_order(self, less: Hashable, more: Iterable[Hashable]) -> None:
        """It is known that one atom is no more than others together: who is counted in a window is counted in a wider
        one, and who is counted in a window is counted in one of its parts."""
        (low,) = self._place([less])
        self.ordered[low, self._place(more)] = None

    def _orders(self) -> csr_matrix | None:
        lines = [line for line, (_, more) in enumerate(self.ordered) for _ in range(1 + len(more))]
        columns = [atom for low, more in self.ordered for atom in (low, *more)]
        signs = [sign for _, more in self.ordered for sign in (1.0, *(-1.0 for _ in more))]
        return csr_matrix((signs, (lines, columns)), shape=(len(self.ordered), len(self.atoms))) if lines else None

    def _equations(self) -> tuple[csr_matrix, np.ndarray, np.ndarray]:
        """The equations; atoms of a sum shown to be zero are zero, and are left out."""
        nothing = {atom for place, value in self.seen.items() if value == 0 for atom in place}
        free = np.array([atom not in nothing for atom in range(len(self.atoms))])
        rows = {tuple(a for a in place if free[a]): value for place, value in self.seen.items() if value}
        lines = [line for line, place in enumerate(rows) for _ in place]
        columns = [atom for place in rows for atom in place]
        matrix = csr_matrix((np.ones(len(columns)), (lines, columns)), shape=(len(rows), len(self.atoms)))
        return matrix, np.array(list(rows.values())), free

    def bounds(self, cells: Sequence[Iterable[Hashable]]) -> list[tuple[float, float]]:
        """The least and the most that each hidden number can be."""
        places = [self._place(cell) for cell in cells]
        matrix, values, free = self._equations()
        limits = [(0, None if may else 0) for may in free]
        orders = self._orders()
        least = None if orders is None else np.zeros(orders.shape[0])
        found = []
        for place in places:
            aim = np.zeros(len(self.atoms))
            aim[list(place)] = 1
            low, high = (
                linprog(sign * aim, A_ub=orders, b_ub=least, A_eq=matrix, b_eq=values, bounds=limits, method="highs")
                for sign in (1, -1)
            )
            assert low.status == 0, low.message
            assert high.status in (0, 3), high.message
            found.append((low.fun, np.inf if high.status == 3 else -high.fun))
        return found


def known(bounds: tuple[float, float], least: int = 11) -> bool:
    """Whether bounds say more of a small count than that it is one of 1 to least - 1."""
    low, high = bounds
    return low > 1 + 1e-6 or high < least - 1 - 1e-6
