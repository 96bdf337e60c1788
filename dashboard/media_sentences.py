"""The sentences of the Media page: who is reached, at what cost, who is tired, what becomes of e-mails."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dashboard import words
from dashboard.words import ENGLISH, Locale, count_words, known

REFUSED = "Who may know what is a rule of the company; the data steward can explain or change it."
FACTS = ("media_reach", "media_frequency", "tired_hcps", "tired_share", "reached_hcps")
TIRED = "Fatigue: shown more than sixty advertisements in the window, and not one click"


@dataclass(frozen=True, kw_only=True)
class Step:
    """One step of the e-mail funnel: the metric, what it is called, what its whole is."""

    metric: str
    title: str
    of: str


STEPS = (
    Step(metric="consent_coverage", title="May be e-mailed", of="of targets"),
    Step(metric="tracking_coverage", title="May be tracked", of="of those who may be e-mailed"),
    Step(metric="email_delivery_rate", title="Delivered", of="of e-mails sent"),
    Step(metric="open_rate", title="Opened", of="of delivered, where tracking is agreed"),
    Step(metric="click_rate", title="Clicked", of="of delivered, where tracking is agreed"),
)


def headline(facts: Mapping[str, float | None], locale: Locale = ENGLISH) -> str:
    """Whom media reaches, how often, and how many of them see too much of it."""
    reach, frequency, reached = (facts.get(each) for each in ("media_reach", "media_frequency", "reached_hcps"))
    tired = facts.get("tired_hcps")
    if reach is not None:
        text = f"Media reaches {words.number(reach, 'media_reach', 'percent', locale)} of targets"
    elif reached is not None:
        text = f"Media reaches {count_words(round(reached), 'HCP', locale)}"
    else:
        return "Whom media reaches is not known here for this period."
    if frequency is not None:
        text += f", each reached HCP {words.number(frequency, 'media_frequency', 'ratio', locale)} times"
    if tired is not None:
        if round(tired):
            text += f"; {count_words(round(tired), 'HCP', locale)} saw over sixty advertisements and clicked none"
        else:
            text += "; nobody saw over sixty advertisements without a click"
    return words.sentence(text)


def funnel_title(facts: Mapping[str, float | None], locale: Locale = ENGLISH) -> str:
    """What becomes of e-mails, in one sentence."""
    opened, clicked, consent = (facts.get(each) for each in ("open_rate", "click_rate", "consent_coverage"))
    parts = []
    if known(consent):
        parts.append(f"{words.number(consent, '', 'percent', locale)} of targets may be e-mailed")
    if known(opened):
        parts.append(f"{words.number(opened, '', 'percent', locale)} of e-mails are opened")
    if known(clicked):
        parts.append(f"{words.number(clicked, '', 'percent', locale)} clicked")
    if not parts:
        return "What becomes of e-mails is not known here"
    text = " and ".join(filter(None, [", ".join(parts[:-1]), parts[-1]]))
    return f"{text[:1].upper()}{text[1:]}"


def tired_title(facts: Mapping[str, float | None], locale: Locale = ENGLISH) -> str:
    """How much is shown to those who no longer look."""
    share, people = facts.get("tired_share"), facts.get("tired_hcps")
    if share is None or people is None:
        return "Fatigue is not known here"
    if not round(people):
        return "Nobody is shown too much without a click"
    verb = "goes to" if round(people) == 1 else "go to"
    part = words.number(share, "", "percent", locale)
    return f"{part} of impressions {verb} {count_words(round(people), 'HCP', locale)} who clicked none"


def lanes_title(shown: Sequence[float | None], moved: str) -> str:
    """What the lanes show: whether impressions moved beyond noise."""
    if not any(known(each) for each in shown):
        return "Media, e-mails and calls on one time axis"
    return {
        "up": "Impressions rose against the window before",
        "down": "Impressions fell against the window before",
    }.get(moved, "Impressions hold their level")
