"""The pages that show something to somebody right now: with which claims they were drawn, and for whom."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from metrics.query import Visitor

# Seconds that a page which is away is still known. Streamlit keeps what a cut line leaves for a minute, and a
# browser that comes back gets its page without a run of it.
LINGERS = 300.0


@dataclass(frozen=True, kw_only=True)
class Page:
    """An open page of somebody who was let in."""

    claims: Mapping[str, Any]
    visitor: Visitor


class OpenPages:
    """Pages by the id of their session."""

    def __init__(self) -> None:
        self._pages: dict[str, Page] = {}
        self._away: dict[str, float] = {}

    def show(self, name: str, claims: Mapping[str, Any], visitor: Visitor) -> None:
        """A page shows something."""
        self._pages[name] = Page(claims=claims, visitor=visitor)

    def shut(self, name: str) -> None:
        """A page shows nothing any more."""
        self._pages.pop(name, None)
        self._away.pop(name, None)

    def there(self, connected: Collection[str], now: float) -> dict[str, Page]:
        """The pages that are connected; those that stay away are forgotten."""
        for name in list(self._pages):
            if name in connected:
                self._away.pop(name, None)
            elif now - self._away.setdefault(name, now) > LINGERS:
                self.shut(name)
        return {name: page for name, page in self._pages.items() if name in connected}
