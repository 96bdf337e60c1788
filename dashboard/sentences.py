"""The sentences a page computes from its numbers: what happened, where most of it is, and what is missing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from dashboard import words as say
from dashboard.words import ENGLISH, NARROW, Locale, count_words, known, number, plain, sentence

LOST = {"market": "a smaller market", "breadth": "lost writers", "depth": "lost depth", "mix": "mix"}
GAINED = {"market": "a larger market", "breadth": "new writers", "depth": "more depth", "mix": "mix"}
# The least part of a gap that is called most of it, in every sentence.
MOST = 0.6
FACTORS = {"market": "Market", "breadth": "Breadth: writers", "depth": "Depth: per writer", "mix": "Mix"}


def share_words(share: float) -> str:
    """A part of a whole as people say it: 0.66 is "two thirds"."""
    steps = (
        (0.97, "all"), (0.88, "nearly all"), (0.8, "most"), (0.71, "three quarters"), (0.6, "two thirds"),
        (0.45, "half"), (0.29, "a third"), (0.2, "a quarter"),
    )  # fmt: skip
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
    words = (LOST if total < 0 else GAINED).get(name, say.lower_first(factor_name(name)))
    part = share_words(abs(value) / sum(abs(each) for each in same_way.values()))
    text = f"{part} of the {'drop' if total < 0 else 'rise'} is {words}"
    market = factors.get("market")
    if market is None:
        return text
    if name != "market" and abs(market) < 0.15 * abs(total):
        text += "; the market held"
    elif name != "market" and market * total < 0:
        text += f"; the market {'grew' if market > 0 else 'shrank'}"
    return text


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What the headline of a commercial page is computed from.

    `attainment` is in percent of goal, `factors` the parts of the change, `gaps` each unit below
    with its distance from goal, `quiet` whether the rule finds the change within noise.
    """

    title: str
    now: float | None
    before: float | None
    attainment: float | None
    factors: Mapping[str, float]
    gaps: Sequence[tuple[str, float]]
    against: str
    quiet: bool = False


def outcome_headline(seen: Outcome, locale: Locale = ENGLISH) -> str:
    """The sentence above a commercial page: the distance from goal, where most of it is, and why it moved."""
    if seen.now is None:
        return f"{seen.title} is not known here for this period."
    goal = say.against_goal(seen.attainment, locale)
    cause = "" if seen.quiet else main_cause(seen.factors)
    if not goal:
        moved = _moved(seen.title, seen, locale)
        if moved:
            return f"{sentence(moved)} {sentence(cause)}".strip()
        alone = "nothing is loaded to compare it with" if seen.against else "choose a comparison to see how it moved"
        return sentence(f"{seen.title} is {say.compact(seen.now, locale)}; {alone}")
    first = f"{seen.title} is {goal.words}"
    where = whereabouts(seen.gaps) if goal.tone == "concern" else ""
    first = f"{first}, {where}" if where else first
    second = _moved("it", seen, locale)
    if cause:
        second = f"{second}: {cause}"
    return f"{sentence(first)} {sentence(second)}".strip()


def whereabouts(gaps: Sequence[tuple[str, float]]) -> str:
    """The one or two units that hold most of what is missing, or the one that holds half; empty where it is spread out.

    "Most" means here what it means above the table of the level below.
    """
    below = sorted((gap, name) for name, gap in gaps if gap < 0)
    if len(gaps) < 3 or not below:
        return ""
    whole, first = sum(gap for gap, _ in below), below[0]
    two = below[:2]
    if first[0] <= MOST * whole:
        return f"most of it in {first[1]}"
    if len(gaps) > 3 and sum(gap for gap, _ in two) <= MOST * whole:
        return f"most of it in {' and '.join(name for _, name in two)}"
    return f"half of it in {first[1]}" if first[0] <= 0.45 * whole else ""


def _moved(title: str, seen: Outcome, locale: Locale) -> str:
    if seen.now is None or not seen.before:
        return ""
    step = seen.now / seen.before - 1
    if seen.quiet or abs(step) < 0.0005:
        return f"{title} is level with the {seen.against}"
    size = plain(abs(step) * 100, 1, locale)
    return f"{title} {'rose' if step > 0 else 'fell'} {size}{NARROW}% against the {seen.against}"


MEDICAL_FACTS = ("flagging_sites", "sites_open", "enrolled_vs_plan", "inquiries_in_sla", "expert_coverage")


