"""A record of a person made comparable: names without titles and accents, a place, a specialty."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import NamedTuple

# Words around a name that say nothing about whose it is.
_TITLES = frozenset(
    {"dr", "doctor", "prof", "mr", "mrs", "ms", "md", "do", "phd", "pharmd", "np", "pa", "rn", "crnp", "dnp", "facc",
     "facp", "jr", "sr", "ii", "iii", "iv", "mba", "mph"}
)  # fmt: skip
_APART = re.compile(r"[^0-9a-z]+")


class Told(NamedTuple):
    """What one source says of a person, in words that can be compared; nothing where it says nothing."""

    first: str | None = None
    last: str | None = None
    specialty: str | None = None
    city: str | None = None
    state: str | None = None
    postcode: str | None = None


@dataclass(frozen=True, kw_only=True)
class Record:
    """One person as the exact ids leave it: its opaque id, the ids that decide, and what its sources tell."""

    key: str
    npi: str | None = None
    me: str | None = None
    told: frozenset[Told] = frozenset()
    shown: str = ""

    @property
    def fullest(self) -> int:
        """How much is known: a record with an NPI comes before one with an ME number, that before the others."""
        return 2 * bool(self.npi) + bool(self.me)


def told(
    name: str | None,
    first: str | None,
    last: str | None,
    specialty: str | None,
    city: str | None,
    state: str | None,
    postcode: str | None,
) -> Told | None:
    """A person's record from what a source says; None without a first and a last name.

    "Doe, Ann, MD" and "Dr. Ann Doe" are both Ann Doe.
    """
    given, family = _name(first), _name(last)
    if not given or not family:
        given, family = _split(name or "")
    if not given or not family:
        return None
    return Told(
        first=given[0],
        last=" ".join(family),
        specialty=" ".join(_words(specialty)) or None,
        city=" ".join(_words(city)) or None,
        state=" ".join(_words(state)) or None,
        postcode="".join(_words(postcode))[:5] or None,
    )


def _split(name: str) -> tuple[list[str], list[str]]:
    """First and last name of a name in one piece."""
    before, comma, after = name.partition(",")
    if comma and _name(after):
        return _name(after), _name(before)
    words = _name(before)
    return words[:1], words[-1:] if len(words) > 1 else []


def _name(text: str | None) -> list[str]:
    """The words of a name without titles."""
    return [word for word in _words(text) if word not in _TITLES]


def _words(text: str | None) -> list[str]:
    """The plain words of a text: lower case, no accents."""
    flat = unicodedata.normalize("NFKD", (text or "").replace("'", "").replace("’", ""))
    plain = "".join(letter for letter in flat if not unicodedata.combining(letter)).casefold()
    return [word for word in _APART.split(plain) if word]
