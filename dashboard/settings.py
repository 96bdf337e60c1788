"""What the app is told from outside: where its workspace lies and whom it serves. Read once, from the environment."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, kw_only=True)
class Settings:
    """The workspace's directory (None for the default one) and the one visitor of `serve --as`, if any."""

    home: Path | None
    serve_as: str | None


def settings() -> Settings:
    """ONEPICTURE_HOME and ONEPICTURE_AS."""
    home, serve_as = os.environ.get("ONEPICTURE_HOME"), os.environ.get("ONEPICTURE_AS")
    return Settings(home=Path(home) if home else None, serve_as=serve_as or None)
