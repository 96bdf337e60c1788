"""Whose doing is the change: the Shapley split of a product of factors, exact at every leaf.

Each factor's part is the average, over all orders in which the factors may change from their old
to their new value, of what its own change adds (Shapley 1953). For two factors it is Bennet's
indicator (1920); for products it is the decomposition of Das Gupta 1993 (US Census Bureau, Current
Population Reports P23-186). The parts add up to the change, no order is preferred, zeros and entries
and exits need no special rule, and the parts of leaves add up to the parts of what they form.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import combinations
from math import factorial

import numpy as np
from numpy.typing import ArrayLike, NDArray

from data.errors import BadDeclaration

Numbers = NDArray[np.float64]
MOST_FACTORS = 5


def product(factors: Sequence[Numbers]) -> Numbers:
    """The plain product of the factors."""
    return np.asarray(np.prod(np.stack(factors), axis=0))


def split(
    old: Sequence[ArrayLike], new: Sequence[ArrayLike], formula: Callable[[Sequence[Numbers]], Numbers] = product
) -> list[Numbers]:
    """Each factor's part of the change from formula(old) to formula(new), leaf by leaf.

    `old` and `new` hold one array a factor, one element a leaf; up to five factors (2^5 evaluations).
    A factor that is undefined on one side (depth where nobody wrote) is given as any finite number
    there: as long as the product is right on both sides the parts still add up.
    """
    count = len(old)
    if not 1 <= count <= MOST_FACTORS or count != len(new):
        raise BadDeclaration(
            f"{count} old and {len(new)} new factors", where="shapley", todo="Give one to five of each."
        )
    before, after = [np.asarray(part, dtype=float) for part in old], [np.asarray(part, dtype=float) for part in new]
    value = {
        chosen: formula([after[i] if i in chosen else before[i] for i in range(count)])
        for size in range(count + 1)
        for chosen in map(frozenset, combinations(range(count), size))
    }
    parts = []
    for factor in range(count):
        part = np.zeros(np.shape(value[frozenset()]))
        for chosen, worth in value.items():
            if factor not in chosen:
                weight = factorial(len(chosen)) * factorial(count - len(chosen) - 1) / factorial(count)
                part = part + weight * (value[chosen | {factor}] - worth)
        parts.append(part)
    return parts


def ticks(parts: Sequence[Numbers], change: NDArray[np.int_]) -> list[NDArray[np.int_]]:
    """The parts as whole numbers that add up to `change` exactly; the largest part takes the rounding."""
    whole = np.rint(np.stack(parts)).astype(np.int64)
    largest = np.abs(np.stack(parts)).argmax(axis=0)
    whole[largest, np.arange(whole.shape[1])] += change - whole.sum(axis=0)
    return list(whole)
