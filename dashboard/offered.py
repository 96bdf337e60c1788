"""The pages there are, by the title a reader knows, and which of them a role is offered."""

from __future__ import annotations

from metrics.grid import Role

TITLES = {
    "one_picture": "One picture",
    "cues": "My cues",
    "team": "Team",
    "media": "Media",
    "sites": "Sites",
    "definitions": "Definitions",
    "data_health": "Data health",
    "mapping": "Mapping",
    "access": "Access",
    "audit": "Audit",
    "export": "Export",
}


def offered(role: Role, name: str) -> bool:
    """Whether a page would say more to a role than no. Export is offered on the pages that can be taken away."""
    if name == "export":
        return False
    if name in ("audit", "mapping"):
        return role.inspects
    if name in ("team", "media"):
        of = "field_activity" if name == "team" else "media_exposure"
        return not role.medical and role.grant(of).how in ("Y", "A")
    return name != "sites" or role.grant("site").how in ("Y", "A")


def pages_between(before: Role | None, after: Role | None) -> tuple[list[str], list[str]]:
    """The titles of the pages that open, and of those that close, from one set of rights to another."""
    was, will = ([name for name in TITLES if role and offered(role, name)] for role in (before, after))
    return [TITLES[name] for name in will if name not in was], [TITLES[name] for name in was if name not in will]
