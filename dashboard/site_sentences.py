"""The sentences of the Sites page: how many flag, when a study is full, what a site's curve says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from dashboard import words
from dashboard.words import ENGLISH, Change, Locale, count_words, known, plain

STATES = {
    "flag": Change(icon="▼", words="flags", tone="concern"),
    "slow": Change(icon="●", words="slower, not surely", tone="quiet"),
    "early": Change(icon="○", words="too early to say", tone="quiet"),
    "on_track": Change(icon="▲", words="on track", tone="improvement"),
    "planned": Change(icon="○", words="not open yet", tone="quiet"),
    "closed": Change(icon="○", words="closed", tone="quiet"),
}
STEPS = {
    "selected": "Selected",
    "contract_executed": "Contract signed",
    "approved": "Approved",
    "activated": "Activated",
    "first_enrolled": "First subject",
}
REFUSED = "Who may know what is a rule of the company; the data steward can explain or change it."
NONE = "No study has a site here. Sites appear with the first import that aligns one to this unit."
MONTH = 30.4375 / 7.0
NEVER = 0.01


def not_here(thing: str, asked: str) -> str:
    """What could not be followed of an address."""
    return f'There is no {thing} "{asked}" among those that you may see; you see them all.'


def headline(counts: Mapping[str, float | None], locale: Locale = ENGLISH) -> str:
    """How many sites flag, and how far enrolment is against plan."""
    flagging, still_open = counts.get("flagging_sites"), counts.get("sites_open")
    parts = []
    if still_open == 0:
        parts.append("No site is open here")
    elif known(flagging) and known(still_open):
        count = int(flagging or 0)
        many = "none" if not count else words.COUNTS[count] if count < len(words.COUNTS) else plain(count, 0, locale)
        verb = "flags" if (flagging or 0) <= 1 else "flag"
        parts.append(f"{many} of {count_words(int(still_open or 0), 'open site', locale)} {verb}")
    against = counts.get("enrolled_vs_plan")
    if known(against):
        so_far = words.number(against, "enrolled_vs_plan", "percent", locale)
        parts.append(f"enrolment stands at {so_far} of plan")
    return words.sentence("; ".join(parts)) if parts else "Nothing is known of sites here."


def finish_words(row: Mapping[str, object], locale: Locale = ENGLISH) -> str:
    """The day a study is full, with its range: "Jan 2028 (Nov 2027 to Mar 2028)"."""
    middle, early, late = (as_date(row.get(name)) for name in ("middle", "early", "late"))
    if middle is None:
        return words.DASH
    if early is None or late is None:
        return _month(middle)
    return f"{_month(middle)} ({_month(early)} to {_month(late)})"


def studies_title(rows: Sequence[Mapping[str, object]]) -> str:
    """How many of the studies are full later than planned."""
    if len(rows) == 1:
        return study_title(rows[0])
    ends = [(as_date(row.get("middle")), as_date(row.get("planned_finish"))) for row in rows]
    known_ends = [(middle, planned) for middle, planned in ends if middle and planned]
    late = sum(middle > planned for middle, planned in known_ends)
    if not known_ends:
        text = count_words(len(rows), "study")
        return f"{text[:1].upper()}{text[1:]}; you see your part of them"
    if not late:
        return "Every study is full by its planned end"
    if late == len(rows):
        return "Both studies are full later than planned" if late == 2 else "Every study is full later than planned"
    text = f"{count_words(late, 'study')} of {len(rows)} {'is' if late == 1 else 'are'} full later than planned"
    return f"{text[:1].upper()}{text[1:]}"


def chance_words(chance: object) -> str:
    """A chance in words that never claim certainty."""
    if not known(chance):
        return words.DASH
    share = float(chance)  # type: ignore[arg-type]
    if share < NEVER:
        return f"under 1{words.NARROW}%"
    return f"over 99{words.NARROW}%" if share > 1 - NEVER else f"{plain(100 * share)}{words.NARROW}%"


def as_date(value: object) -> date | None:
    """A day of a table as a date; None where there is none."""
    if value is None or value != value:  # NaT is not equal to itself
        return None
    return value.date() if hasattr(value, "date") else value  # type: ignore[return-value]


def _month(day: date) -> str:
    return f"{words.MONTHS[day.month - 1]} {day.year}"


def funnel_title(states: Mapping[str, int]) -> str:
    """What the funnel shows: who enrols too slowly for chance."""
    flags, slow = states.get("flag", 0), states.get("slow", 0)
    if not sum(states.get(each, 0) for each in ("flag", "slow", "early", "on_track")):
        return "No site is open to be judged"
    if not flags:
        return "No site is surely below 60 % of its plan"
    verb = "is" if flags == 1 else "are"
    text = f"{count_words(flags, 'site')} {verb} surely below 60 % of plan"
    more = f"; {count_words(slow, 'other')} may only be unlucky" if slow else ""
    return f"{text[:1].upper()}{text[1:]}{more}"


def short(name: str, study: str) -> str:
    """A site's name where its study is named already: "CARD-301 site 108, Orlando" is "108 Orlando"."""
    rest = name.removeprefix(study).strip()
    return rest.removeprefix("site ").replace(", ", " ").strip() or name


