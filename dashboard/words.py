"""The one place where a number, a date or a change becomes words: sentence case, in the reader's locale."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

NARROW = "\u202f"
MINUS = "\u2212"
DASH = "\u2013"
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
SYMBOLS = {"USD": "$", "EUR": "€", "GBP": "£"}
# Metrics whose first decimal carries the news; every other percentage is whole.
# Below this a count moves in its own units, not in percent.
FEW = 50
ONE_DECIMAL = frozenset({"share"})
# Counts that are spread over time: a small one shows the decimal that its percentage is reckoned with.
SPREAD = frozenset({"enrolled_planned", "planned_calls"})


@dataclass(frozen=True, kw_only=True)
class Locale:
    """How a reader writes numbers, and whether the month comes before the day."""

    decimal: str = "."
    group: str = ","
    month_first: bool = False


ENGLISH = Locale()
AMERICAN = Locale(month_first=True)
_COMMA = {"de": ".", "es": ".", "it": ".", "nl": ".", "pt": ".", "da": ".", "tr": ".", "id": "."}
_SPACE = {"fr", "sv", "nb", "nn", "fi", "pl", "cs", "uk", "ru", "hu", "sk", "bg"}


def locale_of(tag: str | None) -> Locale:
    """The conventions of a browser language tag such as "de-AT"; plain English where it is unknown."""
    language, _, region = (tag or "en").replace("_", "-").partition("-")
    if language in _SPACE:
        return Locale(decimal=",", group=NARROW)
    if language in _COMMA:
        return Locale(decimal=",", group=_COMMA[language])
    return AMERICAN if (language, region) in (("en", "US"), ("en", "PH")) else ENGLISH


def known(value: object) -> bool:
    """Whether a cell holds a number: unknown, not loaded and withheld do not."""
    return isinstance(value, (int, float)) and value == value


def plain(value: float, digits: int = 0, locale: Locale = ENGLISH) -> str:
    """A number with its separators: 12340 is "12,340"."""
    text = f"{abs(value):,.{digits}f}"
    if locale.group != "," or locale.decimal != ".":
        text = text.replace(",", "\0").replace(".", locale.decimal).replace("\0", locale.group)
    return f"{MINUS}{text}" if value < 0 and text.strip("0.,") else text


def number(value: object, metric: str, unit: str, locale: Locale = ENGLISH, currency: str = "USD") -> str:
    """A metric's value as it is read: 83.4 of a percentage is "83 %", nothing known is a dash."""
    if not known(value):
        return DASH
    amount = float(value)  # type: ignore[arg-type]
    if unit == "percent":
        return f"{plain(amount, 1 if metric in ONE_DECIMAL else 0, locale)}{NARROW}%"
    if unit == "money":
        return money(amount, locale, currency)
    if metric in SPREAD and abs(amount) < FEW and amount != round(amount):
        return plain(amount, 1, locale)
    if unit == "ratio":
        return plain(amount, 1, locale)
    return compact(amount, locale) if unit == "count" else plain(amount, 0, locale)


def compact(amount: float, locale: Locale = ENGLISH) -> str:
    """A count in full up to a million, then in millions: "12,340", "3.46 m"."""
    size = abs(amount)
    if size >= 10_000_000:
        return f"{plain(amount / 1e6, 1, locale)}{NARROW}m"
    if size >= 1_000_000:
        return f"{plain(amount / 1e6, 2, locale)}{NARROW}m"
    return plain(amount, 0, locale)


def money(amount: float, locale: Locale = ENGLISH, currency: str = "USD") -> str:
    """An amount with its currency: "$12.40", "$1.2 m"."""
    symbol = SYMBOLS.get(currency, f"{currency} ")
    if abs(amount) >= 1_000_000:
        return f"{symbol}{plain(amount / 1e6, 1, locale)}{NARROW}m"
    return f"{symbol}{plain(amount, 2 if abs(amount) < 1_000 else 0, locale)}"


def signed(value: float, digits: int = 0, locale: Locale = ENGLISH) -> str:
    """A change with its sign: "+60", "−352"."""
    text = plain(value, digits, locale)
    return text if text.startswith(MINUS) or not text.strip("0.,") else f"+{text}"


@dataclass(frozen=True, kw_only=True)
class Change:
    """A change as it is read: an icon, words and a tone ("concern", "improvement", "quiet")."""

    icon: str
    words: str
    tone: str


QUIET = Change(icon="●", words="within noise", tone="quiet")
TOO_FEW = Change(icon="●", words="too few to compare", tone="quiet")


def change(
    now: object, before: object, unit: str, better: str | None, verdict: str = "", locale: Locale = ENGLISH
) -> Change | None:
    """How a value moved against the one it is compared with; None where either is unknown.

    A percentage moves in points, an index in index points, everything else in percent of the value
    before. `verdict` is the rule's own word on whether a move is more than noise.
    """
    if not known(now) or not known(before):
        return None
    if verdict == "within noise":
        return QUIET
    if verdict == "too few to say":
        return TOO_FEW
    step = float(now) - float(before)  # type: ignore[arg-type]
    if unit == "count" and max(abs(float(now)), abs(float(before))) < FEW:  # type: ignore[arg-type]
        return _few(step, better, locale)
    size = _size(step, float(before), unit, locale)  # type: ignore[arg-type]
    if size is None:
        return None
    if not size.strip("0.,"):
        return Change(icon="●", words="level", tone="quiet")
    up = step > 0
    cheap = ("dearer", "cheaper") if unit == "money" and better == "down" else ("higher", "lower")
    suffix = {"percent": " pt", "index": " points"}.get(unit, f"{NARROW}%")
    return Change(
        icon="▲" if up else "▼", words=f"{size}{suffix} {cheap[0] if up else cheap[1]}", tone=tone(up, better)
    )


