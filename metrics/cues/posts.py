"""Who sits where on the day of the data: the owner of a cue, and the posts that stand empty."""

from __future__ import annotations

from dataclasses import dataclass

from metrics.cues.scene import Scene, each

SITTING = """
SELECT hierarchy, node, role, actor, status FROM roster
WHERE coalesce(from_date, DATE '0001-01-01') <= $as_of AND coalesce(to_date, DATE '9999-12-31') >= $as_of
  AND ($team IS NULL OR lower(coalesce(team, 'core')) = $team)
ORDER BY hierarchy, node, role, coalesce(team, 'core') = 'core', from_date NULLS FIRST, actor NULLS FIRST
"""


@dataclass(frozen=True)
class Posts:
    """The active person of each (hierarchy, node, role), of the core team first, and the posts where nobody sits."""

    active: dict[tuple[str, str, str], str]
    empty: frozenset[tuple[str, str, str]]

    def owner(self, hierarchy: str, node: str, role: str) -> str | None:
        """The opaque id of who holds the post; None where nobody is known."""
        return self.active.get((hierarchy, node, role))


def posts(scene: Scene) -> Posts:
    """Every post of the roster on as_of."""
    active: dict[tuple[str, str, str], str] = {}
    said: set[tuple[str, str, str]] = set()
    for row in each(scene.frame(SITTING)):
        post = (row.hierarchy, row.node, row.role)
        said.add(post)
        if row.status == "active" and isinstance(row.actor, str):
            active[post] = row.actor
    return Posts(active, frozenset(said - set(active)))
