"""How alike two names of columns or codes are, from 0 to 1: spelling and words, with the usual short forms."""

from __future__ import annotations

import re
from difflib import SequenceMatcher

_SHORT = {
    "acct": "account", "accnt": "account", "addr": "address", "amt": "amount", "cd": "code", "chan": "channel",
    "cust": "account", "dt": "date", "desc": "description", "fname": "firstname", "lname": "lastname", "hcp": "account",
    "nbr": "number", "num": "number", "no": "number", "prod": "product", "qty": "quantity", "rep": "user",
    "spec": "specialty", "st": "state", "stat": "status", "terr": "territory", "typ": "type", "zip": "postcode",
    "wk": "week", "mo": "month", "f2f": "face", "tel": "phone", "mail": "email",
}  # fmt: skip
_WORN = re.compile(r"(_vod)?(__c|__v|__sys)$|_vod$", re.IGNORECASE)
_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")


def alike(one: str, other: str) -> float:
    """1 for the same name in any case, less the less they share; a CRM's own endings say nothing."""
    if one.casefold() == other.casefold():
        return 1.0
    mine, theirs = _words(one), _words(other)
    if not mine or not theirs:
        return 0.0
    shared = len(mine & theirs) / len(mine | theirs)
    spelled = SequenceMatcher(None, "".join(sorted(mine)), "".join(sorted(theirs))).ratio()
    inside = 0.6 if mine <= theirs or theirs <= mine else 0.0  # "provider npi" for "npi"
    return round(min(0.99, max(inside, 0.6 * shared + 0.4 * spelled)), 2)


def _words(name: str) -> frozenset[str]:
    plain = (word.casefold() for word in _WORD.findall(_WORN.sub("", name.strip())))
    return frozenset(_SHORT.get(word, word) for word in plain)
