"""Cues: signals with evidence and a lever that their reader controls."""
