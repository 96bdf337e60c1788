"""What was told to whom, held against what each may know (tests/soundness/canaries.py)."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from tests.soundness import canaries
from tests.soundness.canaries import Secrets
from tests.soundness.messages import said


@lru_cache(maxsize=64)
def _words(secrets: Secrets) -> re.Pattern[str] | None:
    """Every secret word in one pattern, the longer ones first."""
    words = sorted(secrets.words, key=len, reverse=True)
    return re.compile("|".join(map(re.escape, words))) if words else None


@dataclass
class Witness:
    """What was compared with the oracle, and what it found."""

    messages: int = 0
    numbers: dict[str, set[int]] = field(default_factory=dict)
    leaks: list[tuple[str, str, object]] = field(default_factory=list)
    _heard: set[tuple[str, str, bytes]] = field(default_factory=set)

    def hears(self, listener: str, where: str, told: Any, *, typed: str = "", secrets: Secrets | None = None) -> None:
        """Hold one message or answer against what the listener may know; what was typed may be said back."""
        self.messages += 1
        if hasattr(told, "SerializeToString"):
            packed = (listener, typed, told.SerializeToString(deterministic=True))
            if packed in self._heard:  # the same words to the same listener are leaked once
                return
            self._heard.add(packed)
        known = secrets or canaries.secrets(listener)
        text, numbers = said(told)
        self.numbers.setdefault(listener, set()).update(numbers)
        text, secret = text.replace(typed, "") if typed else text, _words(known)
        self.leaks += [(listener, where, word) for word in set(secret.findall(text))] if secret else []
        self.leaks += [(listener, where, number) for number in known.numbers & numbers]
