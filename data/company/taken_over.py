"""Accounts taken over from a company that was bought: names and addresses as they stood there, and no NPI.

Most are physicians whom the CRM knows already, written as people write: as they are, with a slip of a letter, with
an initial, under the city they moved from, under the name before or after a marriage. Some are somebody else: the
same name in another state or of another specialty, a brother or sister in the same city, or a stranger.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from data.company import ids, names
from data.company.dates import stream
from data.company.geography import Geography
from data.company.people import SPECIALTIES, People

# How many of each in a company of 2,000.
SAME = {"as_is": 70, "slip": 44, "initial": 14, "no_specialty": 16, "moved": 20, "double_name": 14, "new_name": 14}
OTHER = {"same_name_elsewhere": 12, "same_name_other_specialty": 10, "sibling": 12, "stranger": 16}
_FOR = 2000
_FREE_FROM = 200  # the first physicians stand for themselves in many an example
_VOWELS = "aeiou"


@dataclass(frozen=True)
class TakenOver:
    """The accounts, one position each: `person` is whose it really is (-1: nobody whom the CRM knows)."""

    crm: np.ndarray
    first: np.ndarray
    last: np.ndarray
    specialty: np.ndarray
    city: np.ndarray
    case: np.ndarray
    person: np.ndarray


def take_over(people: People, place: Geography, seed: int, busy: np.ndarray) -> TakenOver:
    """Draws the accounts; `busy` are physicians who play a part elsewhere and are left alone."""
    rng = stream(seed, "taken over")
    scale = people.count / _FOR
    case = np.repeat([*SAME, *OTHER], [max(1, round(count * scale)) for count in (*SAME.values(), *OTHER.values())])
    free = np.setdiff1d(np.arange(min(_FREE_FROM, people.count // 2), people.count), busy)
    model = rng.permutation(free)[: case.size]
    case = case[: model.size]
    known = np.isin(case, list(SAME))
    first, last = people.first[model].astype("U40"), people.last[model].astype("U40")
    specialty, city = SPECIALTIES[people.specialty[model]].astype("U40"), people.city[model].copy()
    for at, kind in enumerate(case.tolist()):
        first[at], last[at] = _written(kind, str(first[at]), str(last[at]), rng)
    specialty[case == "no_specialty"] = ""
    away = np.isin(case, ["moved", "same_name_elsewhere"])
    city[away] = [_elsewhere(place, int(one), rng) for one in city[away]]
    odd = case == "same_name_other_specialty"
    specialty[odd] = SPECIALTIES[(people.specialty[model[odd]] + 2) % SPECIALTIES.size]
    strange = case == "stranger"
    city[strange] = rng.integers(0, place.cities.size, int(strange.sum()))
    return TakenOver(
        ids.salesforce("001", case.size, stream(seed, "taken over ids")), first, last, specialty, city, case,
        np.where(known, model, -1),
    )  # fmt: skip


def _written(kind: str, first: str, last: str, rng: np.random.Generator) -> tuple[str, str]:
    """The name as it stands in the account."""
    if kind == "slip":
        return (first, _slip(last, rng)) if rng.random() < 0.7 else (_slip(first, rng), last)
    if kind == "initial":
        return first[0], last
    if kind == "double_name":
        return first, f"{last}-{_another(names.SURNAMES, last, rng)}"
    if kind == "new_name":
        return first, _another(names.SURNAMES, last, rng)
    if kind == "sibling":
        return _another(names.FIRST, first, rng), last
    if kind == "stranger":
        return str(rng.choice(names.FIRST)), f"{rng.choice(names.SURNAMES)}er"
    return first, last


def _slip(word: str, rng: np.random.Generator) -> str:
    """A word with two letters swapped, one doubled, one left out, or a vowel mistaken; never its first."""
    at = int(rng.integers(1, max(2, len(word) - 1)))
    kind = rng.integers(0, 4)
    if kind == 0 and at + 1 < len(word) and word[at] != word[at + 1]:
        return word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    if kind == 1:
        return word[:at] + word[at] + word[at:]
    vowels = [place for place, letter in enumerate(word) if letter in _VOWELS and place]
    if kind == 2 and vowels:
        at = vowels[int(rng.integers(0, len(vowels)))]
        return word[:at] + _VOWELS[(_VOWELS.index(word[at]) + 1) % len(_VOWELS)] + word[at + 1 :]
    return word[:at] + word[at + 1 :] if len(word) > 3 else word + word[-1]


def _another(words: np.ndarray, than: str, rng: np.random.Generator) -> str:
    """A word of the list that begins with another letter."""
    return str(rng.choice(words[~np.char.startswith(words, than[0])]))


def _elsewhere(place: Geography, city: int, rng: np.random.Generator) -> int:
    """A city in another state."""
    return int(rng.choice(np.flatnonzero(place.states != place.states[city])))
