"""The sentences a page computes from its numbers: what happened, where most of it is, and what is missing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from dashboard.words import (
    ENGLISH,
    NARROW,
    Locale,
    against_goal,
    age,
    count_words,
    day,
    known,
    lower_first,
    number,
    plain,
    sentence,
    window,
)  # fmt: skip

LOST = {
    "market": "a smaller market",
    "breadth": "lost writers",
    "depth": "lost depth",
    "mix": "mix",
}
GAINED = {"market": "a larger market", "breadth": "new writers", "depth": "more depth", "mix": "mix"}
FACTORS = {"market": "Market", "breadth": "Breadth: writers", "depth": "Depth: per writer", "mix": "Mix"}


def share_words(share: float) -> str:
    """A part of a whole as people say it: 0.66 is "two thirds"."""
    steps = ((0.97, "all"), (0.88, "nearly all"), (0.8, "most"), (0.71, "three quarters"), (0.6, "two thirds"))
    steps += ((0.45, "half"), (0.29, "a third"), (0.2, "a quarter"))
    return next((words for least, words in steps if share >= least), "a small part")


def factor_name(factor: str) -> str:
    """A factor of the bridge as its bar is called."""
    return FACTORS.get(factor, factor.replace("_", " ").capitalize())


def main_cause(factors: Mapping[str, float]) -> str:
    """Which factor carries most of the change, and whether the market held; empty without a change.

    The share is of the movement in the direction of the change, so that factors that pull the
    other way cannot make a share above one.
    """
    total = sum(factors.values())
    same_way = {name: value for name, value in factors.items() if value * total > 0}
    if not same_way or not total:
        return ""
    name, value = max(same_way.items(), key=lambda item: abs(item[1]))
    words = (LOST if total < 0 else GAINED).get(name, lower_first(factor_name(name)))
    part = share_words(abs(value) / sum(abs(each) for each in same_way.values()))
    text = f"{part} of the {'drop' if total < 0 else 'rise'} is {words}"
    market = factors.get("market", 0.0)
    if name != "market" and abs(market) < 0.15 * abs(total):
        text += "; the market held"
    elif name != "market" and market * total < 0:
        text += f"; the market {'grew' if market > 0 else 'shrank'}"
    return text


def outcome_headline(
    title: str, now: object, before: object, attainment: object, factors: Mapping[str, float], against: str,
    locale: Locale = ENGLISH,
) -> str:  # fmt: skip
    """The sentence above a commercial page: the distance from goal, or the change, and its main cause."""
    if not known(now):
        return f"{title} is not known here for this period."
    goal = against_goal(attainment, locale)
    moved = _moved(title if not goal else "it", now, before, against, locale)
    cause = main_cause(factors)
    if goal:
        first = f"{title} is {goal.words}"
        second = cause or moved
        return f"{sentence(first)} {sentence(second)}".strip()
    if moved:
        return f"{sentence(moved)} {sentence(cause)}".strip()
    return sentence(f"{title} is {number(now, 'trx', 'count', locale)}; there is nothing loaded to compare it with")


def _moved(title: str, now: object, before: object, against: str, locale: Locale) -> str:
    if not known(now) or not known(before) or not before:
        return ""
    step = float(now) / float(before) - 1  # type: ignore[arg-type]
    if abs(step) < 0.0005:
        return f"{title} is level with the {against}"
    size = plain(abs(step) * 100, 1, locale)
    return f"{title} {'rose' if step > 0 else 'fell'} {size}{NARROW}% against the {against}"


MEDICAL_FACTS = ("flagging_sites", "sites_open", "enrolled_vs_plan", "inquiries_in_sla", "expert_coverage")


def medical_headline(facts: Mapping[str, object], locale: Locale = ENGLISH) -> str:
    """The sentence above a medical page: sites, answers and exchanges, each only where it is known."""
    parts = []
    flagging, opened = facts.get("flagging_sites"), facts.get("sites_open")
    if known(flagging) and known(opened):
        lead = count_words(int(flagging), "site", locale) if flagging else "no site"  # type: ignore[call-overload]
        verb = "flags" if flagging in (0, 1) else "flag"
        parts.append(f"{lead} of {plain(float(opened), 0, locale)} {verb}")  # type: ignore[arg-type]
    enrolled = facts.get("enrolled_vs_plan")
    if known(enrolled):
        parts.append(f"enrolment stands at {number(enrolled, 'enrolled_vs_plan', 'percent', locale)} of plan")
    answered = facts.get("inquiries_in_sla")
    if known(answered):
        parts.append(f"{number(answered, 'inquiries_in_sla', 'percent', locale)} of inquiries were answered in time")
    met = facts.get("expert_coverage")
    if known(met):
        parts.append(f"{number(met, 'expert_coverage', 'percent', locale)} of planned experts were met")
    if not parts:
        return "Nothing is known here for this period."
    return " ".join(map(sentence, [", ".join(parts[:2]), "; ".join(parts[2:])])).strip()


def freshness(ages: Sequence[tuple[str, date, int]], not_shown: int, locale: Locale = ENGLISH) -> str:
    """The line below the headline: how old each feed is, and how many HCPs are not shown."""
    words = [f"{band} to {day(last, locale)}, {age(days)}" for band, last, days in ages]
    if not_shown:
        words.append(f"{not_shown} HCP{'s' if not_shown != 1 else ''} not shown")
    return " · ".join(words)


def bridge_title(title: str, start: float, end: float, locale: Locale = ENGLISH) -> str:
    """The finding of the bridge: "Why TRx fell by 528"."""
    step = round(end) - round(start)
    if not step:
        return f"{title} is level; these parts cancel out"
    return f"Why {title} {'rose' if step > 0 else 'fell'} by {plain(abs(step), 0, locale)}"


def children_title(level: str, gaps: Mapping[str, float], locale: Locale = ENGLISH) -> str:
    """The finding of the table below: which few units hold most of the distance from goal.

    `gaps` is each unit's distance from its goal in scripts, negative below it.
    """
    total = count_words(len(gaps), level, locale)
    below = sorted(gap for gap in gaps.values() if gap < 0)
    if len(gaps) == 1 or not below:
        return total[:1].upper() + total[1:] + (", none below goal" if gaps and len(gaps) > 1 else "")
    needed, held, whole = 0, 0.0, sum(below)
    while held > 0.6 * whole:
        held += below[needed]
        needed += 1
    few = count_words(needed, "", locale).strip()
    verb = "explains" if needed == 1 else "explain"
    return f"{total[:1].upper()}{total[1:]}, {few.split(' ')[0]} {verb} most of the gap"


def lanes_title(
    title: str, now: object, before: object, other: str, other_now: object, other_before: object, name: str
) -> str:
    """The finding of the lanes: which way the outcome went, and the one beside it."""
    first, second = _way(title, now, before), _way(other, other_now, other_before)
    if not first:
        return sentence(f"{title} and what was done, {window(name)} on one axis").rstrip(".")
    if not second:
        return first[:1].upper() + first[1:]
    same = first.split()[-1] == second.split()[-1]
    words = f"{first} and so did {other}" if same else f"{first} while {second}"
    return words[:1].upper() + words[1:]


def _way(title: str, now: object, before: object) -> str:
    if not known(now) or not known(before) or not before:
        return ""
    step = float(now) / float(before) - 1  # type: ignore[arg-type]
    return f"{title} {'held' if abs(step) < 0.01 else 'rose' if step > 0 else 'fell'}"


def empty(what: str, compare: str | None = None, name: str = "") -> str:
    """Nothing happened: the domain is loaded and its count is zero."""
    span = f" in these {window(name)}" if name else ""
    return f"No {what}{span}. Choose a longer period or go up a level."


def not_loaded(what: str) -> str:
    """The domain has no feed in this workspace."""
    return f"{what} not loaded. Import its exports to see it here."


def stale(what: str, last: date, days: int, locale: Locale = ENGLISH) -> str:
    """The feed ends too early to be compared."""
    return f"{what} ends {day(last, locale)}, {age(days)}. Load a newer export; it is not compared until then."


def withheld(reason: str) -> str:
    """Known, and not shown to this role."""
    return sentence(reason)


def failed(where: str, number_of_log: str) -> str:
    """Something broke: what to do, and the number that finds it in the log."""
    return (
        f"{where} could not be drawn. Reload the page; if it stays, send log number {number_of_log} to your operator."
    )


def cues_headline(count: int) -> str:
    """The sentence above the cues."""
    if not count:
        return "Nothing needs you now"
    words = count_words(count, "thing")
    return f"{words[:1].upper()}{words[1:]} worth your week"


def no_cues() -> str:
    """Why there is no cue, and what to do meanwhile."""
    return "A cue appears when a signal has enough evidence and you have a lever for it. Look at One picture meanwhile."
