"""What the text of a question depends on; everything else is bound."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Shape:
    """The metrics asked for, and every turn that their statement takes.

    Of single subjects, `near` ones stand at few leaves, which are bound themselves; `tight` ones are besides
    (nearly) all who have their seats between the first and the last of them. `was` is the alignment of the day.
    """

    metrics: tuple[str, ...]
    subjects: bool
    rolled: bool
    series: bool
    compare: bool
    masked: bool
    within: bool
    scope: bool
    studies: bool
    team: bool = False
    sites: bool = False
    near: bool = False
    tight: bool = False
    was: bool = False
