"""Our own HTML: escaped by construction, with sparklines as images that carry their text."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from functools import lru_cache

from dashboard.theme import Theme
from dashboard.words import Change, known

_WIDTH, _HEIGHT, _PAD = 120, 28, 3
_FINE = 10  # a line is drawn in tenths of a pixel: whole numbers are shorter, and written faster
# What may not stand in the address of an image, in a drawing that has none but these (RFC 3986, section 2.1).
_IN_A_LINK = str.maketrans({each: f"%{ord(each):02X}" for each in '%<>#" '})
_ODD = re.compile("[&<>\"']").search  # most words have nothing to escape, and looking is cheaper than replacing


class Markup(str):
    """Text that is HTML already. Everything else that a part writes goes through `text` first."""

    __slots__ = ()


def text(value: object) -> str:
    """The value as text inside HTML or an attribute."""
    if isinstance(value, Markup):
        return value
    said = str(value)
    return html.escape(said, quote=True) if _ODD(said) else said


def tag(name: str, /, *inside: object, **attributes: object) -> Markup:
    """One element. An attribute that is None is left out; `class_` is class and `aria_label` aria-label."""
    written = [f"<{name}"]
    for key, value in attributes.items():
        if value is not None:
            written.append(f' {_attribute(key)}="{text(value)}"')
    written.append(">")
    if name not in ("img", "br"):
        written += [text(part) for part in inside if part is not None]
        written.append(f"</{name}>")
    return Markup("".join(written))


@lru_cache(maxsize=200)
def _attribute(key: str) -> str:
    return key.rstrip("_").replace("_", "-")


def join(parts: Sequence[object], between: str = "") -> Markup:
    """Several pieces of HTML in a row."""
    return Markup(text(between).join(text(part) for part in parts))


def change_words(change: Change | None, extra: str = "") -> Markup:
    """A change as icon, words and tone: never colour alone."""
    if change is None:
        return tag("span", extra, class_="op-change op-quiet") if extra else Markup("")
    icon = tag("span", change.icon, class_="op-icon", aria_hidden="true")
    return tag("span", icon, f" {change.words}{extra}", class_=f"op-change op-{change.tone}")


def sparkline(
    values: Sequence[float | None],
    colour: str,
    theme: Theme,
    words: str,
    *,
    goal: float | None = None,
    wide: int = _WIDTH,
) -> Markup:
    """A small line of the values with a dot on the last, as an image whose text is `words`.

    Unknown values are gaps, never zero. The vertical scale is the line's own: it shows shape, not size.
    """
    points = [(index, value) for index, value in enumerate(values) if value is not None and value == value]
    if len(points) < 2:
        return Markup("")
    numbers = [value for _, value in points] + ([goal] if goal else [])
    low, high = min(numbers), max(numbers)
    room = (high - low) or max(high, 1.0)
    high = high if high > low else high + room / 2 if high else high + room
    across, scale = _across(len(values), wide), _FINE * (_HEIGHT - 2 * _PAD) / room
    path, before = [], -2
    for index, value in points:
        begun = "L" if index == before + 1 else "M"
        path.append(f"{begun}{across[index]} {_FINE * _PAD + (high - value) * scale:.0f}")
        before = index
    end = path[-1][1:].split()
    line = (
        f"<path d='M{_FINE * _PAD} {_FINE * _PAD + (high - goal) * scale:.0f}H{_FINE * (wide - _PAD)}' "
        f"stroke='{theme.goal}' stroke-width='10' stroke-dasharray='30 30'/>"
        if goal else ""
    )  # fmt: skip
    svg = (
        f"<svg xmlns='http://www.w3.org/2000/svg' width='{wide}' height='{_HEIGHT}' viewBox='0 0 {_FINE * wide} "
        f"{_FINE * _HEIGHT}' fill='none'>{line}<path d='{''.join(path)}' stroke='{colour}' stroke-width='17' "
        f"stroke-linejoin='round'/><circle cx='{end[0]}' cy='{end[1]}' r='26' fill='{colour}'/></svg>"
    )
    source = Markup(f"data:image/svg+xml,{svg.translate(_IN_A_LINK)}")
    return tag("img", class_="op-spark", alt=words, width=wide, height=_HEIGHT, src=source)


@lru_cache(maxsize=100)
def _across(many: int, wide: int) -> tuple[str, ...]:
    """Where each of so many values stands from left to right, in tenths of a pixel."""
    step = _FINE * (wide - 2 * _PAD) / (many - 1)
    return tuple(f"{_FINE * _PAD + index * step:.0f}" for index in range(many))


def bar(share: object, band: str, words: str, *, tick: float | None = None, full: float = 1.0) -> Markup:
    """A bar on a track, as long as `share` of `full`, with a tick where the goal is; its text is beside it."""
    if not known(share):
        return tag("span", class_="op-track op-empty", aria_hidden="true")
    length = min(max(float(share) / full, 0.0), 1.0)  # type: ignore[arg-type]
    fill = tag("span", class_=f"op-fill op-bg-{band}", style=f"width:{length * 100:.1f}%")
    mark = tag("span", class_="op-tick", style=f"left:{min(tick / full, 1) * 100:.1f}%") if tick else None
    return tag("span", fill, mark, class_="op-track", role="img", aria_label=words)
