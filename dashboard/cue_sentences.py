"""What cues say, as their reader writes numbers and days, and the sentences around them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from dashboard import words
from dashboard.words import ENGLISH, NARROW, Locale, plain
from metrics.cues.inbox import CueCard
from metrics.cues.wording import fill

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


@dataclass(frozen=True, kw_only=True)
class Said:
    """What a cue says, written as its reader writes numbers and days."""

    headline: str
    reasons: tuple[str, ...]
    comparator: str


def said(card: CueCard, locale: Locale = ENGLISH) -> Said:
    """A cue's sentences for a reader; in English as they stand in a snapshot built before values had types."""
    if not card.said:
        return Said(headline=card.headline, reasons=card.reasons, comparator=card.comparator)

    def _said(text: str) -> str:
        return fill(text, lambda kind, value, digits: written(kind, value, digits, locale))

    return Said(
        headline=_said(card.said["headline"]).replace("{subject}", card.subject_name),
        reasons=tuple(map(_said, card.said["reasons"])),
        comparator=_said(card.said["comparator"]),
    )


def headline(count: int) -> str:
    """The sentence above the cues."""
    if not count:
        return "Nothing needs you now"
    text = words.count_words(count, "thing")
    return f"{text[:1].upper()}{text[1:]} worth your week"


def of_day(as_of: date, anchor: date | None = None, locale: Locale = ENGLISH) -> str:
    """Of which day cues speak, and beside numbers that end earlier, of which day these are."""
    said = f"cues of {words.day(as_of, locale)}"
    return f"{said}; the numbers of this page end {words.day(anchor, locale)}" if anchor and anchor != as_of else said


def none() -> str:
    """Why there is no cue, and what to do meanwhile."""
    return "A cue appears when a signal has enough evidence and you have a lever for it. Look at One picture meanwhile."


def written(kind: str, value: str, digits: int, locale: Locale = ENGLISH) -> str:
    """A typed value of a cue's sentence as its reader writes it."""
    if kind in ("day", "date", "moment"):
        when = datetime.strptime(value[:10], "%Y-%m-%d")
        said = words.day(when, locale, year=kind == "date")
        return f"{DAYS[when.weekday()]} {said} {value[11:13]}:{value[13:15]}" if kind == "moment" else said
    amount = float(value)
    shown = words.signed(amount, digits, locale) if kind in ("signed", "change") else plain(amount, digits, locale)
    return f"{shown}{NARROW}%" if kind in ("percent", "change") else shown
