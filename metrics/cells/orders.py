"""What counts of persons say of one another: whoever is counted in a window is counted in each wider one.

The same holds of a product and of all products together; and nobody is counted in a window, or over all products,
who is in none of the parts that make it up.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray
from sqlglot import exp

from metrics.cells.ground import Days, Ground
from metrics.cells.sizes import Sizes
from metrics.declare import SubjectMeasure

Columns = NDArray[np.int64]
Asked = int | str


@dataclass(frozen=True, eq=False)
class Orders:
    """Of columns (a span and what is asked for): each with all that lie in it, and each with parts that have
    everybody of it."""

    wider: tuple[tuple[int, Columns], ...] = ()
    covers: tuple[tuple[int, Columns], ...] = ()


def orders_of(measure: SubjectMeasure, ground: Ground, sizes: Sizes) -> Orders:
    """What holds of a measure; nothing where a wider window may count fewer."""
    if not _grows(measure):
        return Orders()
    scopes = {each.scope for each in measure.inputs if each.fact.product}

    def _lies(one: Asked, other: Asked) -> bool:
        bits = [(ground.asked.get((scope, str(one))), ground.asked.get((scope, str(other)))) for scope in scopes]
        return bool(bits) and all(a is not None and b is not None and a & b == a for a, b in bits)

    return orders(sizes, _lies, parts=len(measure.inputs) == 1)


def _grows(measure: SubjectMeasure) -> bool:
    """Whether it counts who has at least so much of each of some sums: a wider window never counts fewer."""
    if not isinstance(measure.tree, exp.Filter) or not isinstance(measure.tree.this, exp.Count):
        return False
    asked = list(measure.tree.expression.this.flatten()) if isinstance(measure.tree.expression.this, exp.And) else [
        measure.tree.expression.this
    ]  # fmt: skip
    least = (isinstance(each, exp.GT | exp.GTE) and isinstance(each.this, exp.Column)
             and isinstance(each.expression, exp.Literal) for each in asked)  # fmt: skip
    return all(least) and all(each.fact.time in ("flow", "overlap") for each in measure.inputs)


def orders(sizes: Sizes, lies: Callable[[Asked, Asked], bool], parts: bool = True) -> Orders:
    """What holds of counts, where `lies` says of what is asked for which lies in which.

    With `parts`, who is counted in the whole is counted in one of its parts. What the figures contradict is left out.
    """
    persons, many = sizes.persons.reshape(len(sizes.persons), -1), len(sizes.asked)
    wider: list[tuple[int, Columns]] = []
    covers: list[tuple[int, Columns]] = []
    inside = [[i for i, each in enumerate(sizes.spans) if each != span and _within(each, span)] for span in sizes.spans]
    among = [[a for a, each in enumerate(sizes.asked) if each != word and lies(each, word)] for word in sizes.asked]
    for span, asked in np.ndindex(len(sizes.spans), many):
        column = span * many + asked
        narrow = np.array([i * many + asked for i in inside[span]] + [span * many + a for a in among[asked]], dtype=int)
        narrow = narrow[(persons[:, narrow] <= persons[:, [column]]).all(axis=0)]
        wider += [(column, narrow)] if len(narrow) else []
        made = [[i * many + asked for i in each] for each in _covers(sizes.spans, span, inside[span])]
        made += [[span * many + a for a in among[asked]]] if among[asked] else []
        for each in made if parts else ():
            if (persons[:, column] <= persons[:, each].sum(axis=1)).all():
                covers.append((column, np.array(each)))
    return Orders(tuple(wider), tuple(covers))


def _within(one: Days, other: Days) -> bool:
    return other[0] <= one[0] and one[1] <= other[1]


def _covers(spans: tuple[Days, ...], span: int, inside: list[int]) -> Iterator[list[int]]:
    """Spans that together have every day of one: the shortest that lie in it, and every two that meet."""
    short = [i for i in inside if not any(i != j and _within(spans[j], spans[i]) for j in inside)]
    if _cover(spans[span], (spans[i] for i in short)):
        yield short
    touching = [i for i, each in enumerate(spans) if each[0] <= spans[span][1] and spans[span][0] <= each[1]]
    whole = [i for i in touching if i != span and not _within(spans[span], spans[i])]
    for one, other in combinations(whole, 2):
        if _cover(spans[span], (spans[one], spans[other])):
            yield [one, other]


def _cover(whole: Days, parts: Iterable[Days]) -> bool:
    reached = whole[0].toordinal()
    for first, last in sorted(parts):
        if first.toordinal() <= reached <= last.toordinal():
            reached = last.toordinal() + 1
    return reached > whole[1].toordinal()
