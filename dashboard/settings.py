"""What the app is told from outside, read once from the environment: its workspace, its visitor, its network."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path

from data.errors import WrongQuestion


@dataclass(frozen=True, kw_only=True)
class Settings:
    """The workspace's directory (None for the default one) and the one visitor of `serve --as`, if any."""

    home: Path | None
    serve_as: str | None


@dataclass(frozen=True, kw_only=True)
class Server:
    """Whose word on https and on addresses is taken, who reads the counters, how often one address signs in.

    `open_pages` is how many pages may be open at once, whoever opens them.
    """

    trusted_proxies: tuple[str, ...] = ()
    metrics_token: str = field(default="", repr=False)
    sign_ins_a_minute: int = 120
    open_pages: int = 2000


def settings() -> Settings:
    """ONEPICTURE_HOME and ONEPICTURE_AS."""
    home, serve_as = os.environ.get("ONEPICTURE_HOME"), os.environ.get("ONEPICTURE_AS")
    return Settings(home=Path(home) if home else None, serve_as=serve_as or None)


def server_settings() -> Server:
    """What the environment says about the network. Raises WrongQuestion for what cannot be read."""
    proxies = os.environ.get("ONEPICTURE_TRUSTED_PROXIES", "")
    return Server(
        trusted_proxies=tuple(each.strip() for each in proxies.split(",") if each.strip()),
        metrics_token=os.environ.get("ONEPICTURE_METRICS_TOKEN", ""),
        sign_ins_a_minute=_whole("ONEPICTURE_SIGN_INS_A_MINUTE", 120),
        open_pages=_whole("ONEPICTURE_OPEN_PAGES", 2000),
    )


def _whole(name: str, usual: int) -> int:
    told = os.environ.get(name) or str(usual)
    if not told.isdigit() or not int(told):
        raise WrongQuestion("it is no whole number above zero", where=name, todo=f"Write {usual}.")
    return int(told)
