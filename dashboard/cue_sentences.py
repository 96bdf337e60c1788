"""The sentences around cues: how many there are, of which day, and why there is none."""

from __future__ import annotations

from datetime import date

from dashboard import words


def headline(count: int) -> str:
    """The sentence above the cues."""
    if not count:
        return "Nothing needs you now"
    text = words.count_words(count, "thing")
    return f"{text[:1].upper()}{text[1:]} worth your week"


def of_day(as_of: date, anchor: date | None = None) -> str:
    """Of which day cues speak, and beside numbers that end earlier, of which day these are."""
    said = f"cues of {words.day(as_of)}"
    return f"{said}; the numbers of this page end {words.day(anchor)}" if anchor and anchor != as_of else said


def none() -> str:
    """Why there is no cue, and what to do meanwhile."""
    return "A cue appears when a signal has enough evidence and you have a lever for it. Look at One picture meanwhile."
