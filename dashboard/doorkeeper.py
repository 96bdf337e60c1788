"""Whoever signed in is let in, or not: looked at on every run, and between runs for pages that stay open."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Collection, Mapping
from datetime import date, datetime
from typing import Any

from dashboard import entitled
from dashboard.claims import AHEAD, groups_of, key_of, person_of, span, unfit, verified
from dashboard.open_pages import OpenPages, Page
from dashboard.provider import GroupPlace, Provider
from data.entitled_days import Days
from data.entitlements import Entitlements, group_issuer, same_issuer
from data.errors import Denied, OnepictureError
from data.signins import SignedIn, SignIns
from metrics.query import Visitor

# How long a look at the versions holds; what was read under them holds for the provider's `recheck`.
GLANCE = 1.0
REMEMBERED = 10_000
ONE_BY_ONE = 20

Written = Callable[[str, str, str, str], None]


class SignedOut(Denied):
    """Nobody is signed in, or no longer: `what` says why, and signing in again may help."""


class Doorkeeper:
    """Lets in who stands on the list, for as long as they do.

    One a server process; pages ask from their own threads. `written` gets one line for the audit:
    who, role, what, why. Raises SignedOut where signing in may help and Denied where it does not.
    """

    def __init__(
        self,
        provider: Provider,
        entitlements: Entitlements,
        signins: SignIns,
        written: Written,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.provider = provider
        self._entitlements, self._signins, self._written, self._clock = entitlements, signins, written, clock
        self._lock = threading.RLock()
        self._pages = OpenPages()
        self._nudged: set[str] = set()
        self._known: dict[str, SignedIn | None] = {}
        self._places: dict[tuple[str, str], Days] = {}
        self._groups: dict[str, dict[str, Days]] = {}
        self._seen: dict[str, tuple[float, float]] = {}
        self._told: set[str] = set()
        self._version: tuple[float, float] = (-1.0, -1.0)
        self._glanced = self._read = 0.0

    def enter(self, claims: Mapping[str, Any], page: str) -> Visitor:
        """The visitor whom these claims make, on the page of that session; it counts as a sign of life."""
        with self._lock:
            now, nudged = self._clock(), page in self._nudged
            self._nudged.discard(page)
            try:
                visitor = self._judge(claims, now)
            except OnepictureError:
                self._pages.shut(page)
                raise
            if not nudged:
                self._touch(key_of(claims), visitor, now)
            self._pages.show(page, claims, visitor)
            return visitor

    def overdue(self, open_pages: Collection[str]) -> list[str]:
        """Which of the pages that are open show what their reader may no longer see; each must run again."""
        with self._lock:
            now = self._clock()
            pages = self._pages.there(open_pages, now)
            self._read_ahead(pages.values(), now)
            found = [name for name, page in pages.items() if self._changed(page, now)]
            self._nudged = (self._nudged & set(open_pages)) | set(found)
            return found

    def leave(self, claims: Mapping[str, Any]) -> None:
        """End a sign-in because its person signed out, on every page and every server."""
        with self._lock:
            self._end(claims, "left", self._clock())

    def stands(self, claims: Mapping[str, Any]) -> bool:
        """Whether these claims would be let in now; asking is no sign of life."""
        with self._lock:
            try:
                self._judge(claims, self._clock())
            except OnepictureError:
                return False
            return True

    def _read_ahead(self, pages: Collection[Page], now: float) -> None:
        """Read about everybody with an open page at once, and not one by one."""
        try:
            self._look_again(now)
            keys = {key_of(page.claims) for page in pages} - set(self._known)
            if len(keys) > ONE_BY_ONE:
                self._known |= dict.fromkeys(keys) | self._signins.of(keys)
                people = {(same_issuer(str(page.claims["iss"])), str(page.claims["sub"])) for page in pages}
                listed = self._entitlements.everybody()
                self._places |= {person: listed.get(person, Days()) for person in people}
        except OnepictureError:
            return  # then each page is looked at by itself, and none of them passes

    def _changed(self, page: Page, now: float) -> bool:
        try:
            return self._judge(page.claims, now) != page.visitor
        except OnepictureError:
            return True

    def _judge(self, claims: Mapping[str, Any], now: float) -> Visitor:
        """The visitor, or the reason why there is none. Every doubt is a no."""
        if claims.get("is_logged_in") is not True:
            raise SignedOut("Sign in to see your picture.")
        self._look_again(now)
        self._check_token(claims, now)
        self._check_use(claims, now)
        if not verified(claims):
            self._turn_away(claims, "e-mail not verified")
            raise Denied(
                "Your provider has not verified your e-mail address.", todo="Verify it there, then sign in again."
            )
        return self._visitor(claims, now)

    def _look_again(self, now: float) -> None:
        """Forget what was read once it is old, or once somebody wrote something new."""
        if 0 <= now - self._glanced < GLANCE:
            return
        version = (float(self._entitlements.version()), self._signins.version())
        if version != self._version or not 0 <= now - self._read < self.provider.recheck:
            self._known, self._places, self._groups, self._read = {}, {}, {}, now
        self._version, self._glanced = version, now

    def _check_token(self, claims: Mapping[str, Any], now: float) -> None:
        """The token is ours, from whom we trust, and neither it nor the session is over."""
        wrong = unfit(claims, self.provider, now)
        if wrong and wrong[0]:
            self._end(claims, wrong[0], now)
        if wrong:
            raise SignedOut(wrong[1])

    def _check_use(self, claims: Mapping[str, Any], now: float) -> None:
        """The sign-in has not ended, here or on another server, and somebody is there."""
        key = key_of(claims)
        if key not in self._known:
            self._known[key] = self._signins.of([key]).get(key)
        known = self._known[key]
        if known and known.ended is not None:
            raise SignedOut(self._ended(known.why))
        seen = max(known.seen if known else 0.0, self._seen.get(key, (0.0, 0.0))[0])
        if seen and now - seen > self.provider.idle:
            self._end(claims, "idle", now)
            raise SignedOut(self._ended("idle"))

    def _ended(self, why: str) -> str:
        if why == "idle":
            return f"You were signed out after {span(self.provider.idle)} without a sign of you."
        return "You signed out." if why == "left" else "Your session has ended."

    def _visitor(self, claims: Mapping[str, Any], now: float) -> Visitor:
        """Whoever stands on the list; else what the provider's groups give; else a polite no."""
        held, day = self._held(same_issuer(str(claims["iss"])), str(claims["sub"])), _day(now)
        if not held.spans:
            return entitled.visitor(claims, self._group_place(claims, day), held, day)
        place = held.on(day)
        if place is None or place.role is None:
            self._turn_away(claims, "entitlement not in force")
            raise Denied(entitled.not_in_force(held, day), todo=f"Ask {self.provider.contact}.")
        return entitled.visitor(claims, place, held, day)

    def _held(self, issuer: str, subject: str) -> Days:
        """What was said about a person, read again once it is old or somebody wrote something new."""
        if (issuer, subject) not in self._places:
            self._places[issuer, subject] = self._entitlements.of(issuer, subject)
        return self._places[issuer, subject]

    def _group_place(self, claims: Mapping[str, Any], day: date) -> GroupPlace:
        mine, of = groups_of(claims, self.provider.group_claim), group_issuer(str(claims["iss"]))
        if of not in self._groups:
            self._groups[of] = {group: held for (_, group), held in self._entitlements.everybody(of).items()}
        listed, told = self._groups[of], self.provider.groups
        places = [place for each in sorted(mine) for place in entitled.group_places(each, listed.get(each), told, day)]
        given = {(each.role, each.hierarchy, each.node, each.team, each.studies) for each in places}
        if len(given) == 1:
            return places[0]
        ask = f"Ask {self.provider.contact} and say this number: {person_of(claims)}."
        who = str(claims.get("email") or "somebody")[:120]
        if given:
            self._turn_away(claims, "groups give several places")
            raise Denied(f"You are signed in as {who}, and your groups give you several places at once.", todo=ask)
        self._turn_away(claims, "unknown person")
        raise Denied(f"You are signed in as {who}, but you have no place in this picture yet.", todo=ask)

    def _touch(self, key: str, visitor: Visitor, now: float) -> None:
        """A sign of life; written down now and then, so that a restart or another server knows of it."""
        written = self._seen.get(key, (0.0, 0.0))[1]
        if now - written >= min(30.0, self.provider.idle / 4):
            if self._signins.touch(key, visitor.id, now):
                self._written(visitor.id, visitor.role, "sign_in", "")
                self._signins.forget(now - self.provider.absolute - AHEAD)
            written = now
        if len(self._seen) > REMEMBERED:
            self._seen = {name: seen for name, seen in self._seen.items() if now - seen[0] < self.provider.idle}
        self._seen[key] = (now, written)

    def _end(self, claims: Mapping[str, Any], why: str, now: float) -> None:
        key = key_of(claims)
        if key in self._told:
            return
        self._signins.end(key, person_of(claims), why, now)
        self._glanced = 0.0
        self._say_once(key, person_of(claims), "sign_out", why)

    def _turn_away(self, claims: Mapping[str, Any], why: str) -> None:
        if self._say_once(f"{key_of(claims)} {why}", person_of(claims), "refused", why):
            self._entitlements.turned_away(str(claims["iss"]), str(claims["sub"]))

    def _say_once(self, about: str, person: str, what: str, why: str) -> bool:
        """One line of the audit about it, not one a run."""
        if about in self._told:
            return False
        self._told = self._told if len(self._told) < REMEMBERED else set()
        self._told.add(about)
        self._written(person, "", what, why)
        return True


def _day(now: float) -> date:
    return datetime.fromtimestamp(now).date()
