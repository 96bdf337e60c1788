"""From an identity and an address to a Visit. The address is the state: nothing else remembers where one is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import PurePath
from typing import Any
from urllib.parse import quote_plus

from data.errors import Denied, OnepictureError
from data.levels import Hierarchy, Node, path
from metrics.access import hierarchy_of, may_enter, role_of, standing
from metrics.alignment import ALIGNMENTS, AS_WAS, CURRENT
from metrics.derive import grain_of
from metrics.grid import Role
from metrics.opening import leading_product
from metrics.periods import DEFAULT, WINDOWS
from metrics.query import Visitor

COMPARISONS = ("previous", "year", "none")
# What a page lets one choose beside the visit's own state, kept in the address too.
CHOICES = ("study", "site", "metric", "q")
# What only one page reads, and no link to another page keeps.
PASSING = ("who", "did", "where", "span", "at", "of")
LONGEST = 120
_quoted = lru_cache(maxsize=4096)(quote_plus)  # the same few values stand in every link of a page
DENIAL = Denied  # what a visitor may not know stays so on a snapshot; every other error may pass


@dataclass(frozen=True, kw_only=True)
class Visit:
    """Who looks at what: the visitor, the node, the window, the product, the comparison and the alignment.

    `node` is None where the visitor looks over several top nodes at once. `aims` says whether
    goals stand beside volumes: not where volumes take in products that are not ours. `said` are sentences
    about values of the address that could not be followed. `open_address` is what the address had
    for the visitor (`as` of a demo, `view_as`), kept in every link. `chosen` is what a page let one choose: a
    study, a site, a metric, words to search for.
    """

    visitor: Visitor
    role: Role
    hierarchy: Hierarchy
    node: Node | None
    window: str
    product: str | None
    compare: str | None
    alignment: str = CURRENT
    aims: bool = True
    scope: str = ""
    said: tuple[str, ...] = ()
    open_address: tuple[tuple[str, str], ...] = ()
    chosen: tuple[tuple[str, str], ...] = ()

    @cached_property
    def told(self) -> str:
        """All that a visit is, in one text: two visits of the same text see the same."""
        return repr(self)

    def choice(self, name: str) -> str:
        """What was chosen on the page under that name, or nothing."""
        return dict(self.chosen).get(name, "")

    @property
    def place(self) -> str:
        """The name of where one is."""
        return self.node.name if self.node else self.hierarchy.name

    @property
    def level(self) -> str:
        """The level of where one is."""
        return self.node.level if self.node else self.hierarchy.levels[0]

    @property
    def below(self) -> str | None:
        """The next level down, the subject below the leaf; None below the subject."""
        return self.hierarchy.below(self.level) if self.node else self.hierarchy.levels[0]

    def address(self, page: str, **changes: str | None) -> str:
        """The relative address of a page with this visit's state, some of it changed."""
        state = {**dict(self.open_address), **self.state(), **changes}
        written = [f"{key}={_quoted(value)}" for key, value in state.items() if value]
        return f"{page}?{'&'.join(written)}"

    def state(self) -> dict[str, str]:
        """What is looked at, as the address says it."""
        node = {"node": self.node.id} if self.node else {}
        state = {"period": self.window, "product": self.product or "all", "compare": self.compare or "none"}
        state |= {"alignment": self.alignment} if self.alignment != CURRENT else {}
        return node | state | {name: value for name, value in self.chosen if name in CHOICES}


def identify(
    asked: str | None,
    serve_as: str | None,
    visitors: Mapping[str, Visitor],
    demo: bool,
    signed_in: Callable[[], Visitor] | None = None,
) -> Visitor:
    """Who looks: the one place where a sign-in, an operator's word or a demo's choice becomes a visitor.

    With a provider only `signed_in` counts. Else the operator named one (`serve_as`), or a demo lets the
    address say it (`asked`), or nobody may look. Raises Denied with what to do.
    """
    if signed_in is not None:
        if demo or serve_as:
            raise Denied(
                "An identity provider is configured, so nobody is taken at their word.",
                todo="Serve a company's own workspace, without --as.",
            )
        return signed_in()
    wanted = serve_as or (asked if demo else None)
    if wanted:
        if wanted in visitors:
            return visitors[wanted]
        if not demo:
            raise Denied(f'There is no visitor "{wanted[:LONGEST]}".', todo="`onepicture visitors` lists them.")
    if demo and visitors:
        return next(iter(visitors.values()))
    raise Denied(
        "Nobody is signed in.",
        todo="Start the app for one visitor with `onepicture serve --as ID`, or configure an identity provider.",
    )


