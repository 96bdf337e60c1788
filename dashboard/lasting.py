"""What lasts is set aside from the collector of garbage, which Streamlit runs after every run of a page.

Walking what never goes (the libraries, the answers remembered, the caches of statements) was the largest single
cost of a page. What is set aside still goes when nobody holds it any more; only what by then holds itself in a
circle stays, which is why it is done a few times a process and not after every page.
"""

from __future__ import annotations

import gc
import itertools

_AFTER = frozenset((1, 10, 100, 1000))
_runs = itertools.count(1)


def set_aside() -> None:
    """What is loaded by now is never walked again."""
    gc.collect()
    gc.freeze()


def another_run() -> None:
    """A page was drawn: after the first, the tenth, the hundredth and the thousandth, what they made lasts."""
    if next(_runs) in _AFTER:
        set_aside()
