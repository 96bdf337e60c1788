"""The header of a visit: its links up, down and across, its choices, and who is looking."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from dashboard import words
from dashboard.parts.header import Header, Link, Menu
from dashboard.session import COMPARISONS, Visit
from dashboard.words import Locale
from metrics.alignment import ALIGNMENTS, AS_WAS, CURRENT, moved
from metrics.catalog.roles import ROLES
from metrics.derive import grain_of
from metrics.periods import WINDOWS
from metrics.query import Visitor

ALL = "Every product loaded"
ALIGNED = {CURRENT: "Today's alignment", AS_WAS: "Alignment as it was"}
TAKEN_AWAY = ("one-picture", "team", "media")


def header_of(
    visit: Visit, page: str, pages: Sequence[tuple[str, str]], snapshot: Any, visitors: Mapping[str, Visitor],
    origin: str, locale: Locale, signed_in: bool = False,
) -> Header:  # fmt: skip
    """Everything the top of a page offers this visitor. `pages` are (address, title) in order.

    `signed_in` says that a provider vouches for the visitor, who may then sign out.
    """
    nodes = snapshot.nodes(visit.hierarchy.id)
    trail = _trail(visit, nodes)
    before, after = _siblings(visit, nodes)
    return Header(
        pages=[Link(words=title, href=visit.address(name), here=name == page) for name, title in pages],
        above=[Link(words=nodes[each].name, href=visit.address(page, node=each)) for each in trail],
        here=visit.place,
        previous=Link(words=nodes[before].name, href=visit.address(page, node=before)) if before else None,
        following=Link(words=nodes[after].name, href=visit.address(page, node=after)) if after else None,
        level=visit.level,
        menus=_menus(visit, page, snapshot, locale),
        share=f"{origin}/{visit.address(page, **{'as': None, 'view_as': None})}",
        export=_export(visit, page),
        visitor=_leaving(visit) if signed_in else _visitor(visit, page, visitors),
    )


def _export(visit: Visit, page: str) -> Link | None:
    """The way to a page's files, where it has some."""
    return Link(words="Export", href=visit.address("export", of=page)) if page in TAKEN_AWAY else None


def _trail(visit: Visit, nodes: Mapping[str, Any]) -> list[str]:
    """The nodes above, from the visitor's own down: what is above that is not theirs to open."""
    trail: list[str] = []
    here = visit.node.parent if visit.node and visit.node.id != visit.scope else None
    while here:
        trail.insert(0, here)
        here = nodes[here].parent if here != visit.scope else None
    return trail


def _siblings(visit: Visit, nodes: Mapping[str, Any]) -> tuple[str | None, str | None]:
    """The units beside this one in the order of the level above's table: by name."""
    if visit.node is None or visit.node.id == visit.scope:
        return None, None
    beside = [each for each in nodes.values() if each.parent == visit.node.parent and each.level == visit.node.level]
    order = [each.id for each in sorted(beside, key=lambda each: (each.unaligned, each.name))]
    at = order.index(visit.node.id)
    return (order[at - 1] if at else None), (order[at + 1] if at + 1 < len(order) else None)


def _menus(visit: Visit, page: str, snapshot: Any, locale: Locale) -> list[Menu]:
    menus = []
    products = snapshot.products()
    if len(products) > 1 and not visit.role.medical:
        chosen = next((each.name for each in products if each.id == visit.product), ALL)
        links = [
            _choice(visit, page, each.name, product=each.id, here=each.id == visit.product)
            for each in products
            if each.own
        ]
        links.append(_choice(visit, page, ALL, product="all", here=visit.product is None))
        menus.append(Menu(about="Product", words=chosen, links=links))
    windows = WINDOWS[grain_of(snapshot.grain)]
    periods = [_choice(visit, page, _window(each), period=each, here=each == visit.window) for each in windows]
    menus.append(Menu(about="Period", words=words.window_to(visit.window, snapshot.anchor, locale), links=periods))
    against = [
        _choice(visit, page, words.compared(each, visit.window), compare=each, here=each == (visit.compare or "none"))
        for each in COMPARISONS
    ]
    menus.append(Menu(about="Compared with", words=_against(visit), links=against))
    if moved(snapshot, visit.hierarchy.id) or visit.alignment != CURRENT:
        both = [
            _choice(visit, page, ALIGNED[each], alignment=each, here=each == visit.alignment) for each in ALIGNMENTS
        ]
        menus.append(Menu(about="Alignment", words=ALIGNED[visit.alignment], links=both))
    return menus


def _window(name: str) -> str:
    return words.window(name)[:1].upper() + words.window(name)[1:]


def _against(visit: Visit) -> str:
    return f"vs {words.compared(visit.compare, visit.window)}" if visit.compare else "Not compared"


def _choice(visit: Visit, page: str, title: str, *, here: bool, **changes: str) -> Link:
    return Link(words=title[:1].upper() + title[1:], href=visit.address(page, **changes), here=here)


def _leaving(visit: Visit) -> Menu:
    """Who is signed in, and the way out."""
    real = visit.visitor.behind or visit.visitor
    way_out = Link(words="Sign out", href="./auth/logout", leaves=True)
    return Menu(about="Signed in as", words=real.name or visit.role.title, links=[way_out])


def _visitor(visit: Visit, page: str, visitors: Mapping[str, Visitor]) -> Menu | None:
    """The switch between demo visitors; in a workspace that is no demo there is nobody to switch to."""
    if not visitors:
        return None
    real = visit.visitor.behind or visit.visitor
    links = [Link(words=_called(each), href=f"./?as={each.id}", here=each.id == real.id) for each in visitors.values()]
    return Menu(about="Looking as", words=_title(real), links=links)


def _called(visitor: Visitor) -> str:
    return f"{_title(visitor)}: {visitor.name}" if visitor.name else _title(visitor)


def _title(visitor: Visitor) -> str:
    return ROLES[visitor.role].title if visitor.role in ROLES else visitor.role
