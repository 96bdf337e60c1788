"""The sentences of the Definitions page."""

from __future__ import annotations

from dashboard.words import lower_first, sentence

LONGEST = 84
UNDER = "One definition from the nation to the HCP and the site: words, formula, sources, who may see it, the SQL."


def headline(count: int) -> str:
    """How many metrics there are to know."""
    return f"{count} metrics, each defined once" if count else "No metric is shown to you"


def found(count: int, of: int, wanted: str) -> str:
    """What a search found."""
    if not wanted.strip():
        return f"All {of} metrics"
    if not count:
        return f"Nothing is called “{wanted.strip()}”; try a shorter word"
    return f"{count} of {of} metrics speak of “{wanted.strip()}”"


def opening(title: str, definition: str) -> tuple[str, str]:
    """What a definition's page opens with: title and definition in one line where it is short, else below it."""
    if len(title) + len(definition) > LONGEST:
        return title, sentence(definition)
    return f"{title}: {lower_first(sentence(definition))}", ""