def curve_title(name: str, so_far: float, planned: float | None, ahead: Mapping[str, object] | None) -> str:
    """A site's curve in one sentence: what it has, what was planned, what is likely."""
    has = f"{name} has {plain(so_far)}" + (
        f" of {words.number(planned, 'enrolled_planned', 'count')} planned" if planned else ""
    )
    if not ahead:
        return has
    low, middle, high = (float(ahead[each]) for each in ("low", "middle", "high"))  # type: ignore[arg-type]
    day = as_date(ahead["day"])
    return f"{has}; {plain(middle)} ({plain(low)} to {plain(high)}) by {_month(day)}" if day else has


def study_title(row: Mapping[str, object]) -> str:
    """A study's curve in one sentence: when it is full, against the day planned."""
    middle, planned = as_date(row.get("middle")), as_date(row.get("planned_finish"))
    name = str(row["name"])
    if middle is None:
        return f"{name} has {plain(_number(row, 'enrolled'))} subjects"
    if planned is None:
        return f"{name} is full about {_month(middle)}"
    months = round((middle - planned).days / 30.4375)
    if months == 0:
        return f"{name} is full about when planned, {_month(planned)}"
    when = f"{count_words(abs(months), 'month')} {'late' if months > 0 else 'early'}"
    return f"{name} is full about {_month(middle)}, {when}"


def open_sites_alone(still_open: int, waiting: int) -> str:
    """What the range ahead counts: only sites that are open; those to come are promised by nothing."""
    said = f"The range ahead counts {count_words(still_open, 'open site')} alone"
    if not waiting:
        return f"{said}."
    return f"{said}: {count_words(waiting, 'site')} not open yet would bring the end forward."


def _number(row: Mapping[str, object], name: str) -> float:
    value = row.get(name)
    return float(value) if known(value) else 0.0  # type: ignore[arg-type]


def rate_words(row: Mapping[str, object], locale: Locale = ENGLISH) -> str:
    """A site's rate a month with its doubt: "0.2 (0.1–0.3)"."""
    if not known(row.get("rate")):
        return words.DASH
    rate, low, high = (plain(_number(row, each) * MONTH, 1, locale) for each in ("rate", "rate_low", "rate_high"))
    return f"{rate} ({low}{words.DASH}{high})"


def planned_rate(row: Mapping[str, object], locale: Locale = ENGLISH) -> str:
    """The rate a month that was planned."""
    return plain(_number(row, "plan_rate") * MONTH, 1, locale) if known(row.get("plan_rate")) else words.DASH


def activation_title(steps: Mapping[str, int]) -> str:
    """How far the sites have come on the way to their first subject."""
    chosen, active = steps.get("selected", 0), steps.get("activated", 0)
    if not chosen:
        return "No site has been selected yet"
    waiting = chosen - active
    if not waiting:
        return f"All {chosen} selected sites are activated"
    return f"{active} of {chosen} selected sites are activated, {count_words(waiting, 'site')} still on the way"


def list_title(states: Mapping[str, int]) -> str:
    """The title of the list of sites."""
    count = sum(states.values())
    flags = states.get("flag", 0)
    text = count_words(count, "site")
    return f"{text[:1].upper()}{text[1:]}, {'those that flag' if flags else 'the slowest'} first"
