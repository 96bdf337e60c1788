"""What a provider says about somebody, read without trusting it: whose, from whom, for whom, for how long."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any, TypeGuard

from dashboard.provider import Provider
from data.entitlements import person_id, same_issuer

# What makes one sign-in another one than the next, of all that a token may hold.
OWN = ("iss", "sub", "aud", "iat", "exp", "nonce", "sid", "jti", "at_hash")
# How far a provider's clock may be ahead of ours, in seconds.
AHEAD = 120.0


def key_of(claims: Mapping[str, Any]) -> str:
    """The name of one sign-in: the same on every page of it, another one at the next."""
    told = json.dumps([claims.get(name) for name in OWN], sort_keys=True, default=str)
    return hashlib.sha256(told.encode()).hexdigest()


def person_of(claims: Mapping[str, Any]) -> str:
    """The opaque id of the person."""
    return person_id(str(claims.get("iss")), str(claims.get("sub")))


def verified(claims: Mapping[str, Any]) -> bool:
    """Whether the provider has seen that the e-mail address is the person's own. No word means no."""
    return claims.get("email_verified") in (True, "true")


def groups_of(claims: Mapping[str, Any], name: str | None) -> frozenset[str]:
    """The groups that a claim names; a dot in its name leads inside it."""
    found: Any = claims if name else None
    for step in (name or "").split("."):
        found = found.get(step) if isinstance(found, Mapping) else None
    told = [found] if isinstance(found, str) else found
    return frozenset(str(each) for each in told) if isinstance(told, list | tuple) else frozenset()


def unfit(claims: Mapping[str, Any], provider: Provider, now: float) -> tuple[str, str] | None:
    """Why these claims let nobody in: a word for how the session ends ("" where none began), and a sentence.

    Streamlit and Authlib have looked at the token when it came; they allow two minutes after its end and
    another audience beside ours, and never look again. None where nothing is wrong.
    """
    client = provider.clients.get(str(claims.get("provider")))
    audience = claims.get("aud")
    issued, expires = claims.get("iat"), claims.get("exp")
    if client is None or same_issuer(str(claims.get("iss"))) != client.issuer:
        return "", "You were signed in by a provider that is not this company's."
    if client.client_id not in (audience if isinstance(audience, list) else [audience]) or not claims.get("sub"):
        return "", "You were signed in to another app than this one."
    if not (_moment(issued) and _moment(expires) and issued <= now + AHEAD):
        return "", "Your provider did not say for how long you are signed in."
    if now - issued >= provider.absolute:
        return "absolute", f"You were signed in for {span(provider.absolute)}, which is the limit."
    if now >= expires:
        return "token", "Your provider's word for you has run out."
    return None


def span(seconds: float) -> str:
    """A length of time in the largest unit that fits: "30 minutes"."""
    for unit, size in (("hour", 3600), ("minute", 60), ("second", 1)):
        if seconds >= size:
            count = seconds / size
            return f"{count:g} {unit}{'' if count == 1 else 's'}"
    return "a moment"


def _moment(value: Any) -> TypeGuard[float]:
    return isinstance(value, int | float) and not isinstance(value, bool)
