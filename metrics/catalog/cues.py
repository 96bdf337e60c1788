"""Every cue by name. Declarations only: what each says, on what evidence, and whose lever answers it."""

from __future__ import annotations

from metrics.catalog import commercial_cues, data_cues, effort_cues, medical_cues
from metrics.cues.declare import Cue

_ROOMS = (commercial_cues, effort_cues, medical_cues, data_cues)
CUES: dict[str, Cue] = {cue.name: cue for room in _ROOMS for cue in room.CUES}
"""Cues: signals with evidence and a lever that their reader controls."""