def visit(visitor: Visitor, address: Mapping[str, str], snapshot: Any, *, demo: bool = False) -> Visit:
    """The visit that an address asks for; what cannot be followed falls back, with one sentence each.

    Raises Denied where the visitor may not look at all.
    """
    said: list[str] = []
    visitor = standing(visitor, snapshot)
    role = role_of(visitor, snapshot)
    hierarchy = hierarchy_of(snapshot, visitor.hierarchy or snapshot.hierarchies()[0].id)
    scope = may_enter(visitor, snapshot, hierarchy.id)
    grain = grain_of(snapshot.grain)
    named = _short(address.get("as"))
    real = visitor.behind or visitor
    if demo and named and named != real.id:
        said.append(f'There is no visitor "{named}"; you look as {visitor.name or visitor.id}.')
    product = _product(_short(address.get("product")), snapshot, said, None if role.medical else hierarchy)
    return Visit(
        visitor=visitor,
        role=role,
        hierarchy=hierarchy,
        node=_node(_short(address.get("node")), snapshot.nodes(hierarchy.id), scope, said),
        window=_window(_short(address.get("period")), grain, said),
        product=product,
        aims=product is not None or all(each.own for each in snapshot.products()),
        compare=_compare(_short(address.get("compare")), said),
        alignment=_alignment(_short(address.get("alignment")), said),
        scope=scope,
        said=tuple(said),
        open_address=((("as", real.id),) if demo else ()) + ((("view_as", visitor.id),) if visitor.behind else ()),
        chosen=tuple((name, _short(address[name])) for name in (*CHOICES, *PASSING) if _short(address.get(name))),
    )


def _short(value: str | None) -> str:
    return (value or "")[:LONGEST].strip()


def _node(asked: str, nodes: Mapping[str, Node], scope: str, said: list[str]) -> Node | None:
    home = nodes.get(scope) or _only_top(nodes)
    if not asked:
        return home
    found = nodes.get(asked)
    where = home.name if home else "the top"
    if found is None or (scope and scope not in path(found.id, {each.id: each.parent for each in nodes.values()})):
        # One sentence for both: whoever looks after a part is not told what there is elsewhere.
        said.append(f'There is no unit "{asked}" in what you look after; you are at {where}.')
        return home
    return found


def _only_top(nodes: Mapping[str, Node]) -> Node | None:
    tops = [node for node in nodes.values() if node.parent is None]
    return tops[0] if len(tops) == 1 else None


def _window(asked: str, grain: str, said: list[str]) -> str:
    if asked.upper() in WINDOWS[grain]:
        return asked.upper()
    if asked:
        said.append(f'There is no period "{asked}" here; you see {DEFAULT[grain]}.')
    return DEFAULT[grain]


def _product(asked: str, snapshot: Any, said: list[str], hierarchy: Hierarchy | None) -> str | None:
    """The product asked for; at first the own one that sells most there, to a medical role simply the first."""
    products = snapshot.products()
    own = [product for product in products if product.own]
    largest = leading_product(snapshot, hierarchy) if hierarchy and len(own) > 1 else None
    first = next((product for product in own if product.id == largest), own[0] if own else None)
    home = first.id if first and len(products) > 1 else None
    if asked.casefold() == "all":
        return None
    for product in products:
        if asked and asked.casefold() in (product.id.casefold(), product.name.casefold()):
            return str(product.id)
    if asked:
        said.append(f'There is no product "{asked}" here; you see {first.name if first and home else "all products"}.')
    return home


def _compare(asked: str, said: list[str]) -> str | None:
    if asked and asked not in COMPARISONS:
        said.append(f'There is no comparison "{asked}"; you see the previous period.')
    if asked == "none":
        return None
    return "year" if asked == "year" else "previous"


def _alignment(asked: str, said: list[str]) -> str:
    if asked and asked not in ALIGNMENTS:
        said.append(f'There is no alignment "{asked}"; you see today\'s.')
    return AS_WAS if asked == AS_WAS else CURRENT


def refusal(error: Exception) -> bool:
    """Whether an error is one of ours, with words for its reader."""
    return isinstance(error, OnepictureError)


def problem(error: Exception) -> str:
    """An error of ours as a sentence for a reader: what, and what to do; never where on the server's disk."""
    if not isinstance(error, OnepictureError):
        return ""
    unsaid = isinstance(error, Denied) or not error.where or PurePath(error.where).is_absolute()
    place = "" if unsaid else f"{error.where}: "
    return " ".join(part for part in (f"{place}{error.what}", error.todo) if part)