def medical_headline(facts: Mapping[str, object], locale: Locale = ENGLISH) -> str:
    """The sentence above a medical page: sites, answers and exchanges, each only where it is known."""
    sites, people = [], []
    flagging, opened = facts.get("flagging_sites"), facts.get("sites_open")
    if known(flagging) and known(opened) and opened:
        few = count_words(int(flagging), "", locale).split(" ")[0]  # type: ignore[call-overload]
        verb = "flags" if flagging in (0, 1) else "flag"
        sites.append(f"{few} of {count_words(int(opened), 'site', locale)} {verb}")  # type: ignore[call-overload]
    enrolled, answered, met = (facts.get(each) for each in MEDICAL_FACTS[2:])
    if known(enrolled):
        sites.append(f"enrolment stands at {number(enrolled, 'enrolled_vs_plan', 'percent', locale)} of plan")
    if known(answered):
        share = number(answered, "inquiries_in_sla", "percent", locale)
        people.append(f"{share} of inquiries were answered in time")
    if known(met):
        people.append(f"{number(met, 'expert_coverage', 'percent', locale)} of planned experts were met")
    said = " ".join(sentence(" and ".join(parts)) for parts in (sites, people) if parts)
    return said or "Nothing is known here for this period."


AGED = {"outcome": "Rx"}


def freshness(ages: Mapping[str, tuple[date, int]], locale: Locale = ENGLISH) -> str:
    """The line below the headline: how old each feed is."""
    words = [
        f"{AGED.get(band, band)} to {say.day(last, locale)}, {say.age(days)}" for band, (last, days) in ages.items()
    ]
    said = " · ".join(words)
    return f"{said[:1].upper()}{said[1:]}"


def left_out(opted_out: int, locale: Locale = ENGLISH) -> tuple[str, ...]:
    """Beside prescription numbers that leave opted-out physicians out: how many, and why a region's total is more."""
    if not opted_out:
        return ()
    who = count_words(opted_out, "physician", locale)
    return (
        f"Prescriptions and goals here leave out {who} who opted out of prescriber data (PDRP); the totals of a "
        "regional director and above count them, so the two differ.",
    )


def bridge_title(title: str, start: float, end: float, *, quiet: bool, locale: Locale = ENGLISH) -> str:
    """The finding of the bridge: "Why TRx fell by 528"."""
    step = round(end) - round(start)
    if not step:
        return f"{title} is level; these parts cancel out"
    moved = f"{title} {'rose' if step > 0 else 'fell'} by {plain(abs(step), 0, locale)}"
    return f"{title} held: {say.signed(step, 0, locale)} is within noise" if quiet else f"Why {moved}"


def children_title(level: str, count: int, gaps: Sequence[float], locale: Locale = ENGLISH) -> str:
    """The finding of the table below: which few units hold most of the distance from goal.

    `gaps` are the known distances from goal in scripts, negative below it.
    """
    total = count_words(count, level, locale)
    total = total[:1].upper() + total[1:]
    below = sorted(gap for gap in gaps if gap < 0)
    if count < 2 or len(gaps) < 2:
        return total
    if not below:
        return f"{total}, none below goal"
    needed, held = 0, 0.0
    while held > MOST * sum(below):
        held += below[needed]
        needed += 1
    few = count_words(needed, "", locale).split(" ")[0]
    return f"{total}, {few} {'explains' if needed == 1 else 'explain'} most of the gap"


def lanes_title(title: str, now: object, before: object, other: str, other_now: object, other_before: object) -> str:
    """The finding of the lanes: which way the outcome went, and the one beside it."""
    first, second = _way(title, now, before), _way(other, other_now, other_before)
    if not first:
        return sentence(f"{title} and what was done, on one time axis").rstrip(".")
    if not second:
        return first[:1].upper() + first[1:]
    verb = first.rsplit(" ", 1)[-1]
    words = f"{title} and {other} {verb}" if second.endswith(verb) else f"{first} while {second}"
    return words[:1].upper() + words[1:]


def _way(title: str, now: object, before: object) -> str:
    if not known(now) or not known(before) or not before:
        return ""
    step = float(now) / float(before) - 1  # type: ignore[arg-type]
    return f"{title} {'held' if abs(step) < 0.01 else 'rose' if step > 0 else 'fell'}"


def empty(what: str, compare: str | None = None, name: str = "") -> str:
    """Nothing happened: the domain is loaded and its count is zero."""
    span = f" in these {say.window(name)}" if name else ""
    return f"No {what}{span}. Choose a longer period or go up a level."


def not_loaded(what: str) -> str:
    """The domain has no feed in this workspace."""
    return f"{what} not loaded. Import its exports to see it here."


def stale(what: str, last: date, days: int, locale: Locale = ENGLISH) -> str:
    """The feed ends too early to be compared."""
    return f"{what} ends {say.day(last, locale)}, {say.age(days)}. Load a newer export; it is not compared until then."


def withheld(reason: str) -> str:
    """Known, and not shown to this role."""
    return sentence(reason)


def failed(where: str, number_of_log: str) -> str:
    """Something broke: what to do, and the number that finds it in the log."""
    return (
        f"{where} could not be drawn. Reload the page; if it stays, send log number {number_of_log} to your operator."
    )
