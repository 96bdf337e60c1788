"""Hierarchies as data: levels, nodes, the Unaligned child, and the path from a node to its top."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from data.errors import OnepictureError, WrongQuestion, did_you_mean

UNALIGNED = "~unaligned"
RUNGS = ("top", "second", "third", "leaf")
KINDS = ("field", "overlay", "medical", "study", "geography")


@dataclass(frozen=True, kw_only=True)
class Hierarchy:
    """A way to cut the company from the top to the leaf, in its own words.

    `levels` are ordered from the top down; the last one holds the leaf nodes that subjects are
    aligned to. `subject` is the word for what hangs below a leaf (HCP, practice, site).
    `subject_kinds` are the kinds of subject the hierarchy covers.
    """

    id: str
    kind: str
    name: str
    levels: tuple[str, ...]
    subject: str
    subject_kinds: tuple[str, ...]

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise OnepictureError(
                f'kind "{self.kind}" is unknown', where=f"hierarchy {self.id}", todo=f"Use one of {', '.join(KINDS)}."
            )
        if not self.levels:
            raise OnepictureError("it has no level", where=f"hierarchy {self.id}", todo="Name at least one.")

    def level(self, word: str) -> str:
        """The hierarchy's own spelling of a level named in any case; what hangs below a leaf included."""
        own = self._spelled.get(word.casefold())
        if own is not None:
            return own
        known = tuple(dict.fromkeys((*self.levels, self.subject, *self.subject_kinds)))
        raise WrongQuestion(
            f'no level "{word}"',
            where=f"hierarchy {self.name}",
            todo=" ".join(filter(None, (did_you_mean(word, known), f"It has {', '.join(known)}."))),
        )

    @cached_property
    def _spelled(self) -> dict[str, str]:
        """The own spelling of every level and subject, by its letters in one case; of two the upper."""
        return {own.casefold(): own for own in reversed((*self.levels, self.subject, *self.subject_kinds))}

    def depth(self, level: str) -> int:
        """0 for the top level; the subject is one below the leaf level."""
        own = self.level(level)
        return self.levels.index(own) if own in self.levels else len(self.levels)

    def is_subject(self, level: str) -> bool:
        """Whether the level is what hangs below the leaf (an HCP, a practice, a site)."""
        return self.level(level) not in self.levels

    def below(self, level: str) -> str | None:
        """The next level down, the subject below the leaf, or None below the subject."""
        ladder = (*self.levels, self.subject)
        position = self.depth(level)
        return ladder[position + 1] if position + 1 < len(ladder) else None

    def rung(self, level: str) -> str:
        """The rung a level stands on: roles sit on rungs (top, second, third, leaf), not on words."""
        own = self.level(level)
        if own == self.levels[0]:
            return "top"
        if own == self.levels[-1] or own not in self.levels:
            return "leaf"
        return RUNGS[min(self.levels.index(own), len(RUNGS) - 1)]


@dataclass(frozen=True, kw_only=True)
class Node:
    """One box of a hierarchy: a region, a territory, a study."""

    id: str
    hierarchy: str
    level: str
    parent: str | None
    name: str

    @property
    def unaligned(self) -> bool:
        """Whether the node gathers what has no known place below its parent."""
        return self.id.endswith(UNALIGNED)


def unaligned_id(parent: str) -> str:
    """The id of a node's Unaligned child."""
    return f"{parent}{UNALIGNED}"


def lineage(node: str | None, nodes: Mapping[str, Node]) -> tuple[str, ...]:
    """The ids from the top down to a node of a hierarchy; nothing for no node or one that is not in it."""
    return path(node, {each.id: each.parent for each in nodes.values()}) if node and node in nodes else ()


def path(node: str, parents: Mapping[str, str | None]) -> tuple[str, ...]:
    """The nodes from the top down to `node`. Raises OnepictureError on a cycle."""
    walked: list[str] = []
    here: str | None = node
    while here is not None:
        if here in walked:
            raise OnepictureError(
                f'"{here}" is its own ancestor', where="hierarchy", todo="Break the cycle in the node file."
            )
        walked.append(here)
        here = parents.get(here)
    return tuple(reversed(walked))
