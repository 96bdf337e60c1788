"""One error tree for the whole product: what went wrong, where, and what to do about it."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable

# A sentence is for reading: a word of megabytes that somebody typed is not said back whole.
_LONGEST_WORD, _LONGEST = re.compile(r"\S{401,}"), 4_000


class OnepictureError(Exception):
    """Something the reader can put right. Its words have three parts: what, where, what to do.

    `exit_code` is what a command line returns for it: 2 a wrong question or input, 3 denied,
    4 no snapshot, 5 an audit that does not hold.
    """

    exit_code = 2

    def __init__(self, what: str, *, where: str = "", todo: str = "") -> None:
        self.what, self.where, self.todo = _readable(what), _readable(where), _readable(todo)
        super().__init__(str(self))

    def __str__(self) -> str:
        place = f"{self.where}: " if self.where else ""
        stop = "" if not self.todo or self.what.endswith((".", "?", "!")) else "."
        return f"{place}{self.what}{stop} {self.todo}".strip()


class BadInput(OnepictureError):
    """A file, a mapping or a row that cannot be read as it stands."""


class BadMapping(OnepictureError):
    """A mapping that contradicts the contract or itself."""


class BadDeclaration(OnepictureError):
    """A metric, cue or role that contradicts the contract or a rule; raised at import."""


class WrongQuestion(OnepictureError):
    """A question that names something unknown, or that the data cannot be asked."""


class Denied(OnepictureError):
    """The visitor may not know this. `what` is the reason in words."""

    exit_code = 3


class TookTooLong(OnepictureError):
    """A question that was stopped because it ran longer than a page may wait."""


class NoSnapshot(OnepictureError):
    """Nothing has been built yet, or nothing that opens."""

    exit_code = 4


class ChainBroken(OnepictureError):
    """The audit does not say any more what was written."""

    exit_code = 5


def _readable(said: str) -> str:
    """A sentence without words that nobody reads to their end."""
    short = _LONGEST_WORD.sub(lambda word: f"{word[0][:120]}...", said)
    return short if len(short) <= _LONGEST else f"{short[:_LONGEST]} ..."


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """The sentence "Did you mean ...?" for a misspelt name, or an empty string."""
    close = difflib.get_close_matches(word[:200], list(known), n=1, cutoff=0.6)
    return f'Did you mean "{close[0]}"?' if close else ""


def guess_or_list(word: str, known: Iterable[str], most: int = 12) -> str:
    """What a misspelt name may have meant, or else the names there are."""
    names = list(known)
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return did_you_mean(word, names) or f"There is {', '.join(names[:most])}{more}."
