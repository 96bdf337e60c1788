"""Which column of a file is which that a mapping asks for: of the same name, guessed with a confidence, or none."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from data.drafting.likeness import alike
from data.layout import Layout, Source

LEAST = 0.5  # a guess below it is none
ENOUGH = 0.5  # of the columns needed must be there or guessed for a file to be taken for one of a source


@dataclass(frozen=True, kw_only=True)
class Guess:
    """A column that the mapping asks for, the file's column that it seems to be, and how sure that is."""

    needed: str
    found: str | None
    confidence: float
    optional: bool = False

    @property
    def sure(self) -> bool:
        """Whether the file has it by its own name."""
        return self.confidence == 1.0


def guesses(
    needed: Iterable[str], columns: Sequence[str], optional: Iterable[str] = (), chosen: Mapping[str, str] | None = None
) -> tuple[Guess, ...]:
    """Each needed column with its best match, no column of the file used twice; what a person chose comes first."""
    asked, may = tuple(dict.fromkeys(needed)), {name.casefold() for name in optional}
    taken: dict[str, tuple[str, float]] = {
        name: (found, 1.0) for name, found in (chosen or {}).items() if found in columns and name in asked
    }
    free = [column for column in columns if column not in {found for found, _ in taken.values()}]
    pairs = sorted(
        ((alike(name, column), name, column) for name in asked if name not in taken for column in free),
        key=lambda pair: (-pair[0], pair[1], pair[2]),
    )
    used: set[str] = set()
    for score, name, column in pairs:
        if score >= LEAST and name not in taken and column not in used:
            taken[name] = (column, score)
            used.add(column)
    return tuple(
        Guess(needed=name, found=taken.get(name, (None, 0.0))[0], confidence=taken.get(name, (None, 0.0))[1],
              optional=name.casefold() in may)
        for name in asked
    )  # fmt: skip


def likeliest(columns: Sequence[str], layouts: Iterable[Layout]) -> tuple[Layout, Source] | None:
    """The source that a file with these columns most likely belongs to; None where it looks like none of them."""
    best: tuple[float, int, Layout, Source] | None = None
    for layout in layouts:
        for source in layout.sources:
            if source.positional or len(source.headers) < 2:
                continue
            found = guesses(source.headers, columns)
            share = sum(guess.confidence for guess in found) / len(found)
            if share >= ENOUGH and (best is None or (share, len(found)) > best[:2]):
                best = (share, len(found), layout, source)
    return best[2:] if best else None
