"""The top of every page: where we are (up, across), what we look at, and who is looking. All of it is links."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from dashboard.parts.markup import Markup, join, tag, text


@dataclass(frozen=True, kw_only=True)
class Link:
    """Somewhere to go: its words, its address, whether one is there already, and whether it leaves the app."""

    words: str
    href: str
    here: bool = False
    leaves: bool = False


@dataclass(frozen=True, kw_only=True)
class Menu:
    """A choice of links under the words of the one that is chosen. `about` says what is chosen."""

    about: str
    words: str
    links: Sequence[Link]


@dataclass(frozen=True, kw_only=True)
class Header:
    """All that the top of a page offers."""

    pages: Sequence[Link]
    above: Sequence[Link]
    here: str
    previous: Link | None = None
    following: Link | None = None
    level: str = ""
    menus: Sequence[Menu] = field(default=())
    share: str = ""
    export: Link | None = None
    visitor: Menu | None = None


def header(top: Header) -> Markup:
    """The header as HTML."""
    menus = [menu(each) for each in top.menus]
    share = _share(top.share) if top.share else None
    take = tag("div", _go(top.export, "op-take"), class_="op-pill op-menu") if top.export else None
    who = menu(top.visitor) if top.visitor else None
    return tag(
        "header",
        tag("div", _pages(top.pages), tag("div", who, class_="op-tools"), class_="op-top"),
        tag("div", _crumbs(top), tag("div", *menus, share, take, class_="op-tools"), class_="op-top op-where"),
        class_="op-header",
    )


def _pages(pages: Sequence[Link]) -> Markup:
    links = join([_go(page, "op-page") for page in pages])
    return tag("nav", tag("span", "Onepicture", class_="op-mark"), links, class_="op-pages", aria_label="Pages")


def _crumbs(top: Header) -> Markup:
    above = [tag("li", _go(link, "op-up"), tag("span", "›", class_="op-sep", aria_hidden="true")) for link in top.above]
    here = tag("li", tag("span", top.here, class_="op-here", aria_current="page"))
    across = [_across(top.previous, "‹", "previous"), _across(top.following, "›", f"next {top.level}".strip())]
    known = [link for link in across if link]
    beside = tag("li", join(known, " · "), class_="op-beside") if known else None
    return tag("nav", tag("ol", *above, here, beside), class_="op-crumbs", aria_label="Where you are")


def _across(link: Link | None, arrow: str, words: str) -> Markup | None:
    if link is None:
        return None
    label = f"{arrow} {words}" if arrow == "‹" else f"{words} {arrow}"
    return tag("a", label, href=link.href, class_="op-go", title=link.words, aria_label=f"{words}: {link.words}")


def menu(menu: Menu) -> Markup:
    """A choice of links as a pill that opens."""
    items = join([tag("li", _go(link, "op-choice")) for link in menu.links])
    summary = tag("summary", tag("span", f"{menu.about}: ", class_="op-unseen"), menu.words)
    return tag("details", summary, tag("ul", items, class_="op-pop op-list"), class_="op-menu op-pill", name="op")


def _share(url: str) -> Markup:
    words = tag("p", "This address opens the same picture for everyone who may see it.")
    address = tag("code", url, class_="op-url")
    copy = tag("button", "Copy", type="button", class_="op-copy", data_copy="address")
    return tag(
        "details",
        tag("summary", "Share link"),
        tag("div", words, address, copy, class_="op-pop"),
        class_="op-menu op-pill",
        name="op",
    )


def _go(link: Link, shape: str) -> Markup:
    if link.leaves:
        return tag("a", link.words, href=link.href, class_=shape, target="_self")
    here = ' aria-current="page"' if link.here else ""  # a page has many: written in one go
    marked = f"op-go {shape}{' op-is' if link.here else ''}"
    return Markup(f'<a href="{text(link.href)}" class="{marked}"{here}>{text(link.words)}</a>')
