"""Whether there is enough to say anything at all: every signal answers this first."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Evidence:
    """Enough to speak, or the reason in words why not."""

    enough: bool
    reason: str = ""

    def __bool__(self) -> bool:
        return self.enough


ENOUGH = Evidence(True)


def at_least(have: float, need: float, of: str) -> Evidence:
    """Enough when `have` reaches `need`; otherwise a sentence such as "5 weeks, 12 are needed"."""
    if have >= need:
        return ENOUGH
    return Evidence(False, f"{have:,.0f} {of}, {need:,.0f} are needed")


def all_of(*parts: Evidence) -> Evidence:
    """Enough only when every part is; the first reason otherwise."""
    return next((part for part in parts if not part), ENOUGH)
