"""The whole company simulated in order: place, people, trouble, activity, then what is prescribed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from data.company import field, geography, mail, market, media, medical, people, problems, sites, staff, taken_over
from data.company.people import Organisations, People


@dataclass(frozen=True)
class World:
    """Everything that is true in the demo company, before any of it is written as an export."""

    seed: int
    geography: geography.Geography
    people: People
    organisations: Organisations
    found: problems.Problems
    staff: staff.Staff
    planned: np.ndarray
    calls: field.Calls
    consents: mail.Consents
    mails: mail.Mails
    exposures: media.Exposures
    market: market.Market
    exchanges: medical.Exchanges
    inquiries: medical.Inquiries
    sites: sites.Sites
    weekly: tuple[np.ndarray, np.ndarray, np.ndarray]  # calls, e-mails, impressions by HCP, brand and week
    taken_over: taken_over.TakenOver


def simulate(count: int, seed: int, copies: int = 1) -> World:
    """Runs every part with its own random stream; `copies` is how often each district stands in the country."""
    place = geography.draw_map(copies)
    hcps, organisations = people.populate(place, count, seed)
    found = problems.plant(hcps, place, seed)
    crew = staff.hire(place, seed)
    planned = field.plans(hcps)
    rate = field.expected(hcps, crew, planned, found, place, seed)
    calls = field.work(hcps, crew, rate, found, place, seed)
    called = field.weekly(calls, hcps)
    held = mail.consents(hcps, found, seed)
    mails = mail.send(hcps, crew, called, held, found, seed)
    mailed = mail.weekly(mails, hcps)
    exposures, shown = media.show(hcps, found, seed)
    rx = market.prescribe(hcps, place, found, called, mailed, shown, seed)
    studied = sites.open_sites(place, hcps, seed)
    return World(
        seed, place, hcps, organisations, found, crew, planned, calls, held, mails, exposures, rx,
        medical.meet(hcps, place, found, seed), medical.ask(hcps, place, seed), studied, (called, mailed, shown),
        taken_over.take_over(hcps, place, seed, _busy(hcps, found, studied)),
    )  # fmt: skip


def _busy(hcps: People, found: problems.Problems, studied: sites.Sites) -> np.ndarray:
    """Physicians who play a part elsewhere: planted problems, experts, investigators, opt-outs."""
    planted = [np.asarray(each).ravel() for each in vars(found).values()]
    special = np.flatnonzero((hcps.expert > 0) | ~np.isnat(hcps.pdrp_from) | (hcps.after < 0))
    return np.unique(np.concatenate([*planted, special, studied.investigator]))
