"""What a run of each page costs the server, against a bare Streamlit page with the same elements.

Process CPU, collector included, over the websocket; both servers run at the same time, freeze alike
and are asked in turn. A repeat is a page whose answers are remembered; "not seen before" is the first
sight of a node on a server that has served another of its level: the visitor's own, or, for a role
that has one node alone, that of somebody else of the same role.
"""

from __future__ import annotations

import pickle
import statistics
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import product
from pathlib import Path
from urllib.parse import urlencode

from dashboard import navigation
from data.errors import WrongQuestion, did_you_mean
from data.snapshot import Snapshot, open_snapshot
from data.workspace import Workspace
from metrics.access import may_enter
from metrics.query import Visitor
from metrics.visitors import visitors
from tests.bench.measure import Line
from tests.bench.shapes import shape_of
from tests.bench.wire import Reader, Server, free_port, serving

ROUNDS = 3
REPEATS = 3
NODES = 8
REPEAT, FRESH = 1.5, 2.0


def measure(home: Path, scratch: Path, only: frozenset[str] = frozenset()) -> Iterator[Line]:
    """Two lines a visitor and page: the ratio on a repeat, and on a node not seen before.

    `only` names the visitors and the pages to measure; all of them where none is named. Raises
    WrongQuestion for a word that is neither.
    """
    workspace = Workspace.open(home)
    serving_now = open_snapshot(workspace)
    known = _with_others(workspace, serving_now)
    whose, which = _narrowed(only, [each.id for each in known])
    ours, bare = free_port(), free_port()
    command = ["-m", "dashboard", "serve", "--home", str(home), "--port", str(ours)]
    shapes = scratch / "shapes.pickle"
    with (
        serving(command, ours, {"ONEPICTURE_HOME": str(home)}) as one,
        serving(["-m", "tests.bench.bare_server", str(bare)], bare, {"BARE_PAGES": str(shapes)}) as two,
    ):
        for visitor, page in product(known, navigation.ADDRESSES.values()):
            if visitor.id in whose and page in which:
                yield from _page(one, two, visitor, page, _addresses(visitor, serving_now), shapes)


def _narrowed(only: frozenset[str], known: Sequence[str]) -> tuple[frozenset[str], frozenset[str]]:
    """The visitors and the pages named, each all of them where none is."""
    names, pages = frozenset(known), frozenset(navigation.ADDRESSES.values())
    if stray := sorted(only - names - pages):
        words = [*known, *sorted(pages)]
        raise WrongQuestion(
            f'neither a visitor nor a page is called "{stray[0]}"', where="bench", todo=did_you_mean(stray[0], words)
        )
    return only & names or names, only & pages or pages


def _page(one: Server, two: Server, visitor: Visitor, page: str, addresses: Sequence[str], shapes: Path) -> list[Line]:
    """A page of a visitor: its first sights, then both servers in turn."""
    reader, seen = Reader(one.port), {}
    warm, new = addresses[:1], addresses[1:]
    told = [reader.page(each, page) for each in warm][-1]
    if not any(path[:1] == (0,) for path, _ in told):
        return []
    seen = {each: shape_of(reader.page(each, page)) for each in warm}
    before = one.spent()  # the clock of a process ticks every 10 ms: all first sights are taken in one go
    first = {address: reader.page(address, page) for address in new}
    fresh = (one.spent() - before) / max(len(new), 1)
    seen |= {address: shape_of(told) for address, told in first.items()}
    shapes.write_bytes(pickle.dumps({f"{visitor.id} {page} {each}": shape for each, shape in seen.items()}))
    bare = Reader(two.port)
    names = [urlencode({"shape": f"{visitor.id} {page} {each}"}) for each in seen]
    for name in names:
        bare.page(name)
    mine, theirs = [], []
    for _ in range(ROUNDS):
        mine.append(_spent(one, reader, [*seen] * REPEATS, page))
        theirs.append(_spent(two, bare, names * REPEATS, ""))
    reader.close(), bare.close()
    floor = statistics.median(theirs) / REPEATS / len(names)
    repeat = statistics.median(mine) / REPEATS / len(names)
    lines = [
        Line(f"{visitor.role}, {page}, repeat", repeat / floor, REPEAT, f"{repeat * 1e3:.0f} / {floor * 1e3:.0f} ms")
    ]
    if new:
        figures = f"{fresh * 1e3:.0f} / {floor * 1e3:.0f} ms"
        lines.append(Line(f"{visitor.role}, {page}, not seen", fresh / floor, FRESH, figures))
    return lines


def _spent(server: Server, reader: Reader, addresses: Sequence[str], page: str) -> float:
    before = server.spent()
    for address in addresses:
        reader.page(address, page)
    return server.spent() - before


def _addresses(visitor: Visitor, snapshot: Snapshot) -> list[str]:
    """A node to warm the page on, then others of its level; for whoever has no other, others of the same role."""
    scope = may_enter(visitor, snapshot, visitor.hierarchy)
    nodes = snapshot.nodes(visitor.hierarchy)
    inside = [each for each in nodes.values() if not each.unaligned and _under(each.id, scope, nodes)]
    levels = {each.level: [other.id for other in inside if other.level == each.level] for each in inside}
    most = max(levels.values(), key=len, default=[])
    if len(most) > 2:
        return [urlencode({"as": visitor.id, "node": node}) for node in most[: NODES + 1]]
    return [urlencode({"as": each}) for each in (visitor.id, *(one.id for one in _others(visitor, snapshot)))]


def _others(visitor: Visitor, snapshot: Snapshot) -> list[Visitor]:
    """Others of a visitor's role, each at a node of its level: those that follow its own."""
    nodes = snapshot.nodes(visitor.hierarchy)
    if visitor.node is None:
        return []
    alike = [each.id for each in nodes.values() if each.level == nodes[visitor.node].level and not each.unaligned]
    after = alike.index(visitor.node) + 1
    return [
        replace(visitor, id=f"{visitor.id}-{node}", node=node, studies=(node,) if visitor.studies else ())
        for node in (alike[after:] + alike[: after - 1])[:NODES]
    ]


def _with_others(workspace: Workspace, snapshot: Snapshot) -> tuple[Visitor, ...]:
    """Everybody who may look, with others of the same roles written beside them into the workspace's own file."""
    known = visitors(workspace)
    blocks = [
        f'[[visitor]]\nid = "{one.id}"\nrole = "{one.role}"\nhierarchy = "{one.hierarchy}"\nnode = "{one.node}"\n'
        + (f'studies = ["{one.studies[0]}"]\n' if one.studies else "")
        for each in known for one in _others(each, snapshot)
    ]  # fmt: skip
    with workspace.visitors_path.open("a", encoding="utf-8") as file:
        file.write("\n" + "\n".join(blocks))
    return known


def _under(node: str | None, scope: str, nodes: object) -> bool:
    while node and scope and node != scope:
        node = nodes[node].parent  # type: ignore[index]
    return bool(node)
