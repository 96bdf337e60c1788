"""The sentences of the Team page: who stands out beyond chance, and what each place of the quadrant asks for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dashboard import words
from dashboard.words import ENGLISH, Change, Locale, count_words
from metrics.signals import peers
from metrics.team import AWAY, GAINING, LOSING, UNKNOWN, Member, Team

EFFORT = {
    peers.BELOW: Change(icon="▼", words="below its peers", tone="concern"),
    peers.ABOVE: Change(icon="▲", words="above its peers", tone="improvement"),
    peers.WITHIN: Change(icon="●", words="within chance", tone="quiet"),
    peers.TOO_FEW: Change(icon="○", words="too few to say", tone="quiet"),
    UNKNOWN: Change(icon="○", words="not known", tone="quiet"),
    AWAY: Change(icon="○", words="not in the field", tone="quiet"),
}
RESULT = {
    LOSING: Change(icon="▼", words="share falls", tone="concern"),
    GAINING: Change(icon="▲", words="share rises", tone="improvement"),
    UNKNOWN: Change(icon="○", words="too few to say", tone="quiet"),
}
LEVEL = Change(icon="●", words="within noise", tone="quiet")


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What a place of the quadrant is called, and what it asks of whoever coaches there."""

    title: str
    ask: str


ASKED = {
    "effort": Asked(title="Less effort, weaker result", ask="Effort first: replan the weeks with the rep."),
    "plan": Asked(
        title="Less effort, better result",
        ask="Look at the plan: it may ask for calls that the market does not need.",
    ),
    "content": Asked(
        title="More effort, weaker result", ask="Coach the call itself: whom it is spent on, and what is said in it."
    ),
    "share": Asked(title="More effort, better result", ask="Let the others see how it is done here."),
}
ORDER = ("plan", "share", "effort", "content")
REFUSED = "Who may know what is a rule of the company; the data steward can explain or change it."
OWN_FACTS = ("targets", "reached_targets", "planned_calls", "capped_calls")
NONE = "No call plan and no market is loaded that territories could be held against each other by."
READ = "Call-plan attainment (across) against the evolution index (up), split at the medians. One dot a territory"
HINT = "A place is a hint; only a triangle is beyond chance."


def headline(team: Team, level: str) -> str:
    """Who stands out of how many; that nobody does, where it is so."""
    count = len(team.members)
    if not team.members or not any(each.quadrant or each.stands_out for each in team.members):
        return NONE
    below = [each.name for each in team.members if each.effort == peers.BELOW]
    losing = [each.name for each in team.members if each.result == LOSING]
    parts = []
    if below:
        parts.append(f"{_some(below)} {_is(below)} below peers of like potential on the call plan")
    if losing:
        parts.append(f"{_some(losing)} {'loses' if len(losing) == 1 else 'lose'} share beyond noise")
    whole = count_words(count, level)
    judged = sum(each.result != UNKNOWN for each in team.members)
    if not parts:
        return _nobody(whole, judged, count)
    rest = count - len({*below, *losing})
    said = words.sentence("; ".join(parts))
    others = words.COUNTS[rest] if rest < len(words.COUNTS) else str(rest)
    return f"{said} The other {others} {'stays' if rest == 1 else 'stay'} within chance." if rest else said


def _nobody(whole: str, judged: int, count: int) -> str:
    """That nobody stands out, and of what that can be said."""
    if 2 * judged < count:
        return (
            f"None of {whole} stands below its peers by more than chance allows; "
            "weekly share is not shown this far down, so it is not judged."
        )
    return f"None of {whole} stands below its peers, or loses share, by more than chance allows."


def own_headline(name: str, facts: Mapping[str, float | None], locale: Locale = ENGLISH) -> str:
    """A territory in one sentence: how many planned calls are missing, and how many targets nobody has met."""
    planned, made, targets, met = (facts.get(each) for each in ("planned_calls", "capped_calls", "targets",
                                                                "reached_targets"))  # fmt: skip
    if planned is None or made is None:
        return f"No call plan is known for {name}."
    missing, unmet = max(round(planned - made), 0), round((targets or 0.0) - (met or 0.0))
    if not missing:
        return f"{name} keeps its call plan to date."
    text = f"{name} is {count_words(missing, 'planned call', locale)} short to date"
    if targets is not None and met is not None:
        verb = "is" if unmet == 1 else "are"
        text += f"; {count_words(unmet, 'target', locale)} of {words.plain(targets)} {verb} still to be met"
    return words.sentence(text)


def _some(names: Sequence[str]) -> str:
    if len(names) <= 3:
        return " and ".join(filter(None, [", ".join(names[:-1]), names[-1]]))
    return f"{names[0]}, {names[1]} and {count_words(len(names) - 2, 'other')}"


def _is(names: Sequence[str]) -> str:
    return "is" if len(names) == 1 else "are"


def quadrant_title(team: Team, level: str) -> str:
    """What the quadrant shows, in one sentence."""
    out = [each for each in team.members if each.quadrant and each.stands_out]
    if not out:
        return "Nobody lies apart from the others beyond chance"
    text = count_words(len(out), level)
    return f"{text[:1].upper()}{text[1:]} {'lies' if len(out) == 1 else 'lie'} apart beyond chance"


def members_title(team: Team, level: str) -> str:
    """The title of the table of the team."""
    text = count_words(len(team.members), level)
    return f"{text[:1].upper()}{text[1:]}, whoever asks for coaching first"


def effort(member: Member) -> Change:
    """How a member's calls stand to those of its peers."""
    why = member.reasons.get("call_plan_attainment", "")
    if member.effort == UNKNOWN and why:
        return Change(icon="○", words=words.short_reason(why), tone="quiet")
    return EFFORT[member.effort]


def result(member: Member) -> Change:
    """How a member's share moved against its own noise."""
    why = member.reasons.get("share", "")
    if member.result == UNKNOWN and why:
        return Change(icon="○", words=words.short_reason(why), tone="quiet")
    return RESULT.get(member.result, LEVEL)


def asks(member: Member) -> str:
    """What a member asks of whoever coaches; nothing is asked of whoever stays within chance."""
    if member.effort == AWAY:
        return "In the field for less than half of the usual days: cover it before coaching"
    if not member.stands_out:
        return ""
    if member.effort == peers.BELOW and member.result == LOSING:
        return "Effort first: the calls fall short and the share follows"
    if member.effort == peers.BELOW:
        return "Effort: calls fall short of the plan beyond chance"
    if member.result == LOSING:
        return "The call itself: the plan is kept, the share falls"
    return "Let the others see how it is done here"


def tip(member: Member, locale: Locale = ENGLISH) -> str:
    """A dot in words."""
    own = member.numbers
    attained = words.number(own["call_plan_attainment"], "call_plan_attainment", "percent", locale)
    index = words.number(own["evolution_index"], "evolution_index", "index", locale)
    return f"{member.name}: {attained} of plan ({effort(member).words}), evolution {index} ({result(member).words})"


def peers_words(member: Member, locale: Locale = ENGLISH) -> str:
    """Attainment beside what its peers make likely."""
    own = words.number(member.numbers["call_plan_attainment"], "call_plan_attainment", "percent", locale)
    if member.peers is None:
        return own
    return f"{own}, peers {words.number(member.peers, 'call_plan_attainment', 'percent', locale)}"
