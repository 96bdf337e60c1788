"""Which cells are hidden, kept beside the snapshot: found once, not again by every process that serves it.

What is kept belongs to one finished file, one question and one state of the code; whatever does not say so of itself
in full is found anew.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
import scipy
from numpy.typing import NDArray

from data import shelf
from data.recipe import recipe_of
from metrics.cells.ground import Days

Flags = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Hidden:
    """The hidden cells of a kind of number: by node, by part (a window, or all periods), by what is asked for."""

    nodes: tuple[tuple[str, str], ...]
    part: dict[Days, int]
    series: dict[Days, int]
    asked: dict[int | str, int]
    flags: Flags

    def at(self, hierarchy: str, days: Days, asked: int | str, period: bool = False) -> frozenset[str] | None:
        """The nodes of a hierarchy where it is hidden over these days; None for days that are not answered at all."""
        part = (self.series if period else self.part).get(days)
        if part is None:
            return None
        if isinstance(asked, str) and asked not in self.asked:  # nobody was counted for it anywhere
            return frozenset()
        column = self.asked[asked]
        rows = np.flatnonzero(self.flags[:, part, column])
        return frozenset(self.nodes[row][1] for row in rows if self.nodes[row][0] == hierarchy)


def kept(snapshot: Any, key: tuple[Any, ...], find: Callable[[], Hidden]) -> Hidden:
    """What `find` says of a finished snapshot under a key that tells everything it depends on, found once."""
    path: Path | None = getattr(snapshot, "path", None)
    seal = shelf.seal_of(path) if path is not None else ""
    if path is None or not seal:
        return find()
    about = json.dumps([snapshot.id, seal, _code(), *map(repr, key)])
    name = sha256(about.encode()).hexdigest()[:32]
    told = shelf.worked_out(path, name)
    found = _read(told, about) if told is not None else None
    if found is None:
        found = find()
        shelf.keep_worked_out(path, name, _written(found, about))
    return found


@cache
def _code() -> str:
    """A hash of the code and the libraries that find: other code may find other cells."""
    return f"{recipe_of((kept,))} {np.__version__} {scipy.__version__}"


def _written(found: Hidden, about: str) -> bytes:
    days = [[[first.isoformat(), last.isoformat(), at] for (first, last), at in each.items()]
            for each in (found.part, found.series)]  # fmt: skip
    asked = [[each if isinstance(each, str) else int(each), at] for each, at in found.asked.items()]
    words = json.dumps([about, found.nodes, *days, asked, found.flags.shape]).encode()
    file = io.BytesIO()
    np.savez_compressed(file, words=np.frombuffer(words, dtype=np.uint8), flags=np.packbits(found.flags))
    return file.getvalue()


def _read(told: bytes, about: str) -> Hidden | None:
    """What was kept, where it is about just this; nothing where it is not or cannot be read."""
    try:
        with np.load(io.BytesIO(told), allow_pickle=False) as file:
            own, nodes, part, series, asked, shape = json.loads(file["words"].tobytes())
            flags = np.unpackbits(file["flags"], count=int(np.prod(shape))).astype(bool).reshape(shape)
    except (OSError, ValueError, KeyError, zipfile.BadZipFile):
        return None
    if own != about:
        return None
    parts, periods = ({(date.fromisoformat(first), date.fromisoformat(last)): at for first, last, at in each}
                      for each in (part, series))  # fmt: skip
    return Hidden(tuple((hierarchy, node) for hierarchy, node in nodes), parts, periods, dict(asked), flags)