def _few(step: float, better: str | None, locale: Locale) -> Change:
    """A change of a small count in its own units: "2 more", never "40 % higher"."""
    if not round(step):
        return Change(icon="●", words="level", tone="quiet")
    up = step > 0
    words = f"{plain(abs(step), 0, locale)} {'more' if up else 'fewer'}"
    return Change(icon="▲" if up else "▼", words=words, tone=tone(up, better))


def _size(step: float, before: float, unit: str, locale: Locale) -> str | None:
    if unit == "percent":
        return plain(abs(step), 1, locale)
    if unit == "index":
        return plain(abs(step), 0, locale)
    return plain(abs(step / before) * 100, 1, locale) if before else None


def tone(up: bool, better: str | None) -> str:
    """Whether going up is an improvement or a concern; quiet where no direction is better."""
    if better is None:
        return "quiet"
    return "improvement" if up == (better == "up") else "concern"


def against_goal(attainment: object, locale: Locale = ENGLISH) -> Change | None:
    """An attainment in percent as a distance from the goal: 95.9 is "4.1 % below goal"."""
    if not known(attainment):
        return None
    gap = float(attainment) - 100  # type: ignore[arg-type]
    size = plain(abs(gap), 1 if abs(gap) < 10 else 0, locale)
    if abs(gap) < 1:
        return Change(icon="●", words="on goal", tone="quiet")
    where = "above" if gap > 0 else "below"
    return Change(icon="▲" if gap > 0 else "▼", words=f"{size}{NARROW}% {where} goal", tone=tone(gap > 0, "up"))


def day(when: date, locale: Locale = ENGLISH, *, year: bool = False) -> str:
    """A date as its reader writes it, the month in letters: "13 Nov", or "Nov 13, 2026"."""
    month, end = MONTHS[when.month - 1], f"{',' if locale.month_first else ''} {when.year}" if year else ""
    return f"{month} {when.day}{end}" if locale.month_first else f"{when.day} {month}{end}"


_SPANS = {"W": "weeks", "M": "months"}


def window(name: str) -> str:
    """A window in words: C13W is "13 weeks", YTD "year to date"."""
    fixed = {"QTD": "quarter to date", "YTD": "year to date", "R52": "52 weeks", "R12": "12 months", "Y": "year"}
    if name in fixed:
        return fixed[name]
    if match := re.fullmatch(r"C(\d+)([WM])", name):
        count, unit = int(match[1]), _SPANS[match[2]]
        return f"{count} {unit if count > 1 else unit.rstrip('s')}"
    return name.replace("..", " to ")


def window_to(name: str, anchor: date, locale: Locale = ENGLISH) -> str:
    """A window and its end: "13 weeks to 13 Nov 2026", "Year to date, 13 Nov 2026"."""
    if name in ("QTD", "YTD"):
        return f"{window(name).capitalize()}, {day(anchor, locale, year=True)}"
    return f"{window(name)} to {day(anchor, locale, year=True)}"


def compared(compare: str | None, name: str) -> str:
    """What a change is measured against: "previous 13 weeks", "same 13 weeks last year"."""
    if compare == "year":
        return f"same {window(name)} last year"
    return f"previous {window(name)}" if compare == "previous" else "no comparison"


def age(days: int) -> str:
    """How old the data is: "9 days old", "1 day old"."""
    return "up to date" if days == 0 else f"{days} day{'s' if days != 1 else ''} old"


def sentence(text: str) -> str:
    """The text as a sentence: a capital first and a full stop last."""
    text = text.strip()
    return f"{text[:1].upper()}{text[1:]}{'' if text[-1:] in '.!?' else '.'}" if text else ""


def lower_first(text: str) -> str:
    """A title inside a sentence: "Call plan attainment" becomes "call plan attainment", "TRx" stays."""
    return text if text[:2].isupper() or not text[1:2].islower() else f"{text[:1].lower()}{text[1:]}"


COUNTS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")


def count_words(count: int, thing: str, locale: Locale = ENGLISH) -> str:
    """A small count in words: "six districts", "one territory", "14 sites"."""
    amount = COUNTS[count] if count < len(COUNTS) else plain(count, 0, locale)
    return f"{amount} {thing if count == 1 else plural(thing)}"


def plural(thing: str) -> str:
    """More than one of a level: districts, territories, countries, HCPs, practices."""
    if re.search(r"[^aeiouAEIOU]y$", thing):
        return f"{thing[:-1]}ies"
    return f"{thing}es" if thing.endswith(("s", "ch", "sh", "x")) else f"{thing}s"


def short_reason(reason: str) -> str:
    """A reason in the space of a table's cell: "too few", "not loaded", "below 11", "not shown"."""
    for start in ("too few", "not loaded", "yearly", "partly loaded"):
        if reason.startswith(start):
            return start
    return reason if reason.startswith("below ") else "not shown"
