"""Checks of what was loaded: what they notice becomes Findings."""

from data.checks.run import run, write

__all__ = ["run", "write"]
