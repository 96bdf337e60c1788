"""Tables of a TOML file read strictly: a stray key or a wrong kind of value is said in words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from data.errors import BadMapping, guess_or_list


class Section:
    """One TOML table with the keys it may have; a stray key or a wrong kind of value is said in words."""

    def __init__(self, values: Mapping[str, Any], where: str, keys: Iterable[str]) -> None:
        if not isinstance(values, Mapping):
            raise BadMapping("it is not a table of keys", where=where, todo="Write key = value lines.")
        self.values, self.where = values, where
        known = tuple(keys)
        for key in values:
            if key not in known:
                raise BadMapping(f'key "{key}" is unknown', where=where, todo=guess_or_list(key, known, len(known)))

    def _get(self, key: str, kind: type, empty: Any, words: str) -> Any:
        value = self.values.get(key, empty)
        if value is not empty and (not isinstance(value, kind) or (kind is int and isinstance(value, bool))):
            raise BadMapping(f'"{key}" is not {words}', where=self.where, todo=f"Write {words}.")
        return value

    def text(self, key: str) -> str | None:
        """The text of a key, or None."""
        return self._get(key, str, None, "a text")

    def needed(self, key: str) -> str:
        """The text of a key that must be there."""
        value = self.text(key)
        if not value:
            raise BadMapping(f'"{key}" is missing', where=self.where, todo=f"Add {key} = ...")
        return value

    def pattern(self, key: str) -> str | None:
        """The text of a key as a regular expression that can be read, or None."""
        text = self.text(key)
        try:
            re.compile(text or "")
        except re.error as problem:
            words = f'{key} "{text}" cannot be read: {problem}'
            raise BadMapping(words, where=self.where, todo="Correct it.") from problem
        return text

    def flag(self, key: str, empty: bool = False) -> bool:
        """True or false."""
        return self._get(key, bool, empty, "true or false")

    def whole(self, key: str) -> int:
        """A whole number, 0 where there is none."""
        return self._get(key, int, 0, "a whole number")

    def table(self, key: str) -> Mapping[str, Any]:
        """A table of keys, empty where there is none."""
        return self._get(key, dict, {}, "a table of keys")

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of texts."""
        values = self._get(key, list, [], "a list of texts")
        if not all(isinstance(value, str) for value in values):
            raise BadMapping(f'"{key}" is not a list of texts', where=self.where, todo="Put each text in quotes.")
        return tuple(values)

    def pairs(self, key: str) -> dict[str, str]:
        """A table of keys and plain values, the values as text."""
        return {name: as_text(value) for name, value in self.table(key).items()}

    def tables(self, key: str) -> tuple[Mapping[str, Any], ...]:
        """A list of tables."""
        values = self._get(key, list, [], "a list of tables")
        if not all(isinstance(value, Mapping) for value in values):
            raise BadMapping(f'"{key}" is not a list of tables', where=self.where, todo=f"Write [[{key}]] blocks.")
        return tuple(values)


def as_text(value: Any) -> str:
    """A plain TOML value as the text a column would hold."""
    return str(value).lower() if isinstance(value, bool) else str(value)
