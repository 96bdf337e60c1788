"""The sentences of the Audit page: what was done, and whether it still says what was written."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from dashboard import words
from dashboard.offered import TITLES
from dashboard.words import ENGLISH, Locale, count_words, plain
from data.audit.chain import BEFORE

# What was done, as a column says it and as a filter offers it.
DID = {
    "view": "Opened a page",
    "view_hcp": "Opened an HCP",
    "view_site": "Opened a site",
    "ask": "Asked",
    "export": "Exported",
    "cue": "Answered a cue",
    "policy": "Changed the policy",
    "entitlement": "Changed an entitlement",
    "erase": "Erased a person",
    "import": "Imported",
    "build": "Built",
    "snapshot": "Changed the snapshot",
    "sign_in": "Signed in",
    "sign_out": "Signed out",
    "refused": "Was refused",
    "view_as": "Began to look as",
    "view_as_end": "Stopped looking as",
    "anchor": "Anchored",
    "verify": "Checked the chains",
    "digest": "Was sent a digest",
    "other": "Did",
}
SPANS = {"": "Any time", "today": "Today", "week": "Last 7 days", "month": "Last 30 days"}
CHECK = "onepicture audit verify"
ANCHOR = "onepicture audit anchor --to FILE"


def headline(found: Any) -> str:
    """Whether the audit still says what was written, in one sentence."""
    if found.broken:
        return words.sentence(f"not what was written: {count_words(len(found.broken), 'place')} of the audit")
    if found.checked_broken:
        return words.sentence(f"not what was written, by the last check: {count_words(found.checked_broken, 'place')}")
    if not found.lines:
        return "Nothing is written down yet."
    unchecked = f"; {count_words(found.unchecked, 'line')} wait to be checked" if found.unchecked else ""
    return words.sentence(f"every line checked still says what was written{unchecked}")


def under(found: Any, locale: Locale = ENGLISH) -> str:
    """On what that sentence stands."""
    if found.checked_at is None:
        first = f"{count_words(found.live, 'line')} checked now" + (
            "" if found.unchecked else ", from the first one on"
        )
    else:
        then = f"Checked from the first line on {_when(found.checked_at, locale)} UTC"
        first = f"{then}, the {count_words(found.live, 'line')} since then now" if found.live else then
    return f"{first[:1].upper()}{first[1:]}. Who looked at what is kept without names of physicians and patients."


def tiles(found: Any) -> list[tuple[str, str, str]]:
    """The counts below the headline: title, value, note."""
    checked = ago(found.checked_at, found.now) if found.checked_at else "never"
    anchored = ago(found.anchored_at, found.now) if found.anchored_at else "never"
    number = f"ago, anchor {found.anchor}" if found.anchored_at else ANCHOR
    through = f"ago, up to line {plain(found.checked_through)}" if found.checked_at else CHECK
    return [
        ("Lines", words.compact(found.lines), f"{plain(found.today)} today"),
        ("Chains", plain(found.chains), "one a start of the program"),
        ("Checked whole", checked, through),
        ("Last anchor", anchored, number),
        ("Refused", plain(found.refused), "in the last 7 days"),
    ]


def ago(then: datetime, now: datetime) -> str:
    """How long ago, in the largest whole unit."""
    passed = max(now - then, timedelta(0))
    for unit, length in (("d", timedelta(days=1)), ("h", timedelta(hours=1)), ("min", timedelta(minutes=1))):
        if passed >= length:
            return f"{plain(passed // length)}{words.NARROW}{unit}"
    return f"0{words.NARROW}min"


def until(moment: datetime) -> str:
    """A time of day, in UTC."""
    return f"{moment:%H:%M} UTC"


def _when(moment: datetime, locale: Locale) -> str:
    return f"{words.day(moment.date(), locale, year=True)}, {moment:%H:%M}"


def when(moment: datetime, locale: Locale = ENGLISH) -> str:
    """The moment of a line."""
    return f"{words.day(moment.date(), locale)} {moment:%H:%M:%S}"


def lines_title(shown: int, asked: Any, older: bool) -> str:
    """How many lines are on the page."""
    if not shown:
        return "Nothing was written down that fits"
    narrowed = asked.person or asked.did or asked.place or asked.span
    if asked.page:
        return f"Lines {plain(asked.page * 40 + 1)} to {plain(asked.page * 40 + shown)}, the newest first"
    if older:
        return f"The last {shown} lines{' that fit' if narrowed else ''}, the newest first"
    return words.sentence(f"{count_words(shown, 'line')}{' that fit' if narrowed and shown > 1 else ''}").rstrip(".")


def did(line: Any) -> str:
    """What was done, with the page's own title."""
    if line.did == "view":
        return f"Opened {TITLES.get(line.object, line.object)}"
    joint = ": " if line.did in ("verify", "import") else " "
    return f"{DID.get(line.did, line.did)}{joint if line.object else ''}{line.object.replace(',', ', ')}"


def chains_title(found: Any) -> str:
    """Which chains there are."""
    text = count_words(found.chains, "chain")
    return f"{text[:1].upper()}{text[1:]}, one a start of the program"


def program(name: str) -> str:
    """What wrote a chain."""
    return "before there were chains" if name == BEFORE else name


def looking(title: str, name: str, until_: datetime) -> str:
    """Whose eyes are looked through, in the banner."""
    known = title.casefold() in name.casefold()
    called = words.lower_first(name or title) if known or not name else f"{name}, {words.lower_first(title)}"
    return f"You look as {called}, until {until(until_)}."


BANNER = (
    "What either of you may not know is not shown, nothing is answered in their name, each page is kept under both."
)
