"""Identifiers in the shapes that real systems use, out of ranges that were never issued.

NPI: ten digits whose last is a Luhn check over "80840" + the number (45 CFR 162.406; CMS, "NPI
check digit"). Numbers begin with 1 or 2; only those with 1 have been issued, so the demo's begin
with 29. ME numbers begin with 0, as many real ones do. Salesforce ids come as 15 case-sensitive
characters, or as 18 with three that carry the case.
"""

from __future__ import annotations

import numpy as np

_BASE62 = np.frombuffer(b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz", dtype="S1")
_CASE = np.frombuffer(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ012345", dtype="S1")


def _digits(numbers: np.ndarray, width: int) -> np.ndarray:
    return numbers[:, None] // 10 ** np.arange(width - 1, -1, -1) % 10


def npis(count: int, rng: np.random.Generator, start: int = 0) -> np.ndarray:
    """Distinct, syntactically valid, never issued NPIs."""
    step = rng.integers(3, 9, count).cumsum() + start
    first_nine = 290_000_000 + step
    digits = _digits(first_nine, 9)
    doubled = digits[:, ::-1].copy()
    doubled[:, ::2] *= 2
    doubled = np.where(doubled > 9, doubled - 9, doubled)
    check = (10 - (doubled.sum(axis=1) + 24) % 10) % 10  # 24 = Luhn sum of the prefix 80840
    return (first_nine * 10 + check).astype("U10")


def me_numbers(count: int, rng: np.random.Generator) -> np.ndarray:
    """Distinct ME-like numbers: 0, a school that does not exist (99...), a running part, a check digit."""
    number = 990_000_000 + rng.integers(3, 1500, count).cumsum()
    check = _digits(number, 10).sum(axis=1) % 10
    return np.char.zfill((number * 10 + check).astype("U11"), 11)


def salesforce(prefix: str, count: int, rng: np.random.Generator) -> np.ndarray:
    """Distinct 18-character Salesforce ids that begin with the object's three-character prefix."""
    number = (np.arange(count) * 977 + int(rng.integers(10**6, 10**8))).astype(np.int64)
    tail = _BASE62[number[:, None] // 62 ** np.arange(6, -1, -1) % 62]
    head = np.frombuffer((prefix + "Kx000").encode(), dtype="S1")
    fifteen = np.concatenate([np.broadcast_to(head, (count, head.size)), tail], axis=1)
    upper = (fifteen >= b"A") & (fifteen <= b"Z")
    case = (upper.reshape(count, 3, 5) * (1 << np.arange(5))).sum(axis=2)
    full = np.concatenate([fifteen, _CASE[case]], axis=1)
    return np.ascontiguousarray(full).view("S18").ravel().astype("U18")
